package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"loa"
)

// KnownPerson is a person as an import compares them.
type KnownPerson struct {
	ID                                       loa.PersonID
	Name, Folded                             string
	BornYear                                 int
	BornOn                                   loa.Day
	Area                                     loa.AreaID
	Household                                loa.HouseholdID
	HouseholdCode                            string
	Sex, Ethnic, Language, Literacy, Poverty string
	PovertyFrom, PovertyTo                   loa.Day
	Occupation, Relation, Phone, PhoneOwner  string
	NationalIndex, SIIndex, Note             string
	HIUntil, VSIUntil                        loa.Day
	Consents                                 []loa.Consent
}

// KnownBy is what a few rows of a list may be known by: ID numbers as their blind index, and folded names in villages.
type KnownBy struct {
	National, SI []string
	Names        []NameIn
}

// NameIn is a folded name in a village.
type NameIn struct {
	Folded string
	Area   loa.AreaID
}

// knownPage is how many keys one question asks for.
const knownPage = 400

// KnownPeople are the visible people of an office that rows of a list may mean. It is asked for a part of a list at a time, so
// that a list is compared with any register in little memory. It is not held to a scope: an ID number held by somebody outside
// it must not be given out twice, and the caller tells nothing of such a person.
func (db *DB) KnownPeople(ctx context.Context, office loa.OfficeID, by KnownBy) ([]KnownPerson, error) {
	found := map[loa.PersonID]bool{}
	var out []KnownPerson
	err := db.snapshot(ctx, func(tx *sql.Tx) error {
		ask := func(where string, args []any) error {
			list, err := knownWhere(ctx, tx, office, where, args)
			for _, k := range list {
				if !found[k.ID] {
					found[k.ID] = true
					out = append(out, k)
				}
			}
			return err
		}
		for _, column := range []struct {
			name string
			keys []string
		}{{"national_id_index", by.National}, {"si_number_index", by.SI}} {
			for part := range slices.Chunk(column.keys, knownPage) {
				if err := ask(`p.`+column.name+` <> '' AND p.`+column.name+` IN (`+db.marks(1, len(part))+`)`, anys(part)); err != nil {
					return err
				}
			}
		}
		for part := range slices.Chunk(by.Names, knownPage) {
			args := make([]any, 0, 2*len(part))
			where := ""
			for _, n := range part {
				where += ", (" + db.marks(len(args)+1, 2) + ")"
				args = append(args, n.Folded, string(n.Area))
			}
			if err := ask(`(p.folded, p.area_id) IN (VALUES `+where[2:]+`)`, args); err != nil {
				return err
			}
		}
		return db.knownFacts(ctx, tx, out)
	})
	if err != nil {
		return nil, fmt.Errorf("find whom a list means: %w", err)
	}
	return out, nil
}

func anys[T ~string](list []T) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

func knownWhere(ctx context.Context, tx *sql.Tx, office loa.OfficeID, where string, args []any) ([]KnownPerson, error) {
	rows, err := tx.QueryContext(ctx, `SELECT p.id, p.office_id, p.name, p.folded, p.born_year, p.born_on, p.area_id, p.household_id, coalesce(h.code, ''), p.sex, p.ethnic, p.language, p.literacy, p.poverty,
		p.poverty_from, p.poverty_to, p.occupation, p.relation, p.phone, p.phone_owner, p.national_id_index, p.si_number_index, p.note
		FROM person p LEFT JOIN household h ON h.id = p.household_id WHERE p.merged_into = '' AND `+where, args...)
	var out []KnownPerson
	err = each(rows, err, func(r *sql.Rows) error {
		var k KnownPerson
		var in loa.OfficeID
		if err := r.Scan(&k.ID, &in, &k.Name, &k.Folded, &k.BornYear, &k.BornOn, &k.Area, &k.Household, &k.HouseholdCode, &k.Sex, &k.Ethnic, &k.Language, &k.Literacy, &k.Poverty,
			&k.PovertyFrom, &k.PovertyTo, &k.Occupation, &k.Relation, &k.Phone, &k.PhoneOwner, &k.NationalIndex, &k.SIIndex, &k.Note); err != nil {
			return err
		}
		if in == office {
			out = append(out, k)
		}
		return nil
	})
	return out, err
}

// knownFacts adds until when people are covered and what they said to being contacted.
func (db *DB) knownFacts(ctx context.Context, tx *sql.Tx, people []KnownPerson) error {
	at := make(map[loa.PersonID]*KnownPerson, len(people))
	ids := make([]string, len(people))
	for i := range people {
		at[people[i].ID], ids[i] = &people[i], string(people[i].ID)
	}
	for part := range slices.Chunk(ids, knownPage) {
		list := `(` + db.marks(1, len(part)) + `)`
		rows, err := tx.QueryContext(ctx, `SELECT person_id, scheme, max(covered_until) FROM spell WHERE person_id IN `+list+` AND scheme IN ('hi', 'voluntary_si') GROUP BY person_id, scheme`, anys(part)...)
		err = each(rows, err, func(r *sql.Rows) error {
			var id loa.PersonID
			var scheme loa.Scheme
			var until loa.Day
			if err := r.Scan(&id, &scheme, &until); err != nil {
				return err
			}
			if scheme == loa.HI {
				at[id].HIUntil = until
			} else {
				at[id].VSIUntil = until
			}
			return nil
		})
		if err != nil {
			return err
		}
		rows, err = tx.QueryContext(ctx, `SELECT person_id, purpose, channel, agreed, happened_on, happened_at, recorded_at FROM consent WHERE person_id IN `+list, anys(part)...)
		err = each(rows, err, func(r *sql.Rows) error {
			var c loa.Consent
			var happened, recorded int64
			if err := r.Scan(&c.Person, &c.Purpose, &c.Channel, &c.Agreed, &c.HappenedOn, &happened, &recorded); err != nil {
				return err
			}
			c.HappenedAt, c.RecordedAt = instant(happened), instant(recorded)
			at[c.Person].Consents = append(at[c.Person].Consents, c)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// KnownHome is a household by its number in the office's list.
type KnownHome struct {
	ID   loa.HouseholdID
	Code string
	Area loa.AreaID
	Head loa.PersonID
}

// KnownHomes are the households of an office that have one of some numbers.
func (db *DB) KnownHomes(ctx context.Context, office loa.OfficeID, codes []string) ([]KnownHome, error) {
	var out []KnownHome
	for part := range slices.Chunk(codes, knownPage) {
		rows, err := db.read.QueryContext(ctx, `SELECT id, code, area_id, head_id FROM household WHERE office_id = `+db.marks(1, 1)+` AND code <> '' AND ended = '' AND code IN (`+db.marks(2, len(part))+`)`,
			append([]any{string(office)}, anys(part)...)...)
		list, err := collect(rows, err, func(r *sql.Rows) (h KnownHome, err error) { return h, r.Scan(&h.ID, &h.Code, &h.Area, &h.Head) })
		if err != nil {
			return nil, fmt.Errorf("find households by their numbers: %w", err)
		}
		out = append(out, list...)
	}
	return out, nil
}
