package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"loa"
)

// areaState is everything of one area that a move changes, as the act found or left it.
type areaState struct {
	ID      loa.AreaID       `json:"id"`
	Gone    bool             `json:"gone,omitempty"` // it was not there
	Kind    loa.AreaKind     `json:"kind"`
	Path    string           `json:"path"`
	Parents []loa.AreaParent `json:"parents"`
	Codes   []loa.AreaCode   `json:"codes,omitempty"`
	Owned   []loa.OfficeArea `json:"owned,omitempty"`
	Aliases []string         `json:"aliases,omitempty"`
}

const areaMove = "move_area"

// MoveArea hangs an area under another parent from a day on; what was before stays readable, so totals can be told by the units
// of any day. A village moves into a commune, or out of the ones whose commune is not known. Moved under a unit of its own
// level it is merged into it: its villages move over, its code ends, and what was recorded in it counts there.
func (db *DB) MoveArea(ctx context.Context, in loa.Scope, by loa.By, id, parent loa.AreaID, from loa.Day, source string) (loa.ActID, error) {
	if err := checkFrom(from, by); err != nil {
		return "", err
	}
	act := loa.ActID(loa.NewID())
	err := db.tx(ctx, func(tx *sql.Tx) error {
		a, to, err := moveEnds(ctx, tx, in, id, parent)
		if err != nil {
			return err
		}
		m := &areaMoving{ctx: ctx, tx: tx, from: from, source: source}
		if m.change, err = nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		ids, err := m.touched(a, to)
		if err != nil {
			return err
		}
		before, err := areaStates(ctx, tx, ids)
		if err != nil {
			return err
		}
		if err := m.move(a, to, ids); err != nil {
			return err
		}
		after, err := areaStates(ctx, tx, ids)
		if err != nil {
			return err
		}
		for i := range before {
			if was, is := openParent(before[i]), openParent(after[i]); was != is {
				if err := addVersion(ctx, tx, in.Office, by, m.change, "area", string(ids[i]), "parent_id", string(was), string(is)); err != nil {
					return err
				}
			}
		}
		if err := keepAreaAct(ctx, tx, in, by, act, id, before, after); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, areaMove, "area", string(id), string(from))
	})
	return act, err
}

// moveEnds finds what is moved and where to, and refuses what makes no sense.
func moveEnds(ctx context.Context, tx *sql.Tx, in loa.Scope, id, parent loa.AreaID) (a, to loa.Area, err error) {
	if a, err = areaForWrite(ctx, tx, in, id); err != nil {
		return a, to, err
	}
	if parent == "" {
		return a, to, loa.Refuse(loa.Invalid, "parent", "required")
	}
	if to, err = areaForWrite(ctx, tx, in, parent); err != nil {
		return a, to, err
	}
	village := a.Kind == loa.Village && (to.Kind == loa.Commune || to.Kind == loa.OfficeNode || to.Kind == loa.Village)
	commune := a.Kind == loa.Commune && to.Kind == loa.Commune
	switch {
	case a.ID == to.ID:
		return a, to, loa.Refuse(loa.Invalid, "parent", "area_itself")
	case !village && !commune:
		return a, to, loa.Refuse(loa.Invalid, "parent", "parent_not_commune")
	case commune:
		return a, to, wholeOffice(ctx, tx, in)
	}
	return a, to, nil
}

type areaMoving struct {
	ctx    context.Context
	tx     *sql.Tx
	change int64
	from   loa.Day
	source string
}

// touched are the areas a move changes: the one moved, and the villages and the name of a unit that is merged.
func (m *areaMoving) touched(a, to loa.Area) ([]loa.AreaID, error) {
	ids := []loa.AreaID{a.ID}
	if a.Kind != to.Kind {
		return ids, nil
	}
	rows, err := m.tx.QueryContext(m.ctx, `SELECT area_id FROM area_parent WHERE parent_id = $1 AND to_on = $2 ORDER BY area_id`, a.ID, loa.OpenEnd)
	children, err := collect(rows, err, func(r *sql.Rows) (id loa.AreaID, err error) { return id, r.Scan(&id) })
	if err != nil {
		return nil, fmt.Errorf("find the villages of a unit: %w", err)
	}
	return append(append(ids, children...), to.ID), nil
}

