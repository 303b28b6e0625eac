package email

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	stdmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-smtp"

	"loa/channel"
)

func failure(t *testing.T, err error) *channel.Error {
	t.Helper()
	var e *channel.Error
	if !errors.As(err, &e) {
		t.Fatalf("the failure is none of the six: %v", err)
	}
	return e
}

func TestSecureServers(t *testing.T) {
	cert, ca := certificate(t, "mx.example")
	for name, implicit := range map[string]bool{"starttls": false, "implicit": true} {
		s := &server{user: "loa", pass: "secret"}
		port := serve(t, s, &cert, implicit)
		with := func(more ...string) channel.Settings {
			return settings(port, append([]string{"security", name, "tls_ca", ca, "tls_name", "mx.example", "user", "loa", "password", "secret"}, more...)...)
		}
		r, err := opened(t, with()).Send(context.Background(), message())
		if err != nil || len(s.letters) != 1 || r.Ref != testID+"@ward.example" {
			t.Fatalf("%s: %+v, %v", name, r, err)
		}
		if got := s.letters[0]; got.from != "bounce+"+testID+"@ward.example" || got.to != "lan@example.org" {
			t.Errorf("the envelope is from %s to %s", got.from, got.to)
		}
		if h, err := opened(t, with()).Check(context.Background()); err != nil || h.Name != "Hello" && h.Name != "mx.example" || h.Warning != "" {
			t.Errorf("%s: the health is %+v, %v", name, h, err)
		}
		for what, c := range map[string]struct {
			s    channel.Settings
			code string
		}{
			"another password":        {with("password", "other"), "5.7.8"},
			"no authority":            {with("tls_ca", ""), "tls"},
			"another name":            {with("tls_name", "evil.example"), "tls"},
			"a way it does not offer": {with("auth", "login"), "auth"},
		} {
			_, err := opened(t, c.s).Send(context.Background(), message())
			if e := failure(t, err); e.Kind != channel.Misconfigured || e.About != channel.Account || e.Code != c.code {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
		if len(s.letters) != 1 {
			t.Errorf("%s: %d letters", name, len(s.letters))
		}
	}
	open := serve(t, &server{}, nil, false)
	_, err := opened(t, settings(open, "security", "starttls")).Send(context.Background(), message())
	if e := failure(t, err); e.Kind != channel.Misconfigured || e.Code != "starttls" {
		t.Errorf("a server without STARTTLS: %v", err)
	}
}

func TestLetter(t *testing.T) {
	a := opened(t, settings(25))
	raw, err := a.write(context.Background(), message())
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(raw), "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n") || !isASCII(line) {
			t.Errorf("line %d is %q", i, line)
		}
	}
	m, err := stdmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"From": "=?utf-8?q?BHXH_c=C6=A1_s=E1=BB=9F?= <bhxh@ward.example>", "To": "<lan@example.org>", "Message-Id": "<" + testID + "@ward.example>", "Date": "Tue, 24 Nov 2026 03:00:00 +0000",
		"Auto-Submitted": "auto-generated", "Feedback-Id": "administrative:loa", "Mime-Version": "1.0", "Content-Language": "vi", "X-Mailer": "", "User-Agent": "", "In-Reply-To": "",
		"List-Unsubscribe":      "<https://loa.example/u/abc>, <mailto:tuchoi+" + testID + "@ward.example?subject=unsubscribe>",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
	} {
		if got := m.Header.Get(key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if s := words(m.Header.Get("Subject")); s != message().Title {
		t.Errorf("the subject is %q", s)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("the type is %s, %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range []string{strings.ReplaceAll(message().Text, "\n", "\r\n"), message().HTML} {
		p, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, p))
		if err != nil || string(got) != want || p.Header.Get("Content-Transfer-Encoding") != "base64" {
			t.Errorf("the part is %q, want %q (%v)", got, want, err)
		}
	}
	if again, _ := a.write(context.Background(), message()); !bytes.Equal(raw, again) {
		t.Error("a second try is another letter")
	}
}

