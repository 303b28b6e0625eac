package store_test

import (
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestStoppingClosesTheLists: whoever is to be called or visited for a broadcast is so no more when it is stopped for good, and nobody writes down a
// visit for it; when it is only paused the lists stay.
func TestStoppingClosesTheLists(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		c, id := outbox(t, f, 0, nil)
		_ = c
		d := loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Office: f.Office.ID, Area: f.People[0].Area, Person: f.People[0].ID, Network: loa.VisitList, Rung: 1, State: loa.DeliveryByHand}
		if err := db.QueueDeliveries(t.Context(), id, []loa.Delivery{d}, "~~"); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			to   loa.BroadcastState
			want loa.DeliveryState
		}{{loa.BroadcastPaused, loa.DeliveryByHand}, {loa.BroadcastStopped, loa.DeliveryStopped}} {
			if _, err := db.ChangeBroadcast(t.Context(), f.Whole, f.By, id, "moved", func(b *loa.Broadcast) error { return b.Move(step.to, "") }); err != nil {
				t.Fatal(err)
			}
			counts, err := db.DeliveryCounts(t.Context(), f.Whole, id)
			if err != nil || len(counts) != 1 || counts[step.want] != 1 {
				t.Errorf("%s: %v, %v", step.to, counts, err)
			}
		}
	})
}
