package paper

import "strconv"

// table writes a table with fixed widths; cells that run over several rows are told row by row, as the format asks.
func (b *writer) table(t Table) {
	sum := 0
	for _, c := range t.Columns {
		sum += max(c.Share, 1)
	}
	if sum == 0 {
		return
	}
	widths := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = b.page * max(c.Share, 1) / sum
	}
	if t.Caption != "" {
		b.para(para{style: "Note", text: t.Caption, keep: true})
	}
	b.gap(6, "")
	b.put(`<w:tbl><w:tblPr><w:tblW w:w="`, strconv.Itoa(b.page), `" w:type="dxa"/>`)
	if !t.Bare {
		b.put(`<w:tblBorders>`)
		for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
			b.put(`<w:`, side, ` w:val="single" w:sz="4" w:space="0" w:color="000000"/>`)
		}
		b.put(`</w:tblBorders>`)
	}
	b.put(`<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="70" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`)
	for _, w := range widths {
		b.put(`<w:gridCol w:w="`, strconv.Itoa(w), `"/>`)
	}
	b.put(`</w:tblGrid>`)
	rows := make([]Row, 0, len(t.Heads)+len(t.Rows))
	for _, h := range t.Heads {
		rows = append(rows, Row{Cells: h, Bold: true})
	}
	rows = append(rows, t.Rows...)
	running := make([]span, len(widths))
	for i, row := range rows {
		b.row(t, row, widths, running, i < len(t.Heads))
	}
	b.put(`</w:tbl>`)
	b.gap(6, "")
}

// span is a cell that goes on below.
type span struct{ rows, columns int }

func (b *writer) row(t Table, row Row, widths []int, running []span, head bool) {
	b.put(`<w:tr><w:trPr><w:cantSplit/>`)
	if row.Tall {
		b.put(`<w:trHeight w:val="560" w:hRule="atLeast"/>`)
	}
	if head {
		b.put(`<w:tblHeader/>`)
	}
	b.put(`</w:trPr>`)
	next := 0
	for col := 0; col < len(widths); {
		if r := &running[col]; r.rows > 0 {
			b.cellHead(widths, col, r.columns, `<w:vMerge/>`)
			b.put(`<w:p/></w:tc>`)
			r.rows--
			col += r.columns
			continue
		}
		c := Cell{}
		if next < len(row.Cells) {
			c = row.Cells[next]
		}
		next++
		n := min(max(c.Span, 1), len(widths)-col)
		merge := ""
		if c.Down > 1 {
			merge = `<w:vMerge w:val="restart"/>`
			running[col] = span{c.Down - 1, n}
		}
		b.cellHead(widths, col, n, merge)
		p := para{text: c.Text, size: SizeTable, bold: c.Bold || row.Bold, align: c.Align}
		if t.Small {
			p.size = SizeSmall
		}
		if p.align == Left {
			p.align = t.Columns[col].Align
		}
		if head {
			p.align = Middle
		}
		b.para(p)
		if c.Sub != "" {
			b.para(para{text: c.Sub, size: p.size, italic: true, align: p.align})
		}
		b.put(`</w:tc>`)
		col += n
	}
	b.put(`</w:tr>`)
}

func (b *writer) cellHead(widths []int, col, n int, merge string) {
	sum := 0
	for _, w := range widths[col:min(col+n, len(widths))] {
		sum += w
	}
	b.put(`<w:tc><w:tcPr><w:tcW w:w="`, strconv.Itoa(sum), `" w:type="dxa"/>`)
	if n > 1 {
		b.put(`<w:gridSpan w:val="`, strconv.Itoa(n), `"/>`)
	}
	b.put(merge, `</w:tcPr>`)
}
