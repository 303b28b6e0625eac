package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// TestWriteXLSX reads a written workbook with excelize: types, styles, titles, frozen heading, widths.
func TestWriteXLSX(t *testing.T) {
	var out bytes.Buffer
	w := NewXLSX(&out)
	err := errors.Join(
		w.Sheet(Layout{Name: "Báo cáo [2025]/*", Titles: []string{"BÁO CÁO", "Tháng 11/2025"}, Heading: []string{"Họ tên", "=Số"}, Widths: []float64{30, 0, 12.5}, Foot: "1 lần & 2 <bản>"}),
		w.Row(Text("Vừ A Dính"), Text("+84199000001"), Int(2025), Amount(1234567), Decimal(1053, 1), Decimal(-5, 2), Day(Date{2025, 11, 30}), Text("")),
		w.Row(Text("=1+1"), Text("000123456789"), Int(1e15), Day(Date{1950, 0, 0}), Day(Date{1950, 5, 0}), Day(Date{}), Day(Date{1899, 1, 2}), Decimal(12345678, 6)),
		w.Sheet(Layout{Name: "báo cáo  2025"}),
		w.Row(Decimal(7, 0)),
		w.Sheet(Layout{Name: "History"}),
		w.Close(),
	)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	names := f.GetSheetList()
	if len(names) != 3 || names[0] != "Báo cáo  2025" || names[1] != "báo cáo  2025 (2)" || names[2] != "Sheet3" {
		t.Fatalf("sheets %q", names)
	}
	rows, err := f.GetRows(names[0])
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"BÁO CÁO"}, {"Tháng 11/2025"}, {"Họ tên", "=Số"},
		{"Vừ A Dính", "+84199000001", "2025", "1,234,567", "105.3", "-0.05", "30/11/2025"},
		{"=1+1", "000123456789", "1000000000000000", "1950", "05/1950", "", "1899-01-02", "12.3456"},
	}
	for i, row := range want {
		if strings.Join(rows[i], "|") != strings.Join(row, "|") {
			t.Errorf("row %d: %q, want %q", i+1, rows[i], row)
		}
	}
	for cell, want := range map[string]excelize.CellType{"A5": excelize.CellTypeInlineString, "B4": excelize.CellTypeInlineString, "C4": excelize.CellTypeUnset, "G4": excelize.CellTypeUnset} {
		if got, err := f.GetCellType(names[0], cell); err != nil || got != want {
			t.Errorf("%s has type %v %v", cell, got, err)
		}
		if formula, err := f.GetCellFormula(names[0], cell); err != nil || formula != "" {
			t.Errorf("%s has formula %q %v", cell, formula, err)
		}
	}
	panes, err := f.GetPanes(names[0])
	if err != nil || !panes.Freeze || panes.YSplit != 3 || panes.TopLeftCell != "A4" {
		t.Errorf("panes %+v %v", panes, err)
	}
	if width, err := f.GetColWidth(names[0], "C"); err != nil || width != 12.5 {
		t.Errorf("width %v %v", width, err)
	}
	id, err := f.GetCellStyle(names[0], "B3")
	if err != nil {
		t.Fatal(err)
	}
	if style, err := f.GetStyle(id); err != nil || style.Font == nil || !style.Font.Bold {
		t.Errorf("heading style %+v %v", style, err)
	}
	checkXML(t, out.Bytes())
	if got := show(readAll(t, open(t, out.Bytes()), 0)[3:]); got != "4|tVừ A Dính|t+84199000001|n2025|n1234567|n105.3|n-0.05|d2025-11-30\n"+
		"5|t=1+1|t000123456789|t1000000000000000|t1950|t05/1950|-|t1899-01-02|n12.3456\n" {
		t.Errorf("read back %q", got)
	}
}

// checkXML proves every part well-formed with the strict decoder of the standard library.
func checkXML(t testing.TB, data []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		part, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(part); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
		part.Close()
	}
}

func TestWriteCSV(t *testing.T) {
	var out bytes.Buffer
	w := NewCSV(&out)
	err := errors.Join(
		w.Sheet(Layout{Titles: []string{"left out"}, Heading: []string{"Họ tên", "Điện thoại"}}),
		w.Row(Text("Vừ, A"), Text("+84199000001"), Int(-5), Amount(1000), Decimal(1053, 1), Day(Date{2025, 11, 30}), Day(Date{1950, 0, 0})),
		w.Row(Text("=cmd|' /C calc'!A0"), Text("  ＝1"), Text("\"-x\""), Text("\tx"), Text("\rx"), Text("\x00x"), Text("a;b"), Text("sep=;"), Text("'"), Text("'=")),
		w.Close(),
	)
	if err != nil {
		t.Fatal(err)
	}
	want := utf8BOM + "Họ tên,Điện thoại\r\n\"Vừ, A\",'+84199000001,-5,1000,105.3,2025-11-30,1950\r\n" +
		"'=cmd|' /C calc'!A0,'  ＝1,\"'\"\"-x\"\"\",\"'\tx\",\"'\rx\",'\x00x,\"a;b\",\"sep=;\",',''=\r\n"
	want = strings.Replace(want, "'=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"", 1)
	if out.String() != want {
		t.Errorf("got  %q\nwant %q", out.String(), want)
	}
	if err := w.Sheet(Layout{}); err == nil {
		t.Error("a second sheet in a CSV file")
	}
	if err := NewXLSX(io.Discard).Row(Int(1)); err == nil {
		t.Error("a row before the first sheet")
	}
}

func TestWriteTooMuch(t *testing.T) {
	long := Text(strings.Repeat("ễ", maxCellChars+1))
	x := NewXLSX(io.Discard)
	if err := x.Sheet(Layout{}); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, x.Row(Int(1), long), Error{Code: CellTooLong, Row: 1, Col: 2})
	wantRefusal(t, NewCSV(io.Discard).Row(long), Error{Code: CellTooLong})
	wantRefusal(t, x.Row(make([]Value, maxSheetColumns+1)...), Error{Code: TooManyColumns})
	x.row = maxSheetRows
	wantRefusal(t, x.Row(Int(1)), Error{Code: TooManyRows})
}

// fullDisk takes only so many bytes.
type fullDisk struct{ left int }

func (d *fullDisk) Write(b []byte) (int, error) {
	if d.left -= len(b); d.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

// TestFullDisk expects that a file that could not be written whole is never reported as written.
func TestFullDisk(t *testing.T) {
	for left := 0; left < 2500; left += 100 {
		for _, w := range []tableWriter{NewXLSX(&fullDisk{left}), NewCSV(&fullDisk{left / 30})} {
			err := errors.Join(w.Sheet(Layout{Heading: []string{"a"}}), w.Row(Text(noise(200))), w.Close())
			if !errors.Is(err, io.ErrShortWrite) {
				t.Errorf("%T with room for %d: %v", w, left, err)
			}
		}
	}
}

// TestDaySerials compares every day of the range with the calendar.
func TestDaySerials(t *testing.T) {
	for day := time.Date(1899, 12, 1, 0, 0, 0, 0, time.UTC); day.Year() <= lastYear; day = day.AddDate(0, 0, 1) {
		d := Date{day.Year(), int(day.Month()), day.Day()}
		n := d.serial()
		if n == 0 {
			if d.Year > 1900 || d.Year == 1900 && d.Month > 2 {
				t.Fatalf("%v has no serial", d)
			}
			continue
		}
		if got, ok := serialDate(float64(n), false); !ok || got != d {
			t.Fatalf("%v: %d, back %v", d, n, got)
		}
	}
}
