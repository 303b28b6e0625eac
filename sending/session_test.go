package sending

import (
	"testing"

	"loa"
)

// TestWhoHasNoSessionIsNotAsked: words that tell of the session where somebody lives hold back whoever has none there, before fanning out
// and again before leaving; no list for people gets them either, for there is nothing to ask them to. Other words reach them.
func TestWhoHasNoSessionIsNotAsked(t *testing.T) {
	b := loa.Broadcast{Purpose: loa.Care, Priority: loa.Normal, Ladder: []loa.Rung{{Form: loa.SMS, Network: "tel", Channel: "s"}, {Form: loa.Email, Network: "mail", Channel: "m"}, {Network: loa.VisitList}}, Window: loa.Window{Start: 0, End: 1440}}
	there := map[loa.AreaID]bool{"v1": true}
	now := at("2026-11-24 12:00")
	for name, c := range map[string]struct {
		area    loa.AreaID
		where   map[loa.AreaID]bool
		first   string // the network of the only address
		state   loa.DeliveryState
		network string
		reason  string
	}{
		"there is one":                  {"v1", there, "tel", loa.DeliveryQueued, "tel", ""},
		"there is none":                 {"v2", there, "tel", loa.DeliveryHeld, "", "no_session"},
		"none anywhere":                 {"v1", map[loa.AreaID]bool{}, "tel", loa.DeliveryHeld, "", "no_session"},
		"the words tell of none":        {"v2", nil, "tel", loa.DeliveryQueued, "tel", ""},
		"without any address, and none": {"v2", there, "zalo", loa.DeliveryHeld, "", "no_session"},
		"without any address, there is": {"v1", there, "zalo", loa.DeliveryByHand, loa.VisitList, ""},
	} {
		p := loa.Recipient{Person: "p", Area: c.area, Addresses: []loa.Address{{Network: c.first, To: "84912345678"}}}
		text := func(rung int) Text {
			if rung == 0 {
				return Text{Labelled: true, Where: c.where}
			}
			return Text{Labelled: true}
		}
		s := Climb(b, 0, p, now, Rules{}, text)
		if s.State != c.state || s.Network != c.network || s.Reason != c.reason {
			t.Errorf("%s: %s over %q, %q", name, s.State, s.Network, s.Reason)
		}
		if c.first != "tel" {
			continue
		}
		want := Decision{Verdict: Pass}
		if c.reason != "" {
			want = Decision{Verdict: Bar, Reason: c.reason}
		}
		if d := Stay(b, 0, "84912345678", p, now, Rules{}, text); d != want {
			t.Errorf("%s: before it leaves %+v", name, d)
		}
	}
}
