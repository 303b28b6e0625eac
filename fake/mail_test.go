package fake

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"
	"time"
)

// writer hands letters over, line by line.
type writer struct {
	t  *testing.T
	tp *textproto.Conn
}

func (o *office) mail() *writer {
	o.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		o.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- o.Mail.Serve(ctx, l) }()
	o.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			o.t.Error(err)
		}
	})
	return o.writer(l.Addr().String())
}

func (o *office) writer(address string) *writer {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	w := &writer{o.t, textproto.NewConn(conn)}
	w.hear()
	return w
}

// hear reads one answer, "250 …"; empty when the connection is gone.
func (w *writer) hear() string {
	code, text, err := w.tp.ReadResponse(0)
	if err != nil {
		return ""
	}
	return fmt.Sprint(code, " ", text)
}

func (w *writer) ask(line string) string {
	_ = w.tp.PrintfLine("%s", line)
	return w.hear()
}

const mailID = "0193c4d2a8007abc8def0123456789ab"

func letterTo(to string) string {
	return "From: BHXH <bhxh@ward.example>\r\nTo: <" + to + ">\r\nReply-To: <hoi@ward.example>\r\nSubject: =?utf-8?q?M=E1=BB=9Di_h=E1=BB=8Dp?=\r\nMessage-ID: <" + mailID + "@ward.example>\r\n" +
		"List-Unsubscribe: <http://one.click/u/1>,\r\n <mailto:tuchoi+" + mailID + "@ward.example?subject=unsubscribe>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" +
		"Content-Type: multipart/alternative; boundary=\"m\"\r\n\r\n--m\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n--m\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString([]byte("Mời bà con.\nThân ái.")) + "\r\n--m--\r\n"
}

// send hands one letter over and returns the first answer that is no consent.
func (w *writer) send(to, letter string) string {
	for _, line := range []string{"EHLO office", "MAIL FROM:<bounce+" + mailID + "@ward.example>", "RCPT TO:<" + to + ">", "DATA"} {
		if got := w.ask(line); !strings.HasPrefix(got, "2") && !strings.HasPrefix(got, "3") {
			return got
		}
	}
	return w.ask(strings.TrimSuffix(letter, "\r\n") + "\r\n.")
}

// TestLetters shows which letters are taken, and how others are refused, by their address.
func TestLetters(t *testing.T) {
	o := newOffice(t)
	w := o.mail()
	for _, c := range []struct{ to, want string }{
		{"lan@dan.example", "250 2.0.0"}, {"nobody@dan.example", "550 5.1.1"}, {"full.box@dan.example", "452 4.2.2"}, {"grey@dan.example", "451 4.7.1"}, {"grey@dan.example", "250 2.0.0"},
		{"grey2@dan.example", "451 4.7.1"}, {"spam@dan.example", "554 5.7.1"}, {"bounce@dan.example", "250 2.0.0"}, {"no-address", "501 5.1.3"},
	} {
		if got := w.send(c.to, letterTo(c.to)); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s, want %s", c.to, got, c.want)
		}
	}
	got := o.Ledger.Find(Query{Provider: mailName, To: "lan@dan.example"})
	if len(got) != 1 || got[0].Ref != mailID+"@ward.example" || got[0].Text != "Mời họp\n\nMời bà con.\nThân ái." || got[0].Outcome != Taken {
		t.Errorf("%+v", got)
	}
	if got := o.Ledger.Find(Query{To: "nobody@dan.example"}); len(got) != 1 || got[0].Code != "5.1.1" || got[0].Status != 550 || got[0].Path != "/rcpt" {
		t.Errorf("%+v", got)
	}
	if got := w.send("lan@dan.example", "no letter at all"); !strings.HasPrefix(got, "554 5.6.0") {
		t.Errorf("of no letter: %s", got)
	}
	for line, want := range map[string]string{"RSET": "250", "NOOP": "250", "VRFY a": "252", "DANCE": "500", "DATA": "554", "MAIL FOR:<a>": "501", "RCPT TO:<a@b>": "503", "AUTH PLAIN": "334", "EHLO": "501"} {
		got := w.ask(line)
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
		if want == "334" {
			w.ask("nothing")
		}
	}
	o.Change(func() { o.Mail.MaxSize = 100 })
	if got := w.ask("MAIL FROM:<a@b.example> SIZE=101"); !strings.HasPrefix(got, "552 5.3.4") {
		t.Error(got)
	}
	if got := w.send("lan@dan.example", letterTo("lan@dan.example")); !strings.HasPrefix(got, "552 5.3.4") {
		t.Error(got)
	}
	if got := w.ask("QUIT"); !strings.HasPrefix(got, "221") || w.hear() != "" {
		t.Error(got)
	}
}

