package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

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

// DuplicateBound is how many pairs each way of looking brings at most; what is worked off makes room for the rest.
const DuplicateBound = 5000

func sideColumns(p string) string {
	return strings.ReplaceAll(`§.id, §.name, §.born_year, §.born_on, §.sex, §.area_id, §u.parent_id, §.household_id, §.relation, §.phone, §.phone_shared,
	§.national_id_index, §.national_id_tail, §.si_number_index, §.si_number_tail`, "§", p)
}

func (s *DuplicateSide) fields() []any {
	return []any{&s.ID, &s.Name, &s.BornYear, &s.BornOn, &s.Sex, &s.Area, &s.Commune, &s.Household, &s.Relation, &s.Phone, &s.PhoneShared, &s.NationalIndex, &s.NationalTail, &s.SIIndex, &s.SITail}
}

// duplicateWays are the joins that bring pairs together, each over an index. Two that are known to have different national IDs, or
// to be of different sex, are not asked about because of their names.
var duplicateWays = []struct{ join, where, order string }{
	{`d.national_id_index = p.national_id_index`, `p.national_id_index <> '' AND d.national_id_index <> ''`, `p.national_id_index`},
	{`d.si_number_index = p.si_number_index`, `p.si_number_index <> '' AND d.si_number_index <> ''`, `p.si_number_index`},
	{`d.sound_key = p.sound_key AND d.born_year BETWEEN p.born_year - 1 AND p.born_year + 1`, `p.born_year > 0 AND p.sound_key <> '' AND du.parent_id = pu.parent_id
		AND (p.national_id_index = '' OR d.national_id_index = '' OR p.national_id_index = d.national_id_index) AND (p.sex = '' OR d.sex = '' OR p.sex = d.sex)`, `p.sound_key, p.born_year`},
}

// Duplicates are the pairs inside the scope that may be one human and that nobody has said are two, each once.
func (db *DB) Duplicates(ctx context.Context, in loa.Scope) ([]DuplicatePair, error) {
	var out []DuplicatePair
	seen := map[[2]loa.PersonID]bool{}
	for _, way := range duplicateWays {
		q, args := duplicateQuery(in, way.join, way.where, way.order)
		rows, err := db.read.QueryContext(ctx, q, args...)
		list, err := collect(rows, err, func(r *sql.Rows) (p DuplicatePair, err error) {
			return p, r.Scan(append(p.A.fields(), p.B.fields()...)...)
		})
		if err != nil {
			return nil, fmt.Errorf("look for doubles: %w", err)
		}
		for _, p := range list {
			if key := [2]loa.PersonID{p.A.ID, p.B.ID}; !seen[key] {
				seen[key] = true
				out = append(out, p)
			}
		}
	}
	return out, nil
}

func duplicateQuery(in loa.Scope, join, where, order string) (string, []any) {
	mine, args := inScope(in, "pa.path", 3)
	theirs, more := inScope(in, "da.path", 3+len(args))
	q := `SELECT ` + sideColumns("p") + `, ` + sideColumns("d") + ` FROM person p JOIN person d ON ` + join + ` AND d.id > p.id
		JOIN area pa ON pa.id = p.area_id JOIN area_parent pu ON pu.area_id = p.area_id AND pu.to_on = '9999-12-31'
		JOIN area da ON da.id = d.area_id JOIN area_parent du ON du.area_id = d.area_id AND du.to_on = '9999-12-31'
		WHERE p.office_id = $1 AND d.office_id = $1 AND p.merged_into = '' AND d.merged_into = '' AND ` + where + ` AND ` + mine + ` AND ` + theirs + `
		AND NOT EXISTS (SELECT 1 FROM not_duplicate n WHERE n.a_id = p.id AND n.b_id = d.id) ORDER BY ` + order + `, p.id, d.id LIMIT $2`
	return q, append(append([]any{in.Office, DuplicateBound}, args...), more...)
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
