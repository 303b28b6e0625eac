package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// toldFixture is a broadcast that is being sent to the people of the fixture: four in each of the states a list asks for.
func toldFixture(t *testing.T, f *storetest.Fixture) (loa.Channel, loa.BroadcastID, []loa.Delivery) {
	t.Helper()
	c, b := outbox(t, f, 0, nil)
	var list []loa.Delivery
	for i, p := range f.People {
		d := loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Office: f.Office.ID, Area: p.Area, Person: p.ID, Channel: c.ID, Network: "tel", To: fmt.Sprintf("8490000%04d", i), State: loa.DeliveryQueued, Lang: "vietnamese"}
		switch i % 3 {
		case 1:
			d.State, d.Code, d.Channel, d.Lang = loa.DeliveryHeld, "refused", "", ""
		case 2:
			d.State, d.Channel, d.Network, d.Lang = loa.DeliveryByHand, "", []string{loa.CallList, loa.VisitList}[i/6], ""
		}
		list = append(list, d)
	}
	if err := f.DB.QueueDeliveries(context.Background(), b, list, "~~"); err != nil {
		t.Fatal(err)
	}
	return c, b, list
}

// TestDraftsKeepWhatIsUnfinished: a draft is kept as it stands, remembers who joined in, and is nobody's to change once it is submitted.
func TestDraftsKeepWhatIsUnfinished(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: f.CommuneA, Purpose: loa.Care, Priority: loa.Normal, Words: []loa.ScriptText{{Lang: "vietnamese", Kind: "sms", Text: "chua xong {"}}}
		before, err := db.ChangeNo(ctx, f.Office.ID)
		if err != nil {
			t.Fatal(err)
		}
		one := loa.By{Officer: f.OfficerOne, At: f.By.At}
		got, err := db.SaveDraft(ctx, f.Commune1, one, b)
		if err != nil || got.Edits != 1 || got.Author != f.OfficerOne || got.ChangedBy != "" || got.State != loa.BroadcastDraft {
			t.Fatalf("%+v, %v", got, err)
		}
		got.Title = "Nhắc đóng"
		if got, err = db.SaveDraft(ctx, f.Whole, f.By, got); err != nil || got.Edits != 2 || got.Author != f.OfficerOne || got.ChangedBy != f.Director {
			t.Fatalf("another officer joined in: %+v, %v", got, err)
		}
		if after, err := db.ChangeNo(ctx, f.Office.ID); err != nil || after != before {
			t.Errorf("a draft moved the change number from %d to %d (%v)", before, after, err)
		}
		read, err := db.Broadcast(ctx, f.Commune1, b.ID)
		if err != nil || read.Title != "Nhắc đóng" || len(read.Words) != 1 || read.Words[0].Text != "chua xong {" || !read.EditedAt.Equal(f.By.At) {
			t.Errorf("read back as %+v, %v", read, err)
		}
		for who, in := range map[string]loa.Scope{"the neighbour commune": f.Commune2, "another office": f.OtherScope, "nobody": f.Nothing} {
			if _, err := db.SaveDraft(ctx, in, f.By, got); loa.KindOf(err) != loa.NotFound {
				t.Errorf("%s may change it: %v", who, err)
			}
			moved := got
			if len(in.Ranges) > 0 && who == "the neighbour commune" {
				moved.Area = f.CommuneB
				if _, err := db.SaveDraft(ctx, in, f.By, moved); loa.KindOf(err) != loa.NotFound {
					t.Errorf("%s may take it over: %v", who, err)
				}
			}
		}
		if _, err := db.ChangeBroadcast(ctx, f.Whole, f.By, b.ID, "stopped", func(b *loa.Broadcast) error { return b.Move(loa.BroadcastStopped, "") }); err != nil {
			t.Fatal(err)
		}
		if _, err := db.SaveDraft(ctx, f.Whole, f.By, got); loa.KindOf(err) != loa.Conflict {
			t.Errorf("one that is no draft was changed: %v", err)
		}
	})
}

// TestBroadcastListPages: the newest first, page behind page without one twice, counted by state, found by words, seen in scope only.
func TestBroadcastListPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		for i := range 7 {
			area := f.CommuneA
			if i%2 == 1 {
				area = f.CommuneB
			}
			by := f.By
			by.At = by.At.Add(time.Duration(i/2) * time.Minute) // two share a moment
			if _, err := db.SaveDraft(ctx, f.Whole, by, loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: area, Title: fmt.Sprint("Đợt số ", i)}); err != nil {
				t.Fatal(err)
			}
		}
		seen := map[string]bool{}
		page := store.BroadcastFilter{Take: 3}
		for range 4 {
			list, err := db.Broadcasts(ctx, f.Whole, page)
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range list {
				if seen[b.Title] || !page.Before.IsZero() && b.CreatedAt.After(page.Before) {
					t.Errorf("%s comes twice or too late", b.Title)
				}
				seen[b.Title] = true
				page.Before, page.Last = b.CreatedAt, b.ID
			}
		}
		if len(seen) != 7 {
			t.Errorf("%d of 7 were listed", len(seen))
		}
		if list, err := db.Broadcasts(ctx, f.Commune1, store.BroadcastFilter{Take: 50}); err != nil || len(list) != 4 {
			t.Errorf("the officer of one commune sees %d of 4, %v", len(list), err)
		}
		if list, err := db.Broadcasts(ctx, f.Whole, store.BroadcastFilter{Words: "dot 3", Take: 50}); err != nil || len(list) != 1 {
			t.Errorf("words find %d, %v", len(list), err)
		}
		if n, err := db.BroadcastCounts(ctx, f.Commune2, ""); err != nil || n[loa.BroadcastDraft] != 3 {
			t.Errorf("%v, %v", n, err)
		}
		if list, err := db.ComingBroadcasts(ctx, f.Whole, 3); err != nil || len(list) != 0 {
			t.Errorf("drafts are coming: %d, %v", len(list), err)
		}
	})
}

