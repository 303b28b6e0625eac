package store

import (
	"context"
	"database/sql"
	"fmt"
)

// quickly keeps the journal of a SQLite database in memory while it is filled, if it was opened to be fast and nobody uses it
// yet: no row is then written twice. The function it returns, to be called at the end, gives the write-ahead log back.
func (db *DB) quickly(ctx context.Context) (fast bool, settle func() error, err error) {
	none := func() error { return nil }
	if db.postgres {
		return false, none, nil
	}
	var synchronous int
	var used bool
	if err := db.write.QueryRowContext(ctx, `PRAGMA synchronous`).Scan(&synchronous); err != nil {
		return false, none, fmt.Errorf("ask how durable the database is: %w", err)
	}
	if err := db.write.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM office)`).Scan(&used); err != nil {
		return false, none, fmt.Errorf("look for an office: %w", err)
	}
	if synchronous != 0 || used {
		return false, none, nil
	}
	wake := db.settler.rest()
	db.read.SetMaxIdleConns(0) // a connection that only waits would keep the log
	readAgain := func() { db.read.SetMaxIdleConns(readers()) }
	var mode string
	if err := db.write.QueryRowContext(ctx, `PRAGMA journal_mode = MEMORY`).Scan(&mode); err != nil || mode != "memory" {
		readAgain()
		wake()
		return false, none, nil // somebody reads already: the log stays, which is slower and just as right
	}
	return true, func() error {
		defer wake()
		defer readAgain()
		if err := db.write.QueryRowContext(ctx, `PRAGMA journal_mode = WAL`).Scan(&mode); err != nil {
			return fmt.Errorf("give the write-ahead log back: %w", err)
		}
		return nil
	}, nil
}

// index is one way to find rows, as it was made.
type index struct{ table, name, made string }

// withoutIndexes takes the large indexes off the empty tables: sorting once costs less than keeping every one in order row by row.
// Each step puts its tables' back with indexed while their pages are still at hand. Those that grow at their end, or hold few rows,
// or keep rows unique, stay.
func (f *filler) withoutIndexes() error {
	rows, err := f.tx.QueryContext(f.ctx, `SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('person_row', 'contribution_fact', 'spell')
		AND sql LIKE 'CREATE INDEX%' AND sql NOT LIKE '% WHERE %' AND sql NOT LIKE '%change_no%' ORDER BY tbl_name, name`)
	f.off, err = collect(rows, err, func(r *sql.Rows) (i index, err error) { return i, r.Scan(&i.table, &i.name, &i.made) })
	if err != nil {
		return fmt.Errorf("list the indexes: %w", err)
	}
	for _, i := range f.off {
		if _, err := f.tx.ExecContext(f.ctx, `DROP INDEX "`+i.name+`"`); err != nil {
			return fmt.Errorf("take index %s off: %w", i.name, err)
		}
	}
	return nil
}

// indexed puts back what withoutIndexes took off a table that is full now.
func (f *filler) indexed(table string) error {
	for _, i := range f.off {
		if i.table != table {
			continue
		}
		if _, err := f.tx.ExecContext(f.ctx, i.made); err != nil {
			return fmt.Errorf("put index %s back: %w", i.name, err)
		}
	}
	return nil
}
