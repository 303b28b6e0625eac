package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"loa"
	"loa/vn"
)

// Sheet is a printed attendance sheet: who stands in which row, so that what was written on paper can be keyed back.
type Sheet struct {
	ID      string
	Session loa.SessionID
	Kind    string // attendance, or walk: keyed back with what came of each knock
	Code    string
	People  []loa.PersonID // row 1 is the first
	Blank   int            // empty rows after them
	MadeOn  loa.Day
	MadeBy  loa.OfficerID
	KeyedOn loa.Day // empty until it was keyed back
}

// SheetKinds are the two lists that are printed for a session.
var SheetKinds = []string{"attendance", "walk"}

// MaxSheetRows is how many named rows one sheet carries; a larger crowd is counted at the door.
const MaxSheetRows = 300

// MakeSheet keeps the rows of a sheet before it is printed. Printing names of people is recorded.
func (db *DB) MakeSheet(ctx context.Context, in loa.Scope, by loa.By, sh Sheet) (Sheet, error) {
	if len(sh.People) > MaxSheetRows || sh.Blank < 0 || sh.Blank > 200 {
		return sh, loa.Refuse(loa.Invalid, "blank", "out_of_range")
	}
	if !loa.OneOf(sh.Kind, SheetKinds) {
		return sh, loa.Refuse(loa.Invalid, "kind", "not_in_list")
	}
	sh.ID = loa.NewID()
	sh.Code, sh.MadeOn, sh.MadeBy = sheetCode(sh.ID), by.Day(), by.Officer
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		s, err := sessionByID(ctx, tx, in, sh.Session)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO session_sheet (id, office_id, session_id, kind, code, people, blank, made_at, made_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			sh.ID, s.Office, s.ID, sh.Kind, sh.Code, strings.Join(texts(sh.People), " "), sh.Blank, millis(by.At), by.Officer)
		if err != nil {
			return fmt.Errorf("keep a sheet: %w", err)
		}
		return addAudit(ctx, tx, s.Office, by, "printed", "session", string(s.ID), fmt.Sprintf("sheet=%s people=%d", sh.Code, len(sh.People)))
	})
	return sh, err
}

// sheetCode makes the four letters printed on a sheet from its ID, leaving out letters that read like others.
func sheetCode(id string) string {
	const letters = "ABCDEGHKLMNPQRSTUVXY"
	tail, code := id[len(id)-8:], make([]byte, 4)
	for i := range code {
		n := 0
		for _, c := range tail[2*i : 2*i+2] {
			n = n*16 + strings.IndexRune("0123456789abcdef", c)
		}
		code[i] = letters[n%len(letters)]
	}
	return string(code)
}

// Sheets are the sheets printed for a session, newest first.
func (db *DB) Sheets(ctx context.Context, in loa.Scope, id loa.SessionID) ([]Sheet, error) {
	if _, err := sessionByID(ctx, db.read, in, id); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT id, session_id, kind, code, people, blank, made_at, made_by, keyed_at FROM session_sheet WHERE session_id = $1 ORDER BY made_at DESC, id DESC LIMIT 20`, id)
	return collect(rows, err, func(r *sql.Rows) (sh Sheet, err error) {
		var people string
		var made, keyed int64
		err = r.Scan(&sh.ID, &sh.Session, &sh.Kind, &sh.Code, &people, &sh.Blank, &made, &sh.MadeBy, &keyed)
		for _, p := range strings.Fields(people) {
			sh.People = append(sh.People, loa.PersonID(p))
		}
		sh.MadeOn = loa.DayOf(instant(made))
		if keyed > 0 {
			sh.KeyedOn = loa.DayOf(instant(keyed))
		}
		return sh, err
	})
}

// Sheet is one sheet of a session by the code printed on it.
func (db *DB) Sheet(ctx context.Context, in loa.Scope, id loa.SessionID, code string) (Sheet, error) {
	all, err := db.Sheets(ctx, in, id)
	if err != nil {
		return Sheet{}, err
	}
	for _, sh := range all {
		if sh.Code == code {
			return sh, nil
		}
	}
	return Sheet{}, loa.ErrNotFound
}

// Keyed is what stood on a sheet that came back: who was there, who was written into the empty rows, and heads that signed nothing.
type Keyed struct {
	Code    string
	Present []loa.PersonID
	New     []loa.Person
	Counts  []loa.Attendance
	Visits  []loa.Visit // of a walk list: what came of each knock
}

// KeySheet saves a whole sheet in one go: all of it or nothing.
func (db *DB) KeySheet(ctx context.Context, in loa.Scope, by loa.By, id loa.SessionID, k Keyed) (named int, err error) {
	err = db.record(ctx, in, by, id, func(rec *recording) error {
		named = 0
		present := slices.Clone(k.Present)
		for i, p := range k.New {
			id, err := rec.newcomer(ctx, in, p)
			if err != nil {
				return fmt.Errorf("new row %d: %w", i+1, err)
			}
			present = append(present, id)
		}
		for _, p := range present {
			added, err := rec.name(ctx, in, p, false)
			if err != nil {
				return err
			}
			if added {
				named++
			}
		}
		for _, a := range k.Counts {
			a.Person = ""
			if err := rec.add(ctx, a); err != nil {
				return err
			}
		}
		for _, v := range k.Visits {
			v.Session, v.Form, v.HappenedOn, v.HappenedAt = rec.session.ID, rec.session.Form, rec.session.On, by.At
			if err := addVisit(ctx, rec.tx, in, by, v); err != nil {
				return err
			}
		}
		_, err := rec.tx.ExecContext(ctx, `UPDATE session_sheet SET keyed_at = $1, keyed_by = $2 WHERE session_id = $3 AND code = $4`, millis(by.At), by.Officer, id, k.Code)
		if err != nil {
			return fmt.Errorf("mark the sheet as keyed: %w", err)
		}
		return nil
	})
	return named, err
}

// newcomer writes somebody who is in no list yet; a name and a village are enough.
func (rec *recording) newcomer(ctx context.Context, in loa.Scope, p loa.Person) (loa.PersonID, error) {
	p.Name = vn.Tidy(p.Name)
	if p.ID == "" {
		p.ID = loa.PersonID(loa.NewID())
	}
	if err := p.Check(rec.by.Day()); err != nil {
		return "", err
	}
	if err := areaInScope(ctx, rec.tx, in, p.Area); err != nil {
		return "", err
	}
	p.Office, p.CreatedAt, p.CreatedBy, p.ChangeNo = rec.session.Office, rec.by.At, rec.by.Officer, rec.change
	if err := insertPerson(ctx, rec.tx, p); err != nil {
		return "", err
	}
	return p.ID, addAudit(ctx, rec.tx, p.Office, rec.by, "created", "person", string(p.ID), "session")
}

// NameNewcomer writes a new person and records that they are present, in one transaction.
func (db *DB) NameNewcomer(ctx context.Context, in loa.Scope, by loa.By, id loa.SessionID, p loa.Person, counted bool) (person loa.PersonID, err error) {
	err = db.record(ctx, in, by, id, func(rec *recording) error {
		if person, err = rec.newcomer(ctx, in, p); err != nil {
			return err
		}
		_, err = rec.name(ctx, in, person, counted)
		return err
	})
	return person, err
}
