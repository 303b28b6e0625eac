package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"loa"
	"loa/vn"
)

// Announced is what everybody may read of a session: no title, no name but that of the officer to speak to.
type Announced struct {
	ID               loa.SessionID
	Area             loa.AreaID
	Form             loa.Form
	Place            string
	On               loa.Day
	StartMin, EndMin int
	State            loa.SessionState
	Contact, Phone   string // of the first officer; shown when the office allows it
	Made             int64  // when it was planned, in milliseconds
	ChangeNo         int64
}

// announcedMost is how many sessions one reading of the announced ones looks at.
const announcedMost = 500

// AnnouncedSessions are those of an office between two days that everybody may read of, in the order of the calendar. It takes no
// scope: what is announced is announced to all.
func (db *DB) AnnouncedSessions(ctx context.Context, office loa.OfficeID, from, to loa.Day) ([]Announced, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+sessionColumns+` FROM session s JOIN area a ON a.id = s.area_id WHERE s.office_id = $1 AND s.on_day >= $2 AND s.on_day <= $3
		AND s.form <> 'visit' AND s.household_id = '' AND s.employer_id = '' AND s.public <> 'no' AND a.path <> '' ORDER BY s.on_day, s.start_min, s.id LIMIT $4`, office, from, to, announcedMost)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Session, error) { return scanSession(r) })
	if err != nil {
		return nil, fmt.Errorf("list what is announced: %w", err)
	}
	if err := linkSessions(ctx, db.read, list); err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(s loa.Session) bool { return !s.Announced() })
	officers, err := db.contacts(ctx, office)
	if err != nil {
		return nil, err
	}
	out := make([]Announced, len(list))
	for i, s := range list {
		out[i] = Announced{ID: s.ID, Area: s.Area, Form: s.Form, Place: s.Place, On: s.On, StartMin: s.StartMin, EndMin: s.EndMin, State: s.State, Made: millis(s.CreatedAt), ChangeNo: s.ChangeNo}
		if len(s.Officers) > 0 {
			o := officers[s.Officers[0]]
			out[i].Contact, out[i].Phone = o.Name, o.Phone
		}
	}
	return out, nil
}

// contacts are the names and telephones of an office's officers who still sign in.
func (db *DB) contacts(ctx context.Context, office loa.OfficeID) (map[loa.OfficerID]loa.Officer, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT o.id, o.name, o.phone FROM officer o WHERE o.office_id = $1 AND o.disabled_at = 0`, office)
	list, err := collect(rows, err, func(r *sql.Rows) (o loa.Officer, err error) { return o, r.Scan(&o.ID, &o.Name, &o.Phone) })
	if err != nil {
		return nil, fmt.Errorf("read whom to speak to: %w", err)
	}
	out := make(map[loa.OfficerID]loa.Officer, len(list))
	for _, o := range list {
		out[o.ID] = o
	}
	return out, nil
}

// PublicCommune is a commune of an office with its villages, as everybody knows them.
type PublicCommune struct {
	loa.Area
	Villages []loa.Area
}

// PublicPlaces are the communes of an office on a day with their villages, by name; names and nothing else of what the office knows
// about a place. It takes no scope: the names of places are everybody's.
func (db *DB) PublicPlaces(ctx context.Context, office loa.OfficeID, on loa.Day) ([]PublicCommune, error) {
	nodes, err := db.OfficeAreas(ctx, office, on)
	if err != nil {
		return nil, err
	}
	in := loa.Scope{Office: office}
	for _, a := range nodes {
		in.Ranges = append(in.Ranges, loa.Under(a.Path))
	}
	all, err := db.Areas(ctx, in)
	if err != nil {
		return nil, err
	}
	var out []PublicCommune
	bare := func(a loa.Area) loa.Area {
		return loa.Area{ID: a.ID, Kind: a.Kind, Name: a.Name, Prefix: a.Prefix, Path: a.Path, FocalOfficer: a.FocalOfficer}
	}
	for _, a := range all {
		if a.Kind == loa.Commune {
			c := PublicCommune{Area: bare(a)}
			under := loa.Scope{Ranges: []loa.Range{loa.Under(a.Path)}}
			for _, v := range all {
				if v.Kind == loa.Village && under.Holds(v.Path) {
					c.Villages = append(c.Villages, bare(v))
				}
			}
			slices.SortFunc(c.Villages, byName)
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b PublicCommune) int { return byName(a.Area, b.Area) })
	return out, nil
}

func byName(a, b loa.Area) int {
	x, y := vn.Fold(a.Name), vn.Fold(b.Name)
	if x < y || x == y && a.ID < b.ID {
		return -1
	}
	if x == y && a.ID == b.ID {
		return 0
	}
	return 1
}
