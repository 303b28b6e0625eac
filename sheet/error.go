package sheet

import (
	"errors"
	"strconv"
	"strings"
)

// Code names why a file was refused; the pages turn it into a sentence.
type Code string

// The reasons for refusing a file.
const (
	Empty          Code = "empty"            // no bytes at all
	TooLarge       Code = "too_large"        // the file or the texts in it exceed the limits
	TooManyRows    Code = "too_many_rows"    // more rows than one import takes
	TooManyColumns Code = "too_many_columns" // more columns than a list can have
	CellTooLong    Code = "cell_too_long"    // one cell holds more text than Excel allows
	Formula        Code = "formula"          // a cell calculates its value
	Macros         Code = "macros"           // the file carries a program
	ExternalLinks  Code = "external_links"   // the file draws on other files
	EmbeddedFile   Code = "embedded_file"    // another document lies inside the file
	NestedZip      Code = "nested_zip"       // an archive lies inside the archive
	ZipBomb        Code = "zip_bomb"         // unpacks to far more than it should
	TooManyParts   Code = "too_many_parts"   // more parts than a spreadsheet has
	Polyglot       Code = "polyglot"         // also reads as another kind of file
	Damaged        Code = "damaged"          // cut off, or not built as its kind demands
	Encrypted      Code = "encrypted"        // protected with a password
	LegacyXLS      Code = "legacy_xls"       // Excel 97–2003 or Excel's old XML
	BinaryXLSB     Code = "xlsb"             // Excel's binary workbook
	OpenDocument   Code = "opendocument"     // an ODS file
	HTML           Code = "html"             // a web page, often saved under the name .xls
	NotATable      Code = "not_a_table"      // a picture, a letter, anything else
	BadEncoding    Code = "bad_encoding"     // letters that cannot be read with certainty
	LegacyFont     Code = "legacy_font"      // letters of the old TCVN3 or VNI fonts
	UnclosedQuote  Code = "unclosed_quote"   // a quoted CSV cell that never ends
)

// Error says why a file cannot be taken and, where one place is to blame, which cell.
type Error struct {
	Code  Code
	Sheet string // the sheet, when the fault lies in one
	Row   int    // counted from 1, 0 when the fault has no row
	Col   int    // counted from 1, 0 when the fault has no column
	Max   int64  // the limit that was passed, 0 when it was no limit
	Err   error  // what the decoder said, for the log
}

// Error gives the code and the place, for the log.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("sheet: " + string(e.Code))
	if e.Row > 0 {
		b.WriteString(" at " + e.Cell())
	}
	if e.Sheet != "" {
		b.WriteString(" in " + strconv.Quote(e.Sheet))
	}
	if e.Max > 0 {
		b.WriteString(", limit " + strconv.FormatInt(e.Max, 10))
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives what the decoder said.
func (e *Error) Unwrap() error { return e.Err }

// Cell names the place the way a spreadsheet program shows it: "C5", "5" for a whole row, or "".
func (e *Error) Cell() string {
	switch {
	case e.Row <= 0:
		return ""
	case e.Col <= 0:
		return strconv.Itoa(e.Row)
	}
	return ColumnName(e.Col) + strconv.Itoa(e.Row)
}

// CodeOf finds the code in an error, or "" when the file is not to blame.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}
