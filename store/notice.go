package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"loa"
)

// tellOfficers puts into the queue what the officers concerned are told on their devices, in the transaction of what happened: nobody is told
// of what was taken back. Whoever did it knows already. Where to names some, of those concerned only they are told.
func tellOfficers(ctx context.Context, tx *sql.Tx, office loa.OfficeID, by loa.By, kind loa.NoticeKind, record string, pressing bool, to ...loa.OfficerID) error {
	var any bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM push_device)`).Scan(&any); err != nil || !any {
		return err
	}
	officers, err := concerned(ctx, tx, office, kind, record, by.Day())
	if err != nil {
		return err
	}
	for _, o := range officers {
		if o == by.Officer || len(to) > 0 && !slices.Contains(to, o) {
			continue
		}
		rows, err := tx.QueryContext(ctx, `SELECT d.id FROM push_device d WHERE d.officer_id = $1 AND d.gone_at = 0 AND NOT EXISTS (SELECT 1 FROM push_mute m WHERE m.officer_id = d.officer_id AND m.kind = $2) ORDER BY d.id`, o, kind)
		devices, err := collect(rows, err, func(r *sql.Rows) (id loa.DeviceID, err error) { return id, r.Scan(&id) })
		if err != nil {
			return fmt.Errorf("find the devices of an officer: %w", err)
		}
		for _, d := range devices {
			at := loa.NoticeTime(by.At, pressing)
			if err := addNotice(ctx, tx, loa.Notice{ID: loa.NoticeID(loa.NewID()), Office: office, Officer: o, Device: d, Kind: kind, Record: record, Pressing: pressing, MadeAt: by.At, NotBefore: at, Until: at.Add(loa.NoticeLife)}); err != nil {
				return err
			}
		}
	}
	return nil
}

func addNotice(ctx context.Context, tx *sql.Tx, n loa.Notice) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO push_notice (id, office_id, officer_id, device_id, kind, record_id, pressing, state, made_at, not_before, until_at) VALUES (`+placeholders(1, 11)+`)`,
		n.ID, n.Office, n.Officer, n.Device, n.Kind, n.Record, n.Pressing, loa.NoticeQueued, millis(n.MadeAt), millis(n.NotBefore), millis(n.Until))
	if err != nil {
		return fmt.Errorf("keep a notice: %w", err)
	}
	return nil
}

