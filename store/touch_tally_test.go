package store_test

import (
	"context"
	"slices"
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
		got, err := db.ClaimDeliveries(ctx, loa.Claim{Channel: account, By: "x", Now: f.By.At.Add(time.Minute), Lease: time.Minute, Most: 100})
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
		if _, err := db.SettleDeliveries(ctx, got.ID, got.Deliveries, nil); err != nil {
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

// TestAnswersCallsAndVisitsAreTouches: two answers to one writer reach one person, the word that confirms a refusal nobody; a call taken off a
// list and the visits at which somebody was met count by form, a person once.
func TestAnswersCallsAndVisitsAreTouches(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		_, b, list := toldFixture(t, f) // 2 and 5 are calls, 8 and 11 visits
		if _, err := db.ChangeBroadcast(ctx, f.Whole, f.By, b, "changed", func(b *loa.Broadcast) error { b.SentAt = f.By.At; return nil }); err != nil {
			t.Fatal(err)
		}
		for i, outcome := range map[int]string{2: "met", 5: loa.GivenUp, 8: "interested", 11: "not_home"} {
			if err := db.RecordHand(ctx, f.Whole, f.By, b, handResult(list[i].ID, outcome)); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.AddVisit(ctx, f.Whole, f.By, loa.Visit{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: storetest.Today}, Person: f.People[8].ID, Form: loa.VisitForm, Outcome: "met"}); err != nil {
			t.Fatal(err)
		}
		if err := db.AddChannel(ctx, f.Whole, f.By, loa.Channel{ID: "sms", Area: f.Anchor, Kind: "sms_esms", Name: "SMS", Settings: []byte("x"), State: loa.ChannelOn}); err != nil {
			t.Fatal(err)
		}
		in := loa.Incoming{Office: f.Office.ID, Area: f.Anchor, Channel: "sms", Key: "m1", Kind: loa.TurnIn, Network: "tel", Address: "84912000111", Text: "Đóng ở đâu?", At: f.By.At}
		id := receive(t, f, in).Conversation
		for _, turn := range []loa.TurnID{"r1", "r2"} {
			if err := db.ReplyConversation(ctx, f.Whole, f.By, id, store.SendTurn{Turn: loa.Turn{ID: turn, Text: "Bà con tới Ủy ban xã"}, Lang: "vietnamese"}); err != nil {
				t.Fatal(err)
			}
		}
		in.Key, in.Kind, in.Text, in.Refuses, in.Confirm, in.Address = "m2", loa.TurnRefusal, "TU CHOI", "words", "Da ghi nhan", "84912000222"
		receive(t, f, in)
		got, err := db.ClaimDeliveries(ctx, loa.Claim{Channel: "sms", By: "x", Now: f.By.At.Add(time.Minute), Lease: time.Minute, Most: 100})
		if err != nil || len(got.Deliveries) != 3 {
			t.Fatalf("%d claimed, %v", len(got.Deliveries), err)
		}
		for i := range got.Deliveries {
			got.Deliveries[i].State, got.Deliveries[i].SentAt = loa.DeliverySent, f.By.At.Add(time.Minute)
		}
		if _, err := db.SettleDeliveries(ctx, got.ID, got.Deliveries, nil); err != nil {
			t.Fatal(err)
		}
		tallies, err := db.TouchTallies(ctx, f.Whole, "", storetest.Today, storetest.Today)
		want := []store.TouchTally{{Form: loa.SMS, Messages: 2, People: 1, Replies: 1, Writers: 1}, {Form: loa.CallForm, Messages: 1, People: 1, Arrived: 1}, {Form: loa.VisitForm, Messages: 2, People: 1, Arrived: 2}}
		if err != nil || !slices.Equal(tallies, want) {
			t.Errorf("%+v, not %+v (%v)", tallies, want, err)
		}
		for name, c := range map[string]struct {
			in loa.Scope
			on loa.Day
		}{"the day after": {f.Whole, storetest.Today.Add(1)}, "another office": {f.OtherScope, storetest.Today}} {
			if tallies, err := db.TouchTallies(ctx, c.in, "", c.on, c.on); err != nil || len(tallies) != 0 {
				t.Errorf("%s: %+v, %v", name, tallies, err)
			}
		}
	})
}
