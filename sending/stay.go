package sending

import (
	"time"

	"loa"
)

// Stay says whether a person may still be told over the rung they stand on, at the very address: what was allowed when it was queued may
// be refused by now. Whoever has another address by now is told there by the next broadcast, not by this one.
func Stay(b loa.Broadcast, rung int, to string, p loa.Recipient, at time.Time, rules Rules, text func(rung int) Text) Decision {
	if rung < 0 || rung >= len(b.Ladder) {
		return Decision{Verdict: Fall, Reason: "no_address"}
	}
	r := b.Ladder[rung]
	words := text(rung)
	if words.Missing {
		return Decision{Verdict: Fall, Reason: "no_text"}
	}
	if words.Where != nil && !words.Where[p.Area] {
		return Decision{Verdict: Bar, Reason: "no_session"}
	}
	for _, a := range p.Addresses {
		if a.Network != r.Network || a.To != to {
			continue
		}
		if a.Bad {
			return Decision{Verdict: Fall, Reason: "bad_address"}
		}
		return Gate(ask(p, b, r.Network, a, at, words), rules)
	}
	return Decision{Verdict: Fall, Reason: "no_address"}
}
