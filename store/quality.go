package store

import (
	"context"
	"fmt"

	"loa"
)

// QualityKinds are the lists to work off that keep the register good.
var QualityKinds = []string{"no_si_number", "doubles", "poverty_expired", "phone_bad", "no_born", "no_household"}

// qualityWhere is what puts a person on a list; $1 is the office and $2 today.
func qualityWhere(kind string) string {
	switch kind {
	case "no_si_number":
		return `p.si_number_index = '' AND EXISTS (SELECT 1 FROM spell s WHERE s.person_id = p.id AND s.scheme IN ('voluntary_si', 'compulsory_si') AND s.starts_on <= $2 AND s.ends_on > $2)`
	case "doubles":
		return `EXISTS (SELECT 1 FROM person d WHERE d.folded = p.folded AND d.area_id = p.area_id AND d.id <> p.id AND d.merged_into = ''
			AND d.born_year = p.born_year AND p.born_year > 0 AND (d.born_on = p.born_on OR d.born_on = '' OR p.born_on = '') AND (d.sex = p.sex OR d.sex = '' OR p.sex = '')
			AND NOT EXISTS (SELECT 1 FROM not_duplicate n WHERE n.a_id = CASE WHEN d.id < p.id THEN d.id ELSE p.id END AND n.b_id = CASE WHEN d.id < p.id THEN p.id ELSE d.id END))`
	case "poverty_expired":
		return `p.poverty IN ('poor', 'near_poor') AND p.poverty_to <> '' AND p.poverty_to < $2`
	case "phone_bad":
		return `p.phone_bad AND p.phone <> ''`
	case "no_born":
		return `p.born_year = 0`
	case "no_household":
		return `p.household_id = ''`
	}
	return `1 = 0`
}

// QualityCounts is how many people each list holds.
func (db *DB) QualityCounts(ctx context.Context, in loa.Scope, today loa.Day) (map[string]int, error) {
	out := map[string]int{}
	for _, kind := range QualityKinds {
		where, args := inScope(in, "a.path", 3)
		var n int
		err := db.read.QueryRowContext(ctx, `SELECT count(*) FROM person p JOIN area a ON a.id = p.area_id WHERE p.office_id = $1 AND $2 <> '' AND p.merged_into = '' AND `+qualityWhere(kind)+` AND `+where,
			append([]any{in.Office, today}, args...)...).Scan(&n)
		if err != nil {
			return nil, fmt.Errorf("count the list %s: %w", kind, err)
		}
		out[kind] = n
	}
	return out, nil
}

// QualityList is a page of one list in walking order, village by village and house by house; doubles stand beside each other.
func (db *DB) QualityList(ctx context.Context, in loa.Scope, kind string, today loa.Day, skip, take int) ([]PersonLine, error) {
	where, args := inScope(in, "a.path", 5)
	order := `a.path, coalesce(h.walk_order, 0), p.household_id, p.sort_key, p.id`
	if kind == "doubles" {
		order = `a.path, p.folded, p.born_year, p.id`
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+lineColumns+` FROM person p JOIN area a ON a.id = p.area_id LEFT JOIN household h ON h.id = p.household_id
		WHERE p.office_id = $1 AND $2 <> '' AND p.merged_into = '' AND `+qualityWhere(kind)+` AND `+where+`
		ORDER BY `+order+` LIMIT $3 OFFSET $4`, append([]any{in.Office, today, take, skip}, args...)...)
	list, err := collect(rows, err, scanLine)
	if err != nil {
		return nil, fmt.Errorf("read the list %s: %w", kind, err)
	}
	return list, nil
}
