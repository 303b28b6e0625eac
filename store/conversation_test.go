package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// said is what somebody wrote to an account.
func said(f *storetest.Fixture, c loa.ChannelID, key, from, text string, at time.Time) loa.Incoming {
	return loa.Incoming{Office: f.Office.ID, Area: f.Anchor, Channel: c, Key: key, Kind: loa.TurnIn, Network: "zalo", Address: from, Ref: "ref-" + key, Name: "Sùng A Thử", Text: text, At: at}
}

func receive(t *testing.T, f *storetest.Fixture, e loa.Incoming) store.Received {
	t.Helper()
	out, err := f.DB.Receive(context.Background(), f.By.At, e)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func conversation(t *testing.T, f *storetest.Fixture, id loa.ConversationID) loa.Conversation {
	t.Helper()
	c, err := f.DB.Conversation(context.Background(), f.Whole, f.Director, id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWordsComeInOnceAndInAnyOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		at := f.By.At
		second := said(f, "oa", "b", "77", "Con tôi có phải mua không?", at.Add(-time.Hour))
		first := said(f, "oa", "a", "77", "Bảo hiểm hộ đóng bao nhiêu?", at.Add(-2*time.Hour))
		id := receive(t, f, second).Conversation
		if got := receive(t, f, first); got.Conversation != id || !got.Fresh {
			t.Errorf("the same follower's words lie in %s and %s", id, got.Conversation)
		}
		for range 2 {
			if got := receive(t, f, second); got.Fresh || got.Conversation != id {
				t.Errorf("told twice it is %+v", got)
			}
		}
		c := conversation(t, f, id)
		if c.LastText != second.Text || !c.LastAt.Equal(second.At) || c.State != loa.ConversationOpen || c.Due.IsZero() {
			t.Errorf("the newest words do not stand on top: %+v", c)
		}
		turns, err := db.Turns(ctx, f.Whole, f.Director, id, "", 50)
		if err != nil || len(turns) != 2 || turns[0].Text != first.Text {
			t.Fatalf("%+v, %v", turns, err)
		}
		if err := db.CloseConversation(ctx, f.Whole, f.By, id); err != nil {
			t.Fatal(err)
		}
		if c = conversation(t, f, id); c.State != loa.ConversationDone || !c.Answered() {
			t.Errorf("closed it is %+v", c)
		}
		receive(t, f, said(f, "oa", "c", "77", "Cảm ơn cán bộ, còn mẹ tôi?", at))
		if c = conversation(t, f, id); c.State != loa.ConversationOpen || !c.Waits.Equal(at) {
			t.Errorf("new words do not open it: %+v", c)
		}
		gone := said(f, "oa", "gone", "77", "", at)
		gone.Gone, gone.Ref = true, "ref-c"
		receive(t, f, gone)
		if turns, _ = db.Turns(ctx, f.Whole, f.Director, id, "", 50); !turns[2].Gone || turns[2].Text != "" {
			t.Errorf("words that were taken back stay: %+v", turns[2])
		}
		if list, _, err := db.Conversations(ctx, f.Whole, store.ConversationFilter{Me: f.Director, Now: at, Words: "mẹ tôi còn"}); err != nil || len(list) != 0 {
			t.Errorf("and are found: %+v, %v", list, err)
		}
		if list, _, err := db.Conversations(ctx, f.Whole, store.ConversationFilter{Me: f.Director, Now: at, Words: "bhyt ho gia dinh"}); err != nil || len(list) != 1 {
			t.Errorf("what people call the household's card is not found: %+v, %v", list, err)
		}
	})
}

