package store_test

import (
	"context"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestGraceOfAnOfficeMovesItsStandings approves an office's own time to pay and looks at who is still in, in this process and in
// another one, and at an office that has no such row.
func TestGraceOfAnOfficeMovesItsStandings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		f := storetest.Office(t, db)
		person := f.People[0].ID
		c := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-07-02"}, Person: person, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Monthly,
			From: "2025-07-01", Until: "2025-07-31", Months: 1, Income: 1500000, Amount: 231000}
		at := time.Date(2025, 11, 28, 9, 0, 0, 0, loa.Zone)
		if err := db.AddContribution(ctx, f.Whole, loa.By{Officer: "a", At: at}, c); err != nil {
			t.Fatal(err)
		}
		ends := func(db *store.DB) loa.Day {
			t.Helper()
			spells, err := db.SpellsOf(ctx, f.Whole, []loa.PersonID{person})
			if err != nil {
				t.Fatal(err)
			}
			var last loa.Day
			for _, s := range spells[person] {
				if s.Scheme == loa.VoluntarySI {
					last = max(last, s.Ends)
				}
			}
			return last
		}
		before := ends(db)
		if before != "2025-09-01" {
			t.Fatalf("paid until 31/07, a month to pay: in until %s", before)
		}
		row := loa.PolicyRow{ID: loa.NewID(), Name: loa.GraceRow + string(loa.Monthly), From: "2025-07-01", Value: 3, Unit: "months", Cites: "Nghị định mẫu", Source: "Công văn mẫu", Confirmed: true}
		if err := db.ProposePolicyRow(ctx, f.Whole, loa.By{Officer: "a", At: at}, row); err != nil {
			t.Fatal(err)
		}
		if got := ends(db); got != before {
			t.Errorf("a proposed row moved the end to %s", got)
		}
		if err := db.DecidePolicyRow(ctx, f.Whole, loa.By{Officer: "b", At: at}, row.ID, true, ""); err != nil {
			t.Fatal(err)
		}
		other := storetest.Again(t, db)
		for i, db := range []*store.DB{db, other} {
			if got := ends(db); got != "2025-11-01" {
				t.Errorf("process %d: with three months to pay in until %s", i, got)
			}
			if spells, err := db.SpellsAsOf(ctx, f.Whole, person, "2025-11-01"); err != nil || len(spells) == 0 || spells[len(spells)-1].Ends != "2025-11-01" {
				t.Errorf("process %d as of a day: %v %v", i, spells, err)
			}
		}
		if wrong, err := other.CheckStanding(ctx, f.Whole.Office); err != nil || wrong != 0 {
			t.Errorf("%d rows do not agree with the facts: %v", wrong, err)
		}
		// what is paid afterwards is derived by the same row
		c.ID, c.HappenedOn, c.From, c.Until = loa.FactID(loa.NewID()), "2025-10-20", "2025-08-01", "2025-08-31"
		if err := other.AddContribution(ctx, f.Whole, loa.By{Officer: "a", At: at}, c); err != nil {
			t.Fatal(err)
		}
		if got := ends(db); got != "2025-12-01" {
			t.Errorf("the next payment keeps them in until %s", got)
		}
	})
}
