package policy

import (
	"fmt"
	"maps"
	"math/big"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"loa"
)

// ask is one line of the tables below: a kind and its fields as a command writes them.
type ask struct{ kind, fields string }

func (a ask) given() map[string]string {
	out := map[string]string{}
	for _, pair := range strings.Fields(a.fields) {
		name, value, _ := strings.Cut(pair, "=")
		out[name] = strings.ReplaceAll(value, "|", "\n")
	}
	return out
}

func (a ask) of(p Parameters) (Quote, error) { return p.Ask(a.kind, a.given(), "2026-11-23") }

// everyQuote leans, taken together, on every approved row of the law there is.
func everyQuote() []ask {
	list := []ask{
		{"contribution", "day=2020-05-01 income=725001 groups=poor,near_poor,ethnic_minority,island_commune,other method=monthly periods=3"},
		{"contribution", "day=2021-05-01 income=700000 method=missing periods=121"}, // refused with the limit
		{"contribution", "day=2026-08-01 income=1500001 groups=poor,near_poor,ethnic_minority,island_commune,other method=years_ahead periods=5 local_bp=1000"},
		{"contribution", "day=2026-08-01 income=1500000 method=missing periods=37 supported=100"},
		{"contribution", "day=2024-05-01 income=1500000 method=quarterly periods=2"},
		{"contribution", "day=2023-05-01 income=1500000 method=yearly periods=1"},
		{"contribution", "day=2023-12-01 income=1500000 method=half_year periods=1"},
		{"refund", "day=2026-08-01 income=1500000 method=years_ahead periods=3 left=20"},
		{"refund", "day=2026-08-01 income=1500000 method=yearly periods=1 left=5"},
		{"income-valid", "day=2020-02-01 income=700000"},
		{"pension-rate", "day=2026-08-01 sex=male months=239"},
		{"household", "day=2026-08-01 member_months=12,12,12,12,12"},
		{"household-terms", "day=2026-08-01 members=5"},
		{"pupil", "day=2025-05-01 months=12"}, {"pupil", "day=2026-05-01 months=12"}, {"card", "day=2026-05-01 months=12 groups=near_poor"},
		{"hi-threshold", "day=2026-08-01 paid_before=1000000"},
		{"hi-validity", "day=2026-08-01 months=12"},
		{"fixed", "day=2026-08-01"}, {"fixed", "day=2026-03-01"},
		{"advertising", "day=2026-08-01"}, {"advertising", "day=2020-10-01"},
		{"funeral", "day=2024-08-01 months=60"}, {"funeral", "day=2026-08-01 months=60"},
		{"maternity", "day=2026-08-01 months=6"},
		{"lump-sum", "day=2024-08-01 months_before_2014=29 months_from_2014=13 average=2000000"},
		{"lump-sum", "day=2026-08-01 months_before_2014=29 months_from_2014=13 average=2000000"},
		{"lump-sum", "day=2026-08-01 months_before_2014=0 months_from_2014=11 average=2000000"},
		{"lump-sum", "day=2024-08-01 months_before_2014=0 months_from_2014=11 average=2000000"},
		{"survivors", "day=2026-08-01 months_before_2014=29 months_from_2014=60 average=2000000 compulsory_months=180"},
		{"survivors", "day=2026-08-01 pension=2000000 drawn=20"}, {"survivors", "day=2026-08-01 months_from_2014=11 average=2000000"},
		{"allowance", "day=2026-08-01 months=120 average=1500000 born=1966-01"},
		{"social-pension", "day=2026-08-01 born=1951-01"}, {"social-pension", "day=2026-08-01 born=1956-01 groups=poor"},
		{"pension", "day=2026-08-01 sex=male months=430 average=4000000 compulsory_months=300 first_joined=2001-01-01 after_age=5 early=12"},
		{"pension", "day=2026-08-01 sex=male months=200 average=4000000"},
		{"pension", "day=2026-08-01 sex=female months=380 average=4000000"},
		{"entitlement", "day=2026-08-01 sex=male born=1963-01 months=260 voluntary_months=250 joined=2003-01-01"},
		{"entitlement", "day=2026-08-01 sex=female born=1970-01 months=260 voluntary_months=250 joined=2003-01-01"},
		{"retirement", "sex=female born=1969-05"},
		{"worker", "day=2026-08-01 wage=9000000 region=1"}, {"worker", "day=2026-08-01 wage=9000000 region=2"}, {"worker", "day=2026-08-01 wage=9000000 region=3"}, {"worker", "day=2026-08-01 wage=9000000 region=4"},
		{"worker-missing", "day=2026-08-01 wage=9000000 months=6"},
		{"owner", "day=2026-08-01 income=2530000"},
		{"unemployment", "day=2026-08-01 average=9000000 months=75 region=4"},
		{"outlook", "day=2026-11-23 sex=female born=1988-03 income=1500000 groups=ethnic_minority local_bp=500"},
		{"outlook", "day=2026-11-23 sex=female born=1979-03 income=1500000 groups=ethnic_minority pause=20"},
		{"wish", "day=2026-11-23 sex=male born=1980-03 wanted=2000000"},
		{"average", "settled=2026 history=2026-01,2026-06,1500000,missing"},
	}
	for _, m := range PayMethods {
		list = append(list, ask{"deadline", "day=2024-05-01 first=2024-06 method=" + string(m)}, ask{"deadline", "day=2026-05-01 first=2026-06 method=" + string(m)})
	}
	for _, g := range HIGroups {
		list = append(list, ask{"hi-group", "day=2026-08-01 groups=" + string(g)})
	}
	for _, g := range BenefitGroups {
		list = append(list, ask{"hi-visit", "day=2026-08-01 cost=2000000 continuous=70 copaid=20000000 groups=" + string(g)}, ask{"hi-visit", "day=2025-08-01 cost=2000000 groups=" + string(g)})
	}
	for settled := 2025; settled <= 2026; settled++ {
		history := []string{"1990-01,1994-12,100000"}
		for y := 1995; y <= settled; y++ {
			history = append(history, fmt.Sprintf("%d-01,%d-12,1500000", y, y))
		}
		list = append(list, ask{"average", fmt.Sprintf("settled=%d history=%s", settled, strings.Join(history, "|"))})
	}
	for _, sex := range []string{"male", "female"} {
		first := map[string]int{"male": 1959*12 + 6, "female": 1964*12 + 6}[sex]
		for m := first; m < 1976*12; m += 3 {
			list = append(list, ask{"retirement", fmt.Sprintf("sex=%s born=%04d-%02d", sex, m/12, m%12+1)})
		}
	}
	return list
}

