package sending

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"loa"
)

// at is a moment of Việt Nam's clock.
func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, loa.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

// rules are those of an office that sends until nine in the evening and lets four contacts a week be enough, under the law of 2026.
var rules = RulesOf(office(span(7*60, 21*60)), adLaw)

func office(sms loa.Hours) loa.SendingSettings {
	return loa.SendingSettings{Hours: map[string]loa.Hours{"sms": sms, "loudspeaker": span(5*60, 21*60)}, CapN: 4, CapDays: 7}
}

var adLaw = Ads{Known: true, SMSMost: 3, EmailMost: 3, CallMost: 1, SMS: span(7*60, 22*60), Call: span(8*60, 17*60)}

func span(start, end int) loa.Hours { return loa.Hours{Start: start, End: end} }

func said(purpose, channel string, agreed bool, on loa.Day) loa.Consent {
	return loa.Consent{Fact: loa.Fact{ID: loa.FactID(string(on) + purpose + channel), HappenedOn: on}, Purpose: purpose, Channel: channel, Agreed: agreed}
}

func TestGate(t *testing.T) {
	yes := []loa.Consent{said(loa.Advertising, "all", true, "2026-01-01")}
	had := func(purpose string, when ...string) (out []loa.Touch) {
		for _, w := range when {
			out = append(out, loa.Touch{At: at(w), Network: "tel", Purpose: purpose, Counts: true})
		}
		return out
	}
	terms := func(channel string, ads loa.AgreedAds) []loa.Consent {
		c := said(loa.Advertising, channel, true, "2026-01-01")
		c.Ads = ads
		return []loa.Consent{c}
	}
	ad := func(consents []loa.Consent, when string, change func(*Ask)) Ask {
		a := Ask{Purpose: loa.Advertising, Labelled: true, Network: "tel", Channel: "sms", At: at(when), Consents: consents, Window: loa.Window{From: "2026-11-24", Until: "2026-11-30", Start: 0, End: 24 * 60}}
		if change != nil {
			change(&a)
		}
		return a
	}
	late, many := loa.AgreedAds{Hours: span(6*60, 20*60)}, loa.AgreedAds{Most: 5}
	threeAds := had(loa.Advertising, "2026-11-24 08:00", "2026-11-24 08:30", "2026-11-24 09:00")
	call := func(a *Ask) { a.Network, a.Channel = loa.CallList, "call" }
	base := Ask{Purpose: loa.Care, Network: "tel", Channel: "sms", At: at("2026-11-24 09:00"), Window: loa.Window{From: "2026-11-24", Until: "2026-11-30", Start: 6 * 60, End: 22 * 60}}
	with := func(change func(*Ask)) Ask { a := base; change(&a); return a }
	for name, c := range map[string]struct {
		ask  Ask
		want Decision
	}{
		"by day":                          {base, Decision{Verdict: Pass}},
		"refused everything":              {with(func(a *Ask) { a.Consents = []loa.Consent{said(loa.Care, "all", false, "2026-01-01")} }), Decision{Verdict: Bar, Reason: "refused"}},
		"refused SMS":                     {with(func(a *Ask) { a.Consents = []loa.Consent{said(loa.Care, "sms", false, "2026-01-01")} }), Decision{Verdict: Fall, Reason: "refused_channel"}},
		"refused another purpose":         {with(func(a *Ask) { a.Consents = []loa.Consent{said(loa.Advertising, "all", false, "2026-01-01")} }), Decision{Verdict: Pass}},
		"the number refused":              {with(func(a *Ask) { a.OptedOut = true }), Decision{Verdict: Fall, Reason: "opted_out"}},
		"a shared telephone":              {with(func(a *Ask) { a.Shared, a.Personal = true, true }), Decision{Verdict: Fall, Reason: "shared_phone"}},
		"a shared telephone, open words":  {with(func(a *Ask) { a.Shared = true }), Decision{Verdict: Pass}},
		"advertising nobody agreed to":    {with(func(a *Ask) { a.Purpose, a.Labelled = loa.Advertising, true }), Decision{Verdict: Fall, Reason: "no_consent"}},
		"advertising without its label":   {with(func(a *Ask) { a.Purpose, a.Consents = loa.Advertising, yes }), Decision{Verdict: Bar, Reason: "no_label"}},
		"advertising to whoever wants no": {with(func(a *Ask) { a.Purpose, a.Consents, a.Labelled, a.DoNotCall = loa.Advertising, yes, true, true }), Decision{Verdict: Bar, Reason: "do_not_call"}},
		"care to whoever wants no ads":    {with(func(a *Ask) { a.DoNotCall = true }), Decision{Verdict: Pass}},
		"the fourth advertisement in a day": {with(func(a *Ask) {
			a.Purpose, a.Consents, a.Labelled, a.Touches = loa.Advertising, yes, true, had(loa.Advertising, "2026-11-23 10:00", "2026-11-23 15:00", "2026-11-24 08:00")
		}), Decision{Verdict: Wait, Reason: "ads_a_day", Until: at("2026-11-24 10:00")}},
		"over the cap of all forms": {with(func(a *Ask) {
			a.Touches = had(loa.Care, "2026-11-18 08:00", "2026-11-19 08:00", "2026-11-20 08:00", "2026-11-21 08:00")
		}), Decision{Verdict: Wait, Reason: "cap", Until: at("2026-11-25 08:00")}},
		"at night":               {with(func(a *Ask) { a.At = at("2026-11-24 22:30") }), Decision{Verdict: Wait, Reason: "quiet", Until: at("2026-11-25 07:00")}},
		"before dawn":            {with(func(a *Ask) { a.At = at("2026-11-24 06:30") }), Decision{Verdict: Wait, Reason: "quiet", Until: at("2026-11-24 07:00")}},
		"the last minute":        {with(func(a *Ask) { a.At = at("2026-11-24 20:59") }), Decision{Verdict: Pass}},
		"the first quiet minute": {with(func(a *Ask) { a.At = at("2026-11-24 21:00") }), Decision{Verdict: Wait, Reason: "quiet", Until: at("2026-11-25 07:00")}},
		"a loudspeaker at dawn":  {with(func(a *Ask) { a.Network, a.At, a.Window.Start = loa.SpeakerNetwork, at("2026-11-24 05:00"), 0 }), Decision{Verdict: Pass}},
		"an advertising call in the evening": {with(func(a *Ask) {
			a.Purpose, a.Consents, a.Labelled, a.Network, a.Channel, a.At = loa.Advertising, yes, true, "call", "call", at("2026-11-24 17:00")
		}), Decision{Verdict: Wait, Reason: "ad_hours", Until: at("2026-11-25 08:00")}},
		"before the window":                {with(func(a *Ask) { a.At = at("2026-11-20 09:00") }), Decision{Verdict: Wait, Reason: "quiet", Until: at("2026-11-24 07:00")}},
		"after the window":                 {with(func(a *Ask) { a.At = at("2026-12-01 09:00") }), Decision{Verdict: Fall, Reason: "window_over"}},
		"the last evening of the window":   {with(func(a *Ask) { a.At = at("2026-11-30 21:30") }), Decision{Verdict: Fall, Reason: "window_over"}},
		"hours that never meet":            {with(func(a *Ask) { a.Window.Start, a.Window.End = 22*60, 23*60 }), Decision{Verdict: Fall, Reason: "no_hours"}},
		"a call in the evening as agreed":  {ad(terms("call", late), "2026-11-24 18:00", call), Decision{Verdict: Pass}},
		"a call later than agreed":         {ad(terms("call", late), "2026-11-24 20:00", call), Decision{Verdict: Wait, Reason: "ad_hours_agreed", Until: at("2026-11-25 06:00")}},
		"agreed for calls, not for SMS":    {ad(append(terms("call", loa.AgreedAds{Hours: span(18*60, 20*60)}), yes...), "2026-11-24 10:00", nil), Decision{Verdict: Pass}},
		"agreed hours within quiet ones":   {ad(terms("sms", loa.AgreedAds{Hours: span(20*60, 23*60)}), "2026-11-24 21:30", nil), Decision{Verdict: Wait, Reason: "ad_hours_agreed", Until: at("2026-11-25 20:00")}},
		"agreed hours that are all quiet":  {ad(terms("sms", loa.AgreedAds{Hours: span(21*60, 23*60)}), "2026-11-24 21:30", nil), Decision{Verdict: Fall, Reason: "no_hours"}},
		"the fourth as agreed":             {ad(terms("sms", many), "2026-11-24 10:00", func(a *Ask) { a.Touches = threeAds }), Decision{Verdict: Pass}},
		"the second when one was agreed":   {ad(terms("all", loa.AgreedAds{Most: 1}), "2026-11-24 10:00", func(a *Ask) { a.Touches = threeAds[:1] }), Decision{Verdict: Wait, Reason: "ads_a_day_agreed", Until: at("2026-11-25 08:00")}},
		"agreed, and on the national list": {ad(terms("sms", many), "2026-11-24 10:00", func(a *Ask) { a.DoNotCall = true }), Decision{Verdict: Bar, Reason: "do_not_call"}},
		"agreed, and without its label":    {ad(terms("sms", many), "2026-11-24 10:00", func(a *Ask) { a.Labelled = false }), Decision{Verdict: Bar, Reason: "no_label"}},
		"agreed, and refused since":        {ad(append(terms("sms", many), said(loa.Advertising, "all", false, "2026-02-01")), "2026-11-24 10:00", nil), Decision{Verdict: Bar, Reason: "refused"}},
		"agreed, and agreed anew without":  {ad(append(terms("sms", many), said(loa.Advertising, "sms", true, "2026-02-01")), "2026-11-24 10:00", func(a *Ask) { a.Touches = threeAds }), Decision{Verdict: Wait, Reason: "ads_a_day", Until: at("2026-11-25 08:00")}},
		"an emergency at night":            {with(func(a *Ask) { a.Purpose, a.Priority, a.At = loa.Administrative, loa.Emergency, at("2026-11-24 23:00") }), Decision{Verdict: Pass}},
		"an emergency over a refusal": {with(func(a *Ask) {
			a.Purpose, a.Priority, a.Consents = loa.Administrative, loa.Emergency, []loa.Consent{said(loa.Administrative, "all", false, "2026-01-01")}
		}), Decision{Verdict: Bar, Reason: "refused"}},
	} {
		if got := Gate(c.ask, rules); got.Verdict != c.want.Verdict || got.Reason != c.want.Reason || !got.Until.Equal(c.want.Until) {
			t.Errorf("%s: %s %s %s, want %s %s %s", name, got.Verdict, got.Reason, got.Until, c.want.Verdict, c.want.Reason, c.want.Until)
		}
	}
}

