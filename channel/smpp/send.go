package smpp

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"loa/channel"
)

// progress is what of a long text the centre took already. It stands in the ledger between tries.
type progress struct {
	Taken []string `json:"taken"` // the centre's numbers of the parts
	Of    int      `json:"of"`
}

// Send hands one message to the centre, part by part, and waits until it took each. What it took is never sent again: when the way is barred
// in the middle, the rest goes on later.
func (a *account) Send(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	sms, err := a.prepare(m)
	if err != nil {
		return channel.Receipt{}, err
	}
	parts := pieces(sms, referenceOf(m.ID), a.s["alphabet"] == "ascii")
	done := progress{Of: len(parts)}
	if m.Resume != "" && json.Unmarshal([]byte(m.Resume), &done) != nil || done.Of != len(parts) || len(done.Taken) > len(parts) {
		return channel.Receipt{}, &channel.Error{Kind: channel.Unsure, Code: "resume"} // the text is not the one that was begun
	}
	begun := len(done.Taken)
	w := &whole{message: m.ID, open: len(parts)}
	for i, id := range done.Taken {
		a.remembers.took(id, w, i == len(parts)-1)
	}
	for i := begun; i < len(parts); i++ {
		id, err := a.submit(ctx, m, parts[i], w, i == len(parts)-1)
		if err == nil {
			done.Taken = append(done.Taken, id)
			continue
		}
		if i == begun || !barred(err) {
			return channel.Receipt{}, err
		}
		kept, jerr := json.Marshal(done)
		if jerr != nil {
			return channel.Receipt{}, err
		}
		return channel.Receipt{Resume: string(kept), After: max(time.Second, afterOf(err)), Parts: len(parts)}, nil
	}
	ref := ""
	if n := len(done.Taken); n > 0 {
		ref = done.Taken[n-1]
	}
	return channel.Receipt{Ref: ref, Parts: len(parts)}, nil
}

// barred says whether a part failed in a way that passes, so that it certainly was not taken.
func barred(err error) bool {
	var e *channel.Error
	return errors.As(err, &e) && (e.Kind == channel.Throttled || e.Kind == channel.Unreachable || e.Kind == channel.Misconfigured)
}

func afterOf(err error) time.Duration {
	var e *channel.Error
	if errors.As(err, &e) {
		return e.After
	}
	return 0
}

// referenceOf joins the parts of a message: the end of its ID, which is drawn by lot and stays the same in every try.
func referenceOf(id string) byte {
	n, err := strconv.ParseUint(id[max(0, len(id)-2):], 16, 8)
	if err != nil {
		return byte(len(id))
	}
	return byte(n)
}

// submit hands over one part and waits for the centre's number of it.
func (a *account) submit(ctx context.Context, m channel.Message, p piece, w *whole, last bool) (string, error) {
	l, err := a.bound(ctx)
	if err != nil {
		return "", err
	}
	select {
	case l.slots <- struct{}{}:
		defer func() { <-l.slots }()
	case <-l.done:
		return "", unreachable(l.err)
	case <-ctx.Done():
		return "", unreachable(ctx.Err())
	}
	to := a.dest
	to.addr = m.To
	body := short{service: a.s["service_type"], source: a.sender, dest: to, esm: p.esm, registered: wantsReceipt, coding: p.coding, message: p.message}
	waiting, cancel := context.WithTimeout(ctx, a.patience.answer)
	defer cancel()
	res, err := l.ask(waiting, submitSM, body.append(nil), func(r pdu, late bool) { a.heard(r, w, last, late) })
	switch {
	case errors.Is(err, errUnsent):
		return "", unreachable(err)
	case err != nil:
		return "", &channel.Error{Kind: channel.Unsure, Err: err}
	}
	return readID(res.body), a.failureOf(res)
}

// failureOf is the failure an answer tells of; nil when all is well.
func (a *account) failureOf(p pdu) error {
	if p.status == statusOK && p.command != genericNack {
		return nil
	}
	err := a.codes.Fail(codeOf(p.status), "")
	var e *channel.Error
	if errors.As(err, &e) && e.Kind == channel.Throttled {
		e.After = time.Second
		if p.status == statusSystemError {
			e.After = 30 * time.Second
		}
	}
	return err
}

func unreachable(err error) error {
	return &channel.Error{Kind: channel.Unreachable, About: channel.Account, Err: err}
}

// heard notes what the centre said of a part, before its reports can come. An answer that nobody waited for any more settles what was left
// unsure.
func (a *account) heard(p pdu, w *whole, last, late bool) {
	id, err := readID(p.body), a.failureOf(p)
	if err == nil {
		a.remembers.took(id, w, last)
	}
	if !late || err == nil && !last {
		return
	}
	ev := channel.Event{Kind: channel.EventTaken, Key: w.message + ":taken", Ref: id, Message: w.message, Network: "tel", At: a.now()}
	if err != nil {
		var e *channel.Error
		errors.As(err, &e)
		ev = channel.Event{Kind: channel.EventFailed, Key: w.message + ":late:" + e.Code, Message: w.message, Network: "tel", Code: e.Code, Cause: e.Kind, At: a.now()}
	}
	select {
	case a.late <- []channel.Event{ev}:
	default: // the message stays unsure, until its report
	}
}

// bound waits a moment for the connection.
func (a *account) bound(ctx context.Context) (*link, error) {
	wait := time.NewTimer(a.patience.connect)
	defer wait.Stop()
	for {
		a.mu.Lock()
		l, running, changed, absent := a.link, a.running, a.changed, a.absent()
		a.mu.Unlock()
		if l != nil {
			return l, nil
		}
		var e *channel.Error
		if !running || errors.As(absent, &e) && e.Kind == channel.Misconfigured {
			return nil, absent
		}
		select {
		case <-changed:
		case <-wait.C:
			return nil, absent
		case <-ctx.Done():
			return nil, unreachable(ctx.Err())
		}
	}
}
