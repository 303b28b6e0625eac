package policy

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"loa"
)

// days are drawn from the time every figure of voluntary SI is known in, its changes among them.
func drawDay(t *rapid.T) loa.Day {
	edge := rapid.SampledFrom([]loa.Day{"2025-07-01", "2025-12-31", "2026-01-01", "2026-06-30", "2026-07-01", "2026-12-31"}).Draw(t, "edge")
	if rapid.Bool().Draw(t, "at the edge") {
		return edge
	}
	return loa.Day("2025-07-01").Add(rapid.IntRange(0, 548).Draw(t, "day"))
}

func drawGroups(t *rapid.T) []Group {
	return rapid.SliceOfN(rapid.SampledFrom(SupportGroups), 0, 3).Draw(t, "groups")
}

// drawPayment is a payment the law allows, unless its support adds up to more than it.
func drawPayment(t *rapid.T) Contribution {
	c := Contribution{Day: drawDay(t), Income: 1500000 + rapid.Int64Range(0, 45300000).Draw(t, "income"), Groups: drawGroups(t), SupportBP: -1,
		Method: rapid.SampledFrom(PayMethods).Draw(t, "method"), LocalBP: rapid.SampledFrom([]int64{0, 0, 1000, 2000, 5000}).Draw(t, "local"), Supported: rapid.SampledFrom([]int64{0, 0, 100, 119, 120, 200}).Draw(t, "supported")}
	switch c.Method {
	case loa.YearsAhead:
		c.Periods = rapid.Int64Range(2, 5).Draw(t, "years")
	case loa.Missing:
		c.Periods = rapid.Int64Range(1, 60).Draw(t, "months")
	default:
		c.Periods = rapid.Int64Range(1, 6).Draw(t, "periods")
	}
	if (c.Method == loa.YearsAhead || c.Method == loa.Missing) && c.Day < "2026-01-01" { // the interest of 2025 is not known
		c.Day = c.Day.Add(366)
		if c.Day > "2026-12-31" {
			c.Day = "2026-12-31"
		}
	}
	return c
}

// kOf is the highest support of the groups by policy.md section 0, written down anew.
func kOf(groups []Group) int64 {
	k := int64(2000)
	for _, g := range groups {
		k = max(k, map[Group]int64{Poor: 5000, IslandCommune: 5000, NearPoor: 4000, EthnicMinority: 3000}[g])
	}
	return k
}

// TestPaymentsAddUp: base = State + local + other + pay, to the đồng; support never above its cap, its months or the contribution.
func TestPaymentsAddUp(t *testing.T) {
	p := law(t)
	rapid.Check(t, func(t *rapid.T) {
		c := drawPayment(t)
		c.Other = rapid.SampledFrom([]int64{0, 0, 1, 12345}).Draw(t, "other")
		q, err := p.Contribution(c)
		if err != nil {
			if code(err) == "policy_support_above" {
				return
			}
			t.Fatalf("%+v: %v", c, err)
		}
		checkSteps(t, fmt.Sprint(c), q)
		base, state, local, pay, months := q.Get("base"), q.Get("state_support"), q.Get("local_support"), q.Get("pay"), q.Get("months")
		if state < 0 || local < 0 || pay < 0 {
			t.Fatalf("%+v: %v", c, q.Results)
		}
		if base != state+local+c.Other+pay {
			t.Fatalf("%+v: %d ≠ %d + %d + %d + %d", c, base, state, local, c.Other, pay)
		}
		supported := max(0, min(months, 120-c.Supported))
		cap := kOf(c.Groups) * 22 * 1500000 / 100 * supported / 10000
		switch c.Method {
		case loa.Missing: // scaled like the contribution: at most the factor of the last month, 1.0031^60 < 1.205
			if state > cap*1205/1000+1 {
				t.Fatalf("%+v: support %d above %d", c, state, cap)
			}
		case loa.YearsAhead:
			if state > cap+1 {
				t.Fatalf("%+v: support %d above %d", c, state, cap)
			}
		default:
			if state != cap {
				t.Fatalf("%+v: support %d, by hand %d", c, state, cap)
			}
		}
		if state > base {
			t.Fatalf("%+v: support above the contribution", c)
		}
	})
}