// TestSignIn shows who may send, how many letters a connection carries, and that the line can be made secret.
func TestSignIn(t *testing.T) {
	o := newOffice(t)
	o.Mail.User, o.Mail.Password, o.Mail.PerLink = "loa", "secret", 1
	secure := httptest.NewTLSServer(http.NotFoundHandler()) // for its certificate
	defer secure.Close()
	o.Mail.TLS = &tls.Config{Certificates: secure.TLS.Certificates}
	w := o.mail()
	if got := w.ask("EHLO office"); !strings.Contains(got, "STARTTLS") || !strings.Contains(got, "AUTH PLAIN LOGIN") || !strings.Contains(got, "PIPELINING") {
		t.Error(got)
	}
	if got := w.ask("MAIL FROM:<a@b.example>"); !strings.HasPrefix(got, "530 5.7.0") {
		t.Error(got)
	}
	pair := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for line, want := range map[string]string{"AUTH PLAIN " + pair("\x00loa\x00wrong"): "535 5.7.8", "AUTH OTHER": "504"} {
		if got := w.ask(line); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", line, got)
		}
	}
	w.ask("AUTH LOGIN")
	w.ask(pair("loa"))
	if got := w.ask(pair("secret")); !strings.HasPrefix(got, "235") {
		t.Error(got)
	}
	if got := w.send("lan@dan.example", letterTo("lan@dan.example")); !strings.HasPrefix(got, "250") {
		t.Error(got)
	}
	if got := w.send("lan@dan.example", letterTo("lan@dan.example")); !strings.HasPrefix(got, "421") {
		t.Errorf("a second letter: %s", got)
	}
}

// TestMailFaults shows that every fault of a letter looks as it does on the wire, and what the mailbox has after it.
func TestMailFaults(t *testing.T) {
	for _, c := range []struct {
		fault Fault
		want  string
		taken bool
	}{
		{Fault{Do: TimeoutBefore}, "", false}, {Fault{Do: TimeoutAfter}, "", true}, {Fault{Do: BrokenAnswer}, "", true}, {Fault{Do: GarbledAnswer}, "", true},
		{Fault{Do: Throttle}, "421 4.7.0", false}, {Fault{Do: QuotaUsed}, "452 4.3.1", false}, {Fault{Do: ExpireToken}, "530 5.7.0", false}, {Fault{Do: UnknownCode}, "550 Something", false},
		{Fault{Do: AnswerCode, Code: "451", Text: "4.3.0 Wait"}, "451 4.3.0", false}, {Fault{Do: AnswerStatus, Status: 554, Text: "5.0.0 No"}, "554 5.0.0", false}, {Fault{Do: Slow, Wait: 1}, "250", true},
		{Fault{Do: Throttle, Path: "/rcpt"}, "421 4.7.0", false}, {Fault{Do: TimeoutAfter, Path: "/mail"}, "", false}, {Fault{Do: GarbledAnswer, Path: "/data"}, "", false}, {Fault{Do: Throttle, Provider: "zalo-oa"}, "250", true},
	} {
		o := newOffice(t)
		w := o.mail()
		if err := o.Faults.Add(c.fault); err != nil {
			t.Fatal(err)
		}
		got := w.send("lan@dan.example", letterTo("lan@dan.example"))
		if !strings.HasPrefix(got, c.want) || c.want == "" && strings.HasPrefix(got, "2") {
			t.Errorf("%+v: %q, want %q", c.fault, got, c.want)
		}
		if n := len(o.Ledger.Find(Query{Kind: "letter", Outcome: Taken})); (n == 1) != c.taken {
			t.Errorf("%+v: %d taken", c.fault, n)
		}
	}
}

