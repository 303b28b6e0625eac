package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// Markets are the recurring markets inside the scope.
func (db *DB) Markets(ctx context.Context, in loa.Scope) ([]loa.Market, error) {
	where, args := inScope(in, "a.path", 1)
	rows, err := db.read.QueryContext(ctx, `SELECT m.id, m.office_id, m.area_id, m.name, m.rule, m.source, m.note FROM market m JOIN area a ON a.id = m.area_id
		WHERE `+where+` ORDER BY m.folded, m.id`, args...)
	list, err := collect(rows, err, func(r *sql.Rows) (m loa.Market, err error) {
		return m, r.Scan(&m.ID, &m.Office, &m.Area, &m.Name, &m.Rule, &m.Source, &m.Note)
	})
	if err != nil {
		return nil, fmt.Errorf("read the markets: %w", err)
	}
	return list, nil
}

// FestivalDays are the days places inside the scope keep, between two days, oldest first.
func (db *DB) FestivalDays(ctx context.Context, in loa.Scope, from, to loa.Day) ([]loa.FestivalDay, error) {
	where, args := inScope(in, "a.path", 3)
	rows, err := db.read.QueryContext(ctx, `SELECT f.id, f.office_id, f.area_id, f.name, f.from_on, f.to_on, f.kind, f.source FROM festival f JOIN area a ON a.id = f.area_id
		WHERE f.to_on >= $1 AND f.from_on <= $2 AND `+where+` ORDER BY f.from_on, f.id LIMIT 5000`, append([]any{from, to}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (f loa.FestivalDay, err error) {
		return f, r.Scan(&f.ID, &f.Office, &f.Area, &f.Name, &f.From, &f.To, &f.Kind, &f.Source)
	})
	if err != nil {
		return nil, fmt.Errorf("read the festivals: %w", err)
	}
	return list, nil
}
