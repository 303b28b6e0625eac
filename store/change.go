package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

// nextChange takes n change numbers of an office and returns the first. It locks the office's row, so the order of
// commits is the order of numbers and a phone never misses a row that committed late.
func nextChange(ctx context.Context, tx *sql.Tx, office loa.OfficeID, n int) (int64, error) {
	var last int64
	err := tx.QueryRowContext(ctx, `UPDATE office SET change_no = change_no + $1 WHERE id = $2 RETURNING change_no`, n, office).Scan(&last)
	if err != nil {
		return 0, fmt.Errorf("take a change number: %w", notFound(err))
	}
	return last - int64(n) + 1, nil
}

// addAudit appends to the office's chain inside the transaction of the change it records.
func addAudit(ctx context.Context, tx *sql.Tx, office loa.OfficeID, by loa.By, act, noun, nounID, detail string) error {
	if _, err := nextChange(ctx, tx, office, 0); err != nil { // the row lock makes the chain one line
		return err
	}
	var no int64
	var prev string
	err := tx.QueryRowContext(ctx, `SELECT no, hash FROM audit WHERE office_id = $1 ORDER BY no DESC LIMIT 1`, office).Scan(&no, &prev)
	if err != nil && err != sql.ErrNoRows {
		return fmt.Errorf("read the audit chain: %w", err)
	}
	a := loa.Audit{Office: office, No: no + 1, At: by.At, Officer: by.Officer, Act: act, Noun: noun, NounID: nounID, Detail: detail}
	a.Seal(prev)
	_, err = tx.ExecContext(ctx, `INSERT INTO audit (office_id, no, at, officer_id, act, noun, noun_id, detail, prev_hash, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		a.Office, a.No, a.At.UnixMilli(), a.Officer, a.Act, a.Noun, a.NounID, a.Detail, a.Prev, a.Hash)
	if err != nil {
		return fmt.Errorf("append to the audit chain: %w", err)
	}
	return nil
}

// addVersion records one change of one field.
func addVersion(ctx context.Context, tx *sql.Tx, office loa.OfficeID, by loa.By, change int64, noun, id, field, old, new string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO field_version (id, office_id, noun, noun_id, field, old_value, new_value, happened_at, recorded_at, recorded_by, change_no)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10)`,
		loa.NewID(), office, noun, id, field, old, new, by.At.UnixMilli(), by.Officer, change)
	if err != nil {
		return fmt.Errorf("record a change of %s: %w", field, err)
	}
	return nil
}

// Audit writes one entry about something that changed no row: a page opened, a list printed, a file exported.
func (db *DB) Audit(ctx context.Context, office loa.OfficeID, by loa.By, act, noun, nounID, detail string) error {
	return db.tx(ctx, func(tx *sql.Tx) error { return addAudit(ctx, tx, office, by, act, noun, nounID, detail) })
}

// Versions are the changes of one record's fields, newest first.
func (db *DB) Versions(ctx context.Context, nounID string) ([]loa.FieldVersion, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT id, noun, noun_id, field, old_value, new_value, happened_at, recorded_at, recorded_by FROM field_version
		WHERE noun_id = $1 AND batch NOT IN (SELECT id FROM hidden_batch) ORDER BY recorded_at DESC, id DESC LIMIT 200`, nounID)
	return collect(rows, err, func(r *sql.Rows) (v loa.FieldVersion, err error) {
		var happened, recorded int64
		err = r.Scan(&v.ID, &v.Noun, &v.NounID, &v.Field, &v.Old, &v.New, &happened, &recorded, &v.RecordedBy)
		v.HappenedAt, v.RecordedAt = instant(happened), instant(recorded)
		return v, err
	})
}

// instant and millis carry instants in and out of the database; the zero time is 0.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).In(loa.Zone)
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
