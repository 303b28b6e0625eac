package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/auth"
	"loa/web"
	"loa/web/webtest"
)

const password = "trâu trắng qua suối"

// give sets an officer's password, as a reset by the administrator would.
func give(t *testing.T, site *webtest.Site, officer, administrator loa.OfficerID, words string) {
	t.Helper()
	hash, err := auth.Hash(words)
	if err != nil {
		t.Fatal(err)
	}
	office, err := site.DB.Office(context.Background(), site.Home.ID)
	if err != nil {
		t.Fatal(err)
	}
	areas, err := site.DB.OfficeAreas(context.Background(), office.ID, webtest.Today)
	if err != nil {
		t.Fatal(err)
	}
	in := loa.Scope{Office: office.ID}
	for _, a := range areas {
		in.Ranges = append(in.Ranges, loa.Under(a.Path))
	}
	if err := site.DB.ResetPassword(context.Background(), in, loa.By{Officer: administrator, At: site.Now()}, officer, hash); err != nil {
		t.Fatal(err)
	}
}

func TestSignInAndOut(t *testing.T) {
	site := webtest.New(t)
	give(t, site, site.Home.Officers["director"], site.Home.Officers["administrator"], password)
	c := site.Anonymous(t)

	a := c.Get("/admin/audit?act=created")
	if a.Status != http.StatusSeeOther || a.Location != "/login?next=%2Fadmin%2Faudit%3Fact%3Dcreated" {
		t.Fatalf("a page without sign-in answers %d to %q", a.Status, a.Location)
	}
	for _, wrong := range [][2]string{{"mau.director", "wrong words here"}, {"nobody", password}, {"mau.director", ""}} {
		a = c.Post("/login", "login_name", wrong[0], "password", wrong[1])
		if a.Status != http.StatusUnprocessableEntity || !a.Has("Tên đăng nhập hoặc mật khẩu không đúng") {
			t.Errorf("%v answers %d", wrong, a.Status)
		}
	}
	a = c.Post("/login", "login_name", "MAU.Director", "password", password, "next", "/admin/audit?act=created")
	if a.Status != http.StatusSeeOther || a.Location != "/admin/audit?act=created" {
		t.Fatalf("sign-in answers %d to %q: %s", a.Status, a.Location, a.Body)
	}
	if a = c.Get("/admin/audit"); a.Location != "/account/password" {
		t.Errorf("a one-time password opens more than its own change: %d %q", a.Status, a.Location)
	}
	token := c.Cookie("loa")
	a = c.Post("/account/password", "password", password, "fresh", "mười hai con ngựa đá", "again", "mười hai con ngựa đá")
	if a.Status != http.StatusSeeOther || a.Location != "/" { // a first password leads to Today
		t.Fatalf("changing the password answers %d to %q: %s", a.Status, a.Location, a.Body)
	}
	if c.Cookie("loa") == token {
		t.Error("the token stays the same when the password changes")
	}
	old := site.Anonymous(t)
	old.SetCookie("loa", token)
	if a = old.Get("/account"); a.Status != http.StatusSeeOther {
		t.Errorf("the token from before still opens pages: %d", a.Status)
	}
	if a = c.Get("/admin/audit"); a.Status != http.StatusOK || !a.Has("đăng nhập sai", "đổi mật khẩu", "Lò Thị Mẫu") {
		t.Errorf("the log answers %d or does not tell of the sign-in", a.Status)
	}
	token = c.Cookie("loa")
	if a = c.Post("/logout"); a.Location != "/login" {
		t.Errorf("sign-out answers %d to %q", a.Status, a.Location)
	}
	old.SetCookie("loa", token)
	if a = old.Get("/account"); a.Status != http.StatusSeeOther {
		t.Errorf("a token signed out still opens pages: %d", a.Status)
	}
}

