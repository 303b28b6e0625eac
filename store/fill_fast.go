package store

import (
	"context"
	"fmt"
)

// quickly keeps the journal of a SQLite database in memory while it is filled, if it was opened to be fast and nobody uses it
// yet: no row is then written twice. The function it returns, to be called at the end, gives the write-ahead log back.
func (db *DB) quickly(ctx context.Context) (settle func() error, err error) {
	none := func() error { return nil }
	if db.postgres {
		return none, nil
	}
	var synchronous int
	var used bool
	if err := db.write.QueryRowContext(ctx, `PRAGMA synchronous`).Scan(&synchronous); err != nil {
		return none, fmt.Errorf("ask how durable the database is: %w", err)
	}
	if err := db.write.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM office)`).Scan(&used); err != nil {
		return none, fmt.Errorf("look for an office: %w", err)
	}
	if synchronous != 0 || used {
		return none, nil
	}
	var mode string
	if err := db.write.QueryRowContext(ctx, `PRAGMA journal_mode = MEMORY`).Scan(&mode); err != nil || mode != "memory" {
		return none, nil // somebody reads already: the log stays, which is slower and just as right
	}
	return func() error {
		if err := db.write.QueryRowContext(ctx, `PRAGMA journal_mode = WAL`).Scan(&mode); err != nil {
			return fmt.Errorf("give the write-ahead log back: %w", err)
		}
		return nil
	}, nil
}
