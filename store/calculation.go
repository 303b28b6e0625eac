package store

import (
	"context"
	"database/sql"

	"loa"
)

const calculationColumns = factColumns + `, happened_at, session_id, household_id, person_id, scheme, asked, pay, monthly, from_month`

func scanCalculation(r interface{ Scan(...any) error }, more ...any) (c loa.Calculation, err error) {
	var recorded, change, happened int64
	into := append(scanFact(&c.Fact, &recorded, &change), &happened, &c.Session, &c.Household, &c.Person, &c.Scheme, &c.Asked, &c.Pay, &c.Monthly, &c.From)
	err = r.Scan(append(into, more...)...)
	c.RecordedAt, c.HappenedAt = instant(recorded), instant(happened)
	return c, err
}

// AddCalculation records what was worked out for a person, or takes that back. The person's village and household are its own.
func (db *DB) AddCalculation(ctx context.Context, in loa.Scope, by loa.By, c loa.Calculation) error {
	if err := c.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		p, err := personForFact(ctx, tx, in, c.Person)
		if err != nil {
			return err
		}
		c.Office, c.Area = p.Office, p.Area
		if err := tx.QueryRowContext(ctx, `SELECT household_id FROM person WHERE id = $1`, c.Person).Scan(&c.Household); err != nil {
			return notFound(err)
		}
		if c.Session != "" {
			if _, err := sessionByID(ctx, tx, in, c.Session); err != nil {
				return err
			}
		}
		c.RecordedAt, c.RecordedBy = by.At, by.Officer
		return addPersonFact(ctx, tx, by, "calculation", calculationColumns, c.Fact, c.Person, func(change int64) []any {
			return append(factArgs(c.Fact, change), millis(c.HappenedAt), c.Session, c.Household, c.Person, c.Scheme, c.Asked, c.Pay, c.Monthly, c.From)
		})
	})
}

// Calculation is one that still holds, inside the scope.
func (db *DB) Calculation(ctx context.Context, in loa.Scope, id loa.FactID) (loa.Calculation, error) {
	var path string
	c, err := scanCalculation(db.read.QueryRowContext(ctx, `SELECT `+prefixed("c", calculationColumns)+`, a.path FROM calculation c JOIN area a ON a.id = c.area_id WHERE c.id = $1`, id), &path)
	if err != nil {
		return c, notFound(err)
	}
	if !in.Holds(path) {
		return loa.Calculation{}, loa.ErrNotFound
	}
	return c, nil
}