func TestNextStaysHere(t *testing.T) {
	site := webtest.New(t)
	for _, next := range []string{"https://evil.example/", "//evil.example/", `/\evil.example`, "javascript:alert(1)", "/a\r\nSet-Cookie: x=1"} {
		a := site.Anonymous(t).Post("/login/demo", "who", "demo-mau-officer", "next", next)
		if a.Status != http.StatusSeeOther || a.Location != "/" {
			t.Errorf("next %q leads to %q", next, a.Location)
		}
	}
}

func TestDemoTokensOpenOnlyTheDemo(t *testing.T) {
	site := webtest.New(t)
	if a := site.Anonymous(t).Get("/login"); !a.Has(`value="demo-mau-director"`, "Giám đốc") || strings.Contains(a.Body, "demo-ben-") {
		t.Error("the sign-in page does not offer exactly the demo's officers")
	}
	for token, want := range map[string]int{"demo-mau-director": http.StatusSeeOther, "demo-ben-director": http.StatusNotFound, "": http.StatusNotFound, "x": http.StatusNotFound} {
		if a := site.Anonymous(t).Post("/login/demo", "who", token); a.Status != want {
			t.Errorf("demo token %q answers %d, want %d", token, a.Status, want)
		}
	}
}

func TestGuessingIsSlowedNotLocked(t *testing.T) {
	site := webtest.New(t)
	give(t, site, site.Home.Officers["director"], site.Home.Officers["administrator"], password)
	c := site.Anonymous(t)
	statuses := []int{}
	for range 7 {
		statuses = append(statuses, c.Post("/login", "login_name", "mau.director", "password", "a wrong guess").Status)
	}
	if statuses[4] != 422 || statuses[6] != http.StatusTooManyRequests {
		t.Errorf("seven wrong guesses answer %v", statuses)
	}
	a := c.Post("/login", "login_name", "mau.director", "password", password)
	if a.Status != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" {
		t.Errorf("the right password at once after guessing answers %d", a.Status)
	}
	site.Advance(time.Minute)
	if a = c.Post("/login", "login_name", "mau.director", "password", password); a.Status != http.StatusSeeOther {
		t.Errorf("the right password a minute later answers %d: the account is locked", a.Status)
	}
}

func TestLoginsEndByThemselves(t *testing.T) {
	site := webtest.New(t)
	idle, busy := site.As(t, "officer"), site.As(t, "officer")
	for range 3 {
		site.Advance(3 * time.Hour)
		if a := busy.Get("/account"); a.Status != http.StatusOK {
			t.Fatalf("a login in use answers %d", a.Status)
		}
	}
	if a := idle.Get("/account"); a.Status != http.StatusSeeOther {
		t.Errorf("a login left alone for nine hours answers %d", a.Status)
	}
	site.Advance(3*time.Hour + time.Minute)
	if a := busy.Get("/account"); a.Status != http.StatusSeeOther {
		t.Errorf("a login of more than twelve hours answers %d", a.Status)
	}
}

func TestSignOutEverywhere(t *testing.T) {
	site := webtest.New(t)
	here, there, other := site.As(t, "officer"), site.As(t, "officer"), site.As(t, "sibling")
	if a := here.Get("/account"); !a.Has("Đăng xuất mọi nơi khác") || strings.Count(a.Body, "webtest") < 2 {
		t.Errorf("the account page does not list both browsers: %d", a.Status)
	}
	if a := here.Post("/account/logins/end"); a.Status != http.StatusSeeOther {
		t.Fatalf("sign-out everywhere answers %d", a.Status)
	}
	for name, want := range map[*webtest.Client]int{here: 200, there: http.StatusSeeOther, other: 200} {
		if a := name.Get("/account"); a.Status != want {
			t.Errorf("after sign-out everywhere a browser answers %d, want %d", a.Status, want)
		}
	}
}

func TestOneOfTheOwnBrowsers(t *testing.T) {
	site := webtest.New(t)
	here, other := site.As(t, "officer"), site.As(t, "sibling")
	if a := here.Post("/account/logins/end", "login", auth.TokenHash(other.Cookie("loa"))); a.Status != http.StatusNotFound {
		t.Errorf("ending another officer's login answers %d", a.Status)
	}
	if a := other.Get("/account"); a.Status != http.StatusOK {
		t.Errorf("another officer was signed out: %d", a.Status)
	}
}

