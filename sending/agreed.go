package sending

import (
	"time"

	"loa"
)

// agreed is what the person agreed to about this advertising otherwise than the law says. It speaks of hours and numbers alone: the list
// of those who want none, a refusal, the label and the office's own hours hold whatever was agreed.
func (r Rules) agreed(a Ask) loa.AgreedAds {
	if !r.NeedsYes[Use{loa.Advertising, a.Network}] {
		return loa.AgreedAds{} // to be told by a visit or in public nobody's agreement is asked for
	}
	terms, _ := loa.AgreedAdsFor(a.Consents, a.Channel)
	return terms
}

// adLimit is how much advertising one may get over a network in a day, and the reason to give when it is reached; no reason: no limit.
func (r Rules) adLimit(a Ask) (Limit, string) {
	if a.Purpose != loa.Advertising {
		return Limit{}, ""
	}
	if own := r.agreed(a); own.Most > 0 {
		return Limit{N: own.Most, Per: 24 * time.Hour}, "ads_a_day_agreed"
	}
	if limit, ok := r.AdLimit[a.Network]; ok {
		return limit, "ads_a_day"
	}
	return Limit{}, ""
}

// adHours is when advertising may come over a network, and the reason to give outside of it; no reason: at any hour the office allows.
func (r Rules) adHours(a Ask) (loa.Hours, string) {
	if a.Purpose != loa.Advertising {
		return loa.Hours{}, ""
	}
	if own := r.agreed(a); own.Hours != (loa.Hours{}) {
		return own.Hours, "ad_hours_agreed"
	}
	if hours, ok := r.AdHours[a.Network]; ok {
		return hours, "ad_hours"
	}
	return loa.Hours{}, ""
}
