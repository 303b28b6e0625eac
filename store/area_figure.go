package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// AddFigure records a count of an area with its source and date. Nothing is overwritten: the newest by date holds, and of
// two for the same day the one recorded later.
func (db *DB) AddFigure(ctx context.Context, in loa.Scope, by loa.By, f loa.AreaFigure) error {
	if err := f.Check(by.Day()); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := areaForWrite(ctx, tx, in, f.Area); err != nil {
			return err
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO area_figure (id, area_id, kind, value, as_of_on, source, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			loa.NewID(), f.Area, f.Kind, f.Value, f.AsOf, f.Source, millis(by.At), by.Officer)
		if err != nil {
			return fmt.Errorf("record a figure: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE area SET change_no = $1 WHERE id = $2`, change, f.Area); err != nil {
			return fmt.Errorf("mark the area as changed: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "recorded", "area_figure", string(f.Area), f.Kind+" "+string(f.AsOf))
	})
}

// Figures are all figures ever recorded of one area, by kind, the one that holds first.
func (db *DB) Figures(ctx context.Context, in loa.Scope, id loa.AreaID) ([]loa.AreaFigure, error) {
	if err := areaInScope(ctx, db.read, in, id); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT area_id, kind, value, as_of_on, source, recorded_at, recorded_by FROM area_figure
		WHERE area_id = $1 ORDER BY kind, as_of_on DESC, recorded_at DESC, id DESC LIMIT 500`, id)
	list, err := collect(rows, err, scanFigure)
	if err != nil {
		return nil, fmt.Errorf("read the figures of an area: %w", err)
	}
	return list, nil
}

// FiguresNow are the figures that hold on a day for every area of the scope.
func (db *DB) FiguresNow(ctx context.Context, in loa.Scope, on loa.Day) (map[loa.AreaID]map[string]loa.AreaFigure, error) {
	where, args := inScope(in, "a.path", 2)
	rows, err := db.read.QueryContext(ctx, `SELECT f.area_id, f.kind, f.value, f.as_of_on, f.source, f.recorded_at, f.recorded_by FROM area_figure f JOIN area a ON a.id = f.area_id
		WHERE f.as_of_on <= $1 AND `+where+` ORDER BY f.as_of_on, f.recorded_at, f.id`, append([]any{on}, args...)...)
	list, err := collect(rows, err, scanFigure)
	if err != nil {
		return nil, fmt.Errorf("read the figures: %w", err)
	}
	out := map[loa.AreaID]map[string]loa.AreaFigure{}
	for _, f := range list { // oldest first: the last one holds
		if out[f.Area] == nil {
			out[f.Area] = map[string]loa.AreaFigure{}
		}
		out[f.Area][f.Kind] = f
	}
	return out, nil
}

func scanFigure(r *sql.Rows) (f loa.AreaFigure, err error) {
	var recorded int64
	err = r.Scan(&f.Area, &f.Kind, &f.Value, &f.AsOf, &f.Source, &recorded, &f.RecordedBy)
	f.RecordedAt = instant(recorded)
	return f, err
}