func (m *areaMoving) move(a, to loa.Area, ids []loa.AreaID) error {
	merged := a.Kind == to.Kind
	if merged {
		for _, child := range ids[1 : len(ids)-1] {
			if err := m.hang(child, to); err != nil {
				return err
			}
		}
		if err := m.end(a, to); err != nil {
			return err
		}
	}
	return m.hang(a.ID, to)
}

// hang closes an area's line of the tree the day before, opens the new one, and rewrites the paths below.
func (m *areaMoving) hang(id loa.AreaID, to loa.Area) error {
	var parent loa.AreaID
	var since loa.Day
	err := m.tx.QueryRowContext(m.ctx, `SELECT parent_id, from_on FROM area_parent WHERE area_id = $1 AND to_on = $2`, id, loa.OpenEnd).Scan(&parent, &since)
	switch {
	case err != nil && err != sql.ErrNoRows:
		return fmt.Errorf("read where an area hangs: %w", err)
	case err == nil && parent == to.ID:
		return loa.Refuse(loa.Conflict, "parent", "area_same_parent")
	case err == nil && m.from < since:
		return loa.Refuse(loa.Invalid, "from", "area_before_parent", since.Vietnamese())
	case err == nil && m.from == since: // said wrongly before: the line itself is put right
		_, err = m.tx.ExecContext(m.ctx, `UPDATE area_parent SET parent_id = $1, source = $2 WHERE area_id = $3 AND from_on = $4`, to.ID, m.source, id, since)
		if err != nil {
			return fmt.Errorf("put a line of the tree right: %w", err)
		}
	default:
		if _, err := m.tx.ExecContext(m.ctx, `UPDATE area_parent SET to_on = $1 WHERE area_id = $2 AND to_on = $3`, m.from.Add(-1), id, loa.OpenEnd); err != nil {
			return fmt.Errorf("close a line of the tree: %w", err)
		}
		if err := insertParent(m.ctx, m.tx, loa.AreaParent{Area: id, Parent: to.ID, From: m.from, To: loa.OpenEnd, Source: m.source}); err != nil {
			return err
		}
	}
	a, err := scanArea(m.tx.QueryRowContext(m.ctx, `SELECT `+areaColumns+` FROM area a WHERE a.id = $1`, id))
	if err != nil {
		return fmt.Errorf("read an area: %w", err)
	}
	return repath(m.ctx, m.tx, m.change, a.Path, to.Path+loa.PathStep(id, a.Kind))
}

// repath gives an area and everything below it another beginning of its path.
func repath(ctx context.Context, tx *sql.Tx, change int64, old, path string) error {
	r := loa.Under(old)
	_, err := tx.ExecContext(ctx, `UPDATE area SET path = CAST($1 AS TEXT) || substr(path, $2), change_no = $3 WHERE path >= $4 AND path < $5`, path, len(old)+1, change, r.From, r.To)
	if err != nil {
		return fmt.Errorf("rewrite the paths of an area: %w", err)
	}
	return nil
}

// end closes a merged unit's code and the office's hold on it; a merged village lends its name to the other as one more name.
func (m *areaMoving) end(a, to loa.Area) error {
	last := m.from.Add(-1)
	for _, table := range []string{"area_code", "office_area"} {
		var since loa.Day
		if err := m.tx.QueryRowContext(m.ctx, `SELECT coalesce(max(from_on), '') FROM `+table+` WHERE area_id = $1 AND to_on = $2`, a.ID, loa.OpenEnd).Scan(&since); err != nil {
			return fmt.Errorf("read %s: %w", table, err)
		}
		if since >= m.from {
			return loa.Refuse(loa.Invalid, "from", "area_before_parent", since.Vietnamese())
		}
		if _, err := m.tx.ExecContext(m.ctx, `UPDATE `+table+` SET to_on = $1 WHERE area_id = $2 AND to_on = $3`, last, a.ID, loa.OpenEnd); err != nil {
			return fmt.Errorf("end %s: %w", table, err)
		}
	}
	if _, err := m.tx.ExecContext(m.ctx, `UPDATE area SET kind = $1, change_no = $2 WHERE id = $3`, loa.Former, m.change, a.ID); err != nil {
		return fmt.Errorf("mark a unit as merged: %w", err)
	}
	if a.Kind != loa.Village || a.Folded() == to.Folded() {
		return nil
	}
	_, err := m.tx.ExecContext(m.ctx, `INSERT INTO area_alias (area_id, name, folded) VALUES ($1, $2, $3) ON CONFLICT (area_id, folded) DO NOTHING`, to.ID, a.Name, a.Folded())
	if err != nil {
		return fmt.Errorf("keep the merged village's name: %w", err)
	}
	return nil
}

