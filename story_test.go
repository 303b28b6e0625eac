package loa

import (
	"strings"
	"testing"
)

func goodStory() Story {
	return Story{Area: "a", Name: "Chị D.", Schemes: []Scheme{VoluntarySI}, Tellings: []Telling{{Lang: "vietnamese", Change: "Có lương hưu", Text: "Chị đóng 15 năm."}},
		Consent: StoryConsent{How: "paper", Proof: "Phiếu 12", Officer: "o1", On: "2025-11-01", Until: "2026-11-01"}, State: StoryApproved, CreatedBy: "o1", ChangedBy: "o1"}
}

func TestStoryCheck(t *testing.T) {
	if err := goodStory().Check(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*Story)
		field  string
	}{
		"no name":      {func(s *Story) { s.Name = " " }, "name"},
		"no place":     {func(s *Story) { s.Area = "" }, "area"},
		"no scheme":    {func(s *Story) { s.Schemes = nil }, "scheme"},
		"audience":     {func(s *Story) { s.Audiences = []string{"ministers"} }, "audience"},
		"untold":       {func(s *Story) { s.Tellings = nil }, "change_vietnamese"},
		"nothing said": {func(s *Story) { s.Tellings = []Telling{{Lang: "mong"}} }, "change_mong"},
		"twice":        {func(s *Story) { s.Tellings = append(s.Tellings, s.Tellings[0]) }, "lang"},
		"long":         {func(s *Story) { s.Tellings[0].Text = strings.Repeat("ă", StoryText+1) }, "text_vietnamese"},
		"long change":  {func(s *Story) { s.Tellings[0].Change = strings.Repeat("ă", StoryChange+1) }, "change_vietnamese"},
		"no how":       {func(s *Story) { s.Consent.How = "" }, "how"},
		"no proof":     {func(s *Story) { s.Consent.Proof = "" }, "proof"},
		"no end":       {func(s *Story) { s.Consent.Until = "" }, "consent_until"},
		"open end":     {func(s *Story) { s.Consent.Until = OpenEnd }, "consent_until"},
		"backwards":    {func(s *Story) { s.Consent.Until = "2025-10-31" }, "consent_until"},
		"nobody heard": {func(s *Story) { s.Consent.Officer = "" }, "consent_by"},
	} {
		s := goodStory()
		s.Tellings = append([]Telling{}, s.Tellings...)
		c.change(&s)
		e, ok := s.Check().(*Error)
		if !ok || e.Field != c.field {
			t.Errorf("%s: %v", name, e)
		}
	}
	s := goodStory()
	s.Tellings[0].Text = strings.Repeat("ă", StoryText)
	if err := s.Check(); err != nil {
		t.Errorf("a story of exactly the limit: %v", err)
	}
}

func TestStoryIsToldWithinItsConsent(t *testing.T) {
	for _, c := range []struct {
		state StoryState
		on    Day
		want  bool
	}{{StoryApproved, "2025-10-31", false}, {StoryApproved, "2025-11-01", true}, {StoryApproved, "2026-11-01", true}, {StoryApproved, "2026-11-02", false}, {StoryDraft, "2025-12-01", false}, {StoryWithdrawn, "2025-12-01", false}} {
		s := goodStory()
		s.State = c.state
		if s.Told(c.on) != c.want {
			t.Errorf("%s on %s is told: %v", c.state, c.on, !c.want)
		}
	}
}

func TestStoryApprovalNeedsAnother(t *testing.T) {
	s := goodStory()
	s.State, s.CreatedBy, s.ChangedBy = StoryDraft, "o1", "o2"
	for by, code := range map[OfficerID]string{"o1": "story_own", "o2": "story_own", "o3": ""} {
		err, _ := s.MayApprove(by, "2025-12-01").(*Error)
		if (err == nil) != (code == "") || err != nil && err.Code != code {
			t.Errorf("%s: %v", by, err)
		}
	}
	if s.MayApprove("o3", "2026-12-01") == nil {
		t.Error("approved after its consent ended")
	}
	s.State = StoryWithdrawn
	if s.MayApprove("o3", "2025-12-01") == nil {
		t.Error("approved though it is withdrawn")
	}
}

func TestSilenced(t *testing.T) {
	say := func(purpose, channel string, agreed bool, on Day) Consent {
		return Consent{Fact: Fact{HappenedOn: on}, Purpose: purpose, Channel: channel, Agreed: agreed}
	}
	for name, c := range map[string]struct {
		all  []Consent
		died bool
		want string
	}{
		"nothing":          {nil, false, ""},
		"died":             {nil, true, "died"},
		"all channels":     {[]Consent{say("care", "all", false, "2025-01-01")}, false, "refused"},
		"pages":            {[]Consent{say("advertising", "page", false, "2025-01-01")}, false, "refused"},
		"only telephone":   {[]Consent{say("care", "call", false, "2025-01-01")}, false, ""},
		"only text":        {[]Consent{say("advertising", "sms", false, "2025-01-01")}, false, ""},
		"agreed again":     {[]Consent{say("care", "all", false, "2025-01-01"), say("care", "all", true, "2025-02-01")}, false, ""},
		"refused at last":  {[]Consent{say("care", "all", true, "2025-01-01"), say("care", "all", false, "2025-02-01")}, false, "refused"},
		"refusal is wider": {[]Consent{say("advertising", "all", false, "2025-01-01"), say("advertising", "page", true, "2025-02-01")}, false, "refused"},
	} {
		if got := Silenced(c.all, c.died); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestClipCheck(t *testing.T) {
	good := Clip{Key: "leaflet", Lang: "mong", Size: 10, Seconds: 20}
	for name, c := range map[string]struct {
		change func(*Clip)
		ok     bool
	}{
		"good":      {func(c *Clip) {}, true},
		"story":     {func(c *Clip) { c.Key = StoryKey("01234567-0123-7123-8123-0123456789ab") }, true},
		"key":       {func(c *Clip) { c.Key = "story.x" }, false},
		"no key":    {func(c *Clip) { c.Key = "" }, false},
		"lang":      {func(c *Clip) { c.Lang = "vi" }, false},
		"empty":     {func(c *Clip) { c.Size = 0 }, false},
		"large":     {func(c *Clip) { c.Size = ClipBytes + 1 }, false},
		"too long":  {func(c *Clip) { c.Seconds = ClipSeconds + 1 }, false},
		"at length": {func(c *Clip) { c.Seconds = ClipSeconds }, true},
	} {
		x := good
		c.change(&x)
		if err := x.Check(); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	good.CreatedBy, good.State = "o1", ClipDraft
	if good.MayApprove("o1") == nil || good.MayApprove("o2") != nil {
		t.Error("whoever recorded it approved it, or nobody can")
	}
}
