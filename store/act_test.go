package store_test

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// registerText is everything acts may touch, as text: people with their places and standing, households, and the flow.
func registerText(t interface{ Fatal(...any) }, db *store.DB, f *storetest.Fixture) string {
	ctx := context.Background()
	var lines []string
	for _, p := range f.People {
		now, err := db.Person(ctx, f.Whole, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		_, _, spells, err := db.Facts(ctx, f.Whole, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprint(p.ID, now.ID, now.Area, now.Household, now.Relation, now.Name, now.BornYear, now.Phone, now.NationalID.Index, spells))
	}
	for _, id := range f.Households {
		h, err := db.Household(ctx, f.Whole, id)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprint(h.ID, h.Area, h.Head, h.Ended, h.Code))
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

func TestPropertyActsAndUndoRestoreTheExactEarlierState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		for i, p := range f.People {
			if i%2 == 1 {
				continue
			}
			c := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-01-10"}, Person: p.ID, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Quarterly, From: "2025-01-01", Until: "2025-03-31"}
			if err := db.AddContribution(ctx, f.Whole, f.By, c); err != nil {
				t.Fatal(err)
			}
		}
		first := registerText(t, db, f)
		rapid.Check(t, func(t *rapid.T) {
			var acts []loa.ActID
			var states []string
			person := func(label string) loa.PersonID { return rapid.SampledFrom(f.People[:]).Draw(t, label).ID }
			home := func(label string) loa.HouseholdID { return rapid.SampledFrom(f.Households[:]).Draw(t, label) }
			for n := range rapid.IntRange(1, 6).Draw(t, "acts") {
				before := registerText(t, db, f)
				var id loa.ActID
				var err error
				switch rapid.IntRange(0, 3).Draw(t, fmt.Sprint("kind", n)) {
				case 0:
					id, err = db.MovePeople(ctx, f.Whole, f.By, []loa.PersonID{person("who")}, home("to"), "")
				case 1:
					p, perr := db.Person(ctx, f.Whole, person("split"))
					if perr != nil {
						t.Fatal(perr)
					}
					_, id, err = db.SplitHousehold(ctx, f.Whole, f.By, p.Household, []loa.PersonID{p.ID}, p.ID)
				case 2:
					id, err = db.MergeHouseholds(ctx, f.Whole, f.By, home("from"), home("into"))
				case 3:
					id, err = db.MergePeople(ctx, f.Whole, f.By, person("keep"), person("drop"))
				}
				if loa.KindOf(err) != "" {
					continue // refused: the same household, a record merged away already
				}
				if err != nil {
					t.Fatal(err)
				}
				acts, states = append(acts, id), append(states, before)
			}
			if wrong, err := db.CheckStanding(ctx, f.Office.ID); err != nil || wrong != 0 {
				t.Fatalf("%d lines of standing are wrong: %v", wrong, err)
			}
			for i := len(acts) - 1; i >= 0; i-- {
				if err := db.UndoAct(ctx, f.Whole, f.By, acts[i]); err != nil {
					t.Fatalf("undo %d: %v", i, err)
				}
				if got := registerText(t, db, f); got != states[i] {
					t.Fatalf("after undo %d:\n%s\nwant\n%s", i, got, states[i])
				}
			}
			if got := registerText(t, db, f); got != first {
				t.Fatal("the first state did not come back")
			}
			if wrong, err := db.CheckStanding(ctx, f.Office.ID); err != nil || wrong != 0 {
				t.Fatalf("%d lines of standing are wrong after undo: %v", wrong, err)
			}
		})
	})
}

func TestUndoRefusesWhatChangedSince(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		first, err := db.MovePeople(ctx, f.Whole, f.By, []loa.PersonID{f.People[1].ID}, f.Households[1], "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.MovePeople(ctx, f.Whole, f.By, []loa.PersonID{f.People[1].ID}, f.Households[2], ""); err != nil {
			t.Fatal(err)
		}
		if err := db.UndoAct(ctx, f.Whole, f.By, first); loa.KindOf(err) != loa.Conflict {
			t.Errorf("undoing an older act: %v", err)
		}
		if err := db.UndoAct(ctx, f.OtherScope, f.OtherBy, first); loa.KindOf(err) != loa.NotFound {
			t.Errorf("undoing another office's act: %v", err)
		}
	})
}

func TestMergedRecordAnswersForEver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		if _, err := db.MergePeople(ctx, f.Whole, f.By, f.People[0].ID, f.People[4].ID); err != nil {
			t.Fatal(err)
		}
		got, err := db.Person(ctx, f.Whole, f.People[4].ID)
		if err != nil || got.ID != f.People[0].ID {
			t.Errorf("the old ID answers with %s, %v", got.ID, err)
		}
	})
}
