package web_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"loa/web/webtest"
)

// wordOf is what a DOCX file says, word for word.
func wordOf(t *testing.T, body string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatalf("not a DOCX: %v, %.60q", err, body)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return plainWords(string(bytes.ReplaceAll(raw, []byte("</w:p>"), []byte(" "))))
}

func plainWords(s string) string {
	return strings.Join(strings.Fields(anyTag.ReplaceAllString(s, "")), " ")
}

// documentsOf are the documents of the fixture's office and what each must say.
func documentsOf(o webtest.Office) map[string][]string {
	return map[string][]string{
		"/documents/report?kind=month&month=2025-11":                               {"BÁO CÁO", "tháng 11/2025", "Nhóm nhỏ", "Tỷ lệ cán bộ làm truyền thông được đào tạo"},
		"/documents/report?kind=half_year&month=2025-11":                           {"6 tháng cuối năm 2025", "từ ngày 01/07/2025"},
		"/documents/report?kind=year&month=2025-11":                                {"năm 2025", "từ ngày 01/01/2025"},
		"/documents/report?kind=month&month=2025-11&commune=" + string(o.Commune1): {"Nhất mau", "Số người tham gia cuối kỳ"},
		"/documents/plan?month=2025-12":                                            {"KẾ HOẠCH", "Nhóm nhỏ tháng 12 mau", "05/12/2025", "Giàng A Nhất", "ma trận truyền thông bản số 01"},
		"/matrix/print":                                                            {"MA TRẬN TRUYỀN THÔNG", "Nông dân mau", "Giàng A Nhất"},
		"/reports/print?from=2025-11&to=2025-11":                                   {"BÁO CÁO", "Kính gửi: Bảo hiểm xã hội tỉnh", "Cả cơ quan"},
		"/sessions/" + string(o.Held) + "/minutes":                                 {"BIÊN BẢN", "Nhóm nhỏ bản Một mau", "Người dân tham dự: 1 người", "Đóng đủ 15 năm thì lương hưu bao nhiêu?"},
		"/sessions/" + string(o.Planned) + "/minutes":                              {"Buổi chưa được ghi là đã tổ chức"},
	}
}

func TestPrintAndWordSayTheSame(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	article := regexp.MustCompile(`(?s)<article.*?</article>`)
	for path, wants := range documentsOf(site.Home) {
		shown := c.Get(path)
		if shown.Status != http.StatusOK {
			t.Errorf("%s answers %d", path, shown.Status)
			continue
		}
		html := plainWords(strings.ReplaceAll(pageText(article.FindString(shown.Body)), "\u00a0", " "))
		link := path + "?format=docx"
		if strings.Contains(path, "?") {
			link = path + "&format=docx"
		}
		file := c.Get(link)
		if file.Header.Get("Content-Type") != "application/vnd.openxmlformats-officedocument.wordprocessingml.document" {
			t.Errorf("%s is handed out as %s", link, file.Header.Get("Content-Type"))
			continue
		}
		word := wordOf(t, file.Body)
		for _, want := range append(wants, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc") {
			if !strings.Contains(html, want) || !strings.Contains(word, want) {
				t.Errorf("%s: %q is on the page %v, in the file %v", path, want, strings.Contains(html, want), strings.Contains(word, want))
			}
		}
	}
	if log := logged(t, site, "exported"); len(log) != len(documentsOf(site.Home)) || log[0].Noun != "document" {
		t.Errorf("%d files were written down", len(log))
	}
}

func TestDocumentsTakeTheirNumberOnce(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	path := "/documents/report?kind=month&month=2025-11"
	a := c.Get(path)
	form := regexp.MustCompile(`(?s)action="/documents/number">(.*?)</form>`).FindStringSubmatch(a.Body)
	if form == nil {
		t.Fatal("no number can be taken")
	}
	values := url.Values{}
	for _, m := range regexp.MustCompile(`name="([a-z]+)" value="([^"]*)"`).FindAllStringSubmatch(form[1], -1) {
		values.Set(m[1], strings.ReplaceAll(m[2], "&amp;", "&"))
	}
	var send []string
	for k := range values {
		send = append(send, k, values.Get(k))
	}
	for range 2 {
		if a := c.Post("/documents/number", send...); a.Status != http.StatusSeeOther {
			t.Fatalf("taking a number answers %d", a.Status)
		}
	}
	if a := c.Get(path); !a.Has("Số: 01/BC-BHXH-mau", "ngày 30 tháng 11 năm 2025") || a.Has(`action="/documents/number"`) {
		t.Error("the number and day do not stand in the head, or a second one is offered")
	}
	if a := c.Get("/documents/report?kind=year&month=2025-11"); a.Has("01/BC-") {
		t.Error("another document shows the number")
	}
	if a := site.As(t, "sibling").Post("/documents/number", send...); a.Status != http.StatusNotFound {
		t.Errorf("the officer of one commune numbers the office's report: %d", a.Status)
	}
}

func TestDocumentsAreListedForEveryRole(t *testing.T) {
	site := webtest.New(t)
	all := site.As(t, "director").Get("/documents?month=2025-11")
	for _, want := range []string{"/documents/report?kind=half_year", "/documents/plan?", "/matrix/print", "/minutes", "format=docx", "Báo cáo công tác truyền thông: năm 2025"} {
		if !strings.Contains(all.Body, want) {
			t.Errorf("the page does not lead to %s", want)
		}
	}
	viewer := site.As(t, "viewer").Get("/documents?month=2025-11")
	if viewer.Status != http.StatusOK || strings.Contains(viewer.Body, "/sheet") || strings.Contains(viewer.Body, "/documents/tk1") {
		t.Errorf("who may not read people is led to lists of them: %d", viewer.Status)
	}
	if a := site.As(t, "collector").Get("/documents"); a.Status != http.StatusForbidden {
		t.Errorf("a collector opens the office's documents: %d", a.Status)
	}
	for _, bad := range []string{"/documents?month=2025-13", "/documents/report?kind=week", "/documents/plan?month=x", "/documents/report?format=odt"} {
		if a := site.As(t, "director").Get(bad); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s answers %d", bad, a.Status)
		}
	}
	if a := site.As(t, "director").Get("/documents/report?format=pdf"); a.Status != http.StatusConflict || !a.Has("Chromium") {
		t.Errorf("without Chromium a PDF answers %d", a.Status)
	}
	if a := site.As(t, "director").Get("/documents/report?commune=" + string(site.Neighbour.Commune1)); a.Status != http.StatusNotFound {
		t.Errorf("another office's commune answers %d", a.Status)
	}
}
