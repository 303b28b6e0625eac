package email

import (
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"net"
	"strings"

	"loa/channel"
)

// Records are what the office should set in its own domain. Who else sends for the domain is not known here: where there is such a record
// already, its words are added to it.
func (a *account) Records() []channel.Record {
	_, domain, _ := strings.Cut(a.s["from"], "@")
	server := "a:" + a.s["host"]
	if ip := net.ParseIP(a.s["host"]); ip != nil {
		server = "ip4:" + ip.String()
		if ip.To4() == nil {
			server = "ip6:" + ip.String()
		}
	}
	records := []channel.Record{{What: "spf", Name: domain, Type: "TXT", Value: "v=spf1 mx " + server + " ~all"}}
	if key := publicKey(a.s["dkim_key"]); key != "" {
		records = append(records, channel.Record{What: "dkim", Name: a.s["dkim_selector"] + "._domainkey." + a.s.Or("dkim_domain", a.domain), Type: "TXT", Value: key})
	}
	return append(records, channel.Record{What: "dmarc", Name: "_dmarc." + domain, Type: "TXT", Value: "v=DMARC1; p=none; rua=mailto:" + a.s["from"]})
}

// publicKey is what others need to check what a key signs; empty without one.
func publicKey(raw string) string {
	if raw == "" {
		return ""
	}
	key, err := privateKey(raw)
	if err != nil {
		return ""
	}
	switch k := key.Public().(type) {
	case *rsa.PublicKey:
		der, err := x509.MarshalPKIXPublicKey(k)
		if err != nil {
			return ""
		}
		return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)
	case ed25519.PublicKey:
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(k)
	}
	return ""
}
