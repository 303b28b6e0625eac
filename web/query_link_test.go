package web_test

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"loa/web/webtest"
)

// TestLinksKeepTheirQuestion: a whole question put behind "?" by a template is escaped as one value, and the page it leads to
// answers another question. Such links are printed as one.
func TestLinksKeepTheirQuestion(t *testing.T) {
	files, err := filepath.Glob("templates/*.html")
	if err != nil || len(files) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range regexp.MustCompile(`(?:href|action)="[^"{]*(?:\{\{(?:with|if)[^}]*\}\})?\?\{\{[^}]*\}\}`).FindAllString(string(raw), -1) {
			t.Errorf("%s: %s", file, bad)
		}
	}
	s := webtest.New(t)
	c := s.As(t, "director")
	for _, page := range []struct{ at, keeps string }{
		{"/reports?from=2025-10&to=2025-10", `/reports/print\?[^"]*from=2025-10&[^"]*to=2025-10`},
		{"/reports?from=2025-10&to=2025-10", `/reports/export\?[^"]*from=2025-10&to=2025-10&format=json`},
		{"/targets?scheme=hi&measure=joined&year=2026", `/targets/history\?measure=joined&owner=areas&scheme=hi&year=2026`},
		{"/targets?scheme=hi&measure=joined&year=2026", `action="/targets\?measure=joined&owner=areas&scheme=hi&year=2026&on=2026-01-01"`},
	} {
		if body := html.UnescapeString(c.Get(page.at).Body); !regexp.MustCompile(page.keeps).MatchString(body) {
			t.Errorf("%s has no %s", page.at, page.keeps)
		}
	}
}

// TestATargetIsSavedUnderItsScheme sends the form of another scheme as the page wrote it.
func TestATargetIsSavedUnderItsScheme(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "director")
	page := c.Get("/targets?scheme=hi&year=2026")
	action := regexp.MustCompile(`method="post" action="(/targets[^"]*)"`).FindStringSubmatch(page.Body)
	if action == nil {
		t.Fatal("the page has no form")
	}
	c.Post(html.UnescapeString(action[1]), "t."+string(s.Home.Commune1)+".00", "4.321", "document", "12/QĐ-BHXH", "in_force", "01/01/2026")
	has := func(path string) bool { return strings.Contains(c.Get(path).Body, `value="4.321"`) }
	if !has("/targets?scheme=hi&year=2026") || has("/targets?year=2026") {
		t.Error("a target of health insurance is saved under another scheme")
	}
}
