package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// CloseMonth freezes a month as it was reported and signed. A month is signed once; what is corrected later shows beside it.
// Only who answers for the whole office may sign for it.
func (db *DB) CloseMonth(ctx context.Context, in loa.Scope, by loa.By, c loa.MonthClose) error {
	if _, err := loa.ParseMonth(string(c.Month)); err != nil {
		return err
	}
	settings, err := db.Settings(ctx, in.Office)
	if err != nil {
		return err
	}
	if c.Month.CutOff(settings.CutOffDay) > by.Day() {
		return loa.Refuse(loa.Conflict, "month", "month_not_over")
	}
	if err := db.mustBeWhole(ctx, in); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM month_close WHERE office_id = $1 AND month = $2`, in.Office, c.Month).Scan(&n); err != nil {
			return fmt.Errorf("look for a closed month: %w", err)
		}
		if n > 0 {
			return loa.Refuse(loa.Conflict, "month", "month_closed")
		}
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO month_close (id, office_id, month, signed_by, signed_at, report, sha256) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			loa.NewID(), in.Office, c.Month, by.Officer, millis(by.At), c.Report, c.SHA256)
		if err != nil {
			return fmt.Errorf("close the month: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "signed", "month", string(c.Month), c.SHA256)
	})
}

// MonthClose is a month as it was signed, for those who see the whole office; ErrNotFound while it is open.
func (db *DB) MonthClose(ctx context.Context, in loa.Scope, m loa.Month) (c loa.MonthClose, err error) {
	if err := db.mustBeWhole(ctx, in); err != nil {
		return c, err
	}
	var at int64
	err = db.read.QueryRowContext(ctx, `SELECT id, office_id, month, signed_by, signed_at, report, sha256 FROM month_close WHERE office_id = $1 AND month = $2`, in.Office, m).
		Scan(&c.ID, &c.Office, &c.Month, &c.SignedBy, &at, &c.Report, &c.SHA256)
	c.SignedAt = instant(at)
	return c, notFound(err)
}

// MonthCloses say which months are signed, newest first, without what was signed.
func (db *DB) MonthCloses(ctx context.Context, in loa.Scope) ([]loa.MonthClose, error) {
	if in.Empty() {
		return nil, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT id, office_id, month, signed_by, signed_at, sha256 FROM month_close WHERE office_id = $1 ORDER BY month DESC LIMIT 240`, in.Office)
	return collect(rows, err, func(r *sql.Rows) (c loa.MonthClose, err error) {
		var at int64
		err = r.Scan(&c.ID, &c.Office, &c.Month, &c.SignedBy, &at, &c.SHA256)
		c.SignedAt = instant(at)
		return c, err
	})
}

func (db *DB) mustBeWhole(ctx context.Context, in loa.Scope) error {
	tree, err := db.Tree(ctx, in.Office)
	if err != nil {
		return err
	}
	if !loa.WholeOffice(in, tree) {
		return loa.ErrNotFound
	}
	return nil
}
