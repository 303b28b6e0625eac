package smpp

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"loa/channel"
	"loa/vn"
)

const (
	goldenBind      = "000000200000000900000000000000016c6f6100736563726574000034000000"
	goldenSubmit    = "0000003e000000040000000000000002000500424858484461694c6f630001013834393031323334353637000000000000010000000858696e206368616f"
	goldenUCS2      = "00000046000000040000000000000002000500424858484461694c6f630001013834393031323334353637000000000000010008001000421ea3006f0020006800691ec3006d"
	goldenTaken     = "0000001980000004000000000000000b316132623363346400"
	goldenThrottled = "0000001080000004000000580000000b"
	goldenReport    = "000000bc0000000500000000000000630001013834393031323334353637000500424858484461694c6f63000400000000000000007469643a3161326233633464207375623a30303120646c7672643a303031207375626d697420646174653a3236313132333133303020646f6e6520646174653a3236313132333133303120737461743a44454c49565244206572723a30303020746578743a4b696e68207468756120626120636f6e001e00093161326233633464000427000102"
	goldenHeard     = "0000001180000005000000000000006300"
	goldenAlive     = "00000010000000150000000000000007"
	goldenAliveToo  = "00000010800000150000000000000007"
	goldenUnbind    = "00000010000000060000000000000008"
	goldenNack      = "00000010800000000000000300000000"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func from(sender, to string, p piece) short {
	return short{source: address{5, 0, sender}, dest: address{1, 1, to}, esm: p.esm, registered: wantsReceipt, coding: p.coding, message: p.message}
}

// TestGoldenWritten holds what we write to the recorded PDUs, byte for byte.
func TestGoldenWritten(t *testing.T) {
	for name, c := range map[string]struct {
		p    pdu
		want string
	}{
		"bind":         {pdu{command: bindTransceiver, seq: 1, body: bind{systemID: "loa", password: "secret", version: versionThree4}.append(nil)}, goldenBind},
		"submit":       {pdu{command: submitSM, seq: 2, body: from("BHXHDaiLoc", "84901234567", pieces(vn.SplitSMS("Xin chao"), 0, false)[0]).append(nil)}, goldenSubmit},
		"submit UCS-2": {pdu{command: submitSM, seq: 2, body: from("BHXHDaiLoc", "84901234567", pieces(vn.SplitSMS("Bảo hiểm"), 0, false)[0]).append(nil)}, goldenUCS2},
		"heard":        {pdu{command: deliverSM | answer, seq: 0x63, body: []byte{0}}, goldenHeard},
		"alive":        {pdu{command: enquireLink, seq: 7}, goldenAlive},
		"alive too":    {pdu{command: enquireLink | answer, seq: 7}, goldenAliveToo},
		"unbind":       {pdu{command: unbind, seq: 8}, goldenUnbind},
		"nack":         {pdu{command: genericNack, status: statusBadCommand}, goldenNack},
	} {
		if got := hex.EncodeToString(c.p.append(nil)); got != c.want {
			t.Errorf("%s is\n%s, want\n%s", name, got, c.want)
		}
	}
}

func TestGoldenRead(t *testing.T) {
	for _, golden := range []string{goldenBind, goldenSubmit, goldenUCS2, goldenTaken, goldenThrottled, goldenReport, goldenHeard, goldenAlive, goldenAliveToo, goldenUnbind, goldenNack} {
		p, err := readPDU(bytes.NewReader(unhex(t, golden)))
		if err != nil || hex.EncodeToString(p.append(nil)) != golden {
			t.Errorf("%s: %v", golden, err)
		}
	}
	p, _ := readPDU(bytes.NewReader(unhex(t, goldenTaken)))
	if p.command != submitSM|answer || p.seq != 11 || readID(p.body) != "1a2b3c4d" {
		t.Errorf("%+v", p)
	}
	p, _ = readPDU(bytes.NewReader(unhex(t, goldenThrottled)))
	if p.status != 0x58 || readID(p.body) != "" {
		t.Errorf("%+v", p)
	}
	for _, golden := range []string{goldenSubmit, goldenUCS2, goldenReport} {
		p, _ := readPDU(bytes.NewReader(unhex(t, golden)))
		s, err := readShort(p.body)
		if err != nil || !bytes.Equal(s.append(nil), p.body) {
			t.Errorf("%s: %+v, %v", golden, s, err)
		}
	}
	p, _ = readPDU(bytes.NewReader(unhex(t, goldenReport)))
	s, _ := readShort(p.body)
	want := receipt{id: "1a2b3c4d", state: "DELIVRD", code: "000"}
	if r, ok := readReceipt(s); !ok || r != want || r.kind() != channel.EventDelivered {
		t.Errorf("the report is %+v, %v", r, ok)
	}
	if s.source != (address{1, 1, "84901234567"}) || s.dest != (address{5, 0, "BHXHDaiLoc"}) {
		t.Errorf("the report is from %+v to %+v", s.source, s.dest)
	}
}

// TestLongTexts: 103 letters with accents go as 67 and 36, under a header of six bytes.
func TestLongTexts(t *testing.T) {
	text := "Kính mời bà con thôn Đồng Tâm đến nhà văn hóa nghe về bảo hiểm xã hội tự nguyện lúc 8 giờ sáng thứ Bảy."
	two := pieces(vn.SplitSMS(text), 0x2a, false)
	if len(two) != 2 || two[0].esm != 0x40 || two[0].coding != 8 || len(two[0].message) != 140 || len(two[1].message) != 78 ||
		hex.EncodeToString(two[0].message[:6]) != "0500032a0201" || hex.EncodeToString(two[1].message[:6]) != "0500032a0202" {
		t.Errorf("%+v", two)
	}
	if joined := decodeUCS2(two[0].message[6:]) + decodeUCS2(two[1].message[6:]); joined != text {
		t.Errorf("they are %q", joined)
	}
	three := pieces(vn.SplitSMS(strings.Repeat("a", 307)), 7, false)
	if len(three) != 3 || len(three[0].message) != 159 || three[2].coding != 0 || hex.EncodeToString(three[2].message) != "05000307030361" {
		t.Errorf("%+v", three)
	}
	if p := pieces(vn.SplitSMS("@_"), 0, false)[0]; string(p.message) != "\x00\x11" {
		t.Errorf("GSM: % x", p.message)
	}
	if p := pieces(vn.SplitSMS("@_"), 0, true)[0]; string(p.message) != "@_" || p.coding != 0 {
		t.Errorf("ASCII: % x", p.message)
	}
	longest := pieces(vn.SplitSMS(strings.Repeat("a", 153*255)), 0, false)
	for _, p := range longest {
		if len(p.message) > messageAtMost {
			t.Fatalf("a part has %d bytes", len(p.message))
		}
	}
}

func TestBrokenPDUs(t *testing.T) {
	for raw, want := range map[string]error{
		"":                                 io.EOF,
		"000000":                           io.ErrUnexpectedEOF,
		"0000000f000000150000000000000007": errLength,
		"00000000000000150000000000000007": errLength,
		"ffffffff000000150000000000000007": errLength,
		"00004001000000150000000000000007": errLength,
		"00000020000000040000000000000007": errShort,
		"000000110000000400000000000000":   io.ErrUnexpectedEOF,
	} {
		if _, err := readPDU(bytes.NewReader(unhex(t, raw))); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", raw, err, want)
		}
	}
	body := unhex(t, goldenReport)[16:]
	plain := len(body) - 13 - 5 // without optional parameters
	for n := range body {
		_, err := readShort(body[:n])
		if whole := n == plain || n == plain+13; (err == nil) != whole {
			t.Errorf("broken off after %d bytes: %v", n, err)
		}
	}
}

