package segmenting

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"loa"
)

// rules are the ten of docs/PERFORMANCE.md; together they use every kind of condition.
func rules() []loa.Rule {
	n := func(i int) *int { return &i }
	words := func(f string, v ...string) loa.Rule { return loa.Rule{Field: f, Values: v} }
	status := func(s loa.Scheme, v ...string) loa.Rule { return loa.Rule{Field: "status", Scheme: s, Values: v} }
	all := func(r ...loa.Rule) loa.Rule { return loa.Rule{All: r} }
	any := func(r ...loa.Rule) loa.Rule { return loa.Rule{Any: r} }
	not := func(r loa.Rule) loa.Rule { return loa.Rule{Not: &r} }
	return []loa.Rule{
		all(words("occupation", "farmer"), loa.Rule{Field: "age", Min: n(15), Max: n(60)}),
		all(words("area", "c3"), words("ethnic", "mong", "thai"), words("language", "mong")),
		all(status(loa.VoluntarySI, "lapsed"), loa.Rule{Field: "months_since_lapse", Scheme: loa.VoluntarySI, Max: n(12)}),
		all(status(loa.HI, "never", "lapsed", "left"), loa.Rule{Field: "household_without_hi"}),
		any(words("poverty", "near_poor"), words("poverty", "poor")),
		all(words("sex", "female"), words("occupation", "freelancer"), loa.Rule{Field: "age", Min: n(30), Max: n(45)}, loa.Rule{Field: "phone"}),
		all(loa.Rule{Field: "reached_days", Min: n(90)}, not(words("consent", "care:sms:refused"))),
		all(loa.Rule{Field: "parent_of_pupil"}, not(status(loa.CompulsorySI, "participating"))),
		all(loa.Rule{Field: "payer", Scheme: loa.HI, Values: []string{"state"}}, words("literacy", "little", "none"), loa.Rule{Field: "household_head"}),
		any(all(status(loa.VoluntarySI, "due"), loa.Rule{Field: "phone_shared"}), loa.Rule{Field: "lead", Scheme: loa.VoluntarySI, Values: []string{"open"}}),
	}
}

func BenchmarkCountAMillion(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	x := New()
	const people = 1_000_000
	part := make([]loa.Profile, 0, 4000)
	for i := range people {
		p := loa.Profile{Person: loa.PersonID(fmt.Sprintf("%036d", i)), Area: loa.AreaID(fmt.Sprint("v", r.IntN(1300))), Household: loa.HouseholdID(fmt.Sprint(i / 5)), BornYear: 1935 + r.IntN(90),
			Sex: []loa.Sex{loa.Male, loa.Female}[r.IntN(2)], Ethnic: loa.EthnicGroups[r.IntN(6)], Language: loa.Languages[r.IntN(5)], Literacy: loa.Literacies[r.IntN(3)], Poverty: loa.PovertyStates[r.IntN(3)],
			Occupation: loa.Occupations[r.IntN(7)], HasPhone: r.IntN(2) == 0, PhoneShared: r.IntN(9) == 0, Head: i%5 == 0, Relation: []string{"head", "spouse", "child"}[i%3]}
		p.Spells = append(p.Spells, loa.Spell{Scheme: loa.HI, Starts: "2023-01-01", CoveredUntil: "2025-12-31", Ends: "2026-01-01", EndKind: loa.Lapsed, Payer: loa.PaysState})
		if i%40 == 0 {
			p.Spells = append(p.Spells, loa.Spell{Scheme: loa.VoluntarySI, Starts: "2024-01-01", CoveredUntil: loa.Day("2025-01-31").AddMonths(r.IntN(14)), Ends: loa.Day("2025-02-01").AddMonths(r.IntN(16)), EndKind: loa.Lapsed, Payer: loa.PaysSelf})
		}
		if part = append(part, p); len(part) == cap(part) {
			x.Update(part, 1)
			part = part[:0]
		}
	}
	x.Update(part, 1)
	under := func(a loa.AreaID) []loa.AreaID {
		var out []loa.AreaID
		for i := range 30 {
			out = append(out, loa.AreaID(fmt.Sprint("v", i)))
		}
		return out
	}
	for i, rule := range rules() {
		if err := rule.Check(); err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint("rule", i+1), func(b *testing.B) {
			q := Query{Rule: rule, Today: "2025-11-30", DueDays: 60, Under: under}
			for b.Loop() {
				if x.Count(q) < 0 {
					b.Fatal("impossible")
				}
			}
		})
	}
}
