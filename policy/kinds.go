package policy

import (
	"sync"

	"loa"
)

var (
	dayField    = Field{Name: "day", Shape: ADay}
	sexField    = Field{Name: "sex", Shape: AChoice, Options: []string{"female", "male"}, Needed: true}
	bornField   = Field{Name: "born", Shape: AMonth, Needed: true}
	groupField  = Field{Name: "groups", Shape: Several, Options: words(SupportGroups)}
	hiField     = Field{Name: "groups", Shape: Several, Options: words(HIGroups)}
	methodField = Field{Name: "method", Shape: AChoice, Options: words(PayMethods), Needed: true}
	regionField = Field{Name: "region", Shape: AChoice, Options: []string{"1", "2", "3", "4"}, Needed: true}
)

// PayMethods are the ways voluntary SI is paid, in the order they are offered (Law 41/2024, Article 36(2)).
var PayMethods = []loa.Method{loa.Monthly, loa.Quarterly, loa.HalfYear, loa.Yearly, loa.YearsAhead, loa.Missing}

func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

func money(name string) Field  { return Field{Name: name, Shape: AMoney} }
func number(name string) Field { return Field{Name: name, Shape: ANumber} }
func share(name string) Field  { return Field{Name: name, Shape: AShare} }
func needed(f Field) Field     { f.Needed = true; return f }
func optional(f Field) Field   { f.Needed = false; return f }
func choices(name string, of ...string) Field {
	return Field{Name: name, Shape: AChoice, Options: of}
}

