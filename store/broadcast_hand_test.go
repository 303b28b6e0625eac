package store_test

import (
	"context"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func handResult(d loa.DeliveryID, outcome string) loa.HandResult {
	return loa.HandResult{Delivery: d, Outcome: outcome, Fact: loa.FactID(loa.NewID()), Refusal: loa.FactID(loa.NewID()), On: storetest.Today}
}

// TestListsAreWorkedOff: what is said of a line becomes a contact, a refusal or a try for later, once however often it is sent, and can be
// taken back.
func TestListsAreWorkedOff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		_, b, list := toldFixture(t, f) // 2 and 5 are calls, 8 and 11 visits
		since := f.By.At.Add(-time.Hour)
		touches := func(i int) int {
			t.Helper()
			got, err := db.Recipients(ctx, f.Whole, []loa.PersonID{f.People[i].ID}, since)
			if err != nil || len(got) != 1 {
				t.Fatal(got, err)
			}
			return len(got[0].Touches)
		}
		line := func(i int) store.Told {
			t.Helper()
			got, err := db.ToldPeople(ctx, f.Whole, b, store.ToldFilter{Rung: -1, Take: 50})
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range got {
				if p.ID == list[i].ID {
					return p
				}
			}
			t.Fatal("the line is gone")
			return store.Told{}
		}
		for _, c := range []struct {
			i       int
			outcome string
			state   loa.DeliveryState
			touches int
		}{{2, "not_home", loa.DeliveryByHand, 0}, {2, "met", loa.DeliveryDelivered, 1}, {5, "refused", loa.DeliveryRefused, 0}, {8, "interested", loa.DeliveryDelivered, 1}, {11, loa.GivenUp, loa.DeliveryFailed, 0}} {
			before, r := touches(c.i), handResult(list[c.i].ID, c.outcome)
			for range 2 { // the same form, sent twice
				if err := db.RecordHand(ctx, f.Whole, f.By, b, r); err != nil && !(c.state == loa.DeliveryByHand) {
					t.Fatalf("%s: %v", c.outcome, err)
				}
				if c.state == loa.DeliveryByHand {
					break
				}
			}
			if got := line(c.i); got.State != c.state || got.Code != c.outcome {
				t.Errorf("%s became %s %s", c.outcome, got.State, got.Code)
			}
			if n := touches(c.i) - before; n != c.touches {
				t.Errorf("%s is %d contacts, want %d", c.outcome, n, c.touches)
			}
		}
		if got := line(2); got.Tries != 2 {
			t.Errorf("tried %d times", got.Tries)
		}
		people, err := db.Recipients(ctx, f.Whole, []loa.PersonID{f.People[5].ID}, since)
		if err != nil || loa.ConsentFor(people[0].Consents, loa.Care, "call") != "refused" {
			t.Errorf("who refused a call may be called: %+v, %v", people, err)
		}
		if failed, err := db.FailedDeliveries(ctx, b, 10); err != nil || len(failed) != 1 || failed[0].ID != list[11].ID {
			t.Errorf("whoever was given up does not fall: %+v, %v", failed, err)
		}
		if err := db.RecordHand(ctx, f.Whole, f.By, b, handResult(list[2].ID, "met")); loa.KindOf(err) != loa.Conflict {
			t.Errorf("a line was worked off twice: %v", err)
		}
		before := touches(8)
		for range 2 {
			if err := db.ReopenHand(ctx, f.Whole, f.By, b, list[8].ID); err != nil {
				t.Fatal(err)
			}
		}
		if line(8).State != loa.DeliveryByHand || touches(8) != before-1 {
			t.Errorf("taken back it is %s with %d contacts", line(8).State, touches(8))
		}
		if err := db.ReopenHand(ctx, f.Whole, f.By, b, list[5].ID); loa.KindOf(err) != loa.Conflict {
			t.Errorf("a refusal was taken back: %v", err)
		}
		for who, in := range map[string]loa.Scope{"the neighbour": f.Commune1, "another office": f.OtherScope} {
			if err := db.RecordHand(ctx, in, f.By, b, handResult(list[8].ID, "met")); loa.KindOf(err) != loa.NotFound {
				t.Errorf("%s may write on it: %v", who, err)
			}
		}
	})
}

// TestHandListWalks: a list goes village by village and house by house, and a page never repeats.
func TestHandListWalks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		_, b, _ := toldFixture(t, f)
		var all []store.HandLine
		for skip := 0; skip < 4; skip++ {
			page, err := db.HandList(ctx, f.Whole, b, "", "", skip, 1)
			if err != nil || len(page) != 1 {
				t.Fatal(page, err)
			}
			all = append(all, page...)
		}
		seen := map[loa.DeliveryID]bool{}
		for _, l := range all {
			if seen[l.ID] || l.State != loa.DeliveryByHand || l.Name == "" || l.Household == "" {
				t.Errorf("%+v", l)
			}
			seen[l.ID] = true
		}
		if n, err := db.HandByArea(ctx, f.Whole, b, loa.VisitList); err != nil || len(n) != 2 || n[f.People[8].Area] != 1 || n[f.People[11].Area] != 1 {
			t.Errorf("%v, %v", n, err)
		}
		if list, err := db.HandList(ctx, f.Whole, b, loa.CallList, f.CommuneB, 0, 9); err != nil || len(list) != 0 {
			t.Errorf("%d calls in another commune, %v", len(list), err)
		}
	})
}

