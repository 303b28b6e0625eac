package main

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"loa/web/webtest"
)

var behind = regexp.MustCompile(`<a[^>]*href="(/coverage/people\?[^"]*)"[^>]*>([^<]*)</a>`)

var shown = regexp.MustCompile(`class="live-count">([0-9.]+)`)

// TestEveryFigureOpensTheRowsBehindIt follows every number of the coverage page and counts what is listed there.
func TestEveryFigureOpensTheRowsBehindIt(t *testing.T) {
	c := demoSite(t, demoFolder(t)).As(t, "lo.thi.huong")
	sessionsBehind(t, c)
	for _, scheme := range []string{"voluntary_si", "household_hi", "compulsory_si", "hi", "unemployment"} {
		page := c.Get("/coverage?scheme=" + scheme)
		links := behind.FindAllStringSubmatch(page.Body, -1)
		if len(links) < 40 {
			t.Fatalf("%s: %d figures open something", scheme, len(links))
		}
		joined := 0
		for i, link := range links {
			if i > map[bool]int{true: 90, false: 45}[scheme == "voluntary_si"] {
				break // the lines of the table; the months of joining are looked at once
			}
			url, text := html.UnescapeString(link[1]), strings.TrimSpace(html.UnescapeString(link[2]))
			a := c.Get(url)
			m := shown.FindStringSubmatch(a.Body)
			if a.Status != 200 || m == nil {
				t.Errorf("%s: %d", url, a.Status)
				continue
			}
			n := number(m[1])
			if percent, is := strings.CutSuffix(text, "%"); is {
				if p := number(percent); strings.Contains(url, "after=") && joined > 0 && !strings.Contains(url, "area=") && abs(100*n-p*joined) > joined/2+1 {
					t.Errorf("%s shows %s of %d, and lists %d people", url, text, joined, n)
				}
				continue
			}
			if strings.Contains(text, "/") {
				continue // so many of so few
			}
			if strings.Contains(url, "kind=joined") {
				joined = n
			}
			if n != number(text) {
				t.Errorf("%s shows %s and lists %d people", url, text, n)
			}
		}
	}
}

var sessionLink = regexp.MustCompile(`<a href="(/sessions\?[^"]*)">([0-9.]+)</a>`)

// sessionsBehind opens the list behind the number of sessions of every form, and of all.
func sessionsBehind(t *testing.T, c *webtest.Client) {
	t.Helper()
	seen := map[string]bool{}
	for _, m := range sessionLink.FindAllStringSubmatch(c.Get("/coverage").Body, -1) {
		if seen[m[1]] {
			continue // the heads at the same sessions
		}
		seen[m[1]] = true
		if a := c.Get(html.UnescapeString(m[1])); !strings.Contains(plain(a.Body), fmt.Sprintf(" %d buổi, ", number(m[2]))) {
			t.Errorf("%s shows %s sessions, and the list another number", m[1], m[2])
		}
	}
	if len(seen) != 9 {
		t.Errorf("%d numbers of sessions open a list, want 9", len(seen))
	}
}

func number(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(strings.NewReplacer(".", "", "+", "", "−", "-", " ", "").Replace(s)))
	if err != nil {
		return -1 << 20
	}
	return n
}

func abs(n int) int { return max(n, -n) }
