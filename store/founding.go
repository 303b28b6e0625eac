package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

// Founding is everything the first run of an empty database sets up: one office, its territory, two officers and the ready segments.
type Founding struct {
	Office        loa.Office
	Province      CodedArea
	Communes      []CodedArea
	Since         loa.Day // from which the codes and the tree hold
	Source        string  // where the names and codes come from
	Director      loa.Officer
	Administrator loa.Officer
	Hashes        map[loa.OfficerID]string // of their passwords
	Until         loa.Day                  // to which their first roles hold
}

// CodedArea is an area with its official code.
type CodedArea struct {
	loa.Area
	Code string
}

// Found sets the first office up. A database that has one already is left alone.
func (db *DB) Found(ctx context.Context, by loa.By, f Founding) error {
	if err := f.Director.Check(); err != nil {
		return err
	}
	if err := f.Administrator.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		var any bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM office)`).Scan(&any); err != nil {
			return fmt.Errorf("look for an office: %w", err)
		}
		if any {
			return loa.Refuse(loa.Conflict, "", "setup_done")
		}
		f.Office.Province, f.Office.CreatedAt = f.Province.ID, by.At
		if err := insertOffice(ctx, tx, f.Office); err != nil {
			return err
		}
		if err := foundTerritory(ctx, tx, f); err != nil {
			return err
		}
		if err := foundOfficers(ctx, tx, by, f); err != nil {
			return err
		}
		if err := addReadySegments(ctx, tx, f.Office.ID, by); err != nil {
			return err
		}
		return addAudit(ctx, tx, f.Office.ID, by, "founded", "office", string(f.Office.ID), "")
	})
}

// foundTerritory makes the province, its communes and the node for what has no commune.
func foundTerritory(ctx context.Context, tx *sql.Tx, f Founding) error {
	root := loa.PathStep(f.Province.ID, loa.Province)
	f.Province.Path = root
	if err := insertCoded(ctx, tx, f, f.Province, ""); err != nil {
		return err
	}
	anchor := loa.Area{ID: f.Office.Anchor, Kind: loa.OfficeNode, Name: f.Office.ShortName, Path: root + loa.PathStep(f.Office.Anchor, loa.OfficeNode), Office: f.Office.ID}
	for _, c := range append([]CodedArea{{Area: anchor}}, f.Communes...) {
		if c.Kind == loa.Commune {
			c.Path, c.Office = root+loa.PathStep(c.ID, c.Kind), f.Office.ID
		}
		if err := insertCoded(ctx, tx, f, c, f.Province.ID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO office_area (office_id, area_id, from_on, to_on) VALUES ($1, $2, $3, $4)`, f.Office.ID, c.ID, f.Since, loa.OpenEnd)
		if err != nil {
			return fmt.Errorf("give the office %s: %w", c.Name, err)
		}
	}
	return nil
}

func insertCoded(ctx context.Context, tx *sql.Tx, f Founding, a CodedArea, parent loa.AreaID) error {
	if err := insertArea(ctx, tx, a.Area); err != nil {
		return err
	}
	if a.Code != "" {
		_, err := tx.ExecContext(ctx, `INSERT INTO area_code (area_id, code, from_on, to_on, source) VALUES ($1, $2, $3, $4, $5)`, a.ID, a.Code, f.Since, loa.OpenEnd, f.Source)
		if err != nil {
			return fmt.Errorf("give %s its code: %w", a.Name, err)
		}
	}
	if parent == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO area_parent (area_id, parent_id, from_on, to_on, source) VALUES ($1, $2, $3, $4, $5)`, a.ID, parent, f.Since, loa.OpenEnd, f.Source)
	if err != nil {
		return fmt.Errorf("hang %s into the tree: %w", a.Name, err)
	}
	return nil
}

func foundOfficers(ctx context.Context, tx *sql.Tx, by loa.By, f Founding) error {
	for _, p := range []struct {
		officer loa.Officer
		role    loa.Role
		must    bool
	}{{f.Administrator, loa.Administrator, false}, {f.Director, loa.Director, true}} {
		p.officer.Office = f.Office.ID
		if err := freeLoginName(ctx, tx, p.officer); err != nil {
			return err
		}
		change, err := nextChange(ctx, tx, f.Office.ID, 1)
		if err != nil {
			return err
		}
		if err := insertOfficer(ctx, tx, p.officer, by, change); err != nil {
			return err
		}
		var until int64
		if p.must {
			until = millis(by.At.Add(time.Duration(loa.DefaultSettings.OneTime) * time.Hour))
		}
		_, err = tx.ExecContext(ctx, `UPDATE officer SET password_hash = $1, must_change = $2, one_time_until = $3 WHERE id = $4`, f.Hashes[p.officer.ID], p.must, until, p.officer.ID)
		if err != nil {
			return fmt.Errorf("give %s a password: %w", p.officer.LoginName, err)
		}
		g := loa.Grant{ID: loa.NewID(), Officer: p.officer.ID, Role: p.role, Office: f.Office.ID, From: by.Day(), To: f.Until, GivenBy: by.Officer, GivenAt: by.At}
		if err := g.Check(); err != nil {
			return err
		}
		if err := insertGrant(ctx, tx, g); err != nil {
			return err
		}
	}
	return nil
}
