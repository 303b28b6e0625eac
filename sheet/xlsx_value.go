package sheet

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"time"
)

// written is how a cell's value stands in the file.
type written uint8

const (
	writtenNumber written = iota
	writtenShared         // the number of a shared text
	writtenInline         // its own text inside the cell
	writtenString         // its own text as the value
	writtenTruth
	writtenFault
	writtenDay // a date as ISO 8601 writes it
	writtenOdd
)

func cellKind(t []byte) written {
	switch string(t) {
	case "", "n":
		return writtenNumber
	case "s":
		return writtenShared
	case "inlineStr":
		return writtenInline
	case "str":
		return writtenString
	case "b":
		return writtenTruth
	case "e":
		return writtenFault
	case "d":
		return writtenDay
	}
	return writtenOdd
}

// settle makes the cell from its kind and value; a cell without a value stays blank.
func (g *grid) settle(kind written, h cellHead, from int) error {
	if kind == writtenInline {
		return g.putLetters(h.col, from, Cell{Kind: KindText})
	}
	if kind == writtenString {
		g.letters = append(g.letters, unescape(g.value)...)
		return g.putLetters(h.col, from, Cell{Kind: KindText})
	}
	value := bytes.TrimSpace(g.value)
	if len(value) == 0 {
		return nil
	}
	switch kind {
	case writtenShared:
		n, ok := wholeNumber(value)
		text, known := g.book.texts.at(int(n))
		if !ok || !known {
			return damaged(fmt.Errorf("shared text %.20q of %d", value, g.book.texts.count))
		}
		if text == "" {
			return nil
		}
		return g.put(h.col, Cell{Kind: KindText, Text: text})
	case writtenNumber:
		return g.settleNumber(value, h, from)
	case writtenTruth:
		if truth(value) {
			return g.put(h.col, Cell{Kind: KindTruth, Text: "TRUE", Serial: 1})
		}
		return g.put(h.col, Cell{Kind: KindTruth, Text: "FALSE"})
	case writtenFault:
		g.letters = append(g.letters, value...)
		return g.putLetters(h.col, from, Cell{Kind: KindFault})
	case writtenDay:
		t, err := isoTime(string(value))
		if err != nil {
			return damaged(err)
		}
		return g.putDate(h.col, from, daysSince(t), false)
	}
	return damaged(fmt.Errorf("cell type %d", kind))
}

// wholeNumber reads up to 15 digits, all of which a float64 keeps.
func wholeNumber(b []byte) (int64, bool) {
	if len(b) == 0 || len(b) > 15 {
		return 0, false
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// settleNumber makes a number or a date; the text of a number is what a plain cell would show.
func (g *grid) settleNumber(value []byte, h cellHead, from int) error {
	var serial float64
	n, whole := wholeNumber(value)
	if whole {
		serial = float64(n)
	} else {
		f, err := parseNumber(value)
		if err != nil {
			return damaged(err)
		}
		serial = f
		if math.Trunc(f) == f && math.Abs(f) < 1e15 {
			n, whole = int64(f), true
		}
	}
	if h.style.date && serial >= 0 && serial <= maxSerial {
		return g.putDate(h.col, from, serial, g.book.mac)
	}
	if whole {
		g.letters = appendPadded(g.letters, n, h.style.pad)
	} else {
		g.letters = appendNumber(g.letters, serial)
	}
	return g.putLetters(h.col, from, Cell{Kind: KindNumber, Serial: serial, Mac: g.book.mac})
}

// parseNumber takes only what XML Schema calls a double, and no infinity.
func parseNumber(value []byte) (float64, error) {
	for _, c := range value {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, fmt.Errorf("number %.30q", value)
		}
	}
	f, err := strconv.ParseFloat(string(value), 64)
	if err != nil {
		return 0, fmt.Errorf("number %.30q", value)
	}
	return f, nil
}

// appendPadded writes a whole number with the zeros its format shows in front.
func appendPadded(dst []byte, n int64, pad int) []byte {
	var digits [20]byte
	b := strconv.AppendInt(digits[:0], n, 10)
	if n < 0 {
		dst, b = append(dst, '-'), b[1:]
	}
	for i := len(b); i < pad; i++ {
		dst = append(dst, '0')
	}
	return append(dst, b...)
}

// appendNumber writes a number with the 15 digits spreadsheet programs keep, without an exponent
// as long as that stays readable.
func appendNumber(dst []byte, f float64) []byte {
	var short [32]byte
	b := strconv.AppendFloat(short[:0], f, 'g', 15, 64)
	if rounded, err := strconv.ParseFloat(string(b), 64); err == nil {
		f = rounded
	}
	if a := math.Abs(f); a >= 1e21 || a < 1e-9 && a > 0 {
		return strconv.AppendFloat(dst, f, 'G', -1, 64)
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64)
}

// dayZero is day 0 of the 1900 system for every day after the leap day that never was.
var dayZero = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// daysSince counts from day 0; a time.Duration would end after 292 years.
func daysSince(t time.Time) float64 {
	return float64(t.Unix()-dayZero.Unix()) / 86_400
}

// maxSerial is the last day spreadsheet programs know, 31/12/9999.
const maxSerial = 2_958_466

// isoTime reads the dates that strict workbooks write as text.
func isoTime(s string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04:05.999999999Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("date %.40q", s)
}

// putDate places a date with a text that sorts and reads the same everywhere.
func (g *grid) putDate(col, from int, serial float64, mac bool) error {
	c := Cell{Kind: KindDate, Serial: serial, Mac: mac}
	d, ok := serialDate(serial, mac)
	if !ok {
		// Day 0, the false leap day and far years have no date; they stay the numbers they are.
		c.Kind = KindNumber
		g.letters = appendNumber(g.letters, serial)
		return g.putLetters(col, from, c)
	}
	g.letters = d.append(g.letters)
	_, fraction := math.Modf(serial)
	if seconds := int(math.Round(fraction*86_400)) % 86_400; seconds > 0 {
		g.letters = fmt.Appendf(g.letters, " %02d:%02d", seconds/3600, seconds/60%60)
		if seconds%60 > 0 {
			g.letters = fmt.Appendf(g.letters, ":%02d", seconds%60)
		}
	}
	return g.putLetters(col, from, c)
}

// append writes a whole date as yyyy-mm-dd.
func (d Date) append(dst []byte) []byte {
	dst = appendPadded(dst, int64(d.Year), 4)
	dst = appendPadded(append(dst, '-'), int64(d.Month), 2)
	return appendPadded(append(dst, '-'), int64(d.Day), 2)
}
