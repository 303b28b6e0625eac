package web_test

import (
	"strings"
	"testing"

	"loa/web/webtest"
)

// shows waits, for a while, until the page shows a text or no longer does.
func shows(b *webtest.Browser, text string, want bool) bool {
	for range 50 {
		if strings.Contains(b.Text(), text) == want {
			return true
		}
		b.Settle()
	}
	return false
}

// TestTheTreeInChromium opens the villages of a commune, finds a place by typing, and sees market days while choosing them.
func TestTheTreeInChromium(t *testing.T) {
	site := webtest.New(t)
	b, ok := site.Chromium(t, "director")
	if !ok {
		return // said on standard error
	}
	b.Open("/areas")
	if strings.Contains(b.Text(), "Bản Một mau") {
		t.Error("the list shows every village at once")
	}
	b.JS(`document.querySelector('[data-unfold][hx-target="#v-` + string(site.Home.Commune1) + `"]').click()`)
	if !shows(b, "Bản Một mau", true) {
		t.Errorf("the villages do not open: %s", b.Text())
	}
	for _, line := range b.Axe() {
		t.Error(line)
	}
	b.JS(`document.querySelector('[data-unfold][aria-expanded=true]').click()`)
	if !shows(b, "Bản Một mau", false) {
		t.Error("the villages do not close")
	}
	b.Open("/areas/" + string(site.Home.Village1))
	b.JS(`for (const d of document.querySelectorAll('#markets details')) d.open = true;
		document.querySelector('#markets input[name=market_kind][value=weekday]').click(); document.querySelector('#markets input[name=market_weekday][value="7"]').click()`)
	if !shows(b, "Chủ nhật 30/11", true) {
		t.Errorf("no market days are shown: %s", b.Text())
	}
	for _, line := range b.Axe() {
		t.Error(line)
	}
}

// TestALinkToAFoldUnfoldsItInChromium presses the link beside the members of a household.
func TestALinkToAFoldUnfoldsItInChromium(t *testing.T) {
	site := webtest.New(t)
	b, ok := site.Chromium(t, "director")
	if !ok {
		return // said on standard error
	}
	b.Open("/people/" + string(site.Home.Person))
	if b.Value(`document.querySelector('#s-move').closest('details').open`) != "false" {
		t.Fatal("the fold is open already")
	}
	b.JS(`document.querySelector('a[href="#s-move"]').click()`)
	if b.Value(`document.querySelector('#s-move').closest('details').open`) != "true" {
		t.Error("the link leads to a fold that stays shut")
	}
}
