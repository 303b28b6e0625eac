package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// reproject derives the spells of people anew from the facts that hold, and carries the difference into the flow totals.
// Every write of a contribution, leaving, merge or move of a person ends here, in the same transaction.
func (db *DB) reproject(ctx context.Context, tx *sql.Tx, people ...loa.PersonID) error {
	for _, id := range people {
		if err := db.reprojectOne(ctx, tx, id); err != nil {
			return fmt.Errorf("derive the standing of %s: %w", id, err)
		}
	}
	return nil
}

func (db *DB) reprojectOne(ctx context.Context, tx *sql.Tx, id loa.PersonID) error {
	office, now, err := db.deriveSpells(ctx, tx, id)
	if err != nil {
		return err
	}
	old, err := spellsOf(ctx, tx, id)
	if err != nil {
		return err
	}
	if sameSpells(old, now) {
		return nil
	}
	if office == "" && len(old) > 0 {
		if err := tx.QueryRowContext(ctx, `SELECT office_id FROM spell WHERE person_id = $1 LIMIT 1`, id).Scan(&office); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM spell WHERE person_id = $1`, id); err != nil {
		return err
	}
	if err := insertSpells(ctx, tx, office, now); err != nil {
		return err
	}
	diff := map[loa.Flow]int64{}
	addFlows(diff, old, -1)
	addFlows(diff, now, 1)
	return saveFlows(ctx, tx, office, diff)
}

// deriveSpells reads the facts of a person, and of the records merged into it, and derives the spells. A person who is
// merged away or not visible has none.
func (db *DB) deriveSpells(ctx context.Context, tx *sql.Tx, id loa.PersonID) (loa.OfficeID, []loa.Spell, error) {
	var office loa.OfficeID
	var area loa.AreaID
	var merged loa.PersonID
	err := tx.QueryRowContext(ctx, `SELECT office_id, area_id, merged_into FROM person WHERE id = $1`, id).Scan(&office, &area, &merged)
	if err == sql.ErrNoRows || err == nil && merged != "" {
		return office, nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	contributions, err := contributionsOf(ctx, tx, id)
	if err != nil {
		return "", nil, err
	}
	leavings, err := leavingsOf(ctx, tx, id)
	if err != nil {
		return "", nil, err
	}
	grace, err := db.graceOf(ctx, tx, office)
	if err != nil {
		return "", nil, err
	}
	return office, loa.Spells(id, area, contributions, leavings, grace), nil
}

func spellsOf(ctx context.Context, q querier, id loa.PersonID) ([]loa.Spell, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+spellColumns+` FROM spell WHERE person_id = $1 ORDER BY scheme, no`, id)
	return collect(rows, err, scanSpell)
}

const spellColumns = `person_id, scheme, no, area_id, starts_on, start_kind, covered_until, payer, method, ends_on, end_kind, reason, lead_id, collector_id`

func scanSpell(r *sql.Rows) (s loa.Spell, err error) {
	err = r.Scan(&s.Person, &s.Scheme, &s.No, &s.Area, &s.Starts, &s.StartKind, &s.CoveredUntil, &s.Payer, &s.Method, &s.Ends, &s.EndKind, &s.Reason, &s.Lead, &s.Collector)
	return s, err
}

func insertSpells(ctx context.Context, tx *sql.Tx, office loa.OfficeID, spells []loa.Spell) error {
	for _, s := range spells {
		_, err := tx.ExecContext(ctx, `INSERT INTO spell (office_id, `+spellColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
			office, s.Person, s.Scheme, s.No, s.Area, s.Starts, s.StartKind, s.CoveredUntil, s.Payer, s.Method, s.Ends, s.EndKind, s.Reason, s.Lead, s.Collector)
		if err != nil {
			return err
		}
	}
	return nil
}

func sameSpells(a, b []loa.Spell) bool {
	if len(a) != len(b) {
		return false
	}
	seen := make(map[loa.Spell]bool, len(a))
	for _, s := range a {
		seen[s] = true
	}
	for _, s := range b {
		if !seen[s] {
			return false
		}
	}
	return true
}

// addFlows adds each spell's start and end to totals keyed by a Flow whose N is 0.
func addFlows(into map[loa.Flow]int64, spells []loa.Spell, sign int64) {
	for _, s := range spells {
		into[loa.Flow{Area: s.Area, Scheme: s.Scheme, On: s.Starts, Kind: string(s.StartKind)}] += sign
		if s.EndKind != "" {
			into[loa.Flow{Area: s.Area, Scheme: s.Scheme, On: s.Ends, Kind: string(s.EndKind)}] += sign
		}
	}
}

func saveFlows(ctx context.Context, tx *sql.Tx, office loa.OfficeID, diff map[loa.Flow]int64) error {
	change, err := nextChange(ctx, tx, office, 1)
	if err != nil {
		return err
	}
	for f, n := range diff {
		if n == 0 {
			continue
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO flow (office_id, area_id, scheme, on_day, kind, n, change_no) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (office_id, scheme, on_day, area_id, kind) DO UPDATE SET n = flow.n + excluded.n, change_no = excluded.change_no`,
			office, f.Area, f.Scheme, f.On, f.Kind, n, change)
		if err != nil {
			return fmt.Errorf("carry the flow: %w", err)
		}
	}
	return nil
}
