package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"loa"
	"loa/vn"
)

// Candidate is somebody who may be at a session, as the door list and the walk list show them.
type Candidate struct {
	Person    loa.PersonID
	Name      string
	Born      int
	Sex       loa.Sex
	Area      loa.AreaID
	Household loa.HouseholdID
	Head      string // name of the household's head
	HeadID    loa.PersonID
	Address   string
	Present   bool

	areaOrder, walk int
	path, sortKey   string
	isHead          bool
}

const candidateColumns = `p.id, p.name, p.born_year, p.sex, p.area_id, p.household_id, COALESCE(hp.name, ''), COALESCE(h.head_id, ''), COALESCE(h.address, ''), a.walk_order, COALESCE(h.walk_order, 0), a.path, p.sort_key,
	CASE WHEN h.head_id = p.id THEN 1 ELSE 0 END`

const candidateFrom = ` FROM area a JOIN person p ON p.area_id = a.id LEFT JOIN household h ON h.id = p.household_id LEFT JOIN person hp ON hp.id = h.head_id `

func scanCandidate(r *sql.Rows) (c Candidate, err error) {
	var head int
	err = r.Scan(&c.Person, &c.Name, &c.Born, &c.Sex, &c.Area, &c.Household, &c.Head, &c.HeadID, &c.Address, &c.areaOrder, &c.walk, &c.path, &c.sortKey, &head)
	c.isHead = head == 1
	return c, err
}

// FindCandidates finds people by fragments of their names, typed without accents, in the commune of the session; those of its
// own village come first. Every word typed must begin a word of the name.
func (db *DB) FindCandidates(ctx context.Context, in loa.Scope, id loa.SessionID, typed string, limit int) ([]Candidate, error) {
	s, err := sessionByID(ctx, db.read, in, id)
	if err != nil {
		return nil, err
	}
	words := vn.Words(vn.Fold(typed))
	if len(words) == 0 {
		return nil, nil
	}
	around, err := db.communeScope(ctx, in, s.Area)
	if err != nil {
		return nil, err
	}
	where, args := inScope(around, "a.path", 1)
	for _, w := range words[:min(len(words), 8)] {
		args = append(args, "% "+w+"%")
		where += ` AND ' ' || p.folded LIKE $` + strconv.Itoa(len(args))
	}
	args = append(args, s.Area, limit)
	n := len(args)
	// The names are looked for before households are joined, so that a whole commune is read once and plainly.
	rows, err := db.read.QueryContext(ctx, `SELECT `+candidateColumns+candidateFrom+`WHERE p.id IN (SELECT p.id FROM area a JOIN person p ON p.area_id = a.id
		WHERE `+where+` AND p.merged_into = '' ORDER BY CASE WHEN p.area_id = $`+strconv.Itoa(n-1)+` THEN 0 ELSE 1 END, p.sort_key, p.id LIMIT $`+strconv.Itoa(n)+`)`, args...)
	list, err := collect(rows, err, scanCandidate)
	if err != nil {
		return nil, fmt.Errorf("find names: %w", err)
	}
	slices.SortFunc(list, func(x, y Candidate) int {
		if (x.Area == s.Area) != (y.Area == s.Area) {
			if x.Area == s.Area {
				return -1
			}
			return 1
		}
		return strings.Compare(x.sortKey+string(x.Person), y.sortKey+string(y.Person))
	})
	present, err := attendancesOf(ctx, db.read, id)
	if err != nil {
		return nil, err
	}
	here := map[loa.PersonID]bool{}
	for _, a := range present {
		here[a.Person] = true
	}
	for i := range list {
		list[i].Present = here[list[i].Person]
	}
	return list, nil
}

// communeScope is the part of a scope that lies in the commune of an area; for a village without one, the office's own node.
func (db *DB) communeScope(ctx context.Context, in loa.Scope, area loa.AreaID) (loa.Scope, error) {
	a, err := db.Area(ctx, in, area)
	if err != nil {
		return in, err
	}
	path := a.Path
	if a.Kind == loa.Village {
		path = path[:strings.LastIndexByte(strings.TrimSuffix(path, "/"), '/')+1]
	}
	return in.Narrow(path), nil
}

// Candidates are people by ID in walking order: village by village, house by house, the head of a household first.
func (db *DB) Candidates(ctx context.Context, in loa.Scope, ids []loa.PersonID) ([]Candidate, error) {
	var out []Candidate
	for part := range slices.Chunk(ids, 400) {
		where, args := inScope(in, "a.path", 1)
		first := len(args) + 1
		for _, id := range part {
			args = append(args, id)
		}
		rows, err := db.read.QueryContext(ctx, `SELECT `+candidateColumns+candidateFrom+`WHERE `+where+` AND p.merged_into = '' AND p.id IN (`+placeholders(first, len(part))+`)`, args...)
		list, err := collect(rows, err, scanCandidate)
		if err != nil {
			return nil, fmt.Errorf("read people in walking order: %w", err)
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, walkOrder)
	return out, nil
}

// HouseholdCandidates are the members of a household, the head first.
func (db *DB) HouseholdCandidates(ctx context.Context, in loa.Scope, id loa.HouseholdID) ([]Candidate, error) {
	where, args := inScope(in, "a.path", 2)
	rows, err := db.read.QueryContext(ctx, `SELECT `+candidateColumns+candidateFrom+`WHERE p.household_id = $1 AND p.merged_into = '' AND `+where, append([]any{id}, args...)...)
	out, err := collect(rows, err, scanCandidate)
	if err != nil {
		return nil, fmt.Errorf("read a household: %w", err)
	}
	slices.SortFunc(out, walkOrder)
	return out, nil
}

func walkOrder(x, y Candidate) int {
	for _, d := range []int{x.areaOrder - y.areaOrder, strings.Compare(x.path, y.path), x.walk - y.walk, strings.Compare(string(x.Household), string(y.Household))} {
		if d != 0 {
			return d
		}
	}
	if x.isHead != y.isHead {
		if x.isHead {
			return -1
		}
		return 1
	}
	return strings.Compare(x.sortKey+string(x.Person), y.sortKey+string(y.Person))
}
