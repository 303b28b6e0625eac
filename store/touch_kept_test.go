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

// TestManyTouchesAreCountedBehindThePage: few touches are counted whenever somebody asks; the count of very many stands until it is old,
// and is then shown once more, with its moment, while it is counted anew.
func TestManyTouchesAreCountedBehindThePage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		n := 0
		reply := func(area loa.AreaID, on loa.Day) {
			t.Helper()
			n++
			id, at := fmt.Sprint("x", n), time.Date(2025, 11, 30, 9, n, 0, 0, loa.Zone).UnixMilli()
			if on != "" {
				at = time.Date(2025, 12, 1, 9, n, 0, 0, loa.Zone).UnixMilli()
			}
			for _, q := range []string{
				`INSERT INTO conversation (id, office_id, area_id, via, state, due_at, waits_since, heard_at, last_at, last_text, last_kind, first_at) VALUES ($1, $2, $3, 'sms', 'open', 0, 0, $4, $4, '', 'in', $4)`,
				`INSERT INTO turn (id, office_id, conversation_id, kind, text, said_at) VALUES ($1, $2, $1, 'in', $3, $4)`} {
				if _, err := db.Writer().ExecContext(ctx, q, id, f.Office.ID, area, at); err != nil {
					t.Fatal(err)
				}
			}
		}
		now := time.Date(2025, 11, 30, 12, 0, 0, 0, loa.Zone)
		ask := func(in loa.Scope, to loa.Day) (replies int64, kept bool) {
			t.Helper()
			c, err := db.Touches(ctx, in, "", "2025-11-01", to, func() time.Time { return now })
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range c.List {
				replies += x.Replies
			}
			return replies, c.Kept
		}
		want := func(what string, in loa.Scope, to loa.Day, replies int64, kept bool) {
			t.Helper()
			if n, k := ask(in, to); n != replies || k != kept {
				t.Errorf("%s: %d replies, counted earlier %v; want %d, %v", what, n, k, replies, kept)
			}
		}
		db.ManyTouches(3)
		reply(f.Villages[0], "")
		want("one", f.Whole, "2025-11-30", 1, false)
		reply(f.Villages[0], "")
		want("another", f.Whole, "2025-11-30", 2, false)
		reply(f.Villages[0], "")
		reply(f.Villages[2], "")
		want("many", f.Whole, "2025-11-30", 4, false)
		reply(f.Villages[0], "")
		want("one more at once", f.Whole, "2025-11-30", 4, true)
		want("another's part", f.Commune1, "2025-11-30", 4, false)
		want("another office's", f.OtherScope, "2025-11-30", 0, false)
		settled := func(what string, to loa.Day, replies int64) {
			t.Helper()
			for end := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
				n, kept := ask(f.Whole, to)
				if n == replies && kept {
					return
				}
				if time.Now().After(end) {
					t.Fatalf("%s: still %d replies, counted earlier %v; want %d", what, n, kept, replies)
				}
			}
		}
		now = now.Add(24 * time.Hour)
		want("a day after", f.Whole, "2025-11-30", 4, true)
		settled("a day after, behind the page", "2025-11-30", 5)
		reply(f.Villages[0], "2025-12-01")
		want("a later day of another month", f.Whole, "2025-12-01", 6, false)
		reply(f.Villages[0], "2025-12-01")
		want("the same month", f.Whole, "2025-12-01", 6, true)
		want("the same month, a day later", f.Whole, "2025-12-02", 6, true)
		settled("the same month, a day later, behind the page", "2025-12-02", 7)
		want("a day that is over already", f.Whole, "2025-12-01", 7, false)
	})
}
