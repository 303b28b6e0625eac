package loudspeaker

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"loa/channel"
	"loa/speaker"
)

// pass is what the address of a recording says: which one, for whom, until when.
type pass struct {
	Media  string `json:"m"`
	SHA256 string `json:"s"`
	MIME   string `json:"t"`
	Device string `json:"d"`
	Until  int64  `json:"u"` // seconds
}

// address is where a device may fetch a recording for a while.
func (a *account) address(m channel.Media, device string, now time.Time) string {
	raw, err := json.Marshal(pass{m.ID, m.SHA256, m.MIME, device, now.Add(a.life).Unix()})
	if err != nil {
		return "" // five plain values always can
	}
	text := base64.RawURLEncoding.EncodeToString(raw)
	base := a.base
	if base == "" {
		scheme, at := "http", a.media
		if a.tls != nil {
			scheme = "https"
		}
		a.mu.Lock()
		if a.broker != nil {
			at = a.broker.webAt.String()
		}
		a.mu.Unlock()
		base = scheme + "://" + at
	}
	return base + "/media/" + text + "." + a.sign(text)
}

func (a *account) sign(text string) string {
	mac := hmac.New(sha256.New, a.key)
	mac.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// admit reads an address; false when it is forged or too old.
func (a *account) admit(token string) (p pass, ok bool) {
	text, sign, ok := strings.Cut(token, ".")
	if !ok || !hmac.Equal([]byte(sign), []byte(a.sign(text))) {
		return p, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(raw, &p) != nil {
		return p, false
	}
	return p, a.tools.Now().Unix() <= p.Until
}

// library keeps the recordings that many devices fetch at once.
type library struct {
	mu    sync.Mutex
	bytes map[string][]byte
	order []string
	total int
}

// libraryMost is how much of them is kept in memory.
const libraryMost = 32 << 20

func (l *library) get(sum string, fetch func() ([]byte, error)) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock() // whoever asks for the same waits for the first
	if raw, ok := l.bytes[sum]; ok {
		return raw, nil
	}
	raw, err := fetch()
	if err != nil {
		return nil, err
	}
	if l.bytes == nil {
		l.bytes = map[string][]byte{}
	}
	for l.total+len(raw) > libraryMost && len(l.order) > 0 {
		l.total -= len(l.bytes[l.order[0]])
		delete(l.bytes, l.order[0])
		l.order = l.order[1:]
	}
	l.bytes[sum], l.order, l.total = raw, append(l.order, sum), l.total+len(raw)
	return raw, nil
}

// handler answers devices over HTTP: recordings, and the whole profile for those that speak no MQTT.
func (b *broker) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /media/{token}", b.recording)
	mux.HandleFunc("GET /speaker/v1/next", b.next)
	mux.HandleFunc("POST /speaker/v1/events", b.eventsOver)
	return mux
}

// recording hands out a recording, or the rest of one.
func (b *broker) recording(w http.ResponseWriter, r *http.Request) {
	p, ok := b.a.admit(r.PathValue("token"))
	if !ok {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	raw, err := b.a.library.get(p.SHA256, func() ([]byte, error) { return b.a.bytes(r.Context(), p) })
	if err != nil {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Content-Type", p.MIME)
	h.Set("ETag", `"`+p.SHA256+`"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", "attachment")
	h.Set("Cache-Control", "private, no-transform")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(raw))
}

// bytes are those of a recording; one that is not what was approved is not handed out.
func (a *account) bytes(ctx context.Context, p pass) ([]byte, error) {
	if a.tools.Media == nil {
		return nil, errors.New("no recordings")
	}
	f, err := a.tools.Media(ctx, p.Media)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, speaker.MediaMost+1))
	if err != nil {
		return nil, fmt.Errorf("read the recording: %w", err)
	}
	if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != p.SHA256 {
		return nil, errors.New("another recording")
	}
	return raw, nil
}

// callAge is how old a signed call may be.
const callAge = 5 * time.Minute

// caller is the device behind a signed call.
func (b *broker) caller(r *http.Request, body []byte) (string, bool) {
	name := r.URL.Query().Get("device")
	sec, err := strconv.ParseInt(r.Header.Get("X-Loa-Time"), 10, 64)
	if age := b.a.tools.Now().Sub(time.Unix(sec, 0)); err != nil || name == "" || age > callAge || age < -callAge {
		return "", false
	}
	d, ok, err := b.a.devices.Device(r.Context(), b.a.tools.Account, name)
	if err != nil || !ok || d.Secret == "" {
		return "", false
	}
	want := speaker.Sign(d.Secret, r.Method, r.URL.RequestURI(), r.Header.Get("X-Loa-Time"), body)
	return name, hmac.Equal([]byte(want), []byte(r.Header.Get("X-Loa-Sign")))
}

// pollFor is how long a device that asks for news is kept waiting.
const pollFor = 60 * time.Second

// next answers a device with its schedule as soon as it is another than the one it has, and with nothing after a minute.
func (b *broker) next(w http.ResponseWriter, r *http.Request) {
	name, ok := b.caller(r, nil)
	if !ok {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	late := time.NewTimer(pollFor)
	defer late.Stop()
	for {
		b.mu.Lock()
		news := b.news
		b.mu.Unlock()
		s, err := b.schedule(r.Context(), name)
		if err != nil {
			http.Error(w, "later", http.StatusServiceUnavailable)
			return
		}
		tag := tagOf(s)
		b.mu.Lock()
		if raw, err := json.Marshal(s.Plays); err == nil {
			b.synced[name], b.asked[name] = raw, b.a.tools.Now()
		}
		b.mu.Unlock()
		if r.Header.Get("If-None-Match") != tag {
			w.Header().Set("ETag", tag)
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(map[string]any{"cmd": speaker.CmdSync, "payload": s})
			return
		}
		select {
		case <-news:
		case <-late.C:
			w.WriteHeader(http.StatusNoContent)
			return
		case <-r.Context().Done():
			return
		case <-b.ended:
			return
		}
	}
}

// tagOf names a schedule by what is to be played and when, not by the addresses, which are fresh every time.
func tagOf(s speaker.Sync) string {
	h := sha256.New()
	for _, p := range s.Plays {
		fmt.Fprintf(h, "%s %s %s\n", p.ID, p.NotBefore.UTC().Format(time.RFC3339), p.Prio)
	}
	return `"` + hex.EncodeToString(h.Sum(nil)[:12]) + `"`
}

// eventsOver takes in what a device tells over HTTP.
func (b *broker) eventsOver(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 64<<10))
	if err != nil {
		http.Error(w, "too long", http.StatusRequestEntityTooLarge)
		return
	}
	name, ok := b.caller(r, body)
	if !ok {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	var list []struct {
		Event   string          `json:"event"`
		Payload json.RawMessage `json:"payload"`
	}
	if json.Unmarshal(body, &list) != nil || len(list) > 100 {
		http.Error(w, "garbled", http.StatusBadRequest)
		return
	}
	for _, e := range list {
		if !b.may(name) {
			http.Error(w, "slower", http.StatusTooManyRequests)
			return
		}
		if err := b.hear(name, e.Event, e.Payload); err != nil {
			http.Error(w, "later", http.StatusServiceUnavailable)
			return
		}
	}
	w.WriteHeader(http.StatusNoContent)
}
