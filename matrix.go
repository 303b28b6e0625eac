package loa

import (
	"time"

	"loa/vn"
)

// Matrix is one version of the office's decision table.
type Matrix struct {
	ID        MatrixID
	Office    OfficeID
	Version   int
	State     string // draft signed replaced dropped
	From      Day
	SignedBy  OfficerID
	SignedAt  time.Time
	CreatedAt time.Time
	CreatedBy OfficerID
	Lines     []MatrixLine
}

// Sign puts a draft in force from a day.
func (m *Matrix) Sign(by OfficerID, at time.Time, from Day) error {
	if m.State != "draft" {
		return Refuse(Conflict, "", "matrix_not_draft")
	}
	if len(m.Lines) == 0 {
		return Refuse(Invalid, "", "matrix_empty")
	}
	m.State, m.SignedBy, m.SignedAt, m.From = "signed", by, at, from
	return nil
}

// MatrixLine is segment × form × cadence × focal officer × script theme.
type MatrixLine struct {
	ID         LineID
	Matrix     MatrixID
	Segment    SegmentID
	Form       Form
	Cadence    Cadence
	Officer    OfficerID
	Theme      string
	PerVillage bool
	From       Day // the cadence is counted from here
}

// Unit of a cadence.
type Unit string

// The units; on every market day and at each festival are cadences of their own.
const (
	PerDay       Unit = "day"
	PerWeek      Unit = "week"
	PerMonth     Unit = "month"
	PerQuarter   Unit = "quarter"
	PerYear      Unit = "year"
	EachMarket   Unit = "market"
	EachFestival Unit = "festival"
)

// Units in the order forms offer them.
var Units = []Unit{PerDay, PerWeek, PerMonth, PerQuarter, PerYear, EachMarket, EachFestival}

// Cadence is a rule such as "twice a month": Times in every Every units.
type Cadence struct {
	Times, Every int
	Unit         Unit
}

// Check refuses a cadence that asks for nothing or for the impossible.
func (c Cadence) Check() error {
	ok := false
	for _, u := range Units {
		ok = ok || u == c.Unit
	}
	if !ok {
		return Refuse(Invalid, "unit", "not_in_list")
	}
	if c.Unit == EachMarket || c.Unit == EachFestival {
		return nil
	}
	if c.Times < 1 || c.Times > 31 || c.Every < 1 || c.Every > 36 {
		return Refuse(Invalid, "cadence", "out_of_range")
	}
	return nil
}

// Days is the longest time between two contacts that the cadence allows, in days.
func (c Cadence) Days() int {
	n := map[Unit]int{PerDay: 1, PerWeek: 7, PerMonth: 30, PerQuarter: 91, PerYear: 365}[c.Unit] * max(c.Every, 1)
	return max(n/max(c.Times, 1), 1)
}

// Next is the day by which the next contact is due after one held on last.
func (c Cadence) Next(last Day) Day {
	if c.Times == 1 {
		switch c.Unit {
		case PerMonth:
			return last.AddMonths(c.Every)
		case PerQuarter:
			return last.AddMonths(3 * c.Every)
		case PerYear:
			return last.AddMonths(12 * c.Every)
		}
	}
	return last.Add(c.Days())
}

// Check refuses a line that names no form or cadence.
func (l MatrixLine) Check() error {
	if !l.Form.Valid() {
		return Refuse(Invalid, "form", "not_in_list")
	}
	if l.Segment == "" {
		return Refuse(Invalid, "segment", "required")
	}
	return l.Cadence.Check()
}

// Due is one cell of the matrix in one commune: when it was last done, by when it is due again and how late it is.
type Due struct {
	Line   MatrixLine
	Area   AreaID // the commune, or the office's own node for villages without one
	LastOn Day    // empty: never
	LastID SessionID
	DueOn  Day
	LateBy int // days after DueOn; 0 when not late
	NextOn Day // nearest planned session of the same form and segment
	NextID SessionID
	People int
	// Of a line counted per village: how many villages it asks for, in how many it is late, and the one due first.
	Villages, Behind int
	Village          AreaID
}

// Market is a place's recurring market.
type Market struct {
	ID     MarketID
	Office OfficeID
	Area   AreaID
	Name   string
	Rule   string // branch:3,9 (can-chi days), weekday:6,7 (1 Monday … 7 Sunday), monthday:3,13,23, every:6:2025-01-02
	Source string
	Note   string
}

// Check refuses a market without a name or a rule; whether the rule can fall is planning's to say.
func (m Market) Check() error {
	switch {
	case vn.Fold(m.Name) == "":
		return Refuse(Invalid, "market_name", "required")
	case m.Rule == "" || len(m.Rule) > 200:
		return Refuse(Invalid, "rule", "market_rule")
	case len([]rune(m.Name)) > 100 || len([]rune(m.Source)) > 200 || len([]rune(m.Note)) > 500:
		return Refuse(Invalid, "market_name", "too_long", 100)
	}
	return nil
}

// FestivalDay is a day or some days a place keeps; kind closed means nobody is to be bothered.
type FestivalDay struct {
	ID       FestivalID
	Office   OfficeID
	Area     AreaID
	Name     string
	From, To Day
	Kind     string
	Source   string
}

// FestivalKinds: a festival is a chance to meet people, closed days are not.
var FestivalKinds = []string{"festival", "closed"}

// Check refuses a festival without a name, running backwards or lasting over two months.
func (f FestivalDay) Check() error {
	switch {
	case vn.Fold(f.Name) == "":
		return Refuse(Invalid, "festival_name", "required")
	case len([]rune(f.Name)) > 100 || len([]rune(f.Source)) > 200:
		return Refuse(Invalid, "festival_name", "too_long", 100)
	case !OneOf(f.Kind, FestivalKinds):
		return Refuse(Invalid, "festival_kind", "not_in_list")
	case !f.From.Valid() || !f.To.Valid():
		return Refuse(Invalid, "festival_from", "bad_day")
	case f.To < f.From || f.To.Sub(f.From) > 62:
		return Refuse(Invalid, "festival_to", "bad_period")
	}
	return nil
}