// TestTallyCountsTheLedger: a tally is what the ledger says, kept for a moment and no longer, and seen in scope only.
func TestTallyCountsTheLedger(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		_, b, list := toldFixture(t, f)
		now := f.By.At
		sum := func(at time.Time, state loa.DeliveryState) int64 {
			t.Helper()
			got, err := db.Tally(ctx, f.Whole, b, func() time.Time { return at })
			if err != nil {
				t.Fatal(err)
			}
			return got.Sum(func(l store.TallyLine) bool { return l.State == state })
		}
		for state, want := range map[loa.DeliveryState]int64{loa.DeliveryQueued: 4, loa.DeliveryHeld: 4, loa.DeliveryByHand: 4} {
			if n := sum(now, state); n != want {
				t.Errorf("%s: %d, want %d", state, n, want)
			}
		}
		if err := db.RecordHand(ctx, f.Whole, f.By, b, handResult(list[2].ID, "met")); err != nil {
			t.Fatal(err)
		}
		if n := sum(now.Add(time.Second), loa.DeliveryByHand); n != 4 {
			t.Errorf("a count of a second ago was counted anew: %d", n)
		}
		if n := sum(now.Add(time.Hour), loa.DeliveryByHand); n != 3 {
			t.Errorf("an old count was believed: %d", n)
		}
		if lines, err := db.Broadcasts(ctx, f.Whole, store.BroadcastFilter{Take: 5}); err != nil || len(lines) != 1 || lines[0].Tally.At.IsZero() || len(lines[0].Tally.By) == 0 {
			t.Errorf("the list knows nothing of it: %+v, %v", lines, err)
		}
		byArea, err := db.TallyByArea(ctx, f.Whole, b)
		total := int64(0)
		for _, a := range byArea {
			total += a.N
		}
		if err != nil || total != 12 {
			t.Errorf("%d people by area, %v", total, err)
		}
		reasons, err := db.TallyByReason(ctx, f.Whole, b)
		if err != nil || len(reasons) != 1 || reasons[0] != (store.ReasonTally{State: loa.DeliveryHeld, Code: "refused", N: 4}) {
			t.Errorf("%+v, %v", reasons, err)
		}
		if _, err := db.Tally(ctx, f.Commune1, b, func() time.Time { return now }); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a broadcast of the whole office is counted for one commune: %v", err)
		}
	})
}

// TestToldPeoplePages: every person of a broadcast once, in order, by what is asked for, and only those of the scope.
func TestToldPeoplePages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		_, b, _ := toldFixture(t, f)
		f1 := store.ToldFilter{Rung: -1, Take: 5}
		seen := map[loa.PersonID]bool{}
		for range 4 {
			list, err := db.ToldPeople(ctx, f.Whole, b, f1)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range list {
				if seen[p.Person] || p.Person <= f1.After || p.Name == "" {
					t.Errorf("%s comes twice, out of order or without a name", p.Person)
				}
				seen[p.Person], f1.After = true, p.Person
			}
		}
		if len(seen) != 12 {
			t.Errorf("%d of 12 were listed", len(seen))
		}
		for name, c := range map[string]struct {
			f    store.ToldFilter
			want int64
		}{
			"held":           {store.ToldFilter{States: []loa.DeliveryState{loa.DeliveryHeld}, Codes: []string{"opted_out", "refused"}, Rung: -1}, 4},
			"another reason": {store.ToldFilter{States: []loa.DeliveryState{loa.DeliveryHeld}, Codes: []string{"no_consent"}, Rung: -1}, 0},
			"on a list":      {store.ToldFilter{States: []loa.DeliveryState{loa.DeliveryByHand}, Network: loa.CallList, Rung: -1}, 2},
			"queued":         {store.ToldFilter{States: []loa.DeliveryState{loa.DeliveryQueued}, Lang: "vietnamese", Rung: 0}, 4},
			"one commune":    {store.ToldFilter{Area: f.CommuneA, Rung: -1}, 6},
			"no such rung":   {store.ToldFilter{Rung: 3}, 0},
			"unsure":         {store.ToldFilter{States: []loa.DeliveryState{loa.DeliveryUnsure}, Rung: -1}, 0},
		} {
			if n, err := db.CountTold(ctx, f.Whole, b, c.f); err != nil || n != c.want {
				t.Errorf("%s: %d, want %d (%v)", name, n, c.want, err)
			}
			c.f.Take = 50
			if list, err := db.ToldPeople(ctx, f.Whole, b, c.f); err != nil || int64(len(list)) != c.want {
				t.Errorf("%s: %d listed, want %d (%v)", name, len(list), c.want, err)
			}
		}
	})
}
