package policy

import (
	"cmp"
	"slices"

	"loa"
)

// SocialPensionAsked is what is asked about the pension the State pays to the old who have none (Law 41/2024, Articles 21 and 22).
type SocialPensionAsked struct {
	Day    loa.Day
	Born   loa.Month
	Groups []Group // poor and near-poor draw it earlier
	Own    int64   // pension or monthly SI benefit already drawn
}

// SocialPension works out from when and how much: entitled, from, reached_on, amount, decision_days, funeral.
func (p Parameters) SocialPension(c SocialPensionAsked) (Quote, error) {
	w := p.work("social-pension", c.Day)
	if err := checkGroups(c.Groups, SupportGroups); err != nil && w.err == nil {
		w.err = err
	}
	if c.Own < 0 || c.Own > 1e10 {
		w.refuse("own", "policy_amount", loa.Money(0), loa.Money(1e10))
	}
	amount := w.of("social_pension.amount")
	reached := w.socialPensionFrom(c.Born, c.Groups)
	if w.err != nil {
		return w.done()
	}
	old, from := c.Day >= reached.First(), reached.First()
	if reached < c.Day.Month() { // it is paid from when it is asked for: no month that is gone
		from = c.Day.Month().First()
		w.note("social_pension_now")
	}
	first, _ := w.law.Known("social_pension.amount")
	from = max(from, first)
	lower := c.Own < whole(amount)
	w.quote.Conditions = append(w.quote.Conditions, Condition{"own_lower", amount, given("own_pension", c.Own, Dong), lower})
	w.giveYes("entitled", lower && old)
	w.giveDay("from", from)
	w.giveDay("reached_on", reached.First())
	w.give("amount", amount)
	w.give("funeral", w.step("social_funeral", Dong, Product, w.of("social_pension.funeral_multiple"), amount))
	w.give("decision_days", w.of("social_pension.decision_days"))
	w.note("social_pension_asks")
	return w.done()
}

// socialPensionFrom is the month in which somebody is old enough.
func (w *working) socialPensionFrom(born loa.Month, groups []Group) loa.Month {
	w.checkBorn(born)
	name := "social_pension.age"
	if slices.Contains(groups, Poor) || slices.Contains(groups, NearPoor) {
		name = "social_pension.age_poor"
	}
	age := w.n(name)
	if w.err != nil {
		return ""
	}
	return born.Add(int(age))
}

// Maternity is paid for each child (Law 41/2024, Articles 94 and 95): amount, entitled, claim_days.
func (p Parameters) Maternity(day loa.Day, children, monthsPaid int64) (Quote, error) {
	w := p.work("maternity", day)
	if children < 1 || children > 8 {
		w.refuse("children", "policy_count", 1, 8)
	}
	if window := w.n("maternity.window_months"); w.err == nil && (monthsPaid < 0 || monthsPaid > window) {
		w.refuse("months", "policy_window", window, Law(w.row("maternity.window_months").Cites))
	}
	ok := w.need("maternity_months", given("months", monthsPaid, Months), w.of("maternity.least_months"))
	sum := w.step("maternity", Dong, Product, w.of("maternity.amount"), given("children", children, Count))
	if w.err == nil {
		w.giveYes("entitled", ok)
		w.give("amount", ifElse(ok, sum, given("amount", 0, Dong)))
		w.give("claim_days", w.of("maternity.claim_days"))
		w.note("maternity_one_parent")
	}
	return w.done()
}

func ifElse(ok bool, a, b Term) Term {
	if ok {
		return a
	}
	return b
}

// Funeral is paid to whoever buries a participant or pensioner (Law 41/2024, Article 109): amount, entitled.
func (p Parameters) Funeral(day loa.Day, months int64, pensioner bool) (Quote, error) {
	w := p.work("funeral", day)
	if months < 0 || months > 840 {
		w.refuse("months", "policy_months", 0, 840)
	}
	ok := w.need("funeral_months", given("months", months, Months), w.of("funeral.least_months")) || pensioner
	sum := w.funeral()
	if w.err == nil {
		w.giveYes("entitled", ok)
		w.give("amount", ifElse(ok, sum, given("amount", 0, Dong)))
	}
	return w.done()
}

func (w *working) funeral() Term {
	return w.step("funeral", Dong, Product, w.of("funeral.multiple"), w.referenceLevel())
}

