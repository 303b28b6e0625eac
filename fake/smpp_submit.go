package fake

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// smppWhole is a text that comes in parts.
type smppWhole struct {
	parts map[byte]string
	of    byte
}

func smppCode(status uint32) string { return fmt.Sprintf("0x%02X", status) }

// smppStatus reads a status such as 0x58; the one nobody has written down where it is none.
func smppStatus(code string) uint32 {
	n, err := strconv.ParseUint(code, 0, 32)
	if err != nil || n == 0 {
		return 0x4FF
	}
	return uint32(n)
}

// submit takes one submit_sm, with the faults of the script.
func (s *SMPP) submit(ctx context.Context, k *smppLink, p smppPDU) {
	f := s.w.Faults.of(smppName, "/submit_sm", false)
	if f.Do == Slow {
		pause(ctx, k, time.Duration(f.Wait))
	}
	if f.Do == ExpireToken { // the centre unbinds, and what was on its way to it is lost
		s.note(Entry{Outcome: Lost, Fault: f.Do, Unanswered: true})
		k.write(smppPDU{command: smppUnbind, seq: 1 << 30}.bytes())
		k.close()
		return
	}
	e, id, status := s.decide(k, p, f)
	e.Fault, e.Unanswered = f.Do, f.Do == TimeoutBefore || f.Do == TimeoutAfter || f.Do == BrokenAnswer || f.Do == GarbledAnswer
	s.note(e)
	answer := smppPDU{command: smppSubmit | smppAnswer, status: status, seq: p.seq}
	if status == smppOK {
		answer.body = append([]byte(id), 0)
	}
	switch f.Do {
	case TimeoutBefore, TimeoutAfter:
		if f.Wait == 0 { // with a wait the connection stays, and nothing more is said
			k.close()
		}
		return
	case BrokenAnswer:
		k.write(half(answer.bytes()))
		k.close()
		return
	case GarbledAnswer:
		k.write([]byte("HTTP/1.1 502 Bad Gateway\r\n\r\n<html>"))
		k.close()
		return
	}
	k.write(answer.bytes())
}

func pause(ctx context.Context, k *smppLink, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-k.gone:
	case <-ctx.Done():
	}
}

func (s *SMPP) note(e Entry) {
	e.Provider, e.Method, e.Path = smppName, "SMPP", "/submit_sm"
	if e.At.IsZero() {
		e.At = s.w.Clock.Now()
	}
	s.w.Ledger.add(e)
}

// decide takes a message or says why not.
func (s *SMPP) decide(k *smppLink, p smppPDU, f Fault) (e Entry, id string, status uint32) {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	e.At = s.w.Clock.Now()
	if f.Do == TimeoutBefore {
		e.Outcome = Lost
		return e, "", smppOK
	}
	m, err := readShort(p.body)
	e.Outcome, e.To = Refused, m.dest
	words, ref, of, nth := m.part()
	e.Text = smppWords(words, m.coding)
	switch {
	case err != nil:
		status = smppBadLength
	default:
		status = s.check(k, m, words, f)
	}
	if status != smppOK {
		e.Code = smppCode(status)
		return e, "", status
	}
	id = fmt.Sprintf("%08x", s.next)
	number := s.next
	s.next++
	e.Outcome, e.Kind, e.ID, e.Parts, e.Cost = Taken, "sms", id, 1, s.Price
	if of > 1 {
		e.Kind = "sms_part"
	}
	s.report(m, number, e.Text, e.At)
	s.join(m, e.Text, ref, of, nth, e.At)
	return e, id, smppOK
}

// check says why a message is refused.
func (s *SMPP) check(k *smppLink, m smppShort, words []byte, f Fault) uint32 {
	now := s.w.Clock.Now().Unix()
	if s.second != now {
		s.second, s.calls.n = now, 0
	}
	s.calls.n++
	k.mu.Lock()
	mode := k.mode
	k.mu.Unlock()
	most := 160
	if m.coding == smppCodingUCS2 {
		most = 140
	}
	if m.class&smppHasHeader != 0 {
		most -= 7
		if m.coding == smppCodingUCS2 {
			most++
		}
	}
	phone, good := mobileOf(m.dest)
	switch {
	case mode != smppBindTransceiver && mode != smppBindTransmitter:
		return smppNotBound
	case f.Do == Throttle || s.PerSecond > 0 && s.calls.n > s.PerSecond:
		return smppThrottled
	case f.Do == QuotaUsed || f.Do == BalanceUsed:
		return smppQueueFull
	case f.Do == QuietHours:
		return smppFailed
	case f.Do == UnknownCode, f.Do == AnswerCode, f.Do == AnswerStatus:
		return smppStatus(f.Code)
	case !slices.Contains(s.Senders, m.source):
		return smppBadSource
	case !good || phone != m.dest:
		return smppBadDest
	case len(words) > most && len(m.message) > 0 || len(words) == 0:
		return smppBadLength
	}
	for _, r := range s.Refused {
		if fits(r.Match, m.dest) {
			return smppStatus(r.Code)
		}
	}
	return smppOK
}

