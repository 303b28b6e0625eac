package main

import (
	"fmt"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestABroadcastThatFailsPausesItself: when more fail than its limit it pauses within a look, says why, and lets nothing more out.
func TestABroadcastThatFailsPausesItself(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSender(t, db)
		ctx := t.Context()
		b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: s.Anchor, Title: "Hỏng", Script: s.script.ID, ScriptVersion: 1, Purpose: loa.Care, Priority: loa.Normal, State: loa.BroadcastDraft, Audience: loa.Audience{Areas: []loa.AreaID{s.CommuneA}}, FailLimit: 2000,
			Ladder: []loa.Rung{{Form: loa.SMS, Network: "tel", Channel: s.channel}}, Window: loa.Window{From: storetest.Today, Start: 0, End: 1440}}
		if err := db.AddBroadcast(ctx, s.Whole, s.By, b); err != nil {
			t.Fatal(err)
		}
		for _, to := range []loa.BroadcastState{loa.BroadcastApproved, loa.BroadcastSending} {
			if _, err := db.ChangeBroadcast(ctx, s.Whole, s.By, b.ID, "sent", func(b *loa.Broadcast) error { b.SentAt = s.By.At; return b.Move(to, "") }); err != nil {
				t.Fatal(err)
			}
		}
		var list []loa.Delivery
		for i := range 60 {
			list = append(list, loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Office: s.Office.ID, Area: s.Villages[0], Person: loa.PersonID(fmt.Sprintf("p%05d", i)), Channel: s.channel, Network: "tel", To: fmt.Sprintf("849%08d", i), State: loa.DeliveryQueued})
		}
		if err := db.QueueDeliveries(ctx, b.ID, list, loa.AllFanned); err != nil {
			t.Fatal(err)
		}
		claim := loa.Claim{Channel: s.channel, By: "one", Now: s.now(), Lease: time.Minute, Most: 55, Repeatable: true}
		got, err := db.ClaimDeliveries(ctx, claim)
		if err != nil || len(got.Deliveries) == 0 {
			t.Fatal(len(got.Deliveries), err)
		}
		for i := range got.Deliveries {
			d := &got.Deliveries[i]
			if d.State, d.SentAt = loa.DeliverySent, s.now(); i%4 == 0 {
				d.State, d.Code, d.DoneAt = loa.DeliveryFailed, "no_such_number", s.now()
			}
		}
		if _, err := db.SettleDeliveries(ctx, got.ID, got.Deliveries, nil); err != nil {
			t.Fatal(err)
		}
		if err := s.engine.autoPause(ctx); err != nil {
			t.Fatal(err)
		}
		x, err := db.Broadcast(ctx, s.Whole, b.ID)
		if err != nil || x.State != loa.BroadcastPaused || x.Why != "too_many_failed" {
			t.Fatalf("%s %q, %v (of %d)", x.State, x.Why, err, len(got.Deliveries))
		}
		claim.Now = s.now().Add(time.Hour)
		if more, err := db.ClaimDeliveries(ctx, claim); err != nil || len(more.Deliveries) != 0 {
			t.Errorf("%d more left, %v", len(more.Deliveries), err)
		}
	})
}