func TestAnswerAndAttachment(t *testing.T) {
	a := opened(t, settings(25, "reply_to", "hoi@ward.example"))
	a.tools.Media = func(_ context.Context, id string) (io.ReadCloser, error) {
		if id != "m1" {
			return nil, errors.New("no such thing")
		}
		return io.NopCloser(strings.NewReader(strings.Repeat("PDF", 100))), nil
	}
	m := message()
	m.HTML, m.ReplyTo, m.Text = "", "q1@mail.example.org", "Only plain letters.\nNothing else."
	m.Media = []channel.Media{{ID: "m1", Name: "Mẫu D05.pdf", MIME: "application/pdf"}}
	raw, err := a.write(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	got, err := stdmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"In-Reply-To": "<q1@mail.example.org>", "References": "<q1@mail.example.org>", "Auto-Submitted": "", "List-Unsubscribe": "", "Reply-To": "<hoi@ward.example>"} {
		if v := got.Header.Get(key); v != want {
			t.Errorf("%s is %q, want %q", key, v, want)
		}
	}
	parts, err := partsOf(got)
	if err != nil || len(parts) != 2 || strings.TrimSpace(string(parts[0].body)) != "Only plain letters.\r\nNothing else." || !parts[1].file || string(parts[1].body) != strings.Repeat("PDF", 100) {
		t.Errorf("the parts are %+v, %v", parts, err)
	}
	m.Media[0].ID = "m2"
	if _, err := a.Send(context.Background(), m); failure(t, err).Kind != channel.Unreachable {
		t.Errorf("an attachment that is not there: %v", err)
	}
}

func TestFits(t *testing.T) {
	a := opened(t, settings(25))
	for name, c := range map[string]struct {
		change func(m *channel.Message)
		about  channel.About
		code   string
	}{
		"as it is":                 {func(*channel.Message) {}, "", ""},
		"no address":               {func(m *channel.Message) { m.To = "lan" }, channel.Address, "to"},
		"two addresses":            {func(m *channel.Message) { m.To = "lan@example.org,b@example.org" }, channel.Address, "to"},
		"a command in the address": {func(m *channel.Message) { m.To = "lan@example.org>\r\nRCPT TO:<b@example.org" }, channel.Address, "to"},
		"an accent in the address": {func(m *channel.Message) { m.To = "lân@example.org" }, channel.Address, "to"},
		"no dot":                   {func(m *channel.Message) { m.To = "lan@localhost" }, channel.Address, "to"},
		"two dots":                 {func(m *channel.Message) { m.To = "lan..anh@example.org" }, channel.Address, "to"},
		"a quoted name":            {func(m *channel.Message) { m.To = `"lan anh"@example.org` }, channel.Address, "to"},
		"another network":          {func(m *channel.Message) { m.Network = "tel" }, channel.Address, "network"},
		"a header in the title":    {func(m *channel.Message) { m.Title = "Chào\r\nBcc: all@example.org" }, channel.Content, "header"},
		"a header in the answered": {func(m *channel.Message) { m.ReplyTo = "a@b\nBcc: all@example.org" }, channel.Content, "header"},
		"a zero in the title":      {func(m *channel.Message) { m.Title = "Chào\x00" }, channel.Content, "header"},
		"a strange answered":       {func(m *channel.Message) { m.ReplyTo = "a b@c" }, channel.Content, "reply_to"},
		"no title":                 {func(m *channel.Message) { m.Title = "" }, channel.Content, "title"},
		"a long title":             {func(m *channel.Message) { m.Title = strings.Repeat("a", 901) }, channel.Content, "title_long"},
		"no text":                  {func(m *channel.Message) { m.Text, m.HTML = " \n", "" }, channel.Content, "text_empty"},
		"no link":                  {func(m *channel.Message) { m.Unsubscribe = "http://loa.example/u" }, channel.Content, "unsubscribe"},
		"a link out of its angles": {func(m *channel.Message) { m.Unsubscribe = "https://loa.example/u>,<https://evil.example/" }, channel.Content, "unsubscribe"},
		"a short ID":               {func(m *channel.Message) { m.ID = "1" }, channel.Content, "id"},
		"a header in a file":       {func(m *channel.Message) { m.Media = []channel.Media{{MIME: "a/b\r\nX: y"}} }, channel.Content, "media"},
		"an advertisement":         {func(m *channel.Message) { m.Purpose = "advertising"; m.Title = "[QC] Quà tặng" }, "", ""},
		"without its label":        {func(m *channel.Message) { m.Purpose = "advertising" }, channel.Content, "label"},
		"without a way out":        {func(m *channel.Message) { m.Purpose = "advertising"; m.Title = "[QC] Quà"; m.Unsubscribe = "" }, channel.Content, "unsubscribe"},
	} {
		m := message()
		c.change(&m)
		err := a.Verify(context.Background(), m)
		if c.code == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if e := failure(t, err); e.Kind != channel.Rejected || e.About != c.about || e.Code != c.code {
			t.Errorf("%s: %v, want %s about the %s", name, err, c.code, c.about)
		}
	}
	m := message()
	m.Purpose, m.Title = "advertising", "[QC] Quà"
	if e := failure(t, opened(t, settings(25, "advertising", "no")).Verify(context.Background(), m)); e.Code != "advertising" {
		t.Errorf("an account that carries none: %v", e)
	}
}