// TestBack shows every letter that comes back, and the one click.
func TestBack(t *testing.T) {
	o := newOffice(t)
	w := o.mail()
	o.ask("POST", "/control/webhook", `{"provider":"mail","url":"`+o.receiver.URL+`/hook"}`)
	clicked := strings.Replace(letterTo(""), "http://one.click", o.receiver.URL, 1)
	o.AddVillagers(Villager{Mail: "Lan@dan.example", Name: "Lò Thị Lan", Habits: []Habit{{When: "mời họp", Do: "say", Text: "Tôi sẽ đến."}}})
	written := strings.Replace(letterTo(""), "List-Unsubscribe-Post", "X-Nothing", 1)
	for _, c := range []struct {
		to, letter string
		holds      []string
		query      string
	}{
		{"bounce@dan.example", letterTo(""), []string{"report-type=delivery-status", "Return-Path: <>", "Final-Recipient: rfc822; bounce@dan.example", "Action: failed", "Status: 5.1.1", "Diagnostic-Code: smtp; 550 5.1.1", "Message-ID: <" + mailID}, "bounce+" + mailID + "@ward.example"},
		{"slow@dan.example", letterTo(""), []string{"Action: delayed", "Status: 4.4.1"}, "bounce+" + mailID + "@ward.example"},
		{"complain@dan.example", letterTo(""), []string{"report-type=feedback-report", "Feedback-Type: abuse", "Original-Rcpt-To: <complain@dan.example>", "Message-ID: <" + mailID}, "bounce+" + mailID + "@ward.example"},
		{"away@dan.example", letterTo(""), []string{"Auto-Submitted: auto-replied", "In-Reply-To: <" + mailID}, "bounce+" + mailID + "@ward.example"},
		{"leave@dan.example", clicked, []string{"List-Unsubscribe=One-Click"}, ""},
		{"leave@dan.example", written, []string{"Subject: unsubscribe", "To: <tuchoi+" + mailID + "@ward.example>"}, "tuchoi+" + mailID + "@ward.example"},
		{"lan@dan.example", letterTo(""), []string{"From: =?utf-8?q?L=C3=B2_Th=E1=BB=8B_Lan?= <lan@dan.example>", "To: <hoi@ward.example>", "In-Reply-To: <" + mailID, base64.StdEncoding.EncodeToString([]byte("Tôi sẽ đến."))}, "hoi@ward.example"},
	} {
		if got := w.send(c.to, c.letter); !strings.HasPrefix(got, "250") {
			t.Fatalf("%s: %s", c.to, got)
		}
		o.Advance(t.Context(), 2*time.Minute)
		hooks := o.hooks()
		if len(hooks) != 1 {
			t.Errorf("%s: %d came back", c.to, len(hooks))
			continue
		}
		for _, part := range c.holds {
			if !strings.Contains(hooks[0].body, part) {
				t.Errorf("%s: no %q in\n%s", c.to, part, hooks[0].body)
			}
		}
		if got := hooks[0].query.Get("to"); got != c.query {
			t.Errorf("%s: came to %q", c.to, got)
		}
		if key := hooks[0].header.Get("Authorization"); (key == "Bearer mail_hook_demo") == (c.query == "") {
			t.Errorf("%s: the key is %q", c.to, key)
		}
	}
	if err := o.Act("mail", "lan@dan.example", "complain", ""); err != nil {
		t.Error(err)
	}
	_ = o.Faults.Add(Fault{Provider: mailName, Do: WrongSignature})
	if err := o.Act("mail", "lan@dan.example", "bounce", ""); err != nil {
		t.Error(err)
	}
	o.Deliver(t.Context())
	if got := o.hooks(); len(got) != 2 || got[1].header.Get("Authorization") != "Bearer mail_hook_demo_of_somebody_else" {
		t.Errorf("%+v", got)
	}
	o.AddVillagers(Villager{Mail: "new@dan.example"})
	for do, who := range map[string]string{"dance": "lan@dan.example", "bounce": "new@dan.example"} {
		if err := o.Act("mail", who, do, ""); err == nil {
			t.Errorf("%s could %s", who, do)
		}
	}
}

// TestSomebodyWritesFirst: who never had a letter writes to the office by themselves; of several lines the first is the subject.
func TestSomebodyWritesFirst(t *testing.T) {
	o := newOffice(t)
	o.ask("POST", "/control/webhook", `{"provider":"mail","url":"`+o.receiver.URL+`/hook"}`)
	o.AddVillagers(Villager{Mail: "moi@dan.example", Name: "Vàng Thị Mới"})
	for _, text := range []string{"Hỏi thẻ\nThẻ của tôi còn hạn không?", "Cho tôi hỏi"} {
		if err := o.Act("mail", "moi@dan.example", "say", text); err != nil {
			t.Fatal(err)
		}
	}
	o.Deliver(t.Context())
	got := o.hooks()
	if len(got) != 2 || !strings.Contains(got[0].body, "To: <"+o.Mail.Office+">") || !strings.Contains(got[0].body, "Subject: "+mime.QEncoding.Encode("utf-8", "Hỏi thẻ")) || strings.Contains(got[1].body, "Cho") {
		t.Errorf("%+v", got)
	}
}

// FuzzLetter takes letters apart that nobody wrote.
func FuzzLetter(f *testing.F) {
	f.Add([]byte(strings.ReplaceAll(letterTo("a@b.example"), "\r\n", "\n")))
	f.Add([]byte("Content-Type: multipart/x; boundary=a\n\n--a\nContent-Type: multipart/x; boundary=a\n\n--a--"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		x, err := readLetter(raw)
		if err != nil {
			return
		}
		m := NewWorld(noon, nil).Mail
		x.from, x.to = "a@b.example", "c@d.example"
		for _, b := range [][]byte{m.report(x, noon, "failed", "5.1.1", "no"), m.complaint(x, noon), m.personal(x, noon, "a@b.example", x.subject, x.text, "")} {
			if _, err := readLetter([]byte(strings.ReplaceAll(string(b), "\r\n", "\n"))); err != nil {
				t.Errorf("what came back is no letter: %v", err)
			}
		}
	})
}
