package main

import (
	"strings"
	"testing"

	"loa/i18n"
	"loa/web/webtest"
)

// chain is the walk of one message through the whole demo, in one browser.
type chain struct {
	*webtest.Browser
	t     *testing.T
	d     *runningDemo
	rooms map[string]bool
	seen  []string // the pages it came by, for the other language
}

// as signs in as somebody of the demo, by the button that bears their name.
func (c *chain) as(name string) {
	c.t.Helper()
	c.JS(`fetch("/logout", {method: "POST"}).finally(() => { window.out = 1 })`)
	c.Wait(`window.out === 1`)
	c.Open("/login")
	c.JS(`[...document.querySelectorAll(".folk button")].find(b => b.textContent.includes(` + jsText(name) + `)).click()`)
	c.Wait(`document.querySelector(".top")?.textContent.includes(` + jsText(name) + `)`)
}

// look holds the page to what every page must be, and remembers it.
func (c *chain) look() {
	c.t.Helper()
	at := c.Value(`location.pathname + location.search`)
	c.seen = append(c.seen, at)
	c.check(at, "vi")
}

func (c *chain) check(at, lang string) {
	c.t.Helper()
	for _, line := range c.Axe() {
		c.t.Errorf("%s in %s: %s", at, lang, line)
	}
	text := c.Text()
	if strings.Contains(text, "%!") || bare(text, c.rooms) != "" {
		c.t.Errorf("%s in %s shows a sentence that is not there: %s", at, lang, bare(text, c.rooms))
	}
}

// holds waits until an expression holds, as long as the loop that sends and the providers take.
func (c *chain) holds(expression string) {
	c.t.Helper()
	eventually(c.t, expression, func() bool {
		return c.Value(`(() => { try { return !!(`+expression+`) } catch { return false } })()`) == "true"
	})
}

// at opens a page of the providers, which stand on an address of their own.
func (c *chain) at(path string) {
	c.t.Helper()
	c.JS(`location.href = ` + jsText(c.d.fake+path))
	c.Wait(`location.href.startsWith(` + jsText(c.d.fake) + `) && document.readyState === "complete"`)
}

func jsText(s string) string { return "`" + s + "`" }

// TestTheWholeChainInChromium walks what the demo is for, with its real providers: a voice is recorded and approved, a broadcast composed,
// looked at, approved by another, and arrives; somebody answers, is answered, becomes a lead; the month's report knows of it. Every page of it
// is then seen in English.
func TestTheWholeChainInChromium(t *testing.T) {
	if _, ok := webtest.Browse(t, "about:blank"); !ok {
		return // said on standard error
	}
	d := runDemo(t)
	b, _ := webtest.Browse(t, d.url)
	c := &chain{Browser: b, t: t, d: d, rooms: map[string]bool{}}
	for key := range i18n.Keys("vi") {
		room, _, _ := strings.Cut(key, ".")
		c.rooms[room] = true
	}
	b.Open("/login")
	before := c.reported()
	c.hear(c.record())
	broadcast := c.compose()
	c.approve(broadcast)
	c.arrive(broadcast)
	c.answered()
	if after := c.reported(); after <= before {
		t.Errorf("the report of the month knows of %d people over Zalo before, and of %d after", before, after)
	}
	c.look()
	c.JS(`document.querySelector('button[name=lang][value=en]').click()`)
	c.Settle()
	for _, at := range c.seen {
		c.Open(at)
		if got := c.Value(`document.documentElement.lang`); got != "en" {
			t.Errorf("%s is in %s", at, got)
		}
		c.check(at, "en")
	}
	c.at("/")
	c.JS(`document.querySelector('button[name=lang][value=en]').click()`)
	c.Wait(`document.documentElement.lang === "en"`)
	c.check("the providers", "en")
}

// reported is how many people the report of the month has reached over Zalo.
func (c *chain) reported() int {
	c.t.Helper()
	c.as("Lò Thị Hương")
	c.Open("/documents/report?kind=month&month=" + string(c.d.office.AsOf.Month()))
	row := c.Value(`[...document.querySelectorAll("tr")].find(r => r.textContent.includes("Zalo"))?.innerText ?? ""`)
	c.t.Logf("the report says: %q", row)
	cells := strings.Split(row, "\t") // the form, messages, people, …
	if len(cells) < 3 {
		c.t.Fatalf("the report has no line of Zalo: %q", row)
	}
	n := 0
	for _, r := range cells[2] {
		if r >= '0' && r <= '9' {
			n = 10*n + int(r-'0')
		}
	}
	return n
}

