package sheet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

func TestReadCSV(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"comma", "Họ tên,Năm\nVừ A,1987\n", "1|tHọ tên|tNăm\n2|tVừ A|t1987\n"},
		{"mark and semicolon", utf8BOM + "a;b;c\r\n1;2,5;3\r\n", "1|ta|tb|tc\n2|t1|t2,5|t3\n"},
		{"tab", "a\tb\n1, 2\t3; 4\n", "1|ta|tb\n2|t1, 2|t3; 4\n"},
		{"titles before the table", "DANH SÁCH\n\nxã A;năm 2025\nSTT;Tên;Bản, xã\n1;A;B, C\n2;D;E, F\n",
			"1|tDANH SÁCH\n3|txã A|tnăm 2025\n4|tSTT|tTên|tBản, xã\n5|t1|tA|tB, C\n6|t2|tD|tE, F\n"},
		{"quotes", `"a,""b""",c` + "\n" + `"d` + "\r\n" + `e",f`, "1|ta,\"b\"|tc\n2|td\r\ne|tf\n"},
		{"stray quotes", "a 5\" pipe,b\n\"c\"d,e\n", "1|ta 5\" pipe|tb\n2|tcd|te\n"},
		{"old line ends", "a,b\rc,d\r", "1|ta|tb\n2|tc|td\n"},
		{"no last line end, blank lines, blank ends", "\n,,\n a ,b,,\n\n,c", "3|t a |tb\n5|-|tc\n"},
		{"named separator", "sep=|\r\na,b|c\r\n", "1|ta,b|tc\n"},
		{"one column", "tên\nVừ A Dính\n", "1|ttên\n2|tVừ A Dính\n"},
		{"leading zeros kept by other programs", "a,b\n=\"0199\",\"=\"\"001\"\"\"\n", "1|ta|tb\n2|t0199|t001\n"},
		{"guarded texts", "a,b,c\n'+84199,'-5,'sic\n", "1|ta|tb|tc\n2|t+84199|t-5|t'sic\n"},
		{"signs that run nothing", "+84 (215) 1,-5,- xem lại (sau),@tên,+\n", "1|t+84 (215) 1|t-5|t- xem lại (sau)|t@tên|t+\n"},
		{"one cell", "x", "1|tx\n"},
		{"only blanks", "\n\n,,\n", ""},
		{"letters that spell a magic number", "MZ,II\n1,2\n", "1|tMZ|tII\n2|t1|t2\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := Open("thư mục/danh.sách.csv", strings.NewReader(c.in), int64(len(c.in)))
			if err != nil {
				t.Fatal(err)
			}
			if got := show(readAll(t, b, 0)); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			if b.Format() != "csv" || b.Encoding() != "utf-8" || b.Sheets()[0].Name != "danh.sách" {
				t.Errorf("%s %s %v", b.Format(), b.Encoding(), b.Sheets())
			}
		})
	}
}

// names has enough toned words to tell character sets apart.
const names = "Họ và tên;Dân tộc;Địa chỉ\nNguyễn Văn Hạnh;Kinh;Thị trấn Tủa Chùa\nVừ A Dính;Mông;bản Huổi Trẳng\n" +
	"Lò Thị Ứng;Thái;xã Mường Báng\nQuàng Văn Đức;Thái;xã Sính Phình\nGiàng Thị Mỷ;Mông;ngã ba đường\nTẠ THỊ HUYỀN;Kinh;thôn Đoàn Kết\n"

