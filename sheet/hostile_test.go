package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"runtime"
	"strings"
	"testing"
	"time"
)

// wantRefusal compares code and place.
func wantRefusal(t *testing.T, err error, want Error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("no refusal: %v", err)
	}
	if e.Code != want.Code || e.Row != want.Row || e.Col != want.Col {
		t.Fatalf("refused with %v, want %v", e, &want)
	}
}

const oneCell = `<row r="1"><c r="A1"><v>1</v></c></row>`

func TestHostileXLSX(t *testing.T) {
	row := func(cells string) []byte { return book(`<row r="5">` + cells + `</row>`).pack(t) }
	sheetPart := func(text string) []byte { return book("").with("xl/worksheets/sheet1.xml", text).pack(t) }
	for _, c := range []struct {
		name string
		data []byte
		want Error
	}{
		{"formula", row(`<c r="A5"><v>1</v></c><c r="C5"><f>SUM(A1:A4)</f><v>7</v></c>`), Error{Code: Formula, Row: 5, Col: 3}},
		{"shared formula", row(`<c r="B5" t="str"><f t="shared" si="0"/><v>x</v></c>`), Error{Code: Formula, Row: 5, Col: 2}},
		{"formula in a blank cell", row(`<c r="XFD5"><f>1</f></c>`), Error{Code: Formula, Row: 5, Col: 16384}},
		{"macros", book(oneCell).with("xl/vbaProject.bin", oleMagic).pack(t), Error{Code: Macros}},
		{"macros by type", book(oneCell).with("xl/pictures.dat", "x").with("[Content_Types].xml",
			`<Types><Override PartName="/xl/pictures.dat" ContentType="application/vnd.ms-office.vbaProject"/></Types>`).pack(t), Error{Code: Macros}},
		{"old macro sheets", book(oneCell).with("xl/macrosheets/sheet1.xml", "<x/>").pack(t), Error{Code: Macros}},
		{"links to other files", book(oneCell).with("xl/externalLinks/externalLink1.xml", "<x/>").pack(t), Error{Code: ExternalLinks}},
		{"embedded document", book(oneCell).with("xl/embeddings/oleObject1.bin", oleMagic+"...").pack(t), Error{Code: EmbeddedFile}},
		{"nested archive", book(oneCell).with("xl/media/image1.png", string(book(oneCell).pack(t))).pack(t), Error{Code: NestedZip}},
		{"bomb of one part", book(oneCell).with("xl/media/zeros.bin", strings.Repeat("\x00", 2<<20)).pack(t), Error{Code: ZipBomb}},
		{"bomb in the sheet", book(strings.Repeat(`<row/>`, 300_000)).pack(t), Error{Code: ZipBomb}},
		{"bomb of shared texts", book(oneCell).with("xl/sharedStrings.xml", "<sst>"+strings.Repeat(`<si/>`, 300_000)+"</sst>").pack(t), Error{Code: ZipBomb}},
		{"too many parts", manyParts(201).pack(t), Error{Code: TooManyParts}},
		{"glued before", append([]byte("PK\x03\x04 and something else"), book(oneCell).pack(t)...), Error{Code: Polyglot}},
		{"glued behind", append(book(oneCell).pack(t), "<script>"...), Error{Code: Polyglot}},
		{"first part hidden", hideFirstPart(t), Error{Code: Polyglot}},
		{"overlapping parts", overlapping(t), Error{Code: ZipBomb}},
		{"lying sizes", lyingSize(t), Error{Code: Damaged}},
		{"lying count", lyingCount(t), Error{Code: Damaged}},
		{"cut off", book(oneCell).pack(t)[:700], Error{Code: Damaged}},
		{"two parts of one name", book(oneCell).with("XL/workbook.XML", "<x/>").pack(t), Error{Code: Damaged}},
		{"a part outside", book(oneCell).with("../../etc/cron.d/x", "x").pack(t), Error{Code: Damaged}},
		{"locked part", lockedPart(t), Error{Code: Encrypted}},
		{"entity expansion", sheetPart(`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet><sheetData>` + oneCell + `</sheetData></worksheet>`), Error{Code: Damaged}},
		{"unknown entity", row(`<c r="A5" t="inlineStr"><is><t>&xxe;</t></is></c>`), Error{Code: Damaged, Row: 5, Col: 1}},
		{"cut off sheet", sheetPart(`<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="B2"><v>`), Error{Code: Damaged, Row: 2, Col: 2}},
		{"endless tag", sheetPart(`<worksheet a="` + noise(700_000) + `"/>`), Error{Code: CellTooLong}},
		{"another encoding", sheetPart(`<?xml version="1.0" encoding="UTF-16"?><worksheet/>`), Error{Code: BadEncoding}},
		{"UTF-16", sheetPart("\xFF\xFE<\x00w\x00"), Error{Code: BadEncoding}},
		{"broken letters", row(`<c r="B5" t="inlineStr"><is><t>` + "\xC3\x28" + `</t></is></c>`), Error{Code: BadEncoding, Row: 5, Col: 2}},
		{"too many columns", row(`<c r="GR5"><v>1</v></c><c r="GS5"><v>1</v></c>`), Error{Code: TooManyColumns, Row: 5, Col: 201}},
		{"beyond the last column", row(`<c r="XFE5"/>`), Error{Code: TooManyColumns, Row: 5, Col: 16385}},
		{"a row without end", row(strings.Repeat(`<c><v>1</v></c>`, 200) + noiseCells(100_000)), Error{Code: TooManyColumns, Row: 5, Col: 201}},
		{"a blank row without end", row(noiseBlanks(100_000)), Error{Code: TooManyColumns, Row: 5, Col: 16385}},
		{"cells out of order", row(`<c r="B5"><v>1</v></c><c r="A5"><v>2</v></c>`), Error{Code: Damaged, Row: 5, Col: 2}},
		{"rows out of order", book(`<row r="5"/><row r="5"/>`).pack(t), Error{Code: Damaged, Row: 6}},
		{"row beyond the sheet", book(`<row r="1048577"/>`).pack(t), Error{Code: Damaged, Row: 1}},
		{"row number nonsense", book(`<row r="-1"/>`).pack(t), Error{Code: Damaged, Row: 1}},
		{"shared text that is not there", row(`<c r="A5" t="s"><v>99</v></c>`), Error{Code: Damaged, Row: 5, Col: 1}},
		{"negative shared text", row(`<c r="A5" t="s"><v>-1</v></c>`), Error{Code: Damaged, Row: 5, Col: 1}},
		{"number nonsense", row(`<c r="A5"><v>NaN</v></c>`), Error{Code: Damaged, Row: 5, Col: 1}},
		{"infinite number", row(`<c r="A5"><v>1e999</v></c>`), Error{Code: Damaged, Row: 5, Col: 1}},
		{"unknown type", row(`<c r="A5" t="x"><v>1</v></c>`), Error{Code: Damaged, Row: 5, Col: 1}},
		{"long cell", row(`<c r="A5" t="inlineStr"><is><t>` + noise(maxCellChars+1) + `</t></is></c>`), Error{Code: CellTooLong, Row: 5, Col: 1}},
		{"long shared text", book(oneCell).with("xl/sharedStrings.xml", "<sst><si>"+strings.Repeat("<r><t>"+noise(30_000)+"</t></r>", 9)+"</si></sst>").pack(t), Error{Code: CellTooLong}},
		{"old fonts", book(oneCell).with("xl/sharedStrings.xml", "<sst>"+sharedWords(asLatin(asTCVN3(t, names+names+names)))+"</sst>").pack(t), Error{Code: LegacyFont}},
		{"missing sheet part", without(book(oneCell), "xl/worksheets/sheet1.xml").pack(t), Error{Code: Damaged}},
		{"a letter", without(book(oneCell), "xl/workbook.xml").with("word/document.xml", "<x/>").pack(t), Error{Code: Damaged}},
		{"not a workbook inside", book(oneCell).with("xl/workbook.xml", "<document/>").pack(t), Error{Code: NotATable}},
		{"any archive", parts{"a.txt": "x"}.pack(t), Error{Code: NotATable}},
		{"OpenDocument", parts{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}.pack(t), Error{Code: OpenDocument}},
		{"xlsb", without(book(oneCell), "xl/workbook.xml").with("xl/workbook.bin", "x").pack(t), Error{Code: BinaryXLSB}},
	} {
		t.Run(c.name, func(t *testing.T) { wantRefusal(t, failure(c.data, DefaultLimits()), c.want) })
	}
}

