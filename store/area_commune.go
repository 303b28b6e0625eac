package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// AddCommune gives the office one more commune from a day on; only who works for the whole office may. A commune the office
// had before comes back as the same one, with everything that was recorded in it. The act takes either back.
func (db *DB) AddCommune(ctx context.Context, in loa.Scope, by loa.By, c CodedArea, from loa.Day, source string) (loa.AreaID, loa.ActID, error) {
	if err := c.Check(); err != nil {
		return "", "", err
	}
	if err := checkFrom(from, by); err != nil {
		return "", "", err
	}
	c.Kind, c.Office = loa.Commune, in.Office
	id, act := c.ID, loa.ActID(loa.NewID())
	err := db.tx(ctx, func(tx *sql.Tx) error {
		province, err := provinceOf(ctx, tx, in)
		if err != nil {
			return err
		}
		known, err := areaByCode(ctx, tx, c.Code, from)
		if err == nil {
			if known.Office != in.Office {
				return loa.Refuse(loa.Conflict, "code", "commune_other_office")
			}
			if known.Path == "" || known.Kind != loa.Commune {
				return loa.Refuse(loa.Conflict, "code", "commune_gone")
			}
			id = known.ID
			before, err := areaStates(ctx, tx, []loa.AreaID{id})
			if err != nil {
				return err
			}
			if err := ownAgain(ctx, tx, in, by, known, from); err != nil {
				return err
			}
			after, err := areaStates(ctx, tx, []loa.AreaID{id})
			if err != nil {
				return err
			}
			return keepAreaAct(ctx, tx, in, by, act, id, before, after)
		}
		if loa.KindOf(err) != loa.NotFound {
			return err
		}
		if c.ChangeNo, err = nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		c.Path = province.Path + loa.PathStep(c.ID, c.Kind)
		if err := insertCoded(ctx, tx, Founding{Since: from, Source: source}, c, province.ID); err != nil {
			return err
		}
		if err := own(ctx, tx, in.Office, c.ID, from); err != nil {
			return err
		}
		if err := keepAreaAdded(ctx, tx, in, by, act, c.ID); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "created", "area", string(c.ID), c.Code+" "+string(from))
	})
	return id, act, err
}

// provinceOf is the office's province, for who works for the whole office.
func provinceOf(ctx context.Context, q querier, in loa.Scope) (loa.Area, error) {
	if err := wholeOffice(ctx, q, in); err != nil {
		return loa.Area{}, err
	}
	return scanArea(q.QueryRowContext(ctx, `SELECT `+areaColumns+` FROM area a JOIN office o ON o.province_id = a.id WHERE o.id = $1`, in.Office))
}

func own(ctx context.Context, tx *sql.Tx, office loa.OfficeID, area loa.AreaID, from loa.Day) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO office_area (office_id, area_id, from_on, to_on) VALUES ($1, $2, $3, $4)`, office, area, from, loa.OpenEnd)
	if err != nil {
		return fmt.Errorf("give the office a commune: %w", err)
	}
	return nil
}

func ownAgain(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, a loa.Area, from loa.Day) error {
	var last loa.Day
	err := tx.QueryRowContext(ctx, `SELECT coalesce(max(to_on), '') FROM office_area WHERE office_id = $1 AND area_id = $2`, in.Office, a.ID).Scan(&last)
	if err != nil {
		return fmt.Errorf("read whose commune it was: %w", err)
	}
	if last >= from {
		return loa.Refuse(loa.Conflict, "code", "commune_owned")
	}
	if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
		return err
	}
	if err := own(ctx, tx, in.Office, a.ID, from); err != nil {
		return err
	}
	return addAudit(ctx, tx, in.Office, by, "owned", "area", string(a.ID), string(from))
}

// EndCommune says which day was the last the office had a commune; loa.OpenEnd takes that back.
func (db *DB) EndCommune(ctx context.Context, in loa.Scope, by loa.By, id loa.AreaID, last loa.Day) error {
	if last != loa.OpenEnd && !last.Valid() {
		return loa.Refuse(loa.Invalid, "to", "bad_day")
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := wholeOffice(ctx, tx, in); err != nil {
			return err
		}
		var from loa.Day
		err := tx.QueryRowContext(ctx, `SELECT o.from_on FROM office_area o JOIN area a ON a.id = o.area_id WHERE o.office_id = $1 AND o.area_id = $2 AND a.kind = 'commune'
			ORDER BY o.from_on DESC LIMIT 1`, in.Office, id).Scan(&from)
		if err != nil {
			return notFound(err)
		}
		if last < from {
			return loa.Refuse(loa.Invalid, "to", "backwards")
		}
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE office_area SET to_on = $1 WHERE office_id = $2 AND area_id = $3 AND from_on = $4`, last, in.Office, id, from); err != nil {
			return fmt.Errorf("end the office's commune: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "ended", "area", string(id), string(last))
	})
}