func TestARefusalActsAtOnceAndIsConfirmedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		p := f.People[0] // its telephone is its own
		e := loa.Incoming{Office: f.Office.ID, Area: f.Anchor, Channel: "sms", Key: "m1", Kind: loa.TurnRefusal, Network: "tel", Address: p.Phone[1:], Text: "TU CHOI", At: f.By.At, Refuses: "words", Confirm: "Da ghi nhan"}
		if err := db.AddChannel(ctx, f.Whole, f.By, loa.Channel{ID: "sms", Area: f.Anchor, Kind: "sms_esms", Name: "SMS", Settings: []byte("x"), State: loa.ChannelOn}); err != nil {
			t.Fatal(err)
		}
		out := receive(t, f, e)
		if again := receive(t, f, e); again.Fresh {
			t.Error("told twice it is taken twice")
		}
		e.Key = "m2"
		receive(t, f, e)
		turns, err := db.Turns(ctx, f.Whole, f.Director, out.Conversation, "", 0)
		confirmed := 0
		for _, turn := range turns {
			if turn.Kind == loa.TurnConfirm {
				if confirmed++; turn.State != loa.DeliveryQueued || turn.Text != "Da ghi nhan" {
					t.Errorf("what confirms it does not go out: %+v", turn)
				}
			}
		}
		if err != nil || len(turns) != 3 || confirmed != 1 {
			t.Errorf("%d turns, %d times confirmed, %v", len(turns), confirmed, err)
		}
		list, err := db.Recipients(ctx, f.Whole, []loa.PersonID{p.ID}, f.By.At)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		for _, a := range list[0].Addresses {
			if a.Network == "tel" && !a.OptedOut {
				t.Error("the number may still be written to")
			}
		}
		for _, purpose := range loa.Purposes {
			if got := loa.ConsentFor(list[0].Consents, purpose, "sms"); got != "refused" {
				t.Errorf("for %s the person %s", purpose, got)
			}
		}
		said, err := db.Consents(ctx, f.Whole, p.ID)
		if err != nil || len(said) != 6 || said[0].How != "message" || said[0].Proof != "TU CHOI" {
			t.Errorf("%d facts of two refusals: %+v, %v", len(said), said, err)
		}
		if c := conversation(t, f, out.Conversation); c.State != loa.ConversationDone || !c.Refused {
			t.Errorf("an officer is bothered with it: %+v", c)
		}
		open := func() bool {
			t.Helper()
			list, err := db.Recipients(ctx, f.Whole, []loa.PersonID{p.ID}, f.By.At)
			if err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			for _, a := range list[0].Addresses {
				if a.Network == "tel" {
					return !a.OptedOut && loa.ConsentFor(list[0].Consents, loa.Care, "sms") != "refused"
				}
			}
			return false
		}
		if err := db.TakeBackRefusal(ctx, f.Whole, f.By, out.Conversation); err != nil {
			t.Fatal(err)
		}
		if c := conversation(t, f, out.Conversation); c.Refused || c.State != loa.ConversationOpen || c.Waits.IsZero() || !open() {
			t.Errorf("what was no refusal still is one: %+v", c)
		}
		if said, err := db.Consents(ctx, f.Whole, p.ID); err != nil || len(said) != 0 {
			t.Errorf("%d refusals still hold, %v", len(said), err)
		}

		e.Key, e.At = "m3", f.By.At.Add(time.Hour) // refused once more, over every channel; then agreed to anew
		e.Everywhere = true
		receive(t, f, e)
		if said, err := db.Consents(ctx, f.Whole, p.ID); err != nil || len(said) != 3 || said[0].Channel != "all" || open() {
			t.Errorf("over every channel: %+v, %v", said, err)
		}
		agree := func(at time.Time, agreed bool) {
			t.Helper()
			by := f.By
			by.At = f.By.At.Add(3 * time.Hour)
			for _, channel := range []string{"sms", "all"} {
				if err := db.AddConsent(ctx, f.Whole, by, loa.Consent{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: loa.DayOf(at), HappenedAt: at}, Person: p.ID, Purpose: loa.Care, Channel: channel, Agreed: agreed, How: "spoken", Proof: "tại buổi họp bản"}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if agree(f.By.At.Add(30*time.Minute), true); open() {
			t.Error("an earlier agreement undoes a later refusal")
		}
		if agree(f.By.At.Add(2*time.Hour), true); !open() {
			t.Error("whoever agreed anew is not written to")
		}
		if c := conversation(t, f, out.Conversation); c.Refused {
			t.Error("the conversation still says that they refused")
		}
	})
}

