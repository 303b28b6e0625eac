package web

import (
	"strings"

	"loa"
	"loa/i18n"
	"loa/policy"
)

// nearMonths is how far ahead something is told of that somebody only gets later: figures of today say nothing of a time further off.
const nearMonths = 60

// closed is what stands in place of an answer for somebody who cannot pay in: why, in plain words, and what is open to them.
func (k calcKit) closed(a calcAsked, income int64, why error) *calcAnswer {
	b := &calcAnswer{why: why, TooFew: k.whyNot(a, why)}
	var quotes []policy.Quote
	if young(why) {
		b.Instead, quotes = k.cardOf(a)
	} else {
		var open []policy.Quote
		b.Instead, open = k.instead(a, income)
		if quotes = k.past(b, a, income); len(quotes) < 2 { // no pension is due
			quotes = append(quotes, open...)
		}
	}
	if len(quotes) > 0 {
		k.explain(b, a, quotes)
		b.Coming = nil // what a contribution will be touches nobody here
		if b.Until < a.Day {
			b.Until = "" // the age was reached under the law of then
		}
	}
	vi := k
	vi.lang = "vi" // the voice of the devices here
	if k.lang == "vi" {
		b.Speech = strings.Join(append([]string{b.TooFew}, b.Instead...), " ")
	} else if said := vi.closed(a, income, why); said != nil {
		b.Speech = said.Speech
	}
	return b
}

// young reports whether the law refuses somebody because they have not reached the age to begin.
func young(why error) bool {
	e, ok := why.(*loa.Error)
	return ok && e.Code == "policy_too_young"
}

// whyNot says in plain words why somebody cannot pay in; what the plain words do not know is said as the law's own refusal.
func (k calcKit) whyNot(a calcAsked, why error) string {
	e, ok := why.(*loa.Error)
	if !ok {
		return k.sentence(why)
	}
	age := int64(a.Day.Month().Sub(a.Born)) / 12
	switch {
	case young(why):
		row, _ := k.law.At("voluntary_si.min_age", a.Day)
		years := k.say("calc.cannot.age", age)
		if age < 1 {
			years = k.say("calc.cannot.baby")
		}
		return k.say("calc.cannot.young", years, row.Value/12, monthOf(a.Born.Add(int(row.Value))), policy.Law(row.Cites))
	case e.Code == "policy_born_before":
		return k.say("calc.cannot.aged", age)
	case e.Code == "policy_start_late":
		q, err := k.law.Retirement(a.Sex, a.Born, a.Day)
		if err != nil {
			break
		}
		reached, _ := q.Result("reached_on")
		if least, _ := k.law.At("pension.least_months", a.Day); a.Before > 0 {
			return k.say("calc.cannot.old_short", k.ageWords(q), monthOf(reached.Day.Month()), WholeFigure(k.lang, a.Before, policy.Months), WholeFigure(k.lang, least.Value, least.Unit))
		}
		return k.say("calc.cannot.old", k.ageWords(q), monthOf(reached.Day.Month()))
	}
	return k.sentence(why)
}

// monthOf writes a month as people say it: 5/2025.
func monthOf(m loa.Month) string { return itoa(m.Number()) + "/" + itoa(m.Year()) }

// cardOf is the health card of somebody too young to pay into voluntary SI.
func (k calcKit) cardOf(a calcAsked) ([]string, []policy.Quote) {
	row, ok := k.law.At("hi.card_months.3", a.Day)
	groups := []policy.Group{policy.Pupil}
	if a.Day.Month().Sub(a.Born) < 6*12 {
		groups[0] = policy.Under6
	}
	if a.Who == policy.Poor || a.Who == policy.NearPoor {
		groups = append(groups, a.Who)
	}
	var out []string
	q, err := k.law.Card(a.Day, groups, row.Value)
	if !ok || err != nil {
		return append(out, k.say("calc.instead.ask")), nil
	}
	if reason, _ := q.Result("reason"); q.Get("pay") == 0 {
		out = append(out, k.say("calc.instead.card_free", k.say("policy.group."+reason.Word)))
	} else {
		out = append(out, k.say("calc.instead.card", k.say("policy.group."+reason.Word), k.money(q.Get("pay")), row.Value, k.money(q.Get("state_support"))))
	}
	return append(out, k.say("calc.instead.young")), []policy.Quote{q}
}

