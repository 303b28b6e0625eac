package loa

import (
	"strings"
	"testing"
	"time"
)

func TestPlacesOfAScript(t *testing.T) {
	text := "Chào {xung_ho} {ten}, mỗi tháng {muc_dong}. Hạn {han}. {lien_ket}"
	places, err := PlacesIn(text)
	if err != nil || strings.Join(places, " ") != "xung_ho ten muc_dong han lien_ket" || !Personal(text) || Personal("Mỗi tháng {muc_dong}") {
		t.Errorf("%v, %v", places, err)
	}
	for _, bad := range []string{"{", "}", "Chào {ten", "ten} nhé", "{ten{han}}", "{mật khẩu}", "{}", "{ten }"} {
		if _, err := PlacesIn(bad); err == nil || !Personal(bad) {
			t.Errorf("%q is taken", bad)
		}
	}
	got, err := FillPlaces(text, func(key string) (string, bool) { return "<" + key + ">", true })
	if err != nil || got != "Chào <xung_ho> <ten>, mỗi tháng <muc_dong>. Hạn <han>. <lien_ket>" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := FillPlaces(text, func(key string) (string, bool) { return "x", key != "han" }); err == nil {
		t.Error("a text with a gap goes out")
	}
	if got, err := FillPlaces("{ten}", func(string) (string, bool) { return "{han}", true }); err != nil || got != "{han}" {
		t.Errorf("what is filled in is read again: %q, %v", got, err)
	}
}

func TestScriptIsCheckedAndApprovedByAnother(t *testing.T) {
	good := Script{ID: "s", Name: "Nhắc đóng", Purpose: Care, Scheme: VoluntarySI, From: "2026-01-01", Until: "2026-12-31", Texts: []ScriptText{{"vietnamese", "sms", "Han dong cua {ten} la {han}"}, {"vietnamese", "zalo", "Hạn đóng của {ten} là {han}"}},
		State: ScriptSubmitted, Author: "a", ChangedBy: "b"}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Script){
		"no name": func(s *Script) { s.Name = "  " }, "no purpose": func(s *Script) { s.Purpose = "" }, "backwards": func(s *Script) { s.Until = "2025-12-31" }, "no words": func(s *Script) { s.Texts = nil },
		"twice": func(s *Script) { s.Texts = append(s.Texts, s.Texts[0]) }, "no such tongue": func(s *Script) { s.Texts = []ScriptText{{"klingon", "sms", "x"}} }, "no such length": func(s *Script) { s.Texts = []ScriptText{{"vietnamese", "telex", "x"}} },
		"empty": func(s *Script) { s.Texts = []ScriptText{{"vietnamese", "sms", " "}} }, "too long": func(s *Script) { s.Texts = []ScriptText{{"vietnamese", "sms", strings.Repeat("a", 481)}} },
		"no such place": func(s *Script) { s.Texts = []ScriptText{{"vietnamese", "sms", "{mat_khau}"}} },
	} {
		bad := good
		change(&bad)
		if bad.Check() == nil {
			t.Errorf("%s is taken", name)
		}
	}
	by := func(id OfficerID) By { return By{Officer: id, At: time.Unix(0, 0)} }
	for _, own := range []OfficerID{"a", "b"} {
		s := good
		if err := s.Approve(by(own)); KindOf(err) != Denied {
			t.Errorf("%s approves what they wrote: %v", own, err)
		}
	}
	if err := good.Approve(by("c")); err != nil || !good.Usable("2026-06-01") || good.Usable("2027-01-01") || good.Usable("2025-12-31") {
		t.Errorf("%v", err)
	}
	if text, ok := good.Words([]string{"mong", "vietnamese"}, "sms"); !ok || text.Lang != "vietnamese" {
		t.Error("whoever has no words of their own is told in Vietnamese")
	}
	if _, ok := good.Words([]string{"mong"}, "sms"); ok {
		t.Error("words nobody wrote")
	}
}

