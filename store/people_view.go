package store

import (
	"context"
	"database/sql"
	"fmt"
	"unicode/utf8"

	"loa"
	"loa/vn"
)

// PeopleView is a set of filters of the list of people that an officer keeps under a name.
type PeopleView struct {
	ID    string
	Name  string
	Query string
}

// maxPeopleViews is how many filters one officer keeps: they stand beside each other on the page.
const maxPeopleViews = 12

// PeopleViews are the filters an officer keeps, oldest first. They hold no people: whoever opens one sees their own scope.
func (db *DB) PeopleViews(ctx context.Context, in loa.Scope, officer loa.OfficerID) ([]PeopleView, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT id, name, query FROM people_view WHERE office_id = $1 AND officer_id = $2 AND removed_at = 0 ORDER BY made_at, id`, in.Office, officer)
	list, err := collect(rows, err, func(r *sql.Rows) (v PeopleView, err error) { return v, r.Scan(&v.ID, &v.Name, &v.Query) })
	if err != nil {
		return nil, fmt.Errorf("read the kept filters: %w", err)
	}
	return list, nil
}

// SavePeopleView keeps filters under a name.
func (db *DB) SavePeopleView(ctx context.Context, in loa.Scope, by loa.By, v PeopleView) error {
	v.Name = vn.Tidy(v.Name)
	switch {
	case v.Name == "":
		return loa.Refuse(loa.Invalid, "name", "required")
	case utf8.RuneCountInString(v.Name) > 40:
		return loa.Refuse(loa.Invalid, "name", "too_long", 40)
	case v.Query == "" || len(v.Query) > 1000:
		return loa.Refuse(loa.Invalid, "query", "view_empty")
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM people_view WHERE office_id = $1 AND officer_id = $2 AND removed_at = 0`, in.Office, by.Officer).Scan(&n); err != nil {
			return fmt.Errorf("count the kept filters: %w", err)
		}
		if n >= maxPeopleViews {
			return loa.Refuse(loa.Conflict, "name", "too_many_views", maxPeopleViews)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO people_view (id, office_id, officer_id, name, query, made_at) VALUES ($1, $2, $3, $4, $5, $6)`, v.ID, in.Office, by.Officer, v.Name, v.Query, millis(by.At))
		if err != nil {
			return fmt.Errorf("keep filters: %w", err)
		}
		return nil
	})
}

// DropPeopleView forgets an officer's own filters, or brings them back.
func (db *DB) DropPeopleView(ctx context.Context, in loa.Scope, by loa.By, id string, drop bool) error {
	at := int64(0)
	if drop {
		at = millis(by.At)
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE people_view SET removed_at = $1 WHERE id = $2 AND office_id = $3 AND officer_id = $4`, at, id, in.Office, by.Officer)
		if err != nil {
			return fmt.Errorf("forget kept filters: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return notFoundUnless(err)
		}
		return nil
	})
}
