package store_test

import (
	"context"
	"fmt"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestTwoProcessesAtOnePage: a page of people that overlaps what another process put into the ledger adds only who is missing, one that is
// behind adds nobody, and a row that is there already keeps the rest of its page from nothing.
func TestTwoProcessesAtOnePage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		c, b := outbox(t, f, 0, nil)
		if _, err := db.Writer().ExecContext(ctx, `UPDATE broadcast SET fanned = '' WHERE id = $1`, string(b)); err != nil {
			t.Fatal(err)
		}
		page := func(from, to, rung int) (out []loa.Delivery) {
			for i := from; i < to; i++ {
				out = append(out, loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Office: f.Office.ID, Area: f.Villages[0], Person: loa.PersonID(fmt.Sprintf("p%05d", i)), Rung: rung, Channel: c.ID, Network: "tel", To: "84900000001", State: loa.DeliveryQueued})
			}
			return out
		}
		queue := func(list []loa.Delivery, want int64) {
			t.Helper()
			if err := db.QueueDeliveries(ctx, b, list, string(list[len(list)-1].Person)); err != nil {
				t.Fatal(err)
			}
			counts, err := db.DeliveryCounts(ctx, f.Whole, b)
			if err != nil || counts[loa.DeliveryQueued] != want {
				t.Errorf("%v, want %d, %v", counts, want, err)
			}
		}
		queue(page(0, 200, 0), 200)
		queue(page(0, 150, 1), 200)   // another process, behind: it judged them otherwise
		queue(page(100, 300, 1), 300) // and then across the border
		if err := db.QueueDeliveries(ctx, b, page(350, 351, 0), "p00310"); err != nil {
			t.Fatal(err)
		}
		queue(page(311, 400, 0), 389) // one of them is there already
		if _, err := db.ChangeBroadcast(ctx, f.Whole, f.By, b, "stopped", func(b *loa.Broadcast) error { return b.Move(loa.BroadcastStopped, "") }); err != nil {
			t.Fatal(err)
		}
		if err := db.QueueDeliveries(ctx, b, page(400, 500, 0), "p00499"); loa.KindOf(err) != loa.Conflict {
			t.Errorf("people come in after it was stopped: %v", err)
		}
	})
}