func TestSettings(t *testing.T) {
	for code, s := range map[string]channel.Settings{
		"setting.host": settings(25, "host", ""), "setting.from": settings(25, "from", "bhxh"), "setting.security": settings(25, "line", "internet"), "setting.port": settings(70000),
		"setting.password": settings(25, "user", "a"), "setting.codes": settings(25, "codes", "550"), "setting.connections": settings(25, "connections", "0"), "setting.from_name": settings(25, "from_name", "a\r\nBcc: b@c.d"),
		"setting.dkim_selector": settings(25, "dkim_key", "x"), "setting.dkim_key": settings(25, "dkim_key", "x", "dkim_selector", "loa"), "setting.bounce_address": settings(25, "bounce_address", strings.Repeat("b", 40)+"@ward.example"),
		"setting.tls_ca": settings(25, "security", "starttls", "tls_ca", "x"), "setting.line": settings(25, "line", "open"), "setting.helo": settings(25, "helo", "a b"), "setting.feedback_id": settings(25, "feedback_id", "a:b"),
	} {
		_, err := open(s, channel.Tools{})
		if e := failure(t, err); e.Kind != channel.Misconfigured || e.Code != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	a, err := open(channel.Settings{"host": "127.0.0.1", "security": "starttls", "from": "a@ward.example"}, channel.Tools{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Send(context.Background(), message()); failure(t, err).Kind != channel.Unreachable {
		t.Errorf("a private address over the internet: %v", err)
	}
}

func TestSignature(t *testing.T) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	key := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}))
	s := &server{}
	a := opened(t, settings(serve(t, s, nil, false), "dkim_key", key, "dkim_selector", "loa"))
	if _, err := a.Send(context.Background(), message()); err != nil {
		t.Fatal(err)
	}
	lookup := func(name string) ([]string, error) {
		if name != "loa._domainkey.ward.example" {
			return nil, fmt.Errorf("asked for %s", name)
		}
		return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)}, nil
	}
	for want, letter := range map[bool][]byte{true: s.letters[0].raw, false: bytes.Replace(s.letters[0].raw, []byte("One-Click"), []byte("two-Click"), 1)} {
		got, err := dkim.VerifyWithOptions(bytes.NewReader(letter), &dkim.VerifyOptions{LookupTXT: lookup})
		if err != nil || len(got) != 1 || (got[0].Err == nil) != want {
			t.Errorf("the signature is %+v, %v, want it to hold: %v", got, err, want)
		}
	}
}

// TestMany sends many letters at once over few connections: each arrives once, whole, and only those refused fail.
func TestMany(t *testing.T) {
	s := &server{refuse: func(to string) error {
		if strings.HasPrefix(to, "no") {
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
		}
		return nil
	}}
	a := opened(t, settings(serve(t, s, nil, false), "connections", "3", "per_connection", "40"))
	const n = 600
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			m := message()
			m.ID = fmt.Sprintf("%032x", i)
			if m.To = fmt.Sprintf("p%d@example.org", i); i%7 == 0 {
				m.To = "no" + m.To
			}
			_, err := a.Send(context.Background(), m)
			if (err != nil) != (i%7 == 0) {
				t.Errorf("letter %d: %v", i, err)
			}
		})
	}
	all.Wait()
	seen := map[string]int{}
	for _, l := range s.letters {
		seen[l.to]++
		if !bytes.Contains(l.raw, []byte("To: <"+l.to+">\r\n")) || !strings.HasSuffix(string(l.raw), "--\r\n") {
			t.Fatalf("the letter to %s is\n%s", l.to, l.raw)
		}
	}
	if want := n - (n+6)/7; len(seen) != want || len(s.letters) != want {
		t.Errorf("%d letters to %d people, want %d", len(s.letters), len(seen), want)
	}
	if s.links < n/40/2 || s.links > 60 {
		t.Errorf("%d connections", s.links)
	}
}

// TestDots: a line of a single dot does not end the letter.
func TestDots(t *testing.T) {
	s := &server{}
	a := opened(t, settings(serve(t, s, nil, false)))
	m := message()
	m.HTML, m.Text = "", "one\n.\n..two\n.three\n"
	if _, err := a.Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	if got := s.letters[0].raw; !bytes.HasSuffix(got, []byte("\r\n\r\none\r\n.\r\n..two\r\n.three\r\n")) {
		t.Errorf("the letter is\n%s", got)
	}
}
