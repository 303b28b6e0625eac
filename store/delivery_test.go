package store_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// outbox is an account, a broadcast that is being sent, and n people queued for it.
func outbox(t testing.TB, f *storetest.Fixture, n int, change func(*loa.Channel)) (loa.Channel, loa.BroadcastID) {
	t.Helper()
	ctx := context.Background()
	c := loa.Channel{ID: loa.ChannelID(loa.NewID()), Area: f.Anchor, Kind: "sms_esms", Name: "Tin nhắn", Settings: []byte("sealed"), State: loa.ChannelOn}
	if change != nil {
		change(&c)
	}
	if err := f.DB.AddChannel(ctx, f.Whole, f.By, c); err != nil {
		t.Fatal(err)
	}
	b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: f.Anchor, Title: "Nhắc đóng", Script: "s", ScriptVersion: 1, Purpose: loa.Care, Priority: loa.Normal, State: loa.BroadcastDraft, Audience: loa.Audience{Areas: []loa.AreaID{f.CommuneA}},
		Ladder: []loa.Rung{{Form: loa.SMS, Network: "tel", Channel: c.ID}, {Network: loa.VisitList}}, Window: loa.Window{From: storetest.Today, Start: 0, End: 1440}}
	if err := f.DB.AddBroadcast(ctx, f.Whole, f.By, b); err != nil {
		t.Fatal(err)
	}
	for _, to := range []loa.BroadcastState{loa.BroadcastApproved, loa.BroadcastSending} {
		if _, err := f.DB.ChangeBroadcast(ctx, f.Whole, f.By, b.ID, "sent", func(b *loa.Broadcast) error { return b.Move(to, "") }); err != nil {
			t.Fatal(err)
		}
	}
	var list []loa.Delivery
	for i := range n {
		list = append(list, loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Office: f.Office.ID, Area: f.Villages[i%2], Person: loa.PersonID(fmt.Sprintf("p%05d", i)), Channel: c.ID, Network: "tel", To: fmt.Sprintf("849%08d", i), State: loa.DeliveryQueued})
	}
	if err := f.DB.QueueDeliveries(ctx, b.ID, list, "~"); err != nil {
		t.Fatal(err)
	}
	return c, b.ID
}

func claimOf(c loa.Channel, now time.Time, n int) loa.Claim {
	return loa.Claim{Channel: c.ID, By: "one", Now: now, Lease: time.Minute, Most: n}
}

// TestClaimedOnceByWhoeverClaims: however many claim at once, everybody is claimed once.
func TestClaimedOnceByWhoeverClaims(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		c, _ := outbox(t, f, 400, nil)
		var mu sync.Mutex
		seen := map[loa.DeliveryID]string{}
		var all sync.WaitGroup
		for w := range 8 {
			all.Go(func() {
				for {
					claim := claimOf(c, f.By.At, 7)
					claim.By = fmt.Sprint("process ", w)
					got, err := db.ClaimDeliveries(context.Background(), claim)
					if err != nil {
						t.Error(err)
						return
					}
					if len(got.Deliveries) == 0 {
						return
					}
					mu.Lock()
					for _, d := range got.Deliveries {
						if who, twice := seen[d.ID]; twice {
							t.Errorf("%s is claimed by %s and %s", d.ID, who, claim.By)
						}
						if d.Tries != 1 || !d.FirstAt.IsZero() {
							t.Errorf("claimed at try %d, first tried %v", d.Tries, d.FirstAt)
						}
						seen[d.ID] = claim.By
					}
					mu.Unlock()
				}
			})
		}
		all.Wait()
		if len(seen) != 400 {
			t.Errorf("%d of 400 are claimed", len(seen))
		}
	})
}

