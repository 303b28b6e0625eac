package store_test

import (
	"context"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func readyAnswer(f *storetest.Fixture) loa.ReadyAnswer {
	return loa.ReadyAnswer{ID: loa.ReadyAnswerID(loa.NewID()), Area: f.Anchor, Topic: "pension", Cites: "Luật 41/2024/QH15, Điều 98", From: "2025-07-01",
		Texts: []loa.AnswerText{{Lang: "vietnamese", Question: "Đóng bao nhiêu năm thì có lương hưu?", Text: "Đóng đủ 15 năm."}}}
}

// TestAnAnswerIsUsedOnlyWhileItHolds: drafts, versions that were replaced, withdrawn ones and those whose days are over go out nowhere.
func TestAnAnswerIsUsedOnlyWhileItHolds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		if err := db.AddChannel(ctx, f.Whole, f.By, loa.Channel{ID: "oa", Area: f.Anchor, Kind: "zalo", Name: "OA", Settings: []byte("x"), State: loa.ChannelOn}); err != nil {
			t.Fatal(err)
		}
		other := loa.By{Officer: f.OfficerOne, At: f.By.At}
		id := receive(t, f, said(f, "oa", "a", "77", "Mấy năm thì có sổ hưu?", f.By.At.Add(-time.Hour))).Conversation
		a, err := db.SaveReadyAnswer(ctx, f.Whole, f.By, readyAnswer(f))
		if err != nil {
			t.Fatal(err)
		}
		send := func(version int) error {
			return db.ReplyConversation(ctx, f.Whole, f.By, id, store.SendTurn{Turn: loa.Turn{ID: loa.TurnID(loa.NewID()), Text: "Đóng đủ 15 năm.", Answer: a.ID, Version: version}, Keep: true})
		}
		refused := func(what string, version int) {
			t.Helper()
			if err := send(version); loa.KindOf(err) != loa.Conflict {
				t.Errorf("%s goes out: %v", what, err)
			}
		}
		refused("a draft", 1)
		change := func(by loa.By, fn func(a *loa.ReadyAnswer) error) error {
			_, err := db.ChangeReadyAnswer(ctx, f.Whole, by, a.ID, "approved", fn)
			return err
		}
		if err := change(f.By, func(a *loa.ReadyAnswer) error { return a.Submit() }); err != nil {
			t.Fatal(err)
		}
		if err := change(f.By, func(a *loa.ReadyAnswer) error { return a.Approve(f.By) }); loa.KindOf(err) != loa.Denied {
			t.Errorf("its author approves it: %v", err)
		}
		if _, err := db.ApproveReadyAnswers(ctx, f.Whole, other, []loa.ReadyAnswerID{a.ID}); err != nil {
			t.Fatal(err)
		}
		if err := send(1); err != nil {
			t.Errorf("approved it does not go out: %v", err)
		}
		if list, err := db.UsableAnswers(ctx, f.Whole, storetest.Today); err != nil || len(list) != 1 || list[0].Uses != 1 {
			t.Errorf("%+v, %v", list, err)
		}
		if list, err := db.UsableAnswers(ctx, f.Whole, "2025-01-01"); err != nil || len(list) != 0 {
			t.Errorf("before its days it is offered: %+v, %v", list, err)
		}
		second := readyAnswer(f)
		second.ID, second.Until = a.ID, storetest.Today
		if second, err = db.SaveReadyAnswer(ctx, f.Whole, f.By, second); err != nil || second.Version != 2 {
			t.Fatal(second, err)
		}
		if err := send(1); err != nil {
			t.Errorf("while the next one is a draft: %v", err)
		}
		if err := change(f.By, func(a *loa.ReadyAnswer) error { return a.Submit() }); err != nil {
			t.Fatal(err)
		}
		if err := change(other, func(a *loa.ReadyAnswer) error { return a.Approve(other) }); err != nil {
			t.Fatal(err)
		}
		refused("a replaced version", 1)
		if list, err := db.UsableAnswers(ctx, f.Whole, storetest.Today.Add(1)); err != nil || len(list) != 0 {
			t.Errorf("after its days it is offered: %+v, %v", list, err)
		}
		if err := change(f.By, func(a *loa.ReadyAnswer) error { return a.Withdraw("Sai") }); err != nil {
			t.Fatal(err)
		}
		refused("a withdrawn one", 2)
		if err := db.AnswerQuestion(ctx, f.Whole, f.By, loa.Answer{Question: "x", Text: "Đóng đủ.", Ready: a.ID, Version: 2}); err == nil {
			t.Error("a withdrawn one answers a question")
		}
	})
}

// TestAnAnswerGoesOutInsideItsWindowOnce: the same form sent twice is one message, and after the network's window nothing goes.
func TestAnAnswerGoesOutInsideItsWindowOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		if err := db.AddChannel(ctx, f.Whole, f.By, loa.Channel{ID: "oa", Area: f.Anchor, Kind: "zalo", Name: "OA", Settings: []byte("x"), State: loa.ChannelOn}); err != nil {
			t.Fatal(err)
		}
		id := receive(t, f, said(f, "oa", "a", "77", "Mua thẻ ở đâu?", f.By.At.Add(-time.Hour))).Conversation
		turn := store.SendTurn{Turn: loa.Turn{ID: loa.TurnID(loa.NewID()), Text: "Ở bưu điện xã."}}
		for range 2 {
			if err := db.ReplyConversation(ctx, f.Whole, f.By, id, turn); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.SaveReplyDraft(ctx, f.Whole, f.By, id, turn.ID, turn.Text, ""); err != nil { // the page saves it a moment after
			t.Fatal(err)
		}
		if text, _, err := db.ReplyDraft(ctx, f.Whole, f.By.Officer, id); err != nil || text != "" {
			t.Errorf("what was sent stands as the draft %q, %v", text, err)
		}
		turns, err := db.Turns(ctx, f.Whole, f.Director, id, "", 0)
		if err != nil || len(turns) != 2 || turns[1].State != loa.DeliveryQueued {
			t.Errorf("%+v, %v", turns, err)
		}
		replies, err := db.Replies(ctx, []loa.DeliveryID{loa.DeliveryID(turn.ID)})
		if err != nil || replies[loa.DeliveryID(turn.ID)].ReplyTo != "ref-a" {
			t.Errorf("it does not name what it answers: %+v, %v", replies, err)
		}
		if c := conversation(t, f, id); !c.Answered() || c.State != loa.ConversationDone || c.Owner != f.Director {
			t.Errorf("%+v", c)
		}
		old := receive(t, f, said(f, "oa", "b", "78", "Còn tôi?", f.By.At.Add(-8*24*time.Hour))).Conversation
		turn.ID = loa.TurnID(loa.NewID())
		if err := db.ReplyConversation(ctx, f.Whole, f.By, old, turn); loa.KindOf(err) != loa.Conflict {
			t.Errorf("after the window it goes out: %v", err)
		}
		if err := db.RefuseConversation(ctx, f.Whole, f.By, id); err != nil {
			t.Fatal(err)
		}
		turn.ID = loa.TurnID(loa.NewID())
		if err := db.ReplyConversation(ctx, f.Whole, f.By, id, turn); loa.KindOf(err) != loa.Conflict {
			t.Errorf("to whoever refused it goes out: %v", err)
		}
	})
}
