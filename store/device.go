package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"loa"
)

const deviceColumns = `d.id, d.office_id, d.officer_id, d.mark, d.sealed, d.name, d.made_at, d.told_at, d.failures, d.failed_at, d.code, d.gone_at`

func scanDevice(r interface{ Scan(...any) error }, more ...any) (d loa.Device, err error) {
	var made, told, failed, gone int64
	err = r.Scan(append([]any{&d.ID, &d.Office, &d.Officer, &d.Mark, &d.Sealed, &d.Name, &made, &told, &d.Failures, &failed, &d.Code, &gone}, more...)...)
	d.MadeAt, d.ToldAt, d.FailedAt, d.GoneAt = instant(made), instant(told), instant(failed), instant(gone)
	return d, err
}

// PushKey is the key pair of an office, made by the first who asks and the same for everybody after: browsers subscribe to it.
func (db *DB) PushKey(ctx context.Context, office loa.OfficeID, at time.Time, pair func() (public string, sealed []byte, err error)) (public string, sealed []byte, err error) {
	read := func() error {
		return db.write.QueryRowContext(ctx, `SELECT public, private FROM push_key WHERE office_id = $1`, office).Scan(&public, &sealed)
	}
	if err = read(); err != sql.ErrNoRows {
		if err != nil {
			err = fmt.Errorf("read the key for browsers: %w", err)
		}
		return public, sealed, err
	}
	if public, sealed, err = pair(); err != nil {
		return "", nil, err
	}
	if _, err = db.write.ExecContext(ctx, `INSERT INTO push_key (office_id, public, private, made_at) VALUES ($1, $2, $3, $4) ON CONFLICT (office_id) DO NOTHING`, office, public, sealed, millis(at)); err != nil {
		return "", nil, fmt.Errorf("keep the key for browsers: %w", err)
	}
	if err = read(); err != nil { // somebody else may have been faster: theirs holds
		err = fmt.Errorf("read the key for browsers: %w", err)
	}
	return public, sealed, err
}

// AddDevice lets an officer's own browser be told from now on. The same browser asked again is the same device; asked by another officer it
// tells them, and no longer whoever used it before.
func (db *DB) AddDevice(ctx context.Context, in loa.Scope, by loa.By, d loa.Device) error {
	if err := d.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil { // one after another
			return err
		}
		var held loa.Device
		held, err := scanDevice(tx.QueryRowContext(ctx, `SELECT `+deviceColumns+` FROM push_device d WHERE d.mark = $1`, d.Mark))
		if err != nil && err != sql.ErrNoRows {
			return fmt.Errorf("find the device: %w", err)
		}
		again := err == nil
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM push_device WHERE officer_id = $1 AND mark <> $2`, by.Officer, d.Mark).Scan(&n); err != nil {
			return fmt.Errorf("count the devices: %w", err)
		}
		if n >= loa.DevicesAtMost {
			return loa.Refuse(loa.Conflict, "", "devices_full", loa.DevicesAtMost)
		}
		if again {
			if err := forgetDevice(ctx, tx, held.ID); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO push_device (id, office_id, officer_id, mark, sealed, name, made_at) VALUES (`+placeholders(1, 7)+`)`, d.ID, in.Office, by.Officer, d.Mark, d.Sealed, d.Name, millis(by.At))
		if err != nil {
			return fmt.Errorf("keep the device: %w", err)
		}
		if again && held.Officer == by.Officer && held.GoneAt.IsZero() {
			return nil // nothing is new but its keys
		}
		return addAudit(ctx, tx, in.Office, by, "added", "device", string(d.ID), "")
	})
}

// DeviceByMark is the officer's own device that is reached at an address.
func (db *DB) DeviceByMark(ctx context.Context, in loa.Scope, officer loa.OfficerID, mark string) (loa.Device, error) {
	d, err := scanDevice(db.read.QueryRowContext(ctx, `SELECT `+deviceColumns+` FROM push_device d WHERE d.mark = $1 AND d.officer_id = $2 AND d.office_id = $3`, mark, officer, in.Office))
	return d, notFound(err)
}

// RenewDevice keeps where an officer's own device is reached from now on, instead of at the address of an older mark. What it would still be
// told it is told there. A browser that was connected anew meanwhile stays one device; the address of another officer's is not taken.
func (db *DB) RenewDevice(ctx context.Context, in loa.Scope, by loa.By, was string, d loa.Device) error {
	if err := d.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil { // one after another
			return err
		}
		if d.Mark != was {
			there, err := scanDevice(tx.QueryRowContext(ctx, `SELECT `+deviceColumns+` FROM push_device d WHERE d.mark = $1`, d.Mark))
			switch {
			case err == sql.ErrNoRows:
			case err != nil:
				return fmt.Errorf("find the device: %w", err)
			case there.Officer != by.Officer || there.Office != in.Office:
				return loa.ErrNotFound
			default:
				if err := forgetDevice(ctx, tx, there.ID); err != nil {
					return err
				}
			}
		}
		res, err := tx.ExecContext(ctx, `UPDATE push_device SET mark = $1, sealed = $2, failures = 0, failed_at = 0, code = '', gone_at = 0 WHERE id = $3 AND mark = $4 AND officer_id = $5 AND office_id = $6`, d.Mark, d.Sealed, d.ID, was, by.Officer, in.Office)
		if err != nil {
			return fmt.Errorf("keep where the device is reached: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			if err == nil {
				err = loa.ErrNotFound
			}
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "changed", "device", string(d.ID), "")
	})
}

