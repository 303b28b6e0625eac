package smpp

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"loa/channel"
)

// tellEvents hands over what the centre told. Only what was kept is answered as taken.
type tellEvents func(context.Context, []channel.Event) error

// Run holds the connection until ctx ends: binds, listens, and connects anew, each time after a longer pause.
func (a *account) Run(ctx context.Context, events func(context.Context, []channel.Event) error) error {
	a.set(func() { a.running = true })
	defer a.set(func() { a.running, a.failed = false, nil })
	pause := a.patience.first
	for ctx.Err() == nil {
		bound, err := a.hold(ctx, events)
		if bound {
			pause = a.patience.first
		}
		if ctx.Err() != nil {
			break
		}
		a.set(func() { a.failed = err })
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, a.patience.most)
	}
	return nil
}

// set changes what others wait for.
func (a *account) set(change func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	change()
	close(a.changed)
	a.changed = make(chan struct{})
}

// hold connects, binds and serves one connection to its end; bound says whether the centre let us in.
func (a *account) hold(ctx context.Context, events tellEvents) (bound bool, err error) {
	conn, err := a.connect(ctx)
	if err != nil {
		return false, unreachable(err)
	}
	l := newLink(conn, a.window)
	defer l.close(errGone)
	if err := a.bind(ctx, l); err != nil {
		return false, err
	}
	worked := make(chan struct{})
	go func() {
		defer close(worked)
		a.work(context.WithoutCancel(ctx), l, events)
	}()
	go l.watch(a.patience.enquire)
	a.set(func() { a.link, a.failed = l, nil })
	select {
	case <-l.done:
		a.set(func() { a.link = nil })
	case <-ctx.Done():
		a.set(func() { a.link = nil })
		a.leave(l)
	}
	<-worked
	return true, unreachable(l.err)
}

func (a *account) connect(ctx context.Context) (net.Conn, error) {
	conn, err := a.dial.DialContext(ctx, "tcp", a.s["address"])
	if err != nil || a.tls == nil {
		return conn, err
	}
	ctx, cancel := context.WithTimeout(ctx, a.patience.bind)
	defer cancel()
	secret := tls.Client(conn, a.tls)
	if err := secret.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return secret, nil
}

func (a *account) bind(ctx context.Context, l *link) error {
	ctx, cancel := context.WithTimeout(ctx, a.patience.bind)
	defer cancel()
	body := bind{systemID: a.s["system_id"], password: a.s["password"], systemType: a.s["system_type"], version: versionThree4}
	res, err := l.ask(ctx, bindTransceiver, body.append(nil), nil)
	if err != nil {
		return unreachable(fmt.Errorf("bind: %w", err))
	}
	return a.failureOf(res)
}

// leave lets what is under way come to its end, and says goodbye.
func (a *account) leave(l *link) {
	ctx, cancel := context.WithTimeout(context.Background(), a.patience.drain)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for l.open() > 0 && ctx.Err() == nil {
		select {
		case <-tick.C:
		case <-l.done:
			return
		case <-ctx.Done():
		}
	}
	goodbye, stop := context.WithTimeout(context.Background(), a.patience.drain)
	defer stop()
	_, _ = l.ask(goodbye, unbind, nil, nil) // whether it says goodbye or not, we go
	l.close(errors.New("unbound"))
}

// work hands on what the centre tells, one after the other, until the connection has ended and all was looked at.
func (a *account) work(ctx context.Context, l *link, events tellEvents) {
	inbox := l.inbox
	for inbox != nil {
		select {
		case p, ok := <-inbox:
			if !ok {
				inbox = nil
				continue
			}
			status := a.take(ctx, p, events)
			_ = l.write(pdu{command: deliverSM | answer, status: status, seq: p.seq, body: []byte{0}}) // unanswered, it comes again
		case late := <-a.late:
			_ = a.tell(ctx, late, events) // its report will tell it once more
		}
	}
}

// take reads a message of the centre and hands it on; the status says whether it must come again.
func (a *account) take(ctx context.Context, p pdu, events tellEvents) uint32 {
	s, err := readShort(p.body)
	if err != nil {
		return statusOK // it would be as garbled the next time
	}
	told := a.eventsOf(s)
	if len(told) == 0 {
		return statusOK
	}
	if err := a.tell(ctx, told, events); err != nil {
		return statusTryAgain
	}
	return statusOK
}

func (a *account) tell(ctx context.Context, told []channel.Event, events tellEvents) error {
	ctx, cancel := context.WithTimeout(ctx, a.patience.answer)
	defer cancel()
	return events(ctx, told)
}

// eventsOf reads a report, or what a person wrote.
func (a *account) eventsOf(s short) []channel.Event {
	if r, ok := readReceipt(s); ok {
		return []channel.Event{a.reported(r, international(s.source.addr))}
	}
	if s.esm&esmKind != 0 { // an acknowledgement of a telephone, or a report without a number
		return nil
	}
	text := textOf(s, a.s["alphabet"] == "ascii")
	from := international(s.source.addr)
	if strings.TrimSpace(text) == "" || from == "" {
		return nil
	}
	now := a.now()
	return []channel.Event{{Kind: channel.EventReply, Key: replyKey(s, now), Network: "tel", From: from, Text: text, At: now}}
}

// reported is what a report says of a message. A part of a long text says that it arrived when the others did.
func (a *account) reported(r receipt, from string) channel.Event {
	ev := channel.Event{Kind: r.kind(), Ref: r.id, Network: "tel", From: from, At: a.now()}
	message, ref, all, known := a.remembers.find(r.id, ev.Kind == channel.EventDelivered)
	switch {
	case known:
		ev.Message = message
		if ref != "" {
			ev.Ref = ref
		}
		if ev.Kind == channel.EventDelivered && !all {
			ev.Kind = channel.EventTaken
		}
	default:
		ev.Also = spellings(r.id)[1:]
	}
	ev.Key = canonical(r.id) + ":" + string(ev.Kind)
	if ev.Kind == channel.EventFailed {
		ev.Cause, ev.Code = channel.Rejected, r.reason()
	}
	return ev
}

// replyKey is the same when a message comes again because our answer was lost. Centres give it no number, so it is told by what it says and
// when, to ten minutes.
func replyKey(s short, now time.Time) string {
	h := sha256.New()
	for _, field := range []string{s.source.addr, s.dest.addr, string(s.message), strconv.FormatInt(now.Unix()/600, 10)} {
		fmt.Fprintf(h, "%d:%s", len(field), field)
	}
	return "reply:" + hex.EncodeToString(h.Sum(nil)[:16])
}

// international brings the number of a telephone to the form of our addresses; a name or a short number has none.
func international(s string) string {
	s = strings.TrimPrefix(s, "+")
	if national, ok := strings.CutPrefix(s, "0"); ok {
		s = "84" + national
	}
	if len(s) < 11 || len(s) > 12 || !strings.HasPrefix(s, "84") || !isDigits(s) {
		return ""
	}
	return s
}
