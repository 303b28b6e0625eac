package web

import (
	_ "embed" // the list of robots
	"net/http"
	"strings"
	"sync"
)

//go:embed data/robots.txt
var robotList string

// robots are the marks of programs that open pages by themselves; the list is data, so that it grows without a rule.
var robots = sync.OnceValue(func() []string {
	var out []string
	for line := range strings.Lines(robotList) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
})

// isPerson says whether a request looks like somebody who opened a page: no robot, nothing fetched ahead, not only the head of it.
func isPerson(r *http.Request) bool {
	if r.Method != http.MethodGet {
		return false
	}
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		if v := strings.ToLower(r.Header.Get(name)); strings.Contains(v, "prefetch") || strings.Contains(v, "prerender") || strings.Contains(v, "preview") {
			return false
		}
	}
	agent := strings.ReplaceAll(strings.ToLower(r.UserAgent()), "cubot", "") // a make of telephone
	if agent == "" {
		return false
	}
	for _, mark := range robots() {
		if strings.Contains(agent, mark) {
			return false
		}
	}
	return true
}
