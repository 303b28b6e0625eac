package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func TestReconciliation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		x := loa.Reconciliation{ID: loa.ReconciliationID(loa.NewID()), Area: f.CommuneA, Month: "2025-11", Scheme: loa.VoluntarySI, FileName: "ds.xlsx", Matched: 1200, OnlyList: 1100, Skipped: 3}
		var lines []loa.ReconciliationLine
		for i := range 2300 {
			l := loa.ReconciliationLine{No: i + 1, Outcome: "matched", Area: f.Villages[0], Official: loa.ReconciliationSide{Row: i + 2, Name: fmt.Sprintf("Người %d", i), Tail: "001"}}
			if i%23 > 11 {
				l.Outcome, l.Notes = "only_list", []string{"not_in_register", "no_name"}
			}
			lines = append(lines, l)
		}
		if err := db.StartReconciliation(ctx, f.Commune2, f.By, x, []byte("sealed")); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a list of somebody else's commune answers %v", err)
		}
		asked := ""
		db.OnEnqueue(func(_ context.Context, _ *sql.Tx, job store.Job) error { asked = job.Kind + " " + job.ID; return nil })
		if err := db.StartReconciliation(ctx, f.Whole, f.By, x, []byte("sealed")); err != nil {
			t.Fatal(err)
		}
		if asked != "reconcile "+string(x.ID) {
			t.Errorf("the work asked for is %q", asked)
		}
		if err := db.StartReconciliation(ctx, f.Whole, f.By, x, nil); err == nil {
			t.Error("the same comparison is kept twice")
		}
		if err := db.SignReconciliation(ctx, f.Whole, f.By, x.ID); loa.KindOf(err) != loa.Conflict {
			t.Errorf("signing what is not compared yet: %v", err)
		}
		if w, file, err := db.ReconciliationWork(ctx, x.ID); err != nil || w.State != loa.ReconcileReading || string(file) != "sealed" {
			t.Errorf("the work is %+v %q: %v", w, file, err)
		}
		for range 2 { // a try that was stopped, then the whole
			if err := db.FinishReconciliation(ctx, x, lines); err != nil {
				t.Fatal(err)
			}
		}
		if w, file, err := db.ReconciliationWork(ctx, x.ID); err != nil || file != nil || w.RowsDone != len(lines) || len(w.SHA256) != 64 {
			t.Errorf("afterwards the work is %+v %q: %v", w, file, err)
		}
		n := 0
		for after := 0; ; {
			page, err := db.ReconciliationLines(ctx, f.Whole, x.ID, "", after, 500)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			n, after = n+len(page), page[len(page)-1].No
		}
		if n != len(lines) {
			t.Errorf("%d lines are kept of %d", n, len(lines))
		}
	})
}

func TestReconciliationReadsBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		x := loa.Reconciliation{ID: loa.ReconciliationID(loa.NewID()), Area: f.CommuneA, Month: "2025-11", Scheme: loa.VoluntarySI, FileName: "ds.xlsx", Matched: 2, OnlyLoa: 1}
		lines := []loa.ReconciliationLine{
			{No: 1, Outcome: "matched", Person: f.People[0].ID, Area: f.Villages[0], Official: loa.ReconciliationSide{Row: 2, Name: "Giàng A Chứ", Place: "Tả Sìn", Tail: "047"}, Ours: loa.ReconciliationSide{Name: "Giàng A Chứ"}},
			{No: 2, Outcome: "only_loa", Person: f.People[1].ID, Area: f.Villages[0], Ours: loa.ReconciliationSide{Name: "Sùng Thị Dua"}, Notes: []string{"not_on_list"}},
			{No: 3, Outcome: "matched", Area: f.CommuneA},
		}
		if err := db.StartReconciliation(ctx, f.Commune1, f.By, x, []byte("sealed")); err != nil {
			t.Fatal(err)
		}
		if half, err := db.ReconciliationLines(ctx, f.Whole, x.ID, "", 0, 10); err != nil || len(half) != 0 {
			t.Errorf("lines are shown before they are all there: %v %v", half, err)
		}
		if err := db.FinishReconciliation(ctx, x, lines); err != nil {
			t.Fatal(err)
		}
		all, err := db.ReconciliationLines(ctx, f.Whole, x.ID, "", 0, 10)
		if err != nil || len(all) != 3 || all[0].Official.Tail != "047" || all[1].Notes[0] != "not_on_list" {
			t.Fatalf("lines are %+v: %v", all, err)
		}
		if some, err := db.ReconciliationLines(ctx, f.Whole, x.ID, "matched", 1, 10); err != nil || len(some) != 1 || some[0].No != 3 {
			t.Errorf("the second page of one outcome is %+v: %v", some, err)
		}
		if _, err := db.ReconciliationLines(ctx, f.Commune2, x.ID, "", 0, 10); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the other commune's officer reads the lines: %v", err)
		}
		if list, err := db.Reconciliations(ctx, f.Commune2, 0, 10); err != nil || len(list) != 0 {
			t.Errorf("the other commune's officer sees %v: %v", list, err)
		}
		if err := db.SignReconciliation(ctx, f.OtherScope, f.OtherBy, x.ID); loa.KindOf(err) != loa.NotFound {
			t.Errorf("another office signs: %v", err)
		}
		if err := db.SignReconciliation(ctx, f.Whole, f.By, x.ID); err != nil {
			t.Fatal(err)
		}
		if err := db.SignReconciliation(ctx, f.Whole, f.By, x.ID); loa.KindOf(err) != loa.Conflict {
			t.Errorf("signing twice: %v", err)
		}
		if list, err := db.Reconciliations(ctx, f.Whole, 0, 10); err != nil || len(list) != 1 || list[0].SignedBy != f.By.Officer || list[0].Ours() != 3 || list[0].Official() != 2 {
			t.Errorf("the list is %+v: %v", list, err)
		}
	})
}

func TestParticipantsAreThoseOfTheDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		for i, until := range []loa.Day{"2025-12-31", "2025-06-30"} {
			c := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-01-10"}, Person: f.People[3*i].ID, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Quarterly, From: "2025-01-01", Until: until}
			if err := db.AddContribution(ctx, f.Whole, f.By, c); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			on   loa.Day
			in   loa.Scope
			want int
		}{{"2025-11-30", f.Whole, 1}, {"2025-05-31", f.Whole, 2}, {"2025-01-09", f.Whole, 0}, {"2025-05-31", f.Commune2, 0}} {
			got, err := db.Participants(ctx, c.in, loa.VoluntarySI, c.on)
			if err != nil || len(got) != c.want {
				t.Errorf("on %s: %d participate, want %d: %v", c.on, len(got), c.want, err)
			}
		}
		meant, err := db.PeopleMeant(ctx, f.Whole, nil, []string{"giang a chu", "mua thi xua"})
		if err != nil || len(meant) != 2 {
			t.Errorf("two names mean %v: %v", meant, err)
		}
		if meant, err := db.PeopleMeant(ctx, f.Commune2, []string{""}, []string{"giang a chu"}); err != nil || len(meant) != 0 {
			t.Errorf("another commune's people are meant: %v %v", meant, err)
		}
	})
}
