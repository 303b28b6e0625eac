package store

import (
	"context"
	"fmt"

	"loa"
)

// OpenQuestions counts the questions of the scope that nobody has answered yet.
func (db *DB) OpenQuestions(ctx context.Context, in loa.Scope) (n int, err error) {
	where, args := inScope(in, "a.path", 1)
	err = db.read.QueryRowContext(ctx, `SELECT count(*) FROM question q JOIN area a ON a.id = q.area_id WHERE `+where+`
		AND NOT EXISTS (SELECT 1 FROM answer w WHERE w.question_id = q.id)`, args...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count open questions: %w", err)
	}
	return n, nil
}
