package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// OptOut notes that whoever answers an address wants nothing more from the office, however they said it. It acts at once, and only a new
// agreement of a person ends it.
func (db *DB) OptOut(ctx context.Context, office loa.OfficeID, by loa.By, network, to, how string) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, office, 1)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO address (office_id, network, address, opted_out_at, opted_out_how, change_no) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (office_id, network, address) DO UPDATE SET opted_out_at = CASE WHEN address.opted_out_at = 0 THEN excluded.opted_out_at ELSE address.opted_out_at END, opted_out_how = excluded.opted_out_how, change_no = excluded.change_no`,
			office, network, to, millis(by.At), how, change)
		if err != nil {
			return fmt.Errorf("note the refusal: %w", err)
		}
		return addAudit(ctx, tx, office, by, "opted_out", "address", network, how) // the log holds no numbers of people
	})
}
