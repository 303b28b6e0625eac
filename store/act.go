package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"loa"
)

// rowState is one row of a person or household as an act found or left it: only the columns that acts change.
type rowState struct {
	Noun      string          `json:"noun"` // person or household
	ID        string          `json:"id"`
	Missing   bool            `json:"missing,omitempty"` // did not exist
	Area      loa.AreaID      `json:"area"`
	Household loa.HouseholdID `json:"household,omitempty"`
	Relation  string          `json:"relation,omitempty"`
	Merged    loa.PersonID    `json:"merged,omitempty"`
	Head      loa.PersonID    `json:"head,omitempty"`
	Ended     string          `json:"ended,omitempty"`
}

// Act is something that can be taken back.
type Act struct {
	ID       loa.ActID
	Kind     string // move split merge_households merge_people
	NounID   string
	DoneAt   int64
	DoneBy   loa.OfficerID
	UndoneAt int64
}

// state reads a row as it is.
func state(ctx context.Context, tx *sql.Tx, noun, id string) (rowState, error) {
	s := rowState{Noun: noun, ID: id}
	var err error
	if noun == "person" {
		err = tx.QueryRowContext(ctx, `SELECT area_id, household_id, relation, merged_into FROM person WHERE id = $1`, id).Scan(&s.Area, &s.Household, &s.Relation, &s.Merged)
	} else {
		err = tx.QueryRowContext(ctx, `SELECT area_id, head_id, ended FROM household WHERE id = $1`, id).Scan(&s.Area, &s.Head, &s.Ended)
	}
	if err == sql.ErrNoRows {
		s.Missing = true
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("read a %s: %w", noun, err)
	}
	return s, nil
}

// put writes a row back to a state.
func put(ctx context.Context, tx *sql.Tx, change int64, s rowState) error {
	var err error
	switch {
	case s.Noun == "person":
		_, err = tx.ExecContext(ctx, `UPDATE person_row SET area_id = $1, household_id = $2, relation = $3, merged_into = $4, change_no = $5 WHERE id = $6`,
			s.Area, s.Household, s.Relation, s.Merged, change, s.ID)
	case s.Missing:
		_, err = tx.ExecContext(ctx, `DELETE FROM household_row WHERE id = $1`, s.ID) // made by the act that is taken back
	default:
		_, err = tx.ExecContext(ctx, `UPDATE household_row SET area_id = $1, head_id = $2, ended = $3, change_no = $4 WHERE id = $5`, s.Area, s.Head, s.Ended, change, s.ID)
	}
	if err != nil {
		return fmt.Errorf("write a %s: %w", s.Noun, err)
	}
	return nil
}

// acting is one undoable act under way: it notes rows before they change and writes them through.
type acting struct {
	ctx    context.Context
	tx     *sql.Tx
	db     *DB
	by     loa.By
	office loa.OfficeID
	change int64
	before []rowState
	after  []rowState
}

// set changes a row and remembers how it was.
func (x *acting) set(noun, id string, edit func(s *rowState)) error {
	was, err := state(x.ctx, x.tx, noun, id)
	if err != nil {
		return err
	}
	now := was
	edit(&now)
	if now == was {
		return nil
	}
	if was.Missing && noun == "household" {
		now.Missing = false
		h := loa.Household{ID: loa.HouseholdID(id), Office: x.office, Area: now.Area, Head: now.Head, ChangeNo: x.change}
		if err := insertHousehold(x.ctx, x.tx, h); err != nil {
			return err
		}
	} else if err := put(x.ctx, x.tx, x.change, now); err != nil {
		return err
	}
	x.before, x.after = append(x.before, was), append(x.after, now)
	if noun == "person" {
		return x.versions(was, now)
	}
	return nil
}

