package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"loa"
)

// fillStanding derives the spells and flows of everybody in the Bulk in memory; people who were there before and only got
// new facts are derived anew from the database.
func (db *DB) fillStanding(f *filler, b *loa.Bulk) error {
	s := &standings{people: b.People, paid: b.Contributions, left: b.Leavings}
	s.thread()
	if err := s.save(f.ctx, db, f.tx); err != nil {
		return err
	}
	if err := f.indexed("spell"); err != nil {
		return err
	}
	return db.reproject(f.ctx, f.tx, s.others()...)
}

// RebuildStanding derives every spell and flow of an office anew from its facts: the check that what is kept is what the facts
// say, and the way back after a repair.
func (db *DB) RebuildStanding(ctx context.Context, office loa.OfficeID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, office, 1)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM spell WHERE office_id = $1`, office); err != nil {
			return fmt.Errorf("empty the spells: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE flow SET n = 0, change_no = $2 WHERE office_id = $1`, office, change); err != nil { // who adds up in memory learns of it by the number
			return fmt.Errorf("empty the flow: %w", err)
		}
		s := &standings{}
		rows, err := tx.QueryContext(ctx, `SELECT id, office_id, area_id, merged_into FROM person WHERE office_id = $1 ORDER BY id`, office)
		s.people, err = collect(rows, err, func(r *sql.Rows) (p loa.Person, err error) {
			return p, r.Scan(&p.ID, &p.Office, &p.Area, &p.MergedInto)
		})
		if err != nil {
			return fmt.Errorf("read people: %w", err)
		}
		rows, err = tx.QueryContext(ctx, `SELECT `+contributionColumns+` FROM contribution WHERE office_id = $1`, office)
		if s.paid, err = collect(rows, err, scanContribution); err != nil {
			return fmt.Errorf("read contributions: %w", err)
		}
		rows, err = tx.QueryContext(ctx, `SELECT id, person_id, scheme, reason, happened_on FROM leaving WHERE office_id = $1`, office)
		s.left, err = collect(rows, err, func(r *sql.Rows) (l loa.Leaving, err error) {
			return l, r.Scan(&l.ID, &l.Person, &l.Scheme, &l.Reason, &l.HappenedOn)
		})
		if err != nil {
			return fmt.Errorf("read leavings: %w", err)
		}
		s.thread()
		return s.save(ctx, db, tx)
	})
}

// standings threads the facts of many people by the record that holds them: a merged person's facts count for the survivor.
type standings struct {
	people []loa.Person
	paid   []loa.Contribution
	left   []loa.Leaving

	lastPaid, beforePaid []int32 // per person the last contribution plus one; per contribution the one before it plus one
	lastLeft, beforeLeft []int32
	strange              map[loa.PersonID]bool // people with facts who are not among those gathered
}

func (s *standings) thread() {
	place := make(map[loa.PersonID]int32, len(s.people))
	survivor := map[loa.PersonID]loa.PersonID{}
	for i := range s.people {
		place[s.people[i].ID] = int32(i)
		if into := s.people[i].MergedInto; into != "" {
			survivor[s.people[i].ID] = into
		}
	}
	corrected := map[loa.FactID]bool{}
	for i := range s.paid {
		if id := s.paid[i].Corrects; id != "" {
			corrected[id] = true
		}
	}
	for i := range s.left {
		if id := s.left[i].Corrects; id != "" {
			corrected[id] = true
		}
	}
	s.strange = map[loa.PersonID]bool{}
	put := func(id loa.PersonID, fact *loa.Fact, i int, last, before []int32) {
		if fact.Void || corrected[fact.ID] {
			return
		}
		if into, merged := survivor[id]; merged {
			id = into
		}
		p, ok := place[id]
		if !ok {
			s.strange[id] = true
			return
		}
		before[i], last[p] = last[p], int32(i+1)
	}
	s.lastPaid, s.beforePaid = make([]int32, len(s.people)), make([]int32, len(s.paid))
	s.lastLeft, s.beforeLeft = make([]int32, len(s.people)), make([]int32, len(s.left))
	for i := range s.paid {
		put(s.paid[i].Person, &s.paid[i].Fact, i, s.lastPaid, s.beforePaid)
	}
	for i := range s.left {
		put(s.left[i].Person, &s.left[i].Fact, i, s.lastLeft, s.beforeLeft)
	}
}

