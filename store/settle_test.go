package store_test

import (
	"context"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// unsure makes deliveries those of which nobody knows, with nobody at work on them.
func unsure(t *testing.T, f *storetest.Fixture, ids ...loa.DeliveryID) {
	t.Helper()
	for _, id := range ids {
		if _, err := f.DB.Writer().ExecContext(context.Background(), `UPDATE delivery SET state = 'unsure', first_at = 1 WHERE id = $1`, id); err != nil {
			t.Fatal(err)
		}
	}
}

// TestUnsurePlacesAreSettled: a person's word on a loudspeaker that told nothing settles its play, with the person as the proof and those who
// heard it counted; what a device told itself stays.
func TestUnsurePlacesAreSettled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		account, device, _ := speaker(t, f)
		other, err := db.AddStation(ctx, f.Whole, f.By, loa.Station{Area: f.Villages[1], Kind: loa.DeviceStation, Name: "Loa hai", Channel: account, Volume: 70, Languages: []string{"vietnamese"}, Earshot: []loa.AreaID{f.Villages[1]}})
		if err != nil {
			t.Fatal(err)
		}
		at := f.By.At.Add(-time.Hour)
		b, ids := played(t, f, account, at, device, other)
		if list, err := db.UnsurePlaces(ctx, f.Whole, b.ID); err != nil || len(list) != 0 {
			t.Fatalf("nothing is unsure yet: %+v, %v", list, err)
		}
		unsure(t, f, ids...)
		if list, err := db.UnsurePlaces(ctx, f.Whole, b.ID); err != nil || len(list) != 2 || list[0].Place != device.ID || list[1].Place != other.ID {
			t.Fatalf("%+v, %v", list, err)
		}
		if n, err := db.SettleUnsure(ctx, f.Nothing, f.By, b.ID, ids, true); err == nil && n != 0 {
			t.Errorf("whoever may see nothing settled %d", n)
		}
		if n, err := db.SettleUnsure(ctx, f.Whole, f.By, b.ID, ids[:1], true); err != nil || n != 1 {
			t.Fatalf("%d, %v", n, err)
		}
		if n, err := db.SettleUnsure(ctx, f.Whole, f.By, b.ID, ids, false); err != nil || n != 1 {
			t.Fatalf("only the other is unsure: %d, %v", n, err)
		}
		if p := mustPlay(t, f, ids[0]); p.State != loa.PlayPlayed || p.Proof != "person" || p.Officer != f.By.Officer {
			t.Errorf("heard by a person: %+v", p)
		}
		if p := mustPlay(t, f, ids[1]); p.State != loa.PlayFailed || p.Proof != "person" {
			t.Errorf("not heard: %+v", p)
		}
		var heard int
		if err := db.Writer().QueryRowContext(ctx, `SELECT count(*) FROM exposure WHERE happened_on = '`+string(loa.DayOf(at))+`'`).Scan(&heard); err != nil || heard != 3 {
			t.Errorf("%d villages heard it, %v", heard, err)
		}
		if n, err := db.FollowDeliveries(ctx, f.By.At); err != nil || n != 0 {
			t.Errorf("the plays follow once more: %d, %v", n, err)
		}
		counts, err := db.DeliveryCounts(ctx, f.Whole, b.ID)
		if err != nil || counts[loa.DeliveryDelivered] != 1 || counts[loa.DeliveryFailed] != 1 {
			t.Errorf("%v, %v", counts, err)
		}
	})
}

