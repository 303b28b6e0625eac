package policy

import (
	"slices"

	"loa"
)

// Outlook is the long view: what somebody pays until the age of retirement and what may come back, in money of today. It is a
// range and never a promise: incomes and prices are taken to stay as they are, pensions to keep up with prices, or to fall
// behind or run ahead of them by what the parameters outlook.* say.
type Outlook struct {
	Day           loa.Day
	Sex           loa.Sex
	Born          loa.Month
	Income        int64
	Groups        []Group
	LocalBP       int64
	Start         loa.Month // first month paid; empty: the month after Day
	Pause         int64     // months not paid on the way
	Stop          int64     // stops for good after so many months; 0: pays on until the age
	Before        int64     // months paid already
	BeforeAverage int64     // their adjusted average
	Supported     int64     // months already paid with support
}

// OutlookAges are the ages up to which what is received is added up.
var OutlookAges = []int64{70, 75, 80, 90}

// Outlook works it out: months, rate_bp, monthly, pension_from, pay_month, state_month, paid, paid_state, returned_after
// (months), ages, received_low, received, received_high. Without enough years there is no pension: entitled is no, and
// months_short says what is missing.
func (p Parameters) Outlook(c Outlook) (Quote, error) {
	w := p.work("outlook", c.Day)
	w.quote.Steps = slices.Grow(w.quote.Steps, 48) // the longest of all
	w.checkIncome(c.Income)
	total, age, reached := w.way(&c)
	if w.err != nil {
		return w.done()
	}
	paid, state := w.paidOnTheWay(c, total)
	enough := w.need("pension_months", total, w.of("pension.least_months"))
	missing := given("missing", 0, Months)
	if !enough {
		missing = w.step("months_missing", Months, Difference, w.of("pension.least_months"), total)
		if most := w.of("voluntary_si.missing_most"); w.err == nil && missing.Value.Cmp(most.Value) <= 0 && whole(total) > 0 {
			paid, state = w.payMissing(c, missing, paid, state)
			total = w.step("months_all", Months, Sum, total, missing)
			enough = true
			w.note("missing_at_once", whole(missing))
		}
	}
	w.give("months", total)
	w.give("months_short", missing)
	if w.err == nil {
		w.giveYes("entitled", enough)
		w.giveRetirement(age, reached)
	}
	w.give("paid", w.wholeOf(paid))
	w.give("paid_state", w.wholeOf(state))
	if !enough {
		w.note("too_few_years")
		return w.done()
	}
	average := w.averageOnTheWay(c, total)
	rate, _ := w.pensionRate(c.Sex, whole(total))
	monthly := w.wholeOf(w.step("monthly", Dong, Product, rate, average))
	w.give("rate_bp", rate)
	w.give("monthly", monthly)
	w.give("one_off", w.outlookOneOff(c.Sex, total, average))
	if w.err == nil && monthly.Value.Sign() > 0 {
		w.give("returned_after", w.step("returned_after", Months, RoundedUp, w.step("returned_exact", Months, Ratio, paid, monthly)))
	}
	w.received(c.Born, reached, monthly)
	w.note("range_not_promise")
	return w.done()
}

// way is how many months are paid until the age of retirement, with those before; it fills in the start.
func (w *working) way(c *Outlook) (total, age Term, reached loa.Month) {
	if c.Start == "" && c.Day.Valid() {
		c.Start = c.Day.Month().Add(1)
	}
	switch {
	case !validMonth(c.Start):
		w.refuse("start", "bad_month")
	case c.Pause < 0 || c.Pause > 600:
		w.refuse("pause", "policy_months", 0, 600)
	case c.Stop < 0 || c.Stop > 720:
		w.refuse("stop", "policy_months", 0, 720)
	case c.Before < 0 || c.Before > 720:
		w.refuse("before", "policy_months", 0, 720)
	case c.Supported < 0 || c.Supported > c.Before:
		w.refuse("supported", "calc_supported", c.Before)
	case c.LocalBP > 10000:
		w.refuse("local_bp", "policy_share")
	case c.BeforeAverage < 0 || c.BeforeAverage > 1e10:
		w.refuse("before_average", "policy_amount", loa.Money(0), loa.Money(1e10))
	}
	if err := checkGroups(c.Groups, SupportGroups); err != nil && w.err == nil {
		w.err = err
	}
	age, reached = w.retirement(c.Sex, c.Born)
	if w.err != nil {
		return
	}
	w.checkSince("before", c.Before, c.Born, min(c.Start, c.Day.Month().Add(1)))
	young := w.n("voluntary_si.min_age")
	switch months := int64(reached.Sub(c.Start)) + 1; {
	case w.err != nil:
	case c.Start < c.Day.Month():
		w.refuse("start", "policy_start_past", c.Day.Month().First())
	case int64(c.Start.Sub(c.Born)) < young:
		w.refuse("born", "policy_too_young", young/12, Law(w.row("voluntary_si.min_age").Cites))
	case months < 1:
		w.refuse("start", "policy_start_late", reached.Last())
	case c.Pause >= months:
		w.refuse("pause", "policy_months", 0, months-1)
	default:
		way := given("months_until_age", months, Months)
		if c.Pause > 0 {
			way = w.step("months_paid", Months, Difference, way, given("pause", c.Pause, Months))
		}
		if c.Stop > 0 {
			way = w.step("months_until_stop", Months, Lesser, way, given("stop", c.Stop, Months))
		}
		total = way
		if c.Before > 0 {
			total = w.step("months_with_before", Months, Sum, way, given("before", c.Before, Months))
			if c.BeforeAverage == 0 {
				w.note("before_average_unsaid")
			}
		}
		return total, age, reached
	}
	return
}