// record says the loudspeaker text of a script into the microphone and keeps it as a draft.
func (c *chain) record() string {
	c.t.Helper()
	c.as("Trần Thuỳ Linh")
	c.Open("/scripts")
	c.look()
	c.JS(`[...document.querySelectorAll("main a")].find(a => a.textContent.includes("Chợ phiên: tư vấn")).click()`)
	c.Wait(`/^\/scripts\/[0-9a-f-]{36}$/.test(location.pathname) && document.readyState === "complete" && document.querySelector("[data-rec-start]") && !document.querySelector("[data-rec-live]").hidden`)
	c.look()
	c.JS(`document.querySelector("[data-rec-start]").closest("details")?.setAttribute("open", ""); document.querySelector("[data-rec-start]").click()`)
	c.Wait(`!document.querySelector("[data-rec-stop]").hidden && !["0:00", "0:01"].includes(document.querySelector("[data-rec-time]").textContent)`)
	c.JS(`document.querySelector("[data-rec-stop]").click()`)
	c.Wait(`document.querySelector("[data-rec-seconds]").value > 0 && document.querySelector("#f-file").files.length === 1`)
	c.JS(`document.querySelector("[data-rec-start]").closest("form").querySelector(".form-foot .btn:not(.primary)").click()`)
	c.Wait(`document.querySelector(".voices, main")?.textContent.includes("Chờ duyệt") && document.querySelector("main a[href^='/clips/']")`)
	at := c.Value(`location.pathname`)
	c.Open(c.Value(`document.querySelector("main a[href^='/clips/']").getAttribute("href").match(/^\/clips\/[0-9a-f-]{36}/)[0]`))
	c.look()
	return at
}

// compose writes a broadcast over Zalo, text message and the loudspeaker that runs, and hands it in.
func (c *chain) compose() string {
	c.t.Helper()
	c.as("Trần Thuỳ Linh")
	c.Open("/broadcasts")
	c.look()
	c.JS(`document.querySelector('form[action="/broadcasts"] .btn.primary').click()`)
	c.Wait(`location.pathname.endsWith("/edit") && document.querySelector("#bc-form") && document.readyState === "complete"`)
	at := strings.TrimSuffix(c.Value(`location.pathname`), "/edit")
	c.JS(`const set = (q, v) => { const f = document.querySelector(q); f.value = v; f.dispatchEvent(new Event("input", {bubbles: true})); f.dispatchEvent(new Event("change", {bubbles: true})) };
		const tick = (f, on) => { if (f.checked !== on) f.click() };
		set("#f-title", "Chợ phiên 06/12, ai sắp đến hạn thì ghé bàn tư vấn");
		document.querySelectorAll("input[name=segment]").forEach(f => tick(f, /sắp đến hạn/i.test(f.closest("label").textContent)));
		set("#f-script", [...document.querySelectorAll("#f-script option")].find(o => o.textContent.includes("Chợ phiên: tư vấn")).value);
		document.querySelectorAll("input[name=rung]").forEach(f => tick(f, /^(zalo|tel|call)\b/.test(f.value)));
		tick([...document.querySelectorAll("input[name=outlet]")].find(f => f.closest("label").textContent.includes("Séo Phình")), true);
		set("#f-from", "2025-11-30"); set("#f-until", "2025-12-02"); set("#f-start", "07:00"); set("#f-end", "20:00");
		set("select[name=purpose]", "administrative")`)
	c.Wait(`Number(document.querySelector("#bc-side .bc-big b")?.textContent.replace(/\D/g, "")) > 0`)
	c.Settle()
	c.Wait(`document.querySelector(".bc-sms")?.textContent.includes("Can bo BHXH tu van") && /[0-9]{3}\.000/.test(document.querySelector("#bc-preview").textContent)`)
	c.look()
	c.JS(`document.querySelector('[formaction$="/submit"]').click()`)
	c.Wait(`location.pathname === "` + at + `" && document.querySelector(".tag")`)
	c.Sees("chờ duyệt", "Kiểm tra trước khi gửi")
	c.look()
	return at
}

// hear is the director's word on the voice.
func (c *chain) hear(script string) {
	c.t.Helper()
	c.as("Lò Thị Hương")
	c.Open(script)
	c.JS(`document.querySelector("form[action^='/clips/'][action$='/approve'] button").click()`)
	c.Wait(`!document.querySelector("form[action^='/clips/'][action$='/approve']") && document.querySelector("main").textContent.includes("Đang dùng")`)
}

