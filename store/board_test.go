package store_test

import (
	"context"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func TestTheBoardCountsWhoHoldsWhatAndWhatLeaks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		lead := func(i int, on loa.Day, steps ...loa.EnrolmentStep) loa.Lead {
			t.Helper()
			l := loa.Lead{Fact: newFact(on), Person: f.People[i].ID, Scheme: loa.VoluntarySI, Officer: f.OfficerOne}
			if err := db.AddLead(ctx, f.Whole, f.By, l); err != nil {
				t.Fatal(err)
			}
			for _, s := range steps {
				s.Lead, s.ID = loa.LeadID(l.ID), loa.FactID(loa.NewID())
				if err := db.AddStep(ctx, f.Whole, f.By, s); err != nil {
					t.Fatal(err)
				}
			}
			return l
		}
		step := func(on loa.Day, s loa.Step) loa.EnrolmentStep {
			e := loa.EnrolmentStep{Fact: newFact(on), Step: s, Officer: f.OfficerTwo}
			if s == loa.Handed {
				e.Collector = f.Agent
			}
			if s == loa.Refused {
				e.Reason = "no_money"
			}
			return e
		}
		lead(0, "2025-09-01")
		lead(1, "2025-11-25")
		lead(2, "2025-09-02", step("2025-09-03", loa.Handed), step("2025-09-04", loa.Refused))
		lead(3, "2025-09-02", step("2025-09-03", loa.Handed))
		paid := lead(4, "2025-09-02", step("2025-09-03", loa.Handed), step("2025-09-05", loa.Registered))
		c := quarter(f.People[4].ID, "2025-09-10", "2025-09-01", "2025-11-30")
		c.Lead = loa.LeadID(paid.ID)
		if err := db.PayLead(ctx, f.Whole, f.By, c); err != nil {
			t.Fatal(err)
		}
		filter := store.EnrolmentFilter{Since: "2025-01-01"}
		cells, err := db.Board(ctx, f.Whole, filter, false, "2025-11-16")
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]store.BoardCell{}
		for _, x := range cells {
			got[x.Owner+" "+string(x.Step)] = x
		}
		if x := got[string(f.OfficerOne)+" interested"]; x.N != 2 || x.Old != 1 || x.Oldest != "2025-09-01" {
			t.Errorf("the first officer holds %+v", x)
		}
		if x := got[string(f.OfficerTwo)+" handed"]; x.N != 1 || x.Old != 1 {
			t.Errorf("the second officer holds %+v", x)
		}
		byAgent, err := db.Board(ctx, f.Whole, store.EnrolmentFilter{Since: "2025-01-01", Collector: f.Agent}, true, "2025-11-16")
		if err != nil || len(byAgent) == 0 {
			t.Fatalf("the collector holds %v: %v", byAgent, err)
		}
		for _, x := range byAgent {
			if x.Owner != string(f.Agent) {
				t.Errorf("a collector's board holds %+v", x)
			}
		}
		passages, err := db.Passages(ctx, f.Whole, filter)
		if err != nil {
			t.Fatal(err)
		}
		far := map[string]int{}
		for _, p := range passages {
			far[string(p.Reached)+" "+string(p.Now)] = p.N
		}
		for key, want := range map[string]int{"interested interested": 2, "handed refused": 1, "handed handed": 1, "paid paid": 1} {
			if far[key] != want {
				t.Errorf("%s: %d, want %d (%v)", key, far[key], want, far)
			}
		}
		kept, err := db.KeptOf(ctx, f.Whole, filter, "2025-11-30", 60)
		if err != nil || kept != (store.Kept{Due: 1}) {
			t.Errorf("kept is %+v: %v", kept, err)
		}
		if err := db.AddContribution(ctx, f.Whole, f.By, quarter(f.People[4].ID, "2025-11-28", "2025-12-01", "2026-02-28")); err != nil {
			t.Fatal(err)
		}
		if kept, err = db.KeptOf(ctx, f.Whole, filter, "2025-11-30", 60); err != nil || kept != (store.Kept{In: 1, Renewed: 1}) {
			t.Errorf("after the renewal kept is %+v: %v", kept, err)
		}
		due, err := db.RenewalsByCollector(ctx, f.Whole, loa.VoluntarySI, "", "2026-02-10")
		if err != nil || due[""].D30 != 1 || due[""].D7 != 0 {
			t.Errorf("due by collector is %v: %v", due, err)
		}
		if none, err := db.RenewalsByCollector(ctx, f.OtherScope, loa.VoluntarySI, "", "2026-02-10"); err != nil || len(none) != 0 {
			t.Errorf("another office counts %v: %v", none, err)
		}
		if none, err := db.Board(ctx, f.OtherScope, filter, false, "2025-11-16"); err != nil || len(none) != 0 {
			t.Errorf("another office sees %v: %v", none, err)
		}
		if none, err := db.Passages(ctx, f.Nothing, filter); err != nil || len(none) != 0 {
			t.Errorf("nobody sees %v: %v", none, err)
		}
		leads, err := db.LeadsOf(ctx, f.Commune1, []loa.PersonID{f.People[0].ID, f.People[4].ID})
		if err != nil || len(leads) != 2 {
			t.Errorf("the leads of two people are %+v: %v", leads, err)
		}
	})
}

func TestAFirstPaymentIsTakenBackWithItsStep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx, id := context.Background(), f.People[0].ID
		l := loa.Lead{Fact: newFact("2025-09-01"), Person: id, Scheme: loa.VoluntarySI}
		if err := db.AddLead(ctx, f.Whole, f.By, l); err != nil {
			t.Fatal(err)
		}
		before := register(t, db)
		c := quarter(id, "2025-09-10", "2025-09-01", "2025-11-30")
		c.Lead = loa.LeadID(l.ID)
		if err := db.PayLead(ctx, f.Whole, f.By, c); err != nil {
			t.Fatal(err)
		}
		e, err := db.Enrolment(ctx, f.Whole, l.ID)
		if err != nil || e.Step != loa.Paid || register(t, db) == before {
			t.Fatalf("the payment is not kept: %+v %v", e, err)
		}
		if err := db.UnpayLead(ctx, f.Commune2, f.By, e.Steps[0]); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the other commune takes it back: %v", err)
		}
		if err := db.UnpayLead(ctx, f.Whole, f.By, e.Steps[0]); err != nil {
			t.Fatal(err)
		}
		if e, err = db.Enrolment(ctx, f.Whole, l.ID); err != nil || e.Step != loa.Interested || register(t, db) != before {
			t.Errorf("the earlier state did not come back: %+v %v", e, err)
		}
		if err := db.PayLead(ctx, f.Whole, f.By, func() loa.Contribution { c.ID = loa.FactID(loa.NewID()); return c }()); err != nil {
			t.Errorf("it cannot be paid again: %v", err)
		}
	})
}
