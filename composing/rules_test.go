package composing

import (
	"testing"

	"loa"
	"loa/policy"
	"loa/sending"
)

// TestAdsOfADay reads the decree's figures for the gate, an office's own instead of them where it has some, and none where one is missing.
func TestAdsOfADay(t *testing.T) {
	law, err := policy.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	span := func(from, to int) loa.Hours { return loa.Hours{Start: from, End: to} }
	want := sending.Ads{Known: true, SMSMost: 3, EmailMost: 3, CallMost: 1, SMS: span(420, 1320), Call: span(480, 1020)}
	for _, day := range []loa.Day{"2020-10-01", "2026-11-24"} {
		if got := AdsOn(law, day); got != want {
			t.Errorf("on %s: %+v", day, got)
		}
	}
	for _, day := range []loa.Day{"2020-09-30", "", "2026-02-30"} {
		if got := AdsOn(law, day); got != (sending.Ads{}) {
			t.Errorf("on %q: %+v", day, got)
		}
	}
	for _, name := range []string{"sms_most", "email_most", "call_most", "sms_from", "sms_to", "call_from", "call_to"} {
		if got := AdsOn(law.Without(law["advertising."+name][0]), "2026-11-24"); got != (sending.Ads{}) {
			t.Errorf("without %s: %+v", name, got)
		}
	}
	row := law["advertising.sms_to"][0]
	row.ID, row.From, row.Value = "own", "2026-11-01", 1260
	want.SMS.End = 1260
	if got := AdsOn(law.Supposing(row), "2026-11-24"); got != want {
		t.Errorf("by the office's own row: %+v", got)
	}
}
