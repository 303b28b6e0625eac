package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"loa/store"
)

// TestKeptStatements uses a connection that keeps its statements in the ways that could go wrong: the same question inside its
// own answer, an answer left half read, a statement that fails, a table that changes, and more statements than are kept.
func TestKeptStatements(t *testing.T) {
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(t.TempDir(), "loa.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := db.Writer()
	do := func(q string, args ...any) {
		t.Helper()
		if _, err := w.ExecContext(ctx, q, args...); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	do(`CREATE TABLE kept (n BIGINT PRIMARY KEY, word TEXT NOT NULL)`)
	for i := range 300 {
		do(`INSERT INTO kept (n, word) VALUES ($1, $2)`, i, fmt.Sprint("w", i))
	}
	if _, err := w.ExecContext(ctx, `INSERT INTO kept (n, word) VALUES ($1, $2)`, 7, "again"); err == nil {
		t.Error("a second seven was let in")
	}
	do(`INSERT INTO kept (n, word) VALUES ($1, $2)`, 300, "after the failure")

	tx, err := w.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	read := func(upTo int, each func(n int)) {
		rows, err := tx.QueryContext(ctx, `SELECT n FROM kept WHERE n < $1 ORDER BY n`, upTo)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var n int
			if err := rows.Scan(&n); err != nil {
				t.Fatal(err)
			}
			if each(n); n == 50 {
				return // left half read
			}
		}
	}
	read(4, func(n int) { read(n+1, func(m int) { sum += m }) })
	read(100, func(int) { sum++ })
	read(3, func(int) { sum++ })
	if want := (0) + (0 + 1) + (0 + 1 + 2) + (0 + 1 + 2 + 3) + 51 + 3; sum != want {
		t.Errorf("read %d, want %d", sum, want)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}

	width := func() int {
		rows, err := w.QueryContext(ctx, `SELECT * FROM kept WHERE n = $1`, 1)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		return len(columns)
	}
	before := width()
	do(`ALTER TABLE kept ADD COLUMN more TEXT NOT NULL DEFAULT ''`)
	if after := width(); before != 2 || after != 3 {
		t.Errorf("a table of %d columns, then of %d", before, after)
	}
	for round := range 2 {
		for i := range 400 {
			var n sql.NullInt64
			if err := w.QueryRowContext(ctx, fmt.Sprintf(`SELECT n + %d FROM kept WHERE n = $1`, i), i%300).Scan(&n); err != nil || n.Int64 != int64(i+i%300) {
				t.Fatal(round, i, n, err)
			}
		}
	}
	if _, err := db.Offices(ctx); err != nil {
		t.Fatal(err)
	}
	if err := db.Ping(ctx); err != nil {
		t.Error(err)
	}
}
