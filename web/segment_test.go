package web_test

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

// TestSegmentBuilderNeedsNoScript builds a rule with a group inside a group by pressing buttons only.
func TestSegmentBuilderNeedsNoScript(t *testing.T) {
	site := webtest.New(t)
	director := site.As(t, "director")
	filled := []string{"op.0", "all", "n.0", "2", "field.0.0", "occupation", "value.0.0", "farmer"}
	a := director.Post("/segments/new", append(filled, "do", "group:0")...)
	if a.Status != http.StatusOK || !a.Has(`name="op.0.2"`, `name="field.0.2.1"`, `value="farmer" checked`) {
		t.Fatalf("a group is not added: %d", a.Status)
	}
	filled = append(filled, "n.0", "3")
	filled[3] = "3"
	filled = append(filled, "op.0.2", "none", "n.0.2", "2", "field.0.2.0", "sex", "value.0.2.0", "female", "field.0.2.1", "age", "max.0.2.1", "30")
	a = director.Post("/segments/new", append(filled, "do", "draw")...)
	if !a.Has("Những người là nông dân và không phải (là nữ hoặc không quá 30 tuổi).", `<p class="live-count">2</p>`) {
		t.Error("the builder does not say what it makes, or does not count it")
	}
	if a = director.Post("/segments/new", append(filled, "do", "drop:0.2")...); a.Has(`name="op.0.2"`) || !a.Has(`value="farmer" checked`) {
		t.Error("a group is not taken away alone")
	}
	if a = director.Post("/segments/new", filled...); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a segment without a name: %d", a.Status)
	}
	a = director.Send("/segments/new", append(filled, "name", "Nam nông dân trên 30")...)
	if !a.Has("Đã lưu nhóm", "Nam nông dân trên 30", "Những người là nông dân và không phải") {
		t.Fatalf("the segment is not saved: %d", a.Status)
	}
	id := regexp.MustCompile(`/segments/([0-9a-f-]{36})/edit`).FindStringSubmatch(a.Body)[1]
	if a = director.Get("/segments/" + id + "/edit"); !a.Has(`<option value="none" selected>`, `name="max.0.1.1" value="30"`, `value="female" checked`) {
		t.Error("the saved rule does not come back into the builder")
	}
	in := loa.Scope{Office: site.Home.ID, Ranges: []loa.Range{loa.Under("any")}}
	seg, err := site.DB.Segment(t.Context(), in, loa.SegmentID(id))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"all":[{"field":"occupation","values":["farmer"]},{"not":{"any":[{"field":"sex","values":["female"]},{"field":"age","max":30}]}}]}`
	if seg.Rule.JSON() != want {
		t.Errorf("saved as %s", seg.Rule.JSON())
	}
}

func TestSegmentSaysWhyAndKeepsWhoWasMeant(t *testing.T) {
	site := webtest.New(t)
	director, seg := site.As(t, "director"), string(site.Home.Segment)
	if a := director.Get("/segments/" + seg); !a.Has("Sùng A Mẫu mau", "là nông dân", "Chưa dùng lần nào") {
		t.Error("the page does not say who is in and why")
	}
	if a := site.As(t, "officer").Get("/segments/" + seg + "/people"); !a.Has("Sùng A Mẫu") || a.Has("Thào Thị Nhì") {
		t.Error("the officer of one commune must see its people alone")
	}
	printed := director.Post("/segments/"+seg+"/print", "area", string(site.Home.Commune1))
	if !printed.Has("Sùng A Mẫu", "Bản Một") || printed.Has("Thào Thị Nhì") {
		t.Error("the list of one commune does not print")
	}
	export := director.Post("/segments/" + seg + "/export")
	if export.Status != http.StatusOK || !bytes.HasPrefix([]byte(export.Body), []byte("PK")) {
		t.Errorf("no spreadsheet: %d", export.Status)
	}
	a := director.Get("/segments/" + seg)
	if !a.Has("in danh sách, Xã Nhất mau", "xuất Excel") {
		t.Error("the uses are not kept")
	}
	link := regexp.MustCompile(`/snapshots/[0-9a-f-]{36}`).FindString(a.Body)
	if s := director.Get(link); !s.Has("Ai được nhắm đến", "Sùng A Mẫu", "còn trong nhóm") {
		t.Errorf("the frozen list does not open: %d", s.Status)
	}
	if s := site.As(t, "sibling").Get(link); s.Has("Sùng A Mẫu") {
		t.Error("a frozen list shows people of another commune")
	}
	if s := site.As(t, "ben.director").Get(link); s.Status != http.StatusNotFound {
		t.Errorf("another office opens it: %d", s.Status)
	}
	log := director.Get("/admin/audit?noun=segment")
	if !log.Has("in danh sách", "xuất tệp") {
		t.Error("printing and exporting are not in the log")
	}
}

func TestSegmentIsRetiredAndBroughtBack(t *testing.T) {
	site := webtest.New(t)
	director := site.As(t, "director")
	a := director.Send("/segments/new", "name", "Nhóm tạm", "op.0", "all", "n.0", "1", "field.0.0", "sex", "value.0.0", "male")
	id := regexp.MustCompile(`/segments/([0-9a-f-]{36})/edit`).FindStringSubmatch(a.Body)[1]
	a = director.Send("/segments/" + id + "/retire")
	if !a.Has("Nhóm đã thôi dùng", "Nhóm tạm", "Dùng lại") {
		t.Fatal("a retired segment has left no trace")
	}
	if a = director.Send(undoForm(t, a)); !a.Has("Đã dùng lại nhóm") {
		t.Error("undo does not bring it back")
	}
	if a = director.Send("/segments/" + string(site.Home.Segment) + "/retire"); a.Status != http.StatusConflict && !strings.Contains(a.Body, "ma trận") {
		t.Errorf("a segment of the matrix is retired: %d", a.Status)
	}
}

func TestOverlapIsAPicture(t *testing.T) {
	site := webtest.New(t)
	director := site.As(t, "director")
	a := director.Send("/segments/new", "name", "Ở Nhất", "op.0", "all", "n.0", "1", "field.0.0", "area", "value.0.0", string(site.Home.Commune1))
	id := regexp.MustCompile(`/segments/([0-9a-f-]{36})/edit`).FindStringSubmatch(a.Body)[1]
	a = director.Get("/segments/overlap?a=" + string(site.Home.Segment) + "&b=" + id)
	if !a.Has("<circle", "1 người thuộc cả hai nhóm: trong 2 người", "50,0 % của «Nông dân mau», 100,0 % của «Ở Nhất»") {
		t.Error("the overlap is not told")
	}
}
