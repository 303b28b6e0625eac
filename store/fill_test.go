package store_test

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// standing reads spells and flows as they are kept.
func standing(t *testing.T, db *store.DB) (spells, flows []string) {
	t.Helper()
	read := func(q string, n int) (out []string) {
		rows, err := db.Writer().QueryContext(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			values, to := make([]any, n), make([]any, n)
			for i := range values {
				to[i] = &values[i]
			}
			if err := rows.Scan(to...); err != nil {
				t.Fatal(err)
			}
			out = append(out, fmt.Sprint(values...))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return out
	}
	spells = read(`SELECT office_id, person_id, scheme, no, area_id, starts_on, start_kind, covered_until, payer, method, ends_on, end_kind, reason, lead_id, collector_id
		FROM spell ORDER BY person_id, scheme, no`, 15)
	flows = read(`SELECT office_id, area_id, scheme, on_day, kind, n FROM flow WHERE n <> 0 ORDER BY office_id, scheme, on_day, area_id, kind`, 6)
	return spells, flows
}

// money are payments and a leaving that make every kind of start and end.
func money(f *storetest.Fixture) (paid []loa.Contribution, left []loa.Leaving) {
	pay := func(p int, s loa.Scheme, m loa.Method, who loa.Payer, on, until loa.Day) *loa.Contribution {
		person := f.People[p]
		paid = append(paid, loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), Office: f.Office.ID, Area: person.Area, HappenedOn: on, RecordedAt: f.By.At, RecordedBy: f.By.Officer},
			Person: person.ID, Scheme: s, Payer: who, Method: m, From: on, Until: until, Collector: f.Collector})
		return &paid[len(paid)-1]
	}
	pay(0, loa.VoluntarySI, loa.Quarterly, loa.PaysSelf, "2024-01-05", "2024-03-31")
	pay(0, loa.VoluntarySI, loa.Quarterly, loa.PaysSelf, "2024-05-05", "2024-06-30")
	pay(0, loa.VoluntarySI, loa.Yearly, loa.PaysSelf, "2025-08-05", "2026-07-31") // back after a lapse
	pay(1, loa.HouseholdHI, loa.Card, loa.PaysSelf, "2024-02-01", "2025-01-31")
	pay(3, loa.CompulsorySI, loa.Ongoing, loa.PaysEmployer, "2023-12-15", loa.OpenEnd)
	pay(4, loa.HI, loa.Card, loa.PaysState, "2023-01-01", "2025-12-31")
	pay(6, loa.VoluntarySI, loa.Monthly, loa.PaysSelf, "2025-01-05", "2025-01-31")
	wrong := pay(9, loa.VoluntarySI, loa.Yearly, loa.PaysSelf, "2025-02-05", "2026-01-31").ID
	right := pay(9, loa.VoluntarySI, loa.Monthly, loa.PaysSelf, "2025-02-05", "2025-02-28")
	right.Corrects, right.Why = wrong, "wrong method"
	left = []loa.Leaving{{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), Office: f.Office.ID, Area: f.People[3].Area, HappenedOn: "2025-05-01", RecordedAt: f.By.At, RecordedBy: f.By.Officer},
		Person: f.People[3].ID, Scheme: loa.CompulsorySI, Reason: "pension"}}
	return paid, left
}

// TestFillDerivesAsTheWritersDo fills the same facts in bulk and one by one, and expects the same spells and flows.
func TestFillDerivesAsTheWritersDo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		f := storetest.Office(t, db)
		paid, left := money(f)
		for _, c := range paid {
			if err := db.AddContribution(ctx, f.Whole, f.By, c); err != nil {
				t.Fatal(err)
			}
		}
		for _, l := range left {
			if err := db.AddLeaving(ctx, f.Whole, f.By, l); err != nil {
				t.Fatal(err)
			}
		}
		wantSpells, wantFlows := standing(t, db)
		if len(wantSpells) < 7 || len(wantFlows) < 10 {
			t.Fatalf("the writers made %d spells and %d flows: too few to compare", len(wantSpells), len(wantFlows))
		}
		if err := db.RebuildStanding(ctx, f.Office.ID); err != nil {
			t.Fatal(err)
		}
		if s, fl := standing(t, db); !reflect.DeepEqual(s, wantSpells) || !reflect.DeepEqual(fl, wantFlows) {
			t.Errorf("rebuilt from the facts:\n%v\n%v\nwant\n%v\n%v", s, fl, wantSpells, wantFlows)
		}

		two := storetest.SQLite(t)
		g := storetest.Office(t, two)
		if err := two.Fill(ctx, loa.Bulk{By: g.By, Contributions: paid, Leavings: left}); err != nil {
			t.Fatal(err)
		}
		if s, fl := standing(t, two); !reflect.DeepEqual(s, wantSpells) || !reflect.DeepEqual(fl, wantFlows) {
			t.Errorf("people there before, facts filled later:\n%v\n%v\nwant\n%v\n%v", s, fl, wantSpells, wantFlows)
		}
	})
}

