package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

// proposal is a row as an administrator types it.
func proposal(more ...string) []string {
	return append([]string{"id", loa.NewID(), "name", "poverty_line.rural", "value", "2.200.000", "from", "01/01/2027", "to", "", "cites", "Nghị định 351/2025/NĐ-CP", "source", "Công văn 12/BHXH", "why", "BHXH Việt Nam đã hướng dẫn", "confirmed", "1"}, more...)
}

var seenField = regexp.MustCompile(`name="seen" value="([0-9a-f]+)"`)

func TestPolicyPageAsOfADay(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	a := c.Get("/policy?on=2026-07-01")
	if a.Status != http.StatusOK || !a.Has("2.530.000 đ", "Nghị định 161/2026/NĐ-CP", "01/07/2026", "Chưa xác nhận", "Hỗ trợ được chiết khấu", "Sắp đổi gì") {
		t.Errorf("%d: the law of 01/07/2026 is not shown", a.Status)
	}
	if a := c.Get("/policy?on=2026-06-30&q=luong+co+so"); !a.Has("2.340.000 đ") || a.Has("hi.tier", "Bậc 1") {
		t.Error("the day before has another base salary, found without accents")
	}
	// what comes: in words, with what it does and whom it touches
	a = c.Get("/policy?on=2026-11-23")
	if !a.Has("Từ 1.500.000 đ thành 2.200.000 đ", "231.000 đ", "338.800 đ", "người đang tham gia BHXH tự nguyện", `href="/people?scheme=voluntary_si`, "chưa được dùng", "Hết hạn mức 0,31 %") {
		t.Error("what changes after 23/11/2026 is not told")
	}
	if strings.Count(a.Body, "Hết hạn 33 hệ số") != 1 {
		t.Error("the table of coefficients is not told as one change")
	}
	if a := c.Get("/policy?on=2026-11-23&only=unconfirmed"); a.Has("161/2026") || !a.Has("0,31 %") {
		t.Error("the filter of what is not confirmed shows something else")
	}
	if a := c.Get("/policy?on=2026-11-23&only=changed"); !a.Has("161/2026") {
		t.Error("the base salary of 07/2026 is not among what changed in the last year")
	}
	if a := c.Get("/policy?q=khongcogi"); !a.Has("Không có mức nào khớp") {
		t.Error("a search without a result says nothing")
	}
	if a := c.Get("/policy/history?name=base_salary"); !a.Has("1.490.000 đ", "2.530.000 đ", "Có sẵn trong chương trình") {
		t.Error("the history of the base salary is not whole")
	}
	if a := c.Get("/policy/history?name=nothing"); a.Status != http.StatusNotFound {
		t.Errorf("a parameter nobody knows answers %d", a.Status)
	}
	c.Get("/policy?lang=en")
	viewer := site.As(t, "viewer")
	if a := viewer.Get("/policy?on=2026-11-23"); a.Status != http.StatusOK || a.Has(`href="/people?scheme`) {
		t.Error("who may not see people is led to their list")
	}
}

// TestADayThatIsNoneIsTold: no other day is shown in its place.
func TestADayThatIsNoneIsTold(t *testing.T) {
	c := webtest.New(t).As(t, "officer")
	for _, at := range []string{"/policy?on=abc", "/policy?on=31/02/2026", "/policy?known=never"} {
		if a := c.Get(at); a.Status != http.StatusUnprocessableEntity || !a.Has("Ngày này không có thật") {
			t.Errorf("%s answers %d", at, a.Status)
		}
	}
}

