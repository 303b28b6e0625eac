package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

const loginColumns = `token_hash, officer_id, data, agent, made_at, seen_at, expires_at`

func scanLogin(r interface{ Scan(...any) error }) (l loa.Login, err error) {
	var made, seen, expires int64
	err = r.Scan(&l.Hash, &l.Officer, &l.Data, &l.Agent, &made, &seen, &expires)
	l.MadeAt, l.SeenAt, l.ExpiresAt = instant(made), instant(seen), instant(expires)
	return l, err
}

// Login is the signed-in browser behind a token's hash; an officer who was disabled has none. It takes no scope: it is how
// a scope is found.
func (db *DB) Login(ctx context.Context, hash string) (loa.Login, error) {
	l, err := scanLogin(db.read.QueryRowContext(ctx, `SELECT `+loginColumns+` FROM login WHERE token_hash = $1
		AND officer_id IN (SELECT id FROM officer WHERE disabled_at = 0)`, hash))
	return l, notFound(err)
}

// Logins are an officer's signed-in browsers, the one used last first.
func (db *DB) Logins(ctx context.Context, officer loa.OfficerID, now time.Time) ([]loa.Login, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+loginColumns+` FROM login WHERE officer_id = $1 AND expires_at > $2 AND seen_at > $3
		ORDER BY seen_at DESC, token_hash LIMIT 100`, officer, millis(now), millis(now.Add(-loa.LoginIdle)))
	return collect(rows, err, func(r *sql.Rows) (loa.Login, error) { return scanLogin(r) })
}

// SaveLogin keeps a login, or what a kept one remembers: its age is never renewed.
func (db *DB) SaveLogin(ctx context.Context, l loa.Login) error {
	_, err := db.write.ExecContext(ctx, `INSERT INTO login (`+loginColumns+`) VALUES (`+placeholders(1, 7)+`)
		ON CONFLICT (token_hash) DO UPDATE SET data = excluded.data, seen_at = excluded.seen_at`,
		l.Hash, l.Officer, l.Data, l.Agent, millis(l.MadeAt), millis(l.SeenAt), millis(l.ExpiresAt))
	if err != nil {
		return fmt.Errorf("save a login: %w", err)
	}
	return nil
}

// SeeLogin remembers that a login was used.
func (db *DB) SeeLogin(ctx context.Context, hash string, at time.Time) error {
	if _, err := db.write.ExecContext(ctx, `UPDATE login SET seen_at = $1 WHERE token_hash = $2`, millis(at), hash); err != nil {
		return fmt.Errorf("mark a login as used: %w", err)
	}
	return nil
}

// EndLogin signs one browser out; one that is not signed in stays as it is.
func (db *DB) EndLogin(ctx context.Context, hash string) error {
	if _, err := db.write.ExecContext(ctx, `DELETE FROM login WHERE token_hash = $1`, hash); err != nil {
		return fmt.Errorf("end a login: %w", err)
	}
	return nil
}

// EndOwnLogin signs one of the officer's own browsers out, named by its hash.
func (db *DB) EndOwnLogin(ctx context.Context, by loa.By, hash string) error {
	res, err := db.write.ExecContext(ctx, `DELETE FROM login WHERE token_hash = $1 AND officer_id = $2`, hash, by.Officer)
	if err != nil {
		return fmt.Errorf("end a login: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return notFound(firstError(err, sql.ErrNoRows))
	}
	return nil
}

// EndOwnLogins signs the officer out everywhere, but for the browser whose hash is kept; empty keeps none.
func (db *DB) EndOwnLogins(ctx context.Context, office loa.OfficeID, by loa.By, keep string) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := endLogins(ctx, tx, by.Officer, keep); err != nil {
			return err
		}
		return addAudit(ctx, tx, office, by, "signed_out_everywhere", "officer", string(by.Officer), "")
	})
}

func endLogins(ctx context.Context, tx *sql.Tx, officer loa.OfficerID, keep string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM login WHERE officer_id = $1 AND token_hash <> $2`, officer, keep); err != nil {
		return fmt.Errorf("end an officer's logins: %w", err)
	}
	return nil
}

// SweepLogins forgets logins that ran out.
func (db *DB) SweepLogins(ctx context.Context, now time.Time) error {
	_, err := db.write.ExecContext(ctx, `DELETE FROM login WHERE expires_at <= $1 OR seen_at <= $2`, millis(now), millis(now.Add(-loa.LoginIdle)))
	if err != nil {
		return fmt.Errorf("forget old logins: %w", err)
	}
	return nil
}

func firstError(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}
