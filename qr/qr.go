// Package qr draws the square picture that a telephone reads an address from. It must never know whose address it is.
package qr

import (
	"fmt"
	"strconv"
	"strings"

	"rsc.io/qr"
)

// Quiet is how many empty modules must surround a code so that cameras find it.
const Quiet = 4

// Code is a drawn code: Size modules on a side, the quiet zone included, and the dark ones as the path of an SVG picture in which a
// module is one unit.
type Code struct {
	Size int
	Path string
}

// Draw makes the code of a text; a seventh of it may be lost to dirt or folds and it still reads.
func Draw(text string) (Code, error) {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return Code{}, fmt.Errorf("draw the code of %d bytes: %w", len(text), err)
	}
	var b strings.Builder
	for y := range c.Size {
		for x := 0; x < c.Size; x++ {
			from := x
			for x < c.Size && c.Black(x, y) {
				x++
			}
			if x > from { // one stroke for a run of dark modules
				b.WriteString("M" + strconv.Itoa(from+Quiet) + " " + strconv.Itoa(y+Quiet) + "h" + strconv.Itoa(x-from) + "v1h-" + strconv.Itoa(x-from) + "z")
			}
		}
	}
	return Code{Size: c.Size + 2*Quiet, Path: b.String()}, nil
}

// Modules are the squares of the code of a text by row, dark ones true, without the quiet zone: for whoever draws it elsewhere.
func Modules(text string) ([][]bool, error) {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, fmt.Errorf("draw the code of %d bytes: %w", len(text), err)
	}
	out := make([][]bool, c.Size)
	for y := range out {
		out[y] = make([]bool, c.Size)
		for x := range out[y] {
			out[y][x] = c.Black(x, y)
		}
	}
	return out, nil
}
