package policy

import (
	"fmt"

	"loa"
)

// Household is what a household's cards cost (Decree 188/2025, Article 6(5)): tiers (đồng for each member in the order of
// enrolment within the year) and total. months has one number for each member.
func (p Parameters) Household(day loa.Day, months []int64) (Quote, error) {
	w := p.work("household", day)
	if len(months) < 1 || len(months) > 30 {
		w.refuse("members", "policy_count", 1, 30)
	}
	for _, m := range months {
		if m < 1 || m > 12 {
			w.refuse("months", "policy_card_months", Law(w.row("hi.tier.1").Cites))
		}
	}
	first := w.hiMonth()
	var parts []Term
	for i, m := range months {
		if w.err != nil {
			break
		}
		tier := w.of(fmt.Sprintf("hi.tier.%d", min(i+1, 5)))
		parts = append(parts, w.wholeOf(w.step("member", Dong, Product, first, tier, given("months", m, Months))))
	}
	if w.err != nil {
		return w.done()
	}
	total := w.step("total", Dong, Sum, parts...)
	list := Result{Name: "tiers", Unit: Dong}
	for _, t := range parts {
		list.List = append(list.List, whole(t))
	}
	w.quote.Results = append(w.quote.Results, list)
	w.give("total", total)
	return w.done()
}

// HouseholdTerms compares the lengths a card is sold for, for a household of so many: months and totals, one beside the other.
func (p Parameters) HouseholdTerms(day loa.Day, members int64) (Quote, error) {
	w := p.work("household-terms", day)
	if members < 1 || members > 30 {
		w.refuse("members", "policy_count", 1, 30)
	}
	first := w.hiMonth()
	var tiers []Term
	for i := int64(0); i < members && w.err == nil; i++ {
		tiers = append(tiers, w.of(fmt.Sprintf("hi.tier.%d", min(i+1, 5))))
	}
	if w.err != nil {
		return w.done()
	}
	month := w.step("household_month", Dong, Product, first, w.step("tiers_sum", Count, Sum, tiers...))
	lengths, totals := Result{Name: "months", Unit: Months}, Result{Name: "totals", Unit: Dong}
	for i := 1; i <= 3; i++ {
		length := w.of(fmt.Sprintf("hi.card_months.%d", i))
		total := w.wholeOf(w.step("household_total", Dong, Product, month, length))
		if w.err != nil {
			return w.done()
		}
		lengths.List, totals.List = append(lengths.List, whole(length)), append(totals.List, whole(total))
	}
	w.quote.Results = append(w.quote.Results, lengths, totals)
	return w.done()
}

// hiMonth is the full contribution to HI a month: 4.5 % of the base salary.
func (w *working) hiMonth() Term {
	return w.step("hi_month", Dong, Product, w.of("hi.rate"), w.of("base_salary"))
}

// Pupil is what a pupil's or student's card costs: full, state_support, pay (Decree 188/2025, Article 6). A negative supportBP
// takes the law's share.
func (p Parameters) Pupil(day loa.Day, months, supportBP int64) (Quote, error) {
	w := p.work("pupil", day)
	if months < 1 || months > 12 {
		w.refuse("months", "policy_card_months", Law(w.row("hi.share.pupil").Cites))
	}
	share := Term{}
	switch {
	case supportBP > 10000:
		w.refuse("support_bp", "policy_share")
	case supportBP >= 0:
		share = given("support_bp", supportBP, BasisPoint)
	default:
		share = w.of("hi.share.pupil")
	}
	w.supported(share, months)
	return w.done()
}

// supported is a card of which the State pays a share: what is left is paid, and all adds up.
func (w *working) supported(share Term, months int64) {
	full := w.step("full", Dong, Product, w.hiMonth(), given("months", months, Months))
	full = w.wholeOf(full)
	if w.err != nil {
		return
	}
	state := w.wholeOf(w.step("state_support", Dong, Product, full, share))
	pay := w.step("pay", Dong, Difference, full, state)
	w.give("full", full)
	w.give("state_support", state)
	w.give("pay", pay)
}

