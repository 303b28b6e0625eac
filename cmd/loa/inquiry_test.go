package main

import (
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestAnOfficerAsksTheProviderAgain: what is older than the loop asks about by itself is asked once somebody wants it, by one process, and the
// answer settles it.
func TestAnOfficerAsksTheProviderAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSender(t, db)
		id := s.broadcast(t, nil)
		s.run(t, id, loa.BroadcastDone)
		ctx := t.Context()
		var d loa.DeliveryID
		if err := db.Writer().QueryRowContext(ctx, `SELECT id FROM delivery WHERE broadcast_id = $1 AND state IN ('sent', 'delivered') ORDER BY id LIMIT 1`, id).Scan(&d); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Writer().ExecContext(ctx, `UPDATE delivery SET state = 'unsure', first_at = first_at - 259200000, done_at = 0, sent_at = 0 WHERE id = $1`, d); err != nil { // three days ago
			t.Fatal(err)
		}
		state := func() (now loa.DeliveryState) {
			t.Helper()
			if err := db.Writer().QueryRowContext(ctx, `SELECT state FROM delivery WHERE id = $1`, d).Scan(&now); err != nil {
				t.Fatal(err)
			}
			return now
		}
		s.engine.inquire(ctx)
		s.engine.askedFor(ctx)
		if state() != loa.DeliveryUnsure {
			t.Fatalf("asked by itself after three days: %s", state())
		}
		by := loa.By{Officer: s.Director, At: s.now()}
		list, over := []loa.DeliveryID{d}, []loa.ChannelID{s.channel}
		for name, in := range map[string]loa.Scope{"another office": s.OtherScope, "nothing": s.Nothing} {
			if n, err := db.AskUnsure(ctx, in, by, id, list, over); err != nil || n != 0 {
				t.Errorf("%s asks about %d (%v)", name, n, err)
			}
		}
		if n, err := db.AskUnsure(ctx, s.Whole, by, id, list, []loa.ChannelID{"another"}); err != nil || n != 0 {
			t.Errorf("an account that cannot be asked is asked about %d (%v)", n, err)
		}
		for range 2 { // pressed twice
			if n, err := db.AskUnsure(ctx, s.Whole, by, id, list, over); err != nil || n != 1 {
				t.Fatalf("%d (%v)", n, err)
			}
		}
		s.engine.askedFor(ctx)
		if now := state(); now != loa.DeliverySent && now != loa.DeliveryDelivered {
			t.Errorf("the provider knows, and it is %s", now)
		}
		if left, err := db.TakeInquiries(ctx, s.channel, 10); err != nil || len(left) != 0 {
			t.Errorf("asked again: %+v (%v)", left, err)
		}
		if n, err := db.AskUnsure(ctx, s.Whole, by, id, list, over); err != nil || n != 0 {
			t.Errorf("what is known is asked: %d (%v)", n, err)
		}
	})
}