// versions keep the history of a person's fields, whoever changed them and how.
func (x *acting) versions(was, now rowState) error {
	for _, f := range []struct{ field, old, new string }{{"area_id", string(was.Area), string(now.Area)}, {"household_id", string(was.Household), string(now.Household)}, {"relation", was.Relation, now.Relation}} {
		if f.old == f.new {
			continue
		}
		if err := addVersion(x.ctx, x.tx, x.office, x.by, x.change, "person", now.ID, f.field, f.old, f.new); err != nil {
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
		before, err := json.Marshal(x.before)
		if err != nil {
			return fmt.Errorf("keep how it was: %w", err)
		}
		after, err := json.Marshal(x.after)
		if err != nil {
			return fmt.Errorf("keep how it is: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO act (id, office_id, kind, noun, noun_id, done_at, done_by, before, after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			id, in.Office, kind, noun, nounID, millis(by.At), by.Officer, string(before), string(after)); err != nil {
			return fmt.Errorf("keep the act: %w", err)
		}
		if err := x.standings(); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, kind, noun, nounID, "")
	})
	return id, err
}

// standings derives the standing of everybody the act touched anew: where they live and whose facts are whose may have changed.
func (x *acting) standings() error {
	done := map[string]bool{}
	for _, list := range [][]rowState{x.before, x.after} {
		for _, s := range list {
			for _, id := range []string{s.ID, string(s.Merged)} {
				if s.Noun != "person" || id == "" || done[id] {
					continue
				}
				done[id] = true
				if err := touchPeople(x.ctx, x.tx, x.change, loa.PersonID(id)); err != nil {
					return err
				}
				if err := x.db.reproject(x.ctx, x.tx, loa.PersonID(id)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// UndoAct takes an act back, if every row is still as the act left it; otherwise it says so and changes nothing.
func (db *DB) UndoAct(ctx context.Context, in loa.Scope, by loa.By, id loa.ActID) error {
	var kind string
	if err := db.read.QueryRowContext(ctx, `SELECT kind FROM act WHERE id = $1 AND office_id = $2`, id, in.Office).Scan(&kind); err != nil {
		return notFound(err)
	}
	if kind == areaMove {
		return db.UndoMoveArea(ctx, in, by, id)
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		var before, after string
		var undone int64
		err := tx.QueryRowContext(ctx, `SELECT before, after, undone_at FROM act WHERE id = $1 AND office_id = $2`, id, in.Office).Scan(&before, &after, &undone)
		if err != nil {
			return notFound(err)
		}
		if undone > 0 {
			return loa.Refuse(loa.Conflict, "", "already_undone")
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		x := &acting{ctx: ctx, tx: tx, db: db, by: by, office: in.Office, change: change}
		if err := json.Unmarshal([]byte(before), &x.before); err != nil {
			return fmt.Errorf("read how it was: %w", err)
		}
		if err := json.Unmarshal([]byte(after), &x.after); err != nil {
			return fmt.Errorf("read how it was left: %w", err)
		}
		last := map[string]rowState{}
		for _, s := range x.after {
			last[s.Noun+s.ID] = s
		}
		for _, want := range last {
			now, err := state(ctx, tx, want.Noun, want.ID)
			if err != nil {
				return err
			}
			if !now.Missing {
				if err := areaInScope(ctx, tx, in, now.Area); err != nil {
					return err
				}
			}
			if now != want {
				return loa.Refuse(loa.Conflict, "", "changed_since")
			}
		}
		for i := len(x.before) - 1; i >= 0; i-- {
			if err := put(ctx, tx, change, x.before[i]); err != nil {
				return err
			}
			if x.before[i].Noun == "person" {
				if err := x.versions(x.after[i], x.before[i]); err != nil {
					return err
				}
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

// Acts are the newest undoable acts of the office.
func (db *DB) Acts(ctx context.Context, in loa.Scope, take int) ([]Act, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT id, kind, noun_id, done_at, done_by, undone_at FROM act WHERE office_id = $1 ORDER BY done_at DESC, id LIMIT $2`, in.Office, take)
	list, err := collect(rows, err, func(r *sql.Rows) (a Act, err error) {
		return a, r.Scan(&a.ID, &a.Kind, &a.NounID, &a.DoneAt, &a.DoneBy, &a.UndoneAt)
	})
	if err != nil {
		return nil, fmt.Errorf("read the acts: %w", err)
	}
	return list, nil
}
