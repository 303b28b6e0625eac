package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"loa"
	"loa/vn"
)

const scriptColumns = `s.id, s.version, s.office_id, s.area_id, s.name, s.scheme, s.support_group, s.purpose, s.from_on, s.until_on, s.texts, s.state, s.why, s.synthetic, s.author_id, s.changed_by, s.created_at, s.approved_at, s.approved_by, s.change_no`

const scriptInsert = `id, version, office_id, area_id, name, folded, scheme, support_group, purpose, from_on, until_on, texts, state, why, synthetic, author_id, changed_by, created_at, approved_at, approved_by, change_no`

func scriptArgs(s loa.Script, texts string) []any {
	return []any{s.ID, s.Version, s.Office, s.Area, s.Name, vn.Fold(s.Name), s.Scheme, s.Group, s.Purpose, s.From, s.Until, texts, s.State, s.Why, s.Synthetic, s.Author, s.ChangedBy, millis(s.CreatedAt), millis(s.ApprovedAt), s.ApprovedBy, s.ChangeNo}
}

func scanScript(r interface{ Scan(...any) error }) (s loa.Script, err error) {
	var texts string
	var created, approved int64
	if err := r.Scan(&s.ID, &s.Version, &s.Office, &s.Area, &s.Name, &s.Scheme, &s.Group, &s.Purpose, &s.From, &s.Until, &texts, &s.State, &s.Why, &s.Synthetic, &s.Author, &s.ChangedBy, &created, &approved, &s.ApprovedBy, &s.ChangeNo); err != nil {
		return s, err
	}
	s.CreatedAt, s.ApprovedAt = instant(created), instant(approved)
	if err := json.Unmarshal([]byte(texts), &s.Texts); err != nil {
		return s, fmt.Errorf("read script %s: %w", s.ID, err)
	}
	return s, nil
}

