package web_test

import (
	"io"
	"net/http"
	"path"
	"regexp"
	"strings"
	"testing"

	"loa/web/webtest"
)

// publicAt is the address of the home office's public pages.
func publicAt(t testing.TB, site *webtest.Site, page string) string {
	t.Helper()
	o, err := site.DB.Office(t.Context(), site.Home.ID)
	if err != nil || o.Slug == "" {
		t.Fatalf("%+v, %v", o, err)
	}
	return "/public/" + o.Slug + page
}

func TestPublicFrame(t *testing.T) {
	site := webtest.New(t)
	c, home := site.Anonymous(t), publicAt(t, site, "")
	a := c.Get(home)
	if a.Status != http.StatusOK || !a.Has(`<html lang="vi">`, "Trang này không thu tiền", `class="weave"`, "/static/public/public.css") || a.Has("app.css", "htmx", `class="rail`) {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if len(a.Header.Values("Set-Cookie")) != 0 {
		t.Errorf("a page that was only read sets %v", a.Header.Values("Set-Cookie"))
	}
	for name, want := range map[string]string{"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY"} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if !strings.Contains(a.Header.Get("Content-Security-Policy"), "default-src 'none'") || a.Header.Get("ETag") == "" {
		t.Errorf("headers %v", a.Header)
	}
	c.Header.Set("If-None-Match", a.Header.Get("ETag"))
	if b := c.Get(home); b.Status != http.StatusNotModified {
		t.Errorf("an unchanged page is sent again: %d", b.Status)
	}
	c.Header.Del("If-None-Match")
	if b := c.Get(home + "?lang=en"); !b.Has(`<html lang="en">`, "Nothing is paid on this page") {
		t.Error("not in English")
	}
	if b := c.Get(home); !b.Has(`<html lang="en">`) {
		t.Error("the language is forgotten on the next page")
	}
	if b := c.Get(home + "?lang=xx"); !b.Has(`<html lang="en">`) {
		t.Error("a language that there is not changes the page")
	}
	for _, bad := range []string{"/public/nirgends", "/public/%00", "/public/" + strings.Repeat("x", 500), "/public/" + string(site.Home.ID)} {
		if b := c.Get(bad); b.Status != http.StatusNotFound || !b.Has("/static/public/public.css") {
			t.Errorf("%.30s answers %d", bad, b.Status)
		}
	}
	if b := c.Get("/public"); b.Status == http.StatusSeeOther && b.Location != home || b.Status == http.StatusOK && !b.Has(`href="`+home+`"`) {
		t.Errorf("/public answers %d %s", b.Status, b.Location)
	}
	if b := c.Get("/login"); !b.Has(`href="/public"`) {
		t.Error("no way from the sign-in page to the public ones")
	}
}

func TestOfficeClosesItsPublicPages(t *testing.T) {
	site := webtest.New(t)
	admin, c, home := site.As(t, "administrator"), site.Anonymous(t), publicAt(t, site, "")
	if a := admin.Send("/admin/settings", "part", "public", "public", "1", "public_phone", "0215 382 5678"); a.Status != http.StatusOK {
		t.Fatalf("%d", a.Status)
	}
	if a := c.Get(home); !a.Has(`href="tel:02153825678"`) {
		t.Error("the office's number is not shown")
	}
	if a := admin.Post("/admin/settings", "part", "public", "public", "1", "public_phone", "12"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a number that is none answers %d", a.Status)
	}
	admin.Send("/admin/settings", "part", "public")
	if a := c.Get(home); a.Status != http.StatusNotFound {
		t.Errorf("closed pages answer %d", a.Status)
	}
}

var loaded = regexp.MustCompile(`(?:href|src)="(/static/[^"#]+)`)

// weigh is how many bytes a first visit brings over, headers left out: the page and everything it and its style sheets name, packed
// as a browser asks for it.
func weigh(t *testing.T, site *webtest.Site, page, lang string) (total int, parts map[string]int) {
	t.Helper()
	parts = map[string]int{}
	get := func(at string) string {
		r, err := http.NewRequest(http.MethodGet, site.URL+at, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Language", lang)
		res, err := (&http.Client{Transport: &http.Transport{DisableCompression: true}}).Do(withGzip(r))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		packed, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d, %v", at, res.StatusCode, err)
		}
		parts[at] = len(packed)
		plain := site.Anonymous(t)
		plain.Header.Set("Accept-Language", lang)
		return plain.Get(at).Body
	}
	body := get(page)
	for _, m := range loaded.FindAllStringSubmatch(body, -1) {
		if parts[m[1]] > 0 || strings.HasSuffix(m[1], ".html") {
			continue
		}
		inner := get(m[1])
		if strings.HasSuffix(m[1], ".css") {
			for _, u := range regexp.MustCompile(`url\(([^")]+)\)`).FindAllStringSubmatch(inner, -1) {
				get(path.Join(path.Dir(m[1]), u[1]))
			}
		}
	}
	for _, n := range parts {
		total += n
	}
	return total, parts
}

func withGzip(r *http.Request) *http.Request { r.Header.Set("Accept-Encoding", "gzip"); return r }

// TestPublicPagesAreLight weighs every public page as a first visit brings it: at most 100 kB with the fonts.
func TestPublicPagesAreLight(t *testing.T) {
	site := webtest.New(t)
	for _, tab := range []string{"", "?tab=hi", "/sessions", "/ask", "/call", "/changes", "/stories"} {
		for _, lang := range []string{"vi", "en"} {
			total, parts := weigh(t, site, publicAt(t, site, tab), lang)
			if total > 100_000 {
				t.Errorf("%q in %s weighs %d bytes: %v", tab, lang, total, parts)
			}
			if len(parts) < 7 { // the page, its style, four fonts, the icons
				t.Errorf("only %v was weighed", parts)
			}
			t.Logf("%q in %s: %d bytes", tab, lang, total)
		}
	}
}

func TestStaticFilesArePacked(t *testing.T) {
	site := webtest.New(t)
	c := site.Anonymous(t)
	for _, name := range []string{"/static/app.css", "/static/public/icons.svg"} {
		r, err := http.NewRequest(http.MethodGet, site.URL+name, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := (&http.Client{Transport: &http.Transport{DisableCompression: true}}).Do(withGzip(r))
		if err != nil {
			t.Fatal(err)
		}
		packed, err := io.ReadAll(res.Body)
		res.Body.Close()
		a := c.Get(name)
		if err != nil || res.Header.Get("Content-Encoding") != "gzip" || len(packed)*2 > len(a.Body) {
			t.Errorf("%s: %d bytes, %v", name, len(packed), res.Header)
		}
		if a.Status != http.StatusOK || !strings.Contains(a.Body, "{") && !strings.Contains(a.Body, "<svg") {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
}