// TestPaceAndQuotaAreShared: two processes together send no faster than the account takes, and no more than its day's quota.
func TestPaceAndQuotaAreShared(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		c, _ := outbox(t, f, 300, func(c *loa.Channel) { c.Rate, c.RatePer, c.DayQuota = 60, time.Minute, 100 })
		now, took := f.By.At, 0
		var second [200]int
		for now.Before(f.By.At.Add(3 * time.Minute)) {
			for range 2 {
				got, err := db.ClaimDeliveries(context.Background(), claimOf(c, now, 50))
				if err != nil {
					t.Fatal(err)
				}
				took += len(got.Deliveries)
				second[int(now.Sub(f.By.At)/time.Second)] += len(got.Deliveries)
				if len(got.Deliveries) == 0 && !got.Again.After(now) {
					t.Fatalf("after %s nothing is let through, and nothing says when", now.Sub(f.By.At))
				}
			}
			now = now.Add(500 * time.Millisecond)
		}
		if took != 100 {
			t.Errorf("%d are sent with a quota of 100", took)
		}
		for i := range 60 {
			sum := 0
			for _, n := range second[i : i+60] {
				sum += n
			}
			if sum > 61 {
				t.Errorf("%d in the minute after second %d", sum, i)
			}
		}
		got, err := db.ClaimDeliveries(context.Background(), claimOf(c, now, 50))
		if err != nil || len(got.Deliveries) != 0 || loa.DayOf(got.Again) != loa.DayOf(now).Add(1) {
			t.Errorf("with the quota used up: %d, again at %s, %v", len(got.Deliveries), got.Again, err)
		}
		got, err = db.ClaimDeliveries(context.Background(), claimOf(c, got.Again, 50))
		if err != nil || len(got.Deliveries) == 0 {
			t.Errorf("the next day brings %d, %v", len(got.Deliveries), err)
		}
	})
}

// TestReceiptsInAnyOrder: what was told before the reference was known, twice, in any order, or never, comes to the same.
func TestReceiptsInAnyOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		words := []loa.DeliveryState{loa.DeliverySent, loa.DeliveryDelivered, loa.DeliverySeen, loa.DeliveryFailed}
		orders := [][]int{{0, 1, 2}, {2, 1, 0}, {1, 1, 1}, {3, 1}, {1, 3}, {2, 0, 3, 1}, {}}
		c, b := outbox(t, f, 2*len(orders), nil)
		var ids []loa.ClaimID
		var claimed []loa.Delivery
		for range 2 * len(orders) {
			got, err := db.ClaimDeliveries(ctx, claimOf(c, f.By.At, 1))
			if err != nil || len(got.Deliveries) != 1 {
				t.Fatal(got, err)
			}
			ids, claimed = append(ids, got.ID), append(claimed, got.Deliveries[0])
		}
		want := []loa.DeliveryState{loa.DeliverySeen, loa.DeliverySeen, loa.DeliveryDelivered, loa.DeliveryDelivered, loa.DeliveryDelivered, loa.DeliverySeen, loa.DeliverySent}
		tell := func(i int, d loa.Delivery) {
			for n, w := range orders[i/2] {
				fresh, err := db.Hear(ctx, f.Office.ID, f.By.At, []loa.Heard{{Channel: c.ID, Key: fmt.Sprint(i, " ", w), Kind: "delivered", Ref: fmt.Sprint("number", i), Also: []string{fmt.Sprint("ref", i)}, State: words[w], At: f.By.At.Add(time.Duration(n) * time.Second)}})
				if err != nil {
					t.Fatal(err)
				}
				if again := slices.Index(orders[i/2], w) < n; again == (len(fresh) == 1) {
					t.Errorf("order %v: told for the %dth time, %d are fresh", orders[i/2], n+1, len(fresh))
				}
			}
		}
		for i, d := range claimed {
			early := i%2 == 1 // the receipts are there before the answer of the provider is
			if early {
				tell(i, d)
			}
			d.State, d.Ref, d.SentAt, d.FirstAt = loa.DeliverySent, fmt.Sprint("ref", i), f.By.At, f.By.At
			if _, err := db.SettleDeliveries(ctx, ids[i], []loa.Delivery{d}, nil); err != nil {
				t.Fatal(err)
			}
			if !early {
				tell(i, d)
			}
		}
		counts, err := db.DeliveryCounts(ctx, f.Whole, b)
		if err != nil {
			t.Fatal(err)
		}
		expect := map[loa.DeliveryState]int64{}
		for _, w := range want {
			expect[w] += 2
		}
		if !maps.Equal(counts, expect) {
			t.Errorf("%v, want %v", counts, expect)
		}
	})
}

