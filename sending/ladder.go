package sending

import (
	"slices"
	"time"

	"loa"
)

// ConsentChannel is the word of consent that an address of a network falls under.
func ConsentChannel(network string) string {
	switch network {
	case "tel":
		return "sms"
	case "zalo", "zns":
		return "zalo"
	case "mail":
		return "email"
	case loa.CallList, loa.VisitList:
		return network
	}
	return "page"
}

// Skip is a rung that was passed over, and why.
type Skip struct {
	Rung   int
	Reason string
}

// Step is where on the ladder a person stands now.
type Step struct {
	State     loa.DeliveryState // queued, by_hand or held
	Rung      int
	Network   string
	To        string
	Consent   loa.FactID // the agreement that allowed it
	NotBefore time.Time
	Reason    string // why it was held
	Waiting   string // why it goes out later than now
	Skipped   []Skip
}

// Text says of the words of one rung what the gate must know of them.
type Text struct {
	Personal bool                // they tell something of the person
	Labelled bool                // advertising is labelled as the law wants
	Missing  bool                // there are none for this rung in any of the person's languages
	Tells    []string            // the placeholders filled from what is known of the reader: see loa.ReaderPlaces
	Where    map[loa.AreaID]bool // they speak of the session planned where the person lives: only there can they be said; nil: anywhere
}

// Gap is the reason why a rung is passed over whose words tell something that is not known of the person.
const Gap = "place_empty"

// gap says whether the words tell something of the person that is not known: nothing goes out with a gap.
func (t Text) gap(p loa.Recipient) bool {
	return p.Reader != nil && slices.ContainsFunc(t.Tells, p.Reader.Lacks)
}

// Climb finds the first rung from a given one that reaches the person and may be used; rungs that must wait for their hour are waited
// for. Whoever no rung reaches ends on the list of visits: nobody falls out, but those nobody is to tell.
func Climb(b loa.Broadcast, from int, p loa.Recipient, at time.Time, rules Rules, text func(rung int) Text) Step {
	var out Step
	for i := from; i < len(b.Ladder); i++ {
		r := b.Ladder[i]
		if r.ByHand() {
			d := Hand(b, r.Network, p, at, rules)
			switch d.Verdict {
			case Bar:
				out.Skipped = append(out.Skipped, Skip{i, d.Reason})
				return out.held(i, d.Reason)
			case Fall:
				out.Skipped = append(out.Skipped, Skip{i, d.Reason})
				continue
			}
			return out.list(i, r.Network, d)
		}
		words := text(i)
		if words.Missing {
			out.Skipped = append(out.Skipped, Skip{i, "no_text"})
			continue
		}
		if words.Where != nil && !words.Where[p.Area] {
			return out.held(i, "no_session")
		}
		if words.gap(p) {
			out.Skipped = append(out.Skipped, Skip{i, Gap})
			continue
		}
		reason := "no_address"
		for _, a := range p.Addresses {
			if a.Network != r.Network || a.To == "" {
				continue
			}
			if a.Bad {
				reason = "bad_address"
				continue
			}
			d := Gate(ask(p, b, r.Network, a, at, words), rules)
			switch d.Verdict {
			case Bar:
				out.Skipped = append(out.Skipped, Skip{i, d.Reason})
				return out.held(i, d.Reason)
			case Fall:
				reason = d.Reason
				continue
			}
			out.State, out.Rung, out.Network, out.To, out.NotBefore, out.Waiting, out.Consent = loa.DeliveryQueued, i, r.Network, a.To, d.Until, d.Reason, Allowing(p.Consents, b.Purpose, ConsentChannel(r.Network))
			return out
		}
		out.Skipped = append(out.Skipped, Skip{i, reason})
	}
	d := Hand(b, loa.VisitList, p, at, rules)
	if d.Verdict == Bar || d.Verdict == Fall {
		return out.held(len(b.Ladder), d.Reason)
	}
	return out.list(len(b.Ladder), loa.VisitList, d)
}

func (s Step) held(rung int, reason string) Step {
	s.State, s.Rung, s.Reason = loa.DeliveryHeld, rung, reason
	return s
}

func (s Step) list(rung int, network string, d Decision) Step {
	s.State, s.Rung, s.Network, s.NotBefore, s.Waiting = loa.DeliveryByHand, rung, network, d.Until, d.Reason
	return s
}

// Hand says whether a person may be called or visited for a broadcast at a moment: Bar, that nobody may tell them this; Fall, that this
// list may not hold them; Wait, that the list holds them, but not for now. The window is of messages: a list is worked off until it is
// empty.
func Hand(b loa.Broadcast, network string, p loa.Recipient, at time.Time, rules Rules) Decision {
	a := ask(p, b, network, loa.Address{Network: network}, at, Text{Labelled: true})
	a.Window = loa.Window{}
	if d := consent(a, rules); d.Verdict != Pass {
		return d
	}
	if network == loa.CallList {
		if b.Purpose == loa.Advertising && p.DoNotCall {
			return Decision{Verdict: Fall, Reason: "do_not_call"}
		}
		if !slices.ContainsFunc(p.Addresses, func(x loa.Address) bool { return x.Network == "tel" && !x.Bad && !x.OptedOut && x.To != "" }) {
			return Decision{Verdict: Fall, Reason: "no_address"}
		}
	}
	if b.Priority == loa.Emergency {
		return Decision{Verdict: Pass}
	}
	d := capped(a, rules)
	if d.Verdict == Wait {
		a.At = d.Until
	}
	switch h := hours(a, rules); {
	case h.Verdict == Fall, d.Verdict == Pass:
		return h
	case h.Verdict == Wait: // the limit ends at an hour that is closed
		d.Until = h.Until
	}
	return d
}

func ask(p loa.Recipient, b loa.Broadcast, network string, a loa.Address, at time.Time, words Text) Ask {
	return Ask{Purpose: b.Purpose, Priority: b.Priority, Network: network, Channel: ConsentChannel(network), At: at, Window: b.Window, Consents: p.Consents, OptedOut: a.OptedOut, DoNotCall: p.DoNotCall,
		Shared: a.Shared, Personal: words.Personal, Labelled: words.Labelled, Touches: p.Touches}
}

// Allowing is the newest agreement under which a message goes out; empty when none was needed.
func Allowing(consents []loa.Consent, purpose, channel string) loa.FactID {
	var best loa.Consent
	for _, c := range consents {
		if c.Agreed && c.Purpose == purpose && (c.Channel == channel || c.Channel == "all") && (best.ID == "" || c.HappenedOn > best.HappenedOn || c.HappenedOn == best.HappenedOn && c.ID > best.ID) {
			best = c
		}
	}
	if purpose == loa.Advertising { // what was agreed about it is proved by the agreement it stands in
		if terms, in := loa.AgreedAdsFor(consents, channel); terms != (loa.AgreedAds{}) {
			return in
		}
	}
	return best.ID
}
