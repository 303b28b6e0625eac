package policy

import "loa"

// Pension is what is asked about a pension (Law 41/2024, Articles 98 to 100; for compulsory SI Articles 64 to 68).
type Pension struct {
	Day         loa.Day
	Sex         loa.Sex
	Months      int64 // of contributions in all
	Average     int64 // of the adjusted incomes, đồng a month
	Compulsory  int64 // months of them in compulsory SI
	FirstJoined loa.Day
	AfterAge    int64 // months paid after reaching the age
	Early       int64 // months before the age (compulsory SI, reduced capacity to work)
}

// PensionRate is the part of the average income a pension comes to: rate_bp.
func (p Parameters) PensionRate(day loa.Day, sex loa.Sex, months int64) (Quote, error) {
	w := p.work("pension-rate", day)
	rate, _ := w.pensionRate(sex, months)
	w.give("rate_bp", rate)
	return w.done()
}

// yearsOf is a number of months of the law as years.
func (w *working) yearsOf(name string) Term {
	t := w.of(name)
	return Term{name, OfLaw, t.Value.Quo(Int(12)), Years}
}

// pensionRate is the rate and the years it rests on, odd months counted in half years.
func (w *working) pensionRate(sex loa.Sex, months int64) (rate, years Term) {
	if !knownSex(sex) {
		w.refuse("sex", "not_in_list")
	}
	if months < 0 || months > 840 {
		w.refuse("months", "policy_months", 0, 840)
	}
	least := w.of("pension.least_months")
	have := given("months", months, Months)
	if !w.need("pension_months", have, least) {
		if w.err == nil {
			w.refuse("months", "policy_pension_short", months, whole(least), Law(w.row("pension.least_months").Cites))
		}
		return Term{}, Term{}
	}
	years = w.step("years", Years, HalfYears, have, w.of("pension.half_year_months"))
	key := string(sex)
	base, yearly := "pension.base_rate."+key, "pension.year_rate"
	baseYears := w.yearsOf("pension.base_months." + key)
	if sex == loa.Male && w.err == nil && months < w.n("pension.base_months.male") {
		base, yearly, baseYears = "pension.low_rate.male", "pension.low_year_rate.male", w.yearsOf("pension.least_months")
	}
	rate = w.of(base)
	if more := w.step("years_more", Years, Difference, years, baseYears); w.err == nil && more.Value.Sign() > 0 {
		rate = w.step("rate_full", BasisPoint, Sum, rate, w.step("rate_more", BasisPoint, Product, more, w.of(yearly)))
		if yearly == "pension.year_rate" {
			rate = w.step("rate", BasisPoint, Lesser, rate, w.of("pension.most_rate"))
		}
	}
	return rate, years
}

// Pension is what somebody draws a month, and once for years beyond the highest rate: rate_bp, monthly, one_off.
func (p Parameters) Pension(c Pension) (Quote, error) {
	w := p.work("pension", c.Day)
	w.checkPension(c)
	rate, monthly := w.pension(c)
	oneOff := w.oneOff(c)
	w.give("rate_bp", rate)
	w.give("monthly", monthly)
	w.give("one_off", oneOff)
	return w.done()
}

func (w *working) checkPension(c Pension) {
	switch {
	case c.Average < 1 || c.Average > 1e10:
		w.refuse("average", "policy_amount", loa.Money(1), loa.Money(1e10))
	case c.Compulsory < 0 || c.Compulsory > c.Months:
		w.refuse("compulsory_months", "policy_months", 0, c.Months)
	case c.AfterAge < 0 || c.AfterAge > c.Months:
		w.refuse("after_age", "policy_months", 0, c.Months)
	case c.Early < 0 || c.Early > 120:
		w.refuse("early", "policy_months", 0, 120)
	case c.FirstJoined != "" && !c.FirstJoined.Valid():
		w.refuse("first_joined", "bad_day")
	}
}

