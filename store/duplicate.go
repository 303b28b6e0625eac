package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// DuplicateSide is one record of a pair that may be one human; the index values are blind.
type DuplicateSide struct {
	ID            loa.PersonID
	Name          string
	BornYear      int
	BornOn        loa.Day
	Sex           loa.Sex
	Area          loa.AreaID
	Commune       loa.AreaID
	Household     loa.HouseholdID
	Relation      string
	Phone         string
	PhoneShared   bool
	NationalIndex string
	NationalTail  string
	SIIndex       string
	SITail        string
}

// DuplicatePair is two records that an index brought together.
type DuplicatePair struct{ A, B DuplicateSide }

// DuplicateBound is how many pairs are brought at most; what is worked off makes room for the rest.
const DuplicateBound = 5000

// candidate is what a walk through the register needs to know of a record.
type candidate struct {
	id, area, commune string
	key               string
	born              int
	sex, national     string
}

type idPair [2]string

// duplicateWays are the orders the register is walked in. Records that may be one human then stand beside each other, so that
// each walk reads every record once, over an index, and compares it with its neighbours alone.
var duplicateWays = []struct{ key, and string }{
	{"national_id_index", ""}, {"si_number_index", ""}, {"sound_key", " AND born_year > 0"},
}

// Duplicates are the pairs inside the scope that may be one human and that nobody has said are two, each once: those with an
// equal number, then those whose names sound alike in one village, then in one commune, born at most a year apart.
func (db *DB) Duplicates(ctx context.Context, in loa.Scope) ([]DuplicatePair, error) {
	areas, err := db.Areas(ctx, in)
	if err != nil {
		return nil, err
	}
	commune := map[string]string{}
	top := ""
	for _, a := range areas { // in the order of the tree: a commune stands before its villages
		if a.Kind != loa.Village {
			top = string(a.ID)
		}
		commune[string(a.ID)] = top
	}
	rows, err := db.read.QueryContext(ctx, `SELECT a_id, b_id FROM not_duplicate`)
	said, err := collect(rows, err, func(r *sql.Rows) (p idPair, err error) { return p, r.Scan(&p[0], &p[1]) })
	if err != nil {
		return nil, fmt.Errorf("read who was said to be two people: %w", err)
	}
	seen := map[idPair]bool{}
	for _, p := range said {
		seen[p] = true
	}
	var near, far []idPair
	for _, way := range duplicateWays {
		byName := way.key == "sound_key"
		err := db.neighbours(ctx, in, way.key, way.and, commune, func(a, b candidate) bool {
			if byName && !mayBeOne(a, b) {
				return true
			}
			pair := idPair{min(a.id, b.id), max(a.id, b.id)}
			if seen[pair] {
				return true
			}
			seen[pair] = true
			if !byName || a.area == b.area {
				near = append(near, pair)
			} else if len(far) < DuplicateBound {
				far = append(far, pair)
			}
			return len(near) < DuplicateBound
		})
		if err != nil {
			return nil, err
		}
	}
	all := append(near, far...)
	return db.pairs(ctx, in, all[:min(len(all), DuplicateBound)], commune)
}

// mayBeOne says whether two records whose names sound alike are worth the question: one commune, born at most a year apart, not
// of different sex, not with different national IDs.
func mayBeOne(a, b candidate) bool {
	return a.commune == b.commune && b.born-a.born <= 1 && (a.sex == "" || b.sex == "" || a.sex == b.sex) && (a.national == "" || b.national == "" || a.national == b.national)
}

