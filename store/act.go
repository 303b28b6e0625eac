package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"loa"
)

// Act is something that can be taken back, with the rows it changed.
type Act struct {
	ID       loa.ActID
	Kind     string // move move_household split head merge_households merge_people move_area
	Noun     string
	NounID   string
	DoneAt   int64
	DoneBy   loa.OfficerID
	UndoneAt int64
	UndoneBy loa.OfficerID
	People   []loa.PersonID // those it moved, split off or merged
}

// actRow is a person or household as an act found it or left it, with the columns the act changed.
type actRow struct {
	Noun      string         `json:"noun"`
	ID        string         `json:"id"`
	Made      bool           `json:"made,omitempty"` // did not exist before the act
	Columns   []string       `json:"columns"`
	Person    *loa.Person    `json:"person,omitempty"`
	Household *loa.Household `json:"household,omitempty"`
}

func (r actRow) area() loa.AreaID {
	if r.Person != nil {
		return r.Person.Area
	}
	return r.Household.Area
}

// acting is one undoable act under way: it notes rows before they change and writes them through.
type acting struct {
	ctx    context.Context
	tx     *sql.Tx
	db     *DB
	by     loa.By
	office loa.OfficeID
	change int64
	doneAt int64 // of an act that is being taken back
	before []actRow
	after  []actRow
}

// person changes a person and remembers how it was.
func (x *acting) person(id loa.PersonID, edit func(p *loa.Person)) error {
	was, err := scanPerson(x.tx.QueryRowContext(x.ctx, `SELECT `+personColumns+` FROM person p WHERE p.id = $1`, id))
	if err != nil {
		return notFound(err)
	}
	now := was
	edit(&now)
	changed := differing(personFields, &was, &now)
	if len(changed) == 0 {
		return nil
	}
	fields := fieldsOf(changed)
	if slices.Contains(fields, "name") {
		if err := addName(x.ctx, x.tx, now.Name); err != nil {
			return err
		}
	}
	if err := saveFields(x.ctx, x.tx, "person_row", string(id), personFields, fields, &now, x.change); err != nil {
		return err
	}
	x.before = append(x.before, actRow{Noun: "person", ID: string(id), Columns: fields, Person: &was})
	x.after = append(x.after, actRow{Noun: "person", ID: string(id), Columns: fields, Person: &now})
	return x.versions("person", string(id), changed)
}

// household changes a household and remembers how it was.
func (x *acting) household(id loa.HouseholdID, edit func(h *loa.Household)) error {
	was, err := scanHousehold(x.tx.QueryRowContext(x.ctx, `SELECT `+householdColumns+` FROM household h WHERE h.id = $1`, id))
	if err != nil {
		return notFound(err)
	}
	now := was
	edit(&now)
	changed := differing(householdFields, &was, &now)
	if len(changed) == 0 {
		return nil
	}
	fields := fieldsOf(changed)
	if err := saveFields(x.ctx, x.tx, "household_row", string(id), householdFields, fields, &now, x.change); err != nil {
		return err
	}
	x.before = append(x.before, actRow{Noun: "household", ID: string(id), Columns: fields, Household: &was})
	x.after = append(x.after, actRow{Noun: "household", ID: string(id), Columns: fields, Household: &now})
	return x.versions("household", string(id), changed)
}

// makeHousehold makes a household that goes away again when the act is taken back.
func (x *acting) makeHousehold(h loa.Household) error {
	h.Office, h.ChangeNo = x.office, x.change
	if err := insertHousehold(x.ctx, x.tx, h); err != nil {
		return err
	}
	x.before = append(x.before, actRow{Noun: "household", ID: string(h.ID), Made: true, Household: &loa.Household{ID: h.ID, Area: h.Area}})
	x.after = append(x.after, actRow{Noun: "household", ID: string(h.ID), Made: true, Columns: []string{"area_id", "head_id"}, Household: &h})
	return nil
}