// TestMoreIncomeNeverPaysLess holds for what is paid and for the pension.
func TestMoreIncomeNeverPaysLess(t *testing.T) {
	p := law(t)
	rapid.Check(t, func(t *rapid.T) {
		c := drawPayment(t)
		c.LocalBP = 0
		more := c
		more.Income = min(46800000, c.Income+rapid.Int64Range(1, 2000000).Draw(t, "more"))
		a, err := p.Contribution(c)
		b, err2 := p.Contribution(more)
		if err != nil || err2 != nil {
			t.Fatalf("%+v: %v %v", c, err, err2)
		}
		if b.Get("pay") < a.Get("pay") || b.Get("base") < a.Get("base") || b.Get("state_support") > a.Get("state_support")+1 {
			t.Fatalf("%+v and %d more: %v, %v", c, more.Income, a.Results, b.Results)
		}
		d := Pension{Day: c.Day, Sex: drawSex(t), Months: rapid.Int64Range(180, 600).Draw(t, "paid"), Average: c.Income}
		x, err := p.Pension(d)
		d.Average = more.Income
		y, err2 := p.Pension(d)
		if err != nil || err2 != nil || y.Get("monthly") < x.Get("monthly") || y.Get("one_off") < x.Get("one_off") {
			t.Fatalf("%+v: %v %v %v %v", d, x.Results, y.Results, err, err2)
		}
		checkSteps(t, fmt.Sprint(d), y)
	})
}

func drawSex(t *rapid.T) loa.Sex {
	return rapid.SampledFrom([]loa.Sex{loa.Female, loa.Male}).Draw(t, "sex")
}

// TestMoreMonthsNeverGiveALowerRate steps through every month from 15 to 60 years, and on to what is paid once.
func TestMoreMonthsNeverGiveALowerRate(t *testing.T) {
	p := law(t)
	for _, sex := range []loa.Sex{loa.Female, loa.Male} {
		last, once := int64(0), int64(0)
		for m := int64(180); m <= 720; m++ {
			q, err := p.Pension(Pension{Day: "2026-08-01", Sex: sex, Months: m, Average: 4000001})
			if err != nil {
				t.Fatal(err)
			}
			if r := q.Get("rate_bp"); r < last || r > 7500 || r < 4000 {
				t.Errorf("%s %d months: %d after %d", sex, m, r, last)
			}
			if n := q.Get("one_off"); n < once {
				t.Errorf("%s %d months: %d once after %d", sex, m, n, once)
			}
			last, once = q.Get("rate_bp"), q.Get("one_off")
		}
	}
}

// TestHouseholdTiersSumAndFall: the amounts sum to the total, and of those who pay for the same time each later one pays no more.
func TestHouseholdTiersSumAndFall(t *testing.T) {
	p := law(t)
	rapid.Check(t, func(t *rapid.T) {
		day := loa.Day("2023-07-01").Add(rapid.IntRange(0, 1270).Draw(t, "day"))
		months := rapid.SliceOfN(rapid.Int64Range(1, 12), 1, 12).Draw(t, "months")
		if rapid.Bool().Draw(t, "all alike") {
			for i := range months {
				months[i] = months[0]
			}
		}
		q, err := p.Household(day, months)
		if err != nil {
			t.Fatal(err)
		}
		checkSteps(t, fmt.Sprint(day, months), q)
		r, _ := q.Result("tiers")
		sum := int64(0)
		for i, n := range r.List {
			sum += n
			if i > 0 && months[i] <= months[i-1] && n > r.List[i-1] {
				t.Fatalf("%s %v: %v", day, months, r.List)
			}
		}
		if sum != q.Get("total") || len(r.List) != len(months) {
			t.Fatalf("%s %v: %v, %d", day, months, r.List, q.Get("total"))
		}
	})
}

