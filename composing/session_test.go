package composing

import (
	"testing"

	"loa"
	"loa/wording"
)

// TestTheNextSessionOfAVillage: a village is told of its own next session, or where it has none of the one of its commune or the whole
// office; what nobody is asked to is nobody's next session.
func TestTheNextSessionOfAVillage(t *testing.T) {
	areas := []loa.Area{{ID: "v1", Path: "p/o/c1/v1/"}, {ID: "c1", Path: "p/o/c1/"}, {ID: "v2", Path: "p/o/c1/v2/"}, {ID: "o", Path: "p/o/"}, {ID: "c2", Path: "p/o/c2/"}, {ID: "v3", Path: "p/o/c2/v3/"}, {ID: "gone"}}
	at := func(id, area string, form loa.Form, on loa.Day) loa.Session {
		return loa.Session{ID: loa.SessionID(id), Area: loa.AreaID(area), Form: form, On: on, State: loa.Planned}
	}
	with := func(s loa.Session, change func(*loa.Session)) loa.Session { change(&s); return s }
	for name, c := range map[string]struct {
		planned []loa.Session
		want    map[loa.AreaID]string
	}{
		"none": {nil, map[loa.AreaID]string{"v1": "", "c1": "", "o": ""}},
		"its own": {[]loa.Session{at("a", "v1", loa.SmallGroup, "2025-12-02"), at("b", "v1", loa.SmallGroup, "2025-12-09")},
			map[loa.AreaID]string{"v1": "a", "v2": "", "c1": "", "v3": ""}},
		"of the commune where it has none": {[]loa.Session{at("a", "c1", loa.Festival, "2025-12-02"), at("b", "v1", loa.SmallGroup, "2025-12-09")},
			map[loa.AreaID]string{"v1": "b", "v2": "a", "c1": "a", "v3": "", "gone": ""}},
		"of the whole office": {[]loa.Session{at("a", "o", loa.Launch, "2025-12-02"), at("b", "c2", loa.Festival, "2025-12-03")},
			map[loa.AreaID]string{"v1": "a", "c1": "a", "o": "a", "c2": "b", "v3": "b"}},
		"a visit, an employer's, partners alone, cancelled": {[]loa.Session{at("a", "v1", loa.VisitForm, "2025-12-02"), with(at("b", "v1", loa.Conference, "2025-12-02"), func(s *loa.Session) { s.Partners = []loa.PartnerID{"p"} }),
			with(at("c", "v1", loa.Conference, "2025-12-02"), func(s *loa.Session) { s.Employer = "e" }), with(at("d", "v1", loa.SmallGroup, "2025-12-02"), func(s *loa.Session) { s.State = loa.Cancelled })},
			map[loa.AreaID]string{"v1": ""}},
	} {
		got := NextSessions(c.planned, areas)
		for area, want := range c.want {
			if string(got[area].ID) != want {
				t.Errorf("%s: %s is told of %q, not %q", name, area, got[area].ID, want)
			}
		}
	}
}

// TestASessionThatMovedIsNotWhatWasApproved: cancelled, held, over or on another day than it was approved for, nobody is asked to it.
func TestASessionThatMovedIsNotWhatWasApproved(t *testing.T) {
	for name, c := range map[string]struct {
		state    loa.SessionState
		on, then loa.Day
		want     string
	}{
		"as approved":         {loa.Planned, "2025-12-06", "2025-12-06", ""},
		"on the day":          {loa.Planned, "2025-12-01", "2025-12-01", ""},
		"not yet approved":    {loa.Planned, "2025-12-06", "", ""},
		"cancelled":           {loa.Cancelled, "2025-12-06", "2025-12-06", "session_called_off"},
		"held":                {loa.Held, "2025-12-01", "2025-12-01", "session_over"},
		"over, nobody said":   {loa.Planned, "2025-11-30", "2025-11-30", "session_over"},
		"a day later":         {loa.Planned, "2025-12-07", "2025-12-06", "session_moved"},
		"moved and cancelled": {loa.Cancelled, "2025-12-07", "2025-12-06", "session_called_off"},
	} {
		err := SessionStands(loa.Broadcast{SessionOn: c.then}, loa.Session{Title: "Họp bản", State: c.state, On: c.on}, "2025-12-01")
		got := ""
		if e, ok := err.(*loa.Error); ok {
			got = e.Code
		}
		if got != c.want {
			t.Errorf("%s: %v, not %q", name, err, c.want)
		}
	}
}

// TestReadersAreToldOfTheirSession: the broadcast's own, or the one where the reader lives, which the gate is told of; words that tell of
// none ask nothing of the village.
func TestReadersAreToldOfTheirSession(t *testing.T) {
	b := loa.Broadcast{Purpose: loa.Care, Ladder: []loa.Rung{{Form: loa.SMS, Network: "tel", Channel: "s"}, {Form: loa.Email, Network: "mail", Channel: "m"}, {Form: loa.Zalo, Network: "zns", Channel: "z", Template: "1", Params: []loa.Param{{Name: "d", Text: "{ngay_buoi}"}}}}}
	s := script(vi("sms", "Moi toi {buoi} ngay {ngay_buoi}"), vi("long", "Nhớ đóng"))
	own := loa.Session{Title: "Họp bản Háng Là", On: "2025-12-06"}
	w, err := New(b, s, book(t), Sender{Next: map[loa.AreaID]loa.Session{"v1": own}})
	if err != nil {
		t.Fatal(err)
	}
	for rung, asks := range []bool{true, false, true} {
		text, _ := w.Text(rung, []string{"vietnamese"})
		if (text.Where != nil) != asks || asks && (!text.Where["v1"] || text.Where["v2"]) {
			t.Errorf("rung %d may be told in %v", rung, text.Where)
		}
	}
	m, err := w.Message(loa.Delivery{Network: "tel", Lang: "vietnamese"}, loa.Reader{Person: "p", Area: "v1"})
	if err != nil || m.Text != "Moi toi Hop ban Hang La ngay 06/12/2025" {
		t.Errorf("%q, %v", m.Text, err)
	}
	if m, err := w.Message(loa.Delivery{Network: "tel", Lang: "vietnamese"}, loa.Reader{Person: "p", Area: "v2"}); err == nil {
		t.Errorf("a village without one is told %q", m.Text)
	}
	if w, err = New(b, s, book(t), Sender{Office: wording.Office{}, Session: &own}); err != nil {
		t.Fatal(err)
	}
	if text, _ := w.Text(0, []string{"vietnamese"}); text.Where != nil {
		t.Errorf("a session that is named is told in %v only", text.Where)
	}
	if m, err := w.Message(loa.Delivery{Network: "tel", Lang: "vietnamese"}, loa.Reader{Person: "p", Area: "v2"}); err != nil || m.Text != "Moi toi Hop ban Hang La ngay 06/12/2025" {
		t.Errorf("%q, %v", m.Text, err)
	}
}
