package web_test

import (
	"context"
	"strings"
	"testing"

	"loa"
)

// TestBroadcastInChromium walks the room: compose while the columns follow, submit, another officer approves, and it is watched going out.
func TestBroadcastInChromium(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	b, ok := site.Chromium(t, "officer")
	if !ok {
		t.Skip("needs Chromium; make test brings it")
	}
	look := func(where string) {
		t.Helper()
		for _, found := range b.Axe() {
			t.Errorf("%s: %s", where, found)
		}
	}
	b.Open("/broadcasts")
	look("the list")
	b.JS(`document.querySelector('form[action="/broadcasts"] .btn.primary').click()`)
	b.Settle()
	b.Wait(`location.pathname.endsWith("/edit")`)
	at := strings.TrimSuffix(b.Value(`location.pathname`), "/edit")
	b.JS(`const set = (q, v) => { const f = document.querySelector(q); f.value = v; f.dispatchEvent(new Event("input", {bubbles: true})); };
		set("#f-title", "Nhắc đóng"); set("#w-long", "Bà con nhớ đóng {muc_dong} trước ngày 05/12.");
		document.querySelector('input[name=segment][value="` + string(site.Home.Segment) + `"]').click()`)
	b.Wait(`document.querySelector("#bc-side .bc-big b")?.textContent === "1" && document.querySelector(".bc-sms")?.textContent.includes("Ba con nho dong")`)
	if text := b.Text(); strings.Contains(text, "{muc_dong}") && !strings.Contains(text, "264.000") && !strings.Contains(text, "231.000") {
		t.Errorf("the figures are not filled: %.300s", text)
	}
	look("the form")
	b.Open(at + "/edit") // the draft kept itself
	if b.Value(`document.querySelector("#f-title").value`) != "Nhắc đóng" {
		t.Error("the draft did not keep itself")
	}
	b.JS(`document.querySelector('[formaction$="/submit"]').click()`)
	b.Settle()
	b.Wait(`location.pathname === "` + at + `"`)
	if text := b.Text(); !strings.Contains(text, "chờ duyệt") {
		t.Errorf("not submitted: %.400s", text)
	}
	look("submitted")
	director, _ := site.Chromium(t, "director")
	director.Open(at)
	director.JS(`document.querySelector('form[action$="/approve"] button').click()`)
	director.Settle()
	director.Wait(`document.body.innerText.includes("Đã duyệt")`)
	in, by := wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	id := loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/"))
	if _, err := site.DB.ChangeBroadcast(context.Background(), in, by, id, "sent", func(b *loa.Broadcast) error { b.SentAt = site.Now(); return b.Move(loa.BroadcastSending, "") }); err != nil {
		t.Fatal(err)
	}
	d := loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Office: site.Home.ID, Area: site.Home.Village1, Person: site.Home.Person, Channel: ids["sms"], Network: "tel", To: "84199000000", Lang: "vietnamese", State: loa.DeliveryQueued}
	director.Open(at)
	if err := site.DB.QueueDeliveries(context.Background(), id, []loa.Delivery{d}, "~"); err != nil {
		t.Fatal(err)
	}
	site.Advance(3_000_000_000)
	director.Wait(`document.querySelector("#bc-progress")?.innerText.includes("trên 1 người")`) // it looks again by itself
	for _, path := range []string{at, at + "/people", at + "/audience", at + "/hand?network=call"} {
		director.Open(path)
		for _, found := range director.Axe() {
			t.Errorf("%s: %s", path, found)
		}
		director.Size(390, 844)
		if over := director.Value(`document.documentElement.scrollWidth - innerWidth`); over != "0" {
			t.Errorf("%s is %s px too wide on a telephone", path, over)
		}
		director.Size(1440, 960)
	}
	b.JS(`document.querySelector('button[name=lang][value=en]').click()`)
	b.Settle()
	b.Open(at)
	if text := b.Text(); strings.Contains(text, "broadcast.") || strings.Contains(text, "%!") {
		t.Errorf("in English: %.300s", text)
	}
}
