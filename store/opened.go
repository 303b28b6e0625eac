package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"time"

	"loa"
)

// opening is a record's page that an officer opened, waiting to be written down.
type opening struct {
	office loa.OfficeID
	by     loa.By
	noun   string
	id     string
	done   chan error
}

// openings are written down many at a time: every page of a person waits until its opening is on the disk, and the disk takes as
// long for ten as for one.
type openings struct {
	mu      sync.Mutex
	waiting []opening
	writing bool
}

// openedAtMost is how many openings one transaction takes; others who write wait for it.
const openedAtMost = 50

// openedWithin is how long the writing of openings may take; who asked for the page may be gone by then.
const openedWithin = 10 * time.Second

// Opened records that an officer opened a record's page, once per officer, record and day. It returns when that is on the disk.
func (db *DB) Opened(ctx context.Context, office loa.OfficeID, by loa.By, noun, nounID string) error {
	var seen bool
	err := db.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM page_opened WHERE officer_id = $1 AND noun_id = $2 AND on_day = $3)`,
		by.Officer, nounID, by.Day()).Scan(&seen)
	if err != nil {
		return fmt.Errorf("look who opened a page: %w", err)
	}
	if seen {
		return nil
	}
	o := opening{office, by, noun, nounID, make(chan error, 1)}
	db.opened.mu.Lock()
	db.opened.waiting = append(db.opened.waiting, o)
	if !db.opened.writing {
		db.opened.writing = true
		go db.writeOpenings()
	}
	db.opened.mu.Unlock()
	select {
	case err := <-o.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// writeOpenings writes until nobody waits.
func (db *DB) writeOpenings() {
	for {
		db.opened.mu.Lock()
		n := min(len(db.opened.waiting), openedAtMost)
		list := slices.Clone(db.opened.waiting[:n])
		db.opened.waiting = slices.Delete(db.opened.waiting, 0, n)
		db.opened.writing = n > 0
		db.opened.mu.Unlock()
		if n == 0 {
			return
		}
		if n > 1 && db.writeOpened(list) == nil {
			for _, o := range list {
				o.done <- nil
			}
			continue
		}
		for _, o := range list { // what is wrong with one is not wrong with the others
			o.done <- db.writeOpened([]opening{o})
		}
	}
}

func (db *DB) writeOpened(list []opening) error {
	ctx, cancel := context.WithTimeout(context.Background(), openedWithin)
	defer cancel()
	slices.SortStableFunc(list, func(a, b opening) int { return cmp.Compare(a.office, b.office) }) // chains are locked in one order
	return db.tx(ctx, func(tx *sql.Tx) error {
		for _, o := range list {
			res, err := tx.ExecContext(ctx, `INSERT INTO page_opened (officer_id, noun_id, on_day) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, o.by.Officer, o.id, o.by.Day())
			if err != nil {
				return fmt.Errorf("record who opened a page: %w", err)
			}
			n, err := res.RowsAffected()
			if err != nil {
				return fmt.Errorf("record who opened a page: %w", err)
			}
			if n == 0 {
				continue
			}
			if err := addAudit(ctx, tx, o.office, o.by, "opened", o.noun, o.id, ""); err != nil {
				return err
			}
		}
		return nil
	})
}
