package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// WaitingQuestion is a question nobody has answered yet.
type WaitingQuestion struct {
	ID   loa.FactID
	Area loa.AreaID
	Form loa.Form
	Text string
	On   loa.Day
}

// WaitingQuestions are the oldest questions that wait for an answer.
func (db *DB) WaitingQuestions(ctx context.Context, in loa.Scope, take int) ([]WaitingQuestion, error) {
	where, args := inScope(in, "a.path", 2)
	rows, err := db.read.QueryContext(ctx, `SELECT q.id, q.area_id, q.form, q.text, q.happened_on FROM question q JOIN area a ON a.id = q.area_id
		WHERE NOT EXISTS (SELECT 1 FROM answer w WHERE w.question_id = q.id) AND `+where+` ORDER BY q.happened_on, q.id LIMIT $1`, append([]any{take}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (q WaitingQuestion, err error) {
		return q, r.Scan(&q.ID, &q.Area, &q.Form, &q.Text, &q.On)
	})
	if err != nil {
		return nil, fmt.Errorf("read the waiting questions: %w", err)
	}
	return list, nil
}

// QuestionAges counts the waiting questions asked since a day, between two days, and before.
func (db *DB) QuestionAges(ctx context.Context, in loa.Scope, fresh, old loa.Day) (young, middle, late int, err error) {
	where, args := inScope(in, "a.path", 3)
	err = db.read.QueryRowContext(ctx, `SELECT CAST(coalesce(sum(CASE WHEN q.happened_on >= $1 THEN 1 ELSE 0 END), 0) AS BIGINT),
		CAST(coalesce(sum(CASE WHEN q.happened_on < $1 AND q.happened_on >= $2 THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(coalesce(sum(CASE WHEN q.happened_on < $2 THEN 1 ELSE 0 END), 0) AS BIGINT)
		FROM question q JOIN area a ON a.id = q.area_id WHERE NOT EXISTS (SELECT 1 FROM answer w WHERE w.question_id = q.id) AND `+where, append([]any{fresh, old}, args...)...).Scan(&young, &middle, &late)
	if err != nil {
		return 0, 0, 0, fmt.Errorf("count the waiting questions: %w", err)
	}
	return young, middle, late, nil
}