// SaveScript keeps the words of a script. Words that were approved are never written over: changing them makes the next version, a draft.
func (db *DB) SaveScript(ctx context.Context, in loa.Scope, by loa.By, s loa.Script) (out loa.Script, err error) {
	if err := s.Check(); err != nil {
		return s, err
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		if err := areaInScope(ctx, tx, in, s.Area); err != nil {
			return err
		}
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil { // one after another
			return err
		}
		out = s
		out.Office, out.State, out.Why, out.ApprovedBy, out.ChangedBy = in.Office, loa.ScriptDraft, "", "", by.Officer
		act := "changed"
		switch old, err := lastScript(ctx, tx, in, s.ID); {
		case loa.KindOf(err) == loa.NotFound:
			var taken bool
			if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM script WHERE id = $1)`, s.ID).Scan(&taken); err != nil {
				return err
			}
			if taken {
				return loa.ErrNotFound
			}
			act, out.Version, out.Author, out.CreatedAt = "created", 1, by.Officer, by.At
		case err != nil:
			return err
		case s.ChangeNo != 0 && s.ChangeNo != old.ChangeNo: // as the form read it
			return loa.Refuse(loa.Conflict, "", "changed_meanwhile")
		case old.State == loa.ScriptApproved || old.State == loa.ScriptWithdrawn:
			out.Version, out.Author, out.CreatedAt = old.Version+1, by.Officer, by.At
		default:
			out.Version, out.Author, out.CreatedAt = old.Version, old.Author, old.CreatedAt
		}
		if err := writeScript(ctx, tx, &out); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, act, "script", string(s.ID), fmt.Sprint("v", out.Version))
	})
	return out, err
}

// ChangeScript takes the newest version of a script to another state.
func (db *DB) ChangeScript(ctx context.Context, in loa.Scope, by loa.By, id loa.ScriptID, act string, fn func(*loa.Script) error) (out loa.Script, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil {
			return err
		}
		if out, err = lastScript(ctx, tx, in, id); err != nil {
			return err
		}
		if err := fn(&out); err != nil {
			return err
		}
		if err := writeScript(ctx, tx, &out); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, act, "script", string(id), fmt.Sprint("v", out.Version))
	})
	return out, err
}

func lastScript(ctx context.Context, q querier, in loa.Scope, id loa.ScriptID) (loa.Script, error) {
	where, args := inScope(in, "a.path", 3)
	s, err := scanScript(q.QueryRowContext(ctx, `SELECT `+scriptColumns+` FROM script s JOIN area a ON a.id = s.area_id WHERE s.id = $1 AND s.office_id = $2 AND `+where+` ORDER BY s.version DESC`+limit(1), append([]any{id, in.Office}, args...)...))
	return s, notFound(err)
}

// WithdrawScript takes a script out of use at once, all its versions: a broadcast that was approved with one of them stops as well.
func (db *DB) WithdrawScript(ctx context.Context, in loa.Scope, by loa.By, id loa.ScriptID, why string) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		s, err := lastScript(ctx, tx, in, id)
		if err != nil {
			return err
		}
		if s.State == loa.ScriptWithdrawn {
			return loa.Refuse(loa.Conflict, "", "script_state")
		}
		if _, err := tx.ExecContext(ctx, `UPDATE script SET state = 'withdrawn', why = $1, change_no = $2 WHERE id = $3 AND office_id = $4 AND state <> 'withdrawn'`, why, change, id, in.Office); err != nil {
			return fmt.Errorf("withdraw the script: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "withdrawn", "script", string(id), fmt.Sprint("v", s.Version))
	})
}

// scriptInSight is what an officer reads: the scripts of their places, and those of the whole office.
func scriptInSight(in loa.Scope, n int) (string, []any) {
	where, args := inScope(in, "a.path", n)
	if in.Empty() {
		return where, args
	}
	return `(` + where + ` OR s.area_id = (SELECT o.anchor_id FROM office o WHERE o.id = s.office_id))`, args
}

// scriptSeen is the newest version of a script for whoever reads it.
func scriptSeen(ctx context.Context, q querier, in loa.Scope, id loa.ScriptID) (loa.Script, error) {
	where, args := scriptInSight(in, 3)
	s, err := scanScript(q.QueryRowContext(ctx, `SELECT `+scriptColumns+` FROM script s JOIN area a ON a.id = s.area_id WHERE s.id = $1 AND s.office_id = $2 AND `+where+` ORDER BY s.version DESC`+limit(1), append([]any{id, in.Office}, args...)...))
	return s, notFound(err)
}

func writeScript(ctx context.Context, tx *sql.Tx, s *loa.Script) error {
	change, err := nextChange(ctx, tx, s.Office, 1)
	if err != nil {
		return err
	}
	s.ChangeNo = change
	texts, err := json.Marshal(s.Texts)
	if err != nil {
		return fmt.Errorf("write the script: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO script (`+scriptInsert+`) VALUES (`+placeholders(1, 21)+`)
		ON CONFLICT (id, version) DO UPDATE SET name = excluded.name, folded = excluded.folded, scheme = excluded.scheme, support_group = excluded.support_group, purpose = excluded.purpose, from_on = excluded.from_on, until_on = excluded.until_on, texts = excluded.texts, state = excluded.state,
		why = excluded.why, changed_by = excluded.changed_by, approved_at = excluded.approved_at, approved_by = excluded.approved_by, change_no = excluded.change_no`,
		scriptArgs(*s, string(texts))...)
	if err != nil {
		return fmt.Errorf("save the script: %w", err)
	}
	return nil
}

// Script is the newest version of a script, or the one asked for.
func (db *DB) Script(ctx context.Context, in loa.Scope, id loa.ScriptID, version int) (loa.Script, error) {
	if version == 0 {
		return scriptSeen(ctx, db.read, in, id)
	}
	where, args := scriptInSight(in, 4)
	s, err := scanScript(db.read.QueryRowContext(ctx, `SELECT `+scriptColumns+` FROM script s JOIN area a ON a.id = s.area_id WHERE s.id = $1 AND s.version = $2 AND s.office_id = $3 AND `+where, append([]any{id, version, in.Office}, args...)...))
	return s, notFound(err)
}

// Scripts are the newest versions of the scope's scripts, by name, after the one named; withdrawn ones only when asked for.
func (db *DB) Scripts(ctx context.Context, in loa.Scope, withdrawn bool, after string, take int) ([]loa.Script, error) {
	where, args := scriptInSight(in, 4)
	rows, err := db.read.QueryContext(ctx, `SELECT `+scriptColumns+` FROM script s JOIN area a ON a.id = s.area_id WHERE s.office_id = $1 AND s.folded > $2 AND ($3 OR s.state <> 'withdrawn')
		AND NOT EXISTS (SELECT 1 FROM script n WHERE n.id = s.id AND n.version > s.version) AND `+where+` ORDER BY s.folded, s.id`+limit(take), append([]any{in.Office, after, withdrawn}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Script, error) { return scanScript(r) })
	if err != nil {
		return nil, fmt.Errorf("read the scripts: %w", err)
	}
	return list, nil
}
