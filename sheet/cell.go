package sheet

import "slices"

// Kind tells what a spreadsheet program says a cell holds; a CSV file only ever has texts.
type Kind uint8

// The kinds of cells.
const (
	KindBlank  Kind = iota // nothing
	KindText               // letters, also digits that were stored as text
	KindNumber             // a number; Text shows it in plain digits
	KindDate               // a number shown as a date; Text shows yyyy-mm-dd and the time if there is one
	KindTruth              // TRUE or FALSE
	KindFault              // an error value such as #N/A
)

// Cell is one value: always with its text, and with the stored number where there was one.
type Cell struct {
	Text   string
	Serial float64 // the number stored for numbers, dates and truths
	Kind   Kind
	Mac    bool // the book counts its days from 1904
}

// Row is one filled row: its number in the file and its cells from column A on, gaps included.
type Row struct {
	Number int
	Cells  []Cell
}

// Text gives the text in a column counted from 0, "" beyond the last filled one.
func (r Row) Text(col int) string { return r.Cell(col).Text }

// Cell gives the cell in a column counted from 0, blank beyond the last filled one.
func (r Row) Cell(col int) Cell {
	if col < 0 || col >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[col]
}

// ColumnName turns a column counted from 1 into its letters: 1 is A, 28 is AB.
func ColumnName(col int) string { return string(appendColumn(nil, col)) }

func appendColumn(dst []byte, col int) []byte {
	start := len(dst)
	for ; col > 0; col = (col - 1) / 26 {
		dst = append(dst, byte('A'+(col-1)%26))
	}
	slices.Reverse(dst[start:])
	return dst
}

// trimmed ends the cells after the last one with a value.
func trimmed(cells []Cell) []Cell {
	n := len(cells)
	for n > 0 && cells[n-1].Kind == KindBlank {
		n--
	}
	return cells[:n]
}

// tooLong counts as Excel does, in UTF-16 units, and only when the bytes leave a doubt.
func tooLong[T string | []byte](text T, limit int) bool {
	if len(text) <= limit {
		return false
	}
	units := 0
	for _, r := range string(text) {
		units++
		if r > 0xFFFF {
			units++
		}
	}
	return units > limit
}
