package web_test

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"loa/policy"
	"loa/web/webtest"
)

// TestCalculatorNamesLimits types what cannot be, or hardly, into the calculator for everybody: one sentence names the limit beside its
// field, and no figure stands there without it.
func TestCalculatorNamesLimits(t *testing.T) {
	site := webtest.New(t)
	c, at := site.Anonymous(t), publicAt(t, site, "")
	noted := regexp.MustCompile(`<small id="calc-put-note">([^<]*)</small>`)
	for typed, want := range map[string]string{
		"100": "Thấp nhất là 231.000 đ mỗi tháng: thu nhập làm căn cứ đóng từ 1.500.000 đ", "-5": "Thấp nhất là 231.000 đ", "99999999999": "Cao nhất là", "50000000": "thu nhập làm căn cứ đóng đến 46.800.000 đ (",
		"240.000": "Mức đóng đi theo bậc: không quá 240.000 đ là 231.000 đ (", "231000": "mức thấp nhất", "abc": "Chỉ nhập số",
	} {
		a := c.Get(at + "?who=ethnic_minority&sex=female&m=3&y=1987&put=" + typed)
		if m := noted.FindStringSubmatch(html.UnescapeString(a.Body)); m == nil || !strings.Contains(m[1], want) {
			t.Errorf("put %s: %q, want %q", typed, m, want)
		}
	}
	for query, want := range map[string]string{
		"start_age=5": "Tuổi bắt đầu từ 38, là tuổi bây giờ", "start_age=99999": "Tuổi bắt đầu từ 38", "start_age=99": "nằm sau khi đủ tuổi nghỉ hưu", "pause=9999": "Số tháng từ 0 đến 600", "before=-3": "Số tháng từ 0 đến 720",
		"before=100&average=2000": "Số tiền từ 100.000 đ đến 46.800.000 đ", "before=100&average=99999999999": "Số tiền từ 100.000 đ", "before=10&supported=20": "Không nhiều hơn số tháng đã đóng (10)",
	} {
		a := c.Get(at + "?who=poor&sex=female&m=3&y=1987&" + query)
		body := html.UnescapeString(a.Body)
		name := query[strings.LastIndex(query, "&")+1 : strings.LastIndex(query, "=")]
		if !regexp.MustCompile(`id="calc-`+name+`-e">[^<]*`+regexp.QuoteMeta(want)).MatchString(body) || !a.Has(`<details class="calc-more" open>`) {
			t.Errorf("%s: no %q beside its field: %s", query, want, regexp.MustCompile(`class="calc-err"[^<]*<`).FindString(body))
		}
		if a.Has(`class="huge"`) || a.Has("calc.say_age") {
			t.Errorf("%s: a pension stands there", query)
		}
	}
	if a := c.Get(at + "?who=poor&sex=female&m=3&y=1987&start_age=38"); !a.Has(`class="huge"`) || a.Has("calc-err") {
		t.Error("to start at the age of now is refused")
	}
	if a := c.Get(at + "?who=poor&sex=x&m=3&y=1987"); !a.Has("không có trong danh sách") {
		t.Error("a sex that is none is passed over in silence")
	}
	if a := c.Get(at + "?who=poor&sex=male&m=3&y=2015&lang=en"); !a.Has("15") || a.Has(`class="huge"`) {
		t.Error("somebody too young has a pension")
	}
}

// TestCalculatorTakesTheHouseholdsOfTheLaw: the page takes as many members as the question of the command does, and no more.
func TestCalculatorTakesTheHouseholdsOfTheLaw(t *testing.T) {
	site := webtest.New(t)
	c, at := site.Anonymous(t), publicAt(t, site, "")
	law, err := policy.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n < 40; n++ {
		_, err := law.Ask("household", map[string]string{"members": strconv.Itoa(n), "months": "12"}, webtest.Today)
		if a := c.Get(at + "?tab=hi&n=" + strconv.Itoa(n)); a.Has(`class="list calc-table hi"`) != (err == nil) {
			t.Errorf("%d members: the law's question says %v, the page otherwise", n, err)
		}
	}
	if a := c.Get(at + "?tab=hi&n=4&g1=hacker&g2=poor"); !a.Has(`id="calc-g1-e" role="alert"`, `<option value="poor" selected>`) || a.Has(`class="list calc-table hi"`) {
		t.Error("a group that is none loses what was chosen, or is passed over")
	}
}

// TestSlipsCiteWhatTheyTell: the slip of voluntary SI names no decree on health insurance, nor the other way round.
func TestSlipsCiteWhatTheyTell(t *testing.T) {
	c := webtest.New(t).As(t, "officer")
	if a := c.Get("/calculator/slip?who=poor&sex=female&m=3&y=1987"); !a.Has("159/2025/NĐ-CP") || a.Has("188/2025/NĐ-CP") {
		t.Error("the slip of SI cites the law of HI, or not its own")
	}
	if a := c.Get("/calculator/slip?tab=hi&n=3"); !a.Has("188/2025/NĐ-CP") || a.Has("159/2025/NĐ-CP") {
		t.Error("the slip of HI cites the law of SI, or not its own")
	}
}
