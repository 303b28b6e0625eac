package zalo

import (
	"bytes"
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
	callAtMost  = 256 << 10
	ageAtMost   = 24 * time.Hour // Zalo repeats a call for about two hours
	aheadAtMost = 24 * time.Hour
)

// Receive reads one call of Zalo. Every call is signed but the empty one with which Zalo tries an address that is being saved; that one
// brings nothing. A signed call that Loa has no use for is answered as well, or Zalo would stop calling.
func (o *OA) Receive(r *http.Request) (channel.Answer, error) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, callAtMost+1))
	if err != nil {
		return channel.Answer{}, channel.Garble("the call broke off")
	}
	if len(raw) > callAtMost {
		return channel.Answer{}, channel.Garble("the call is too long")
	}
	if string(bytes.TrimSpace(raw)) == "{}" {
		return channel.Answer{Status: http.StatusOK}, nil
	}
	var h hook
	if err := json.Unmarshal(raw, &h); err != nil {
		return channel.Answer{}, channel.Garble("the call is no JSON")
	}
	if !o.signed(r.Header, raw, string(h.Timestamp)) {
		return channel.Answer{}, channel.ErrForged
	}
	at := h.Timestamp.moment()
	if at.IsZero() {
		at = word(r.Header.Get("X-ZEvent-Timestamp")).moment()
	}
	if age := o.tools.Now().Sub(at); age > ageAtMost || age < -aheadAtMost {
		return channel.Answer{}, fmt.Errorf("%w: the call is not of today", channel.ErrForged)
	}
	answer := channel.Answer{Status: http.StatusOK}
	if own := o.set["oa_id"]; own == "" || h.account() == "" || h.account() == own { // one app may serve several accounts
		answer.Events = h.events(at, r.Header.Get("X-ZEvent-Server") == "ZNS", sum(raw))
	}
	return answer, nil
}

// signed says whether one of the signatures that have been seen fits: a plain hash over the app's or the account's ID, the body as it came,
// the time and the account's secret. All are tried, each in constant time.
func (o *OA) signed(head http.Header, raw []byte, stamp string) bool {
	given, err := hex.DecodeString(strings.TrimPrefix(strings.TrimSpace(head.Get("X-ZEvent-Signature")), "mac="))
	secret := o.set["oa_secret"]
	if err != nil || len(given) != sha256.Size || secret == "" {
		return false
	}
	app, oa, want := o.set["app_id"], o.set["oa_id"], o.set["webhook_term"]
	stamped := head.Get("X-ZEvent-Timestamp")
	ok := 0
	for _, c := range []struct{ kind, id, stamp string }{{"app_id", app, stamp}, {"app_id", app, stamped}, {"oa_id", oa, stamp}, {"oa_id", oa, stamped}} {
		if c.id == "" || c.stamp == "" || want == "app_id" && c.kind != want || want == "oa_id" && c.kind != want {
			continue
		}
		mac := Signature(c.id, raw, c.stamp, secret)
		ok |= subtle.ConstantTimeCompare(mac, given)
	}
	return ok == 1
}

// Signature is what Zalo signs a call with. It is a plain hash, not an HMAC.
func Signature(id string, body []byte, stamp, secret string) []byte {
	h := sha256.New()
	io.WriteString(h, id)
	h.Write(body)
	io.WriteString(h, stamp)
	io.WriteString(h, secret)
	return h.Sum(nil)
}

func sum(raw []byte) string {
	s := sha256.Sum256(raw)
	return hex.EncodeToString(s[:16])
}
