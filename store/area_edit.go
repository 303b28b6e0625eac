package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"loa"
	"loa/vn"
)

// areaForWrite is an area as it stands, for a change inside the scope.
func areaForWrite(ctx context.Context, q querier, in loa.Scope, id loa.AreaID) (loa.Area, error) {
	a, err := scanArea(q.QueryRowContext(ctx, `SELECT `+areaColumns+` FROM area a WHERE a.id = $1`, id))
	if err != nil {
		return a, notFound(err)
	}
	if !in.Holds(a.Path) || a.Office != in.Office {
		return loa.Area{}, loa.ErrNotFound
	}
	return a, nil
}

// SaveArea changes what an officer may say about a commune or village, and its other names. read is the change number the form
// was filled in at: what the form left alone keeps a newer value, and a field that both changed comes back with both values
// while nothing is written. The area and names that come back are the form's with the newer values in them.
func (db *DB) SaveArea(ctx context.Context, in loa.Scope, by loa.By, a loa.Area, aliases []string, read int64) (merged loa.Area, names []string, clashes []loa.FieldChange, err error) {
	a.Name, a.Prefix = vn.Tidy(a.Name), vn.Tidy(a.Prefix)
	if err := a.Check(); err != nil {
		return a, aliases, nil, err
	}
	if names, err = tidyAliases(aliases, a.Name); err != nil {
		return a, aliases, nil, err
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		old, err := areaForWrite(ctx, tx, in, a.ID)
		if err != nil {
			return err
		}
		if old.Kind == loa.OfficeNode {
			return loa.Refuse(loa.Conflict, "", "area_is_office")
		}
		had, err := aliasesOf(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		if read > 0 && old.ChangeNo > read {
			if _, clashes, err = mergeFields(ctx, tx, areaFields, string(a.ID), read, &old, &a); err != nil {
				return err
			}
			var more []loa.FieldChange
			if names, more, err = mergeAliases(ctx, tx, a.ID, read, had, names); err != nil {
				return err
			}
			if clashes = append(clashes, more...); len(clashes) > 0 {
				return nil
			}
		}
		if a.FocalOfficer != old.FocalOfficer {
			if err := officerInOffice(ctx, tx, in, a.FocalOfficer); err != nil {
				return err
			}
		}
		if _, err = saveRecord(ctx, tx, in, by, "area", string(a.ID), old.ChangeNo, 0, recordsOf(areaFields, &old, &a)); err != nil {
			return err
		}
		if slices.Equal(had, names) {
			return nil
		}
		return saveAliases(ctx, tx, in, by, a.ID, had, names)
	})
	return a, names, clashes, err
}

func officerInOffice(ctx context.Context, q querier, in loa.Scope, id loa.OfficerID) error {
	if id == "" {
		return nil
	}
	var n int
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM officer WHERE id = $1 AND office_id = $2`, id, in.Office).Scan(&n); err != nil {
		return fmt.Errorf("find the officer: %w", err)
	}
	if n == 0 {
		return loa.ErrNotFound
	}
	return nil
}

// tidyAliases are other names in the order of the alphabet, each once and none equal to the name itself.
func tidyAliases(list []string, name string) ([]string, error) {
	seen := map[string]bool{vn.Fold(name): true}
	var out []string
	for _, s := range list {
		s = vn.Tidy(s)
		if len([]rune(s)) > 100 || len(out) >= 20 {
			return nil, loa.Refuse(loa.Invalid, "aliases", "too_long", 100)
		}
		if f := vn.Fold(s); f != "" && !seen[f] {
			seen[f] = true
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(vn.Fold(a), vn.Fold(b)) })
	return out, nil
}

func aliasesOf(ctx context.Context, q querier, id loa.AreaID) ([]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT name FROM area_alias WHERE area_id = $1 ORDER BY folded`, id)
	list, err := collect(rows, err, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) })
	if err != nil {
		return nil, fmt.Errorf("read the other names: %w", err)
	}
	return list, nil
}

