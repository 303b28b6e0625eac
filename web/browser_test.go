package web_test

import (
	"slices"
	"strings"
	"testing"

	"loa/web/webtest"
)

// looked are the pages a director meets, as Chromium draws them.
func looked(o webtest.Office) []string {
	return []string{"/", "/people", "/people/new", "/people/" + string(o.Person), "/segments", "/segments/new", "/segments/overlap", "/matrix", "/matrix/versions", "/enrolment", "/enrolment/renewals",
		"/people?status=due&scheme=voluntary_si", "/people?print=1", "/people/" + string(o.Person) + "/edit", "/people/" + string(o.Person) + "?as_of=2025-10-15", "/households/new",
		"/households/" + string(o.Household) + "/edit", "/enrolment/board", "/enrolment/board?by=collector", "/register", "/register/doubles", "/register/duplicates?all=1", "/reconcile", "/acts",
		"/enrolment/reasons", "/imports", "/coverage", "/targets", "/reports", "/search?q=mau", "/account", "/admin/audit",
		"/questions", "/questions?state=all", "/questions/new", "/questions/promises", "/questions/" + string(o.Question),
		"/partners", "/partners/new", "/partners/" + string(o.Partner), "/collectors", "/collectors/new", "/collectors/" + string(o.Collector), "/collectors/" + string(o.Collector) + "/handed",
		"/employers", "/employers/new", "/employers/counts", "/employers/" + string(o.Employer), "/employers/" + string(o.Employer) + "/people", "/enrolment/" + string(o.Lead),
		"/sessions", "/sessions?when=past", "/sessions/new", "/sessions/" + string(o.Planned), "/sessions/" + string(o.Planned) + "/edit",
		"/sessions/" + string(o.Held) + "?tab=prepare", "/sessions/" + string(o.Held) + "?tab=hold&q=sung", "/sessions/" + string(o.Held) + "?tab=after", "/sessions/" + string(o.Held) + "/letters", "/sessions/" + string(o.Held) + "/sheet",
		"/sessions/" + string(o.Held) + "/key", "/sessions/" + string(o.Held) + "/minutes", "/documents", "/documents?month=2025-11", "/documents/report?kind=year", "/documents/plan", "/households/" + string(o.Household) + "/tk1"}
}

func TestPagesInChromium(t *testing.T) {
	site := webtest.New(t)
	b, ok := site.Chromium(t, "director")
	if !ok {
		return // said on standard error
	}
	made := lookedMade(t, site)
	for _, lang := range []string{"vi", "en"} {
		b.Open("/")
		b.JS(`document.querySelector('button[name=lang][value=` + lang + `]').click()`)
		b.Settle()
		for _, path := range slices.Concat(looked(site.Home), lookedAreas(site.Home), made) {
			b.Open(path)
			for _, line := range b.Axe() {
				t.Errorf("%s in %s: %s", path, lang, line)
			}
			text := b.Text()
			if strings.Contains(text, "%!") || strings.Contains(text, "!(") {
				t.Errorf("%s in %s shows a sentence with its arguments missing", path, lang)
			}
			for _, word := range strings.Fields(text) {
				if key(word) {
					t.Errorf("%s in %s shows the key %s", path, lang, word)
				}
			}
		}
	}
}

// key says whether a word looks like a key of the catalogues that has no sentence.
func key(word string) bool {
	room, rest, ok := strings.Cut(strings.Trim(word, "«»“”.,:;()"), ".")
	if !ok || len(room) < 3 || rest == "" || strings.Trim(room, "abcdefghijklmnopqrstuvwxyz_") != "" || strings.Trim(rest, "abcdefghijklmnopqrstuvwxyz_.") != "" {
		return false
	}
	return rooms[room]
}

var rooms = map[string]bool{"segment": true, "rule": true, "matrix": true, "people": true, "household": true, "import": true, "enrolment": true, "renewal": true, "today": true, "coverage": true, "field": true,
	"scheme": true, "form": true, "error": true, "timeline": true, "status": true, "report": true, "document": true, "target": true, "session": true, "letter": true, "rail": true, "frame": true, "question": true, "partner": true, "collector": true, "employer": true}

