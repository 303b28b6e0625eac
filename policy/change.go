package policy

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"

	"loa"
)

// Names are all parameters there are, in the order of parameters.json, which is the order of the law.
var Names = sync.OnceValue(func() []string {
	var rows []struct{ Name string }
	if json.Unmarshal(embedded, &rows) != nil {
		return nil // Embedded tells
	}
	var out []string
	seen := map[string]bool{}
	for _, r := range rows {
		if !seen[r.Name] {
			seen[r.Name] = true
			out = append(out, r.Name)
		}
	}
	return out
})

// Subjects are what parameters are about, in the order a list shows them.
var Subjects = []string{"base", "voluntary_si", "hi", "pension", "benefits", "social_pension", "compulsory_si", "price", "advertising"}

var subjects = map[string]string{"base_salary": "base", "rounding": "base", "reference_level": "base", "poverty_line": "base", "voluntary_si": "voluntary_si", "hi": "hi", "pension": "pension", "retirement": "pension",
	"outlook": "pension", "price": "price", "lump_sum": "benefits", "allowance": "benefits", "maternity": "benefits", "funeral": "benefits", "survivor": "benefits", "social_pension": "social_pension",
	"compulsory_si": "compulsory_si", "regional_wage": "compulsory_si", "unemployment": "compulsory_si", "advertising": "advertising"}

// Subject is what a parameter is about; empty for a name nobody knows.
func Subject(name string) string {
	first, _, _ := strings.Cut(name, ".")
	return subjects[first]
}

// UnitOf is the unit all rows of a parameter have; empty when there is none.
func (p Parameters) UnitOf(name string) Unit {
	if list := p[name]; len(list) > 0 {
		return list[0].Unit
	}
	return ""
}

// Change is a figure of the law that will be another one from a day on, or that nobody knows from then on.
type Change struct {
	On      loa.Day
	Old     Row // in force the day before; without a name when nothing was known
	New     Row // that begins, approved or not; without a name when the old one ends and no other is known
	Effects []Effect
}

// Name is the parameter that changes.
func (c Change) Name() string { return cmp.Or(c.New.Name, c.Old.Name) }

// Effect is one thing people notice of a change: an amount or rate before and after, the rest of the law being as it is. An amount
// that cannot be worked out is not known.
type Effect struct {
	Code               string // a sentence under law.effect. in the catalogues
	Group              Group  // whom it is told of, where it differs
	Unit               Unit
	Old, New           int64
	OldKnown, NewKnown bool
}

// Same says that nothing changes.
func (e Effect) Same() bool { return e.OldKnown == e.NewKnown && e.Old == e.New }