// TryDevice tells one of the officer's own devices that it works.
func (db *DB) TryDevice(ctx context.Context, in loa.Scope, by loa.By, id loa.DeviceID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := ownDevice(ctx, tx, in, by, id); err != nil {
			return err
		}
		var waits bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM push_notice WHERE device_id = $1 AND kind = $2 AND state = 'queued')`, id, loa.NoticeTrial).Scan(&waits); err != nil || waits {
			return err // pressed twice
		}
		return addNotice(ctx, tx, loa.Notice{ID: loa.NoticeID(loa.NewID()), Office: in.Office, Officer: by.Officer, Device: id, Kind: loa.NoticeTrial, Pressing: true, MadeAt: by.At, NotBefore: by.At, Until: by.At.Add(loa.NoticeLife)})
	})
}

// concerned are the officers a thing concerns as it stands: asked when it happens, and again before they are told.
func concerned(ctx context.Context, q querier, office loa.OfficeID, kind loa.NoticeKind, record string, on loa.Day) ([]loa.OfficerID, error) {
	switch kind {
	case loa.NoticeGiven:
		rows, err := q.QueryContext(ctx, `SELECT c.owner_id FROM conversation c WHERE c.id = $1 AND c.office_id = $2 AND c.state = 'open' AND c.owner_id <> ''
			UNION SELECT q.owner_id FROM conversation c JOIN question q ON q.id = c.question_id WHERE c.id = $3 AND c.office_id = $4 AND c.state = 'open' AND c.channel_id <> '' AND q.owner_id <> ''`, record, office, record, office)
		return collect(rows, err, func(r *sql.Rows) (id loa.OfficerID, err error) { return id, r.Scan(&id) })
	case loa.NoticeApproval:
		return approvers(ctx, q, office, loa.BroadcastID(record), on)
	case loa.NoticeHalted:
		var path string
		err := q.QueryRowContext(ctx, `SELECT a.path FROM channel c JOIN area a ON a.id = c.area_id WHERE c.id = $1 AND c.office_id = $2 AND c.state = 'halted'`, record, office).Scan(&path)
		if err == sql.ErrNoRows {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the account: %w", err)
		}
		return mayAt(ctx, q, office, loa.Administer, path, on)
	}
	return nil, nil
}

// approvers are those whose word a broadcast waits for: not its author, nor whoever changed it last, nor who gave it already.
func approvers(ctx context.Context, q querier, office loa.OfficeID, id loa.BroadcastID, on loa.Day) ([]loa.OfficerID, error) {
	var b loa.Broadcast
	var path, approvals string
	err := q.QueryRowContext(ctx, `SELECT b.author_id, b.changed_by, b.approvals, a.path FROM broadcast b JOIN area a ON a.id = b.area_id WHERE b.id = $1 AND b.office_id = $2 AND b.state = 'submitted'`, id, office).Scan(&b.Author, &b.ChangedBy, &approvals, &path)
	if err == sql.ErrNoRows {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(approvals), &b.Approvals)
	}
	if err != nil {
		return nil, fmt.Errorf("read the broadcast: %w", err)
	}
	list, err := mayAt(ctx, q, office, loa.EditOutreach, path, on)
	return slices.DeleteFunc(list, func(o loa.OfficerID) bool {
		return o == b.Author || o == b.ChangedBy || slices.ContainsFunc(b.Approvals, func(a loa.Approval) bool { return a.Officer == o })
	}), err
}

// mayAt are the officers whose roles of a day include an act at a place of the office.
func mayAt(ctx context.Context, q querier, office loa.OfficeID, act loa.Act, path string, on loa.Day) ([]loa.OfficerID, error) {
	args := []any{office, on, on}
	for _, r := range loa.Roles {
		if r.May(act) {
			args = append(args, r)
		}
	}
	rows, err := q.QueryContext(ctx, `SELECT g.officer_id, g.area_id, COALESCE(a.path, '') FROM grant_role g JOIN officer o ON o.id = g.officer_id LEFT JOIN area a ON a.id = g.area_id
		WHERE g.office_id = $1 AND g.revoked_at = 0 AND g.from_on <= $2 AND g.to_on >= $3 AND o.disabled_at = 0 AND g.role IN (`+placeholders(4, len(args)-3)+`) ORDER BY g.officer_id`, args...)
	type held struct {
		officer loa.OfficerID
		area    loa.AreaID
		path    string
	}
	list, err := collect(rows, err, func(r *sql.Rows) (h held, err error) { return h, r.Scan(&h.officer, &h.area, &h.path) })
	if err != nil {
		return nil, fmt.Errorf("find who may: %w", err)
	}
	var out []loa.OfficerID
	for _, h := range list {
		if in := (loa.Scope{Ranges: []loa.Range{loa.Under(h.path)}}); h.area == "" || in.Holds(path) {
			out = append(out, h.officer)
		}
	}
	return slices.Compact(out), nil
}

// DueNotice is a notice somebody took over to send, with where it goes and the language of its officer.
type DueNotice struct {
	loa.Notice
	Sealed   []byte
	Language string
}

// ClaimNotices takes over what is due. It counts as possibly sent from then on: what a process had that is gone is unsure and nobody sends it
// again. What was settled meanwhile, or is no longer its officer's to know, is dropped here.
func (db *DB) ClaimNotices(ctx context.Context, by string, now time.Time, lease time.Duration, take int) (out []DueNotice, err error) {
	var due bool // most of the time nothing is: no write then
	err = db.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM push_notice WHERE state = 'queued' AND not_before <= $1) OR EXISTS (SELECT 1 FROM push_notice WHERE state = 'sending' AND lease_until < $2)`, millis(now), millis(now)).Scan(&due)
	if err != nil || !due {
		return nil, err
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		out = nil
		if _, err := tx.ExecContext(ctx, `UPDATE push_notice SET state = 'unsure', done_at = $1 WHERE state = 'sending' AND lease_until < $2`, millis(now), millis(now)); err != nil {
			return fmt.Errorf("note what is unsure: %w", err)
		}
		rows, err := tx.QueryContext(ctx, `UPDATE push_notice SET state = 'sending', lease_by = $1, lease_until = $2, tries = tries + 1
			WHERE id IN (SELECT n.id FROM push_notice n WHERE n.state = 'queued' AND n.not_before <= $3 ORDER BY n.not_before, n.id`+limit(take)+db.skipLocked("n")+`)
			RETURNING id, office_id, officer_id, device_id, kind, record_id, pressing, tries, made_at, until_at`, by, millis(now.Add(lease)), millis(now))
		list, err := collect(rows, err, func(r *sql.Rows) (n DueNotice, err error) {
			var made, until int64
			err = r.Scan(&n.ID, &n.Office, &n.Officer, &n.Device, &n.Kind, &n.Record, &n.Pressing, &n.Tries, &made, &until)
			n.MadeAt, n.Until, n.State = instant(made), instant(until), loa.NoticeSending
			return n, err
		})
		if err != nil {
			return fmt.Errorf("claim what is due: %w", err)
		}
		for _, n := range list {
			still, err := stillWanted(ctx, tx, &n, now)
			if err != nil {
				return err
			}
			if still {
				out = append(out, n)
				continue
			}
			if _, err := tx.ExecContext(ctx, `UPDATE push_notice SET state = 'stale', done_at = $1, lease_until = 0 WHERE id = $2`, millis(now), n.ID); err != nil {
				return fmt.Errorf("drop a notice: %w", err)
			}
		}
		return nil
	})
	return out, err
}

