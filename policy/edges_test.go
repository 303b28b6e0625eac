package policy

import (
	"fmt"
	"testing"

	"loa"
)

// TestEveryChangeHoldsFromItsDay looks at the day before, of and after each change of each parameter.
func TestEveryChangeHoldsFromItsDay(t *testing.T) {
	p := law(t)
	changes := 0
	for name, rows := range p {
		for i, r := range rows {
			if !r.Approved {
				continue
			}
			for _, on := range []loa.Day{r.From, r.From.Add(1)} {
				if got, ok := p.At(name, on); (!ok || got != r) && (r.To == "" || on <= r.To) {
					t.Errorf("%s on %s: %+v", name, on, got)
				}
			}
			if r.To != "" {
				if got, ok := p.At(name, r.To); !ok || got != r {
					t.Errorf("%s on its last day %s: %+v", name, r.To, got)
				}
				if got, ok := p.At(name, r.To.Add(1)); ok && got == r {
					t.Errorf("%s still holds after %s", name, r.To)
				}
			}
			if before, ok := p.At(name, r.From.Add(-1)); i == 0 && ok || ok && before == r {
				t.Errorf("%s before %s: %+v", name, r.From, before)
			}
			changes++
		}
	}
	if changes < 200 {
		t.Errorf("only %d rows", changes)
	}
}

// edge is a quote with its figures by hand, from the tables of policy.md.
type edge struct {
	ask
	want string // name=number …, or the code of a refusal
}

func (e edge) check(t *testing.T, p Parameters) {
	t.Helper()
	q, err := e.of(p)
	if err != nil {
		if code(err) != e.want {
			t.Errorf("%s %s: %v, want %s", e.kind, e.fields, err, e.want)
		}
		return
	}
	for _, pair := range splitWords(e.want) {
		var name, want string
		for i := range pair {
			if pair[i] == '=' {
				name, want = pair[:i], pair[i+1:]
			}
		}
		r, ok := q.Result(name)
		got := fmt.Sprint(r.N)
		if r.Day != "" {
			got = string(r.Day)
		}
		if !ok || got != want {
			t.Errorf("%s %s: %s = %s, want %s", e.kind, e.fields, name, got, want)
		}
	}
	checkSteps(t, e.kind+" "+e.fields, q)
}

func splitWords(s string) []string {
	var out []string
	word := ""
	for _, r := range s + " " {
		if r == ' ' {
			if word != "" {
				out = append(out, word)
			}
			word = ""
			continue
		}
		word += string(r)
	}
	return out
}

