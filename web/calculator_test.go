package web_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/web"
	"loa/web/webtest"
)

// TestCalculatorAnswersInOneScreen asks the three questions and reads the answer: what is paid, what the State pays, what comes of it.
func TestCalculatorAnswersInOneScreen(t *testing.T) {
	s := webtest.New(t)
	for _, at := range []string{"/calculator", publicAt(t, s, "")} {
		c := s.As(t, "officer")
		for _, x := range []struct {
			ask  string
			want []string
		}{
			{"?who=ethnic_minority&sex=female&m=3&y=1987", []string{"231.000 đ", "99.000 đ", "870.000 đ", "4/2047", "58 %", "7.700 đ", "338.800 đ", "Chưa xác nhận", "Luật 41/2024/QH15"}},
			{"?who=poor&sex=male&m=1&y=1990", []string{"165.000 đ", "Hộ nghèo"}},
			{"?who=other&put=500.000&sex=female&m=3&y=1987", []string{"495.000", "2.550.000 đ"}}, // the nearest step that fits
			{"?who=other&sex=female&m=3&y=1952", []string{"Trợ cấp hưu trí xã hội", "từ 01/03/2027"}},
			{"?who=other&sex=female&m=3&y=1987&start_age=45", []string{"15 năm"}},
			{"?tab=hi&n=5", []string{"1.263.600 đ", "884.520 đ", "4.043.520 đ"}},
			{"?tab=hi&n=3&g1=poor&g2=pupil", []string{"Nhà nước đóng hết", "631.800 đ", "1.263.600 đ"}},
		} {
			if a := c.Get(at + x.ask); a.Status != http.StatusOK || !a.Has(x.want...) {
				t.Errorf("%s%s lacks one of %q", at, x.ask, x.want)
			}
		}
		for ask, want := range map[string]string{"?who=other&sex=female&m=3&y=1800": "Năm sinh từ", "?who=king&sex=female&y=1980": "không có trong danh sách", "?who=other&put=abc&sex=male&y=1980": "Chỉ nhập số", "?tab=hi&n=99": "Số người trong nhà từ 1 đến 30", "?tab=hi&n=31": "Số người trong nhà từ 1 đến 30", "?tab=hi&n=abc": "Số người trong nhà từ 1 đến 30", "?tab=hi&n=4&g1=hacker": "Không có nhóm «hacker». Hãy chọn một nhóm trong danh sách cho người thứ 1",
			"?who=other&put=99999999999999999999&sex=male&y=1980": "Cao nhất là", "?who=other&sex=male&m=1&y=1980&before=99999999999999999999": "Số tháng từ 0 đến",
			"?who=other&sex=female&m=13&y=1980": "Tháng này không có thật"} {
			if a := c.Get(at + ask); a.Status != http.StatusOK || !a.Has(want) {
				t.Errorf("%s%s does not say %q", at, ask, want)
			}
		}
	}
}

// TestCalculatorIsFilledSavedAndComesOutAgain calculates for a person of the register, saves it as a touch and opens it later.
func TestCalculatorIsFilledSavedAndComesOutAgain(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "officer")
	at := "/calculator?person=" + string(s.Home.Person)
	a := c.Get(at)
	p, err := s.DB.Person(context.Background(), wholeOf(t, s, s.Home), s.Home.Person)
	if err != nil {
		t.Fatal(err)
	}
	if a.Status != http.StatusOK || !a.Has(p.Name, "Lưu vào nhật ký") || a.Has("Ví dụ:") {
		t.Fatal("the page is not about the person")
	}
	field := func(name string) string {
		m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(a.Body)
		if m == nil {
			t.Fatalf("no field %s", name)
		}
		return strings.ReplaceAll(m[1], "&amp;", "&")
	}
	form := url.Values{"asked": {field("asked")}, "id": {field("id")}}
	for range 2 { // sent twice
		if a := c.Post("/calculator/save", "asked", form.Get("asked"), "id", form.Get("id")); a.Status != http.StatusSeeOther {
			t.Fatalf("saving answers %d", a.Status)
		}
	}
	home := c.Get("/people/" + string(s.Home.Person))
	if n := strings.Count(home.Body, "/calculator?saved="); n != 1 || !home.Has("Đã tính: BHXH tự nguyện") {
		t.Fatalf("%d calculations on the timeline", n)
	}
	saved := regexp.MustCompile(`/calculator\?saved=[0-9a-f-]+`).FindString(home.Body)
	if b := c.Get(saved); b.Status != http.StatusOK || !b.Has("như đã tính ngày") || b.Has("Lưu vào nhật ký") {
		t.Error("what was saved does not come out again")
	}
	for _, name := range []string{"sibling", "xa.director", "ben.officer"} {
		for _, way := range []string{at, saved, at + "&tab=hi", "/calculator/slip?person=" + string(s.Home.Person)} {
			if b := s.As(t, name).Get(way); b.Status == http.StatusOK && b.Has(p.Name) {
				t.Errorf("%s sees %s at %s", name, p.Name, way)
			}
		}
		if b := s.As(t, name).Post("/calculator/save", "asked", form.Get("asked"), "id", loa.NewID()); b.Status == http.StatusSeeOther && b.Location == "/people/"+string(s.Home.Person) {
			t.Errorf("%s saves for a person of another scope", name)
		}
	}
}

