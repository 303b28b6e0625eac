// Package sending is the engine that takes one broadcast to many people: it decides who may be told now, by which rung of the ladder,
// hands each message to an adapter once, and takes in what providers tell. It knows the contract of channels and a small store, never
// an adapter, a page or a table.
package sending

import (
	"slices"
	"time"

	"loa"
)

// Limit is how many messages a person may get in a time.
type Limit struct {
	N   int
	Per time.Duration
}

// Rules are what the gate holds messages to. The law's part comes from its dated parameters, the rest from the office's settings: see
// RulesOf.
type Rules struct {
	Quiet    map[string]loa.Hours // when a network may be used at all, by network; none: always
	AdsKnown bool                 // the law of the day says what advertising is held to; otherwise there may be none
	AdHours  map[string]loa.Hours // when advertising may go out over a network
	AdLimit  map[string]Limit     // how much advertising one address may get from one advertiser
	Cap      Limit                // contacts of all forms with one person, visits and sessions included
	NeedsYes map[Use]bool         // for what silence is no consent; a visit asks for none
}

// Use is a purpose over a network.
type Use struct{ Purpose, Network string }

// Ask is one message somebody wants to send now.
type Ask struct {
	Purpose   string
	Priority  loa.Priority
	Network   string
	Channel   string // of consent: "sms", "zalo", "email", "call", "visit", "page"
	At        time.Time
	Window    loa.Window
	Consents  []loa.Consent // of the person, all of them
	OptedOut  bool          // this very address refused, whoever's it is
	DoNotCall bool          // on the national list of those who want no advertising
	Shared    bool          // others use the telephone too
	Personal  bool          // the text tells something of the person
	Labelled  bool          // advertising carries the label the law wants
	Touches   []loa.Touch
}

// Verdict is what the gate says.
type Verdict string

// The verdicts.
const (
	Pass Verdict = "pass"
	Wait Verdict = "wait" // not now: Until says when
	Fall Verdict = "fall" // not over this rung: the next may do
	Bar  Verdict = "bar"  // not at all: nobody is to tell this person this
)

// Decision is the gate's answer, with the reason as a code under gate. in the catalogues.
type Decision struct {
	Verdict Verdict
	Reason  string
	Until   time.Time
}

// Gate decides on one message. A refusal comes before everything, an emergency before hours and caps but never before a refusal of the
// purpose by name.
func Gate(a Ask, r Rules) Decision {
	if d := consent(a, r); d.Verdict != Pass {
		return d
	}
	switch {
	case a.Shared && a.Personal:
		return Decision{Verdict: Fall, Reason: "shared_phone"}
	case a.Purpose == loa.Advertising && a.DoNotCall:
		return Decision{Verdict: Bar, Reason: "do_not_call"}
	case a.Purpose == loa.Advertising && !a.Labelled:
		return Decision{Verdict: Bar, Reason: "no_label"}
	}
	if a.Priority == loa.Emergency {
		return Decision{Verdict: Pass}
	}
	if d := capped(a, r); d.Verdict != Pass {
		return d
	}
	return hours(a, r)
}

// consent says whether the person, and for advertising the law, allow a message at all; lists for people keep to it too.
func consent(a Ask, r Rules) Decision {
	switch {
	case loa.ConsentFor(a.Consents, a.Purpose, "all") == "refused":
		return Decision{Verdict: Bar, Reason: "refused"}
	case a.Purpose == loa.Advertising && !r.AdsKnown: // nobody's agreement can stand in for limits that are not known
		return Decision{Verdict: Bar, Reason: "ad_law_unknown"}
	case a.OptedOut:
		return Decision{Verdict: Fall, Reason: "opted_out"}
	}
	switch loa.ConsentFor(a.Consents, a.Purpose, a.Channel) {
	case "refused":
		return Decision{Verdict: Fall, Reason: "refused_channel"}
	case "agreed":
		return Decision{Verdict: Pass}
	}
	if r.NeedsYes[Use{a.Purpose, a.Network}] {
		return Decision{Verdict: Fall, Reason: "no_consent"}
	}
	return Decision{Verdict: Pass}
}

// capped counts what the person has had. Over the limit of one network another may still do; over the cap of all, time alone helps.
func capped(a Ask, r Rules) Decision {
	if limit, reason := r.adLimit(a); reason != "" {
		if until, full := limit.full(a, func(c loa.Touch) bool { return c.Network == a.Network && c.Purpose == loa.Advertising }); full {
			return Decision{Verdict: Wait, Reason: reason, Until: until}
		}
	}
	if r.Cap.N > 0 {
		if until, full := r.Cap.full(a, func(c loa.Touch) bool { return c.Counts }); full {
			return Decision{Verdict: Wait, Reason: "cap", Until: until}
		}
	}
	return Decision{Verdict: Pass}
}

// full says whether the limit is reached, and when the oldest of those that count will be long enough ago.
func (l Limit) full(a Ask, counts func(loa.Touch) bool) (until time.Time, full bool) {
	var when []time.Time
	for _, c := range a.Touches {
		if counts(c) && !c.At.After(a.At) && c.At.After(a.At.Add(-l.Per)) {
			when = append(when, c.At)
		}
	}
	if len(when) < l.N {
		return time.Time{}, false
	}
	if l.N == 0 {
		return a.At.Add(l.Per), true
	}
	slices.SortFunc(when, time.Time.Compare)
	return when[len(when)-l.N].Add(l.Per), true
}

// hours finds the next moment at which everything is open, the broadcast's own window as well; beyond its last day there is none.
func hours(a Ask, r Rules) Decision {
	open, reason := openHours(a, r)
	if open.Start >= open.End {
		return Decision{Verdict: Fall, Reason: "no_hours"}
	}
	at := a.At
	if a.Window.From != "" {
		y, m, d := a.Window.From.Parts()
		if first := time.Date(y, time.Month(m), d, 0, 0, 0, 0, loa.Zone); at.Before(first) {
			at = first
		}
	}
	now, next := open.Open(at)
	if now {
		next = at
	}
	if a.Window.Until != "" && loa.DayOf(next) > a.Window.Until {
		return Decision{Verdict: Fall, Reason: "window_over"}
	}
	if next.After(a.At) {
		return Decision{Verdict: Wait, Reason: reason, Until: next}
	}
	return Decision{Verdict: Pass}
}

// openHours are the hours of a day in which everything is open, and what narrows them most.
func openHours(a Ask, r Rules) (open loa.Hours, reason string) {
	open, reason = loa.Hours{Start: a.Window.Start, End: a.Window.End}, "window"
	if a.Window.End == 0 {
		open = loa.Always
	}
	if quiet, ok := r.Quiet[a.Network]; ok {
		if next := open.And(quiet); next != open {
			open, reason = next, "quiet"
		}
	}
	if ads, why := r.adHours(a); why != "" {
		if next := open.And(ads); next != open {
			open, reason = next, why
		}
	}
	return open, reason
}