// TestEdgesByHand is worked out from policy.md by hand: what is paid on both sides of each change, what a card costs, thresholds,
// validity, deadlines, the 120 months.
func TestEdgesByHand(t *testing.T) {
	p := law(t)
	pay := func(day, group, income, want string) edge {
		return edge{ask{"contribution", "day=" + day + " income=" + income + " groups=" + group + " method=monthly periods=1"}, want}
	}
	list := []edge{
		// 22 % of 1.500.000 = 330.000; the State's part k × 330.000 (policy.md 1.2), before and from 01/07/2025 (section 0)
		pay("2025-06-30", "poor", "1500000", "state_support=99000 pay=231000"), pay("2025-07-01", "poor", "1500000", "state_support=165000 pay=165000"),
		pay("2025-06-30", "near_poor", "1500000", "state_support=82500 pay=247500"), pay("2025-07-01", "near_poor", "1500000", "state_support=132000 pay=198000"),
		pay("2025-06-30", "ethnic_minority", "1500000", "state_support=33000"), pay("2025-07-01", "ethnic_minority", "1500000", "state_support=99000 pay=231000"),
		pay("2025-06-30", "other", "1500000", "state_support=33000 pay=297000"), pay("2025-07-02", "other", "1500000", "state_support=66000 pay=264000"),
		// the line of 700.000 until 2021: 22 % = 154.000, 10 % of it 15.400
		pay("2021-12-31", "other", "700000", "base=154000 state_support=15400 pay=138600"), pay("2022-01-01", "other", "700000", "policy_income_low"), pay("2021-12-31", "other", "699999", "policy_income_low"),
		// 20 × 2.340.000 and 20 × 2.530.000; 22 % of 50.600.000 = 11.132.000
		pay("2026-06-30", "other", "46800000", "base=10296000"), pay("2026-06-30", "other", "46800001", "policy_income_high"), pay("2026-07-01", "other", "50600000", "base=11132000 pay=11066000"),
		pay("2026-07-01", "other", "50600001", "policy_income_high"), pay("2026-12-31", "other", "1500000", "pay=264000"), pay("2027-01-01", "other", "2200000", "policy_unknown_day"),
		// 120 months in all
		{ask{"contribution", "day=2026-08-01 income=1500000 method=yearly periods=1 supported=108"}, "state_support=792000"},
		{ask{"contribution", "day=2026-08-01 income=1500000 method=yearly periods=1 supported=109"}, "state_support=726000"},
		{ask{"contribution", "day=2026-08-01 income=1500000 method=yearly periods=1 supported=119"}, "state_support=66000 pay=3894000"},
		{ask{"contribution", "day=2026-08-01 income=1500000 method=yearly periods=1 supported=120"}, "state_support=0 pay=3960000"},
		{ask{"contribution", "day=2026-08-01 income=1500000 method=missing periods=60"}, "months=60"}, {ask{"contribution", "day=2026-08-01 income=1500000 method=missing periods=61"}, "policy_missing"},
		{ask{"contribution", "day=2026-08-01 income=1500000 method=years_ahead periods=1"}, "policy_years_ahead"}, {ask{"contribution", "day=2026-08-01 income=1500000 method=years_ahead periods=6"}, "policy_years_ahead"},
		{ask{"contribution", "day=2025-12-31 income=1500000 method=years_ahead periods=2"}, "policy_unknown_day"}, {ask{"contribution", "day=2027-01-01 income=1500000 method=years_ahead periods=2"}, "policy_unknown_day"},
		// household HI, policy.md 3.1
		{ask{"household", "day=2026-06-30 members=5 months=12"}, "total=4043520"}, {ask{"household", "day=2026-07-01 members=1 months=12"}, "total=1366200"}, {ask{"household", "day=2026-07-01 members=2 months=12"}, "total=2322540"},
		{ask{"household", "day=2026-07-01 members=3 months=12"}, "total=3142260"}, {ask{"household", "day=2026-07-01 members=4 months=12"}, "total=3825360"}, {ask{"household", "day=2026-07-01 members=5 months=12"}, "total=4371840"},
		{ask{"household", "day=2026-07-01 members=6 months=12"}, "total=4918320"}, {ask{"household", "day=2026-07-01 members=1 months=1"}, "total=113850"}, {ask{"household", "day=2026-07-01 members=1 months=13"}, "policy_card_months"},
		// thresholds in the year of two base salaries: paid + (6 − paid ÷ 2.340.000) × 2.530.000, policy.md 3.3
		{ask{"hi-threshold", "day=2026-06-30"}, "low_cost_visit=351000 annual_copay=14040000"}, {ask{"hi-threshold", "day=2026-07-01"}, "low_cost_visit=379500 annual_copay=15180000"},
		{ask{"hi-threshold", "day=2026-07-01 paid_before=0"}, "annual_copay=15180000"}, {ask{"hi-threshold", "day=2026-07-01 paid_before=2340000"}, "annual_copay=14990000"},
		{ask{"hi-threshold", "day=2026-12-31 paid_before=7020000"}, "annual_copay=14610000"}, {ask{"hi-threshold", "day=2026-07-01 paid_before=14040000"}, "annual_copay=14040000"},
		{ask{"hi-threshold", "day=2026-07-01 paid_before=15000000"}, "annual_copay=15000000"}, {ask{"hi-threshold", "day=2026-06-30 paid_before=1000000"}, "policy_no_change"}, {ask{"hi-threshold", "day=2027-01-01 paid_before=1000000"}, "policy_no_change"},
		// near-poor: 95 % until 2025 (Law 46/2014, a row that is not confirmed), 100 % from 2026 (policy.md 3.3)
		{ask{"hi-visit", "day=2025-12-31 cost=1000000 groups=near_poor"}, "rate_bp=9500 own=50000"}, {ask{"hi-visit", "day=2026-01-01 cost=1000000 groups=near_poor"}, "rate_bp=10000 own=0"},
		{ask{"hi-visit", "day=2026-07-01 cost=379499"}, "own=0"}, {ask{"hi-visit", "day=2026-07-01 cost=379500"}, "own=75900"}, {ask{"hi-visit", "day=2026-06-30 cost=350999"}, "own=0"}, {ask{"hi-visit", "day=2026-06-30 cost=351000"}, "own=70200"},
		// validity: follows on; within three months from the payment; from three months on 30 days later (policy.md 3.4)
		{ask{"hi-validity", "day=2025-12-20 ended=2025-12-31 months=12"}, "from=2026-01-01 until=2026-12-31"}, {ask{"hi-validity", "day=2026-01-01 ended=2025-12-31 months=6"}, "from=2026-01-01 until=2026-06-30"},
		{ask{"hi-validity", "day=2026-03-31 ended=2025-12-31 months=3"}, "from=2026-03-31 until=2026-06-29"}, {ask{"hi-validity", "day=2026-04-01 ended=2025-12-31 months=3"}, "from=2026-05-01 until=2026-07-31"},
		{ask{"hi-validity", "day=2026-04-01 months=12"}, "from=2026-05-01 until=2027-04-30"},
		// deadlines, policy.md 1.3
		{ask{"deadline", "day=2026-05-01 first=2026-01 method=monthly"}, "latest=2026-01-31"}, {ask{"deadline", "day=2026-05-01 first=2028-02 method=monthly"}, "latest=2028-02-29"},
		{ask{"deadline", "day=2026-05-01 first=2026-01 method=quarterly"}, "latest=2026-03-31"}, {ask{"deadline", "day=2026-05-01 first=2026-01 method=half_year"}, "latest=2026-04-30"},
		{ask{"deadline", "day=2026-05-01 first=2026-01 method=yearly"}, "latest=2026-07-31"}, {ask{"deadline", "day=2026-05-01 first=2026-11 method=yearly"}, "latest=2027-05-31"},
		{ask{"deadline", "day=2026-05-07 first=2026-06 method=years_ahead"}, "latest=2026-05-07"}, {ask{"deadline", "day=2026-05-07 first=2026-06 method=missing"}, "latest=2026-05-07"},
		// amounts of a day
		{ask{"fixed", "day=2026-06-30"}, "maternity=2000000 funeral=23400000 social_pension=500000 reference_level=2340000 poverty_line_rural=1500000"},
		{ask{"fixed", "day=2026-07-01"}, "maternity=2000000 funeral=25300000 social_pension=540000 reference_level=2530000 poverty_line_rural=1500000"},
		{ask{"funeral", "day=2026-07-01 months=59"}, "amount=0"}, {ask{"funeral", "day=2026-07-01 months=60"}, "amount=25300000"}, {ask{"maternity", "day=2026-07-01 months=5"}, "amount=0"}, {ask{"maternity", "day=2026-07-01 months=6 children=2"}, "amount=4000000"},
		{ask{"social-pension", "day=2026-07-01 born=1951-08"}, "from=2026-08-01 amount=540000 funeral=10800000"}, {ask{"social-pension", "day=2026-07-01 born=1956-08 groups=near_poor"}, "from=2026-08-01"},
		{ask{"pension-rate", "day=2026-07-01 sex=female months=179"}, "policy_pension_short"}, {ask{"pension-rate", "day=2026-07-01 sex=male months=179"}, "policy_pension_short"},
		// survivors: below 60 months the money paid, from then on by years as the lump sum (domain.md 5 and faq F21, both from Article 110 itself);
		// a pensioner's 48 pensions in the first two months, half a pension less for each later one, at least three (policy.md 2.8)
		{ask{"survivors", "day=2026-07-01 months_from_2014=9 average=1000000 paid=1500000"}, "amount=1500000"}, {ask{"survivors", "day=2026-07-01 months_from_2014=11 average=1000000"}, "amount=2420000"},
		{ask{"survivors", "day=2026-07-01 months_from_2014=12 average=1000000"}, "amount=2640000"}, {ask{"survivors", "day=2026-07-01 months_from_2014=59 average=1000000 paid=13000000"}, "amount=13000000"},
		{ask{"survivors", "day=2026-07-01 months_from_2014=59 average=1000000"}, "amount=12980000"}, {ask{"survivors", "day=2026-07-01 months_from_2014=60 average=1000000 paid=13000000"}, "amount=10000000"},
		{ask{"survivors", "day=2026-07-01 months_before_2014=12 months_from_2014=47 average=1000000"}, "amount=12980000"}, {ask{"survivors", "day=2026-07-01 months_before_2014=12 months_from_2014=48 average=1000000"}, "amount=9500000"},
		{ask{"survivors", "day=2026-07-01 pension=1000000 drawn=2"}, "amount=48000000"}, {ask{"survivors", "day=2026-07-01 pension=1000000 drawn=3"}, "amount=47500000"},
		{ask{"survivors", "day=2026-07-01 pension=1000000 drawn=92"}, "amount=3000000"}, {ask{"survivors", "day=2026-07-01 pension=1000000 drawn=91"}, "amount=3500000"},
		// a wished pension counts what may be paid at once for the missing months, as the outlook does; 61 missing are too many
		{ask{"wish", "day=2026-11-23 sex=female born=1980-01 wanted=675000"}, "income=1500000 months=180 rate_bp=4500"}, {ask{"wish", "day=2026-11-23 sex=female born=1975-01 wanted=675000"}, "policy_way_short"},
		// once for each year above 30 or 35: half an average, twice after the age (policy.md 2.2)
		{ask{"pension", "day=2026-07-01 sex=female months=360 average=4000000"}, "one_off=0"}, {ask{"pension", "day=2026-07-01 sex=female months=361 average=4000000"}, "one_off=1000000"},
		{ask{"pension", "day=2026-07-01 sex=female months=367 average=4000000"}, "one_off=2000000"}, {ask{"pension", "day=2026-07-01 sex=male months=432 average=4000000 after_age=12"}, "one_off=8000000 monthly=3000000"},
	}
	for _, e := range list {
		e.check(t, p)
	}
}

