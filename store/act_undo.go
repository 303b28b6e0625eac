package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"loa"
)

// UndoAct takes an act back, if everything it touched is still as the act left it; otherwise it says so and changes nothing.
func (db *DB) UndoAct(ctx context.Context, in loa.Scope, by loa.By, id loa.ActID) error {
	var kind string
	if err := db.read.QueryRowContext(ctx, `SELECT kind FROM act WHERE id = $1 AND office_id = $2`, id, in.Office).Scan(&kind); err != nil {
		return notFound(err)
	}
	if kind == areaMove {
		return db.UndoMoveArea(ctx, in, by, id)
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		x, err := db.actDone(ctx, tx, in, by, id)
		if err != nil {
			return err
		}
		if err := x.nothingNewer(); err != nil {
			return err
		}
		if err := x.asLeft(in); err != nil {
			return err
		}
		if x.change, err = nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		for i := len(x.before) - 1; i >= 0; i-- {
			if err := x.restore(x.before[i], x.after[i]); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `UPDATE act SET undone_at = $1, undone_by = $2 WHERE id = $3`, millis(by.At), by.Officer, id); err != nil {
			return fmt.Errorf("mark the act as taken back: %w", err)
		}
		if err := x.standings(); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "undone", "act", string(id), "")
	})
}

// actDone reads an act that has not been taken back yet.
func (db *DB) actDone(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, id loa.ActID) (*acting, error) {
	var before, after string
	x := &acting{ctx: ctx, tx: tx, db: db, by: by, office: in.Office}
	var undone int64
	err := tx.QueryRowContext(ctx, `SELECT before, after, done_at, undone_at, change_no FROM act WHERE id = $1 AND office_id = $2`, id, in.Office).Scan(&before, &after, &x.doneAt, &undone, &x.change)
	if err != nil {
		return nil, notFound(err)
	}
	if err := json.Unmarshal([]byte(before), &x.before); err != nil {
		return nil, fmt.Errorf("read how it was: %w", err)
	}
	if err := json.Unmarshal([]byte(after), &x.after); err != nil {
		return nil, fmt.Errorf("read how it was left: %w", err)
	}
	for _, list := range [][]actRow{x.before, x.after} {
		for _, r := range list {
			if err := areaInScope(ctx, tx, in, r.area()); err != nil {
				return nil, err
			}
		}
	}
	if undone > 0 {
		return nil, loa.Refuse(loa.Conflict, "", "already_undone")
	}
	return x, nil
}

// touched are the people and households an act is about: those it changed, and those they came from or went to.
func touched(lists ...[]actRow) map[string]bool {
	out := map[string]bool{}
	for _, list := range lists {
		for _, r := range list {
			out[r.ID] = true
			if r.Person != nil {
				out[string(r.Person.Household)], out[string(r.Person.MergedInto)] = true, true
			} else {
				out[string(r.Household.Head)], out[string(r.Household.MergedInto)] = true, true
			}
		}
	}
	delete(out, "")
	return out
}

// nothingNewer refuses when a newer act that stands is about the same people or households: that one is taken back first.
func (x *acting) nothingNewer() error {
	mine := touched(x.before, x.after)
	rows, err := x.tx.QueryContext(x.ctx, `SELECT before, after FROM act WHERE office_id = $1 AND change_no > $2 AND undone_at = 0 AND kind <> $3`, x.office, x.change, areaMove)
	return each(rows, err, func(r *sql.Rows) error {
		var texts [2]string
		if err := r.Scan(&texts[0], &texts[1]); err != nil {
			return fmt.Errorf("read newer acts: %w", err)
		}
		for _, text := range texts {
			var list []actRow
			if err := json.Unmarshal([]byte(text), &list); err != nil {
				return fmt.Errorf("read a newer act: %w", err)
			}
			for id := range touched(list) {
				if mine[id] {
					return loa.Refuse(loa.Conflict, "", "newer_act")
				}
			}
		}
		return nil
	})
}

