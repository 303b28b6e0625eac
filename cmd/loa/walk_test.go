package main

import (
	"fmt"
	"html"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"loa/i18n"
	"loa/web/webtest"
)

var (
	hrefs  = regexp.MustCompile(`(?:href|hx-get)="(/[^"]*)"`)
	uuid   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	digits = regexp.MustCompile(`[0-9]+`)
	body   = regexp.MustCompile(`(?s)<body.*</body>`)
)

// kind is what pages of the same sort have in common: their path without IDs, and the names of what is asked.
func kind(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	var names []string
	for name := range u.Query() {
		names = append(names, name)
	}
	slices.Sort(names)
	return digits.ReplaceAllString(uuid.ReplaceAllString(u.Path, "ID"), "N") + "?" + strings.Join(names, "&")
}

// taken are addresses a walk does not follow: files, other languages, and what ends the walk.
func taken(address string) bool {
	for _, not := range []string{"/static/", "/export", "/logout", "format=", "/file", "/place", "lang="} {
		if strings.Contains(address, not) {
			return true
		}
	}
	return false
}

// walk opens the start page and follows every link, one of each kind and eight of each page, and hands every page over.
func walk(c *webtest.Client, most int, look func(address string, a webtest.Answer)) int {
	queue, queued, seen := []string{"/"}, map[string]bool{"/": true}, map[string]int{}
	opened := 0
	for len(queue) > 0 && opened < most {
		at := queue[0]
		queue = queue[1:]
		a := c.Get(at)
		opened++
		look(at, a)
		if a.Location != "" {
			a.Body += `<a href="` + html.EscapeString(a.Location) + `">`
		}
		for _, m := range hrefs.FindAllStringSubmatch(a.Body, -1) {
			next, _, _ := strings.Cut(html.UnescapeString(m[1]), "#")
			path, _, _ := strings.Cut(kind(next), "?")
			if queued[next] || taken(next) || seen[kind(next)] >= 1 || seen[path] >= 8 { // a page with filters has a thousand kinds
				continue
			}
			queued[next] = true
			seen[kind(next)]++
			seen[path]++
			queue = append(queue, next)
		}
	}
	return opened
}

// english are the sentences of the English catalogue that no Vietnamese page may hold.
func english() (out []string) {
	vi := i18n.Keys("vi")
	for key, text := range i18n.Keys("en") {
		if len(text) >= 9 && strings.Contains(text, " ") && !strings.Contains(text, "%") && vi[key] != text {
			out = append(out, text)
		}
	}
	return out
}

// bare finds keys of the catalogue that a page shows instead of a sentence; rooms are what keys begin with.
func bare(text string, rooms map[string]bool) string {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '(' || r == ')' || r == ',' || r == ':' || r == '"' }) {
		if room, _, dotted := strings.Cut(word, "."); dotted && rooms[room] && leaks.MatchString(word) {
			return word
		}
	}
	return ""
}

// leaks is what a key looks like whose sentence is missing.
var leaks = regexp.MustCompile(`^[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)+$`)

// TestEveryPageForEveryRole lets everybody of the demo walk wherever a link leads, in Vietnamese, and the director in English too.
func TestEveryPageForEveryRole(t *testing.T) {
	site := demoSite(t, copyOf(t, demoFolder(t)))
	foreign := english()
	if len(foreign) < 300 {
		t.Fatalf("%d English sentences to look for", len(foreign))
	}
	rooms := map[string]bool{}
	for key := range i18n.Keys("vi") {
		room, _, _ := strings.Cut(key, ".")
		rooms[room] = true
	}
	everybody := []string{"lo.thi.huong", "nguyen.thu.ha", "dai.ly.thu", "quan.tri", "tinh.dien.bien"}
	if os.Getenv("LOA_TEST_ALL") == "" {
		everybody = everybody[3:]
		fmt.Fprintln(os.Stderr, "cmd/loa: only the administrator and the province walk; make test lets everybody walk")
	}
	for _, who := range everybody {
		for _, lang := range i18n.Languages {
			if lang == "en" && who != "lo.thi.huong" {
				continue // the director's walk holds every other's pages
			}
			c := site.As(t, who)
			if a := c.Post("/language", "lang", lang, "next", "/"); a.Status != 303 {
				t.Fatalf("%s cannot choose %s: %d", who, lang, a.Status)
			}
			kinds := map[string]bool{}
			n := walk(c, 1000, func(address string, a webtest.Answer) {
				kinds[kind(address)] = true
				if a.Status == 303 || a.Status == 302 {
					return
				}
				if a.Status != 200 {
					t.Errorf("%s in %s: a link leads to %s, which answers %d", who, lang, address, a.Status)
					return
				}
				if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
					return
				}
				if strings.Contains(a.Body, "<!doctype") && !strings.Contains(a.Body, "</html>") {
					t.Errorf("%s in %s: %s breaks off", who, lang, address)
				}
				text := plain(body.FindString(a.Body))
				if key := bare(text, rooms); key != "" {
					t.Errorf("%s in %s: %s shows the key %s", who, lang, address, key)
				}
				for _, bad := range []string{"<no value>", "%!", "<nil>", "ZgotmplZ"} {
					if strings.Contains(a.Body, bad) {
						t.Errorf("%s in %s: %s holds %s", who, lang, address, bad)
					}
				}
				if lang == "vi" {
					for _, s := range foreign {
						if strings.Contains(text, s) {
							t.Errorf("%s: %s says %q on a Vietnamese page", who, address, s)
						}
					}
				}
			})
			t.Logf("%s in %s: %d pages of %d kinds", who, lang, n, len(kinds))
			if least := map[string]int{"lo.thi.huong": 60, "nguyen.thu.ha": 40, "dai.ly.thu": 6, "quan.tri": 8, "tinh.dien.bien": 10}[who]; len(kinds) < least {
				t.Errorf("%s in %s came to %d kinds of pages only", who, lang, len(kinds))
			}
		}
	}
	if log := site.Logged(); strings.Contains(log, "level=ERROR") {
		t.Errorf("something failed: %.600s", log)
	}
}
