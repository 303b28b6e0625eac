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
	added, act, err := db.AddVillages(ctx, in, by, []loa.Area{a}, parent, from, source, aliases...)
	if err != nil {
		return a, "", err
	}
	return added[0], act, nil
}

// AddVillages adds some villages by one act, all of them or none; the other names are the first one's. The first must have a name
// that is free; of the others, those of a name the commune has already are left as they are.
func (db *DB) AddVillages(ctx context.Context, in loa.Scope, by loa.By, list []loa.Area, parent loa.AreaID, from loa.Day, source string, aliases ...string) (added []loa.Area, act loa.ActID, err error) {
	if err := checkFrom(from, by); err != nil {
		return nil, "", err
	}
	act = loa.ActID(loa.NewID())
	err = db.tx(ctx, func(tx *sql.Tx) error {
		added = nil
		up, err := areaForWrite(ctx, tx, in, parent)
		if err != nil {
			return err
		}
		if up.Kind != loa.Commune && up.Kind != loa.OfficeNode {
			return loa.Refuse(loa.Invalid, "parent", "parent_not_commune")
		}
		for i, a := range list {
			var own []string
			if i == 0 {
				own = aliases
			}
			a, err := addVillage(ctx, tx, in, by, a, up, loa.AreaParent{Parent: parent, From: from, To: loa.OpenEnd, Source: source}, own)
			switch {
			case i > 0 && loa.KindOf(err) == loa.Conflict:
			case err != nil:
				return err
			default:
				added = append(added, a)
			}
		}
		ids := make([]loa.AreaID, len(added))
		before := make([]areaState, len(added))
		for i, a := range added {
			ids[i], before[i] = a.ID, areaState{ID: a.ID, Gone: true}
		}
		after, err := areaStates(ctx, tx, ids)
		if err != nil {
			return err
		}
		return keepAreaAct(ctx, tx, in, by, act, ids[0], before, after)
	})
	return added, act, err
}

// addVillage writes one village with its place in the tree and its other names.
func addVillage(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, a, up loa.Area, hung loa.AreaParent, aliases []string) (loa.Area, error) {
	a.Name, a.Kind, a.Office = vn.Tidy(a.Name), loa.Village, in.Office
	if a.ID == "" {
		a.ID = loa.AreaID(loa.NewID())
	}
	if err := a.Check(); err != nil {
		return a, err
	}
	names, err := tidyAliases(aliases, a.Name)
	if err != nil {
		return a, err
	}
	var twin int
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM area a JOIN area_parent p ON p.area_id = a.id WHERE p.parent_id = $1 AND p.to_on = $2 AND a.folded = $3 AND a.prefix = $4`,
		up.ID, loa.OpenEnd, a.Folded(), a.Prefix).Scan(&twin)
	if err != nil {
		return a, fmt.Errorf("look for a village of that name: %w", err)
	}
	if twin > 0 {
		return a, loa.Refuse(loa.Conflict, "name", "area_name_taken")
	}
	if a.ChangeNo, err = nextChange(ctx, tx, in.Office, 1); err != nil {
		return a, err
	}
	a.Path = up.Path + loa.PathStep(a.ID, a.Kind)
	if err := insertArea(ctx, tx, a); err != nil {
		return a, err
	}
	hung.Area = a.ID
	if err := insertParent(ctx, tx, hung); err != nil {
		return a, err
	}
	for _, name := range names {
		if _, err := tx.ExecContext(ctx, `INSERT INTO area_alias (area_id, name, folded) VALUES ($1, $2, $3)`, a.ID, name, vn.Fold(name)); err != nil {
			return a, fmt.Errorf("save another name: %w", err)
		}
	}
	return a, addAudit(ctx, tx, in.Office, by, "created", "area", string(a.ID), string(hung.From))
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