// TestDeletingAnyRowMakesItsQuotesRefuse takes every approved row away in turn: each quote that leaned on it refuses, the fixed
// amounts name what they no longer know, and no row is there for nothing.
func TestDeletingAnyRowMakesItsQuotesRefuse(t *testing.T) {
	p := law(t)
	leans := map[Row][]ask{}
	for _, a := range everyQuote() {
		q, err := a.of(p)
		if err != nil {
			continue
		}
		for _, r := range q.Used {
			leans[r] = append(leans[r], a)
		}
	}
	limits := map[string]ask{ // rows that only ever refuse
		"voluntary_si.missing_most 2018-01-01":     {"contribution", "day=2021-05-01 income=700000 method=missing periods=121"},
		"voluntary_si.years_ahead_most 2018-01-01": {"contribution", "day=2021-05-01 income=700000 method=years_ahead periods=6"},
	}
	for name, rows := range p {
		for _, r := range rows {
			if !r.Approved {
				continue
			}
			asks := leans[r]
			if a, ok := limits[name+" "+string(r.From)]; ok {
				if _, err := a.of(p); code(err) != "policy_missing" && code(err) != "policy_years_ahead" {
					t.Errorf("%s: %v", name, err)
				}
				if _, err := a.of(p.Without(r)); code(err) != "policy_unknown_before" {
					t.Errorf("%s without its row: %v", name, err)
				}
				continue
			}
			if len(asks) == 0 {
				t.Errorf("no quote leans on %s from %s", name, r.From)
				continue
			}
			without := p.Without(r)
			for _, a := range asks {
				q, err := a.of(without)
				if a.kind == "fixed" && err == nil && len(q.Unknown) > 0 && !slices.Contains(q.Used, r) { // the figures that lean on it are named instead
					continue
				}
				if err == nil {
					t.Errorf("%s %s answers %v without %s from %s", a.kind, a.fields, q.Results, name, r.From)
				} else if loa.KindOf(err) != loa.Invalid {
					t.Errorf("%s %s: %v", a.kind, a.fields, err)
				}
			}
		}
	}
}

