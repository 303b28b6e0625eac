package sheet

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// csvReader splits a stream of text into records. Unlike encoding/csv it keeps carriage returns
// inside quotes, takes a lone CR as a line end, and bounds every cell.
type csvReader struct {
	in       io.Reader
	buf      []byte
	pos, end int
	ended    bool

	comma   byte
	decode  func([]byte) ([]byte, error) // nil when the stream is UTF-8 already
	limits  Limits
	row     int // of the record last read
	filled  int
	letters []byte // of the whole record
	ends    []int  // of each field in letters
	scratch []byte
	cells   []Cell
}

const csvBuffer = 64 << 10

func newCSVReader(in io.Reader, comma byte, decode func([]byte) ([]byte, error), l Limits) *csvReader {
	return &csvReader{in: in, buf: make([]byte, csvBuffer), comma: comma, decode: decode, limits: l}
}

// more reads further once everything in the buffer is used.
func (c *csvReader) more() error {
	for tries := 0; c.pos == c.end && !c.ended; tries++ {
		n, err := c.in.Read(c.buf)
		c.pos, c.end = 0, n
		switch {
		case err == io.EOF:
			c.ended = true
		case err != nil:
			return err
		case tries > 100:
			return io.ErrNoProgress
		}
	}
	return nil
}

// peek shows the next byte; ok is false at the end.
func (c *csvReader) peek() (b byte, ok bool, err error) {
	if c.pos == c.end {
		if err := c.more(); err != nil || c.pos == c.end {
			return 0, false, err
		}
	}
	return c.buf[c.pos], true, nil
}

// next reads up to the next record with a value; false means the file has ended.
func (c *csvReader) next() (bool, error) {
	for {
		if _, ok, err := c.peek(); err != nil || !ok {
			return false, err
		}
		c.row++
		if err := c.readRecord(); err != nil {
			return false, err
		}
		if err := c.makeCells(); err != nil {
			return false, err
		}
		if len(c.cells) == 0 {
			continue
		}
		if c.filled++; c.filled > c.limits.Rows {
			return false, &Error{Code: TooManyRows, Row: c.row, Max: int64(c.limits.Rows)}
		}
		return true, nil
	}
}

// readRecord reads fields up to the end of a line.
func (c *csvReader) readRecord() error {
	c.letters, c.ends = c.letters[:0], c.ends[:0]
	for {
		if err := c.readField(); err != nil {
			return err
		}
		c.ends = append(c.ends, len(c.letters))
		if len(c.ends) > maxSheetColumns {
			return c.refuse(TooManyColumns, c.limits.Columns)
		}
		b, ok, err := c.peek()
		if err != nil || !ok {
			return err
		}
		c.pos++
		if b == c.comma {
			// A value this far right is refused now, before a million more follow it.
			if n := len(c.ends); n > c.limits.Columns && len(c.letters) > c.start() {
				return c.refuse(TooManyColumns, c.limits.Columns)
			}
			continue
		}
		if b == '\r' {
			if b, ok, err = c.peek(); err != nil {
				return err
			}
			if ok && b == '\n' {
				c.pos++
			}
		}
		return nil
	}
}

// start is where the field last ended begins.
func (c *csvReader) start() int {
	if len(c.ends) < 2 {
		return 0
	}
	return c.ends[len(c.ends)-2]
}

// refuse names the field being read.
func (c *csvReader) refuse(code Code, limit int) error {
	return &Error{Code: code, Row: c.row, Col: max(1, len(c.ends)), Max: int64(limit)}
}

// readField takes one field into letters and stops before the separator or line end. A quote inside
// an unquoted field, or letters behind a closing quote, are kept as they stand.
func (c *csvReader) readField() error {
	from := len(c.letters)
	b, ok, err := c.peek()
	if err != nil || !ok {
		return err
	}
	if b == '"' {
		c.pos++
		if err := c.readQuoted(from); err != nil {
			return err
		}
	}
	for {
		stop := c.pos
		for stop < c.end && c.buf[stop] != c.comma && c.buf[stop] != '\n' && c.buf[stop] != '\r' {
			stop++
		}
		c.letters = append(c.letters, c.buf[c.pos:stop]...)
		c.pos = stop
		if err := c.checkLength(from); err != nil {
			return err
		}
		if stop < c.end {
			return nil
		}
		if err := c.more(); err != nil || c.pos == c.end {
			return err
		}
	}
}

