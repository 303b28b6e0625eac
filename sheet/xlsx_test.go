package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

func TestReadXLSX(t *testing.T) {
	shared := `<sst><si><t>Họ và tên</t></si><si><r><rPr><b/></rPr><t xml:space="preserve">Vừ </t></r><r><t>A Dính</t></r>` +
		`<rPh sb="0" eb="1"><t>skip</t></rPh></si><si><t/></si><si/><si><t>a&lt;b &amp; c&#x1EA1;_x000D__x005F_x</t></si></sst>`
	for _, c := range []struct {
		name, data, want string
		change           func(parts) parts
	}{
		{name: "shared, rich and escaped texts", data: `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>` +
			`<c r="D1" t="s"><v>3</v></c><c r="E1" t="s"><v>4</v></c></row>`,
			want: "1|tHọ và tên|tVừ A Dính|-|-|ta<b & cạ\r_x\n"},
		{name: "numbers", data: `<row r="2"><c r="A2"><v>12</v></c><c r="B2"><v>0.30000000000000004</v></c><c r="C2"><v>4.0099000123E10</v></c>` +
			`<c r="D2" s="3"><v>1099000123</v></c><c r="E2"><v>-3</v></c><c r="F2" s="5"><v>330000</v></c><c r="G2"><v> 7 </v></c><c r="H2"><v>1.5E-12</v></c></row>`,
			want: "2|n12|n0.3|n40099000123|n001099000123|n-3|n330000|n7|n1.5E-12\n"},
		{name: "dates", data: `<row r="1"><c r="A1" s="1"><v>45991</v></c><c r="B1" s="2"><v>45991.5</v></c><c r="C1" s="4"><v>1</v></c>` +
			`<c r="D1" s="1"><v>60</v></c><c r="E1" s="6"><v>0.5</v></c><c r="F1" t="d"><v>2025-11-30T08:15:30</v></c><c r="G1" s="1"><v>45991.9999999999</v></c></row>`,
			want: "1|d2025-11-30|d2025-11-30 12:00|d1900-01-01|n60|n0.5|d2025-11-30 08:15:30|d2025-12-01\n"},
		{name: "dates from 1904", data: `<row r="1"><c r="A1" s="1"><v>44529</v></c><c r="B1" s="1"><v>0</v></c></row>`,
			change: func(p parts) parts {
				return p.with("xl/workbook.xml", strings.Replace(p["xl/workbook.xml"], "<workbookPr ", `<workbookPr date1904="1" `, 1))
			},
			want: "1|d2025-11-30|d1904-01-01\n"},
		{name: "truth and faults", data: `<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="b"><v>0</v></c><c r="C1" t="e"><v>#N/A</v></c><c r="D1" t="str"><v>chữ</v></c></row>`,
			want: "1|bTRUE|bFALSE|e#N/A|tchữ\n"},
		{name: "other programs: inline texts, no references, no dimension",
			data: `<row><c t="inlineStr"><is><t>Họ tên</t></is></c><c t="inlineStr"><is><t xml:space="preserve"> Năm </t></is></c></row>` +
				`<row/><row><c><v>1</v></c><c/><c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>`,
			want: "1|tHọ tên|t Năm \n3|n1|-|tab\n"},
		{name: "blank rows and cells", data: `<row r="3"><c r="B3"><v>1</v></c><c r="ZZ3" s="1"/></row><row r="5" s="1"/><row r="1048576"><c r="A1048576"><v>2</v></c></row>`,
			want: "3|-|n1\n1048576|n2\n"},
		{name: "prefixes, comments, CDATA and odd white space",
			change: func(p parts) parts {
				return p.with("xl/worksheets/sheet1.xml", "\xEF\xBB\xBF<?xml version='1.0' encoding='UTF-8'?>\r\n<!-- <c> --><x:worksheet xmlns:x='m'><x:sheetData>\n"+
					"<x:row r = '1' ><x:c\tr=\"A1\" t='inlineStr' note='a>b'><x:is><x:t><![CDATA[<ba & bốn>]]></x:t></x:is></x:c ></x:row>\n</x:sheetData></x:worksheet>")
			},
			want: "1|t<ba & bốn>\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := book(c.data).with("xl/sharedStrings.xml", shared)
			if c.change != nil {
				p = c.change(p)
			}
			b := open(t, p.pack(t))
			if got := show(readAll(t, b, 0)); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			if b.Format() != "xlsx" || b.Sheets()[0].Name != "Danh sách" {
				t.Errorf("format %q, sheets %v", b.Format(), b.Sheets())
			}
		})
	}
}

