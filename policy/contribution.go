package policy

import (
	"loa"
)

// Contribution is what is asked about one payment of voluntary SI (Law 41/2024, Article 36; Decree 159/2025, Articles 5 to 7).
type Contribution struct {
	Day       loa.Day // of the payment: its figures hold
	Income    int64   // chosen income, đồng a month
	Groups    []Group // of several the highest support counts; none: other
	Method    loa.Method
	Periods   int64 // months, quarters, half-years, years
	LocalBP   int64 // what the province adds, in basis points of 22 % of the poverty line; negative: by the office's own rows
	SupportBP int64 // instead of the group's rate; negative: the group's
	Other     int64 // đồng somebody else adds to this payment
	Supported int64 // months already paid with support
}

// Income are the limits of the chosen income on a day: valid, floor, ceiling (Law 41/2024, Article 31).
func (p Parameters) Income(day loa.Day, income int64) (Quote, error) {
	w := p.work("income-valid", day)
	if income < 0 || income > 1e12 {
		w.refuse("income", "policy_amount", loa.Money(0), loa.Money(1e12))
	}
	floor, ceiling, step := w.incomeLimits()
	if w.err == nil {
		in := given("income", income, Dong)
		ok := w.need("income_floor", in, floor)
		w.quote.Conditions = append(w.quote.Conditions, Condition{"income_ceiling", ceiling, in, income <= whole(ceiling)})
		w.giveYes("valid", ok && income <= whole(ceiling) && w.inStep(income-whole(floor), step))
	}
	w.give("floor", floor)
	w.give("ceiling", ceiling)
	return w.done()
}

// incomeLimits are the least and the highest chosen income and the step between.
func (w *working) incomeLimits() (floor, ceiling Term, step int64) {
	floor = w.of("poverty_line.rural")
	ceiling = w.step("ceiling", Dong, Product, w.of("voluntary_si.income_multiple"), w.referenceLevel())
	if r, ok := w.law.At("voluntary_si.income_step", w.on); ok { // leaned on only where it matters: see inStep
		return floor, ceiling, r.Value
	}
	return floor, ceiling, w.n("voluntary_si.income_step")
}

// inStep says whether an income so far above the floor may be chosen. Whether the step still binds is open, so the reading in use
// is asked for only where it matters.
func (w *working) inStep(above, step int64) bool {
	if above%max(1, step) == 0 {
		return true
	}
	w.row("voluntary_si.income_step")
	return w.n("voluntary_si.income_step_asked") == 0
}

// referenceLevel is what many amounts are multiples of: the base salary until that is abolished (Law 41/2024, Article 141(13)).
func (w *working) referenceLevel() Term {
	if w.n("reference_level.is_base_salary") == 1 {
		return w.of("base_salary")
	}
	return w.of("reference_level.amount")
}

// checkIncome refuses an income outside the limits, naming the limit and its law.
func (w *working) checkIncome(income int64) {
	floor, ceiling, step := w.incomeLimits()
	if w.err != nil {
		return
	}
	low, high := whole(floor), whole(ceiling)
	switch {
	case income < low:
		w.refuse("income", "policy_income_low", loa.Money(low), Law(w.row("poverty_line.rural").Cites))
	case income > high:
		w.refuse("income", "policy_income_high", loa.Money(high), Law(w.row("voluntary_si.income_multiple").Cites))
	case !w.inStep(income-low, step):
		w.refuse("income", "policy_income_step", loa.Money(low), loa.Money(step), Law(w.row("voluntary_si.income_step").Cites))
	}
}

// months is how many months a payment covers, by its method and the limits of the law.
func (w *working) months(m loa.Method, periods int64) (Term, int64) {
	each := int64(m.Months())
	switch m {
	case loa.YearsAhead:
		each = 12
		if least, most := w.n("voluntary_si.years_ahead_least"), w.n("voluntary_si.years_ahead_most"); w.err == nil && (periods < least || periods > most) {
			w.refuse("periods", "policy_years_ahead", least, most, Law(w.row("voluntary_si.years_ahead_most").Cites))
		}
	case loa.Missing:
		each = 1
		if most := w.n("voluntary_si.missing_most"); w.err == nil && (periods < 1 || periods > most) {
			w.refuse("periods", "policy_missing", most, Law(w.row("voluntary_si.missing_most").Cites))
		}
	case loa.Monthly, loa.Quarterly, loa.HalfYear, loa.Yearly:
		if periods < 1 || periods*each > 720 {
			w.refuse("periods", "policy_periods", 1, 720/max(1, each))
		}
	default:
		w.refuse("method", "policy_method")
	}
	if w.err != nil {
		return given("months", 0, Months), 0
	}
	n := periods * each
	if each == 1 {
		return given("months", n, Months), n
	}
	return w.step("months", Months, Product, given("periods", periods, Count), given("months_each", each, Months)), n
}