func TestDisablingEndsAllLogins(t *testing.T) {
	site := webtest.New(t)
	officer, admin := site.As(t, "officer"), site.As(t, "administrator")
	id := string(site.Home.Officers["officer"])
	if a := admin.Post("/admin/officers/" + id + "/disable"); a.Status != http.StatusSeeOther {
		t.Fatalf("disabling answers %d", a.Status)
	}
	if a := officer.Get("/account"); a.Status != http.StatusSeeOther {
		t.Errorf("a disabled officer still answers %d", a.Status)
	}
	if a := site.Anonymous(t).Post("/login/demo", "who", "demo-mau-officer"); a.Status != http.StatusNotFound {
		t.Errorf("a disabled officer comes in by the demo's button: %d", a.Status)
	}
	if a := admin.Post("/admin/officers/" + id + "/enable"); a.Status != http.StatusSeeOther {
		t.Errorf("enabling answers %d", a.Status)
	}
	if a := officer.Get("/account"); a.Status != http.StatusSeeOther {
		t.Errorf("an old login came back with the account: %d", a.Status)
	}
}

func TestCookieFlags(t *testing.T) {
	for _, secure := range []bool{false, true} {
		site := webtest.New(t, func(o *web.Options) { o.Secure = secure })
		a := site.Anonymous(t).Post("/login/demo", "who", "demo-mau-officer")
		got := a.Header.Get("Set-Cookie")
		name, secureFlag := "loa=", false
		if secure {
			name, secureFlag = "__Host-loa=", true
		}
		if !strings.HasPrefix(got, name) || strings.Contains(got, "; Secure") != secureFlag || !strings.Contains(got, "; HttpOnly") ||
			!strings.Contains(got, "; SameSite=Lax") || !strings.Contains(got, "Path=/") || strings.Contains(got, "Domain") {
			t.Errorf("secure %t: cookie %q", secure, got)
		}
		if token, _, _ := strings.Cut(strings.TrimPrefix(got, name), ";"); len(token) < 43 {
			t.Errorf("a token of %d letters is not 256 bits", len(token))
		}
	}
}

func TestAPlantedTokenIsWorthNothing(t *testing.T) {
	site := webtest.New(t)
	c := site.Anonymous(t)
	planted := "planted-by-somebody-else-planted-by-somebody"
	c.SetCookie("loa", planted)
	if a := c.Post("/login/demo", "who", "demo-mau-officer"); a.Status != http.StatusSeeOther {
		t.Fatal(a.Status)
	}
	if c.Cookie("loa") == planted {
		t.Error("sign-in kept a token that was there before")
	}
}

func TestOneTimePasswordsExpire(t *testing.T) {
	site := webtest.New(t)
	give(t, site, site.Home.Officers["director"], site.Home.Officers["administrator"], password)
	site.Advance(71 * time.Hour)
	if a := site.Anonymous(t).Post("/login", "login_name", "mau.director", "password", password); a.Status != http.StatusSeeOther {
		t.Fatalf("within its time a one-time password answers %d", a.Status)
	}
	site.Advance(2 * time.Hour)
	c := site.Anonymous(t)
	if a := c.Post("/login", "login_name", "mau.director", "password", password); a.Status != http.StatusUnprocessableEntity || !a.Has("đã quá hạn") {
		t.Errorf("past its time it answers %d", a.Status)
	}
	if a := c.Post("/login", "login_name", "mau.director", "password", "wrong words here"); a.Status != http.StatusUnprocessableEntity || a.Has("đã quá hạn") {
		t.Error("whoever does not know it learns that there was one")
	}
	if a := c.Get("/account"); a.Location == "" {
		t.Error("the refused are signed in")
	}
}
