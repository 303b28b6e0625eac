package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"loa/store"
	"loa/store/storetest"
)

// TestGrownTablesAreLearnedOnce fills a table as a broadcast does: it is looked at once it has grown, by one of many processes, again
// only after it has grown as much again, and the next question is answered the short way.
func TestGrownTablesAreLearnedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		f := storetest.Office(t, db)
		if grown, err := db.LearnGrown(ctx); err != nil || len(grown) > 0 {
			t.Fatalf("an office just begun is looked at: %v, %v", grown, err)
		}
		fill := func(from, to int) {
			t.Helper()
			n := fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d) `, from, to)
			if _, err := db.Writer().ExecContext(ctx, `INSERT INTO delivery (id, office_id, area_id, broadcast_id, person_id, rung, channel_id, network, address, state)
				`+n+`SELECT 'd' || CAST(i AS TEXT), '`+string(f.Office.ID)+`', '`+string(f.Villages[0])+`', 'b', 'p' || CAST(i AS TEXT), 0, 'c', 'tel', '8491', 'sent' FROM n`); err != nil {
				t.Fatal(err)
			}
		}
		fill(1, 5_000)
		others := []*store.DB{db}
		if db.Postgres() {
			others = append(others, storetest.Again(t, db), storetest.Again(t, db))
		}
		learn := func() (times int) {
			t.Helper()
			var mu sync.Mutex
			var all sync.WaitGroup
			for _, o := range others {
				all.Go(func() {
					grown, err := o.LearnGrown(ctx)
					mu.Lock()
					defer mu.Unlock()
					if err != nil {
						t.Error(err)
					}
					if slices.Contains(grown, "delivery") {
						times++
					}
				})
			}
			all.Wait()
			return times
		}
		for _, at := range []struct {
			to, want int
			what     string
		}{{0, 1, "a table that has grown"}, {0, 0, "the same again"}, {8_000, 0, "half as many again"}, {15_000, 1, "twice as many"}, {0, 0, "the same again"}} {
			if at.to > 0 {
				fill(at.to-2_999, at.to)
				if at.to > 10_000 {
					fill(8_001, at.to-3_000)
				}
			}
			if n := learn(); n != at.want {
				t.Errorf("%s: looked at %d times, want %d", at.what, n, at.want)
			}
		}
		if rows := knownRows(t, db, "delivery"); rows < 10_000 {
			t.Errorf("the engine takes the ledger for %d rows", rows)
		}
	})
}

// TestReadersSeeWhatWasLearned: SQLite's connections plan with what they read when they were opened, unless they are told.
func TestReadersSeeWhatWasLearned(t *testing.T) {
	db := storetest.SQLite(t)
	ctx := context.Background()
	if err := db.Learn(ctx); err != nil { // the first time it makes the tables it writes to, which everybody sees
		t.Fatal(err)
	}
	for _, q := range []string{`CREATE TABLE shelf (kind TEXT, place TEXT)`, `CREATE INDEX shelf_place ON shelf(place)`, `CREATE INDEX shelf_kind ON shelf(kind)`, `ANALYZE`} {
		if _, err := db.Writer().ExecContext(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	plan := func() string {
		t.Helper()
		var s string
		if err := db.PlanOf(ctx, `SELECT * FROM shelf WHERE kind = 'a' AND place = 'b'`, func(line string) { s += line }); err != nil {
			t.Fatal(err)
		}
		return s
	}
	before := plan()
	same, other := "kind", "place"
	if strings.Contains(before, "shelf_place") {
		same, other = "place", "kind"
	}
	// The index it would take without knowing anything finds everything, the other one row.
	if _, err := db.Writer().ExecContext(ctx, `INSERT INTO shelf (`+same+`, `+other+`) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT 'a', i FROM n`); err != nil {
		t.Fatal(err)
	}
	if _, err := db.LearnGrown(ctx); err != nil {
		t.Fatal(err)
	}
	if after := plan(); !strings.Contains(after, "shelf_"+other) {
		t.Errorf("a reader's plan is %q as if nothing was learned; before %q", after, before)
	}
}

// knownRows is how many rows the engine believes a table to have.
func knownRows(t *testing.T, db *store.DB, table string) (n int64) {
	t.Helper()
	q := `SELECT CAST(max(CAST(substr(stat, 1, instr(stat, ' ') - 1) AS INTEGER)) AS INTEGER) FROM sqlite_stat1 WHERE tbl = $1`
	if db.Postgres() {
		q = `SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE relname = $1`
	}
	if err := db.Writer().QueryRowContext(context.Background(), q, table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
