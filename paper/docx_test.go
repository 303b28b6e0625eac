package paper_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"loa/paper"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample has one of everything.
func sample() paper.Document {
	return paper.Document{Lang: "vi", Kind: "BÁO CÁO", Subject: "Kết quả công tác truyền thông tháng 6 năm 2026", To: "Kính gửi: Bảo hiểm xã hội tỉnh Mẫu", Notices: []string{"Số liệu bịa để thử"},
		Head: paper.Head{Superior: "Bảo hiểm xã hội tỉnh Mẫu", Issuer: "Bảo hiểm xã hội cơ sở Mẫu", Number: "Số: " + paper.Number(5) + "/BC-BHXH", Nation: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Motto: "Độc lập - Tự do - Hạnh phúc",
			Dated: "Mẫu, ngày " + paper.Day(5) + " tháng " + paper.Month(6) + " năm 2026"},
		Bases: []string{"Căn cứ Luật Bảo hiểm xã hội <2024> & văn bản hướng dẫn."},
		Blocks: []paper.Block{{Style: paper.Section, Text: "I. KẾT QUẢ"}, {Style: paper.Point, Text: "1. Hình thức"}, {Style: paper.Text, Lead: "Tổng: ", Text: "12 buổi.\nXuống dòng"}, {Style: paper.Item, Text: "Một việc;"},
			{Style: paper.Fill, Text: "Số văn bản đã tham mưu", Lines: 2},
			{Style: paper.Grid, Table: &paper.Table{Caption: "Bảng 1", Columns: []paper.Column{{Share: 2}, {Share: 1, Align: paper.Right}, {Share: 1, Align: paper.Right}},
				Heads: [][]paper.Cell{{{Text: "Hình thức", Down: 2}, {Text: "Số lượng", Span: 2}}, paper.Cells("Buổi", "Lượt")},
				Rows:  []paper.Row{{Cells: paper.Cells("Hội nghị", "3", "150")}, {Cells: []paper.Cell{{Text: "Nhóm nhỏ", Sub: "ở bản", Down: 2}, {Text: "9"}, {Text: "120"}}}, {Cells: paper.Cells("10", "130"), Tall: true}, {Bold: true, Cells: []paper.Cell{{Text: "Cộng", Span: 2, Bold: true}, {Text: "270"}}}}}},
			{Style: paper.Note, Text: "Ghi chú."}},
		Signs: []paper.Sign{{Title: []string{"KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"}, Hint: "(Ký, đóng dấu)", Name: "Lò Thị Mẫu"}}, Receivers: paper.Receivers{Head: "Nơi nhận:", List: []string{"- Như trên;", "- Lưu: VT, TT."}}}
}

func parts(t *testing.T, list ...paper.Document) map[string]string {
	t.Helper()
	var buf bytes.Buffer
	if err := paper.DOCX(&buf, "Báo cáo", list...); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(raw)
	}
	return out
}

// node is an element of the document as read back.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Inner   []node     `xml:",any"`
}

func (n node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (n node) each(name string, do func(node)) {
	for _, c := range n.Inner {
		if c.XMLName.Local == name {
			do(c)
		}
		c.each(name, do)
	}
}

func (n node) words() string {
	var b strings.Builder
	n.each("t", func(x node) { b.WriteString(x.Text) })
	return b.String()
}

func TestDocumentIsWrittenAsBefore(t *testing.T) {
	got := strings.ReplaceAll(strings.ReplaceAll(parts(t, sample())["word/document.xml"], "<w:p>", "\n<w:p>"), "<w:tr>", "\n<w:tr>")
	name := filepath.Join("testdata", "report.xml")
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the document differs from %s; look at it and run with -update", name)
	}
}

