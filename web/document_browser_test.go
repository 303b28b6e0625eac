package web_test

import (
	"net/http"
	"strings"
	"testing"

	"loa/pdf"
	"loa/pdf/pdftest"
	"loa/web"
	"loa/web/webtest"
)

// TestDocumentsInChromium walks from the list of documents to one of them and back by clicks, in both languages, on a desk and on a
// phone, and looks at what the browser would print.
func TestDocumentsInChromium(t *testing.T) {
	site := webtest.New(t)
	b, ok := site.Chromium(t, "director")
	if !ok {
		return // said on standard error
	}
	for _, lang := range []string{"vi", "en"} {
		b.Media("")
		b.Size(1440, 960)
		b.Open("/")
		b.JS(`document.querySelector('button[name=lang][value=` + lang + `]').click()`)
		b.Settle()
		b.JS(`document.querySelector('a[data-key=documents]').click()`)
		b.Wait(`location.pathname === "/documents" && document.querySelector("#d-report_year")`)
		b.Settle()
		b.JS(`document.querySelector("details.fold").open = true`)
		for _, line := range b.Axe() {
			t.Errorf("the list in %s: %s", lang, line)
		}
		b.JS(`document.querySelector("#d-report_year a").click()`)
		b.Wait(`location.pathname === "/documents/report" && document.querySelector(".doc.nd30 h1")`)
		b.Settle()
		for _, line := range b.Axe() {
			t.Errorf("the report in %s: %s", lang, line)
		}
		if got := b.Value(`getComputedStyle(document.querySelector(".doc.nd30")).fontFamily`); !strings.HasPrefix(got, `"Times New Roman"`) {
			t.Errorf("the style sheet of documents is not there: %s", got)
		}
		if got := b.Value(`document.querySelector(".doc.nd30").innerText`); strings.Contains(got, "document.") || strings.Contains(got, "%!") {
			t.Errorf("the report in %s says %s", lang, got)
		}
		for _, path := range []string{"/households/" + string(site.Home.Household) + "/tk1", "/documents/plan?month=2025-12", "/sessions/" + string(site.Home.Held) + "/minutes", "/matrix/print", "/reports/print"} {
			b.Open(path)
			for _, line := range b.Axe() {
				t.Errorf("%s in %s: %s", path, lang, line)
			}
		}
		b.Size(390, 844)
		for _, path := range []string{"/documents", "/documents/report", "/documents/plan?month=2025-12", "/households/" + string(site.Home.Household) + "/tk1"} {
			b.Open(path)
			if got := b.Value(`String(document.documentElement.scrollWidth - innerWidth)`); got != "0" {
				t.Errorf("%s in %s sticks out %s px sideways on a phone", path, lang, got)
			}
		}
	}
	b.Size(1440, 960)
	b.Media("print")
	b.Open("/documents/report")
	if got := b.Value(`[...document.querySelectorAll(".rail, .top, .head, .no-print, .print-head")].filter(e => e.getClientRects().length).map(e => e.className).join("|")`); got != "" {
		t.Errorf("on paper there is still %s", got)
	}
}

// TestDocumentsAsPDF prints documents as the door to PDF does: the sheets are A4, the text can be taken out with its marks, and
// pages are numbered from the second on.
func TestDocumentsAsPDF(t *testing.T) {
	site := webtest.New(t)
	if _, ok := site.Chromium(t, "director"); !ok {
		return // said on standard error
	}
	printer := pdf.New(pdf.Options{Files: web.Files()})
	t.Cleanup(printer.Close)
	site.Server.PDF = printer
	c := site.As(t, "director")
	for path, wants := range documentsOf(site.Home) {
		link := path + "?format=pdf"
		if strings.Contains(path, "?") {
			link = path + "&format=pdf"
		}
		a := c.Get(link)
		if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "application/pdf" {
			t.Errorf("%s answers %d as %s", link, a.Status, a.Header.Get("Content-Type"))
			continue
		}
		pages := pdftest.Pages(t, []byte(a.Body))
		wide := strings.Contains(path, "matrix") || strings.Contains(path, "plan")
		text := ""
		for i, p := range pages {
			if p.Width != 210 && !wide || p.Width != 297 && wide {
				t.Errorf("%s: sheet %d is %d × %d mm", path, i+1, p.Width, p.Height)
			}
			first := strings.TrimSpace(p.Text)
			if i > 0 && !strings.HasPrefix(first, whole(i+1)) || i == 0 && strings.HasPrefix(first, "1 ") {
				t.Errorf("%s: sheet %d begins %.30q", path, i+1, first)
			}
			text += " " + p.Text
		}
		text = strings.Join(strings.Fields(text), "") // letters with marks may come from a file of their own, and stand apart in what is taken out
		for _, want := range append(wants, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc") {
			if !strings.Contains(text, strings.ReplaceAll(want, " ", "")) {
				t.Errorf("%s: the PDF does not say %q: %.300s", path, want, text)
			}
		}
	}
	if a := c.Get("/documents"); !a.Has("format=pdf") {
		t.Error("with Chromium there, no PDF is offered")
	}
}

func whole(n int) string { return string(rune('0' + n)) }
