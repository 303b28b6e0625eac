package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"loa"
	"loa/vn"
)

// personFields are the fields of a person that change, by an officer's hand or by an act.
var personFields = []field[loa.Person]{
	{
		name: "name",
		get:  func(p *loa.Person) any { return p.Name },
		copy: func(to, from *loa.Person) { to.Name = from.Name },
		text: func(p *loa.Person) string { return p.Name },
		kept: func(p *loa.Person) []keptValue {
			return []keptValue{{"name", p.Name}, {"folded", vn.Fold(p.Name)}, {"sort_key", vn.SortKey(p.Name)}, {"sound_key", vn.SoundKey(p.Name)}}
		},
	},
	oneField("area_id", func(p *loa.Person) *loa.AreaID { return &p.Area }),
	oneField("household_id", func(p *loa.Person) *loa.HouseholdID { return &p.Household }),
	oneField("born_year", func(p *loa.Person) *int { return &p.BornYear }),
	oneField("born_on", func(p *loa.Person) *loa.Day { return &p.BornOn }),
	oneField("sex", func(p *loa.Person) *loa.Sex { return &p.Sex }),
	oneField("ethnic", func(p *loa.Person) *string { return &p.Ethnic }),
	oneField("language", func(p *loa.Person) *string { return &p.Language }),
	oneField("literacy", func(p *loa.Person) *string { return &p.Literacy }),
	oneField("poverty", func(p *loa.Person) *string { return &p.Poverty }),
	oneField("poverty_from", func(p *loa.Person) *loa.Day { return &p.PovertyFrom }),
	oneField("poverty_to", func(p *loa.Person) *loa.Day { return &p.PovertyTo }),
	oneField("occupation", func(p *loa.Person) *string { return &p.Occupation }),
	oneField("relation", func(p *loa.Person) *string { return &p.Relation }),
	oneField("phone", func(p *loa.Person) *string { return &p.Phone }),
	oneField("phone_owner", func(p *loa.Person) *string { return &p.PhoneOwner }),
	oneField("phone_shared", func(p *loa.Person) *bool { return &p.PhoneShared }),
	oneField("phone_bad", func(p *loa.Person) *bool { return &p.PhoneBad }),
	oneField("note", func(p *loa.Person) *string { return &p.Note }),
	sealedField("national_id", func(p *loa.Person) *loa.Sealed { return &p.NationalID }),
	sealedField("si_number", func(p *loa.Person) *loa.Sealed { return &p.SINumber }),
	oneField("merged_into", func(p *loa.Person) *loa.PersonID { return &p.MergedInto }),
}

// SavePerson changes the fields of a person that differ from what is kept, with one version each. read is the change number the
// form was filled in at. A field that somebody else changed since then and the form left alone keeps the newer value; one that
// both changed is not written but comes back with both values, and nothing else is written either. The person that comes back
// is the form's with the newer values in it.
func (db *DB) SavePerson(ctx context.Context, in loa.Scope, by loa.By, p loa.Person, read int64) (merged loa.Person, clashes []loa.FieldChange, err error) {
	p.Name = vn.Tidy(p.Name)
	if err := p.Check(by.Day()); err != nil {
		return p, nil, err
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil { // an import is shown before it or after it
			return err
		}
		old, err := scanPerson(tx.QueryRowContext(ctx, `SELECT `+personColumns+` FROM person p WHERE p.id = $1 AND p.merged_into = ''`, p.ID))
		if err != nil {
			return notFound(err)
		}
		for _, area := range []loa.AreaID{old.Area, p.Area} {
			if err := areaInScope(ctx, tx, in, area); err != nil {
				return err
			}
		}
		changed, both, err := mergeFields(ctx, tx, personFields, string(p.ID), read, &old, &p)
		if err != nil {
			return err
		}
		if clashes = both; len(clashes) > 0 {
			return nil
		}
		if err := householdKeeps(&old, &p); err != nil {
			return err
		}
		return db.writePerson(ctx, tx, by, &old, &p, changed)
	})
	return p, clashes, err
}

// householdKeeps refuses what only an act on the household may change: where its members live and who its head is.
func householdKeeps(old, p *loa.Person) error {
	switch {
	case old.Household != p.Household:
		return loa.Refuse(loa.Invalid, "household", "moved_by_act")
	case old.Household == "":
		return nil
	case old.Area != p.Area:
		return loa.Refuse(loa.Invalid, "area", "moved_by_act")
	case old.Relation != p.Relation && (old.Relation == "head" || p.Relation == "head"):
		return loa.Refuse(loa.Invalid, "relation", "head_by_act")
	}
	return nil
}

// writePerson writes changed fields with their history, and derives anew what follows from them.
func (db *DB) writePerson(ctx context.Context, tx *sql.Tx, by loa.By, old, p *loa.Person, changed []loa.FieldChange) error {
	if len(changed) == 0 {
		return nil
	}
	change, err := nextChange(ctx, tx, old.Office, 1)
	if err != nil {
		return err
	}
	fields := fieldsOf(changed)
	if slices.Contains(fields, "name") {
		if err := addName(ctx, tx, p.Name); err != nil {
			return err
		}
	}
	for _, c := range changed {
		if err := addVersion(ctx, tx, old.Office, by, change, "person", string(p.ID), c.Field, c.Old, c.New); err != nil {
			return err
		}
	}
	if err := saveFields(ctx, tx, "person_row", string(p.ID), personFields, fields, p, change); err != nil {
		return err
	}
	if err := addAudit(ctx, tx, old.Office, by, "changed", "person", string(p.ID), strings.Join(fields, " ")); err != nil {
		return err
	}
	if old.Area != p.Area {
		return db.reproject(ctx, tx, p.ID) // the standing is counted where the person lives
	}
	return nil
}
