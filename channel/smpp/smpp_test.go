package smpp

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"loa/channel"
)

func fixed() time.Time { return time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC) }

// centre is a message centre on the loopback. What it does with a submit_sm is up to the test.
type centre struct {
	t      *testing.T
	lis    net.Listener
	binds  chan pdu
	submit func(c *peer, p pdu, s short, n int) // n counts from 1 over all connections

	mu      sync.Mutex
	status  uint32 // of the next binds
	got     []short
	heard   []pdu // answers of Loa to deliver_sm
	unbinds int
	silent  bool
	peer    *peer

	accepted int
}

type peer struct {
	net.Conn
	mu sync.Mutex
}

func (p *peer) send(x pdu) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, _ = p.Write(x.append(nil))
}

func taken(c *peer, p pdu, id string) {
	c.send(pdu{command: submitSM | answer, seq: p.seq, body: appendString(nil, id)})
}

func newCentre(t *testing.T, secret *tls.Config) *centre {
	t.Helper()
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if secret != nil {
		lis = tls.NewListener(lis, secret)
	}
	c := &centre{t: t, lis: lis, binds: make(chan pdu, 16)}
	c.submit = func(p *peer, x pdu, _ short, n int) { taken(p, x, fmt.Sprintf("%08x", n)) }
	t.Cleanup(func() { lis.Close() })
	go func() {
		for {
			conn, err := lis.Accept()
			if err != nil {
				return
			}
			c.set(func() { c.accepted++ })
			go c.serve(&peer{Conn: conn})
		}
	}()
	return c
}

func (c *centre) serve(p *peer) {
	defer p.Close()
	for {
		x, err := readPDU(p)
		if err != nil {
			return
		}
		c.mu.Lock()
		silent, status := c.silent, c.status
		c.mu.Unlock()
		switch x.command {
		case bindTransceiver:
			p.send(pdu{command: bindTransceiver | answer, status: status, seq: x.seq, body: appendString(nil, "centre")})
			if status == 0 {
				c.mu.Lock()
				c.peer = p
				c.mu.Unlock()
			}
			c.binds <- x
		case submitSM:
			s, err := readShort(x.body)
			if err != nil {
				c.t.Errorf("a garbled submit_sm: %v", err)
				return
			}
			c.mu.Lock()
			c.got = append(c.got, s)
			n, do := len(c.got), c.submit
			c.mu.Unlock()
			do(p, x, s, n)
		case enquireLink:
			if !silent {
				p.send(pdu{command: enquireLink | answer, seq: x.seq})
			}
		case unbind:
			c.mu.Lock()
			c.unbinds++
			c.mu.Unlock()
			p.send(pdu{command: unbind | answer, seq: x.seq})
		default:
			c.mu.Lock()
			c.heard = append(c.heard, x)
			c.mu.Unlock()
		}
	}
}

func (c *centre) set(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
}

func (c *centre) answers() []pdu {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]pdu(nil), c.heard...)
}

// bound opens an account at a centre and runs it.
type running struct {
	*account
	events chan channel.Event
	stop   context.CancelFunc
	ended  chan struct{}
	refuse error // what keeping an event comes to
	mu     sync.Mutex
}

func settings(c *centre, more channel.Settings) channel.Settings {
	s := channel.Settings{"address": c.lis.Addr().String(), "line": "private", "tls": "no", "system_id": "loa", "password": "secret", "sender": "BHXHDaiLoc"}
	for k, v := range more {
		s[k] = v
	}
	return s
}

func start(t *testing.T, c *centre, more channel.Settings, change func(*account)) *running {
	t.Helper()
	a, err := Driver.Open(settings(c, more), channel.Tools{Now: fixed})
	if err != nil {
		t.Fatal(err)
	}
	r := &running{account: a.(*account), events: make(chan channel.Event, 100), ended: make(chan struct{})}
	r.patience.first, r.patience.most, r.patience.drain = 5*time.Millisecond, 20*time.Millisecond, time.Second
	if change != nil {
		change(r.account)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	go func() {
		defer close(r.ended)
		if err := r.Run(ctx, func(_ context.Context, told []channel.Event) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			if r.refuse != nil {
				return r.refuse
			}
			for _, e := range told {
				r.events <- e
			}
			return nil
		}); err != nil {
			t.Errorf("it ended with %v", err)
		}
	}()
	t.Cleanup(func() { cancel(); <-r.ended })
	until(t, "the start", func() bool { r.account.mu.Lock(); defer r.account.mu.Unlock(); return r.running })
	return r
}

