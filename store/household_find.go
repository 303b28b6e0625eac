package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
	"loa/vn"
)

// HouseholdLine is a household as lists and type-aheads show it.
type HouseholdLine struct {
	ID      loa.HouseholdID
	Area    loa.AreaID
	Code    string
	Head    string // the name of the head
	Members int
	Ended   string
}

const householdLine = `SELECT h.id, h.area_id, h.code, coalesce((SELECT p.name FROM person p WHERE p.id = h.head_id AND p.merged_into = ''), ''),
	(SELECT count(*) FROM person m WHERE m.household_id = h.id AND m.merged_into = ''), h.ended FROM household h JOIN area a ON a.id = h.area_id WHERE `

func scanHouseholdLine(r *sql.Rows) (l HouseholdLine, err error) {
	return l, r.Scan(&l.ID, &l.Area, &l.Code, &l.Head, &l.Members, &l.Ended)
}

// HouseholdLines are the lines of some households inside the scope, in the order asked for.
func (db *DB) HouseholdLines(ctx context.Context, in loa.Scope, ids []loa.HouseholdID) ([]HouseholdLine, error) {
	var out []HouseholdLine
	for start := 0; start < len(ids); start += 300 {
		part := ids[start:min(start+300, len(ids))]
		all := make([]any, 0, len(part))
		for _, id := range part {
			all = append(all, id)
		}
		where, args := inScope(in, "a.path", len(part)+1)
		rows, err := db.read.QueryContext(ctx, householdLine+`h.id IN (`+placeholders(1, len(part))+`) AND `+where, append(all, args...)...)
		found, err := collect(rows, err, scanHouseholdLine)
		if err != nil {
			return nil, fmt.Errorf("read households: %w", err)
		}
		by := make(map[loa.HouseholdID]HouseholdLine, len(found))
		for _, l := range found {
			by[l.ID] = l
		}
		for _, id := range part {
			if l, ok := by[id]; ok {
				out = append(out, l)
			}
		}
	}
	return out, nil
}

// FindHouseholds finds households that are lived in by their number in the office's list or by the name of somebody in them;
// those whose head has the name come first.
func (db *DB) FindHouseholds(ctx context.Context, in loa.Scope, query string, take int) ([]HouseholdLine, error) {
	where, args := inScope(in, "a.path", 4)
	rows, err := db.read.QueryContext(ctx, householdLine+`h.office_id = $1 AND h.code = $2 AND h.code <> '' AND h.ended = '' AND `+where+` ORDER BY h.id LIMIT $3`, append([]any{in.Office, vn.Tidy(query), take}, args...)...)
	out, err := collect(rows, err, scanHouseholdLine)
	if err != nil {
		return nil, fmt.Errorf("find a household by its number: %w", err)
	}
	people, err := db.SearchPeople(ctx, in, query, 5*take)
	if err != nil {
		return nil, err
	}
	var heads, others []loa.HouseholdID
	seen := map[loa.HouseholdID]bool{"": true}
	for _, l := range out {
		seen[l.ID] = true
	}
	for _, isHead := range []bool{true, false} {
		for _, p := range people {
			if seen[p.Household] || (p.Relation == "head") != isHead {
				continue
			}
			seen[p.Household] = true
			if isHead {
				heads = append(heads, p.Household)
			} else {
				others = append(others, p.Household)
			}
		}
	}
	more, err := db.HouseholdLines(ctx, in, append(heads, others...))
	if err != nil {
		return nil, err
	}
	for _, l := range more {
		if l.Ended == "" && len(out) < take {
			out = append(out, l)
		}
	}
	return out, nil
}