// lean is a reader that says how much is asked of it at once.
type lean struct {
	io.Reader
	most int
}

func (l *lean) Read(b []byte) (int, error) {
	l.most = max(l.most, len(b))
	return l.Reader.Read(b)
}

// FuzzPDU: whatever the centre sends, reading it neither panics nor takes more memory than one PDU, and what is read is written the same.
func FuzzPDU(f *testing.F) {
	for _, golden := range []string{goldenBind, goldenSubmit, goldenUCS2, goldenTaken, goldenThrottled, goldenReport, goldenHeard, goldenAlive, goldenUnbind, goldenNack} {
		f.Add(unhex(f, golden))
	}
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1})
	a, err := open(channel.Settings{"address": "smsc.example:2775", "system_id": "loa", "password": "secret", "sender": "Loa"}, channel.Tools{Now: fixed})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		in := &lean{Reader: bytes.NewReader(raw)}
		for {
			p, err := readPDU(in)
			if in.most > pduAtMost {
				t.Fatalf("%d bytes are wanted at once", in.most)
			}
			if err != nil {
				return
			}
			again, err := readPDU(bytes.NewReader(p.append(nil)))
			if err != nil || again.command != p.command || again.status != p.status || again.seq != p.seq || !bytes.Equal(again.body, p.body) {
				t.Fatalf("%+v is read back as %+v", p, again)
			}
			_ = readID(p.body)
			s, err := readShort(p.body)
			if err != nil {
				continue
			}
			if !bytes.Equal(s.append(nil), p.body) {
				t.Fatalf("%x is written as %x", p.body, s.append(nil))
			}
			for _, ev := range a.(*account).eventsOf(s) {
				if ev.Key == "" || ev.Kind == channel.EventReply && (ev.From == "" || ev.Text == "") || ev.Kind != channel.EventReply && ev.Ref == "" {
					t.Fatalf("%+v", ev)
				}
			}
		}
	})
}

