package sheet

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// read streams the rows of one worksheet.
func (w *workbook) read(sheet int, yield func(Row, error) bool) {
	name := w.sheets[sheet].Name
	fail := func(err error) {
		var e *Error
		if errors.As(err, &e) {
			placed := *e
			placed.Sheet = name
			err = &placed
		} else {
			err = fmt.Errorf("read sheet %q: %w", name, err)
		}
		yield(Row{}, err)
	}
	if err := w.load(); err != nil {
		fail(err)
		return
	}
	in, err := w.archive.open(w.parts[sheet])
	if err != nil {
		fail(err)
		return
	}
	defer in.Close()
	s, err := newScanner(in)
	if err != nil {
		fail(err)
		return
	}
	g := &grid{s: s, book: w, limits: w.archive.limits}
	for {
		switch found, err := g.next(); {
		case err != nil:
			fail(err)
			return
		case !found:
			return
		case !yield(Row{Number: g.row, Cells: g.cells}, nil):
			return
		}
	}
}

// grid reads the cells of a worksheet row by row.
type grid struct {
	s      *scanner
	book   *workbook
	limits Limits

	inData bool
	row    int // of the row last read
	col    int // of the cell last read
	filled int // rows with a value so far
	cells  []Cell

	// Texts that are not shared gather in letters, and become one string when the row ends.
	letters []byte
	pieces  []piece
	value   []byte
}

// piece says which cell a stretch of the row's letters belongs to.
type piece struct{ cell, from, to int }

// next reads up to the next row with a value.
func (g *grid) next() (bool, error) {
	for {
		t, err := g.s.next()
		switch {
		case err != nil:
			return false, g.at(err)
		case t == tokenEnd:
			return false, nil
		case t == tokenClose && g.inData && string(g.s.name) == "sheetData":
			g.inData = false
		case t == tokenOpen && string(g.s.name) == "sheetData":
			g.inData = !g.s.empty
		case t == tokenOpen && g.inData && string(g.s.name) == "row":
			if err := g.readRow(); err != nil {
				return false, err
			}
			if len(g.cells) == 0 {
				continue
			}
			if g.filled++; g.filled > g.limits.Rows {
				return false, &Error{Code: TooManyRows, Row: g.row, Max: int64(g.limits.Rows)}
			}
			return true, nil
		case t == tokenOpen:
			// Everything else in a sheet is small beside its data; it is walked for its integrity.
		}
	}
}

// at adds the place to a refusal that does not know it.
func (g *grid) at(err error) error {
	var e *Error
	if errors.As(err, &e) && e.Row == 0 {
		placed := *e
		placed.Row, placed.Col = g.row, g.col
		return &placed
	}
	return err
}

// readRow reads the row that was just opened.
func (g *grid) readRow() error {
	number, err := g.rowNumber()
	if err != nil {
		return err
	}
	g.row, g.col = number, 0
	g.cells, g.letters, g.pieces = g.cells[:0], g.letters[:0], g.pieces[:0]
	if g.s.empty {
		return nil
	}
	for inside := g.s.depth; g.s.depth >= inside; {
		t, err := g.s.next()
		if err == nil && t == tokenOpen && string(g.s.name) == "c" {
			err = g.readCell()
		} else if err == nil && t == tokenOpen {
			err = g.s.skip()
		}
		if err == nil && t == tokenEnd {
			err = damaged(errors.New("a row that does not end"))
		}
		if err != nil {
			return g.at(err)
		}
	}
	if len(g.letters) > 0 {
		letters := string(g.letters)
		for _, p := range g.pieces {
			g.cells[p.cell].Text = letters[p.from:p.to]
		}
	}
	g.cells = trimmed(g.cells)
	return nil
}