func TestBroadcastIsApprovedByOthers(t *testing.T) {
	fresh := func(change func(*Broadcast)) Broadcast {
		b := Broadcast{ID: "b", Title: "Nhắc", Script: "s", Purpose: Advertising, Priority: Normal, State: BroadcastDraft, Author: "a", Ladder: []Rung{{Form: SMS, Network: "tel", Channel: "c"}, {Network: VisitList}}, Audience: Audience{Areas: []AreaID{"x"}},
			Window: Window{From: "2026-11-24", Until: "2026-11-30", Start: 420, End: 1260}}
		change(&b)
		return b
	}
	by := func(id OfficerID) By { return By{Officer: id, At: time.Unix(0, 0)} }
	outlet := func(network string) []Outlet { return []Outlet{{Form: Loudspeaker, Network: network, Place: "p"}} }
	for name, c := range map[string]struct {
		change  func(*Broadcast)
		people  int
		need    int
		approve []OfficerID
		state   BroadcastState
	}{
		"one other":                    {func(*Broadcast) {}, 5000, 1, []OfficerID{"b"}, BroadcastApproved},
		"its author":                   {func(*Broadcast) {}, 5000, 1, []OfficerID{"a"}, BroadcastSubmitted},
		"whoever changed it":           {func(b *Broadcast) { b.ChangedBy = "b" }, 5000, 1, []OfficerID{"b"}, BroadcastSubmitted},
		"care to a few":                {func(b *Broadcast) { b.Purpose = Care }, 200, 0, nil, BroadcastApproved},
		"care to many":                 {func(b *Broadcast) { b.Purpose = Care }, 201, 1, nil, BroadcastSubmitted},
		"care at a loudspeaker":        {func(b *Broadcast) { b.Purpose, b.Outlets = Care, outlet(SpeakerNetwork) }, 0, 1, nil, BroadcastSubmitted},
		"care on a page":               {func(b *Broadcast) { b.Purpose, b.Outlets = Care, outlet("fb_page") }, 10, 1, nil, BroadcastSubmitted},
		"care in an article":           {func(b *Broadcast) { b.Purpose, b.Outlets = Care, outlet("zalo_article") }, 10, 1, []OfficerID{"b"}, BroadcastApproved},
		"care in a group":              {func(b *Broadcast) { b.Purpose, b.Outlets = Care, outlet(GroupNetwork) }, 10, 1, nil, BroadcastSubmitted},
		"advertising to a few":         {func(*Broadcast) {}, 1, 1, nil, BroadcastSubmitted},
		"an emergency needs two":       {func(b *Broadcast) { b.Purpose, b.Priority = Administrative, Emergency }, 1, 2, []OfficerID{"b"}, BroadcastSubmitted},
		"an emergency has two":         {func(b *Broadcast) { b.Purpose, b.Priority = Administrative, Emergency }, 1, 2, []OfficerID{"b", "c"}, BroadcastApproved},
		"the same one twice is no two": {func(b *Broadcast) { b.Purpose, b.Priority = Administrative, Emergency }, 1, 2, []OfficerID{"b", "b"}, BroadcastSubmitted},
	} {
		b := fresh(c.change)
		if got := b.ApprovalsNeeded(c.people, 10_000); got != c.need {
			t.Errorf("%s: %d approvals where an office sets more than it may, want %d", name, got, c.need)
		}
		if got := b.ApprovalsNeeded(c.people, 200); got != c.need {
			t.Errorf("%s: %d approvals, want %d", name, got, c.need)
		}
		if err := b.Submit(c.people, 200); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, id := range c.approve {
			b.Approve(by(id), c.people, 200)
		}
		if b.State != c.state {
			t.Errorf("%s: %s, want %s", name, b.State, c.state)
		}
	}
	b := fresh(func(*Broadcast) {})
	b.Submit(5000, 200)
	b.Approve(by("b"), 5000, 200)
	if err := b.Change("a"); err != nil || b.State != BroadcastDraft || len(b.Approvals) != 0 {
		t.Errorf("changed after approval it stays approved: %v %s", err, b.State)
	}
	for name, change := range map[string]func(*Broadcast){
		"no title": func(b *Broadcast) { b.Title = "" }, "no ladder": func(b *Broadcast) { b.Ladder = nil }, "a list in the middle": func(b *Broadcast) { b.Ladder[0], b.Ladder[1] = b.Ladder[1], b.Ladder[0] }, "a rung twice": func(b *Broadcast) { b.Ladder[1] = b.Ladder[0] },
		"no account": func(b *Broadcast) { b.Ladder[0].Channel = "" }, "nobody": func(b *Broadcast) { b.Audience = Audience{} }, "an advertising emergency": func(b *Broadcast) { b.Priority = Emergency }, "hours that end before they begin": func(b *Broadcast) { b.Window.End = 400 },
		"a window that ends before it begins": func(b *Broadcast) { b.Window.Until = "2026-11-23" },
	} {
		b := fresh(change)
		if b.Check() == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestAScriptGoesBackAndForth(t *testing.T) {
	s := Script{ID: "s", Name: "Nhắc", Purpose: Care, State: ScriptDraft, Author: "a", Texts: []ScriptText{{"vietnamese", "zalo", "Chào {ten}"}}}
	if s.SendBack("x") == nil {
		t.Error("a draft is sent back")
	}
	if err := s.Submit(); err != nil || s.State != ScriptSubmitted || s.Submit() == nil {
		t.Errorf("%s, %v", s.State, err)
	}
	if s.SendBack("  ") == nil || s.SendBack(strings.Repeat("a", ScriptWhy+1)) == nil {
		t.Error("sent back without a reason that can be read")
	}
	if err := s.SendBack("Dài quá"); err != nil || s.State != ScriptDraft || s.Why != "Dài quá" {
		t.Errorf("%+v, %v", s, err)
	}
	if err := s.Submit(); err != nil || s.Why != "" {
		t.Errorf("submitted again it keeps the reason: %+v, %v", s, err)
	}
	s.State = ScriptDraft
	for _, kind := range ScriptKinds {
		s.Texts = []ScriptText{{"vietnamese", kind, "Mời {ten}"}}
		if open := kind == "loudspeaker" || kind == "post" || kind == "leaflet"; (s.Check() != nil) != open {
			t.Errorf("%s tells of one person: %v", kind, s.Check())
		}
		if ScriptMost(kind) == 0 {
			t.Errorf("%s has no length", kind)
		}
	}
	s.Texts, s.Group = []ScriptText{{"vietnamese", "zalo", "x"}}, "rich"
	if s.Check() == nil {
		t.Error("for a group that does not exist")
	}
}