// Card is what a card costs somebody of certain groups who is not counted among the members of a household: full,
// state_support, pay, with the share and its reason (Law 51/2024, Article 12; Decree 188/2025, Articles 5 and 6).
func (p Parameters) Card(day loa.Day, groups []Group, months int64) (Quote, error) {
	w := p.work("card", day)
	if months < 1 || months > 12 {
		w.refuse("months", "policy_card_months", Law(w.row("hi.rate").Cites))
	}
	share, reason := w.hiShare(groups)
	w.supported(share, months)
	w.give("state_share_bp", share)
	w.giveWord("reason", string(reason))
	return w.done()
}

// HIGroup is which share of HI the State pays for somebody and why: state_share_bp, reason. Of several groups the highest share
// counts; without any the household pays.
func (p Parameters) HIGroup(day loa.Day, groups []Group) (Quote, error) {
	w := p.work("hi-group", day)
	share, reason := w.hiShare(groups)
	w.give("state_share_bp", share)
	w.giveWord("reason", string(reason))
	return w.done()
}

// hiShare is the highest share; the group whose it is is the reason.
func (w *working) hiShare(groups []Group) (Term, Group) {
	if err := checkGroups(groups, HIGroups); err != nil && w.err == nil {
		w.err = err
	}
	best, why := given("state_share_bp", 0, BasisPoint), Group("household")
	var shares []Term
	for _, g := range groups {
		t := w.of("hi.share." + string(g))
		if w.err != nil {
			return Term{}, ""
		}
		shares = append(shares, t)
		if t.Value.Cmp(best.Value) > 0 {
			best, why = t, g
		}
	}
	if len(groups) == 0 {
		w.row("hi.tier.1") // the law by which a household pays
	}
	if len(shares) > 1 {
		best = w.step("share_highest", BasisPoint, Greater, shares...)
	}
	if why == MinorityLeftList {
		w.note("hi_share_months", w.n("hi.share_months.minority_left_list"))
	}
	if why == TraffickingVictim {
		w.note("hi_share_time", w.n("hi.share_months.trafficking_victim"))
	}
	if best.Value.Sign() > 0 && whole(best) < 10000 {
		w.note("hi_share_least")
	}
	return best, why
}

// Thresholds are the cost of a visit below which a card pays all, and the sum of own payments in a year beyond which it does
// after five continuous years: low_cost_visit, annual_copay. In a year with two base salaries, paidBefore is what was paid
// before the change (Law 46/2014, Article 22; Decree 188/2025, Article 18(2)); negative: not said.
func (p Parameters) Thresholds(day loa.Day, paidBefore int64) (Quote, error) {
	w := p.work("hi-threshold", day)
	if paidBefore > 1e11 {
		w.refuse("paid_before", "policy_amount", loa.Money(0), loa.Money(1e11))
	}
	base := w.of("base_salary")
	visit := w.wholeOf(w.step("low_cost_visit", Dong, Product, w.of("hi.low_cost"), base))
	times := w.of("hi.annual_multiple")
	annual := w.step("annual_copay", Dong, Product, times, base)
	if changed := w.row("base_salary").From; w.err == nil && paidBefore >= 0 {
		if y, _, _ := changed.Parts(); day.Month().Year() != y || changed == loa.MakeDay(y, 1, 1) {
			w.refuse("paid_before", "policy_no_change", day.Month().Year(), Law(w.row("hi.annual_multiple").Cites))
			return w.done()
		}
		before := w.ofOn("base_salary", changed.Add(-1))
		paid := given("paid_before", paidBefore, Dong)
		used := w.step("salaries_used", Count, Ratio, paid, before)
		left := w.step("salaries_left", Count, Greater, given("zero", 0, Count), w.step("salaries_rest", Count, Difference, times, used))
		annual = w.step("annual_mixed", Dong, Sum, paid, w.step("copay_left", Dong, Product, left, base))
		annual = w.wholeOf(annual)
		w.quote.Ends = loa.MakeDay(day.Month().Year(), 12, 31) // what was paid counts within the year
	}
	w.give("low_cost_visit", visit)
	w.give("annual_copay", annual)
	if w.err == nil {
		w.note("five_years", w.n("hi.continuous_months")/12, w.n("hi.gap_months"))
	}
	return w.done()
}

