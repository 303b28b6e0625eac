package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"

	"loa"
)

// reprojectMany derives the spells of some hundred people anew, with few questions for all of them together.
func (db *DB) reprojectMany(ctx context.Context, tx *sql.Tx, ids []loa.PersonID) error {
	if len(ids) == 0 {
		return nil
	}
	list, args := `(`+db.marks(1, len(ids))+`)`, anys(ids)
	s := &standings{}
	rows, err := tx.QueryContext(ctx, `SELECT id, office_id, area_id, merged_into FROM person WHERE id IN `+list+`
		UNION SELECT id, office_id, area_id, merged_into FROM person WHERE merged_into <> '' AND merged_into IN (`+db.marks(len(ids)+1, len(ids))+`)`, append(args, args...)...)
	s.people, err = collect(rows, err, func(r *sql.Rows) (p loa.Person, err error) {
		return p, r.Scan(&p.ID, &p.Office, &p.Area, &p.MergedInto)
	})
	if err != nil {
		return fmt.Errorf("read people: %w", err)
	}
	old, office, err := db.spellsOfMany(ctx, tx, list, args)
	if err != nil {
		return err
	}
	if len(s.people) > 0 {
		all := make([]loa.PersonID, len(s.people))
		for i, p := range s.people {
			all[i] = p.ID
			office = p.Office
		}
		list := `(` + db.marks(1, len(all)) + `)`
		rows, err = tx.QueryContext(ctx, `SELECT `+contributionColumns+` FROM contribution WHERE person_id IN `+list+` ORDER BY happened_on DESC, id DESC`, anys(all)...)
		if s.paid, err = collect(rows, err, scanContribution); err != nil {
			return fmt.Errorf("read contributions: %w", err)
		}
		rows, err = tx.QueryContext(ctx, `SELECT id, person_id, scheme, reason, happened_on FROM leaving WHERE person_id IN `+list+` ORDER BY happened_on DESC, id DESC`, anys(all)...)
		s.left, err = collect(rows, err, func(r *sql.Rows) (l loa.Leaving, err error) {
			return l, r.Scan(&l.ID, &l.Person, &l.Scheme, &l.Reason, &l.HappenedOn)
		})
		if err != nil {
			return fmt.Errorf("read leavings: %w", err)
		}
	}
	s.thread()
	var fresh []loa.Spell
	diff := map[loa.Flow]int64{}
	grace, err := db.graceOf(ctx, tx, office)
	if err != nil {
		return err
	}
	s.each(grace, func(p *loa.Person, spells []loa.Spell) bool {
		if sameSpells(old[p.ID], spells) {
			delete(old, p.ID)
			return true
		}
		fresh = append(fresh, spells...)
		addFlows(diff, spells, 1)
		return true
	})
	var stale []string
	for id, spells := range old {
		stale = append(stale, string(id))
		addFlows(diff, spells, -1)
	}
	if len(stale)+len(fresh) == 0 {
		return nil
	}
	if len(stale) > 0 {
		if _, err := tx.ExecContext(ctx, `DELETE FROM spell WHERE person_id IN (`+db.marks(1, len(stale))+`)`, anys(stale)...); err != nil {
			return fmt.Errorf("take old spells away: %w", err)
		}
	}
	return saveSpells(&filler{ctx: ctx, tx: tx, dialect: db.dialect}, office, fresh, diff)
}

// saveSpells keeps derived spells, and carries the difference into the flow totals.
func saveSpells(f *filler, office loa.OfficeID, fresh []loa.Spell, diff map[loa.Flow]int64) error {
	err := insertAll(f, "spell", "office_id, "+spellColumns, "", fresh, func(to []any, x *loa.Spell) []any {
		return append(to, string(office), string(x.Person), string(x.Scheme), x.No, string(x.Area), string(x.Starts), string(x.StartKind), string(x.CoveredUntil),
			string(x.Payer), string(x.Method), string(x.Ends), string(x.EndKind), x.Reason, string(x.Lead), string(x.Collector))
	})
	if err != nil {
		return err
	}
	change, err := nextChange(f.ctx, f.tx, office, 1)
	if err != nil {
		return err
	}
	maps.DeleteFunc(diff, func(_ loa.Flow, n int64) bool { return n == 0 })
	return insertAll(f, "flow", "office_id, area_id, scheme, on_day, kind, n, change_no", " ON CONFLICT (office_id, scheme, on_day, area_id, kind) DO UPDATE SET n = flow.n + excluded.n, change_no = excluded.change_no",
		sortedFlows(map[loa.OfficeID]map[loa.Flow]int64{office: diff}), func(to []any, x *officeFlow) []any {
			return append(to, string(x.office), string(x.Area), string(x.Scheme), string(x.On), x.Kind, x.N, change)
		})
}

// spellsOfMany are the spells kept for some people, and the office they count in.
func (db *DB) spellsOfMany(ctx context.Context, tx *sql.Tx, list string, args []any) (map[loa.PersonID][]loa.Spell, loa.OfficeID, error) {
	out, office := map[loa.PersonID][]loa.Spell{}, loa.OfficeID("")
	rows, err := tx.QueryContext(ctx, `SELECT `+spellColumns+`, office_id FROM spell WHERE person_id IN `+list, args...)
	err = each(rows, err, func(r *sql.Rows) error {
		var s loa.Spell
		if err := r.Scan(&s.Person, &s.Scheme, &s.No, &s.Area, &s.Starts, &s.StartKind, &s.CoveredUntil, &s.Payer, &s.Method, &s.Ends, &s.EndKind, &s.Reason, &s.Lead, &s.Collector, &office); err != nil {
			return err
		}
		out[s.Person] = append(out[s.Person], s)
		return nil
	})
	if err != nil {
		return nil, "", fmt.Errorf("read the spells: %w", err)
	}
	return out, office, nil
}