// TestCalculatorExplainsWhatItShows: the rate of a pension stands beside the income it is taken of, what was paid before is not passed
// over, somebody old keeps their year of birth, a note is told once, and where the law is not known its sentence is on the slip too.
func TestCalculatorExplainsWhatItShows(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "officer")
	a := c.Get("/calculator?who=other&sex=male&m=6&y=1975&before=250&average=5.000.000")
	if !a.Has("Tiền đã đóng trước đây chưa tính vào") || a.Has("Nhận lương hưu") {
		t.Error("what was paid before is passed over")
	}
	found := regexp.MustCompile(`(\d+)(?:,\d+)? % × ([\d.]+) đ · theo tiền`).FindStringSubmatch(a.Body)
	if found == nil || found[2] == "1.500.000" {
		t.Errorf("the rate stands beside %v", found)
	}
	if a := c.Get("/calculator?who=other&sex=male&m=6&y=1940"); !a.Has(`value="1940" selected`) {
		t.Error("the year of birth of somebody old is lost")
	}
	if a := c.Get("/calculator?tab=hi&n=2&g1=near_poor&g2=pupil"); strings.Count(a.Body, "tỉnh có thể hỗ trợ thêm") != 1 || a.Has("Người thứ nhất đóng đủ") {
		t.Error("a note is told twice, or one that touches nobody")
	}
	for _, ask := range []string{"who=poor&sex=female&m=3&y=1987", "tab=hi&n=3"} {
		a := c.Get("/calculator/slip?day=01/02/2031&" + ask)
		if a.Status != http.StatusUnprocessableEntity || !a.Has("chưa biết cho ngày 01/02/2031") {
			t.Errorf("a slip beyond the law that is known answers %d without the range", a.Status)
		}
	}
}

// TestSlipsForAWholeArea prints a slip for each household, on both sizes, and writes that in the log.
func TestSlipsForAWholeArea(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "director")
	for _, size := range []string{"a6", "a5"} {
		a := c.Get("/calculator/slips?area=" + string(s.Home.Commune1) + "&size=" + size)
		if a.Status != http.StatusOK || !a.Has("class=\"leaf "+size+" slip\"", "BHXH tự nguyện, mỗi người một tháng", "675.000 đ", "600.000 đ") {
			t.Errorf("no slips on %s: %d", size, a.Status)
		}
	}
	if a := c.Get("/admin/audit"); !a.Has("in", "slips") {
		t.Error("printing is not in the log")
	}
	if a := c.Get("/calculator/slip?who=poor&sex=female&m=3&y=1987"); a.Status != http.StatusOK || !a.Has("165.000 đ", "Từ tháng 4/2047") {
		t.Errorf("no slip for one: %d", a.Status)
	}
	if a := c.Get("/calculator/slip?tab=hi&n=5"); a.Status != http.StatusOK || !a.Has("4.043.520 đ") {
		t.Errorf("no slip of HI: %d", a.Status)
	}
	if a := c.Get("/calculator/slips"); !a.Has("In phiếu cho thôn, bản nào?", "Bản Một", "Cả Xã Nhất") || a.Has("675.000 đ") {
		t.Errorf("without a place no village is asked for: %d", a.Status)
	}
	if a := c.Get("/calculator/slips?area=" + string(s.Neighbour.Village1)); a.Status != http.StatusNotFound {
		t.Errorf("slips of another office: %d", a.Status)
	}
}

