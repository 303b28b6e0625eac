package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

const channelColumns = `c.id, c.office_id, c.area_id, c.kind, c.name, c.settings, c.state, c.why, c.halted_at, c.rate_n, c.rate_ms, c.day_quota, c.answer_h, c.created_at, c.change_no`

func scanChannel(r interface{ Scan(...any) error }, more ...any) (c loa.Channel, err error) {
	var halted, rate, created, term int64
	err = r.Scan(append([]any{&c.ID, &c.Office, &c.Area, &c.Kind, &c.Name, &c.Settings, &c.State, &c.Why, &halted, &c.Rate, &rate, &c.DayQuota, &term, &created, &c.ChangeNo}, more...)...)
	c.HaltedAt, c.RatePer, c.CreatedAt = instant(halted), time.Duration(rate)*time.Millisecond, instant(created)
	c.Term = time.Duration(term) * time.Hour
	return c, err
}

func hours(d time.Duration) int64 { return int64(d / time.Hour) }

// KeepTerm keeps how long an account answers after somebody's newest words, as its settings say: those of an account that was kept before
// are read when it is opened.
func (db *DB) KeepTerm(ctx context.Context, id loa.ChannelID, term time.Duration) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE channel SET answer_h = $1 WHERE id = $2`, hours(term), id); err != nil {
			return fmt.Errorf("keep how long the account answers: %w", err)
		}
		return nil
	})
}

// ChannelLine is an account with what was made of it: how many messages went out today, when its provider was last heard of, and how it
// stood when it was last asked.
type ChannelLine struct {
	loa.Channel
	Used   int64
	Heard  time.Time
	Health loa.ChannelHealth
}

// Channel is one account of the scope.
func (db *DB) Channel(ctx context.Context, in loa.Scope, id loa.ChannelID) (loa.Channel, error) {
	where, args := inScope(in, "a.path", 3)
	c, err := scanChannel(db.read.QueryRowContext(ctx, `SELECT `+channelColumns+` FROM channel c JOIN area a ON a.id = c.area_id WHERE c.id = $1 AND c.office_id = $2 AND `+where, append([]any{id, in.Office}, args...)...))
	return c, notFound(err)
}

// OpenChannel is an account for the sending loop and for whoever calls back: no officer stands behind either, so it takes no scope.
func (db *DB) OpenChannel(ctx context.Context, id loa.ChannelID) (loa.Channel, error) {
	c, err := scanChannel(db.read.QueryRowContext(ctx, `SELECT `+channelColumns+` FROM channel c WHERE c.id = $1`, id))
	return c, notFound(err)
}

// ChannelsOn are the accounts of all offices through which something may go out now.
func (db *DB) ChannelsOn(ctx context.Context) ([]loa.Channel, error) {
	return db.channels(ctx, `c.state = 'on'`)
}

// ChannelsKept are the accounts of all offices, whatever their state: what is asked how it stands, and what is sealed anew.
func (db *DB) ChannelsKept(ctx context.Context) ([]loa.Channel, error) {
	return db.channels(ctx, `TRUE`)
}

func (db *DB) channels(ctx context.Context, where string) ([]loa.Channel, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+channelColumns+` FROM channel c WHERE `+where+` ORDER BY c.id`)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Channel, error) { return scanChannel(r) })
	if err != nil {
		return nil, fmt.Errorf("read the accounts: %w", err)
	}
	return list, nil
}

// Channels are the accounts of the scope by name, with today's use.
func (db *DB) Channels(ctx context.Context, in loa.Scope, today loa.Day) ([]ChannelLine, error) {
	where, args := inScope(in, "a.path", 3)
	rows, err := db.read.QueryContext(ctx, `SELECT `+channelColumns+`, CASE WHEN c.day = $1 THEN c.day_n ELSE 0 END, COALESCE((SELECT max(e.heard_at) FROM channel_event e WHERE e.channel_id = c.id), 0),
		COALESCE(h.checked_at, 0), COALESCE(h.name, ''), h.balance, h.remain, h.quota, COALESCE(h.quality, ''), COALESCE(h.until_at, 0), COALESCE(h.warning, ''), COALESCE(h.failure, ''), COALESCE(h.code, ''), COALESCE(h.said, ''), COALESCE(h.failing_since, 0)
		FROM channel c JOIN area a ON a.id = c.area_id LEFT JOIN channel_check h ON h.channel_id = c.id WHERE c.office_id = $2 AND `+where+` ORDER BY c.kind, c.name, c.id`, append([]any{today, in.Office}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (l ChannelLine, err error) {
		var heard, at, until, since int64
		h := &l.Health
		l.Channel, err = scanChannel(r, &l.Used, &heard, &at, &h.Name, &h.Balance, &h.Remain, &h.Quota, &h.Quality, &until, &h.Warning, &h.Failure, &h.Code, &h.Said, &since)
		h.Channel, l.Heard, h.At, h.Until, h.Since = l.ID, instant(heard), instant(at), instant(until), instant(since)
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("list the accounts: %w", err)
	}
	return list, nil
}

// ChangeChannel takes an account, lets fn change it, and keeps what comes of it, all as one. While a program renews what rotates in an
// account's settings nobody else changes them.
func (db *DB) ChangeChannel(ctx context.Context, in loa.Scope, by loa.By, id loa.ChannelID, act string, fn func(c *loa.Channel) error) (c loa.Channel, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil { // the office's row is locked: one after another
			return err
		}
		var until int64
		where, args := inScope(in, "a.path", 3)
		c, err = scanChannel(tx.QueryRowContext(ctx, `SELECT `+channelColumns+`, c.renewing_until FROM channel c JOIN area a ON a.id = c.area_id WHERE c.id = $1 AND c.office_id = $2 AND `+where, append([]any{id, in.Office}, args...)...), &until)
		if err != nil {
			return notFound(err)
		}
		before := string(c.Settings)
		if err := fn(&c); err != nil {
			return err
		}
		if err := c.Check(); err != nil {
			return err
		}
		if string(c.Settings) != before && until > millis(by.At) {
			return loa.Refuse(loa.Conflict, "", "channel_renewing")
		}
		if c.ChangeNo, err = nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE channel SET name = $1, settings = $2, state = $3, why = $4, halted_at = $5, rate_n = $6, rate_ms = $7, day_quota = $8, answer_h = $9, change_no = $10 WHERE id = $11`,
			c.Name, c.Settings, c.State, c.Why, millis(c.HaltedAt), c.Rate, c.RatePer.Milliseconds(), c.DayQuota, hours(c.Term), c.ChangeNo, c.ID)
		if err != nil {
			return fmt.Errorf("keep the account: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, act, "channel", string(id), c.Kind)
	})
	return c, err
}

