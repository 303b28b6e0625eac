package sheet

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// anyTable draws rows of any texts, with those that start formulas, escapes and quotes in plenty.
func anyTable() *rapid.Generator[[][]string] {
	cell := rapid.OneOf(
		rapid.String(),
		rapid.StringOf(rapid.SampledFrom([]rune("=+-@＝＋－＠'\"\t\r\n\x00 ,;|_x004Da1\u00a0\ufeff\u200b\ufffe&<>ễ😀"))),
		rapid.SampledFrom([]string{"", "", "sep=;", "_x000D_", "_x005F_x000D_", "+84199000001", "=1+1", "' =1", "00123", "30/11/2025", "\u2028", `="1"`, "<![CDATA[", "]]>"}),
	)
	return rapid.SliceOfN(rapid.SliceOfN(cell, 1, 8), 1, 12)
}

// expected is the table as a reader must see it: numbered rows, no blank ends, no blank rows.
func expected(table [][]string) string {
	var rows []Row
	for i, line := range table {
		cells := make([]Cell, len(line))
		for j, s := range line {
			if s != "" {
				cells[j] = Cell{Kind: KindText, Text: s}
			}
		}
		if cells = trimmed(cells); len(cells) > 0 {
			rows = append(rows, Row{i + 1, cells})
		}
	}
	return show(rows)
}

func writeTable(t testing.TB, w tableWriter, out *bytes.Buffer, table [][]string) []byte {
	t.Helper()
	if err := w.Sheet(Layout{}); err != nil {
		t.Fatal(err)
	}
	for _, line := range table {
		values := make([]Value, len(line))
		for i, s := range line {
			values[i] = Text(s)
		}
		if err := w.Row(values...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestRoundTrip writes any texts and reads the same back, from both formats.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		table := anyTable().Draw(r, "table")
		want := expected(table)
		var x, c bytes.Buffer
		if got := show(readAll(t, open(t, writeTable(t, NewXLSX(&x), &x, table)), 0)); got != want {
			r.Fatalf("xlsx\ngot  %q\nwant %q", got, want)
		}
		checkXML(t, x.Bytes())
		if got := show(readAll(t, open(t, writeTable(t, NewCSV(&c), &c, table)), 0)); got != want {
			r.Fatalf("csv\ngot  %q\nwant %q", got, want)
		}
	})
}

// TestNothingRuns reads our CSV files as any other program would, and looks at how each cell starts.
func TestNothingRuns(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		table := anyTable().Draw(r, "table")
		var out bytes.Buffer
		other := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(writeTable(t, NewCSV(&out), &out, table), []byte(utf8BOM))))
		other.FieldsPerRecord = -1
		lines, err := other.ReadAll()
		if err != nil {
			r.Fatal(err)
		}
		for _, line := range lines {
			for _, field := range line {
				bare := strings.TrimLeftFunc(field, func(c rune) bool {
					return c == '"' || unicode.IsSpace(c) && c != '\t' && c != '\r' && c != '\n' || unicode.Is(unicode.Cf, c)
				})
				if bare != "" && strings.ContainsRune("=+-@＝＋－＠\t\r\n\x00", []rune(bare)[0]) {
					r.Fatalf("cell %q runs", field)
				}
			}
		}
	})
}
