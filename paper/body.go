package paper

import (
	"strconv"
	"strings"
)

// writer writes the body of a DOCX file. Measures are in twentieths of a point, as the format has them.
type writer struct {
	strings.Builder
	page int // how wide the text is
}

func (b *writer) put(parts ...string) {
	for _, p := range parts {
		b.WriteString(p)
	}
}

// twips turns millimetres into twentieths of a point.
func twips(mm int) int { return mm * 14400 / 254 }

func (b *writer) document(d Document, last bool) {
	width, height, turned := twips(PageWidth), twips(PageHeight), ""
	if d.Landscape {
		width, height, turned = height, width, ` w:orient="landscape"`
	}
	b.page = width - twips(MarginLeft) - twips(MarginRight)
	b.head(d.Head)
	b.titles(d)
	for _, s := range d.Bases {
		b.para(para{style: "BodyText", italic: true, text: s})
	}
	for _, block := range d.Blocks {
		b.block(block)
	}
	b.signs(d)
	section := `<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:headerReference w:type="first" r:id="rId5"/><w:type w:val="nextPage"/><w:pgSz w:w="` + strconv.Itoa(width) + `" w:h="` + strconv.Itoa(height) + `"` + turned + `/>` +
		`<w:pgMar w:top="` + strconv.Itoa(twips(MarginTop)) + `" w:right="` + strconv.Itoa(twips(MarginRight)) + `" w:bottom="` + strconv.Itoa(twips(MarginBottom)) + `" w:left="` + strconv.Itoa(twips(MarginLeft)) +
		`" w:header="` + strconv.Itoa(twips(9)) + `" w:footer="` + strconv.Itoa(twips(9)) + `" w:gutter="0"/><w:pgNumType w:start="1"/><w:titlePg/></w:sectPr>`
	if last {
		b.gap(2, "")
		b.put(section)
		return
	}
	b.gap(2, section)
}

// para is one paragraph: how it is set, and its words.
type para struct {
	style        string
	align        Align
	size         int
	bold, italic bool
	lead, text   string
	before       int
	keep         bool
	dots         int // a dotted line up to here
	upper        bool
}

func (b *writer) para(p para) {
	b.put(`<w:p><w:pPr>`)
	if p.style != "" {
		b.put(`<w:pStyle w:val="`, p.style, `"/>`)
	}
	if p.keep {
		b.put(`<w:keepNext/>`)
	}
	if p.dots > 0 {
		b.put(`<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="`, strconv.Itoa(p.dots), `"/></w:tabs>`)
	}
	if p.before > 0 {
		b.put(`<w:spacing w:before="`, strconv.Itoa(p.before), `"/>`)
	}
	switch {
	case p.dots > 0:
		b.put(`<w:jc w:val="left"/>`)
	case p.align == Middle:
		b.put(`<w:jc w:val="center"/>`)
	case p.align == Right:
		b.put(`<w:jc w:val="right"/>`)
	}
	b.put(`</w:pPr>`)
	if p.lead != "" {
		b.run(p.lead, para{size: p.size, bold: true, italic: p.italic})
	}
	if p.text != "" {
		b.run(p.text, p)
	}
	if p.dots > 0 {
		b.put(`<w:r><w:tab/></w:r>`)
	}
	b.put(`</w:p>`)
}

// run writes words; a line break inside them stays one.
func (b *writer) run(text string, p para) {
	b.put(`<w:r>`)
	if p.bold || p.italic || p.upper || p.size > 0 {
		b.put(`<w:rPr>`)
		if p.bold {
			b.put(`<w:b/><w:bCs/>`)
		}
		if p.italic {
			b.put(`<w:i/><w:iCs/>`)
		}
		if p.upper {
			b.put(`<w:caps/>`)
		}
		if p.size > 0 {
			n := strconv.Itoa(2 * p.size)
			b.put(`<w:sz w:val="`, n, `"/><w:szCs w:val="`, n, `"/>`)
		}
		b.put(`</w:rPr>`)
	}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.put(`<w:br/>`)
		}
		b.put(`<w:t xml:space="preserve">`, escape(line), `</w:t>`)
	}
	b.put(`</w:r>`)
}

// gap is an empty line of so many points; it may carry the end of a section.
func (b *writer) gap(points int, section string) {
	b.put(`<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="`, strconv.Itoa(20*points), `" w:lineRule="exact"/><w:rPr><w:sz w:val="2"/><w:szCs w:val="2"/></w:rPr>`, section, `</w:pPr></w:p>`)
}

// rule is a line of a length in the middle of a room: the upper edge of an empty paragraph, so that it moves with the text.
func (b *writer) rule(length, room int) {
	side := strconv.Itoa(max(room-length, 0) / 2)
	b.put(`<w:p><w:pPr><w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr><w:spacing w:before="20" w:after="0" w:line="120" w:lineRule="exact"/><w:ind w:left="`, side, `" w:right="`, side, `"/><w:jc w:val="center"/><w:rPr><w:sz w:val="2"/><w:szCs w:val="2"/></w:rPr></w:pPr></w:p>`)
}