// Contribution is what one payment comes to: base, state_support, local_support, pay, months; all totals in đồng.
func (p Parameters) Contribution(c Contribution) (Quote, error) {
	w := p.work("contribution", c.Day)
	switch {
	case c.LocalBP > 10000:
		w.refuse("local_bp", "policy_share")
	case c.SupportBP > 10000:
		w.refuse("support_bp", "policy_share")
	case c.Other < 0 || c.Other > 1e12:
		w.refuse("other", "policy_amount", loa.Money(0), loa.Money(1e12))
	case c.Supported < 0 || c.Supported > 1200:
		w.refuse("supported", "policy_months", 0, 1200)
	}
	if err := checkGroups(c.Groups, SupportGroups); err != nil && w.err == nil {
		w.err = err
	}
	w.checkIncome(c.Income)
	monthsTerm, months := w.months(c.Method, c.Periods)
	rate := w.of("voluntary_si.rate")
	month := w.step("month_amount", Dong, Product, rate, given("income", c.Income, Dong))
	base := w.over("base", c.Method, true, month, monthsTerm)

	support := w.supportRate(c.Groups, c.SupportBP)
	state, local := Term{}, Term{}
	province := w.localRate(c.Groups, c.LocalBP)
	hasState, hasLocal := w.err == nil && support.Value.Sign() > 0, w.err == nil && province.Value.Sign() > 0
	if hasState || hasLocal {
		line := w.of("poverty_line.rural")
		scaled := c.Method == loa.YearsAhead || c.Method == loa.Missing
		if scaled {
			scaled = w.n("voluntary_si.one_off_support") == 1
			w.note("confirm_with_office")
		}
		supported := monthsTerm
		if left := w.n("voluntary_si.support_months") - c.Supported; w.err == nil && left < months {
			supported = w.step("supported_months", Months, Greater, given("zero", 0, Months),
				w.step("support_left", Months, Difference, w.of("voluntary_si.support_months"), given("supported", c.Supported, Months)))
			w.note("support_ends")
		}
		part := func(name string, share Term, n Term) Term {
			each := w.step(name+"_month", Dong, Product, rate, line, share)
			return w.over(name, c.Method, scaled, each, n)
		}
		if hasState {
			state = part("state_support", support, supported)
		}
		if hasLocal {
			local = part("local_support", province, monthsTerm)
		}
	}
	w.settle(base, state, local, c.Other)
	w.give("months", monthsTerm)
	q, err := w.done()
	if err != nil {
		return q, err
	}
	if end := c.Day.Month().Add(int(months) - 1).Last(); q.Until() != "" && end > q.Until() {
		q.Notes = append(q.Notes, Note{"crosses_change", []any{q.Until().Add(1)}})
	}
	return q, nil
}

// over spreads an amount a month over the months of a payment: 3, 6 and 12 months are plain multiples, years ahead are
// discounted and a missing period is compounded (Decree 159/2025, Articles 6 and 7).
func (w *working) over(name string, m loa.Method, scaled bool, month, months Term) Term {
	switch {
	case m == loa.YearsAhead && scaled:
		return w.step(name, Dong, Discounted, month, w.of("voluntary_si.interest"), months)
	case m == loa.Missing && scaled:
		return w.step(name, Dong, Compounded, month, w.of("voluntary_si.interest"), months)
	}
	return w.step(name, Dong, Product, month, months)
}

// supportRate is the highest of the groups' rates (Decree 159/2025, Article 5), or the one asked for.
func (w *working) supportRate(groups []Group, instead int64) Term {
	if instead >= 0 {
		return given("support_bp", instead, BasisPoint)
	}
	if len(groups) == 0 {
		groups = []Group{Other}
	}
	var rates []Term
	for _, g := range groups {
		rates = append(rates, w.of("voluntary_si.support."+string(g)))
	}
	if len(rates) == 1 {
		return rates[0]
	}
	return w.step("support_rate", BasisPoint, Greater, rates...)
}

// LocalSupport names the rows by which a province adds to voluntary SI. None came with the program: an office enters its own
// resolution, for each group it knows.
const LocalSupport = "voluntary_si.local."

// localRate is what the province adds: the rate asked for, or the highest of the office's rows for the groups.
func (w *working) localRate(groups []Group, asked int64) Term {
	if asked >= 0 {
		return given("local_bp", asked, BasisPoint)
	}
	best := given("local_bp", 0, BasisPoint)
	if len(groups) == 0 {
		groups = []Group{Other}
	}
	for _, g := range groups {
		if _, ok := w.law.At(LocalSupport+string(g), w.on); ok && w.err == nil {
			if t := w.of(LocalSupport + string(g)); t.Value.Cmp(best.Value) > 0 {
				best = t
			}
		}
	}
	return best
}

