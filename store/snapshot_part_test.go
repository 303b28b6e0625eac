package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestFrozenHandsOutEverybodyOnce: a snapshot of a few and one of many parts are read a page at a time, from anywhere, in order and
// without a gap, and are the same when they are read whole.
func TestFrozenHandsOutEverybodyOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		for _, n := range []int{0, 1, 900, 8192, 8193, 20000} {
			var all []loa.PersonID
			for i := range n {
				all = append(all, loa.PersonID(fmt.Sprintf("00000000-0000-7000-9000-%012x", 2*i)))
			}
			id := loa.SnapshotID(loa.NewID())
			if err := db.SaveSnapshot(ctx, f.Whole, f.By, loa.Snapshot{ID: id, UsedBy: "broadcast", UsedID: string(id), AsOf: storetest.Today, Members: all, Rule: loa.Rule{Field: "phone"}}); err != nil {
				t.Fatal(err)
			}
			for _, take := range []int{700, 8192, 9000} {
				next, got, after := db.Frozen(f.Whole, id), []loa.PersonID(nil), loa.PersonID("")
				for {
					page, err := next(ctx, after, take)
					if err != nil || len(page) > take {
						t.Fatalf("%d of %d: %v", len(page), take, err)
					}
					if len(page) == 0 {
						break
					}
					got, after = append(got, page...), page[len(page)-1]
				}
				if !slices.Equal(got, all) {
					t.Errorf("%d came of %d, %d at a time", len(got), n, take)
				}
			}
			if n > 0 {
				between := loa.PersonID(fmt.Sprintf("00000000-0000-7000-9000-%012x", 2*(n/2)-1))
				page, err := db.Frozen(f.Whole, id)(ctx, between, 1)
				if err != nil || len(page) != 1 || page[0] != all[n/2] {
					t.Errorf("behind somebody who is not in it: %v, %v", page, err)
				}
			}
			whole, err := db.Snapshot(ctx, f.Whole, id)
			if err != nil || !slices.Equal(whole.Members, all) || whole.N != n {
				t.Errorf("%d come of %d: %v", len(whole.Members), n, err)
			}
			if list, err := db.Snapshots(ctx, f.Whole, string(id)); err != nil || len(list) != 1 || !slices.Equal(list[0].Members, all) {
				t.Errorf("by its use: %v", err)
			}
			if _, err := db.Frozen(f.OtherScope, id)(ctx, "", 1); loa.KindOf(err) != loa.NotFound {
				t.Errorf("another office reads it: %v", err)
			}
		}
	})
}

// TestRecipientsOfAStretchAndOfAList: however people are read, as a stretch of the register or one by one, each comes with the same.
func TestRecipientsOfAStretchAndOfAList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		var ids []loa.PersonID
		for range 200 {
			ids = append(ids, loa.PersonID(loa.NewID()))
		}
		slices.Sort(ids)
		for i, id := range ids {
			p := loa.Person{ID: id, Area: f.Villages[i%4], Name: fmt.Sprintf("Giàng A Mẫu %d", i), BornYear: 1980, Sex: loa.Male}
			if i%3 > 0 {
				p.Phone = fmt.Sprintf("+849%08d", i/2) // some share it
			}
			if _, err := db.AddPerson(ctx, f.Whole, f.By, p); err != nil {
				t.Fatal(err)
			}
			if i%7 == 0 {
				if err := db.AddConsent(ctx, f.Whole, f.By, loa.Consent{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: storetest.Today}, Person: p.ID, Purpose: loa.Care, Channel: "all", How: "spoken"}); err != nil {
					t.Fatal(err)
				}
			}
			if i%5 == 0 {
				if _, err := db.Writer().ExecContext(ctx, `INSERT INTO address (office_id, network, address, person_id, no_ads_at) VALUES ($1, 'zalo', $2, $3, $4)`, string(f.Office.ID), fmt.Sprintf(`z"\%d`, i), string(p.ID), i%2); err != nil {
					t.Fatal(err)
				}
			}
			if i%4 == 1 && p.Phone != "" {
				if _, err := db.Writer().ExecContext(ctx, `INSERT INTO address (office_id, network, address, opted_out_at) VALUES ($1, 'tel', $2, 1) ON CONFLICT DO NOTHING`, string(f.Office.ID), p.Phone[1:]); err != nil {
					t.Fatal(err)
				}
			}
		}
		since := f.By.At.AddDate(0, 0, -30)
		stretch, err := db.Recipients(ctx, f.Whole, ids, since)
		if err != nil || len(stretch) != len(ids) {
			t.Fatalf("%d of %d: %v", len(stretch), len(ids), err)
		}
		var one []loa.Recipient
		for part := range slices.Chunk(ids, 40) { // too few to look for a stretch
			some, err := db.Recipients(ctx, f.Whole, part, since)
			if err != nil {
				t.Fatal(err)
			}
			one = append(one, some...)
		}
		for i := range one {
			if a, b := fmt.Sprintf("%+v", one[i]), fmt.Sprintf("%+v", stretch[i]); a != b {
				t.Errorf("one by one %s, in a stretch %s", a, b)
			}
		}
		var third []loa.PersonID // every third: two others stand between
		for i := 0; i < len(ids); i += 3 {
			third = append(third, ids[i])
		}
		some, err := db.Recipients(ctx, f.Whole, third, since)
		if err != nil || len(some) != len(third) {
			t.Fatalf("%d of %d: %v", len(some), len(third), err)
		}
		for i, p := range some {
			if a, b := fmt.Sprintf("%+v", p), fmt.Sprintf("%+v", stretch[3*i]); a != b {
				t.Errorf("with a stretch between %s, in a stretch %s", a, b)
			}
		}
	})
}
