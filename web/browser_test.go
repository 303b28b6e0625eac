package web_test

import (
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
		"/sessions/" + string(o.Held) + "/key"}
}

func TestPagesInChromium(t *testing.T) {
	site := webtest.New(t)
	b, ok := site.Chromium(t, "director")
	if !ok {
		return // said on standard error
	}
	for _, lang := range []string{"vi", "en"} {
		b.Open("/")
		b.JS(`document.querySelector('button[name=lang][value=` + lang + `]').click()`)
		b.Settle()
		for _, path := range append(looked(site.Home), lookedAreas(site.Home)...) {
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
	"scheme": true, "form": true, "error": true, "timeline": true, "status": true, "report": true, "target": true, "session": true, "letter": true, "rail": true, "frame": true, "question": true, "partner": true, "collector": true, "employer": true}
