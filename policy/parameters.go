// Package policy answers what the law says on a day, and what a household pays and gets by it. Every figure is a dated row of
// parameters.json or of the office's own rows of the same shape; the formulas only look up, and each shows its working. It is
// pure: it never knows a database, a page, a clock or a language.
package policy

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"loa"
)

//go:embed parameters.json
var embedded []byte

// Unit is what a figure counts.
type Unit string

// The units. Rates are basis points, coefficients hundredths, so that every figure of the law is a whole number.
const (
	Dong       Unit = "dong"
	BasisPoint Unit = "bp"
	Hundredths Unit = "hundredths"
	Months     Unit = "months"
	Years      Unit = "years"
	Days       Unit = "days"
	Times      Unit = "times"
	Count      Unit = "count"
	Minutes    Unit = "minutes" // a time of day as minutes after midnight: 420 is 07:00
	Date       Unit = "date"    // a day as the number 20250701
	Choice     Unit = "choice"  // which of two readings of the law is in use
)

// CountedMonths are months inside a formula, where 24 of them are not told as 2 years; no row has it.
const CountedMonths Unit = "counted_months"

// Units in the order a form offers them.
var Units = []Unit{Dong, BasisPoint, Hundredths, Months, Years, Days, Times, Count, Minutes, Date, Choice}

// Row is one dated figure with the law behind it. Rows are never edited: a change is a new row, and the newest that holds wins.
type Row struct {
	ID        string    `json:"id,omitempty"` // of the office's own rows
	Name      string    `json:"name"`
	From      loa.Day   `json:"from"`
	To        loa.Day   `json:"to"` // empty: open
	Value     int64     `json:"value"`
	Unit      Unit      `json:"unit"`
	Cites     string    `json:"cites"`
	Source    string    `json:"source"`
	Confirmed bool      `json:"confirmed"`      // two independent sources agree, or the text itself was seen
	Approved  bool      `json:"approved"`       // a row that is not approved is shown and never used
	Since     time.Time `json:"since,omitzero"` // when an office's row was approved; embedded rows are always known
}

// Holds says whether the row is in force on a day.
func (r Row) Holds(on loa.Day) bool {
	return r.Approved && r.From <= on && (r.To == "" || on <= r.To)
}

// Check refuses a row that is not whole: the field, the reason.
func (r Row) Check() error {
	switch {
	case r.Name == "":
		return loa.Refuse(loa.Invalid, "name", "required")
	case !slices.Contains(Units, r.Unit):
		return loa.Refuse(loa.Invalid, "unit", "not_in_list")
	case !r.From.Valid():
		return loa.Refuse(loa.Invalid, "from", "bad_day")
	case r.To != "" && !r.To.Valid():
		return loa.Refuse(loa.Invalid, "to", "bad_day")
	case r.To != "" && r.To < r.From:
		return loa.Refuse(loa.Invalid, "to", "bad_period")
	case r.Value < 0 || r.Value > 1e13:
		return loa.Refuse(loa.Invalid, "value", "out_of_range")
	case r.Unit == Choice && r.Value > 1, r.Unit == BasisPoint && r.Value > 20000, r.Unit == Minutes && r.Value > 24*60:
		return loa.Refuse(loa.Invalid, "value", "out_of_range")
	case r.Unit == Date && !dateOf(r.Value).Valid():
		return loa.Refuse(loa.Invalid, "value", "bad_day")
	case strings.TrimSpace(r.Cites) == "":
		return loa.Refuse(loa.Invalid, "cites", "required")
	case strings.TrimSpace(r.Source) == "":
		return loa.Refuse(loa.Invalid, "source", "required")
	}
	return nil
}

// amount is the row's value as the formulas use it: 2200 basis points are 22/100.
func (r Row) amount() Number { return Exact(r.Value, r.Unit) }

// Exact is a whole number of a unit as formulas use it: 2200 basis points are 22/100.
func Exact(n int64, u Unit) Number {
	switch u {
	case BasisPoint:
		return Fraction(n, 10000)
	case Hundredths:
		return Fraction(n, 100)
	}
	return Int(n)
}

// dateOf is the day behind a number like 20250701.
func dateOf(n int64) loa.Day { return loa.MakeDay(int(n/10000), int(n/100%100), int(n%100)) }

// Parameters is the merged list of rows, by name, oldest first.
type Parameters map[string][]Row

// Embedded are the rows that came with the program.
func Embedded() (Parameters, error) { return Read(embedded) }