// instead is what is open to somebody who cannot reach a pension by paying on: what is near, and never a figure of today for a
// time far off.
func (k calcKit) instead(a calcAsked, income int64) (out []string, quotes []policy.Quote) {
	average := a.Average
	if average == 0 {
		average = income
	}
	if text, pay, ok := k.missingAtOnce(a, income, average); ok {
		out, quotes = append(out, text), append(quotes, pay...)
	}
	near := a.Day.Month().Add(nearMonths)
	social, err := k.law.SocialPension(policy.SocialPensionAsked{Day: a.Day, Born: a.Born, Groups: []policy.Group{a.Who}})
	from, _ := social.Result("from")
	old := err == nil && from.Day <= a.Day
	if q, err := k.law.Allowance(policy.Allowance{Day: a.Day, Months: a.Before, Average: average}); err == nil && !old && k.agesBy(a, near) {
		out, quotes = append(out, k.say("calc.instead.allowance", policy.Figure(q.Get("lasts"), policy.Hundredths, k.lang), k.money(q.Get("monthly")))), append(quotes, q)
	}
	switch {
	case old:
		out, quotes = append(out, k.say("calc.instead.social_now", k.money(social.Get("amount")))), append(quotes, social)
	case err == nil && from.Day.Month() <= near:
		out, quotes = append(out, k.say("calc.instead.social", k.money(social.Get("amount")), from.Day)), append(quotes, social)
	}
	return append(out, k.say("calc.instead.hi"), k.say("calc.instead.ask")), quotes
}

// agesBy reports whether somebody reaches the age of retirement by a month; so long ago that the law of then is not known, they have.
func (k calcKit) agesBy(a calcAsked, by loa.Month) bool {
	q, err := k.law.Retirement(a.Sex, a.Born, a.Day)
	if err != nil {
		return true
	}
	reached, _ := q.Result("reached_on")
	return reached.Day.Month() <= by
}

// missingAtOnce is what the few months missing at the age cost at once, and the pension they bring; not so where too many are missing.
func (k calcKit) missingAtOnce(a calcAsked, income, average int64) (string, []policy.Quote, bool) {
	least, ok := k.law.At("pension.least_months", a.Day)
	missing := least.Value - a.Before
	if !ok || a.Before == 0 || missing <= 0 {
		return "", nil, false
	}
	pay, err := k.law.Contribution(policy.Contribution{Day: a.Day, Income: income, Groups: []policy.Group{a.Who}, Method: loa.Missing, Periods: missing, SupportBP: -1, LocalBP: -1, Supported: a.Supported})
	if err != nil {
		return "", nil, false
	}
	pension, err := k.law.Pension(policy.Pension{Day: a.Day, Sex: a.Sex, Months: least.Value, Average: (average*a.Before + income*missing) / least.Value})
	if err != nil {
		return "", nil, false
	}
	return k.say("calc.instead.missing", missing, k.money(pay.Get("pay")), k.money(pension.Get("monthly"))), []policy.Quote{pension, pay}, true
}

// workTitle names what a working works out.
func (k calcKit) workTitle(q policy.Quote, first, closed bool) string {
	switch {
	case q.Kind == "contribution" && closed:
		return k.say("calc.work.missing")
	case q.Kind == "contribution" && !first:
		return k.say("calc.work.ahead", q.Get("months")/12)
	case i18n.Has(k.lang, "calc.work."+q.Kind):
		return k.say("calc.work." + q.Kind)
	}
	return k.say("policy.kind." + q.Kind)
}
