package sheet

import (
	"errors"
	"strconv"
)

// writeHeads writes a heading of several rows and joins what belongs together.
func (x *XLSX) writeHeads(rows [][]Head) error {
	down := map[int]int{} // columns taken by a cell from above, with how many rows are left
	for _, row := range rows {
		var values []Value
		next := 0
		for col := 0; next < len(row) || down[col] > 0; {
			if down[col] > 0 {
				down[col]--
				values, col = append(values, Text("")), col+1
				continue
			}
			h := row[next]
			next++
			span := max(h.Span, 1)
			for i := range span {
				text := ""
				if i == 0 {
					text = h.Text
				}
				values = append(values, Text(text))
				if h.Down > 1 {
					down[col+i] = h.Down - 1
				}
			}
			if span > 1 || h.Down > 1 {
				x.join(x.row+1, x.row+max(h.Down, 1), col+1, col+span)
			}
			col += span
		}
		x.high = headHigh
		err := x.writeRow(values, styleHeading)
		x.high = 0
		if err != nil {
			return err
		}
	}
	return nil
}

// headHigh is how high a row of such a heading is, in points: no program makes room for joined cells by itself.
const headHigh = 32

func (x *XLSX) join(top, bottom, left, right int) {
	x.joins = append(x.joins, ColumnName(left)+strconv.Itoa(top)+":"+ColumnName(right)+strconv.Itoa(bottom))
}

// Strong writes the next row in bold: a section of a form, or its sums.
func (x *XLSX) Strong(values ...Value) error {
	if x.part == nil {
		return errors.New("a row before the first sheet")
	}
	return x.writeRow(values, styleStrong)
}

// Across writes the next row as parts that each stand over several columns, such as the signatures under a form.
func (x *XLSX) Across(parts ...Head) error {
	if x.part == nil {
		return errors.New("a row before the first sheet")
	}
	var values []Value
	for _, p := range parts {
		span := max(p.Span, 1)
		if span > 1 {
			x.join(x.row+1, x.row+1, len(values)+1, len(values)+span)
		}
		values = append(values, Text(p.Text))
		for range span - 1 {
			values = append(values, Text(""))
		}
	}
	return x.writeRow(values, styleMiddle)
}
