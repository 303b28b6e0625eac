package fake

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"time"
)

// maxBody is more than any provider takes, so that the limits of the providers are the ones that are met.
const maxBody = 32 << 20

// notPublished stands for a refusal whose code no source gives.
const notPublished = 99001

// call is one request while a provider handles it.
type call struct {
	r     *http.Request
	body  []byte
	at    time.Time
	entry Entry
	also  []Entry // one for each further address of the same message
}

// reply is an answer that has not gone out yet.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// take notes that the provider took a message.
func (c *call) take(kind, id, to, text string) {
	c.entry.Outcome, c.entry.Kind, c.entry.ID, c.entry.To, c.entry.Text = Taken, kind, id, to, text
}

// refuse notes why the provider did not.
func (c *call) refuse(code string) { c.entry.Outcome, c.entry.Code = Refused, code }

// answer makes a reply of a value in JSON.
func answer(status int, v any) reply {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return reply{status: http.StatusInternalServerError}
	}
	return reply{status: status, header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}, body: bytes.TrimSpace(b.Bytes())}
}

// page makes a reply of a page of HTML, as gateways in front of providers send.
func page(status int) reply {
	return reply{status: status, header: http.Header{"Content-Type": {"text/html"}}, body: []byte("<html><body><h1>" + strconv.Itoa(status) + " " + http.StatusText(status) + "</h1></body></html>")}
}

// door is what the calls of one provider have in common.
type door struct {
	w        *World
	provider string
	inflight func(path string, by int)                                  // told when a call begins and ends; may be nil
	fault    func(c *call, f Fault) reply                               // answers as the provider does when f strikes
	expire   func()                                                     // lets the token die
	check    func(c *call) (refusal reply, header http.Header, ok bool) // who calls, and how often; may be nil
}

// handle lets a provider's h answer a request under the world's lock, with the faults of the script, and writes the ledger.
func (d *door) handle(h func(*call) reply) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
		if err != nil {
			return
		}
		c := &call{r: r, body: body, entry: Entry{Provider: d.provider, Method: r.Method, Path: r.URL.Path, Outcome: Read}}
		f := d.w.Faults.of(d.provider, r.URL.Path, false)
		c.entry.Fault = f.Do
		if d.inflight != nil {
			d.inflight(r.URL.Path, 1)
			defer d.inflight(r.URL.Path, -1)
		}
		if f.Do == Slow {
			wait(r, time.Duration(f.Wait))
		}
		a := d.decide(c, f, h)
		c.entry.At, c.entry.Status = c.at, a.status
		c.entry.Unanswered = f.Do == TimeoutBefore || f.Do == TimeoutAfter || f.Do == BrokenAnswer || f.Do == GarbledAnswer
		d.w.Ledger.add(c.entry)
		for _, e := range c.also {
			c.entry.ID, c.entry.To, c.entry.Parts, c.entry.Cost = e.ID, e.To, e.Parts, e.Cost
			d.w.Ledger.add(c.entry)
		}
		send(rw, r, f, a)
	})
}

func (d *door) decide(c *call, f Fault, h func(*call) reply) reply {
	d.w.mu.Lock()
	defer d.w.mu.Unlock()
	c.at = d.w.Clock.Now()
	var header http.Header
	switch f.Do {
	case TimeoutBefore:
		c.entry.Outcome = Lost
		return reply{}
	case AnswerStatus:
		c.refuse(strconv.Itoa(f.Status))
		return page(max(f.Status, 200))
	case Throttle, QuietHours, QuotaUsed, BalanceUsed, UnknownCode, AnswerCode:
		return d.fault(c, f)
	case ExpireToken:
		if d.expire == nil {
			return d.fault(c, f)
		}
		d.expire()
	}
	if d.check != nil {
		refusal, h, ok := d.check(c)
		if header = h; !ok {
			refusal.add(header)
			return refusal
		}
	}
	a := h(c)
	a.add(header)
	return a
}

func (a *reply) add(h http.Header) {
	if a.header == nil {
		a.header = http.Header{}
	}
	for k, v := range h {
		a.header[k] = v
	}
}

// send writes the answer, or the part of it that the fault lets through.
func send(rw http.ResponseWriter, r *http.Request, f Fault, a reply) {
	switch f.Do {
	case TimeoutBefore, TimeoutAfter:
		wait(r, time.Duration(f.Wait))
		panic(http.ErrAbortHandler)
	case GarbledAnswer:
		a = page(http.StatusOK)
	}
	for k, v := range a.header {
		rw.Header()[k] = v
	}
	rw.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	rw.WriteHeader(a.status)
	if f.Do == BrokenAnswer {
		_, _ = rw.Write(a.body[:len(a.body)/2])
		_ = http.NewResponseController(rw).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = rw.Write(a.body)
}

// wait lasts until the caller gives up, or for d.
func wait(r *http.Request, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
	}
}

// calls counts the calls of the running minute, as the providers do.
type calls struct {
	minute int64
	n      int
}

// over counts one call and says whether it is one too many.
func (m *calls) over(now time.Time, limit int) bool {
	if minute := now.Unix() / 60; minute != m.minute {
		m.minute, m.n = minute, 0
	}
	m.n++
	return limit > 0 && m.n > limit
}

func (m *calls) remain(limit int) int { return max(limit-m.n, 0) }

// part reads one field of a multipart body.
func (c *call) part(name string) ([]byte, error) {
	_, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil {
		return nil, err
	}
	form := multipart.NewReader(bytes.NewReader(c.body), params["boundary"])
	for {
		p, err := form.NextPart()
		if err != nil {
			return nil, err
		}
		if p.FormName() == name {
			return io.ReadAll(p)
		}
	}
}
