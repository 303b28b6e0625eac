package fake

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// mailTalk is one connection with a sender of letters.
type mailTalk struct {
	m        *Mail
	conn     net.Conn
	tp       *textproto.Conn
	greeted  bool
	secret   bool
	signedIn bool
	from, to string
	begun    bool
	carried  int
	ended    bool
}

// serve talks until the sender takes leave, or a fault tears the connection off.
func (t *mailTalk) serve(ctx context.Context) {
	t.tp = textproto.NewConn(t.conn)
	name := ""
	t.m.w.Change(func() { name = t.m.Name })
	if !t.may(ctx, "connect") {
		return
	}
	t.say("220 " + name + " ESMTP")
	for !t.ended {
		line, err := t.tp.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		t.hear(ctx, strings.ToUpper(verb), strings.TrimSpace(rest))
	}
}

func (t *mailTalk) say(lines ...string) { _ = t.tp.PrintfLine("%s", strings.Join(lines, "\r\n")) }

func (t *mailTalk) hear(ctx context.Context, verb, rest string) {
	switch verb {
	case "EHLO", "HELO":
		t.hello(verb, rest)
	case "STARTTLS":
		t.encrypt(ctx)
	case "AUTH":
		if t.may(ctx, "auth") {
			t.signIn(rest)
		}
	case "MAIL":
		if t.may(ctx, "mail") {
			t.sender(rest)
		}
	case "RCPT":
		if t.may(ctx, "rcpt") {
			t.recipient(rest)
		}
	case "DATA":
		if t.may(ctx, "data") {
			t.letter(ctx)
		}
	case "RSET":
		t.reset()
		t.say("250 2.0.0 OK")
	case "NOOP":
		t.say("250 2.0.0 OK")
	case "VRFY":
		t.say("252 2.5.1 Try it and see")
	case "QUIT":
		t.say("221 2.0.0 Goodbye")
		t.ended = true
	default:
		t.say("500 5.5.1 Unknown command")
	}
}

func (t *mailTalk) reset() { t.from, t.to, t.begun = "", "", false }

func (t *mailTalk) hello(verb, rest string) {
	if rest == "" {
		t.say("501 5.5.4 Say who you are")
		return
	}
	t.greeted = true
	t.reset()
	var name, user string
	size := 0
	t.m.w.Change(func() { name, user, size = t.m.Name, t.m.User, t.m.MaxSize })
	if verb == "HELO" {
		t.say("250 " + name)
		return
	}
	lines := []string{"250-" + name, "250-PIPELINING", "250-8BITMIME", "250-SIZE " + strconv.Itoa(size)}
	if t.m.TLS != nil && !t.secret {
		lines = append(lines, "250-STARTTLS")
	}
	if user != "" {
		lines = append(lines, "250-AUTH PLAIN LOGIN")
	}
	t.say(append(lines, "250 ENHANCEDSTATUSCODES")...)
}

func (t *mailTalk) encrypt(ctx context.Context) {
	if t.m.TLS == nil || t.secret {
		t.say("454 4.7.0 TLS is not available")
		return
	}
	t.say("220 2.0.0 Ready")
	c := tls.Server(t.conn, t.m.TLS)
	if err := c.HandshakeContext(ctx); err != nil {
		t.ended = true
		return
	}
	t.conn, t.tp, t.secret, t.greeted, t.signedIn = c, textproto.NewConn(c), true, false, false
}

func (t *mailTalk) signIn(rest string) {
	way, first, _ := strings.Cut(rest, " ")
	ask := func(prompt string) string {
		t.say("334 " + base64.StdEncoding.EncodeToString([]byte(prompt)))
		line, _ := t.tp.ReadLine()
		return line
	}
	unpack := func(s string) string {
		raw, _ := base64.StdEncoding.DecodeString(s)
		return string(raw)
	}
	var user, password string
	switch strings.ToUpper(way) {
	case "PLAIN":
		if first == "" {
			first = ask("")
		}
		parts := strings.Split(unpack(first), "\x00")
		if len(parts) == 3 {
			user, password = parts[1], parts[2]
		}
	case "LOGIN":
		if first == "" {
			first = ask("Username:")
		}
		user, password = unpack(first), unpack(ask("Password:"))
	default:
		t.say("504 5.5.4 Unknown mechanism")
		return
	}
	t.m.w.Change(func() { t.signedIn = t.m.User != "" && user == t.m.User && password == t.m.Password })
	if !t.signedIn {
		t.say("535 5.7.8 Authentication credentials invalid")
		return
	}
	t.say("235 2.7.0 Authentication succeeded")
}

func (t *mailTalk) sender(rest string) {
	from, size, ok := pathOf(rest, "FROM:")
	needs, most, per := false, 0, 0
	t.m.w.Change(func() { needs, most, per = t.m.User != "", t.m.MaxSize, t.m.PerLink })
	switch {
	case !t.greeted:
		t.say("503 5.5.1 Say hello first")
	case !ok:
		t.say("501 5.1.7 Bad sender address")
	case needs && !t.signedIn:
		t.say("530 5.7.0 Authentication required")
	case size > most:
		t.say("552 5.3.4 Message size exceeds fixed limit")
	case per > 0 && t.carried >= per:
		t.say("421 4.7.0 Too many messages on this connection")
		t.ended = true
	default:
		if t.refused("mail", from) {
			return
		}
		t.reset()
		t.from, t.begun = from, true
		t.say("250 2.1.0 Sender OK")
	}
}

