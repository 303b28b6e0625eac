package web_test

import (
	"strings"
	"testing"

	"loa/web/webtest"
)

// TestLeafletPagesInChromium walks from the choice of a leaflet to its paper in both languages and lets axe look at every page.
func TestLeafletPagesInChromium(t *testing.T) {
	site := webtest.New(t)
	b, ok := site.Chromium(t, "director")
	if !ok {
		t.Skip("needs Chromium; make test brings it")
	}
	look := func(where string) {
		t.Helper()
		for _, found := range b.Axe() {
			t.Errorf("%s: %s", where, found)
		}
	}
	b.Open("/leaflets")
	look("the list")
	b.JS(`document.querySelector('a[href="/leaflets/new?kind=voluntary_si.minority"]').click()`)
	b.Settle()
	b.JS(`document.querySelectorAll('details.leaf-commune').forEach(d => d.open = true)`)
	look("the form")
	b.JS(`document.querySelector('input[name=village]').click(); document.querySelector('form[action="/leaflets"] .btn.primary').click()`)
	b.Settle()
	b.Wait(`location.pathname === "/leaflets/paper"`)
	if text := b.Text(); !strings.Contains(text, "mã 1") || !strings.Contains(text, "231.000 đ") {
		t.Errorf("the paper says %.200s", text)
	}
	look("the paper")
	b.Open("/leaflets/lines?kind=voluntary_si.minority&language=blt")
	look("the lines")
	b.Open("/leaflets")
	b.JS(`document.querySelector('tbody a[href^="/leaflets/"]').click()`)
	b.Settle()
	look("one village")
	b.JS(`document.querySelector('button[name=lang][value=en]').click()`)
	b.Settle()
	for _, at := range []string{"/leaflets", "/leaflets/new?kind=hi.pupils", "/leaflets/lines", "/leaflets/paper?kind=voluntary_si.minority&language=en"} {
		b.Open(at)
		if text := b.Text(); strings.Contains(text, "leaflet.") || strings.Contains(text, "%!") {
			t.Errorf("%s shows a key: %.200s", at, text)
		}
		b.Size(390, 844)
		if over := b.Value(`document.documentElement.scrollWidth - innerWidth`); at != "/leaflets/paper?kind=voluntary_si.minority&language=en" && over != "0" {
			t.Errorf("%s is %s px too wide on a phone", at, over)
		}
		b.Size(1440, 960)
		look("in English " + at)
	}
}
