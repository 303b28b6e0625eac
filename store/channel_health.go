package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

// SaveHealth keeps how an account stood when it was asked. It counts as a change of the office only when what is said of it changes, so
// that asking every hour wakes nobody.
func (db *DB) SaveHealth(ctx context.Context, office loa.OfficeID, h loa.ChannelHealth) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		var warning, failure, code string
		var since int64
		err := tx.QueryRowContext(ctx, `SELECT warning, failure, code, failing_since FROM channel_check WHERE channel_id = $1`, h.Channel).Scan(&warning, &failure, &code, &since)
		if err != nil && err != sql.ErrNoRows {
			return fmt.Errorf("read how the account stood: %w", err)
		}
		switch {
		case h.Failure == "":
			since = 0
		case since == 0:
			since = millis(h.At)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO channel_check (channel_id, office_id, checked_at, name, balance, remain, quota, quality, until_at, warning, failure, code, said, failing_since) VALUES (`+placeholders(1, 14)+`)
			ON CONFLICT (channel_id) DO UPDATE SET checked_at = excluded.checked_at, name = excluded.name, balance = excluded.balance, remain = excluded.remain, quota = excluded.quota, quality = excluded.quality, until_at = excluded.until_at,
			warning = excluded.warning, failure = excluded.failure, code = excluded.code, said = excluded.said, failing_since = excluded.failing_since`,
			h.Channel, office, millis(h.At), h.Name, h.Balance, h.Remain, h.Quota, h.Quality, millis(h.Until), h.Warning, h.Failure, h.Code, h.Said, since)
		if err != nil {
			return fmt.Errorf("keep how the account stands: %w", err)
		}
		if warning == h.Warning && failure == h.Failure && code == h.Code {
			return nil
		}
		_, err = nextChange(ctx, tx, office, 1)
		return err
	})
}

// BeginConsent remembers a consent that an officer begins on a provider's page, and forgets those that never came back.
func (db *DB) BeginConsent(ctx context.Context, in loa.Scope, now time.Time, c loa.ChannelConsent) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM channel_consent WHERE expires_at < $1`, millis(now)); err != nil {
			return fmt.Errorf("forget old consents: %w", err)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO channel_consent (state, channel_id, office_id, officer_id, verifier, expires_at) VALUES (`+placeholders(1, 6)+`)`, c.State, c.Channel, in.Office, c.Officer, c.Verifier, millis(c.Expires))
		if err != nil {
			return fmt.Errorf("remember the consent: %w", err)
		}
		return nil
	})
}

// TakeConsent is the consent behind the word that came back, once: a second time there is none.
func (db *DB) TakeConsent(ctx context.Context, in loa.Scope, state string, now time.Time) (c loa.ChannelConsent, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		var expires int64
		err := tx.QueryRowContext(ctx, `DELETE FROM channel_consent WHERE state = $1 AND office_id = $2 RETURNING state, channel_id, office_id, officer_id, verifier, expires_at`, state, in.Office).Scan(&c.State, &c.Channel, &c.Office, &c.Officer, &c.Verifier, &expires)
		if err != nil {
			return notFound(err)
		}
		c.Expires = instant(expires)
		return nil
	})
	if err == nil && c.Expires.Before(now) {
		return loa.ChannelConsent{}, loa.Refuse(loa.Conflict, "", "consent_expired")
	}
	return c, err
}

// LastConsent is the newest consent an account waits for: providers that keep the word themselves do not send it back.
func (db *DB) LastConsent(ctx context.Context, in loa.Scope, id loa.ChannelID, by loa.OfficerID) (state string, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT state FROM channel_consent WHERE channel_id = $1 AND office_id = $2 AND officer_id = $3 ORDER BY expires_at DESC LIMIT 1`, id, in.Office, by).Scan(&state)
	return state, notFound(err)
}
