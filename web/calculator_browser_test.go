package web_test

import (
	"strings"
	"testing"

	"loa/web/webtest"
)

// TestCalculatorInTheBrowser walks the officer's and the public calculator in both languages: the answer follows while one chooses,
// the keyboard suffices, nothing is too wide, and the accessibility checker finds nothing.
func TestCalculatorInTheBrowser(t *testing.T) {
	site := webtest.New(t)
	b, ok := site.Chromium(t, "officer")
	if !ok {
		return
	}
	look := func(what string) {
		t.Helper()
		for _, found := range b.Axe() {
			t.Errorf("%s: %s", what, found)
		}
		if over := b.Value("document.documentElement.scrollWidth - innerWidth"); over != "0" && !strings.HasPrefix(over, "-") {
			t.Errorf("%s is %s too wide", what, over)
		}
	}
	big := `document.querySelector("#calc-answer .big").textContent`
	public := publicAt(t, site, "")
	for _, size := range [][2]int64{{1440, 960}, {390, 844}} {
		b.Size(size[0], size[1])
		for _, at := range []string{"/calculator", public} {
			for _, lang := range []string{"vi", "en"} {
				if at == public {
					b.Open(at + "?lang=" + lang)
				} else {
					site.As(t, "officer").Post("/language", "lang", lang)
					b.Open(at)
				}
				look(at + " in " + lang)
				before := b.Value(big)
				b.JS(`document.querySelector("[data-add='1']").click()`)
				b.Wait(big + ` !== "` + before + `"`)
				b.JS(`const i = document.querySelector("input[name=who][value=poor]"); i.focus(); i.click()`)
				b.Wait(`location.search.includes("who=poor") && document.activeElement?.value === "poor"`) // answered without a new page, the focus kept
				if at != public {
					b.Wait(`document.querySelector("#calc-do a").href.includes("who=poor")`) // what is printed and saved follows
					if size[0] == 390 && b.Value(`document.querySelector("#calc-answer").getBoundingClientRect().top < document.querySelector("#calc-details").getBoundingClientRect().top`) != "true" {
						t.Errorf("%s: on a phone the answer stands below what unfolds", at)
					}
				}
				b.JS(`document.querySelector("#calc-put").focus(); document.querySelector("#calc-put").value = "400.000"`)
				b.Key("Enter")
				b.Wait(`document.querySelector("#calc-put").value.replace(/\D/g, "") === "396000"`) // 165.000 and 21 steps of 11.000
				b.JS(`document.querySelectorAll(".calc-details details, .calc-more").forEach(d => d.open = true)`)
				look(at + " unfolded in " + lang)
			}
		}
		b.Open(public + "?tab=hi")
		b.JS(`document.querySelector("[data-add='1']").click()`)
		b.Wait(`document.querySelectorAll("#calc-answer tbody tr").length === 5`)
		b.JS(`const g = document.querySelector("#calc-g2"); g.value = "poor"; g.dispatchEvent(new Event("change", {bubbles: true}))`)
		b.Wait(`document.querySelectorAll("#calc-answer tr.free").length === 1`)
		look("household HI")
		b.Open("/calculator/ask?kind=pension&asked=1&sex=male&months=421&average=4.000.000")
		look("any question")
		b.Open("/calculator/slip?who=poor&sex=female&m=3&y=1987")
		for _, found := range b.Axe() {
			t.Errorf("slip: %s", found)
		}
	}
}
