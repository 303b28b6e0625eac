package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"loa"
)

const reconciliationColumns = `r.id, r.office_id, r.area_id, r.month, r.scheme, r.file_name, r.made_at, r.made_by, r.matched, r.differ, r.only_list, r.only_loa, r.skipped, r.signed_at, r.signed_by, r.state, r.error, r.rows_total, r.rows_done, r.sha256`

func scanReconciliation(r interface{ Scan(...any) error }) (x loa.Reconciliation, err error) {
	var made, signed int64
	err = r.Scan(&x.ID, &x.Office, &x.Area, &x.Month, &x.Scheme, &x.FileName, &made, &x.MadeBy, &x.Matched, &x.Differ, &x.OnlyList, &x.OnlyLoa, &x.Skipped, &signed, &x.SignedBy, &x.State, &x.Error, &x.Rows, &x.RowsDone, &x.SHA256)
	x.MadeAt, x.SignedAt = instant(made), instant(signed)
	return x, err
}

// ReconcilePerson is a person as an official list is compared with.
type ReconcilePerson struct {
	ID     loa.PersonID
	Name   string
	Area   loa.AreaID
	Index  string
	Tail   string
	Folded string
	In     bool
}

const reconcilePersonColumns = `p.id, p.name, p.area_id, p.si_number_index, p.si_number_tail, p.folded`

func scanReconcilePerson(in bool) func(r *sql.Rows) (ReconcilePerson, error) {
	return func(r *sql.Rows) (p ReconcilePerson, err error) {
		p.In = in
		return p, r.Scan(&p.ID, &p.Name, &p.Area, &p.Index, &p.Tail, &p.Folded)
	}
}

// Participants are the people whom the register has in a scheme on a day.
func (db *DB) Participants(ctx context.Context, in loa.Scope, scheme loa.Scheme, on loa.Day) ([]ReconcilePerson, error) {
	where, args := inScope(in, "a.path", 4)
	rows, err := db.read.QueryContext(ctx, `SELECT `+reconcilePersonColumns+` FROM spell s JOIN person p ON p.id = s.person_id JOIN area a ON a.id = p.area_id
		WHERE s.office_id = $1 AND s.scheme = $2 AND s.starts_on <= $3 AND s.ends_on > $3 AND p.merged_into = '' AND `+where+` ORDER BY a.path, p.sort_key, p.id`,
		append([]any{in.Office, scheme, on}, args...)...)
	list, err := collect(rows, err, scanReconcilePerson(true))
	if err != nil {
		return nil, fmt.Errorf("read who participates: %w", err)
	}
	return list, nil
}

// PeopleMeant are the people with one of these numbers (blind) or names (folded), whether they participate or not.
func (db *DB) PeopleMeant(ctx context.Context, in loa.Scope, indexes, folded []string) ([]ReconcilePerson, error) {
	var out []ReconcilePerson
	seen := map[loa.PersonID]bool{}
	for _, by := range []struct {
		column string
		values []string
	}{{"p.si_number_index", indexes}, {"p.folded", folded}} {
		for start := 0; start < len(by.values); start += 300 {
			part := by.values[start:min(start+300, len(by.values))]
			all := []any{in.Office}
			for _, v := range part {
				all = append(all, v)
			}
			where, args := inScope(in, "a.path", len(all)+1)
			rows, err := db.read.QueryContext(ctx, `SELECT `+reconcilePersonColumns+` FROM person p JOIN area a ON a.id = p.area_id
				WHERE p.office_id = $1 AND `+by.column+` IN (`+placeholders(2, len(part))+`) AND `+by.column+` <> '' AND p.merged_into = '' AND `+where+` ORDER BY p.id`, append(all, args...)...)
			list, err := collect(rows, err, scanReconcilePerson(false))
			if err != nil {
				return nil, fmt.Errorf("read whom a list means: %w", err)
			}
			for _, p := range list {
				if !seen[p.ID] {
					seen[p.ID] = true
					out = append(out, p)
				}
			}
		}
	}
	return out, nil
}

// reconcileBatch lines are kept by one short transaction.
const reconcileBatch = 1000

