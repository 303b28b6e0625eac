package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"loa"
	"loa/vn"
)

// AnswerQuestion records an answer with the law it rests on. A better answer later is a new one; the newest holds.
func (db *DB) AnswerQuestion(ctx context.Context, in loa.Scope, by loa.By, w loa.Answer) error {
	w.Text = strings.TrimSpace(w.Text)
	if err := w.Check(); err != nil {
		return err
	}
	if w.ToldOn != "" && (!w.ToldOn.Valid() || w.ToldOn > by.Day()) {
		return loa.Refuse(loa.Invalid, "told_on", "bad_day")
	}
	return db.tx(ctx, func(tx *sql.Tx) error { return db.answerQuestion(ctx, tx, in, by, w) })
}

func (db *DB) answerQuestion(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, w loa.Answer) error {
	change, err := nextChange(ctx, tx, in.Office, 1)
	if err != nil {
		return err
	}
	q, err := questionByID(ctx, tx, in, w.Question)
	if err != nil {
		return err
	}
	if w.ID == "" {
		w.ID = loa.NewID()
	}
	if w.Ready != "" {
		if _, err := usableAnswer(ctx, tx, in, w.Ready, w.Version, by.Day()); err != nil {
			return err
		}
		if err := useAnswer(ctx, tx, in, by, q.Area, loa.AnswerUse{Answer: w.Ready, Version: w.Version, Lang: "vietnamese", Via: viaOfQuestion(q.Question), Question: q.ID, Person: q.Person}); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO answer (id, office_id, area_id, question_id, text, folded, cites, valid_from, valid_to, told_on, recorded_at, recorded_by, change_no)
		VALUES (`+placeholders(1, 13)+`) ON CONFLICT (id) DO NOTHING`,
		w.ID, q.Office, q.Area, q.ID, w.Text, vn.Fold(w.Text+" "+w.Cites), w.Cites, w.ValidFrom, w.ValidTo, w.ToldOn, millis(by.At), by.Officer, change)
	if err != nil {
		return fmt.Errorf("record an answer: %w", err)
	}
	if q.Person != "" {
		if err := touchPeople(ctx, tx, change, q.Person); err != nil {
			return err
		}
	}
	if err := questionSettled(ctx, tx, q.ID, !q.Promised || w.ToldOn != ""); err != nil {
		return err
	}
	return addAudit(ctx, tx, q.Office, by, "answered", "question", string(q.ID), "")
}

// TellAsker keeps the promise: the asker knows the answer since a day. An empty day takes that back.
func (db *DB) TellAsker(ctx context.Context, in loa.Scope, by loa.By, question loa.FactID, on loa.Day) error {
	if on != "" && (!on.Valid() || on > by.Day()) {
		return loa.Refuse(loa.Invalid, "told_on", "bad_day")
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		q, err := questionByID(ctx, tx, in, question)
		if err != nil {
			return err
		}
		if q.Waits() {
			return loa.Refuse(loa.Conflict, "", "no_answer_yet")
		}
		if _, err := tx.ExecContext(ctx, `UPDATE answer SET told_on = $1, change_no = $2 WHERE id = $3`, on, change, q.Answer.ID); err != nil {
			return fmt.Errorf("keep a promise: %w", err)
		}
		act := "told"
		if on == "" {
			act = "told_back"
			err = questionWaits(ctx, tx, q.ID)
		} else {
			err = questionSettled(ctx, tx, q.ID, true)
		}
		if err != nil {
			return err
		}
		return addAudit(ctx, tx, q.Office, by, act, "question", string(q.ID), string(on))
	})
}

// Answers are all answers ever given to a question, newest first.
func (db *DB) Answers(ctx context.Context, in loa.Scope, question loa.FactID) ([]loa.Answer, error) {
	q, err := questionByID(ctx, db.read, in, question)
	if err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT id, office_id, area_id, question_id, text, cites, valid_from, valid_to, told_on, recorded_at, recorded_by FROM answer WHERE question_id = $1
		ORDER BY recorded_at DESC, id DESC`, q.ID)
	return collect(rows, err, scanAnswer)
}

func scanAnswer(r *sql.Rows) (w loa.Answer, err error) {
	var recorded int64
	err = r.Scan(&w.ID, &w.Office, &w.Area, &w.Question, &w.Text, &w.Cites, &w.ValidFrom, &w.ValidTo, &w.ToldOn, &recorded, &w.RecordedBy)
	w.RecordedAt = instant(recorded)
	return w, err
}

// UsedAnswer is an answer that was given before, with the question it answered and how often the same words were used.
type UsedAnswer struct {
	ID, Text, Cites, Question string
	ValidFrom, ValidTo        loa.Day
	Times                     int
}

// EarlierAnswers are answers whose own words or whose question's words fit; the ones used most come first. Words that are all
// short or common narrow little, so any one of them is enough and the count of fitting words decides. An answer whose law does
// not hold on the day is left out.
func (db *DB) EarlierAnswers(ctx context.Context, in loa.Scope, words string, on loa.Day, take int) ([]UsedAnswer, error) {
	list := keyWords(words)
	if len(list) == 0 {
		return nil, nil
	}
	where, args := inScope(in, "a.path", 2)
	args = append([]any{on}, args...)
	var fits, any []string
	for _, w := range list {
		args = append(args, "% "+w+" %")
		n := `$` + strconv.Itoa(len(args))
		one := `(' ' || w.folded || ' ' || q.folded || ' ') LIKE ` + n
		fits = append(fits, `CASE WHEN `+one+` THEN 1 ELSE 0 END`)
		any = append(any, one)
	}
	args = append(args, take)
	rows, err := db.read.QueryContext(ctx, `SELECT max(w.id), w.text, w.cites, max(q.text), max(w.valid_from), max(w.valid_to), count(*) AS times, max(`+strings.Join(fits, " + ")+`) AS fit
		FROM answer w JOIN question q ON q.id = w.question_id JOIN area a ON a.id = q.area_id
		WHERE (`+strings.Join(any, " OR ")+`) AND w.valid_from <= $1 AND (w.valid_to = '' OR w.valid_to >= $1) AND `+where+` GROUP BY w.text, w.cites ORDER BY fit DESC, times DESC, max(w.recorded_at) DESC, w.text LIMIT $`+strconv.Itoa(len(args)), args...)
	out, err := collect(rows, err, func(r *sql.Rows) (u UsedAnswer, err error) {
		var fit int
		return u, r.Scan(&u.ID, &u.Text, &u.Cites, &u.Question, &u.ValidFrom, &u.ValidTo, &u.Times, &fit)
	})
	if err != nil {
		return nil, fmt.Errorf("find earlier answers: %w", err)
	}
	return out, nil
}

// keyWords are the words of a question worth looking for: the short ones that stand in every sentence are left out.
func keyWords(text string) []string {
	common := map[string]bool{"co": true, "khong": true, "thi": true, "la": true, "va": true, "cua": true, "duoc": true, "nao": true, "gi": true, "sao": true, "cho": true,
		"the": true, "nhu": true, "bao": true, "nhieu": true, "hiem": true, "toi": true, "minh": true, "o": true, "a": true, "di": true, "ve": true, "den": true, "moi": true}
	var out []string
	seen := map[string]bool{}
	for _, w := range vn.Words(vn.Fold(text)) {
		if !common[w] && !seen[w] && len(w) > 1 && len(out) < 12 {
			seen[w] = true
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return vn.Words(vn.Fold(text))[:min(3, len(vn.Words(vn.Fold(text))))]
	}
	return out
}
