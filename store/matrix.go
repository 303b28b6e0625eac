package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

const matrixColumns = `id, office_id, version, state, from_on, signed_by, signed_at, created_at, created_by`

func scanMatrix(r interface{ Scan(...any) error }) (m loa.Matrix, err error) {
	var signed, created int64
	err = r.Scan(&m.ID, &m.Office, &m.Version, &m.State, &m.From, &m.SignedBy, &signed, &created, &m.CreatedBy)
	m.SignedAt, m.CreatedAt = instant(signed), instant(created)
	return m, err
}

// Matrices are the versions of the office's decision table, newest first, without their lines.
func (db *DB) Matrices(ctx context.Context, in loa.Scope) ([]loa.Matrix, error) {
	if in.Empty() {
		return nil, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+matrixColumns+` FROM matrix WHERE office_id = $1 AND state <> 'dropped' ORDER BY version DESC LIMIT 100`, in.Office)
	return collect(rows, err, func(r *sql.Rows) (loa.Matrix, error) { return scanMatrix(r) })
}

// Matrix is one version with its lines.
func (db *DB) Matrix(ctx context.Context, in loa.Scope, id loa.MatrixID) (loa.Matrix, error) {
	return db.matrixWhere(ctx, in, `id = $2`, id)
}

// MatrixInForce is the signed version that holds on a day; not found before the first is signed.
func (db *DB) MatrixInForce(ctx context.Context, in loa.Scope, on loa.Day) (loa.Matrix, error) {
	return db.matrixWhere(ctx, in, `state IN ('signed', 'replaced') AND from_on <= $2 ORDER BY from_on DESC, version DESC LIMIT 1`, on)
}

// MatrixDraft is the version being worked on; not found when nobody has begun one.
func (db *DB) MatrixDraft(ctx context.Context, in loa.Scope) (loa.Matrix, error) {
	return db.matrixWhere(ctx, in, `state = $2 ORDER BY version DESC LIMIT 1`, "draft")
}

func (db *DB) matrixWhere(ctx context.Context, in loa.Scope, where string, arg any) (loa.Matrix, error) {
	if in.Empty() {
		return loa.Matrix{}, loa.ErrNotFound
	}
	m, err := scanMatrix(db.read.QueryRowContext(ctx, `SELECT `+matrixColumns+` FROM matrix WHERE office_id = $1 AND `+where, in.Office, arg))
	if err != nil {
		return m, notFound(err)
	}
	m.Lines, err = matrixLines(ctx, db.read, m.ID)
	return m, err
}

func matrixLines(ctx context.Context, q querier, id loa.MatrixID) ([]loa.MatrixLine, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, matrix_id, segment_id, form, times, every, unit, officer_id, theme, per_village, from_on
		FROM matrix_line WHERE matrix_id = $1 ORDER BY segment_id, form`, id)
	return collect(rows, err, func(r *sql.Rows) (l loa.MatrixLine, err error) {
		return l, r.Scan(&l.ID, &l.Matrix, &l.Segment, &l.Form, &l.Cadence.Times, &l.Cadence.Every, &l.Cadence.Unit, &l.Officer, &l.Theme, &l.PerVillage, &l.From)
	})
}

// SaveMatrixLine writes one cell into the draft, beginning a draft from the version in force when there is none. The table
// in force never changes. A cell put back keeps the day its cadence is counted from.
func (db *DB) SaveMatrixLine(ctx context.Context, in loa.Scope, by loa.By, l loa.MatrixLine) error {
	if err := l.Check(); err != nil {
		return err
	}
	if l.From == "" {
		l.From = by.Day()
	}
	return db.inDraft(ctx, in, by, func(tx *sql.Tx, draft loa.MatrixID, change int64) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO matrix_line (id, matrix_id, office_id, segment_id, form, times, every, unit, officer_id, theme, per_village, from_on, change_no)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
			ON CONFLICT (matrix_id, segment_id, form) DO UPDATE SET times = excluded.times, every = excluded.every, unit = excluded.unit,
			officer_id = excluded.officer_id, theme = excluded.theme, per_village = excluded.per_village, change_no = excluded.change_no`,
			loa.NewID(), draft, in.Office, l.Segment, l.Form, l.Cadence.Times, l.Cadence.Every, l.Cadence.Unit, l.Officer, l.Theme, l.PerVillage, l.From, change)
		if err != nil {
			return fmt.Errorf("save the matrix line: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "changed", "matrix_line", string(l.Segment), string(l.Form))
	})
}

