package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

type failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// register is everything acts may touch, as text: every column of people and households but the change number, what is derived of
// their standing, and the flow.
func register(t failer, db *store.DB) string {
	t.Helper()
	var out []string
	for _, q := range []string{
		`SELECT 'person', p.* FROM person p ORDER BY p.id`, `SELECT 'household', h.* FROM household h ORDER BY h.id`,
		`SELECT 'spell', s.* FROM spell s ORDER BY s.person_id, s.scheme, s.no`, `SELECT 'flow', f.office_id, f.area_id, f.scheme, f.on_day, f.kind, f.n FROM flow f WHERE f.n <> 0 ORDER BY f.office_id, f.scheme, f.on_day, f.area_id, f.kind`,
	} {
		rows, err := db.Writer().Query(q)
		if err != nil {
			t.Fatal(err)
		}
		names, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			row, at := make([]any, len(names)), make([]any, len(names))
			for i := range row {
				at[i] = &row[i]
			}
			if err := rows.Scan(at...); err != nil {
				t.Fatal(err)
			}
			var line strings.Builder
			for i, name := range names {
				if b, ok := row[i].([]byte); ok {
					row[i] = string(b)
				}
				if name != "change_no" {
					fmt.Fprintf(&line, "%s=%v ", name, row[i])
				}
			}
			out = append(out, line.String())
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	return strings.Join(out, "\n")
}

// sound fails when the register contradicts itself: somebody lives in a household that ended or in another village than it, a
// household has no head or two, a merge points at a record that was itself merged, or the standing is not what the facts say.
func sound(t failer, db *store.DB, f *storetest.Fixture) {
	t.Helper()
	for _, c := range []struct{ what, q string }{
		{"people whose household ended or lies elsewhere", `SELECT count(*) FROM person p WHERE p.merged_into = '' AND p.household_id <> '' AND NOT EXISTS (SELECT 1 FROM household h WHERE h.id = p.household_id AND h.ended = '' AND h.area_id = p.area_id)`},
		{"households whose head does not live there", `SELECT count(*) FROM household h WHERE h.ended = '' AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = h.head_id AND p.household_id = h.id AND p.merged_into = '' AND p.relation = 'head')`},
		{"households that ended with people in them", `SELECT count(*) FROM household h WHERE h.ended <> '' AND EXISTS (SELECT 1 FROM person p WHERE p.household_id = h.id AND p.merged_into = '')`},
		{"households with two heads", `SELECT count(*) FROM (SELECT p.household_id FROM person p WHERE p.merged_into = '' AND p.relation = 'head' AND p.household_id <> '' GROUP BY p.household_id HAVING count(*) > 1) x`},
		{"merges into a merged record", `SELECT count(*) FROM person p JOIN person k ON k.id = p.merged_into WHERE k.merged_into <> ''`},
		{"merges into a merged household", `SELECT count(*) FROM household h JOIN household k ON k.id = h.merged_into WHERE k.merged_into <> ''`},
	} {
		var n int
		if err := db.Writer().QueryRow(c.q).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			t.Fatalf("%d %s\n%s", n, c.what, register(t, db))
		}
	}
	if wrong, err := db.CheckStanding(context.Background(), f.Office.ID); err != nil || wrong != 0 {
		t.Fatalf("%d lines of standing are wrong: %v", wrong, err)
	}
}

func paying(t testing.TB, db *store.DB, f *storetest.Fixture) {
	t.Helper()
	for i, p := range f.People {
		if i%2 == 1 {
			continue
		}
		c := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: loa.MakeDay(2025, 1+i/2, 10)}, Person: p.ID, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Quarterly,
			From: "2025-01-01", Until: "2025-03-31"}
		if err := db.AddContribution(context.Background(), f.Whole, f.By, c); err != nil {
			t.Fatal(err)
		}
	}
}