func areaStates(ctx context.Context, q querier, ids []loa.AreaID) ([]areaState, error) {
	out := make([]areaState, len(ids))
	for i, id := range ids {
		s := areaState{ID: id}
		if err := q.QueryRowContext(ctx, `SELECT kind, path FROM area WHERE id = $1`, id).Scan(&s.Kind, &s.Path); err != nil {
			return nil, fmt.Errorf("read an area: %w", err)
		}
		rows, err := q.QueryContext(ctx, `SELECT area_id, parent_id, from_on, to_on, source FROM area_parent WHERE area_id = $1 ORDER BY from_on`, id)
		s.Parents, err = collect(rows, err, func(r *sql.Rows) (p loa.AreaParent, err error) {
			return p, r.Scan(&p.Area, &p.Parent, &p.From, &p.To, &p.Source)
		})
		if err != nil {
			return nil, fmt.Errorf("read an area's parents: %w", err)
		}
		rows, err = q.QueryContext(ctx, `SELECT area_id, code, from_on, to_on, source FROM area_code WHERE area_id = $1 ORDER BY from_on`, id)
		if s.Codes, err = collect(rows, err, scanCode); err != nil {
			return nil, fmt.Errorf("read an area's codes: %w", err)
		}
		rows, err = q.QueryContext(ctx, `SELECT office_id, area_id, from_on, to_on FROM office_area WHERE area_id = $1 ORDER BY office_id, from_on`, id)
		if s.Owned, err = collect(rows, err, scanOwned); err != nil {
			return nil, fmt.Errorf("read whose an area is: %w", err)
		}
		if s.Aliases, err = aliasesOf(ctx, q, id); err != nil {
			return nil, err
		}
		out[i] = s
	}
	return out, nil
}

func openParent(s areaState) loa.AreaID {
	for _, p := range s.Parents {
		if p.To == loa.OpenEnd {
			return p.Parent
		}
	}
	return ""
}

func (s areaState) equal(o areaState) bool {
	return s.ID == o.ID && s.Kind == o.Kind && s.Path == o.Path && slices.Equal(s.Parents, o.Parents) && slices.Equal(s.Codes, o.Codes) &&
		slices.Equal(s.Owned, o.Owned) && slices.Equal(s.Aliases, o.Aliases)
}

