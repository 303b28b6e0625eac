package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
	"loa/vn"
)

const priceColumns = `p.id, p.office_id, p.area_id, p.item, p.name_vi, p.unit_vi, p.one_en, p.many_en, p.price, p.picture, p.from_on, p.source, p.off, p.synthetic, p.recorded_at, p.recorded_by`

func scanPrice(r *sql.Rows) (p loa.PriceItem, err error) {
	var recorded int64
	err = r.Scan(&p.ID, &p.Office, &p.Area, &p.Key, &p.NameVI, &p.UnitVI, &p.OneEN, &p.ManyEN, &p.Price, &p.Picture, &p.From, &p.Source, &p.Off, &p.Synthetic, &recorded, &p.RecordedBy)
	p.RecordedAt = instant(recorded)
	return p, err
}

func priceArgs(p loa.PriceItem) []any {
	return []any{p.ID, p.Office, p.Area, p.Key, p.NameVI, p.UnitVI, p.OneEN, p.ManyEN, p.Price, p.Picture, p.From, p.Source, p.Off, p.Synthetic, millis(p.RecordedAt), p.RecordedBy}
}

// Basket is what a family pays for the things it buys in the commune of an area on a day; where the commune has no price of its own,
// the office's holds.
func (db *DB) Basket(ctx context.Context, in loa.Scope, area loa.AreaID, on loa.Day) ([]loa.PriceItem, error) {
	commune, rows, err := db.prices(ctx, in, area)
	if err != nil {
		return nil, err
	}
	return loa.BasketOf(rows, commune, on), nil
}

// Prices are all rows ever written for the commune of an area and for the office, newest first.
func (db *DB) Prices(ctx context.Context, in loa.Scope, area loa.AreaID) ([]loa.PriceItem, error) {
	_, rows, err := db.prices(ctx, in, area)
	return rows, err
}

func (db *DB) prices(ctx context.Context, in loa.Scope, area loa.AreaID) (commune loa.AreaID, list []loa.PriceItem, err error) {
	var anchor loa.AreaID
	if err := db.read.QueryRowContext(ctx, `SELECT anchor_id FROM office WHERE id = $1`, in.Office).Scan(&anchor); err != nil {
		return "", nil, notFound(err)
	}
	if area != anchor {
		if err := areaInScope(ctx, db.read, in, area); err != nil {
			return "", nil, err
		}
	} else if in.Empty() {
		return "", nil, loa.ErrNotFound
	}
	commune, err = communeOf(ctx, db.read, area)
	if err != nil {
		return "", nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+priceColumns+` FROM price_item p WHERE p.office_id = $1 AND p.area_id IN ($2, $3) ORDER BY p.from_on DESC, p.recorded_at DESC, p.id DESC`+limit(5000), in.Office, anchor, commune)
	list, err = collect(rows, err, scanPrice)
	if err != nil {
		return "", nil, fmt.Errorf("read the prices: %w", err)
	}
	return commune, list, nil
}

// communeOf climbs from an area to its commune; whatever lies in none is itself.
func communeOf(ctx context.Context, q querier, area loa.AreaID) (loa.AreaID, error) {
	var commune loa.AreaID
	err := q.QueryRowContext(ctx, `SELECT c.id FROM area a JOIN area c ON c.kind IN ('commune', 'office') AND c.path <> '' AND a.path >= c.path AND a.path < substr(c.path, 1, length(c.path) - 1) || '0'
		WHERE a.id = $1 AND c.office_id = a.office_id ORDER BY length(c.path) DESC LIMIT 1`, area).Scan(&commune)
	if err == sql.ErrNoRows {
		return area, nil
	}
	if err != nil {
		return "", fmt.Errorf("find the commune: %w", err)
	}
	return commune, nil
}

// AddPrice writes what something costs since a day in a commune, or in every commune when the area is the office's own node. A row that is
// off takes the thing out of that basket from the day on.
func (db *DB) AddPrice(ctx context.Context, in loa.Scope, by loa.By, p loa.PriceItem) (loa.PriceItem, error) {
	p.NameVI, p.UnitVI, p.OneEN, p.ManyEN, p.Source = vn.Tidy(p.NameVI), vn.Tidy(p.UnitVI), vn.Tidy(p.OneEN), vn.Tidy(p.ManyEN), vn.Tidy(p.Source)
	if p.ID == "" {
		p.ID = loa.NewID()
	}
	p.Office, p.Key, p.Synthetic, p.RecordedAt, p.RecordedBy = in.Office, loa.PriceKey(p.NameVI), false, by.At, by.Officer
	if err := p.Check(by.Day()); err != nil {
		return p, err
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		a, err := areaForWrite(ctx, tx, in, p.Area)
		if err != nil {
			return err
		}
		if a.Kind != loa.Commune && a.Kind != loa.OfficeNode {
			return loa.Refuse(loa.Invalid, "area", "not_in_list")
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO price_item (`+barePriceColumns+`, change_no) VALUES (`+placeholders(1, 17)+`) ON CONFLICT (id) DO NOTHING`, append(priceArgs(p), change)...); err != nil {
			return fmt.Errorf("write a price: %w", err)
		}
		act := "recorded"
		if p.Off {
			act = "dropped"
		}
		return addAudit(ctx, tx, in.Office, by, act, "price_item", p.ID, p.NameVI)
	})
	return p, err
}

var barePriceColumns = bare(priceColumns, "p.")