// StartReconciliation keeps an official list, sealed by the caller, and asks for its comparison in the same transaction.
func (db *DB) StartReconciliation(ctx context.Context, in loa.Scope, by loa.By, x loa.Reconciliation, file []byte) error {
	if !x.Scheme.Valid() {
		return loa.Refuse(loa.Invalid, "scheme", "not_in_list")
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := areaInScope(ctx, tx, in, x.Area); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO reconciliation (id, office_id, area_id, month, scheme, file_name, made_at, made_by, matched, differ, only_list, only_loa, skipped, state)
			VALUES (`+placeholders(1, 8)+`, 0, 0, 0, 0, 0, 'reading')`, x.ID, in.Office, x.Area, x.Month, x.Scheme, x.FileName, millis(by.At), by.Officer)
		if err != nil {
			return fmt.Errorf("keep a reconciliation: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO import_file (import_id, bytes) VALUES ($1, $2)`, x.ID, file); err != nil {
			return fmt.Errorf("keep the official list: %w", err)
		}
		if err := addAudit(ctx, tx, in.Office, by, "reconciled", "reconciliation", string(x.ID), string(x.Month)+" "+string(x.Scheme)); err != nil {
			return err
		}
		return db.ask(ctx, tx, Job{Kind: "reconcile", ID: string(x.ID)})
	})
}

// ReconciliationWork is a comparison and its sealed list, for the background work that makes it.
func (db *DB) ReconciliationWork(ctx context.Context, id loa.ReconciliationID) (x loa.Reconciliation, file []byte, err error) {
	x, err = scanReconciliation(db.read.QueryRowContext(ctx, `SELECT `+reconciliationColumns+` FROM reconciliation r WHERE r.id = $1`, id))
	if err != nil || x.State != loa.ReconcileReading {
		return x, nil, notFound(err)
	}
	file, err = db.ImportFile(ctx, loa.ImportID(id))
	return x, file, err
}

// FinishReconciliation keeps what a comparison found: the lines in short transactions, the counts last, so that nobody sees a half
// one. What an earlier try left behind goes first.
func (db *DB) FinishReconciliation(ctx context.Context, x loa.Reconciliation, lines []loa.ReconciliationLine) error {
	if err := db.dropLines(ctx, x.ID); err != nil {
		return err
	}
	hash := sha256.New()
	for start := 0; start < len(lines); start += reconcileBatch {
		part := lines[start:min(start+reconcileBatch, len(lines))]
		if err := json.NewEncoder(hash).Encode(part); err != nil {
			return fmt.Errorf("take the fingerprint: %w", err)
		}
		err := db.tx(ctx, func(tx *sql.Tx) error {
			if err := addReconciliationLines(ctx, tx, x.ID, part); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `UPDATE reconciliation SET rows_done = $1, rows_total = $2 WHERE id = $3`, start+len(part), len(lines), x.ID)
			return err
		})
		if err != nil {
			return err
		}
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE reconciliation SET state = 'done', matched = $1, differ = $2, only_list = $3, only_loa = $4, skipped = $5, sha256 = $6, rows_done = $7, rows_total = $7
			WHERE id = $8 AND state = 'reading'`, x.Matched, x.Differ, x.OnlyList, x.OnlyLoa, x.Skipped, hex.EncodeToString(hash.Sum(nil)), len(lines), x.ID)
		if err != nil {
			return fmt.Errorf("finish a reconciliation: %w", err)
		}
		return dropImportFile(ctx, tx, x.ID)
	})
}

// FailReconciliation says what is wrong with the list; nothing of it is kept.
func (db *DB) FailReconciliation(ctx context.Context, id loa.ReconciliationID, code string) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE reconciliation SET state = 'failed', error = $1 WHERE id = $2 AND state = 'reading'`, code, id); err != nil {
			return fmt.Errorf("say what is wrong with a list: %w", err)
		}
		return dropImportFile(ctx, tx, id)
	})
}

func dropImportFile(ctx context.Context, tx *sql.Tx, id loa.ReconciliationID) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM import_file WHERE import_id = $1`, id); err != nil {
		return fmt.Errorf("drop the official list: %w", err)
	}
	return nil
}

// dropLines takes away what a try that was stopped has kept.
func (db *DB) dropLines(ctx context.Context, id loa.ReconciliationID) error {
	for {
		var n int64
		err := db.tx(ctx, func(tx *sql.Tx) error {
			res, err := tx.ExecContext(ctx, `DELETE FROM reconciliation_line WHERE reconciliation_id = $1 AND no IN
				(SELECT no FROM reconciliation_line WHERE reconciliation_id = $1 ORDER BY no LIMIT 1000)`, id)
			if err != nil {
				return fmt.Errorf("drop lines of a reconciliation: %w", err)
			}
			n, err = res.RowsAffected()
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

func addReconciliationLines(ctx context.Context, tx *sql.Tx, id loa.ReconciliationID, lines []loa.ReconciliationLine) error {
	st, err := tx.PrepareContext(ctx, `INSERT INTO reconciliation_line (reconciliation_id, no, outcome, person_id, area_id, official, ours, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	if err != nil {
		return fmt.Errorf("prepare the lines of a reconciliation: %w", err)
	}
	defer st.Close()
	for _, l := range lines {
		official, err := json.Marshal(l.Official)
		if err != nil {
			return fmt.Errorf("keep the official side: %w", err)
		}
		ours, err := json.Marshal(l.Ours)
		if err != nil {
			return fmt.Errorf("keep our side: %w", err)
		}
		if _, err := st.ExecContext(ctx, id, l.No, l.Outcome, l.Person, l.Area, string(official), string(ours), strings.Join(l.Notes, " ")); err != nil {
			return fmt.Errorf("keep a line of a reconciliation: %w", err)
		}
	}
	return nil
}