func (r *running) next(t *testing.T) channel.Event {
	t.Helper()
	select {
	case e := <-r.events:
		return e
	case <-time.After(5 * time.Second):
		t.Fatal("nothing was told")
	}
	return channel.Event{}
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("%s never came", what)
}

func message(text string) channel.Message {
	return channel.Message{ID: "01939f2e7c4b7d3a9b1c2d3e4f50612a", Network: "tel", To: "84901234567", Purpose: "administrative", Text: text}
}

func kindOf(err error) channel.Kind {
	var e *channel.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

func TestSendAndReport(t *testing.T) {
	c := newCentre(t, nil)
	c.submit = func(p *peer, x pdu, s short, n int) {
		taken(p, x, "1a2b3c4d")
		d, _ := readPDU(strings.NewReader(string(unhex(t, goldenReport))))
		rep, _ := readShort(d.body)
		rep.message, rep.options = []byte("id:439041101 sub:001 dlvrd:001 stat:DELIVRD err:000 text:"), nil // in decimal, at once
		p.send(pdu{command: deliverSM, seq: 99, body: rep.append(nil)})
	}
	r := start(t, c, nil, nil)
	got, err := r.Send(context.Background(), message("Xin chào"))
	if err != nil || got != (channel.Receipt{Ref: "1a2b3c4d", Parts: 1}) {
		t.Fatalf("%+v, %v", got, err)
	}
	b := <-c.binds
	if string(b.append(nil)) != string(unhex(t, goldenBind)) {
		t.Errorf("bound with %x", b.append(nil))
	}
	if s := c.got[0]; string(pdu{command: submitSM, seq: 2, body: s.append(nil)}.append(nil)) != string(unhex(t, goldenSubmit)) {
		t.Errorf("sent %+v", s)
	}
	want := channel.Event{Kind: channel.EventDelivered, Key: "439041101:delivered", Ref: "1a2b3c4d", Message: message("").ID, Network: "tel", From: "84901234567", At: fixed()}
	if e := r.next(t); fmt.Sprint(e) != fmt.Sprint(want) {
		t.Errorf("told %+v, want %+v", e, want)
	}
	until(t, "the answer", func() bool { return len(c.answers()) == 1 })
	if a := c.answers()[0]; string(a.append(nil)) != string(unhex(t, goldenHeard)) {
		t.Errorf("answered %x", a.append(nil))
	}
	if h, err := r.Check(context.Background()); err != nil || h.Name != "loa" {
		t.Errorf("%+v, %v", h, err)
	}
}

// TestUnknownReport: a report of a message sent before a restart carries every spelling, so that the ledger finds it.
func TestUnknownReport(t *testing.T) {
	c := newCentre(t, nil)
	r := start(t, c, nil, nil)
	<-c.binds
	c.peer.send(pdu{command: deliverSM, seq: 5, body: report("id:439041101 stat:UNDELIV err:045").append(nil)})
	e := r.next(t)
	if e.Kind != channel.EventFailed || e.Ref != "439041101" || e.Cause != channel.Rejected || e.Code != "UNDELIV:045" || !strings.Contains(fmt.Sprint(e.Also), "1a2b3c4d") {
		t.Errorf("%+v", e)
	}
}

// TestEventsNotKept: what could not be kept is not acknowledged, and comes again.
func TestEventsNotKept(t *testing.T) {
	c := newCentre(t, nil)
	r := start(t, c, nil, nil)
	<-c.binds
	r.mu.Lock()
	r.refuse = errors.New("the database is away")
	r.mu.Unlock()
	reply := short{source: address{1, 1, "84901234567"}, message: []byte("TC")}
	c.peer.send(pdu{command: deliverSM, seq: 6, body: reply.append(nil)})
	until(t, "the answer", func() bool { return len(c.answers()) == 1 })
	if a := c.answers()[0]; a.command != deliverSM|answer || a.status != statusTryAgain || a.seq != 6 {
		t.Errorf("%+v", a)
	}
	r.mu.Lock()
	r.refuse = nil
	r.mu.Unlock()
	c.peer.send(pdu{command: deliverSM, seq: 7, body: reply.append(nil)})
	if e := r.next(t); e.Kind != channel.EventReply || e.Text != "TC" {
		t.Errorf("%+v", e)
	}
	c.peer.send(pdu{command: deliverSM, seq: 8, body: []byte("garbled")})
	c.peer.send(pdu{command: 0x21, seq: 9})
	until(t, "the answers", func() bool { return len(c.answers()) == 4 })
	for _, a := range c.answers()[1:] {
		if want := uint32(0); a.command == genericNack && a.status != statusBadCommand || a.command != genericNack && a.status != want {
			t.Errorf("%+v", a)
		}
	}
}

// TestLongText: all parts must arrive before the message did, and one lost part loses it.
func TestLongText(t *testing.T) {
	c := newCentre(t, nil)
	r := start(t, c, channel.Settings{"accents": "yes"}, nil)
	text := "Kính mời bà con thôn Đồng Tâm đến nhà văn hóa nghe về bảo hiểm xã hội tự nguyện lúc 8 giờ sáng thứ Bảy."
	got, err := r.Send(context.Background(), message(text))
	if err != nil || got != (channel.Receipt{Ref: "00000002", Parts: 2}) {
		t.Fatalf("%+v, %v", got, err)
	}
	if len(c.got) != 2 || fmt.Sprintf("%x", c.got[0].message[:6]) != "0500032a0201" || fmt.Sprintf("%x", c.got[1].message[:6]) != "0500032a0202" || c.got[0].esm != 0x40 || c.got[0].coding != 8 {
		t.Errorf("%+v", c.got)
	}
	for i, id := range []string{"2", "2", "1"} { // the second part first, twice
		c.peer.send(pdu{command: deliverSM, seq: uint32(20 + i), body: report("id:" + id + " stat:DELIVRD").append(nil)})
		want := channel.EventTaken
		if i == 2 {
			want = channel.EventDelivered
		}
		if e := r.next(t); e.Kind != want || e.Ref != "00000002" || e.Message != message("").ID {
			t.Errorf("report %d: %+v, want %s", i, e, want)
		}
	}
	c.peer.send(pdu{command: deliverSM, seq: 30, body: report("id:1 stat:EXPIRED").append(nil)})
	if e := r.next(t); e.Kind != channel.EventFailed || e.Ref != "00000002" {
		t.Errorf("%+v", e)
	}
}

// TestLongTextGoesOn: what was taken is not sent again, whatever stopped the rest.
func TestLongTextGoesOn(t *testing.T) {
	for name, stop := range map[string]func(*peer, pdu){
		"throttled":      func(p *peer, x pdu) { p.send(pdu{command: submitSM | answer, status: 0x58, seq: x.seq}) },
		"needs a person": func(p *peer, x pdu) { p.send(pdu{command: genericNack, status: 0x04, seq: x.seq}) },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCentre(t, nil)
			c.submit = func(p *peer, x pdu, s short, n int) {
				if n == 2 {
					stop(p, x)
					return
				}
				taken(p, x, fmt.Sprint("id", n))
			}
			r := start(t, c, nil, nil)
			m := message(strings.Repeat("a", 307))
			first, err := r.Send(context.Background(), m)
			if err != nil || first.Resume == "" || first.Ref != "" || first.After == 0 {
				t.Fatalf("%+v, %v", first, err)
			}
			if o, _ := channel.OutcomeOf(first, err, false); o != channel.Going {
				t.Errorf("the outcome is %s", o)
			}
			m.Resume = first.Resume
			second, err := r.Send(context.Background(), m)
			if err != nil || second != (channel.Receipt{Ref: "id4", Parts: 3}) {
				t.Fatalf("%+v, %v", second, err)
			}
			var order string
			for _, s := range c.got {
				order += fmt.Sprint(s.message[5])
			}
			if order != "1223" {
				t.Errorf("the parts went out as %s", order)
			}
			m.Text = "short"
			if _, err := r.Send(context.Background(), m); kindOf(err) != channel.Unsure {
				t.Errorf("another text goes on: %v", err)
			}
		})
	}
}

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

