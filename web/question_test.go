package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"loa"
	"loa/store"
	"loa/web/webtest"
)

// noted writes a question by hand and returns its address.
func noted(t *testing.T, c *webtest.Client, site *webtest.Site, pairs ...string) string {
	t.Helper()
	base := []string{"text", "Thẻ BHYT hộ gia đình mua ở đâu?", "area", string(site.Home.Village1), "on", "2025-11-30", "n", "3", "owner", string(site.Home.Officers["officer"])}
	a := c.Post("/questions/new", append(base, pairs...)...)
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/questions/") {
		t.Fatalf("noting a question answers %d %s %s", a.Status, a.Location, a.Body)
	}
	return a.Location
}

func TestQuestionFromNotedToTold(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	at := noted(t, c, site, "promised", "1", "form", "visit", "segment", string(site.Home.Segment), "person", string(site.Home.Person))
	if a := c.Get("/questions?q=the+bhyt+ho"); !a.Has("Thẻ BHYT hộ gia đình mua ở đâu?", "Nông dân mau", "đã hứa trả lời") {
		t.Errorf("found without accents: %s", a.Body)
	}
	if a := c.Get("/"); !a.Has("Câu hỏi chờ trả lời", at) {
		t.Error("Today does not lead to the question")
	}
	if a := c.Get("/questions/promises"); !a.Has("Thẻ BHYT hộ gia đình mua ở đâu?", "chưa có lời đáp", "Sùng A Mẫu mau", "Bản Một mau") {
		t.Errorf("the village's promises: %s", a.Body)
	}
	if a := c.Post(at+"/answer", "answer", "Mua ở bưu điện xã.", "cites", ""); a.Status != http.StatusUnprocessableEntity || !a.Has("Hãy ghi văn bản làm căn cứ.", "Mua ở bưu điện xã.") {
		t.Errorf("an answer without its source: %d", a.Status)
	}
	if a := c.Post(at+"/told", "on", "2025-11-30"); a.Status != http.StatusSeeOther || !c.Get(at).Has(`role="alert"`) {
		t.Errorf("told before there was an answer: %d", a.Status)
	}
	if a := c.Post(at+"/answer", "answer", "Mua ở điểm thu của xã.", "cites", "Nghị định 188/2025/NĐ-CP", "valid_from", "2025-07-01"); a.Status != http.StatusSeeOther {
		t.Fatalf("answering: %d %s", a.Status, a.Body)
	}
	if a := c.Get(at); !a.Has("Mua ở điểm thu của xã.", "Nghị định 188/2025/NĐ-CP", "Hiệu lực từ 01/07/2025", "báo lại cho Sùng A Mẫu mau") {
		t.Errorf("the answered question: %s", a.Body)
	}
	if a := c.Get("/search?q=diem+thu+cua+xa"); !a.Has(at, "Mua ở điểm thu của xã.") {
		t.Error("the global search does not find the answer")
	}
	if a := c.Post("/questions/promises", "told", strings.TrimPrefix(at, "/questions/"), "on", "2025-11-30"); a.Status != http.StatusSeeOther {
		t.Errorf("keeping promises: %d", a.Status)
	}
	if a := c.Get("/questions/promises"); a.Has("Thẻ BHYT hộ gia đình mua ở đâu?") {
		t.Error("a kept promise is still open")
	}
	if a := c.Get("/questions?state=answered"); !a.Has("đã báo 30/11/2025") {
		t.Error("the ledger does not say that the asker was told")
	}
	c.Post(at + "/told?undo=1")
	if a := c.Get("/questions/promises"); !a.Has("Thẻ BHYT hộ gia đình mua ở đâu?") {
		t.Error("taking the telling back left the promise kept")
	}
}