func code(err error) string {
	e, ok := err.(*loa.Error)
	if !ok {
		return ""
	}
	return e.Code
}

// TestStepsGiveTheAnswer recomputes every step from what it shows: steps rest on what was given, on the law or on an earlier step,
// and every amount of the answer is one of them.
func TestStepsGiveTheAnswer(t *testing.T) {
	p, steps := law(t), 0
	kinds := map[string]bool{}
	for _, a := range everyQuote() {
		q, err := a.of(p)
		if err != nil {
			continue
		}
		kinds[a.kind] = true
		steps += len(q.Steps)
		checkSteps(t, a.kind+" "+a.fields, q)
	}
	for _, k := range Kinds() {
		if !kinds[k.Name] {
			t.Errorf("no quote of kind %s was looked at", k.Name)
		}
	}
	if steps < 500 {
		t.Errorf("only %d steps", steps)
	}
}

// failing is a test, of the standard library or of rapid.
type failing interface {
	Helper()
	Errorf(format string, args ...any)
}

// checkSteps holds a quote to its own working.
func checkSteps(t failing, what string, q Quote) {
	t.Helper()
	rows := map[string][]Row{}
	for _, r := range q.Used {
		rows[r.Name] = append(rows[r.Name], r)
	}
	known := map[string]bool{} // every number that stands in the working so far, with its unit left out
	for i, s := range q.Steps {
		for _, term := range s.Terms {
			switch term.From {
			case OfLaw:
				ok := false
				for _, r := range rows[term.Name] {
					v := Exact(r.Value, r.Unit)
					if r.Unit == Months && term.Unit == Years {
						v = v.Quo(Int(12))
					}
					ok = ok || v.Cmp(term.Value) == 0
				}
				if !ok {
					t.Errorf("%s: step %s shows %s of %s, which is not in the law it used", what, s.Name, term.Value, term.Name)
				}
			case Worked:
				if !slices.ContainsFunc(q.Steps[:i], func(e Step) bool { return e.Value.Cmp(term.Value) == 0 && e.Name == term.Name }) {
					t.Errorf("%s: step %s rests on %s, which nothing before it worked out", what, s.Name, term.Name)
				}
			case Given:
			default:
				t.Errorf("%s: step %s has a term from %q", what, s.Name, term.From)
			}
			known[term.Value.String()] = true
		}
		if v := recomputed(s); v.Cmp(s.Value.Rat()) != 0 {
			t.Errorf("%s: step %s shows %s, recomputed %s", what, s.Name, s.Value, v)
		}
		known[s.Value.String()] = true
		known[Exact(s.Value.Round(), Dong).String()] = true // lists of estimates are told in whole đồng
	}
	for _, r := range q.Used {
		known[Exact(r.Value, r.Unit).String()] = true
	}
	for _, r := range q.Results {
		if r.Unit != Dong || r.N == 0 && r.List == nil {
			continue
		}
		for _, n := range append(slices.Clone(r.List), r.N) {
			if n != 0 && !known[Exact(n, Dong).String()] {
				t.Errorf("%s: %s = %d stands nowhere in the working", what, r.Name, n)
			}
		}
	}
}

