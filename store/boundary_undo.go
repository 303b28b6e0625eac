package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// keepBoundary remembers what stood for an area before an act, and the moment the act leaves there.
func keepBoundary(ctx context.Context, tx *sql.Tx, office loa.OfficeID, act loa.ActID, area loa.AreaID, left int64) error {
	var shape, source string
	var at int64
	err := tx.QueryRowContext(ctx, `SELECT geojson, source, loaded_at FROM boundary WHERE office_id = $1 AND area_id = $2`, office, area).Scan(&shape, &source, &at)
	if err != nil && err != sql.ErrNoRows {
		return fmt.Errorf("read the boundary of before: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO boundary_before (act_id, office_id, area_id, geojson, source, loaded_at, left_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`, act, office, area, shape, source, at, left)
	if err != nil {
		return fmt.Errorf("remember the boundary of before: %w", err)
	}
	return nil
}

type boundaryBefore struct {
	area          loa.AreaID
	shape, source string
	loaded, left  int64
}

// UndoBoundaries takes back that boundaries were kept or dropped, as long as nobody has kept or dropped them since.
func (db *DB) UndoBoundaries(ctx context.Context, in loa.Scope, by loa.By, act loa.ActID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT area_id, geojson, source, loaded_at, left_at FROM boundary_before WHERE act_id = $1 AND office_id = $2 ORDER BY area_id`, act, in.Office)
		list, err := collect(rows, err, func(r *sql.Rows) (b boundaryBefore, err error) {
			return b, r.Scan(&b.area, &b.shape, &b.source, &b.loaded, &b.left)
		})
		if err != nil {
			return fmt.Errorf("read the boundaries of before: %w", err)
		}
		if len(list) == 0 {
			return loa.ErrNotFound
		}
		for _, b := range list {
			if _, err := areaForWrite(ctx, tx, in, b.area); err != nil {
				return err
			}
			if err := putBoundary(ctx, tx, in.Office, b); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM boundary_before WHERE act_id = $1`, act); err != nil {
			return fmt.Errorf("forget the act: %w", err)
		}
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "undone", "boundary", string(act), fmt.Sprintf("areas=%d", len(list)))
	})
}

func putBoundary(ctx context.Context, tx *sql.Tx, office loa.OfficeID, b boundaryBefore) error {
	var now int64
	err := tx.QueryRowContext(ctx, `SELECT loaded_at FROM boundary WHERE office_id = $1 AND area_id = $2`, office, b.area).Scan(&now)
	if err != nil && err != sql.ErrNoRows {
		return fmt.Errorf("read the boundary: %w", err)
	}
	if now != b.left {
		return loa.Refuse(loa.Conflict, "", "already_undone")
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM boundary WHERE office_id = $1 AND area_id = $2`, office, b.area); err != nil {
		return fmt.Errorf("take the boundary away: %w", err)
	}
	if b.shape == "" {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO boundary (office_id, area_id, geojson, source, loaded_at) VALUES ($1, $2, $3, $4, $5)`, office, b.area, b.shape, b.source, b.loaded); err != nil {
		return fmt.Errorf("bring the boundary back: %w", err)
	}
	return nil
}