func TestCharsets(t *testing.T) {
	plain, err := Open("", strings.NewReader(names), int64(len(names)))
	if err != nil {
		t.Fatal(err)
	}
	want := show(readAll(t, plain, 0))
	for _, c := range []struct {
		name string
		data []byte
	}{
		{"utf-16le", asUTF16(names, binary.LittleEndian, true)},
		{"utf-16be", asUTF16(names, binary.BigEndian, true)},
		{"utf-16le", asUTF16(names, binary.LittleEndian, false)},
		{"utf-16be", asUTF16(names, binary.BigEndian, false)},
		{"windows-1258", as1258(t, names)},
		{"tcvn3", asTCVN3(t, names)},
		{"vni", asVNI(t, names)},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t, c.data)
			if b.Encoding() != c.name {
				t.Fatalf("read as %s", b.Encoding())
			}
			want := want
			if c.name == "tcvn3" {
				// TCVN3 has no toned capitals; one at the start of a word cannot be told from a small letter.
				want = strings.Replace(want, "Ứng", "ứng", 1)
			}
			if got := show(readAll(t, b, 0)); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestUncertainCharsets(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
		want Error
	}{
		{"few words in an old set", asTCVN3(t, "tên,bản\nVừ A,1\nLò,2\n"), Error{Code: BadEncoding, Row: 1, Col: 1}},
		{"Western letters", []byte("nom,ville\nJos\xE9 Mu\xF1oz,Gen\xE8ve\nFran\xE7oise,N\xEEmes\nZo\xEB,M\xFCnchen\nBj\xF6rk,\xC5rhus\n"), Error{Code: BadEncoding, Row: 2, Col: 1}},
		{"one broken letter", []byte(strings.Replace(names, "Ứng", "\xE1\xBB", 1)), Error{Code: BadEncoding, Row: 4, Col: 1}},
		{"half a pair of UTF-16", append(asUTF16("a,b\n", binary.LittleEndian, true), 0x00, 0xD8, 'x', 0), Error{Code: BadEncoding}},
		{"odd end of UTF-16", append(asUTF16("a,b\n", binary.LittleEndian, true), 'x'), Error{Code: BadEncoding}},
		{"UTF-32", []byte("\xFF\xFE\x00\x00a\x00\x00\x00"), Error{Code: BadEncoding}},
		{"TCVN3 letters in Unicode", []byte(asLatin(asTCVN3(t, names+names+names))), Error{Code: LegacyFont}},
		{"VNI letters in Unicode", []byte(asLatin(asVNI(t, names+names+names))), Error{Code: LegacyFont}},
	} {
		t.Run(c.name, func(t *testing.T) { wantRefusal(t, failure(c.data, DefaultLimits()), c.want) })
	}
}

// TestLongFileOfLetters crosses every buffer with letters of several bytes.
func TestLongFileOfLetters(t *testing.T) {
	line := strings.Repeat("ễ", 4999) + ",“x”\n"
	in := strings.Repeat(line, 300)
	rows := readAll(t, open(t, []byte("a"+in)), 0)
	if len(rows) != 300 || rows[299].Text(0) != strings.Repeat("ễ", 4999) || rows[0].Text(0)[0] != 'a' {
		t.Fatalf("%d rows", len(rows))
	}
	rows = readAll(t, open(t, asUTF16(in, binary.BigEndian, true)), 0)
	if len(rows) != 300 || rows[150].Text(1) != "“x”" {
		t.Fatalf("%d rows of UTF-16", len(rows))
	}
}

// brokenDisk fails in the middle of a file.
type brokenDisk struct {
	io.ReaderAt
	from int64
}

func (b brokenDisk) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > b.from {
		return 0, iotest.ErrTimeout
	}
	return b.ReaderAt.ReadAt(p, off)
}

// TestDiskFaults keeps faults of the disk apart from faults of the file.
func TestDiskFaults(t *testing.T) {
	csv := []byte(strings.Repeat(names, 20_000))
	for _, data := range [][]byte{csv, peopleBook(t, 200)} {
		for _, from := range []int64{0, 10_000} {
			b, err := Open("x", brokenDisk{bytes.NewReader(data), from}, int64(len(data)))
			if err == nil {
				for _, err = range b.Rows(0) {
					if err != nil {
						break
					}
				}
			}
			if !errors.Is(err, iotest.ErrTimeout) || CodeOf(err) != "" {
				t.Errorf("%d bytes of %d: %v", from, len(data), err)
			}
		}
	}
}

func asUTF16(s string, order binary.AppendByteOrder, mark bool) []byte {
	var b []byte
	if mark {
		b = order.AppendUint16(b, 0xFEFF)
	}
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return b
}
