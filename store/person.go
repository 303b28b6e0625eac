package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

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

// Person is one person inside the scope. The ID of a record that was merged away answers with the record it was merged into.
func (db *DB) Person(ctx context.Context, in loa.Scope, id loa.PersonID) (loa.Person, error) {
	for range 8 { // a merge of a merge
		p, err := scanPerson(db.read.QueryRowContext(ctx, `SELECT `+personColumns+` FROM person p WHERE p.id = $1`, id))
		if err != nil {
			return p, notFound(err)
		}
		if p.MergedInto == "" {
			return p, areaInScope(ctx, db.read, in, p.Area)
		}
		id = p.MergedInto
	}
	return loa.Person{}, loa.ErrNotFound
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
			if _, err := householdIn(ctx, tx, in, p.Household); err != nil {
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

// personField is one editable column of a person, as history names it.
type personField struct {
	name string
	get  func(*loa.Person) any
}

var personFields = []personField{
	{"name", func(p *loa.Person) any { return p.Name }}, {"area_id", func(p *loa.Person) any { return string(p.Area) }}, {"household_id", func(p *loa.Person) any { return string(p.Household) }},
	{"born_year", func(p *loa.Person) any { return p.BornYear }}, {"born_on", func(p *loa.Person) any { return string(p.BornOn) }}, {"sex", func(p *loa.Person) any { return string(p.Sex) }},
	{"ethnic", func(p *loa.Person) any { return p.Ethnic }}, {"language", func(p *loa.Person) any { return p.Language }}, {"literacy", func(p *loa.Person) any { return p.Literacy }},
	{"poverty", func(p *loa.Person) any { return p.Poverty }}, {"poverty_from", func(p *loa.Person) any { return string(p.PovertyFrom) }}, {"poverty_to", func(p *loa.Person) any { return string(p.PovertyTo) }},
	{"occupation", func(p *loa.Person) any { return p.Occupation }}, {"relation", func(p *loa.Person) any { return p.Relation }}, {"phone", func(p *loa.Person) any { return p.Phone }},
	{"phone_owner", func(p *loa.Person) any { return p.PhoneOwner }}, {"phone_shared", func(p *loa.Person) any { return p.PhoneShared }}, {"phone_bad", func(p *loa.Person) any { return p.PhoneBad }},
	{"note", func(p *loa.Person) any { return p.Note }},
}

// SavePerson changes the fields of a person that differ from what is kept, with one version each. read is the change number
// the form was filled in at: a field that somebody else changed since then is not overwritten but comes back in the list.
func (db *DB) SavePerson(ctx context.Context, in loa.Scope, by loa.By, p loa.Person, read int64) (clashes []loa.FieldChange, err error) {
	p.Name = vn.Tidy(p.Name)
	if err := p.Check(by.Day()); err != nil {
		return nil, err
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		old, err := scanPerson(tx.QueryRowContext(ctx, `SELECT `+personColumns+` FROM person p WHERE p.id = $1 AND p.merged_into = ''`, p.ID))
		if err != nil {
			return notFound(err)
		}
		for _, area := range []loa.AreaID{old.Area, p.Area} {
			if err := areaInScope(ctx, tx, in, area); err != nil {
				return err
			}
		}
		changed := changedPersonFields(&old, &p)
		if old.ChangeNo > read {
			if clashes, err = sinceRead(ctx, tx, string(p.ID), read, changed); err != nil || len(clashes) > 0 {
				return err
			}
		}
		return db.writePerson(ctx, tx, by, &old, &p, changed)
	})
	return clashes, err
}

func changedPersonFields(old, p *loa.Person) []loa.FieldChange {
	var out []loa.FieldChange
	for _, f := range personFields {
		a, b := f.get(old), f.get(p)
		if a != b {
			out = append(out, loa.FieldChange{Field: f.name, Old: textOf(a), New: textOf(b)})
		}
	}
	if p.NationalID.Index != old.NationalID.Index {
		out = append(out, loa.FieldChange{Field: "national_id", Old: "•" + old.NationalID.Tail, New: "•" + p.NationalID.Tail})
	}
	if p.SINumber.Index != old.SINumber.Index {
		out = append(out, loa.FieldChange{Field: "si_number", Old: "•" + old.SINumber.Tail, New: "•" + p.SINumber.Tail})
	}
	return out
}

func textOf(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case int:
		if x == 0 {
			return ""
		}
		return strconv.Itoa(x)
	case bool:
		if x {
			return "1"
		}
	}
	return ""
}

// sinceRead are those of the changed fields that have a version newer than what a form was filled in at.
func sinceRead(ctx context.Context, tx *sql.Tx, id string, read int64, changed []loa.FieldChange) ([]loa.FieldChange, error) {
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT field FROM field_version WHERE noun_id = $1 AND change_no > $2`, id, read)
	newer, err := collect(rows, err, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) })
	if err != nil {
		return nil, fmt.Errorf("compare with what others changed: %w", err)
	}
	var out []loa.FieldChange
	for _, c := range changed {
		if loa.OneOf(c.Field, newer) {
			out = append(out, c)
		}
	}
	return out, nil
}

// writePerson writes changed fields into every version of the row, one an import is staging included, and their history.
func (db *DB) writePerson(ctx context.Context, tx *sql.Tx, by loa.By, old, p *loa.Person, changed []loa.FieldChange) error {
	if len(changed) == 0 {
		return nil
	}
	change, err := nextChange(ctx, tx, old.Office, 1)
	if err != nil {
		return err
	}
	var set []string
	args := []any{}
	add := func(column string, v any) {
		args = append(args, v)
		set = append(set, column+" = $"+strconv.Itoa(len(args)))
	}
	for _, c := range changed {
		switch c.Field {
		case "name":
			if err := addName(ctx, tx, p.Name); err != nil {
				return err
			}
			add("name", p.Name)
			add("folded", vn.Fold(p.Name))
			add("sort_key", vn.SortKey(p.Name))
			add("sound_key", vn.SoundKey(p.Name))
		case "national_id":
			add("national_id", p.NationalID.Cipher)
			add("national_id_index", p.NationalID.Index)
			add("national_id_tail", p.NationalID.Tail)
		case "si_number":
			add("si_number", p.SINumber.Cipher)
			add("si_number_index", p.SINumber.Index)
			add("si_number_tail", p.SINumber.Tail)
		default:
			for _, f := range personFields {
				if f.name == c.Field {
					add(c.Field, f.get(p))
				}
			}
		}
		if err := addVersion(ctx, tx, old.Office, by, change, "person", string(p.ID), c.Field, c.Old, c.New); err != nil {
			return err
		}
	}
	add("change_no", change)
	args = append(args, p.ID)
	if _, err := tx.ExecContext(ctx, `UPDATE person_row SET `+strings.Join(set, ", ")+` WHERE id = $`+strconv.Itoa(len(args)), args...); err != nil {
		return fmt.Errorf("save a person: %w", err)
	}
	fields := make([]string, len(changed))
	for i, c := range changed {
		fields[i] = c.Field
	}
	if err := addAudit(ctx, tx, old.Office, by, "changed", "person", string(p.ID), strings.Join(fields, " ")); err != nil {
		return err
	}
	if old.Area != p.Area {
		return db.reproject(ctx, tx, p.ID) // the standing is counted where the person lives
	}
	return nil
}
