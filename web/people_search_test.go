package web_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

// TestSearchGoesOnToTheLastPage turns the pages of a name that many bear, with and without a filter.
func TestSearchGoesOnToTheLastPage(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	const many = 120
	for i := range many {
		addPerson(t, site, loa.Person{Name: fmt.Sprintf("Vừ A Trang %c%c", 'A'+i/26, 'A'+i%26), Sex: "male"})
	}
	line := regexp.MustCompile(`<th scope="row"><a href="/people/([0-9a-f-]{36})`)
	next := regexp.MustCompile(`rel="next" href="([^"]+)"`)
	for _, start := range []string{"/people?q=vu+a+trang", "/people?q=vu+a+trang&sex=male", "/people?q=vu+a+trang&area=" + string(site.Home.Commune1)} {
		seen, at, pages := map[string]int{}, start, 0
		for at != "" && pages < 10 {
			a := c.Get(at)
			for _, m := range line.FindAllStringSubmatch(a.Body, -1) {
				seen[m[1]]++
			}
			at = ""
			if m := next.FindStringSubmatch(a.Body); m != nil {
				at = strings.ReplaceAll(m[1], "&amp;", "&")
			}
			pages++
		}
		if len(seen) != many || pages != 3 {
			t.Errorf("%s shows %d people on %d pages", start, len(seen), pages)
		}
	}
	if printed := c.Get("/people?q=vu+a+trang&print=1"); len(line.FindAllString(printed.Body, -1)) != many {
		t.Error("the printed list leaves people out")
	}
	if book := cellsOf(t, c.Post("/people/export", "q", "vu a trang").Body); strings.Count(book, "Vừ A Trang") != many {
		t.Error("the spreadsheet leaves people out")
	}
	for _, hostile := range []string{"/people?q=vu&page=-3", "/people?q=vu&page=99999999999999999999", "/people?q=%25_%27%22%3Cscript%3E", "/people?q=vu&page=40", "/people?q=" + strings.Repeat("a+", 400)} {
		if a := c.Get(hostile); a.Status != 200 || a.Has("<script>") {
			t.Errorf("%s answers %d", hostile, a.Status)
		}
	}
}

// TestSearchReadsWhatWasTypedWithVietnameseOff finds people and places typed as the keys fall, and nothing at all by signs alone.
func TestSearchReadsWhatWasTypedWithVietnameseOff(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	if a := c.Get("/search?q=sungf+a+maaux"); !a.Has("Sùng A Mẫu mau") {
		t.Error("a person typed with Vietnamese off is not found")
	}
	if a := c.Get("/search?q=banr+mootj"); !a.Has("Bản Một mau") {
		t.Error("a village typed with Vietnamese off is not found")
	}
	if a := c.Get("/search?q=%25"); a.Status != 200 || a.Has("Điểm thu mau") {
		t.Errorf("a sign finds everything: %d", a.Status)
	}
}