// Kinds are all questions the calculator answers, those most asked first.
var Kinds = sync.OnceValue(func() []Kind {
	return []Kind{
		{"contribution", []Field{dayField, needed(money("income")), groupField, methodField, needed(number("periods")), share("local_bp"), share("support_bp"), money("other"), number("supported")},
			func(p Parameters, a *answers) (Quote, error) {
				return p.Contribution(Contribution{Day: a.day("day"), Income: a.number("income", 0), Groups: a.groups(), Method: loa.Method(a.choice("method")), Periods: a.number("periods", 0),
					LocalBP: a.number("local_bp", -1), SupportBP: a.number("support_bp", -1), Other: a.number("other", 0), Supported: a.number("supported", 0)})
			}},
		{"income-valid", []Field{dayField, needed(money("income"))}, func(p Parameters, a *answers) (Quote, error) {
			return p.Income(a.day("day"), a.number("income", 0))
		}},
		{"refund", []Field{dayField, needed(money("income")), groupField, methodField, needed(number("periods")), needed(number("left")), share("support_bp")},
			func(p Parameters, a *answers) (Quote, error) {
				return p.Refund(Refund{Day: a.day("day"), Income: a.number("income", 0), Groups: a.groups(), Method: loa.Method(a.choice("method")), Periods: a.number("periods", 0),
					Left: a.number("left", 0), SupportBP: a.number("support_bp", -1)})
			}},
		{"deadline", []Field{dayField, methodField, needed(Field{Name: "first", Shape: AMonth})}, func(p Parameters, a *answers) (Quote, error) {
			return p.Deadline(loa.Method(a.choice("method")), a.month("first"), a.day("day"))
		}},
		{"pension-rate", []Field{dayField, sexField, needed(number("months"))}, func(p Parameters, a *answers) (Quote, error) {
			return p.PensionRate(a.day("day"), a.sex(), a.number("months", 0))
		}},
		{"pension", []Field{dayField, sexField, needed(number("months")), needed(money("average")), number("compulsory_months"), {Name: "first_joined", Shape: ADay}, number("after_age"), number("early")},
			func(p Parameters, a *answers) (Quote, error) {
				return p.Pension(Pension{Day: a.day("day"), Sex: a.sex(), Months: a.number("months", 0), Average: a.number("average", 0), Compulsory: a.number("compulsory_months", 0),
					FirstJoined: a.day("first_joined"), AfterAge: a.number("after_age", 0), Early: a.number("early", 0)})
			}},
		{"average", []Field{{Name: "settled", Shape: ANumber, Needed: true}, {Name: "history", Shape: AHistory, Needed: true}, money("compulsory_average"), number("compulsory_months")},
			func(p Parameters, a *answers) (Quote, error) {
				history, err := ReadHistory(a.given["history"])
				if err != nil {
					return Quote{}, err
				}
				return p.Average(Average{Settled: int(a.number("settled", 0)), History: history, CompulsoryAverage: a.number("compulsory_average", 0), CompulsoryMonths: a.number("compulsory_months", 0)})
			}},
		{"retirement", []Field{dayField, sexField, bornField}, func(p Parameters, a *answers) (Quote, error) {
			return p.Retirement(a.sex(), a.month("born"), a.day("day"))
		}},
		{"entitlement", []Field{dayField, sexField, bornField, needed(number("months")), number("voluntary_months"), {Name: "joined", Shape: ADay}}, func(p Parameters, a *answers) (Quote, error) {
			return p.Entitlement(Entitlement{Day: a.day("day"), Sex: a.sex(), Born: a.month("born"), Months: a.number("months", 0), Voluntary: a.number("voluntary_months", 0), Joined: a.day("joined")})
		}},
		{"lump-sum", []Field{dayField, needed(number("months_before_2014")), needed(number("months_from_2014")), needed(money("average")), money("state_money"), money("paid")},
			func(p Parameters, a *answers) (Quote, error) {
				return p.LumpSum(LumpSum{Day: a.day("day"), Before2014: a.number("months_before_2014", 0), From2014: a.number("months_from_2014", 0), Average: a.number("average", 0),
					StateMoney: a.number("state_money", 0), Paid: a.number("paid", 0)})
			}},
		{"allowance", []Field{dayField, optional(sexField), optional(bornField), needed(number("months")), needed(money("average"))}, func(p Parameters, a *answers) (Quote, error) {
			return p.Allowance(Allowance{Day: a.day("day"), Sex: a.sex(), Born: a.month("born"), Months: a.number("months", 0), Average: a.number("average", 0)})
		}},
		{"social-pension", []Field{dayField, bornField, groupField, {Name: "own", Shape: AMoney, Label: "own_pension"}}, func(p Parameters, a *answers) (Quote, error) {
			return p.SocialPension(SocialPensionAsked{Day: a.day("day"), Born: a.month("born"), Groups: a.groups(), Own: a.number("own", 0)})
		}},
		{"maternity", []Field{dayField, needed(number("months")), number("children")}, func(p Parameters, a *answers) (Quote, error) {
			return p.Maternity(a.day("day"), a.number("children", 1), a.number("months", 0))
		}},
		{"funeral", []Field{dayField, needed(number("months")), choices("pensioner", "no", "yes")}, func(p Parameters, a *answers) (Quote, error) {
			return p.Funeral(a.day("day"), a.number("months", 0), a.choice("pensioner") == "yes")
		}},
		{"survivors", []Field{dayField, number("months_before_2014"), number("months_from_2014"), money("average"), money("paid"), money("pension"), number("drawn"), number("compulsory_months")},
			func(p Parameters, a *answers) (Quote, error) {
				return p.Survivors(Survivors{Day: a.day("day"), Before2014: a.number("months_before_2014", 0), From2014: a.number("months_from_2014", 0), Average: a.number("average", 0),
					Paid: a.number("paid", 0), Pension: a.number("pension", 0), Drawn: a.number("drawn", 0), Compulsory: a.number("compulsory_months", 0)})
			}},
		{"household", []Field{dayField, number("members"), number("months"), {Name: "member_months", Shape: SomeNumbers}}, func(p Parameters, a *answers) (Quote, error) {
			return a.asMembers(p.Household(a.day("day"), a.memberMonths()))
		}},
		{"household-terms", []Field{dayField, needed(number("members"))}, func(p Parameters, a *answers) (Quote, error) {
			return p.HouseholdTerms(a.day("day"), a.number("members", 0))
		}},
		{"pupil", []Field{dayField, needed(number("months")), share("support_bp")}, func(p Parameters, a *answers) (Quote, error) {
			return p.Pupil(a.day("day"), a.number("months", 0), a.number("support_bp", -1))
		}},
		{"card", []Field{dayField, hiField, needed(number("months"))}, func(p Parameters, a *answers) (Quote, error) {
			return p.Card(a.day("day"), a.groups(), a.number("months", 0))
		}},
		{"hi-group", []Field{dayField, hiField}, func(p Parameters, a *answers) (Quote, error) { return p.HIGroup(a.day("day"), a.groups()) }},
		{"hi-threshold", []Field{dayField, money("paid_before")}, func(p Parameters, a *answers) (Quote, error) {
			return p.Thresholds(a.day("day"), a.number("paid_before", -1))
		}},
		{"hi-visit", []Field{dayField, {Name: "groups", Shape: Several, Options: words(BenefitGroups)}, needed(money("cost")), money("copaid"), number("continuous")}, func(p Parameters, a *answers) (Quote, error) {
			return p.Visit(Visit{Day: a.day("day"), Groups: a.groups(), Cost: a.number("cost", 0), Copaid: a.number("copaid", 0), Continuous: a.number("continuous", 0)})
		}},
		{"hi-validity", []Field{dayField, {Name: "ended", Shape: ADay}, needed(number("months"))}, func(p Parameters, a *answers) (Quote, error) {
			return p.Validity(Validity{Paid: a.day("day"), Ended: a.day("ended"), Months: a.number("months", 0)})
		}},
		{"worker", []Field{dayField, needed(money("wage")), regionField}, func(p Parameters, a *answers) (Quote, error) {
			return p.Worker(a.day("day"), a.number("wage", 0), a.region())
		}},
		{"worker-missing", []Field{dayField, needed(money("wage")), needed(number("months"))}, func(p Parameters, a *answers) (Quote, error) {
			return p.WorkerMissing(a.day("day"), a.number("wage", 0), a.number("months", 0))
		}},
		{"owner", []Field{dayField, needed(money("income")), number("months")}, func(p Parameters, a *answers) (Quote, error) {
			return p.Owner(a.day("day"), a.number("income", 0), a.number("months", 1))
		}},
		{"unemployment", []Field{dayField, needed(money("average")), needed(number("months")), regionField}, func(p Parameters, a *answers) (Quote, error) {
			return p.Unemployment(a.day("day"), a.number("average", 0), a.number("months", 0), a.region())
		}},
		{"fixed", []Field{dayField}, func(p Parameters, a *answers) (Quote, error) { return p.KnownFixed(a.day("day")) }},
		{"advertising", []Field{dayField}, func(p Parameters, a *answers) (Quote, error) { return p.Advertising(a.day("day")) }},
		{"outlook", outlookFields(), func(p Parameters, a *answers) (Quote, error) { return a.asStarted(p.Outlook(a.outlook())) }},
		{"wish", append(outlookFields()[:1:1], append([]Field{needed(money("wanted"))}, slicesWithout(outlookFields()[1:], "income")...)...), func(p Parameters, a *answers) (Quote, error) {
			return a.asStarted(p.Wish(Wish{a.outlook(), a.number("wanted", 0)}))
		}},
	}
})