// TestOddMonthsOfPensions: 1 to 6 months are half a year, 7 to 11 a whole one, at 15, 20, 30 and 35 years (policy.md 2.2).
func TestOddMonthsOfPensions(t *testing.T) {
	p := law(t)
	for _, c := range []struct {
		sex          loa.Sex
		years        int64
		none, six, w int64 // 0, 1–6 and 7–11 odd months
	}{
		{loa.Female, 15, 4500, 4600, 4700}, {loa.Female, 20, 5500, 5600, 5700}, {loa.Female, 29, 7300, 7400, 7500}, {loa.Female, 30, 7500, 7500, 7500}, {loa.Female, 35, 7500, 7500, 7500},
		{loa.Male, 15, 4000, 4050, 4100}, {loa.Male, 19, 4400, 4450, 4500}, {loa.Male, 20, 4500, 4600, 4700}, {loa.Male, 30, 6500, 6600, 6700}, {loa.Male, 34, 7300, 7400, 7500}, {loa.Male, 35, 7500, 7500, 7500},
	} {
		for odd := int64(0); odd < 12; odd++ {
			want := c.none
			if odd > 6 {
				want = c.w
			} else if odd > 0 {
				want = c.six
			}
			q, err := p.PensionRate("2026-08-01", c.sex, c.years*12+odd)
			if err != nil || q.Get("rate_bp") != want {
				t.Errorf("%s %d years %d months: %d %v, want %d", c.sex, c.years, odd, q.Get("rate_bp"), err, want)
			}
		}
	}
}