// recomputed works a step out anew from its terms, the long way and with the standard library's numbers.
func recomputed(s Step) *big.Rat {
	v := s.Terms[0].Value.Rat()
	term := func(i int) *big.Rat { return s.Terms[i].Value.Rat() }
	n := func(i int) int { return int(term(i).Num().Int64()) }
	series := func(from, to int, rate *big.Rat, up bool) *big.Rat {
		sum, q := new(big.Rat), new(big.Rat).Add(rate, big.NewRat(1, 1))
		if !up {
			q.Inv(q)
		}
		p := big.NewRat(1, 1)
		for i := 0; i <= to; i++ {
			if i >= from {
				sum.Add(sum, p)
			}
			p = new(big.Rat).Mul(p, q)
		}
		return sum
	}
	floor := func(v *big.Rat) *big.Rat { return new(big.Rat).SetInt(new(big.Int).Div(v.Num(), v.Denom())) }
	for _, t := range s.Terms[1:] {
		o := t.Value.Rat()
		switch s.Op {
		case Product:
			v.Mul(v, o)
		case Sum:
			v.Add(v, o)
		case Difference:
			v.Sub(v, o)
		case Ratio:
			v.Quo(v, o)
		case Lesser:
			if o.Cmp(v) < 0 {
				v = o
			}
		case Greater:
			if o.Cmp(v) > 0 {
				v = o
			}
		}
	}
	switch s.Op {
	case Rounded:
		v = floor(v.Add(v, big.NewRat(1, 2)))
	case RoundedUp:
		v = v.Neg(floor(v.Neg(v)))
	case Whole:
		v = floor(v)
	case HalfYears:
		years, odd := n(0)/12, n(0)%12
		v = big.NewRat(int64(years), 1)
		if odd > 0 && odd <= n(1) {
			v.Add(v, big.NewRat(1, 2))
		} else if odd > n(1) {
			v.Add(v, big.NewRat(1, 1))
		}
	case Compounded:
		v.Mul(v, series(1, n(2), term(1), true))
	case Discounted:
		v.Mul(v, series(0, n(2)-1, term(1), false))
	case TailOf:
		v.Mul(v, series(n(2)-n(3), n(2)-1, term(1), false))
	}
	return v
}

// TestEveryFieldIsRefusedByName gives each field of each kind something impossible.
func TestEveryFieldIsRefusedByName(t *testing.T) {
	p := law(t)
	good := map[string]ask{}
	for _, a := range everyQuote() {
		if q, err := a.of(p); err == nil && q.Kind != "" {
			if _, there := good[a.kind]; !there {
				good[a.kind] = a
			}
		}
	}
	for _, k := range Kinds() {
		a, ok := good[k.Name]
		if !ok {
			t.Errorf("no good quote of kind %s", k.Name)
			continue
		}
		if _, err := p.Ask(k.Name, map[string]string{"no_such": "1"}, "2026-11-23"); code(err) != "policy_field" {
			t.Errorf("%s takes a field it does not know: %v", k.Name, err)
		}
		for _, f := range k.Fields {
			for _, bad := range []string{"impossible", "-1", "99999999999999999999", "2026-13-45", "😀", "1e3", "NaN"} {
				given := maps.Clone(a.given())
				given[f.Name] = bad
				q, err := p.Ask(k.Name, given, "2026-11-23")
				e, refused := err.(*loa.Error)
				switch {
				case !refused:
					t.Errorf("%s takes %s=%s: %v %v", k.Name, f.Name, bad, q.Results, err)
				case e.Field != f.Name && !(k.Name == "household" && e.Field == "member_months" || f.Name == "start" && e.Field == "start_age"):
					t.Errorf("%s %s=%s is refused by %s (%s)", k.Name, f.Name, bad, e.Field, e.Code)
				}
			}
			if f.Needed {
				given := a.given()
				delete(given, f.Name)
				if _, err := p.Ask(k.Name, given, "2026-11-23"); code(err) != "required" {
					t.Errorf("%s without %s: %v", k.Name, f.Name, err)
				}
			}
		}
	}
}

// FuzzAsk holds the calculator to an answer that adds up or a refusal, whatever is asked.
func FuzzAsk(f *testing.F) {
	for _, a := range everyQuote() {
		f.Add(a.kind, a.fields)
	}
	p := law(f)
	f.Fuzz(func(t *testing.T, kind, fields string) {
		q, err := ask{kind, fields}.of(p)
		if err != nil {
			if loa.KindOf(err) != loa.Invalid {
				t.Fatalf("%v", err)
			}
			return
		}
		checkSteps(t, kind+" "+fields, q)
	})
}

// BenchmarkQuote times every kind of quote, the 60-month compounding among them.
func BenchmarkQuote(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(200)) // as loa serve does
	p := law(b)
	done := map[string]bool{}
	list := append([]ask{{"contribution", "day=2026-08-01 income=1500000 groups=ethnic_minority method=missing periods=60 local_bp=1000"}}, everyQuote()...)
	for i, a := range list {
		if _, err := a.of(p); err != nil || done[a.kind] {
			continue
		}
		name := a.kind
		if i == 0 {
			name = "60_months_compounded"
		} else {
			done[a.kind] = true
		}
		b.Run(name, func(b *testing.B) {
			given := a.given()
			for b.Loop() {
				if _, err := p.Ask(a.kind, given, "2026-11-23"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
