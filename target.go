package loa

import "time"

// Target is an assigned number to reach by the end of a month or year. A revision is a new row; old ones stay.
type Target struct {
	ID         string
	Office     OfficeID
	Area       AreaID // a commune, or the office's own node for the whole office
	Employer   EmployerID
	Officer    OfficerID
	Scheme     Scheme
	Measure    string // participation (a stock) or joined (a flow)
	Year       int
	Month      int // 0: the year
	Value      int64
	Revision   int
	InForce    Day
	Document   string
	Withdrawn  bool // the line is no longer assigned; Value is 0
	Import     ImportID
	RecordedAt time.Time
	RecordedBy OfficerID
}

// TargetLine names what a target is about; its revisions share it.
type TargetLine struct {
	Area     AreaID
	Employer EmployerID
	Officer  OfficerID
	Scheme   Scheme
	Measure  string
	Year     int
	Month    int
}

// Line is what the target is about.
func (t Target) Line() TargetLine {
	return TargetLine{t.Area, t.Employer, t.Officer, t.Scheme, t.Measure, t.Year, t.Month}
}

// TargetsOn picks, for every line, the revision in force on a day: the one that came into force last, and of two of the same
// day the higher revision. Lines withdrawn by then are left out.
func TargetsOn(all []Target, on Day) map[TargetLine]Target {
	out := make(map[TargetLine]Target, len(all))
	for _, t := range all {
		if t.InForce > on {
			continue
		}
		if old, ok := out[t.Line()]; !ok || t.InForce > old.InForce || t.InForce == old.InForce && t.Revision > old.Revision {
			out[t.Line()] = t
		}
	}
	for k, t := range out {
		if t.Withdrawn {
			delete(out, k)
		}
	}
	return out
}

// Measures a target can be about.
var Measures = []string{"participation", "joined"}

// Check refuses a target that is no number for no period.
func (t Target) Check() error {
	switch {
	case !t.Scheme.Valid():
		return Refuse(Invalid, "scheme", "not_in_list")
	case !OneOf(t.Measure, Measures):
		return Refuse(Invalid, "measure", "not_in_list")
	case t.Year < 2000 || t.Year > 2100 || t.Month < 0 || t.Month > 12:
		return Refuse(Invalid, "period", "bad_period")
	case t.Value < 0 || t.Value > 200_000_000:
		return Refuse(Invalid, "value", "out_of_range")
	case !t.InForce.Valid():
		return Refuse(Invalid, "in_force", "bad_day")
	}
	return nil
}

// Participation is how many take part in one scheme in one area at a month's end, as the official list says.
type Participation struct {
	ID         string
	Office     OfficeID
	Area       AreaID
	Scheme     Scheme
	Month      Month
	N          int64
	Source     string
	Import     ImportID
	RecordedAt time.Time
	RecordedBy OfficerID
}

// Check refuses a count that is none.
func (p Participation) Check() error {
	if !p.Scheme.Valid() {
		return Refuse(Invalid, "scheme", "not_in_list")
	}
	if p.N < 0 || p.N > 200_000_000 {
		return Refuse(Invalid, "n", "out_of_range")
	}
	_, err := ParseMonth(string(p.Month))
	return err
}

// Flow is how many started or ended in a scheme on a day in a village.
type Flow struct {
	Area   AreaID
	Scheme Scheme
	On     Day
	Kind   string // joined returned lapsed left
	N      int64
}

// MonthClose is a month frozen and signed: the report as it stood, and its hash.
type MonthClose struct {
	ID       string
	Office   OfficeID
	Month    Month
	SignedBy OfficerID
	SignedAt time.Time
	Report   string // JSON
	SHA256   string
}