// TestWindow: no more questions are open than the contract allows, and one that waits for its turn never left.
func TestWindow(t *testing.T) {
	c := newCentre(t, nil)
	var mu sync.Mutex
	var held []func()
	c.submit = func(p *peer, x pdu, _ short, n int) {
		mu.Lock()
		defer mu.Unlock()
		held = append(held, func() { taken(p, x, fmt.Sprint(n)) })
	}
	r := start(t, c, channel.Settings{"window": "3"}, nil)
	results := make(chan error, 3)
	for range 3 {
		go func() { _, err := r.Send(context.Background(), message("x")); results <- err }()
	}
	count := func() int { mu.Lock(); defer mu.Unlock(); return len(held) }
	until(t, "the window", func() bool { return count() == 3 })
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := r.Send(ctx, message("x")); kindOf(err) != channel.Unreachable {
		t.Errorf("%v", err)
	}
	if count() != 3 {
		t.Errorf("%d were sent", count())
	}
	mu.Lock()
	for i := len(held) - 1; i >= 0; i-- { // in the other order
		held[i]()
	}
	mu.Unlock()
	for range 3 {
		if err := <-results; err != nil {
			t.Error(err)
		}
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

func certificate(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "smsc.example"}, DNSNames: []string{"smsc.example"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func TestTLS(t *testing.T) {
	cert, ca := certificate(t)
	c := newCentre(t, &tls.Config{Certificates: []tls.Certificate{cert}})
	r := start(t, c, channel.Settings{"tls": "yes", "tls_name": "smsc.example", "tls_ca": ca}, nil)
	if got, err := r.Send(context.Background(), message("x")); err != nil || got.Ref != "00000001" {
		t.Errorf("%+v, %v", got, err)
	}
	other := start(t, c, channel.Settings{"tls": "yes", "tls_name": "elsewhere.example", "tls_ca": ca}, func(a *account) { a.patience.connect = 50 * time.Millisecond })
	if _, err := other.Send(context.Background(), message("x")); kindOf(err) != channel.Unreachable {
		t.Errorf("another's certificate: %v", err)
	}
}

// TestNothingInside: an account on the internet reaches nothing in the office's own network.
func TestNothingInside(t *testing.T) {
	c := newCentre(t, nil)
	r := start(t, c, channel.Settings{"line": "internet", "tls": "yes"}, func(a *account) { a.patience.connect = 50 * time.Millisecond })
	if _, err := r.Send(context.Background(), message("x")); kindOf(err) != channel.Unreachable || c.count() != 0 {
		t.Errorf("%v, %d connections", err, c.count())
	}
}

func (c *centre) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.accepted
}

// stuck is a connection whose writes fail, as when the other side reset it and nobody read that yet.
type stuck struct{ net.Conn }

func (stuck) Write(b []byte) (int, error) { return len(b) / 2, errors.New("connection reset") }

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

func TestSettings(t *testing.T) {
	c := newCentre(t, nil)
	for key, values := range map[string][]string{
		"address": {"", "smsc.example"}, "system_id": {""}, "password": {""}, "sender": {"", "BHXHDaiLocQN", "Đại Lộc"}, "window": {"0", "x"}, "enquire_seconds": {"0"}, "max_parts": {"256"}, "source_ton": {"-1"},
		"codes": {"0x401=x"}, "tls_ca": {"x"},
	} {
		for _, v := range values {
			s := settings(c, channel.Settings{"tls": "yes", key: v})
			var e *channel.Error
			if _, err := Driver.Open(s, channel.Tools{}); !errors.As(err, &e) || e.Kind != channel.Misconfigured || e.Code != "setting."+key {
				t.Errorf("%s %q: %v", key, v, err)
			}
		}
	}
	var e *channel.Error
	if _, err := Driver.Open(settings(c, channel.Settings{"line": "internet"}), channel.Tools{}); !errors.As(err, &e) || e.Code != "setting.tls" {
		t.Errorf("in the open over the internet: %v", err)
	}
	if _, err := Driver.Open(settings(c, channel.Settings{"source_ton": "1", "sender": "84901234567"}), channel.Tools{}); err != nil {
		t.Errorf("a number as sender: %v", err)
	}
}

func TestVerify(t *testing.T) {
	c := newCentre(t, nil)
	for name, x := range map[string]struct {
		more channel.Settings
		m    channel.Message
		want string
	}{
		"plain":          {nil, message("Xin chào"), ""},
		"three":          {nil, message(strings.Repeat("a", 459)), ""},
		"too long":       {nil, message(strings.Repeat("a", 460)), "content too_long"},
		"empty":          {nil, message(" "), "content empty"},
		"a picture":      {nil, message("😀"), "content alphabet"},
		"with accents":   {channel.Settings{"accents": "yes"}, message("😀"), ""},
		"abroad":         {nil, channel.Message{To: "85620123456", Text: "x"}, "address address"},
		"no ads":         {nil, channel.Message{To: "84901234567", Text: "[QC] x", Purpose: "advertising"}, "content advertising"},
		"ad":             {channel.Settings{"advertising": "yes"}, channel.Message{To: "84901234567", Text: "[QC] x", Purpose: "advertising"}, ""},
		"unlabelled ad":  {channel.Settings{"advertising": "yes"}, channel.Message{To: "84901234567", Text: "x [QC]", Purpose: "advertising"}, "content label"},
		"ASCII, in part": {channel.Settings{"alphabet": "ascii", "accents": "yes"}, message("à"), ""},
	} {
		a, err := Driver.Open(settings(c, x.more), channel.Tools{})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		var e *channel.Error
		if err := a.(channel.Verifier).Verify(context.Background(), x.m); errors.As(err, &e) {
			got = string(e.About) + " " + e.Code
		} else if err != nil {
			got = err.Error()
		}
		if got != x.want {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
}

var _ channel.Runner = &account{}
