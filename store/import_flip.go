package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"loa"
)

// ShowImport makes everything an import staged visible, by one short transaction.
func (db *DB) ShowImport(ctx context.Context, by loa.By, i loa.Import) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, i.Office, 1)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM hidden_batch WHERE id = $1`, i.ID); err != nil {
			return fmt.Errorf("show the import: %w", err)
		}
		res, err := tx.ExecContext(ctx, `UPDATE import_run SET state = $1, applied_at = $2, rows_done = 0, shown_no = $3, flipped_no = $3 WHERE id = $4 AND state = $5`, loa.ImportRefreshing, millis(by.At), change, i.ID, loa.ImportApplying)
		if err != nil {
			return fmt.Errorf("show the import: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrElsewhere)
		}
		return addAudit(ctx, tx, i.Office, by, "shown", "import", string(i.ID), fmt.Sprintf("new=%d changed=%d", i.New, i.Changed))
	})
}

// UndoImport takes a whole import back, by one short transaction. Imports that were built upon are undone newest first. People
// the import brought who were worked with since stay, with their households, and are counted in the import.
func (db *DB) UndoImport(ctx context.Context, in loa.Scope, by loa.By, id loa.ImportID) error {
	if err := db.tx(ctx, func(tx *sql.Tx) error { _, err := undoable(ctx, tx, in, by, id); return err }); err != nil {
		return err
	}
	since, err := db.keepTouched(ctx, in.Office, id)
	if err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		i, err := undoable(ctx, tx, in, by, id)
		if err != nil {
			return err
		}
		change, err := nextChange(ctx, tx, i.Office, 1)
		if err != nil {
			return err
		}
		if err := db.keepNewer(ctx, tx, id, since); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO hidden_batch (id, since) VALUES ($1, $2)`, id, millis(by.At)); err != nil {
			return fmt.Errorf("take the import back: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE import_run SET state = $1, undone_at = $2, rows_done = 0, shown_no = $3, flipped_no = $3 WHERE id = $4`, loa.ImportUndoing, millis(by.At), change, id); err != nil {
			return fmt.Errorf("take the import back: %w", err)
		}
		if err := addAudit(ctx, tx, i.Office, by, "undone", "import", string(id), ""); err != nil {
			return err
		}
		return db.ask(ctx, tx, Job{Kind: "import_refresh", ID: string(id)})
	})
}

// undoable is an import that may be taken back now.
func undoable(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, id loa.ImportID) (loa.Import, error) {
	if err := importInState(ctx, tx, in, id, loa.ImportApplied); err != nil {
		return loa.Import{}, err
	}
	i, err := scanImport(tx.QueryRowContext(ctx, `SELECT `+importColumns+` FROM import_run i WHERE i.id = $1`, id))
	if err != nil {
		return i, err
	}
	if !i.CanUndo(by.At) {
		return i, loa.Refuse(loa.Conflict, "", "import_too_old", loa.UndoDays)
	}
	if err := nobodyElseApplies(ctx, tx, i.Office, id); err != nil {
		return i, err
	}
	var later int
	err = tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM person_row WHERE batch = $1 AND batch <> '' AND gone <> '' AND gone NOT IN (SELECT id FROM hidden_batch))
		+ (SELECT count(*) FROM household_row WHERE batch = $1 AND batch <> '' AND gone <> '' AND gone <> 'undone' AND gone NOT IN (SELECT id FROM hidden_batch))`, id).Scan(&later)
	if err != nil {
		return i, fmt.Errorf("ask what was built on the import: %w", err)
	}
	if later > 0 {
		return i, loa.Refuse(loa.Conflict, "", "import_built_upon", later)
	}
	return i, nil
}

// nobodyElseApplies refuses while another list of people is being applied or taken back: each copies the rows it changes.
func nobodyElseApplies(ctx context.Context, tx *sql.Tx, office loa.OfficeID, but loa.ImportID) error {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM import_run WHERE office_id = $1 AND id <> $2 AND kind = 'people' AND state IN ($3, $4, $5)`,
		office, but, loa.ImportApplying, loa.ImportRefreshing, loa.ImportUndoing).Scan(&n)
	if err != nil {
		return fmt.Errorf("look for another import: %w", err)
	}
	if n > 0 {
		return loa.Refuse(loa.Conflict, "", "import_busy")
	}
	return nil
}

// ForgetUndone deletes for good what imports undone, discarded or never shown left behind once nothing can bring it back.
func (db *DB) ForgetUndone(ctx context.Context, before loa.By) error {
	rows, err := db.read.QueryContext(ctx, `SELECT h.id FROM hidden_batch h JOIN import_run i ON i.id = h.id WHERE i.state IN ($1, $2) AND h.since < $3`,
		loa.ImportUndone, loa.ImportDiscarded, before.At.AddDate(0, 0, -loa.UndoDays).UnixMilli())
	batches, err := collect(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
	if err != nil {
		return fmt.Errorf("find undone imports: %w", err)
	}
	for _, b := range batches {
		for _, q := range []string{
			`UPDATE person_row SET gone = '' WHERE gone = $1 AND id IN (SELECT id FROM person_row WHERE gone = $1 AND gone <> '' LIMIT 2000)`,
			`UPDATE household_row SET gone = '' WHERE gone = $1 AND id IN (SELECT id FROM household_row WHERE gone = $1 AND gone <> '' LIMIT 2000)`,
			`DELETE FROM person_row WHERE batch = $1 AND id IN (SELECT id FROM person_row WHERE batch = $1 AND batch <> '' LIMIT 2000)`,
			`DELETE FROM household_row WHERE batch = $1 AND id IN (SELECT id FROM household_row WHERE batch = $1 AND batch <> '' LIMIT 2000)`,
			`DELETE FROM contribution_fact WHERE batch = $1 AND id IN (SELECT id FROM contribution_fact WHERE batch = $1 AND batch <> '' LIMIT 2000)`,
			`DELETE FROM consent_fact WHERE batch = $1 AND id IN (SELECT id FROM consent_fact WHERE batch = $1 AND batch <> '' LIMIT 2000)`,
			`DELETE FROM field_version WHERE batch = $1 AND id IN (SELECT id FROM field_version WHERE batch = $1 AND batch <> '' LIMIT 2000)`,
		} {
			if err := db.untilDone(ctx, q, b); err != nil {
				return err
			}
		}
		if err := db.tx(ctx, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `DELETE FROM hidden_batch WHERE id = $1`, b)
			return err
		}); err != nil {
			return fmt.Errorf("forget an undone import: %w", err)
		}
	}
	return nil
}

// untilDone repeats a bounded statement, one short transaction each, until it finds nothing more.
func (db *DB) untilDone(ctx context.Context, q string, arg any) error {
	for {
		var n int64
		err := db.tx(ctx, func(tx *sql.Tx) error {
			res, err := tx.ExecContext(ctx, q, arg)
			if err != nil {
				return fmt.Errorf("clear away: %w", err)
			}
			n, err = res.RowsAffected()
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}