// FormCommune gives the office a commune that is formed anew out of some of its own from a day on: those are merged into it, their
// villages move over, and the new one may bear the code of one of them. All of it is one act, taken back at once.
func (db *DB) FormCommune(ctx context.Context, in loa.Scope, by loa.By, c CodedArea, of []loa.AreaID, from loa.Day, source string) (loa.AreaID, loa.ActID, error) {
	if err := c.Check(); err != nil {
		return "", "", err
	}
	if err := checkCode(c.Code); err != nil {
		return "", "", err
	}
	if err := checkFrom(from, by); err != nil {
		return "", "", err
	}
	c.Kind, c.Office = loa.Commune, in.Office
	act := loa.ActID(loa.NewID())
	err := db.tx(ctx, func(tx *sql.Tx) error {
		province, err := provinceOf(ctx, tx, in)
		if err != nil {
			return err
		}
		m := &areaMoving{ctx: ctx, tx: tx, from: from, source: source}
		if m.change, err = nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		c.ChangeNo, c.Path = m.change, province.Path+loa.PathStep(c.ID, c.Kind)
		bare := c
		bare.Code = "" // one of the others may still bear it
		if err := insertCoded(ctx, tx, Founding{Since: from, Source: source}, bare, province.ID); err != nil {
			return err
		}
		if err := own(ctx, tx, in.Office, c.ID, from); err != nil {
			return err
		}
		var ids []loa.AreaID
		var before []areaState
		for _, id := range of {
			a, err := areaForWrite(ctx, tx, in, id)
			if err != nil {
				return err
			}
			if a.Kind != loa.Commune {
				return loa.Refuse(loa.Invalid, "of", "parent_not_commune")
			}
			touched, err := m.touched(a, c.Area)
			if err != nil {
				return err
			}
			was, err := areaStates(ctx, tx, touched[:len(touched)-1]) // all but the new one
			if err != nil {
				return err
			}
			if err := m.move(a, c.Area, touched); err != nil {
				return err
			}
			if err := addAudit(ctx, tx, in.Office, by, areaMove, "area", string(a.ID), string(from)); err != nil {
				return err
			}
			ids, before = append(ids, touched[:len(touched)-1]...), append(before, was...)
		}
		if c.Code != "" {
			if err := recode(ctx, tx, c.ID, c.Code, from, source); err != nil {
				return err
			}
		}
		ids, before = append(ids, c.ID), append(before, areaState{ID: c.ID, Gone: true})
		after, err := areaStates(ctx, tx, ids)
		if err != nil {
			return err
		}
		for i := range before {
			if was, is := openParent(before[i]), openParent(after[i]); !before[i].Gone && was != is {
				if err := addVersion(ctx, tx, in.Office, by, m.change, "area", string(ids[i]), "parent_id", string(was), string(is)); err != nil {
					return err
				}
			}
		}
		if err := codesFree(ctx, tx, after[len(after)-1]); err != nil {
			return err
		}
		if err := keepAreaAct(ctx, tx, in, by, act, c.ID, before, after); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "created", "area", string(c.ID), c.Code+" "+string(from))
	})
	return c.ID, act, err
}
