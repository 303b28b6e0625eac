package loa

import (
	"time"

	"loa/vn"
)

// SessionState is where a session stands.
type SessionState string

// A session is planned, then held or cancelled.
const (
	Planned   SessionState = "planned"
	Held      SessionState = "held"
	Cancelled SessionState = "cancelled"
)

// Session is one outreach meeting: place, day, form, head count. Never a sign-in.
type Session struct {
	ID                                  SessionID
	Office                              OfficeID
	Area                                AreaID
	Form                                Form
	Title                               string
	Theme                               string
	Place                               string
	On                                  Day
	StartMin                            int // minutes after midnight
	EndMin                              int
	State                               SessionState
	Why                                 string
	Household                           HouseholdID // of a visit
	Market                              MarketID
	Festival                            FestivalID
	Employer                            EmployerID
	Expected                            int
	Materials                           string
	Leaflets                            int
	Checklist                           []CheckItem
	Minutes                             string
	Details                             map[string]string // the fields only this form has
	Public                              string            // "yes" or "no": shown on public pages; empty: as its form is
	OfficerMin                          int               // officer minutes spent, travel included
	TravelKM                            int
	TravelCost, MaterialCost, OtherCost int64 // đồng
	HeldAt                              time.Time
	CreatedAt                           time.Time
	CreatedBy                           OfficerID
	Officers                            []OfficerID
	Partners                            []PartnerID
	Segments                            []SegmentID
	ChangeNo                            int64
}

// CheckItem is one line of the preparation checklist.
type CheckItem struct {
	Text string
	Done bool
}

// FormFields are the fields only one form of session has, by form; their labels are session.detail.<field>.
var FormFields = map[Form][]string{
	Festival:     {"ceremony_time", "slot_after", "stage"},
	Conference:   {"chair", "documents", "decisions"},
	Launch:       {"route", "banners", "vehicles"},
	SmallGroup:   {"village_head", "households_invited", "host"},
	MarketDesk:   {"stall", "short_talks"},
	VisitForm:    {"who_met", "next_visit"},
	UnionMeeting: {"union", "agenda_item"},
	JointSession: {"partner_topic", "job_seekers"},
}

// Announced says whether everybody may read of the session beforehand. Unless the officer decides, those are festivals, launches,
// market desks, joint sessions and conferences of residents: a small group often meets in somebody's home, a conference with partners
// alone is the office's own. A visit and a session at an employer's are never announced.
func (s Session) Announced() bool {
	if s.Form == VisitForm || s.Household != "" || s.Employer != "" || s.Public == "no" {
		return false
	}
	if s.Public == "yes" {
		return true
	}
	switch s.Form {
	case Festival, Launch, MarketDesk, JointSession:
		return true
	case Conference:
		return len(s.Partners) == 0 || len(s.Segments) > 0
	}
	return false
}

// Invites says whether the people of its place may be asked to come: not to a visit, to an employer's, or to what is held with partners
// alone.
func (s Session) Invites() bool {
	return s.Form != VisitForm && s.Household == "" && s.Employer == "" && (s.Form != Conference || len(s.Partners) == 0 || len(s.Segments) > 0)
}

// Cost is what the session cost in đồng.
func (s Session) Cost() int64 { return s.TravelCost + s.MaterialCost + s.OtherCost }

// Check refuses a session that cannot be planned.
func (s Session) Check() error {
	switch {
	case !s.Form.IsSession():
		return Refuse(Invalid, "form", "not_in_list")
	case vn.Fold(s.Title) == "":
		return Refuse(Invalid, "title", "required")
	case s.Public != "" && s.Public != "yes" && s.Public != "no":
		return Refuse(Invalid, "public", "not_in_list")
	case s.Area == "":
		return Refuse(Invalid, "area", "required")
	case !s.On.Valid():
		return Refuse(Invalid, "on", "bad_day")
	case s.StartMin < 0 || s.StartMin > 1439 || s.EndMin < 0 || s.EndMin > 1439 || s.EndMin != 0 && s.EndMin < s.StartMin:
		return Refuse(Invalid, "time", "backwards")
	case s.Expected < 0 || s.Expected > 100000 || s.Leaflets < 0 || s.Leaflets > 1000000:
		return Refuse(Invalid, "expected", "out_of_range")
	case s.TravelCost < 0 || s.MaterialCost < 0 || s.OtherCost < 0 || s.OfficerMin < 0 || s.TravelKM < 0:
		return Refuse(Invalid, "cost", "out_of_range")
	}
	return nil
}

// Hold marks a planned session as held on its day; it cannot be held before the day has come.
func (s *Session) Hold(at time.Time) error {
	if s.State == Cancelled {
		return Refuse(Conflict, "", "session_cancelled")
	}
	if s.On > DayOf(at) {
		return Refuse(Conflict, "on", "session_future")
	}
	s.State, s.HeldAt, s.Why = Held, at, ""
	return nil
}

// Cancel needs a reason; a held session may be cancelled when it turns out not to have taken place.
func (s *Session) Cancel(why string) error {
	if vn.Fold(why) == "" {
		return Refuse(Invalid, "why", "required")
	}
	s.State, s.Why = Cancelled, why
	return nil
}

// Reopen takes a cancelling or holding back: the session is planned again.
func (s *Session) Reopen() { s.State, s.Why, s.HeldAt = Planned, "", time.Time{} }

// AgeBands of the door counter.
var AgeBands = []string{"child", "young", "adult", "old"} // under 15, 15–34, 35–59, 60 and over

// AgeBand is the band an age falls in; empty when not known.
func AgeBand(age int) string {
	switch {
	case age < 0:
		return ""
	case age < 15:
		return "child"
	case age < 35:
		return "young"
	case age < 60:
		return "adult"
	}
	return "old"
}