// readQuoted takes everything up to the closing quote, two quotes standing for one.
func (c *csvReader) readQuoted(from int) error {
	for {
		if err := c.more(); err != nil {
			return err
		}
		if c.pos == c.end {
			return &Error{Code: UnclosedQuote, Row: c.row, Col: len(c.ends) + 1}
		}
		i := bytes.IndexByte(c.buf[c.pos:c.end], '"')
		if i < 0 {
			c.letters = append(c.letters, c.buf[c.pos:c.end]...)
			c.pos = c.end
			if err := c.checkLength(from); err != nil {
				return err
			}
			continue
		}
		c.letters = append(c.letters, c.buf[c.pos:c.pos+i]...)
		c.pos += i + 1
		b, ok, err := c.peek()
		if err != nil || !ok || b != '"' {
			return err
		}
		c.letters = append(c.letters, '"')
		c.pos++
	}
}

// checkLength stops a field that could not be one cell, before it fills the memory.
func (c *csvReader) checkLength(from int) error {
	if len(c.letters)-from > 4*c.limits.CellChars {
		return &Error{Code: CellTooLong, Row: c.row, Col: len(c.ends) + 1, Max: int64(c.limits.CellChars)}
	}
	return nil
}

// makeCells turns the fields into cells whose texts share one string.
func (c *csvReader) makeCells() error {
	c.cells = c.cells[:0]
	if c.decode != nil {
		if err := c.decodeFields(); err != nil {
			return err
		}
	}
	record := string(c.letters)
	if !utf8.ValidString(record) {
		return c.badField(record)
	}
	from := 0
	for i, to := range c.ends {
		field := record[from:to]
		from = to
		if field == "" {
			c.cells = append(c.cells, Cell{})
			continue
		}
		if i >= c.limits.Columns {
			return &Error{Code: TooManyColumns, Row: c.row, Col: i + 1, Max: int64(c.limits.Columns)}
		}
		if tooLong(field, c.limits.CellChars) {
			return &Error{Code: CellTooLong, Row: c.row, Col: i + 1, Max: int64(c.limits.CellChars)}
		}
		text, ok := plainField(field)
		if !ok {
			return &Error{Code: Formula, Row: c.row, Col: i + 1}
		}
		if text == "" {
			c.cells = append(c.cells, Cell{})
			continue
		}
		c.cells = append(c.cells, Cell{Kind: KindText, Text: text})
	}
	c.cells = trimmed(c.cells)
	return nil
}

// badField finds the first field that is not UTF-8.
func (c *csvReader) badField(record string) error {
	from := 0
	for i, to := range c.ends {
		if !utf8.ValidString(record[from:to]) {
			return &Error{Code: BadEncoding, Row: c.row, Col: i + 1}
		}
		from = to
	}
	return &Error{Code: BadEncoding, Row: c.row}
}

// decodeFields turns the letters of an old character set into UTF-8.
func (c *csvReader) decodeFields() error {
	c.scratch = c.scratch[:0]
	from := 0
	for i, to := range c.ends {
		text, err := c.decode(c.letters[from:to])
		if err != nil {
			return &Error{Code: BadEncoding, Row: c.row, Col: i + 1, Err: err}
		}
		c.scratch = append(c.scratch, text...)
		from, c.ends[i] = to, len(c.scratch)
	}
	c.letters, c.scratch = c.scratch, c.letters
	return nil
}

// plainField takes off what guards a text against being run: the apostrophe our own files write, and
// the ="…" by which other programs keep leading zeros. A field that would calculate gives false.
func plainField(field string) (string, bool) {
	if strings.HasPrefix(field, "'") && runnable(field[1:]) {
		return field[1:], true
	}
	if strings.HasPrefix(field, `="`) && strings.HasSuffix(field, `"`) && len(field) > 2 {
		if inner := field[2 : len(field)-1]; !strings.ContainsAny(inner, `"`) {
			return inner, true
		}
	}
	return field, !calculates(field)
}
