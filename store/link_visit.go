package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"

	"loa"
)

// saltLength makes a salt that nobody finds by trying.
const saltLength = 32

// CountVisit counts one opening of a link on a day, and whoever opened it once a day. who is what tells one browser from another, as
// its address and its name; of it only a mark is kept that the day's salt makes and that goes with it. Nothing in the office counts as
// changed.
func (db *DB) CountVisit(ctx context.Context, id loa.LinkID, on loa.Day, who string) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		salt, err := saltOf(ctx, tx, on)
		if err != nil {
			return err
		}
		seen, err := tx.ExecContext(ctx, `INSERT INTO link_seen (on_day, mark) VALUES ($1, $2) ON CONFLICT (on_day, mark) DO NOTHING`, on, markOf(salt, id, who))
		if err != nil {
			return fmt.Errorf("look whether somebody was here today: %w", err)
		}
		fresh, err := seen.RowsAffected()
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO link_visit (link_id, on_day, n, people) VALUES ($1, $2, 1, $3) ON CONFLICT (link_id, on_day) DO UPDATE SET n = link_visit.n + 1, people = link_visit.people + excluded.people`, id, on, fresh)
		if err != nil {
			return fmt.Errorf("count a visit: %w", err)
		}
		return nil
	})
}

// markOf tells one browser at one link from another, as long as the salt is there: not even the same browser at two links has one mark.
func markOf(salt []byte, id loa.LinkID, who string) int64 {
	h := hmac.New(sha256.New, salt)
	h.Write([]byte(id))
	h.Write([]byte{0})
	h.Write([]byte(who))
	return int64(binary.BigEndian.Uint64(h.Sum(nil)) >> 1)
}

// saltOf is the salt of a day, made with its first visit, which throws away what earlier days left.
func saltOf(ctx context.Context, tx *sql.Tx, on loa.Day) (salt []byte, err error) {
	const kept = `SELECT salt FROM link_salt WHERE on_day = $1`
	if err = tx.QueryRowContext(ctx, kept, on).Scan(&salt); err == nil {
		return salt, nil
	}
	if err != sql.ErrNoRows {
		return nil, fmt.Errorf("read the salt of the day: %w", err)
	}
	salt = make([]byte, saltLength)
	rand.Read(salt)
	if _, err := tx.ExecContext(ctx, `INSERT INTO link_salt (on_day, salt) VALUES ($1, $2) ON CONFLICT (on_day) DO NOTHING`, on, salt); err != nil {
		return nil, fmt.Errorf("keep the salt of the day: %w", err)
	}
	if err := forgetVisitors(ctx, tx, on); err != nil {
		return nil, err
	}
	if err := tx.QueryRowContext(ctx, kept, on).Scan(&salt); err != nil { // another process may have been quicker
		return nil, fmt.Errorf("read the salt of the day: %w", err)
	}
	return salt, nil
}

// ForgetVisitors throws away what told the browsers of the days before apart.
func (db *DB) ForgetVisitors(ctx context.Context, today loa.Day) error {
	return db.tx(ctx, func(tx *sql.Tx) error { return forgetVisitors(ctx, tx, today) })
}

func forgetVisitors(ctx context.Context, tx *sql.Tx, today loa.Day) error {
	for _, q := range []string{`DELETE FROM link_salt WHERE on_day < $1`, `DELETE FROM link_seen WHERE on_day < $1`} {
		if _, err := tx.ExecContext(ctx, q, today); err != nil {
			return fmt.Errorf("forget who opened links: %w", err)
		}
	}
	return nil
}

// LinkDay is how often a link was opened on a day, and from how many browsers.
type LinkDay struct {
	On     loa.Day
	N      int64
	People int64
}

// LinkVisits are the openings of one link of the scope's office by day, between two days; days without any are left out.
func (db *DB) LinkVisits(ctx context.Context, in loa.Scope, id loa.LinkID, from, to loa.Day) ([]LinkDay, error) {
	if in.Empty() {
		return nil, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT v.on_day, v.n, v.people FROM link_visit v JOIN link l ON l.id = v.link_id WHERE l.office_id = $1 AND v.link_id = $2 AND v.on_day >= $3 AND v.on_day <= $4 ORDER BY v.on_day`,
		in.Office, id, from, to)
	list, err := collect(rows, err, func(r *sql.Rows) (d LinkDay, err error) { return d, r.Scan(&d.On, &d.N, &d.People) })
	if err != nil {
		return nil, fmt.Errorf("read the visits of a link: %w", err)
	}
	return list, nil
}