// TestOddMonthsOfLumpSums: those before 2014 count with those after; so many halves of an average of 1.000.000 (policy.md 2.6).
func TestOddMonthsOfLumpSums(t *testing.T) {
	p := law(t)
	for _, c := range []struct{ before, from, want int64 }{
		{0, 12, 2000000}, {0, 13, 3000000}, {0, 18, 3000000}, {0, 19, 4000000}, {0, 23, 4000000}, {0, 24, 4000000}, {0, 180, 30000000},
		{12, 12, 3500000}, {12, 11, 3500000}, {11, 1, 2000000}, {11, 2, 3000000}, {29, 13, 6000000}, {13, 23, 5500000}, {24, 6, 4000000}, {24, 7, 5000000},
		{0, 9, 1980000}, {0, 10, 2000000}, {0, 11, 2000000}, {0, 1, 220000}, {12, 0, 1500000}, {24, 0, 3000000},
	} {
		q, err := p.LumpSum(LumpSum{Day: "2026-08-01", Before2014: c.before, From2014: c.from, Average: 1000000})
		if err != nil || q.Get("amount") != c.want {
			t.Errorf("%d and %d months: %d %v, want %d", c.before, c.from, q.Get("amount"), err, c.want)
		}
	}
}

// TestTableOfPrepayments is the derived table of policy.md 1.8, at 0,31 % a month and 1.500.000 đồng.
func TestTableOfPrepayments(t *testing.T) {
	p := law(t)
	for method, table := range map[loa.Method]map[int64]int64{
		loa.YearsAhead: {2: 7644801, 3: 11259443, 4: 14742290, 5: 18098148},
		loa.Missing:    {1: 331023, 5: 1665409, 12: 4040708, 24: 8234320, 36: 12586622, 60: 21791542},
	} {
		for n, want := range table {
			q, err := p.Contribution(Contribution{Day: "2026-08-01", Income: 1500000, Method: method, Periods: n, SupportBP: 0})
			if err != nil || q.Get("base") != want || q.Get("pay") != want {
				t.Errorf("%s %d: %v %v, want %d", method, n, q.Results, err, want)
			}
		}
	}
}

