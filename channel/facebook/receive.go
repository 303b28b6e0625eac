package facebook

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"loa/channel"
)

const (
	callAtMost  = 1 << 20
	aheadAtMost = 24 * time.Hour
)

// Receive reads one call of Facebook: the question with which it tries an address, or what happened on the page. A signed call that Loa has
// no use for is answered as well, or Facebook would stop calling.
func (p *Account) Receive(r *http.Request) (channel.Answer, error) {
	if r.Method == http.MethodGet {
		return p.challenge(r)
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, callAtMost+1))
	if err != nil {
		return channel.Answer{}, channel.Garble("the call broke off")
	}
	if len(raw) > callAtMost {
		return channel.Answer{}, channel.Garble("the call is too long")
	}
	if !p.signed(r.Header.Get("X-Hub-Signature-256"), raw) {
		return channel.Answer{}, channel.ErrForged
	}
	var h hook
	if err := json.Unmarshal(raw, &h); err != nil {
		return channel.Answer{}, channel.Garble("the call is no JSON")
	}
	answer := channel.Answer{Status: http.StatusOK}
	if h.Object != "page" {
		return answer, nil
	}
	now := p.tools.Now()
	for _, rawEntry := range h.Entry {
		e := loose[happened](rawEntry)
		if at := e.Time.moment(); !at.IsZero() && (now.Sub(at) > p.age || at.Sub(now) > aheadAtMost) {
			return channel.Answer{}, fmt.Errorf("%w: the call is not of these days", channel.ErrForged)
		}
		if string(e.ID) == p.s["page_id"] { // one app may serve several pages
			answer.Events = append(answer.Events, p.events(e)...)
		}
	}
	return answer, nil
}

// challenge answers the question whether this address is ours.
func (p *Account) challenge(r *http.Request) (channel.Answer, error) {
	q := r.URL.Query()
	want := p.s["verify_token"]
	if want == "" || q.Get("hub.mode") != "subscribe" || subtle.ConstantTimeCompare([]byte(q.Get("hub.verify_token")), []byte(want)) != 1 {
		return channel.Answer{Status: http.StatusForbidden}, channel.ErrForged
	}
	said := q.Get("hub.challenge")
	if !isToken(said) || len(said) > 200 || strings.ContainsAny(said, "<>&\"'") {
		return channel.Answer{}, channel.Garble("the challenge is none")
	}
	return channel.Answer{Status: http.StatusOK, Body: said, Type: "text/plain; charset=utf-8"}, nil
}

// signed says whether a signature is that of the body as it came: written anew, its letters would be others.
func (p *Account) signed(header string, raw []byte) bool {
	digits, ok := strings.CutPrefix(strings.TrimSpace(header), "sha256=")
	given, err := hex.DecodeString(digits)
	return ok && err == nil && hmac.Equal(given, Signature(p.s["app_secret"], raw))
}

// Signature is what Facebook signs a call with.
func Signature(secret string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return mac.Sum(nil)
}
