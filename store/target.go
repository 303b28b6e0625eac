package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// notUndone keeps a query from seeing rows of an import that is not visible yet or was taken back.
const notUndone = `(import_id = '' OR import_id NOT IN (SELECT id FROM hidden_batch)
	AND import_id NOT IN (SELECT id FROM import_run WHERE state IN ('undoing', 'undone', 'discarded', 'failed')))`

const targetColumns = `t.id, t.office_id, t.area_id, t.employer_id, t.officer_id, t.scheme, t.measure, t.year, t.month, t.value, t.revision, t.in_force_on, t.document,
	t.withdrawn, t.import_id, t.recorded_at, t.recorded_by`

func scanTarget(r *sql.Rows) (t loa.Target, err error) {
	var recorded int64
	err = r.Scan(&t.ID, &t.Office, &t.Area, &t.Employer, &t.Officer, &t.Scheme, &t.Measure, &t.Year, &t.Month, &t.Value, &t.Revision, &t.InForce, &t.Document,
		&t.Withdrawn, &t.Import, &recorded, &t.RecordedBy)
	t.RecordedAt = instant(recorded)
	return t, err
}

// Targets are all revisions of the plans of the years from first to last, oldest first, inside the scope.
func (db *DB) Targets(ctx context.Context, in loa.Scope, first, last int) ([]loa.Target, error) {
	list, err := targetsOf(ctx, db.read, in, first, last)
	if err != nil {
		return nil, fmt.Errorf("read the plan: %w", err)
	}
	return list, nil
}

func targetsOf(ctx context.Context, q querier, in loa.Scope, first, last int) ([]loa.Target, error) {
	where, args := inScope(in, "a.path", 4)
	rows, err := q.QueryContext(ctx, `SELECT `+targetColumns+` FROM (SELECT * FROM target WHERE office_id = $1 AND year >= $2 AND year <= $3 AND `+notUndone+`) t
		JOIN area a ON a.id = t.area_id WHERE `+where+` ORDER BY t.in_force_on, t.revision, t.id`, append([]any{in.Office, first, last}, args...)...)
	return collect(rows, err, scanTarget)
}

// SaveTargets writes the lines of a plan that say something else than the revision in force on their day; each becomes a new
// revision, and old ones stay. It tells how many lines were new, changed, or said already: the same plan twice changes nothing.
func (db *DB) SaveTargets(ctx context.Context, in loa.Scope, by loa.By, list []loa.Target) (added, changed, same int, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		if err := checkTargets(ctx, tx, in, list); err != nil {
			return err
		}
		known, err := knownTargets(ctx, tx, in, list)
		if err != nil {
			return err
		}
		for _, t := range list {
			held, isKnown := known.on(t.Line(), t.InForce)
			if isKnown && held.Value == t.Value && held.Withdrawn == t.Withdrawn || !isKnown && t.Withdrawn {
				same++
				continue
			}
			if isKnown {
				changed++
			} else {
				added++
			}
			t.ID, t.Office, t.Revision = loa.NewID(), in.Office, known.last(t.Line())+1
			t.RecordedAt, t.RecordedBy = by.At, by.Officer
			if err := insertTarget(ctx, tx, t); err != nil {
				return err
			}
			known.add(t)
		}
		if added+changed == 0 {
			return nil
		}
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "assigned", "target", list[0].Document, fmt.Sprintf("new=%d changed=%d", added, changed))
	})
	if err != nil {
		return 0, 0, 0, err
	}
	return added, changed, same, nil
}

// TargetsKnown says of each line whether it would be "new", "changed" or "same": the preview of an import.
func (db *DB) TargetsKnown(ctx context.Context, in loa.Scope, list []loa.Target) ([]string, error) {
	known, err := knownTargets(ctx, db.read, in, list)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(list))
	for i, t := range list {
		held, isKnown := known.on(t.Line(), t.InForce)
		switch {
		case isKnown && held.Value == t.Value && held.Withdrawn == t.Withdrawn || !isKnown && t.Withdrawn:
			out[i] = "same"
		case isKnown:
			out[i] = "changed"
		default:
			out[i] = "new"
		}
		known.add(t)
	}
	return out, nil
}

