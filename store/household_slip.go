package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"loa"
)

// SlipMember is one member of a household as a printed slip needs them: nothing that names a number.
type SlipMember struct {
	Household  loa.HouseholdID
	Head       string // the name of its head; empty when nobody is named
	Area       loa.AreaID
	Person     loa.PersonID
	Name       string
	BornYear   int
	Sex        loa.Sex
	Ethnic     string
	Poverty    string // as it stands on the day; empty when it ran out
	Occupation string
	Card       bool // has a health card on the day
	Paying     bool // takes part in voluntary or compulsory SI on the day
}

// SlipMembers are the members of up to take households below an area, or of the whole scope without one, in walking order by village, those of one household
// together. The households after the first skip are left out.
func (db *DB) SlipMembers(ctx context.Context, in loa.Scope, area loa.AreaID, on loa.Day, skip, take int) ([]SlipMember, error) {
	below := "%" // everything the scope holds
	if area != "" {
		a, err := db.Area(ctx, in, area)
		if err != nil {
			return nil, err
		}
		below = a.Path + "%"
	}
	where, args := inScope(in, "a.path", 5)
	n := 5 + len(args)
	rows, err := db.read.QueryContext(ctx, `SELECT h.id, coalesce(hp.name, ''), h.area_id, p.id, p.name, p.born_year, p.sex, p.ethnic,
			CASE WHEN (p.poverty_from = '' OR p.poverty_from <= $4) AND (p.poverty_to = '' OR p.poverty_to >= $4) THEN p.poverty ELSE '' END, p.occupation,
			EXISTS (SELECT 1 FROM spell s WHERE s.person_id = p.id AND s.scheme = 'hi' AND s.starts_on <= $4 AND (s.end_kind = '' OR s.ends_on > $4)),
			EXISTS (SELECT 1 FROM spell s WHERE s.person_id = p.id AND s.scheme IN ('voluntary_si', 'compulsory_si') AND s.starts_on <= $4 AND (s.end_kind = '' OR s.ends_on > $4))
		FROM (SELECT h.id, h.area_id, h.head_id, a.path, h.walk_order FROM household h JOIN area a ON a.id = h.area_id
			WHERE h.office_id = $1 AND h.ended = '' AND ($2 = '' OR a.path LIKE $3) AND `+where+` AND EXISTS (SELECT 1 FROM person m WHERE m.household_id = h.id AND m.merged_into = '')
			ORDER BY a.path, h.walk_order, h.id LIMIT $`+strconv.Itoa(n)+` OFFSET $`+strconv.Itoa(n+1)+`) h
		JOIN person p ON p.household_id = h.id AND p.merged_into = '' LEFT JOIN person hp ON hp.id = h.head_id
		ORDER BY h.path, h.walk_order, h.id, p.born_year, p.id`, append(append([]any{in.Office, area, below, on}, args...), take, skip)...)
	list, err := collect(rows, err, func(r *sql.Rows) (m SlipMember, err error) {
		return m, r.Scan(&m.Household, &m.Head, &m.Area, &m.Person, &m.Name, &m.BornYear, &m.Sex, &m.Ethnic, &m.Poverty, &m.Occupation, &m.Card, &m.Paying)
	})
	if err != nil {
		return nil, fmt.Errorf("read the households of slips: %w", err)
	}
	return list, nil
}
