package store_test

import (
	"context"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestAPersonCountsOnceWithinAForm: three messages over two networks of one form, one refused and one that never left reach one person;
// the timeline tells of each that left, and other people's scope of none.
func TestAPersonCountsOnceWithinAForm(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		account := loa.ChannelID(loa.NewID())
		if err := db.AddChannel(ctx, f.Whole, f.By, loa.Channel{ID: account, Area: f.Anchor, Kind: "zalo", Name: "OA", Settings: []byte{1}, State: loa.ChannelOn}); err != nil {
			t.Fatal(err)
		}
		send := func(list ...loa.Delivery) {
			t.Helper()
			b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: f.Anchor, Title: "Nhắc đóng", Script: "s", Purpose: loa.Care, Priority: loa.Normal, State: loa.BroadcastDraft, Ladder: []loa.Rung{{Form: loa.Zalo, Network: "zalo", Channel: account}, {Form: loa.Zalo, Network: "zns", Channel: account}, {Form: loa.SMS, Network: "tel", Channel: account}},
				Audience: loa.Audience{Areas: []loa.AreaID{f.CommuneA}}, Window: loa.Window{From: storetest.Today, End: 1440}}
			if err := db.AddBroadcast(ctx, f.Whole, f.By, b); err != nil {
				t.Fatal(err)
			}
			for _, to := range []loa.BroadcastState{loa.BroadcastApproved, loa.BroadcastSending} {
				if _, err := db.ChangeBroadcast(ctx, f.Whole, f.By, b.ID, "changed", func(b *loa.Broadcast) error { b.SentAt = f.By.At; return b.Move(to, "") }); err != nil {
					t.Fatal(err)
				}
			}
			for i := range list {
				list[i].ID, list[i].Office, list[i].Channel, list[i].State = loa.DeliveryID(loa.NewID()), f.Office.ID, account, loa.DeliveryQueued
				list[i].To = "84912345678"
			}
			if err := db.QueueDeliveries(ctx, b.ID, list, loa.AllFanned); err != nil {
				t.Fatal(err)
			}
		}
		p, q := f.People[0], f.People[6]
		send(loa.Delivery{Person: p.ID, Area: p.Area, Network: "zalo"}, loa.Delivery{Person: p.ID, Area: p.Area, Network: "zns", Rung: 1}, loa.Delivery{Person: p.ID, Area: p.Area, Network: "tel", Rung: 2}, loa.Delivery{Person: q.ID, Area: q.Area, Network: "zalo"})
		send(loa.Delivery{Person: p.ID, Area: p.Area, Network: "zalo"})
		got, err := db.ClaimDeliveries(ctx, loa.Claim{Channel: account, By: "x", Now: f.By.At.Add(time.Minute), Lease: time.Minute, Most: 100, State: loa.DeliveryUnsure})
		if err != nil || len(got.Deliveries) != 5 {
			t.Fatalf("%d claimed, %v", len(got.Deliveries), err)
		}
		for i := range got.Deliveries {
			d := &got.Deliveries[i]
			d.State, d.SentAt = loa.DeliverySent, f.By.At.Add(time.Minute)
			if d.Person == q.ID {
				d.State, d.DoneAt = loa.DeliveryFailed, d.SentAt
			}
		}
		if _, err := db.SettleDeliveries(ctx, got.Deliveries, "x", nil); err != nil {
			t.Fatal(err)
		}
		list, err := db.TouchTallies(ctx, f.Whole, "", storetest.Today, storetest.Today)
		if err != nil {
			t.Fatal(err)
		}
		want := []store.TouchTally{{Form: loa.Zalo, Messages: 3, People: 1}, {Form: loa.SMS, Messages: 1, People: 1}}
		if len(list) != 2 || list[0] != want[0] || list[1] != want[1] {
			t.Errorf("%+v, not %+v", list, want)
		}
		for name, c := range map[string]struct {
			in      loa.Scope
			commune loa.AreaID
			from    loa.Day
			forms   int
		}{"its commune": {f.Whole, f.CommuneA, storetest.Today, 2}, "another commune": {f.Whole, f.CommuneB, storetest.Today, 0}, "the day after": {f.Whole, "", storetest.Today.Add(1), 0}, "another office": {f.OtherScope, "", storetest.Today, 0}} {
			if list, err := db.TouchTallies(ctx, c.in, c.commune, c.from, c.from); err != nil || len(list) != c.forms {
				t.Errorf("%s: %+v, %v", name, list, err)
			}
		}
		rows, err := db.Timeline(ctx, f.Whole, store.TimelineQuery{People: []loa.PersonID{p.ID, q.ID}, Kind: "message", Until: loa.OpenEnd, Take: 20})
		if err != nil || len(rows) != 5 || rows[0].Kind != "message" || rows[0].Text != "Nhắc đóng" {
			t.Errorf("the timeline tells %+v, %v", rows, err)
		}
		if rows, err := db.Timeline(ctx, f.OtherScope, store.TimelineQuery{People: []loa.PersonID{p.ID}, Until: loa.OpenEnd, Take: 20}); err != nil || len(rows) != 0 {
			t.Errorf("another office reads %+v, %v", rows, err)
		}
		if touches, err := db.TouchesBefore(ctx, f.Whole, p.ID, storetest.Today); err != nil || len(touches) < 4 {
			t.Errorf("before a lead: %+v, %v", touches, err)
		}
	})
}
