package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// parts is an XLSX file under construction: name of a part → its text.
type parts map[string]string

// book gives the parts of a workbook with one sheet, as Excel lays them out.
func book(sheetData string) parts {
	return parts{
		"[Content_Types].xml": `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
			`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` +
			`<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>`,
		"_rels/.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
			`<workbookPr defaultThemeVersion="124226"/><sheets><sheet name="Danh s&#225;ch" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>` +
			`<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/styles.xml": `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
			`<numFmts count="4"><numFmt numFmtId="164" formatCode="dd/mm/yyyy;@"/><numFmt numFmtId="165" formatCode="000000000000"/>` +
			`<numFmt numFmtId="166" formatCode="[$-42A]d\ &quot;th&#225;ng&quot;\ m\ yyyy"/><numFmt numFmtId="167" formatCode="#,##0\ &quot;d&quot;"/></numFmts>` +
			`<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>` +
			`<cellXfs count="7"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="20"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml":     `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="0" uniqueCount="0"></sst>`,
		"xl/worksheets/sheet1.xml": `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1"/><sheetData>` + sheetData + `</sheetData><pageMargins left="0.7"/></worksheet>`,
	}
}

// with changes or adds one part.
func (p parts) with(name, text string) parts {
	p[name] = text
	return p
}

// pack zips the parts in a steady order.
func (p parts) pack(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	names := make([]string, 0, len(p))
	for name := range p {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(p[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func open(t testing.TB, data []byte) *Book {
	t.Helper()
	b, err := Open("danh sách.xlsx", bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return b
}

// kept is a row that survives the next one.
func kept(r Row) Row { return Row{r.Number, slices.Clone(r.Cells)} }

func readAll(t testing.TB, b *Book, sheet int) []Row {
	t.Helper()
	var rows []Row
	for row, err := range b.Rows(sheet) {
		if err != nil {
			t.Fatalf("read: %v", err)
		}
		rows = append(rows, kept(row))
	}
	return rows
}

// failure opens and reads everything, and gives the refusal.
func failure(data []byte, l Limits) error {
	b, err := l.Open("x", bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	for i := range b.Sheets() {
		for _, err := range b.Rows(i) {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// show writes rows as text, one line each: number, then kind and text of each cell.
func show(rows []Row) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%d", r.Number)
		for _, c := range r.Cells {
			fmt.Fprintf(&b, "|%c%s", "-tndbe"[c.Kind], c.Text)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// peopleBook makes a list of people the way Excel saves one: every text once in the shared table,
// cells with references and styles, dates as serials.
func peopleBook(t testing.TB, people int) []byte {
	t.Helper()
	families := []string{"Vừ A", "Giàng Thị", "Sùng A", "Lò Văn", "Quàng Thị", "Mùa A", "Cà Văn", "Hạng Thị"}
	var shared, data strings.Builder
	index := map[string]int{}
	uses := 0
	text := func(s string) int {
		uses++
		n, ok := index[s]
		if !ok {
			n = len(index)
			index[s] = n
			fmt.Fprintf(&shared, "<si><t>%s</t></si>", s)
		}
		return n
	}
	heads := []string{"STT", "Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Số CCCD", "Số BHXH", "Điện thoại", "Xã", "Bản", "Nghề", "Hộ", "Quan hệ", "Hộ nghèo", "Mức đóng", "Ghi chú"}
	data.WriteString(`<row r="1" spans="1:16" s="1" customFormat="1" ht="30">`)
	for i, h := range heads {
		fmt.Fprintf(&data, `<c r="%s1" s="1" t="s"><v>%d</v></c>`, ColumnName(i+1), text(h))
	}
	data.WriteString("</row>")
	for i := range people {
		r := i + 2
		fmt.Fprintf(&data, `<row r="%d" spans="1:16" x14ac:dyDescent="0.25"><c r="A%d" s="0"><v>%d</v></c>`, r, r, i+1)
		cell := func(col string, s string) {
			fmt.Fprintf(&data, `<c r="%s%d" s="0" t="s"><v>%d</v></c>`, col, r, text(s))
		}
		cell("B", fmt.Sprintf("%s %c%d", families[i%8], 'A'+i%26, i/3))
		fmt.Fprintf(&data, `<c r="C%d" s="2"><v>%d</v></c>`, r, 20000+i*7%24000)
		cell("D", []string{"Nam", "Nữ"}[i%2])
		cell("E", []string{"Mông", "Thái", "Kinh", "Xạ Phang"}[i%4])
		cell("F", fmt.Sprintf("000%09d", i*7919%1_000_000_000))
		cell("G", fmt.Sprintf("00000%05d", i%100000))
		cell("H", fmt.Sprintf("0199%07d", i*31%10_000_000))
		cell("I", fmt.Sprintf("Xã số %d", i%5))
		cell("J", fmt.Sprintf("Bản %d", i%160))
		cell("K", []string{"Nông dân", "Tiểu thương", "Tự do"}[i%3])
		cell("L", fmt.Sprintf("HO%06d", i/4))
		cell("M", []string{"Chủ hộ", "Vợ", "Con", "Con"}[i%4])
		cell("N", []string{"Nghèo", "Cận nghèo", "Khác"}[i%3])
		fmt.Fprintf(&data, `<c r="O%d" s="5"><v>%d</v></c>`, r, 330000+i%10*1000)
		fmt.Fprintf(&data, `<c r="P%d" s="0"/></row>`, r)
	}
	return book(data.String()).with("xl/sharedStrings.xml",
		fmt.Sprintf(`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="%d" uniqueCount="%d">%s</sst>`,
			uses, len(index), shared.String())).pack(t)
}
