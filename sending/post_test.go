package sending

import (
	"testing"
	"time"

	"loa"
)

// TestAPostWaitsForItsTime: a post with a time leaves then, or is handed over shortly before to a network that holds it; one that the hours move
// is held by nobody but Loa.
func TestAPostWaitsForItsTime(t *testing.T) {
	now, own := at("2026-11-24 09:00"), at("2026-11-24 18:00")
	for name, c := range map[string]struct {
		outlet loa.Outlet
		window loa.Window
		want   time.Time
	}{
		"no time":           {loa.Outlet{Network: "fb_page", Channel: "p"}, loa.Window{End: 1440}, time.Time{}},
		"its time":          {loa.Outlet{Network: "fb_page", Channel: "p", At: own}, loa.Window{End: 1440}, own},
		"the network holds": {loa.Outlet{Network: "fb_page", Channel: "p", At: own, Held: true}, loa.Window{End: 1440}, own.Add(-time.Hour)},
		"the hours move it": {loa.Outlet{Network: "fb_page", Channel: "p", At: own, Held: true}, loa.Window{Start: 19 * 60, End: 1440}, at("2026-11-24 19:00")},
	} {
		f := Fan{NewID: func() loa.DeliveryID { return "d" }, Landing: func(loa.Outlet) Landing { return Landing{To: "page"} }, Broadcast: loa.Broadcast{Purpose: loa.Care, Priority: loa.Normal, Window: c.window, Outlets: []loa.Outlet{c.outlet}}}
		if got := f.outlets(now)[0].NotBefore; !got.Equal(c.want) {
			t.Errorf("%s: %s, not %s", name, got, c.want)
		}
	}
}
