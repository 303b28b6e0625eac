package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
	"loa/vn"
)

const segmentColumns = `id, office_id, code, name, rule, ready, sort, retired_at, changed_at, changed_by`

func scanSegment(r interface{ Scan(...any) error }) (s loa.Segment, err error) {
	var rule string
	var retired, changed int64
	if err := r.Scan(&s.ID, &s.Office, &s.Code, &s.Name, &rule, &s.Ready, &s.Sort, &retired, &changed, &s.ChangedBy); err != nil {
		return s, err
	}
	s.Retired, s.ChangedAt = retired > 0, instant(changed)
	s.Rule, err = loa.ReadRule(rule)
	if err != nil {
		return s, fmt.Errorf("read the rule of segment %s: %w", s.ID, err)
	}
	return s, nil
}

// Segments are the office's segments that are in use, in their order; a few dozen.
func (db *DB) Segments(ctx context.Context, in loa.Scope) ([]loa.Segment, error) {
	if in.Empty() {
		return nil, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+segmentColumns+` FROM segment WHERE office_id = $1 AND retired_at = 0 ORDER BY sort, folded, id`, in.Office)
	return collect(rows, err, func(r *sql.Rows) (loa.Segment, error) { return scanSegment(r) })
}

// RetiredSegments are those taken out of use, by name.
func (db *DB) RetiredSegments(ctx context.Context, in loa.Scope) ([]loa.Segment, error) {
	if in.Empty() {
		return nil, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+segmentColumns+` FROM segment WHERE office_id = $1 AND retired_at > 0 ORDER BY retired_at DESC, id LIMIT 100`, in.Office)
	return collect(rows, err, func(r *sql.Rows) (loa.Segment, error) { return scanSegment(r) })
}

// Segment is one segment of the scope's office, retired ones included, since old snapshots name them.
func (db *DB) Segment(ctx context.Context, in loa.Scope, id loa.SegmentID) (loa.Segment, error) {
	s, err := scanSegment(db.read.QueryRowContext(ctx, `SELECT `+segmentColumns+` FROM segment WHERE id = $1 AND office_id = $2`, id, in.Office))
	if in.Empty() && err == nil {
		return loa.Segment{}, loa.ErrNotFound
	}
	return s, notFound(err)
}

// SaveSegment adds a segment or changes its name and rule.
func (db *DB) SaveSegment(ctx context.Context, in loa.Scope, by loa.By, s loa.Segment) error {
	if err := s.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		var office loa.OfficeID
		err = tx.QueryRowContext(ctx, `SELECT office_id FROM segment WHERE id = $1`, s.ID).Scan(&office)
		act := "changed"
		switch {
		case err == sql.ErrNoRows:
			act = "created"
		case err != nil:
			return fmt.Errorf("find the segment: %w", err)
		case office != in.Office:
			return loa.ErrNotFound
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO segment (id, office_id, code, name, folded, rule, ready, sort, retired_at, changed_at, changed_by, change_no)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded = excluded.folded, rule = excluded.rule, sort = excluded.sort,
			retired_at = 0, changed_at = excluded.changed_at, changed_by = excluded.changed_by, change_no = excluded.change_no`,
			s.ID, in.Office, s.Code, s.Name, vn.Fold(s.Name), s.Rule.JSON(), s.Ready, s.Sort, millis(by.At), by.Officer, change)
		if err != nil {
			return fmt.Errorf("save the segment: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, act, "segment", string(s.ID), "")
	})
}

// RetireSegment takes a segment out of use, or back into it; nothing that used it is lost.
func (db *DB) RetireSegment(ctx context.Context, in loa.Scope, by loa.By, id loa.SegmentID, retire bool) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		at, act := int64(0), "restored"
		if retire {
			at, act = millis(by.At), "retired"
			var used int
			err := tx.QueryRowContext(ctx, `SELECT count(*) FROM matrix_line l JOIN matrix m ON m.id = l.matrix_id
				WHERE l.segment_id = $1 AND m.office_id = $2 AND m.state IN ('draft', 'signed')`, id, in.Office).Scan(&used)
			if err != nil {
				return fmt.Errorf("ask who uses the segment: %w", err)
			}
			if used > 0 {
				return loa.Refuse(loa.Conflict, "", "segment_in_matrix", used)
			}
		}
		res, err := tx.ExecContext(ctx, `UPDATE segment SET retired_at = $1, change_no = $2 WHERE id = $3 AND office_id = $4`, at, change, id, in.Office)
		if err != nil {
			return fmt.Errorf("retire the segment: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return notFoundUnless(err)
		}
		return addAudit(ctx, tx, in.Office, by, act, "segment", string(id), "")
	})
}

func notFoundUnless(err error) error {
	if err != nil {
		return err
	}
	return loa.ErrNotFound
}
