package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

const (
	learnTimes = 2     // a table that is so many times what it was is looked at again
	learnRows  = 1_000 // below which every plan is quick, on SQLite
	learnPages = 32    // the same on PostgreSQL
)

// Learn lets the engine look at how the rows are spread, so that it finds them the short way. PostgreSQL also notes which pages everybody
// may see, without which it looks every row of an index up in its table.
func (db *DB) Learn(ctx context.Context) error {
	if db.postgres {
		if err := db.settle(ctx, `VACUUM (ANALYZE)`); err != nil {
			return err
		}
	} else if err := db.settle(ctx, `PRAGMA analysis_limit = 2000`, `PRAGMA optimize = 0x10002`); err != nil {
		return err
	}
	sizes, err := db.sizes(ctx)
	if err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		for _, t := range sizes {
			if _, err := tx.ExecContext(ctx, `INSERT INTO learned (name, size) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET size = excluded.size`, t.name, t.size); err != nil {
				return fmt.Errorf("note what was learned: %w", err)
			}
		}
		return db.tellReaders(ctx, tx)
	})
}

// LearnGrown lets the engine look again at the tables that have grown much since it last did, and names them. Of many processes that
// ask at once, one does it.
func (db *DB) LearnGrown(ctx context.Context) (grown []string, err error) {
	sizes, err := db.sizes(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT name, size FROM learned`)
	list, err := collect(rows, err, func(r *sql.Rows) (t tableSize, err error) { return t, r.Scan(&t.name, &t.size) })
	if err != nil {
		return nil, fmt.Errorf("read what was learned: %w", err)
	}
	known := map[string]int64{}
	for _, t := range list {
		known[t.name] = t.size
	}
	least := int64(learnRows)
	if db.postgres {
		least = learnPages
	}
	for _, t := range sizes {
		if t.size < max(least, learnTimes*known[t.name]) {
			continue
		}
		did, err := db.learnTable(ctx, t, known[t.name])
		if err != nil {
			return grown, err
		}
		if did {
			grown = append(grown, t.name)
		}
	}
	return grown, nil
}

// learnTable looks at one table, unless another process has since its size was known: that one's note is waited for and seen.
func (db *DB) learnTable(ctx context.Context, t tableSize, known int64) (did bool, err error) {
	if !db.postgres {
		if err := db.settle(ctx, `PRAGMA analysis_limit = 2000`); err != nil {
			return false, err
		}
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		noted, err := tx.ExecContext(ctx, `INSERT INTO learned (name, size) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET size = excluded.size WHERE learned.size = $3`, t.name, t.size, known)
		if err != nil {
			return fmt.Errorf("note what was learned: %w", err)
		}
		if n, err := noted.RowsAffected(); err != nil || n == 0 {
			return err
		}
		did = true
		if _, err := tx.ExecContext(ctx, `ANALYZE "`+t.name+`"`); err != nil {
			return fmt.Errorf("look at how the rows of %s are spread: %w", t.name, err)
		}
		return db.tellReaders(ctx, tx)
	})
	return did && err == nil, err
}

// tellReaders lets SQLite's other connections see what was learned. They read it together with the tables' definitions, so one of
// those has to change; PostgreSQL tells everybody by itself.
func (db *DB) tellReaders(ctx context.Context, tx *sql.Tx) error {
	if db.postgres {
		return nil
	}
	for _, q := range []string{`CREATE TABLE learned_now (x)`, `DROP TABLE learned_now`} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("tell the readers: %w", err)
		}
	}
	return nil
}

// tableSize is how large a table is: the rows it ever had on SQLite, its pages on PostgreSQL. Both are known without counting.
type tableSize struct {
	name string
	size int64
}

func (db *DB) sizes(ctx context.Context) ([]tableSize, error) {
	scan := func(r *sql.Rows) (t tableSize, err error) { return t, r.Scan(&t.name, &t.size) }
	if db.postgres {
		rows, err := db.read.QueryContext(ctx, `SELECT relname, pg_relation_size(oid) / 8192 FROM pg_class
			WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND relname NOT LIKE 'river_%' AND relname NOT LIKE 'goose_%' ORDER BY relname`)
		list, err := collect(rows, err, scan)
		if err != nil {
			return nil, fmt.Errorf("ask how large the tables are: %w", err)
		}
		return list, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'river_%' AND name NOT LIKE 'goose_%' ORDER BY name`)
	names, err := collectIDs(rows, err)
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	var list []tableSize
	for part := range slices.Chunk(names, 100) { // an engine takes only so many SELECTs in one
		q := make([]string, len(part))
		for i, name := range part {
			q[i] = `SELECT '` + name + `', coalesce((SELECT max(rowid) FROM "` + name + `"), 0)`
		}
		rows, err := db.read.QueryContext(ctx, strings.Join(q, ` UNION ALL `))
		some, err := collect(rows, err, scan)
		if err != nil {
			return nil, fmt.Errorf("ask how large the tables are: %w", err)
		}
		list = append(list, some...)
	}
	return list, nil
}
