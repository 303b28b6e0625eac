package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"loa"
)

const readyColumns = `w.id, w.version, w.office_id, w.area_id, w.key, w.topic, w.texts, w.cites, w.from_on, w.until_on, w.state, w.why, w.author_id, w.changed_by, w.created_at, w.approved_at, w.approved_by, w.change_no`

func scanReady(r interface{ Scan(...any) error }, more ...any) (a loa.ReadyAnswer, err error) {
	var texts string
	var created, approved int64
	if err := r.Scan(append([]any{&a.ID, &a.Version, &a.Office, &a.Area, &a.Key, &a.Topic, &texts, &a.Cites, &a.From, &a.Until, &a.State, &a.Why, &a.Author, &a.ChangedBy, &created, &approved, &a.ApprovedBy, &a.ChangeNo}, more...)...); err != nil {
		return a, err
	}
	a.CreatedAt, a.ApprovedAt = instant(created), instant(approved)
	if err := json.Unmarshal([]byte(texts), &a.Texts); err != nil {
		return a, fmt.Errorf("read answer %s: %w", a.ID, err)
	}
	return a, nil
}

// SaveReadyAnswer keeps the words of an answer. Words that were approved are never written over: changing them makes the next version, a
// draft, and the approved one stays in use until that is approved.
func (db *DB) SaveReadyAnswer(ctx context.Context, in loa.Scope, by loa.By, a loa.ReadyAnswer) (out loa.ReadyAnswer, err error) {
	if err := a.Check(); err != nil {
		return a, err
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		if err := areaInScope(ctx, tx, in, a.Area); err != nil {
			return err
		}
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil { // one after another
			return err
		}
		out = a
		out.Office, out.State, out.Why, out.ApprovedBy, out.ChangedBy = in.Office, loa.ScriptDraft, "", "", by.Officer
		act := "changed"
		switch old, err := lastReady(ctx, tx, in, a.ID); {
		case loa.KindOf(err) == loa.NotFound:
			var taken bool
			if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM ready_answer WHERE id = $1)`, a.ID).Scan(&taken); err != nil {
				return fmt.Errorf("look for the answer: %w", err)
			}
			if taken {
				return loa.ErrNotFound
			}
			act, out.Version, out.Author, out.CreatedAt = "created", 1, by.Officer, by.At
		case err != nil:
			return err
		case old.State == loa.ScriptApproved || old.State == loa.ScriptWithdrawn:
			out.Version, out.Author, out.CreatedAt, out.Key = old.Version+1, by.Officer, by.At, old.Key
		default:
			out.Version, out.Author, out.CreatedAt, out.Key = old.Version, old.Author, old.CreatedAt, old.Key
		}
		if err := writeReady(ctx, tx, &out); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, act, "ready_answer", string(a.ID), fmt.Sprint("v", out.Version))
	})
	return out, err
}

// ChangeReadyAnswer takes the newest version of an answer to another state.
func (db *DB) ChangeReadyAnswer(ctx context.Context, in loa.Scope, by loa.By, id loa.ReadyAnswerID, act string, fn func(*loa.ReadyAnswer) error) (out loa.ReadyAnswer, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil {
			return err
		}
		if out, err = lastReady(ctx, tx, in, id); err != nil {
			return err
		}
		if err := fn(&out); err != nil {
			return err
		}
		if err := writeReady(ctx, tx, &out); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, act, "ready_answer", string(id), fmt.Sprint("v", out.Version))
	})
	return out, err
}

// OfferReadyAnswers takes over, as drafts, those of a list that the office has not yet; how many they were.
func (db *DB) OfferReadyAnswers(ctx context.Context, in loa.Scope, by loa.By, list []loa.ReadyAnswer, submit bool) (n int, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `SELECT DISTINCT key FROM ready_answer WHERE office_id = $1 AND key <> ''`, in.Office)
		keys, err := collectIDs(rows, err)
		if err != nil {
			return fmt.Errorf("read which answers are there: %w", err)
		}
		known := map[string]bool{}
		for _, k := range keys {
			known[k] = true
		}
		for _, a := range list {
			if known[a.Key] {
				continue
			}
			if err := a.Check(); err != nil {
				return err
			}
			if err := areaInScope(ctx, tx, in, a.Area); err != nil {
				return err
			}
			a.Office, a.Version, a.State, a.Author, a.ChangedBy, a.CreatedAt = in.Office, 1, loa.ScriptDraft, by.Officer, by.Officer, by.At
			if submit {
				a.State = loa.ScriptSubmitted
			}
			if err := writeReady(ctx, tx, &a); err != nil {
				return err
			}
			n++
		}
		if n == 0 {
			return nil
		}
		return addAudit(ctx, tx, in.Office, by, "taken_over", "ready_answer", "", fmt.Sprint("n=", n))
	})
	return n, err
}

// ApproveReadyAnswers approves all of a list that the officer did not write; how many they were.
func (db *DB) ApproveReadyAnswers(ctx context.Context, in loa.Scope, by loa.By, ids []loa.ReadyAnswerID) (n int, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil {
			return err
		}
		for _, id := range ids {
			a, err := lastReady(ctx, tx, in, id)
			if err != nil {
				return err
			}
			if err := a.Approve(by); err != nil {
				return err
			}
			if err := writeReady(ctx, tx, &a); err != nil {
				return err
			}
			if err := addAudit(ctx, tx, in.Office, by, "approved", "ready_answer", string(id), fmt.Sprint("v", a.Version)); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

func lastReady(ctx context.Context, q querier, in loa.Scope, id loa.ReadyAnswerID) (loa.ReadyAnswer, error) {
	a, err := scanReady(q.QueryRowContext(ctx, `SELECT `+readyColumns+` FROM ready_answer w WHERE w.id = $1 AND w.office_id = $2 ORDER BY w.version DESC`+limit(1), id, in.Office))
	if err == nil && in.Empty() { // a scope that holds nothing finds nothing
		err = sql.ErrNoRows
	}
	return a, notFound(err)
}

func writeReady(ctx context.Context, tx *sql.Tx, a *loa.ReadyAnswer) error {
	change, err := nextChange(ctx, tx, a.Office, 1)
	if err != nil {
		return err
	}
	a.ChangeNo = change
	texts, err := json.Marshal(a.Texts)
	if err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO ready_answer (id, version, office_id, area_id, key, topic, texts, cites, from_on, until_on, state, why, author_id, changed_by, created_at, approved_at, approved_by, change_no) VALUES (`+placeholders(1, 18)+`)
		ON CONFLICT (id, version) DO UPDATE SET topic = excluded.topic, texts = excluded.texts, cites = excluded.cites, from_on = excluded.from_on, until_on = excluded.until_on, state = excluded.state, why = excluded.why,
		changed_by = excluded.changed_by, approved_at = excluded.approved_at, approved_by = excluded.approved_by, change_no = excluded.change_no`,
		a.ID, a.Version, a.Office, a.Area, a.Key, a.Topic, string(texts), a.Cites, a.From, a.Until, a.State, a.Why, a.Author, a.ChangedBy, millis(a.CreatedAt), millis(a.ApprovedAt), a.ApprovedBy, change)
	if err != nil {
		return fmt.Errorf("save the answer: %w", err)
	}
	return nil
}

