package fake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// webhook is one event on its way to the office.
type webhook struct {
	provider, event string
	method, url     string
	body            []byte
	header          http.Header
	patience        time.Duration                               // real time the receiver has
	again           []time.Duration                             // how long after each failure it is tried again
	onlyTimeout     bool                                        // tried again only where no answer came
	count           string                                      // the header that tells how often it was tried; may be empty
	carrier         func(context.Context, webhook) (int, error) // brings it where it is no call of HTTP; nil otherwise
	failed          func()                                      // told when the last try failed; may be nil
	forge           func(*webhook)                              // signs it wrongly

	tries int
}

// post plans a webhook, with the faults of the script; w.mu must be held.
func (w *World) post(at time.Time, h webhook) {
	if h.url == "" {
		return // nobody listens
	}
	f, t := w.Faults.of(h.provider, h.event, true), task{due: at}
	switch f.Do {
	case LoseWebhook:
		w.Ledger.add(Entry{Provider: h.provider, At: at, Kind: h.event, Outcome: Lost, Fault: f.Do})
		return
	case LateWebhook:
		t.due = at.Add(orElse(time.Duration(f.Wait), time.Hour))
	case DisorderWebhook:
		t.due, t.last = at.Add(orElse(time.Duration(f.Wait), 10*time.Second)), true
	case WrongSignature:
		if h.forge != nil {
			h.forge(&h)
		}
	case DuplicateWebhook:
		w.later(w.try(t, h, f.Do))
	}
	w.later(w.try(t, h, f.Do))
}

func orElse(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}

func (w *World) try(t task, h webhook, fault Action) task {
	t.do = func(ctx context.Context) {
		status, err := w.carry(ctx, h)
		if errors.Is(err, errUnbound) {
			w.SMPP.park(h, fault)
			return
		}
		now := w.Clock.Now()
		w.Ledger.add(Entry{Provider: h.provider, At: now, Method: h.method, Path: h.url, Kind: h.event, Text: string(h.body), Outcome: Posted, Status: status, Fault: fault,
			Code: codeOf(err), Unanswered: err != nil})
		if status == http.StatusOK || h.onlyTimeout && err == nil {
			return
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if h.tries >= len(h.again) {
			if h.failed != nil {
				h.failed()
			}
			return
		}
		pause := h.again[h.tries]
		h.tries++
		w.later(w.try(task{due: now.Add(pause)}, h, fault))
	}
	return t
}

func codeOf(err error) string {
	if err != nil {
		return "no_answer"
	}
	return ""
}

// carry posts a webhook once.
func (w *World) carry(ctx context.Context, h webhook) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, h.patience)
	defer cancel()
	if h.carrier != nil {
		return h.carrier(ctx, h)
	}
	req, err := http.NewRequestWithContext(ctx, h.method, h.url, bytes.NewReader(h.body))
	if err != nil {
		return 0, err
	}
	for k, v := range h.header {
		req.Header[k] = v
	}
	if h.count != "" && h.tries > 0 {
		req.Header.Set(h.count, fmt.Sprint(h.tries))
	}
	res, err := w.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20))
	return res.StatusCode, err
}
