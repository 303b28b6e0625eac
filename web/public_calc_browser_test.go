package web_test

import (
	"strings"
	"testing"

	"loa/web/webtest"
)

// TestPublicCalculatorInTheBrowser answers the three questions on a telephone in both languages with the keyboard, then asks for the
// household's cards: the answer changes under one's fingers, nothing of it lies off the screen, and axe finds nothing.
func TestPublicCalculatorInTheBrowser(t *testing.T) {
	site := webtest.New(t)
	b, ok := webtest.Browse(t, site.URL)
	if !ok {
		return
	}
	b.Size(390, 844)
	at := publicAt(t, site, "")
	look := func(what string) {
		t.Helper()
		for _, found := range b.Axe() {
			t.Errorf("%s: %s", what, found)
		}
		if over := b.Value("document.documentElement.scrollWidth - innerWidth"); over != "0" && !strings.HasPrefix(over, "-") {
			t.Errorf("%s is %s too wide", what, over)
		}
		if cut := b.Value(`[...document.querySelectorAll(".calc-table")].filter(e => e.offsetParent && e.scrollWidth > e.parentElement.clientWidth + 1).map(e => e.closest("section, details").textContent.trim().slice(0, 40)).join("; ")`); cut != "" {
			t.Errorf("%s has tables that are cut off: %s", what, cut)
		}
		if small := b.Value(`[...document.querySelectorAll(".calc-chart text")].filter(e => e.getBoundingClientRect().height < 9).length`); small != "0" {
			t.Errorf("%s has %s labels too small to read", what, small)
		}
	}
	for _, lang := range []string{"vi", "en"} {
		group := map[string]string{"vi": ".", "en": ","}[lang]
		b.Open(at + "?lang=" + lang)
		look("the example in " + lang)
		b.Size(390, 844)
		seen := func(what string) string {
			return b.Value(`[...document.querySelectorAll("` + what + `")].map(e => e.getBoundingClientRect()).every(r => r.height > 0 && r.top >= 0 && r.bottom <= innerHeight)`)
		}
		if seen("#calc-form .tile span, #calc-put, #calc-y, .big, .mid, .huge") != "true" {
			t.Errorf("the questions and the first amounts in %s do not stand in the first view", lang)
		}
		under := `document.elementFromPoint(195, innerHeight - 30)?.closest(".calc-peek") != null`
		if b.Value(under) != "false" {
			t.Errorf("the line at the bottom covers the answer in %s", lang)
		}
		for _, height := range []int64{560, 740} {
			b.Size(390, height)
			b.Wait(under)
			if seen(".calc-peek b") != "true" {
				t.Errorf("on a screen of %d in %s the figures are not seen", height, lang)
			}
		}
		b.JS(`document.querySelector(".huge").scrollIntoView({block: "center"})`)
		b.Wait(`document.querySelector(".calc-peek.seen")`)
		b.Size(390, 844)
		b.JS(`document.querySelector("input[name=who][value=ethnic_minority]").focus()`)
		b.Press(" ")
		b.JS(`document.querySelector("#calc-put").focus(); document.querySelector("#calc-put").select()`)
		b.Press("100\r")
		b.Wait(`document.querySelector("#calc-put").value === "231` + group + `000" && document.querySelector("#calc-put-note").textContent.includes("1` + group + `500` + group + `000")`)
		b.JS(`document.querySelector("#calc-y").value = "1987"; document.querySelector("#calc-y").dispatchEvent(new Event("change", {bubbles: true}))`)
		b.Wait(`document.querySelector(".huge") && !document.querySelector(".calc-example")`)
		look("the answer in " + lang)
		b.JS(`document.querySelectorAll("#calc-details details").forEach(d => d.open = true); document.querySelector(".calc-more").open = true; document.querySelector("#calc-start_age").value = "5"; document.querySelector("#calc-start_age").dispatchEvent(new Event("change", {bubbles: true}))`)
		b.Wait(`document.querySelector("#calc-start_age-e") && !document.querySelector(".huge")`)
		look("an age that has passed in " + lang)
		b.Open(at + "?tab=hi&lang=" + lang)
		b.JS(`document.querySelector(".stepper button[data-add='1']").click()`)
		b.Wait(`document.querySelector("#calc-n").value === "5" && document.querySelectorAll("table.hi tbody tr").length === 5`)
		look("the household in " + lang)
		b.Open(at + "?tab=hi&lang=" + lang)
		if seen("#calc-n, #calc-g4, table.hi tfoot td") != "true" {
			t.Errorf("the household's table in %s does not stand in the first view", lang)
		}
		for _, page := range []string{"/changes", "/stories"} {
			b.Open(at + page + "?lang=" + lang)
			look(page + " in " + lang)
		}
	}
	b.Media("print")
	b.Open(at)
	if b.Value(`[...document.querySelectorAll(".calc-form, .tabs, .listen button")].some(e => e.offsetParent)`) != "false" || b.Value(`Boolean(document.querySelector(".get-card").offsetParent)`) != "true" {
		t.Error("the printed answer is not the answer alone")
	}
}