// TestPropertyNobodyIsToldAgainstTheRules draws people, pasts and moments, and looks at every message that passes from the outside: by
// counting minutes and contacts, not by the gate's own reasoning. Whoever must wait passes the limits at the moment that was named.
func TestPropertyNobodyIsToldAgainstTheRules(t *testing.T) {
	middle := at("2026-11-25 00:00")
	rapid.Check(t, func(t *rapid.T) {
		moment := rapid.Custom(func(t *rapid.T) time.Time {
			edge := rapid.SampledFrom([]int{0, 419, 420, 479, 480, 540, 720, 900, 1019, 1020, 1259, 1260, 1319, 1320, 1439})
			minute := rapid.OneOf(edge, rapid.IntRange(0, 1439)).Draw(t, "minute")
			return middle.AddDate(0, 0, rapid.IntRange(-6, 6).Draw(t, "day")).Add(time.Duration(minute) * time.Minute)
		})
		a := Ask{
			Purpose: rapid.SampledFrom(append([]string{loa.Advertising, loa.Advertising}, loa.Purposes...)).Draw(t, "purpose"), Network: rapid.SampledFrom([]string{"tel", "zalo", "mail", loa.SpeakerNetwork, "call"}).Draw(t, "network"), Priority: rapid.SampledFrom([]loa.Priority{loa.Normal, loa.Pressing, loa.Emergency}).Draw(t, "priority"),
			Channel: rapid.SampledFrom([]string{"sms", "zalo", "email", "call"}).Draw(t, "channel"), At: moment.Draw(t, "at"), OptedOut: rapid.Bool().Draw(t, "out"), DoNotCall: rapid.Bool().Draw(t, "dnc"),
			Shared: rapid.Bool().Draw(t, "shared"), Personal: rapid.Bool().Draw(t, "personal"), Labelled: rapid.Bool().Draw(t, "label"),
			Window: loa.Window{From: "2026-11-22", Until: "2026-11-29", Start: rapid.IntRange(0, 1000).Draw(t, "start")},
		}
		a.Window.End = rapid.IntRange(a.Window.Start+1, 1440).Draw(t, "end")
		for range rapid.IntRange(0, 6).Draw(t, "consents") {
			a.Consents = append(a.Consents, agreeing(t, said(rapid.SampledFrom(loa.Purposes).Draw(t, "p"), rapid.SampledFrom([]string{"all", "sms", "zalo", "call"}).Draw(t, "c"), rapid.Bool().Draw(t, "yes"), loa.DayOf(moment.Draw(t, "said")))))
		}
		for range rapid.IntRange(0, 8).Draw(t, "contacts") {
			had := loa.Touch{At: moment.Draw(t, "had"), Network: rapid.SampledFrom([]string{"tel", "zalo", "mail", "call", "visit"}).Draw(t, "over"), Purpose: rapid.SampledFrom(loa.Purposes).Draw(t, "for"), Counts: rapid.Bool().Draw(t, "counts")}
			if rapid.Bool().Draw(t, "more of the same") { // most limits are counted in a day
				had.At, had.Network, had.Purpose = a.At.Add(-time.Duration(rapid.IntRange(0, 30*60).Draw(t, "ago"))*time.Minute), a.Network, a.Purpose
			}
			a.Touches = append(a.Touches, had)
		}
		if rapid.Bool().Draw(t, "welcome") { // so that hours and limits decide
			a.Window.Start, a.Window.End = 0, 1440
			a.OptedOut, a.DoNotCall, a.Shared, a.Labelled, a.Priority = false, false, false, true, loa.Normal
			a.Consents = append(a.Consents, agreeing(t, said(a.Purpose, "all", true, "2026-12-30")), agreeing(t, said(a.Purpose, a.Channel, true, "2026-12-30")))
		}
		sms, law := rapid.SampledFrom([]loa.Hours{span(7*60, 21*60), loa.Always}).Draw(t, "office"), adLaw
		if rapid.IntRange(0, 4).Draw(t, "law") == 0 {
			law = Ads{} // a day of which nobody knows the law
		}
		rules := RulesOf(office(sms), law)
		d := Gate(a, rules)
		if a.Purpose == loa.Advertising && !rules.AdsKnown && (d.Verdict != Bar || d.Reason != "ad_law_unknown" && d.Reason != "refused") {
			t.Fatalf("advertising nobody knows the limits of: %s %s", d.Verdict, d.Reason)
		}
		if d.Reason == "ad_law_unknown" && (rules.AdsKnown || a.Purpose != loa.Advertising) {
			t.Fatalf("%s is held for a law that is known", a.Purpose)
		}
		switch d.Verdict {
		case Pass:
			against(t, a, sms)
		case Wait:
			if !d.Until.After(a.At) || a.Priority == loa.Emergency {
				t.Fatalf("waits until %s at %s", d.Until, a.At)
			}
			later := a
			later.At = d.Until
			if again := Gate(later, rules); again.Verdict == Wait && again.Reason == d.Reason && d.Reason != "cap" && d.Reason != "ads_a_day" && d.Reason != "ads_a_day_agreed" {
				t.Fatalf("waits for %s until %s, and then again until %s", d.Reason, d.Until, again.Until)
			}
		default:
			if d.Reason == "" {
				t.Fatal("no reason is given")
			}
		}
	})
}

