package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
	"loa/vn"
)

const personColumns = `p.id, p.office_id, p.area_id, p.household_id, p.name, p.born_year, p.born_on, p.sex, p.ethnic, p.language, p.literacy, p.poverty, p.poverty_from, p.poverty_to,
	p.occupation, p.relation, p.phone, p.phone_owner, p.phone_shared, p.phone_bad, p.national_id, p.national_id_index, p.national_id_tail, p.si_number, p.si_number_index, p.si_number_tail,
	p.note, p.merged_into, p.created_at, p.created_by, p.change_no`

func scanPerson(r interface{ Scan(...any) error }) (p loa.Person, err error) {
	var created int64
	err = r.Scan(&p.ID, &p.Office, &p.Area, &p.Household, &p.Name, &p.BornYear, &p.BornOn, &p.Sex, &p.Ethnic, &p.Language, &p.Literacy, &p.Poverty, &p.PovertyFrom, &p.PovertyTo,
		&p.Occupation, &p.Relation, &p.Phone, &p.PhoneOwner, &p.PhoneShared, &p.PhoneBad, &p.NationalID.Cipher, &p.NationalID.Index, &p.NationalID.Tail, &p.SINumber.Cipher, &p.SINumber.Index, &p.SINumber.Tail,
		&p.Note, &p.MergedInto, &created, &p.CreatedBy, &p.ChangeNo)
	p.CreatedAt = instant(created)
	return p, err
}

// Person is one person inside the scope. The ID of a record that was merged away answers with the record it was merged into. Its
// change number is not older than the import that showed or hid what it says.
func (db *DB) Person(ctx context.Context, in loa.Scope, id loa.PersonID) (loa.Person, error) {
	for range 8 { // a merge of a merge
		flipped, err := flippedNo(ctx, db.read, "person_row", string(id))
		if err != nil {
			return loa.Person{}, err
		}
		p, err := scanPerson(db.read.QueryRowContext(ctx, `SELECT `+personColumns+` FROM person p WHERE p.id = $1`, id))
		if err != nil {
			return p, notFound(err)
		}
		if p.MergedInto == "" {
			p.ChangeNo = max(p.ChangeNo, flipped)
			return p, areaInScope(ctx, db.read, in, p.Area)
		}
		id = p.MergedInto
	}
	return loa.Person{}, loa.ErrNotFound
}