// fits says whether a value is as a pattern wants it, in which * stands for anything.
func fits(pattern, value string) bool {
	parts := strings.Split(strings.ToLower(pattern), "*")
	value = strings.ToLower(value)
	if len(parts) == 1 {
		return parts[0] == value
	}
	value, ok := strings.CutPrefix(value, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		_, rest, found := strings.Cut(value, part)
		if !found {
			return false
		}
		value = rest
	}
	return strings.HasSuffix(value, parts[len(parts)-1])
}

// join puts the parts of a text together as the telephone does, and lets its owner read it.
func (s *SMPP) join(m smppShort, text string, ref, of, nth byte, at time.Time) {
	v := s.w.villagers[m.dest]
	if of > 1 {
		key := m.dest + "\n" + string(ref) + "\n" + string(of)
		w := s.begun[key]
		if w == nil {
			w = &smppWhole{parts: map[byte]string{}, of: of}
			s.begun[key] = w
		}
		w.parts[nth] = text
		if len(w.parts) < int(of) {
			return
		}
		delete(s.begun, key)
		text = ""
		for i := byte(1); i <= of; i++ {
			text += w.parts[i]
		}
	}
	if v != nil && !v.Unreachable && !v.Unread {
		s.w.heard(smppName, v, text, at.Add(time.Duration(s.Report)))
	}
}

// report plans what the centre tells of a message later, where that was asked for.
func (s *SMPP) report(m smppShort, number uint32, text string, at time.Time) {
	if m.registered&smppWantsReport == 0 {
		return
	}
	state, failed, delivered := s.State, "000", "001"
	if !s.w.reaches(m.dest) {
		state = "UNDELIV"
	}
	if state != "DELIVRD" {
		failed, delivered = "001", "000"
	}
	id := fmt.Sprintf("%08x", number)
	if s.Decimal {
		id = fmt.Sprintf("%010d", number)
	}
	done := at.Add(time.Duration(s.Report))
	minute := func(t time.Time) string { return t.In(zone).Format("0601021504") }
	first := []rune(text)
	r := smppShort{sourceTON: m.destTON, sourceNPI: m.destNPI, source: m.dest, destTON: m.sourceTON, destNPI: m.sourceNPI, dest: m.source, class: smppIsReport}
	r.message = []byte("id:" + id + " sub:001 dlvrd:" + delivered + " submit date:" + minute(at) + " done date:" + minute(done) + " stat:" + state + " err:" + failed + " text:" + plain(string(first[:min(20, len(first))])))
	if !s.NoTags {
		r.options = []smppOption{{smppTagID, append([]byte(id), 0)}, {smppTagState, []byte{smppStates[state]}}}
	}
	s.post(done, "receipt", r)
}

// smppStates are the words of a report, as its optional parameter counts them.
var smppStates = map[string]byte{"ENROUTE": 1, "DELIVRD": 2, "EXPIRED": 3, "DELETED": 4, "UNDELIV": 5, "ACCEPTD": 6, "UNKNOWN": 7, "REJECTD": 8}

// plain is a text with a question mark for every letter that a report has none for.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e {
			return '?'
		}
		return r
	}, s)
}

// act lets somebody write a message to the office's number.
func (s *SMPP) act(v *Villager, do, text string) error {
	if v.Phone == "" {
		return errNobody
	}
	if do != "say" {
		return fmt.Errorf("a villager cannot %q by SMS", do)
	}
	m := smppShort{sourceTON: 1, sourceNPI: 1, source: v.Phone, dest: s.ShortCode}
	writeSMPP(&m, text)
	at := s.w.Clock.Now()
	s.w.spoke(smppName, v.Phone, do, text, at)
	s.post(at, "message", m)
	return nil
}
