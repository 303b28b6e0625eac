package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"loa"
)

const importColumns = `i.id, i.office_id, i.area_id, i.kind, i.file_name, i.sha256, i.state, i.mapping, i.error, i.rows_total, i.rows_done, i.n_new, i.n_changed, i.n_same,
	i.n_conflict, i.n_error, i.made_at, i.made_by, i.applied_at, i.undone_at, i.n_kept`

func scanImport(r interface{ Scan(...any) error }) (i loa.Import, err error) {
	var made, applied, undone int64
	err = r.Scan(&i.ID, &i.Office, &i.Area, &i.Kind, &i.FileName, &i.SHA256, &i.State, &i.Mapping, &i.Error, &i.Total, &i.Done, &i.New, &i.Changed, &i.Same,
		&i.Conflict, &i.Errors, &made, &i.MadeBy, &applied, &undone, &i.Kept)
	i.MadeAt, i.AppliedAt, i.UndoneAt = instant(made), instant(applied), instant(undone)
	return i, err
}

// StartImport keeps a file, sealed by the caller, and asks for its preview in the same transaction.
func (db *DB) StartImport(ctx context.Context, in loa.Scope, by loa.By, i loa.Import, file []byte) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := areaInScope(ctx, tx, in, i.Area); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO import_run (id, office_id, area_id, kind, file_name, sha256, state, mapping, made_at, made_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, i.ID, in.Office, i.Area, i.Kind, i.FileName, i.SHA256, loa.ImportReading, i.Mapping, millis(by.At), by.Officer)
		if err != nil {
			return fmt.Errorf("keep the import: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO import_file (import_id, bytes) VALUES ($1, $2)`, i.ID, file); err != nil {
			return fmt.Errorf("keep the imported file: %w", err)
		}
		if err := addAudit(ctx, tx, in.Office, by, "imported", "import", string(i.ID), i.Kind); err != nil {
			return err
		}
		return db.ask(ctx, tx, Job{Kind: "import_preview", ID: string(i.ID)})
	})
}

// ask enqueues a job when a queue is running; a command line does the work itself.
func (db *DB) ask(ctx context.Context, tx *sql.Tx, job Job) error {
	if db.enqueue == nil {
		return nil
	}
	if err := db.enqueue(ctx, tx, job); err != nil {
		return fmt.Errorf("enqueue %s: %w", job.Kind, err)
	}
	return nil
}

// Import is one import of the scope.
func (db *DB) Import(ctx context.Context, in loa.Scope, id loa.ImportID) (loa.Import, error) {
	var path string
	row := db.read.QueryRowContext(ctx, `SELECT `+importColumns+`, a.path FROM import_run i JOIN area a ON a.id = i.area_id WHERE i.id = $1`, id)
	i, err := scanImport(tail{row, &path})
	if err != nil {
		return i, notFound(err)
	}
	if !in.Holds(path) {
		return loa.Import{}, loa.ErrNotFound
	}
	return i, nil
}

// tail lets a scan function read one more column at the end.
type tail struct {
	row  interface{ Scan(...any) error }
	last any
}

// Scan reads the columns and the one behind them.
func (t tail) Scan(into ...any) error { return t.row.Scan(append(into, t.last)...) }

// ImportByID is an import for the job that works on it, whoever asked for it.
func (db *DB) ImportByID(ctx context.Context, id loa.ImportID) (loa.Import, error) {
	i, err := scanImport(db.read.QueryRowContext(ctx, `SELECT `+importColumns+` FROM import_run i WHERE i.id = $1`, id))
	return i, notFound(err)
}

// Imports are the newest imports of the scope.
func (db *DB) Imports(ctx context.Context, in loa.Scope, skip, take int) ([]loa.Import, error) {
	where, args := inScope(in, "a.path", 4)
	rows, err := db.read.QueryContext(ctx, `SELECT `+importColumns+` FROM import_run i JOIN area a ON a.id = i.area_id WHERE i.office_id = $1 AND `+where+`
		ORDER BY i.made_at DESC, i.id LIMIT $2 OFFSET $3`, append([]any{in.Office, take, skip}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Import, error) { return scanImport(r) })
	if err != nil {
		return nil, fmt.Errorf("read the imports: %w", err)
	}
	return list, nil
}

