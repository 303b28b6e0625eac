package smpp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"loa/channel"
)

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
