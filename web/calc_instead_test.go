package web_test

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/web"
	"loa/web/webtest"
)

// TestWhoCannotPayInSeesNoAmounts asks for a child, somebody past the age and somebody very old: they are told why in plain words and
// what is open to them, with no amount to pay, nothing of the shop, nothing to print or save, and no figure of today for a far year.
func TestWhoCannotPayInSeesNoAmounts(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	for _, at := range []string{"/calculator", publicAt(t, site, "")} {
		for _, x := range []struct {
			ask, vi, en string
			never       string
		}{
			{"who=other&sex=female&m=2&y=2015", "Cháu mới 10 tuổi, chưa đóng BHXH tự nguyện được. Đủ 15 tuổi, từ tháng 2/2030|Thẻ BHYT (Học sinh, sinh viên): đóng", "only 10 years old, too young|A health card (", "hưu trí xã hội"},
			{"who=other&sex=male&m=2&y=2023", "Cháu mới 2 tuổi|Thẻ BHYT: Nhà nước đóng hết (Trẻ dưới 6 tuổi)", "only 2 years old", "hưu trí xã hội"},
			{"who=poor&sex=female&m=2&y=2015", "Thẻ BHYT: Nhà nước đóng hết (Hộ nghèo)", "the State pays all of it", "hưu trí xã hội"},
			{"who=other&sex=male&m=2&y=1964", "Bác đã qua tuổi nghỉ hưu (61 tuổi 3 tháng, từ tháng 5/2025)", "is past", "hưu trí xã hội"},
			{"who=other&sex=male&m=2&y=1964&before=100", "mới đóng được 8 năm 4 tháng. Có lương hưu phải đóng đủ 15 năm", "only 8 years 4 months are paid", "hưu trí xã hội"},
			{"who=other&sex=female&m=2&y=1955", "từ 01/02/2030, nếu không có lương hưu", "from 01/02/2030", "làm đơn ngay"},
			{"who=poor&sex=female&m=2&y=1940", "Bác 85 tuổi, đã qua tuổi nghỉ hưu|Bác đã đủ tuổi nhận trợ cấp hưu trí xã hội: 500.000 đ|làm đơn ngay", "At 85|Old enough for the social pension: 500,000 đ", "2010"},
		} {
			for lang, want := range map[string]string{"vi": x.vi, "en": x.en} {
				if at == "/calculator" {
					c.Post("/language", "lang", lang)
				}
				body := html.UnescapeString(c.Get(at + "?lang=" + lang + "&" + x.ask).Body)
				_, main, _ := strings.Cut(body, `id="calc-answer"`)
				for _, part := range strings.Split(want, "|") {
					if !strings.Contains(main, part) {
						t.Errorf("%s?%s in %s does not say %q", at, x.ask, lang, part)
					}
				}
				for _, gone := range []string{`class="pay-card"`, `class="get-card"`, `class="likes"`, "Nằm sau", "Tháng bắt đầu nằm", "Loa chỉ biết"} {
					if strings.Contains(main, gone) {
						t.Errorf("%s?%s in %s still shows %s", at, x.ask, lang, gone)
					}
				}
				if lang == "vi" && strings.Contains(main, x.never) {
					t.Errorf("%s?%s speaks of %q", at, x.ask, x.never)
				}
				if strings.Contains(body, "/calculator/slip?") {
					t.Errorf("%s?%s in %s can be printed", at, x.ask, lang)
				}
			}
		}
	}
	if a := c.Get("/calculator/slip?who=other&sex=female&m=2&y=2015"); a.Status == 200 {
		t.Error("a slip for a child is printed")
	}
	if a := c.Post("/calculator/save", "asked", "who=other&sex=female&m=2&y=2015&person="+string(site.Home.Person), "id", loa.NewID()); a.Status == 303 {
		t.Error("an amount for a child is saved")
	}
}

// TestWaysOfPayingTellTheOwnSaving reads the table of the ways of paying: two and five years ahead are cheaper by what the person
// pays less than by the month, and not by the State's part of it.
func TestWaysOfPayingTellTheOwnSaving(t *testing.T) {
	site := webtest.New(t, func(o *web.Options) {
		o.Now = func() time.Time { return time.Date(2026, 11, 27, 9, 0, 0, 0, loa.Zone) }
	})
	body := site.Anonymous(t).Get(publicAt(t, site, "") + "?who=poor&sex=female&m=3&y=1987").Body
	for label, want := range map[string][2]string{"2 năm một lần": {"3.822.401 đ", "137.599 đ"}, "5 năm một lần": {"", "850.926 đ"}, "hằng tháng": {"165.000 đ", "–"}} {
		row := regexp.MustCompile(`<th scope="row">` + label + `.*?</tr>`).FindString(body)
		if !strings.Contains(row, want[0]) || !strings.Contains(row, ">"+want[1]+"<") {
			t.Errorf("%s: %q, want %v", label, row, want)
		}
	}
}

// TestStoriesBesideTheAnswerFollowTheLanguage: an English page tells the English words of a story that has them, on both calculators.
func TestStoriesBesideTheAnswerFollowTheLanguage(t *testing.T) {
	site := webtest.New(t)
	toldStory(t, site, "change_english", "She has a card", "text_english", "She says a sentence.")
	officer := site.As(t, "officer")
	for lang, want := range map[string]string{"vi": `class="story"`, "en": "She has a card"} {
		other := map[string]string{"vi": "She has a card", "en": "Có thẻ bảo hiểm"}[lang]
		officer.Post("/language", "lang", lang)
		for at, c := range map[string]*webtest.Client{"/calculator?who=other&sex=female&m=3&y=1987": officer, publicAt(t, site, "") + "?who=other&sex=female&m=3&y=1987&lang=" + lang: site.Anonymous(t)} {
			if a := c.Get(at); !a.Has(want) || a.Has(other) {
				t.Errorf("%s in %s tells the story in another language, or not at all", at, lang)
			}
		}
	}
}