func TestSheetsOfABook(t *testing.T) {
	p := book(`<row r="1"><c r="A1"><v>1</v></c></row>`)
	p["xl/workbook.xml"] = strings.Replace(p["xl/workbook.xml"], "<sheets>",
		`<sheets><sheet name="Ẩn &amp; kín" sheetId="7" state="veryHidden" r:id="rId9"/><sheet name="Biểu đồ" sheetId="8" r:id="rId8"/>`, 1)
	p["xl/_rels/workbook.xml.rels"] = strings.Replace(p["xl/_rels/workbook.xml.rels"], "</Relationships>",
		`<Relationship Id="rId9" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="/XL/worksheets/Other.xml"/>`+
			`<Relationship Id="rId8" Type="x/chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>`, 1)
	p["xl\\worksheets\\other.xml"] = `<worksheet><sheetData><row><c><v>2</v></c></row></sheetData></worksheet>`
	b := open(t, p.pack(t))
	want := "[{Ẩn & kín true} {Danh sách false}]"
	if got := fmt.Sprint(b.Sheets()); got != want {
		t.Fatalf("sheets %s, want %s", got, want)
	}
	if got := show(readAll(t, b, 0)) + show(readAll(t, b, 1)) + show(readAll(t, b, 1)); got != "1|n2\n1|n1\n1|n1\n" {
		t.Errorf("rows %q", got)
	}
	for _, err := range b.Rows(2) {
		if err == nil || CodeOf(err) != "" {
			t.Errorf("a sheet that is not there: %v", err)
		}
	}
}

