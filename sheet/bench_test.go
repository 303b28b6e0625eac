package sheet

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/xuri/excelize/v2"
)

// BenchmarkReadXLSX reads a list of 80,000 people with shared texts and reports the memory that the
// opened book holds on to while its last row is read.
func BenchmarkReadXLSX(b *testing.B) {
	data := peopleBook(b, 80_000)
	before := heap()
	b.ReportAllocs()
	var held uint64
	for b.Loop() {
		book := open(b, data)
		n := 0
		for row, err := range book.Rows(0) {
			if err != nil {
				b.Fatal(err)
			}
			if n++; row.Number == 80_001 {
				b.StopTimer()
				held = heap() - before
				b.StartTimer()
			}
		}
		if n != 80_001 {
			b.Fatalf("%d rows", n)
		}
	}
	b.ReportMetric(float64(held)/(1<<20), "MB-held")
	b.ReportMetric(float64(len(data))/(1<<20), "MB-file")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkReadXLSXExcelize reads the same list with excelize, for comparison.
func BenchmarkReadXLSXExcelize(b *testing.B) {
	data := peopleBook(b, 80_000)
	for b.Loop() {
		f, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		rows, err := f.Rows(f.GetSheetName(0))
		if err != nil {
			b.Fatal(err)
		}
		for rows.Next() {
			if _, err := rows.Columns(); err != nil {
				b.Fatal(err)
			}
		}
		rows.Close()
		f.Close()
	}
}

func BenchmarkReadCSV(b *testing.B) {
	var out bytes.Buffer
	writePeople(b, NewCSV(&out), 80_000)
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range open(b, out.Bytes()).Rows(0) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkWriteXLSX(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		writePeople(b, NewXLSX(io.Discard), 80_000)
	}
}

func BenchmarkWriteCSV(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		writePeople(b, NewCSV(io.Discard), 80_000)
	}
}

// tableWriter is what both writers can do.
type tableWriter interface {
	Sheet(Layout) error
	Row(...Value) error
	Close() error
}

func writePeople(t testing.TB, w tableWriter, people int) {
	t.Helper()
	err := w.Sheet(Layout{Name: "Danh sách", Heading: []string{"STT", "Họ và tên", "Ngày sinh", "Điện thoại"}})
	for i := 0; i < people && err == nil; i++ {
		err = w.Row(Int(int64(i+1)), Text(fmt.Sprintf("Giàng Thị %d", i)), Day(Date{1990, 1 + i%12, 1 + i%28}),
			Text(fmt.Sprintf("+84199%07d", i)), Text("Nam"), Text("Mông"), Text(fmt.Sprintf("000%09d", i)),
			Text("Xã số 1"), Text("Bản 3"), Text("Nông dân"), Amount(330_000), Decimal(1053, 1), Text(""), Text("Khác"), Text("Chủ hộ"))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}
