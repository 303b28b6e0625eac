package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

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
