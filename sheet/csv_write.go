package sheet

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// CSV writes one table as UTF-8 with a mark, so that Excel reads the letters and runs nothing.
type CSV struct {
	out     *bufio.Writer
	started bool
	headed  bool
}

// NewCSV starts a CSV file; nothing is written before the first row.
func NewCSV(w io.Writer) *CSV {
	return &CSV{out: bufio.NewWriterSize(w, 64<<10)}
}

// Sheet writes the heading. Titles, widths and foot have no place in a CSV file, and there is room
// for one table only.
func (c *CSV) Sheet(l Layout) error {
	if c.headed || c.started {
		return errors.New("a CSV file has one sheet, begun before its rows")
	}
	c.headed = true
	if len(l.Heading) == 0 {
		return nil
	}
	names := make([]Value, len(l.Heading))
	for i, name := range l.Heading {
		names[i] = Text(name)
	}
	return c.Row(names...)
}

// Row writes one line.
func (c *CSV) Row(values ...Value) error {
	c.start()
	for i, v := range values {
		if i > 0 {
			c.out.WriteByte(',')
		}
		field, err := csvField(v)
		if err != nil {
			return err
		}
		c.out.WriteString(field)
	}
	if _, err := c.out.WriteString("\r\n"); err != nil {
		return fmt.Errorf("write a CSV row: %w", err)
	}
	return nil
}

func (c *CSV) start() {
	if !c.started {
		c.started = true
		c.out.WriteString(utf8BOM)
	}
}

// Close writes what is still held back; the writer underneath stays open.
func (c *CSV) Close() error {
	c.start()
	if err := c.out.Flush(); err != nil {
		return fmt.Errorf("finish a CSV file: %w", err)
	}
	return nil
}

// csvField guards and quotes a text. Every separator that a reader may guess is quoted, and so is
// what Excel would take for its own line naming the separator.
func csvField(v Value) (string, error) {
	switch v.kind {
	case valueBlank:
		return "", nil
	case valueDay:
		return v.text, nil
	case valueText:
	default:
		return v.digits(), nil
	}
	if tooLong(v.text, maxCellChars) {
		return "", &Error{Code: CellTooLong, Max: maxCellChars}
	}
	s := guarded(v.text)
	if !strings.ContainsAny(s, ",;|\t\"\r\n") && strings.TrimSpace(s) == s && !strings.HasPrefix(strings.ToLower(s), "sep=") {
		return s, nil
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`, nil
}
