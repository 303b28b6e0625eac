package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

const grantColumns = `g.id, g.officer_id, g.role, g.office_id, g.area_id, g.from_on, g.to_on, g.given_by, g.given_at, g.revoked_at`

func scanGrant(r interface{ Scan(...any) error }) (g loa.Grant, err error) {
	var given, revoked int64
	err = r.Scan(&g.ID, &g.Officer, &g.Role, &g.Office, &g.Area, &g.From, &g.To, &g.GivenBy, &given, &revoked)
	g.GivenAt, g.Revoked = instant(given), revoked != 0
	return g, err
}

// GrantsOf are all roles an officer was ever given; it takes no scope, since it is how a scope is found.
func (db *DB) GrantsOf(ctx context.Context, officer loa.OfficerID) ([]loa.Grant, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+grantColumns+` FROM grant_role g WHERE g.officer_id = $1 ORDER BY g.from_on, g.id`, officer)
	return collect(rows, err, func(r *sql.Rows) (loa.Grant, error) { return scanGrant(r) })
}

// Grants are all roles given in the scope's office, newest last.
func (db *DB) Grants(ctx context.Context, in loa.Scope) ([]loa.Grant, error) {
	if in.Empty() {
		return nil, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+grantColumns+` FROM grant_role g WHERE g.office_id = $1 ORDER BY g.officer_id, g.from_on, g.id`, in.Office)
	return collect(rows, err, func(r *sql.Rows) (loa.Grant, error) { return scanGrant(r) })
}

// GiveRole gives an officer of the scope's office a role in a place for a time. Nobody gives a role to themselves, and who
// opens a whole province must administer every office of it.
func (db *DB) GiveRole(ctx context.Context, in loa.Scope, by loa.By, g loa.Grant) error {
	if err := g.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := officerForChange(ctx, tx, in, g.Officer); err != nil {
			return err
		}
		if g.Officer == by.Officer {
			return loa.Refuse(loa.Denied, "", "own_access")
		}
		if g.Area != "" {
			if err := areaInScope(ctx, tx, in, g.Area); err != nil {
				return loa.Refuse(loa.Invalid, "area", "not_in_list")
			}
		}
		if g.Role == loa.ProvinceViewer {
			if err := administersProvince(ctx, tx, in.Office, by); err != nil {
				return err
			}
		}
		g.Office, g.GivenBy, g.GivenAt = in.Office, by.Officer, by.At
		if err := insertGrant(ctx, tx, g); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "granted", "officer", string(g.Officer),
			fmt.Sprintf("grant=%s role=%s area=%s from=%s to=%s", g.ID, g.Role, g.Area, g.From, g.To))
	})
}

// administersProvince refuses an administrator of one office who would open the figures of its neighbours.
func administersProvince(ctx context.Context, tx *sql.Tx, office loa.OfficeID, by loa.By) error {
	var others int64
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM office o WHERE o.province_id = (SELECT province_id FROM office WHERE id = $1)
		AND NOT EXISTS (SELECT 1 FROM grant_role g WHERE g.officer_id = $2 AND g.role = 'administrator' AND g.office_id = o.id
			AND g.revoked_at = 0 AND g.from_on <= $3 AND g.to_on >= $3)`, office, by.Officer, by.Day()).Scan(&others)
	if err != nil {
		return fmt.Errorf("look at the province's offices: %w", err)
	}
	if others > 0 {
		return loa.Refuse(loa.Denied, "role", "province_administrator")
	}
	return nil
}

func insertGrant(ctx context.Context, tx *sql.Tx, g loa.Grant) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO grant_role (id, officer_id, role, office_id, area_id, from_on, to_on, given_by, given_at) VALUES (`+placeholders(1, 9)+`)`,
		g.ID, g.Officer, g.Role, g.Office, g.Area, g.From, g.To, g.GivenBy, millis(g.GivenAt))
	if err != nil {
		return fmt.Errorf("give a role: %w", err)
	}
	return nil
}

// RevokeRole takes a role back at once; it stays readable in the officer's history.
func (db *DB) RevokeRole(ctx context.Context, in loa.Scope, by loa.By, grant string) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		g, err := scanGrant(tx.QueryRowContext(ctx, `SELECT `+grantColumns+` FROM grant_role g WHERE g.id = $1 AND g.office_id = $2`, grant, in.Office))
		if err != nil {
			return notFound(err)
		}
		if err := wholeOffice(ctx, tx, in); err != nil {
			return err
		}
		if g.Officer == by.Officer {
			return loa.Refuse(loa.Denied, "", "own_access")
		}
		if g.Revoked {
			return loa.Refuse(loa.Conflict, "", "already_revoked")
		}
		if _, err := tx.ExecContext(ctx, `UPDATE grant_role SET revoked_at = $1 WHERE id = $2`, millis(by.At), grant); err != nil {
			return fmt.Errorf("take a role back: %w", err)
		}
		if err := administratorLeft(ctx, tx, in.Office, by.Day()); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "revoked", "officer", string(g.Officer), "grant="+g.ID+" role="+string(g.Role))
	})
}

// RestoreRole undoes taking a role back, for as long as a hasty hand may notice: an hour.
func (db *DB) RestoreRole(ctx context.Context, in loa.Scope, by loa.By, grant string) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := wholeOffice(ctx, tx, in); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE grant_role SET revoked_at = 0 WHERE id = $1 AND office_id = $2 AND revoked_at >= $3 AND officer_id <> $4`,
			grant, in.Office, millis(by.At.Add(-time.Hour)), by.Officer)
		if err != nil {
			return fmt.Errorf("give a role back: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return notFound(firstError(err, sql.ErrNoRows))
		}
		var officer loa.OfficerID
		if err := tx.QueryRowContext(ctx, `SELECT officer_id FROM grant_role WHERE id = $1`, grant).Scan(&officer); err != nil {
			return fmt.Errorf("read a role: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "restored", "officer", string(officer), "grant="+grant)
	})
}

// administratorLeft refuses a change after which nobody could administer the office.
func administratorLeft(ctx context.Context, tx *sql.Tx, office loa.OfficeID, on loa.Day) error {
	var left bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM grant_role g JOIN officer o ON o.id = g.officer_id
		WHERE g.office_id = $1 AND g.role = 'administrator' AND g.revoked_at = 0 AND g.from_on <= $2 AND g.to_on >= $2 AND o.disabled_at = 0)`, office, on).Scan(&left)
	if err != nil {
		return fmt.Errorf("look for an administrator: %w", err)
	}
	if !left {
		return loa.Refuse(loa.Denied, "", "last_administrator")
	}
	return nil
}

// OfficeAreas are the communes an office owns on a day and its own node, in the order of the tree: what a whole-office role covers.
func (db *DB) OfficeAreas(ctx context.Context, office loa.OfficeID, on loa.Day) ([]loa.Area, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+areaColumns+` FROM area a WHERE a.path <> '' AND (
		a.id = (SELECT anchor_id FROM office WHERE id = $1)
		OR a.id IN (SELECT area_id FROM office_area WHERE office_id = $1 AND from_on <= $2 AND to_on >= $2))
		ORDER BY CASE WHEN a.kind = 'office' THEN 1 ELSE 0 END, a.path`, office, on)
	return collect(rows, err, func(r *sql.Rows) (loa.Area, error) { return scanArea(r) })
}
