package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// RefreshPage derives anew who is covered; that their rows are news is said once for all by the import's shown_no. It brings a page
// of an import's people up to date after it was shown or taken back, and returns the last person of the page; empty when all are done. Each page is one short transaction, so the office works on.
func (db *DB) RefreshPage(ctx context.Context, i loa.Import, after loa.PersonID, take int) (loa.PersonID, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT id FROM person_row WHERE batch = $1 AND batch <> '' AND id > $2 ORDER BY id LIMIT $3`, i.ID, after, take)
	ids, err := collect(rows, err, func(r *sql.Rows) (id loa.PersonID, err error) { return id, r.Scan(&id) })
	if err != nil || len(ids) == 0 {
		return "", err
	}
	last := ids[len(ids)-1]
	err = db.bulk(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, i.Office, 1); err != nil {
			return err
		}
		paid, err := db.paidIn(ctx, tx, i.ID, after, last)
		if err != nil {
			return err
		}
		if err := db.reprojectMany(ctx, tx, paid); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE import_run SET rows_done = rows_done + $1 WHERE id = $2`, len(ids), i.ID)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("bring the figures up to date: %w", err)
	}
	return last, nil
}

// paidIn are those of a page of people whose standing an import can have touched: it brought a cover, or they have spells that
// would outlive a record taken back.
func (db *DB) paidIn(ctx context.Context, tx *sql.Tx, batch loa.ImportID, after, last loa.PersonID) ([]loa.PersonID, error) {
	rows, err := tx.QueryContext(ctx, `SELECT c.person_id FROM contribution_fact c WHERE c.batch = $1 AND c.person_id IN (SELECT id FROM person_row WHERE batch = $1 AND batch <> '' AND id > $2 AND id <= $3)
		UNION SELECT s.person_id FROM spell s WHERE s.person_id IN (SELECT id FROM person_row WHERE batch = $1 AND batch <> '' AND id > $2 AND id <= $3)
			AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = s.person_id)`, batch, after, last)
	return collect(rows, err, func(r *sql.Rows) (id loa.PersonID, err error) { return id, r.Scan(&id) })
}

// FinishImport ends an import whose figures are up to date: whoever reads news by change number reads its people once more.
func (db *DB) FinishImport(ctx context.Context, i loa.Import, state string) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, i.Office, 1)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE import_run SET state = $1, error = '', shown_no = $2 WHERE id = $3`, state, change, i.ID); err != nil {
			return fmt.Errorf("finish the import: %w", err)
		}
		return nil
	})
}
