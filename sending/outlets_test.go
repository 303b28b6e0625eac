package sending

import (
	"testing"
	"time"

	"loa"
)

// TestGroupsSleepAtNight: a group rings in people's pockets, so what is written there keeps to the hours of Zalo; no cap is counted for a
// place, and a page may be posted to whenever.
func TestGroupsSleepAtNight(t *testing.T) {
	settings := office(span(7*60, 21*60))
	settings.Hours["zalo"] = span(7*60, 21*60)
	rules := RulesOf(settings, adLaw)
	window := loa.Window{From: "2026-11-24", Until: "2026-11-30", Start: 0, End: 1440}
	for name, c := range map[string]struct {
		network  string
		at       string
		priority loa.Priority
		state    loa.DeliveryState
		before   string
		code     string
	}{
		"by day":       {loa.GroupNetwork, "2026-11-24 09:00", loa.Normal, loa.DeliveryQueued, "", ""},
		"at night":     {loa.GroupNetwork, "2026-11-24 22:00", loa.Normal, loa.DeliveryQueued, "2026-11-25 07:00", ""},
		"an emergency": {loa.GroupNetwork, "2026-11-24 22:00", loa.Emergency, loa.DeliveryQueued, "", ""},
		"too late":     {loa.GroupNetwork, "2026-11-30 22:00", loa.Normal, loa.DeliveryHeld, "", "window_over"},
		"a page":       {"fb_page", "2026-11-24 22:00", loa.Normal, loa.DeliveryQueued, "", ""},
	} {
		f := Fan{Rules: rules, NewID: func() loa.DeliveryID { return "d" }, Landing: func(loa.Outlet) Landing { return Landing{To: "there"} },
			Broadcast: loa.Broadcast{ID: "b", Purpose: loa.Care, Priority: c.priority, Window: window, Outlets: []loa.Outlet{{Network: c.network, Channel: "oa", Place: "p"}}}}
		got := f.outlets(at(c.at))
		var want time.Time
		if c.before != "" {
			want = at(c.before)
		}
		if len(got) != 1 || got[0].State != c.state || got[0].Code != c.code || !got[0].NotBefore.Equal(want) || got[0].Place != "p" {
			t.Errorf("%s: %+v, want %s %s %s", name, got, c.state, c.code, want)
		}
	}
}