func insertTarget(ctx context.Context, tx *sql.Tx, t loa.Target) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO target (id, office_id, area_id, employer_id, officer_id, scheme, measure, year, month, value, revision, in_force_on, document,
		withdrawn, import_id, recorded_at, recorded_by) VALUES (`+placeholders(1, 17)+`)`,
		t.ID, t.Office, t.Area, t.Employer, t.Officer, t.Scheme, t.Measure, t.Year, t.Month, t.Value, t.Revision, t.InForce, t.Document, t.Withdrawn, t.Import, millis(t.RecordedAt), t.RecordedBy)
	if err != nil {
		return fmt.Errorf("save a line of the plan: %w", err)
	}
	return nil
}

// checkTargets refuses lines that cannot be, lines outside the scope, and lines about villages: plans are assigned to the
// office, to communes, to employers and to officers.
func checkTargets(ctx context.Context, q querier, in loa.Scope, list []loa.Target) error {
	seen := map[loa.AreaID]bool{}
	for _, t := range list {
		if err := t.Check(); err != nil {
			return err
		}
		if t.Employer != "" && t.Officer != "" {
			return loa.Refuse(loa.Invalid, "officer", "target_two_owners")
		}
		if !seen[t.Area] {
			if err := measuredArea(ctx, q, in, t.Area); err != nil {
				return err
			}
			seen[t.Area] = true
		}
		for _, owner := range []struct{ table, id string }{{"employer", string(t.Employer)}, {"officer", string(t.Officer)}} {
			if owner.id == "" || seen[loa.AreaID(owner.id)] {
				continue
			}
			var n int
			if err := q.QueryRowContext(ctx, `SELECT count(*) FROM `+owner.table+` WHERE id = $1 AND office_id = $2`, owner.id, in.Office).Scan(&n); err != nil {
				return fmt.Errorf("look for the %s of a plan: %w", owner.table, err)
			}
			if n == 0 {
				return loa.ErrNotFound
			}
			seen[loa.AreaID(owner.id)] = true
		}
	}
	return nil
}

// measuredArea refuses what is outside the scope, and what is neither a commune nor the office's own node.
func measuredArea(ctx context.Context, q querier, in loa.Scope, id loa.AreaID) error {
	var kind loa.AreaKind
	var office loa.OfficeID
	var path string
	if err := q.QueryRowContext(ctx, `SELECT kind, office_id, path FROM area WHERE id = $1`, id).Scan(&kind, &office, &path); err != nil {
		return notFound(err)
	}
	if office != in.Office || !in.Holds(path) {
		return loa.ErrNotFound
	}
	if kind != loa.Commune && kind != loa.OfficeNode {
		return loa.Refuse(loa.Invalid, "area", "commune_needed")
	}
	return nil
}

// planBook keeps the revisions of each line in the order they came into force.
type planBook map[loa.TargetLine][]loa.Target

func knownTargets(ctx context.Context, q querier, in loa.Scope, list []loa.Target) (planBook, error) {
	out := planBook{}
	if len(list) == 0 {
		return out, nil
	}
	first, last := list[0].Year, list[0].Year
	for _, t := range list {
		first, last = min(first, t.Year), max(last, t.Year)
	}
	all, err := targetsOf(ctx, q, in, first, last)
	if err != nil {
		return nil, fmt.Errorf("read the plan: %w", err)
	}
	for _, t := range all {
		out[t.Line()] = append(out[t.Line()], t)
	}
	return out, nil
}

func (b planBook) on(line loa.TargetLine, day loa.Day) (held loa.Target, ok bool) {
	for _, t := range b[line] {
		if t.InForce <= day && (!ok || t.InForce > held.InForce || t.InForce == held.InForce && t.Revision > held.Revision) {
			held, ok = t, true
		}
	}
	return held, ok
}

func (b planBook) last(line loa.TargetLine) (n int) {
	for _, t := range b[line] {
		n = max(n, t.Revision)
	}
	return n
}

func (b planBook) add(t loa.Target) {
	t.Revision = max(t.Revision, b.last(t.Line())+1)
	b[t.Line()] = append(b[t.Line()], t)
}

// TargetOwners are the employers of the compulsory plan and the officers a plan may be assigned to, as far as the scope reaches.
func (db *DB) TargetOwners(ctx context.Context, in loa.Scope) ([]loa.Employer, []loa.Officer, error) {
	where, args := inScope(in, "a.path", 2)
	rows, err := db.read.QueryContext(ctx, `SELECT e.id, e.area_id, e.code, e.name, e.employees, e.employees_on FROM employer e JOIN area a ON a.id = e.area_id
		WHERE e.office_id = $1 AND e.retired_at = 0 AND `+where+` ORDER BY e.folded, e.id`, append([]any{in.Office}, args...)...)
	employers, err := collect(rows, err, func(r *sql.Rows) (e loa.Employer, err error) {
		return e, r.Scan(&e.ID, &e.Area, &e.Code, &e.Name, &e.Employees, &e.EmployeesOn)
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read the employers: %w", err)
	}
	officers, err := db.Officers(ctx, in)
	return employers, officers, err
}
