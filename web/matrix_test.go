package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"loa/web/webtest"
)

// undoForm is the address of the undo button a page shows.
func undoForm(t *testing.T, a webtest.Answer) string {
	t.Helper()
	m := regexp.MustCompile(`<form method="post" action="([^"]+)"><button class="btn small quiet">`).FindStringSubmatch(a.Body)
	if m == nil {
		t.Fatal("the page offers no undo")
	}
	return html.UnescapeString(m[1])
}

func TestMatrixSaysWhatIsLateAsOfAnyDay(t *testing.T) {
	site := webtest.New(t)
	director := site.As(t, "director")
	// A small group was held in the first commune on 10/11/2025, once a month is asked for, and the second was never served.
	if a := director.Get("/matrix?on=2025-01-20"); a.Status != http.StatusOK || !a.Has("tính đến 20/01/2025", "01/02") || a.Has("trễ") && strings.Contains(a.Body, `class="cell late"`) {
		t.Errorf("on 20/01/2025 nothing is late yet: %d", a.Status)
	}
	first := url.QueryEscape(string(site.Home.Commune1))
	if a := director.Get("/matrix?on=2025-12-09&area=" + first); strings.Contains(a.Body, `class="cell late`) {
		t.Error("the first commune is in time on 09/12/2025")
	}
	if a := director.Get("/matrix?on=2025-12-15&area=" + first); !strings.Contains(a.Body, `class="cell late`) || !a.Has("trễ 5 ngày") {
		t.Error("the first commune is five days late on 15/12/2025")
	}
	communes := director.Get("/matrix/communes?on=2025-12-15")
	if !communes.Has("Nhất mau", "Nhì mau", "trễ 5 ngày", "Nông dân mau") {
		t.Error("the table by commune does not say what is late where")
	}
	if a := site.As(t, "officer").Get("/matrix/communes"); a.Has("Nhì mau") {
		t.Error("an officer sees the commune of another")
	}
	cell := director.Get("/matrix/cell?form=small_group&segment=" + string(site.Home.Segment) + "&on=2025-12-15&part=1")
	if !cell.Has("trễ 5 ngày", "Lần gần nhất", "10/11") {
		t.Error("the cell does not open its communes")
	}
}

func TestMatrixCellIsEditedUndoneComparedAndSigned(t *testing.T) {
	site := webtest.New(t)
	director := site.As(t, "director")
	seg := string(site.Home.Segment)
	if a := director.Get("/matrix/cell?form=small_group&part=1&edit=1&segment=" + seg); !a.Has("name=\"unit\"", "mỗi phiên chợ", "mỗi dịp lễ hội") {
		t.Fatal("the cell cannot be edited in the grid")
	}
	a := director.Send("/matrix/cell", "segment", seg, "form", "small_group", "times", "2", "every", "1", "unit", "quarter", "theme", "Lương hưu", "per_village", "1")
	if !a.Has("Đã lưu vào bản thảo", "2\u00a0lần/quý", "1 thay đổi so với bản đang áp dụng") {
		t.Fatalf("the draft does not show the new cadence: %d", a.Status)
	}
	link := regexp.MustCompile(`/matrix/compare\?[^"]+`).FindString(a.Body)
	diff := director.Get(strings.ReplaceAll(link, "&amp;", "&"))
	if !diff.Has("khác nhau thế nào", "<del>1\u00a0lần/tháng</del>", "<ins>2\u00a0lần/quý</ins>", "<ins>từng thôn bản</ins>", "<ins>Lương hưu</ins>") {
		t.Error("the versions are compared without saying what changed")
	}
	if a := director.Get("/matrix"); a.Has("2\u00a0lần/quý") {
		t.Error("the version in force changed before anybody signed")
	}
	if a = director.Send(undoForm(t, a)); !a.Has("1\u00a0lần/tháng") {
		t.Error("undo does not bring the cell back")
	}
	diff = director.Get(strings.ReplaceAll(link, "&amp;", "&"))
	if !diff.Has("không khác nhau") {
		t.Error("after the undo the draft still differs")
	}
	a = director.Send("/matrix/cell/drop", "segment", seg, "form", "small_group")
	if a = director.Send(undoForm(t, a)); !a.Has("1\u00a0lần/tháng") {
		t.Error("a dropped cell does not come back")
	}
	a = director.Send("/matrix/cell", "segment", seg, "form", "market", "times", "1", "every", "1", "unit", "market")
	if !a.Has("mỗi phiên") {
		t.Error("a cadence on every market day is not taken")
	}
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(a.Body)[1]
	a = director.Send("/matrix/drop", "id", id)
	if a = director.Send(undoForm(t, a)); !a.Has("Đã lấy lại bản thảo", "mỗi phiên") {
		t.Error("the dropped draft does not come back")
	}
	if a = director.Send("/matrix/sign", "id", id, "from", "2025-11-30"); !a.Has("Đã ký") {
		t.Errorf("the draft is not signed: %d", a.Status)
	}
	print := director.Get("/matrix/print")
	if !print.Has("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Bản số 02", "mỗi phiên", "Lò Thị Mẫu đã ký") {
		t.Error("the decision table does not print what was signed")
	}
}
