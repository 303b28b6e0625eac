package web_test

import (
	"net/http"
	"strings"
	"testing"

	"loa/web/webtest"
)

// TestAskedFieldsSayWhatTheyCount: months or years, and each field by the name it has in its question.
func TestAskedFieldsSayWhatTheyCount(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "officer")
	for _, x := range []struct {
		lang, at   string
		has, hasNo []string
	}{
		{"vi", "kind=outlook", []string{"Nghỉ giữa chừng", "số tháng", "số tuổi", `href="#ask-kinds"`, `id="ask-kinds"`}, nil},
		{"en", "kind=outlook", []string{"Pause on the way", ">months<", "age in years"}, nil},
		{"vi", "kind=social-pension", []string{"Lương hưu, trợ cấp BHXH đang nhận mỗi tháng"}, []string{"Tự trả"}},
		{"en", "kind=social-pension", []string{"Pension or SI benefit drawn, a month"}, nil},
		// what is typed as people write it is read; what cannot be is refused with an example that can
		{"vi", "asked=1&day=27/11/2026&kind=retirement&sex=male&born=2/1965", []string{"61 năm 6 tháng"}, []string{"aria-invalid"}},
		{"vi", "asked=1&day=27/11/2026&kind=retirement&sex=male&born=13/1965", []string{"aria-invalid", "Hãy viết như 11/2025"}, nil},
		{"vi", "asked=1&day=27/11/2026&kind=retirement&sex=male&born=1/2030", []string{"aria-invalid", "Tháng sinh phải từ 01/11/1906 đến 27/11/2026"}, nil},
		{"vi", "asked=1&day=27/11/2026&kind=outlook&sex=female&born=1/1980&income=1.500.000&before=500", []string{"aria-invalid", "Không nhiều hơn 383 tháng: từ khi đủ 15 tuổi (01/01/1995)"}, []string{"ask-results"}},
		{"vi", "asked=1&day=27/11/2026&kind=household&member_months=12,,3", []string{"aria-invalid", "ví dụ 12,6,3"}, []string{"ask-results"}},
		// a refusal says what it leans on
		{"vi", "asked=1&day=27/11/2026&kind=outlook&sex=female&born=5/1969&income=1.500.000", []string{"Nữ sinh tháng 05/1969: văn bản có hai cách đọc", "Chưa xác nhận: Nữ sinh 05/1969 đủ tuổi khi nào"}, []string{"ask-results"}},
		{"en", "asked=1&day=27/11/2026&kind=outlook&sex=female&born=5/1969&income=1,500,000", []string{"Not confirmed: When women born 05/1969 reach the age"}, nil},
		{"vi", "asked=1&day=27/11/2026&kind=allowance&months=120&average=1.500.000&born=1/1990", []string{"Chỉ dành cho người đã đủ tuổi nghỉ hưu, nay là 57 tuổi 0 tháng"}, []string{"540.000"}},
		{"vi", "asked=1&day=27/11/2026&kind=social-pension&born=2/1940&groups=poor", []string{"01/11/2026", "hãy làm đơn ngay"}, nil},
		{"vi", "asked=1&kind=hi-threshold&day=01/07/2026&paid_before=4.680.000", []string{"Đúng đến hết ngày 31/12/2026"}, []string{"30/06/2026"}},
		{"vi", "asked=1&kind=contribution&day=01/08/2026&income=1.500.000&method=years_ahead&periods=2", []string{"i = 1…24 =", "= 24 tháng"}, []string{"tháng = 2 năm", "1…2 năm"}},
		{"vi", "asked=1&kind=fixed&day=01/01/2027", []string{"Chưa biết cho ngày này: Chuẩn hộ nghèo nông thôn.", "2.000.000 đ"}, nil},
	} {
		c.Post("/language", "lang", x.lang, "next", "/")
		a := c.Get("/calculator/ask?" + x.at)
		if a.Status != http.StatusOK {
			t.Fatalf("%s answers %d", x.at, a.Status)
		}
		for _, want := range x.has {
			if !strings.Contains(a.Body, want) {
				t.Errorf("%s (%s) has no %q", x.at, x.lang, want)
			}
		}
		for _, no := range x.hasNo {
			if strings.Contains(a.Body, no) {
				t.Errorf("%s (%s) has %q", x.at, x.lang, no)
			}
		}
	}
}
