package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"loa"
	"loa/vn"
)

const areaColumns = `a.id, a.kind, a.name, a.prefix, a.path, a.office_id, a.synthetic, a.lat_e5, a.lon_e5, a.travel_dry_min, a.travel_wet_min, a.signal, a.loudspeaker,
	a.ethnic_groups, a.languages, a.focal_officer_id, a.walk_order, a.note, a.change_no`

func scanArea(r interface{ Scan(...any) error }) (a loa.Area, err error) {
	var ethnic, languages string
	err = r.Scan(&a.ID, &a.Kind, &a.Name, &a.Prefix, &a.Path, &a.Office, &a.Synthetic, &a.LatE5, &a.LonE5, &a.TravelDryMin, &a.TravelWetMin, &a.Signal, &a.Loudspeaker,
		&ethnic, &languages, &a.FocalOfficer, &a.WalkOrder, &a.Note, &a.ChangeNo)
	a.EthnicGroups, a.Languages = strings.Fields(ethnic), strings.Fields(languages)
	return a, err
}

// Area is one node inside the scope.
func (db *DB) Area(ctx context.Context, in loa.Scope, id loa.AreaID) (loa.Area, error) {
	a, err := scanArea(db.read.QueryRowContext(ctx, `SELECT `+areaColumns+` FROM area a WHERE a.id = $1`, id))
	if err != nil {
		return a, notFound(err)
	}
	if !in.Holds(a.Path) {
		return loa.Area{}, loa.ErrNotFound
	}
	return a, nil
}

// Areas are the nodes of the present tree inside the scope, in the order of the tree: an office's communes and villages,
// a few hundred rows.
func (db *DB) Areas(ctx context.Context, in loa.Scope) ([]loa.Area, error) {
	where, args := inScope(in, "a.path", 1)
	rows, err := db.read.QueryContext(ctx, `SELECT `+areaColumns+` FROM area a WHERE `+where+` ORDER BY a.path`, args...)
	return collect(rows, err, func(r *sql.Rows) (loa.Area, error) { return scanArea(r) })
}

// Tree is the office's territory with all dated parents, so that totals can be told by the units of any day. It includes
// units that no longer exist and the parents above the office.
func (db *DB) Tree(ctx context.Context, office loa.OfficeID) (*loa.Tree, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+areaColumns+` FROM area a WHERE a.office_id = $1 OR a.kind = 'province'`, office)
	areas, err := collect(rows, err, func(r *sql.Rows) (loa.Area, error) { return scanArea(r) })
	if err != nil {
		return nil, fmt.Errorf("read the tree: %w", err)
	}
	rows, err = db.read.QueryContext(ctx, `SELECT p.area_id, p.parent_id, p.from_on, p.to_on, p.source FROM area_parent p
		JOIN area a ON a.id = p.area_id WHERE a.office_id = $1 ORDER BY p.area_id, p.from_on`, office)
	parents, err := collect(rows, err, func(r *sql.Rows) (p loa.AreaParent, err error) {
		return p, r.Scan(&p.Area, &p.Parent, &p.From, &p.To, &p.Source)
	})
	if err != nil {
		return nil, fmt.Errorf("read the tree's lines: %w", err)
	}
	return loa.NewTree(areas, parents), nil
}

func insertArea(ctx context.Context, tx *sql.Tx, a loa.Area) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO area (id, kind, name, folded, prefix, path, office_id, synthetic, lat_e5, lon_e5, travel_dry_min, travel_wet_min, signal, loudspeaker,
		ethnic_groups, languages, focal_officer_id, walk_order, note, change_no) VALUES (`+placeholders(1, 20)+`)`,
		a.ID, a.Kind, a.Name, vn.Fold(a.Name), a.Prefix, a.Path, a.Office, a.Synthetic, a.LatE5, a.LonE5, a.TravelDryMin, a.TravelWetMin, a.Signal, a.Loudspeaker,
		strings.Join(a.EthnicGroups, " "), strings.Join(a.Languages, " "), a.FocalOfficer, a.WalkOrder, a.Note, a.ChangeNo)
	if err != nil {
		return fmt.Errorf("save area %s: %w", a.Name, err)
	}
	return nil
}

// Aliases are the other names of areas inside the scope.
func (db *DB) Aliases(ctx context.Context, in loa.Scope) ([]loa.AreaAlias, error) {
	where, args := inScope(in, "a.path", 1)
	rows, err := db.read.QueryContext(ctx, `SELECT l.area_id, l.name FROM area_alias l JOIN area a ON a.id = l.area_id WHERE `+where+` ORDER BY l.area_id, l.folded`, args...)
	list, err := collect(rows, err, func(r *sql.Rows) (x loa.AreaAlias, err error) { return x, r.Scan(&x.Area, &x.Name) })
	if err != nil {
		return nil, fmt.Errorf("read the aliases: %w", err)
	}
	return list, nil
}