// TestLikeExcelize reads files that excelize writes in several ways, and expects what excelize reads.
func TestLikeExcelize(t *testing.T) {
	for _, stream := range []bool{false, true} {
		t.Run(fmt.Sprintf("stream=%v", stream), func(t *testing.T) {
			f := excelize.NewFile()
			day, err := f.NewStyle(&excelize.Style{CustomNumFmt: new("yyyy-mm-dd")})
			if err != nil {
				t.Fatal(err)
			}
			when := time.Date(1987, 6, 5, 0, 0, 0, 0, time.UTC)
			set := func(row int, values ...any) error {
				for i, v := range values {
					cell := fmt.Sprintf("%s%d", ColumnName(i+1), row)
					if err := f.SetCellValue("Sheet1", cell, v); err != nil {
						return err
					}
					if v == when {
						if err := f.SetCellStyle("Sheet1", cell, cell, day); err != nil {
							return err
						}
					}
				}
				return nil
			}
			if stream {
				w, err := f.NewStreamWriter("Sheet1")
				if err != nil {
					t.Fatal(err)
				}
				set = func(row int, values ...any) error {
					for i, v := range values {
						if v == when {
							values[i] = excelize.Cell{Value: v, StyleID: day}
						}
					}
					return w.SetRow(fmt.Sprintf("A%d", row), values)
				}
				defer func() {
					if err := w.Flush(); err != nil {
						t.Fatal(err)
					}
					compareWithExcelize(t, f)
				}()
			} else {
				defer compareWithExcelize(t, f)
			}
			for i := 1; i <= 300; i++ {
				err := set(i*2, fmt.Sprintf("Sùng Thị %d", i), i, float64(i)/8, when, i%2 == 0, "", " a\nb\t<&>\" ", fmt.Sprintf("%012d", i), "_x0041_ +84 =1")
				if err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func compareWithExcelize(t *testing.T, f *excelize.File) {
	t.Helper()
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	want, err := again.GetRows("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	got := readAll(t, open(t, out.Bytes()), 0)
	if len(got) != 300 {
		t.Fatalf("%d rows", len(got))
	}
	for _, row := range got {
		if len(want[row.Number-1]) != len(row.Cells) {
			t.Fatalf("row %d: %v, excelize %q", row.Number, row.Cells, want[row.Number-1])
		}
		for i, text := range want[row.Number-1] {
			if row.Text(i) != text {
				t.Fatalf("row %d col %d: %q, excelize %q", row.Number, i, row.Text(i), text)
			}
		}
	}
}

// TestPeopleBook proves the list used for the speed figures against excelize.
func TestPeopleBook(t *testing.T) {
	data := peopleBook(t, 400)
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	rows := readAll(t, open(t, data), 0)
	if len(rows) != 401 || len(want) != 401 {
		t.Fatalf("%d rows, excelize %d", len(rows), len(want))
	}
	for i, row := range rows {
		for j, c := range row.Cells {
			if c.Kind == KindDate {
				d, ok := c.Day()
				if shown := fmt.Sprintf("%02d/%02d/%04d", d.Day, d.Month, d.Year); !ok || shown != want[i][j] {
					t.Fatalf("row %d: %s, excelize %s", i, shown, want[i][j])
				}
			} else if i > 0 && j == 14 {
				// excelize gives the amount as its format shows it.
				if strings.ReplaceAll(strings.TrimSuffix(want[i][j], " d"), ",", "") != c.Text {
					t.Fatalf("row %d: amount %q, excelize %q", i, c.Text, want[i][j])
				}
			} else if c.Text != want[i][j] {
				t.Fatalf("row %d col %d: %q, excelize %q", i, j, c.Text, want[i][j])
			}
		}
	}
}

func TestFormats(t *testing.T) {
	for code, want := range map[string]style{
		"General": {}, "0": {}, "00000": {pad: 5}, "0.00": {}, "#,##0": {}, "dd/mm/yyyy": {date: true}, "mmm-yy": {date: true},
		"yyyy": {date: true}, "h:mm": {}, "mm:ss": {}, "[h]:mm": {}, "[Red]#,##0": {}, `"ngày" 0`: {}, `0\d`: {}, "_d0": {}, "*y0": {},
		"[$-42A]d/m/yyyy;@": {date: true}, "0;dd": {}, "@": {}, "0.00E+00": {}, "dd/mm/yyyy hh:mm": {date: true}, `"mở`: {}, "[Mở": {},
	} {
		if got := formatStyle(code); got != want {
			t.Errorf("%q: %+v, want %+v", code, got, want)
		}
	}
	for id, want := range map[int]bool{0: false, 1: false, 13: false, 14: true, 17: true, 18: false, 20: false, 22: true, 37: false, 45: false, 49: false, 57: true, -1: false} {
		if got := styleOf(id, nil).date; got != want {
			t.Errorf("format %d: %v", id, got)
		}
	}
}

func TestColumnNames(t *testing.T) {
	for n, want := range map[int]string{0: "", 1: "A", 26: "Z", 27: "AA", 702: "ZZ", 703: "AAA", 16384: "XFD"} {
		if got := ColumnName(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
		if n > 0 && column([]byte(want+"7")) != n {
			t.Errorf("%s: %d", want, column([]byte(want+"7")))
		}
	}
	for _, odd := range []string{"", "7", "A-1", "ABCDE1", "Đ1"} {
		if got := column([]byte(odd)); got != 0 {
			t.Errorf("%q: %d", odd, got)
		}
	}
}