func TestStatuses(t *testing.T) {
	a := &account{codes: statusCodes}
	const help, later, bad, content = "misconfigured account", "throttled account", "rejected address", "rejected content"
	for status, want := range map[uint32]string{0x01: content, 0x02: content, 0x03: help, 0x04: help, 0x05: later, 0x08: later, 0x0A: content, 0x0B: bad, 0x0D: help, 0x0E: help, 0x0F: help, 0x14: later, 0x15: help, 0x45: bad,
		0x48: help, 0x51: help, 0x58: later, 0x64: later, 0xFE: bad, 0xFF: "unsure ", 0x401: bad} {
		var e *channel.Error
		if err := a.failureOf(pdu{command: submitSM | answer, status: status}); !errors.As(err, &e) || string(e.Kind)+" "+string(e.About) != want || (e.After > 0) != (e.Kind == channel.Throttled) {
			t.Errorf("0x%02X is %+v, want %s", status, e, want)
		}
	}
	if err := a.failureOf(pdu{command: submitSM | answer}); err != nil {
		t.Errorf("0 is %v", err)
	}
	if err := a.failureOf(pdu{command: genericNack}); err == nil {
		t.Error("a nack is no failure")
	}
}

func report(text string, options ...option) short {
	return short{source: address{1, 1, "84901234567"}, esm: esmReceipt, message: []byte(text), options: options}
}

func TestReports(t *testing.T) {
	for _, c := range []struct {
		s    short
		want receipt
		kind channel.EventKind
	}{
		{report("id:439041101 sub:001 dlvrd:001 submit date:2611231300 done date:2611231301 stat:DELIVRD err:000 text:id:7 stat:EXPIRED"), receipt{"439041101", "DELIVRD", "000"}, channel.EventDelivered},
		{report("id:7 stat:EXPIRED err:001"), receipt{"7", "EXPIRED", "001"}, channel.EventFailed},
		{report("id:7 stat:DELETED"), receipt{"7", "DELETED", ""}, channel.EventFailed},
		{report("ID:7 Stat:undeliv Err:045 Text:"), receipt{"7", "UNDELIV", "045"}, channel.EventFailed},
		{report("id:7 stat:REJECTD err:000"), receipt{"7", "REJECTD", "000"}, channel.EventFailed},
		{report("id:7 stat:ACCEPTD"), receipt{"7", "ACCEPTD", ""}, channel.EventTaken},
		{report("id:7 stat:UNKNOWN"), receipt{"7", "UNKNOWN", ""}, channel.EventTaken},
		{report("id:7 stat:NEWWORD"), receipt{"7", "NEWWORD", ""}, channel.EventTaken},
		{report("id:7"), receipt{"7", "", ""}, channel.EventTaken},
		{report("", option{tagReceiptedID, []byte("9f\x00")}, option{tagMessageState, []byte{5}}), receipt{"9f", "UNDELIV", ""}, channel.EventFailed},
		{report("id:7 stat:DELIVRD", option{tagReceiptedID, []byte("9f")}, option{tagMessageState, []byte{99}}), receipt{"9f", "DELIVRD", ""}, channel.EventDelivered},
		{report("", option{tagMessagePayload, []byte("id:8 stat:DELIVRD")}), receipt{"8", "DELIVRD", ""}, channel.EventDelivered},
	} {
		if got, ok := readReceipt(c.s); !ok || got != c.want || got.kind() != c.kind {
			t.Errorf("%s is %+v (%v), %s; want %+v, %s", c.s.message, got, ok, got.kind(), c.want, c.kind)
		}
	}
	for _, none := range []short{report("stat:DELIVRD"), report(""), {message: []byte("id:7 stat:DELIVRD")}, report("id:" + strings.Repeat("7", 66))} {
		if r, ok := readReceipt(none); ok {
			t.Errorf("%q is a report: %+v", none.message, r)
		}
	}
	for r, want := range map[receipt]string{{"7", "UNDELIV", "000"}: "UNDELIV", {"7", "UNDELIV", ""}: "UNDELIV", {"7", "UNDELIV", "045"}: "UNDELIV:045"} {
		if got := r.reason(); got != want {
			t.Errorf("%+v is for %s", r, got)
		}
	}
}

