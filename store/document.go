package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// NumberDocument gives a document the next number of the office's series and today's day; one that has its number keeps it.
func (db *DB) NumberDocument(ctx context.Context, in loa.Scope, by loa.By, d loa.Document) (loa.Document, error) {
	if err := d.Check(); err != nil {
		return d, err
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if err := areaInScope(ctx, tx, in, d.Area); err != nil {
			return err
		}
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil { // the office's row is held from here on, so no number is taken twice
			return err
		}
		have, err := documentOf(ctx, tx, in, d.Kind, d.About)
		if err != nil {
			return err
		}
		if have.No > 0 {
			d = have
			return nil
		}
		var taken int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM document WHERE office_id = $1 AND kind = $2 AND about = $3`, in.Office, d.Kind, d.About).Scan(&taken); err != nil {
			return fmt.Errorf("look for a document: %w", err)
		}
		if taken > 0 { // of a place that is not this officer's
			return loa.ErrNotFound
		}
		year, _, _ := by.Day().Parts()
		d.Office, d.On, d.By = in.Office, by.Day(), by.Officer
		if d.No, err = takeNumber(ctx, tx, in.Office, letterSeries, year); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO document (office_id, area_id, kind, about, no, on_day, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			d.Office, d.Area, d.Kind, d.About, d.No, d.On, by.At.UnixMilli(), by.Officer); err != nil {
			return fmt.Errorf("number a document: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "numbered", "document", d.Kind, fmt.Sprintf("%s no=%d", d.About, d.No))
	})
	return d, err
}

// Document is a document that took a number, or one without a number while it has not.
func (db *DB) Document(ctx context.Context, in loa.Scope, kind, about string) (loa.Document, error) {
	return documentOf(ctx, db.read, in, kind, about)
}

func documentOf(ctx context.Context, q querier, in loa.Scope, kind, about string) (d loa.Document, err error) {
	where, args := inScope(in, "a.path", 4)
	err = q.QueryRowContext(ctx, `SELECT d.office_id, d.area_id, d.kind, d.about, d.no, d.on_day, d.recorded_by FROM document d JOIN area a ON a.id = d.area_id
		WHERE d.office_id = $1 AND d.kind = $2 AND d.about = $3 AND `+where, append([]any{in.Office, kind, about}, args...)...).Scan(&d.Office, &d.Area, &d.Kind, &d.About, &d.No, &d.On, &d.By)
	if err == sql.ErrNoRows {
		return loa.Document{}, nil
	}
	if err != nil {
		return d, fmt.Errorf("read a document: %w", err)
	}
	return d, nil
}

// PartnerTally is what was done together with partners of one kind: how many of them, in how many held sessions, how many letters
// were written and how many said yes.
type PartnerTally struct {
	Kind                                 string
	Partners, Sessions, Letters, SaidYes int64
}

// PartnerTallies count the partners of the sessions held from one day to another, kind by kind.
func (db *DB) PartnerTallies(ctx context.Context, in loa.Scope, area loa.AreaID, from, to loa.Day) ([]PartnerTally, error) {
	in, err := db.narrow(ctx, in, area)
	if err != nil {
		return nil, err
	}
	where, args := inScope(in, "a.path", 4)
	rows, err := db.read.QueryContext(ctx, `SELECT p.kind, count(DISTINCT p.id), count(DISTINCT s.id), CAST(sum(CASE WHEN l.letter_no > 0 THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN l.confirmed_on <> '' THEN 1 ELSE 0 END) AS BIGINT)
		FROM session s JOIN area a ON a.id = s.area_id JOIN session_partner l ON l.session_id = s.id JOIN partner p ON p.id = l.partner_id
		WHERE s.office_id = $1 AND s.state = 'held' AND s.on_day >= $2 AND s.on_day <= $3 AND `+where+` GROUP BY p.kind ORDER BY p.kind`, append([]any{in.Office, from, to}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (t PartnerTally, err error) {
		return t, r.Scan(&t.Kind, &t.Partners, &t.Sessions, &t.Letters, &t.SaidYes)
	})
	if err != nil {
		return nil, fmt.Errorf("count partners: %w", err)
	}
	return list, nil
}

// SessionSum adds up what held sessions took and gave.
type SessionSum struct {
	Sessions, Leaflets, Minutes, Cost int64 // minutes of officers, đồng
	Planned                           int64 // sessions of the same days that are still only planned
	Visits, Answered                  int64 // doors knocked at, questions answered
}

// SessionSums add up the sessions held from one day to another, with the visits and answers of those days.
func (db *DB) SessionSums(ctx context.Context, in loa.Scope, area loa.AreaID, from, to loa.Day) (s SessionSum, err error) {
	if in, err = db.narrow(ctx, in, area); err != nil {
		return s, err
	}
	where, args := inScope(in, "a.path", 4)
	all := append([]any{in.Office, from, to}, args...)
	err = db.read.QueryRowContext(ctx, `SELECT CAST(coalesce(sum(CASE WHEN s.state = 'held' THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(coalesce(sum(CASE WHEN s.state = 'held' THEN s.leaflets ELSE 0 END), 0) AS BIGINT),
		CAST(coalesce(sum(CASE WHEN s.state = 'held' THEN s.officer_min ELSE 0 END), 0) AS BIGINT), CAST(coalesce(sum(CASE WHEN s.state = 'held' THEN s.travel_cost + s.material_cost + s.other_cost ELSE 0 END), 0) AS BIGINT),
		CAST(coalesce(sum(CASE WHEN s.state = 'planned' THEN 1 ELSE 0 END), 0) AS BIGINT)
		FROM session s JOIN area a ON a.id = s.area_id WHERE s.office_id = $1 AND s.on_day >= $2 AND s.on_day <= $3 AND `+where, all...).Scan(&s.Sessions, &s.Leaflets, &s.Minutes, &s.Cost, &s.Planned)
	if err != nil {
		return s, fmt.Errorf("add up sessions: %w", err)
	}
	err = db.read.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM visit v JOIN area a ON a.id = v.area_id WHERE v.office_id = $1 AND v.happened_on >= $2 AND v.happened_on <= $3 AND `+where+`),
		(SELECT count(DISTINCT q.id) FROM question q JOIN area a ON a.id = q.area_id JOIN answer w ON w.question_id = q.id WHERE q.office_id = $1 AND q.happened_on >= $2 AND q.happened_on <= $3 AND `+where+`)`, all...).Scan(&s.Visits, &s.Answered)
	if err != nil {
		return s, fmt.Errorf("count visits and answers: %w", err)
	}
	return s, nil
}