// asLeft refuses when a row is no longer as the act left it, or when somebody came to live in a household since.
func (x *acting) asLeft(in loa.Scope) error {
	last := map[string]actRow{}
	columns := map[string][]string{}
	moved := map[string]bool{}
	for _, r := range x.after {
		key := r.Noun + r.ID
		last[key] = r
		columns[key] = append(columns[key], r.Columns...)
		moved[r.ID] = true
	}
	for key, want := range last {
		same, area, err := x.still(want, columns[key])
		if err != nil {
			return err
		}
		if !same {
			return loa.Refuse(loa.Conflict, "", "changed_since")
		}
		if err := areaInScope(x.ctx, x.tx, in, area); err != nil {
			return err
		}
	}
	for i, r := range x.before {
		if r.Household == nil {
			continue
		}
		if err := x.nobodyCame(r.ID, moved); err != nil {
			return err
		}
		if x.after[i].Made {
			if err := x.nothingOn(r.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// placeOf are the columns that decide where a row belongs; they must be as the act left them even if it did not change them.
var placeOf = map[string][]string{"person": {"area_id", "household_id", "merged_into"}, "household": {"area_id", "ended", "merged_into"}}

// still says whether a row has the values the act left in some columns, and where it lies now.
func (x *acting) still(want actRow, columns []string) (bool, loa.AreaID, error) {
	columns = append(columns, placeOf[want.Noun]...)
	if want.Noun == "person" {
		now, err := scanPerson(x.tx.QueryRowContext(x.ctx, `SELECT `+personColumns+` FROM person p WHERE p.id = $1`, want.ID))
		if err != nil {
			return false, "", gone(err)
		}
		return sameFields(personFields, columns, &now, want.Person), now.Area, nil
	}
	now, err := scanHousehold(x.tx.QueryRowContext(x.ctx, `SELECT `+householdColumns+` FROM household h WHERE h.id = $1`, want.ID))
	if err != nil {
		return false, "", gone(err)
	}
	return sameFields(householdFields, columns, &now, want.Household), now.Area, nil
}

// gone makes a row that is no longer seen, an import taken back for instance, a refusal to undo what it was part of.
func gone(err error) error {
	if err == sql.ErrNoRows {
		return loa.Refuse(loa.Conflict, "", "changed_since")
	}
	return err
}

func sameFields[T any](all []field[T], names []string, a, b *T) bool {
	for _, c := range all {
		if loa.OneOf(c.name, names) && c.get(a) != c.get(b) {
			return false
		}
	}
	return true
}

// nobodyCame refuses when somebody was added to a household after the act.
func (x *acting) nobodyCame(household string, moved map[string]bool) error {
	rows, err := x.tx.QueryContext(x.ctx, `SELECT id FROM person WHERE household_id = $1 AND created_at >= $2`, household, x.doneAt)
	people, err := collectIDs(rows, err)
	if err != nil {
		return fmt.Errorf("read who came to live there: %w", err)
	}
	for _, id := range people {
		if !moved[id] {
			return loa.Refuse(loa.Conflict, "", "changed_since")
		}
	}
	return nil
}

// nothingOn refuses when something was recorded about a household the act made.
func (x *acting) nothingOn(household string) error {
	var facts bool
	err := x.tx.QueryRowContext(x.ctx, `SELECT EXISTS (SELECT 1 FROM visit_fact WHERE household_id <> '' AND household_id = $1) OR EXISTS (SELECT 1 FROM lead_fact WHERE household_id <> '' AND household_id = $1)
		OR EXISTS (SELECT 1 FROM session WHERE household_id <> '' AND household_id = $1) OR EXISTS (SELECT 1 FROM household_row WHERE merged_into <> '' AND merged_into = $1)`, household).Scan(&facts)
	if err != nil {
		return fmt.Errorf("read what was recorded there: %w", err)
	}
	if facts {
		return loa.Refuse(loa.Conflict, "", "changed_since")
	}
	return nil
}

// restore writes the columns an act changed back to what they were, with their history.
func (x *acting) restore(was, left actRow) error {
	switch {
	case was.Made:
		// A phone may hold the row, so it stays with a new change number, marked as gone, and is seen by nobody.
		_, err := x.tx.ExecContext(x.ctx, `UPDATE household_row SET gone = 'undone', change_no = $1 WHERE id = $2`, x.change, was.ID)
		if err != nil {
			return fmt.Errorf("take a household back: %w", err)
		}
		return nil
	case was.Noun == "person":
		if err := saveFields(x.ctx, x.tx, "person_row", was.ID, personFields, was.Columns, was.Person, x.change); err != nil {
			return err
		}
		return x.versions("person", was.ID, differing(personFields, left.Person, was.Person))
	}
	if err := saveFields(x.ctx, x.tx, "household_row", was.ID, householdFields, was.Columns, was.Household, x.change); err != nil {
		return err
	}
	return x.versions("household", was.ID, differing(householdFields, left.Household, was.Household))
}
