package policy

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"loa"
)

// example is one worked example with its source; testdata/examples.json holds them all.
type example struct {
	ID       string          `json:"id"`
	Kind     string          `json:"kind"`
	Inputs   map[string]any  `json:"inputs"`
	Expected json.RawMessage `json:"expected"`
	Source   string          `json:"source_url"`
}

func law(t testing.TB) Parameters {
	t.Helper()
	p, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// own is the law with one more row, as an example brings it.
func own(p Parameters, name, from string, value int64, u Unit) Parameters {
	return p.With([]Row{{Name: name, From: loa.Day(from), To: loa.Day(from).AddMonths(12), Value: value, Unit: u, Cites: "example", Source: "example", Approved: true}}, time.Time{})
}

func (e example) n(name string) int64 {
	v, _ := e.Inputs[name].(float64)
	return int64(v)
}

func (e example) s(name string) string { v, _ := e.Inputs[name].(string); return v }

// day is the first day of what an example calls its date or period.
func (e example) day() loa.Day {
	d := e.s("date") + e.s("period")
	if d == "" {
		return "2026-08-01"
	}
	return loa.Month(d[:7]).First()
}

func (e example) groups() []Group {
	var out []Group
	if list, ok := e.Inputs["groups"].([]any); ok {
		for _, g := range list {
			out = append(out, Group(g.(string)))
		}
	}
	if g := e.s("group"); g != "" {
		out = append(out, Group(g))
	}
	return out
}

func (e example) want(t *testing.T, into any) {
	t.Helper()
	if err := json.Unmarshal(e.Expected, into); err != nil {
		t.Fatalf("%s: expected %s: %v", e.ID, e.Expected, err)
	}
}

// TestExamples holds the formulas to every worked example, each with its source.
func TestExamples(t *testing.T) {
	raw, err := os.ReadFile("testdata/examples.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []example
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) < 46 {
		t.Fatalf("only %d examples", len(all))
	}
	for _, e := range all {
		t.Run(e.ID, func(t *testing.T) {
			run, ok := exampleKinds[e.Kind]
			if !ok {
				t.Fatalf("nothing runs examples of kind %s", e.Kind)
			}
			run(t, law(t), e)
			if t.Failed() {
				t.Logf("source: %s", e.Source)
			}
		})
	}
}

// must is a quote that has to come.
func must(t testing.TB) func(Quote, error) Quote {
	return func(q Quote, err error) Quote {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return q
	}
}

func same(t *testing.T, what string, got, want int64) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %d, want %d", what, got, want)
	}
}

