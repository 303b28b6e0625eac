package policy

import "loa"

// LumpSum is what is asked about taking everything at once (Law 41/2024, Article 102; Decree 159/2025, Article 9).
type LumpSum struct {
	Day        loa.Day
	Before2014 int64 // months paid before 2014
	From2014   int64 // months paid from 2014 on
	Average    int64 // of the adjusted incomes
	Paid       int64 // money paid in, for less than a year; 0: 22 % of the average for each month
	StateMoney int64 // what the State added, which is not paid out
}

// LumpSum works it out: amount, in đồng.
func (p Parameters) LumpSum(c LumpSum) (Quote, error) {
	w := p.work("lump-sum", c.Day)
	w.checkParts(c.Before2014, c.From2014, c.Average, c.Paid)
	if c.StateMoney < 0 || c.StateMoney > 1e11 {
		w.refuse("state_money", "policy_amount", loa.Money(0), loa.Money(1e11))
	}
	average := given("average", c.Average, Dong)
	var sum Term
	if total := c.Before2014 + c.From2014; w.err == nil && total < w.n("lump_sum.short_months") {
		sum = w.step("lump_short", Dong, Lesser, w.paidIn(c.Paid, total, average), w.step("lump_short_most", Dong, Product, w.of("lump_sum.short_most"), average))
	} else {
		sum = w.byYears("lump_sum", c.Before2014, c.From2014, average)
	}
	if c.StateMoney > 0 {
		sum = w.step("lump_after_state", Dong, Greater, given("nothing", 0, Dong), w.step("lump_less_state", Dong, Difference, sum, given("state_money", c.StateMoney, Dong)))
	}
	w.give("amount", w.wholeOf(sum))
	w.note("lump_sum_conditions", w.date("lump_sum.joined_before"), w.n("lump_sum.wait_months"), w.n("lump_sum.less_than_months")/12)
	return w.done()
}

func (w *working) checkParts(before, from, average, paid int64) {
	switch {
	case before < 0 || before > 600:
		w.refuse("months_before_2014", "policy_months", 0, 600)
	case from < 0 || from > 600:
		w.refuse("months_from_2014", "policy_months", 0, 600)
	case before+from == 0:
		w.refuse("months_from_2014", "policy_nothing_paid")
	case average < 1 || average > 1e10:
		w.refuse("average", "policy_amount", loa.Money(1), loa.Money(1e10))
	case paid < 0 || paid > 1e11:
		w.refuse("paid", "policy_amount", loa.Money(0), loa.Money(1e11))
	}
}

// paidIn is the money somebody paid, as said or reckoned from the average.
func (w *working) paidIn(paid, months int64, average Term) Term {
	if paid > 0 {
		return w.step("paid_in", Dong, Sum, given("paid", paid, Dong))
	}
	w.note("paid_reckoned")
	return w.step("paid_reckoned", Dong, Product, w.of("voluntary_si.rate"), average, given("months", months, Months))
}

// byYears is so many average incomes for each year, odd months before 2014 counted with those after.
func (w *working) byYears(law string, before, from int64, average Term) Term {
	half := w.of("pension.half_year_months")
	var parts []Term
	moved := int64(0)
	if before > 0 {
		if from > 0 {
			moved = before % 12
		}
		if stay := before - moved; stay > 0 {
			years := w.step("years_before_2014", Years, HalfYears, given("months_before_2014", stay, Months), half)
			parts = append(parts, w.step("part_before_2014", Dong, Product, years, w.of(law+".year_before_2014"), average))
		}
	}
	if from > 0 {
		months := given("months_from_2014", from, Months)
		if moved > 0 {
			months = w.step("months_from_2014_all", Months, Sum, months, given("months_moved", moved, Months))
		}
		years := w.step("years_from_2014", Years, HalfYears, months, half)
		parts = append(parts, w.step("part_from_2014", Dong, Product, years, w.of(law+".year_from_2014"), average))
	}
	return w.step("by_years", Dong, Sum, parts...)
}

// Allowance is what is asked by somebody who is old enough and has paid for too few years (Law 41/2024, Article 23; Decree
// 159/2025, Article 14).
type Allowance struct {
	Day     loa.Day   // from which it is drawn
	Sex     loa.Sex   // for the age of retirement, which must be reached; empty: not said
	Born    loa.Month // for the months until the social pension; empty: only how long it lasts
	Months  int64
	Average int64
}