// ImportFile is the file as it was sealed.
func (db *DB) ImportFile(ctx context.Context, id loa.ImportID) (b []byte, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT bytes FROM import_file WHERE import_id = $1`, id).Scan(&b)
	return b, notFound(err)
}

// Remap asks for the preview again with other meanings of the columns; only an import that was not applied can be remapped.
func (db *DB) Remap(ctx context.Context, in loa.Scope, by loa.By, id loa.ImportID, mapping string) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := importInState(ctx, tx, in, id, loa.ImportPreviewed, loa.ImportFailed); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE import_run SET mapping = $1, state = $2, error = '', rows_done = 0 WHERE id = $3`, mapping, loa.ImportReading, id); err != nil {
			return fmt.Errorf("remap the import: %w", err)
		}
		return db.ask(ctx, tx, Job{Kind: "import_preview", ID: string(id)})
	})
}

// importInState refuses an import outside the scope or in another state.
func importInState(ctx context.Context, tx *sql.Tx, in loa.Scope, id loa.ImportID, states ...string) error {
	var state, path string
	err := tx.QueryRowContext(ctx, `SELECT i.state, a.path FROM import_run i JOIN area a ON a.id = i.area_id WHERE i.id = $1`, id).Scan(&state, &path)
	if err != nil {
		return notFound(err)
	}
	if !in.Holds(path) {
		return loa.ErrNotFound
	}
	if !loa.OneOf(state, states) {
		return loa.Refuse(loa.Conflict, "", "import_state")
	}
	return nil
}

// BeginLines empties what an earlier preview of the import left, a short transaction at a time.
func (db *DB) BeginLines(ctx context.Context, id loa.ImportID, mapping string) error {
	for {
		var n int64
		err := db.tx(ctx, func(tx *sql.Tx) error {
			res, err := tx.ExecContext(ctx, `DELETE FROM import_line WHERE import_id = $1 AND no IN (SELECT no FROM import_line WHERE import_id = $1 LIMIT 5000)`, id)
			if err != nil {
				return fmt.Errorf("empty the preview: %w", err)
			}
			n, err = res.RowsAffected()
			return err
		})
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE import_run SET mapping = $1, rows_done = 0, rows_total = 0, n_new = 0, n_changed = 0, n_same = 0, n_conflict = 0, n_error = 0,
			read_no = (SELECT change_no FROM office WHERE office.id = import_run.office_id) WHERE id = $2`, mapping, id)
		if err != nil {
			return fmt.Errorf("begin the preview: %w", err)
		}
		return nil
	})
}

// AddLines keeps a batch of previewed rows and counts them; done is how many were kept before.
func (db *DB) AddLines(ctx context.Context, id loa.ImportID, done int, lines []loa.ImportLine) error {
	counts := map[string]int{}
	kept := make([][2]string, len(lines))
	var text []byte
	for k := range lines {
		counts[lines[k].Outcome]++
		text = appendTexts(text[:0], lines[k].Cells)
		kept[k][0] = string(text)
		text = appendChanges(text[:0], lines[k].Changes)
		kept[k][1] = string(text)
	}
	return db.bulk(ctx, func(tx *sql.Tx) error {
		n := 0
		f := &filler{ctx: ctx, tx: tx, dialect: db.dialect}
		err := insertAll(f, "import_line", `import_id, no, outcome, person_id, name, cells, changes, reason`, "", lines, func(to []any, l *loa.ImportLine) []any {
			n++
			return append(to, string(id), l.No, l.Outcome, string(l.Person), l.Name, kept[n-1][0], kept[n-1][1], l.Reason)
		})
		if err != nil {
			return fmt.Errorf("keep the previewed rows: %w", err)
		}
		res, err := tx.ExecContext(ctx, `UPDATE import_run SET rows_done = rows_done + $1, n_new = n_new + $2, n_changed = n_changed + $3, n_same = n_same + $4,
			n_conflict = n_conflict + $5, n_error = n_error + $6 WHERE id = $7 AND rows_done = $8 AND state = $9`, len(lines), counts["new"], counts["changed"], counts["same"], counts["conflict"], counts["error"], id, done, loa.ImportReading)
		if err != nil {
			return fmt.Errorf("count the previewed rows: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrElsewhere)
		}
		return nil
	})
}

// SetImport moves an import to a state; failure carries the code that explains it.
func (db *DB) SetImport(ctx context.Context, id loa.ImportID, state, failure string, total int) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE import_run SET state = $1, error = $2, rows_total = CASE WHEN $3 > 0 THEN $3 ELSE rows_total END WHERE id = $4`, state, failure, total, id)
		if err != nil {
			return fmt.Errorf("move the import on: %w", err)
		}
		return nil
	})
}