func TestEveryPartReadsBack(t *testing.T) {
	d := sample()
	wide := d
	wide.Landscape, wide.Kind = true, "PHỤ LỤC"
	all := parts(t, d, wide)
	for name, text := range all {
		var n node
		if err := xml.Unmarshal([]byte(text), &n); err != nil {
			t.Errorf("%s is not well-formed: %v", name, err)
		}
	}
	for _, link := range []string{"styles.xml", "settings.xml", "fontTable.xml", "header1.xml", "header2.xml"} {
		if all["word/"+link] == "" || !strings.Contains(all["word/_rels/document.xml.rels"], link) || !strings.Contains(all["[Content_Types].xml"], "/word/"+link) {
			t.Errorf("%s is not told of everywhere", link)
		}
	}
	var n node
	if err := xml.Unmarshal([]byte(all["word/document.xml"]), &n); err != nil {
		t.Fatal(err)
	}
	said := n.words()
	for _, want := range []string{"Bảo hiểm xã hội cơ sở Mẫu", "Số: 05/BC-BHXH", "ngày 05 tháng 6 năm 2026", "<2024> & văn bản", "KT. GIÁM ĐỐC", "- Lưu: VT, TT.", "PHỤ LỤC"} {
		if !strings.Contains(said, want) {
			t.Errorf("the document does not say %q", want)
		}
	}
	n.each("tc", func(c node) {
		if len(c.Inner) == 0 || c.Inner[len(c.Inner)-1].XMLName.Local != "p" {
			t.Error("a cell does not end with a paragraph, which word processors refuse")
		}
	})
	n.each("tbl", func(tbl node) {
		grid := 0
		tbl.each("gridCol", func(node) { grid++ })
		tbl.each("tr", func(tr node) {
			sum := 0
			tr.each("tc", func(c node) {
				span := 1
				c.each("gridSpan", func(x node) { span, _ = strconv.Atoi(x.attr("val")) })
				sum += span
			})
			if sum != grid {
				t.Errorf("a row of %q covers %d of %d columns", tr.words(), sum, grid)
			}
		})
	})
	sections, heads := 0, 0
	n.each("sectPr", func(s node) {
		sections++
		s.each("pgMar", func(m node) {
			if m.attr("top") != "1133" || m.attr("left") != "1700" || m.attr("right") != "850" || m.attr("bottom") != "1133" {
				t.Errorf("the margins are %v", m.Attrs)
			}
		})
		first := false
		s.each("titlePg", func(node) { first = true })
		if !first {
			t.Error("page 1 would be numbered")
		}
	})
	n.each("tblHeader", func(node) { heads++ })
	if sections != 2 || heads != 4 || !strings.Contains(all["word/document.xml"], `w:orient="landscape"`) {
		t.Errorf("%d sections, %d repeated heads", sections, heads)
	}
	if !strings.Contains(all["word/header1.xml"], "PAGE") || strings.Contains(all["word/header2.xml"], "PAGE") || !strings.Contains(all["word/styles.xml"], "Times New Roman") || !strings.Contains(all["word/fontTable.xml"], "Liberation Serif") {
		t.Error("page numbers or letters are not as Decree 30 asks")
	}
}

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	var a, b bytes.Buffer
	if err := paper.DOCX(&a, "x", sample()); err != nil {
		t.Fatal(err)
	}
	if err := paper.DOCX(&b, "x", sample()); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two files of one document differ")
	}
	if err := paper.DOCX(io.Discard, "x"); err == nil {
		t.Error("a file without a document was written")
	}
}

func TestNumbersAndDaysOfDecree30(t *testing.T) {
	for got, want := range map[string]string{paper.Number(7): "07", paper.Number(10): "10", paper.Number(0): "00", paper.Day(9): "09", paper.Day(31): "31", paper.Month(1): "01", paper.Month(2): "02", paper.Month(3): "3", paper.Month(9): "9", paper.Month(12): "12"} {
		if got != want {
			t.Errorf("%q instead of %q", got, want)
		}
	}
}

// TestWordProcessorOpensIt asks LibreOffice where there is one; it is no part of what Loa needs.
func TestWordProcessorOpensIt(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("no LibreOffice here")
	}
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "a.docx"))
	if err != nil {
		t.Fatal(err)
	}
	if err := paper.DOCX(f, "x", sample()); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if out, err := exec.Command(office, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "txt:Text", "--outdir", dir, f.Name()).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, "a.txt"))
	if err != nil || !strings.Contains(string(text), "Kết quả công tác truyền thông") {
		t.Errorf("it reads %q, %v", text, err)
	}
}
