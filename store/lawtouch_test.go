package store_test

import (
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestLawTouch counts those on the floor by their last payment and households by any member, inside the scope and on the day.
func TestLawTouch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		add := func(p loa.Person, scheme loa.Scheme, on, from, until loa.Day, income int64) {
			t.Helper()
			m := loa.Quarterly
			if scheme == loa.HouseholdHI {
				m = loa.Card
			}
			c := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: on}, Person: p.ID, Scheme: scheme, Payer: loa.PaysSelf, Method: m, From: from, Until: until, Months: 3, Income: income, Amount: 1000}
			if err := db.AddContribution(t.Context(), f.Whole, f.By, c); err != nil {
				t.Fatal(err)
			}
		}
		add(f.People[0], loa.VoluntarySI, "2025-10-01", "2025-10-01", "2025-12-31", 1500000)
		add(f.People[1], loa.VoluntarySI, "2025-07-01", "2025-07-01", "2025-09-30", 1500000)
		add(f.People[1], loa.VoluntarySI, "2025-10-01", "2025-10-01", "2025-12-31", 3000000) // pays more by now
		add(f.People[6], loa.VoluntarySI, "2025-10-01", "2025-10-01", "2025-12-31", 1500000) // in the other commune
		add(f.People[0], loa.HouseholdHI, "2025-10-01", "2025-10-01", "2026-09-30", 0)
		add(f.People[1], loa.HouseholdHI, "2025-10-01", "2025-10-01", "2026-09-30", 0)
		add(f.People[3], loa.HouseholdHI, "2025-10-01", "2025-10-01", "2026-09-30", 0)
		for _, c := range []struct {
			scope loa.Scope
			on    loa.Day
			want  store.LawTouch
		}{
			{f.Whole, "2025-11-30", store.LawTouch{OnFloor: 2, HIHouseholds: 2}},
			{f.Commune1, "2025-11-30", store.LawTouch{OnFloor: 1, HIHouseholds: 2}},
			{f.Whole, "2025-08-01", store.LawTouch{OnFloor: 1}},
			{f.Nothing, "2025-11-30", store.LawTouch{}},
			{f.OtherScope, "2025-11-30", store.LawTouch{}},
		} {
			if got, err := db.LawTouch(t.Context(), c.scope, c.on, 1500000); err != nil || got != c.want {
				t.Errorf("on %s: %+v %v, want %+v", c.on, got, err, c.want)
			}
		}
	})
}