// Reconciliations are the newest comparisons that cover a place inside the scope, or the whole office for those who see it.
func (db *DB) Reconciliations(ctx context.Context, in loa.Scope, skip, take int) ([]loa.Reconciliation, error) {
	where, args := inScope(in, "a.path", 4)
	rows, err := db.read.QueryContext(ctx, `SELECT `+reconciliationColumns+` FROM reconciliation r JOIN area a ON a.id = r.area_id WHERE r.office_id = $1 AND `+where+`
		ORDER BY r.month DESC, r.made_at DESC, r.id LIMIT $2 OFFSET $3`, append([]any{in.Office, take, skip}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Reconciliation, error) { return scanReconciliation(r) })
	if err != nil {
		return nil, fmt.Errorf("list reconciliations: %w", err)
	}
	return list, nil
}

// Reconciliation is one comparison inside the scope.
func (db *DB) Reconciliation(ctx context.Context, in loa.Scope, id loa.ReconciliationID) (loa.Reconciliation, error) {
	return reconciliationIn(ctx, db.read, in, id)
}

func reconciliationIn(ctx context.Context, q querier, in loa.Scope, id loa.ReconciliationID) (loa.Reconciliation, error) {
	x, err := scanReconciliation(q.QueryRowContext(ctx, `SELECT `+reconciliationColumns+` FROM reconciliation r WHERE r.id = $1 AND r.office_id = $2`, id, in.Office))
	if err != nil {
		return x, notFound(err)
	}
	return x, areaInScope(ctx, q, in, x.Area)
}

// ReconciliationLines is a page of one outcome, in the order of the list; empty outcome means all.
func (db *DB) ReconciliationLines(ctx context.Context, in loa.Scope, id loa.ReconciliationID, outcome string, after, take int) ([]loa.ReconciliationLine, error) {
	x, err := reconciliationIn(ctx, db.read, in, id)
	if err != nil || x.State != loa.ReconcileDone {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT no, outcome, person_id, area_id, official, ours, note FROM reconciliation_line
		WHERE reconciliation_id = $1 AND ($2 = '' OR outcome = $2) AND no > $3 ORDER BY no LIMIT $4`, id, outcome, after, take)
	list, err := collect(rows, err, scanReconciliationLine)
	if err != nil {
		return nil, fmt.Errorf("read the lines of a reconciliation: %w", err)
	}
	return list, nil
}

func scanReconciliationLine(r *sql.Rows) (l loa.ReconciliationLine, err error) {
	var official, ours, notes string
	if err := r.Scan(&l.No, &l.Outcome, &l.Person, &l.Area, &official, &ours, &notes); err != nil {
		return l, err
	}
	if err := json.Unmarshal([]byte(official), &l.Official); err != nil {
		return l, fmt.Errorf("read the official side: %w", err)
	}
	if err := json.Unmarshal([]byte(ours), &l.Ours); err != nil {
		return l, fmt.Errorf("read our side: %w", err)
	}
	l.Notes = strings.Fields(notes)
	return l, nil
}

// SignReconciliation puts an officer's name under a comparison, once.
func (db *DB) SignReconciliation(ctx context.Context, in loa.Scope, by loa.By, id loa.ReconciliationID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		x, err := reconciliationIn(ctx, tx, in, id)
		if err != nil {
			return err
		}
		if x.State != loa.ReconcileDone {
			return loa.Refuse(loa.Conflict, "", "not_compared")
		}
		if !x.SignedAt.IsZero() {
			return loa.Refuse(loa.Conflict, "", "already_signed")
		}
		res, err := tx.ExecContext(ctx, `UPDATE reconciliation SET signed_at = $1, signed_by = $2 WHERE id = $3 AND signed_at = 0`, millis(by.At), by.Officer, id)
		if err != nil {
			return fmt.Errorf("sign a reconciliation: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return loa.Refuse(loa.Conflict, "", "already_signed")
		}
		return addAudit(ctx, tx, in.Office, by, "signed", "reconciliation", string(id), "sha256="+x.SHA256)
	})
}