func TestQuestionAgesAndFilters(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	noted(t, c, site, "form", "visit")
	a := c.Get("/questions")
	if !a.Has("1 câu trong ngày", "1 câu quá 3 ngày", "chờ 20 ngày", "tag late") {
		t.Errorf("the ages: %s", a.Body)
	}
	fresh, late := "Thẻ BHYT hộ gia đình mua ở đâu?", "Đóng đủ 15 năm thì lương hưu bao nhiêu?"
	for path, want := range map[string][2]bool{"?age=late": {false, true}, "?age=fresh": {true, false}, "?age=days": {false, false}, "?form=visit": {true, false}, "?form=small_group": {false, true},
		"?segment=" + string(site.Home.Segment): {false, true}, "?area=" + string(site.Home.Commune1): {true, true}, "?area=" + string(site.Home.Commune2): {false, false},
		"?owner=" + string(site.Home.Officers["officer"]): {true, false}, "?q=luong+huu": {false, true}, "?state=answered": {false, false}} {
		a := c.Get("/questions" + path)
		if a.Has(fresh) != want[0] || a.Has(late) != want[1] {
			t.Errorf("%s shows fresh %v and late %v, want %v", path, a.Has(fresh), a.Has(late), want)
		}
	}
	if a := site.As(t, "viewer").Get("/questions/" + string(site.Home.Question)); a.Status != 200 || a.Has("Sùng A Mẫu") || !a.Has("có ghi tên") {
		t.Errorf("a province viewer reads who asked: %d", a.Status)
	}
	if a := site.As(t, "viewer").Get("/questions/promises?print=1"); a.Status != 200 || a.Has("Sùng A Mẫu") {
		t.Error("a province viewer reads who asked in the promises")
	}
}

// TestQuestionsBehindAFigure opens what a report's figure leads to: the same sum stands there.
func TestQuestionsBehindAFigure(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	noted(t, c, site)
	for path, want := range map[string]string{"?from=2025-11-01&to=2025-11-30": "2 câu, 4 lượt người hỏi.", "?from=2025-11-30&to=2025-11-30": "1 câu, 3 lượt người hỏi.", "?from=2025-11-01&to=2025-11-10": "1 câu, 1 lượt người hỏi."} {
		if a := c.Get("/questions" + path); !a.Has(want) {
			t.Errorf("%s does not say %q", path, want)
		}
	}
	if a := c.Get("/questions?from=2025-10-01&to=2025-10-31"); a.Has("lương hưu bao nhiêu") {
		t.Error("a question of another month")
	}
	if a := c.Get("/reports?from=2025-11&to=2025-11"); !a.Has("/questions?from=2025-11-01") {
		t.Error("the report's figure leads to no rows")
	}
}

func TestQuestionIsRefusedTooShort(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	for what, pairs := range map[string][]string{"short": {"text", "Sao?", "area", string(site.Home.Village1), "n", "1"}, "long": {"text", strings.Repeat("à", 501), "area", string(site.Home.Village1), "n", "1"},
		"no place": {"text", "Đóng ở đâu vậy?", "n", "1"}, "tomorrow": {"text", "Đóng ở đâu vậy?", "area", string(site.Home.Village1), "n", "1", "on", "2025-12-01"},
		"nobody asked": {"text", "Đóng ở đâu vậy?", "area", string(site.Home.Village1), "n", "0"}} {
		if a := c.Post("/questions/new", pairs...); a.Status != http.StatusUnprocessableEntity || !a.Has("class=\"err\"") {
			t.Errorf("%s: %d", what, a.Status)
		}
	}
	if a := c.Post("/questions/new", "text", "Đóng ở đâu vậy?", "area", string(site.Home.Village2), "n", "1"); a.Status != http.StatusNotFound {
		t.Errorf("a question in the sibling's commune: %d", a.Status)
	}
}

