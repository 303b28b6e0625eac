package sending_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"loa"
	"loa/channel"
	"loa/sending"
	"loa/store/storetest"
)

// torn is a database whose process is killed after so many pages.
type torn struct {
	sending.FanStore
	pages int
}

func (s *torn) QueueDeliveries(ctx context.Context, id loa.BroadcastID, list []loa.Delivery, upTo string) error {
	if s.pages--; s.pages < 0 {
		return errors.New("killed")
	}
	return s.FanStore.QueueDeliveries(ctx, id, list, upTo)
}

// TestFanOutIsKilledAndGoesOn: killed after any page, begun again by two processes at once, everybody is in the ledger once.
func TestFanOutIsKilledAndGoesOn(t *testing.T) {
	db := storetest.SQLite(t)
	f, _, id := office(t, db, 0)
	ctx := context.Background()
	var ids []loa.PersonID
	for i := range 250 {
		p := loa.Person{ID: loa.PersonID(loa.NewID()), Area: f.Villages[i%4], Name: fmt.Sprintf("Giàng A Mẫu %d", i), BornYear: 1980, Sex: loa.Male}
		if i%3 > 0 {
			p.Phone = fmt.Sprintf("+849%08d", i)
		}
		ids = append(ids, p.ID)
		if _, err := db.AddPerson(ctx, f.Whole, f.By, p); err != nil {
			t.Fatal(err)
		}
		if i%10 == 1 {
			if err := db.AddConsent(ctx, f.Whole, f.By, loa.Consent{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: storetest.Today}, Person: p.ID, Purpose: loa.Care, Channel: "all", How: "spoken"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	slices.Sort(ids)
	b, err := db.Broadcast(ctx, f.Whole, id)
	if err != nil {
		t.Fatal(err)
	}
	// what was queued for nobody in the helper ends the fanning out; this one begins anew
	fresh := b
	fresh.ID, fresh.State = loa.BroadcastID(loa.NewID()), loa.BroadcastDraft
	if err := db.AddBroadcast(ctx, f.Whole, f.By, fresh); err != nil {
		t.Fatal(err)
	}
	for _, to := range []loa.BroadcastState{loa.BroadcastApproved, loa.BroadcastSending} {
		if b, err = db.ChangeBroadcast(ctx, f.Whole, f.By, fresh.ID, "sent", func(b *loa.Broadcast) error { return b.Move(to, "") }); err != nil {
			t.Fatal(err)
		}
	}
	fan := sending.Fan{Store: &torn{db, 1}, Scope: f.Whole, Broadcast: b, Rules: sending.Rules{}, Now: func() time.Time { return f.By.At }, NewID: func() loa.DeliveryID { return loa.DeliveryID(loa.NewID()) }, Page: 100,
		Text: func(int, []string) (sending.Text, string) { return sending.Text{}, "vietnamese" }}
	meant := func(_ context.Context, after loa.PersonID, take int) ([]loa.PersonID, error) {
		from, found := slices.BinarySearch(ids, after)
		if found {
			from++
		}
		return ids[from:min(from+take, len(ids))], nil
	}
	if n, err := fan.Out(ctx, meant, ""); err == nil || n != 100 {
		t.Fatalf("killed after %d, %v", n, err)
	}
	fan.Store = db
	for range 2 {
		if _, err := fan.Out(ctx, meant, ""); err != nil { // from the beginning: the ledger knows how far it was
			t.Fatal(err)
		}
	}
	counts, err := db.DeliveryCounts(ctx, f.Whole, b.ID)
	if err != nil {
		t.Fatal(err)
	}
	if counts[loa.DeliveryHeld] != 25 || counts[loa.DeliveryQueued]+counts[loa.DeliveryByHand] != 225 || counts[loa.DeliveryByHand] < 60 || len(counts) != 3 {
		t.Errorf("%v", counts)
	}
	// every second number is wrong: those people go on the list of visits, once, however often it is looked for
	queued := counts[loa.DeliveryQueued]
	d := sending.Dispatcher{Store: db, Composer: words{}, Now: func() time.Time { return f.By.At }, By: "one", Group: 100, Width: 1, Lease: time.Minute, Patience: time.Second}
	p := &provider{took: map[string]int{}, each: func(n int) error {
		if n%2 == 0 {
			return channel.Fail(channel.Rejected, channel.Address, "99", "no such number")
		}
		return nil
	}}
	if _, _, err := d.Turn(ctx, sending.Account{ID: b.Ladder[0].Channel, Adapter: p}, 5000); err != nil {
		t.Fatal(err)
	}
	by := counts[loa.DeliveryByHand]
	move := func(to loa.BroadcastState) {
		if _, err := db.ChangeBroadcast(ctx, f.Whole, f.By, b.ID, "moved", func(b *loa.Broadcast) error { return b.Move(to, "") }); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []int64{queued / 2, 0} {
		if fell, err := fan.Fall(ctx); err != nil || int64(fell) != want {
			t.Errorf("%d fall the %dth time, want %d, %v", fell, i+1, want, err)
		}
	}
	if counts, err = db.DeliveryCounts(ctx, f.Whole, b.ID); err != nil || counts[loa.DeliveryByHand] != by+queued/2 || counts[loa.DeliveryFailed] != queued/2 || counts[loa.DeliverySent] != queued-queued/2 {
		t.Errorf("%v, %v", counts, err)
	}
	move(loa.BroadcastStopped)
	if err := db.FallDeliveries(ctx, b.ID, nil, nil); loa.KindOf(err) != loa.Conflict {
		t.Errorf("people fall after it was stopped: %v", err)
	}
}
