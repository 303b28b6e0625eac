package web_test

import (
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

// TestPolicyInChromium walks through the law as an administrator in both languages, on a desk and on a telephone, sends a row by clicks,
// and looks at the page the public sees.
func TestPolicyInChromium(t *testing.T) {
	site := webtest.New(t)
	waiting := loa.PolicyRow{ID: loa.NewID(), Name: "hi.rate", From: "2027-01-01", Value: 510, Unit: "bp", Cites: "Nghị định mẫu", Source: "mẫu", Why: "thử"}
	if err := site.DB.ProposePolicyRow(t.Context(), wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}, waiting); err != nil {
		t.Fatal(err)
	}
	b, ok := site.Chromium(t, "administrator")
	if !ok {
		return // said on standard error
	}
	public := publicAt(t, site, "/changes")
	pages := []string{"/policy", "/policy?on=2026-11-23", "/policy?only=unconfirmed&on=2027-02-01", "/policy?known=2025-11-29", "/policy/history?name=hi.rate", "/policy/new", "/policy/new?name=poverty_line.rural&from=2027-01-01",
		"/policy/new?name=retirement.female_born_1969_05", public}
	for _, lang := range []string{"vi", "en"} {
		b.Open("/")
		b.JS(`document.querySelector('button[name=lang][value=` + lang + `]').click()`)
		b.Settle()
		for _, path := range pages {
			if path == public {
				path += "?lang=" + lang
			}
			b.Open(path)
			for _, line := range b.Axe() {
				t.Errorf("%s in %s: %s", path, lang, line)
			}
			for _, word := range strings.Fields(b.Text()) {
				if strings.Contains(word, "%!") || key(word) {
					t.Errorf("%s in %s shows %s", path, lang, word)
				}
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
	b.Open("/policy/new?name=voluntary_si.interest")
	b.JS(`document.querySelector("#f-value").value = "0.35"; document.querySelector("#f-from").value = "2027-01-01"; document.querySelector("#f-to").value = "2027-12-31";
		document.querySelector("#f-cites").value = "Thông báo mẫu"; document.querySelector("#f-source").value = "mẫu"; document.querySelector("#f-why").value = "for 2027"; document.querySelector("form.stack button").click()`)
	b.Wait(`document.querySelector("[name=send]") !== null`)
	if text := b.Text(); !strings.Contains(text, "not known") || !strings.Contains(text, "0.35 %") {
		t.Error("what the row does is not shown before it is sent")
	}
	b.JS(`document.querySelector("[name=send]").click()`)
	b.Wait(`location.pathname === "/policy" && document.body.textContent.includes("for 2027")`)
	b.JS(`document.querySelector("form.row-form button[value=approve]").click()`)
	b.Wait(`document.body.textContent.includes("All answers use it at once")`)
}
