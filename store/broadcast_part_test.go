package store_test

import (
	"context"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestATallyStaysInItsScope: an officer of one commune is told what a broadcast over two did in theirs, and the list tells no whole count.
func TestATallyStaysInItsScope(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		now := func() time.Time { return f.By.At }
		wide := func(areas ...loa.AreaID) loa.BroadcastID {
			b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: f.CommuneA, Title: "Nhắc đóng", Script: "s", Purpose: loa.Care, Priority: loa.Normal, State: loa.BroadcastDraft, Audience: loa.Audience{Areas: areas}, Ladder: []loa.Rung{{Network: loa.VisitList}}, Window: loa.Window{From: storetest.Today, End: 1440}}
			if err := db.AddBroadcast(ctx, f.Whole, f.By, b); err != nil {
				t.Fatal(err)
			}
			for _, to := range []loa.BroadcastState{loa.BroadcastApproved, loa.BroadcastSending} {
				if _, err := db.ChangeBroadcast(ctx, f.Whole, f.By, b.ID, "sent", func(b *loa.Broadcast) error { return b.Move(to, "") }); err != nil {
					t.Fatal(err)
				}
			}
			return b.ID
		}
		id := wide(f.CommuneA, f.CommuneB)
		own := wide(f.CommuneA)
		var list []loa.Delivery
		mine := int64(0)
		for _, p := range f.People {
			if p.Area == f.Villages[0] || p.Area == f.Villages[1] {
				mine++
			}
			list = append(list, loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Office: f.Office.ID, Area: p.Area, Person: p.ID, Network: loa.CallList, State: loa.DeliveryHeld, Code: "refused", Cost: 100})
		}
		if err := db.QueueDeliveries(ctx, id, list, "~"); err != nil {
			t.Fatal(err)
		}
		if err := db.QueueDeliveries(ctx, own, nil, "~"); err != nil {
			t.Fatal(err)
		}
		all := func(store.TallyLine) bool { return true }
		for who, c := range map[string]struct {
			in   loa.Scope
			want int64
			list bool
		}{"the office": {f.Whole, 12, true}, "the commune": {f.Commune1, mine, false}} {
			for range 2 { // counted, and as it was kept
				tally, err := db.Tally(ctx, c.in, id, now)
				if err != nil || tally.Sum(all) != c.want {
					t.Errorf("%s is told of %d, not %d (%v)", who, tally.Sum(all), c.want, err)
				}
			}
			areas, err := db.TallyByArea(ctx, c.in, id)
			n := int64(0)
			for _, a := range areas {
				n += a.N
			}
			if err != nil || n != c.want {
				t.Errorf("%s is told of %d by area (%v)", who, n, err)
			}
			if reasons, err := db.TallyByReason(ctx, c.in, id); err != nil || len(reasons) != 1 || reasons[0].N != c.want {
				t.Errorf("%s is told %+v (%v)", who, reasons, err)
			}
			if _, err := db.Tally(ctx, c.in, own, now); err != nil {
				t.Fatal(err)
			}
			lines, err := db.Broadcasts(ctx, c.in, store.BroadcastFilter{Take: 5})
			if err != nil || len(lines) != 2 {
				t.Fatal(lines, err)
			}
			for _, l := range lines {
				if counted := !l.Tally.At.IsZero(); counted != (c.list || l.ID == own) {
					t.Errorf("the list of %s: %s counted %v", who, l.Audience.Areas, counted)
				}
			}
		}
	})
}

// TestABroadcastIsOpenUntilItsLastPlay: what a loudspeaker has still to play keeps a broadcast open, though every delivery is out of hand.
func TestABroadcastIsOpenUntilItsLastPlay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		account, _, announcer := speaker(t, f)
		at := f.By.At.Add(48 * time.Hour)
		b, _ := played(t, f, account, at, announcer)
		for _, c := range []struct {
			now  time.Time
			open bool
		}{{f.By.At, true}, {at.Add(-time.Minute), true}, {at.Add(24 * time.Hour), false}} {
			if _, err := db.MissPlays(ctx, c.now, 2*time.Hour); err != nil {
				t.Fatal(err)
			}
			if open, err := db.BroadcastOpen(ctx, b); err != nil || open != c.open {
				t.Errorf("at %s it is open: %v (%v)", c.now, open, err)
			}
		}
	})
}
