package loa

import "testing"

// TestStandingOnEdgeDays holds the days on which a status turns, one before and one after.
func TestStandingOnEdgeDays(t *testing.T) {
	state := Contribution{Fact: Fact{ID: "s", HappenedOn: "2025-01-01"}, Scheme: HI, Payer: PaysState, Method: Card, From: "2025-01-01", Until: "2025-12-31"}
	own := Contribution{Fact: Fact{ID: "o", HappenedOn: "2025-12-20"}, Scheme: HI, Payer: PaysSelf, Method: Card, From: "2026-01-01", Until: "2026-12-31"}
	open := Contribution{Fact: Fact{ID: "e", HappenedOn: "2025-01-01"}, Scheme: HI, Payer: PaysState, Method: Card, From: "2025-01-01", Until: OpenEnd}
	quarter := pay("q", VoluntarySI, Quarterly, "2025-01-10", "2025-01-01", "2025-03-31")
	sameDay := Leaving{Fact: Fact{HappenedOn: "2025-01-10"}, Scheme: VoluntarySI, Reason: "refused"}
	for _, c := range []struct {
		name   string
		scheme Scheme
		paid   []Contribution
		left   []Leaving
		on     Day
		want   Status
	}{
		{"the State's card on its last day", HI, []Contribution{state}, nil, "2025-12-31", Participates},
		{"the day after the State's card", HI, []Contribution{state}, nil, "2026-01-01", LapsedStatus},
		{"an own card behind the State's, long before its end", HI, []Contribution{state, own}, nil, "2026-10-31", Participates},
		{"an own card behind the State's, sixty days before its end", HI, []Contribution{state, own}, nil, "2026-11-01", DueStatus},
		{"a card without an end is never due", HI, []Contribution{open, own}, nil, "2026-12-30", Participates},
		{"paid and left on one day", VoluntarySI, []Contribution{quarter}, []Leaving{sameDay}, "2025-01-10", LeftStatus},
		{"the day before the first payment", VoluntarySI, []Contribution{quarter}, nil, "2025-01-09", Never},
		{"the last day of the grace", VoluntarySI, []Contribution{quarter}, nil, "2025-06-30", DueStatus},
		{"the day after the grace", VoluntarySI, []Contribution{quarter}, nil, "2025-07-01", LapsedStatus},
	} {
		if got := StandingOn(Spells("p", "v", c.paid, c.left, testGrace{}), c.scheme, c.on, 60); got.Status != c.want {
			t.Errorf("%s: %s on %s, want %s", c.name, got.Status, c.on, c.want)
		}
	}
}

// TestPovertyHoldsForItsDays: the first and the last day count, the days around them do not.
func TestPovertyHoldsForItsDays(t *testing.T) {
	p := Person{Poverty: "poor", PovertyFrom: "2025-01-01", PovertyTo: "2025-12-31"}
	for on, want := range map[Day]string{"2024-12-31": "", "2025-01-01": "poor", "2025-12-31": "poor", "2026-01-01": ""} {
		if got := p.PovertyOn(on); got != want {
			t.Errorf("on %s: %q, want %q", on, got, want)
		}
	}
}
