package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
	"loa/vn"
)

// SaveOfficeHead changes how the office names itself on documents.
func (db *DB) SaveOfficeHead(ctx context.Context, in loa.Scope, by loa.By, o loa.Office) error {
	if vn.Fold(o.Name) == "" {
		return loa.Refuse(loa.Invalid, "name", "required")
	}
	if vn.Fold(o.ShortName) == "" {
		return loa.Refuse(loa.Invalid, "short_name", "required")
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := wholeOffice(ctx, tx, in); err != nil {
			return err
		}
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE office SET name = $1, short_name = $2, superior = $3, place = $4, symbol = $5 WHERE id = $6`,
			o.Name, o.ShortName, o.Superior, o.Place, o.Symbol, in.Office)
		if err != nil {
			return fmt.Errorf("save the office's head: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "changed", "office", string(in.Office), "head")
	})
}
