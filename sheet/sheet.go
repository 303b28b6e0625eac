// Package sheet moves rows in and out of CSV and XLSX files.
//
// Reading trusts nothing: a file is known by its bytes and never by its name, every size is bounded
// while it is unpacked, and whatever a list of people does not need (macros, formulas, links to
// other files) refuses the whole file with a code. Writing never produces a cell that a spreadsheet
// program would run.
//
// The package must never know what a row means: no people, no areas, no sentence for an officer.
package sheet

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"path"
	"strings"
)

// Sheet is one table of a book, in the order the file lists them.
type Sheet struct {
	Name   string
	Hidden bool
}

// Book is an opened file whose rows can be read as often as needed, by one reader at a time.
type Book struct {
	format   string
	encoding string
	sheets   []Sheet
	rows     func(sheet int, yield func(Row, error) bool)
}

// Open looks at a file's content, refuses what is not a harmless table, and leaves the rows unread.
func Open(name string, r io.ReaderAt, size int64) (*Book, error) {
	return DefaultLimits().Open(name, r, size)
}

// Open is the package's Open under these limits.
func (l Limits) Open(name string, r io.ReaderAt, size int64) (*Book, error) {
	if size <= 0 {
		return nil, &Error{Code: Empty}
	}
	if size > l.FileBytes {
		return nil, &Error{Code: TooLarge, Max: l.FileBytes}
	}
	head := make([]byte, min(size, 2048))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read the start of a spreadsheet: %w", err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return openXLSX(r, size, l)
	case bytes.HasPrefix(head, []byte(oleMagic)):
		return nil, refuseOLE(r, size)
	}
	if code := refusedText(head); code != "" {
		return nil, &Error{Code: code}
	}
	return openCSV(sheetName(name), r, size, l)
}

// Format tells which kind of file it turned out to be: "xlsx" or "csv".
func (b *Book) Format() string { return b.format }

// Encoding tells how the text of a CSV file was read: "utf-8", "utf-16le", "windows-1258" and so on.
func (b *Book) Encoding() string { return b.encoding }

// Sheets lists the tables of the book; a CSV file has exactly one.
func (b *Book) Sheets() []Sheet { return b.sheets }

// Rows reads one sheet from its beginning, skipping rows without any value and keeping the row
// numbers of the file. Row.Cells is used again for the next row; the texts in it may be kept. An
// error comes last and once, and is an *Error when the file is to blame.
func (b *Book) Rows(sheet int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if sheet < 0 || sheet >= len(b.sheets) {
			yield(Row{}, fmt.Errorf("sheet %d of %d does not exist", sheet, len(b.sheets)))
			return
		}
		b.rows(sheet, yield)
	}
}

// sheetName makes the name of a CSV file's only sheet from the name of the file.
func sheetName(file string) string {
	base := path.Base(strings.ReplaceAll(file, "\\", "/"))
	return strings.TrimSuffix(base, path.Ext(base))
}