// Read checks a list of rows: every row cites something, and no two approved rows of one name overlap.
func Read(raw []byte) (Parameters, error) {
	var rows []Row
	if err := json.Unmarshal(raw, &rows); err != nil {
		return nil, fmt.Errorf("read policy parameters: %w", err)
	}
	p := Parameters{}
	for _, r := range rows {
		if err := r.Check(); err != nil {
			return nil, fmt.Errorf("policy parameter %q from %s: %w", r.Name, r.From, err)
		}
		p[r.Name] = append(p[r.Name], r)
	}
	for name, list := range p {
		sortRows(list)
		for i := 1; i < len(list); i++ {
			if a, b := list[i-1], list[i]; a.Approved && b.Approved && (a.To == "" || a.To >= b.From) {
				return nil, fmt.Errorf("policy parameter %s: rows from %s and %s overlap", name, a.From, b.From)
			}
		}
	}
	return p, nil
}

func sortRows(list []Row) {
	slices.SortStableFunc(list, func(a, b Row) int {
		if c := strings.Compare(string(a.From), string(b.From)); c != 0 {
			return c
		}
		return a.Since.Compare(b.Since)
	})
}

// With is the list with more rows; the one it was made from stays as it is. Rows approved after known are left out, unless
// known is zero: a quote of that moment comes out as it did then.
func (p Parameters) With(rows []Row, known time.Time) Parameters {
	out := make(Parameters, len(p))
	for name, list := range p {
		out[name] = slices.Clone(list)
	}
	for _, r := range rows {
		if known.IsZero() || !r.Since.After(known) {
			out[r.Name] = append(out[r.Name], r)
		}
	}
	for _, list := range out {
		sortRows(list)
	}
	return out
}

// At is the row of that name in force on a day: of several, the one that began last, and of those the one approved last.
func (p Parameters) At(name string, on loa.Day) (Row, bool) {
	list := p[name]
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Holds(on) {
			return list[i], true
		}
	}
	return Row{}, false
}

// Known is the stretch of days around on, or nearest before it, on which a name has an approved row; empty to: open.
func (p Parameters) Known(name string) (from, to loa.Day) {
	for _, r := range p[name] {
		if !r.Approved {
			continue
		}
		if from == "" {
			from, to = r.From, r.To
			continue
		}
		if to != "" && (r.To == "" || r.To > to) {
			to = r.To
		}
	}
	return from, to
}

// Next are the rows that will change one of the named figures after a day, approved or not, soonest first.
func (p Parameters) Next(after loa.Day, names ...string) []Row {
	var out []Row
	if len(names) == 0 {
		for name := range p {
			names = append(names, name)
		}
	}
	for _, name := range names {
		now, holds := p.At(name, after)
		for i, r := range p[name] {
			if r.From > after && !(holds && now.Value == r.Value && r.Approved) && !p.overtaken(i, name) {
				out = append(out, r)
			}
		}
	}
	slices.SortFunc(out, func(a, b Row) int {
		if c := strings.Compare(string(a.From), string(b.From)); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out
}

// overtaken says whether another row of the name that was approved, or approved later, begins on the same day.
func (p Parameters) overtaken(i int, name string) bool {
	list := p[name]
	for k, other := range list {
		if k != i && other.From == list[i].From && other.Approved && (!list[i].Approved || k > i) {
			return true
		}
	}
	return false
}

// Supposing is the list with a row that is not approved taken as if it were, for showing what it would change; it stays unconfirmed.
func (p Parameters) Supposing(r Row) Parameters {
	r.Approved, r.Confirmed = true, false
	return p.With([]Row{r}, time.Time{})
}

// Without is the list without one row.
func (p Parameters) Without(gone Row) Parameters {
	out := p.With(nil, time.Time{})
	out[gone.Name] = slices.DeleteFunc(out[gone.Name], func(r Row) bool { return r == gone })
	return out
}

// OfOffice are the office's own rows as the calculator reads them: those a second officer approved. What is only proposed is nobody's
// law yet, and no answer may speak of it.
func OfOffice(rows []loa.PolicyRow) []Row {
	var out []Row
	for _, r := range rows {
		if r.State == loa.RowApproved {
			out = append(out, OwnRow(r))
		}
	}
	return out
}

// OwnRow is one row of an office, proposed ones included, for the page on which it is decided.
func OwnRow(r loa.PolicyRow) Row {
	return Row{ID: r.ID, Name: r.Name, From: r.From, To: r.To, Value: r.Value, Unit: Unit(r.Unit), Cites: r.Cites, Source: r.Source,
		Confirmed: r.Confirmed, Approved: r.State == loa.RowApproved, Since: r.DecidedAt}
}
