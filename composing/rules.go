package composing

import (
	"loa"
	"loa/policy"
	"loa/sending"
)

// AdsOn is what the law of a day holds advertising to, as the gate reads it; on a day of which one figure is not known, nothing is.
func AdsOn(law policy.Parameters, day loa.Day) sending.Ads {
	q, err := law.Advertising(day)
	if err != nil {
		return sending.Ads{}
	}
	n := func(name string) int { return int(q.Get(name)) }
	return sending.Ads{
		Known: true, SMSMost: n("sms_most"), EmailMost: n("email_most"), CallMost: n("call_most"),
		SMS: loa.Hours{Start: n("sms_from"), End: n("sms_to")}, Call: loa.Hours{Start: n("call_from"), End: n("call_to")},
	}
}
