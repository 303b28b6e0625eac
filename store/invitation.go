package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// Invitation is what a partner sees of a session it was asked to.
type Invitation struct {
	Session      loa.Session
	Partner      loa.PartnerID
	PartnerName  string
	Office       string
	Area         string
	Commune      string
	Officers     []loa.Officer // name and telephone alone
	SaidYes      loa.Day
	OtherPartner []string
}

// Invitation finds one by the secret in its address. That secret is the way in, so no scope is asked; nobody's name but the
// officers' and the partners' can be read through it.
func (db *DB) Invitation(ctx context.Context, token string) (v Invitation, err error) {
	if len(token) < 20 {
		return v, loa.ErrNotFound
	}
	var id loa.SessionID
	err = db.read.QueryRowContext(ctx, `SELECT l.session_id, l.partner_id, l.confirmed_on, p.name FROM session_partner l JOIN partner p ON p.id = l.partner_id WHERE l.token = $1`, token).
		Scan(&id, &v.Partner, &v.SaidYes, &v.PartnerName)
	if err != nil {
		return v, notFound(err)
	}
	if v.Session, err = scanSession(db.read.QueryRowContext(ctx, `SELECT `+sessionColumns+` FROM session s WHERE s.id = $1`, id)); err != nil {
		return v, notFound(err)
	}
	var path, prefix, name string
	if err := db.read.QueryRowContext(ctx, `SELECT o.name, a.path, a.prefix, a.name FROM office o, area a WHERE o.id = $1 AND a.id = $2`, v.Session.Office, v.Session.Area).Scan(&v.Office, &path, &prefix, &name); err != nil {
		return v, fmt.Errorf("read where an invitation leads: %w", err)
	}
	v.Area = loa.Area{Prefix: prefix, Name: name}.Label()
	err = db.read.QueryRowContext(ctx, `SELECT a.prefix, a.name FROM area a WHERE a.kind = 'commune' AND a.path <> '' AND a.id <> $1 AND substr($2, 1, length(a.path)) = a.path AND a.office_id = $3 LIMIT 1`, v.Session.Area, path, v.Session.Office).Scan(&prefix, &name)
	if err == nil {
		v.Commune = loa.Area{Prefix: prefix, Name: name}.Label()
	} else if err != sql.ErrNoRows {
		return v, fmt.Errorf("read the commune of an invitation: %w", err)
	}
	rows, err := db.read.QueryContext(ctx, `SELECT o.name, o.phone FROM session_officer l JOIN officer o ON o.id = l.officer_id WHERE l.session_id = $1 ORDER BY o.name, o.id`, id)
	v.Officers, err = collect(rows, err, func(r *sql.Rows) (o loa.Officer, err error) { return o, r.Scan(&o.Name, &o.Phone) })
	if err != nil {
		return v, fmt.Errorf("read who holds an invitation's session: %w", err)
	}
	rows, err = db.read.QueryContext(ctx, `SELECT p.name FROM session_partner l JOIN partner p ON p.id = l.partner_id WHERE l.session_id = $1 AND l.partner_id <> $2 ORDER BY p.folded, p.id`, id, v.Partner)
	v.OtherPartner, err = collectIDs(rows, err)
	return v, err
}

// AnswerInvitation notes by the secret of its address that a partner comes, or that it does not.
func (db *DB) AnswerInvitation(ctx context.Context, token string, by loa.By, comes bool) error {
	v, err := db.Invitation(ctx, token)
	if err != nil {
		return err
	}
	on := loa.Day("")
	if comes {
		on = by.Day()
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, v.Session.Office, 1); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE session_partner SET confirmed_on = $1 WHERE token = $2`, on, token); err != nil {
			return fmt.Errorf("note a partner's answer: %w", err)
		}
		return addAudit(ctx, tx, v.Session.Office, by, "answered", "session", string(v.Session.ID), "partner="+string(v.Partner))
	})
}