// TestARefundIsNeverMoreThanWasPaid compares what comes back with the payment it was part of; all months left give all of it back.
func TestARefundIsNeverMoreThanWasPaid(t *testing.T) {
	p := law(t)
	rapid.Check(t, func(t *rapid.T) {
		c := drawPayment(t)
		c.LocalBP, c.Supported = 0, 0
		if c.Method == loa.Monthly || c.Method == loa.Missing {
			c.Method, c.Periods = loa.Yearly, 1
		}
		q, err := p.Contribution(c)
		if err != nil {
			t.Fatalf("%+v: %v", c, err)
		}
		left := rapid.Int64Range(1, q.Get("months")).Draw(t, "left")
		f := Refund{Day: c.Day, Income: c.Income, Groups: c.Groups, SupportBP: -1, Method: c.Method, Periods: c.Periods, Left: left}
		r, err := p.Refund(f)
		if err != nil {
			t.Fatalf("%+v: %v", f, err)
		}
		checkSteps(t, fmt.Sprint(f), r)
		if r.Get("refund") > q.Get("pay") || r.Get("refund") < 0 {
			t.Fatalf("%+v: %d back of %d", f, r.Get("refund"), q.Get("pay"))
		}
		f.Left = q.Get("months")
		if r, err = p.Refund(f); err != nil || r.Get("refund") != q.Get("pay") {
			t.Fatalf("%+v: all months left, %d back of %d (%v)", f, r.Get("refund"), q.Get("pay"), err)
		}
	})
}

// TestLaterBornNeverRetireEarlier is monotone in the birth month, by age and by day, and never jumps by more than four months.
func TestLaterBornNeverRetireEarlier(t *testing.T) {
	p := law(t)
	for sex, first := range map[loa.Sex]loa.Month{loa.Male: "1961-01", loa.Female: "1966-01"} {
		var age int64
		var reached loa.Day
		for m := first; m < "1995-01"; m = m.Add(1) {
			q, err := p.Retirement(sex, m, "2026-11-23")
			if err != nil {
				t.Fatalf("%s %s: %v", sex, m, err)
			}
			r, _ := q.Result("reached_on")
			n := q.Get("age_months")
			if n < age || r.Day < reached || age > 0 && n-age > 4 {
				t.Errorf("%s %s: %d months on %s after %d on %s", sex, m, n, r.Day, age, reached)
			}
			if m.Add(int(n)).Last() != r.Day {
				t.Errorf("%s %s: %d months are not %s", sex, m, n, r.Day)
			}
			age, reached = n, r.Day
		}
	}
}

// TestTheWorkingAddsUpForAnythingAsked draws inputs for every kind of question from its own fields; whatever is answered is worked out.
func TestTheWorkingAddsUpForAnythingAsked(t *testing.T) {
	p := law(t)
	answered := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(Kinds()).Draw(t, "kind")
		given := map[string]string{}
		for _, f := range k.Fields {
			if !f.Needed && rapid.Bool().Draw(t, "leave out "+f.Name) {
				continue
			}
			given[f.Name] = drawField(t, f)
		}
		q, err := p.Ask(k.Name, given, "2026-11-23")
		if err != nil {
			if loa.KindOf(err) != loa.Invalid {
				t.Fatalf("%s %v: %v", k.Name, given, err)
			}
			return
		}
		answered[k.Name]++
		checkSteps(t, k.Name+fmt.Sprint(given), q)
	})
	if len(answered) < 5 {
		t.Errorf("hardly anything was answered: %v", answered)
	}
}

func drawField(t *rapid.T, f Field) string {
	number := func(low, high int64) string { return fmt.Sprint(rapid.Int64Range(low, high).Draw(t, f.Name)) }
	switch f.Shape {
	case ADay:
		return string(drawDay(t))
	case AMonth:
		y, m := rapid.IntRange(1950, 2010).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month")
		if f.Name == "first" || f.Name == "start" {
			y = 2026
		}
		return fmt.Sprintf("%04d-%02d", y, m)
	case AMoney:
		return number(1500000, 20000000)
	case ANumber:
		if f.Name == "settled" {
			return number(2025, 2026)
		}
		if rapid.Bool().Draw(t, "small") {
			return number(1, 12)
		}
		return number(1, 480)
	case AShare:
		return number(0, 10000)
	case AChoice:
		return rapid.SampledFrom(f.Options).Draw(t, f.Name)
	case Several:
		return rapid.SampledFrom(f.Options).Draw(t, f.Name) + "," + rapid.SampledFrom(f.Options).Draw(t, f.Name)
	case SomeNumbers:
		return number(1, 12) + "," + number(1, 12)
	}
	from := rapid.IntRange(2008, 2024).Draw(t, "from")
	return fmt.Sprintf("%d-01,%d-%02d,%s", from, rapid.IntRange(from, 2024).Draw(t, "to"), rapid.IntRange(1, 12).Draw(t, "month"), number(1500000, 20000000))
}
