package smpp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"loa/channel"
)

// TestLost: before it left it may be sent again; afterwards nobody knows.
func TestLost(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(*peer, pdu)
		want channel.Kind
	}{
		"hung up":      {func(p *peer, _ pdu) { p.Close() }, channel.Unsure},
		"half said":    {func(p *peer, x pdu) { p.Write([]byte{0, 0, 0}); p.Close() }, channel.Unsure},
		"nonsense":     {func(p *peer, x pdu) { io.WriteString(p, "HTTP/1.1 400 Bad Request\r\n\r\n") }, channel.Unsure},
		"unbound":      {func(p *peer, x pdu) { p.send(pdu{command: unbind, seq: 1}) }, channel.Unsure},
		"says no":      {func(p *peer, x pdu) { p.send(pdu{command: submitSM | answer, status: 0x0B, seq: x.seq}) }, channel.Rejected},
		"no number":    {func(p *peer, x pdu) { p.send(pdu{command: submitSM | answer, seq: x.seq}) }, ""},
		"knows it not": {func(p *peer, x pdu) { p.send(pdu{command: genericNack, status: 3, seq: x.seq}) }, channel.Misconfigured},
	} {
		t.Run(name, func(t *testing.T) {
			centre := newCentre(t, nil)
			centre.submit = func(p *peer, x pdu, _ short, _ int) { c.do(p, x) }
			r := start(t, centre, nil, nil)
			if _, err := r.Send(context.Background(), message("Xin chao")); kindOf(err) != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

func TestNotBound(t *testing.T) {
	c := newCentre(t, nil)
	a, err := Driver.Open(settings(c, nil), channel.Tools{Now: fixed})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Send(context.Background(), message("x")); kindOf(err) != channel.Unreachable {
		t.Errorf("nobody runs it: %v", err)
	}
	if _, err := a.(channel.Checker).Check(context.Background()); kindOf(err) != channel.Unreachable {
		t.Errorf("nobody runs it: %v", err)
	}
	c.set(func() { c.status = 0x0E })
	r := start(t, c, nil, func(a *account) { a.patience.connect = 50 * time.Millisecond })
	until(t, "the refusal", func() bool { _, err := r.Check(context.Background()); return kindOf(err) == channel.Misconfigured })
	if _, err := r.Send(context.Background(), message("x")); kindOf(err) != channel.Misconfigured {
		t.Errorf("a wrong password: %v", err)
	}
	c.set(func() { c.status = 0x05 })
	until(t, "another refusal", func() bool { _, err := r.Check(context.Background()); return kindOf(err) == channel.Throttled })
	c.set(func() { c.status = 0 })
	until(t, "the connection", func() bool { _, err := r.Send(context.Background(), message("x")); return err == nil })
	c.set(func() { c.status = 0x0D })
	c.lis.Close()
	c.peer.Close()
	until(t, "the end", func() bool { _, err := r.Check(context.Background()); return kindOf(err) == channel.Unreachable })
	if _, err := r.Send(context.Background(), message("x")); kindOf(err) != channel.Unreachable {
		t.Errorf("nobody listens: %v", err)
	}
}

// TestReconnects after the centre hung up, as often as it does.
func TestReconnects(t *testing.T) {
	c := newCentre(t, nil)
	c.submit = func(p *peer, x pdu, _ short, n int) { taken(p, x, fmt.Sprint(n)); p.Close() }
	r := start(t, c, nil, nil)
	for i := 1; i <= 5; i++ {
		until(t, "a try", func() bool {
			got, err := r.Send(context.Background(), message("x"))
			return err == nil && got.Ref != ""
		})
	}
	if len(c.binds) < 5 {
		t.Errorf("%d binds", len(c.binds))
	}
}

// TestSilentCentre: one that does not say that it is there is left, and what waited is unsure.
func TestSilentCentre(t *testing.T) {
	c := newCentre(t, nil)
	c.submit = func(*peer, pdu, short, int) {}
	c.silent = true
	r := start(t, c, nil, func(a *account) { a.patience.enquire = 20 * time.Millisecond })
	if _, err := r.Send(context.Background(), message("x")); kindOf(err) != channel.Unsure {
		t.Errorf("%v", err)
	}
	<-c.binds
	<-c.binds
}

// TestAliveCentre: one that says so is kept, and is answered when it asks.
func TestAliveCentre(t *testing.T) {
	c := newCentre(t, nil)
	start(t, c, nil, func(a *account) { a.patience.enquire = 5 * time.Millisecond })
	<-c.binds
	time.Sleep(100 * time.Millisecond)
	c.peer.send(pdu{command: enquireLink, seq: 7})
	until(t, "the answer", func() bool { return len(c.answers()) == 1 })
	if a := c.answers()[0]; string(a.append(nil)) != string(unhex(t, goldenAliveToo)) {
		t.Errorf("%x", a.append(nil))
	}
	if len(c.binds) != 0 {
		t.Error("it connected anew")
	}
}

// TestLateAnswer: an answer after nobody waits settles what was unsure.
func TestLateAnswer(t *testing.T) {
	c := newCentre(t, nil)
	hold := make(chan uint32, 1)
	c.submit = func(p *peer, x pdu, _ short, n int) {
		go func() {
			if status := <-hold; status != 0 {
				p.send(pdu{command: submitSM | answer, status: status, seq: x.seq})
				return
			}
			taken(p, x, "77")
		}()
	}
	r := start(t, c, nil, func(a *account) { a.patience.answer = 30 * time.Millisecond })
	if _, err := r.Send(context.Background(), message("x")); kindOf(err) != channel.Unsure {
		t.Fatalf("%v", err)
	}
	hold <- 0
	if e := r.next(t); e.Kind != channel.EventTaken || e.Ref != "77" || e.Message != message("").ID {
		t.Errorf("%+v", e)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, err := r.Send(ctx, message("x")); kindOf(err) != channel.Unsure {
		t.Fatalf("%v", err)
	}
	hold <- 0x0B
	if e := r.next(t); e.Kind != channel.EventFailed || e.Code != "0x0B" || e.Cause != channel.Rejected || e.Message != message("").ID {
		t.Errorf("%+v", e)
	}
}

// TestLostWhileWaiting: one that waits for its turn when the connection ends never left; the one before it may have.
func TestLostWhileWaiting(t *testing.T) {
	c := newCentre(t, nil)
	c.submit = func(*peer, pdu, short, int) {}
	r := start(t, c, channel.Settings{"window": "1"}, nil)
	results := make(chan error, 2)
	go func() { _, err := r.Send(context.Background(), message("x")); results <- err }()
	until(t, "the message", func() bool { c.mu.Lock(); defer c.mu.Unlock(); return len(c.got) == 1 })
	go func() { _, err := r.Send(context.Background(), message("y")); results <- err }()
	time.Sleep(50 * time.Millisecond)
	c.lis.Close()
	c.peer.Close()
	kinds := map[channel.Kind]int{kindOf(<-results): 1}
	kinds[kindOf(<-results)]++
	if kinds[channel.Unsure] != 1 || kinds[channel.Unreachable] != 1 {
		t.Errorf("%v", kinds)
	}
}

// TestLeaves: what is under way comes to its end before the goodbye.
func TestLeaves(t *testing.T) {
	c := newCentre(t, nil)
	c.submit = func(p *peer, x pdu, _ short, n int) {
		go func() { time.Sleep(50 * time.Millisecond); taken(p, x, "5") }()
	}
	r := start(t, c, nil, nil)
	result := make(chan error, 1)
	go func() { _, err := r.Send(context.Background(), message("x")); result <- err }()
	until(t, "the message", func() bool { c.mu.Lock(); defer c.mu.Unlock(); return len(c.got) == 1 })
	r.stop()
	if err := <-result; err != nil {
		t.Errorf("%v", err)
	}
	<-r.ended
	if c.unbinds != 1 {
		t.Errorf("%d goodbyes", c.unbinds)
	}
	if _, err := r.Send(context.Background(), message("x")); kindOf(err) != channel.Unreachable {
		t.Errorf("after the end: %v", err)
	}
}

// stuck is a connection whose writes fail, as when the other side reset it and nobody read that yet.
type stuck struct{ net.Conn }

// TestHalfWritten: what did not leave whole is never acted on, so it may be sent again.
func TestHalfWritten(t *testing.T) {
	c := newCentre(t, nil)
	a, err := Driver.Open(settings(c, nil), channel.Tools{Now: fixed})
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := net.Pipe()
	defer theirs.Close()
	l := newLink(stuck{ours}, 1)
	a.(*account).set(func() { a.(*account).link = l })
	if _, err := a.Send(context.Background(), message("x")); kindOf(err) != channel.Unreachable {
		t.Errorf("%v", err)
	}
	select {
	case <-l.done:
	default:
		t.Error("the rest could still follow")
	}
}

// TestPausesGrow: a centre that refuses is asked less and less often.
func TestPausesGrow(t *testing.T) {
	c := newCentre(t, nil)
	c.status = 0x0E
	r := start(t, c, nil, func(a *account) { a.patience.first, a.patience.most = 5*time.Millisecond, time.Minute })
	time.Sleep(300 * time.Millisecond)
	r.stop()
	<-r.ended
	if n := c.count(); n < 2 || n > 8 { // 5, 10, 20, 40, 80, 160: six or seven
		t.Errorf("asked %d times", n)
	}
}

func (stuck) Write(b []byte) (int, error) { return len(b) / 2, errors.New("connection reset") }
