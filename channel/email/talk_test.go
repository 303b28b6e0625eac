package email

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"loa/channel"
	"loa/channel/channeltest"
)

// talk is one recorded conversation with a mail server: what it answers to each command, where it hangs up, and what must come of it.
type talk struct {
	About    string            `json:"about"`
	Settings map[string]string `json:"settings,omitempty"`
	Message  *channel.Message  `json:"message,omitempty"` // empty: the one of all tests
	Says     map[string]string `json:"says,omitempty"`    // by greeting, ehlo, auth, mail, rcpt, data, letter; "drop" hangs up; "" answers as all is well
	Heard    []string          `json:"heard,omitempty"`   // the commands of the client, in order
	Receipt  *channel.Receipt  `json:"receipt,omitempty"`
	Outcome  channel.Outcome   `json:"outcome"`
	Error    *struct {
		Kind  channel.Kind  `json:"kind"`
		About channel.About `json:"about,omitempty"`
		Code  string        `json:"code,omitempty"`
		After string        `json:"after,omitempty"`
	} `json:"error,omitempty"`
}

// actor answers as recorded.
type actor struct {
	says  map[string]string
	pipes bool
	mu    sync.Mutex
	heard []string
	links int
}

func (a *actor) serve(t *testing.T) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			a.mu.Lock()
			a.links++
			a.mu.Unlock()
			go a.talk(c)
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

func (a *actor) talk(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	say := func(step, well string) bool {
		s := a.says[step]
		if s == "" {
			s = well
		}
		if s == "drop" {
			return false
		}
		_, err := c.Write([]byte(strings.ReplaceAll(s, "\n", "\r\n") + "\r\n"))
		return err == nil
	}
	if !say("greeting", "220 mx.example ESMTP") {
		return
	}
	ehlo := "250-mx.example\n250-SIZE 1000000\n250-AUTH PLAIN LOGIN\n250 ENHANCEDSTATUSCODES"
	if a.pipes {
		ehlo = strings.Replace(ehlo, "250-SIZE", "250-PIPELINING\n250-SIZE", 1)
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		a.mu.Lock()
		a.heard = append(a.heard, line)
		a.mu.Unlock()
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		on := true
		switch verb {
		case "EHLO":
			on = say("ehlo", ehlo)
		case "HELO":
			on = say("helo", "250 mx.example")
		case "AUTH":
			on = say("auth", "235 2.7.0 ok")
		case "MAIL":
			on = say("mail", "250 2.1.0 ok")
		case "RCPT":
			on = say("rcpt", "250 2.1.5 ok")
		case "DATA":
			on = say("data", map[bool]string{true: "354 go on", false: "503 5.5.1 whom to"}[(a.says["rcpt"] == "" || a.says["rcpt"][0] == '2') && (a.says["mail"] == "" || a.says["mail"][0] == '2')])
			if on && (a.says["data"] == "" || a.says["data"][0] == '3') && (a.says["rcpt"] == "" || a.says["rcpt"][0] == '2') && (a.says["mail"] == "" || a.says["mail"][0] == '2') {
				for line != ".\r\n" {
					if line, err = in.ReadString('\n'); err != nil {
						return
					}
				}
				on = say("letter", "250 2.0.0 Ok: queued as 4XYZ12")
			}
		case "RSET":
			on = say("rset", "250 2.0.0 ok")
		case "QUIT":
			say("quit", "221 2.0.0 bye")
			return
		default:
			on = say("other", "500 5.5.2 what")
		}
		if !on {
			return
		}
	}
}

// TestTalks plays every recorded conversation, with a server that takes several commands at once and with one that does not.
func TestTalks(t *testing.T) {
	names, _ := filepath.Glob("testdata/smtp_*.json")
	if len(names) < 40 {
		t.Fatalf("only %d conversations", len(names))
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var w talk
		in := json.NewDecoder(strings.NewReader(string(raw)))
		in.DisallowUnknownFields()
		if err := in.Decode(&w); err != nil || w.About == "" {
			t.Fatalf("%s: %v", name, err)
		}
		for _, pipes := range []bool{true, false} {
			t.Run(strings.TrimSuffix(filepath.Base(name), ".json")+map[bool]string{true: "", false: "_one_by_one"}[pipes], func(t *testing.T) { w.play(t, pipes) })
		}
	}
}

