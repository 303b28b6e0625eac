package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// graceOf is the payment grace of an office: the law's, changed by the rows of the office that have been approved.
func (db *DB) graceOf(ctx context.Context, q querier, office loa.OfficeID) (loa.Grace, error) {
	g, changes := db.grace.(loa.OfficeGrace)
	if !changes || office == "" {
		return db.grace, nil
	}
	// the byte after "." ends the names that begin with the prefix
	rows, err := q.QueryContext(ctx, `SELECT `+policyRowColumns+` FROM policy_row WHERE office_id = $1 AND name > $2 AND name < $3 AND state = $4`,
		office, loa.GraceRow, loa.GraceRow[:len(loa.GraceRow)-1]+"/", loa.RowApproved)
	own, err := collect(rows, err, func(r *sql.Rows) (loa.PolicyRow, error) { return scanPolicyRow(r) })
	if err != nil {
		return nil, fmt.Errorf("read the office's payment grace: %w", err)
	}
	if len(own) == 0 {
		return db.grace, nil
	}
	return g.With(own), nil
}

// regrace derives the spells of everybody who ever was in voluntary SI anew, in the transaction that changes the grace, so that
// counts and law never disagree.
func (db *DB) regrace(ctx context.Context, tx *sql.Tx, office loa.OfficeID) error {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT person_id FROM spell WHERE office_id = $1 AND scheme = $2 ORDER BY person_id`, office, loa.VoluntarySI)
	people, err := collect(rows, err, func(r *sql.Rows) (id loa.PersonID, err error) { return id, r.Scan(&id) })
	if err != nil {
		return fmt.Errorf("find whom the payment grace touches: %w", err)
	}
	for len(people) > 0 {
		n := min(len(people), 400)
		if err := db.reprojectMany(ctx, tx, people[:n]); err != nil {
			return err
		}
		people = people[n:]
	}
	return nil
}
