package store_test

import (
	"context"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func TestDocumentsTakeOneNumberOfTheSeries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		report := loa.Document{Area: f.Anchor, Kind: "outreach_report", About: "2025-10..2025-10"}
		first, err := db.NumberDocument(ctx, f.Whole, f.By, report)
		if err != nil || first.No != 1 || first.On != storetest.Today {
			t.Fatalf("%+v, %v", first, err)
		}
		again, err := db.NumberDocument(ctx, f.Whole, f.By, report)
		if err != nil || again.No != 1 {
			t.Errorf("asked again it took number %d, %v", again.No, err)
		}
		plan, err := db.NumberDocument(ctx, f.Commune1, f.By, loa.Document{Area: f.CommuneA, Kind: "plan", About: "2025-12 " + string(f.CommuneA)})
		if err != nil || plan.No != 2 {
			t.Errorf("the next document took number %d, %v", plan.No, err)
		}
		if got, err := db.Document(ctx, f.Commune1, "plan", plan.About); err != nil || got.No != 2 {
			t.Errorf("the commune's plan reads %+v, %v", got, err)
		}
		for name, in := range map[string]loa.Scope{"the other commune": f.Commune2, "nobody": f.Nothing, "another office": f.OtherScope} {
			if got, err := db.Document(ctx, in, "plan", plan.About); err != nil || got.No != 0 {
				t.Errorf("%s reads %+v, %v", name, got, err)
			}
			if _, err := db.NumberDocument(ctx, in, f.By, loa.Document{Area: f.CommuneA, Kind: "plan", About: plan.About}); loa.KindOf(err) != loa.NotFound {
				t.Errorf("%s numbered it: %v", name, err)
			}
		}
		if _, err := db.NumberDocument(ctx, f.Commune2, f.By, loa.Document{Area: f.CommuneB, Kind: "plan", About: plan.About}); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a key that is taken elsewhere: %v", err)
		}
		for _, bad := range []loa.Document{{Area: f.Anchor, Kind: "poem", About: "x"}, {Area: f.Anchor, Kind: "plan"}, {Kind: "plan", About: "x"}} {
			if _, err := db.NumberDocument(ctx, f.Whole, f.By, bad); loa.KindOf(err) != loa.Invalid {
				t.Errorf("%+v was taken: %v", bad, err)
			}
		}
	})
}

func TestPaymentsOfAPeriodCommuneAndCollector(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		pay := func(person loa.Person, on loa.Day, by loa.CollectorID, payer loa.Payer) {
			t.Helper()
			c := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: on}, Person: person.ID, Scheme: loa.VoluntarySI, Payer: payer, Method: loa.Monthly, From: on.Month().First(), Until: on.Month().Last(), Months: 1,
				Income: 1500000, Amount: 264000, StateAmount: 66000, Collector: by, Receipt: "0001"}
			if err := db.AddContribution(ctx, f.Whole, f.By, c); err != nil {
				t.Fatal(err)
			}
		}
		pay(f.People[0], "2025-10-03", f.Agent, loa.PaysSelf)
		pay(f.People[6], "2025-10-31", "", loa.PaysSelf)
		pay(f.People[1], "2025-11-01", f.Agent, loa.PaysSelf)
		pay(f.People[3], "2025-10-05", "", loa.PaysState)
		for name, c := range map[string]struct {
			in   loa.Scope
			f    store.PaymentFilter
			want int
		}{"october": {f.Whole, store.PaymentFilter{From: "2025-10-01", To: "2025-10-31"}, 2}, "the organisation": {f.Whole, store.PaymentFilter{From: "2025-10-01", To: "2025-11-30", Collector: f.Collector}, 2},
			"a commune": {f.Whole, store.PaymentFilter{From: "2025-10-01", To: "2025-11-30", Area: f.CommuneB}, 1}, "its officer": {f.Commune2, store.PaymentFilter{From: "2025-10-01", To: "2025-11-30"}, 1},
			"nobody": {f.Nothing, store.PaymentFilter{From: "2025-10-01", To: "2025-11-30"}, 0}, "another office": {f.OtherScope, store.PaymentFilter{From: "2025-10-01", To: "2025-11-30"}, 0}} {
			c.f.Scheme = loa.VoluntarySI
			list, err := db.Payments(ctx, c.in, c.f, 100)
			if err != nil || len(list) != c.want {
				t.Errorf("%s: %d payments, %v, want %d", name, len(list), err, c.want)
			}
			for _, p := range list {
				if p.Amount != 264000 || p.StateAmount != 66000 || p.Receipt != "0001" {
					t.Errorf("%s: a payment reads %+v", name, p)
				}
			}
		}
		if err := db.AddLeaving(ctx, f.Whole, f.By, loa.Leaving{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-11-20"}, Person: f.People[1].ID, Scheme: loa.VoluntarySI, Reason: "moved"}); err != nil {
			t.Fatal(err)
		}
		for by, want := range map[loa.CollectorID]int{"": 1, f.Collector: 1, f.Agent: 1, "none": 0} {
			list, err := db.Departures(ctx, f.Whole, store.PaymentFilter{Scheme: loa.VoluntarySI, From: "2025-11-01", To: "2025-11-30", Collector: by}, 10)
			if err != nil || len(list) != want {
				t.Errorf("%d left under collector %q, %v, want %d", len(list), by, err, want)
			}
		}
	})
}