func (w talk) play(t *testing.T, pipes bool) {
	act := &actor{says: w.Says, pipes: pipes}
	s := settings(act.serve(t))
	for k, v := range w.Settings {
		s[k] = v
	}
	a, err := open(s, channel.Tools{Now: func() time.Time { return testNow }})
	if err != nil {
		t.Fatal(err)
	}
	m := message()
	if w.Message != nil {
		m = *w.Message
	}
	r, err := a.Send(context.Background(), m)
	got, e := channel.OutcomeOf(r, err, Driver.Repeatable > 0)
	if got != w.Outcome {
		t.Errorf("the outcome is %s, want %s (%v)", got, w.Outcome, err)
	}
	if w.Receipt != nil && (r.Ref != w.Receipt.Ref || r.Delivered != w.Receipt.Delivered) {
		t.Errorf("the receipt is %+v, want %+v", r, *w.Receipt)
	}
	if (w.Error == nil) != (err == nil) {
		t.Fatalf("it failed with %v", err)
	}
	if w.Error != nil {
		least, _ := time.ParseDuration(w.Error.After)
		if e.Kind != w.Error.Kind || e.About != w.Error.About || w.Error.Code != "" && e.Code != w.Error.Code || e.After < least {
			t.Errorf("it failed as %s about %q with %q after %s, want %+v (%v)", e.Kind, e.About, e.Code, e.After, *w.Error, err)
		}
	}
	act.mu.Lock()
	defer act.mu.Unlock()
	if w.Heard != nil && strings.Join(act.heard, "\n") != strings.Join(w.Heard, "\n") && pipes {
		t.Errorf("the server heard\n%s, want\n%s", strings.Join(act.heard, "\n"), strings.Join(w.Heard, "\n"))
	}
}

// TestReceive plays the calls that hand over letters.
func TestReceive(t *testing.T) { channeltest.RunFiles(t, Driver, "testdata/receive_*.json") }

// TestIdleClosed sees to it that a connection the server closed while it lay idle costs nothing, and that one that dies later does.
func TestIdleClosed(t *testing.T) {
	act := &actor{says: map[string]string{}, pipes: true}
	a := opened(t, settings(act.serve(t)))
	if _, err := a.Send(context.Background(), message()); err != nil {
		t.Fatal(err)
	}
	l := waitIdle(t, a)
	l.conn.Conn.(*net.TCPConn).CloseRead() // as if the server had gone
	if _, err := a.Send(context.Background(), message()); err != nil {
		t.Fatalf("the second letter: %v", err)
	}
	if act.links != 2 {
		t.Errorf("%d connections were made, want 2", act.links)
	}
	act.says["mail"] = "421 4.3.2 restarting"
	waitIdle(t, a)
	_, err := a.Send(context.Background(), message())
	var e *channel.Error
	if !errors.As(err, &e) || e.Kind != channel.Throttled || e.Code != "4.3.2" || act.links != 3 {
		t.Errorf("a server that restarts is %v over %d connections", err, act.links)
	}
}

func waitIdle(t *testing.T, a *account) *link {
	t.Helper()
	for range 200 {
		a.pool.mu.Lock()
		n := len(a.pool.idle)
		var l *link
		if n > 0 {
			l = a.pool.idle[n-1]
		}
		a.pool.mu.Unlock()
		if l != nil {
			return l
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("no connection is kept")
	return nil
}

// TestPatience: a server that says nothing is left when the caller's time is up, and what was handed over is unsure.
func TestPatience(t *testing.T) {
	for step, want := range map[string]channel.Kind{"data": channel.Unreachable, "letter": channel.Unsure, "greeting": channel.Unreachable} {
		act := &actor{says: map[string]string{step: "hold"}, pipes: true}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				go act.talk(slow{c})
			}
		}()
		a := opened(t, settings(l.Addr().(*net.TCPAddr).Port))
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		_, err = a.Send(ctx, message())
		cancel()
		var e *channel.Error
		if !errors.As(err, &e) || e.Kind != want {
			t.Errorf("silence at %s is %v, want %s", step, err, want)
		}
	}
}

// slow swallows what is to be held back.
type slow struct{ net.Conn }

func (s slow) Write(p []byte) (int, error) {
	if string(p) == "hold\r\n" {
		return len(p), nil
	}
	return s.Conn.Write(p)
}
