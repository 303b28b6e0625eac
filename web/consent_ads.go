package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/composing"
)

// agreedAdsText says what somebody agreed to about advertising otherwise than the law says; empty when nothing was.
func agreedAdsText(r *http.Request, a loa.AgreedAds) string {
	var parts []string
	if a.Hours != (loa.Hours{}) {
		parts = append(parts, t(r, "consent.ads.hours", minuteOf(a.Hours.Start), minuteOf(a.Hours.End)))
	}
	if a.Most > 0 {
		parts = append(parts, t(r, "consent.ads.most", a.Most))
	}
	if len(parts) == 0 {
		return ""
	}
	return t(r, "consent.ads", strings.Join(parts, ", "))
}

// agreedAds reads the terms of an agreement to advertising; both fields of the hours or neither.
func (f *form) agreedAds() (a loa.AgreedAds) {
	a.Most = int(f.number("ads_most"))
	from, until := f.text("ads_from"), f.text("ads_to")
	if from == "" && until == "" {
		return a
	}
	start, ok1 := readClock(from)
	end, ok2 := readClock(until)
	if !ok1 || !ok2 || end <= start {
		f.bad("ads_from", "error.bad_hours")
		return a
	}
	a.Hours = loa.Hours{Start: start, End: end}
	return a
}

// adsLaw says what the law of the day holds advertising to, beside the fields for what somebody agreed to in its stead; empty when it is
// not known, and then no agreement helps either.
func (s *Server) adsLaw(r *http.Request) (string, error) {
	law, err := s.law(r)
	if err != nil {
		return "", err
	}
	ads := composing.AdsOn(law, s.today())
	if !ads.Known {
		return t(r, "gate.ad_law_unknown"), nil
	}
	return t(r, "consent.ads.law", ads.SMSMost, ads.EmailMost, ads.CallMost, minuteOf(ads.SMS.Start), minuteOf(ads.SMS.End), minuteOf(ads.Call.Start), minuteOf(ads.Call.End)), nil
}