// against fails when a message may not go out: told without the gate's own code.
func against(t *rapid.T, a Ask, sms loa.Hours) {
	latest := map[string]loa.Consent{}
	for _, c := range a.Consents {
		if c.Purpose == a.Purpose && (c.Channel == a.Channel || c.Channel == "all") && latest[c.Channel].HappenedOn < c.HappenedOn {
			latest[c.Channel] = c
		}
	}
	agreed := false
	for _, c := range latest {
		same := false // two words of one day: either may be the later
		for _, o := range a.Consents {
			same = same || o.Purpose == c.Purpose && o.Channel == c.Channel && o.HappenedOn == c.HappenedOn && o.Agreed != c.Agreed
		}
		if !c.Agreed && !same {
			t.Fatalf("%s refused %s over %s", c.HappenedOn, c.Purpose, c.Channel)
		}
		agreed = agreed || c.Agreed || same
	}
	if a.OptedOut || a.Shared && a.Personal {
		t.Fatal("the address is not to be used")
	}
	if a.Purpose == loa.Advertising && (a.DoNotCall || !a.Labelled || !agreed && a.Network != loa.SpeakerNetwork) {
		t.Fatal("advertising nobody may send")
	}
	if a.Priority == loa.Emergency {
		return
	}
	minute := a.At.In(loa.Zone).Hour()*60 + a.At.In(loa.Zone).Minute()
	if day := loa.DayOf(a.At); day < "2026-11-22" || day > "2026-11-29" || minute < a.Window.Start || minute >= a.Window.End {
		t.Fatalf("outside its window at %s", a.At)
	}
	if a.Network == "tel" && (minute < sms.Start || minute >= sms.End) || a.Network == loa.SpeakerNetwork && (minute < 300 || minute >= 1260) {
		t.Fatalf("over %s at minute %d", a.Network, minute)
	}
	all, ads := 0, 0
	for _, c := range a.Touches {
		ago := a.At.Sub(c.At)
		if ago >= 0 && ago < 7*24*time.Hour && c.Counts {
			all++
		}
		if ago >= 0 && ago < 24*time.Hour && c.Purpose == loa.Advertising && c.Network == a.Network {
			ads++
		}
	}
	if all >= 4 {
		t.Fatalf("%d contacts in a week", all)
	}
	if a.Purpose != loa.Advertising || a.Network == loa.SpeakerNetwork {
		return
	}
	for _, terms := range termsOf(a) {
		if minute >= terms.Hours.Start && minute < terms.Hours.End && ads < terms.Most {
			return
		}
	}
	t.Fatalf("advertising over %s at minute %d, after %d in a day; it may be any of %v", a.Network, minute, ads, termsOf(a))
}