// TestUnsureSettledByHand: only what is unsure and in nobody's hands is settled, and what did not arrive falls.
func TestUnsureSettledByHand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		c, b, list := toldFixture(t, f)
		if _, err := db.ClaimDeliveries(ctx, claimOf(c, f.By.At, 10)); err != nil { // by a process that is lost
			t.Fatal(err)
		}
		ids := []loa.DeliveryID{list[0].ID, list[3].ID, list[1].ID}
		if n, err := db.SettleUnsure(ctx, f.Whole, f.By, b, ids, true); err != nil || n != 0 {
			t.Errorf("%d in somebody's hands were settled, %v", n, err)
		}
		if _, err := db.ReleaseLost(ctx, f.By.At.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		late := loa.By{Officer: f.Director, At: f.By.At.Add(time.Hour)}
		if n, err := db.SettleUnsure(ctx, f.Commune2, late, b, ids, true); err != nil || n != 0 {
			t.Errorf("%d of another commune were settled, %v", n, err)
		}
		if n, err := db.SettleUnsure(ctx, f.Whole, late, b, ids[:1], true); err != nil || n != 1 {
			t.Fatalf("%d, %v", n, err)
		}
		if n, err := db.SettleUnsure(ctx, f.Whole, late, b, ids, false); err != nil || n != 1 {
			t.Fatalf("%d, %v: the one that arrived stays, the held one is none", n, err)
		}
		failed, err := db.FailedDeliveries(ctx, b, 10)
		if err != nil || len(failed) != 1 || failed[0].ID != list[3].ID {
			t.Errorf("%+v, %v", failed, err)
		}
	})
}

// TestRatesPause: failures, refusals told by the network and refusals said afterwards are counted since it last went on, and only what is
// being sent is paused.
func TestRatesPause(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		c, b := outbox(t, f, 10, nil)
		got, err := db.ClaimDeliveries(ctx, claimOf(c, f.By.At, 10))
		if err != nil || len(got.Deliveries) != 10 {
			t.Fatal(got, err)
		}
		for i := range got.Deliveries {
			d := &got.Deliveries[i]
			d.State, d.SentAt = loa.DeliverySent, f.By.At
			switch {
			case i < 3:
				d.State, d.Code, d.SentAt, d.DoneAt = loa.DeliveryFailed, "no_such_number", time.Time{}, f.By.At
			case i == 3:
				d.State, d.SentAt, d.DoneAt = loa.DeliveryRefused, time.Time{}, f.By.At
			}
		}
		if _, err := db.SettleDeliveries(ctx, got.ID, got.Deliveries, nil); err != nil {
			t.Fatal(err)
		}
		rates := func() store.BroadcastRates {
			t.Helper()
			list, err := db.SendingRates(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range list {
				if r.Broadcast.ID == b {
					return r
				}
			}
			return store.BroadcastRates{}
		}
		if r := rates(); r.Settled != 10 || r.Failed != 3 || r.Refused != 1 {
			t.Errorf("%+v", r)
		}
		to := got.Deliveries[9].To // somebody answers "stop" to what they got
		p := loa.Person{ID: loa.PersonID(loa.NewID()), Area: f.Villages[0], Name: "Sùng Thị Số", BornYear: 1980, Sex: loa.Female, Phone: "+84912345670"}
		if _, err := db.AddPerson(ctx, f.Whole, f.By, p); err != nil {
			t.Fatal(err)
		}
		if err := db.QueueDeliveries(ctx, b, []loa.Delivery{{ID: loa.DeliveryID(loa.NewID()), Office: f.Office.ID, Area: p.Area, Person: p.ID, Channel: c.ID, Network: "tel", To: "84912345670", State: loa.DeliveryQueued}}, "~~"); err != nil {
			t.Fatal(err)
		}
		more, err := db.ClaimDeliveries(ctx, claimOf(c, f.By.At, 10))
		if err != nil || len(more.Deliveries) != 1 {
			t.Fatal(more, err)
		}
		more.Deliveries[0].State, more.Deliveries[0].SentAt = loa.DeliverySent, f.By.At
		if _, err := db.SettleDeliveries(ctx, more.ID, more.Deliveries, nil); err != nil {
			t.Fatal(err)
		}
		for _, who := range []string{to, "84912345670"} { // the first is nobody's of the register
			if err := db.OptOut(ctx, f.Office.ID, loa.By{At: f.By.At.Add(time.Minute)}, "tel", who, "word"); err != nil {
				t.Fatal(err)
			}
		}
		if r := rates(); r.Settled != 11 || r.Refused != 2 {
			t.Errorf("after a refusal: %+v", r)
		}
		if ok, err := db.AutoPause(ctx, b, "too_many_failed", f.By.At); err != nil || !ok {
			t.Fatal(ok, err)
		}
		if ok, err := db.AutoPause(ctx, b, "too_many_failed", f.By.At); err != nil || ok {
			t.Errorf("paused twice: %v, %v", ok, err)
		}
		if x, err := db.Broadcast(ctx, f.Whole, b); err != nil || x.State != loa.BroadcastPaused || x.Why != "too_many_failed" {
			t.Errorf("%+v, %v", x, err)
		}
		if _, err := db.ChangeBroadcast(ctx, f.Whole, f.By, b, "resumed", func(x *loa.Broadcast) error { x.SentAt = f.By.At; return x.Resume(f.By.At.Add(2 * time.Minute)) }); err != nil {
			t.Fatal(err)
		}
		if r := rates(); r.Failed != 0 {
			t.Errorf("what was forgiven counts again: %+v", r)
		}
	})
}
