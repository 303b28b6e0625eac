package store

import (
	"context"
	"fmt"
	"sync"

	"loa"
)

// keptReads keeps the results of costly reads for as long as the rows they were made from are the same. Unlike what the pages
// keep by the office's change number, these outlive changes of other things: a corrected name does not make sessions be
// counted anew.
type keptReads struct {
	mu sync.Mutex
	by map[string]any
}

const keptReadsAtMost = 400

// keepRead returns the kept result of a question, or makes it. The state names everything the result depends on; it is read
// before the result, so that a change in between makes the result be made anew the next time. Nobody may write into a result.
func keepRead[T any](db *DB, question, state string, build func() (T, error)) (T, error) {
	key := question + "\n" + state
	db.kept.mu.Lock()
	v, ok := db.kept.by[key]
	db.kept.mu.Unlock()
	if ok {
		return v.(T), nil
	}
	made, err := build()
	if err != nil {
		return made, err
	}
	db.kept.mu.Lock()
	defer db.kept.mu.Unlock()
	if db.kept.by == nil || len(db.kept.by) >= keptReadsAtMost {
		db.kept.by = map[string]any{} // seldom, and what is asked for again is made again
	}
	db.kept.by[key] = made
	return made, nil
}

// outreachState names what sessions, heads, questions and people met are counted from: the newest change of each kind, the
// records merged, and the tree the areas stand in.
func (db *DB) outreachState(ctx context.Context, office loa.OfficeID) (string, error) {
	var sessions, heads, questions, areas, merged, lastMerged int64
	err := db.read.QueryRowContext(ctx, `SELECT (SELECT COALESCE(max(change_no), 0) FROM session WHERE office_id = $1),
			(SELECT COALESCE(max(change_no), 0) FROM attendance_fact WHERE office_id = $1),
			(SELECT COALESCE(max(change_no), 0) FROM question_fact WHERE office_id = $1),
			(SELECT COALESCE(max(change_no), 0) FROM area WHERE office_id = $1), m.n, m.last
		FROM (SELECT count(*) AS n, COALESCE(max(change_no), 0) AS last FROM person WHERE merged_into <> '') m`, office).
		Scan(&sessions, &heads, &questions, &areas, &merged, &lastMerged)
	if err != nil {
		return "", fmt.Errorf("look what changed: %w", err)
	}
	return fmt.Sprint(sessions, heads, questions, areas, merged, lastMerged), nil
}

// standingState names what spells are derived from: the newest payment, leaving and total, the imports that are hidden, and the
// tree the areas stand in.
func (db *DB) standingState(ctx context.Context, office loa.OfficeID) (string, error) {
	var paid, left, flows, areas, hidden, since int64
	err := db.read.QueryRowContext(ctx, `SELECT (SELECT COALESCE(max(change_no), 0) FROM contribution_fact WHERE office_id = $1),
			(SELECT COALESCE(max(change_no), 0) FROM leaving_fact WHERE office_id = $1),
			(SELECT COALESCE(max(change_no), 0) FROM flow WHERE office_id = $1),
			(SELECT COALESCE(max(change_no), 0) FROM area WHERE office_id = $1), count(*), COALESCE(max(since), 0) FROM hidden_batch`, office).
		Scan(&paid, &left, &flows, &areas, &hidden, &since)
	if err != nil {
		return "", fmt.Errorf("look what changed: %w", err)
	}
	return fmt.Sprint(paid, left, flows, areas, hidden, since), nil
}
