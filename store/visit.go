package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

const visitColumns = factColumns + `, happened_at, session_id, household_id, person_id, form, outcome, note, next_on`

// AddVisit records a knock on a door or a talk with one person, or the correction of that. The person's or household's village
// is where it happened.
func (db *DB) AddVisit(ctx context.Context, in loa.Scope, by loa.By, v loa.Visit) error {
	return db.tx(ctx, func(tx *sql.Tx) error { return addVisit(ctx, tx, in, by, v) })
}

func addVisit(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, v loa.Visit) error {
	if err := v.Check(); err != nil {
		return err
	}
	if err := placeVisit(ctx, tx, in, &v); err != nil {
		return err
	}
	if v.Session != "" {
		if _, err := sessionByID(ctx, tx, in, v.Session); err != nil {
			return err
		}
	}
	v.RecordedAt, v.RecordedBy = by.At, by.Officer
	err := addPersonFact(ctx, tx, by, "visit", visitColumns, v.Fact, v.Person, func(change int64) []any {
		return append(factArgs(v.Fact, change), millis(v.HappenedAt), v.Session, v.Household, v.Person, v.Form, v.Outcome, v.Note, v.NextOn)
	})
	if err != nil {
		return err
	}
	return touchHomes(ctx, tx, v)
}

// touchHomes marks everybody of the households a visit, or what it corrects, knocked at: all of them count as met.
func touchHomes(ctx context.Context, tx *sql.Tx, v loa.Visit) error {
	_, err := tx.ExecContext(ctx, `UPDATE person_row SET change_no = (SELECT o.change_no FROM office o WHERE o.id = $1)
		WHERE office_id = $1 AND household_id <> '' AND household_id IN ($2, (SELECT f.household_id FROM visit_fact f WHERE f.id = $3))`, v.Office, v.Household, v.Corrects)
	if err != nil {
		return fmt.Errorf("mark the household of a visit: %w", err)
	}
	return nil
}

// placeVisit finds the office, village and household of a visit, inside the scope.
func placeVisit(ctx context.Context, tx *sql.Tx, in loa.Scope, v *loa.Visit) error {
	if v.Person != "" {
		p, err := personForFact(ctx, tx, in, v.Person)
		if err != nil {
			return err
		}
		v.Office, v.Area = p.Office, p.Area
		if v.Household == "" {
			if err := tx.QueryRowContext(ctx, `SELECT household_id FROM person WHERE id = $1`, v.Person).Scan(&v.Household); err != nil {
				return fmt.Errorf("find the household of a visit: %w", err)
			}
		}
		return nil
	}
	err := tx.QueryRowContext(ctx, `SELECT office_id, area_id FROM household WHERE id = $1`, v.Household).Scan(&v.Office, &v.Area)
	if err != nil {
		return notFound(err)
	}
	return areaInScope(ctx, tx, in, v.Area)
}

// SessionVisits are the outcomes recorded at a session, oldest first.
func (db *DB) SessionVisits(ctx context.Context, in loa.Scope, id loa.SessionID) ([]loa.Visit, error) {
	if _, err := sessionByID(ctx, db.read, in, id); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+visitColumns+` FROM visit WHERE session_id <> '' AND session_id = $1 ORDER BY change_no, id`, id)
	out, err := collect(rows, err, func(r *sql.Rows) (v loa.Visit, err error) {
		var recorded, change, happened int64
		err = r.Scan(append(scanFact(&v.Fact, &recorded, &change), &happened, &v.Session, &v.Household, &v.Person, &v.Form, &v.Outcome, &v.Note, &v.NextOn)...)
		v.RecordedAt, v.HappenedAt = instant(recorded), instant(happened)
		return v, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the visits of a session: %w", err)
	}
	return out, nil
}

// SessionLeads are the people interested at a session, oldest first.
func (db *DB) SessionLeads(ctx context.Context, in loa.Scope, id loa.SessionID) ([]loa.Lead, error) {
	if _, err := sessionByID(ctx, db.read, in, id); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+leadColumns+` FROM lead WHERE session_id <> '' AND session_id = $1 ORDER BY change_no, id`, id)
	out, err := collect(rows, err, func(r *sql.Rows) (loa.Lead, error) { return scanLead(r) })
	if err != nil {
		return nil, fmt.Errorf("read the leads of a session: %w", err)
	}
	return out, nil
}
