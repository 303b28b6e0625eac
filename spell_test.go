package loa

import "testing"

type testGrace struct{}

func (testGrace) LastDay(s Scheme, m Method, _ Payer, until Day) Day {
	if s == VoluntarySI && m == Quarterly {
		return until.Add(1).AddMonths(3).Add(-1)
	}
	return until
}

func pay(id string, scheme Scheme, m Method, on, from, until Day) Contribution {
	return Contribution{Fact: Fact{ID: FactID(id), HappenedOn: on}, Scheme: scheme, Method: m, Payer: PaysSelf, From: from, Until: until}
}

func TestSpells(t *testing.T) {
	q := func(id string, on, from, until Day) Contribution {
		return pay(id, VoluntarySI, Quarterly, on, from, until)
	}
	leave := func(on Day) Leaving {
		return Leaving{Fact: Fact{HappenedOn: on}, Scheme: VoluntarySI, Reason: "moved"}
	}
	type want struct {
		starts    Day
		startKind StartKind
		ends      Day
		endKind   EndKind
	}
	for _, c := range []struct {
		name     string
		payments []Contribution
		leavings []Leaving
		want     []want
	}{
		{"one payment lapses after its grace", []Contribution{q("a", "2025-01-10", "2025-01-01", "2025-03-31")}, nil,
			[]want{{"2025-01-10", Joined, "2025-07-01", Lapsed}}},
		{"paid on the last day of the grace carries on", []Contribution{q("a", "2025-01-10", "2025-01-01", "2025-03-31"), q("b", "2025-06-30", "2025-04-01", "2025-06-30")}, nil,
			[]want{{"2025-01-10", Joined, "2025-10-01", Lapsed}}},
		{"paid a day later is a return", []Contribution{q("a", "2025-01-10", "2025-01-01", "2025-03-31"), q("b", "2025-07-01", "2025-07-01", "2025-09-30")}, nil,
			[]want{{"2025-01-10", Joined, "2025-07-01", Lapsed}, {"2025-07-01", Returned, "2026-01-01", Lapsed}}},
		{"order of the facts does not matter", []Contribution{q("b", "2025-06-30", "2025-04-01", "2025-06-30"), q("a", "2025-01-10", "2025-01-01", "2025-03-31")}, nil,
			[]want{{"2025-01-10", Joined, "2025-10-01", Lapsed}}},
		{"leaving ends at once", []Contribution{q("a", "2025-01-10", "2025-01-01", "2025-03-31")}, []Leaving{leave("2025-02-15")},
			[]want{{"2025-01-10", Joined, "2025-02-15", Left}}},
		{"leaving after the lapse changes nothing", []Contribution{q("a", "2025-01-10", "2025-01-01", "2025-03-31")}, []Leaving{leave("2025-08-15")},
			[]want{{"2025-01-10", Joined, "2025-07-01", Lapsed}}},
		{"back after leaving is a return", []Contribution{q("a", "2025-01-10", "2025-01-01", "2025-03-31"), q("b", "2025-05-01", "2025-05-01", "2025-07-31")}, []Leaving{leave("2025-02-15")},
			[]want{{"2025-01-10", Joined, "2025-02-15", Left}, {"2025-05-01", Returned, "2025-11-01", Lapsed}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Spells("p", "v", c.payments, c.leavings, testGrace{})
			if len(got) != len(c.want) {
				t.Fatalf("%d spells, want %d: %+v", len(got), len(c.want), got)
			}
			for i, w := range c.want {
				g := got[i]
				if g.Starts != w.starts || g.StartKind != w.startKind || g.Ends != w.ends || g.EndKind != w.endKind {
					t.Errorf("spell %d is %s %s to %s %s, want %+v", i, g.Starts, g.StartKind, g.Ends, g.EndKind, w)
				}
			}
		})
	}
}

func TestHouseholdHICountsInHIOnce(t *testing.T) {
	c := []Contribution{
		{Fact: Fact{ID: "a", HappenedOn: "2024-01-01"}, Scheme: HI, Payer: PaysState, Method: Card, From: "2024-01-01", Until: "2024-12-31"},
		{Fact: Fact{ID: "b", HappenedOn: "2024-12-20"}, Scheme: HouseholdHI, Payer: PaysSelf, Method: Card, From: "2025-01-01", Until: "2025-12-31"},
	}
	spells := Spells("p", "v", c, nil, testGrace{})
	var hi, household int
	for _, s := range spells {
		switch s.Scheme {
		case HI:
			hi++
			if s.Starts != "2024-01-01" || s.Ends != "2026-01-01" {
				t.Errorf("HI runs %s to %s", s.Starts, s.Ends)
			}
		case HouseholdHI:
			household++
		}
	}
	if hi != 1 || household != 1 {
		t.Errorf("%d spells of HI and %d of household HI", hi, household)
	}
}

func TestStanding(t *testing.T) {
	spells := Spells("p", "v", []Contribution{pay("a", VoluntarySI, Quarterly, "2025-01-10", "2025-01-01", "2025-03-31")}, nil, testGrace{})
	for _, c := range []struct {
		on   Day
		want Status
	}{
		{"2025-01-09", Never}, {"2025-01-10", Participates}, {"2025-01-29", Participates}, {"2025-01-30", DueStatus}, {"2025-06-30", DueStatus}, {"2025-07-01", LapsedStatus},
	} {
		if got := StandingOn(spells, VoluntarySI, c.on, 60); got.Status != c.want {
			t.Errorf("on %s: %s, want %s", c.on, got.Status, c.want)
		}
	}
	state := []Spell{{Scheme: HI, Starts: "2024-01-01", CoveredUntil: "2025-12-31", Ends: "2026-01-01", EndKind: Lapsed, Payer: PaysState}}
	if got := StandingOn(state, HI, "2025-12-30", 60); got.Status != Participates {
		t.Errorf("what the State pays is never due, got %s", got.Status)
	}
}

func TestRefusalWins(t *testing.T) {
	at := func(day Day, channel string, agreed bool) Consent {
		return Consent{Fact: Fact{HappenedOn: day}, Purpose: "care", Channel: channel, Agreed: agreed}
	}
	for _, c := range []struct {
		name string
		all  []Consent
		want ConsentState
	}{
		{"nothing said", nil, ""},
		{"agreed", []Consent{at("2025-01-01", "sms", true)}, "agreed"},
		{"refused later", []Consent{at("2025-01-01", "sms", true), at("2025-02-01", "sms", false)}, "refused"},
		{"agreed again", []Consent{at("2025-02-01", "sms", false), at("2025-03-01", "sms", true)}, "agreed"},
		{"refusal of all channels wins", []Consent{at("2025-02-01", "all", false), at("2025-03-01", "sms", true)}, "refused"},
		{"the same day twice", []Consent{at("2025-02-01", "sms", false), at("2025-02-01", "sms", true)}, "refused"},
		{"another channel", []Consent{at("2025-02-01", "zalo", false)}, ""},
	} {
		if got := ConsentFor(c.all, "care", "sms"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestHeadsCountOnce(t *testing.T) {
	total, named := Heads([]Attendance{{N: 12}, {Person: "a", N: 1}, {Person: "a", N: 1}, {Person: "b", N: 1}, {N: -1}})
	if total != 13 || named != 2 {
		t.Errorf("%d heads, %d named; want 13 and 2", total, named)
	}
}