// TestFillOfEverythingAtOnce derives in memory what RebuildStanding derives from the rows.
func TestFillOfEverythingAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		f := storetest.Office(t, db)
		paid, left := money(f)
		b := loa.Bulk{By: f.By, Contributions: paid, Leavings: left}
		for i := range f.People {
			p := f.People[i]
			p.ID = loa.PersonID("1" + string(p.ID)[1:]) // people of their own, filled together with their facts
			b.People = append(b.People, p)
		}
		for i := range b.Contributions {
			b.Contributions[i].Person = "1" + b.Contributions[i].Person[1:]
		}
		b.Leavings[0].Person = "1" + b.Leavings[0].Person[1:]
		if err := db.Fill(ctx, b); err != nil {
			t.Fatal(err)
		}
		wantSpells, wantFlows := standing(t, db)
		if len(wantSpells) < 7 {
			t.Fatalf("%d spells", len(wantSpells))
		}
		if err := db.RebuildStanding(ctx, f.Office.ID); err != nil {
			t.Fatal(err)
		}
		if s, fl := standing(t, db); !reflect.DeepEqual(s, wantSpells) || !reflect.DeepEqual(fl, wantFlows) {
			t.Errorf("rebuilt:\n%v\n%v\nfilled\n%v\n%v", s, fl, wantSpells, wantFlows)
		}
	})
}

// TestFillNumbersChangesAndPaths looks at what Fill makes beside the rows.
func TestFillNumbersChangesAndPaths(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		f := storetest.Office(t, db)
		areas, err := db.Areas(ctx, f.Whole)
		if err != nil {
			t.Fatal(err)
		}
		if len(areas) != 8 { // two communes, four villages, the office's node and its village
			t.Errorf("the scope holds %d areas, want 8", len(areas))
		}
		for _, a := range areas {
			if a.ID == f.OtherArea {
				t.Error("a village of another province is in the scope")
			}
		}
		only, err := db.Areas(ctx, f.Commune1)
		if err != nil {
			t.Fatal(err)
		}
		if len(only) != 3 {
			t.Errorf("commune 1 holds %d areas, want 3", len(only))
		}
		var people, highest, counter, words int64
		one := func(to *int64, q string, args ...any) {
			if err := db.Writer().QueryRowContext(ctx, q, args...).Scan(to); err != nil {
				t.Fatal(err)
			}
		}
		one(&people, `SELECT count(DISTINCT change_no) FROM person WHERE office_id = $1`, f.Office.ID)
		one(&highest, `SELECT max(change_no) FROM person WHERE office_id = $1`, f.Office.ID)
		one(&counter, `SELECT change_no FROM office WHERE id = $1`, f.Office.ID)
		one(&words, `SELECT count(*) FROM name_word WHERE word = $1`, "giang")
		if people != 12 || highest == 0 || counter < highest {
			t.Errorf("%d change numbers for 12 people, highest %d, counter %d", people, highest, counter)
		}
		if words != 2 { // giang a chu and giang thi my; the third is spelt Dàng
			t.Errorf("%d names under giang, want 2", words)
		}
		tree, err := db.Tree(ctx, f.Office.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got := tree.Up(f.Villages[1], loa.Commune, "2025-06-30"); got != f.OldA2 {
			t.Errorf("on the last day of the old units village 2 lay in %s, want %s", got, f.OldA2)
		}
		if got := tree.Up(f.Villages[1], loa.Commune, "2025-07-01"); got != f.CommuneA {
			t.Errorf("on the first day of the new units village 2 lies in %s, want %s", got, f.CommuneA)
		}
		if got := tree.Up(f.Unstated, loa.Commune, "2025-07-01"); got != f.Anchor {
			t.Errorf("the village without a commune counts in %s, want the office's node", got)
		}
	})
}

// TestFillInAHurryLeavesTheSameDatabase fills an empty database that was opened to be fast: what it takes off meanwhile is back.
func TestFillInAHurryLeavesTheSameDatabase(t *testing.T) {
	ctx := context.Background()
	schema := func(db *store.DB) (out []string) {
		rows, err := db.Writer().QueryContext(ctx, `SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_stat%' ORDER BY type, name`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var kind, name, made string
			if err := rows.Scan(&kind, &name, &made); err != nil {
				t.Fatal(err)
			}
			out = append(out, kind+" "+name+" "+made)
		}
		return out
	}
	slow := storetest.SQLite(t)
	file := t.TempDir() + "/loa.db"
	fast, err := store.Open(ctx, file, store.Options{Fast: true, Grace: storetest.Grace{}})
	if err != nil {
		t.Fatal(err)
	}
	defer fast.Close()
	want := schema(slow)
	if offices, err := fast.Offices(ctx); err != nil || len(offices) != 0 { // who has read must not make it slow
		t.Fatal(offices, err)
	}
	storetest.Office(t, fast)
	if log, err := os.Stat(file + "-wal"); err == nil && log.Size() > 0 {
		t.Errorf("%d bytes were written twice", log.Size())
	}
	if err := fast.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	if got := schema(fast); len(want) < 50 || !reflect.DeepEqual(got, want) {
		t.Errorf("%d things of the schema after a fast filling, %d before", len(got), len(want))
	}
	var journal string
	var durable, people int
	for q, to := range map[string]any{`PRAGMA journal_mode`: &journal, `PRAGMA synchronous`: &durable, `SELECT count(*) FROM person`: &people} {
		if err := fast.Writer().QueryRowContext(ctx, q).Scan(to); err != nil {
			t.Fatal(err)
		}
	}
	if journal != "wal" || durable != 2 || people < 12 {
		t.Errorf("journal %s, synchronous %d, %d people: the database is not as durable as any other", journal, durable, people)
	}
	if err := fast.Check(ctx); err != nil {
		t.Error(err)
	}
}
