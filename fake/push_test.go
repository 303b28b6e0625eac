package fake

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func bits(t testing.TB, s string) []byte {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The example of RFC 8291, section 5 and appendix A.
const (
	rfcBrowser = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
	rfcAuth    = "BTBZMqHH6r4Tts7J_aSIgg"
	rfcBody    = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
	rfcWords   = "When I grow up, I want to be a watermelon"
)

func TestUnsealOpensTheStandardsExample(t *testing.T) {
	own, err := ecdh.P256().NewPrivateKey(bits(t, rfcBrowser))
	if err != nil {
		t.Fatal(err)
	}
	got, err := unseal(own, bits(t, rfcAuth), bits(t, rfcBody))
	if err != nil || string(got) != rfcWords {
		t.Fatalf("%q (%v)", got, err)
	}
	for i := range bits(t, rfcBody) { // every byte counts but for those of the record's length
		body := bits(t, rfcBody)
		body[i] ^= 1
		if got, err := unseal(own, bits(t, rfcAuth), body); err == nil && (i < 16 || i > 19) {
			t.Errorf("with another byte %d it reads %q", i, got)
		}
	}
	for n := range 110 {
		if _, err := unseal(own, bits(t, rfcAuth), bits(t, rfcBody)[:n]); err == nil {
			t.Errorf("the first %d bytes are read", n)
		}
	}
}

// The example of RFC 8292, section 2.4.
const (
	rfcToken = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA"
	rfcKey   = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
)

func TestVapidBelievesTheStandardsExample(t *testing.T) {
	c, err := vapid(rfcToken, rfcKey)
	if err != nil || c != (vapidClaims{"https://push.example.net", 1453523768, "mailto:push@example.com"}) {
		t.Fatalf("%+v (%v)", c, err)
	}
	for _, wrong := range []string{rfcToken[:len(rfcToken)-3] + "AAA", strings.Replace(rfcToken, "eyJhdWQ", "eyJhdWR", 1), "a.b", ""} {
		if _, err := vapid(wrong, rfcKey); err == nil {
			t.Errorf("%q is believed", wrong)
		}
	}
}

// pushSender signs and seals by itself, so that the service is tried without any driver.
type pushSender struct {
	key    *ecdsa.PrivateKey
	public string
}

func newPushSender(t testing.TB) pushSender {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.ECDH()
	if err != nil {
		t.Fatal(err)
	}
	return pushSender{key, unpadded(point.Bytes())}
}

func (s pushSender) token(t testing.TB, claims map[string]any) string {
	t.Helper()
	raw, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	text := unpadded([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + unpadded(raw)
	sum := sha256.Sum256([]byte(text))
	r, v, err := ecdsa.Sign(rand.Reader, s.key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return "vapid t=" + text + "." + unpadded(append(r.FillBytes(make([]byte, 32)), v.FillBytes(make([]byte, 32))...)) + ", k=" + s.public
}

// TestPushServiceRefusesWhatTheStandardsForbid: each thing done wrong is answered as services answer it, and what is right is taken once.
func TestPushServiceRefusesWhatTheStandardsForbid(t *testing.T) {
	now := time.Date(2026, 11, 28, 8, 0, 0, 0, zone)
	w := NewWorld(now, nil)
	service := httptest.NewServer(w.Handler())
	defer service.Close()
	s, other := newPushSender(t), newPushSender(t)
	sub := w.Push.Subscribe(service.URL, s.public)
	good := map[string]any{"aud": service.URL, "exp": now.Add(12 * time.Hour).Unix(), "sub": "mailto:x@example.vn"}
	claim := func(key string, value any) map[string]any {
		c := map[string]any{}
		for k, v := range good {
			c[k] = v
		}
		c[key] = value
		return c
	}
	body := bits(t, rfcBody)
	for name, x := range map[string]struct {
		endpoint, auth string
		body           []byte
		header         map[string]string
		status         int
	}{
		"unreadable, which no service can know": {sub.Endpoint, s.token(t, good), body, nil, 201},
		"without a token":                       {sub.Endpoint, "", body, nil, 401},
		"by another key":                        {sub.Endpoint, other.token(t, good), body, nil, 403},
		"a token for another service":           {sub.Endpoint, s.token(t, claim("aud", "https://push.example.net")), body, nil, 403},
		"a token that ran out":                  {sub.Endpoint, s.token(t, claim("exp", now.Unix())), body, nil, 403},
		"a token of two days":                   {sub.Endpoint, s.token(t, claim("exp", now.Add(48*time.Hour).Unix())), body, nil, 403},
		"nobody answers for it":                 {sub.Endpoint, s.token(t, claim("sub", "x")), body, nil, 403},
		"no TTL":                                {sub.Endpoint, s.token(t, good), body, map[string]string{"TTL": ""}, 400},
		"in the open":                           {sub.Endpoint, s.token(t, good), body, map[string]string{"Content-Encoding": ""}, 400},
		"a long topic":                          {sub.Endpoint, s.token(t, good), body, map[string]string{"Topic": strings.Repeat("a", 33)}, 400},
		"no urgency there is":                   {sub.Endpoint, s.token(t, good), body, map[string]string{"Urgency": "now"}, 400},
		"too long":                              {sub.Endpoint, s.token(t, good), make([]byte, 4097), nil, 413},
		"a browser nobody knows":                {service.URL + "/push/0000", s.token(t, good), body, nil, 404},
	} {
		req, err := http.NewRequest(http.MethodPost, x.endpoint, bytes.NewReader(x.body))
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range map[string]string{"TTL": "60", "Content-Encoding": "aes128gcm", "Authorization": x.auth} {
			req.Header.Set(k, v)
		}
		for k, v := range x.header {
			req.Header.Del(k)
			if v != "" {
				req.Header.Set(k, v)
			}
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		why, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != x.status || x.status == 201 && res.Header.Get("Location") == "" {
			t.Errorf("%s: %d %s, location %q", name, res.StatusCode, why, res.Header.Get("Location"))
		}
	}
	if got := w.Ledger.Find(Query{Provider: "push", Outcome: Taken}); len(got) != 1 || got[0].Kind != "unreadable" {
		t.Errorf("taken are %+v", got)
	}
	w.Push.End(sub.Endpoint)
	req, _ := http.NewRequest(http.MethodPost, sub.Endpoint, nil)
	req.Header.Set("TTL", "0")
	if res, err := http.DefaultClient.Do(req); err != nil || res.StatusCode != http.StatusGone {
		t.Errorf("one that ended answers %v %v", res, err)
	}
}