// TestWhatALostProcessLeaves: what may be repeated is sent again, what may not is listed as unsure, and a process that comes back late
// writes over nobody.
func TestWhatALostProcessLeaves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		c, b := outbox(t, f, 10, nil)
		unsure, err := db.ClaimDeliveries(ctx, claimOf(c, f.By.At, 4))
		if err != nil {
			t.Fatal(err)
		}
		repeat := claimOf(c, f.By.At, 4)
		repeat.Repeatable = true
		again, err := db.ClaimDeliveries(ctx, repeat)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.ReleaseLost(ctx, f.By.At.Add(30*time.Second)); err != nil {
			t.Fatal(err)
		}
		if list, err := db.UnsureDeliveries(ctx, f.Whole, "", 100); err != nil || len(list) != 0 {
			t.Errorf("%d are listed while somebody is at work on them, %v", len(list), err)
		}
		later := f.By.At.Add(2 * time.Minute)
		if n, err := db.ReleaseLost(ctx, later); err != nil || n != 4 {
			t.Errorf("%d are put back, %v", n, err)
		}
		list, err := db.UnsureDeliveries(ctx, f.Whole, "", 100)
		if err != nil || len(list) != 4 {
			t.Errorf("%d are listed, %v", len(list), err)
		}
		if out, err := db.UnsureDeliveries(ctx, f.OtherScope, "", 100); err != nil || len(out) != 0 {
			t.Errorf("another office sees %d, %v", len(out), err)
		}
		taken, err := db.ClaimDeliveries(ctx, loa.Claim{Channel: c.ID, By: "two", Now: later, Lease: time.Minute, Most: 100, Repeatable: true})
		if err != nil || len(taken.Deliveries) != 6 {
			t.Fatalf("%d are taken over, %v", len(taken.Deliveries), err)
		}
		for i := range again.Deliveries {
			again.Deliveries[i].State = loa.DeliveryFailed
		}
		if _, err := db.SettleDeliveries(ctx, again.ID, again.Deliveries, nil); err != nil { // back from the dead
			t.Fatal(err)
		}
		for i := range unsure.Deliveries { // but what nobody else took is still its own
			unsure.Deliveries[i].State = loa.DeliverySent
		}
		if _, err := db.SettleDeliveries(ctx, unsure.ID, unsure.Deliveries, nil); err != nil {
			t.Fatal(err)
		}
		counts, err := db.DeliveryCounts(ctx, f.Whole, b)
		if err != nil || counts[loa.DeliveryFailed] != 0 || counts[loa.DeliveryQueued] != 6 || counts[loa.DeliverySent] != 4 {
			t.Errorf("%v, %v", counts, err)
		}
	})
}