// others are the people whose facts came without them, in order.
func (s *standings) others() []loa.PersonID {
	var out []loa.PersonID
	for id := range s.strange {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// each derives the spells person by person.
func (s *standings) each(grace loa.Grace, do func(p *loa.Person, spells []loa.Spell) bool) {
	var paid []loa.Contribution
	var left []loa.Leaving
	for i := range s.people {
		p := &s.people[i]
		if p.MergedInto != "" || s.lastPaid[i] == 0 {
			continue
		}
		paid, left = paid[:0], left[:0]
		for k := s.lastPaid[i]; k > 0; k = s.beforePaid[k-1] {
			paid = append(paid, s.paid[k-1])
		}
		for k := s.lastLeft[i]; k > 0; k = s.beforeLeft[k-1] {
			left = append(left, s.left[k-1])
		}
		if !do(p, loa.Spells(p.ID, p.Area, paid, left, grace)) {
			return
		}
	}
}

// officeSpell is a spell with the office it counts in.
type officeSpell struct {
	office loa.OfficeID
	*loa.Spell
}

// officeFlow is a flow with the office it counts in.
type officeFlow struct {
	office loa.OfficeID
	loa.Flow
}

func (s *standings) save(ctx context.Context, db *DB, tx *sql.Tx) error {
	flows := map[loa.OfficeID]map[loa.Flow]int64{}
	f := &filler{ctx: ctx, tx: tx, dialect: db.dialect}
	err := insertEach(f, "spell", "office_id, "+spellColumns, "", func(yield func(*officeSpell) bool) {
		s.each(db.grace, func(p *loa.Person, spells []loa.Spell) bool {
			if flows[p.Office] == nil {
				flows[p.Office] = map[loa.Flow]int64{}
			}
			addFlows(flows[p.Office], spells, 1)
			for i := range spells {
				if !yield(&officeSpell{p.Office, &spells[i]}) {
					return false
				}
			}
			return true
		})
	}, func(to []any, x *officeSpell) []any {
		return append(to, string(x.office), string(x.Person), string(x.Scheme), x.No, string(x.Area), string(x.Starts), string(x.StartKind), string(x.CoveredUntil),
			string(x.Payer), string(x.Method), string(x.Ends), string(x.EndKind), x.Reason, string(x.Lead), string(x.Collector))
	})
	if err != nil {
		return err
	}
	changes := map[loa.OfficeID]int64{}
	for office := range flows {
		last, err := nextChange(ctx, tx, office, 0) // the row is locked: the number after it is after all that anybody has seen
		if err != nil {
			return err
		}
		changes[office] = last
	}
	return insertAll(f, "flow", "office_id, area_id, scheme, on_day, kind, n, change_no",
		" ON CONFLICT (office_id, scheme, on_day, area_id, kind) DO UPDATE SET n = flow.n + excluded.n, change_no = excluded.change_no",
		sortedFlows(flows), func(to []any, x *officeFlow) []any {
			return append(to, string(x.office), string(x.Area), string(x.Scheme), string(x.On), x.Kind, x.N, changes[x.office])
		})
}

// sortedFlows lists totals in the order of their table.
func sortedFlows(flows map[loa.OfficeID]map[loa.Flow]int64) []officeFlow {
	var out []officeFlow
	for office, of := range flows {
		for flow, n := range of {
			flow.N = n
			out = append(out, officeFlow{office, flow})
		}
	}
	slices.SortFunc(out, func(a, b officeFlow) int {
		return cmp.Or(cmp.Compare(a.office, b.office), cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.On, b.On), cmp.Compare(a.Area, b.Area), cmp.Compare(a.Kind, b.Kind))
	})
	return out
}
