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
	s := newStandings(b.People)
	taken := make(map[loa.FactID]bool)
	for i := range b.Contributions {
		if id := b.Contributions[i].Corrects; id != "" {
			taken[id] = true
		}
	}
	for i := range b.Leavings {
		if id := b.Leavings[i].Corrects; id != "" {
			taken[id] = true
		}
	}
	for i := range b.Contributions {
		if c := &b.Contributions[i]; !c.Void && !taken[c.ID] {
			s.pay(c)
		}
	}
	for i := range b.Leavings {
		if l := &b.Leavings[i]; !l.Void && !taken[l.ID] {
			s.leave(l)
		}
	}
	if err := s.save(f.ctx, db, f.tx); err != nil {
		return err
	}
	return db.reproject(f.ctx, f.tx, s.others()...)
}

// RebuildStanding derives every spell and flow of an office anew from its facts: the check that what is kept is what the facts
// say, and the way back after a repair.
func (db *DB) RebuildStanding(ctx context.Context, office loa.OfficeID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		for _, table := range []string{"spell", "flow"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE office_id = $1`, office); err != nil {
				return fmt.Errorf("empty %s: %w", table, err)
			}
		}
		rows, err := tx.QueryContext(ctx, `SELECT id, office_id, area_id, merged_into FROM person WHERE office_id = $1 ORDER BY id`, office)
		people, err := collect(rows, err, func(r *sql.Rows) (p loa.Person, err error) {
			return p, r.Scan(&p.ID, &p.Office, &p.Area, &p.MergedInto)
		})
		if err != nil {
			return fmt.Errorf("read people: %w", err)
		}
		s := newStandings(people)
		rows, err = tx.QueryContext(ctx, `SELECT `+contributionColumns+` FROM contribution WHERE office_id = $1`, office)
		paid, err := collect(rows, err, scanContribution)
		if err != nil {
			return fmt.Errorf("read contributions: %w", err)
		}
		for i := range paid {
			s.pay(&paid[i])
		}
		rows, err = tx.QueryContext(ctx, `SELECT id, person_id, scheme, reason, happened_on FROM leaving WHERE office_id = $1`, office)
		left, err := collect(rows, err, func(r *sql.Rows) (l loa.Leaving, err error) {
			return l, r.Scan(&l.ID, &l.Person, &l.Scheme, &l.Reason, &l.HappenedOn)
		})
		if err != nil {
			return fmt.Errorf("read leavings: %w", err)
		}
		for i := range left {
			s.leave(&left[i])
		}
		return s.save(ctx, db, tx)
	})
}

// standings gathers the facts of many people, by the record that holds them: a merged person's facts count for the survivor.
type standings struct {
	people   []loa.Person // in the order they came
	place    map[loa.PersonID]int
	paid     [][]loa.Contribution
	left     [][]loa.Leaving
	strange  map[loa.PersonID]bool // people with facts who are not among those gathered
	survivor map[loa.PersonID]loa.PersonID
}

func newStandings(people []loa.Person) *standings {
	s := &standings{people: people, place: make(map[loa.PersonID]int, len(people)), paid: make([][]loa.Contribution, len(people)),
		left: make([][]loa.Leaving, len(people)), strange: map[loa.PersonID]bool{}, survivor: map[loa.PersonID]loa.PersonID{}}
	for i := range people {
		s.place[people[i].ID] = i
		if people[i].MergedInto != "" {
			s.survivor[people[i].ID] = people[i].MergedInto
		}
	}
	return s
}

func (s *standings) at(id loa.PersonID) (int, bool) {
	if into, merged := s.survivor[id]; merged {
		id = into
	}
	i, ok := s.place[id]
	if !ok {
		s.strange[id] = true
	}
	return i, ok
}

func (s *standings) pay(c *loa.Contribution) {
	if i, ok := s.at(c.Person); ok {
		s.paid[i] = append(s.paid[i], *c)
	}
}

func (s *standings) leave(l *loa.Leaving) {
	if i, ok := s.at(l.Person); ok {
		s.left[i] = append(s.left[i], *l)
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

// officeSpell is a spell with the office it counts in.
type officeSpell struct {
	office loa.OfficeID
	loa.Spell
}

// officeFlow is a flow with the office it counts in.
type officeFlow struct {
	office loa.OfficeID
	loa.Flow
}

func (s *standings) save(ctx context.Context, db *DB, tx *sql.Tx) error {
	var spells []officeSpell
	flows := map[loa.OfficeID]map[loa.Flow]int64{}
	for i := range s.people {
		p := &s.people[i]
		if p.MergedInto != "" || len(s.paid[i]) == 0 {
			continue
		}
		own := loa.Spells(p.ID, p.Area, s.paid[i], s.left[i], db.grace)
		if flows[p.Office] == nil {
			flows[p.Office] = map[loa.Flow]int64{}
		}
		addFlows(flows[p.Office], own, 1)
		for _, x := range own {
			spells = append(spells, officeSpell{p.Office, x})
		}
	}
	f := &filler{ctx: ctx, tx: tx}
	err := insertAll(f, "spell", "office_id, "+spellColumns, "", spells, func(to []any, x *officeSpell) []any {
		return append(to, string(x.office), string(x.Person), string(x.Scheme), x.No, string(x.Area), string(x.Starts), string(x.StartKind), string(x.CoveredUntil),
			string(x.Payer), string(x.Method), string(x.Ends), string(x.EndKind), x.Reason, string(x.Lead), string(x.Collector))
	})
	if err != nil {
		return err
	}
	return insertAll(f, "flow", "office_id, area_id, scheme, on_day, kind, n", " ON CONFLICT (office_id, scheme, on_day, area_id, kind) DO UPDATE SET n = flow.n + excluded.n",
		sortedFlows(flows), func(to []any, x *officeFlow) []any {
			return append(to, string(x.office), string(x.Area), string(x.Scheme), string(x.On), x.Kind, x.N)
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