// TestFlippedByte damages the packed data; whatever shows it first, it is refused as damage.
func TestFlippedByte(t *testing.T) {
	data := peopleBook(t, 500)
	start := bytes.Index(data, []byte("xl/worksheets/sheet1.xml"))
	for at := start + 100; at < start+10_000; at += 777 {
		broken := bytes.Clone(data)
		broken[at] ^= 0x55
		if err := failure(broken, DefaultLimits()); CodeOf(err) == "" {
			t.Errorf("byte %d flipped: %v", at, err)
		}
	}
}

func TestHostileText(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     Error
	}{
		{"nothing", "", Error{Code: Empty}},
		{"formula", "a,b\n1,=cmd|' /C calc'!A0\n", Error{Code: Formula, Row: 2, Col: 2}},
		{"formula behind blanks and quotes", "a,b\n\"  =1+1\",1\n", Error{Code: Formula, Row: 2, Col: 1}},
		{"function with another sign", "a,b\n1,@SUM(A1)\n", Error{Code: Formula, Row: 2, Col: 2}},
		{"command with another sign", "a,b\n1,+cmd|'/c x'!A1\n", Error{Code: Formula, Row: 2, Col: 2}},
		{"hidden link", "a,b\n1,\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"\n", Error{Code: Formula, Row: 2, Col: 2}},
		{"too many columns", strings.Repeat("x,", 200) + "x\n", Error{Code: TooManyColumns, Row: 1, Col: 201}},
		{"a million columns", strings.Repeat("x,", 1_000_000), Error{Code: TooManyColumns, Row: 1, Col: 201}},
		{"a million blank columns", strings.Repeat(",", 1_000_000), Error{Code: TooManyColumns, Row: 1, Col: 16385}},
		{"endless cell", "a,b\n" + strings.Repeat("x", 10<<20), Error{Code: CellTooLong, Row: 2, Col: 1}},
		{"endless quotes", "a,b\n1,\"" + strings.Repeat("x\n", 10<<20), Error{Code: CellTooLong, Row: 2, Col: 2}},
		{"cell just too long", "a,b\n1," + strings.Repeat("ễ", maxCellChars+1), Error{Code: CellTooLong, Row: 2, Col: 2}},
		{"quote never closed", "a,b\n1,\"x\ny,z\n", Error{Code: UnclosedQuote, Row: 2, Col: 2}},
		{"zeros", "a,b\n\x00\x01,2\n", Error{Code: NotATable}},
		{"web page", "\n <!DOCTYPE HTML><table><tr><td>1", Error{Code: HTML}},
		{"old XML workbook", `<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`, Error{Code: LegacyXLS}},
		{"other XML", `<?xml version="1.0"?><a/>`, Error{Code: NotATable}},
		{"JSON", `{"a": 1}`, Error{Code: NotATable}},
		{"PDF", "%PDF-1.7\n", Error{Code: NotATable}},
		{"picture", "\x89PNG\r\n\x1a\n", Error{Code: NotATable}},
		{"program", "MZ\x90\x00\x03", Error{Code: NotATable}},
		{"old workbook", oleMagic + strings.Repeat("\x00", 70_000) + string(utf16Bytes("Workbook")), Error{Code: LegacyXLS}},
		{"locked workbook", oleMagic + string(utf16Bytes("Workbook")) + strings.Repeat("\x00", 65_505) + string(utf16Bytes("EncryptedPackage")), Error{Code: Encrypted}},
		{"old letter", oleMagic + string(utf16Bytes("WordDocument")), Error{Code: NotATable}},
		{"odd separator", "sep=a\nxay\n", Error{Code: NotATable}},
	} {
		t.Run(c.name, func(t *testing.T) { wantRefusal(t, failure([]byte(c.in), DefaultLimits()), c.want) })
	}
}

