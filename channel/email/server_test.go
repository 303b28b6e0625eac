package email

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"loa/channel"
)

// server is a mail server of another make.
type server struct {
	mu      sync.Mutex
	links   int
	letters []taken
	user    string
	pass    string
	refuse  func(to string) error
}

type taken struct {
	from, to string
	raw      []byte
}

type visit struct {
	s        *server
	from, to string
	known    bool
}

func (s *server) NewSession(*smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	s.links++
	s.mu.Unlock()
	return &visit{s: s, known: s.user == ""}, nil
}

func (v *visit) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, pass string) error {
		if user != v.s.user || pass != v.s.pass {
			return smtp.ErrAuthFailed
		}
		v.known = true
		return nil
	}), nil
}

func (v *visit) Reset()        {}
func (v *visit) Logout() error { return nil }

func (v *visit) Mail(from string, _ *smtp.MailOptions) error {
	if !v.known {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	v.from = from
	return nil
}

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.to = to
	if v.s.refuse != nil {
		return v.s.refuse(to)
	}
	return nil
}

func (v *visit) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	v.s.letters = append(v.s.letters, taken{v.from, v.to, raw})
	return nil
}

// serve starts a server on the loopback; with TLS when there is a certificate.
func serve(t testing.TB, s *server, cert *tls.Certificate, implicit bool) int {
	t.Helper()
	srv := smtp.NewServer(s)
	srv.Domain = "mx.example"
	srv.MaxMessageBytes = 20 << 20
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if cert != nil {
		srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*cert}}
		if implicit {
			l = tls.NewListener(l, srv.TLSConfig)
		}
	}
	go srv.Serve(l)
	t.Cleanup(func() { srv.Close() })
	return port
}

// certificate is one of a server that calls itself so, and the authority to trust.
func certificate(t testing.TB, name string) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	raw, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}))
}

// settings are those of an account at a server on the loopback, and more of them.
func settings(port int, more ...string) channel.Settings {
	s := channel.Settings{"host": "127.0.0.1", "port": strconv.Itoa(port), "line": "private", "security": "none", "from": "bhxh@ward.example", "from_name": "BHXH cơ sở", "bounce_address": "bounce@ward.example",
		"unsubscribe_address": "tuchoi@ward.example", "hook_key": "a-key", "advertising": "yes"}
	for i := 0; i+1 < len(more); i += 2 {
		s[more[i]] = more[i+1]
	}
	return s
}

var testNow = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

func opened(t testing.TB, s channel.Settings) *account {
	t.Helper()
	a, err := open(s, channel.Tools{Now: func() time.Time { return testNow }})
	if err != nil {
		t.Fatal(err)
	}
	return a.(*account)
}

const testID = "0193c4d2a8007abc8def0123456789ab"

func message() channel.Message {
	return channel.Message{ID: testID, Network: Network, To: "lan@example.org", Lang: "vi", Purpose: "administrative", Title: "Thông báo lịch tư vấn bảo hiểm xã hội tự nguyện tại nhà văn hoá thôn",
		Text: "Kính gửi bà con,\nMức đóng tháng 12 là 330.000 đồng.\n.\nTrân trọng.\n", HTML: "<p>Kính gửi bà con,</p><p>Mức đóng tháng 12 là <b>330.000 đồng</b>.</p>", Unsubscribe: "https://loa.example/u/abc"}
}
