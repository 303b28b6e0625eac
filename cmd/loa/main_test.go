package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"loa/store"
	"loa/store/storetest"
)

func TestEveryCommandExplainsItself(t *testing.T) {
	missing := regexp.MustCompile(`help\.[a-z]`) // a sentence that is in no catalogue shows its key
	for _, command := range []string{"demo", "serve", "import", "import people", "import participation", "import targets", "report", "quote", "migrate", "backup", "restore", "doctor", "key rotate", "key reseal", "version"} {
		if s := program(append(strings.Fields(command), "--help")...); s.code != exitOK || !strings.Contains(s.out, "Cách dùng: loa "+strings.Fields(command)[0]) || missing.MatchString(s.out) ||
			strings.Contains(s.out, "Flags:") || !strings.Contains(s.out, "Ngôn ngữ khi in ra") {
			t.Errorf("loa %s --help, in Vietnamese: exit %d\n%s%s", command, s.code, s.out, s.errs)
		}
		s := program(append(strings.Fields(command), "--help", "--lang", "en")...)
		if missing.MatchString(s.out) {
			t.Errorf("loa %s --help lacks a sentence:\n%s", command, s.out)
		}
		if s.code != exitOK || !strings.Contains(s.out, "Usage: loa "+strings.Fields(command)[0]) || !strings.Contains(s.out, "--format") || len(strings.Split(s.out, "\n")) < 10 {
			t.Errorf("loa %s --help: exit %d\n%s%s", command, s.code, s.out, s.errs)
		}
	}
	if s := program("--help"); s.code != exitOK || !strings.Contains(s.out, "doctor") {
		t.Errorf("loa --help: %+v", s)
	}
	if s := program("fly"); s.code != exitUsage {
		t.Errorf("an unknown command ends with exit %d", s.code)
	}
	if s := program("doctor", "--today", "2025-02-30"); s.code != exitUsage {
		t.Errorf("a day that does not exist ends with exit %d", s.code)
	}
}

// TestCommandsPrintJSON holds every command that prints data to its JSON form, on both engines.
func TestCommandsPrintJSON(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db)
		file := filepath.Join(t.TempDir(), "all.backup")
		for _, command := range [][]string{
			{"version"}, {"migrate"}, {"backup", file}, {"doctor", "--backup", file}, {"key", "reseal"},
			{"report", "--from", "2025-01", "--to", "2025-11"}, {"restore", file, "--data", t.TempDir() + "/new", "--database", ""},
		} {
			s := h.runOver(append(command, "--format", "json"))
			var any map[string]any
			if err := json.Unmarshal([]byte(s.out), &any); err != nil || s.code != exitOK || len(any) == 0 {
				t.Errorf("loa %s: exit %d, %v\n%s%s", strings.Join(command, " "), s.code, err, s.out, s.errs)
			}
			text := h.runOver(append(command, "--format", "text"))
			if command[0] != "restore" && (text.code != exitOK || strings.HasPrefix(text.out, "{")) {
				t.Errorf("loa %s as text: %+v", strings.Join(command, " "), text)
			}
		}
		s := h.runOver([]string{"doctor", "--data", "/nowhere/at/all", "--database", "", "--format", "json"})
		if s.code != exitUsage || !strings.Contains(s.out, `"code": "no_data"`) {
			t.Errorf("no data: %+v", s)
		}
	})
}

// runOver runs a command with the house's flags in front, so that the command's own win.
func (h *house) runOver(command []string) said {
	h.t.Helper()
	return program(append(append([]string{}, h.args...), command...)...)
}

func TestPlainServingIsForThisMachineAlone(t *testing.T) {
	for _, c := range []struct {
		serve serveCmd
		ok    bool
	}{
		{serveCmd{Listen: "127.0.0.1:8080"}, true}, {serveCmd{Listen: "[::1]:8080"}, true}, {serveCmd{Listen: "localhost:0"}, true},
		{serveCmd{Listen: "0.0.0.0:8080"}, false}, {serveCmd{Listen: ":8080"}, false}, {serveCmd{Listen: "10.0.0.7:8080"}, false}, {serveCmd{Listen: "office.example:80"}, false}, {serveCmd{Listen: "nonsense"}, false},
		{serveCmd{Listen: "0.0.0.0:8080", TrustedProxy: true}, true}, {serveCmd{Listen: ":8443", Cert: "c.pem", CertKey: "k.pem"}, true}, {serveCmd{Listen: ":8443", Cert: "c.pem"}, false},
	} {
		if err := c.serve.check(); (err == nil) != c.ok {
			t.Errorf("%+v: %v", c.serve, err)
		}
	}
}

// lockedBuffer lets a running program write while the test reads.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// serving runs "loa serve" until the test ends and gives its address.
func serving(t *testing.T, args ...string) (address string, said func() string) {
	t.Helper()
	var out, errs lockedBuffer
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan int, 1)
	go func() {
		ended <- run(env{ctx: ctx, out: &out, err: &errs, start: time.Now(), getenv: os.Getenv}, append([]string{"serve", "--lang", "en", "--listen", "127.0.0.1:0"}, args...))
	}()
	t.Cleanup(func() {
		stop()
		select {
		case code := <-ended:
			if code != exitOK {
				t.Errorf("serving ends with exit %d: %s", code, errs.String())
			}
		case <-time.After(time.Minute):
			t.Error("it does not stop")
		}
	})
	within(t, time.Minute, "serving", func() bool { return strings.Contains(out.String(), "running at ") || len(ended) > 0 })
	_, rest, _ := strings.Cut(out.String(), "running at ")
	address, _, _ = strings.Cut(rest, ".\n")
	return address, func() string { return out.String() + errs.String() }
}

func TestServeOverTLS(t *testing.T) {
	dir := t.TempDir()
	cert, key := certificate(t, dir)
	address, said := serving(t, "--data", dir+"/data", "--cert", cert, "--cert-key", key)
	if !strings.HasPrefix(address, "https://") || strings.Contains(said(), "No encryption") {
		t.Fatalf("it says %s", said())
	}
	host := strings.TrimPrefix(address, "https://")
	if c, err := tls.Dial("tcp", host, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}); err == nil {
		c.Close()
		t.Error("TLS 1.1 is spoken")
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(address + "/login")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.Header.Get("Strict-Transport-Security") == "" || res.StatusCode != http.StatusSeeOther { // to the first set-up
		t.Errorf("over TLS: %d %v", res.StatusCode, res.Header)
	}
}

func TestServePlain(t *testing.T) {
	dir := t.TempDir()
	address, said := serving(t, "--data", dir+"/data", "--today", "2025-11-30")
	if !strings.HasPrefix(address, "http://127.0.0.1:") || !strings.Contains(said(), "No encryption") || !strings.Contains(said(), "one-time code") || !strings.Contains(said(), "30/11/2025") {
		t.Fatalf("it says %s", said())
	}
	r, err := http.NewRequest("GET", address+"/setup", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "loa.example"
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusMisdirectedRequest || res.Header.Get("Strict-Transport-Security") != "" {
		t.Errorf("under another name: %d %v %.200s", res.StatusCode, res.Header, body)
	}
	if s := program("serve", "--data", dir+"/data2", "--listen", "0.0.0.0:0"); s.code != exitUsage || !strings.Contains(s.errs, "--cert") {
		t.Errorf("plain to the network: %+v", s)
	}
}

// certificate writes a self-signed pair.
func certificate(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = dir+"/cert.pem", dir+"/key.pem"
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}
