package web

import (
	"fmt"
	"html/template"
	"regexp"
	"sync"
)

var symbol = regexp.MustCompile(`<symbol id="([a-z-]+)" viewBox="([0-9 ]+)">(.*)</symbol>`)

// pictures are the drawings of the sprite by name, each as an SVG of its own.
var pictures = sync.OnceValue(func() map[string]template.HTML {
	raw, err := files.ReadFile("static/pictures.svg")
	if err != nil {
		panic("web: " + err.Error()) // embedded at build time
	}
	out := map[string]template.HTML{}
	for _, m := range symbol.FindAllStringSubmatch(string(raw), -1) {
		out[m[1]] = template.HTML(`<svg class="picture" viewBox="` + m[2] + `" aria-hidden="true" focusable="false">` + m[3] + `</svg>`) // our own file, not a visitor's
	}
	return out
})

// inlined draws a picture in place, for pages too small to fetch the whole sprite for it.
func inlined(name string) (template.HTML, error) {
	p, ok := pictures()[name]
	if !ok {
		return "", fmt.Errorf("no picture %s", name)
	}
	return p, nil
}
