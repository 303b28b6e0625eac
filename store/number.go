package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// takeNumber is the next number of one of the office's series of documents; numbers begin at 1 every year.
func takeNumber(ctx context.Context, tx *sql.Tx, office loa.OfficeID, series string, year int) (n int64, err error) {
	err = tx.QueryRowContext(ctx, `INSERT INTO number_series (office_id, series, year, last) VALUES ($1, $2, $3, 1)
		ON CONFLICT (office_id, series, year) DO UPDATE SET last = number_series.last + 1 RETURNING last`, office, series, year).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("take a document number: %w", err)
	}
	return n, nil
}

// letterSeries numbers the letters that go out.
const letterSeries = "outgoing"

// Series is one of an office's number series: the last number it gave in a year.
type Series struct {
	Name string
	Year int
	Last int64
}

// Series are the office's number series, the newest year first; only for who works for the whole office.
func (db *DB) Series(ctx context.Context, in loa.Scope) ([]Series, error) {
	if err := wholeOffice(ctx, db.read, in); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT series, year, last FROM number_series WHERE office_id = $1 ORDER BY year DESC, series LIMIT 100`, in.Office)
	list, err := collect(rows, err, func(r *sql.Rows) (s Series, err error) { return s, r.Scan(&s.Name, &s.Year, &s.Last) })
	if err != nil {
		return nil, fmt.Errorf("read the number series: %w", err)
	}
	return list, nil
}

// Letter is the invitation of one partner to one session: its number and day, once it was written.
type Letter struct {
	Partner loa.PartnerID
	No      int64
	On      loa.Day
	Token   string  // the secret of the page the partner may open; empty until the letter is written
	SaidYes loa.Day // the day the partner confirmed; empty while it has not
}

// Letters are the invitations of a session, written or not.
func (db *DB) Letters(ctx context.Context, in loa.Scope, id loa.SessionID) ([]Letter, error) {
	if _, err := sessionByID(ctx, db.read, in, id); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT partner_id, letter_no, letter_on, token, confirmed_on FROM session_partner WHERE session_id = $1 ORDER BY partner_id`, id)
	return collect(rows, err, func(r *sql.Rows) (l Letter, err error) {
		return l, r.Scan(&l.Partner, &l.No, &l.On, &l.Token, &l.SaidYes)
	})
}

// WriteLetters gives every invitation of a session that has none its number, today's day and the secret of its page. Numbers
// are never given twice.
func (db *DB) WriteLetters(ctx context.Context, in loa.Scope, by loa.By, id loa.SessionID, secret func() (string, error)) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		s, err := sessionByID(ctx, tx, in, id)
		if err != nil {
			return err
		}
		year, _, _ := by.Day().Parts()
		for _, p := range s.Partners {
			var no int64
			if err := tx.QueryRowContext(ctx, `SELECT letter_no FROM session_partner WHERE session_id = $1 AND partner_id = $2`, id, p).Scan(&no); err != nil {
				return fmt.Errorf("read an invitation: %w", err)
			}
			if no > 0 {
				continue
			}
			if no, err = takeNumber(ctx, tx, s.Office, letterSeries, year); err != nil {
				return err
			}
			token, err := secret()
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE session_partner SET letter_no = $1, letter_on = $2, token = $3 WHERE session_id = $4 AND partner_id = $5`, no, by.Day(), token, id, p); err != nil {
				return fmt.Errorf("number an invitation: %w", err)
			}
			if err := addAudit(ctx, tx, s.Office, by, "numbered", "session", string(id), fmt.Sprintf("letter=%d", no)); err != nil {
				return err
			}
		}
		return nil
	})
}

// ConfirmPartner notes the day a partner said that it comes; an empty day takes that back.
func (db *DB) ConfirmPartner(ctx context.Context, in loa.Scope, by loa.By, id loa.SessionID, partner loa.PartnerID, on loa.Day) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		s, err := sessionByID(ctx, tx, in, id)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE session_partner SET confirmed_on = $1 WHERE session_id = $2 AND partner_id = $3`, on, id, partner)
		if err != nil {
			return fmt.Errorf("note that a partner comes: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return notFound(sql.ErrNoRows)
		}
		return addAudit(ctx, tx, s.Office, by, "changed", "session", string(id), "confirmed")
	})
}
