package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// DemoOfficer is an invented officer whom the demo's sign-in page offers as one button.
type DemoOfficer struct {
	loa.Officer
	Role  loa.Role
	Place string // the commune of a role that does not cover the whole office
	Token string
}

// DemoOfficers are the officers of offices that the demo made, in the order roles are offered; a real office has none.
func (db *DB) DemoOfficers(ctx context.Context) ([]DemoOfficer, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+officerColumns+`, g.role, COALESCE(a.name, ''), o.demo_token
		FROM officer o JOIN office f ON f.id = o.office_id AND f.synthetic JOIN grant_role g ON g.officer_id = o.id AND g.revoked_at = 0
		LEFT JOIN area a ON a.id = g.area_id WHERE o.demo_token <> '' AND o.disabled_at = 0 ORDER BY o.created_at, o.id, g.given_at, g.id`)
	all, err := collect(rows, err, func(r *sql.Rows) (d DemoOfficer, err error) {
		d.Officer, err = scanOfficer(r, &d.Role, &d.Place, &d.Token)
		return d, err
	})
	if err != nil {
		return nil, fmt.Errorf("list the demo's officers: %w", err)
	}
	seen := map[loa.OfficerID]bool{}
	var out []DemoOfficer
	for _, role := range loa.Roles {
		for _, d := range all {
			if d.Role == role && !seen[d.ID] {
				seen[d.ID] = true
				out = append(out, d)
			}
		}
	}
	return out, nil
}

// DemoOfficer is the officer behind a demo token; it opens nothing but what the demo made.
func (db *DB) DemoOfficer(ctx context.Context, token string) (loa.Officer, error) {
	if token == "" {
		return loa.Officer{}, loa.ErrNotFound
	}
	o, err := scanOfficer(db.read.QueryRowContext(ctx, `SELECT `+officerColumns+` FROM officer o JOIN office f ON f.id = o.office_id AND f.synthetic
		WHERE o.demo_token = $1 AND o.disabled_at = 0`, token))
	return o, notFound(err)
}
