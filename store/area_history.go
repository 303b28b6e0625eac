package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

// AreaByCode is the unit an official code meant on a day: since 2025-07-01 some codes mean another unit than before.
func (db *DB) AreaByCode(ctx context.Context, in loa.Scope, code string, on loa.Day) (loa.Area, error) {
	a, err := areaByCode(ctx, db.read, code, on)
	if err != nil {
		return a, err
	}
	if in.Empty() || a.Office != in.Office || a.Path != "" && !in.Holds(a.Path) {
		return loa.Area{}, loa.ErrNotFound
	}
	return a, nil
}

func areaByCode(ctx context.Context, q querier, code string, on loa.Day) (loa.Area, error) {
	a, err := scanArea(q.QueryRowContext(ctx, `SELECT `+areaColumns+` FROM area a JOIN area_code c ON c.area_id = a.id
		WHERE c.code = $1 AND c.from_on <= $2 AND c.to_on >= $2`, code, on))
	return a, notFound(err)
}

// AreaCodes are the official codes of the office's units, dated, oldest first.
func (db *DB) AreaCodes(ctx context.Context, in loa.Scope) ([]loa.AreaCode, error) {
	if in.Empty() {
		return nil, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT c.area_id, c.code, c.from_on, c.to_on, c.source FROM area_code c JOIN area a ON a.id = c.area_id
		WHERE a.office_id = $1 ORDER BY c.area_id, c.from_on`, in.Office)
	list, err := collect(rows, err, scanCode)
	if err != nil {
		return nil, fmt.Errorf("read the codes: %w", err)
	}
	return list, nil
}

func scanCode(r *sql.Rows) (c loa.AreaCode, err error) {
	return c, r.Scan(&c.Area, &c.Code, &c.From, &c.To, &c.Source)
}

// Owned are the communes an office has or had, with the days, inside the scope; who works for the whole office also sees those
// that went to another one.
func (db *DB) Owned(ctx context.Context, in loa.Scope) ([]loa.OfficeArea, error) {
	where, args := inScope(in, "a.path", 2)
	switch err := wholeOffice(ctx, db.read, in); {
	case err == nil:
		where, args = "1 = 1", nil
	case loa.KindOf(err) != loa.NotFound:
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT o.office_id, o.area_id, o.from_on, o.to_on FROM office_area o JOIN area a ON a.id = o.area_id
		WHERE o.office_id = $1 AND a.kind <> 'office' AND (a.path = '' OR `+where+`) ORDER BY a.folded, o.area_id, o.from_on`, append([]any{in.Office}, args...)...)
	list, err := collect(rows, err, scanOwned)
	if err != nil {
		return nil, fmt.Errorf("read the office's communes: %w", err)
	}
	return list, nil
}

func scanOwned(r *sql.Rows) (o loa.OfficeArea, err error) {
	return o, r.Scan(&o.Office, &o.Area, &o.From, &o.To)
}

// formerly is the part of a scope that a unit which no longer exists had: the places of its villages today. For any other area
// it is nothing.
func (db *DB) formerly(ctx context.Context, in loa.Scope, unit loa.AreaID) (loa.Scope, error) {
	out := loa.Scope{Office: in.Office}
	rows, err := db.read.QueryContext(ctx, `SELECT DISTINCT a.path FROM area_parent p JOIN area a ON a.id = p.area_id JOIN area u ON u.id = p.parent_id
		WHERE p.parent_id = $1 AND u.office_id = $2 AND u.path = '' AND a.path <> '' ORDER BY a.path`, unit, in.Office)
	paths, err := collect(rows, err, func(r *sql.Rows) (path string, err error) { return path, r.Scan(&path) })
	if err != nil {
		return out, fmt.Errorf("find the villages of a former unit: %w", err)
	}
	for _, path := range paths {
		out.Ranges = append(out.Ranges, in.Narrow(path).Ranges...)
	}
	return out, nil
}

// AreaAct is an act on the territory that can still be taken back.
type AreaAct struct {
	ID     loa.ActID
	Area   loa.Area
	DoneAt time.Time
	DoneBy loa.OfficerID
}

// AreaActs are the newest acts on areas of the scope since a moment that were not taken back.
func (db *DB) AreaActs(ctx context.Context, in loa.Scope, since time.Time, take int) ([]AreaAct, error) {
	where, args := inScope(in, "a.path", 5)
	rows, err := db.read.QueryContext(ctx, `SELECT c.id, c.done_at, c.done_by, a.id, a.name, a.prefix, a.kind FROM act c JOIN area a ON a.id = c.noun_id
		WHERE c.office_id = $1 AND c.kind = $2 AND c.undone_at = 0 AND c.done_at >= $3 AND `+where+` ORDER BY c.done_at DESC, c.id DESC LIMIT $4`,
		append([]any{in.Office, areaMove, millis(since), take}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (x AreaAct, err error) {
		var done int64
		err = r.Scan(&x.ID, &done, &x.DoneBy, &x.Area.ID, &x.Area.Name, &x.Area.Prefix, &x.Area.Kind)
		x.DoneAt = instant(done)
		return x, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the acts on areas: %w", err)
	}
	return list, nil
}