// TestSpellings: hexadecimal in the answer and decimal in the report are one number, either way round.
func TestSpellings(t *testing.T) {
	for _, pair := range [][2]string{{"1a2b3c4d", "439041101"}, {"439041101", "1a2b3c4d"}, {"1A2B3C4D", "439041101"}, {"0a2b3c4d", "170605645"}, {"170605645", "0A2B3C4D"}, {"0000000017", "17"}, {"17", "0000000017"}, {"abc-1", "ABC-1"}, {"", ""}} {
		var o outstanding
		w := &whole{message: "m", open: 1}
		o.took(pair[0], w, true)
		message, ref, all, known := o.find(pair[1], true)
		if want := pair[0] != ""; known != want || known && (message != "m" || ref != pair[0] || !all) {
			t.Errorf("%s is not found for %s", pair[0], pair[1])
		}
		also := fmt.Sprint(spellings(pair[1]))
		if pair[0] != "" && pair[0] != "abc-1" && !strings.Contains(also, pair[0]) {
			t.Errorf("the spellings of %s are %s, without %s", pair[1], also, pair[0])
		}
	}
	if got := spellings("xyz"); !reflect.DeepEqual(got, []string{"xyz"}) {
		t.Errorf("%v", got)
	}
	for _, s := range spellings(strings.Repeat("9", 64)) {
		if len(s) > 64 {
			t.Errorf("%s is no spelling", s)
		}
	}
	var o outstanding
	for i := range keptAtMost + 5 {
		o.took(fmt.Sprint(1000000+i), &whole{}, true)
	}
	if len(o.parts) != keptAtMost || len(o.order) != keptAtMost {
		t.Errorf("%d are kept", len(o.parts))
	}
}

func TestReplies(t *testing.T) {
	a := &account{s: channel.Settings{}, now: fixed}
	text := func(coding byte, b string, esm byte, options ...option) short {
		return short{source: address{1, 1, "84901234567"}, dest: address{0, 0, "8077"}, coding: coding, esm: esm, message: []byte(b), options: options}
	}
	for want, s := range map[string]short{
		"TC":       text(0, "TC", 0),
		"a@_b":     text(0, "a\x00\x11b", 0),
		"Từ chối":  text(8, string(encodeUCS2("Từ chối")), 0),
		"à la":     text(3, "\xe0 la", 0),
		"DUNG":     text(1, "DUNG", 0),
		"phần hai": text(8, "\x05\x00\x03\x2a\x02\x02"+string(encodeUCS2("phần hai")), esmUDHI),
		"rất dài":  text(8, "", 0, option{tagMessagePayload, encodeUCS2("rất dài")}),
		"x😀":       text(8, string(encodeUCS2("x😀")), 0),
		"A\uFFFDB": text(8, "\x00A\xd8\x00\x00B\x00", 0), // half a pair, and half a unit
	} {
		got := a.eventsOf(s)
		if len(got) != 1 || got[0].Kind != channel.EventReply || got[0].Text != want || got[0].From != "84901234567" || got[0].Network != "tel" || got[0].Key == "" {
			t.Errorf("%q is %+v", want, got)
		}
	}
	local := text(0, "TC", 0)
	local.source.addr = "0901234567"
	if got := a.eventsOf(local); len(got) != 1 || got[0].From != "84901234567" {
		t.Errorf("%+v", got)
	}
	name := text(0, "Quang cao", 0)
	name.source.addr = "Viettel"
	for _, none := range []short{name, text(0, " ", 0), text(8, "\x09", esmUDHI), text(0, "ack", 0x08)} {
		if got := a.eventsOf(none); len(got) != 0 {
			t.Errorf("%q is %+v", none.message, got)
		}
	}
	again, other := replyKey(text(0, "TC", 0), fixed()), replyKey(text(0, "T", 0), fixed())
	if again != replyKey(text(0, "TC", 0), fixed().Add(9*time.Minute)) || again == other || again == replyKey(text(0, "TC", 0), fixed().Add(10*time.Minute)) {
		t.Error("a message that comes again is not told from another")
	}
	if got := binary.BigEndian.Uint16(encodeUCS2("ệ")); got != 0x1EC7 {
		t.Errorf("%x", got)
	}
}