// Visit is what a card pays of a treatment (Law 46/2014, Article 22): card_pays, own, rate_bp. Copaid is what was paid in this
// year after five continuous years; continuous says whether there were five.
type Visit struct {
	Day        loa.Day
	Groups     []Group
	Cost       int64
	Copaid     int64
	Continuous int64 // months without a gap longer than the law allows
}

// Visit works it out.
func (p Parameters) Visit(c Visit) (Quote, error) {
	w := p.work("hi-visit", c.Day)
	if c.Cost < 1 || c.Cost > 1e11 {
		w.refuse("cost", "policy_amount", loa.Money(1), loa.Money(1e11))
	}
	if c.Copaid < 0 || c.Copaid > 1e11 {
		w.refuse("copaid", "policy_amount", loa.Money(0), loa.Money(1e11))
	}
	if c.Continuous < 0 || c.Continuous > 1200 {
		w.refuse("continuous", "policy_months", 0, 1200)
	}
	if err := checkGroups(c.Groups, BenefitGroups); err != nil && w.err == nil {
		w.err = err
	}
	rates := []Term{w.of("hi.benefit.standard")}
	for _, g := range c.Groups {
		if g != StandardBenefit {
			rates = append(rates, w.of("hi.benefit."+string(g)))
		}
	}
	rate := rates[0]
	if len(rates) > 1 {
		rate = w.step("benefit_rate", BasisPoint, Greater, rates...)
	}
	cost, base := given("cost", c.Cost, Dong), w.of("base_salary")
	low := w.step("low_cost_visit", Dong, Product, w.of("hi.low_cost"), base)
	limit := w.step("annual_copay", Dong, Product, w.of("hi.annual_multiple"), base)
	long := w.of("hi.continuous_months")
	full := given("full_rate", 10000, BasisPoint)
	switch {
	case w.err != nil:
	case cost.Value.Cmp(low.Value) < 0:
		rate = full
		w.note("visit_low_cost")
	case w.need("continuous", given("continuous", c.Continuous, Months), long) && w.need("copaid", given("copaid", c.Copaid, Dong), limit):
		rate = full
		w.note("visit_five_years", w.n("hi.continuous_months")/12)
	}
	pays := w.wholeOf(w.step("card_pays", Dong, Product, rate, cost))
	own := w.step("own", Dong, Difference, cost, pays)
	w.give("rate_bp", rate)
	w.give("card_pays", pays)
	w.give("own", own)
	return w.done()
}

// Validity is from when a card holds: from, until (Law 51/2024). A renewal follows on from the old card, or from the payment
// when it came within the gap the law allows; a first card and one after a longer gap wait.
type Validity struct {
	Paid   loa.Day
	Ended  loa.Day // last day of the old card; empty: the first card
	Months int64
}

// Validity works it out.
func (p Parameters) Validity(c Validity) (Quote, error) {
	w := p.work("hi-validity", c.Paid)
	if c.Ended != "" && !c.Ended.Valid() {
		w.refuse("ended", "bad_day")
	}
	if c.Months < 1 || c.Months > 12 {
		w.refuse("months", "policy_card_months", Law(w.row("hi.rate").Cites))
	}
	gap, wait := w.n("hi.gap_months"), w.n("hi.wait_days")
	if w.err != nil {
		return w.done()
	}
	from := c.Paid.Add(int(wait))
	switch {
	case c.Ended == "":
		w.note("card_first", wait)
	case c.Ended >= c.Paid:
		from = c.Ended.Add(1)
		w.note("card_follows")
	case c.Paid < c.Ended.Add(1).AddMonths(int(gap)):
		from = c.Paid
		w.note("card_within_gap", gap)
	default:
		w.note("card_after_gap", gap, wait)
	}
	w.giveDay("from", from)
	w.giveDay("until", from.AddMonths(int(c.Months)).Add(-1))
	w.giveYes("continuous", c.Ended != "" && from <= c.Ended.Add(1).AddMonths(int(gap)))
	return w.done()
}
