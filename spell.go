package loa

import "sort"

// StartKind says how a spell began, EndKind how it ended.
type (
	StartKind string
	EndKind   string
)

// Joined is the first time ever in the scheme, Returned after an end; Lapsed when the payment grace or the card passed,
// Left for a stated reason.
const (
	Joined   StartKind = "joined"
	Returned StartKind = "returned"
	Lapsed   EndKind   = "lapsed"
	Left     EndKind   = "left"
)

// Spell is one unbroken time in one scheme, derived from facts and never typed. A person is in the scheme on day d
// when Starts <= d < Ends; Ends may lie in the future, because it is the day the grace will have passed if nobody pays.
type Spell struct {
	Person       PersonID
	Scheme       Scheme
	No           int
	Area         AreaID
	Starts       Day
	StartKind    StartKind
	CoveredUntil Day
	Payer        Payer
	Method       Method
	Ends         Day // first day no longer in; OpenEnd for cover without an end
	EndKind      EndKind
	Reason       string // of leaving
	Lead         LeadID // the lead of the spell's first contribution
	Collector    CollectorID
}

// Holds says whether the person is in the scheme on a day.
func (s Spell) Holds(on Day) bool { return s.Starts <= on && on < s.Ends }

// Grace tells the last day on which the next payment still keeps a participant in, given the end of the cover.
// The months per method are law and come dated from the policy parameters.
type Grace interface {
	// LastDay is the last day of the grace for a scheme, method and payer whose cover ends on until.
	LastDay(s Scheme, m Method, p Payer, until Day) Day
}

// Spells derives one person's spells in every scheme from the facts that hold. Order of the facts does not matter.
func Spells(person PersonID, area AreaID, contributions []Contribution, leavings []Leaving, grace Grace) []Spell {
	var out []Spell
	for _, scheme := range []Scheme{VoluntarySI, HouseholdHI, CompulsorySI, HI, Unemployment} {
		out = append(out, schemeSpells(person, area, scheme, contributions, leavings, grace)...)
	}
	return out
}

// event is one fact on the line of time; a payment and a leaving on the same day: the leaving comes last.
type event struct {
	on      Day
	leave   bool
	payment Contribution
	reason  string
}

func schemeSpells(person PersonID, area AreaID, scheme Scheme, contributions []Contribution, leavings []Leaving, grace Grace) []Spell {
	var events []event
	for _, c := range contributions {
		for _, in := range c.Scheme.CountsIn() {
			if in == scheme {
				events = append(events, event{on: c.HappenedOn, payment: c})
			}
		}
	}
	if len(events) == 0 {
		return nil
	}
	for _, l := range leavings {
		if l.Scheme == scheme {
			events = append(events, event{on: l.HappenedOn, leave: true, reason: l.Reason})
		}
	}
	sort.SliceStable(events, func(i, j int) bool { return before(events[i], events[j]) })

	var out []Spell
	for _, e := range events {
		n := len(out)
		open := n > 0 && out[n-1].EndKind != Left && e.on < out[n-1].Ends
		switch {
		case e.leave && open:
			out[n-1].Ends, out[n-1].EndKind, out[n-1].Reason = e.on, Left, e.reason
		case e.leave:
			// Leaving after the cover had already lapsed gives the lapse no new day.
		case open:
			extend(&out[n-1], e.payment, grace)
		default:
			s := Spell{Person: person, Scheme: scheme, No: n + 1, Area: area, Starts: e.on, StartKind: Returned, Lead: e.payment.Lead}
			if n == 0 {
				s.StartKind = Joined
			}
			extend(&s, e.payment, grace)
			out = append(out, s)
		}
	}
	return out
}

func before(a, b event) bool {
	if a.on != b.on {
		return a.on < b.on
	}
	if a.leave != b.leave {
		return b.leave
	}
	if a.payment.Until != b.payment.Until {
		return a.payment.Until < b.payment.Until
	}
	return a.payment.ID < b.payment.ID
}

// extend lets a payment carry the cover on; a shorter period never takes cover back.
func extend(s *Spell, c Contribution, grace Grace) {
	if c.Until < s.CoveredUntil {
		return
	}
	s.CoveredUntil, s.Payer, s.Method = c.Until, c.Payer, c.Method
	if c.Collector != "" {
		s.Collector = c.Collector
	}
	if c.Until == OpenEnd {
		s.Ends, s.EndKind = OpenEnd, ""
		return
	}
	s.Ends, s.EndKind = max(grace.LastDay(s.Scheme, c.Method, c.Payer, c.Until), s.Starts).Add(1), Lapsed
}

// Status is where a person stands in a scheme on a day.
type Status string

// The statuses, derived and never typed.
const (
	Never        Status = "never"
	Participates Status = "participating"
	DueStatus    Status = "due"
	LapsedStatus Status = "lapsed"
	LeftStatus   Status = "left"
)

// Statuses in the order they are offered.
var Statuses = []Status{Never, Participates, DueStatus, LapsedStatus, LeftStatus}

// Standing is a person's status in one scheme on a day, with the days behind it.
type Standing struct {
	Scheme       Scheme
	Status       Status
	Since        Day // start of the spell, or the day it ended
	CoveredUntil Day
	LastDay      Day // the last day a payment still keeps the spell
	Payer        Payer
	Method       Method
	Reason       string
	Spell        int
}

// StandingOn reads the status off a person's spells in one scheme. Due is within dueDays before the cover ends, or after it
// while the grace runs; what the State pays is never due.
func StandingOn(spells []Spell, scheme Scheme, on Day, dueDays int) Standing {
	out := Standing{Scheme: scheme, Status: Never}
	for _, s := range spells {
		if s.Scheme != scheme || s.Starts > on {
			continue
		}
		out = Standing{Scheme: scheme, Since: s.Starts, CoveredUntil: s.CoveredUntil, Payer: s.Payer, Method: s.Method, Spell: s.No}
		if s.Ends != OpenEnd {
			out.LastDay = s.Ends.Add(-1)
		}
		switch {
		case s.Holds(on) && s.IsDue(on, dueDays):
			out.Status = DueStatus
		case s.Holds(on):
			out.Status = Participates
		case s.EndKind == Left:
			out.Status, out.Since, out.Reason = LeftStatus, s.Ends, s.Reason
		default:
			out.Status, out.Since = LapsedStatus, s.Ends
		}
	}
	return out
}

// IsDue says whether the next payment is asked for on a day.
func (s Spell) IsDue(on Day, dueDays int) bool {
	return s.Payer == PaysSelf && s.CoveredUntil != OpenEnd && s.Holds(on) && on >= s.CoveredUntil.Add(-dueDays)
}
