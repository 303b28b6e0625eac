package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// AddReadySegments gives every office the ready segments it does not have yet: those that came with a newer program. One that
// the office took out of use or changed is left as it is.
func (db *DB) AddReadySegments(ctx context.Context, by loa.By) error {
	rows, err := db.read.QueryContext(ctx, `SELECT id FROM office ORDER BY id`)
	offices, err := collectIDs(rows, err)
	if err != nil {
		return fmt.Errorf("list the offices: %w", err)
	}
	for _, office := range offices {
		if err := db.tx(ctx, func(tx *sql.Tx) error { return addReadySegments(ctx, tx, loa.OfficeID(office), by) }); err != nil {
			return err
		}
	}
	return nil
}

func addReadySegments(ctx context.Context, tx *sql.Tx, office loa.OfficeID, by loa.By) error {
	if _, err := nextChange(ctx, tx, office, 0); err != nil { // two processes that start at once add each segment once
		return err
	}
	rows, err := tx.QueryContext(ctx, `SELECT code FROM segment WHERE office_id = $1 AND code <> ''`, office)
	codes, err := collectIDs(rows, err)
	if err != nil {
		return fmt.Errorf("list the ready segments: %w", err)
	}
	added := 0
	for _, s := range loa.ReadySegments() {
		if loa.OneOf(s.Code, codes) {
			continue
		}
		change, err := nextChange(ctx, tx, office, 1)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO segment (id, office_id, code, name, folded, rule, ready, sort, retired_at, changed_at, changed_by, change_no)
			VALUES ($1, $2, $3, '', '', $4, $5, $6, 0, $7, $8, $9)`, loa.NewID(), office, s.Code, s.Rule.JSON(), true, s.Sort, millis(by.At), by.Officer, change)
		if err != nil {
			return fmt.Errorf("add the ready segment %s: %w", s.Code, err)
		}
		added++
	}
	if added == 0 {
		return nil
	}
	return addAudit(ctx, tx, office, by, "created", "segment", "", fmt.Sprintf("ready n=%d", added))
}
