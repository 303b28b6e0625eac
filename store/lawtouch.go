package store

import (
	"context"
	"fmt"

	"loa"
)

// LawTouch counts whom a change of the law touches, where rules of segments cannot tell.
type LawTouch struct {
	OnFloor      int // in voluntary SI on the day, whose last payment was on an income not above the floor
	HIHouseholds int // households with at least one member in household HI on the day
}

// LawTouch counts inside the scope as of a day.
func (db *DB) LawTouch(ctx context.Context, in loa.Scope, on loa.Day, floor int64) (out LawTouch, err error) {
	where, args := inScope(in, "a.path", 5)
	err = db.read.QueryRowContext(ctx, `SELECT count(*) FROM spell s JOIN area a ON a.id = s.area_id
		WHERE s.office_id = $1 AND s.scheme = $2 AND s.starts_on <= $3 AND s.ends_on > $3 AND `+where+`
		AND (SELECT c.income FROM contribution c WHERE c.person_id = s.person_id AND c.scheme = s.scheme AND c.happened_on <= $3 AND c.income > 0 ORDER BY c.happened_on DESC, c.id DESC LIMIT 1) <= $4`,
		append([]any{in.Office, loa.VoluntarySI, on, floor}, args...)...).Scan(&out.OnFloor)
	if err != nil {
		return out, fmt.Errorf("count who pays on the floor: %w", err)
	}
	where, args = inScope(in, "a.path", 4)
	err = db.read.QueryRowContext(ctx, `SELECT count(DISTINCT p.household_id) FROM spell s JOIN area a ON a.id = s.area_id JOIN person p ON p.id = s.person_id
		WHERE s.office_id = $1 AND s.scheme = $2 AND s.starts_on <= $3 AND s.ends_on > $3 AND p.household_id <> '' AND `+where,
		append([]any{in.Office, loa.HouseholdHI, on}, args...)...).Scan(&out.HIHouseholds)
	if err != nil {
		return out, fmt.Errorf("count households with household HI: %w", err)
	}
	return out, nil
}