// ReadyAnswer is one answer with all its versions, the newest first.
func (db *DB) ReadyAnswer(ctx context.Context, in loa.Scope, id loa.ReadyAnswerID) ([]loa.ReadyAnswer, error) {
	if in.Empty() {
		return nil, loa.ErrNotFound
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+readyColumns+` FROM ready_answer w WHERE w.id = $1 AND w.office_id = $2 ORDER BY w.version DESC`, id, in.Office)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.ReadyAnswer, error) { return scanReady(r) })
	if err != nil {
		return nil, fmt.Errorf("read an answer: %w", err)
	}
	if len(list) == 0 {
		return nil, loa.ErrNotFound
	}
	return list, nil
}

// ReadyAnswers are the newest versions of an office's answers, with how often each was used. They are the office's own word: every
// officer of it sees them all.
func (db *DB) ReadyAnswers(ctx context.Context, in loa.Scope) ([]loa.ReadyAnswer, error) {
	return db.readyAnswers(ctx, in, `w.version = (SELECT max(x.version) FROM ready_answer x WHERE x.id = w.id)`)
}

// UsableAnswers are those that may be used on a day: of each the newest approved version that holds then, unless a newer one was withdrawn.
func (db *DB) UsableAnswers(ctx context.Context, in loa.Scope, on loa.Day) ([]loa.ReadyAnswer, error) {
	list, err := db.readyAnswers(ctx, in, `w.state = 'approved' AND w.from_on <= $2 AND (w.until_on = '' OR w.until_on >= $2)
		AND w.version = (SELECT max(x.version) FROM ready_answer x WHERE x.id = w.id AND (x.state = 'approved' AND x.from_on <= $2 OR x.state = 'withdrawn'))`, on)
	return list, err
}

func (db *DB) readyAnswers(ctx context.Context, in loa.Scope, where string, args ...any) ([]loa.ReadyAnswer, error) {
	if in.Empty() {
		return nil, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+readyColumns+`, (SELECT count(*) FROM answer_use u WHERE u.answer_id = w.id) FROM ready_answer w WHERE w.office_id = $1 AND `+where+` ORDER BY w.topic, w.key, w.id`, append([]any{in.Office}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.ReadyAnswer, error) {
		var uses int
		a, err := scanReady(r, &uses)
		a.Uses = uses
		return a, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the ready answers: %w", err)
	}
	return list, nil
}

// usableAnswer refuses the use of an answer that is not approved, or whose law does not hold any more: nobody is told it, by whatever way.
func usableAnswer(ctx context.Context, q querier, in loa.Scope, id loa.ReadyAnswerID, version int, on loa.Day) (loa.ReadyAnswer, error) {
	a, err := scanReady(q.QueryRowContext(ctx, `SELECT `+readyColumns+` FROM ready_answer w WHERE w.id = $1 AND w.version = $2 AND w.office_id = $3`, id, version, in.Office))
	if err != nil {
		return a, notFound(err)
	}
	var newer bool
	if err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM ready_answer w WHERE w.id = $1 AND w.version > $2 AND (w.state = 'approved' AND w.from_on <= $3 OR w.state = 'withdrawn'))`, id, version, on).Scan(&newer); err != nil {
		return a, fmt.Errorf("look for a newer version: %w", err)
	}
	if newer || !a.Usable(on) {
		return a, loa.Refuse(loa.Conflict, "text", "answer_outdated")
	}
	return a, nil
}