// versions keep the history of the fields, whoever changed them and how.
func (x *acting) versions(noun, id string, changed []loa.FieldChange) error {
	for _, c := range changed {
		if err := addVersion(x.ctx, x.tx, x.office, x.by, x.change, noun, id, c.Field, c.Old, c.New); err != nil {
			return err
		}
	}
	return nil
}

// act runs an undoable change: everything or nothing, with the rows as they were kept beside it.
func (db *DB) act(ctx context.Context, in loa.Scope, by loa.By, kind, noun, nounID string, fn func(x *acting) error) (loa.ActID, error) {
	id := loa.ActID(loa.NewID())
	err := db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		x := &acting{ctx: ctx, tx: tx, db: db, by: by, office: in.Office, change: change}
		if err := fn(x); err != nil {
			return err
		}
		if len(x.after) == 0 {
			return loa.Refuse(loa.Invalid, "", "act_changes_nothing")
		}
		before, err := json.Marshal(x.before)
		if err != nil {
			return fmt.Errorf("keep how it was: %w", err)
		}
		after, err := json.Marshal(x.after)
		if err != nil {
			return fmt.Errorf("keep how it is: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO act (id, office_id, kind, noun, noun_id, done_at, done_by, before, after, change_no) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			id, in.Office, kind, noun, nounID, millis(by.At), by.Officer, string(before), string(after), change); err != nil {
			return fmt.Errorf("keep the act: %w", err)
		}
		if err := x.standings(); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, kind, noun, nounID, string(id))
	})
	return id, err
}

// standings derives the standing of everybody the act touched anew: where they live and whose facts are whose may have changed.
func (x *acting) standings() error {
	done := map[loa.PersonID]bool{"": true}
	for _, list := range [][]actRow{x.before, x.after} {
		for _, r := range list {
			if r.Person == nil {
				continue
			}
			for _, id := range []loa.PersonID{r.Person.ID, r.Person.MergedInto} {
				if done[id] {
					continue
				}
				done[id] = true
				if err := touchPeople(x.ctx, x.tx, x.change, id); err != nil {
					return err
				}
				if err := x.db.reproject(x.ctx, x.tx, id); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Acts are the newest undoable acts whose people and households all lie inside the scope.
func (db *DB) Acts(ctx context.Context, in loa.Scope, take int) ([]Act, error) {
	areas, err := db.Areas(ctx, in)
	if err != nil {
		return nil, err
	}
	mine := make(map[loa.AreaID]bool, len(areas))
	for _, a := range areas {
		mine[a.ID] = true
	}
	rows, err := db.read.QueryContext(ctx, `SELECT id, kind, noun, noun_id, done_at, done_by, undone_at, undone_by, before, after FROM act WHERE office_id = $1 ORDER BY done_at DESC, change_no DESC`, in.Office)
	if err != nil {
		return nil, fmt.Errorf("read the acts: %w", err)
	}
	defer rows.Close()
	var out []Act
	for rows.Next() && len(out) < take {
		a, seen, err := scanAct(rows, mine)
		if err != nil {
			return nil, fmt.Errorf("read an act: %w", err)
		}
		if seen {
			out = append(out, a)
		}
	}
	return out, rows.Err()
}

// scanAct reads an act and says whether everything it touched lies in the areas.
func scanAct(rows *sql.Rows, mine map[loa.AreaID]bool) (a Act, seen bool, err error) {
	var before, after string
	if err := rows.Scan(&a.ID, &a.Kind, &a.Noun, &a.NounID, &a.DoneAt, &a.DoneBy, &a.UndoneAt, &a.UndoneBy, &before, &after); err != nil {
		return a, false, err
	}
	if a.Kind == areaMove {
		return a, mine[loa.AreaID(a.NounID)], nil
	}
	for _, text := range []string{before, after} {
		var list []actRow
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			return a, false, err
		}
		for _, r := range list {
			if !mine[r.area()] {
				return a, false, nil
			}
			if r.Person != nil && !slices.Contains(a.People, r.Person.ID) {
				a.People = append(a.People, r.Person.ID)
			}
		}
	}
	return a, true, nil
}