func TestAFollowerIsLinkedOnlyWithConsent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		id := receive(t, f, said(f, "oa", "a", "77", "Chào cán bộ", f.By.At)).Conversation
		c := loa.Consent{Fact: loa.Fact{ID: loa.FactID(loa.NewID())}, Person: f.People[0].ID}
		if err := db.LinkConversation(ctx, f.Whole, f.By, id, c); loa.KindOf(err) != loa.Invalid {
			t.Errorf("without a word of consent: %v", err)
		}
		c.How, c.Proof = "message", "Tôi là Chứ, đồng ý"
		c.Person = f.OtherPerson.ID
		if err := db.LinkConversation(ctx, f.Whole, f.By, id, c); loa.KindOf(err) != loa.NotFound {
			t.Errorf("with somebody of another office: %v", err)
		}
		c.Person = f.People[0].ID
		if err := db.LinkConversation(ctx, f.Whole, f.By, id, c); err != nil {
			t.Fatal(err)
		}
		if got := conversation(t, f, id); got.Person != c.Person || got.Area != f.Villages[0] {
			t.Errorf("%+v", got)
		}
		if _, err := db.Conversation(ctx, f.Commune1, f.OfficerOne, id); err != nil {
			t.Errorf("the officer of the place does not see it: %v", err)
		}
		if _, err := db.Conversation(ctx, f.Commune2, f.OfficerTwo, id); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the officer of another place: %v", err)
		}
		if err := db.GiveConversation(ctx, f.Whole, f.By, id, f.OfficerTwo); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Conversation(ctx, f.Commune2, f.OfficerTwo, id); err != nil {
			t.Errorf("who was given it does not see it: %v", err)
		}
		if _, err := db.Conversation(ctx, f.OtherScope, f.OtherBy.Officer, id); loa.KindOf(err) != loa.NotFound {
			t.Errorf("another office sees it: %v", err)
		}
		erase := said(f, "oa", "erase", "77", "", f.By.At)
		erase.Kind = loa.TurnErased
		receive(t, f, erase)
		turns, err := db.Turns(ctx, f.Whole, f.Director, id, "", 50)
		if err != nil || turns[0].Text != "" || conversation(t, f, id).Name != "" || conversation(t, f, id).Person != "" {
			t.Errorf("something personal is left: %+v, %v", turns, err)
		}
	})
}