// Changes are what comes after a day, soonest first, each with what it does.
func (p Parameters) Changes(after loa.Day) []Change {
	var out []Change
	for _, r := range p.Next(after) {
		c := Change{On: r.From, New: r}
		c.Old, _ = p.At(r.Name, r.From.Add(-1))
		c.Effects = p.Effects(r)
		out = append(out, c)
	}
	for name := range p {
		if now, ok := p.At(name, after); ok && now.To != "" {
			if _, goes := p.At(name, now.To.Add(1)); !goes && !slices.ContainsFunc(out, func(c Change) bool { return c.New.Name == name && c.On == now.To.Add(1) }) {
				out = append(out, Change{On: now.To.Add(1), Old: now})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Change) int {
		return cmp.Or(strings.Compare(string(a.On), string(b.On)), cmp.Compare(slices.Index(Names(), a.Name()), slices.Index(Names(), b.Name())))
	})
	return out
}

// Effects are what a row, were it in force, changes on its first day; what stays as it is is left out.
func (p Parameters) Effects(r Row) []Effect {
	return slices.DeleteFunc(p.compare(r, probes), Effect.Same)
}

// Typical are three quotes people often ask for, with and without a row: paying a month on the least income, household HI of four
// for a year, a woman's pension after the least years on the least income.
func (p Parameters) Typical(r Row) []Effect { return p.compare(r, typical) }

func (p Parameters) compare(r Row, list []probe) []Effect {
	old, known := p.At(r.Name, r.From.Add(-1))
	before, after := p.holding(r, old, known), p.holding(r, r, true)
	out := make([]Effect, 0, len(list))
	for _, x := range list {
		e := Effect{Code: x.code, Group: x.group, Unit: x.unit}
		e.Old, e.OldKnown = x.amount(before, r.From)
		e.New, e.NewKnown = x.amount(after, r.From)
		out = append(out, e)
	}
	return out
}

// holding is the law in which value is in force from r's first day on under r's name.
func (p Parameters) holding(r, value Row, known bool) Parameters {
	out := maps.Clone(p)
	list := make([]Row, 0, len(p[r.Name])+1)
	for _, x := range p[r.Name] {
		if x.From < r.From {
			list = append(list, x)
		}
	}
	if known {
		value.From, value.To, value.Approved = r.From, "", true
		list = append(list, value)
	}
	out[r.Name] = list
	return out
}

// probe is one amount people notice.
type probe struct {
	code   string
	group  Group
	unit   Unit
	amount func(p Parameters, on loa.Day) (int64, bool)
}

// told is an amount of a quote, when there is one.
func told(q Quote, err error, name string) (int64, bool) {
	if err != nil {
		return 0, false
	}
	r, ok := q.Result(name)
	return r.N, ok
}

// payOnFloor is a payment on the least income of a day.
func payOnFloor(g Group, m loa.Method, periods int64, name string) func(Parameters, loa.Day) (int64, bool) {
	return func(p Parameters, on loa.Day) (int64, bool) {
		floor, ok := p.At("poverty_line.rural", on)
		if !ok {
			return 0, false
		}
		q, err := p.Contribution(Contribution{Day: on, Income: floor.Value, Groups: []Group{g}, Method: m, Periods: periods, SupportBP: -1})
		return told(q, err, name)
	}
}

func row(name string) func(Parameters, loa.Day) (int64, bool) {
	return func(p Parameters, on loa.Day) (int64, bool) {
		r, ok := p.At(name, on)
		return r.Value, ok
	}
}

func cardPay(groups ...Group) func(Parameters, loa.Day) (int64, bool) {
	return func(p Parameters, on loa.Day) (int64, bool) {
		q, err := p.Card(on, groups, 12)
		return told(q, err, "pay")
	}
}

func rateOf(sex loa.Sex, years int64) func(Parameters, loa.Day) (int64, bool) {
	return func(p Parameters, on loa.Day) (int64, bool) {
		q, err := p.PensionRate(on, sex, years*12)
		return told(q, err, "rate_bp")
	}
}

func household(n int) func(Parameters, loa.Day) (int64, bool) {
	return func(p Parameters, on loa.Day) (int64, bool) {
		months := make([]int64, n)
		for i := range months {
			months[i] = 12
		}
		q, err := p.Household(on, months)
		return told(q, err, "total")
	}
}

func tier(n int) func(Parameters, loa.Day) (int64, bool) {
	return func(p Parameters, on loa.Day) (int64, bool) {
		q, err := p.Household(on, []int64{12, 12, 12, 12, 12})
		if r, ok := q.Result("tiers"); err == nil && ok {
			return r.List[n-1], true
		}
		return 0, false
	}
}

func limit(name string) func(Parameters, loa.Day) (int64, bool) {
	return func(p Parameters, on loa.Day) (int64, bool) {
		q, err := p.Income(on, 0)
		return told(q, err, name)
	}
}

func threshold(name string) func(Parameters, loa.Day) (int64, bool) {
	return func(p Parameters, on loa.Day) (int64, bool) {
		q, err := p.Thresholds(on, -1)
		return told(q, err, name)
	}
}

func funeralOf(p Parameters, on loa.Day) (int64, bool) {
	q, err := p.Funeral(on, 0, true)
	return told(q, err, "amount")
}

var (
	typical = []probe{
		{"least_pay", EthnicMinority, Dong, payOnFloor(EthnicMinority, loa.Monthly, 1, "pay")},
		{"household_of_four", "", Dong, household(4)},
		{"woman_least_pension", "", Dong, func(p Parameters, on loa.Day) (int64, bool) {
			floor, ok := p.At("poverty_line.rural", on)
			least, ok2 := p.At("pension.least_months", on)
			if !ok || !ok2 {
				return 0, false
			}
			q, err := p.Pension(Pension{Day: on, Sex: loa.Female, Months: least.Value, Average: floor.Value})
			return told(q, err, "monthly")
		}},
	}
	probes = func() []probe {
		var out []probe
		for _, g := range SupportGroups {
			out = append(out, probe{"least_pay", g, Dong, payOnFloor(g, loa.Monthly, 1, "pay")})
		}
		for _, g := range SupportGroups {
			out = append(out, probe{"state_support", g, Dong, payOnFloor(g, loa.Monthly, 1, "state_support")})
		}
		out = append(out, probe{"income_floor", "", Dong, limit("floor")}, probe{"income_ceiling", "", Dong, limit("ceiling")},
			probe{"five_years_ahead", Other, Dong, payOnFloor(Other, loa.YearsAhead, 5, "pay")}, probe{"five_years_missing", Other, Dong, payOnFloor(Other, loa.Missing, 60, "pay")})
		for i, code := range []string{"hi_member_1", "hi_member_2", "hi_member_3", "hi_member_4", "hi_member_5"} {
			out = append(out, probe{code, "", Dong, tier(i + 1)})
		}
		return append(out, probe{"card", NearPoor, Dong, cardPay(NearPoor)}, probe{"card", Pupil, Dong, cardPay(Pupil)}, probe{"card", AverageFarmHousehold, Dong, cardPay(AverageFarmHousehold)},
			probe{"low_cost_visit", "", Dong, threshold("low_cost_visit")}, probe{"annual_copay", "", Dong, threshold("annual_copay")},
			probe{"woman_rate_15", "", BasisPoint, rateOf(loa.Female, 15)}, probe{"man_rate_15", "", BasisPoint, rateOf(loa.Male, 15)}, probe{"man_rate_20", "", BasisPoint, rateOf(loa.Male, 20)},
			probe{"social_pension", "", Dong, row("social_pension.amount")}, probe{"maternity", "", Dong, row("maternity.amount")}, probe{"funeral", "", Dong, funeralOf})
	}()
)
