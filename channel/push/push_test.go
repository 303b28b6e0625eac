package push

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"loa/channel"
)

// The example of RFC 8291, section 5.
const (
	browserKey  = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
	browserAuth = "BTBZMqHH6r4Tts7J_aSIgg"
	ownKey      = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
	exampleSalt = "DGv6ra1nlYgDCS1FRnbzlw"
	sealed      = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)

func TestSealIsThatOfTheStandard(t *testing.T) {
	raw, err := decode(ownKey)
	if err != nil {
		t.Fatal(err)
	}
	own, err := ecdh.P256().NewPrivateKey(raw)
	if err != nil {
		t.Fatal(err)
	}
	salt, err := decode(exampleSalt)
	if err != nil {
		t.Fatal(err)
	}
	got, err := seal(Subscription{Key: browserKey, Auth: browserAuth}, []byte("When I grow up, I want to be a watermelon"), own, salt)
	if err != nil || base64.RawURLEncoding.EncodeToString(got) != sealed {
		t.Errorf("sealed is %s (%v)", base64.RawURLEncoding.EncodeToString(got), err)
	}
	if _, err := seal(Subscription{Key: browserKey, Auth: browserAuth}, make([]byte, 4000), nil, nil); err == nil {
		t.Error("a notice of more than one record is sealed")
	}
}

func TestSubscriptionsAreChecked(t *testing.T) {
	good := Subscription{Endpoint: "https://push.example/x", Key: browserKey, Auth: browserAuth}
	if err := good.Check(false); err != nil {
		t.Errorf("a good one is refused: %v", err)
	}
	for name, change := range map[string]func(*Subscription){
		"in the open":    func(s *Subscription) { s.Endpoint = "http://push.example/x" },
		"with a name":    func(s *Subscription) { s.Endpoint = "https://u:p@push.example/x" },
		"no address":     func(s *Subscription) { s.Endpoint = "::" },
		"no point":       func(s *Subscription) { s.Key = "AAAA" },
		"a short secret": func(s *Subscription) { s.Auth = "AAAA" },
	} {
		s := good
		change(&s)
		if s.Check(false) == nil {
			t.Errorf("one %s is taken", name)
		}
	}
}

// TestThisMachineMayBeCalledInTheOpen where the services are simulated, and nothing else.
func TestThisMachineMayBeCalledInTheOpen(t *testing.T) {
	for endpoint, fine := range map[string]bool{"http://127.0.0.1:9/x": true, "http://[::1]:9/x": true, "http://10.0.0.1/x": false, "http://push.example/x": false, "ftp://127.0.0.1/x": false, "https://push.example/x": true} {
		if err := (Subscription{Endpoint: endpoint, Key: browserKey, Auth: browserAuth}).Check(true); (err == nil) != fine {
			t.Errorf("%s: %v", endpoint, err)
		}
	}
}

// TestSend: what a service sees is signed for it alone, and what it answers decides what becomes of the browser.
func TestSend(t *testing.T) {
	now := time.Date(2026, 11, 28, 8, 0, 0, 0, time.UTC)
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	status := http.StatusCreated
	var got *http.Request
	var body []byte
	service := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(status)
	}))
	defer service.Close()
	s := Sender{HTTP: service.Client(), Now: func() time.Time { return now }, Key: key, Contact: "mailto:bhxh@example.vn"}
	to := Subscription{Endpoint: service.URL + "/x", Key: browserKey, Auth: browserAuth}
	n := Notice{Title: "Có câu hỏi mới", URL: "/questions", Topic: "question"}
	if err := s.Send(context.Background(), to, n); err != nil {
		t.Fatal(err)
	}
	if got.Header.Get("Content-Encoding") != "aes128gcm" || got.Header.Get("TTL") != "86400" || got.Header.Get("Topic") != "question" || len(body) < 103 || strings.Contains(string(body), "hỏi") {
		t.Errorf("the service gets %v and %d bytes", got.Header, len(body))
	}
	token, public, ok := strings.Cut(strings.TrimPrefix(got.Header.Get("Authorization"), "vapid t="), ", k=")
	want, err := Public(key)
	if err != nil || !ok || public != want {
		t.Errorf("the key is %q (%v)", public, err)
	}
	u, _ := url.Parse(service.URL)
	if claims, ok := Verify(token, &key.PublicKey); !ok || claims["aud"] != "https://"+u.Host || claims["sub"] != "mailto:bhxh@example.vn" || claims["exp"] != float64(now.Add(12*time.Hour).Unix()) {
		t.Errorf("the token says %v (%v)", claims, ok)
	}
	if _, ok := Verify(token[:len(token)-4]+"AAAA", &key.PublicKey); ok {
		t.Error("a forged token is believed")
	}
	for code, kind := range map[int]channel.Kind{401: channel.Misconfigured, 413: channel.Rejected, 429: channel.Throttled, 500: channel.Unsure} {
		status = code
		var e *channel.Error
		if err := s.Send(context.Background(), to, n); !errors.As(err, &e) || e.Kind != kind {
			t.Errorf("%d is %v", code, err)
		}
	}
	for _, code := range []int{404, 410} {
		status = code
		if err := s.Send(context.Background(), to, n); !errors.Is(err, ErrGone) {
			t.Errorf("%d is %v", code, err)
		}
	}
}

// TestNothingInsideIsReached: an endpoint in the office's own network is not called, however a browser got it.
func TestNothingInsideIsReached(t *testing.T) {
	called := false
	service := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer service.Close()
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	s := Sender{HTTP: channel.Client(false), Now: time.Now, Key: key, Contact: "mailto:x@example.vn"}
	err = s.Send(context.Background(), Subscription{Endpoint: service.URL, Key: browserKey, Auth: browserAuth}, Notice{Title: "x"})
	var e *channel.Error
	if !errors.As(err, &e) || e.Kind != channel.Unreachable || called {
		t.Errorf("an address inside: %v, called %v", err, called)
	}
}