// TestBirthMonths is the table of policy.md 2.3, each month of birth by hand: until when born, the age, when it is first reached.
func TestBirthMonths(t *testing.T) {
	p := law(t)
	type rows []struct {
		from, to loa.Month
		y, m     int64
		first    loa.Month // in which those born in from reach the age
	}
	for sex, table := range map[loa.Sex]rows{
		loa.Male: {{"1961-01", "1961-09", 60, 3, "2021-04"}, {"1961-10", "1962-06", 60, 6, "2022-04"}, {"1962-07", "1963-03", 60, 9, "2023-04"}, {"1963-04", "1963-12", 61, 0, "2024-04"},
			{"1964-01", "1964-09", 61, 3, "2025-04"}, {"1964-10", "1965-06", 61, 6, "2026-04"}, {"1965-07", "1966-03", 61, 9, "2027-04"}, {"1966-04", "1980-12", 62, 0, "2028-04"}},
		loa.Female: {{"1966-01", "1966-08", 55, 4, "2021-05"}, {"1966-09", "1967-04", 55, 8, "2022-05"}, {"1967-05", "1967-12", 56, 0, "2023-05"}, {"1968-01", "1968-08", 56, 4, "2024-05"},
			{"1968-09", "1969-04", 56, 8, "2025-05"}, {"1969-05", "1969-12", 57, 0, "2026-05"}, {"1970-01", "1970-08", 57, 4, "2027-05"}, {"1970-09", "1971-04", 57, 8, "2028-05"},
			{"1971-05", "1971-12", 58, 0, "2029-05"}, {"1972-01", "1972-08", 58, 4, "2030-05"}, {"1972-09", "1973-04", 58, 8, "2031-05"}, {"1973-05", "1973-12", 59, 0, "2032-05"},
			{"1974-01", "1974-08", 59, 4, "2033-05"}, {"1974-09", "1975-04", 59, 8, "2034-05"}, {"1975-05", "1985-12", 60, 0, "2035-05"}},
	} {
		next := table[0].from
		for _, row := range table {
			if row.from != next {
				t.Fatalf("%s: a hole in the table before %s", sex, row.from)
			}
			next = row.to.Add(1)
			for born := row.from; born <= row.to; born = born.Add(1) {
				q, err := p.Retirement(sex, born, "2026-11-23")
				if err != nil {
					t.Fatalf("%s %s: %v", sex, born, err)
				}
				reached := row.first.Add(born.Sub(row.from))
				on, _ := q.Result("reached_on")
				from, _ := q.Result("pension_from")
				if q.Get("age_months") != row.y*12+row.m || on.Day != reached.Last() || from.Day != reached.Add(1).First() {
					t.Errorf("%s born %s: %d months on %s, pension from %s; want %d years %d months in %s", sex, born, q.Get("age_months"), on.Day, from.Day, row.y, row.m, reached)
				}
				if q.Says("born_1969_05") != (sex == loa.Female && born == "1969-05") {
					t.Errorf("%s born %s: the two readings are told of: %v", sex, born, q.Says("born_1969_05"))
				}
			}
		}
	}
}

