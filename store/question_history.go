package store

import (
	"context"
	"database/sql"

	"loa"
)

// QuestionHistory is a question as it was first written and every correction of it, the newest last. The ID may be of any of
// them; one that was taken back ends with the fact that says so.
func (db *DB) QuestionHistory(ctx context.Context, in loa.Scope, id loa.FactID) ([]loa.Question, error) {
	return questionHistory(ctx, db.read, in, id)
}

func questionHistory(ctx context.Context, q querier, in loa.Scope, id loa.FactID) ([]loa.Question, error) {
	one := func(where string, id loa.FactID) (loa.Question, string, error) {
		var path string
		f, err := scanQuestion(q.QueryRowContext(ctx, `SELECT `+prefixed("q", questionColumns)+`, a.path FROM question_fact q JOIN area a ON a.id = q.area_id WHERE `+where, id), &path)
		return f, path, notFound(err)
	}
	last, path, err := one(`q.id = $1`, id)
	if err != nil {
		return nil, err
	}
	out := []loa.Question{last}
	for range 50 {
		next, nextPath, err := one(`q.corrects = $1 AND q.corrects <> '' ORDER BY q.change_no DESC, q.id DESC LIMIT 1`, last.ID)
		if loa.KindOf(err) == loa.NotFound {
			break
		}
		if err != nil {
			return nil, err
		}
		last, path = next, nextPath
		out = append(out, next)
	}
	if !in.Holds(path) {
		return nil, loa.ErrNotFound
	}
	for first := out[0]; first.Corrects != "" && len(out) < 100; first = out[0] {
		before, _, err := one(`q.id = $1`, first.Corrects)
		if err != nil {
			return nil, err
		}
		out = append([]loa.Question{before}, out...)
	}
	return out, nil
}

// VoidQuestion takes a question back for a reason; what was asked and answered stays readable.
func (db *DB) VoidQuestion(ctx context.Context, in loa.Scope, by loa.By, id loa.FactID, why string) error {
	return db.afterQuestion(ctx, in, by, id, func(last loa.Question) (loa.Question, error) {
		if last.Void {
			return last, loa.ErrNotFound
		}
		if why == "" {
			return last, loa.Refuse(loa.Invalid, "why", "required")
		}
		last.Void, last.Why = true, why
		return last, nil
	})
}

// RestoreQuestion brings a question back that was taken back by mistake, with its answers.
func (db *DB) RestoreQuestion(ctx context.Context, in loa.Scope, by loa.By, id loa.FactID) error {
	return db.afterQuestion(ctx, in, by, id, func(last loa.Question) (loa.Question, error) {
		if !last.Void {
			return last, loa.ErrNotFound
		}
		last.Void, last.Why = false, ""
		return last, nil
	})
}

// afterQuestion writes the next fact of a question and carries its answers over.
func (db *DB) afterQuestion(ctx context.Context, in loa.Scope, by loa.By, id loa.FactID, next func(last loa.Question) (loa.Question, error)) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil { // two officers who act at once take turns
			return err
		}
		chain, err := questionHistory(ctx, tx, in, id)
		if err != nil {
			return err
		}
		last := chain[len(chain)-1]
		q, err := next(last)
		if err != nil {
			return err
		}
		q.ID, q.Corrects = loa.FactID(loa.NewID()), last.ID
		if err := db.addQuestion(ctx, tx, in, by, q); err != nil {
			return err
		}
		return db.moveAnswers(ctx, tx, q, last)
	})
}