func saveAliases(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, id loa.AreaID, had, want []string) error {
	change, err := nextChange(ctx, tx, in.Office, 1)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM area_alias WHERE area_id = $1`, id); err != nil {
		return fmt.Errorf("drop the other names: %w", err)
	}
	for _, name := range want {
		if _, err := tx.ExecContext(ctx, `INSERT INTO area_alias (area_id, name, folded) VALUES ($1, $2, $3)`, id, name, vn.Fold(name)); err != nil {
			return fmt.Errorf("save another name: %w", err)
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE area SET change_no = $1 WHERE id = $2`, change, id); err != nil {
		return fmt.Errorf("mark the area as changed: %w", err)
	}
	if err := addVersion(ctx, tx, in.Office, by, change, "area", string(id), "aliases", strings.Join(had, ", "), strings.Join(want, ", ")); err != nil {
		return err
	}
	return addAudit(ctx, tx, in.Office, by, "changed", "area", string(id), "aliases")
}

// AddVillage adds a village with its other names under a commune, or under the office's own node while its commune is not known.
func (db *DB) AddVillage(ctx context.Context, in loa.Scope, by loa.By, a loa.Area, parent loa.AreaID, from loa.Day, source string, aliases ...string) (loa.Area, loa.ActID, error) {
	a.Name, a.Kind, a.Office = vn.Tidy(a.Name), loa.Village, in.Office
	if a.ID == "" {
		a.ID = loa.AreaID(loa.NewID())
	}
	if err := a.Check(); err != nil {
		return a, "", err
	}
	if err := checkFrom(from, by); err != nil {
		return a, "", err
	}
	names, err := tidyAliases(aliases, a.Name)
	if err != nil {
		return a, "", err
	}
	act := loa.ActID(loa.NewID())
	err = db.tx(ctx, func(tx *sql.Tx) error {
		up, err := areaForWrite(ctx, tx, in, parent)
		if err != nil {
			return err
		}
		if up.Kind != loa.Commune && up.Kind != loa.OfficeNode {
			return loa.Refuse(loa.Invalid, "parent", "parent_not_commune")
		}
		var twin int
		err = tx.QueryRowContext(ctx, `SELECT count(*) FROM area a JOIN area_parent p ON p.area_id = a.id WHERE p.parent_id = $1 AND p.to_on = $2 AND a.folded = $3 AND a.prefix = $4`,
			parent, loa.OpenEnd, a.Folded(), a.Prefix).Scan(&twin)
		if err != nil {
			return fmt.Errorf("look for a village of that name: %w", err)
		}
		if twin > 0 {
			return loa.Refuse(loa.Conflict, "name", "area_name_taken")
		}
		if a.ChangeNo, err = nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		a.Path = up.Path + loa.PathStep(a.ID, a.Kind)
		if err := insertArea(ctx, tx, a); err != nil {
			return err
		}
		if err := insertParent(ctx, tx, loa.AreaParent{Area: a.ID, Parent: parent, From: from, To: loa.OpenEnd, Source: source}); err != nil {
			return err
		}
		for _, name := range names {
			if _, err := tx.ExecContext(ctx, `INSERT INTO area_alias (area_id, name, folded) VALUES ($1, $2, $3)`, a.ID, name, vn.Fold(name)); err != nil {
				return fmt.Errorf("save another name: %w", err)
			}
		}
		if err := keepAreaAdded(ctx, tx, in, by, act, a.ID); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "created", "area", string(a.ID), string(from))
	})
	return a, act, err
}

// checkFrom refuses a day that does not exist or has not come: the tree that is kept is the present one.
func checkFrom(from loa.Day, by loa.By) error {
	if !from.Valid() {
		return loa.Refuse(loa.Invalid, "from", "bad_day")
	}
	if from > by.Day() {
		return loa.Refuse(loa.Invalid, "from", "area_future")
	}
	return nil
}

func insertParent(ctx context.Context, tx *sql.Tx, p loa.AreaParent) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO area_parent (area_id, parent_id, from_on, to_on, source) VALUES ($1, $2, $3, $4, $5)`, p.Area, p.Parent, p.From, p.To, p.Source)
	if err != nil {
		return fmt.Errorf("hang an area into the tree: %w", err)
	}
	return nil
}

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
