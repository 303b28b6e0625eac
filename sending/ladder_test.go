package sending

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"loa"
)

func ladder() loa.Broadcast {
	return loa.Broadcast{Purpose: loa.Care, Priority: loa.Normal, Window: loa.Window{From: "2026-11-24", Until: "2026-11-30", Start: 0, End: 1440}, Ladder: []loa.Rung{
		{Form: loa.Zalo, Network: "zalo", Channel: "oa"}, {Form: loa.Zalo, Network: "zns", Channel: "oa"}, {Form: loa.SMS, Network: "tel", Channel: "esms"}, {Network: loa.CallList}, {Network: loa.VisitList}}}
}

func plain(int) Text { return Text{Labelled: true} }

func TestClimb(t *testing.T) {
	phone, follower := loa.Address{Network: "tel", To: "84912345678"}, loa.Address{Network: "zalo", To: "2512523625412515"}
	zns := loa.Address{Network: "zns", To: "84912345678"}
	noon := at("2026-11-24 12:00")
	for name, c := range map[string]struct {
		person loa.Recipient
		from   int
		at     string
		want   Step
	}{
		"a follower":                      {person: loa.Recipient{Addresses: []loa.Address{phone, zns, follower}}, want: Step{State: loa.DeliveryQueued, Rung: 0, Network: "zalo", To: "2512523625412515"}},
		"no follower":                     {person: loa.Recipient{Addresses: []loa.Address{phone, zns}}, want: Step{State: loa.DeliveryQueued, Rung: 1, Network: "zns", To: "84912345678"}},
		"Zalo failed":                     {person: loa.Recipient{Addresses: []loa.Address{phone, zns, follower}}, from: 2, want: Step{State: loa.DeliveryQueued, Rung: 2, Network: "tel", To: "84912345678"}},
		"Zalo refused":                    {person: loa.Recipient{Addresses: []loa.Address{phone, zns, follower}, Consents: []loa.Consent{said(loa.Care, "zalo", false, "2026-01-01")}}, want: Step{State: loa.DeliveryQueued, Rung: 2, Network: "tel", To: "84912345678"}},
		"all refused":                     {person: loa.Recipient{Addresses: []loa.Address{phone}, Consents: []loa.Consent{said(loa.Care, "all", false, "2026-01-01")}}, want: Step{State: loa.DeliveryHeld, Rung: 2, Reason: "refused"}},
		"the number is wrong":             {person: loa.Recipient{Addresses: []loa.Address{{Network: "tel", To: "84912345678", Bad: true}}}, want: Step{State: loa.DeliveryByHand, Rung: 4, Network: loa.VisitList}},
		"the number refused":              {person: loa.Recipient{Addresses: []loa.Address{{Network: "tel", To: "84912345678", OptedOut: true}}}, want: Step{State: loa.DeliveryByHand, Rung: 4, Network: loa.VisitList}},
		"no telephone":                    {want: Step{State: loa.DeliveryByHand, Rung: 4, Network: loa.VisitList}},
		"SMS failed":                      {person: loa.Recipient{Addresses: []loa.Address{phone}}, from: 3, want: Step{State: loa.DeliveryByHand, Rung: 3, Network: loa.CallList}},
		"at night it waits on its rung":   {person: loa.Recipient{Addresses: []loa.Address{phone}}, at: "2026-11-24 23:00", want: Step{State: loa.DeliveryQueued, Rung: 2, Network: "tel", To: "84912345678", NotBefore: at("2026-11-25 07:00")}},
		"visits refused, nothing else is": {person: loa.Recipient{Consents: []loa.Consent{said(loa.Care, "visit", false, "2026-01-01")}}, want: Step{State: loa.DeliveryHeld, Rung: 5, Reason: "refused_channel"}},
		"what allowed it is kept":         {person: loa.Recipient{Addresses: []loa.Address{phone}, Consents: []loa.Consent{said(loa.Care, "sms", true, "2026-01-01"), said(loa.Care, "all", true, "2026-02-01")}}, want: Step{State: loa.DeliveryQueued, Rung: 2, Network: "tel", To: "84912345678", Consent: "2026-02-01careall"}},
	} {
		now := noon
		if c.at != "" {
			now = at(c.at)
		}
		got := Climb(ladder(), c.from, c.person, now, rules, plain)
		got.Skipped = nil
		if got.State != c.want.State || got.Rung != c.want.Rung || got.Network != c.want.Network || got.To != c.want.To || got.Reason != c.want.Reason || got.Consent != c.want.Consent || !got.NotBefore.Equal(c.want.NotBefore) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// TestLists: a list holds nobody it may not, and says of whom it holds from when on they may be called or visited.
func TestLists(t *testing.T) {
	phone := []loa.Address{{Network: "tel", To: "84912345678"}}
	yes := []loa.Consent{said(loa.Advertising, "all", true, "2026-01-01")}
	four := func(purpose, network string, when ...string) (out []loa.Touch) {
		for _, w := range when {
			out = append(out, loa.Touch{At: at(w), Network: network, Purpose: purpose, Counts: true})
		}
		return out
	}
	shut := office(span(7*60, 21*60))
	shut.Hours[loa.CallList] = span(7*60, 21*60)
	rules := RulesOf(shut, adLaw)
	week := []string{"2026-11-18 08:00", "2026-11-19 08:00", "2026-11-20 08:00", "2026-11-21 08:00"}
	for name, c := range map[string]struct {
		purpose  string
		priority loa.Priority
		person   loa.Recipient
		from     int
		at       string
		want     Step
	}{
		"by day":                             {person: loa.Recipient{Addresses: phone}, want: Step{Network: loa.CallList, Rung: 3}},
		"at night":                           {person: loa.Recipient{Addresses: phone}, at: "2026-11-24 23:00", want: Step{Network: loa.CallList, Rung: 3, NotBefore: at("2026-11-25 07:00"), Waiting: "quiet"}},
		"after the window":                   {person: loa.Recipient{Addresses: phone}, at: "2026-12-02 12:00", want: Step{Network: loa.CallList, Rung: 3}},
		"told enough this week":              {person: loa.Recipient{Addresses: phone, Touches: four(loa.Care, "tel", week...)}, want: Step{Network: loa.CallList, Rung: 3, NotBefore: at("2026-11-25 08:00"), Waiting: "cap"}},
		"visits count too":                   {person: loa.Recipient{Touches: four(loa.Care, "tel", week...)}, want: Step{Network: loa.VisitList, Rung: 4, NotBefore: at("2026-11-25 08:00"), Waiting: "cap"}},
		"and where the ladder has no list":   {person: loa.Recipient{Touches: four(loa.Care, "tel", week...)}, from: 5, want: Step{Network: loa.VisitList, Rung: 5, NotBefore: at("2026-11-25 08:00"), Waiting: "cap"}},
		"an emergency waits for nothing":     {priority: loa.Emergency, at: "2026-11-24 23:00", person: loa.Recipient{Addresses: phone, Touches: four(loa.Care, "tel", week...)}, want: Step{Network: loa.CallList, Rung: 3}},
		"advertising by day":                 {purpose: loa.Advertising, person: loa.Recipient{Addresses: phone, Consents: yes}, want: Step{Network: loa.CallList, Rung: 3}},
		"advertising in the evening":         {purpose: loa.Advertising, at: "2026-11-24 18:00", person: loa.Recipient{Addresses: phone, Consents: yes}, want: Step{Network: loa.CallList, Rung: 3, NotBefore: at("2026-11-25 08:00"), Waiting: "ad_hours"}},
		"advertised to by telephone today":   {purpose: loa.Advertising, person: loa.Recipient{Addresses: phone, Consents: yes, Touches: four(loa.Advertising, loa.CallList, "2026-11-24 09:00")}, want: Step{Network: loa.CallList, Rung: 3, NotBefore: at("2026-11-25 09:00"), Waiting: "ads_a_day"}},
		"until late the evening before":      {purpose: loa.Advertising, person: loa.Recipient{Addresses: phone, Consents: yes, Touches: four(loa.Advertising, loa.CallList, "2026-11-23 19:00")}, want: Step{Network: loa.CallList, Rung: 3, NotBefore: at("2026-11-25 08:00"), Waiting: "ads_a_day"}},
		"an SMS is no call":                  {purpose: loa.Advertising, person: loa.Recipient{Addresses: phone, Consents: yes, Touches: four(loa.Advertising, "tel", "2026-11-24 09:00")}, want: Step{Network: loa.CallList, Rung: 3}},
		"advertising to whoever wants none":  {purpose: loa.Advertising, person: loa.Recipient{Addresses: phone, Consents: yes, DoNotCall: true}, want: Step{Network: loa.VisitList, Rung: 4}},
		"advertising nobody agreed to":       {purpose: loa.Advertising, person: loa.Recipient{Addresses: phone}, want: Step{Network: loa.VisitList, Rung: 4}},
		"care to whoever wants none of that": {person: loa.Recipient{Addresses: phone, DoNotCall: true}, want: Step{Network: loa.CallList, Rung: 3}},
	} {
		b, now := ladder(), at("2026-11-24 12:00")
		if c.purpose != "" {
			b.Purpose = c.purpose
		}
		if c.priority != "" {
			b.Priority = c.priority
		}
		if c.at != "" {
			now = at(c.at)
		}
		got := Climb(b, max(c.from, 3), c.person, now, rules, plain)
		if got.State != loa.DeliveryByHand || got.Network != c.want.Network || got.Rung != c.want.Rung || got.Waiting != c.want.Waiting || !got.NotBefore.Equal(c.want.NotBefore) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// TestPropertyNobodyFallsOut: whoever is meant is queued, on a list, or held for a reason that nobody may pass over; and every rung that
// was passed over says why.
func TestPropertyNobodyFallsOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := ladder()
		b.Purpose = rapid.SampledFrom(loa.Purposes).Draw(t, "purpose")
		b.Ladder = b.Ladder[:rapid.IntRange(1, len(b.Ladder)).Draw(t, "rungs")]
		var p loa.Recipient
		for range rapid.IntRange(0, 5).Draw(t, "addresses") {
			p.Addresses = append(p.Addresses, loa.Address{Network: rapid.SampledFrom([]string{"tel", "zalo", "zns", "mail"}).Draw(t, "network"), To: rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "to"), OptedOut: rapid.Bool().Draw(t, "out"), Shared: rapid.Bool().Draw(t, "shared"), Bad: rapid.Bool().Draw(t, "bad")})
		}
		for range rapid.IntRange(0, 4).Draw(t, "consents") {
			p.Consents = append(p.Consents, said(rapid.SampledFrom(loa.Purposes).Draw(t, "p"), rapid.SampledFrom(loa.Channels).Draw(t, "c"), rapid.Bool().Draw(t, "yes"), loa.Day("2026-01-0"+rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "on"))))
		}
		p.DoNotCall = rapid.Bool().Draw(t, "dnc")
		personal := rapid.Bool().Draw(t, "personal")
		from := rapid.IntRange(0, len(b.Ladder)).Draw(t, "from")
		s := Climb(b, from, p, at("2026-11-24 12:00"), rules, func(i int) Text { return Text{Personal: personal, Labelled: true} })
		passed := s.Rung - from
		switch s.State {
		case loa.DeliveryQueued:
			if b.Ladder[s.Rung].Network != s.Network || !slices.ContainsFunc(p.Addresses, func(a loa.Address) bool {
				return a.Network == s.Network && a.To == s.To && s.To != "" && !a.OptedOut && !a.Bad && !(a.Shared && personal)
			}) {
				t.Fatalf("queued to nobody's address: %+v", s)
			}
		case loa.DeliveryByHand:
			if s.Network != loa.CallList && s.Network != loa.VisitList {
				t.Fatalf("no list: %+v", s)
			}
		case loa.DeliveryHeld:
			if !slices.Contains([]string{"refused", "refused_channel", "no_consent", "opted_out", "do_not_call"}, s.Reason) {
				t.Fatalf("held for %q", s.Reason)
			}
			passed = len(s.Skipped) // the last word ends it wherever it stands
		default:
			t.Fatalf("neither here nor there: %+v", s)
		}
		if s.State != loa.DeliveryHeld && loa.ConsentFor(p.Consents, b.Purpose, "all") == "refused" {
			t.Fatalf("told although all is refused: %+v", s)
		}
		if len(s.Skipped) != passed {
			t.Fatalf("%d rungs passed over, %d reasons: %+v", passed, len(s.Skipped), s)
		}
	})
}