func TestQuestionCorrectedVoidedRestored(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	at := noted(t, c, site)
	edit := []string{"text", "Thẻ BHYT hộ gia đình mua ở đâu, giá bao nhiêu?", "area", string(site.Home.Village1), "n", "3", "owner", string(site.Home.Officers["officer"]), "why", "ghi thiếu"}
	a := c.Post(at+"/edit", append(edit, "seen", strings.TrimPrefix(at, "/questions/"))...)
	if a.Status != http.StatusSeeOther || a.Location == at {
		t.Fatalf("a correction is a new fact: %d %s", a.Status, a.Location)
	}
	if again := c.Post(at+"/edit", append(edit, "seen", strings.TrimPrefix(at, "/questions/"))...); again.Status != http.StatusUnprocessableEntity {
		t.Errorf("a correction of what was corrected meanwhile: %d", again.Status)
	}
	if b := c.Get(at); !b.Has("giá bao nhiêu?", "Thẻ BHYT hộ gia đình mua ở đâu?", "ghi thiếu", "Ghi lần đầu") {
		t.Errorf("the old address does not lead to the correction with its history: %s", b.Body)
	}
	at = a.Location
	if a := c.Post(at + "/void"); a.Status != http.StatusSeeOther || c.Get(at).Has("Đã rút khỏi sổ") {
		t.Error("taken back without a reason")
	}
	if a := c.Post(at+"/void", "why", "ghi nhầm"); a.Status != http.StatusSeeOther {
		t.Fatalf("taking back: %d", a.Status)
	}
	if a := c.Get(at); !a.Has("Đã rút khỏi sổ", "ghi nhầm") || c.Get("/questions?state=all").Has("giá bao nhiêu?") {
		t.Error("the ledger still counts what was taken back")
	}
	if a := c.Post(at + "/restore"); a.Status != http.StatusSeeOther || !c.Get("/questions?state=all").Has("giá bao nhiêu?") {
		t.Errorf("not brought back: %d", a.Status)
	}
	if a := site.As(t, "sibling").Post(at+"/void", "why", "x"); a.Status != http.StatusNotFound {
		t.Errorf("the sibling took it back: %d", a.Status)
	}
	if a := c.Post(at+"/owner", "owner", string(site.Home.Officers["director"])); a.Status != http.StatusSeeOther || !c.Get(a.Location).Has("Lò Thị Mẫu") {
		t.Errorf("giving it to the director: %d", a.Status)
	}
	if a := c.Post(at+"/owner", "owner", string(site.Far.Officers["director"])); a.Status != http.StatusNotFound {
		t.Errorf("gave it to another office: %d", a.Status)
	}
}

func TestEarlierAnswersAreOfferedWhileTheyHold(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	first := noted(t, c, site)
	c.Post(first+"/answer", "answer", "Mua ở điểm thu của xã.", "cites", "Nghị định 188/2025/NĐ-CP")
	second := noted(t, c, site, "text", "Mua thẻ BHYT hộ ở đâu?")
	a := c.Get(second)
	i := strings.Index(a.Body, second+"?use=")
	if i < 0 {
		t.Fatalf("no earlier answer is offered: %s", a.Body)
	}
	use := a.Body[i : i+len(second)+len("?use=")+36]
	if b := c.Get(use); !b.Has(`>Mua ở điểm thu của xã.</textarea>`, `value="Nghị định 188/2025/NĐ-CP"`) {
		t.Error("taking an earlier answer over does not fill the form")
	}
	if b := c.Get("/questions/similar?text=the+bhyt+ho+gia+dinh"); !b.Has("Mua ở điểm thu của xã.") {
		t.Errorf("nothing similar: %s", b.Body)
	}
	c.Post(first+"/answer", "answer", "Mua ở điểm thu của xã.", "cites", "Nghị định 188/2025/NĐ-CP", "valid_to", "2025-11-29")
	third := noted(t, c, site, "text", "Mua thẻ BHYT của hộ mất bao nhiêu?")
	c.Post(third+"/answer", "answer", "Theo bảng giá cũ.", "cites", "Văn bản cũ", "valid_from", "2020-01-01", "valid_to", "2025-06-30")
	if b := c.Get("/questions/similar?text=the+bhyt+ho+gia+dinh"); b.Has("Theo bảng giá cũ.") {
		t.Error("an answer out of date is still offered")
	}
	if b := c.Get("/questions?state=outdated"); !b.Has("Theo bảng giá cũ.", "hết hiệu lực") {
		t.Error("answers out of date are not listed to be renewed")
	}
	if b := c.Get(third); !b.Has("trả lời lại theo quy định mới") {
		t.Error("the page of a question does not say that its answer is out of date")
	}
	if a := c.Post(third+"/answer", "answer", "Theo bảng giá mới.", "cites", "x", "valid_from", "2025-07-01", "valid_to", "2025-06-30"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("days running backwards: %d", a.Status)
	}
}

func TestPrintedPromisesAreLogged(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	noted(t, c, site, "promised", "1", "person", string(site.Home.Person))
	if a := c.Get("/questions/promises"); a.Has("0199") {
		t.Error("a telephone is shown where nothing is printed")
	}
	if a := c.Get("/questions/promises?print=1"); !a.Has("0199") {
		t.Errorf("the sheet has no telephone: %s", a.Body)
	}
	log, err := site.DB.AuditLog(context.Background(), loa.Scope{Office: site.Home.ID, Ranges: []loa.Range{{From: "", To: "~~~"}}}, store.AuditFilter{}, 0, 20)
	if err != nil || !printed(log) {
		t.Errorf("printing names and telephones is not recorded: %v", err)
	}
}