func (t *mailTalk) recipient(rest string) {
	to, _, ok := pathOf(rest, "TO:")
	switch {
	case !t.begun:
		t.say("503 5.5.1 Need MAIL first")
	case !ok || !strings.Contains(to, "@"):
		t.say("501 5.1.3 Bad recipient address")
	case t.to != "":
		t.say("452 4.5.3 One recipient at a time")
	default:
		if t.refused("rcpt", to) {
			return
		}
		t.to = to
		t.say("250 2.1.5 Recipient OK")
	}
}

// refused answers by the rules of an address, and notes it.
func (t *mailTalk) refused(stage, address string) bool {
	var r MailRule
	var hit bool
	t.m.w.Change(func() { r, hit = t.m.rule(stage, strings.ToLower(address)) })
	if hit {
		t.refuse(stage, address, r.Code, r.Text, "")
	}
	return hit
}

func (t *mailTalk) refuse(stage, to string, code int, text string, f Action) {
	enhanced, _, _ := strings.Cut(text, " ")
	t.note(Entry{Path: "/" + stage, To: to, Outcome: Refused, Code: enhanced, Status: code, Fault: f})
	t.say(fmt.Sprintf("%d %s", code, text))
}

func (t *mailTalk) note(e Entry) {
	e.Provider, e.Method, e.At = mailName, "SMTP", t.m.w.Clock.Now()
	t.m.w.Ledger.add(e)
}

// pathOf reads <address> and how long the letter is said to be.
func pathOf(rest, keyword string) (address string, size int, ok bool) {
	if len(rest) < len(keyword) || !strings.EqualFold(rest[:len(keyword)], keyword) {
		return "", 0, false
	}
	rest = strings.TrimSpace(rest[len(keyword):])
	end := strings.IndexByte(rest, '>')
	if !strings.HasPrefix(rest, "<") || end < 0 {
		return "", 0, false
	}
	for _, p := range strings.Fields(rest[end+1:]) {
		if n, found := strings.CutPrefix(strings.ToUpper(p), "SIZE="); found {
			size, _ = strconv.Atoi(n)
		}
	}
	return rest[1:end], size, true
}

// letter takes the letter itself.
func (t *mailTalk) letter(ctx context.Context) {
	if t.to == "" {
		t.say("554 5.5.1 No valid recipients")
		return
	}
	most := 0
	t.m.w.Change(func() { most = t.m.MaxSize })
	t.say("354 End with a dot")
	body := t.tp.DotReader()
	raw, err := io.ReadAll(io.LimitReader(body, int64(most)+1))
	if err == nil {
		_, err = io.Copy(io.Discard, body)
	}
	if err != nil {
		return // it broke off: there is no letter
	}
	from, to := t.from, strings.ToLower(t.to)
	t.reset()
	t.carried++
	f := t.m.fault("letter")
	if f.Do == Slow {
		sleep(ctx, time.Duration(f.Wait))
	}
	code, text, refused := t.answerTo(f)
	switch {
	case f.Do == TimeoutBefore:
		t.note(Entry{Path: "/letter", To: to, Outcome: Lost, Fault: f.Do, Unanswered: true})
		t.vanish(ctx, f)
	case refused:
		t.refuse("letter", to, code, text, f.Do)
		t.ended = code == 421
	case len(raw) > most:
		t.refuse("letter", to, 552, "5.3.4 Message size exceeds fixed limit", f.Do)
	case t.refused("letter", to):
	default:
		t.take(ctx, from, to, raw, f)
	}
}

// answerTo is what a fault makes the server say instead of taking a letter.
func (t *mailTalk) answerTo(f Fault) (code int, text string, refused bool) {
	switch f.Do {
	case Throttle:
		return 421, "4.7.0 Too many messages, try again later", true
	case QuotaUsed, BalanceUsed, QuietHours:
		return 452, "4.3.1 Insufficient system storage", true
	case ExpireToken:
		return 530, "5.7.0 Authentication required", true
	case UnknownCode:
		return 550, "Something nobody has written down", true
	case AnswerCode, AnswerStatus:
		n, err := strconv.Atoi(f.Code)
		if err != nil {
			n = f.Status
		}
		return max(n, 400), f.Text, true
	}
	return 0, "", false
}

// vanish leaves the sender without an answer: at once, or when it has waited long enough.
func (t *mailTalk) vanish(ctx context.Context, f Fault) {
	sleep(ctx, time.Duration(f.Wait))
	t.conn.Close()
	t.ended = true
}

func sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	w := time.NewTimer(d)
	defer w.Stop()
	select {
	case <-w.C:
	case <-ctx.Done():
	}
}

// may says whether a stage goes on, or what the script makes of it.
func (t *mailTalk) may(ctx context.Context, stage string) bool {
	f := t.m.fault(stage)
	switch f.Do {
	case "":
		return true
	case Slow:
		sleep(ctx, time.Duration(f.Wait))
		return true
	case TimeoutBefore, TimeoutAfter, BrokenAnswer:
		t.note(Entry{Path: "/" + stage, To: t.to, Outcome: Lost, Fault: f.Do, Unanswered: true})
		t.vanish(ctx, f)
	case GarbledAnswer:
		t.note(Entry{Path: "/" + stage, To: t.to, Outcome: Lost, Fault: f.Do, Unanswered: true})
		t.say("<html><body>502 Bad Gateway</body></html>")
		t.ended = true
	default:
		code, text, _ := t.answerTo(f)
		t.refuse(stage, t.to, code, text, f.Do)
		t.ended = code == 421
	}
	return false
}
