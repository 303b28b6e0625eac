package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
	"loa/vn"
)

const policyRowColumns = `id, office_id, name, from_on, to_on, value, unit, cites, source, confirmed, why, proposed_by, proposed_at, state, decided_by, decided_at, reason`

func scanPolicyRow(r interface{ Scan(...any) error }) (p loa.PolicyRow, err error) {
	var proposed, decided int64
	err = r.Scan(&p.ID, &p.Office, &p.Name, &p.From, &p.To, &p.Value, &p.Unit, &p.Cites, &p.Source, &p.Confirmed, &p.Why, &p.ProposedBy, &proposed, &p.State, &p.DecidedBy, &decided, &p.Reason)
	p.ProposedAt, p.DecidedAt = instant(proposed), instant(decided)
	return p, err
}

// mostPolicyRows bounds what is read at once: an office adds a few a year.
const mostPolicyRows = 5000

// PolicyRows are the office's own rows of the law, in every state, by name and day.
func (db *DB) PolicyRows(ctx context.Context, office loa.OfficeID) ([]loa.PolicyRow, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+policyRowColumns+` FROM policy_row WHERE office_id = $1 ORDER BY name, from_on, proposed_at, id LIMIT $2`, office, mostPolicyRows)
	return collect(rows, err, func(r *sql.Rows) (loa.PolicyRow, error) { return scanPolicyRow(r) })
}

// ProposePolicyRow keeps a row that waits for a second officer. The same row sent twice is kept once.
func (db *DB) ProposePolicyRow(ctx context.Context, in loa.Scope, by loa.By, p loa.PolicyRow) error {
	p.Cites, p.Source, p.Why = vn.Tidy(p.Cites), vn.Tidy(p.Source), vn.Tidy(p.Why)
	if !loa.ValidID(p.ID) {
		return loa.Refuse(loa.Invalid, "", "bad_id")
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := wholeOffice(ctx, tx, in); err != nil {
			return err
		}
		var there int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM policy_row WHERE id = $1`, p.ID).Scan(&there); err != nil {
			return fmt.Errorf("look for the policy row: %w", err)
		}
		if there > 0 {
			return nil
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO policy_row (`+policyRowColumns+`, change_no) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', 0, '', $15)`,
			p.ID, in.Office, p.Name, p.From, p.To, p.Value, p.Unit, p.Cites, p.Source, p.Confirmed, p.Why, by.Officer, by.At.UnixMilli(), loa.RowProposed, change)
		if err != nil {
			return fmt.Errorf("keep the policy row: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "created", "policy_row", p.ID, p.Name)
	})
}

// DecidePolicyRow approves or refuses a row that waits; it must be another officer than the one who proposed it.
func (db *DB) DecidePolicyRow(ctx context.Context, in loa.Scope, by loa.By, id string, approve bool, reason string) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := wholeOffice(ctx, tx, in); err != nil {
			return err
		}
		p, err := scanPolicyRow(tx.QueryRowContext(ctx, `SELECT `+policyRowColumns+` FROM policy_row WHERE office_id = $1 AND id = $2`, in.Office, id))
		if err != nil {
			return notFound(err)
		}
		if err := p.Decide(by, approve, vn.Tidy(reason)); err != nil {
			return err
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE policy_row SET state = $1, decided_by = $2, decided_at = $3, reason = $4, change_no = $5 WHERE id = $6 AND state = $7`,
			p.State, p.DecidedBy, p.DecidedAt.UnixMilli(), p.Reason, change, id, loa.RowProposed)
		if err != nil {
			return fmt.Errorf("decide on the policy row: %w", err)
		}
		if approve && p.MovesGrace() {
			if err := db.regrace(ctx, tx, in.Office); err != nil {
				return err
			}
		}
		act := "approved"
		if !approve {
			act = "refused"
		}
		return addAudit(ctx, tx, in.Office, by, act, "policy_row", id, p.Name)
	})
}
