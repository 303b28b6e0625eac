package store_test

import (
	"context"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestRecipientsCarryAllThatDecides: addresses with what is known of them, consents, and touches of every form, for the scope's own people.
func TestRecipientsCarryAllThatDecides(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		p := f.People[0]
		if err := db.AddConsent(ctx, f.Whole, f.By, loa.Consent{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: storetest.Today}, Person: p.ID, Purpose: loa.Care, Channel: "sms", Agreed: false, How: "spoken"}); err != nil {
			t.Fatal(err)
		}
		terms := loa.AgreedAds{Hours: loa.Hours{Start: 360, End: 1350}, Most: 5}
		yes := loa.Consent{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: storetest.Today}, Person: p.ID, Purpose: loa.Advertising, Channel: "zalo", Agreed: true, How: "paper", Proof: "phiếu số 12", Ads: terms}
		if err := db.AddConsent(ctx, f.Whole, f.By, yes); err != nil {
			t.Fatal(err)
		}
		if list, err := db.Consents(ctx, f.Whole, p.ID); err != nil || list[0].Ads != terms && list[1].Ads != terms {
			t.Errorf("what was agreed on advertising is not kept: %+v, %v", list, err)
		}
		c, b := outbox(t, f, 0, nil)
		_ = c
		if err := db.QueueDeliveries(ctx, b, []loa.Delivery{{ID: loa.DeliveryID(loa.NewID()), Office: f.Office.ID, Area: p.Area, Person: p.ID, Channel: c.ID, Network: "tel", To: "84900000001", State: loa.DeliveryQueued}}, "~~"); err != nil {
			t.Fatal(err)
		}
		ids := []loa.PersonID{p.ID, f.People[3].ID, f.OtherPerson.ID, "nobody"}
		since := f.By.At.Add(-7 * 24 * time.Hour)
		list, err := db.Recipients(ctx, f.Whole, ids, since)
		if err != nil || len(list) != 2 {
			t.Fatalf("%d come of two of the office, one of another and nobody: %v", len(list), err)
		}
		before := of(t, list, p.ID)
		if loa.ConsentFor(before.Consents, loa.Care, "sms") != "refused" || len(before.Langs) == 0 || before.Langs[len(before.Langs)-1] != "vietnamese" || before.Area != p.Area {
			t.Errorf("%+v", before)
		}
		if got, in := loa.AgreedAdsFor(before.Consents, "zalo"); got != terms || in != yes.ID {
			t.Errorf("what was agreed on advertising comes as %+v of %s", got, in)
		}
		if _, err := db.ClaimDeliveries(ctx, claimOf(c, f.By.At, 10)); err != nil {
			t.Fatal(err)
		}
		if list, err = db.Recipients(ctx, f.Whole, ids, since); err != nil {
			t.Fatal(err)
		}
		if got := of(t, list, p.ID); len(got.Touches) != len(before.Touches)+1 {
			t.Errorf("a message that may have arrived is no touch: %+v after %+v", got.Touches, before.Touches)
		}
		if list, err = db.Recipients(ctx, f.Whole, ids, f.By.At.Add(time.Hour)); err != nil || len(of(t, list, p.ID).Touches) != 0 {
			t.Errorf("touches from before the time asked: %v", err)
		}
		if list, err := db.Recipients(ctx, f.Nothing, ids, since); err != nil || len(list) != 0 {
			t.Errorf("whoever may see nobody sees %d, %v", len(list), err)
		}
	})
}

func of(t *testing.T, list []loa.Recipient, id loa.PersonID) loa.Recipient {
	t.Helper()
	for _, p := range list {
		if p.Person == id {
			return p
		}
	}
	t.Fatalf("%s is not there", id)
	return loa.Recipient{}
}

// TestAnOptOutHoldsForWhoeverHasTheNumber: said once over any way, it holds for everybody the number belongs to, and only in that office.
func TestAnOptOutHoldsForWhoeverHasTheNumber(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		p := loa.Person{ID: loa.PersonID(loa.NewID()), Area: f.Villages[0], Name: "Giàng A Số", BornYear: 1980, Sex: loa.Male, Phone: "+84912345678"}
		if _, err := db.AddPerson(ctx, f.Whole, f.By, p); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := db.OptOut(ctx, f.Office.ID, f.By, "tel", "84912345678", "word"); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.OptOut(ctx, f.Other.ID, f.OtherBy, "zns", "84912345678", "word"); err != nil {
			t.Fatal(err)
		}
		list, err := db.Recipients(ctx, f.Whole, []loa.PersonID{p.ID}, f.By.At)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		for _, a := range list[0].Addresses {
			if want := a.Network == "tel"; a.OptedOut != want || a.To != "84912345678" {
				t.Errorf("%+v", a)
			}
		}
		if len(list[0].Addresses) != 2 {
			t.Errorf("%d addresses of one telephone", len(list[0].Addresses))
		}
	})
}
