package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
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
	if err := db.keepWords(ctx, tx, q.Office, wordsOfQuestion, string(q.ID), w.Text+" "+w.Cites); err != nil { // it is found by what was answered, too
		return err
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

// earlierLooked is how many of the newest questions with a word are looked at for earlier answers, and how many of all are read.
const earlierLooked = 400

// EarlierAnswers are answers whose own words or whose question's words fit, those with most of the words and then the ones used most
// first; of what was asked very often the newest are looked at. An answer whose law does not hold on the day is left out.
func (db *DB) EarlierAnswers(ctx context.Context, in loa.Scope, words string, on loa.Day, take int) ([]UsedAnswer, error) {
	fit := map[loa.FactID]int{}
	for _, number := range wordNumbers(in.Office, wordsOfQuestion, loa.AskedTerms(words)) {
		rows, err := db.read.QueryContext(ctx, `SELECT record_id FROM word WHERE term = $1 ORDER BY record_id DESC`+limit(earlierLooked), number)
		ids, err := collectIDs(rows, err)
		if err != nil {
			return nil, fmt.Errorf("look for a word: %w", err)
		}
		for _, id := range ids {
			fit[loa.FactID(id)]++
		}
	}
	if len(fit) == 0 {
		return nil, nil
	}
	best := slices.SortedFunc(maps.Keys(fit), func(a, b loa.FactID) int { return cmp.Or(cmp.Compare(fit[b], fit[a]), cmp.Compare(b, a)) })
	these, err := asList(db.dialect, best[:min(len(best), earlierLooked)])
	if err != nil {
		return nil, err
	}
	where, args := inScope(in, "a.path", 3)
	rows, err := db.read.QueryContext(ctx, `SELECT q.id, w.id, w.text, w.cites, q.text, w.valid_from, w.valid_to, w.recorded_at FROM question q JOIN answer w ON w.question_id = q.id JOIN area a ON a.id = q.area_id
		WHERE `+db.among("q.id", 1)+` AND w.valid_from <= $2 AND (w.valid_to = '' OR w.valid_to >= $2) AND `+where, append([]any{these, on}, args...)...)
	type found struct {
		UsedAnswer
		fit int
		at  int64
	}
	list, err := collect(rows, err, func(r *sql.Rows) (f found, err error) {
		var question loa.FactID
		err = r.Scan(&question, &f.ID, &f.Text, &f.Cites, &f.Question, &f.ValidFrom, &f.ValidTo, &f.at)
		f.fit, f.Times = fit[question], 1
		return f, err
	})
	if err != nil {
		return nil, fmt.Errorf("find earlier answers: %w", err)
	}
	same := map[[2]string]*found{}
	var out []*found
	for i := range list {
		f := &list[i]
		was := same[[2]string{f.Text, f.Cites}]
		if was == nil {
			same[[2]string{f.Text, f.Cites}] = f
			out = append(out, f)
			continue
		}
		was.Times++
		was.ID, was.Question, was.ValidFrom, was.ValidTo = max(was.ID, f.ID), max(was.Question, f.Question), max(was.ValidFrom, f.ValidFrom), max(was.ValidTo, f.ValidTo)
		was.fit, was.at = max(was.fit, f.fit), max(was.at, f.at)
	}
	slices.SortFunc(out, func(a, b *found) int {
		return cmp.Or(cmp.Compare(b.fit, a.fit), cmp.Compare(b.Times, a.Times), cmp.Compare(b.at, a.at), cmp.Compare(a.Text, b.Text))
	})
	var used []UsedAnswer
	for _, f := range out[:min(take, len(out))] {
		used = append(used, f.UsedAnswer)
	}
	return used, nil
}
