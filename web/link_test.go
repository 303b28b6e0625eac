package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

// phone is what a telephone's browser calls itself.
const phone = "Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36"

func leafletOf(t *testing.T, site *webtest.Site, page string) loa.Link {
	t.Helper()
	l, err := site.DB.SaveLink(context.Background(), wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()},
		loa.Link{ID: loa.LinkID(loa.NewID()), Area: site.Home.Village1, Kind: loa.LeafletLink, Page: page, Label: "Tờ gấp đợt 1"})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestShortLinkLeadsOnAndIsCounted(t *testing.T) {
	site := webtest.New(t)
	l := leafletOf(t, site, "sessions")
	visits := func() (n int64) {
		days, err := site.DB.LinkVisits(context.Background(), wholeOf(t, site, site.Home), l.ID, "2020-01-01", "2030-01-01")
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range days {
			n += d.N
		}
		return n
	}
	c := site.Anonymous(t)
	c.Header.Set("User-Agent", phone)
	a := c.Get("/s/" + strings.ToUpper(l.Code))
	if a.Status != http.StatusFound || !strings.HasSuffix(a.Location, "/sessions?from="+l.Code) || !strings.HasPrefix(a.Location, "/public/") {
		t.Fatalf("%d %s", a.Status, a.Location)
	}
	if len(a.Header.Values("Set-Cookie")) != 0 {
		t.Errorf("sets a cookie: %v", a.Header.Values("Set-Cookie"))
	}
	if visits() != 1 {
		t.Fatalf("%d visits", visits())
	}
	for what, change := range map[string]func(h http.Header){
		"a search engine": func(h http.Header) {
			h.Set("User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")
		},
		"a preview":      func(h http.Header) { h.Set("User-Agent", "facebookexternalhit/1.1") },
		"Zalo's preview": func(h http.Header) { h.Set("User-Agent", "ZaloUrl") },
		"a program":      func(h http.Header) { h.Set("User-Agent", "curl/8.5.0") },
		"nobody":         func(h http.Header) { h.Set("User-Agent", "") },
		"fetched ahead":  func(h http.Header) { h.Set("Sec-Purpose", "prefetch;prerender") },
		"an old fetcher": func(h http.Header) { h.Set("X-Moz", "prefetch") },
	} {
		c := site.Anonymous(t)
		c.Header.Set("User-Agent", phone)
		change(c.Header)
		if a := c.Get("/s/" + l.Code); a.Status != http.StatusFound {
			t.Errorf("%s is answered %d", what, a.Status)
		}
		if visits() != 1 {
			t.Errorf("%s is counted", what)
		}
	}
	if a := c.Do(http.MethodHead, "/s/"+l.Code, nil); a.Status != http.StatusFound || visits() != 1 {
		t.Errorf("HEAD: %d, %d visits", a.Status, visits())
	}
	c.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) Chrome/120 Mobile")
	if c.Get("/s/" + l.Code); visits() != 2 {
		t.Error("a telephone whose make ends in bot is not counted")
	}
	if days, err := site.DB.LinkVisits(context.Background(), wholeOf(t, site, site.Home), l.ID, "2020-01-01", "2030-01-01"); err != nil || len(days) != 1 || days[0].People != 2 {
		t.Errorf("two telephones are counted as %+v, %v", days, err)
	}
	for range 100 {
		c.Get("/s/" + l.Code)
	}
	if days, err := site.DB.LinkVisits(context.Background(), wholeOf(t, site, site.Home), l.ID, "2020-01-01", "2030-01-01"); err != nil || days[0].People != 2 {
		t.Errorf("who comes back is somebody else: %+v, %v", days, err)
	}
	if a := site.As(t, "officer").Get("/links"); !a.Has("Người mở", "<td class=\"num\">2</td>") {
		t.Error("visitors are not shown beside openings")
	}
	if n := visits(); n > 45 {
		t.Errorf("one address is counted %d times within a moment", n)
	}
	for _, bad := range []string{"/s/zzzzzz", "/s/a", "/s/..%2f..%2fadmin", "/s/" + strings.Repeat("a", 300)} {
		if a := c.Get(bad); a.Status != http.StatusNotFound {
			t.Errorf("%.20s is answered %d", bad, a.Status)
		}
	}
}

func TestOfficerSeesOwnLink(t *testing.T) {
	site := webtest.New(t)
	l := leafletOf(t, site, "home")
	c := site.As(t, "officer")
	if a := c.Get("/links"); !a.Has("Tạo đường dẫn của tôi", "Tờ gấp đợt 1") {
		t.Error("no button to make one")
	}
	if a := c.Send("/links"); !a.Has("mã 2", "<path fill=\"#000\" d=\"M4 4h7v1h-7z", "Đường dẫn của tôi") {
		t.Errorf("the link is not shown: %s", a.Body)
	}
	c.Send("/links")
	if a := c.Get("/links"); !a.Has("mã 2") || a.Has("mã 3") {
		t.Error("a second link was made")
	}
	if a := c.Get("/links/" + string(l.ID)); a.Status != http.StatusOK || !a.Has("mã 1") {
		t.Errorf("a leaflet's link: %d", a.Status)
	}
	if a := site.As(t, "sibling").Get("/links/" + string(l.ID)); a.Status != http.StatusNotFound {
		t.Errorf("a link of another commune: %d", a.Status)
	}
	if a := site.As(t, "ben.director").Get("/links/" + string(l.ID)); a.Status != http.StatusNotFound {
		t.Errorf("a link of another office: %d", a.Status)
	}
	if a := site.As(t, "director").Get("/links"); !a.Has("Đường dẫn của Giàng A Nhất") {
		t.Error("the director does not see the officer's link")
	}
}

// wholeOf is all of an office of the fixture.
func wholeOf(t testing.TB, site *webtest.Site, o webtest.Office) loa.Scope {
	t.Helper()
	areas, err := site.DB.OfficeAreas(context.Background(), o.ID, webtest.Today)
	if err != nil {
		t.Fatal(err)
	}
	in := loa.Scope{Office: o.ID}
	for _, a := range areas {
		in.Ranges = append(in.Ranges, loa.Under(a.Path))
	}
	return in
}
