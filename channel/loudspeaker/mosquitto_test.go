package loudspeaker

import (
	"context"
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
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"loa/channel"
	"loa/speaker"
)

// mosquitto runs one of Debian's clients as a device.
func mosquitto(t *testing.T, s *station, tool, device, password string, more ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		t.Skip("needs mosquitto-clients; make setup brings them")
	}
	host, port, err := net.SplitHostPort(s.at())
	if err != nil {
		t.Fatal(err)
	}
	return exec.Command(path, append([]string{"-h", host, "-p", port, "-u", device, "-i", device, "-P", password, "-q", "1"}, more...)...)
}

// TestMosquitto tries the broker with clients that nobody here wrote, of both versions of the protocol.
func TestMosquitto(t *testing.T) {
	for _, version := range []string{"mqttv311", "mqttv5"} {
		t.Run(version, func(t *testing.T) {
			s := begin(t, nil)
			sub := mosquitto(t, s, "mosquitto_sub", "dev1", "password of dev1", "-V", version, "-t", "loa/v1/dev1/cmd/play", "-C", "1", "-W", "20")
			out, err := sub.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := sub.Start(); err != nil {
				t.Fatal(err)
			}
			for range 10000 {
				if len(s.broker.server.Topics.Subscribers("loa/v1/dev1/cmd/play").Subscriptions) > 0 {
					break
				}
				time.Sleep(time.Millisecond)
			}
			m := s.message("0123456789abcdef0123456789abcdef", "dev1")
			if _, err := s.Send(context.Background(), m); err != nil {
				t.Fatal(err)
			}
			raw, _ := io.ReadAll(out)
			if err := sub.Wait(); err != nil {
				t.Fatalf("%v: %s", err, raw)
			}
			p, err := speaker.ReadPlay([]byte(strings.TrimSpace(string(raw))))
			if err != nil || p.ID != m.ID || p.Title != "Mời họp bản" || len(p.Media) != 1 {
				t.Errorf("%s, %v", raw, err)
			}
			if said, err := mosquitto(t, s, "mosquitto_pub", "dev1", "password of dev1", "-V", version, "-t", "loa/v1/dev1/evt/ack", "-m", `{"id":"`+m.ID+`","state":"played","at":"2026-11-24T05:30:22+07:00","err":null,"played_ms":21106}`).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			s.ears.until(t, "what mosquitto says", func(e channel.Event) bool {
				return e.Kind == channel.EventPlayed && e.Message == m.ID && e.Millis == 21106
			})
			if said, err := mosquitto(t, s, "mosquitto_pub", "dev1", "password of dev2", "-V", version, "-t", "loa/v1/dev1/evt/ack", "-m", "{}").CombinedOutput(); err == nil {
				t.Errorf("a wrong password: %s", said)
			}
			_ = mosquitto(t, s, "mosquitto_pub", "dev1", "password of dev1", "-V", version, "-t", "loa/v1/dev2/evt/ack", "-m", `{"id":"forged","state":"played","at":"2026-11-24T05:30:22+07:00","err":null,"played_ms":1}`).Run()
			_ = mosquitto(t, s, "mosquitto_pub", "dev1", "password of dev1", "-V", version, "-t", "loa/v1/dev1/evt/ack", "-m", `{"id":"after","state":"accepted","at":"2026-11-24T05:30:22+07:00","err":null,"played_ms":0}`).Run()
			s.ears.until(t, "what it says after", func(e channel.Event) bool { return e.Ref == "after" })
			for _, e := range s.ears.events {
				if e.Ref == "forged" {
					t.Errorf("forged: %+v", e)
				}
			}
			if said, err := mosquitto(t, s, "mosquitto_sub", "dev2", "password of dev2", "-V", version, "-t", "loa/v1/dev1/cmd/#", "-t", "#", "-C", "1", "-W", "2").CombinedOutput(); err == nil && strings.Contains(string(said), "{") {
				t.Errorf("another device reads %s", said)
			}
		})
	}
}

// authority makes a certificate for a name, signed by another or by itself.
func authority(t *testing.T, name string, by *tls.Certificate) (tls.Certificate, string, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}, BasicConstraintsValid: true, IsCA: by == nil}
	parent, signer := tmpl, any(key)
	if by != nil {
		parent, signer = by.Leaf, by.PrivateKey
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	secret := string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: raw}))
	pair, err := tls.X509KeyPair([]byte(cert), []byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return pair, cert, secret
}

// TestTLS: over TLS a device that must show a certificate gets in with one in its own name only.
func TestTLS(t *testing.T) {
	ca, caPEM, _ := authority(t, "Loa CA", nil)
	_, cert, key := authority(t, "broker", &ca)
	mine, _, _ := authority(t, "dev1", &ca)
	others, _, _ := authority(t, "dev2", &ca)
	foreign, _, _ := authority(t, "dev1", nil)
	s := begin(t, channel.Settings{"tls_cert": cert, "tls_key": key, "client_ca": caPEM})
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(caPEM))
	for name, c := range map[string]struct {
		cert []tls.Certificate
		in   bool
	}{"its own": {[]tls.Certificate{mine}, true}, "another device's": {[]tls.Certificate{others}, false}, "one of somebody else": {[]tls.Certificate{foreign}, false}, "none": {nil, false}} {
		cl, _, err := s.client(t, "dev1", "dev1", "password of dev1", func(o *paho.ClientOptions) {
			o.Servers = nil
			o.AddBroker("ssl://" + s.at()).SetTLSConfig(&tls.Config{RootCAs: roots, Certificates: c.cert})
		})
		if err == nil && !cl.Subscribe("loa/v1/dev1/cmd/#", 1, nil).WaitTimeout(2*time.Second) {
			err = os.ErrDeadlineExceeded
		}
		if (err == nil) != c.in {
			t.Errorf("%s: %v", name, err)
		}
		cl.Disconnect(10)
	}
	if _, _, err := s.client(t, "dev1", "dev1", "password of dev1", nil); err == nil {
		t.Error("somebody gets in without TLS")
	}
	if at := s.address(channel.Media{ID: "clip"}, "dev1", time.Now()); !strings.HasPrefix(at, "https://") {
		t.Errorf("recordings at %s", at)
	}
}