// TestStoppedIsStopped: nothing more is claimed once a broadcast is paused or stopped, or its account is halted; what is queued goes on
// after a pause and never after a stop. Queued again it is nobody twice.
func TestStoppedIsStopped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		c, b := outbox(t, f, 10, nil)
		var onTheWay []loa.Claimed
		claim := func() int {
			got, err := db.ClaimDeliveries(ctx, claimOf(c, f.By.At, 2))
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Deliveries) > 0 {
				onTheWay = append(onTheWay, got)
			}
			return len(got.Deliveries)
		}
		move := func(to loa.BroadcastState) {
			if _, err := db.ChangeBroadcast(ctx, f.Whole, f.By, b, "moved", func(b *loa.Broadcast) error { return b.Move(to, "") }); err != nil {
				t.Fatal(err)
			}
		}
		first := claim()
		move(loa.BroadcastPaused)
		paused := claim()
		move(loa.BroadcastSending)
		resumed := claim()
		if err := db.Halt(ctx, c.ID, "103", f.By.At); err != nil {
			t.Fatal(err)
		}
		if halted := claim(); first != 2 || paused != 0 || resumed != 2 || halted != 0 {
			t.Errorf("%d, paused %d, resumed %d, halted %d", first, paused, resumed, halted)
		}
		if err := db.QueueDeliveries(ctx, b, []loa.Delivery{{ID: loa.DeliveryID(loa.NewID()), Office: f.Office.ID, Area: f.Villages[0], Person: "p00001", Channel: c.ID, Network: "tel", To: "1", State: loa.DeliveryQueued}}, "~~"); err != nil {
			t.Fatal(err)
		}
		move(loa.BroadcastStopped)
		counts, err := db.DeliveryCounts(ctx, f.Whole, b)
		if err != nil || counts[loa.DeliveryStopped] != 10 || len(counts) != 1 {
			t.Errorf("%v, %v", counts, err)
		}
		// What fails on its way, what a lost process left, and what never came: none of it goes back to be sent. What left is told.
		begun := onTheWay[0]
		again, left := &onTheWay[0].Deliveries[0], &onTheWay[0].Deliveries[1]
		again.State, again.Code, again.NotBefore = loa.DeliveryQueued, "timeout", f.By.At.Add(time.Minute)
		left.State, left.SentAt = loa.DeliverySent, f.By.At
		if _, err := db.SettleDeliveries(ctx, begun.ID, begun.Deliveries, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := db.ReleaseLost(ctx, f.By.At.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		counts, err = db.DeliveryCounts(ctx, f.Whole, b)
		if err != nil || counts[loa.DeliveryStopped] != 7 || counts[loa.DeliveryUnsure] != 2 || counts[loa.DeliverySent] != 1 || len(counts) != 3 {
			t.Errorf("after a stop: %v, %v", counts, err)
		}
		if err := db.NeverCame(ctx, onTheWay[1].Deliveries[0].ID, f.By.At); err != nil {
			t.Fatal(err)
		}
		counts, err = db.DeliveryCounts(ctx, f.Whole, b)
		if err != nil || counts[loa.DeliveryStopped] != 8 || counts[loa.DeliveryUnsure] != 1 || counts[loa.DeliverySent] != 1 || len(counts) != 3 {
			t.Errorf("after a stop, and one never came: %v, %v", counts, err)
		}
	})
}