// forgetDevice takes a device away with what it would still be told.
func forgetDevice(ctx context.Context, tx *sql.Tx, id loa.DeviceID) error {
	for _, q := range []string{`DELETE FROM push_notice WHERE device_id = $1`, `DELETE FROM push_device WHERE id = $1`} {
		if _, err := tx.ExecContext(ctx, q, id); err != nil {
			return fmt.Errorf("forget the device: %w", err)
		}
	}
	return nil
}

// Devices are the officer's own, the oldest first, those that want nothing more included.
func (db *DB) Devices(ctx context.Context, in loa.Scope, officer loa.OfficerID) ([]loa.Device, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+deviceColumns+` FROM push_device d WHERE d.officer_id = $1 AND d.office_id = $2 ORDER BY d.made_at, d.id`+limit(loa.DevicesAtMost), officer, in.Office)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Device, error) { return scanDevice(r) })
	if err != nil {
		return nil, fmt.Errorf("list the devices: %w", err)
	}
	return list, nil
}

// RemoveDevice takes one of the officer's own devices away.
func (db *DB) RemoveDevice(ctx context.Context, in loa.Scope, by loa.By, id loa.DeviceID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := ownDevice(ctx, tx, in, by, id); err != nil {
			return err
		}
		if err := forgetDevice(ctx, tx, id); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "removed", "device", string(id), "")
	})
}

// ownDevice refuses, as not found, a device that is not the officer's own.
func ownDevice(ctx context.Context, q querier, in loa.Scope, by loa.By, id loa.DeviceID) error {
	var one int
	return notFound(q.QueryRowContext(ctx, `SELECT 1 FROM push_device WHERE id = $1 AND officer_id = $2 AND office_id = $3`, id, by.Officer, in.Office).Scan(&one))
}

// Muted are the kinds of notices an officer does not want.
func (db *DB) Muted(ctx context.Context, officer loa.OfficerID) ([]loa.NoticeKind, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT kind FROM push_mute WHERE officer_id = $1 ORDER BY kind`, officer)
	list, err := collect(rows, err, func(r *sql.Rows) (k loa.NoticeKind, err error) { return k, r.Scan(&k) })
	if err != nil {
		return nil, fmt.Errorf("read what an officer does not want: %w", err)
	}
	return list, nil
}

// Mute keeps what the officer does not want to be told of; every other kind is told.
func (db *DB) Mute(ctx context.Context, in loa.Scope, by loa.By, kinds []loa.NoticeKind) error {
	for _, k := range kinds {
		if !slices.Contains(loa.NoticeKinds, k) {
			return loa.Refuse(loa.Invalid, "kind", "not_in_list")
		}
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := officerInOffice(ctx, tx, in, by.Officer); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM push_mute WHERE officer_id = $1`, by.Officer); err != nil {
			return fmt.Errorf("keep what an officer wants: %w", err)
		}
		for _, k := range kinds {
			if _, err := tx.ExecContext(ctx, `INSERT INTO push_mute (officer_id, kind) VALUES ($1, $2) ON CONFLICT (officer_id, kind) DO NOTHING`, by.Officer, k); err != nil {
				return fmt.Errorf("keep what an officer wants: %w", err)
			}
		}
		return nil
	})
}

// SealedPush is one sealed value behind what browsers are told: an office's key, or where a device is reached.
type SealedPush struct {
	Office loa.OfficeID
	Device loa.DeviceID // empty for the key
	Cipher []byte
}

// SealedPushes are all of them.
func (db *DB) SealedPushes(ctx context.Context) ([]SealedPush, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT office_id, '', private FROM push_key UNION ALL SELECT office_id, id, sealed FROM push_device WHERE sealed IS NOT NULL ORDER BY 1, 2`)
	list, err := collect(rows, err, func(r *sql.Rows) (s SealedPush, err error) { return s, r.Scan(&s.Office, &s.Device, &s.Cipher) })
	if err != nil {
		return nil, fmt.Errorf("list what is sealed for browsers: %w", err)
	}
	return list, nil
}

// ResealPush keeps one of them sealed anew, unless it was changed since it was read.
func (db *DB) ResealPush(ctx context.Context, old SealedPush, fresh []byte) error {
	query, id := `UPDATE push_key SET private = $1 WHERE office_id = $2 AND private = $3`, string(old.Office)
	if old.Device != "" {
		query, id = `UPDATE push_device SET sealed = $1 WHERE id = $2 AND sealed = $3`, string(old.Device)
	}
	if _, err := db.write.ExecContext(ctx, query, fresh, id, old.Cipher); err != nil {
		return fmt.Errorf("keep what is sealed for browsers anew: %w", err)
	}
	return nil
}