// RemoveChannel takes away an account nothing was ever sent or heard through; any other can only be switched off, because what it sent
// still tells of it.
func (db *DB) RemoveChannel(ctx context.Context, in loa.Scope, by loa.By, id loa.ChannelID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		where, args := inScope(in, "a.path", 3)
		var kind string
		if err := tx.QueryRowContext(ctx, `SELECT c.kind FROM channel c JOIN area a ON a.id = c.area_id WHERE c.id = $1 AND c.office_id = $2 AND `+where, append([]any{id, in.Office}, args...)...).Scan(&kind); err != nil {
			return notFound(err)
		}
		used, err := channelUsed(ctx, tx, in.Office, id)
		if err != nil {
			return err
		}
		if used {
			return loa.Refuse(loa.Conflict, "", "channel_used")
		}
		for _, q := range []string{`DELETE FROM channel_consent WHERE channel_id = $1`, `DELETE FROM channel_check WHERE channel_id = $1`, `DELETE FROM channel WHERE id = $1`} {
			if _, err := tx.ExecContext(ctx, q, id); err != nil {
				return fmt.Errorf("remove the account: %w", err)
			}
		}
		return addAudit(ctx, tx, in.Office, by, "removed", "channel", string(id), kind)
	})
}

// channelUsed says whether an account was heard of or stands on a ladder: nothing goes out otherwise.
func channelUsed(ctx context.Context, q querier, office loa.OfficeID, id loa.ChannelID) (used bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM channel_event WHERE channel_id = $1) OR EXISTS (SELECT 1 FROM broadcast WHERE office_id = $2 AND ladder LIKE $3)`, id, office, `%"`+string(id)+`"%`).Scan(&used)
	if err != nil {
		return false, fmt.Errorf("look whether the account was used: %w", err)
	}
	return used, nil
}

// ChannelUsed says whether an account can no more be removed.
func (db *DB) ChannelUsed(ctx context.Context, in loa.Scope, id loa.ChannelID) (bool, error) {
	return channelUsed(ctx, db.read, in.Office, id)
}

// ChannelWaiting is how many messages wait for an account and are not on their way, counted up to most.
func (db *DB) ChannelWaiting(ctx context.Context, in loa.Scope, id loa.ChannelID, most int) (n int, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM delivery d WHERE d.channel_id = $1 AND d.state = 'queued' AND d.office_id = $2`+limit(most)+`) w`, id, in.Office).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count what waits: %w", err)
	}
	var going int
	if err := db.read.QueryRowContext(ctx, `SELECT COALESCE(SUM(n), 0) FROM claim WHERE channel_id = $1`, id).Scan(&going); err != nil {
		return 0, fmt.Errorf("count what is on its way: %w", err)
	}
	return max(0, n-going), nil
}
