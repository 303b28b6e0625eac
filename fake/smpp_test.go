package fake

import (
	"context"
	"encoding/hex"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// The PDUs of channels.md 3.4, byte by byte.
const (
	goldBind      = "000000200000000900000000000000016c6f6100736563726574000034000000"
	goldSubmit    = "0000003e000000040000000000000002000500424858484461694c6f630001013834393031323334353637000000000000010000000858696e206368616f"
	goldWide      = "00000046000000040000000000000002000500424858484461694c6f630001013834393031323334353637000000000000010008001000421ea3006f0020006800691ec3006d"
	goldTaken     = "0000001980000004000000000000000b316132623363346400"
	goldThrottled = "0000001080000004000000580000000b"
	goldReport    = "000000bc0000000500000000000000630001013834393031323334353637000500424858484461694c6f63000400000000000000007469643a3161326233633464207375623a30303120646c7672643a303031207375626d697420646174653a3236313132333133303020646f6e6520646174653a3236313132333133303120737461743a44454c49565244206572723a30303020746578743a4b696e68207468756120626120636f6e001e00093161326233633464000427000102"
	goldHeard     = "0000001180000005000000000000006300"
	goldEnquire   = "00000010000000150000000000000007"
	goldThere     = "00000010800000150000000000000007"
	goldUnbind    = "00000010000000060000000000000008"
	goldNack      = "00000010800000000000000300000000"
)

// sender is an account at the message centre, in bytes.
type sender struct {
	t    *testing.T
	conn net.Conn
}

func (o *office) smpp() (*sender, string) {
	o.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		o.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- o.SMPP.Serve(ctx, l) }()
	o.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			o.t.Error(err)
		}
	})
	o.SMPP.Senders = []string{"BHXHDaiLoc"}
	return o.dial(l.Addr().String()), l.Addr().String()
}

func (o *office) dial(address string) *sender {
	o.t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { conn.Close() })
	return &sender{o.t, conn}
}

func (s *sender) say(text string) {
	s.t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.conn.Write(raw); err != nil {
		s.t.Fatal(err)
	}
}

// hear reads one PDU; empty when the connection is gone, or nothing comes.
func (s *sender) hear() string {
	s.conn.SetReadDeadline(time.Now().Add(3 * time.Second))
	p, err := readSMPP(s.conn)
	if err != nil {
		return ""
	}
	return hex.EncodeToString(p.bytes())
}

func (s *sender) ask(text string) string {
	s.t.Helper()
	s.say(text)
	return s.hear()
}

// withNumber gives a PDU another number.
func withNumber(text string, seq int) string { return text[:24] + fmt.Sprintf("%08x", seq) + text[32:] }

