package sending

import (
	"testing"
	"time"

	"loa"
)

// TestOutletsKeepTheirHours: what is played, posted or written to a group goes out when the broadcast's window and the hours of its form
// are open, like what people get; it waits for them, and what has no such moment is held. An emergency waits for nothing.
func TestOutletsKeepTheirHours(t *testing.T) {
	settings := office(span(7*60, 21*60))
	settings.Hours["zalo"], settings.Hours["page"], settings.Hours[string(loa.Loudspeaker)] = span(7*60, 21*60), span(6*60+30, 21*60+30), span(5*60, 21*60)
	rules := RulesOf(settings, adLaw)
	always := loa.Window{From: "2026-11-24", Until: "2026-11-30", Start: 0, End: 1440}
	for name, c := range map[string]struct {
		network  string
		now      string
		at       string // its own time
		priority loa.Priority
		window   loa.Window
		state    loa.DeliveryState
		before   string // it is handed over
		from     string // it is played or posted
		code     string
	}{
		"a group by day":                     {loa.GroupNetwork, "2026-11-24 09:00", "", loa.Normal, always, loa.DeliveryQueued, "", "2026-11-24 09:00", ""},
		"a group at night":                   {loa.GroupNetwork, "2026-11-24 22:00", "", loa.Normal, always, loa.DeliveryQueued, "2026-11-25 07:00", "2026-11-25 07:00", ""},
		"a group in an emergency":            {loa.GroupNetwork, "2026-11-24 22:00", "", loa.Emergency, always, loa.DeliveryQueued, "", "2026-11-24 22:00", ""},
		"a group too late":                   {loa.GroupNetwork, "2026-11-30 22:00", "", loa.Normal, always, loa.DeliveryHeld, "", "", "window_over"},
		"a page at night":                    {"fb_page", "2026-11-24 22:00", "", loa.Normal, always, loa.DeliveryQueued, "2026-11-25 06:30", "2026-11-25 06:30", ""},
		"an article of tomorrow":             {"zalo_article", "2026-11-24 09:00", "", loa.Normal, loa.Window{From: "2026-11-25", Start: 480, End: 1200}, loa.DeliveryQueued, "2026-11-25 08:00", "2026-11-25 08:00", ""},
		"just after midnight":                {"fb_page", "2026-11-25 00:00", "", loa.Normal, loa.Window{From: "2026-11-25", Start: 480, End: 1200}, loa.DeliveryQueued, "2026-11-25 08:00", "2026-11-25 08:00", ""},
		"a loudspeaker by day":               {loa.SpeakerNetwork, "2026-11-24 09:00", "", loa.Normal, always, loa.DeliveryQueued, "", "2026-11-24 09:00", ""},
		"a loudspeaker at night":             {loa.SpeakerNetwork, "2026-11-24 22:30", "", loa.Normal, always, loa.DeliveryQueued, "2026-11-25 05:00", "2026-11-25 05:00", ""},
		"a loudspeaker before its window":    {loa.SpeakerNetwork, "2026-11-24 16:39", "", loa.Normal, loa.Window{From: "2026-11-24", Until: "2026-11-24", Start: 19 * 60, End: 20 * 60}, loa.DeliveryQueued, "2026-11-24 19:00", "2026-11-24 19:00", ""},
		"a loudspeaker at its time":          {loa.SpeakerNetwork, "2026-11-24 09:00", "2026-11-24 17:30", loa.Normal, always, loa.DeliveryQueued, "", "2026-11-24 17:30", ""},
		"a loudspeaker days ahead":           {loa.SpeakerNetwork, "2026-11-24 09:00", "2026-11-28 17:30", loa.Normal, always, loa.DeliveryQueued, "2026-11-25 18:30", "2026-11-28 17:30", ""},
		"a loudspeaker at a time of night":   {loa.SpeakerNetwork, "2026-11-24 09:00", "2026-11-24 22:30", loa.Normal, always, loa.DeliveryQueued, "", "2026-11-25 05:00", ""},
		"a loudspeaker late, at night":       {loa.SpeakerNetwork, "2026-11-24 22:30", "2026-11-24 17:30", loa.Normal, always, loa.DeliveryQueued, "", "2026-11-25 05:00", ""},
		"a loudspeaker in an emergency":      {loa.SpeakerNetwork, "2026-11-24 09:00", "2026-11-24 22:30", loa.Emergency, always, loa.DeliveryQueued, "", "2026-11-24 22:30", ""},
		"a loudspeaker whose hours are none": {loa.SpeakerNetwork, "2026-11-24 09:00", "", loa.Normal, loa.Window{From: "2026-11-24", Start: 22 * 60, End: 23 * 60}, loa.DeliveryHeld, "", "", "no_hours"},
	} {
		moment := func(s string) (out time.Time) {
			if s != "" {
				out = at(s)
			}
			return out
		}
		o := loa.Outlet{Network: c.network, Channel: "oa", Place: "p", At: moment(c.at)}
		f := Fan{Rules: rules, NewID: func() loa.DeliveryID { return "d" }, Landing: func(loa.Outlet) Landing { return Landing{To: "there"} },
			Broadcast: loa.Broadcast{ID: "b", Purpose: loa.Care, Priority: c.priority, Window: c.window, Outlets: []loa.Outlet{o}}}
		got := f.outlets(at(c.now))
		if len(got) != 1 || got[0].State != c.state || got[0].Code != c.code || !got[0].NotBefore.Equal(moment(c.before)) || got[0].Place != "p" {
			t.Errorf("%s: %+v, want %s %s %s", name, got, c.state, c.code, c.before)
		}
		if m := When(f.Broadcast, o, at(c.now), rules); !m.From.Equal(moment(c.from)) || m.Why != c.code {
			t.Errorf("%s: at %s, %q; want %s", name, m.From, m.Why, c.from)
		}
	}
}

// TestALatePlayEndsWithItsHours: what comes late may be played until the hours of its day close, and not after.
func TestALatePlayEndsWithItsHours(t *testing.T) {
	settings := office(span(7*60, 21*60))
	settings.Hours[string(loa.Loudspeaker)] = span(5*60, 21*60)
	b := loa.Broadcast{Purpose: loa.Care, Priority: loa.Normal, Window: loa.Window{From: "2026-11-24", Start: 0, End: 1440}}
	o := loa.Outlet{Network: loa.SpeakerNetwork}
	if m := When(b, o, at("2026-11-24 22:30"), RulesOf(settings, adLaw)); !m.Until.Equal(at("2026-11-25 21:00")) {
		t.Errorf("until %s", m.Until)
	}
	if b.Priority = loa.Emergency; !When(b, o, at("2026-11-24 22:30"), RulesOf(settings, adLaw)).Until.IsZero() {
		t.Error("an emergency ends with the hours")
	}
}