// agreeing gives some agreements to advertising terms of their own: stricter and looser than the law.
func agreeing(t *rapid.T, c loa.Consent) loa.Consent {
	if c.Purpose != loa.Advertising || !c.Agreed || rapid.Bool().Draw(t, "as the law says") {
		return c
	}
	if rapid.Bool().Draw(t, "hours") {
		c.Ads.Hours = rapid.SampledFrom([]loa.Hours{span(5*60, 23*60), span(9*60, 10*60), loa.Always, span(17*60, 22*60+1)}).Draw(t, "agreed hours")
	}
	c.Ads.Most = rapid.SampledFrom([]int{0, 1, 2, 5}).Draw(t, "agreed most")
	return c
}

// termsOf are the terms that may hold for an advertisement: where two agreements are of one day, those of either.
func termsOf(a Ask) (out []loa.AgreedAds) {
	last := func(channel string) []loa.AgreedAds {
		day, list := loa.Day(""), []loa.AgreedAds{{}}
		for _, c := range a.Consents {
			switch {
			case c.Purpose != loa.Advertising || c.Channel != channel || c.HappenedOn < day:
			case c.HappenedOn > day:
				day, list = c.HappenedOn, []loa.AgreedAds{c.Ads}
			default:
				list = append(list, c.Ads)
			}
		}
		return list
	}
	law := map[string]loa.AgreedAds{"tel": {Hours: span(7*60, 22*60), Most: 3}, "mail": {Hours: loa.Always, Most: 3}, "call": {Hours: span(8*60, 17*60), Most: 1}, "zalo": {Hours: loa.Always, Most: 1000}}[a.Network]
	for _, own := range last(a.Channel) {
		for _, all := range last("all") {
			terms := law
			for _, x := range []loa.AgreedAds{all, own} {
				if x.Hours != (loa.Hours{}) {
					terms.Hours = x.Hours
				}
				if x.Most > 0 {
					terms.Most = x.Most
				}
			}
			out = append(out, terms)
		}
	}
	return out
}