// Allowance works out how long the own money lasts at the level of the social pension, or how much a month when it lasts
// longer than until the social pension: lasts (hundredths of a month), monthly, bridge (what would have to be added). Where the birth
// is known it is refused to those who have not reached the age of retirement.
func (p Parameters) Allowance(c Allowance) (Quote, error) {
	w := p.work("allowance", c.Day)
	if c.Average < 1 || c.Average > 1e10 {
		w.refuse("average", "policy_amount", loa.Money(1), loa.Money(1e10))
	}
	if c.Months < 0 || c.Months > 840 {
		w.refuse("months", "policy_months", 0, 840)
	}
	least, enough := w.n("allowance.least_months"), w.n("pension.least_months")
	switch {
	case w.err != nil:
	case c.Months < least:
		w.refuse("months", "policy_allowance_short", least, Law(w.row("allowance.least_months").Cites))
	case c.Months >= enough:
		w.refuse("months", "policy_allowance_long", enough, Law(w.row("pension.least_months").Cites))
	}
	w.allowanceAge(c)
	average, social := given("average", c.Average, Dong), w.of("social_pension.amount")
	years := w.step("years", Years, HalfYears, given("months", c.Months, Months), w.of("pension.half_year_months"))
	money := w.step("own_money", Dong, Product, average, w.of("allowance.multiple"), years)
	lasts := w.step("lasts", Months, Ratio, money, social)
	w.give("lasts", Term{"lasts", Worked, lasts.Value, Hundredths})
	if c.Born == "" || w.err != nil {
		w.give("monthly", social)
		return w.done()
	}
	until := w.socialPensionFrom(c.Born, nil)
	if w.err != nil {
		return w.done()
	}
	n := int64(until.Sub(c.Day.Month()))
	if n <= 0 {
		w.refuse("born", "policy_already_old", until.First(), Law(w.row("social_pension.age").Cites))
		return w.done()
	}
	left := given("months_to_social_pension", n, Months)
	monthly, bridge := social, given("bridge", 0, Dong)
	if lasts.Value.Cmp(left.Value) > 0 {
		more := w.step("lasts_more", Months, Difference, lasts, left)
		monthly = w.rounded("allowance_whole", Dong, w.step("allowance", Dong, Sum, social, w.step("allowance_more", Dong, Ratio, w.step("money_more", Dong, Product, more, social), left)))
	} else {
		short := w.step("lasts_short", Months, Difference, left, lasts)
		bridge = w.rounded("bridge_whole", Dong, w.step("bridge", Dong, Product, short, social))
	}
	w.give("monthly", monthly)
	w.give("bridge", bridge)
	w.giveDay("until", until.First().Add(-1))
	return w.done()
}

// allowanceAge holds the allowance to those who have reached the age of retirement: it is refused to whoever is too young as a man
// and as a woman, and what cannot be known without a birth or a sex is said.
func (w *working) allowanceAge(c Allowance) {
	if c.Born == "" {
		w.note("allowance_age")
		return
	}
	w.checkBorn(c.Born)
	w.checkSince("months", c.Months, c.Born, w.on.Month().Add(1))
	sexes := []loa.Sex{c.Sex}
	if c.Sex == "" {
		sexes = []loa.Sex{loa.Female, loa.Male}
	}
	some, all := false, true
	var least, asked, own Term
	for _, sex := range sexes {
		if !knownSex(sex) {
			w.refuse("sex", "not_in_list")
		}
		need, have, reached := w.ofAge(sex, c.Born)
		if w.err != nil {
			return
		}
		if least.Name == "" || need.Value.Cmp(least.Value) < 0 {
			least = need
		}
		if asked.Name == "" || need.Value.Cmp(asked.Value) > 0 {
			asked, own = need, have
		}
		some, all = some || reached, all && reached
	}
	w.need("age", own, asked)
	switch age := whole(least); {
	case !some:
		w.refuse("born", "policy_allowance_young", age/12, age%12, Law(w.row("allowance.multiple").Cites))
	case !all:
		w.note("allowance_sex")
	}
}