func TestTheQueueHoldsWhatWaits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		now := f.By.At
		var ids []loa.ConversationID
		for i := range 5 {
			ids = append(ids, receive(t, f, said(f, "oa", fmt.Sprint("k", i), fmt.Sprint("u", i), "Thẻ bảo hiểm y tế của tôi đâu?", now.Add(time.Duration(i-200)*time.Hour))).Conversation)
		}
		q := asked("Đóng 15 năm thì sổ hưu bao nhiêu?", f.Villages[0])
		q.HappenedOn, q.HappenedAt = storetest.Today, now
		if err := db.AddQuestion(ctx, f.Whole, f.By, q); err != nil {
			t.Fatal(err)
		}
		read := func(in loa.Scope, me loa.OfficerID, state string) (out []loa.ConversationID) {
			t.Helper()
			filter := store.ConversationFilter{Me: me, Now: now, State: state, Limit: 2}
			for {
				list, next, err := db.Conversations(ctx, in, filter)
				if err != nil || len(out) > 20 {
					t.Fatal(out, err)
				}
				for _, c := range list {
					out = append(out, c.ID)
				}
				if filter.After = next; next == "" {
					return out
				}
			}
		}
		if got := read(f.Whole, f.Director, "open"); len(got) != 6 || got[0] != ids[0] || got[5] != loa.ConversationID(q.ID) {
			t.Errorf("the queue is %v", got)
		}
		if got := read(f.Commune2, f.OfficerTwo, "open"); len(got) != 0 {
			t.Errorf("another place sees %v", got)
		}
		if n, err := db.CountConversations(ctx, f.Whole, store.ConversationFilter{Me: f.Director, Now: now, State: "late"}); err != nil || n != 5 {
			t.Errorf("%d are late, %v", n, err)
		}
		if err := db.PutOffConversation(ctx, f.Whole, f.By, ids[0], now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if got := read(f.Whole, f.Director, "open"); len(got) != 5 || got[0] != ids[1] {
			t.Errorf("put off, the queue is %v", got)
		}
		if list, _, err := db.Conversations(ctx, f.Whole, store.ConversationFilter{Me: f.Director, Now: now.Add(2 * time.Hour), State: "open"}); err != nil || len(list) != 6 || list[0].ID != ids[0] {
			t.Errorf("at its hour it does not come back: %v", err)
		}
		w := loa.Answer{Question: q.ID, Text: "Được 45 phần trăm mức bình quân.", Cites: "Luật 41/2024/QH15, Điều 99"}
		if err := db.AnswerQuestion(ctx, f.Whole, f.By, w); err != nil {
			t.Fatal(err)
		}
		if c := conversation(t, f, loa.ConversationID(q.ID)); c.State != loa.ConversationDone {
			t.Errorf("answered it still waits: %+v", c)
		}
		if got := read(f.Whole, f.Director, "done"); len(got) != 1 {
			t.Errorf("done are %v", got)
		}
		words := store.ConversationFilter{Me: f.Director, Now: now, Words: "thẻ y tế", Limit: 2}
		seen := map[loa.ConversationID]bool{}
		for range 5 {
			list, next, err := db.Conversations(ctx, f.Whole, words)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range list {
				if seen[c.ID] {
					t.Errorf("%s stands on two pages", c.ID)
				}
				seen[c.ID] = true
			}
			if words.After = next; next == "" {
				break
			}
		}
		if len(seen) != 5 {
			t.Errorf("%d of 5 are found", len(seen))
		}
	})
}

// TestWhatIsOverdueStandsAboveWhatIsLeftToBeTold, on every page of the queue.
func TestWhatIsOverdueStandsAboveWhatIsLeftToBeTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		var ids []loa.ConversationID
		for i := range 3 { // answered, and somebody has yet to be told
			q := asked(fmt.Sprint("Đóng 15 năm thì sổ hưu bao nhiêu, lần ", i), f.Villages[0])
			q.HappenedOn, q.HappenedAt, q.Promised = storetest.Today, f.By.At, true
			if err := db.AddQuestion(ctx, f.Whole, f.By, q); err != nil {
				t.Fatal(err)
			}
			if err := db.AnswerQuestion(ctx, f.Whole, f.By, loa.Answer{Question: q.ID, Text: "Được 45 phần trăm mức bình quân.", Cites: "Luật 41/2024/QH15, Điều 99"}); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, loa.ConversationID(q.ID))
		}
		late := receive(t, f, said(f, "oa", "late", "77", "Thẻ của tôi đâu?", f.By.At.Add(-200*time.Hour))).Conversation
		soon := receive(t, f, said(f, "oa", "soon", "78", "Thẻ của tôi đâu?", f.By.At)).Conversation
		var got []loa.ConversationID
		for filter := (store.ConversationFilter{Me: f.Director, Now: f.By.At, State: "open", Limit: 1}); len(got) < 9; {
			list, next, err := db.Conversations(ctx, f.Whole, filter)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range list {
				got = append(got, c.ID)
			}
			if filter.After = next; next == "" {
				break
			}
		}
		slices.Sort(ids)
		if want := append([]loa.ConversationID{late, soon}, ids...); !slices.Equal(got, want) {
			t.Errorf("the queue is %v, want %v", got, want)
		}
	})
}