// paidOnTheWay is what is paid a month at a time: with support as long as the law gives it, alone afterwards.
func (w *working) paidOnTheWay(c Outlook, total Term) (paid, state Term) {
	rate := w.of("voluntary_si.rate")
	month := w.step("month_amount", Dong, Product, rate, given("income", c.Income, Dong))
	line := w.of("poverty_line.rural")
	each := w.step("state_support_month", Dong, Product, rate, line, w.supportRate(c.Groups, -1))
	stateMonth := each
	if province := w.localRate(c.Groups, c.LocalBP); w.err == nil && province.Value.Sign() > 0 {
		local := w.step("local_support_month", Dong, Product, rate, line, province)
		each = w.step("support_all_month", Dong, Lesser, month, w.step("support_sum_month", Dong, Sum, stateMonth, local))
	}
	w.give("pay_month", w.wholeOf(w.step("pay_month", Dong, Difference, month, each)))
	w.give("state_month", w.wholeOf(stateMonth))
	way := total
	if c.Before > 0 {
		way = w.step("months_ahead", Months, Difference, total, given("before", c.Before, Months))
	}
	left := w.of("voluntary_si.support_months")
	if c.Before > 0 && c.Supported == 0 {
		w.note("supported_unsaid")
	}
	if c.Supported > 0 {
		left = w.step("support_left", Months, Greater, given("zero", 0, Months), w.step("support_rest", Months, Difference, left, given("supported", c.Supported, Months)))
	}
	supported := w.step("supported_months", Months, Lesser, way, left)
	state = w.step("support_in_all", Dong, Product, each, supported)
	paid = w.step("paid_exact", Dong, Difference, w.step("base_in_all", Dong, Product, month, way), state)
	return paid, state
}

// payMissing adds the months missing at the age of retirement, paid at once with compound interest and without support.
func (w *working) payMissing(c Outlook, missing, paid, state Term) (Term, Term) {
	month := w.step("month_amount", Dong, Product, w.of("voluntary_si.rate"), given("income", c.Income, Dong))
	once := w.step("missing_base", Dong, Compounded, month, w.of("voluntary_si.interest"), missing)
	return w.step("paid_with_missing", Dong, Sum, paid, once), state
}

// averageOnTheWay is the average income of the months before and of those to come.
func (w *working) averageOnTheWay(c Outlook, total Term) Term {
	income := given("income", c.Income, Dong)
	if c.Before == 0 || c.BeforeAverage == 0 || w.err != nil {
		return income
	}
	before := given("before", c.Before, Months)
	past := w.step("past_part", Dong, Product, given("before_average", c.BeforeAverage, Dong), before)
	ahead := w.step("ahead_part", Dong, Product, income, w.step("months_new", Months, Difference, total, before))
	return w.step("average", Dong, Ratio, w.step("total_income", Dong, Sum, past, ahead), total)
}

func (w *working) outlookOneOff(sex loa.Sex, total, average Term) Term {
	if w.err != nil {
		return Term{}
	}
	full := w.of("pension.full_months." + string(sex))
	if w.err != nil || total.Value.Cmp(full.Value) <= 0 {
		return given("one_off", 0, Dong)
	}
	years := w.step("years", Years, HalfYears, total, w.of("pension.half_year_months"))
	over := w.step("years_over", Years, Difference, years, w.yearsOf("pension.full_months."+string(sex)))
	return w.wholeOf(w.step("one_off", Dong, Product, over, w.of("pension.one_off_before_age"), average))
}

