package policy

import (
	"fmt"

	"loa"
)

// Worker is what worker and employer pay a month for compulsory SI, HI and unemployment insurance on a wage, region 1 to 4
// (Law 41/2024, Articles 31, 33 and 34): worker, employer, total.
func (p Parameters) Worker(day loa.Day, wage int64, region int) (Quote, error) {
	w := p.work("worker", day)
	if wage < 0 || wage > 1e11 {
		w.refuse("wage", "policy_amount", loa.Money(1), loa.Money(1e11))
	}
	if region < 1 || region > 4 {
		w.refuse("region", "policy_region")
	}
	base := w.insuredIncome("wage", wage)
	unemployment := w.step("ui_base", Dong, Lesser, given("wage", wage, Dong),
		w.step("ui_ceiling", Dong, Product, w.of("compulsory_si.ui_multiple"), w.of(fmt.Sprintf("regional_wage.%d", region))))
	part := func(name string) Term {
		on := base
		if name == "worker_ui" || name == "employer_ui" {
			on = unemployment
		}
		return w.step(name, Dong, Product, on, w.of("compulsory_si."+name))
	}
	all := func(name string, of ...string) Term {
		parts := make([]Term, 0, len(of))
		for _, n := range of {
			parts = append(parts, part(n))
		}
		return w.wholeOf(w.step(name, Dong, Sum, parts...))
	}
	worker := all("worker", "worker_si", "worker_hi", "worker_ui")
	employer := all("employer", "employer_pension", "employer_sickness", "employer_accident", "employer_hi", "employer_ui")
	w.give("worker", worker)
	w.give("employer", employer)
	w.give("total", w.step("total", Dong, Sum, worker, employer))
	return w.done()
}

// insuredIncome is an income held between the reference level and its multiple.
func (w *working) insuredIncome(name string, n int64) Term {
	level := w.referenceLevel()
	ceiling := w.step("ceiling", Dong, Product, w.of("compulsory_si.income_multiple"), level)
	return w.step("insured_income", Dong, Lesser, ceiling, w.step("income_least", Dong, Greater, level, given(name, n, Dong)))
}

// Owner is what the owner of a household business pays on a chosen income: si, hi, total for the months (Law 41/2024,
// Article 33).
func (p Parameters) Owner(day loa.Day, income, months int64) (Quote, error) {
	w := p.work("owner", day)
	if months < 1 || months > 12 {
		w.refuse("months", "policy_months", 1, 12)
	}
	level := w.referenceLevel()
	ceiling := w.step("ceiling", Dong, Product, w.of("compulsory_si.income_multiple"), level)
	if w.err == nil {
		switch low, high := whole(level), whole(ceiling); {
		case income < low:
			w.refuse("income", "policy_income_low", loa.Money(low), Law(w.row("compulsory_si.owner_si").Cites))
		case income > high:
			w.refuse("income", "policy_income_high", loa.Money(high), Law(w.row("compulsory_si.income_multiple").Cites))
		}
	}
	in, n := given("income", income, Dong), given("months", months, Months)
	si := w.wholeOf(w.step("owner_si", Dong, Product, in, w.of("compulsory_si.owner_si"), n))
	hi := w.wholeOf(w.step("owner_hi", Dong, Product, in, w.of("compulsory_si.owner_hi"), n))
	w.give("si", si)
	w.give("hi", hi)
	w.give("total", w.step("total", Dong, Sum, si, hi))
	return w.done()
}

// WorkerMissing is what a worker pays at once for the few months missing to a pension: pay (Law 41/2024, Article 33).
func (p Parameters) WorkerMissing(day loa.Day, wage, months int64) (Quote, error) {
	w := p.work("worker-missing", day)
	if wage < 1 || wage > 1e11 {
		w.refuse("wage", "policy_amount", loa.Money(1), loa.Money(1e11))
	}
	if most := w.n("compulsory_si.missing_most"); w.err == nil && (months < 1 || months > most) {
		w.refuse("months", "policy_months", 1, most)
	}
	w.give("pay", w.wholeOf(w.step("pay", Dong, Product, w.of("compulsory_si.missing_rate"), given("wage", wage, Dong), given("months", months, Months))))
	return w.done()
}

// Unemployment is the benefit of somebody who lost the job: monthly, months (Employment Law 74/2025).
func (p Parameters) Unemployment(day loa.Day, average, paid int64, region int) (Quote, error) {
	w := p.work("unemployment", day)
	if average < 1 || average > 1e11 {
		w.refuse("average", "policy_amount", loa.Money(1), loa.Money(1e11))
	}
	if region < 1 || region > 4 {
		w.refuse("region", "policy_region")
	}
	if paid < 0 || paid > 840 {
		w.refuse("months", "policy_months", 0, 840)
	}
	least := w.of("unemployment.least_months")
	have := given("months", paid, Months)
	if !w.need("unemployment_months", have, least) && w.err == nil {
		w.refuse("months", "policy_unemployment_short", whole(least), Law(w.row("unemployment.least_months").Cites))
	}
	ceiling := w.step("ui_benefit_ceiling", Dong, Product, w.of("unemployment.multiple"), w.of(fmt.Sprintf("regional_wage.%d", max(1, min(4, region)))))
	monthly := w.wholeOf(w.step("ui_benefit", Dong, Lesser, w.step("ui_share", Dong, Product, w.of("unemployment.rate"), given("average", average, Dong)), ceiling))
	further := w.step("months_further", Months, Greater, given("zero", 0, Months), w.step("months_beyond", Months, Difference, have, w.of("unemployment.first_paid")))
	steps := w.step("further_steps", Count, Whole, w.step("further_years", Count, Ratio, further, orOne(w.of("unemployment.further_paid"))))
	months := w.step("benefit_months", Months, Lesser, w.of("unemployment.most_benefit"), w.step("benefit_all", Months, Sum, w.of("unemployment.first_benefit"), steps))
	w.give("monthly", monthly)
	w.give("months", months)
	return w.done()
}

// orOne keeps a division possible once the working has ended.
func orOne(t Term) Term {
	if t.Value.Sign() == 0 {
		t.Value = Int(1)
	}
	return t
}
