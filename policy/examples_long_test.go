package policy

import (
	"testing"

	"loa"
)

func monthlyExample(t *testing.T, p Parameters, e example) {
	var want struct {
		Base  int64
		State int64 `json:"state_support"`
		Local int64 `json:"local_support"`
		Payer int64
	}
	e.want(t, &want)
	for _, support := range []int64{-1, e.n("support_pct") * 100} {
		q := must(t)(p.Contribution(Contribution{Day: e.day(), Income: e.n("income"), Groups: e.groups(), Method: loa.Monthly, Periods: max(1, e.n("months")), LocalBP: e.n("local_pct") * 100, SupportBP: support}))
		same(t, "base", q.Get("base"), want.Base)
		same(t, "state", q.Get("state_support"), want.State)
		same(t, "local", q.Get("local_support"), want.Local)
		same(t, "pay", q.Get("pay"), want.Payer)
	}
}

// line2027Example is the contribution of 2027 if the new poverty line becomes the floor: a row that is known and not approved.
func line2027Example(t *testing.T, p Parameters, e example) {
	var want struct {
		Base           int64
		Support, Payer map[string]int64
	}
	e.want(t, &want)
	c := Contribution{Day: "2027-01-01", Income: e.n("income"), Method: loa.Monthly, Periods: 1, SupportBP: -1}
	if _, err := p.Contribution(c); err == nil {
		t.Error("a row that is not approved was used")
	}
	next := p.Next("2026-11-23", "poverty_line.rural")
	if len(next) != 1 || next[0].Value != e.n("poverty_line") {
		t.Fatalf("next: %+v", next)
	}
	p = p.Supposing(next[0])
	for group, bp := range map[Group]string{Other: "20", EthnicMinority: "30", NearPoor: "40", Poor: "50"} {
		c.Groups = []Group{group}
		q := must(t)(p.Contribution(c))
		same(t, "base", q.Get("base"), want.Base)
		same(t, string(group), q.Get("state_support"), want.Support[bp])
		same(t, string(group)+" pays", q.Get("pay"), want.Payer[bp])
		if len(q.Unconfirmed()) == 0 {
			t.Error("the quote does not say that it is not confirmed")
		}
	}
}

// missingExample is a real case whose interest is not known: with 0.48 to 0.49 % a month the two published figures come out.
func missingExample(t *testing.T, p Parameters, e example) {
	for bp, want := range map[int64][2]int64{48: {624_889, 48_027_177}, 49: {626_106, 48_120_714}} {
		q := must(t)(own(own(p, "voluntary_si.one_off_support", "2021-01-01", 1, Choice), "voluntary_si.interest", "2021-01-01", bp, BasisPoint).Contribution(Contribution{Day: "2021-01-15", Income: e.n("income"), Method: loa.Missing, Periods: e.n("months_missing"),
			SupportBP: e.n("support_pct") * 100}))
		same(t, "state", q.Get("state_support"), want[0])
		same(t, "pay", q.Get("pay"), want[1])
	}
}

func prepayExample(t *testing.T, p Parameters, e example) {
	var want map[string]map[string]int64
	e.want(t, &want)
	for reading, choice := range map[string]int64{"flat": 0, "scaled": 1} {
		p := own(p, "voluntary_si.one_off_support", "2026-01-01", choice, Choice)
		for bp, group := range map[string]Group{"20": Other, "30": EthnicMinority, "50": Poor} {
			q := must(t)(p.Contribution(Contribution{Day: "2026-08-01", Income: e.n("income"), Groups: []Group{group}, Method: loa.YearsAhead, Periods: e.n("n_years"), SupportBP: -1}))
			same(t, reading+" "+bp, q.Get("pay"), want[reading][bp])
			if !q.Says("confirm_with_office") {
				t.Error("does not say that the office must confirm")
			}
		}
	}
}

func averageExample(t *testing.T, p Parameters, e example) {
	var want struct {
		Total, Months int64
		Average       string
	}
	e.want(t, &want)
	var history []Paid
	for _, row := range e.Inputs["rows"].([]any) {
		c := row.([]any)
		from := loa.Month(c[0].(string))
		history = append(history, Paid{From: from, To: loa.Month(c[1].(string)), Income: int64(c[4].(float64))})
		p = own(p, "price.paid_"+string(from[:4]), "2017-01-01", int64(c[3].(float64)*100+0.5), Hundredths)
	}
	q := must(t)(p.Average(Average{Settled: int(e.n("settlement_year")), History: history}))
	same(t, "total", q.Get("total"), want.Total)
	same(t, "months", q.Get("months"), want.Months)
	same(t, "average", q.Get("average"), 2_001_344)
}

func tiersExample(t *testing.T, p Parameters, e example) {
	var want struct {
		Tiers, Year, Month []int64
		Totals             []int64 `json:"totals_1_to_6"`
		M1                 int64   `json:"person1_month"`
		Y1                 int64   `json:"person1_year"`
		M2                 int64   `json:"person2_month"`
		Y2                 int64   `json:"person2_year"`
	}
	e.want(t, &want)
	day := map[int64]loa.Day{1_490_000: "2020-01-01", 1_800_000: "2023-08-01", 2_530_000: "2026-08-01"}[e.n("base_salary")]
	year, _ := must(t)(p.Household(day, repeat(12, 6))).Result("tiers")
	month, _ := must(t)(p.Household(day, repeat(1, 6))).Result("tiers")
	for i, w := range append(want.Tiers, want.Year...) {
		same(t, "a year", year.List[i], w)
	}
	for i, w := range want.Month {
		same(t, "a month", month.List[i], w)
	}
	for i, w := range want.Totals {
		same(t, "total", must(t)(p.Household(day, repeat(12, int64(i+1)))).Get("total"), w)
	}
	if want.M1 > 0 {
		same(t, "first, month", month.List[0], want.M1)
		same(t, "first, year", year.List[0], want.Y1)
		same(t, "second, month", month.List[1], want.M2)
		same(t, "second, year", year.List[1], want.Y2)
	}
}