// bare begins a table without rules.
func (b *writer) bare(widths ...int) {
	sum := 0
	for _, w := range widths {
		sum += w
	}
	b.put(`<w:tbl><w:tblPr><w:tblW w:w="`, strconv.Itoa(sum), `" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	for _, w := range widths {
		b.put(`<w:gridCol w:w="`, strconv.Itoa(w), `"/>`)
	}
	b.put(`</w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>`)
}

func (b *writer) cell(width int) {
	b.put(`<w:tc><w:tcPr><w:tcW w:w="`, strconv.Itoa(width), `" w:type="dxa"/></w:tcPr>`)
}

func (b *writer) head(h Head) {
	if h.Nation == "" {
		return
	}
	if h.Issuer == "" { // what a person declares has no issuer
		b.para(para{align: Middle, size: SizeNation, bold: true, text: h.Nation})
		b.para(para{align: Middle, size: SizeMotto, bold: true, text: h.Motto})
		b.rule(min(widthOf(h.Motto, SizeMotto), b.page), b.page)
		return
	}
	left := b.page * 45 / 100
	right := b.page - left
	b.bare(left, right)
	b.cell(left)
	if h.Superior != "" {
		b.para(para{align: Middle, size: SizeIssuer, text: h.Superior, upper: true})
	}
	b.para(para{align: Middle, size: SizeIssuer, bold: true, text: h.Issuer, upper: true})
	b.rule(min(widthOf(strings.ToUpper(h.Issuer), SizeIssuer), left)*2/5, left)
	if h.Number != "" {
		b.para(para{align: Middle, size: SizeNumber, text: h.Number, before: 60})
	}
	b.put(`</w:tc>`)
	b.cell(right)
	b.para(para{align: Middle, size: SizeNation, bold: true, text: h.Nation})
	b.para(para{align: Middle, size: SizeMotto, bold: true, text: h.Motto})
	b.rule(min(widthOf(h.Motto, SizeMotto), right), right)
	if h.Dated != "" {
		b.para(para{align: Middle, size: SizeDated, italic: true, text: h.Dated, before: 60})
	}
	b.put(`</w:tc></w:tr></w:tbl>`)
}

func (b *writer) titles(d Document) {
	if d.Kind != "" {
		b.para(para{style: "Title", text: d.Kind})
	}
	if d.Subject != "" {
		b.para(para{style: "Subtitle", text: d.Subject})
		b.rule(min(widthOf(d.Subject, SizeText), b.page)*2/5, b.page)
	}
	for _, s := range d.Notices {
		b.para(para{align: Middle, italic: true, size: SizeTable, text: s})
	}
	if d.To != "" {
		b.para(para{align: Middle, text: d.To, before: 240})
		b.gap(6, "")
	}
}

func (b *writer) block(x Block) {
	switch x.Style {
	case Section:
		b.para(para{style: "Heading1", text: x.Text})
	case Point:
		b.para(para{style: "Heading2", text: x.Text})
	case Note:
		b.para(para{style: "Note", lead: x.Lead, text: x.Text})
	case Item:
		b.para(para{style: "BodyText", lead: x.Lead, text: "- " + x.Text})
	case Fill:
		b.para(para{style: "BodyText", lead: x.Lead, text: x.Text + " ", dots: b.page})
		for range x.Lines {
			b.para(para{style: "BodyText", dots: b.page})
		}
	case Grid:
		if x.Table != nil {
			b.table(*x.Table)
		}
	default:
		for i, line := range strings.Split(x.Text, "\n") { // a break inside a justified paragraph would stretch the line before it
			p := para{style: "BodyText", text: line}
			if i == 0 {
				p.lead = x.Lead
			}
			b.para(p)
		}
	}
}

// signs ends the document: the receivers beside the one who signs, or the signatures side by side.
func (b *writer) signs(d Document) {
	columns := len(d.Signs)
	if len(d.Receivers.List) > 0 {
		columns++
	}
	if columns == 0 {
		return
	}
	b.gap(12, "")
	width := b.page / columns
	widths := make([]int, columns)
	for i := range widths {
		widths[i] = width
	}
	b.bare(widths...)
	if len(d.Receivers.List) > 0 {
		b.cell(width)
		b.para(para{size: SizeReceiversHead, bold: true, italic: true, text: d.Receivers.Head})
		for _, line := range d.Receivers.List {
			b.para(para{size: SizeReceivers, text: line})
		}
		b.put(`</w:tc>`)
	}
	for _, s := range d.Signs {
		b.cell(width)
		if s.Dated != "" {
			b.para(para{align: Middle, size: SizeDated, italic: true, text: s.Dated})
		}
		for _, line := range s.Title {
			b.para(para{align: Middle, bold: true, text: line, keep: true})
		}
		if s.Hint != "" {
			b.para(para{align: Middle, italic: true, size: SizeTable, text: s.Hint, keep: true})
		}
		b.gap(70, "")
		b.para(para{align: Middle, bold: true, text: s.Name})
		b.put(`</w:tc>`)
	}
	b.put(`</w:tr></w:tbl>`)
}
