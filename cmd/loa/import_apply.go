package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"loa"
	"loa/importing"
	"loa/store"
	"loa/vn"
)

// applyBatch people are staged by one short transaction.
const applyBatch = 400

// apply stages the rows of a previewed import where nobody sees them and shows them all at once. A stopped apply goes on
// where it was: the count of rows done moves in the same transaction as the rows.
func (im *importer) apply(ctx context.Context, id string) error {
	i, err := im.db.ImportByID(ctx, loa.ImportID(id))
	if err != nil {
		return err
	}
	if i.State == loa.ImportRefreshing {
		return im.refresh(ctx, id)
	}
	if i.State != loa.ImportApplying {
		return nil
	}
	by := loa.By{Officer: i.MadeBy, At: im.now()}
	if i.Kind != "people" {
		return im.applyFigures(ctx, i, by)
	}
	if err := im.db.HideBatch(ctx, i.ID, by); err != nil {
		return err
	}
	if err := im.stageAll(ctx, i, by); err != nil {
		return err
	}
	if err := im.db.ShowImport(ctx, by, i); err != nil {
		return err
	}
	return im.refresh(ctx, id)
}

func (im *importer) stageAll(ctx context.Context, i loa.Import, by loa.By) error {
	homes, err := im.homes(ctx, i)
	if err != nil {
		return err
	}
	skip, after := i.Done, 0
	batch := make([]store.Staged, 0, applyBatch)
	for {
		lines, err := im.db.ImportLines(ctx, i.ID, "", after, 2000)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			break
		}
		after = lines[len(lines)-1].No
		for _, l := range lines {
			if l.Outcome != "new" && l.Outcome != "changed" {
				continue
			}
			st, err := im.staged(i, by, l, homes)
			if err != nil {
				return err
			}
			if skip > 0 {
				skip--
				if st.Household != nil {
					homes.made[st.Household.Code+"|"+string(st.Household.Area)] = st.Household.ID
				}
				continue
			}
			batch = append(batch, st)
			if len(batch) == applyBatch {
				if err := im.db.Stage(ctx, i.Office, by, i.ID, batch); err != nil {
					return err
				}
				batch = batch[:0]
			}
		}
	}
	if len(batch) == 0 {
		return nil
	}
	return im.db.Stage(ctx, i.Office, by, i.ID, batch)
}

// homes are the households an import joins or makes: by the number of the list, or one after each head.
type homes struct {
	known map[string]loa.HouseholdID
	made  map[string]loa.HouseholdID
	last  map[loa.AreaID]loa.HouseholdID // the household of the last head in a village, for lists without numbers
	seed  string
}

func (im *importer) homes(ctx context.Context, i loa.Import) (*homes, error) {
	h := &homes{known: map[string]loa.HouseholdID{}, made: map[string]loa.HouseholdID{}, last: map[loa.AreaID]loa.HouseholdID{}, seed: string(i.ID)}
	scope, err := im.scope(ctx, i)
	if err != nil {
		return nil, err
	}
	err = im.db.EachKnown(ctx, scope, func(part []store.KnownPerson) error {
		for _, k := range part {
			if k.HouseholdCode != "" {
				h.known[k.HouseholdCode+"|"+string(k.Area)] = k.Household
			}
		}
		return nil
	})
	return h, err
}

// of is the household of a new person; made says that the import makes it. IDs follow from the import and the row, so that a
// resumed apply makes the same ones.
func (h *homes) of(l loa.ImportLine, area loa.AreaID, code, relation string) (id loa.HouseholdID, made bool) {
	key := code + "|" + string(area)
	switch {
	case code != "" && h.known[key] != "":
		return h.known[key], false
	case code != "" && h.made[key] != "":
		return h.made[key], false
	case code != "":
		id = loa.HouseholdID(loa.DerivedID(h.seed + "|household|" + key))
		h.made[key] = id
		return id, true
	case relation == "head":
		id = loa.HouseholdID(loa.DerivedID(h.seed + "|household|" + strconv.Itoa(l.No)))
		h.last[area] = id
		return id, true
	case relation != "":
		return h.last[area], false
	}
	return "", false
}

