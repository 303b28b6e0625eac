package web_test

import (
	"strings"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/web/webtest"
)

// TestPublicPagesInTheBrowser walks the public pages on a telephone in both languages: looks for dates, asks, changes the language while
// typing, and leaves a number.
func TestPublicPagesInTheBrowser(t *testing.T) {
	site := webtest.New(t)
	b, ok := webtest.Browse(t, site.URL)
	if !ok {
		return
	}
	b.Size(390, 844)
	by := loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	if _, err := site.DB.AddSession(t.Context(), wholeOf(t, site, site.Home), by, loa.Session{ID: loa.SessionID(loa.NewID()), Area: site.Home.Village1, Form: loa.Conference, Title: "x",
		Place: "Nhà văn hóa", On: webtest.Today.Add(1), StartMin: 19 * 60}); err != nil {
		t.Fatal(err)
	}
	at := publicAt(t, site, "")
	look := func(what string) {
		t.Helper()
		for _, found := range b.Axe() {
			t.Errorf("%s: %s", what, found)
		}
		if over := b.Value("document.documentElement.scrollWidth - innerWidth"); over != "0" && !strings.HasPrefix(over, "-") {
			t.Errorf("%s is %s too wide", what, over)
		}
		if low := b.Value(`[...document.querySelectorAll("a.btn, button:not(.vh), .lang, .tabs a, select, input:not([type=hidden]):not([type=checkbox]):not(#f-website)")].filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 80)).join("; ")`); low != "" {
			t.Errorf("%s has targets too low: %s", what, low)
		}
	}
	for i, lang := range []string{"vi", "en"} {
		other := []string{"en", "vi"}[i]
		for _, page := range []string{"", "/sessions", "/sessions?commune=" + string(site.Home.Commune1), "/ask", "/call", "/thanks?for=call&call=1", "/nowhere"} {
			join := "?"
			if strings.Contains(page, "?") {
				join = "&"
			}
			b.Open(at + page + join + "lang=" + lang)
			if got := b.Value("document.documentElement.lang"); got != lang {
				t.Errorf("%s is in %s", page, got)
			}
			look(page + " in " + lang)
		}
		b.Open(at)
		b.JS(`document.querySelector("#more-text").value = "Tôi hỏi một câu"; document.querySelector("#more-text").form.querySelector("button").click()`)
		b.Wait(`document.querySelector("#f-text")?.value === "Tôi hỏi một câu"`)
		if n := b.Value(`document.querySelector("#f-count b").textContent`); n != "15" {
			t.Errorf("%s characters are counted", n)
		}
		b.JS(`document.querySelector("#f-text").focus(); document.querySelector("#f-text").setSelectionRange(99, 99)`)
		b.Press(" nua")
		if n := b.Value(`document.querySelector("#f-count b").textContent`); n != "19" {
			t.Errorf("%s characters are counted after typing", n)
		}
		b.JS(`document.querySelector("button.lang").click()`)
		b.Wait(`document.documentElement.lang === "` + other + `"`)
		if typed := b.Value(`document.querySelector("#f-text").value`); typed != "Tôi hỏi một câu nua" {
			t.Errorf("changing the language loses what was typed: %q", typed)
		}
		look("the form in another language")
		b.JS(`document.querySelector("#f-phone").value = "12"; document.querySelector("#ask").noValidate = true; document.querySelector("#ask .main").click()`)
		b.Wait(`document.querySelector("#e-phone")`)
		look("the form with mistakes")
		site.Advance(5 * time.Second)
		b.JS(`document.querySelector("#f-phone").value = ""; document.querySelector("[name=call_me]").checked = false; document.querySelector("#ask .main").click()`)
		b.Wait(`document.querySelector(".box.ok")`)
		b.Open(at + "/call?lang=" + lang)
		site.Advance(5 * time.Second)
		b.JS(`document.querySelector("#f-phone").value = "0912 345 67` + string(rune('0'+i)) + `"; document.querySelector("[name=agree]").checked = true; document.querySelector("#f-area").selectedIndex = 2; document.querySelector("#ask .main").click()`)
		b.Wait(`document.querySelector(".box.ok")`)
	}
	list := publicQuestions(t, site, store.QuestionFilter{})
	calls := publicQuestions(t, site, store.QuestionFilter{Page: "call"})
	if len(list) != 4 || len(calls) != 2 || calls[0].Area == site.Home.Anchor {
		t.Errorf("%d came in, %d to be called", len(list), len(calls))
	}
	b.Media("print")
	b.Open(at + "/sessions")
	if b.Value(`getComputedStyle(document.querySelector(".tabs")).display`) != "none" {
		t.Error("the tabs are printed")
	}
}
