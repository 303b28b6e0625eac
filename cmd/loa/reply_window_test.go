package main

import (
	"context"
	"testing"
	"time"

	"loa"
	"loa/channel"
	"loa/store"
	"loa/store/storetest"
)

// TestAnAnswerThatWaitedTooLongIsOwed: an account that is opened says how long it answers, and an answer that was held up until that was
// over does not leave any more: whoever asked waits again, to be told in person.
func TestAnAnswerThatWaitedTooLongIsOwed(t *testing.T) {
	db := storetest.SQLite(t)
	s := newSender(t, db)
	ctx := t.Context()
	add := func(id loa.ChannelID, set channel.Settings) {
		t.Helper()
		sealed, err := s.accounts.Seal(s.Office.ID, id, set)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.AddChannel(ctx, s.Whole, s.By, loa.Channel{ID: id, Area: s.Anchor, Kind: "zalo", Name: string(id), Settings: sealed, State: loa.ChannelOn}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.accounts.Open(ctx, id); err != nil {
			t.Fatal(err)
		}
	}
	add("free", channel.Settings{"app_id": "1", "app_secret": "x"})
	add("paid", channel.Settings{"app_id": "1", "app_secret": "x", "text_window": "7d"})
	for id, want := range map[loa.ChannelID]time.Duration{"free": 48 * time.Hour, "paid": 7 * 24 * time.Hour} {
		if c, err := db.OpenChannel(ctx, id); err != nil || c.Term != want {
			t.Errorf("%s answers for %v, %v", id, c.Term, err)
		}
	}
	at := s.now()
	reply := func(account loa.ChannelID) (loa.ConversationID, loa.ClaimID, loa.Delivery) {
		t.Helper()
		got, err := db.Receive(ctx, at, loa.Incoming{Office: s.Office.ID, Area: s.Anchor, Channel: account, Key: string(account), Kind: loa.TurnIn, Network: "zalo", Address: "u1", Ref: "m1", Text: "Sổ hưu của tôi đâu?", At: at})
		if err != nil {
			t.Fatal(err)
		}
		turn := loa.TurnID(loa.NewID())
		by := loa.By{Officer: s.OfficerOne, At: at.Add(time.Hour)}
		if err := db.ReplyConversation(ctx, s.Whole, by, got.Conversation, store.SendTurn{Turn: loa.Turn{ID: turn, Text: "Mời bà con đến cơ quan"}, Lang: "vietnamese"}); err != nil {
			t.Fatal(err)
		}
		claimed, err := db.ClaimDeliveries(ctx, loa.Claim{Channel: account, By: "one", Now: by.At, Lease: time.Minute, Most: 10})
		if err != nil || len(claimed.Deliveries) != 1 {
			t.Fatalf("%+v, %v", claimed, err)
		}
		return got.Conversation, claimed.ID, claimed.Deliveries[0]
	}
	for account, sent := range map[loa.ChannelID]bool{"free": false, "paid": true} {
		talk, id, d := reply(account)
		late := newComposer(db, func() time.Time { return at.Add(50 * time.Hour) }, "")
		ready, err := late.Compose(context.Background(), []loa.Delivery{d}, late.now())
		if err != nil || len(ready) != 1 || ready[0].Send != sent {
			t.Fatalf("%s: %+v, %v", account, ready, err)
		}
		if sent {
			continue
		}
		if _, err := db.SettleDeliveries(ctx, id, []loa.Delivery{ready[0].Delivery}, nil); err != nil {
			t.Fatal(err)
		}
		list, _, err := db.Conversations(ctx, s.Whole, store.ConversationFilter{State: "unreached", Now: at.Add(2 * time.Hour)})
		if err != nil || len(list) != 1 || list[0].ID != talk || list[0].Answered() {
			t.Errorf("whoever was not answered is not owed: %+v, %v", list, err)
		}
	}
}
