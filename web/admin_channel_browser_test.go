package web_test

import (
	"context"
	"testing"

	"loa/web/webtest"
)

// TestAccountsInChromium walks the pages of accounts as an administrator does: adds one, is told what is wrong, mends it, switches it on;
// in both languages and on a telephone.
func TestAccountsInChromium(t *testing.T) {
	site := webtest.New(t)
	b, ok := site.Chromium(t, "administrator")
	if !ok {
		return // said on standard error
	}
	if err := site.DB.Halt(context.Background(), site.Home.Channel, "-224", site.Now()); err != nil {
		t.Fatal(err)
	}
	pages := []string{"/", "/admin/channels", "/admin/channels/new", "/admin/channels/new?kind=zalo", "/admin/channels/new?kind=email", "/admin/channels/" + string(site.Home.Channel), "/admin/channels/" + string(site.Home.Channel) + "/templates", "/admin/sending"}
	for _, lang := range []string{"en", "vi"} {
		b.Open("/")
		b.JS(`document.querySelector('button[name=lang][value=` + lang + `]').click()`)
		b.Settle()
		for _, path := range pages {
			b.Open(path)
			b.JS(`document.querySelectorAll("main details").forEach(d => d.open = true)`)
			for _, line := range b.Axe() {
				t.Errorf("%s in %s: %s", path, lang, line)
			}
		}
	}
	b.Open("/admin/channels/new?kind=sms_esms")
	b.JS(`const set = (n, v) => document.querySelector("[name=" + n + "]").value = v; set("set_api_key", "k"); set("set_secret_key", "s"); set("set_sender", "mot ten qua dai"); document.querySelector("form.stack button.primary").click()`)
	b.Wait(`document.querySelector("#n-set_sender.err") !== null`)
	b.Sees("Giá trị này chưa dùng được")
	b.JS(`const put = (n, v) => document.querySelector("[name=" + n + "]").value = v; put("set_api_key", "k"); put("set_secret_key", "s"); put("set_sender", "BHXH"); document.querySelector("form.stack button.primary").click()`)
	b.Wait(`location.pathname.startsWith("/admin/channels/") && document.querySelector("form[action$='/on']") !== null`)
	b.Sees("Đang tắt", "Đã lưu và niêm phong")
	b.JS(`document.querySelector("form[action$='/on'] button").click()`)
	b.Wait(`document.querySelector("form[action$='/off'] button") !== null`)
	b.Size(390, 844)
	for _, path := range pages {
		b.Open(path)
		if got := b.Value(`String(document.documentElement.scrollWidth - innerWidth)`); got != "0" {
			t.Errorf("%s sticks out %s px sideways on a phone", path, got)
		}
	}
}
