package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// Settle ends a filling: the engine learns how the rows are spread, and what was written is on the disk.
func (db *DB) Settle(ctx context.Context) error {
	if err := db.Learn(ctx); err != nil {
		return err
	}
	return db.Harden(ctx)
}

// Harden makes a database that was filled in a hurry as durable as any other. Who saves meanwhile does not wait for it.
func (db *DB) Harden(ctx context.Context) error {
	if db.postgres {
		return nil
	}
	if err := db.settle(ctx, `PRAGMA synchronous = FULL`); err != nil {
		return err
	}
	if db.settler != nil {
		db.settler.see("PASSIVE")
	}
	return nil
}

func (db *DB) settle(ctx context.Context, statements ...string) error {
	for _, q := range statements {
		if _, err := db.write.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("settle: %w", err)
		}
	}
	return nil
}

// Check asks the engine whether its files are sound.
func (db *DB) Check(ctx context.Context) error {
	if db.postgres {
		return db.Ping(ctx) // PostgreSQL checks its own pages as it reads them
	}
	rows, err := db.read.QueryContext(ctx, `PRAGMA integrity_check(5)`)
	found, err := collect(rows, err, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) })
	if err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	if len(found) != 1 || found[0] != "ok" {
		return fmt.Errorf("the database is damaged: %v", found)
	}
	return nil
}

// CheckStanding derives every person's spells anew and counts the rows of spell and flow that do not agree with the facts.
func (db *DB) CheckStanding(ctx context.Context, office loa.OfficeID) (wrong int64, err error) {
	flows := map[loa.Flow]int64{}
	after := loa.PersonID("")
	for {
		people, err := db.peopleWithFacts(ctx, office, after, 2000)
		if err != nil {
			return 0, err
		}
		if len(people) == 0 {
			break
		}
		err = db.snapshot(ctx, func(tx *sql.Tx) error {
			for _, id := range people {
				_, now, err := db.deriveSpells(ctx, tx, id)
				if err != nil {
					return err
				}
				kept, err := spellsOf(ctx, tx, id)
				if err != nil {
					return err
				}
				if !sameSpells(kept, now) {
					wrong++
				}
				addFlows(flows, now, 1)
			}
			return nil
		})
		if err != nil {
			return 0, fmt.Errorf("derive the standing: %w", err)
		}
		after = people[len(people)-1]
	}
	rows, err := db.read.QueryContext(ctx, `SELECT area_id, scheme, on_day, kind, n FROM flow WHERE office_id = $1`, office)
	if err != nil {
		return 0, fmt.Errorf("read the flow: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var f loa.Flow
		var n int64
		if err := rows.Scan(&f.Area, &f.Scheme, &f.On, &f.Kind, &n); err != nil {
			return 0, err
		}
		flows[f] -= n
	}
	for _, n := range flows {
		if n != 0 {
			wrong++
		}
	}
	return wrong, rows.Err()
}

// peopleWithFacts pages over everybody who has a contribution or a spell.
func (db *DB) peopleWithFacts(ctx context.Context, office loa.OfficeID, after loa.PersonID, n int) ([]loa.PersonID, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT person_id FROM (
			SELECT person_id FROM contribution_fact WHERE office_id = $1 AND person_id > $2
			UNION SELECT person_id FROM spell WHERE office_id = $1 AND person_id > $2) p
		ORDER BY person_id LIMIT $3`, office, after, n)
	list, err := collect(rows, err, func(r *sql.Rows) (id loa.PersonID, err error) { return id, r.Scan(&id) })
	if err != nil {
		return nil, fmt.Errorf("page over people with facts: %w", err)
	}
	return list, nil
}