// TestWhatHappensWhileItIsOnItsWay: whatever comes between a claim and its outcome, what may have left is never listed as if it had not,
// counts as a contact, can be refused, and is waited for by its broadcast.
func TestWhatHappensWhileItIsOnItsWay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		lost := f.By.At.Add(time.Hour)
		move := func(b loa.BroadcastID, to loa.BroadcastState) {
			t.Helper()
			if _, err := db.ChangeBroadcast(ctx, f.Whole, f.By, b, "moved", func(b *loa.Broadcast) error { return b.Move(to, "") }); err != nil {
				t.Fatal(err)
			}
		}
		counts := func(what string, b loa.BroadcastID, want map[loa.DeliveryState]int64) {
			t.Helper()
			if got, err := db.DeliveryCounts(ctx, f.Whole, b); err != nil || !maps.Equal(got, want) {
				t.Errorf("%s: %v, want %v (%v)", what, got, want, err)
			}
		}
		claim := func(c loa.Channel, n int, repeatable bool) loa.Claimed {
			t.Helper()
			ask := claimOf(c, f.By.At, n)
			ask.Repeatable = repeatable
			got, err := db.ClaimDeliveries(ctx, ask)
			if err != nil || len(got.Deliveries) != n {
				t.Fatal(got, err)
			}
			return got
		}
		settle := func(got loa.Claimed) {
			t.Helper()
			if _, err := db.SettleDeliveries(ctx, got.ID, got.Deliveries, nil); err != nil {
				t.Fatal(err)
			}
		}

		c, b := outbox(t, f, 3, nil)
		claim(c, 3, true)
		move(b, loa.BroadcastStopped)
		if n, err := db.ReleaseLost(ctx, lost); err != nil || n != 0 {
			t.Errorf("of what was stopped %d are sent again, %v", n, err)
		}
		counts("stopped, and lost", b, map[loa.DeliveryState]int64{loa.DeliveryUnsure: 3})

		c, b = outbox(t, f, 2, nil)
		got := claim(c, 2, false)
		if _, err := db.Hear(ctx, f.Office.ID, f.By.At, []loa.Heard{{Channel: c.ID, Key: "early", Kind: "delivered", Delivery: got.Deliveries[0].ID, State: loa.DeliveryDelivered, At: f.By.At}}); err != nil {
			t.Fatal(err)
		}
		for i, d := range got.Deliveries {
			if to, err := db.RefusableDelivery(ctx, d.ID); err != nil || to.To == "" {
				t.Errorf("%d: whoever got it cannot refuse: %v", i, err)
			}
		}
		if _, err := db.ReleaseLost(ctx, lost); err != nil {
			t.Fatal(err)
		}
		counts("told of, and lost", b, map[loa.DeliveryState]int64{loa.DeliveryDelivered: 1, loa.DeliveryUnsure: 1})
		var contacts int
		if err := db.Writer().QueryRowContext(ctx, `SELECT count(*) FROM delivery WHERE broadcast_id = $1 AND first_at > 0 AND tries = 1`, b).Scan(&contacts); err != nil || contacts != 2 {
			t.Errorf("%d of 2 count as contacts, %v", contacts, err)
		}

		c, b = outbox(t, f, 3, nil)
		got = claim(c, 3, false)
		move(b, loa.BroadcastStopped)
		for i := range got.Deliveries { // a part is with the provider; too fast, nothing left; never begun
			d := &got.Deliveries[i]
			d.State = loa.DeliveryQueued
			switch i {
			case 0:
				d.Resume, d.Ref, d.Cost, d.FirstAt = "2", "part one", 350, f.By.At
			case 1:
				d.Code = "throttled"
			default:
				d.Untried, d.Tries = true, d.Tries-1
			}
		}
		settle(got)
		counts("stopped, half of one sent", b, map[loa.DeliveryState]int64{loa.DeliveryUnsure: 1, loa.DeliveryStopped: 2})

		c, b = outbox(t, f, 2, nil)
		got = claim(c, 2, false)
		if _, err := db.ReleaseLost(ctx, lost); err != nil { // a computer that slept
			t.Fatal(err)
		}
		move(b, loa.BroadcastDone)
		for i := range got.Deliveries {
			d := &got.Deliveries[i]
			d.State, d.Untried, d.Tries = loa.DeliveryQueued, true, d.Tries-1
		}
		settle(got)
		if x, err := db.Broadcast(ctx, f.Whole, b); err != nil || x.State != loa.BroadcastSending {
			t.Errorf("a broadcast of which something waits again is %s, %v", x.State, err)
		}
		if again := claim(c, 2, false); again.Deliveries[0].Tries != 1 {
			t.Errorf("what was never begun was tried %d times", again.Deliveries[0].Tries)
		}
	})
}

// TestStoppingBesideTheLoop: officers stop broadcasts while two processes send them; nobody waits for the other for good, and what left
// is written down.
func TestStoppingBesideTheLoop(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		c, b := outbox(t, f, 1500, nil)
		var mu sync.Mutex
		var left int64
		var all sync.WaitGroup
		begun := make(chan bool, 1000)
		for range 2 {
			all.Go(func() {
				ask := claimOf(c, f.By.At, 64)
				got, err := db.ClaimDeliveries(ctx, ask)
				for err == nil && len(got.Deliveries) > 0 {
					for i := range got.Deliveries {
						got.Deliveries[i].State, got.Deliveries[i].SentAt = loa.DeliverySent, f.By.At
					}
					mu.Lock()
					left += int64(len(got.Deliveries))
					mu.Unlock()
					begun <- true
					got, err = db.SettleDeliveries(ctx, got.ID, got.Deliveries, &ask)
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		for range 4 {
			<-begun
		}
		if _, err := db.ChangeBroadcast(ctx, f.Whole, f.By, b, "stopped", func(b *loa.Broadcast) error { return b.Move(loa.BroadcastStopped, "") }); err != nil {
			t.Error(err)
		}
		all.Wait()
		counts, err := db.DeliveryCounts(ctx, f.Whole, b)
		if err != nil || counts[loa.DeliverySent] != left || counts[loa.DeliveryStopped] != 1500-left {
			t.Errorf("%d left: %v, %v", left, counts, err)
		}
	})
}