func TestARowOfTheLawNeedsTwoOfficers(t *testing.T) {
	site := webtest.New(t)
	admin, director, officer := site.As(t, "administrator"), site.As(t, "director"), site.As(t, "officer")
	if a := admin.Get("/policy/new?name=poverty_line.rural&from=2027-01-01"); !a.Has(`value="2.200.000"`, `value="2027-01-01"`, "Nghị định 351/2025/NĐ-CP") {
		t.Error("the row nobody approved is not taken over")
	}
	fields := proposal()
	a := admin.Post("/policy/new", fields...)
	if a.Status != http.StatusOK || !a.Has("231.000 đ", "338.800 đ", "Ba câu hỏi hay gặp") {
		t.Fatalf("%d: what the row does is not shown first", a.Status)
	}
	if officer.Get("/policy").Has("Chờ duyệt (1)") {
		t.Fatal("a row that was only looked at is kept")
	}
	seen := seenField.FindStringSubmatch(a.Body)
	if seen == nil {
		t.Fatal("nothing to send")
	}
	if a := admin.Post("/policy/new", append(fields, "send", "1", "seen", seen[1], "value", "2.300.000")...); a.Status == http.StatusSeeOther {
		// the first value of a field counts, so this is the row that was seen
		t.Log("sent as it was seen")
	} else if a := admin.Post("/policy/new", append(fields, "send", "1", "seen", seen[1])...); a.Status != http.StatusSeeOther {
		t.Fatalf("sending answers %d %s", a.Status, a.Body)
	}
	page := admin.Get("/policy")
	if !page.Has("Chờ duyệt (1)", "Bạn đã đề xuất dòng này", "BHXH Việt Nam đã hướng dẫn") {
		t.Error("the administrator does not see the row waiting")
	}
	id := fields[1]
	if a := admin.Post("/policy/decide", "id", id, "decision", "approve"); a.Status != http.StatusForbidden {
		t.Errorf("whoever proposed a row may approve it: %d", a.Status)
	}
	if a := director.Post("/policy/decide", "id", id, "decision", "refuse"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("refused without a reason: %d", a.Status)
	}
	at := "/policy?on=2027-02-01"
	if !officer.Get(at).Has("Chỉ biết từ 01/01/2016 đến 31/12/2026") {
		t.Error("a proposed row is in force")
	}
	if a := director.Post("/policy/decide", "id", id, "decision", "approve"); a.Status != http.StatusSeeOther {
		t.Fatalf("approving answers %d", a.Status)
	}
	if !officer.Get(at).Has("2.200.000 đ", "Của cơ quan") {
		t.Error("the approved row is not in force")
	}
	if a := officer.Get(at + "&known=2025-11-29"); a.Has("Của cơ quan") || !a.Has("29/11/2025") {
		t.Error("the law as known before the approval has the row")
	}
	if a := officer.Get("/policy/history?name=poverty_line.rural"); !a.Has("Vàng A Quản", "Lò Thị Mẫu", "Đã duyệt") {
		t.Error("the history does not say who proposed and who approved")
	}
	if a := director.Post("/policy/decide", "id", id, "decision", "approve"); a.Status != http.StatusConflict {
		t.Errorf("decided twice: %d", a.Status)
	}
	neighbour := site.As(t, "ben.director")
	if a := neighbour.Post("/policy/decide", "id", id, "decision", "approve"); a.Status != http.StatusNotFound {
		t.Errorf("another office's row: %d", a.Status)
	}
	if log := director.Get("/admin/audit").Body; strings.Count(log, "poverty_line.rural") < 2 {
		t.Error("the log does not tell of the proposal and the approval")
	}
}

func TestARowIsRefusedBySentences(t *testing.T) {
	site := webtest.New(t)
	admin := site.As(t, "administrator")
	for _, c := range []struct{ field, value, says string }{
		{"value", "hai triệu", "2.200.000"}, {"value", "-5", "2.200.000"}, {"value", "", "2.200.000"}, {"from", "", "ngày"}, {"from", "31/02/2027", "Ngày"}, {"to", "01/01/2020", "bị ngược"},
		{"cites", "", "Hãy điền"}, {"source", "", "Hãy điền"}, {"why", "", "Hãy điền"}, {"why", strings.Repeat("x", 501), "500"},
	} {
		fields := proposal()
		for i := 0; i < len(fields); i += 2 {
			if fields[i] == c.field {
				fields[i+1] = c.value
			}
		}
		if a := admin.Post("/policy/new", fields...); a.Status != http.StatusUnprocessableEntity || !a.Has(c.says) {
			t.Errorf("%s=%q answers %d", c.field, c.value, a.Status)
		}
	}
	for name, values := range map[string][]string{ // typed as people type it
		"voluntary_si.interest": {"0,35", "0.35 %"}, "retirement.age.male": {"61 năm 9 tháng", "741"}, "pension.floor.joined_before": {"01/07/2025"},
		"price.paid_2020": {"1,16"}, "retirement.female_born_1969_05": {"0"}, "hi.wait_days": {"30"}, "advertising.sms_from": {"07:30", "7:30", "7h30", "7 giờ 30", "7h", "24:00"},
	} {
		for _, v := range values {
			fields := proposal()
			fields[3], fields[5] = name, v
			if a := admin.Post("/policy/new", fields...); a.Status != http.StatusOK || !a.Has("Gửi cho người thứ hai duyệt") {
				t.Errorf("%s=%q answers %d", name, v, a.Status)
			}
		}
	}
	for _, v := range []string{"420", "7:60", "24:01", "7:", "sáng"} { // no time of day
		fields := proposal()
		fields[3], fields[5] = "advertising.sms_from", v
		if a := admin.Post("/policy/new", fields...); a.Status != http.StatusUnprocessableEntity || !a.Has("giờ trong ngày") {
			t.Errorf("advertising.sms_from=%q answers %d", v, a.Status)
		}
	}
	if a := admin.Get("/policy/new?name=advertising.call_to&from=2020-10-01"); !a.Has(`value="17:00"`, "Giờ trong ngày") {
		t.Error("a time of day is not taken over as one")
	}
	if a := admin.Post("/policy/new", "name", "no.such"); a.Status != http.StatusNotFound {
		t.Errorf("a parameter nobody knows answers %d", a.Status)
	}
}

