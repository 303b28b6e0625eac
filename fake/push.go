package fake

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const pushName = "push"

// Push is the service of a browser's maker that takes messages for browsers (RFC 8030). It also is the browsers: it opens what came with
// their keys (RFC 8291), and writes into the ledger what they would show.
type Push struct {
	w       *World
	devices map[string]*pushDevice
}

type pushDevice struct {
	key    *ecdh.PrivateKey
	auth   []byte
	sender string // the only key that may send to it
	ended  bool
}

// Subscription is what a browser hands to a page that may send to it.
type Subscription struct {
	Endpoint string `json:"endpoint"`
	Key      string `json:"p256dh"`
	Auth     string `json:"auth"`
}

// pushAtMost is the longest body a service must take.
const pushAtMost = 4096

func newPush(w *World) *Push { return &Push{w: w, devices: map[string]*pushDevice{}} }

func (p *Push) routes(m *http.ServeMux) {
	d := &door{w: p.w, provider: pushName, fault: p.fault}
	m.Handle("POST /push/{device}", d.handle(p.take))
}

func unpadded(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// Subscribe makes a browser that takes messages signed by a sender's public key alone. base is where the world is reached.
func (p *Push) Subscribe(base, sender string) Subscription {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		panic("fake: no randomness: " + err.Error())
	}
	auth := make([]byte, 16)
	if _, err := rand.Read(auth); err != nil {
		panic("fake: no randomness: " + err.Error())
	}
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	id := p.w.hex()
	p.devices[id] = &pushDevice{key: key, auth: auth, sender: strings.TrimRight(sender, "=")}
	return Subscription{base + "/push/" + id, unpadded(key.PublicKey().Bytes()), unpadded(auth)}
}

// End lets a browser want nothing more: 410 from then on.
func (p *Push) End(endpoint string) {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	if d := p.devices[endpoint[strings.LastIndexByte(endpoint, '/')+1:]]; d != nil {
		d.ended = true
	}
}

func (p *Push) refuse(c *call, status int, why string) reply {
	c.refuse(strconv.Itoa(status))
	return reply{status: status, header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}}, body: []byte(why)}
}

// take takes one message for a browser.
func (p *Push) take(c *call) reply {
	id := c.r.PathValue("device")
	c.entry.To, c.entry.Ref = id, c.r.Header.Get("Topic")
	ttl, err := strconv.Atoi(c.r.Header.Get("TTL"))
	if err != nil || ttl < 0 {
		return p.refuse(c, http.StatusBadRequest, "TTL is missing or no number")
	}
	d := p.devices[id]
	switch {
	case d == nil:
		return p.refuse(c, http.StatusNotFound, "no such subscription")
	case d.ended:
		return p.refuse(c, http.StatusGone, "the subscription has ended")
	case len(c.body) > pushAtMost:
		return p.refuse(c, http.StatusRequestEntityTooLarge, "longer than 4096 bytes")
	case !topic(c.entry.Ref):
		return p.refuse(c, http.StatusBadRequest, "Topic is no more than 32 letters of base64url")
	case !urgency(c.r.Header.Get("Urgency")):
		return p.refuse(c, http.StatusBadRequest, "unknown Urgency")
	}
	if status, why := p.signed(c, d); status != 0 {
		return p.refuse(c, status, why)
	}
	if len(c.body) > 0 && c.r.Header.Get("Content-Encoding") != "aes128gcm" {
		return p.refuse(c, http.StatusBadRequest, "the body is not aes128gcm")
	}
	made := p.w.hex()
	text, err := unseal(d.key, d.auth, c.body)
	if err != nil { // a service cannot read it and takes it; the browser then drops it
		c.take("unreadable", made, id, "")
	} else {
		c.take("notice", made, id, string(text))
	}
	return reply{status: http.StatusCreated, header: http.Header{"Location": {"/push/message/" + made}, "TTL": {strconv.Itoa(ttl)}}}
}

func topic(s string) bool {
	return len(s) <= 32 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

func urgency(s string) bool {
	return s == "" || s == "very-low" || s == "low" || s == "normal" || s == "high"
}

// signed checks who sends (RFC 8292): the key of the subscription, a token for this service, of this day.
func (p *Push) signed(c *call, d *pushDevice) (status int, why string) {
	kind, rest, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "vapid") {
		return http.StatusUnauthorized, "no vapid token"
	}
	parts := map[string]string{}
	for _, part := range strings.Split(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		parts[name] = value
	}
	claims, err := vapid(parts["t"], parts["k"])
	scheme := "http://"
	if c.r.TLS != nil {
		scheme = "https://"
	}
	exp := time.Unix(claims.Exp, 0)
	switch {
	case err != nil:
		return http.StatusForbidden, err.Error()
	case strings.TrimRight(parts["k"], "=") != d.sender:
		return http.StatusForbidden, "not the key the browser subscribed to"
	case claims.Aud != scheme+c.r.Host:
		return http.StatusForbidden, "the token is for " + claims.Aud
	case !exp.After(c.at):
		return http.StatusForbidden, "the token ran out"
	case exp.Sub(c.at) > 24*time.Hour:
		return http.StatusForbidden, "the token lives longer than a day"
	case !strings.HasPrefix(claims.Sub, "mailto:") && !strings.HasPrefix(claims.Sub, "https:"):
		return http.StatusForbidden, "nobody answers for it"
	}
	return 0, ""
}

func (p *Push) fault(c *call, f Fault) reply {
	switch f.Do {
	case Throttle, QuotaUsed, QuietHours, BalanceUsed:
		r := p.refuse(c, http.StatusTooManyRequests, "too many messages")
		r.header.Set("Retry-After", strconv.Itoa(max(1, int(time.Duration(f.Wait).Seconds()))))
		return r
	case ExpireToken:
		return p.refuse(c, http.StatusForbidden, "the token ran out")
	case AnswerCode:
		if status, err := strconv.Atoi(f.Code); err == nil && status >= 200 && status < 600 {
			return p.refuse(c, status, f.Text)
		}
	}
	return p.refuse(c, http.StatusTeapot, "nobody has written this code down")
}

// steerDevices makes a browser, or lets one end, for tests in other processes.
func (w *World) steerDevices(rw http.ResponseWriter, r *http.Request) {
	var ask struct {
		Sender string `json:"sender"` // makes one that takes what this key signs
		End    string `json:"end"`    // the endpoint of one that ends
	}
	if !hear(rw, r, &ask) {
		return
	}
	if ask.End != "" {
		w.Push.End(ask.End)
		tell(rw, map[string]any{"ended": ask.End})
		return
	}
	tell(rw, w.Push.Subscribe("http://"+r.Host, ask.Sender))
}
