package web_test

import (
	"testing"

	"loa/web/webtest"
)

// TestStoriesInChromium looks at the rooms of stories, voices and prices in both languages and on a telephone, presses the buttons
// that sound, and hears that a device without a Vietnamese voice says so.
func TestStoriesInChromium(t *testing.T) {
	site := webtest.New(t)
	b, ok := site.Chromium(t, "director")
	if !ok {
		return // said on standard error
	}
	story := "/stories/" + string(site.Home.Story)
	pages := []string{"/stories", "/stories?state=draft", "/stories/new", story, story + "/edit", "/clips", "/basket", "/basket?area=" + string(site.Home.Commune1) + "&amount=297000"}
	for _, lang := range []string{"vi", "en"} {
		b.Open("/")
		b.JS(`document.querySelector('button[name=lang][value=` + lang + `]').click()`)
		b.Settle()
		for _, path := range pages {
			b.Open(path)
			for _, line := range b.Axe() {
				t.Errorf("%s in %s: %s", path, lang, line)
			}
		}
	}
	b.Size(390, 844)
	for _, path := range pages {
		b.Open(path)
		if got := b.Value(`String(document.documentElement.scrollWidth - innerWidth)`); got != "0" {
			t.Errorf("%s sticks out %s px sideways on a phone", path, got)
		}
	}
	b.Open("/clips")
	b.JS(`document.querySelector("[data-play]").click()`)
	b.Wait(`document.querySelector("[data-listen] [role=status]").textContent !== "" && !document.querySelector("[data-play][aria-pressed=true]")`) // the fixture's recording is none
	b.JS(`const row = document.querySelector("[data-listen]"); row.dataset.none = "no voice"; row.insertAdjacentHTML("afterbegin", '<button type="button" data-say="Xin chào" data-lang="vi">Nghe</button>');
		speechSynthesis.getVoices = () => [{lang: "en-US", localService: true}]; row.querySelector("[data-say]").click()`)
	b.Wait(`document.querySelector("[data-listen] [role=status]").textContent === "no voice"`)
	b.JS(`window.said = []; speechSynthesis.getVoices = () => [{lang: "en-US"}, {lang: "vi_VN", localService: true}]; window.SpeechSynthesisUtterance = function (text) { this.text = text; };
		speechSynthesis.speak = u => { window.said.push(u.lang + " " + u.text); setTimeout(() => u.onend(), 1); }; document.querySelector("[data-say]").dataset.say = "Câu một. Câu hai."; document.querySelector("[data-say]").click()`)
	b.Wait(`window.said.join("|") === "vi_VN Câu một.|vi_VN Câu hai." && document.querySelector("[data-say]").getAttribute("aria-pressed") === "false"`)
}
