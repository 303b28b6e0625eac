package web

import (
	"loa/i18n"
	"loa/policy"
)

// Figure says an exact number of the calculator in a language: months as years and months, rates as per cent, amounts in đồng, times of day as
// 07:00.
func Figure(lang string, v policy.Number, u policy.Unit) string {
	say := func(key string, args ...any) string { return i18n.Text(lang, "policy.unit."+key, args...) }
	switch u {
	case policy.Months:
		if n := v.Whole(); v.IsInt() && n >= 24 {
			if n%12 == 0 {
				return say("years", policy.Amount(policy.Int(n/12), u, lang))
			}
			return say("years", policy.Amount(policy.Int(n/12), u, lang)) + " " + say("months", policy.Amount(policy.Int(n%12), u, lang))
		}
		return say("months", policy.Amount(v, u, lang))
	case policy.CountedMonths:
		return say("months", policy.Amount(v, u, lang))
	case policy.Years, policy.Days, policy.Times:
		return say(string(u), policy.Amount(v, u, lang))
	}
	return policy.Amount(v, u, lang)
}

// WholeFigure says a whole number of a unit as results and rows of the law keep it.
func WholeFigure(lang string, n int64, u policy.Unit) string {
	return Figure(lang, policy.Exact(n, u), u)
}