// TestWhatIsNotConfirmedIsMarked holds the rows that policy.md grades V1, REC or INF, or leaves open in its section 9, to their mark.
func TestWhatIsNotConfirmedIsMarked(t *testing.T) {
	p := law(t)
	for _, name := range []string{"voluntary_si.interest", "voluntary_si.one_off_support", "voluntary_si.income_step", "voluntary_si.income_step_asked", "retirement.female_born_1969_05",
		"funeral.multiple", "funeral.least_months", "survivor.short_months", "survivor.year_from_2014", "survivor.pensioner_months", "survivor.monthly", "social_pension.funeral_multiple",
		"allowance.multiple", "pension.floor.compulsory_months", "lump_sum.joined_before", "price.missing_period", "hi.share.poor", "hi.benefit.standard", "hi.benefit.pensioner",
		"hi.low_cost", "hi.annual_multiple", "hi.continuous_months", "hi.gap_months", "hi.card_months.1", "compulsory_si.missing_rate", "compulsory_si.ui_multiple", "unemployment.rate"} {
		if r, ok := p.At(name, "2026-08-01"); !ok || r.Confirmed {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if r, ok := p.At("price.paid_2010", "2025-08-01"); !ok || r.Confirmed { // the table of 2025 has one source
		t.Errorf("price.paid_2010 settled 2025: %+v", r)
	}
	for _, income := range []int64{1500000, 1500001} { // the open step is told where it matters, and only there
		q, err := p.Contribution(Contribution{Day: "2026-08-01", Income: income, Method: loa.Monthly, Periods: 1, SupportBP: -1, LocalBP: -1})
		if n := len(q.Unconfirmed()); err != nil || (n == 0) != (income == 1500000) {
			t.Errorf("income %d leans on %v, %v", income, q.Unconfirmed(), err)
		}
	}
}

// TestNoGroupHasItsLaw says by which law a household pays for itself.
func TestNoGroupHasItsLaw(t *testing.T) {
	q, err := law(t).HIGroup("2026-08-01", nil)
	if err != nil || len(q.Cites()) == 0 {
		t.Errorf("%v, %v", q.Cites(), err)
	}
}

// TestAgesOfOtherYearsAreNoNews keeps the scheduled ages of other years out of what would change an age that is known.
func TestAgesOfOtherYearsAreNoNews(t *testing.T) {
	q, err := ask{"retirement", "day=2026-11-23 sex=female born=1969-06"}.of(law(t))
	if err != nil || len(q.Next) != 0 {
		t.Errorf("%v, %v", q.Next, err)
	}
}
