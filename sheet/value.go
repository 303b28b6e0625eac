package sheet

import (
	"strconv"
	"strings"
)

// Value is one cell to be written, with the type that a spreadsheet program shall see.
type Value struct {
	kind   valueKind
	text   string
	number int64
	places int
}

type valueKind uint8

const (
	valueBlank valueKind = iota
	valueText
	valueInt
	valueAmount
	valueDecimal
	valueDay
)

// Text is a cell that stays text whatever it looks like: names, numbers of documents, telephones.
func Text(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{kind: valueText, text: strings.ToValidUTF8(s, "\uFFFD")}
}

// Int is a whole number shown with plain digits: an ordinal, a year.
func Int(n int64) Value { return Value{kind: valueInt, number: n} }

// Amount is a whole number shown with groups of three digits: heads, đồng.
func Amount(n int64) Value { return Value{kind: valueAmount, number: n} }

// maxPlaces is how many decimals a number can be shown with.
const maxPlaces = 4

// Decimal is n divided by 10 to the power of places, at most four: Decimal(1053, 1) is 105.3.
func Decimal(n int64, places int) Value {
	if places <= 0 {
		return Amount(n)
	}
	for ; places > maxPlaces; places-- {
		n /= 10
	}
	return Value{kind: valueDecimal, number: n, places: places}
}

// Day is a date; one without day or month is written as the text that people use for it.
func Day(d Date) Value {
	switch {
	case d == Date{}:
		return Value{}
	case d.Month == 0:
		return Text(strconv.Itoa(d.Year))
	case d.Day == 0:
		return Text(string(appendPadded(nil, int64(d.Month), 2)) + "/" + strconv.Itoa(d.Year))
	}
	return Value{kind: valueDay, number: int64(d.serial()), text: string(d.append(nil))}
}

// serial counts the days as spreadsheet programs do; days before 01/03/1900 have none that all of
// them agree on, and count 0.
func (d Date) serial() int {
	n := int(daysSince(d.time()))
	if n <= 60 {
		return 0
	}
	return n
}

// digits writes a number the way files store it.
func (v Value) digits() string {
	if v.kind != valueDecimal {
		return strconv.FormatInt(v.number, 10)
	}
	b := appendPadded(nil, v.number, v.places+1)
	point := len(b) - v.places
	return string(b[:point]) + "." + string(b[point:])
}

// exact reports whether a spreadsheet program keeps every digit of the number.
func (v Value) exact() bool { return v.number > -1e15 && v.number < 1e15 }

// Layout is how one sheet begins.
type Layout struct {
	Name    string    // of the sheet; what Excel forbids in it is replaced
	Titles  []string  // lines above the table
	Heading []string  // the names of the columns, bold and kept in view
	Heads   [][]Head  // the same in several rows, as official forms have them; instead of Heading
	Widths  []float64 // of the columns, in characters; 0 or none leaves the usual width
	Foot    string    // printed at the bottom of every page
}

// Head is one cell of a heading of several rows: Span columns wide and Down rows high. Cells behind another are left out.
type Head struct {
	Text       string
	Span, Down int
}
