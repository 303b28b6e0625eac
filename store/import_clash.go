package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// HandEdits are the fields of one row's person that officers changed after the list was compared and before it was shown, each
// with the value it was left with.
type HandEdits struct {
	Line   loa.ImportLine
	Values map[string]string
}

// EditedMeanwhile are the rows of an import that was shown whose people were edited by hand while it was under way.
func (db *DB) EditedMeanwhile(ctx context.Context, id loa.ImportID) ([]HandEdits, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT l.no, l.person_id, l.changes, v.field, v.new_value FROM import_run i JOIN import_line l ON l.import_id = i.id
		JOIN field_version v ON v.noun_id = l.person_id
		WHERE i.id = $1 AND l.outcome = 'changed' AND v.batch <> i.id AND v.change_no > i.read_no AND v.change_no < i.flipped_no
		ORDER BY l.no, v.change_no, v.id`, id)
	var out []HandEdits
	err = each(rows, err, func(r *sql.Rows) error {
		l := loa.ImportLine{Import: id, Outcome: "changed"}
		var changes, field, value string
		if err := r.Scan(&l.No, &l.Person, &changes, &field, &value); err != nil {
			return err
		}
		if len(out) == 0 || out[len(out)-1].Line.No != l.No {
			var wrong error
			if l.Changes, wrong = readChanges(changes); wrong != nil {
				return fmt.Errorf("read row %d of the import: %w", l.No, wrong)
			}
			out = append(out, HandEdits{l, map[string]string{}})
		}
		out[len(out)-1].Values[field] = value
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find who was edited while the import was under way: %w", err)
	}
	return out, nil
}

// ClashLines turns changed rows of an import into conflicts for the reason they carry, and counts them as such. Rows that are
// conflicts already are left alone.
func (db *DB) ClashLines(ctx context.Context, id loa.ImportID, lines []loa.ImportLine) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		var n int64
		for _, l := range lines {
			res, err := tx.ExecContext(ctx, `UPDATE import_line SET outcome = 'conflict', reason = $1 WHERE import_id = $2 AND no = $3 AND outcome = 'changed'`, l.Reason, id, l.No)
			if err != nil {
				return fmt.Errorf("mark a row as a conflict: %w", err)
			}
			one, err := res.RowsAffected()
			if err != nil {
				return err
			}
			n += one
		}
		if _, err := tx.ExecContext(ctx, `UPDATE import_run SET n_changed = n_changed - $1, n_conflict = n_conflict + $1 WHERE id = $2`, n, id); err != nil {
			return fmt.Errorf("count the conflicts: %w", err)
		}
		return nil
	})
}