// TestKeyboardInChromium drives the frame by keys alone: search, going to a page, the help, and out of each again.
func TestKeyboardInChromium(t *testing.T) {
	site := webtest.New(t)
	b, ok := site.Chromium(t, "director")
	if !ok {
		return // said on standard error
	}
	b.Open("/")
	b.Press("/")
	if got := b.Value(`document.activeElement.id`); got != "search" {
		t.Fatalf("/ leads to %q", got)
	}
	b.Press("sung a")
	b.Wait(`!document.querySelector("#search-list").hidden && document.querySelectorAll("#search-list [role=option]").length > 0`)
	if got := b.Value(`document.querySelector("#search").getAttribute("aria-expanded")`); got != "true" {
		t.Errorf("the list is open, aria-expanded says %q", got)
	}
	for _, line := range b.Axe() {
		t.Errorf("the open list: %s", line)
	}
	b.Key("Escape")
	b.Wait(`document.querySelector("#search-list").hidden`)
	b.Key("Escape")
	b.Wait(`document.activeElement.id !== "search"`)
	b.Press("?")
	b.Wait(`document.querySelector("#help").open`)
	if got := b.Value(`document.querySelector("[data-go-list]").textContent`); !strings.Contains(got, "Người dân") || !strings.Contains(got, "Ma trận") {
		t.Errorf("the help lists %q", got)
	}
	b.Key("Escape")
	b.Wait(`!document.querySelector("#help").open`)
	b.Press("g")
	b.Press("p")
	b.Wait(`location.pathname === "/people"`)
	b.Settle()
	b.Press("g")
	b.Press("m")
	b.Wait(`location.pathname === "/matrix" && document.querySelector(".matrix a.cell")`)
	b.JS(`document.querySelector(".matrix a.cell").focus()`)
	b.Key("Enter")
	b.Wait(`!document.querySelector("#pop").hidden && document.querySelector("#pop h2")`)
	b.Key("Escape")
	b.Wait(`document.querySelector("#pop").hidden && document.activeElement.matches(".cell")`)
	b.Press("/")
	b.Press("sung a")
	b.Wait(`document.querySelectorAll("#search-list [role=option]").length > 0`)
	b.Settle()
	b.Settle() // the list asks again after the last letter
	b.Key("ArrowDown")
	b.Wait(`document.querySelector("#search-list [aria-selected=true]")`)
	b.Key("Enter")
	b.Wait(`/^\/(people|households)\/./.test(location.pathname)`)
}

// TestPrintedAndNarrowPagesInChromium looks at paper and at a phone: on paper the frame is gone, on the phone nothing sticks out
// sideways and the rail is a menu.
func TestPrintedAndNarrowPagesInChromium(t *testing.T) {
	site := webtest.New(t)
	b, ok := site.Chromium(t, "director")
	if !ok {
		return // said on standard error
	}
	b.Media("print")
	for _, path := range []string{"/", "/matrix", "/segments", "/enrolment/renewals"} {
		b.Open(path)
		if got := b.Value(`[...document.querySelectorAll(".rail, .top, .banner, .no-print, .actions .btn")].filter(e => e.offsetParent !== null && getComputedStyle(e).visibility !== "hidden").map(e => e.className).join("|")`); got != "" {
			t.Errorf("%s on paper still shows %s", path, got)
		}
		if got := b.Value(`getComputedStyle(document.querySelector(".print-head")).display`); got == "none" {
			t.Errorf("%s on paper does not say whose it is", path)
		}
	}
	b.Open("/matrix/print")
	if got := b.Value(`String(document.querySelector(".rail").offsetParent !== null)`) + b.Value(`document.querySelector(".doc h1").textContent`); !strings.HasPrefix(got, "falseMA TRẬN") {
		t.Errorf("the decision table on paper: %s", got)
	}
	b.Media("")
	b.Size(390, 844)
	for _, path := range []string{"/", "/matrix", "/matrix/communes", "/matrix/compare", "/matrix/versions", "/reports", "/reports/change", "/coverage", "/targets", "/segments", "/segments/new", "/segments/overlap", "/segments/" + string(site.Home.Segment), "/enrolment", "/enrolment/renewals", "/enrolment/reasons", "/register",
		"/account", "/search?q=mau", "/admin/audit", "/documents", "/documents/report"} {
		b.Open(path)
		if got := b.Value(`String(document.documentElement.scrollWidth - innerWidth)`); got != "0" {
			t.Errorf("%s sticks out %s px sideways on a phone", path, got)
		}
	}
	b.Open("/")
	if got := b.Value(`[...document.querySelectorAll("main .scroll")].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.trim().slice(0, 40)).join("|")`); got != "" {
		t.Errorf("on a phone Today hides columns beside the screen: %s", got)
	}
	if got := b.Value(`String(document.querySelector(".rail").offsetParent !== null)`); got != "false" {
		t.Error("the rail stands open on a phone")
	}
	b.JS(`document.querySelector(".top-menu").click()`)
	b.Wait(`document.querySelector(".rail").matches(":popover-open")`)
}

// TestADroppedFileIsChosenInChromium drops a file beside the button of the box: it is the file chosen, and its name stands there.
func TestADroppedFileIsChosenInChromium(t *testing.T) {
	site := webtest.New(t)
	b, ok := site.Chromium(t, "director")
	if !ok {
		return // said on standard error
	}
	b.Open("/imports")
	b.JS(`const files = new DataTransfer(); files.items.add(new File(["a"], "danh-sach.csv", {type: "text/csv"}));
		document.querySelector(".drop b").dispatchEvent(new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: files}))`)
	if got := b.Value(`document.querySelector(".drop input").files[0]?.name + " " + document.querySelector(".file-name").textContent`); got != "danh-sach.csv danh-sach.csv" {
		t.Errorf("the dropped file is %q", got)
	}
}