// TestAnyQuestionIsAnswered asks every kind through its form, in both languages, with a good and a bad answer.
func TestAnyQuestionIsAnswered(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "officer")
	for kind, good := range map[string]string{"contribution": "income=1.500.000&groups=poor&groups=near_poor&method=years_ahead&periods=3&day=01/08/2026", "pension": "sex=male&months=421&average=4.000.000", "average": "settled=2026&history=2024-01,2024-12,1500000",
		"retirement": "sex=female&born=5/1969", "lump-sum": "months_before_2014=29&months_from_2014=13&average=2.000.000", "household": "members=4&months=12", "hi-visit": "cost=2.000.000&groups=near_poor", "wish": "sex=female&born=3/1988&wanted=3.000.000",
		"worker": "wage=9.000.000&region=4&day=01/08/2026", "fixed": "", "advertising": "", "survivors": "pension=2.000.000&drawn=20", "allowance": "months=120&average=1.500.000", "contribution ": "income=1.500.000&support_bp=12,5&method=monthly&periods=1"} {
		kind = strings.TrimSpace(kind)
		for _, lang := range []string{"vi", "en"} {
			c.Post("/language", "lang", lang, "next", "/") // an account keeps its own
			a := c.Get("/calculator/ask?asked=1&kind=" + kind + "&" + good)
			if a.Status != http.StatusOK || !strings.Contains(a.Body, "ask-results") || strings.Contains(a.Body, ">policy.") {
				t.Errorf("%s?%s (%s) is not answered", kind, good, lang)
			}
		}
		if kind == "fixed" || kind == "advertising" { // nothing is asked but the day
			continue
		}
		if a := c.Get("/calculator/ask?asked=1&kind=" + kind); a.Status != http.StatusOK || !strings.Contains(a.Body, `aria-invalid="true"`) && kind != "survivors" {
			t.Errorf("%s without an answer marks no field", kind)
		}
	}
	if a := c.Get("/calculator/ask?kind=nothing"); a.Status != http.StatusNotFound {
		t.Errorf("an unknown question answers %d", a.Status)
	}
}

// TestWhoIsPastTheAgeHearsOfTheMissingMonths tells somebody old enough with a few months missing what they cost and bring.
func TestWhoIsPastTheAgeHearsOfTheMissingMonths(t *testing.T) {
	s := webtest.New(t, func(o *web.Options) {
		o.Now = func() time.Time { return time.Date(2026, 11, 27, 9, 0, 0, 0, loa.Zone) }
	}) // the fund's return is known in 2026
	c, at := s.Anonymous(t), publicAt(t, s, "")
	a := c.Get(at + "?who=other&sex=male&m=1&y=1962&before=178&average=1.500.000")
	if !a.Has("Đóng một lần 2 tháng còn thiếu hết", "600.000 đ") { // 40 % of 1.5 million
		t.Error("nothing is said of the missing months")
	}
	if a := c.Get(at + "?who=other&sex=female&m=5&y=1969&before=200&average=1.500.000"); !a.Has("được hưởng lương hưu", "735.000 đ", "Nữ sinh tháng 05/1969: văn bản có hai cách đọc") || a.Has("Trợ cấp hưu trí xã hội") { // 49 % of 1.5 million
		t.Error("somebody of age with enough months is not told of the pension, or not that her age is to be confirmed")
	}
	if a := c.Get(at + "?who=other&sex=female&m=5&y=1969"); !a.Has("Nữ sinh tháng 05/1969: văn bản có hai cách đọc") {
		t.Error("a woman born in 05/1969 is not told that the office is to confirm her age")
	}
	if a := c.Get(at + "?who=other&sex=male&m=1&y=1962&before=100&average=1.500.000"); a.Has("còn thiếu hết") {
		t.Error("eighty months cannot be paid at once")
	}
}
