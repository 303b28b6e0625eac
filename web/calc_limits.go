package web

import (
	"loa"
	"loa/policy"
	"loa/vn"
)

// leastAverage is below any income that contributions were ever reckoned by: a smaller average was typed in thousands, or by mistake.
const leastAverage = 100_000

// furtherFields are the fields of the form behind those of an outlook.
var furtherFields = map[string]string{"start": "start_age", "pause": "pause", "before": "before", "before_average": "average", "supported": "supported"}

// putNote says why another sum stands there than the one that was typed: the least, the most, or the step below it.
func (k calcKit) putNote(p *calcPage, typed, pay, floor, ceiling int64, top bool) string {
	cites := func(name string) policy.Law {
		row, _ := k.law.At(name, p.Day)
		return policy.Law(row.Cites)
	}
	switch {
	case typed == 0 || typed == pay:
		return ""
	case typed < pay:
		return k.say("calc.put_low", k.money(pay), k.money(floor), cites("poverty_line.rural"))
	case top:
		return k.say("calc.put_high", k.money(pay), k.money(ceiling), cites("voluntary_si.income_multiple"))
	}
	return k.say("calc.put_step", vn.NumberIn(k.lang, typed), k.money(pay), cites("voluntary_si.income_step"))
}

// further asks what comes of it with the further questions. What cannot be in one of them comes back with its field.
func (k calcKit) further(a calcAsked, o policy.Outlook) (life policy.Quote, field string, err error) {
	now := int64(a.Day.Month().Sub(a.Born)) / 12
	ceiling := int64(1e10)
	if limits, err := k.law.Income(a.Day, 0); err == nil {
		ceiling = limits.Get("ceiling")
	}
	bad := func(field, code string, args ...any) (policy.Quote, string, error) {
		return policy.Quote{}, field, loa.Refuse(loa.Invalid, field, code, args...)
	}
	switch {
	case a.StartAge < 0 || a.StartAge > 0 && a.StartAge < now || a.StartAge > 100:
		return bad("start_age", "calc_start_age", now)
	case a.StartAge > now:
		o.Start = a.Born.Add(int(a.StartAge) * 12)
	}
	switch {
	case a.Average != 0 && (a.Average < leastAverage || a.Average > ceiling):
		return bad("average", "policy_amount", k.money(leastAverage), k.money(ceiling))
	case a.Before >= 0 && a.Supported > a.Before:
		return bad("supported", "calc_supported", a.Before)
	}
	life, err = k.law.Outlook(o)
	if e, ok := err.(*loa.Error); ok && (e.Field != "start" || a.StartAge > 0) { // old enough already: no fault of a field
		field = furtherFields[e.Field]
	}
	return life, field, err
}

// past is what there is for somebody whose age is reached already: a pension now, when enough months are paid. What that leans on,
// the day the age was reached on as well, is explained like every figure.
func (k calcKit) past(b *calcAnswer, a calcAsked, income int64) []policy.Quote {
	q, err := k.law.Entitlement(policy.Entitlement{Day: a.Day, Sex: a.Sex, Born: a.Born, Months: a.Before, Voluntary: a.Before})
	if err != nil {
		return nil
	}
	if yes, _ := q.Result("entitled"); !*yes.Yes {
		return []policy.Quote{q}
	}
	average := a.Average
	if average == 0 {
		average = income
	}
	pension, err := k.law.Pension(policy.Pension{Day: a.Day, Sex: a.Sex, Months: a.Before, Average: average})
	if err != nil {
		return []policy.Quote{q}
	}
	from, _ := q.Result("pension_from")
	b.TooFew = k.say("calc.entitled", k.ageWords(q), WholeFigure(k.lang, a.Before, policy.Months))
	b.Instead = []string{k.say("calc.entitled_pension", k.money(pension.Get("monthly")), from.Day, policy.Figure(pension.Get("rate_bp"), policy.BasisPoint, k.lang), k.money(average)), k.say("calc.entitled_go")}
	return []policy.Quote{q, pension}
}