// Survivors is what is asked after a death (Law 41/2024, Article 110; monthly benefits of compulsory SI: Articles 88 and 89).
type Survivors struct {
	Day        loa.Day
	Before2014 int64
	From2014   int64
	Average    int64
	Paid       int64 // money paid in, when less than 60 months; 0: reckoned from the average
	Pension    int64 // of a pensioner: the pension drawn
	Drawn      int64 // months it was drawn
	Compulsory int64 // months of compulsory SI: from 15 years on the family may choose a monthly benefit
}

// Survivors works it out: amount, and for compulsory SI monthly, monthly_alone, monthly_most.
func (p Parameters) Survivors(c Survivors) (Quote, error) {
	w := p.work("survivors", c.Day)
	if c.Pension > 1e10 {
		w.refuse("pension", "policy_amount", loa.Money(1), loa.Money(1e10))
	}
	if c.Drawn < 0 || c.Drawn > 840 {
		w.refuse("drawn", "policy_months", 0, 840)
	}
	var sum Term
	if c.Pension > 0 {
		sum = w.afterPensioner(c)
	} else {
		w.checkParts(c.Before2014, c.From2014, c.Average, c.Paid)
		average, total := given("average", c.Average, Dong), c.Before2014+c.From2014
		if !w.need("survivor_years", given("months", total, Months), w.of("survivor.short_months")) {
			sum = w.paidIn(c.Paid, total, average)
		} else {
			sum = w.byYears("survivor", c.Before2014, c.From2014, average)
		}
	}
	if c.Compulsory < 0 || c.Compulsory > 840 {
		w.refuse("compulsory_months", "policy_months", 0, 840)
	}
	w.give("amount", w.wholeOf(sum))
	if c.Compulsory > 0 && w.need("survivor_monthly_months", given("compulsory_months", c.Compulsory, Months), w.of("survivor.monthly_least_months")) {
		level := w.referenceLevel()
		w.give("monthly", w.wholeOf(w.step("survivor_monthly", Dong, Product, w.of("survivor.monthly"), level)))
		w.give("monthly_alone", w.wholeOf(w.step("survivor_monthly_alone", Dong, Product, w.of("survivor.monthly_alone"), level)))
		w.give("monthly_most", w.of("survivor.monthly_most"))
	}
	return w.done()
}

// afterPensioner: 48 pensions in the first two months, half a pension less for each further month, at least three.
func (w *working) afterPensioner(c Survivors) Term {
	full := w.of("survivor.pensioner_full_months")
	later := w.step("months_later", Months, Greater, given("zero", 0, Months), w.step("months_after_full", Months, Difference, given("drawn", c.Drawn, Months), full))
	less := w.step("pensions_less", Count, Product, later, w.of("survivor.pensioner_step"))
	n := w.step("pensions", Count, Greater, w.of("survivor.pensioner_least"), w.step("pensions_left", Count, Difference, w.of("survivor.pensioner_months"), less))
	return w.step("survivor_amount", Dong, Product, n, given("pension", c.Pension, Dong))
}

// fixed are the amounts the law names on a day, each with the way to it.
var fixed = []struct {
	name string
	of   func(w *working) Term
}{
	{"maternity", func(w *working) Term { return w.of("maternity.amount") }},
	{"funeral", (*working).funeral},
	{"social_pension", func(w *working) Term { return w.of("social_pension.amount") }},
	{"reference_level", (*working).referenceLevel},
	{"poverty_line_rural", func(w *working) Term { return w.of("poverty_line.rural") }},
}

// Fixed are the amounts the law names on a day: maternity, funeral, social_pension, reference_level, poverty_line_rural. All of them,
// or a refusal by the first that is not known.
func (p Parameters) Fixed(day loa.Day) (Quote, error) {
	w := p.work("fixed", day)
	for _, f := range fixed {
		w.give(f.name, f.of(w))
	}
	return w.done()
}

// KnownFixed are those of the fixed amounts that are known on a day; the others are named. It refuses when none is known.
func (p Parameters) KnownFixed(day loa.Day) (Quote, error) {
	w := p.work("fixed", day)
	if w.err != nil {
		return w.done()
	}
	w.quote.Unknown = []string{}
	var first error
	for _, f := range fixed {
		before := w.quote
		if w.give(f.name, f.of(w)); w.err != nil { // what it leaned on before it failed is no part of the answer
			first = cmp.Or(first, w.err)
			w.quote, w.err = before, nil
			w.quote.Unknown = append(w.quote.Unknown, f.name)
		}
	}
	if len(w.quote.Results) == 0 {
		w.err = first
	}
	return w.done()
}