// TestCentreVectors plays the recorded PDUs against the centre, and compares what it says with the recorded ones.
func TestCentreVectors(t *testing.T) {
	o := newOffice(t)
	o.Clock.Set(time.Date(2026, 11, 23, 13, 0, 0, 0, zone))
	s, _ := o.smpp()
	o.Change(func() { o.SMPP.Report = Duration(time.Minute) })
	if got := s.ask(withNumber(goldSubmit, 11)); got[16:24] != "00000004" {
		t.Errorf("before the bind: %s", got)
	}
	if got := s.ask(goldBind); got[8:32] != "800000090000000000000001" {
		t.Fatalf("bind: %s", got)
	}
	for _, c := range []struct{ name, say, want string }{
		{"submit", withNumber(goldSubmit, 11), goldTaken},
		{"wide submit", withNumber(goldWide, 12), withNumber(strings.Replace(goldTaken, "3161326233633464", "3161326233633465", 1), 12)},
		{"enquire", goldEnquire, goldThere},
		{"unknown", "00000010000000030000000000000000", goldNack},
	} {
		if got := s.ask(c.say); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	o.Change(func() { o.SMPP.PerSecond = 1 })
	if s.ask(withNumber(goldSubmit, 10)); s.ask(withNumber(goldSubmit, 11)) != goldThrottled {
		t.Error("not throttled as recorded")
	}
	sent := o.Ledger.Find(Query{Provider: smppName, Outcome: Taken})
	if len(sent) != 2 || sent[0].Text != "Xin chao" || sent[1].Text != "Bảo hiểm" || sent[0].To != "84901234567" || sent[0].ID != "1a2b3c4d" || sent[0].Parts != 1 {
		t.Errorf("%+v", sent)
	}
	if got := s.ask(goldUnbind); got != "00000010800000060000000000000008" {
		t.Errorf("unbind: %s", got)
	}
	if s.hear() != "" {
		t.Error("the connection outlived its unbind")
	}
}

// TestCentreReport compares a report with the recorded one.
func TestCentreReport(t *testing.T) {
	o := newOffice(t)
	o.Clock.Set(time.Date(2026, 11, 23, 13, 0, 0, 0, zone))
	s, _ := o.smpp()
	o.Change(func() { o.SMPP.Report = Duration(time.Minute) })
	s.ask(goldBind)
	m := smppShort{sourceTON: 5, source: "BHXHDaiLoc", destTON: 1, destNPI: 1, dest: "84901234567", registered: 1, message: []byte("Kinh thua ba con")}
	s.ask(hex.EncodeToString(smppPDU{command: smppSubmit, seq: 5, body: m.bytes()}.bytes()))
	done := make(chan int, 1)
	go func() { done <- o.Advance(context.Background(), time.Minute) }()
	if got := s.hear(); withNumber(got, 0x63) != goldReport {
		t.Errorf("\n%s, want\n%s", got, goldReport)
	}
	s.say(withNumber(goldHeard, 1))
	<-done
	if told := o.Ledger.Find(Query{Kind: "receipt", Outcome: Posted}); len(told) != 1 || told[0].Status != 200 {
		t.Errorf("%+v", told)
	}
}

// bound is an account that hears what the centre tells and answers it with a status.
func (s *sender) bound(status func(nth int) int) <-chan smppShort {
	s.t.Helper()
	s.ask(goldBind)
	heard := make(chan smppShort, 100)
	go func() {
		defer close(heard)
		for n := 1; ; {
			p, err := readSMPP(s.conn)
			if err != nil {
				return
			}
			if p.command != smppDeliver {
				continue
			}
			m, _ := readShort(p.body)
			heard <- m
			if code := status(n); code >= 0 {
				s.conn.Write(smppPDU{command: smppDeliver | smppAnswer, status: uint32(code), seq: p.seq, body: []byte{0}}.bytes())
			}
			n++
		}
	}()
	return heard
}

func always(code int) func(int) int { return func(int) int { return code } }

func (s *sender) submit(seq uint32, to, text string) {
	m := smppShort{sourceTON: 5, source: "BHXHDaiLoc", destTON: 1, destNPI: 1, dest: to, registered: 1}
	writeSMPP(&m, text)
	s.conn.Write(smppPDU{command: smppSubmit, seq: seq, body: m.bytes()}.bytes())
}

func (o *office) until(what string, ok func() bool) {
	o.t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if ok() {
			return
		}
	}
	o.t.Fatalf("%s never came", what)
}

func (o *office) taken(n int) func() bool {
	return func() bool { return len(o.Ledger.Find(Query{Provider: smppName, Outcome: Taken})) == n }
}

func stateOf(m smppShort) string {
	_, rest, _ := strings.Cut(string(m.message), "stat:")
	state, _, _ := strings.Cut(rest, " ")
	return state
}

