package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
	"loa/vn"
)

// SaveMarket notes a place's recurring market, or puts one right.
func (db *DB) SaveMarket(ctx context.Context, in loa.Scope, by loa.By, m loa.Market) (loa.Market, error) {
	m.Name, m.Office = vn.Tidy(m.Name), in.Office
	if m.ID == "" {
		m.ID = loa.MarketID(loa.NewID())
	}
	if err := m.Check(); err != nil {
		return m, err
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := areaForWrite(ctx, tx, in, m.Area); err != nil {
			return err
		}
		var old loa.Market
		var was int64
		err := tx.QueryRowContext(ctx, `SELECT area_id, name, rule, source, note, change_no FROM market WHERE id = $1 AND office_id = $2`, m.ID, in.Office).
			Scan(&old.Area, &old.Name, &old.Rule, &old.Source, &old.Note, &was)
		if err == nil {
			if old.Area != m.Area {
				return loa.ErrNotFound
			}
			_, err = saveRecord(ctx, tx, in, by, "market", string(m.ID), was, 0,
				[]recordField{{"name", old.Name, m.Name}, {"rule", old.Rule, m.Rule}, {"source", old.Source, m.Source}, {"note", old.Note, m.Note}})
			return err
		}
		if err != sql.ErrNoRows {
			return fmt.Errorf("read a market: %w", err)
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO market (id, office_id, area_id, name, folded, rule, source, note, change_no) VALUES (`+placeholders(1, 9)+`)`,
			m.ID, m.Office, m.Area, m.Name, vn.Fold(m.Name), m.Rule, m.Source, m.Note, change)
		if err != nil {
			return fmt.Errorf("note a market: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "created", "market", string(m.ID), m.Rule)
	})
	return m, err
}

// DropMarket forgets a market and hands back what was known of it, so that it can be noted again. Sessions held there stay.
func (db *DB) DropMarket(ctx context.Context, in loa.Scope, by loa.By, area loa.AreaID, id loa.MarketID) (m loa.Market, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := areaForWrite(ctx, tx, in, area); err != nil {
			return err
		}
		err := tx.QueryRowContext(ctx, `DELETE FROM market WHERE id = $1 AND area_id = $2 AND office_id = $3 RETURNING id, area_id, name, rule, source, note`, id, area, in.Office).
			Scan(&m.ID, &m.Area, &m.Name, &m.Rule, &m.Source, &m.Note)
		if err != nil {
			return notFound(err)
		}
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "dropped", "market", string(id), m.Rule)
	})
	return m, err
}

// SaveFestival notes days a place keeps; they are given anew every year, since most follow the moon or the elders.
func (db *DB) SaveFestival(ctx context.Context, in loa.Scope, by loa.By, f loa.FestivalDay) (loa.FestivalDay, error) {
	f.Name, f.Office = vn.Tidy(f.Name), in.Office
	if f.ID == "" {
		f.ID = loa.FestivalID(loa.NewID())
	}
	if err := f.Check(); err != nil {
		return f, err
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := areaForWrite(ctx, tx, in, f.Area); err != nil {
			return err
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO festival (id, office_id, area_id, name, from_on, to_on, kind, source, change_no) VALUES (`+placeholders(1, 9)+`)`,
			f.ID, f.Office, f.Area, f.Name, f.From, f.To, f.Kind, f.Source, change)
		if err != nil {
			return fmt.Errorf("note a festival: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "created", "festival", string(f.ID), string(f.From))
	})
	return f, err
}

// DropFestival forgets the days of a festival and hands back what was known of them.
func (db *DB) DropFestival(ctx context.Context, in loa.Scope, by loa.By, area loa.AreaID, id loa.FestivalID) (f loa.FestivalDay, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := areaForWrite(ctx, tx, in, area); err != nil {
			return err
		}
		err := tx.QueryRowContext(ctx, `DELETE FROM festival WHERE id = $1 AND area_id = $2 AND office_id = $3 RETURNING id, area_id, name, from_on, to_on, kind, source`, id, area, in.Office).
			Scan(&f.ID, &f.Area, &f.Name, &f.From, &f.To, &f.Kind, &f.Source)
		if err != nil {
			return notFound(err)
		}
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "dropped", "festival", string(id), string(f.From))
	})
	return f, err
}

// FestivalsOf are all days one area keeps, newest first.
func (db *DB) FestivalsOf(ctx context.Context, in loa.Scope, area loa.AreaID) ([]loa.FestivalDay, error) {
	if err := areaInScope(ctx, db.read, in, area); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT id, office_id, area_id, name, from_on, to_on, kind, source FROM festival WHERE area_id = $1 AND office_id = $2
		ORDER BY from_on DESC, id LIMIT 200`, area, in.Office)
	list, err := collect(rows, err, func(r *sql.Rows) (f loa.FestivalDay, err error) {
		return f, r.Scan(&f.ID, &f.Office, &f.Area, &f.Name, &f.From, &f.To, &f.Kind, &f.Source)
	})
	if err != nil {
		return nil, fmt.Errorf("read the festivals of an area: %w", err)
	}
	return list, nil
}