// ImportLines is a page of previewed rows, of one outcome or of all.
func (db *DB) ImportLines(ctx context.Context, id loa.ImportID, outcome string, afterNo, take int) ([]loa.ImportLine, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT no, outcome, person_id, name, cells, changes, reason FROM import_line
		WHERE import_id = $1 AND ($2 = '' OR outcome = $2) AND no > $3 ORDER BY no LIMIT $4`, id, outcome, afterNo, take)
	list, err := collect(rows, err, func(r *sql.Rows) (l loa.ImportLine, err error) {
		var cells, changes string
		if err := r.Scan(&l.No, &l.Outcome, &l.Person, &l.Name, &cells, &changes, &l.Reason); err != nil {
			return l, err
		}
		if err := json.Unmarshal([]byte(cells), &l.Cells); err != nil {
			return l, fmt.Errorf("read row %d of the import: %w", l.No, err)
		}
		if err := json.Unmarshal([]byte(changes), &l.Changes); err != nil {
			return l, fmt.Errorf("read row %d of the import: %w", l.No, err)
		}
		l.Import = id
		return l, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the previewed rows: %w", err)
	}
	return list, nil
}

// AppliedLines is a page of the rows an import applies, without their cells.
func (db *DB) AppliedLines(ctx context.Context, id loa.ImportID, afterNo, take int) ([]loa.ImportLine, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT no, outcome, person_id, changes FROM import_line WHERE import_id = $1 AND outcome IN ('new', 'changed') AND no > $2 ORDER BY no LIMIT $3`, id, afterNo, take)
	list, err := collect(rows, err, func(r *sql.Rows) (l loa.ImportLine, err error) {
		var changes string
		if err := r.Scan(&l.No, &l.Outcome, &l.Person, &changes); err != nil {
			return l, err
		}
		var wrong error
		if l.Changes, wrong = readChanges(changes); wrong != nil {
			return l, fmt.Errorf("read row %d of the import: %w", l.No, wrong)
		}
		l.Import = id
		return l, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the rows to apply: %w", err)
	}
	return list, nil
}

// ApplyImport asks for a previewed import to be applied. A preview made before another list was applied or taken back says
// nothing any more: it is stale, and the list is compared again instead.
func (db *DB) ApplyImport(ctx context.Context, in loa.Scope, by loa.By, id loa.ImportID) (stale bool, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		if err := importInState(ctx, tx, in, id, loa.ImportPreviewed); err != nil {
			return err
		}
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil { // one after the other
			return err
		}
		if err := nobodyElseApplies(ctx, tx, in.Office, id); err != nil {
			return err
		}
		var newer int
		err := tx.QueryRowContext(ctx, `SELECT count(*) FROM import_run o JOIN import_run i ON i.id = $1 WHERE o.office_id = i.office_id AND o.id <> i.id AND o.kind = i.kind AND o.shown_no > i.read_no`, id).Scan(&newer)
		if err != nil {
			return fmt.Errorf("look for newer imports: %w", err)
		}
		if stale = newer > 0; stale {
			if _, err := tx.ExecContext(ctx, `UPDATE import_run SET state = $1, rows_done = 0 WHERE id = $2`, loa.ImportReading, id); err != nil {
				return fmt.Errorf("read the import again: %w", err)
			}
			return db.ask(ctx, tx, Job{Kind: "import_preview", ID: string(id)})
		}
		if _, err := tx.ExecContext(ctx, `UPDATE import_run SET state = $1, rows_done = 0 WHERE id = $2`, loa.ImportApplying, id); err != nil {
			return fmt.Errorf("begin to apply: %w", err)
		}
		if err := addAudit(ctx, tx, in.Office, by, "applied", "import", string(id), ""); err != nil {
			return err
		}
		return db.ask(ctx, tx, Job{Kind: "import_apply", ID: string(id)})
	})
	return stale, err
}

// DropImport throws a preview away; nothing of it was ever visible.
func (db *DB) DropImport(ctx context.Context, in loa.Scope, by loa.By, id loa.ImportID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := importInState(ctx, tx, in, id, loa.ImportPreviewed, loa.ImportFailed); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE import_run SET state = $1 WHERE id = $2`, loa.ImportDiscarded, id); err != nil {
			return fmt.Errorf("drop the import: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM import_file WHERE import_id = $1`, id); err != nil {
			return fmt.Errorf("drop the imported file: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "dropped", "import", string(id), "")
	})
}

// UnfinishedImports are those a stopped process left behind; they are resumed at the next start.
func (db *DB) UnfinishedImports(ctx context.Context) ([]loa.Import, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+importColumns+` FROM import_run i WHERE i.state IN ($1, $2, $3, $4) ORDER BY i.made_at`,
		loa.ImportReading, loa.ImportApplying, loa.ImportRefreshing, loa.ImportUndoing)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Import, error) { return scanImport(r) })
	if err != nil {
		return nil, fmt.Errorf("read the unfinished imports: %w", err)
	}
	return list, nil
}
