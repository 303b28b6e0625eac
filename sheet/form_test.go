package sheet

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestFormHeadsAndSums reads back a form with a heading of two rows, a section, sums and signatures.
func TestFormHeadsAndSums(t *testing.T) {
	var out bytes.Buffer
	w := NewXLSX(&out)
	err := errors.Join(
		w.Sheet(Layout{Name: "D05", Titles: []string{"Mẫu D05-TS"}, Heads: [][]Head{{{Text: "STT", Down: 2}, {Text: "Số tiền", Span: 2}, {Text: "Ghi chú", Down: 2}}, {{Text: "Phải đóng"}, {Text: "Người đóng"}}, {{Text: "A"}, {Text: "8"}, {Text: "9"}, {Text: "17"}}}}),
		w.Strong(Text("I"), Text("Tăng")), w.Row(Int(1), Amount(330000), Amount(264000)), w.Strong(Text(""), Amount(330000), Amount(264000)),
		w.Across(Head{Text: "Người lập biểu", Span: 2}, Head{Text: "Cán bộ thu", Span: 2}), w.Sheet(Layout{Name: "B"}), w.Close())
	if err != nil {
		t.Fatal(err)
	}
	checkXML(t, out.Bytes())
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	merged, err := f.GetMergeCells("D05")
	if err != nil {
		t.Fatal(err)
	}
	var at []string
	for _, m := range merged {
		at = append(at, m.GetStartAxis()+":"+m.GetEndAxis())
	}
	slices.Sort(at)
	if want := []string{"A2:A3", "A8:B8", "B2:C2", "C8:D8", "D2:D3"}; !slices.Equal(at, want) {
		t.Errorf("joined %v, want %v", at, want)
	}
	for cell, want := range map[string]string{"B2": "Số tiền", "B3": "Phải đóng", "C3": "Người đóng", "D4": "17", "B5": "Tăng", "B7": "330,000", "C8": "Cán bộ thu"} {
		if got, err := f.GetCellValue("D05", cell); err != nil || got != want {
			t.Errorf("%s reads %q, %v, want %q", cell, got, err, want)
		}
	}
	if panes, err := f.GetPanes("D05"); err != nil || panes.YSplit != 4 {
		t.Errorf("the heading is not kept in view: %+v, %v", panes, err)
	}
	if merged, err := f.GetMergeCells("B"); err != nil || len(merged) != 0 {
		t.Errorf("the next sheet has %d joined cells, %v", len(merged), err)
	}
}
