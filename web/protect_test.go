package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"loa/web"
	"loa/web/webtest"
)

// golden are the headers of every page. A change here is a change of what protects the office: say why in the commit.
const golden = `Cache-Control: no-store
Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; font-src 'self'; media-src 'self' blob:; img-src 'self' blob: data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'
Content-Type: text/html; charset=utf-8
Cross-Origin-Opener-Policy: same-origin
Cross-Origin-Resource-Policy: same-origin
Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()
Referrer-Policy: same-origin
X-Content-Type-Options: nosniff
X-Frame-Options: DENY
`

func headers(h http.Header) string {
	var lines []string
	for k, v := range h {
		if k != "Date" && k != "Content-Length" {
			lines = append(lines, k+": "+strings.Join(v, " | ")+"\n")
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

func TestHeaders(t *testing.T) {
	site := webtest.New(t)
	for _, path := range []string{"/login", "/no/such/page"} {
		c := site.Anonymous(t)
		if path != "/login" {
			c = site.As(t, "director")
		}
		if got := headers(c.Get(path).Header); got != golden {
			t.Errorf("%s sends\n%s\nwant\n%s", path, got, golden)
		}
	}
	secure := webtest.New(t, func(o *web.Options) { o.Secure = true })
	want := strings.Replace(golden, "X-Content-Type", "Strict-Transport-Security: max-age=31536000\nX-Content-Type", 1)
	if got := headers(secure.Anonymous(t).Get("/login").Header); got != want {
		t.Errorf("over TLS\n%s\nwant\n%s", got, want)
	}
}

func TestStaticIsKeptShortly(t *testing.T) {
	a := webtest.New(t).Anonymous(t).Get("/static/app.css")
	if a.Status != 200 || a.Header.Get("Cache-Control") != "public, max-age=300" || a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("ETag") == "" {
		t.Errorf("a static file answers %d %v", a.Status, a.Header)
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	site := webtest.New(t)
	for _, line := range site.Server.Table() {
		method, path, _ := strings.Cut(line.Pattern, " ")
		if method == "GET" {
			continue
		}
		for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
			c := site.As(t, "director")
			c.Header.Set("Sec-Fetch-Site", "")
			if name == "Origin" {
				c.Header.Del("Sec-Fetch-Site")
				c.Header["Sec-Fetch-Site"] = nil
			}
			c.Header.Set(name, value)
			a := c.Do(method, strings.ReplaceAll(path, "{id}", "x"), url.Values{"a": {"b"}})
			if a.Status != http.StatusForbidden || !a.Has("đến từ một trang khác") {
				t.Errorf("%s with %s: %s answers %d", line.Pattern, name, value, a.Status)
			}
		}
	}
}

func TestWithoutTLSOnlyThisMachine(t *testing.T) {
	site := webtest.New(t)
	for host, want := range map[string]int{"127.0.0.1:8080": 200, "localhost:8080": 200, "[::1]:8080": 200, "evil.example": 421, "10.0.0.5:8080": 421, "localhost.evil.example": 421} {
		c := site.Anonymous(t)
		c.Header.Set("Host", host)
		if a := c.Get("/login"); a.Status != want {
			t.Errorf("host %s answers %d, want %d", host, a.Status, want)
		}
	}
	secure := webtest.New(t, func(o *web.Options) { o.Secure = true })
	c := secure.Anonymous(t)
	c.Header.Set("Host", "loa.office.vn")
	if a := c.Get("/login"); a.Status != 200 || a.Has("không mã hóa") {
		t.Errorf("over TLS another name answers %d, or the banner calls it plain", a.Status)
	}
}

func TestBodiesAreBounded(t *testing.T) {
	site := webtest.New(t)
	big := url.Values{"lang": {"vi"}, "x": {strings.Repeat("a", 5<<20)}}
	if a := site.As(t, "director").Do("POST", "/language", big); a.Status != http.StatusRequestEntityTooLarge || !a.Has("4 MB") {
		t.Errorf("five megabytes answer %d", a.Status)
	}
	small := url.Values{"login_name": {"mau.director"}, "password": {strings.Repeat("a", 100<<10)}}
	if a := site.Anonymous(t).Do("POST", "/login", small); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a hundred kilobytes before sign-in answer %d", a.Status)
	}
}

func TestLanguage(t *testing.T) {
	site := webtest.New(t)
	c := site.Anonymous(t)
	if a := c.Get("/login"); !a.Has(`<html lang="vi">`, "Đăng nhập") {
		t.Error("the first page is not Vietnamese")
	}
	c.Header.Set("Accept-Language", "fr-FR, en-GB;q=0.8, vi;q=0.5")
	if a := c.Get("/login"); !a.Has(`<html lang="en">`, "Sign in") {
		t.Error("a browser that asks for English gets another language")
	}
	if a := c.Post("/language", "lang", "vi", "next", "/login"); a.Location != "/login" {
		t.Errorf("switching answers %d", a.Status)
	}
	if a := c.Get("/login"); !a.Has(`<html lang="vi">`) {
		t.Error("the language chosen is not kept")
	}
	officer := site.As(t, "officer")
	officer.Post("/language", "lang", "en", "next", "/account")
	if a := site.As(t, "officer").Get("/account"); !a.Has(`<html lang="en">`) {
		t.Error("the language does not follow the officer to another browser")
	}
	if a := officer.Post("/language", "lang", "xx"); a.Status != 422 {
		t.Errorf("an unknown language answers %d", a.Status)
	}
}

func TestBannerSaysWhatIsUnusual(t *testing.T) {
	site := webtest.New(t)
	for _, c := range []*webtest.Client{site.Anonymous(t), site.As(t, "officer")} {
		if a := c.Follow("/account"); !a.Has("Dữ liệu mô phỏng", "30/11/2025", "không mã hóa") {
			t.Error("the banner does not say that people are invented, as of when, and that the way is open")
		}
	}
	if a := site.As(t, "ben.officer").Get("/account"); a.Has("Dữ liệu mô phỏng") {
		t.Error("a real office is called synthetic")
	}
}

func TestWhereOneIsPrinted(t *testing.T) {
	site := webtest.New(t)
	for name, want := range map[string]string{"director": "Cả cơ quan · 2 xã", "officer": "Xã Nhất mau", "ben.director": "Cả cơ quan · 2 xã"} {
		if a := site.As(t, name).Get("/account"); !a.Has(want) {
			t.Errorf("%s does not read %q", name, want)
		}
	}
	if a := site.As(t, "viewer").Get("/account"); !a.Has(fmt.Sprintf("/place?office=%s", site.Neighbour.ID)) || a.Has(string(site.Far.ID)) {
		t.Error("a province viewer is not offered exactly the offices of the province")
	}
}