func outlookFields() []Field {
	return []Field{dayField, sexField, bornField, needed(money("income")), groupField, share("local_bp"), {Name: "start", Shape: AMonth}, number("start_age"), number("pause"), number("stop"),
		number("before"), money("before_average"), number("supported")}
}

func slicesWithout(fields []Field, name string) []Field {
	var out []Field
	for _, f := range fields {
		if f.Name != name {
			out = append(out, f)
		}
	}
	return out
}

func (a *answers) outlook() Outlook {
	o := Outlook{Day: a.day("day"), Sex: a.sex(), Born: a.month("born"), Income: a.number("income", 0), Groups: a.groups(), LocalBP: a.number("local_bp", -1), Start: a.month("start"),
		Pause: a.number("pause", 0), Stop: a.number("stop", 0), Before: a.number("before", 0), BeforeAverage: a.number("before_average", 0), Supported: a.number("supported", 0)}
	if age := a.number("start_age", 0); age > 0 && a.err == nil {
		if o.Start != "" || age > 100 || o.Born == "" {
			a.bad("start_age", "policy_start_twice")
			return o
		}
		if start := o.Born.Add(int(age) * 12); age != a.ageNow() || start >= o.Day.Month() { // of the age already: from now on
			o.Start = start
		}
	}
	return o
}

// ageNow is the age on the day asked, in whole years.
func (a *answers) ageNow() int64 {
	born, day := a.month("born"), a.day("day")
	if a.err != nil || born == "" {
		return 0
	}
	return int64(day.Month().Sub(born)) / 12
}

// asStarted tells a refusal of the start by the field it was asked with: a month, an age, or the month of birth when neither was said.
func (a *answers) asStarted(q Quote, err error) (Quote, error) {
	e, ok := err.(*loa.Error)
	if !ok || a.err != nil {
		return q, err
	}
	byAge := a.given["start_age"] != ""
	switch {
	case byAge && e.Code == "policy_too_young":
		return q, loa.Refuse(e.Kind, "start_age", e.Code, e.Args...)
	case byAge && e.Code == "policy_start_past":
		return q, loa.Refuse(e.Kind, "start_age", "calc_start_age", a.ageNow())
	case byAge && e.Field == "start":
		return q, loa.Refuse(e.Kind, "start_age", e.Code, e.Args...)
	case e.Code == "policy_way_short" && a.given["start"] == "":
		return q, loa.Refuse(e.Kind, "born", e.Code, e.Args...)
	}
	return q, err
}

// asMembers tells a refusal of a household by the list of months, where that was asked with.
func (a *answers) asMembers(q Quote, err error) (Quote, error) {
	if e, ok := err.(*loa.Error); ok && a.given["member_months"] != "" && (e.Field == "months" || e.Field == "members") {
		return q, loa.Refuse(e.Kind, "member_months", e.Code, e.Args...)
	}
	return q, err
}

func (a *answers) region() int { n := a.number("region", 0); a.choice("region"); return int(min(n, 9)) }

// memberMonths is either a number of members who all pay for the same months, or the months of each.
func (a *answers) memberMonths() []int64 {
	if list := a.numbers("member_months"); len(list) > 0 {
		if a.given["members"] != "" || a.given["months"] != "" {
			a.bad("member_months", "policy_members_twice")
		}
		return list
	}
	members, months := a.number("members", 0), a.number("months", 0)
	switch {
	case a.given["members"] == "":
		a.bad("members", "required")
	case a.given["months"] == "":
		a.bad("months", "required")
	case members < 1 || members > 30:
		a.bad("members", "policy_count", 1, 30)
	}
	if a.err != nil {
		return nil
	}
	out := make([]int64, members)
	for i := range out {
		out[i] = months
	}
	return out
}