// settle turns the exact parts into whole đồng that add up: base and what is paid are rounded, the State's part is the rest.
func (w *working) settle(base, state, local Term, other int64) {
	if w.err != nil {
		return
	}
	zero := func(name string) Term { return given(name, 0, Dong) }
	if state.Name == "" {
		state = zero("state_support")
	}
	if local.Name == "" {
		local = zero("local_support")
	}
	less := []Term{base}
	for _, t := range []Term{state, local} {
		if t.Value.Sign() > 0 {
			less = append(less, t)
		}
	}
	if other > 0 {
		less = append(less, given("other", other, Dong))
	}
	pay := base
	if len(less) > 1 {
		pay = w.step("pay", Dong, Difference, less...)
	} else {
		pay = w.step("pay", Dong, Sum, base)
	}
	if pay.Value.Sign() < 0 {
		w.refuse("local_bp", "policy_support_above", loa.Money(whole(base)), Law(w.row("voluntary_si.rate").Cites))
		return
	}
	round := func(name string, t Term) Term {
		if t.Value.IsInt() {
			return t
		}
		return w.rounded(name, Dong, t)
	}
	if !base.Value.IsInt() || !pay.Value.IsInt() || !state.Value.IsInt() || !local.Value.IsInt() {
		base, pay = round("base_whole", base), round("pay_whole", pay)
		rest := []Term{base, pay}
		if other > 0 {
			rest = append(rest, given("other", other, Dong))
		}
		switch {
		case state.Value.Sign() > 0:
			if local.Value.Sign() > 0 {
				local = round("local_support_whole", local)
				rest = append(rest, local)
			}
			state = w.step("state_support_whole", Dong, Difference, rest...)
		case local.Value.Sign() > 0:
			local = w.step("local_support_whole", Dong, Difference, rest...)
		}
	}
	w.give("base", base)
	w.give("state_support", state)
	w.give("local_support", local)
	if other > 0 {
		w.give("other", given("other", other, Dong))
	}
	w.give("pay", pay)
}

// Refund is what comes back of a payment made ahead, when somebody becomes an employee, takes a lump sum, dies or begins to
// draw a pension (Decree 159/2025, Article 8). Day is the day of the payment, left the months not yet reached.
type Refund struct {
	Day       loa.Day
	Income    int64
	Groups    []Group
	SupportBP int64
	Method    loa.Method
	Periods   int64
	Left      int64
}

// Refund works out what comes back without the State's part: refund, in đồng.
func (p Parameters) Refund(c Refund) (Quote, error) {
	w := p.work("refund", c.Day)
	if c.Method == loa.Monthly || c.Method == loa.Missing {
		w.refuse("method", "policy_no_refund")
	}
	if err := checkGroups(c.Groups, SupportGroups); err != nil && w.err == nil {
		w.err = err
	}
	if c.SupportBP > 10000 {
		w.refuse("support_bp", "policy_share")
	}
	w.checkIncome(c.Income)
	monthsTerm, months := w.months(c.Method, c.Periods)
	if w.err == nil && (c.Left < 1 || c.Left > months) {
		w.refuse("left", "policy_left", months)
	}
	left := given("left", c.Left, Months)
	rate := w.of("voluntary_si.rate")
	month := w.step("month_amount", Dong, Product, rate, given("income", c.Income, Dong))
	support := w.supportRate(c.Groups, c.SupportBP)
	state := w.step("state_support_month", Dong, Product, rate, w.of("poverty_line.rural"), support)
	part := func(name string, each Term, scaled bool) Term {
		if c.Method == loa.YearsAhead && scaled {
			return w.step(name, Dong, TailOf, each, w.of("voluntary_si.interest"), monthsTerm, left)
		}
		return w.step(name, Dong, Product, each, left)
	}
	whole := part("refund_base", month, true)
	scaled := true
	if c.Method == loa.YearsAhead {
		scaled = w.n("voluntary_si.one_off_support") == 1
		w.note("confirm_with_office")
	}
	rest := w.step("refund_exact", Dong, Difference, whole, part("refund_state", state, scaled))
	w.give("refund", w.rounded("refund", Dong, rest))
	return w.done()
}

// Deadline is the last day on which a payment for the months from first on is in time: latest (Law 41/2024, Article 36(3)).
// Payments for years ahead and for a missing period are due on the day of registration.
func (p Parameters) Deadline(m loa.Method, first loa.Month, registered loa.Day) (Quote, error) {
	w := p.work("deadline", registered)
	if _, err := loa.ParseMonth(string(first)); err != nil {
		w.refuse("first", "bad_month")
	}
	switch m {
	case loa.Monthly, loa.Quarterly, loa.HalfYear, loa.Yearly, loa.YearsAhead, loa.Missing:
	default:
		w.refuse("method", "policy_method")
	}
	if w.err != nil {
		return w.done()
	}
	grace := w.rowOn("voluntary_si.grace_months."+string(m), first.First())
	if w.err != nil {
		return w.done()
	}
	latest := registered
	if grace.Value > 0 {
		latest = first.Add(int(grace.Value)).First().Add(-1)
	}
	w.giveDay("latest", latest)
	w.note("late_is_pause")
	return w.done()
}