// stillWanted looks at a notice anew: its time, its device, its officer's wish, and whether the thing still waits for them.
func stillWanted(ctx context.Context, tx *sql.Tx, n *DueNotice, now time.Time) (bool, error) {
	if now.After(n.Until) {
		return false, nil
	}
	err := tx.QueryRowContext(ctx, `SELECT d.sealed, o.language FROM push_device d JOIN officer o ON o.id = d.officer_id WHERE d.id = $1 AND d.officer_id = $2 AND d.gone_at = 0 AND o.disabled_at = 0
		AND NOT EXISTS (SELECT 1 FROM push_mute m WHERE m.officer_id = d.officer_id AND m.kind = $3)`, n.Device, n.Officer, n.Kind).Scan(&n.Sealed, &n.Language)
	if err == sql.ErrNoRows {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("find the device: %w", err)
	}
	if n.Kind == loa.NoticeTrial {
		return true, nil
	}
	list, err := concerned(ctx, tx, n.Office, n.Kind, n.Record, loa.DayOf(now))
	return slices.Contains(list, n.Officer), err
}

// SettleNotice writes what became of a notice this process had taken over, and how its device does. A device that is gone is told nothing more,
// and where it was reached is forgotten.
func (db *DB) SettleNotice(ctx context.Context, by string, now time.Time, n loa.Notice, gone bool) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE push_notice SET state = $1, code = $2, not_before = CASE WHEN CAST($3 AS BIGINT) > 0 THEN $4 ELSE not_before END, done_at = $5, lease_by = '', lease_until = 0 WHERE id = $6 AND state IN ('sending', 'unsure') AND lease_by = $7`,
			n.State, n.Code, millis(n.NotBefore), millis(n.NotBefore), millis(now), n.ID, by)
		if err != nil {
			return fmt.Errorf("settle a notice: %w", err)
		}
		if k, err := res.RowsAffected(); err != nil || k == 0 {
			return err // its device was taken away meanwhile
		}
		set, args := `failures = failures + 1, failed_at = $1, code = $2`, []any{millis(now), n.Code, n.Device}
		switch {
		case gone:
			set = `gone_at = $1, code = $2, sealed = NULL`
		case n.State == loa.NoticeSent:
			set = `told_at = $1, code = $2, failures = 0, failed_at = 0`
		}
		if _, err := tx.ExecContext(ctx, `UPDATE push_device SET `+set+` WHERE id = $3`, args...); err != nil {
			return fmt.Errorf("note how a device does: %w", err)
		}
		if !gone {
			return nil
		}
		if _, err := tx.ExecContext(ctx, `UPDATE push_notice SET state = 'stale', done_at = $1 WHERE device_id = $2 AND state = 'queued'`, millis(now), n.Device); err != nil {
			return fmt.Errorf("drop what a device would be told: %w", err)
		}
		return nil
	})
}

// SweepNotices forgets what was told a month ago, and devices that have wanted nothing for as long.
func (db *DB) SweepNotices(ctx context.Context, now time.Time) error {
	month := millis(now.AddDate(0, -1, 0))
	for _, q := range []string{`DELETE FROM push_notice WHERE made_at < $1`, `DELETE FROM push_device WHERE gone_at > 0 AND gone_at < $1`} {
		if _, err := db.write.ExecContext(ctx, q, month); err != nil {
			return fmt.Errorf("forget old notices: %w", err)
		}
	}
	return nil
}