// rewinding keeps the fixture, and hands back what puts the database back to it: a check that fails must not disturb the next.
func rewinding(t testing.TB, db *store.DB) func(t failer) {
	t.Helper()
	tables := []string{"person_row", "household_row", "spell", "flow", "act"}
	run := func(t failer, q string) {
		t.Helper()
		if _, err := db.Writer().Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	for _, table := range tables {
		run(t, "CREATE TABLE kept_"+table+" AS SELECT * FROM "+table)
	}
	return func(t failer) {
		t.Helper()
		for _, table := range tables {
			run(t, "DELETE FROM "+table)
			run(t, "INSERT INTO "+table+" SELECT * FROM kept_"+table)
		}
	}
}

// drawAct does one act at random; refusals are fine, they change nothing.
func drawAct(t *rapid.T, db *store.DB, f *storetest.Fixture, homes *[]loa.HouseholdID) (loa.ActID, error) {
	ctx := context.Background()
	person := func(label string) loa.PersonID { return rapid.SampledFrom(f.People[:]).Draw(t, label).ID }
	home := func(label string) loa.HouseholdID { return rapid.SampledFrom(*homes).Draw(t, label) }
	village := func() loa.AreaID { return rapid.SampledFrom(append(f.Villages[:], f.Unstated)).Draw(t, "village") }
	switch rapid.IntRange(0, 6).Draw(t, "kind") {
	case 0:
		return db.MovePeople(ctx, f.Whole, f.By, []loa.PersonID{person("who"), person("and")}, home("to"), "")
	case 1:
		return db.MovePeople(ctx, f.Whole, f.By, []loa.PersonID{person("who")}, "", village())
	case 2:
		return db.MoveHousehold(ctx, f.Whole, f.By, home("which"), village())
	case 3:
		p, err := db.Person(ctx, f.Whole, person("split"))
		if err != nil {
			return "", err
		}
		made, id, err := db.SplitHousehold(ctx, f.Whole, f.By, p.Household, []loa.PersonID{p.ID}, p.ID)
		if err == nil {
			*homes = append(*homes, made)
		}
		return id, err
	case 4:
		return db.MergeHouseholds(ctx, f.Whole, f.By, home("from"), home("into"))
	case 5:
		p, err := db.Person(ctx, f.Whole, person("head"))
		if err != nil {
			return "", err
		}
		return db.SetHead(ctx, f.Whole, f.By, p.Household, p.ID)
	}
	return db.MergePeople(ctx, f.Whole, f.By, person("keep"), person("drop"))
}

func TestPropertyActsAndUndoRestoreTheExactEarlierState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		paying(t, db, f)
		first, rewind := register(t, db), rewinding(t, db)
		rapid.Check(t, func(t *rapid.T) {
			rewind(t)
			homes := f.Households[:]
			var acts []loa.ActID
			var states []string
			for range rapid.IntRange(1, 6).Draw(t, "acts") {
				before := register(t, db)
				id, err := drawAct(t, db, f, &homes)
				if loa.KindOf(err) != "" {
					if register(t, db) != before {
						t.Fatalf("what was refused with %v changed something", err)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				acts, states = append(acts, id), append(states, before)
			}
			sound(t, db, f)
			for i := len(acts) - 1; i >= 0; i-- {
				if err := db.UndoAct(context.Background(), f.Whole, f.By, acts[i]); err != nil {
					t.Fatalf("undo %d: %v", i, err)
				}
				if got := register(t, db); got != states[i] {
					t.Fatalf("after undo %d:\n%s\nwant\n%s", i, got, states[i])
				}
			}
			if register(t, db) != first {
				t.Fatal("the first state did not come back")
			}
			sound(t, db, f)
		})
	})
}

