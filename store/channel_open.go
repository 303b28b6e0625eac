package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

const channelColumns = `id, office_id, area_id, kind, name, settings, state, why, halted_at, rate_n, rate_ms, day_quota, created_at, change_no`

func scanChannel(r interface{ Scan(...any) error }) (c loa.Channel, err error) {
	var halted, ms, created int64
	err = r.Scan(&c.ID, &c.Office, &c.Area, &c.Kind, &c.Name, &c.Settings, &c.State, &c.Why, &halted, &c.Rate, &ms, &c.DayQuota, &created, &c.ChangeNo)
	c.HaltedAt, c.RatePer, c.CreatedAt = instant(halted), time.Duration(ms)*time.Millisecond, instant(created)
	return c, err
}

// OpenChannel is an account for the sending loop and for whoever calls back: no officer stands behind either, so it takes no scope.
func (db *DB) OpenChannel(ctx context.Context, id loa.ChannelID) (loa.Channel, error) {
	c, err := scanChannel(db.read.QueryRowContext(ctx, `SELECT `+channelColumns+` FROM channel WHERE id = $1`, id))
	return c, notFound(err)
}

// ChannelsOn are the accounts of all offices through which something may go out now.
func (db *DB) ChannelsOn(ctx context.Context) ([]loa.Channel, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+channelColumns+` FROM channel WHERE state = 'on' ORDER BY id`)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Channel, error) { return scanChannel(r) })
	if err != nil {
		return nil, fmt.Errorf("read the accounts: %w", err)
	}
	return list, nil
}

// DueChannels are the accounts with something to send now: one look into the ledger for each.
func (db *DB) DueChannels(ctx context.Context, now time.Time) ([]loa.ChannelID, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT c.id FROM channel c WHERE c.state = 'on' AND (EXISTS (SELECT 1 FROM delivery d WHERE d.channel_id = c.id AND d.broadcast_id = '' AND d.state = 'queued' AND d.not_before <= $1)
		OR EXISTS (SELECT 1 FROM broadcast b JOIN delivery d ON d.broadcast_id = b.id AND d.channel_id = c.id WHERE b.state = 'sending' AND b.office_id = c.office_id AND d.state = 'queued' AND d.not_before <= $2)) ORDER BY c.id`, millis(now), millis(now))
	list, err := collect(rows, err, func(r *sql.Rows) (id loa.ChannelID, err error) { return id, r.Scan(&id) })
	if err != nil {
		return nil, fmt.Errorf("look for what is due: %w", err)
	}
	return list, nil
}

// KeepSettings hands the latest sealed settings of an account to fn and keeps what comes back, one caller at a time over all processes:
// a token that may be used once is never handed out twice. Nobody's page changes by it.
func (db *DB) KeepSettings(ctx context.Context, id loa.ChannelID, fn func(sealed []byte) ([]byte, error)) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		var sealed []byte
		if err := tx.QueryRowContext(ctx, `SELECT settings FROM channel WHERE id = $1`+db.forUpdate(), id).Scan(&sealed); err != nil {
			return notFound(err)
		}
		next, err := fn(sealed)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE channel SET settings = $1 WHERE id = $2`, next, id); err != nil {
			return fmt.Errorf("keep the settings: %w", err)
		}
		return nil
	})
}

// TakeRun says whether a process may keep the connection of an account: it alone, until its word runs out.
func (db *DB) TakeRun(ctx context.Context, id loa.ChannelID, by string, now time.Time, lease time.Duration) (mine bool, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE channel SET run_by = $1, run_until = $2 WHERE id = $3 AND state = 'on' AND (run_by = $4 OR run_until < $5)`, by, millis(now.Add(lease)), id, by, millis(now))
		if err != nil {
			return fmt.Errorf("take the connection: %w", err)
		}
		n, err := res.RowsAffected()
		mine = n > 0
		return err
	})
	return mine, err
}

// LeaveRun gives the connection of an account back, so that the next process need not wait.
func (db *DB) LeaveRun(ctx context.Context, id loa.ChannelID, by string) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE channel SET run_by = '', run_until = 0 WHERE id = $1 AND run_by = $2`, id, by)
		return err
	})
}
