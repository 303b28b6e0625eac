package store

import "context"

// PlanOf tells how a reader of SQLite that was here all the time finds the rows of a query. Only a question that is answered, and not
// only planned, makes it look whether tables were changed.
func (db *DB) PlanOf(ctx context.Context, q string, line func(string)) error {
	db.read.SetMaxOpenConns(1)
	var n int
	if err := db.read.QueryRowContext(ctx, `SELECT count(*) FROM (`+q+`)`).Scan(&n); err != nil {
		return err
	}
	rows, err := db.read.QueryContext(ctx, `EXPLAIN QUERY PLAN `+q)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return err
		}
		line(detail)
	}
	return rows.Err()
}

// OnStatement is told of every statement that is sent to databases opened from now on.
func OnStatement(fn func(text string)) { onStatement = fn }

// ManyTouches makes a count long enough to be kept from so many touches on.
func (db *DB) ManyTouches(n int64) { db.manyTouches = n }
