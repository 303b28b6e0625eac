package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"loa/gazetteer"
	"loa/store/storetest"
	"loa/web"
	"loa/web/webtest"
)

func TestFirstRun(t *testing.T) {
	const code = "abcDEF123456"
	db := storetest.SQLite(t)
	site := webtest.Over(t, db, func(o *web.Options) { o.SetupCode = code })
	c := site.Anonymous(t)
	if a := c.Follow("/"); !a.Has("Lập cơ quan đầu tiên") {
		t.Fatalf("an empty database leads to %d", a.Status)
	}
	if a := c.Get("/setup/find?kind=province&q=dien+bien"); a.Status != 200 || !a.Has("Tỉnh Điện Biên") || a.Has("Xã ") {
		t.Errorf("looking for a province answers %d %s", a.Status, a.Body)
	}
	if a := c.Get("/setup/find?kind=commune&q=tua+chua"); !a.Has("Tủa Chùa") || a.Has("Tỉnh Điện Biên</") {
		t.Errorf("looking for a commune answers %s", a.Body)
	}
	form := map[string]string{"code": code, "name": "BHXH cơ sở Tủa Chùa", "short_name": "BHXH cơ sở Tủa Chùa", "province_text": "dien bien", "commune_text": "tua chua",
		"director_name": "Lò Thị Mẫu", "director_login": "lo.mau", "admin_name": "Vàng A Quản", "admin_login": "vang.quan",
		"password": "mười hai con ngựa đá", "again": "mười hai con ngựa đá"}
	send := func(change ...string) webtest.Answer {
		var pairs []string
		for k, v := range form {
			pairs = append(pairs, k, v)
		}
		for i := 0; i+1 < len(change); i += 2 {
			for j := 0; j+1 < len(pairs); j += 2 {
				if pairs[j] == change[i] {
					pairs[j], pairs[j+1] = "_", ""
				}
			}
		}
		return c.Post("/setup", append(pairs, change...)...)
	}
	if a := send("do", "add"); a.Status != 200 || !a.Has(`name="communes"`, "Điện Biên", `value="BHXH cơ sở Tủa Chùa"`) {
		t.Errorf("adding a commune without scripts answers %d", a.Status)
	}
	for what, change := range map[string][]string{
		"Mã này không đúng":               {"code", "wrong"},
		"Hai lần nhập":                    {"again", "another phrase"},
		"ít nhất 10 ký tự":                {"password", "short", "again", "short"},
		"Đã có người dùng tên đăng nhập":  {"director_login", "vang.quan"},
		"chữ thường không dấu":            {"director_login", "lò mẫu"},
		"Xã này không thuộc tỉnh đã chọn": {"province_text", "", "province", "01", "communes", gazetteer.Search("tua chua dien bien", 1)[0].Code},
		"Hãy điền ô này":                  {"commune_text", ""},
	} {
		if a := send(change...); a.Status != http.StatusUnprocessableEntity || !a.Has(what) {
			t.Errorf("%v answers %d without %q", change, a.Status, what)
		}
	}
	if offices, err := db.Offices(context.Background()); err != nil || len(offices) != 0 {
		t.Fatalf("refused forms made %v %v", offices, err)
	}
	a := send()
	found := oneTime.FindStringSubmatch(a.Body)
	if a.Status != 200 || found == nil || !a.Has("lo.mau") {
		t.Fatalf("setting up answers %d: %s %s", a.Status, a.Body, site.Logged())
	}
	if a := c.Post("/login", "login_name", "vang.quan", "password", form["password"]); a.Status != http.StatusSeeOther {
		t.Errorf("the administrator does not come in: %d", a.Status)
	}
	if a := c.Get("/admin"); a.Status != 200 || !a.Has("Lò Thị Mẫu", "Vàng A Quản") {
		t.Errorf("the administration answers %d", a.Status)
	}
	director := site.Anonymous(t)
	director.Post("/login", "login_name", "lo.mau", "password", found[1])
	if a := director.Get("/account"); a.Location != "/account/password" {
		t.Errorf("the director is not asked for an own password: %d %q", a.Status, a.Location)
	}
	if a := director.Post("/account/password", "password", found[1], "fresh", "một câu dễ nhớ lắm", "again", "một câu dễ nhớ lắm"); a.Location != "/" {
		t.Errorf("after the first password the director lands on %q", a.Location)
	}
	if a := director.Get("/"); !a.Has("Cơ quan mới: làm gì trước?", "xong 0 trên 6 việc", `href="/areas/new"`, `href="/imports"`, `href="/targets"`, `href="/matrix"`, `href="/sessions/new"`, "Chưa ký ma trận") || a.Has(`href="/admin/officers/new"`, "đúng hạn.") {
		t.Errorf("Today does not lead a new director on: %d", a.Status)
	}
	if a := c.Get("/"); !a.Has(`href="/admin/officers/new"`, "Cơ quan mới") || a.Has(`href="/imports"`) {
		t.Errorf("Today does not lead a new administrator on: %d", a.Status)
	}
	if a := director.Get("/matrix"); a.Status != 200 || !a.Has("Nông dân", "/matrix/cell?segment=", "Bấm vào một ô") {
		t.Errorf("a new office has no cell of the matrix to click: %d", a.Status)
	}
	if a := director.Get("/account"); !a.Has("Giám đốc") || a.Has("Director") {
		t.Errorf("the director's position is not in Vietnamese: %d", a.Status)
	}
	for _, ask := range []webtest.Answer{site.Anonymous(t).Get("/setup"), send(), site.Anonymous(t).Get("/setup/find?kind=commune&q=a")} {
		if ask.Status != http.StatusConflict {
			t.Errorf("a second set-up answers %d", ask.Status)
		}
	}
	if strings.Contains(site.Logged(), found[1]) || strings.Contains(site.Logged(), form["password"]) {
		t.Error("a password stands in the log")
	}
}

func TestNoCodeNoSetup(t *testing.T) {
	site := webtest.Over(t, storetest.SQLite(t))
	if a := site.Anonymous(t).Get("/setup"); a.Status != http.StatusConflict {
		t.Errorf("set-up without a code answers %d", a.Status)
	}
}
