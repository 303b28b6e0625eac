package store_test

import (
	"context"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestAnAnswerThatDidNotArriveIsOwed: whoever asked waits again when the answer failed, however it comes to be known, and is listed with
// those whose network takes no answer any more; a newer answer, or new words of theirs, end that.
func TestAnAnswerThatDidNotArriveIsOwed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		for _, c := range []loa.Channel{{ID: "sms", Kind: "sms_esms"}, {ID: "oa", Kind: "zalo", Term: 7 * 24 * time.Hour}, {ID: "free", Kind: "zalo"}} {
			c.Area, c.Name, c.Settings, c.State = f.Anchor, string(c.ID), []byte("x"), loa.ChannelOn
			if err := db.AddChannel(ctx, f.Whole, f.By, c); err != nil {
				t.Fatal(err)
			}
		}
		owed := func(now time.Time) []loa.Conversation {
			t.Helper()
			list, _, err := db.Conversations(ctx, f.Whole, store.ConversationFilter{State: "unreached", Now: now})
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		reply := func(c loa.ConversationID, id loa.TurnID, at time.Time) {
			t.Helper()
			by := f.By
			by.At = at
			if err := db.ReplyConversation(ctx, f.Whole, by, c, store.SendTurn{Turn: loa.Turn{ID: id, Text: "Bà con tới Ủy ban xã"}, Lang: "vietnamese"}); err != nil {
				t.Fatal(err)
			}
		}
		claim := func(at time.Time) (loa.ClaimID, []loa.Delivery) {
			t.Helper()
			got, err := db.ClaimDeliveries(ctx, loa.Claim{Channel: "sms", By: "one", Now: at, Lease: time.Minute, Most: 10, Repeatable: true})
			if err != nil || len(got.Deliveries) != 1 {
				t.Fatalf("claimed %v, %v", got.Deliveries, err)
			}
			return got.ID, got.Deliveries
		}
		at := f.By.At
		text := receive(t, f, loa.Incoming{Office: f.Office.ID, Area: f.Anchor, Channel: "sms", Key: "m1", Kind: loa.TurnIn, Network: "tel", Address: "84912000111", Text: "Đóng ở đâu?", At: at}).Conversation
		reply(text, "r1", at.Add(time.Minute))
		if list := owed(at.Add(time.Hour)); len(list) != 0 {
			t.Fatalf("an answer on its way is owed: %+v", list)
		}

		id, d := claim(at.Add(2 * time.Minute)) // the provider says no at once
		d[0].State, d[0].Code, d[0].DoneAt = loa.DeliveryFailed, "rejected", at.Add(2*time.Minute)
		if _, err := db.SettleDeliveries(ctx, id, d, nil); err != nil {
			t.Fatal(err)
		}
		if list := owed(at.Add(time.Hour)); len(list) != 1 || list[0].State != loa.ConversationOpen || !list[0].Waits.Equal(at) || list[0].Due.IsZero() {
			t.Fatalf("after a failed answer: %+v", list)
		}

		reply(text, "r2", at.Add(3*time.Minute)) // tried again: sent, and a receipt says later that it failed
		id, d = claim(at.Add(4 * time.Minute))
		d[0].State, d[0].Ref, d[0].SentAt = loa.DeliverySent, "ref2", at.Add(4*time.Minute)
		if _, err := db.SettleDeliveries(ctx, id, d, nil); err != nil {
			t.Fatal(err)
		}
		if list := owed(at.Add(time.Hour)); len(list) != 0 {
			t.Fatalf("a sent answer is owed: %+v", list)
		}
		failed := loa.Heard{Channel: "sms", Key: "k1", Kind: "failed", Ref: "ref2", State: loa.DeliveryFailed, Code: "undelivered", At: at.Add(5 * time.Minute)}
		if _, err := db.Hear(ctx, f.Office.ID, at.Add(5*time.Minute), []loa.Heard{failed}); err != nil {
			t.Fatal(err)
		}
		if list := owed(at.Add(time.Hour)); len(list) != 1 {
			t.Fatalf("after a receipt of a failure: %+v", list)
		}
		receive(t, f, loa.Incoming{Office: f.Office.ID, Area: f.Anchor, Channel: "sms", Key: "m2", Kind: loa.TurnIn, Network: "tel", Address: "84912000111", Text: "Máy tôi bật rồi", At: at.Add(6 * time.Minute)})
		if list := owed(at.Add(time.Hour)); len(list) != 0 {
			t.Fatalf("whoever wrote again cannot be answered: %+v", list)
		}

		receive(t, f, loa.Incoming{Office: f.Office.ID, Area: f.Anchor, Channel: "oa", Key: "z1", Kind: loa.TurnIn, Network: "zalo", Address: "u1", Text: "Sổ hưu của tôi đâu?", At: at})
		if list := owed(at.Add(7*24*time.Hour - time.Minute)); len(list) != 0 {
			t.Fatalf("the window is still open: %+v", list)
		}
		if list := owed(at.Add(7 * 24 * time.Hour)); len(list) != 1 || list[0].Address != "u1" {
			t.Fatalf("after the window: %+v", list)
		}
		if err := db.CloseConversation(ctx, f.Whole, f.By, owed(at.Add(7 * 24 * time.Hour))[0].ID); err != nil {
			t.Fatal(err)
		}
		if list := owed(at.Add(7 * 24 * time.Hour)); len(list) != 0 {
			t.Fatalf("told by a visit, still owed: %+v", list)
		}

		free := receive(t, f, loa.Incoming{Office: f.Office.ID, Area: f.Anchor, Channel: "free", Key: "z2", Kind: loa.TurnIn, Network: "zalo", Address: "u2", Text: "Đóng ở đâu?", At: at}).Conversation
		if list := owed(at.Add(48*time.Hour - time.Minute)); len(list) != 0 {
			t.Fatalf("the account still answers: %+v", list)
		}
		late := f.By
		late.At = at.Add(48 * time.Hour)
		if list := owed(late.At); len(list) != 1 || list[0].ID != free {
			t.Fatalf("the account answers for two days: %+v", list)
		}
		send := store.SendTurn{Turn: loa.Turn{ID: "r3", Text: "Ở bưu điện xã"}, Lang: "vietnamese"}
		if err := db.ReplyConversation(ctx, f.Whole, late, free, send); loa.KindOf(err) != loa.Conflict {
			t.Fatalf("an answer the account does not send is taken: %v", err)
		}
		if _, err := db.ChangeChannel(ctx, f.Whole, f.By, "free", "changed", func(c *loa.Channel) error { c.Term = 7 * 24 * time.Hour; return nil }); err != nil {
			t.Fatal(err)
		}
		if list := owed(late.At); len(list) != 0 {
			t.Fatalf("the account answers for a week now: %+v", list)
		}
		if err := db.ReplyConversation(ctx, f.Whole, late, free, send); err != nil {
			t.Fatal(err)
		}
		if said, err := db.Replies(ctx, []loa.DeliveryID{"r3"}); err != nil || !said["r3"].Window.Closes.Equal(at.Add(7*24*time.Hour)) {
			t.Errorf("the answer may go out until %v, %v", said["r3"].Window, err)
		}
	})
}