// DropMatrixLine takes one cell out of the draft.
func (db *DB) DropMatrixLine(ctx context.Context, in loa.Scope, by loa.By, segment loa.SegmentID, form loa.Form) error {
	return db.inDraft(ctx, in, by, func(tx *sql.Tx, draft loa.MatrixID, _ int64) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM matrix_line WHERE matrix_id = $1 AND segment_id = $2 AND form = $3`, draft, segment, form); err != nil {
			return fmt.Errorf("drop the matrix line: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "dropped", "matrix_line", string(segment), string(form))
	})
}

// inDraft runs a change on the draft, copying the newest version first when there is no draft yet.
func (db *DB) inDraft(ctx context.Context, in loa.Scope, by loa.By, fn func(tx *sql.Tx, draft loa.MatrixID, change int64) error) error {
	if in.Empty() {
		return loa.ErrNotFound
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		var draft loa.MatrixID
		var version int
		err = tx.QueryRowContext(ctx, `SELECT id, version FROM matrix WHERE office_id = $1 AND state = 'draft' ORDER BY version DESC LIMIT 1`, in.Office).Scan(&draft, &version)
		if err == sql.ErrNoRows {
			draft, err = newDraft(ctx, tx, in.Office, by, change)
		}
		if err != nil {
			return fmt.Errorf("find the draft: %w", err)
		}
		return fn(tx, draft, change)
	})
}

func newDraft(ctx context.Context, tx *sql.Tx, office loa.OfficeID, by loa.By, change int64) (loa.MatrixID, error) {
	var last loa.MatrixID
	var version int
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(version), 0) FROM matrix WHERE office_id = $1`, office).Scan(&version); err != nil {
		return "", err
	}
	err := tx.QueryRowContext(ctx, `SELECT id FROM matrix WHERE office_id = $1 AND state <> 'dropped' ORDER BY version DESC LIMIT 1`, office).Scan(&last)
	if err != nil && err != sql.ErrNoRows {
		return "", err
	}
	draft := loa.MatrixID(loa.NewID())
	if _, err := tx.ExecContext(ctx, `INSERT INTO matrix (id, office_id, version, state, created_at, created_by) VALUES ($1, $2, $3, 'draft', $4, $5)`,
		draft, office, version+1, millis(by.At), by.Officer); err != nil {
		return "", err
	}
	lines, err := matrixLines(ctx, tx, last)
	if err != nil {
		return "", err
	}
	for _, l := range lines {
		_, err := tx.ExecContext(ctx, `INSERT INTO matrix_line (id, matrix_id, office_id, segment_id, form, times, every, unit, officer_id, theme, per_village, from_on, change_no)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
			loa.NewID(), draft, office, l.Segment, l.Form, l.Cadence.Times, l.Cadence.Every, l.Cadence.Unit, l.Officer, l.Theme, l.PerVillage, l.From, change)
		if err != nil {
			return "", err
		}
	}
	return draft, nil
}

// SignMatrix puts the draft in force and closes the version before it.
func (db *DB) SignMatrix(ctx context.Context, in loa.Scope, by loa.By, id loa.MatrixID, from loa.Day) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		m, err := scanMatrix(tx.QueryRowContext(ctx, `SELECT `+matrixColumns+` FROM matrix WHERE id = $1 AND office_id = $2`, id, in.Office))
		if err != nil {
			return notFound(err)
		}
		if m.Lines, err = matrixLines(ctx, tx, id); err != nil {
			return err
		}
		if err := m.Sign(by.Officer, by.At, from); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE matrix SET state = 'replaced' WHERE office_id = $1 AND state = 'signed'`, in.Office); err != nil {
			return fmt.Errorf("close the earlier matrix: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE matrix SET state = $1, signed_by = $2, signed_at = $3, from_on = $4 WHERE id = $5`,
			m.State, m.SignedBy, millis(m.SignedAt), m.From, m.ID); err != nil {
			return fmt.Errorf("sign the matrix: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "signed", "matrix", string(id), string(from))
	})
}

// DropDraft puts the draft away; the table in force stays.
func (db *DB) DropDraft(ctx context.Context, in loa.Scope, by loa.By, id loa.MatrixID) error {
	return db.turnDraft(ctx, in, by, id, "draft", "dropped")
}

// RestoreDraft takes a draft that was put away up again, unless somebody has begun another.
func (db *DB) RestoreDraft(ctx context.Context, in loa.Scope, by loa.By, id loa.MatrixID) error {
	if _, err := db.MatrixDraft(ctx, in); err == nil {
		return loa.Refuse(loa.Conflict, "", "matrix_has_draft")
	} else if loa.KindOf(err) != loa.NotFound {
		return err
	}
	return db.turnDraft(ctx, in, by, id, "dropped", "draft")
}

func (db *DB) turnDraft(ctx context.Context, in loa.Scope, by loa.By, id loa.MatrixID, from, to string) error {
	if in.Empty() {
		return loa.ErrNotFound
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE matrix SET state = $1 WHERE id = $2 AND office_id = $3 AND state = $4`, to, id, in.Office, from)
		if err != nil {
			return fmt.Errorf("turn the draft %s: %w", to, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return notFoundUnless(err)
		}
		act := "restored"
		if to == "dropped" {
			act = "dropped"
		}
		return addAudit(ctx, tx, in.Office, by, act, "matrix", string(id), "")
	})
}

// CellSession is the newest held, or the nearest planned, session of one segment and form in one village.
type CellSession struct {
	Segment loa.SegmentID
	Form    loa.Form
	Area    loa.AreaID
	On      loa.Day
	ID      loa.SessionID
}

// CellSessions are, per segment, form and village, the newest session held up to a day and the nearest planned after it.
func (db *DB) CellSessions(ctx context.Context, in loa.Scope, today loa.Day) (held, planned []CellSession, err error) {
	state, err := db.outreachState(ctx, in.Office)
	if err != nil {
		return nil, nil, err
	}
	both, err := keepRead(db, fmt.Sprint("cells ", in, today), state, func() (b [2][]CellSession, err error) {
		b[0], b[1], err = db.cellSessions(ctx, in, today)
		return b, err
	})
	return both[0], both[1], err
}

func (db *DB) cellSessions(ctx context.Context, in loa.Scope, today loa.Day) (held, planned []CellSession, err error) {
	where, args := inScope(in, "a.path", 3)
	for _, q := range []struct {
		fold, state string
		into        *[]CellSession
	}{{"max", `s.state = 'held' AND s.on_day <= $2`, &held}, {"min", `s.state = 'planned' AND s.on_day >= $2`, &planned}} {
		rows, err := db.read.QueryContext(ctx, `SELECT g.segment_id, s.form, s.area_id, `+q.fold+`(s.on_day || s.id) FROM session s
			JOIN session_segment g ON g.session_id = s.id JOIN area a ON a.id = s.area_id
			WHERE s.office_id = $1 AND `+q.state+` AND `+where+` GROUP BY g.segment_id, s.form, s.area_id`, append([]any{in.Office, today}, args...)...)
		*q.into, err = collect(rows, err, func(r *sql.Rows) (c CellSession, err error) {
			var both string
			if err := r.Scan(&c.Segment, &c.Form, &c.Area, &both); err != nil {
				return c, err
			}
			c.On, c.ID = loa.Day(both[:10]), loa.SessionID(both[10:])
			return c, nil
		})
		if err != nil {
			return nil, nil, fmt.Errorf("read the sessions of the matrix: %w", err)
		}
	}
	return held, planned, nil
}
