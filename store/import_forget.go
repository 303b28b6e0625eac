package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// ForgetFiles deletes the files of imports and their previewed rows once nothing can be undone with them: they hold people's data
// a second time. What was counted stays. A preview that nobody applied in that time is thrown away.
func (db *DB) ForgetFiles(ctx context.Context, by loa.By) error {
	rows, err := db.read.QueryContext(ctx, `SELECT i.id FROM import_run i WHERE i.state IN ($1, $2, $3, $4, $5) AND i.made_at <= $6 AND i.applied_at <= $6 AND i.undone_at <= $6
		AND (EXISTS (SELECT 1 FROM import_file f WHERE f.import_id = i.id) OR EXISTS (SELECT 1 FROM import_line l WHERE l.import_id = i.id))`,
		loa.ImportPreviewed, loa.ImportApplied, loa.ImportUndone, loa.ImportDiscarded, loa.ImportFailed, by.At.AddDate(0, 0, -loa.UndoDays).UnixMilli())
	old, err := collectIDs(rows, err)
	if err != nil {
		return fmt.Errorf("find old imports: %w", err)
	}
	for _, id := range old {
		err := db.tx(ctx, func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, `UPDATE import_run SET state = $1 WHERE id = $2 AND state = $3`, loa.ImportDiscarded, id, loa.ImportPreviewed); err != nil {
				return fmt.Errorf("throw an old preview away: %w", err)
			}
			if _, err := tx.ExecContext(ctx, `DELETE FROM import_file WHERE import_id = $1`, id); err != nil {
				return fmt.Errorf("forget an imported file: %w", err)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := db.untilDone(ctx, `DELETE FROM import_line WHERE import_id = $1 AND no IN (SELECT no FROM import_line WHERE import_id = $1 ORDER BY no LIMIT 2000)`, id); err != nil {
			return err
		}
	}
	return nil
}