func TestPartnersAndSumsOfHeldSessions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		p, err := db.AddPartner(ctx, f.Whole, f.By, loa.Partner{Area: f.CommuneA, Kind: "women_union", Name: "Hội Phụ nữ Mẫu"})
		if err != nil {
			t.Fatal(err)
		}
		for i, on := range []loa.Day{"2025-11-03", "2025-11-04", "2025-11-05"} {
			x, err := db.AddSession(ctx, f.Whole, f.By, loa.Session{ID: loa.SessionID(loa.NewID()), Area: []loa.AreaID{f.Villages[0], f.Villages[0], f.Villages[2]}[i], Form: loa.SmallGroup, Title: "Buổi", On: on, State: loa.Planned, Partners: []loa.PartnerID{p.ID}})
			if err != nil {
				t.Fatal(err)
			}
			if i == 1 {
				continue // stays planned
			}
			if _, err := db.EditSession(ctx, f.Whole, f.By, x.ID, 0, func(s *loa.Session) error {
				s.Leaflets, s.TravelCost, s.OfficerMin = 10, 50000, 90
				return s.Hold(f.By.At)
			}); err != nil {
				t.Fatal(err)
			}
		}
		list, err := db.PartnerTallies(ctx, f.Whole, "", "2025-11-01", "2025-11-30")
		if err != nil || len(list) != 1 || list[0] != (store.PartnerTally{Kind: "women_union", Partners: 1, Sessions: 2}) {
			t.Errorf("%+v, %v", list, err)
		}
		sum, err := db.SessionSums(ctx, f.Whole, "", "2025-11-01", "2025-11-30")
		if err != nil || sum.Sessions != 2 || sum.Planned != 1 || sum.Leaflets != 20 || sum.Cost != 100000 || sum.Minutes != 180 {
			t.Errorf("%+v, %v", sum, err)
		}
		if sum, err := db.SessionSums(ctx, f.Commune2, "", "2025-11-01", "2025-11-30"); err != nil || sum.Sessions != 1 {
			t.Errorf("the officer of one commune adds up %+v, %v", sum, err)
		}
		if sum, err := db.SessionSums(ctx, f.Nothing, "", "2025-11-01", "2025-11-30"); err != nil || sum != (store.SessionSum{}) {
			t.Errorf("nobody adds up %+v, %v", sum, err)
		}
	})
}