func TestPublicChanges(t *testing.T) {
	site := webtest.New(t)
	c := site.Anonymous(t)
	a := c.Get(publicAt(t, site, "/changes"))
	if a.Status != http.StatusOK || !a.Has("Sắp đổi gì", "01/07/2026", "Lương cơ sở", "1.366.200 đ", "Chưa xác nhận", "338.800 đ") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a.Has("người đang tham gia", "Chạm tới", "/policy") {
		t.Error("numbers of the register or a page of officers")
	}
	if b := c.Get(publicAt(t, site, "/changes?lang=en")); !b.Has("What changes next", "1,366,200 đ", "Not confirmed", "Decree 161/2026") {
		t.Errorf("not in English: %s", b.Body)
	}
	// what an officer has only proposed is nobody's business yet
	row := loa.PolicyRow{ID: loa.NewID(), Name: "maternity.amount", From: "2026-01-01", Value: 3_000_000, Unit: "dong", Cites: "Nghị định mẫu", Source: "mẫu"}
	if err := site.DB.ProposePolicyRow(t.Context(), wholeOf(t, site, site.Home), loa.By{Officer: "a", At: site.Now()}, row); err != nil {
		t.Fatal(err)
	}
	if b := c.Get(publicAt(t, site, "/changes?lang=vi")); b.Has("3.000.000 đ") {
		t.Error("a proposed row is public")
	}
}

// TestWhatIsProposedIsNobodysLaw: until a second officer approves a row, no page but that of the law speaks of it; then with its doubts.
func TestWhatIsProposedIsNobodysLaw(t *testing.T) {
	site := webtest.New(t)
	admin, director, anybody := site.As(t, "administrator"), site.As(t, "director"), site.Anonymous(t)
	fields := []string{"id", loa.NewID(), "name", "base_salary", "value", "3.333.000", "from", "01/12/2026", "to", "", "cites", "Nghị định 999/2026/NĐ-CP", "source", "Công văn 99/BHXH", "why", "Thử"}
	a := admin.Post("/policy/new", fields...)
	seen := seenField.FindStringSubmatch(a.Body)
	if seen == nil {
		t.Fatalf("%d: the row is not shown first", a.Status)
	}
	if a := admin.Post("/policy/new", append(fields, "send", "1", "seen", seen[1])...); a.Status != http.StatusSeeOther {
		t.Fatalf("proposing answers %d", a.Status)
	}
	at := publicAt(t, site, "")
	pages := map[string]func() webtest.Answer{
		"public HI": func() webtest.Answer { return anybody.Get(at + "?tab=hi") }, "public changes": func() webtest.Answer { return anybody.Get(at + "/changes") },
		"calculator": func() webtest.Answer { return director.Get("/calculator?tab=hi") }, "threshold": func() webtest.Answer { return director.Get("/calculator/ask?asked=1&kind=hi-threshold") },
	}
	for name, page := range pages {
		if a := page(); a.Status != http.StatusOK || a.Has("3.333.000") || a.Has("999/2026") {
			t.Errorf("%s (%d) speaks of a row that is only proposed", name, a.Status)
		}
	}
	if a := director.Post("/policy/decide", "id", fields[1], "decision", "approve"); a.Status != http.StatusSeeOther {
		t.Fatalf("approving answers %d", a.Status)
	}
	if a := pages["public HI"](); !a.Has("3.333.000 đ", "có thể là") { // approved, but not confirmed
		t.Error("the approved row is not told, or told as certain")
	}
}
