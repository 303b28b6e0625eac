package sheet

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// XLSX writes a workbook row by row in constant memory. Texts are stored as texts, so no cell of it
// ever calculates.
type XLSX struct {
	zip   *zip.Writer
	part  *bufio.Writer // the sheet being written, nil before the first
	names []string
	foot  string
	row   int
	cell  []byte
	joins []string // ranges of cells that are one
	high  int      // points, of the row being written; 0 leaves the usual height
}

// NewXLSX starts a workbook; it needs at least one sheet, and is whole only after Close.
func NewXLSX(w io.Writer) *XLSX {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(out, flate.BestSpeed)
	})
	return &XLSX{zip: z}
}

// Sheet ends the sheet before and begins another one with its titles and heading.
func (x *XLSX) Sheet(l Layout) error {
	if err := x.endSheet(); err != nil {
		return err
	}
	x.names = append(x.names, cleanName(l.Name, x.names))
	part, err := x.zip.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(x.names)))
	if err != nil {
		return fmt.Errorf("begin a sheet: %w", err)
	}
	x.joins = nil
	x.part, x.row, x.foot = bufio.NewWriterSize(part, 64<<10), 0, l.Foot
	x.part.WriteString(xmlHead + `<worksheet xmlns="` + mainSpace + `"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`)
	x.writeView(l)
	writeWidths(x.part, l.Widths)
	x.part.WriteString("<sheetData>")
	for _, title := range l.Titles {
		if err := x.writeRow([]Value{Text(title)}, styleTitle); err != nil {
			return err
		}
	}
	if len(l.Heads) > 0 {
		return x.writeHeads(l.Heads)
	}
	if len(l.Heading) == 0 {
		return nil
	}
	names := make([]Value, len(l.Heading))
	for i, name := range l.Heading {
		names[i] = Text(name)
	}
	return x.writeRow(names, styleHeading)
}

// writeView keeps everything down to the heading in view.
func (x *XLSX) writeView(l Layout) {
	selected := ""
	if len(x.names) == 1 {
		selected = ` tabSelected="1"`
	}
	fmt.Fprintf(x.part, `<sheetViews><sheetView%s workbookViewId="0">`, selected)
	if n := max(len(l.Heads), min(len(l.Heading), 1)); n > 0 {
		n += len(l.Titles)
		fmt.Fprintf(x.part, `<pane ySplit="%d" topLeftCell="A%d" activePane="bottomLeft" state="frozen"/>`+
			`<selection pane="bottomLeft"/>`, n, n+1)
	}
	x.part.WriteString("</sheetView></sheetViews>")
}

func writeWidths(out *bufio.Writer, widths []float64) {
	open := false
	for i, width := range widths {
		if width <= 0 || width > 255 {
			continue
		}
		if !open {
			out.WriteString("<cols>")
			open = true
		}
		fmt.Fprintf(out, `<col min="%d" max="%d" width="%s" customWidth="1"/>`,
			i+1, i+1, strconv.FormatFloat(width, 'f', -1, 64))
	}
	if open {
		out.WriteString("</cols>")
	}
}

// Row writes the next row of the sheet begun last.
func (x *XLSX) Row(values ...Value) error {
	if x.part == nil {
		return errors.New("a row before the first sheet")
	}
	return x.writeRow(values, styleGeneral)
}

// writeRow writes values, in one style when it is not the general one.
func (x *XLSX) writeRow(values []Value, style int) error {
	if x.row == maxSheetRows {
		return &Error{Code: TooManyRows, Max: maxSheetRows}
	}
	if len(values) > maxSheetColumns {
		return &Error{Code: TooManyColumns, Max: maxSheetColumns}
	}
	x.row++
	b := append(x.cell[:0], `<row r="`...)
	b = strconv.AppendInt(b, int64(x.row), 10)
	if x.high > 0 {
		b = append(b, `" customHeight="1" ht="`...)
		b = strconv.AppendInt(b, int64(x.high), 10)
	}
	b = append(b, `">`...)
	for i, v := range values {
		if v.kind == valueBlank {
			continue
		}
		if v.kind == valueText && tooLong(v.text, maxCellChars) {
			return &Error{Code: CellTooLong, Row: x.row, Col: i + 1, Max: maxCellChars}
		}
		b = x.appendCell(b, i+1, v, style)
	}
	b = append(b, "</row>"...)
	x.cell = b
	if _, err := x.part.Write(b); err != nil {
		return fmt.Errorf("write row %d: %w", x.row, err)
	}
	return nil
}