// TestAQuestionIsNotHidden by a refusal or a follower after it: the list shows what is asked until it is answered or something else is asked,
// and whoever refused last does not wait again because somebody opened it.
func TestAQuestionIsNotHidden(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		if err := db.AddChannel(ctx, f.Whole, f.By, loa.Channel{ID: "oa", Area: f.Anchor, Kind: "zalo", Name: "OA", Settings: []byte("x"), State: loa.ChannelOn}); err != nil {
			t.Fatal(err)
		}
		at := func(minute int) time.Time { return f.By.At.Add(time.Duration(minute-60) * time.Minute) }
		event := func(key string, kind loa.TurnKind, minute int) loa.ConversationID {
			e := said(f, "oa", key, "77", "", at(minute))
			if e.Kind = kind; kind == loa.TurnRefusal {
				e.Text, e.Refuses = "TU CHOI", "words"
			}
			return receive(t, f, e).Conversation
		}
		id := event("f", loa.TurnFollow, 0)
		shows := func(text string, kind loa.TurnKind) {
			t.Helper()
			if c := conversation(t, f, id); c.LastText != text || c.LastKind != kind {
				t.Errorf("the list shows %q as %s, want %q", c.LastText, c.LastKind, text)
			}
		}
		shows("", loa.TurnFollow)
		receive(t, f, said(f, "oa", "q", "77", "Thẻ của tôi đâu?", at(1)))
		event("u", loa.TurnUnfollow, 2)
		event("r", loa.TurnRefusal, 4)
		shows("Thẻ của tôi đâu?", loa.TurnIn)
		if err := db.CloseConversation(ctx, f.Whole, f.By, id); err != nil {
			t.Fatal(err)
		}
		if err := db.ReopenConversation(ctx, f.Whole, f.By, id); err != nil {
			t.Fatal(err)
		}
		if c := conversation(t, f, id); !c.Answered() || !c.Refused {
			t.Errorf("who refused last waits for an answer: %+v", c)
		}
		receive(t, f, said(f, "oa", "q2", "77", "Còn thẻ của mẹ tôi?", at(5)))
		shows("Còn thẻ của mẹ tôi?", loa.TurnIn)
		receive(t, f, said(f, "oa", "q0", "77", "Tôi hỏi", at(3))) // told late
		shows("Còn thẻ của mẹ tôi?", loa.TurnIn)
		event("e", loa.TurnErased, 6)
		shows("", loa.TurnErased)
	})
}

// TestAQuestionOfThePageIsOneOfThePage in the queue as in the ledger, also after somebody said better where it came from.
func TestAQuestionOfThePageIsOneOfThePage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		q := asked("Bán hàng ở chợ có được hỗ trợ không?", f.Villages[0])
		q.HappenedOn, q.Form = storetest.Today, loa.PageForm
		if err := db.AddQuestion(ctx, f.Whole, f.By, q); err != nil {
			t.Fatal(err)
		}
		if c := conversation(t, f, loa.ConversationID(q.ID)); c.Via != loa.ViaComment {
			t.Errorf("a question of the page came by %s", c.Via)
		}
		if _, err := db.CorrectQuestion(ctx, f.Whole, f.By, q.ID, func(q *loa.Question) { q.Form = loa.SMS }); err != nil {
			t.Fatal(err)
		}
		if c := conversation(t, f, loa.ConversationID(q.ID)); c.Via != loa.ViaSMS {
			t.Errorf("corrected it came by %s", c.Via)
		}
	})
}

func TestADraftIsItsOfficersOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		id := receive(t, f, said(f, "oa", "a", "77", "Chào cán bộ", f.By.At)).Conversation
		if err := db.SaveReplyDraft(ctx, f.Whole, f.By, id, loa.TurnID(loa.NewID()), "Chào bác, ", ""); err != nil {
			t.Fatal(err)
		}
		if text, _, err := db.ReplyDraft(ctx, f.Whole, f.Director, id); err != nil || text != "Chào bác, " {
			t.Errorf("%q, %v", text, err)
		}
		if text, _, err := db.ReplyDraft(ctx, f.Whole, f.OfficerOne, id); err != nil || text != "" {
			t.Errorf("somebody else reads %q, %v", text, err)
		}
		if err := db.SaveReplyDraft(ctx, f.Commune2, loa.By{Officer: f.OfficerTwo, At: f.By.At}, id, loa.TurnID(loa.NewID()), "x", ""); loa.KindOf(err) != loa.NotFound {
			t.Errorf("outside the scope: %v", err)
		}
	})
}
