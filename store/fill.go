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

// Fill writes a whole office, or a large part of one, in one transaction: what the demo and the tests start from. It takes the
// rows as they are, without asking who may: nothing from outside may reach it. Everything derived (area paths, change numbers,
// the words of names, spells and flows) is made in memory and equals what the one-by-one writers make.
func (db *DB) Fill(ctx context.Context, b loa.Bulk) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		f := &filler{ctx: ctx, tx: tx, changes: map[loa.OfficeID]int64{}}
		if err := f.areaPaths(&b); err != nil {
			return err
		}
		for _, step := range []func(*loa.Bulk) error{f.offices, f.territory, f.officers, f.people, f.names, f.moneyFacts, f.outreach, f.sessionFacts, f.enrolment, f.measure} {
			if err := step(&b); err != nil {
				return err
			}
		}
		if err := db.fillStanding(f, &b); err != nil {
			return err
		}
		return f.finish(&b)
	})
}

// filler carries one filling: its transaction and the change numbers given out so far.
type filler struct {
	ctx     context.Context
	tx      *sql.Tx
	changes map[loa.OfficeID]int64 // the last number given to a row of the office
	err     error                  // the first failure to take a change number
}

// change is the next change number of an office.
func (f *filler) change(office loa.OfficeID) int64 {
	if office == "" || f.err != nil {
		return 0
	}
	if _, known := f.changes[office]; !known {
		first, err := nextChange(f.ctx, f.tx, office, 0)
		if err != nil {
			f.err = err
			return 0
		}
		f.changes[office] = first - 1
	}
	f.changes[office]++
	return f.changes[office]
}

// finish writes the counters back and says in each office's log that it was filled.
func (f *filler) finish(b *loa.Bulk) error {
	offices := make([]loa.OfficeID, 0, len(f.changes))
	for id := range f.changes {
		offices = append(offices, id)
	}
	slices.Sort(offices)
	for _, id := range offices {
		if _, err := f.tx.ExecContext(f.ctx, `UPDATE office SET change_no = $1 WHERE id = $2`, f.changes[id], id); err != nil {
			return fmt.Errorf("keep the change number: %w", err)
		}
		detail := fmt.Sprintf("people=%d sessions=%d", len(b.People), len(b.Sessions))
		if err := addAudit(f.ctx, f.tx, id, b.By, "filled", "office", string(id), detail); err != nil {
			return err
		}
	}
	return f.err
}

// insertAll writes a list with statements of many rows each. The row function appends one row's values; after says what
// stands behind the values, such as ON CONFLICT.
func insertAll[T any](f *filler, table, columns, after string, list []T, row func(to []any, v *T) []any) error {
	if len(list) == 0 {
		return nil
	}
	width := strings.Count(columns, ",") + 1
	batch := max(1, min(len(list), 600/width))
	statement := func(n int) string {
		var s strings.Builder
		s.WriteString(`INSERT INTO ` + table + ` (` + columns + `) VALUES `)
		for i := range n {
			if i > 0 {
				s.WriteByte(',')
			}
			s.WriteString(`(` + placeholders(1+i*width, width) + `)`)
		}
		s.WriteString(after)
		return s.String()
	}
	prepared, err := f.tx.PrepareContext(f.ctx, statement(batch))
	if err != nil {
		return fmt.Errorf("prepare %s: %w", table, err)
	}
	defer prepared.Close()
	args := make([]any, 0, batch*width)
	for from := 0; from < len(list); from += batch {
		part := list[from:min(from+batch, len(list))]
		args = args[:0]
		for i := range part {
			args = row(args, &part[i])
		}
		if f.err != nil {
			return f.err
		}
		if len(part) == batch {
			_, err = prepared.ExecContext(f.ctx, args...)
		} else {
			_, err = f.tx.ExecContext(f.ctx, statement(len(part)), args...)
		}
		if err != nil {
			return fmt.Errorf("fill %s: %w", table, err)
		}
	}
	return nil
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

func (f *filler) offices(b *loa.Bulk) error {
	for _, o := range b.Offices {
		if err := insertOffice(f.ctx, f.tx, o); err != nil {
			return err
		}
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
