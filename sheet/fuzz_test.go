package sheet

import (
	"bytes"
	"encoding/binary"
	"testing"
	"unicode/utf8"
)

// checkAny opens whatever it is given under small limits: it must end, refuse only with a code, and
// keep its promises about every row it hands out.
func checkAny(t *testing.T, data []byte) {
	l := DefaultLimits()
	l.FileBytes, l.UnpackedBytes, l.TextBytes, l.Rows = 1<<20, 4<<20, 1<<20, 5000
	b, err := l.Open("x.csv", bytes.NewReader(data), int64(len(data)))
	if err != nil {
		if CodeOf(err) == "" {
			t.Fatalf("refused without a code: %v", err)
		}
		return
	}
	if len(b.Sheets()) == 0 {
		t.Fatal("a book without sheets")
	}
	for i := range b.Sheets() {
		last := 0
		for row, err := range b.Rows(i) {
			if err != nil {
				if CodeOf(err) == "" {
					t.Fatalf("refused without a code: %v", err)
				}
				break
			}
			if row.Number <= last || len(row.Cells) == 0 || len(row.Cells) > l.Columns {
				t.Fatalf("row %d of %d cells after row %d", row.Number, len(row.Cells), last)
			}
			last = row.Number
			for _, c := range row.Cells {
				if !utf8.ValidString(c.Text) || (c.Kind == KindBlank) != (c.Text == "") {
					t.Fatalf("cell %+v", c)
				}
				if d, ok := c.Day(); ok && (d.Year < firstYear || d.Year > lastYear) {
					t.Fatalf("%+v is %v", c, d)
				}
			}
		}
	}
}

// FuzzOpen tries any bytes as a file.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(names))
	f.Add([]byte(utf8BOM + "a;\"b\r\n\"\"\";'=1\r\n"))
	f.Add([]byte("sep=;\n=\"01\";2\r3"))
	f.Add(asUTF16(names, binary.LittleEndian, true))
	f.Add(asUTF16(names, binary.BigEndian, false))
	f.Add(as1258(f, names))
	f.Add(asTCVN3(f, names))
	f.Add(asVNI(f, names))
	f.Add(peopleBook(f, 3))
	f.Add(overlapping(f))
	f.Add(append([]byte(oleMagic), utf16Bytes("EncryptedPackage")...))
	f.Fuzz(checkAny)
}

// FuzzSheet tries any text as the rows of a workbook, which random bytes in a zip never reach.
func FuzzSheet(f *testing.F) {
	f.Add(oneCell, `<si><t>a</t></si>`)
	f.Add(`<row><c t="inlineStr"><is><r><t>a&#x1EA1;</t></r></is></c><c t="s"><v>0</v></c><c s="1"><v>45991.5</v></c></row>`, `<si><r><t>_x000D_</t></r><rPh><t>x</t></rPh></si>`)
	f.Add(`<row r="2"><c r="B2" t="b"><v>1</v></c><c r="C2" t="e"><v>#N/A</v></c><c t="d"><v>2025-11-30</v></c></row><!-- x --><row r="7"/>`, `<si/>`)
	f.Add(`<x:row a='>'><x:c><f>1</f></x:c></x:row><![CDATA[ ]]><?pi?>`, ``)
	f.Fuzz(func(t *testing.T, rows, shared string) {
		checkAny(t, book(rows).with("xl/sharedStrings.xml", "<sst>"+shared+"</sst>").pack(t))
	})
}