// TestCentreReports shows late, doubled, lost and refused reports, telephones that are off, and numbers written in decimal.
func TestCentreReports(t *testing.T) {
	for _, c := range []struct {
		name   string
		set    func(o *office)
		fault  Fault
		status func(int) int
		wait   time.Duration
		want   string
	}{
		{"as always", nil, Fault{}, always(0), time.Minute, "DELIVRD"},
		{"twice", nil, Fault{Do: DuplicateWebhook}, always(0), time.Minute, "DELIVRD DELIVRD"},
		{"late", nil, Fault{Do: LateWebhook, Wait: Duration(2 * time.Hour)}, always(0), time.Hour, ""},
		{"late, at last", nil, Fault{Do: LateWebhook, Wait: Duration(2 * time.Hour)}, always(0), 3 * time.Hour, "DELIVRD"},
		{"lost", nil, Fault{Do: LoseWebhook}, always(0), 48 * time.Hour, ""},
		{"not kept at first", nil, Fault{}, func(n int) int { return map[int]int{1: 0x64}[n] }, time.Minute, "DELIVRD DELIVRD"},
		{"off", func(o *office) { o.AddVillagers(Villager{Phone: "84901234567", Unreachable: true}) }, Fault{}, always(0), time.Minute, "UNDELIV"},
		{"expired", func(o *office) { o.SMPP.State = "EXPIRED" }, Fault{}, always(0), time.Minute, "EXPIRED"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t)
			s, _ := o.smpp()
			if c.set != nil {
				o.Change(func() {})
				c.set(o)
			}
			if c.fault.Do != "" {
				c.fault.Provider = smppName
				if err := o.Faults.Add(c.fault); err != nil {
					t.Fatal(err)
				}
			}
			heard := s.bound(c.status)
			s.submit(2, "84901234567", "Kinh thua ba con")
			o.until("the message", o.taken(1))
			o.until("the connection", func() bool { return o.SMPP.Bound() == 1 })
			o.Advance(t.Context(), c.wait)
			s.conn.Close()
			var states []string
			for m := range heard {
				states = append(states, stateOf(m))
			}
			if got := strings.Join(states, " "); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestCentreWaits shows that what nobody could hear is told to whoever binds next, in decimal where the centre is of that kind.
func TestCentreWaits(t *testing.T) {
	o := newOffice(t)
	s, address := o.smpp()
	o.Change(func() { o.SMPP.Decimal, o.SMPP.NoTags = true, true })
	s.ask(goldBind)
	s.submit(2, "84901234567", "Chao")
	o.until("the message", o.taken(1))
	s.conn.Close()
	o.until("the end", func() bool { return o.SMPP.Bound() == 0 })
	o.Advance(t.Context(), time.Hour)
	next := o.dial(address)
	heard := next.bound(always(0))
	o.until("the bind", func() bool { return o.SMPP.Bound() == 1 })
	o.Deliver(t.Context())
	if m := <-heard; !strings.HasPrefix(string(m.message), fmt.Sprintf("id:%010d ", 0x1a2b3c4d)) || len(m.options) != 0 {
		t.Errorf("%q %v", m.message, m.options)
	}
}

// TestCentreRefusals shows every answer the centre gives to a message or a bind it does not like.
func TestCentreRefusals(t *testing.T) {
	o := newOffice(t)
	s, address := o.smpp()
	o.Change(func() { o.SMPP.Refused, o.SMPP.MaxBinds = []Ruled{{"8491*", "0x0B"}, {"*999", "0x45"}}, 1 })
	for pdu, want := range map[string]string{strings.Replace(goldBind, "6c6f61", "6c6f62", 1): "0000000f", strings.Replace(goldBind, "736563", "736564", 1): "0000000e"} {
		if got := o.dial(address).ask(pdu); got[16:24] != want {
			t.Errorf("bind: %s, want %s", got, want)
		}
	}
	s.ask(goldBind)
	o.until("the bind", func() bool { return o.SMPP.Bound() == 1 })
	if got := o.dial(address).ask(goldBind); got[16:24] != "00000005" {
		t.Errorf("a second bind: %s", got)
	}
	for _, c := range []struct{ from, to, text, want string }{
		{"BHXHDaiLoc", "84901234567", "a", "00000000"}, {"Somebody", "84901234567", "a", "0000000a"}, {"BHXHDaiLoc", "0901234567", "a", "0000000b"}, {"BHXHDaiLoc", "8490123456", "a", "0000000b"},
		{"BHXHDaiLoc", "84912345678", "a", "0000000b"}, {"BHXHDaiLoc", "84901234999", "a", "00000045"}, {"BHXHDaiLoc", "84901234567", "", "00000001"},
	} {
		m := smppShort{source: c.from, dest: c.to, message: []byte(c.text)}
		if got := s.ask(hex.EncodeToString(smppPDU{command: smppSubmit, seq: 9, body: m.bytes()}.bytes())); got[16:24] != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	for do, want := range map[Action]string{Throttle: "00000058", QuotaUsed: "00000014", UnknownCode: "000004ff"} {
		o.Faults.Clear()
		_ = o.Faults.Add(Fault{Provider: smppName, Do: do})
		if got := s.ask(withNumber(goldSubmit, 11)); got[16:24] != want {
			t.Errorf("%s: %s", do, got)
		}
	}
}

// TestCentreBreaksOff shows what a sender sees of a message that was taken or was not, without an answer either way.
func TestCentreBreaksOff(t *testing.T) {
	for do, taken := range map[Action]bool{TimeoutBefore: false, TimeoutAfter: true, BrokenAnswer: true, GarbledAnswer: true, ExpireToken: false} {
		o := newOffice(t)
		s, _ := o.smpp()
		_ = o.Faults.Add(Fault{Provider: smppName, Path: "submit", Do: do})
		s.ask(goldBind)
		if got := s.ask(goldSubmit); got != "" && do != ExpireToken {
			t.Errorf("%s: an answer came: %s", do, got)
		}
		if e := o.last(); (e.Outcome == Taken) != taken || !e.Unanswered || e.Fault != do {
			t.Errorf("%s: %+v", do, e)
		}
	}
	o := newOffice(t) // with a wait the centre stays silent about the one message alone
	s, _ := o.smpp()
	_ = o.Faults.Add(Fault{Provider: smppName, Do: TimeoutAfter, Nth: 1, Wait: Duration(time.Second)})
	s.ask(goldBind)
	s.say(withNumber(goldSubmit, 2))
	if got := s.ask(withNumber(goldSubmit, 3)); got[16:32] != "0000000000000003" {
		t.Errorf("after a silence: %s", got)
	}
}

// TestCentreParts shows that parts are joined before anybody reads them, and that people write back to the number of the office.
func TestCentreParts(t *testing.T) {
	o := newOffice(t)
	s, _ := o.smpp()
	o.AddVillagers(Villager{Phone: "84901234567", Habits: []Habit{{When: "tự nguyện lúc 8 giờ", Do: "say", Text: strings.Repeat("Tôi sẽ đến ạ. ", 10)}}})
	heard := s.bound(always(0))
	o.until("the bind", func() bool { return o.SMPP.Bound() == 1 })
	text := []rune("Kính mời bà con thôn Đồng Tâm đến nhà văn hóa nghe về bảo hiểm xã hội tự nguyện lúc 8 giờ sáng thứ Bảy.")
	for i, part := range []string{string(text[67:]), string(text[:67])} { // the second one first
		m := smppShort{source: "BHXHDaiLoc", dest: "84901234567", class: smppHasHeader}
		writeSMPP(&m, part)
		m.message = append([]byte{5, 0, 3, 0x2a, 2, byte(2 - i)}, m.message...)
		if len(m.message) != []int{78, 140}[i] {
			t.Fatalf("%d bytes", len(m.message))
		}
		s.conn.Write(smppPDU{command: smppSubmit, seq: uint32(i + 2), body: m.bytes()}.bytes())
	}
	o.until("the parts", o.taken(2))
	o.Advance(t.Context(), time.Minute)
	m := <-heard
	words, _, _, _ := m.part()
	if got := smppWords(words, m.coding); got != strings.Repeat("Tôi sẽ đến ạ. ", 10) || m.source != "84901234567" || m.dest != "8079" || len(m.message) != 0 {
		t.Errorf("%q %+v", got, m)
	}
	said := o.Ledger.Find(Query{Outcome: Said})
	if len(said) != 1 || said[0].To != "84901234567" {
		t.Errorf("%+v", said)
	}
}

// TestCentreSteered shows the centre's own questions, its leave-taking and its fall.
func TestCentreSteered(t *testing.T) {
	o := newOffice(t)
	s, address := o.smpp()
	s.ask(goldBind)
	o.until("the bind", func() bool { return o.SMPP.Bound() == 1 })
	asked := make(chan string, 1)
	go func() { asked <- o.ask("POST", "/control/smpp", `{"do":"enquire"}`).body }()
	if got := s.hear(); got != withNumber(goldEnquire, 1) {
		t.Errorf("it asked %s", got)
	}
	s.say(withNumber(goldThere, 1))
	if got := <-asked; strings.TrimSpace(got) != "1" {
		t.Errorf("%s are there", got)
	}
	go func() { asked <- o.ask("POST", "/control/smpp", `{"do":"unbind"}`).body }()
	if got := s.hear(); got != withNumber(goldUnbind, 2) {
		t.Errorf("it took leave with %s", got)
	}
	s.say("00000010800000060000000000000002")
	<-asked
	other := o.dial(address)
	other.ask(goldBind)
	o.until("the bind", func() bool { return o.SMPP.Bound() == 1 })
	o.ask("POST", "/control/smpp", `{"do":"drop"}`)
	if got := other.hear(); got != "" {
		t.Errorf("after the fall: %s", got)
	}
	if a := o.ask("POST", "/control/smpp", `{"do":"dance"}`); a.status != 400 {
		t.Error(a.body)
	}
}

// FuzzCentre throws bytes at the centre: it may refuse them, never fall over, and take nothing before a bind.
func FuzzCentre(f *testing.F) {
	for _, s := range []string{goldBind, goldSubmit, goldWide, goldReport, goldUnbind, goldBind + goldSubmit} {
		raw, _ := hex.DecodeString(s)
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		w := NewWorld(noon, nil)
		ours, theirs := net.Pipe()
		k := &smppLink{centre: w.SMPP, conn: theirs, asked: map[uint32]chan smppPDU{}, gone: make(chan struct{})}
		done := make(chan struct{})
		go func() { k.serve(context.Background()); close(done) }()
		go func() {
			for b := make([]byte, 4096); ; {
				if _, err := ours.Read(b); err != nil {
					return
				}
			}
		}()
		ours.Write(raw)
		ours.Close()
		<-done
		if n := len(w.Ledger.Find(Query{Outcome: Taken})); n > 0 && len(w.Ledger.Find(Query{Kind: "bind", Outcome: Read})) == 0 {
			t.Errorf("%d taken without a bind", n)
		}
	})
}
