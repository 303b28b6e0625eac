package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"loa"
	"loa/auth"
	"loa/importing"
	"loa/sheet"
	"loa/store"
)

// previewBatch rows are kept by one short transaction.
const previewBatch = 1000

// window rows are held in memory at once, of a preview as of an apply, so that they can be put in an order that is quick to write.
const window = 8 * previewBatch

// previewRows reads the rows of a list and says what each would do, while those before them are kept. It answers with their number.
func (im *importer) previewRows(ctx context.Context, i loa.Import, m importMapping, book *sheet.Book, reader *importing.Reader) (int, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	out, failed := make(chan []loa.ImportLine, 1), make(chan error, 1)
	go func() {
		defer close(out)
		failed <- im.compareRows(ctx, i, m, book, reader, func(lines []loa.ImportLine) error {
			select {
			case out <- lines:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	total := 0
	for lines := range out {
		if err := im.db.AddLines(ctx, i.ID, total, lines); err != nil {
			return 0, err
		}
		total += len(lines)
	}
	return total, <-failed
}

// compareRows looks up whom the rows of a list mean and hands on what each would do, a part at a time.
func (im *importer) compareRows(ctx context.Context, i loa.Import, m importMapping, book *sheet.Book, reader *importing.Reader, keep func([]loa.ImportLine) error) error {
	rows, matched := make([]importing.Row, 0, window), 0
	match := func() error {
		part := rows[matched:]
		register, err := im.register(ctx, i, part)
		if err != nil {
			return err
		}
		for k := range part {
			reader.Match(&part[k], register)
		}
		matched = len(rows)
		return nil
	}
	hand := func() error {
		if err := match(); err != nil {
			return err
		}
		numberByName(rows)
		for part := range slices.Chunk(rows, previewBatch) {
			lines := make([]loa.ImportLine, len(part))
			for k := range part {
				var err error
				if lines[k], err = im.line(i, m, part[k]); err != nil {
					return err
				}
			}
			if err := keep(lines); err != nil {
				return err
			}
		}
		clear(rows)
		rows, matched = rows[:0], 0
		return nil
	}
	for row, err := range book.Rows(m.Sheet) {
		if err != nil {
			return err
		}
		if row.Number <= m.Heading || reader.Blank(row) {
			continue
		}
		rows = append(rows, reader.Read(row))
		switch {
		case len(rows) == window:
			err = hand()
		case len(rows)-matched == previewBatch:
			err = match()
		}
		if err != nil {
			return err
		}
	}
	return hand()
}

// numberByName gives out the new IDs of some rows again, in the order of the names: rows written in the order of their IDs then
// touch few places of the indexes by name as well.
func numberByName(rows []importing.Row) {
	var fresh []*importing.Row
	var ids []loa.PersonID
	for k := range rows {
		if rows[k].Outcome == "new" {
			fresh, ids = append(fresh, &rows[k]), append(ids, rows[k].Person)
		}
	}
	slices.Sort(ids)
	slices.SortStableFunc(fresh, func(a, b *importing.Row) int { return cmp.Compare(a.Folded, b.Folded) })
	for k, r := range fresh {
		r.Person = ids[k]
	}
}

// register holds whoever some rows may mean, and the households they name.
func (im *importer) register(ctx context.Context, i loa.Import, part []importing.Row) (*importing.Register, error) {
	var by store.KnownBy
	var codes []string
	seen := map[string]bool{}
	for k := range part {
		r := &part[k]
		if r.Outcome != "" {
			continue
		}
		if r.National != "" {
			by.National = append(by.National, r.National)
		}
		if r.SI != "" {
			by.SI = append(by.SI, r.SI)
		}
		if key := r.Folded + "|" + string(r.Area); !seen[key] {
			seen[key] = true
			by.Names = append(by.Names, store.NameIn{Folded: r.Folded, Area: r.Area})
		}
		if code := r.Values[importing.Household]; code != "" && !seen["household|"+code] {
			seen["household|"+code] = true
			codes = append(codes, code)
		}
	}
	people, err := im.db.KnownPeople(ctx, i.Office, by)
	if err != nil {
		return nil, err
	}
	homes, err := im.db.KnownHomes(ctx, i.Office, codes)
	if err != nil {
		return nil, err
	}
	out := importing.NewRegister()
	for k := range people {
		out.Add(known(&people[k]))
	}
	for _, h := range homes {
		out.AddHome(h.Code, h.Area, importing.Home{ID: h.ID, Head: h.Head})
	}
	return out, nil
}

// line is a read row as it is kept: IDs sealed or masked, everything else as it stands.
func (im *importer) line(i loa.Import, m importMapping, r importing.Row) (loa.ImportLine, error) {
	out := loa.ImportLine{Import: i.ID, No: r.Number, Outcome: r.Outcome, Person: r.Person, Name: r.Name, Cells: r.Cells, Changes: r.Changes}
	if r.Reason != "" {
		out.Reason = r.Reason + "|" + string(r.Field)
	}
	for col, f := range m.Columns {
		if (f == importing.NationalID || f == importing.SINumber) && col < len(out.Cells) {
			out.Cells[col] = masked(out.Cells[col])
		}
	}
	if r.Outcome == "new" {
		out.Changes = append(out.Changes, loa.FieldChange{Field: importing.AreaChange, New: string(r.Area)})
	}
	for k, c := range out.Changes {
		f := importing.Field(c.Field)
		if f != importing.NationalID && f != importing.SINumber {
			continue
		}
		sealed, err := im.sealer.Seal(auth.Place{Office: string(i.Office), Column: "person." + string(f), Record: string(r.Person)}, c.New)
		if err != nil {
			return out, err
		}
		out.Changes[k].New = packSealed(loa.Sealed{Cipher: sealed, Index: im.sealer.Index("person."+string(f), c.New), Tail: c.New[len(c.New)-3:]})
	}
	return out, nil
}

func masked(s string) string {
	r := []rune(s)
	for k := range r {
		if k < len(r)-3 {
			r[k] = '•'
		}
	}
	return string(r)
}

// packSealed writes a sealed number as one text: cipher, index and tail.
func packSealed(n loa.Sealed) string {
	return base64.RawStdEncoding.EncodeToString(n.Cipher) + "." + n.Index + "." + n.Tail
}

// unpackSealed reads what packSealed wrote.
func unpackSealed(s string) (out loa.Sealed, err error) {
	if s == "" {
		return out, nil
	}
	part := strings.SplitN(s, ".", 3)
	if len(part) < 3 {
		return out, errSealed
	}
	if out.Cipher, err = base64.RawStdEncoding.DecodeString(part[0]); err != nil {
		return out, errors.Join(errSealed, err)
	}
	out.Index, out.Tail = part[1], part[2]
	return out, nil
}

var errSealed = errors.New("a sealed number of the import cannot be read")
