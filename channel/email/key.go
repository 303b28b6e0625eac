package email

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/emersion/go-msgauth/dkim"

	"loa/channel"
)

// signer puts a signature in front of a letter.
type signer func(letter []byte) ([]byte, error)

// signed are the headers a signature vouches for. RFC 8058 wants those of the one-click refusal among them.
var signed = []string{"From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
	"List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "Feedback-ID"}

// readKey makes the signer, where the office has a key of its own. As a rule the server signs.
func (a *account) readKey() error {
	raw := a.s["dkim_key"]
	if raw == "" {
		return nil
	}
	if a.s["dkim_selector"] == "" || !isDomain(a.s["dkim_selector"]) {
		return badSetting("dkim_selector", errors.New("is no name"))
	}
	domain := a.s.Or("dkim_domain", a.domain)
	if !isDomain(domain) {
		return badSetting("dkim_domain", errors.New("is no domain"))
	}
	key, err := privateKey(raw)
	if err != nil {
		return badSetting("dkim_key", err)
	}
	options := dkim.SignOptions{Domain: domain, Selector: a.s["dkim_selector"], Signer: key, HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed, HeaderKeys: signed}
	a.sign = func(letter []byte) ([]byte, error) {
		own := options
		var out bytes.Buffer
		if err := dkim.Sign(&out, bytes.NewReader(letter), &own); err != nil {
			return nil, fmt.Errorf("sign the letter: %w", err)
		}
		return out.Bytes(), nil
	}
	return nil
}

func privateKey(text string) (crypto.Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("is no key")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return strong(key)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("is no key that can be read")
	}
	switch k := key.(type) {
	case *rsa.PrivateKey:
		return strong(k)
	case ed25519.PrivateKey:
		return k, nil
	}
	return nil, errors.New("is of a kind that signs no letters")
}

func strong(key *rsa.PrivateKey) (crypto.Signer, error) {
	if key.N.BitLen() < 1024 {
		return nil, errors.New("is too short")
	}
	return key, nil
}

func tlsOf(s channel.Settings) (*tls.Config, error) {
	c := &tls.Config{ServerName: s.Or("tls_name", s["host"]), MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(16)}
	if ca := s["tls_ca"]; ca != "" {
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM([]byte(ca)) {
			return nil, badSetting("tls_ca", errors.New("holds no certificate"))
		}
	}
	return c, nil
}