// flippedNo is the change number at which an import last showed or hid a version of a row. It is asked for before the row is read:
// an import shown in between makes the row look older than it is, and whoever saves it is asked.
func flippedNo(ctx context.Context, q querier, table, id string) (no int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT COALESCE(max(i.flipped_no), 0) FROM `+table+` x JOIN import_run i ON i.id = x.batch OR i.id = x.gone WHERE x.id = $1`, id).Scan(&no)
	if err != nil {
		return 0, fmt.Errorf("ask when an import was shown: %w", err)
	}
	return no, nil
}

// PeopleByID are the people of a list that the scope may see, in the order of the list.
func (db *DB) PeopleByID(ctx context.Context, in loa.Scope, ids []loa.PersonID) ([]loa.Person, error) {
	var out []loa.Person
	for start := 0; start < len(ids); start += 300 {
		part := ids[start:min(start+300, len(ids))]
		where, args := inScope(in, "a.path", len(part)+1)
		all := make([]any, 0, len(part)+len(args))
		for _, id := range part {
			all = append(all, id)
		}
		rows, err := db.read.QueryContext(ctx, `SELECT `+personColumns+` FROM person p JOIN area a ON a.id = p.area_id WHERE p.id IN (`+placeholders(1, len(part))+`) AND `+where, append(all, args...)...)
		found, err := collect(rows, err, func(r *sql.Rows) (loa.Person, error) { return scanPerson(r) })
		if err != nil {
			return nil, fmt.Errorf("read people: %w", err)
		}
		by := make(map[loa.PersonID]loa.Person, len(found))
		for _, p := range found {
			by[p.ID] = p
		}
		for _, id := range part {
			if p, ok := by[id]; ok {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// Members are the people of a household, the head first, then by age.
func (db *DB) Members(ctx context.Context, in loa.Scope, id loa.HouseholdID) ([]loa.Person, error) {
	where, args := inScope(in, "a.path", 2)
	rows, err := db.read.QueryContext(ctx, `SELECT `+personColumns+` FROM person p JOIN area a ON a.id = p.area_id WHERE p.household_id = $1 AND p.merged_into = '' AND `+where+`
		ORDER BY CASE WHEN p.relation = 'head' THEN 0 WHEN p.relation = 'spouse' THEN 1 ELSE 2 END, p.born_year, p.id LIMIT 100`, append([]any{id}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Person, error) { return scanPerson(r) })
	if err != nil {
		return nil, fmt.Errorf("read the members: %w", err)
	}
	return list, nil
}

// AddPerson writes a new person; a name and a village are enough.
func (db *DB) AddPerson(ctx context.Context, in loa.Scope, by loa.By, p loa.Person) (loa.Person, error) {
	if p.ID == "" {
		p.ID = loa.PersonID(loa.NewID())
	}
	p.Name = vn.Tidy(p.Name)
	if err := p.Check(by.Day()); err != nil {
		return p, err
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if err := areaInScope(ctx, tx, in, p.Area); err != nil {
			return err
		}
		if p.Household != "" {
			if _, err := openHousehold(ctx, tx, in, p.Household); err != nil {
				return err
			}
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		p.Office, p.CreatedAt, p.CreatedBy, p.ChangeNo = in.Office, by.At, by.Officer, change
		if err := insertPerson(ctx, tx, p); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "created", "person", string(p.ID), "")
	})
	return p, err
}

func insertPerson(ctx context.Context, tx *sql.Tx, p loa.Person) error {
	if err := addName(ctx, tx, p.Name); err != nil {
		return err
	}
	args := []any{p.ID, p.Office, p.Area, p.Household, p.Name, vn.Fold(p.Name), vn.SortKey(p.Name), vn.SoundKey(p.Name), p.BornYear, p.BornOn, p.Sex, p.Ethnic, p.Language, p.Literacy,
		p.Poverty, p.PovertyFrom, p.PovertyTo, p.Occupation, p.Relation, p.Phone, p.PhoneOwner, p.PhoneShared, p.PhoneBad, p.NationalID.Cipher, p.NationalID.Index, p.NationalID.Tail,
		p.SINumber.Cipher, p.SINumber.Index, p.SINumber.Tail, p.Note, p.MergedInto, millis(p.CreatedAt), p.CreatedBy, p.ChangeNo}
	_, err := tx.ExecContext(ctx, `INSERT INTO person_row (id, office_id, area_id, household_id, name, folded, sort_key, sound_key, born_year, born_on, sex, ethnic, language, literacy,
		poverty, poverty_from, poverty_to, occupation, relation, phone, phone_owner, phone_shared, phone_bad, national_id, national_id_index, national_id_tail,
		si_number, si_number_index, si_number_tail, note, merged_into, created_at, created_by, change_no) VALUES (`+placeholders(1, len(args))+`) ON CONFLICT (id, batch) DO NOTHING`, args...)
	if err != nil {
		return fmt.Errorf("save a person: %w", err)
	}
	return nil
}

// addName keeps the dictionary that search looks in first.
func addName(ctx context.Context, tx *sql.Tx, name string) error {
	folded := vn.Fold(name)
	res, err := tx.ExecContext(ctx, `INSERT INTO name (folded) VALUES ($1) ON CONFLICT (folded) DO NOTHING`, folded)
	if err != nil {
		return fmt.Errorf("keep a name: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	for _, w := range vn.Words(folded) {
		if _, err := tx.ExecContext(ctx, `INSERT INTO name_word (word, folded) VALUES ($1, $2) ON CONFLICT (word, folded) DO NOTHING`, w, folded); err != nil {
			return fmt.Errorf("keep a name's words: %w", err)
		}
	}
	return nil
}