func TestLimits(t *testing.T) {
	l := DefaultLimits()
	l.Rows, l.FileBytes, l.TextBytes = 3, 1<<20, 10_000
	lines := "a\nb\n\n\nc\n"
	if err := failure([]byte(lines), l); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, failure([]byte(lines+"d\n"), l), Error{Code: TooManyRows, Row: 6})
	rows := strings.Repeat(`<row><c><v>1</v></c></row><row/>`, 3)
	if err := failure(book(rows).pack(t), l); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, failure(book(rows+`<row><c><v>1</v></c></row>`).pack(t), l), Error{Code: TooManyRows, Row: 7})
	wantRefusal(t, failure(make([]byte, 1<<20+1), l), Error{Code: TooLarge})
	wantRefusal(t, failure(book(oneCell).with("xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si><t>0123456789</t></si>", 800)+"</sst>").pack(t), l), Error{Code: TooLarge})
	l.UnpackedBytes = 2000
	wantRefusal(t, failure(book(oneCell).pack(t), l), Error{Code: ZipBomb})
}

// TestBoundedMemory reads the largest files that the limits let through and refuse late.
func TestBoundedMemory(t *testing.T) {
	big := DefaultLimits()
	big.Ratio, big.TextBytes = 2000, 8<<20
	for _, c := range []struct {
		name string
		data []byte
	}{
		{"blank rows", book(strings.Repeat(`<row><c s="1"/><c s="1"/></row>`, 300_000)).pack(t)},
		{"shared texts", book(oneCell).with("xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si><t>"+strings.Repeat("x", 30_000)+"</t></si>", 500)+"</sst>").pack(t)},
		{"empty texts", book(oneCell).with("xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si/>", 3<<20)+"</sst>").pack(t)},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := heap()
			stop, peak := make(chan struct{}), make(chan uint64)
			go func() {
				var most uint64
				var m runtime.MemStats
				for tick := time.Tick(5 * time.Millisecond); ; {
					select {
					case <-stop:
						peak <- most
						return
					case <-tick:
						runtime.ReadMemStats(&m)
						most = max(most, m.HeapAlloc)
					}
				}
			}()
			err := failure(c.data, big)
			close(stop)
			// The heap counts garbage too, up to as much as is kept.
			most := <-peak
			t.Logf("%d MB at most: %v", (max(most, before)-before)>>20, err)
			if most > before+48<<20 {
				t.Errorf("%d MB for %d MB of file, %v", (most-before)>>20, len(c.data)>>20, err)
			}
		})
	}
}