// received adds a pension up to each of the ages, in whole years, as a range.
func (w *working) received(born, reached loa.Month, monthly Term) {
	below, above := w.of("outlook.below_prices"), w.of("outlook.above_prices")
	year := w.step("pension_year", Dong, Product, monthly, given("months_in_year", 12, Months))
	if w.err != nil {
		return
	}
	ages := Result{Name: "ages", Unit: Years}
	low, even, high := Result{Name: "received_low", Unit: Dong}, Result{Name: "received", Unit: Dong}, Result{Name: "received_high", Unit: Dong}
	first := int64(reached.Add(1).Sub(born))
	for _, age := range OutlookAges {
		years := (age*12 - first) / 12
		if years < 1 {
			continue
		}
		n := given("years_drawn", years, Years)
		ages.List = append(ages.List, age)
		low.List = append(low.List, whole(w.step("received_low", Dong, Discounted, year, below, n)))
		even.List = append(even.List, whole(w.step("received", Dong, Product, year, n)))
		high.List = append(high.List, whole(w.step("received_high", Dong, Compounded, year, above, n)))
	}
	w.quote.Results = append(w.quote.Results, ages, low, even, high)
}

// Wish asks which income gives a pension somebody wants.
type Wish struct {
	Outlook
	Wanted int64 // đồng a month, in money of today
}

// Wish works the income out, and what is then paid for 1, 3, 6 and 12 months: income, months, rate_bp, pension_from, lengths,
// pays. An income below the floor becomes the floor; one above the ceiling is refused with the highest pension there is.
func (p Parameters) Wish(c Wish) (Quote, error) {
	w := p.work("wish", c.Day)
	if c.Wanted < 1 || c.Wanted > 1e10 {
		w.refuse("wanted", "policy_amount", loa.Money(1), loa.Money(1e10))
	}
	floor, ceiling, step := w.incomeLimits()
	total, age, reached := w.way(&c.Outlook)
	if least := w.of("pension.least_months"); w.err == nil && total.Value.Cmp(least.Value) < 0 { // what is missing may be paid at once
		missing := w.step("months_missing", Months, Difference, least, total)
		if most := w.of("voluntary_si.missing_most"); w.err == nil && missing.Value.Cmp(most.Value) <= 0 {
			total = w.step("months_all", Months, Sum, total, missing)
			w.note("missing_at_once", whole(missing))
		} else if w.err == nil {
			w.refuse("start", "policy_way_short", whole(total), whole(least), Law(w.row("pension.least_months").Cites))
		}
	}
	rate, _ := w.pensionRate(c.Sex, wholeOr(total))
	if w.err != nil {
		return w.done()
	}
	wanted := given("wanted", c.Wanted, Dong)
	need := w.step("average_needed", Dong, Ratio, wanted, rate)
	if c.Before > 0 && c.BeforeAverage > 0 {
		before := given("before", c.Before, Months)
		ahead := w.step("months_ahead", Months, Difference, total, before)
		need = w.step("income_ahead", Dong, Ratio, w.step("income_rest", Dong, Difference, w.step("income_sum", Dong, Product, need, total),
			w.step("past_part", Dong, Product, given("before_average", c.BeforeAverage, Dong), before)), ahead)
	}
	income := w.step("income", Dong, RoundedUp, need)
	if over := (whole(income) - whole(floor)) % max(1, step); whole(income) > whole(floor) && over > 0 {
		income = w.step("income_in_step", Dong, Sum, income, given("up_to_step", step-over, Dong))
	}
	if income.Value.Cmp(floor.Value) < 0 {
		income = w.step("income_at_floor", Dong, Greater, income, floor)
		w.note("wish_below_floor")
	}
	if income.Value.Cmp(ceiling.Value) > 0 {
		w.refuse("wanted", "policy_wish_high", loa.Money(whole(w.step("most", Dong, Whole, w.step("most_exact", Dong, Product, rate, ceiling)))))
		return w.done()
	}
	w.give("income", income)
	w.give("months", total)
	w.give("rate_bp", rate)
	w.giveRetirement(age, reached)
	si := w.of("voluntary_si.rate")
	month := w.step("month_amount", Dong, Product, si, income)
	state := w.step("state_support_month", Dong, Product, si, floor, w.supportRate(c.Groups, -1))
	pay := w.step("pay_month", Dong, Difference, month, state)
	lengths, pays := Result{Name: "lengths", Unit: Months}, Result{Name: "pays", Unit: Dong}
	for _, m := range []loa.Method{loa.Monthly, loa.Quarterly, loa.HalfYear, loa.Yearly} {
		n := int64(m.Months())
		lengths.List = append(lengths.List, n)
		pays.List = append(pays.List, whole(w.rounded("pay_whole", Dong, w.step("pay_length", Dong, Product, pay, given("months", n, Months)))))
	}
	w.quote.Results = append(w.quote.Results, lengths, pays)
	w.note("range_not_promise")
	return w.done()
}

func wholeOr(t Term) int64 {
	if t.Name == "" {
		return 0
	}
	return whole(t)
}