// appendCell writes one cell. A text that would run if somebody edited it in place also carries the
// mark by which Excel keeps it a text.
func (x *XLSX) appendCell(b []byte, col int, v Value, style int) []byte {
	text, own := v.text, styleText
	switch {
	case v.kind == valueText && runnable(v.text):
		own = styleGuarded
	case v.kind == valueText:
	case v.kind == valueDay && v.number > 0:
		text, own = "", styleDay
	case v.kind == valueDay:
	case !v.exact():
		text = v.digits()
	case v.kind == valueInt:
		text, own = "", styleInt
	case v.kind == valueAmount:
		text, own = "", styleAmount
	case v.kind == valueDecimal:
		text, own = "", styleDecimal+v.places-1
	}
	if style != styleGeneral {
		own = style
	}
	b = appendColumn(append(b, `<c r="`...), col)
	b = strconv.AppendInt(b, int64(x.row), 10)
	b = append(b, `" s="`...)
	b = strconv.AppendInt(b, int64(own), 10)
	if text == "" {
		b = append(b, `"><v>`...)
		if v.kind == valueDay {
			b = strconv.AppendInt(b, v.number, 10)
		} else {
			b = append(b, v.digits()...)
		}
		return append(b, "</v></c>"...)
	}
	b = append(b, `" t="inlineStr"><is><t xml:space="preserve">`...)
	b = appendEscaped(b, text)
	return append(b, "</t></is></c>"...)
}

// endSheet closes the sheet being written, if there is one.
func (x *XLSX) endSheet() error {
	if x.part == nil {
		return nil
	}
	x.part.WriteString(`</sheetData>`)
	if len(x.joins) > 0 {
		fmt.Fprintf(x.part, `<mergeCells count="%d">`, len(x.joins))
		for _, at := range x.joins {
			x.part.WriteString(`<mergeCell ref="` + at + `"/>`)
		}
		x.part.WriteString(`</mergeCells>`)
	}
	x.part.WriteString(`<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>` +
		`<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>`)
	if x.foot != "" {
		x.part.WriteString("<headerFooter><oddFooter>")
		x.part.Write(appendEscaped(nil, "&L&8"+footText(x.foot)+"&R&8&P/&N"))
		x.part.WriteString("</oddFooter></headerFooter>")
	}
	// Numbers of documents are texts on purpose; no green corner shall invite anyone to change that.
	if x.row > 0 {
		fmt.Fprintf(x.part, `<ignoredErrors><ignoredError sqref="A1:XFD%d" numberStoredAsText="1"/></ignoredErrors>`, x.row)
	}
	x.part.WriteString("</worksheet>")
	err := x.part.Flush()
	x.part = nil
	if err != nil {
		return fmt.Errorf("end a sheet: %w", err)
	}
	return nil
}

// footText keeps a foot within the 255 characters Excel allows, and its & from becoming commands.
// A digit first would be taken as part of the letter size.
func footText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	out := " "
	for _, r := range s {
		next := out + string(r)
		if r == '&' {
			next += "&"
		}
		if len(next) > 200 && utf8.RuneCountInString(next) > 200 {
			break
		}
		out = next
	}
	return out
}

// Close writes the parts that name the sheets; the writer underneath stays open.
func (x *XLSX) Close() error {
	if len(x.names) == 0 {
		if err := x.Sheet(Layout{}); err != nil {
			return err
		}
	}
	if err := x.endSheet(); err != nil {
		return err
	}
	for _, part := range x.frame() {
		out, err := x.zip.Create(part.name)
		if err == nil {
			_, err = io.WriteString(out, part.text)
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", part.name, err)
		}
	}
	if err := x.zip.Close(); err != nil {
		return fmt.Errorf("finish a workbook: %w", err)
	}
	return nil
}

// cleanName makes a name that Excel accepts and no other sheet of the workbook has.
func cleanName(name string, taken []string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF || strings.ContainsRune(`[]:*?/\`, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, " "))
	base := shorten(strings.Trim(strings.TrimSpace(name), "'"), 31)
	if base == "" || strings.EqualFold(base, "history") {
		base = "Sheet" + strconv.Itoa(len(taken)+1)
	}
	unique := base
	for n := 2; isTaken(unique, taken); n++ {
		mark := " (" + strconv.Itoa(n) + ")"
		unique = shorten(base, 31-len(mark)) + mark
	}
	return unique
}

// shorten keeps at most n units of UTF-16, which is what Excel counts.
func shorten(s string, n int) string {
	for tooLong(s, n) {
		_, last := utf8.DecodeLastRuneInString(s)
		s = strings.TrimRight(s[:len(s)-last], " '")
	}
	return s
}

func isTaken(name string, taken []string) bool {
	for _, t := range taken {
		if strings.EqualFold(t, name) {
			return true
		}
	}
	return false
}
