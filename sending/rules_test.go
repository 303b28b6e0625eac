package sending

import (
	"testing"
	"time"

	"loa"
)

// TestRulesOfAnOffice: each network keeps to the hours of its form and to the law's limits, whichever are narrower.
func TestRulesOfAnOffice(t *testing.T) {
	s := loa.DefaultSendingSettings()
	s.CapN, s.CapDays = 2, 10
	for i, form := range loa.HourForms {
		s.Hours[form] = span(i*60, 20*60+i)
	}
	r := RulesOf(s, adLaw)
	for network, form := range map[string]string{
		"tel": "sms", "zalo": "zalo", "zns": "zalo", "zalo_group": "zalo", "mail": "email", "messenger": "page", "fb_page": "page", "fb_comment": "page", "zalo_article": "page", "call": "call", "speaker": "loudspeaker",
	} {
		if r.Quiet[network] != s.Hours[form] {
			t.Errorf("%s may be used from %v, the office's %s from %v", network, r.Quiet[network], form, s.Hours[form])
		}
	}
	if _, ok := r.Quiet["visit"]; ok {
		t.Error("visits have hours")
	}
	if r.Cap != (Limit{2, 240 * time.Hour}) {
		t.Errorf("the cap is %v", r.Cap)
	}
	day := 24 * time.Hour
	for network, want := range map[string]Limit{"tel": {3, day}, "mail": {3, day}, "call": {1, day}} {
		if r.AdLimit[network] != want {
			t.Errorf("advertising over %s is held to %v, not %v", network, r.AdLimit[network], want)
		}
	}
	if !r.AdsKnown || r.AdHours["tel"] != span(420, 1320) || r.AdHours["call"] != span(480, 1020) || len(r.AdHours) != 2 {
		t.Errorf("advertising may go out %v", r.AdHours)
	}
	for _, network := range []string{"tel", "zns", "zalo", "mail", "call", "visit", "fb_page", "speaker"} {
		for _, purpose := range loa.Purposes {
			want := purpose == loa.Advertising && network != "visit" && network != "fb_page" && network != "speaker"
			if r.NeedsYes[Use{purpose, network}] != want {
				t.Errorf("%s over %s needs an agreement: %v", purpose, network, !want)
			}
		}
	}
}

// TestNoLawNoAdvertising: on a day whose law nobody knows advertising ends held, on no rung and on no list, whoever agreed; care goes out.
func TestNoLawNoAdvertising(t *testing.T) {
	r := RulesOf(loa.DefaultSendingSettings(), Ads{})
	p := loa.Recipient{Person: "p", Addresses: []loa.Address{{Network: "tel", To: "84912345678"}}, Consents: []loa.Consent{said(loa.Advertising, "all", true, "2026-01-01")}}
	b := loa.Broadcast{Purpose: loa.Advertising, Window: loa.Window{From: "2026-11-20", Until: "2026-11-30"}, Ladder: []loa.Rung{{Form: loa.SMS, Network: "tel", Channel: "c"}, {Network: loa.CallList}}}
	words := func(int) Text { return Text{Labelled: true} }
	for _, ladder := range [][]loa.Rung{b.Ladder, b.Ladder[:1], b.Ladder[1:], {{Network: loa.VisitList}}, nil} {
		b.Ladder = ladder
		if got := Climb(b, 0, p, at("2026-11-24 09:00"), r, words); got.State != loa.DeliveryHeld || got.Reason != "ad_law_unknown" {
			t.Errorf("over %v: %s %s", ladder, got.State, got.Reason)
		}
	}
	if got := Gate(Ask{Purpose: loa.Advertising, Priority: loa.Emergency, Network: "tel", Channel: "sms", At: at("2026-11-24 09:00"), Labelled: true, Consents: p.Consents}, r); got.Verdict != Bar || got.Reason != "ad_law_unknown" {
		t.Errorf("an emergency passes: %+v", got)
	}
	p.Consents = []loa.Consent{said(loa.Advertising, "all", false, "2026-01-01")}
	if got := Climb(b, 0, p, at("2026-11-24 09:00"), r, words); got.State != loa.DeliveryHeld || got.Reason != "refused" {
		t.Errorf("a refusal is told as %s %s", got.State, got.Reason)
	}
	b.Purpose, b.Ladder = loa.Care, []loa.Rung{{Form: loa.SMS, Network: "tel", Channel: "c"}}
	if got := Climb(b, 0, p, at("2026-11-24 09:00"), r, words); got.State != loa.DeliveryQueued {
		t.Errorf("care is held: %+v", got)
	}
}

// TestNoLawNoAdvertisingAnywhere: a loudspeaker or a page is held as everybody is, whether by an account or by hand.
func TestNoLawNoAdvertisingAnywhere(t *testing.T) {
	f := Fan{
		Broadcast: loa.Broadcast{ID: "b", Purpose: loa.Advertising, Outlets: []loa.Outlet{{Network: loa.SpeakerNetwork, Place: "s"}, {Network: "fb_page", Channel: "c"}}},
		NewID:     func() loa.DeliveryID { return "d" },
		Landing:   func(loa.Outlet) Landing { return Landing{To: "there"} },
	}
	for _, law := range []Ads{{}, adLaw} {
		f.Rules = RulesOf(loa.DefaultSendingSettings(), law)
		for _, d := range f.outlets(at("2026-11-24 09:00")) {
			if held := d.State == loa.DeliveryHeld && d.Code == "ad_law_unknown"; held == law.Known {
				t.Errorf("known %v: over %s it is %s %s", law.Known, d.Network, d.State, d.Code)
			}
		}
	}
}
