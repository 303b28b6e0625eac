package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func TestAuditChain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, o := context.Background(), foundOffice(t, db)
		for i := range 30 {
			act := []string{"printed", "exported", "opened"}[i%3]
			if err := db.Audit(ctx, o.id, o.by(o.boss), act, "person", "p", "detail=ă"); err != nil {
				t.Fatal(err)
			}
		}
		n, head, err := db.VerifyAudit(ctx, o.id)
		if err != nil || n < 33 || len(head) != 64 {
			t.Fatalf("a whole chain: %d entries, %v", n, err)
		}
		for what, change := range map[string][2]string{
			"one letter changed": {`UPDATE audit SET detail = 'detail=â' WHERE no = 20`, `UPDATE audit SET detail = 'detail=ă' WHERE no = 20`},
			"another officer":    {`UPDATE audit SET officer_id = 'x' WHERE no = 20`, `UPDATE audit SET officer_id = '` + string(o.boss) + `' WHERE no = 20`},
			"two swapped":        {`UPDATE audit SET no = CASE no WHEN 20 THEN -21 ELSE -20 END WHERE no IN (20, 21)`, `UPDATE audit SET no = CASE no WHEN -21 THEN 20 ELSE 21 END WHERE no < 0`},
			"one removed":        {`UPDATE audit SET no = -20 WHERE no = 20`, `UPDATE audit SET no = 20 WHERE no = -20`},
		} {
			if _, err := db.Writer().ExecContext(ctx, change[0]); err != nil {
				t.Fatal(what, err)
			}
			if _, _, err := db.VerifyAudit(ctx, o.id); code(err) != "audit_broken" {
				t.Errorf("%s goes unnoticed: %v", what, err)
			}
			if _, err := db.Writer().ExecContext(ctx, change[1]); err != nil {
				t.Fatal(what, err)
			}
		}
		if again, _, err := db.VerifyAudit(ctx, o.id); err != nil || again != n {
			t.Errorf("mended, but %d entries and %v", again, err)
		}
	})
}

func TestAuditBreaksAtTheFirstBadEntry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, o := context.Background(), foundOffice(t, db)
		for range 10 {
			if err := db.Audit(ctx, o.id, o.by(o.boss), "printed", "people", "", ""); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := db.Writer().ExecContext(ctx, `UPDATE audit SET act = 'opened' WHERE no = 7`); err != nil {
			t.Fatal(err)
		}
		n, _, err := db.VerifyAudit(ctx, o.id)
		if n != 6 || code(err) != "audit_broken" || err.(*loa.Error).Args[0] != int64(7) {
			t.Errorf("%d good entries and %v, want 6 and the seventh named", n, err)
		}
	})
}

func TestAuditLogPagesAndFilters(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, o := context.Background(), foundOffice(t, db)
		for range 7 {
			if err := db.Audit(ctx, o.id, o.by(o.boss), "printed", "people", "", ""); err != nil {
				t.Fatal(err)
			}
		}
		var seen []int64
		before := int64(0)
		for {
			page, err := db.AuditLog(ctx, o.whole, store.AuditFilter{Act: "printed", Officer: o.boss, From: "2025-11-30", To: "2025-11-30"}, before, 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range page {
				seen = append(seen, a.No)
			}
			if len(page) < 3 {
				break
			}
			before = page[len(page)-1].No
		}
		if len(seen) != 7 {
			t.Errorf("pages show %v", seen)
		}
		for i := 1; i < len(seen); i++ {
			if seen[i] >= seen[i-1] {
				t.Errorf("not newest first: %v", seen)
			}
		}
		for what, f := range map[string]store.AuditFilter{"the day after": {From: "2025-12-01"}, "the day before": {To: "2025-11-29"}, "another": {Officer: "x"}, "unknown noun": {Noun: "x"}, "unknown id": {NounID: "x"}} {
			if page, err := db.AuditLog(ctx, o.whole, f, 0, 10); err != nil || len(page) != 0 {
				t.Errorf("%s: %d entries, %v", what, len(page), err)
			}
		}
		if _, err := db.AuditLog(ctx, o.part, store.AuditFilter{}, 0, 10); code(err) != "not_found" {
			t.Errorf("somebody with one commune reads the office's log: %v", err)
		}
	})
}

func TestOpenedOncePerDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, o := context.Background(), foundOffice(t, db)
		count := func() int {
			page, err := db.AuditLog(ctx, o.whole, store.AuditFilter{Act: "opened"}, 0, 100)
			if err != nil {
				t.Fatal(err)
			}
			return len(page)
		}
		for range 3 {
			if err := db.Opened(ctx, o.id, o.by(o.boss), "person", "p1"); err != nil {
				t.Fatal(err)
			}
		}
		if n := count(); n != 1 {
			t.Errorf("three looks on one day make %d entries", n)
		}
		tomorrow := o.by(o.boss)
		tomorrow.At = tomorrow.At.AddDate(0, 0, 1)
		for _, by := range []loa.By{tomorrow, o.by(o.first)} {
			if err := db.Opened(ctx, o.id, by, "person", "p1"); err != nil {
				t.Fatal(err)
			}
		}
		if n := count(); n != 3 {
			t.Errorf("another day and another officer make %d entries, want 3", n)
		}
	})
}

func TestManyOpenAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, o := context.Background(), foundOffice(t, db)
		var all sync.WaitGroup
		for i := range 200 { // each of a hundred records by two, and some by an office that is not there
			all.Go(func() {
				if err := db.Opened(ctx, o.id, o.by(o.boss), "person", fmt.Sprint("p", i%100)); err != nil {
					t.Error(err)
				}
				if i%20 == 0 {
					if err := db.Opened(ctx, "nobody", o.by(o.boss), "person", fmt.Sprint("q", i)); err == nil {
						t.Error("a page of an office that is not there was opened")
					}
				}
			})
		}
		all.Wait()
		page, err := db.AuditLog(ctx, o.whole, store.AuditFilter{Act: "opened"}, 0, 1000)
		if err != nil || len(page) != 100 {
			t.Errorf("%d entries of a hundred: %v", len(page), err)
		}
		if _, _, err := db.VerifyAudit(ctx, o.id); err != nil {
			t.Error(err)
		}
	})
}
