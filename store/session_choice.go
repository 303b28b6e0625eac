package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// SessionPartners are the bodies a session of the office may be held with; those no longer asked are left out unless named in keep.
func (db *DB) SessionPartners(ctx context.Context, in loa.Scope, keep []loa.PartnerID) ([]loa.Partner, error) {
	if in.Empty() {
		return nil, nil
	}
	args := []any{in.Office}
	or := ``
	if len(keep) > 0 {
		for _, id := range keep {
			args = append(args, id)
		}
		or = ` OR id IN (` + placeholders(2, len(keep)) + `)`
	}
	rows, err := db.read.QueryContext(ctx, `SELECT id, office_id, area_id, kind, name, contact, phone, address FROM partner WHERE office_id = $1 AND (retired_at = 0`+or+`) ORDER BY folded, id LIMIT 1000`, args...)
	out, err := collect(rows, err, func(r *sql.Rows) (p loa.Partner, err error) {
		return p, r.Scan(&p.ID, &p.Office, &p.Area, &p.Kind, &p.Name, &p.Contact, &p.Phone, &p.Address)
	})
	if err != nil {
		return nil, fmt.Errorf("read the partners of sessions: %w", err)
	}
	return out, nil
}

// SessionEmployers are the employers a session may be held at, by name.
func (db *DB) SessionEmployers(ctx context.Context, in loa.Scope) ([]loa.Employer, error) {
	where, args := inScope(in, "a.path", 1)
	rows, err := db.read.QueryContext(ctx, `SELECT e.id, e.office_id, e.area_id, e.name FROM employer e JOIN area a ON a.id = e.area_id WHERE e.retired_at = 0 AND `+where+` ORDER BY e.folded, e.id LIMIT 2000`, args...)
	out, err := collect(rows, err, func(r *sql.Rows) (e loa.Employer, err error) {
		return e, r.Scan(&e.ID, &e.Office, &e.Area, &e.Name)
	})
	if err != nil {
		return nil, fmt.Errorf("read the employers of sessions: %w", err)
	}
	return out, nil
}

// Invited is one segment a session invited, as it was frozen when it was.
type Invited struct {
	Segment  loa.SegmentID
	Snapshot loa.SnapshotID // empty when nothing was frozen
	Area     loa.AreaID
	N        int
	AsOf     loa.Day
}

// Invitations are the segments of a session with what was frozen of each.
func (db *DB) Invitations(ctx context.Context, in loa.Scope, id loa.SessionID) ([]Invited, error) {
	if _, err := sessionByID(ctx, db.read, in, id); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT g.segment_id, COALESCE(n.id, ''), COALESCE(n.area_id, ''), COALESCE(n.n, 0), COALESCE(n.as_of_on, '') FROM session_segment g
		LEFT JOIN snapshot n ON n.id = g.snapshot_id WHERE g.session_id = $1 ORDER BY g.segment_id`, id)
	out, err := collect(rows, err, func(r *sql.Rows) (v Invited, err error) {
		return v, r.Scan(&v.Segment, &v.Snapshot, &v.Area, &v.N, &v.AsOf)
	})
	if err != nil {
		return nil, fmt.Errorf("read who was invited: %w", err)
	}
	return out, nil
}

// KeepSnapshot ties a frozen segment to the session that invited it.
func (db *DB) KeepSnapshot(ctx context.Context, in loa.Scope, id loa.SessionID, segment loa.SegmentID, snapshot loa.SnapshotID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := sessionByID(ctx, tx, in, id); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE session_segment SET snapshot_id = $1 WHERE session_id = $2 AND segment_id = $3`, snapshot, id, segment)
		if err != nil {
			return fmt.Errorf("tie a snapshot to the session: %w", err)
		}
		return nil
	})
}

// InvitedPeople are all people of the frozen segments of a session, each once.
func (db *DB) InvitedPeople(ctx context.Context, in loa.Scope, id loa.SessionID) ([]loa.PersonID, error) {
	if _, err := sessionByID(ctx, db.read, in, id); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+snapshotColumns+`, s.members FROM session_segment g JOIN snapshot s ON s.id = g.snapshot_id WHERE g.session_id = $1 ORDER BY g.segment_id`, id)
	frozen, err := collect(rows, err, func(r *sql.Rows) (loa.Snapshot, error) { return scanSnapshot(r, true) })
	if err != nil {
		return nil, fmt.Errorf("read who was invited: %w", err)
	}
	var out []loa.PersonID
	seen := map[loa.PersonID]bool{}
	for _, s := range frozen {
		members, err := db.wholeOf(ctx, s)
		if err != nil {
			return nil, err
		}
		for _, p := range members {
			if !seen[p] {
				seen[p] = true
				out = append(out, p)
			}
		}
	}
	return out, nil
}
