package web_test

import (
	"context"
	"strings"
	"testing"

	"loa"
	"loa/speech"
	"loa/web"
	"loa/web/webtest"
)

// TestScriptsInChromium walks the way of a script: written with a placeholder put in by its button, figures seen while typing, submitted, a
// voice recorded with the microphone, cut by keyboard, approved by another officer; in both languages, wide and on a telephone.
func TestScriptsInChromium(t *testing.T) {
	said := ""
	sound, err := speech.FindAudio()
	if err != nil {
		t.Log("without ffmpeg: what the browser records is not cut")
	}
	site := webtest.New(t, func(o *web.Options) { o.Voices, o.Sound = []speech.Engine{fakeVoice{&said}}, sound })
	b, ok := site.Chromium(t, "officer")
	if !ok {
		return // said on standard error
	}
	b.Open("/scripts/new")
	b.JS(`const set = (id, v) => { const f = document.getElementById(id); f.value = v; f.dispatchEvent(new Event("input", {bubbles: true})); };
		set("f-name", "Nhắc đóng chợ phiên"); set("f-group", "ethnic_minority"); set("f-vietnamese_loudspeaker", "Bà con đóng ");
		const area = document.getElementById("f-vietnamese_loudspeaker"); area.focus(); area.setSelectionRange(area.value.length, area.value.length); document.querySelector("[data-insert=muc_dong]").click();
		set("f-vietnamese_sms", "Mỗi tháng {muc_dong}")`)
	b.Wait(`document.getElementById("f-vietnamese_loudspeaker").value === "Bà con đóng {muc_dong}" && document.querySelector("#f-vietnamese_loudspeaker").parentElement.querySelector(".ink mark").textContent === "{muc_dong}"`)
	b.Wait(`document.querySelector("#filled-vietnamese_loudspeaker mark")?.textContent.includes("231.000 đồng") && document.querySelector("#filled-vietnamese_sms .words").textContent === "Moi thang 231.000d"`)
	b.JS(`document.querySelector("input[name=tab][value=mong]").click()`)
	if got := b.Value(`String(getComputedStyle(document.querySelector(".tongue-mong")).display + " " + getComputedStyle(document.querySelector(".tongue-vietnamese")).display)`); got != "block none" {
		t.Errorf("the languages show %s", got)
	}
	b.JS(`document.querySelector("#script .btn.primary").click()`)
	b.Wait(`document.querySelector("form[action$='/submit']")`)
	at := b.Value(`location.pathname`)
	b.JS(`document.querySelector("form[action$='/submit'] button").click()`)
	b.Wait(`document.querySelector(".next.late") && !document.querySelector("form[action$='/approve']")`)

	b.JS(`document.querySelector("[data-rec-start]").click()`)
	b.Wait(`!document.querySelector("[data-rec-stop]").hidden && document.querySelector("[data-rec-time]").textContent !== "0:00" && document.querySelector("[data-rec-time]").textContent !== "0:01"`)
	b.JS(`document.querySelector("[data-rec-stop]").click()`)
	b.Wait(`document.querySelector("[data-rec-seconds]").value > 0 && document.querySelector("#f-file").files.length === 1`)
	b.JS(`document.querySelector("button[name=trim][value='1']").click()`)
	b.Wait(`location.pathname.startsWith("/clips/")`)
	clip := b.Value(`location.pathname`)
	if sound != nil {
		b.Wait(`document.querySelector(".wave path").getAttribute("d").length > 100 && document.getElementById("f-from")`)
		b.JS(`const f = document.getElementById("f-from"); f.value = "0.5"; f.dispatchEvent(new Event("input", {bubbles: true}))`)
		b.Wait(`Number(document.querySelector("[data-before]").getAttribute("width")) > 0 && document.getElementById("o-from").textContent.includes("5")`)
		b.JS(`document.querySelector("[data-cutter] .btn.primary").click()`)
		b.Wait(`location.pathname.startsWith("/clips/") && location.pathname !== "` + clip + `"`)
		clip = b.Value(`location.pathname`)
	}
	pages := []string{"/scripts", "/scripts?state=blocked", "/scripts/new", at, at + "/edit", at + "/versions", clip}
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
	director := site.As(t, "director")
	for _, path := range []string{at, clip} {
		if a := director.Post(path + "/approve"); a.Location == "" {
			t.Errorf("%s is not approved: %d %s", path, a.Status, wordsOf(a))
		}
	}
	id := loa.ScriptID(at[strings.LastIndex(at, "/")+1:])
	if list, err := site.DB.ClipsFor(context.Background(), site.Home.ID, loa.ScriptKey(id), webtest.Today); err != nil || len(list) != 1 || list[0].Says != "Bà con đóng 231.000 đồng" {
		t.Errorf("heard: %+v, %v", list, err)
	}
	for _, path := range []string{"/kits", strings.Replace(at, "/scripts/", "/kits/", 1)} {
		b.Open(path)
		for _, line := range b.Axe() {
			t.Errorf("%s: %s", path, line)
		}
		if got := b.Value(`String(document.documentElement.scrollWidth - innerWidth)`); got != "0" {
			t.Errorf("%s sticks out %s px sideways on a phone", path, got)
		}
	}
	b.Open(at)
	if got := b.Value(`document.querySelector(".voices .tag").className`); got != "tag paid" {
		t.Errorf("the voice is %s", got)
	}
}