// TestPropertyUndoInAnyOrderKeepsTheRegisterSound takes acts back out of order: it works or is refused, and never leaves somebody in
// a household that ended.
func TestPropertyUndoInAnyOrderKeepsTheRegisterSound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		paying(t, db, f)
		first, rewind := register(t, db), rewinding(t, db)
		rapid.Check(t, func(t *rapid.T) {
			rewind(t)
			homes := f.Households[:]
			var done []loa.ActID // oldest first
			for range rapid.IntRange(2, 8).Draw(t, "steps") {
				if len(done) > 0 && rapid.Bool().Draw(t, "undo") {
					i := rapid.IntRange(0, len(done)-1).Draw(t, "which")
					before := register(t, db)
					err := db.UndoAct(context.Background(), f.Whole, f.By, done[i])
					switch {
					case err == nil:
						done = slices.Delete(done, i, i+1)
					case loa.KindOf(err) != loa.Conflict:
						t.Fatal(err)
					case register(t, db) != before:
						t.Fatal("an undo that was refused changed something")
					}
					sound(t, db, f)
					continue
				}
				id, err := drawAct(t, db, f, &homes)
				if err == nil {
					done = append(done, id)
				} else if loa.KindOf(err) == "" {
					t.Fatal(err)
				}
				sound(t, db, f)
			}
			for i := len(done) - 1; i >= 0; i-- {
				if err := db.UndoAct(context.Background(), f.Whole, f.By, done[i]); err != nil {
					t.Fatalf("undo %d: %v", i, err)
				}
			}
			if got := register(t, db); got != first {
				t.Fatalf("the first state did not come back:\n%s\nwant\n%s", got, first)
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
		second, err := db.MovePeople(ctx, f.Whole, f.By, []loa.PersonID{f.People[1].ID}, f.Households[2], "")
		if err != nil {
			t.Fatal(err)
		}
		if err := db.UndoAct(ctx, f.Whole, f.By, first); loa.KindOf(err) != loa.Conflict {
			t.Errorf("undoing an older act: %v", err)
		}
		for name, in := range map[string]loa.Scope{"another office": f.OtherScope, "the officer of the commune it left": f.Commune1, "nobody": f.Nothing} {
			if err := db.UndoAct(ctx, in, f.By, second); loa.KindOf(err) != loa.NotFound {
				t.Errorf("%s undoes the act: %v", name, err)
			}
			acts, err := db.Acts(ctx, in, 10)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range acts {
				if a.ID == second {
					t.Errorf("%s sees the act", name)
				}
			}
		}
		p, err := db.Person(ctx, f.Whole, f.People[1].ID)
		if err != nil {
			t.Fatal(err)
		}
		p.Phone = "+84199000999"
		if _, clashes, err := db.SavePerson(ctx, f.Whole, f.By, p, p.ChangeNo); err != nil || len(clashes) > 0 {
			t.Fatal(clashes, err)
		}
		if err := db.UndoAct(ctx, f.Whole, f.By, second); err != nil {
			t.Errorf("a telephone written since stands in the way: %v", err)
		}
		if now, err := db.Person(ctx, f.Whole, p.ID); err != nil || now.Phone != "+84199000999" || now.Household != f.Households[1] {
			t.Errorf("after undo: %+v, %v", now, err)
		}
		if err := db.UndoAct(ctx, f.Whole, f.By, second); loa.KindOf(err) != loa.Conflict {
			t.Errorf("undoing twice: %v", err)
		}
	})
}

func TestUndoOfASplitSparesWhatWasBuiltOnIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		for _, c := range []struct {
			what  string
			build func(made loa.HouseholdID) error
		}{
			{"a visit", func(made loa.HouseholdID) error {
				return db.AddVisit(ctx, f.Whole, f.By, loa.Visit{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-11-30"}, Household: made, Form: loa.VisitForm, Outcome: "met"})
			}},
			{"a new member", func(made loa.HouseholdID) error {
				_, err := db.AddPerson(ctx, f.Whole, f.By, loa.Person{Name: "Giàng A Mới", Area: f.Villages[0], Household: made})
				return err
			}},
		} {
			made, act, err := db.SplitHousehold(ctx, f.Whole, f.By, f.Households[0], []loa.PersonID{f.People[2].ID}, f.People[2].ID)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.build(made); err != nil {
				t.Fatal(err)
			}
			if err := db.UndoAct(ctx, f.Whole, f.By, act); loa.KindOf(err) != loa.Conflict {
				t.Errorf("%s: undo answers %v", c.what, err)
			}
			if _, err := db.MovePeople(ctx, f.Whole, f.By, []loa.PersonID{f.People[2].ID}, f.Households[0], ""); err != nil {
				t.Fatal(err)
			}
		}
	})
}