func keepAreaAct(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, act loa.ActID, id loa.AreaID, before, after []areaState) error {
	was, err := json.Marshal(before)
	if err != nil {
		return fmt.Errorf("keep how it was: %w", err)
	}
	is, err := json.Marshal(after)
	if err != nil {
		return fmt.Errorf("keep how it is: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO act (id, office_id, kind, noun, noun_id, done_at, done_by, before, after) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		act, in.Office, areaMove, "area", id, millis(by.At), by.Officer, string(was), string(is))
	if err != nil {
		return fmt.Errorf("keep the act: %w", err)
	}
	return nil
}

// UndoMoveArea takes a move, a new code or a new area back, if the areas still are as it left them; otherwise it says so and changes nothing.
func (db *DB) UndoMoveArea(ctx context.Context, in loa.Scope, by loa.By, act loa.ActID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		var was, is string
		var undone int64
		err := tx.QueryRowContext(ctx, `SELECT before, after, undone_at FROM act WHERE id = $1 AND office_id = $2 AND kind = $3`, act, in.Office, areaMove).Scan(&was, &is, &undone)
		if err != nil {
			return notFound(err)
		}
		if undone > 0 {
			return loa.Refuse(loa.Conflict, "", "already_undone")
		}
		var before, after []areaState
		if err := json.Unmarshal([]byte(was), &before); err != nil {
			return fmt.Errorf("read how it was: %w", err)
		}
		if err := json.Unmarshal([]byte(is), &after); err != nil {
			return fmt.Errorf("read how it was left: %w", err)
		}
		if err := stillSo(ctx, tx, in, after); err != nil {
			return err
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		if err := codesFreed(ctx, tx, before); err != nil {
			return err
		}
		for i := range before {
			if before[i].Gone {
				if err := unmakeArea(ctx, tx, before[i].ID); err != nil {
					return err
				}
				continue
			}
			if err := codesFree(ctx, tx, before[i]); err != nil {
				return err
			}
			if err := putArea(ctx, tx, change, after[i], before[i]); err != nil {
				return err
			}
			if a, b := openCode(after[i]), openCode(before[i]); a != b {
				if err := addVersion(ctx, tx, in.Office, by, change, "area", string(before[i].ID), "code", a, b); err != nil {
					return err
				}
			}
			if a, b := openParent(after[i]), openParent(before[i]); a != b {
				if err := addVersion(ctx, tx, in.Office, by, change, "area", string(before[i].ID), "parent_id", string(a), string(b)); err != nil {
					return err
				}
			}
		}
		if _, err := tx.ExecContext(ctx, `UPDATE act SET undone_at = $1, undone_by = $2 WHERE id = $3`, millis(by.At), by.Officer, act); err != nil {
			return fmt.Errorf("mark the act as taken back: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "undone", "act", string(act), "")
	})
}

// stillSo refuses when an area is not as an act left it, or lies outside the scope by now.
func stillSo(ctx context.Context, tx *sql.Tx, in loa.Scope, after []areaState) error {
	ids := make([]loa.AreaID, len(after))
	for i, s := range after {
		ids[i] = s.ID
	}
	now, err := areaStates(ctx, tx, ids)
	if err != nil {
		return err
	}
	for i := range now {
		if !in.Holds(now[i].Path) {
			return loa.ErrNotFound
		}
		if !now[i].equal(after[i]) {
			return loa.Refuse(loa.Conflict, "", "changed_since")
		}
	}
	return nil
}

// putArea writes an area's lines back to a state.
func putArea(ctx context.Context, tx *sql.Tx, change int64, from, to areaState) error {
	for _, table := range []string{"area_parent", "area_code", "office_area", "area_alias"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE area_id = $1`, to.ID); err != nil {
			return fmt.Errorf("clear %s of an area: %w", table, err)
		}
	}
	for _, p := range to.Parents {
		if err := insertParent(ctx, tx, p); err != nil {
			return err
		}
	}
	for _, c := range to.Codes {
		_, err := tx.ExecContext(ctx, `INSERT INTO area_code (area_id, code, from_on, to_on, source) VALUES ($1, $2, $3, $4, $5)`, c.Area, c.Code, c.From, c.To, c.Source)
		if err != nil {
			return fmt.Errorf("write a code back: %w", err)
		}
	}
	for _, o := range to.Owned {
		_, err := tx.ExecContext(ctx, `INSERT INTO office_area (office_id, area_id, from_on, to_on) VALUES ($1, $2, $3, $4)`, o.Office, o.Area, o.From, o.To)
		if err != nil {
			return fmt.Errorf("write back whose an area is: %w", err)
		}
	}
	for _, name := range to.Aliases {
		_, err := tx.ExecContext(ctx, `INSERT INTO area_alias (area_id, name, folded) VALUES ($1, $2, $3)`, to.ID, name, loa.Area{Name: name}.Folded())
		if err != nil {
			return fmt.Errorf("write another name back: %w", err)
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE area SET kind = $1, change_no = $2 WHERE id = $3`, to.Kind, change, to.ID); err != nil {
		return fmt.Errorf("write an area back: %w", err)
	}
	if from.Path == to.Path {
		return nil
	}
	return repath(ctx, tx, change, from.Path, to.Path)
}
