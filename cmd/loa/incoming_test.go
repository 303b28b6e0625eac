package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/channel"
	"loa/store"
	"loa/store/storetest"
)

// TestIncomingIsTakenOnceWhateverHappens plays what providers tell, each twice, and looks at what came of it.
func TestIncomingIsTakenOnceWhateverHappens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		account := loa.Channel{ID: "oa", Office: f.Office.ID, Area: f.Anchor, Kind: "zalo", Name: "OA", Settings: []byte("x"), State: loa.ChannelOn}
		if err := db.AddChannel(ctx, f.Whole, f.By, account); err != nil {
			t.Fatal(err)
		}
		in := &incoming{db: db, now: func() time.Time { return f.By.At }}
		event := func(kind channel.EventKind, key, from, text string) channel.Event {
			return channel.Event{Kind: kind, Key: key, Network: "zalo", From: from, Ref: key, Text: text, At: f.By.At.Add(-time.Minute)}
		}
		all := []channel.Event{
			event(channel.EventFollow, "f1", "1", ""), event(channel.EventReply, "r1", "1", "Bảo hiểm hộ đóng bao nhiêu?"),
			event(channel.EventReply, "r2", "2", "Hủy tin nhé"), event(channel.EventReply, "r3", "2", "tu choi"), event(channel.EventReply, "r4", "3", "Hủy thẻ cũ thì làm thế nào"),
			{Kind: channel.EventReply, Key: "g1", Network: "zalo_group", From: "9", Thread: "group-1", Text: "dừng", At: f.By.At},
			{Kind: channel.EventComment, Key: "c1", Network: "fb_comment", Ref: "12_34", Thread: "12", Text: "Cho hỏi mua thẻ ở đâu", At: f.By.At},
			event(channel.EventDelivered, "d1", "1", ""), event(channel.EventOptOut, "o1", "4", ""),
			{Kind: channel.EventContact, Key: "i1", Network: "zalo", From: "1", Name: "Sùng A Thử", Phone: "84912345678", At: f.By.At},
			event(channel.EventUnfollow, "u1", "1", ""),
		}
		for _, e := range append(append([]channel.Event{}, all...), all...) {
			if err := in.take(ctx, account, e); err != nil {
				t.Fatalf("%s: %v", e.Key, err)
			}
		}
		list, _, err := db.Conversations(ctx, f.Whole, store.ConversationFilter{Me: f.Director, Now: f.By.At})
		if err != nil {
			t.Fatal(err)
		}
		waits, refused := map[string]bool{}, map[string]bool{}
		for _, c := range list {
			waits[c.Address], refused[c.Address] = !c.Answered(), c.Refused
		}
		if len(list) != 6 || !waits["1"] || waits["2"] || !waits["3"] || !waits["group-1"] || !waits["12_34"] || waits["4"] {
			t.Errorf("who waits: %v", waits)
		}
		if refused["1"] || !refused["2"] || refused["3"] || refused["group-1"] || !refused["4"] {
			t.Errorf("who refused: %v", refused)
		}
		for _, c := range list {
			turns, err := db.Turns(ctx, f.Whole, f.Director, c.ID, "", 0)
			confirmed := 0
			for _, turn := range turns {
				if turn.Kind == loa.TurnConfirm {
					confirmed++
				}
			}
			if (confirmed == 1) != (c.Address == "2") || confirmed > 1 {
				t.Errorf("%s is told %d times that the refusal holds", c.Address, confirmed)
			}
			if want := map[string]int{"1": 4, "2": 3}[c.Address]; err != nil || want > 0 && len(turns) != want {
				t.Errorf("%s has %d turns, want %d, %v", c.Address, len(turns), want, err)
			}
		}
	})
}

// TestARefusalByLetterIsConfirmedByALetter: with its subject, without which no letter leaves; and each way says of what it is about.
func TestARefusalByLetterIsConfirmedByALetter(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		account := loa.Channel{ID: "mail", Office: f.Office.ID, Area: f.Anchor, Kind: "email", Name: "Thư", Settings: []byte("x"), State: loa.ChannelOn}
		if err := db.AddChannel(ctx, f.Whole, f.By, account); err != nil {
			t.Fatal(err)
		}
		in := &incoming{db: db, now: func() time.Time { return f.By.At }}
		if err := in.take(ctx, account, channel.Event{Kind: channel.EventReply, Key: "m1", Network: "mail", From: "a@loa.example", Text: "Từ chối nhận tin\n> Kính gửi bà con", At: f.By.At}); err != nil {
			t.Fatal(err)
		}
		got, err := db.ClaimDeliveries(ctx, loa.Claim{Channel: "mail", By: "one", Now: f.By.At, Lease: time.Minute, Most: 10, Repeatable: true})
		if err != nil || len(got.Deliveries) != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		words, err := db.Replies(ctx, []loa.DeliveryID{got.Deliveries[0].ID})
		if r := words[got.Deliveries[0].ID]; err != nil || r.Title == "" || !strings.Contains(r.Text, "qua thư điện tử") {
			t.Errorf("%+v, %v", r, err)
		}
	})
}