// staged is a previewed row as the store will write it.
func (im *importer) staged(i loa.Import, by loa.By, l loa.ImportLine, h *homes) (store.Staged, error) {
	values := map[importing.Field]string{}
	area := loa.AreaID("")
	for _, c := range l.Changes {
		if c.Field == "area" {
			area = loa.AreaID(c.New)
			continue
		}
		values[importing.Field(c.Field)] = c.New
	}
	st := store.Staged{New: l.Outcome == "new"}
	var err error
	if st.New {
		st.Person = importing.Person(l.Person, area, values)
		if st.Person.NationalID, err = unpackSealed(values[importing.NationalID]); err != nil {
			return st, err
		}
		if st.Person.SINumber, err = unpackSealed(values[importing.SINumber]); err != nil {
			return st, err
		}
		id, made := h.of(l, area, values[importing.Household], values[importing.Relation])
		st.Person.Household = id
		if made {
			st.Household = &loa.Household{ID: id, Area: area, Code: values[importing.Household], Head: l.Person, Address: values[importing.Address], WalkOrder: l.No}
		}
	} else {
		st.Person = loa.Person{ID: l.Person, Name: values[importing.Name]}
		if st.Columns, st.Versions, err = columns(l.Changes); err != nil {
			return st, err
		}
	}
	source := "import:" + i.FileName
	for _, c := range importing.Covers(l.Person, values, source, by.Day()) {
		c.Office, c.Area, c.RecordedAt, c.RecordedBy = i.Office, area, by.At, by.Officer
		if c.Area == "" {
			c.Area = i.Area
		}
		st.Contributions = append(st.Contributions, c)
	}
	for _, c := range importing.Consents(l.Person, values, source, by.Day()) {
		c.Office, c.Area, c.RecordedAt, c.RecordedBy, c.HappenedAt = i.Office, area, by.At, by.Officer, by.At
		if c.Area == "" {
			c.Area = i.Area
		}
		st.Consents = append(st.Consents, c)
	}
	return st, nil
}

func unpackSealed(s string) (out loa.Sealed, err error) {
	if s == "" {
		return out, nil
	}
	if err := json.Unmarshal([]byte(s), &out); err != nil {
		return out, fmt.Errorf("read a sealed number: %w", err)
	}
	return out, nil
}

// plainColumns are the fields that are one column of a person under the same name.
var plainColumns = map[importing.Field]string{importing.Sex: "sex", importing.Ethnic: "ethnic", importing.Language: "language", importing.Literacy: "literacy", importing.Poverty: "poverty",
	importing.PovertyFrom: "poverty_from", importing.PovertyTo: "poverty_to", importing.Occupation: "occupation", importing.Relation: "relation", importing.Phone: "phone",
	importing.PhoneOwner: "phone_owner", importing.Note: "note"}

// columns turns the changes of a known person into columns to set and history to keep. The history never holds an ID number.
func columns(changes []loa.FieldChange) (map[string]any, []loa.FieldChange, error) {
	set := map[string]any{}
	var versions []loa.FieldChange
	for _, c := range changes {
		f := importing.Field(c.Field)
		switch f {
		case importing.Name:
			set["name"], set["folded"], set["sort_key"], set["sound_key"] = c.New, vn.Fold(c.New), vn.SortKey(c.New), vn.SoundKey(c.New)
		case importing.Born:
			year, on := importing.BirthOf(c.New)
			set["born_year"], set["born_on"] = year, string(on)
		case importing.NationalID, importing.SINumber:
			sealed, err := unpackSealed(c.New)
			if err != nil {
				return nil, nil, err
			}
			set[c.Field], set[c.Field+"_index"], set[c.Field+"_tail"] = sealed.Cipher, sealed.Index, sealed.Tail
			versions = append(versions, loa.FieldChange{Field: c.Field, New: "•" + sealed.Tail})
			continue
		case importing.Household, importing.HIUntil, importing.HIGroup, importing.VSIUntil, importing.ConsentSMS, importing.ConsentCall, importing.ConsentZalo:
			continue // facts of their own, or the household's
		default:
			column, ok := plainColumns[f]
			if !ok {
				return nil, nil, fmt.Errorf("an import would change %q, which it may not", c.Field)
			}
			set[column] = c.New
		}
		versions = append(versions, c)
	}
	return set, versions, nil
}

// refresh brings the figures up to date after an import was shown or taken back; it goes on where a stopped one was.
func (im *importer) refresh(ctx context.Context, id string) error {
	i, err := im.db.ImportByID(ctx, loa.ImportID(id))
	if err != nil {
		return err
	}
	end := loa.ImportApplied
	switch i.State {
	case loa.ImportRefreshing:
	case loa.ImportUndoing:
		end = loa.ImportUndone
	default:
		return nil
	}
	after := loa.PersonID("")
	for {
		after, err = im.db.RefreshPage(ctx, i, after, 300)
		if err != nil {
			return err
		}
		if after == "" {
			return im.db.SetImport(ctx, i.ID, end, "", 0)
		}
	}
}

// resume takes up every import a stopped process left behind.
func (im *importer) resume(ctx context.Context) error {
	left, err := im.db.UnfinishedImports(ctx)
	if err != nil {
		return err
	}
	for _, i := range left {
		do := map[string]func(context.Context, string) error{loa.ImportReading: im.preview, loa.ImportApplying: im.apply, loa.ImportRefreshing: im.refresh, loa.ImportUndoing: im.refresh}[i.State]
		if err := do(ctx, string(i.ID)); err != nil {
			return err
		}
	}
	return nil
}
