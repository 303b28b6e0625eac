package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"loa"
)

// Standings are what the facts of an import say about some of its people, read before they are written down.
type Standings struct {
	Last  loa.PersonID // the last person looked at; empty when there is nobody more
	since int64        // the office's change number they are true for
	list  []importStanding
}

// importStanding is the standing of one person.
type importStanding struct {
	person loa.PersonID
	area   loa.AreaID
	spells []loa.Spell
	anew   bool // more than this import says something about them: to be derived from all of it
}

// Len is how many people there are.
func (s *Standings) Len() int { return len(s.list) }

// Cut takes some of the people off the front.
func (s *Standings) Cut(n int) *Standings {
	n = min(n, len(s.list))
	front := &Standings{Last: s.Last, since: s.since, list: s.list[:n]}
	s.list = s.list[n:]
	return front
}

// ReadStandings reads the next people of an import that was shown. They come by village, so that writing them touches few places.
func (db *DB) ReadStandings(ctx context.Context, i loa.Import, after loa.PersonID, take int) (*Standings, error) {
	out := &Standings{}
	err := db.snapshot(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT change_no FROM office WHERE id = $1`, i.Office).Scan(&out.since); err != nil {
			return err
		}
		s, known := &standings{}, []string{}
		rows, err := tx.QueryContext(ctx, `SELECT p.id, p.area_id, p.merged_into, EXISTS (SELECT 1 FROM person_row o WHERE o.id = p.id AND o.batch <> p.batch) FROM person_row p
			WHERE p.batch = $1 AND p.batch <> '' AND p.id > $2 ORDER BY p.id LIMIT $3`, i.ID, after, take)
		err = each(rows, err, func(r *sql.Rows) error {
			var p loa.Person
			var before bool
			if err := r.Scan(&p.ID, &p.Area, &p.MergedInto, &before); err != nil {
				return err
			}
			out.Last = p.ID
			if before || p.MergedInto != "" {
				known = append(known, string(p.ID))
				out.list = append(out.list, importStanding{person: p.ID, area: p.Area})
			} else {
				s.people = append(s.people, p)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := db.paidAmong(ctx, tx, i.ID, known, out.list); err != nil {
			return err
		}
		return db.newStandings(ctx, tx, i, s, out)
	})
	if err != nil {
		return nil, fmt.Errorf("derive the standing of an import's people: %w", err)
	}
	slices.SortStableFunc(out.list, func(a, b importStanding) int { return cmp.Compare(a.area, b.area) })
	return out, nil
}

// paidAmong marks those who were known before and for whom the import brought a cover.
func (db *DB) paidAmong(ctx context.Context, tx *sql.Tx, batch loa.ImportID, ids []string, list []importStanding) error {
	paid := map[loa.PersonID]bool{}
	for part := range slices.Chunk(ids, knownPage) {
		rows, err := tx.QueryContext(ctx, `SELECT person_id FROM contribution_fact WHERE batch = `+db.marks(1, 1)+` AND person_id IN (`+db.marks(2, len(part))+`)`, append([]any{string(batch)}, anys(part)...)...)
		if err := eachID(rows, err, func(id loa.PersonID) { paid[id] = true }); err != nil {
			return err
		}
	}
	for k := range list {
		list[k].anew = paid[list[k].person]
	}
	return nil
}

// newStandings derives the spells of people the import brought. Their IDs were made one after the other, so all that is said about
// them stands together; whoever has more than what the import brought is derived anew.
func (db *DB) newStandings(ctx context.Context, tx *sql.Tx, i loa.Import, s *standings, out *Standings) error {
	if len(s.people) == 0 {
		return nil
	}
	batch, first, last := i.ID, s.people[0].ID, s.people[len(s.people)-1].ID
	place := make(map[loa.PersonID]int, len(s.people))
	for k, p := range s.people {
		place[p.ID] = k
	}
	anew := make([]bool, len(s.people))
	mark := func(id loa.PersonID) {
		if k, ok := place[id]; ok {
			anew[k] = true
		}
	}
	for _, q := range []string{`SELECT person_id FROM leaving_fact WHERE person_id >= $1 AND person_id <= $2`, `SELECT person_id FROM spell WHERE person_id >= $1 AND person_id <= $2`,
		`SELECT merged_into FROM person_row WHERE merged_into <> '' AND merged_into >= $1 AND merged_into <= $2`,
		`SELECT person_id FROM contribution_fact WHERE person_id >= $1 AND person_id <= $2 AND (batch <> $3 OR void OR corrects <> '')`} {
		args := []any{first, last, batch}
		if q[len(q)-1] != ')' {
			args = args[:2]
		}
		rows, err := tx.QueryContext(ctx, q, args...)
		if err := eachID(rows, err, mark); err != nil {
			return err
		}
	}
	rows, err := tx.QueryContext(ctx, `SELECT id, person_id, scheme, payer, method, from_on, until_on, happened_on, collector_id, lead_id FROM contribution_fact WHERE person_id >= $1 AND person_id <= $2 AND batch = $3`, first, last, batch)
	s.paid, err = collect(rows, err, func(r *sql.Rows) (c loa.Contribution, err error) {
		return c, r.Scan(&c.ID, &c.Person, &c.Scheme, &c.Payer, &c.Method, &c.From, &c.Until, &c.HappenedOn, &c.Collector, &c.Lead)
	})
	if err != nil {
		return err
	}
	s.thread()
	spells := make(map[loa.PersonID][]loa.Spell, len(s.people))
	grace, err := db.graceOf(ctx, tx, i.Office)
	if err != nil {
		return err
	}
	s.each(grace, func(p *loa.Person, list []loa.Spell) bool {
		spells[p.ID] = list
		return true
	})
	for k, p := range s.people {
		out.list = append(out.list, importStanding{person: p.ID, area: p.Area, spells: spells[p.ID], anew: anew[k]})
	}
	return nil
}

// SaveStandings writes standings down by one short transaction. When a fact, a person or the law of the office changed since
// they were read, they are derived anew.
func (db *DB) SaveStandings(ctx context.Context, i loa.Import, s *Standings) error {
	err := db.bulk(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, i.Office, 1); err != nil {
			return err
		}
		var stale bool
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM contribution_fact WHERE office_id = $1 AND change_no > $2) OR EXISTS (SELECT 1 FROM leaving_fact WHERE office_id = $1 AND change_no > $2)
			OR EXISTS (SELECT 1 FROM person_row WHERE office_id = $1 AND change_no > $2)
			OR EXISTS (SELECT 1 FROM policy_row WHERE office_id = $1 AND change_no > $2)`, i.Office, s.since).Scan(&stale)
		if err != nil {
			return err
		}
		var anew []loa.PersonID
		var fresh []loa.Spell
		diff := map[loa.Flow]int64{}
		for k := range s.list {
			x := &s.list[k]
			switch {
			case x.anew, stale && len(x.spells) > 0:
				anew = append(anew, x.person)
			case len(x.spells) > 0:
				fresh = append(fresh, x.spells...)
				addFlows(diff, x.spells, 1)
			}
		}
		if err := db.reprojectMany(ctx, tx, anew); err != nil {
			return err
		}
		if len(fresh) > 0 {
			if err := saveSpells(&filler{ctx: ctx, tx: tx, dialect: db.dialect}, i.Office, fresh, diff); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `UPDATE import_run SET rows_done = rows_done + $1 WHERE id = $2`, len(s.list), i.ID)
		return err
	})
	if err != nil {
		return fmt.Errorf("bring the figures up to date: %w", err)
	}
	return nil
}

// eachID hands over the IDs of people a query finds.
func eachID(rows *sql.Rows, err error, do func(loa.PersonID)) error {
	return each(rows, err, func(r *sql.Rows) error {
		var id loa.PersonID
		if err := r.Scan(&id); err != nil {
			return err
		}
		do(id)
		return nil
	})
}