// TestAnUnsureAnswerIsSettled: the queue lists it; that it arrived leaves the conversation at rest, that it did not opens it again; while
// somebody is at work on it nobody settles it, and one's own account may be asked.
func TestAnUnsureAnswerIsSettled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		if err := db.AddChannel(ctx, f.Whole, f.By, loa.Channel{ID: "sms", Area: f.Anchor, Kind: "sms_esms", Name: "SMS", Settings: []byte("x"), State: loa.ChannelOn}); err != nil {
			t.Fatal(err)
		}
		talk := func(key string) (loa.ConversationID, loa.TurnID) {
			t.Helper()
			got := receive(t, f, loa.Incoming{Office: f.Office.ID, Area: f.Anchor, Channel: "sms", Key: key, Kind: loa.TurnIn, Network: "tel", Address: "8491200" + key, Text: "Đóng ở đâu?", At: f.By.At})
			turn := loa.TurnID(loa.NewID())
			by := f.By
			by.At = by.At.Add(time.Minute)
			if err := db.ReplyConversation(ctx, f.Whole, by, got.Conversation, store.SendTurn{Turn: loa.Turn{ID: turn, Text: "Ở bưu điện xã"}, Lang: "vietnamese"}); err != nil {
				t.Fatal(err)
			}
			return got.Conversation, turn
		}
		now := f.By.At.Add(time.Hour)
		by := loa.By{Officer: f.By.Officer, At: now}
		listed := func(state string) (out []loa.ConversationID) {
			t.Helper()
			list, _, err := db.Conversations(ctx, f.Whole, store.ConversationFilter{State: state, Now: now})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range list {
				out = append(out, c.ID)
			}
			return out
		}
		good, goodTurn := talk("0111")
		lost, lostTurn := talk("0222")
		if list := listed("unsure"); len(list) != 0 {
			t.Fatalf("what waits to be sent is unsure: %v", list)
		}
		got, err := db.ClaimDeliveries(ctx, loa.Claim{Channel: "sms", By: "one", Now: now, Lease: time.Minute, Most: 10})
		if err != nil || len(got.Deliveries) != 2 {
			t.Fatalf("%+v, %v", got, err)
		}
		if list := listed("unsure"); len(list) != 0 {
			t.Fatalf("what is on its way is unsure: %v", list)
		}
		if err := db.SettleReply(ctx, f.Whole, by, good, goodTurn, true); loa.KindOf(err) != loa.Conflict {
			t.Errorf("settled while it is sent: %v", err)
		}
		now = now.Add(time.Hour)
		by.At = now
		if _, err := db.ReleaseLost(ctx, now); err != nil { // whoever sent it is gone
			t.Fatal(err)
		}
		if list := listed("unsure"); len(list) != 2 {
			t.Fatalf("unsure are %v", list)
		}
		if n, err := db.CountConversations(ctx, f.Whole, store.ConversationFilter{State: "unsure", Now: now}); err != nil || n != 2 {
			t.Errorf("%d are counted, %v", n, err)
		}
		if err := db.AskReply(ctx, f.Whole, by, good, goodTurn); err != nil {
			t.Error(err)
		}
		if err := db.AskReply(ctx, f.Whole, by, good, lostTurn); loa.KindOf(err) != loa.Conflict {
			t.Errorf("an answer of another conversation is asked about: %v", err)
		}
		if asked, err := db.TakeInquiries(ctx, "sms", 10); err != nil || len(asked) != 1 || string(asked[0].ID) != string(goodTurn) {
			t.Errorf("to be asked: %+v, %v", asked, err)
		}
		if err := db.SettleReply(ctx, f.Nothing, loa.By{Officer: f.OfficerTwo, At: now}, good, goodTurn, true); loa.KindOf(err) != loa.NotFound {
			t.Errorf("whoever may see nothing settles it: %v", err)
		}
		if err := db.SettleReply(ctx, f.Whole, by, good, lostTurn, true); loa.KindOf(err) != loa.Conflict {
			t.Errorf("an answer of another conversation is settled: %v", err)
		}
		if err := db.SettleReply(ctx, f.Whole, by, good, goodTurn, true); err != nil {
			t.Fatal(err)
		}
		if err := db.SettleReply(ctx, f.Whole, by, lost, lostTurn, false); err != nil {
			t.Fatal(err)
		}
		if list := listed("unsure"); len(list) != 0 {
			t.Errorf("still unsure are %v", list)
		}
		if list := listed("unreached"); len(list) != 1 || list[0] != lost {
			t.Errorf("not reached are %v, not %s", list, lost)
		}
		if c, err := db.Conversation(ctx, f.Whole, f.By.Officer, good); err != nil || c.State != loa.ConversationDone || !c.Answered() {
			t.Errorf("whoever was reached: %+v, %v", c, err)
		}
		if c, err := db.Conversation(ctx, f.Whole, f.By.Officer, lost); err != nil || c.State != loa.ConversationOpen || c.Answered() {
			t.Errorf("whoever was not reached: %+v, %v", c, err)
		}
	})
}