// pension is the rate after any cut, and the pension a month with its floor.
func (w *working) pension(c Pension) (rate, monthly Term) {
	rate, _ = w.pensionRate(c.Sex, c.Months)
	if c.Early > 0 {
		halves := w.step("early_halves", Count, Whole, w.step("early_half_years", Count, Ratio, given("early", c.Early, Months), given("half_year", 6, Months)))
		cut := w.step("early_cut", BasisPoint, Ratio, w.step("early_cut_twice", BasisPoint, Product, halves, w.of("pension.early_cut_year")), given("two", 2, Count))
		rate = w.step("rate_after_cut", BasisPoint, Difference, rate, cut)
	}
	average := given("average", c.Average, Dong)
	monthly = w.step("monthly", Dong, Product, rate, average)
	if w.err == nil && !monthly.Value.IsInt() {
		monthly = w.rounded("monthly_whole", Dong, monthly)
	}
	if c.Compulsory > 0 { // Decree 159/2025, Article 11(3)
		long := w.need("floor_months", given("compulsory_months", c.Compulsory, Months), w.of("pension.floor.compulsory_months"))
		before := w.date("pension.floor.joined_before")
		if long && c.FirstJoined == "" {
			w.note("floor_needs_joined")
		}
		if w.err == nil && long && c.FirstJoined != "" && c.FirstJoined < before {
			monthly = w.step("monthly_floor", Dong, Greater, monthly, w.referenceLevel())
		}
	}
	return rate, monthly
}

// oneOff is paid once for the years beyond those of the highest rate (Law 41/2024, Article 100).
func (w *working) oneOff(c Pension) Term {
	full := w.yearsOf("pension.full_months." + string(c.Sex))
	none := given("one_off", 0, Dong)
	if w.err != nil || c.Months <= w.n("pension.full_months."+string(c.Sex)) {
		return none
	}
	years := Term{"years", Worked, Fraction(halfYears(c.Months, w.n("pension.half_year_months")), 2), Years}
	over := w.step("years_over", Years, Difference, years, full)
	average := given("average", c.Average, Dong)
	before := over
	parts := []Term{}
	if c.AfterAge > 0 {
		after := w.step("years_after", Years, Lesser, over, w.step("years_after_age", Years, HalfYears, given("after_age", c.AfterAge, Months), w.of("pension.half_year_months")))
		before = w.step("years_before", Years, Difference, over, after)
		parts = append(parts, w.step("one_off_after", Dong, Product, after, w.of("pension.one_off_after_age"), average))
	}
	parts = append(parts, w.step("one_off_before", Dong, Product, before, w.of("pension.one_off_before_age"), average))
	return w.rounded("one_off", Dong, w.step("one_off_exact", Dong, Sum, parts...))
}

// Entitlement asks whether and from when somebody may draw a pension: entitled, age_months, pension_from, months_short
// (Law 41/2024, Article 98; for early voluntary participants Decree 159/2025, Article 13).
type Entitlement struct {
	Day       loa.Day
	Sex       loa.Sex
	Born      loa.Month
	Months    int64 // paid by Day, in all
	Voluntary int64 // of them in voluntary SI
	Joined    loa.Day
}

// Entitlement works it out as of a day.
func (p Parameters) Entitlement(c Entitlement) (Quote, error) {
	w := p.work("entitlement", c.Day)
	if c.Months < 0 || c.Months > 840 {
		w.refuse("months", "policy_months", 0, 840)
	}
	if c.Voluntary < 0 || c.Voluntary > c.Months {
		w.refuse("voluntary_months", "policy_months", 0, c.Months)
	}
	age, reached := w.retirement(c.Sex, c.Born)
	w.checkSince("months", c.Months, c.Born, c.Day.Month().Add(1))
	if w.err != nil {
		return w.done()
	}
	if c.Joined != "" {
		early := c.Joined < w.date("pension.early_voluntary.joined_before")
		long := w.need("early_voluntary_months", given("voluntary_months", c.Voluntary, Months), w.of("pension.early_voluntary.months"))
		youngs := w.of("pension.early_voluntary.age." + string(c.Sex))
		if w.err == nil && early && long && youngs.Value.Cmp(age.Value) < 0 {
			age, reached = youngs, c.Born.Add(int(whole(youngs)))
			w.note("early_voluntary", w.date("pension.early_voluntary.joined_before"))
		}
	}
	months := w.need("pension_months", given("months", c.Months, Months), w.of("pension.least_months"))
	old := w.need("age", given("age_now", int64(c.Day.Month().Sub(c.Born)), Months), age)
	if w.err == nil {
		w.giveYes("entitled", months && old)
		w.giveRetirement(age, reached)
		short := w.step("months_short", Months, Greater, given("zero", 0, Months), w.step("months_missing", Months, Difference, w.of("pension.least_months"), given("months", c.Months, Months)))
		w.give("months_short", short)
	}
	return w.done()
}