// approve is the director's word on the broadcast.
func (c *chain) approve(broadcast string) {
	c.t.Helper()
	c.as("Lò Thị Hương")
	c.Open(broadcast)
	c.JS(`document.querySelector("form[action$='/approve'] button").click()`)
	c.Wait(`!document.querySelector("form[action$='/approve']")`)
}

// arrive watches it go out without touching the page, and finds it at the provider and at the loudspeaker.
func (c *chain) arrive(broadcast string) {
	c.t.Helper()
	c.holds(`document.querySelector("#bc-progress")`)
	c.holds(`Number(document.querySelector("#bc-progress .bc-big b").textContent.replace(/\D/g, "")) > 0`)
	c.look()
	c.Open("/stations/plays")
	eventually(c.t, "the loudspeaker proved it", func() bool {
		c.Open("/stations/plays")
		return strings.Contains(c.Value(`[...document.querySelectorAll("main li")].find(l => l.textContent.includes("Chợ phiên 06/12, ai sắp đến hạn"))?.textContent ?? ""`), "đã phát")
	})
	c.look()
	c.at("/")
	c.check("the providers", "vi")
	eventually(c.t, "somebody got it over Zalo", func() bool {
		c.at("/")
		return c.Value(`[...document.querySelectorAll(".fake-people li a")].some(a => a.textContent.includes("Cán bộ bảo hiểm xã hội tư vấn tại chợ phiên"))`) == "true"
	})
	c.JS(`[...document.querySelectorAll(".fake-people li a")].find(a => a.textContent.includes("Cán bộ bảo hiểm xã hội tư vấn tại chợ phiên")).click()`)
	c.Wait(`document.querySelector(".fake-lines .ours")?.textContent.includes("chợ phiên") && document.querySelector("#reply")`)
	c.check("somebody's messages", "vi")
}

// theirs are the words of a villager, and mine those of the officer.
const (
	theirs = "Tôi muốn đóng tiếp bảo hiểm xã hội tự nguyện, chợ phiên này tôi gặp ai?"
	mine   = "Chào bác, cán bộ ngồi ở bàn tư vấn cổng chợ từ 6 giờ 30. Bác nhớ mang căn cước."
)

// answered lets a villager write back, answers in the inbox, sees the answer arrive, and makes a lead of it.
func (c *chain) answered() {
	c.t.Helper()
	who := c.Value(`location.pathname + location.search`)
	c.JS(`document.querySelector("#way").value = "zalo"; document.querySelector("#reply").value = ` + jsText(theirs) + `; document.querySelector(".fake-reply .btn.primary").click()`)
	c.Wait(`document.querySelector(".fake-lines")?.textContent.includes(` + jsText(theirs) + `)`)
	c.Open("/")
	c.as("Trần Thuỳ Linh")
	eventually(c.t, "their words came in", func() bool {
		c.Open("/inbox?via=zalo&q=" + "cho+phien+nay+toi+gap+ai")
		return c.Value(`document.querySelectorAll("main tbody tr, main [data-rows] li").length > 0 && document.querySelector("main").textContent.includes(`+jsText(theirs)+`)`) == "true"
	})
	c.look()
	c.JS(`document.querySelector("main tbody th a, main [data-rows] a").click()`)
	c.Wait(`document.querySelector(".thread")?.textContent.includes(` + jsText(theirs) + `)`)
	c.look()
	talk := c.Value(`location.pathname`)
	c.JS(`document.querySelector("#f-text").value = ` + jsText(mine) + `; document.querySelector("#f-text").closest("form").querySelector("button[name=keep]").click()`)
	c.holds(`document.querySelector(".thread")?.textContent.includes(` + jsText(mine) + `)`)
	c.JS(`document.querySelector("#s-lead").click(); document.querySelector("form[action*='/lead'] select").value = "voluntary_si"; document.querySelector("form[action*='/lead'] button").click()`)
	c.holds(`document.querySelector(".flash")?.textContent.includes("Đã ghi người quan tâm") && document.querySelector("dl.facts a[href^='/people/']")`)
	person := c.Value(`document.querySelector("dl.facts a[href^='/people/']").getAttribute("href")`)
	c.Open(person)
	c.holds(`document.body.innerText.includes("Zalo")`)
	c.look()
	eventually(c.t, "the answer arrived", func() bool {
		c.at(who)
		return strings.Contains(c.Value(`document.querySelector(".fake-lines").textContent`), mine)
	})
	c.Open(talk)
}