func manyParts(n int) parts {
	p := book(oneCell)
	for i := len(p); i < n; i++ {
		p[fmt.Sprintf("xl/extra%d.xml", i)] = "<x/>"
	}
	return p
}

func without(p parts, name string) parts {
	delete(p, name)
	return p
}

// noise is text that does not compress like a bomb.
func noise(n int) string {
	b := make([]byte, n)
	seed := uint32(1)
	for i := range b {
		seed = seed*1664525 + 1013904223
		b[i] = 'a' + byte(seed>>24)%26
	}
	return string(b)
}

func noiseCells(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<c><v>%d</v></c>", uint32(i)*2654435761)
	}
	return b.String()
}

func noiseBlanks(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<c s="%d"/>`, uint32(i)*2654435761)
	}
	return b.String()
}

func sharedWords(text string) string {
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == '\n' }) {
		b.WriteString("<si><t>" + word + "</t></si>")
	}
	return b.String()
}

// lockedPart marks every part as needing a password.
func lockedPart(t testing.TB) []byte {
	data := book(oneCell).pack(t)
	for i := 0; ; {
		j := bytes.Index(data[i:], []byte("PK\x01\x02"))
		if j < 0 {
			return data
		}
		i += j + 4
		data[i+4] |= 1
	}
}

// lyingSize declares the first part smaller than it unpacks.
func lyingSize(t testing.TB) []byte {
	data := book(oneCell).pack(t)
	i := bytes.Index(data, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(data[i+24:], 10)
	return data
}

// lyingCount announces one part less than the directory lists.
func lyingCount(t testing.TB) []byte {
	data := book(oneCell).pack(t)
	i := bytes.LastIndex(data, []byte("PK\x05\x06"))
	n := binary.LittleEndian.Uint16(data[i+10:])
	binary.LittleEndian.PutUint16(data[i+8:], n-1)
	binary.LittleEndian.PutUint16(data[i+10:], n-1)
	return data
}

// hideFirstPart drops the first part from the directory, so that the file starts with something
// that no part is.
func hideFirstPart(t testing.TB) []byte {
	data := book(oneCell).pack(t)
	start := bytes.Index(data, []byte("PK\x01\x02"))
	next := start + 4 + bytes.Index(data[start+4:], []byte("PK\x01\x02"))
	data = append(data[:start:start], data[next:]...)
	i := bytes.LastIndex(data, []byte("PK\x05\x06"))
	for _, at := range []int{8, 10} {
		binary.LittleEndian.PutUint16(data[i+at:], binary.LittleEndian.Uint16(data[i+at:])-1)
	}
	binary.LittleEndian.PutUint32(data[i+12:], uint32(i-start))
	return data
}

// overlapping lists one packed stretch under many names.
func overlapping(t testing.TB) []byte {
	t.Helper()
	body := []byte(strings.Repeat("x", 500))
	var out bytes.Buffer
	header := func(sig string, central bool, name string) {
		out.WriteString(sig)
		if central {
			out.Write([]byte{20, 0})
		}
		fields := []any{uint16(20), uint16(0), uint16(0), uint32(0), crc32.ChecksumIEEE(body), uint32(len(body)), uint32(len(body)), uint16(len(name)), uint16(0)}
		if central {
			fields = append(fields, uint16(0), uint16(0), uint16(0), uint32(0), uint32(0))
		}
		for _, f := range fields {
			if err := binary.Write(&out, binary.LittleEndian, f); err != nil {
				t.Fatal(err)
			}
		}
		out.WriteString(name)
	}
	header("PK\x03\x04", false, "part00.xml")
	out.Write(body)
	start := out.Len()
	for i := range 50 {
		header("PK\x01\x02", true, fmt.Sprintf("part%02d.xml", i))
	}
	size := out.Len() - start
	out.WriteString("PK\x05\x06\x00\x00\x00\x00")
	for _, f := range []any{uint16(50), uint16(50), uint32(size), uint32(start), uint16(0)} {
		if err := binary.Write(&out, binary.LittleEndian, f); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len())); err != nil {
		t.Fatalf("the overlapping archive is not one: %v", err)
	}
	return out.Bytes()
}
