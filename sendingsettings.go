package loa

import (
	"maps"
	"slices"
	"time"
)

// Hours are minutes after midnight between which people may be reached; Start 0 and End 1440 is always. They never go past midnight.
type Hours struct{ Start, End int }

// Open says whether a moment lies within the hours, and otherwise when they next begin.
func (h Hours) Open(at time.Time) (open bool, next time.Time) {
	at = at.In(Zone)
	day := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, Zone)
	now := at.Hour()*60 + at.Minute()
	start := day.Add(time.Duration(h.Start) * time.Minute)
	switch {
	case now < h.Start:
		return false, start
	case now >= h.End:
		return false, start.AddDate(0, 0, 1)
	}
	return true, time.Time{}
}

// And is when both hours hold; where they never meet, it ends before it begins.
func (h Hours) And(g Hours) Hours { return Hours{max(h.Start, g.Start), min(h.End, g.End)} }

// Always are hours without an end.
var Always = Hours{0, 24 * 60}

// HourForms are the forms that have hours of their own: those of sending, and the telephone that somebody picks up. Their words are the
// channels of consent, and the loudspeaker beside them.
var HourForms = []string{CallList, "sms", "zalo", "email", "page", string(Loudspeaker)}

// Telcos are the mobile networks an SMS is billed by; other stands for those not named.
var Telcos = []string{"viettel", "vinaphone", "mobifone", "vietnamobile", "other"}

// FewMost is the most people a care message may go to that no second officer looked at, whatever an office sets.
const FewMost = 200

// SendingSettings is what an office decides about sending, beside what the law does.
type SendingSettings struct {
	Hours       map[string]Hours // by HourForms: outside of them nobody is reached, emergencies aside
	CapN        int              // contacts with one person over all forms, visits and sessions included; 0: no limit
	CapDays     int              // in so many days
	Few         int              // a care message to at most so many people needs no second officer; FewMost at the most
	Pace        int              // messages an hour a new broadcast begins with; 0: as fast as the accounts take them
	FailLimit   int              // basis points of failures at which a new broadcast pauses by itself; 0: never
	RefuseLimit int              // and of refusals
	SMSPrice    map[string]int64 // đồng for one part, by Telcos; 0: not known
	LowBalance  int64            // đồng on an account below which Today says so
}

// DefaultSendingSettings hold until an office says otherwise: nobody's telephone rings at night, nobody is told things all the time.
func DefaultSendingSettings() SendingSettings {
	day, letters := Hours{7 * 60, 21 * 60}, Hours{6*60 + 30, 21*60 + 30}
	return SendingSettings{
		Hours: map[string]Hours{CallList: day, "sms": day, "zalo": day, "email": letters, "page": letters, string(Loudspeaker): {5 * 60, 21 * 60}},
		CapN:  2, CapDays: 7, Few: FewMost, FailLimit: 2000, RefuseLimit: 300, SMSPrice: map[string]int64{}, LowBalance: 200_000,
	}
}

// HoursOf are the hours of a form; what has none of its own may be used always.
func (s SendingSettings) HoursOf(form string) Hours {
	if h, ok := s.Hours[form]; ok {
		return h
	}
	return Always
}

// Price is what an SMS of so many parts costs over a mobile network, as far as the office wrote it down.
func (s SendingSettings) Price(telco string, parts int) (dong int64, known bool) {
	p := s.SMSPrice[telco]
	if p == 0 {
		p = s.SMSPrice["other"]
	}
	return p * int64(parts), p > 0
}

// Check refuses hours that run backwards, limits that say nothing and prices nobody asks.
func (s SendingSettings) Check() error {
	for _, form := range slices.Sorted(maps.Keys(s.Hours)) {
		h := s.Hours[form]
		switch {
		case !slices.Contains(HourForms, form):
			return Refuse(Invalid, "hours", "not_in_list")
		case h.Start < 0 || h.End <= h.Start || h.End > 24*60:
			return Refuse(Invalid, "hours_"+form, "bad_hours")
		}
	}
	for _, telco := range slices.Sorted(maps.Keys(s.SMSPrice)) {
		p := s.SMSPrice[telco]
		switch {
		case !slices.Contains(Telcos, telco):
			return Refuse(Invalid, "price", "not_in_list")
		case p < 0 || p > 100_000:
			return Refuse(Invalid, "price_"+telco, "out_of_range")
		}
	}
	for _, x := range []struct {
		field    string
		n        int
		from, to int
	}{{"cap", s.CapN, 0, 1000}, {"cap_days", s.CapDays, 1, 90}, {"few", s.Few, 0, FewMost}, {"pace", s.Pace, 0, 1_000_000}, {"fail_limit", s.FailLimit, 0, 10_000}, {"refuse_limit", s.RefuseLimit, 0, 10_000}} {
		if x.n < x.from || x.n > x.to {
			return Refuse(Invalid, x.field, "out_of_range")
		}
	}
	if s.LowBalance < 0 || s.LowBalance > 1_000_000_000 {
		return Refuse(Invalid, "low_balance", "out_of_range")
	}
	return nil
}
