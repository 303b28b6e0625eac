package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

// Halt stops an account that needs a person: nothing more goes out through it until somebody mends it. Halted twice it keeps its first reason.
func (db *DB) Halt(ctx context.Context, id loa.ChannelID, code string, at time.Time) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		var office loa.OfficeID
		err := tx.QueryRowContext(ctx, `UPDATE channel SET state = 'halted', why = $1, halted_at = $2 WHERE id = $3 AND state = 'on' RETURNING office_id`, code, millis(at), id).Scan(&office)
		if err == sql.ErrNoRows {
			return nil
		}
		if err != nil {
			return fmt.Errorf("halt the account: %w", err)
		}
		change, err := nextChange(ctx, tx, office, 1) // the line of its health is on every page
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE channel SET change_no = $1 WHERE id = $2`, change, id); err != nil {
			return fmt.Errorf("note the change: %w", err)
		}
		return tellOfficers(ctx, tx, office, loa.By{At: at}, loa.NoticeHalted, string(id), true)
	})
}

// AddChannel keeps a new account; its settings are sealed already.
func (db *DB) AddChannel(ctx context.Context, in loa.Scope, by loa.By, c loa.Channel) error {
	if err := c.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := areaInScope(ctx, tx, in, c.Area); err != nil {
			return err
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `INSERT INTO channel (id, office_id, area_id, kind, name, settings, state, rate_n, rate_ms, day_quota, answer_h, created_at, created_by, change_no) VALUES (`+placeholders(1, 14)+`) ON CONFLICT (id) DO NOTHING`,
			c.ID, in.Office, c.Area, c.Kind, c.Name, c.Settings, c.State, c.Rate, c.RatePer.Milliseconds(), c.DayQuota, hours(c.Term), millis(by.At), by.Officer, change)
		if err != nil {
			return fmt.Errorf("keep the account: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "created", "channel", string(c.ID), c.Kind)
	})
}
