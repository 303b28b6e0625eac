package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"loa"
)

// renewWithin is how long whoever renews what rotates in an account may take, the provider's answer included, before another may.
const renewWithin = 2 * time.Minute

// KeepSettings hands the latest sealed settings of an account to fn and keeps what comes back, one caller at a time over all processes:
// a token that may be used once is never handed out twice. fn may take its time over the network: nothing in the database is held up by
// it but this account's settings. Nobody's page changes by it.
func (db *DB) KeepSettings(ctx context.Context, id loa.ChannelID, now func() time.Time, fn func(sealed []byte) ([]byte, error)) error {
	by := loa.NewID()
	for {
		at := now()
		c, mine, err := db.LeaseChannel(ctx, id, by, at, at.Add(renewWithin))
		if err != nil {
			return err
		}
		if mine {
			next, err := fn(c.Settings)
			if err != nil {
				return errors.Join(err, db.EndLease(context.WithoutCancel(ctx), id, by, nil))
			}
			return db.EndLease(context.WithoutCancel(ctx), id, by, next)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the account's settings: %w", ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// LeaseChannel lets one caller over all processes renew what rotates in an account's settings, and hands over the latest; false while
// another holds it. A caller that is gone loses it when its time is over.
func (db *DB) LeaseChannel(ctx context.Context, id loa.ChannelID, by string, now, until time.Time) (c loa.Channel, mine bool, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE channel SET renewing_until = $1, renewing_by = $2 WHERE id = $3 AND (renewing_until <= $4 OR renewing_by = $5)`, millis(until), by, id, millis(now), by)
		if err != nil {
			return fmt.Errorf("lease the account: %w", err)
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		mine = n == 1
		c, err = scanChannel(tx.QueryRowContext(ctx, `SELECT `+channelColumns+` FROM channel c WHERE c.id = $1`, id))
		return notFound(err)
	})
	return c, mine, err
}

// EndLease keeps the settings a lease was taken for, sealed, and ends it; none: they stay as they are. Whoever lost the lease meanwhile
// keeps nothing, because another may have spent what these settings hold.
func (db *DB) EndLease(ctx context.Context, id loa.ChannelID, by string, settings []byte) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		var office loa.OfficeID
		var holder string
		if err := tx.QueryRowContext(ctx, `SELECT office_id, renewing_by FROM channel WHERE id = $1`+db.forUpdate(), id).Scan(&office, &holder); err != nil {
			return notFound(err)
		}
		if holder != by {
			return loa.Refuse(loa.Conflict, "", "channel_renewing")
		}
		if settings != nil {
			if _, err := tx.ExecContext(ctx, `UPDATE channel SET settings = $1 WHERE id = $2`, settings, id); err != nil {
				return fmt.Errorf("keep the settings: %w", err)
			}
		}
		if _, err := tx.ExecContext(ctx, `UPDATE channel SET renewing_until = 0, renewing_by = '' WHERE id = $1`, id); err != nil {
			return fmt.Errorf("end the lease: %w", err)
		}
		return nil
	})
}

// ResealChannel keeps an account's settings sealed anew, unless they were changed since they were read: whoever changed them sealed them
// with the key of today.
func (db *DB) ResealChannel(ctx context.Context, id loa.ChannelID, old, now []byte) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		var held []byte
		if err := tx.QueryRowContext(ctx, `SELECT settings FROM channel WHERE id = $1`+db.forUpdate(), id).Scan(&held); err != nil {
			return notFound(err)
		}
		if string(held) != string(old) {
			return nil
		}
		if _, err := tx.ExecContext(ctx, `UPDATE channel SET settings = $1 WHERE id = $2`, now, id); err != nil {
			return fmt.Errorf("keep the settings sealed anew: %w", err)
		}
		return nil
	})
}