var exampleKinds = map[string]func(*testing.T, Parameters, example){
	"voluntary_monthly": monthlyExample, "voluntary_monthly_OLD_LAW": monthlyExample, "voluntary_monthly_2027_if_2.2M": line2027Example,
	"voluntary_support_rate": func(t *testing.T, p Parameters, e example) {
		var want int64
		e.want(t, &want)
		q := must(t)(p.Contribution(Contribution{Day: e.day(), Income: 1_500_000, Groups: e.groups(), Method: loa.Monthly, Periods: 1, SupportBP: -1}))
		same(t, "support", q.Get("state_support"), 330_000*want/100)
	},
	"voluntary_income_validation": func(t *testing.T, p Parameters, e example) {
		var want bool
		e.want(t, &want)
		q := must(t)(p.Income(e.day(), e.n("income")))
		if r, _ := q.Result("valid"); *r.Yes != want {
			t.Errorf("valid is %v", *r.Yes)
		}
		same(t, "floor", q.Get("floor"), e.n("poverty_line"))
		same(t, "ceiling", q.Get("ceiling"), 20*e.n("reference_level"))
	},
	"voluntary_local_support": func(t *testing.T, p Parameters, e example) {
		var want int64
		e.want(t, &want)
		q := must(t)(p.Contribution(Contribution{Day: e.day(), Income: e.n("base") * 100 / 22, Method: loa.Monthly, Periods: 1, SupportBP: -1, LocalBP: e.n("local_pct") * 100}))
		same(t, "base", q.Get("base"), e.n("base"))
		same(t, "local", q.Get("local_support"), want)
	},
	"voluntary_missing_period_lump_sum": missingExample, "voluntary_prepay_5y_net": prepayExample,
	"pension_rate": func(t *testing.T, p Parameters, e example) {
		var want int64
		e.want(t, &want)
		months := int64(e.s("contribution")[0]-'0')*120 + int64(e.s("contribution")[1]-'0')*12
		same(t, "rate", must(t)(p.PensionRate(e.day(), sexOf(e.s("sex")), months)).Get("rate_bp"), want*100)
	},
	"contribution_year_rounding": func(t *testing.T, p Parameters, e example) {
		var want float64
		e.want(t, &want)
		half, _ := p.At("pension.half_year_months", e.day())
		same(t, "half years", halfYears(e.n("months"), half.Value), int64(want*2))
	},
	"pension_amount": func(t *testing.T, p Parameters, e example) {
		var want struct{ Rate, Pension int64 }
		e.want(t, &want)
		q := must(t)(p.Pension(Pension{Day: e.day(), Sex: sexOf(e.s("sex")), Months: e.n("years") * 12, Average: e.n("avg_income")}))
		same(t, "rate", q.Get("rate_bp"), want.Rate*100)
		same(t, "monthly", q.Get("monthly"), want.Pension)
	},
	"pension_amount_with_floor": func(t *testing.T, p Parameters, e example) {
		var want struct{ Raw, Pension int64 }
		e.want(t, &want)
		months := e.n("compulsory_years") * 12
		c := Pension{Day: loa.Month(e.s("retire")).First(), Sex: sexOf(e.s("sex")), Months: months, Average: e.n("avg")}
		same(t, "raw", must(t)(p.Pension(c)).Get("monthly"), want.Raw)
		c.Compulsory, c.FirstJoined = months, "2006-01-01"
		same(t, "with floor", must(t)(p.Pension(c)).Get("monthly"), want.Pension)
		c.FirstJoined = "2025-07-01"
		same(t, "joined too late", must(t)(p.Pension(c)).Get("monthly"), want.Raw)
	},
	"average_income_with_coefficients": averageExample,
	"lump_sum_rounding": func(t *testing.T, p Parameters, e example) {
		var want int64
		e.want(t, &want)
		q := must(t)(p.LumpSum(LumpSum{Day: e.day(), From2014: e.n("years")*12 + e.n("months"), Average: 1_000_000}))
		same(t, "amount", q.Get("amount"), want*2_000_000)
	},
	"lump_sum_odd_months_rule": func(t *testing.T, p Parameters, e example) {
		q := must(t)(p.LumpSum(LumpSum{Day: e.day(), Before2014: 29, From2014: 13, Average: 1_000_000})) // 2 years, and 13+5 months are 1.5 years
		same(t, "amount", q.Get("amount"), 2*1_500_000+3*1_000_000)
	},
	"hhi_household_tiers": tiersExample,
	"hhi_household_total": func(t *testing.T, p Parameters, e example) {
		var want int64
		e.want(t, &want)
		q := must(t)(p.Household("2025-08-01", repeat(e.n("months"), e.n("members"))))
		same(t, "total", q.Get("total"), want)
	},
	"hhi_coterminous": func(t *testing.T, p Parameters, e example) {
		var want struct {
			Parts []int64
			Total int64
		}
		e.want(t, &want)
		day := loa.Day("2026-08-01")
		if e.n("base_salary") == 2_340_000 {
			day = "2026-01-01"
		}
		var months []int64
		for _, m := range e.Inputs["member_months"].([]any) {
			months = append(months, int64(m.(float64)))
		}
		q := must(t)(p.Household(day, months))
		r, _ := q.Result("tiers")
		for i, w := range want.Parts {
			same(t, "member", r.List[i], w)
		}
		same(t, "total", q.Get("total"), want.Total)
	},
	"hhi_student": func(t *testing.T, p Parameters, e example) {
		var want struct{ Month, Year, Total, Student int64 }
		e.want(t, &want)
		day := loa.Day("2025-03-01")
		if e.n("base_salary") == 1_210_000 {
			day = "2016-09-28"
			p = own(p, "base_salary", "2016-05-01", 1_210_000, Dong)
		}
		q := must(t)(p.Pupil(day, e.n("months"), 10000-e.n("student_share_pct")*100))
		same(t, "pay", q.Get("pay"), max(want.Year, want.Student))
		if want.Total > 0 {
			same(t, "full", q.Get("full"), want.Total)
		}
		same(t, "the law's own share", must(t)(p.Pupil(day, e.n("months"), -1)).Get("pay"), q.Get("pay"))
	},
	"retirement_month": func(t *testing.T, p Parameters, e example) {
		var want struct {
			Reaches string `json:"reaches_age_in"`
			From    string `json:"pension_from"`
		}
		e.want(t, &want)
		q := must(t)(p.Retirement(sexOf(e.s("sex")), loa.Month(e.s("birth")[:7]), e.day()))
		reached, _ := q.Result("reached_on")
		from, _ := q.Result("pension_from")
		if !strings.HasPrefix(string(reached.Day), want.Reaches) || from.Day != loa.Month(want.From).First() {
			t.Errorf("reached %s, drawn from %s, want %s and %s", reached.Day, from.Day, want.Reaches, want.From)
		}
	},
	"early_retirement_reduction": func(t *testing.T, p Parameters, e example) {
		var want []int64
		e.want(t, &want)
		for i, m := range e.Inputs["months_early"].([]any) {
			q := must(t)(p.Pension(Pension{Day: e.day(), Sex: loa.Male, Months: 420, Average: 1_000_000, Early: int64(m.(float64))}))
			same(t, "cut", 7500-q.Get("rate_bp"), want[i]*100)
		}
	},
	"social_pension": func(t *testing.T, p Parameters, e example) {
		var want int64
		e.want(t, &want)
		q := must(t)(p.SocialPension(SocialPensionAsked{Day: e.day(), Born: e.day().Month().Add(-int(e.n("age")) * 12)}))
		if r, _ := q.Result("entitled"); !*r.Yes {
			t.Error("not entitled")
		}
		same(t, "amount", q.Get("amount"), want)
	},
	"social_pension_funeral_support": func(t *testing.T, p Parameters, e example) {
		var want int64
		e.want(t, &want)
		same(t, "funeral", must(t)(p.SocialPension(SocialPensionAsked{Day: e.day(), Born: "1945-01"})).Get("funeral"), want)
	},
	"hi_low_cost_threshold": func(t *testing.T, p Parameters, e example) {
		var want int64
		e.want(t, &want)
		same(t, "visit", must(t)(p.Thresholds(e.day(), -1)).Get("low_cost_visit"), want)
	},
	"hi_low_cost_and_annual_threshold": func(t *testing.T, p Parameters, e example) {
		var want struct {
			Low    int64 `json:"low_cost"`
			Annual int64
		}
		e.want(t, &want)
		q := must(t)(p.Thresholds(e.day(), -1))
		same(t, "visit", q.Get("low_cost_visit"), want.Low)
		same(t, "annual", q.Get("annual_copay"), want.Annual)
	},
	"compulsory_household_business_min": func(t *testing.T, p Parameters, e example) {
		var want int64
		e.want(t, &want)
		same(t, "si", must(t)(p.Owner(e.day(), e.n("chosen"), 1)).Get("si"), want)
	},
	"cccd_structure": func(t *testing.T, _ Parameters, e example) {
		// the number of a card is no figure of the law: person_test.go holds its shape
		var want string
		e.want(t, &want)
		if want != "PPP G YY RRRRRR" {
			t.Error("the example has changed: look at the check of ID numbers too")
		}
	},
	"monthly_allowance_months": func(t *testing.T, p Parameters, e example) {
		var want float64
		e.want(t, &want)
		q := must(t)(p.Allowance(Allowance{Day: e.day(), Months: e.n("years") * 12, Average: e.n("avg")}))
		same(t, "lasts", q.Get("lasts"), int64(want*100+0.5))
	},
}

func sexOf(s string) loa.Sex {
	if s == "F" {
		return loa.Female
	}
	return loa.Male
}

func repeat(n, times int64) []int64 {
	out := make([]int64, times)
	for i := range out {
		out[i] = n
	}
	return out
}
