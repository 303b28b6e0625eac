package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

// Boundary says that an area's boundary is known, from where and since when; MapOutlines has the shapes.
type Boundary struct {
	Area     loa.AreaID
	Source   string
	Size     int
	LoadedAt time.Time
}

// SaveBoundaries keeps the boundaries of areas, as the reader of untrusted files handed them over; earlier ones are replaced, and
// the act that comes back brings them again.
func (db *DB) SaveBoundaries(ctx context.Context, in loa.Scope, by loa.By, shapes map[loa.AreaID]string, source string) (loa.ActID, error) {
	if len(shapes) == 0 {
		return "", loa.Refuse(loa.Invalid, "file", "boundary_nobody")
	}
	if source == "" || len([]rune(source)) > 200 {
		return "", loa.Refuse(loa.Invalid, "source", "required")
	}
	act := loa.ActID(loa.NewID())
	return act, db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		for id, shape := range shapes {
			if _, err := areaForWrite(ctx, tx, in, id); err != nil {
				return err
			}
			if err := keepBoundary(ctx, tx, in.Office, act, id, millis(by.At)); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `INSERT INTO boundary (office_id, area_id, geojson, source, loaded_at) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (office_id, area_id) DO UPDATE SET geojson = excluded.geojson, source = excluded.source, loaded_at = excluded.loaded_at`,
				in.Office, id, shape, source, millis(by.At))
			if err != nil {
				return fmt.Errorf("keep a boundary: %w", err)
			}
		}
		return addAudit(ctx, tx, in.Office, by, "imported", "boundary", "", fmt.Sprintf("areas=%d", len(shapes)))
	})
}

// DropBoundary forgets the boundary of an area; the map shows its middle again until the act is taken back.
func (db *DB) DropBoundary(ctx context.Context, in loa.Scope, by loa.By, id loa.AreaID) (loa.ActID, error) {
	act := loa.ActID(loa.NewID())
	return act, db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := areaForWrite(ctx, tx, in, id); err != nil {
			return err
		}
		if err := keepBoundary(ctx, tx, in.Office, act, id, 0); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `DELETE FROM boundary WHERE office_id = $1 AND area_id = $2`, in.Office, id)
		if err != nil {
			return fmt.Errorf("forget a boundary: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return notFoundUnless(err)
		}
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "dropped", "boundary", string(id), "")
	})
}

// Boundaries says of which areas of the scope the boundary is known.
func (db *DB) Boundaries(ctx context.Context, in loa.Scope) ([]Boundary, error) {
	where, args := inScope(in, "a.path", 2)
	rows, err := db.read.QueryContext(ctx, `SELECT b.area_id, b.source, length(b.geojson), b.loaded_at FROM boundary b JOIN area a ON a.id = b.area_id
		WHERE b.office_id = $1 AND `+where+` ORDER BY a.path`, append([]any{in.Office}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (b Boundary, err error) {
		var at int64
		err = r.Scan(&b.Area, &b.Source, &b.Size, &at)
		b.LoadedAt = instant(at)
		return b, err
	})
	if err != nil {
		return nil, fmt.Errorf("list the boundaries: %w", err)
	}
	return list, nil
}