// rowNumber takes the number a row states, or the next one: some programs state none.
func (g *grid) rowNumber() (int, error) {
	stated := attr(g.s.attrs, "r")
	if stated == nil {
		if g.row == maxSheetRows {
			return 0, &Error{Code: TooManyRows, Row: g.row, Max: int64(g.limits.Rows)}
		}
		return g.row + 1, nil
	}
	n := 0
	for _, c := range stated {
		if c < '0' || c > '9' || n > maxSheetRows {
			return 0, &Error{Code: Damaged, Row: g.row + 1, Err: fmt.Errorf("row number %.20q", stated)}
		}
		n = n*10 + int(c-'0')
	}
	if n <= g.row || n > maxSheetRows {
		return 0, &Error{Code: Damaged, Row: g.row + 1, Err: fmt.Errorf("row %d after row %d", n, g.row)}
	}
	return n, nil
}

// cellHead is what the attributes of a cell say.
type cellHead struct {
	col   int
	style style
	kind  []byte
}

func (g *grid) cellHead() (cellHead, error) {
	h := cellHead{col: g.col + 1}
	styled := 0
	for rest := g.s.attrs; ; {
		key, value, after, ok := nextAttr(rest)
		if !ok {
			break
		}
		rest = after
		if len(key) != 1 {
			continue
		}
		switch key[0] {
		case 'r':
			if h.col = column(value); h.col <= g.col {
				return h, damaged(fmt.Errorf("cell %.20q after column %d", value, g.col))
			}
		case 's':
			styled = 0
			for _, c := range value {
				styled = min(styled*10+int(c-'0'), maxStyles)
			}
		case 't':
			h.kind = value
		}
	}
	if h.col > maxSheetColumns {
		return h, &Error{Code: TooManyColumns, Row: g.row, Col: h.col, Max: int64(g.limits.Columns)}
	}
	if styled >= 0 && styled < len(g.book.styles) {
		h.style = g.book.styles[styled]
	}
	return h, nil
}

// column reads the letters of a cell reference, beyond every sheet when they make no sense.
func column(ref []byte) int {
	n := 0
	for i, c := range ref {
		switch {
		case c >= 'A' && c <= 'Z' && i < 4:
			n = n*26 + int(c-'A') + 1
		case c >= 'a' && c <= 'z' && i < 4:
			n = n*26 + int(c-'a') + 1
		case c >= '0' && c <= '9' && i > 0:
			return n
		default:
			return 0
		}
	}
	return n
}

// readCell reads the cell that was just opened.
func (g *grid) readCell() error {
	h, err := g.cellHead()
	if err != nil {
		return err
	}
	g.col = h.col
	if g.s.empty {
		return nil
	}
	// The kind lies in the scanner's buffer and must be told apart before the next step.
	cell := cellKind(h.kind)
	from := len(g.letters)
	g.value = g.value[:0]
	for inside := g.s.depth; g.s.depth >= inside; {
		t, err := g.s.next()
		switch {
		case err != nil:
			return err
		case t == tokenEnd:
			return damaged(errors.New("a cell that does not end"))
		case t != tokenOpen:
			continue
		}
		switch string(g.s.name) {
		case "v":
			g.value, err = g.s.letters(g.value, 0, g.limits.CellChars)
		case "is":
			g.letters, err = g.s.richText(g.letters, g.limits.CellChars)
		case "f":
			err = &Error{Code: Formula}
		default:
			err = g.s.skip()
		}
		if err != nil {
			return err
		}
	}
	return g.settle(cell, h, from)
}

// put places a cell in its column, once it is known to hold something.
func (g *grid) put(col int, c Cell) error {
	if col > g.limits.Columns {
		return &Error{Code: TooManyColumns, Row: g.row, Col: col, Max: int64(g.limits.Columns)}
	}
	for len(g.cells) < col-1 {
		g.cells = append(g.cells, Cell{})
	}
	g.cells = append(g.cells, c)
	return nil
}

// putLetters places a cell whose text is the row's letters from a position on.
func (g *grid) putLetters(col, from int, c Cell) error {
	if !utf8.Valid(g.letters[from:]) {
		return &Error{Code: BadEncoding}
	}
	if tooLong(g.letters[from:], g.limits.CellChars) {
		return &Error{Code: CellTooLong, Max: int64(g.limits.CellChars)}
	}
	if len(g.letters) == from {
		return nil
	}
	if err := g.put(col, c); err != nil {
		return err
	}
	g.pieces = append(g.pieces, piece{len(g.cells) - 1, from, len(g.letters)})
	return nil
}