// Attendance is heads at one held session: one named person, or a count of people who were not named, never both.
type Attendance struct {
	Fact
	Session SessionID
	Person  PersonID
	N       int // may be negative: a head already counted turned out to be somebody who was then named
	Sex     Sex
	AgeBand string
}

// Check refuses an attendance without heads.
func (a Attendance) Check() error {
	if err := a.Fact.Check(); err != nil {
		return err
	}
	switch {
	case a.Void:
		return nil
	case a.Session == "":
		return Refuse(Invalid, "session", "required")
	case a.N == 0 || a.N < -10000 || a.N > 10000 || a.Person != "" && a.N != 1:
		return Refuse(Invalid, "n", "out_of_range")
	case a.AgeBand != "" && !OneOf(a.AgeBand, AgeBands):
		return Refuse(Invalid, "age_band", "not_in_list")
	}
	return nil
}

// Heads counts a session's people: each named person once however often recorded, plus those only counted.
func Heads(all []Attendance) (total, named int) {
	seen := map[PersonID]bool{}
	for _, a := range all {
		if a.Person == "" {
			total += a.N
		} else if !seen[a.Person] {
			seen[a.Person] = true
			named++
		}
	}
	return max(total, 0) + named, named
}

// HeadCell is one cell of the door counter.
type HeadCell struct {
	Sex     Sex
	AgeBand string
}

// Before orders cells the same way everywhere.
func (c HeadCell) Before(d HeadCell) bool {
	return c.Sex < d.Sex || c.Sex == d.Sex && c.AgeBand < d.AgeBand
}

// HeadCells adds up the heads that are not named, cell by cell.
func HeadCells(all []Attendance) map[HeadCell]int {
	out := map[HeadCell]int{}
	for _, a := range all {
		if a.Person == "" {
			out[HeadCell{a.Sex, a.AgeBand}] += a.N
		}
	}
	return out
}

// Visit is a knock on a door or a talk with one person outside a session, with its outcome.
type Visit struct {
	Fact
	Session   SessionID
	Household HouseholdID
	Person    PersonID
	Form      Form
	Outcome   string
	Note      string
	NextOn    Day
}

// VisitOutcomes is the short list of outcomes.
var VisitOutcomes = []string{"met", "interested", "promised", "call_back", "not_home", "refused"}

// Check refuses a visit to nobody or without an outcome.
func (v Visit) Check() error {
	if err := v.Fact.Check(); err != nil {
		return err
	}
	if v.Void {
		return nil
	}
	if v.Household == "" && v.Person == "" {
		return Refuse(Invalid, "person", "required")
	}
	if !OneOf(v.Outcome, VisitOutcomes) {
		return Refuse(Invalid, "outcome", "not_in_list")
	}
	return nil
}

// Question is what somebody asked, through any form.
type Question struct {
	Fact
	Session  SessionID
	Person   PersonID
	Segment  SegmentID
	Form     Form
	Text     string
	N        int // how many asked it
	Owner    OfficerID
	Promised bool // the asker was promised an answer
}

// Check refuses a question of under 5 or over 500 characters.
func (q Question) Check() error {
	if err := q.Fact.Check(); err != nil {
		return err
	}
	if q.Void {
		return nil
	}
	if n := vn.Characters(q.Text); n < 5 || n > 500 {
		return Refuse(Invalid, "text", "length", 5, 500)
	}
	return nil
}

// Answer is the reply to a question; ToldOn is the day the asker was told.
type Answer struct {
	ID         string
	Office     OfficeID
	Area       AreaID
	Question   FactID
	Text       string
	Cites      string
	ValidFrom  Day // since when the law it rests on holds; empty when not said
	ValidTo    Day // the last day it holds; empty while no end is known
	ToldOn     Day
	RecordedAt time.Time
	RecordedBy OfficerID
	Ready      ReadyAnswerID // the approved answer it was made of; counted as a use, not kept with it
	Version    int           // of that answer
}

// Check refuses an answer that says too little or too much, or holds for days running backwards.
func (w Answer) Check() error {
	switch n := len([]rune(w.Text)); {
	case n < 5 || n > 2000:
		return Refuse(Invalid, "answer", "length", 5, 2000)
	case len([]rune(w.Cites)) > 300:
		return Refuse(Invalid, "cites", "too_long", 300)
	case w.ValidFrom != "" && !w.ValidFrom.Valid():
		return Refuse(Invalid, "valid_from", "bad_day")
	case w.ValidTo != "" && !w.ValidTo.Valid():
		return Refuse(Invalid, "valid_to", "bad_day")
	case w.ValidTo != "" && w.ValidTo < w.ValidFrom:
		return Refuse(Invalid, "valid_to", "backwards")
	}
	return nil
}

// Holds says whether the law behind the answer holds on a day, as far as it was said.
func (w Answer) Holds(on Day) bool { return w.ValidFrom <= on && (w.ValidTo == "" || on <= w.ValidTo) }

// SessionTally counts held sessions and the heads at them. Area and Month are empty in totals over all of them.
type SessionTally struct {
	Area     AreaID
	Month    Month
	Form     Form
	Sessions int64
	Heads    int64 // named people and those only counted, each once per session
	Named    int64
	People   int64 // distinct named people; 0 where it is not asked for, because it cannot be added up
}

// Attachment is a photo or scanned sheet, re-encoded so that no metadata is left.
type Attachment struct {
	ID            AttachmentID
	Office        OfficeID
	Area          AreaID
	Noun, NounID  string
	Kind          string
	MIME          string
	SHA256        string
	Size          int
	Width, Height int
	Bytes         []byte
	RecordedAt    time.Time
	RecordedBy    OfficerID
}
