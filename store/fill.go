package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"loa"
	"loa/vn"
)

// Fill writes a whole office, or a large part of one, in one transaction: what the demo and the tests start from. It takes the
// rows as they are, without asking who may: nothing from outside may reach it. Everything derived (area paths, change numbers,
// the words of names, spells and flows) is made in memory and equals what the one-by-one writers make.
func (db *DB) Fill(ctx context.Context, b loa.Bulk) error {
	fast, settle, err := db.quickly(ctx)
	if err != nil {
		return err
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		f := &filler{ctx: ctx, tx: tx, dialect: db.dialect, before: map[loa.OfficeID]int64{}, changes: map[loa.OfficeID]int64{}}
		if fast {
			if err := f.withoutIndexes(); err != nil {
				return err
			}
		}
		return db.fill(f, &b)
	})
	return errors.Join(err, settle())
}

func (db *DB) fill(f *filler, b *loa.Bulk) error {
	if err := f.areaPaths(b); err != nil {
		return err
	}
	people, sessions := len(b.People), len(b.Sessions)
	for _, step := range []func(*loa.Bulk) error{f.offices, f.territory, f.officers, f.outreach, f.sessionFacts, f.enrolment, f.measure, f.people, f.names, f.moneyFacts, f.stories, f.leaflets, f.askers, f.queue, f.sending, f.stations} {
		if err := step(b); err != nil {
			return err
		}
	}
	if err := db.fillStanding(f, b); err != nil {
		return err
	}
	return f.finish(b.By, people, sessions)
}

// filler carries one filling: its transaction and the change numbers given out so far.
type filler struct {
	ctx context.Context
	tx  *sql.Tx
	dialect
	before  map[loa.OfficeID]int64 // each office's counter when the filling began
	changes map[loa.OfficeID]int64 // the last number given to a row of the office
	off     []index                // taken off while their tables are filled
	err     error                  // the first row of an office that is not there
	kept    *keptStatements        // statements that stay prepared from one transaction to the next, if there are many
}

// change is the next change number of an office.
func (f *filler) change(office loa.OfficeID) int64 {
	if office == "" {
		return 0
	}
	last, known := f.changes[office]
	if !known && f.err == nil {
		f.err = fmt.Errorf("fill office %s: %w", office, loa.ErrNotFound)
	}
	f.changes[office] = last + 1
	return last + 1
}

// finish writes the counters back and says in each office's log that it was filled.
func (f *filler) finish(b loa.By, people, sessions int) error {
	offices := make([]loa.OfficeID, 0, len(f.changes))
	for id, n := range f.changes {
		if n > f.before[id] {
			offices = append(offices, id)
		}
	}
	slices.Sort(offices)
	for _, id := range offices {
		if _, err := f.tx.ExecContext(f.ctx, `UPDATE office SET change_no = $1 WHERE id = $2`, f.changes[id], id); err != nil {
			return fmt.Errorf("keep the change number: %w", err)
		}
		if err := addAudit(f.ctx, f.tx, id, b, "filled", "office", string(id), fmt.Sprintf("people=%d sessions=%d", people, sessions)); err != nil {
			return err
		}
	}
	return f.err
}

// areaPaths lets the new areas hang under those the database has already.
func (f *filler) areaPaths(b *loa.Bulk) error {
	known := map[loa.AreaID]string{}
	here := make(map[loa.AreaID]bool, len(b.Areas))
	for _, a := range b.Areas {
		here[a.ID] = true
	}
	for _, p := range b.Parents {
		if here[p.Parent] || known[p.Parent] != "" {
			continue
		}
		var path string
		if err := f.tx.QueryRowContext(f.ctx, `SELECT path FROM area WHERE id = $1`, p.Parent).Scan(&path); err != nil {
			return fmt.Errorf("find the parent of area %s: %w", p.Area, notFound(err))
		}
		known[p.Parent] = path
	}
	b.Paths(known)
	return nil
}

// offices makes the new offices and locks every office's counter until the end.
func (f *filler) offices(b *loa.Bulk) error {
	for _, o := range b.Offices {
		if err := insertOffice(f.ctx, f.tx, o); err != nil {
			return err
		}
	}
	type counter struct {
		office loa.OfficeID
		n      int64
	}
	rows, err := f.tx.QueryContext(f.ctx, `UPDATE office SET change_no = change_no RETURNING id, change_no`)
	list, err := collect(rows, err, func(r *sql.Rows) (c counter, err error) { return c, r.Scan(&c.office, &c.n) })
	if err != nil {
		return fmt.Errorf("take the change numbers: %w", err)
	}
	for _, c := range list {
		f.before[c.office], f.changes[c.office] = c.n, c.n
	}
	return nil
}

// names enters the folded names and their words into the dictionary that search looks into first.
func (f *filler) names(b *loa.Bulk) error {
	seen := make(map[string]bool, len(b.People)/4+1)
	var folded []string
	for i := range b.People {
		if n := vn.Fold(b.People[i].Name); !seen[n] {
			seen[n] = true
			folded = append(folded, n)
		}
	}
	slices.Sort(folded)
	type entry struct{ word, folded string }
	var words []entry
	for _, n := range folded {
		list := vn.Words(n)
		slices.Sort(list)
		for _, w := range slices.Compact(list) {
			words = append(words, entry{w, n})
		}
	}
	slices.SortFunc(words, func(a, b entry) int {
		if c := strings.Compare(a.word, b.word); c != 0 {
			return c
		}
		return strings.Compare(a.folded, b.folded)
	})
	err := insertAll(f, "name", "folded", " ON CONFLICT DO NOTHING", folded, func(to []any, n *string) []any { return append(to, *n) })
	if err != nil {
		return err
	}
	return insertAll(f, "name_word", "word, folded", " ON CONFLICT DO NOTHING", words, func(to []any, w *entry) []any { return append(to, w.word, w.folded) })
}
