package sending

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"loa"
)

// TestJudgeSaysWhy: the reason a person gets no message is the weightiest on the way down, whatever the order of the rungs.
func TestJudgeSaysWhy(t *testing.T) {
	phone, follower := loa.Address{Network: "tel", To: "84912345678"}, loa.Address{Network: "zalo", To: "25125"}
	bad := phone
	bad.Bad = true
	texts := func(int, []string) (Text, string) { return Text{Labelled: true}, "mong" }
	for name, c := range map[string]struct {
		person loa.Recipient
		at     string
		change func(*loa.Broadcast)
		want   loa.Outcome
	}{
		"a follower":               {person: loa.Recipient{Addresses: []loa.Address{phone, follower}}, want: loa.Outcome{State: loa.DeliveryQueued, Network: "zalo", Lang: "mong"}},
		"an SMS has its network":   {person: loa.Recipient{Addresses: []loa.Address{phone}}, want: loa.Outcome{State: loa.DeliveryQueued, Rung: 2, Network: "tel", Lang: "mong", Telco: "vinaphone"}},
		"no telephone":             {want: loa.Outcome{State: loa.DeliveryByHand, Rung: 4, Network: "visit", Reason: "no_address"}},
		"a wrong number":           {person: loa.Recipient{Addresses: []loa.Address{bad}}, want: loa.Outcome{State: loa.DeliveryByHand, Rung: 4, Network: "visit", Reason: "bad_address"}},
		"refused, then no address": {person: loa.Recipient{Addresses: []loa.Address{phone}, Consents: []loa.Consent{said(loa.Care, "sms", false, "2026-01-01")}}, want: loa.Outcome{State: loa.DeliveryByHand, Rung: 3, Network: "call", Reason: "refused_channel"}},
		"all refused":              {person: loa.Recipient{Addresses: []loa.Address{phone}, Consents: []loa.Consent{said(loa.Care, "all", false, "2026-01-01")}}, want: loa.Outcome{State: loa.DeliveryHeld, Rung: 2, Reason: "refused"}},
		"it waits for the morning": {person: loa.Recipient{Addresses: []loa.Address{phone}}, at: "2026-11-24 23:00", want: loa.Outcome{State: loa.DeliveryQueued, Rung: 2, Network: "tel", Lang: "mong", Telco: "vinaphone", Reason: "quiet"}},
		"full until after the end": {person: loa.Recipient{Addresses: []loa.Address{phone}, Touches: []loa.Touch{{At: at("2026-11-24 08:00"), Counts: true}, {At: at("2026-11-24 09:00"), Counts: true}, {At: at("2026-11-24 10:00"), Counts: true}}},
			change: func(b *loa.Broadcast) { b.Window.Until = "2026-11-24" }, want: loa.Outcome{State: loa.DeliveryHeld, Rung: 2, Network: "tel", Reason: "cap", Telco: "vinaphone"}},
	} {
		b, now := ladder(), at("2026-11-24 12:00")
		if c.at != "" {
			now = at(c.at)
		}
		if c.change != nil {
			c.change(&b)
		}
		r := rules
		r.Cap = Limit{N: 3, Per: 7 * 24 * time.Hour}
		if got := Judge(b, c.person, now, r, texts); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// TestPropertyTallyCountsEverybodyOnce: whoever goes in comes out in one line, and taken out again leaves nothing.
func TestPropertyTallyCountsEverybodyOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tally Tally
		list := rapid.SliceOf(rapid.Custom(func(t *rapid.T) loa.Outcome {
			return loa.Outcome{State: rapid.SampledFrom([]loa.DeliveryState{loa.DeliveryQueued, loa.DeliveryByHand, loa.DeliveryHeld}).Draw(t, "state"), Rung: rapid.IntRange(0, 3).Draw(t, "rung"), Network: "tel", Reason: rapid.SampledFrom([]string{"", "refused"}).Draw(t, "why")}
		})).Draw(t, "people")
		for _, o := range list {
			tally.Add(o, 1)
		}
		price := func(telco string, parts int) (int64, bool) { return 350 * int64(parts), true }
		r := tally.Reckoning(time.Time{}, func(int, string) int { return 2 }, price)
		if r.People != len(list) || r.Messages()+r.ByHand()+r.Held() != len(list) || r.Cost() != int64(700*r.Messages()) || r.Unpriced {
			t.Fatalf("%d people: %+v", len(list), r)
		}
		for _, o := range list {
			tally.Add(o, -1)
		}
		if r := tally.Reckoning(time.Time{}, nil, nil); r.People != 0 || len(r.By) != 0 {
			t.Fatalf("something is left: %+v", r)
		}
	})
}

func TestPauseFor(t *testing.T) {
	b := loa.Broadcast{State: loa.BroadcastSending, FailLimit: 2000, RefuseLimit: 300}
	for name, c := range map[string]struct {
		rates  Rates
		change func(*loa.Broadcast)
		want   string
	}{
		"all well":                 {rates: Rates{Settled: 1000, Failed: 200, Refused: 30}},
		"one failure too many":     {rates: Rates{Settled: 1000, Failed: 201}, want: "too_many_failed"},
		"one refusal too many":     {rates: Rates{Settled: 1000, Refused: 31}, want: "too_many_refused"},
		"refusals come first":      {rates: Rates{Settled: 1000, Failed: 900, Refused: 100}, want: "too_many_refused"},
		"too few to say":           {rates: Rates{Settled: 49, Failed: 49}},
		"no limit":                 {rates: Rates{Settled: 100, Failed: 100}, change: func(b *loa.Broadcast) { b.FailLimit = 0 }},
		"paused already":           {rates: Rates{Settled: 100, Failed: 100}, change: func(b *loa.Broadcast) { b.State = loa.BroadcastPaused }},
		"the smallest that counts": {rates: Rates{Settled: 50, Failed: 11}, want: "too_many_failed"},
	} {
		x := b
		if c.change != nil {
			c.change(&x)
		}
		if got := PauseFor(x, c.rates); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestTelco(t *testing.T) {
	for to, want := range map[string]string{"84912345678": "vinaphone", "84981234567": "viettel", "84701234567": "mobifone", "84921234567": "vietnamobile", "84671234567": "other", "8": "other", "": "other"} {
		if got := Telco(to); got != want {
			t.Errorf("%s is %s, want %s", to, got, want)
		}
	}
}
