package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// csvFile is a text file whose letters and separator are known.
type csvFile struct {
	in      io.ReaderAt
	size    int64
	limits  Limits
	charset charset
	comma   byte
	skip    int // bytes of a first line that only names the separator
}

func openCSV(name string, in io.ReaderAt, size int64, l Limits) (*Book, error) {
	f := &csvFile{in: in, size: size, limits: l, comma: ','}
	if err := f.findCharset(); err != nil {
		return nil, err
	}
	if err := f.findSeparator(); err != nil {
		return nil, err
	}
	return &Book{
		format:   "csv",
		encoding: f.charset.String(),
		sheets:   []Sheet{{Name: name}},
		rows:     func(_ int, yield func(Row, error) bool) { f.read(yield) },
	}, nil
}

// text reads the file from its beginning, as UTF-8 unless the character set keeps ASCII where it is.
func (f *csvFile) text() io.Reader {
	in := io.NewSectionReader(f.in, 0, f.size)
	switch f.charset {
	case utf8Marked:
		in = io.NewSectionReader(f.in, int64(len(utf8BOM)), f.size-int64(len(utf8BOM)))
	case utf16Little, utf16Big, utf16LittleMarked, utf16BigMarked:
		return newUTF16Reader(in, f.charset)
	}
	return in
}

// separators are the ones worth guessing, the likelier first.
var separators = []byte{',', ';', '\t', '|'}

// findSeparator reads the "sep=;" line that some programs write, or counts which separator divides
// the most lines of the beginning into the same number of fields.
func (f *csvFile) findSeparator() error {
	sample := make([]byte, 64<<10)
	n, err := io.ReadFull(f.text(), sample)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return f.readError(err)
	}
	whole := n < len(sample)
	sample = sample[:n]
	if len(sample) >= 5 && bytes.EqualFold(sample[:4], []byte("sep=")) {
		end := sample[5:]
		if len(end) == 0 || end[0] == '\r' || end[0] == '\n' {
			f.comma, f.skip = sample[4], 5
			if bytes.HasPrefix(end, []byte("\r\n")) {
				f.skip = 7
			} else if len(end) > 0 {
				f.skip = 6
			}
			return f.checkSeparator()
		}
	}
	if f.charset != utf8Marked && bytes.IndexByte(sample, 0) >= 0 {
		return &Error{Code: NotATable}
	}
	counts, closed := countFields(sample, whole, true)
	if !closed {
		counts, _ = countFields(sample, whole, false)
	}
	f.comma = bestSeparator(counts)
	return nil
}

// checkSeparator accepts only bytes that can stand between fields.
func (f *csvFile) checkSeparator() error {
	if bytes.IndexByte(separators, f.comma) < 0 && f.comma != ':' && f.comma != ' ' {
		return &Error{Code: NotATable, Err: fmt.Errorf("separator %q", f.comma)}
	}
	return nil
}

// countFields counts for each separator how many lines have how many fields. A line ends outside
// quotes; closed is false when the quotes of the sample make no sense.
func countFields(sample []byte, whole, quotes bool) (counts []map[int]int, closed bool) {
	counts = make([]map[int]int, len(separators))
	line := make([]int, len(separators))
	for i := range counts {
		counts[i] = map[int]int{}
	}
	inside, letters, lines := false, false, 0
	endLine := func() {
		for i, n := range line {
			if letters {
				counts[i][n+1]++
			}
			line[i] = 0
		}
		letters = false
		lines++
	}
	for _, b := range sample {
		if b == '"' && quotes {
			inside = !inside
		}
		switch {
		case inside:
		case b == '\n' || b == '\r':
			endLine()
			continue
		default:
			if i := bytes.IndexByte(separators, b); i >= 0 {
				line[i]++
				continue
			}
		}
		letters = true
	}
	if (whole || lines == 0) && !inside {
		endLine()
	}
	return counts, !inside || !whole && lines > 0
}

// bestSeparator prefers many agreeing lines and many fields; one field per line decides nothing.
func bestSeparator(counts []map[int]int) byte {
	best, score := separators[0], 0
	for i, lines := range counts {
		for fields, n := range lines {
			if s := n * (fields - 1); s > score || s == score && s > 0 && separators[i] == ',' {
				best, score = separators[i], s
			}
		}
	}
	return best
}

// read streams the rows of the file.
func (f *csvFile) read(yield func(Row, error) bool) {
	in := f.text()
	if _, err := io.CopyN(io.Discard, in, int64(f.skip)); err != nil {
		yield(Row{}, f.readError(err))
		return
	}
	c := newCSVReader(in, f.comma, f.charset.decoder(), f.limits)
	for {
		switch found, err := c.next(); {
		case err != nil:
			yield(Row{}, f.readError(err))
			return
		case !found:
			return
		case !yield(Row{Number: c.row, Cells: c.cells}, nil):
			return
		}
	}
}

// readError keeps refusals and says of anything else what was being done.
func (f *csvFile) readError(err error) error {
	if CodeOf(err) != "" {
		return err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return damaged(err)
	}
	return fmt.Errorf("read a CSV file: %w", err)
}