// neighbours walks the records of the scope in the order of a key and the year of birth, and hands over every two with one key
// that were born at most a year apart, until found says that it is enough. With equal numbers the years do not matter.
func (db *DB) neighbours(ctx context.Context, in loa.Scope, key, and string, commune map[string]string, found func(a, b candidate) bool) error {
	rows, err := db.read.QueryContext(ctx, `SELECT id, area_id, `+key+`, born_year, sex, national_id_index FROM person
		WHERE office_id = $1 AND `+key+` <> '' AND merged_into = ''`+and+` ORDER BY `+key+`, born_year, id`, in.Office)
	if err != nil {
		return fmt.Errorf("walk the register: %w", err)
	}
	defer rows.Close()
	var window []candidate
	for rows.Next() {
		var c candidate
		if err := rows.Scan(&c.id, &c.area, &c.key, &c.born, &c.sex, &c.national); err != nil {
			return fmt.Errorf("walk the register: %w", err)
		}
		inside := false
		if c.commune, inside = commune[c.area]; !inside {
			continue
		}
		keep := window[:0]
		for _, w := range window {
			if w.key == c.key && (key != "sound_key" || c.born-w.born <= 1) {
				keep = append(keep, w)
			}
		}
		window = keep
		for _, w := range window {
			if !found(w, c) {
				return nil
			}
		}
		window = append(window, c)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("walk the register: %w", err)
	}
	return nil
}

// pairs reads both records of each pair.
func (db *DB) pairs(ctx context.Context, in loa.Scope, list []idPair, commune map[string]string) ([]DuplicatePair, error) {
	var ids []loa.PersonID
	wanted := map[string]bool{}
	for _, p := range list {
		for _, id := range p {
			if !wanted[id] {
				wanted[id] = true
				ids = append(ids, loa.PersonID(id))
			}
		}
	}
	people, err := db.PeopleByID(ctx, in, ids)
	if err != nil {
		return nil, err
	}
	by := make(map[string]DuplicateSide, len(people))
	for _, p := range people {
		by[string(p.ID)] = DuplicateSide{p.ID, p.Name, p.BornYear, p.BornOn, p.Sex, p.Area, loa.AreaID(commune[string(p.Area)]), p.Household, p.Relation, p.Phone, p.PhoneShared,
			p.NationalID.Index, p.NationalID.Tail, p.SINumber.Index, p.SINumber.Tail}
	}
	var out []DuplicatePair
	for _, p := range list {
		a, ok1 := by[p[0]]
		b, ok2 := by[p[1]]
		if ok1 && ok2 { // else changed meanwhile
			out = append(out, DuplicatePair{a, b})
		}
	}
	return out, nil
}

// pairOf puts two records in the order pairs are kept in.
func pairOf(a, b loa.PersonID) (loa.PersonID, loa.PersonID) {
	if b < a {
		return b, a
	}
	return a, b
}

// SayNotDuplicate keeps that two records are two humans, so that nobody is asked again; SayMaybeDuplicate takes that back.
func (db *DB) SayNotDuplicate(ctx context.Context, in loa.Scope, by loa.By, a, b loa.PersonID) error {
	return db.sayPair(ctx, in, by, a, b, "said_apart", `INSERT INTO not_duplicate (a_id, b_id, said_by, said_at) VALUES ($1, $2, $3, $4) ON CONFLICT (a_id, b_id) DO NOTHING`, by.Officer, millis(by.At))
}

// SayMaybeDuplicate lets two records be asked about again.
func (db *DB) SayMaybeDuplicate(ctx context.Context, in loa.Scope, by loa.By, a, b loa.PersonID) error {
	return db.sayPair(ctx, in, by, a, b, "undone", `DELETE FROM not_duplicate WHERE a_id = $1 AND b_id = $2`)
}

func (db *DB) sayPair(ctx context.Context, in loa.Scope, by loa.By, a, b loa.PersonID, act, statement string, more ...any) error {
	if a == b {
		return loa.Refuse(loa.Invalid, "person", "same_person")
	}
	a, b = pairOf(a, b)
	return db.tx(ctx, func(tx *sql.Tx) error {
		x := &acting{ctx: ctx, tx: tx, db: db, by: by, office: in.Office}
		if _, err := x.peopleIn(in, []loa.PersonID{a, b}); err != nil {
			return err
		}
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil { // so that kept lists of doubles are made anew
			return err
		}
		if _, err := tx.ExecContext(ctx, statement, append([]any{a, b}, more...)...); err != nil {
			return fmt.Errorf("keep what was said about a pair: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, act, "person", string(a), string(b))
	})
}
