package webtest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// A hand uses only what the page shows: it finds things by the words a person reads, looks whether they are really there to be
// pressed (not hidden, not covered), and presses them with the mouse. It never knows an address.

// seeing is what the hand's scripts share: what is visible, what it is called, and which of several things is meant.
const seeing = `
	const shown = e => { const r = e.getBoundingClientRect(); return r.width > 2 && r.height > 2 && getComputedStyle(e).visibility !== "hidden" && !e.closest("[hidden],[inert],[aria-hidden=true]") }
	const tidy = s => (s || "").replace(/\s+/g, " ").trim()
	const called = e => tidy(e.getAttribute("aria-label") || e.innerText || e.value)
	const near = (e, words) => { let d = 0; for (let p = e; p && p !== document.body; p = p.parentElement, d++) if (tidy(p.innerText).includes(words)) return d; return words ? 1e6 : 0 }
	const pick = (all, fit, words) => all.filter(e => shown(e) && near(e, words) < 1e6).map(e => [fit(e), near(e, words), e]).filter(x => x[0] < 9)
		.sort((a, b) => words && a[1] !== b[1] ? a[1] - b[1] : a[0] - b[0]).map(x => x[2])[0]
	const fits = name => e => { const c = called(e); return c === name ? 0 : c.startsWith(name) ? 1 : c.includes(name) ? 2 : 9 }
	const labelled = (name, words) => {
		const of = e => e.getAttribute("aria-label") || [...(e.labels || [])].map(l => l.innerText).join(" ") || (e.getAttribute("aria-labelledby") && document.getElementById(e.getAttribute("aria-labelledby"))?.innerText) || e.placeholder
		const free = e => e.type !== "hidden" && !e.disabled
		return pick([...document.querySelectorAll("input,select,textarea")].filter(free), e => { const c = tidy(of(e)); return c === name ? 0 : c.startsWith(name) ? 1 : c.includes(name) ? 2 : 9 }, words)
	}`

// patience is how long a hand waits for something to show: jobs run behind the pages, and the machine may be busy.
const patience = 30 * time.Second

// find runs a script that answers a value or null, again and again until it answers or patience ends.
func find[T any](b *Browser, what, script string) T {
	b.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		raw, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`JSON.stringify((() => { `+seeing+";"+script+` })() ?? null)`))
		if err == nil && raw != "null" {
			var out T
			if err := json.Unmarshal([]byte(raw), &out); err != nil {
				b.t.Fatalf("%s: %v", what, err)
			}
			return out
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s is not to be seen on %q (%v):\n%s", what, b.Title(), err, b.Text())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

type spot struct{ X, Y float64 }

// Click presses the link, button or tick that shows a name.
func (b *Browser) Click(name string) { b.t.Helper(); b.ClickBy("", name) }

// ClickBy presses what shows a name nearest to other words: the row, section or form that holds them.
func (b *Browser) ClickBy(words, name string) {
	b.t.Helper()
	look := fmt.Sprintf(`
		const e = pick([...document.querySelectorAll("a[href],button,summary,label,[role=tab],[role=option],input[type=submit]")].filter(e => !e.disabled), fits(%s), %s)
		if (!e) return null
		e.scrollIntoView({block: "center", behavior: "instant"})
		const r = e.getClientRects()[0], x = r.x + Math.min(r.width / 2, 200), y = r.y + r.height / 2, top = document.elementFromPoint(x, y)
		return top && (e.contains(top) || top.contains(e)) ? {X: x, Y: y} : null`, quote(name), quote(words))
	at := find[spot](b, fmt.Sprintf("%q by %q", name, words), look)
	for range 20 { // a page that is still moving would have another thing under the mouse
		time.Sleep(150 * time.Millisecond)
		was := at
		if at = find[spot](b, fmt.Sprintf("%q by %q", name, words), look); at == was {
			break
		}
	}
	b.run(chromedp.MouseClickXY(at.X, at.Y))
	b.Settle()
}

// Fill writes into the field with a label, or chooses in it; the first there is when no choice is named.
func (b *Browser) Fill(label, value string) { b.t.Helper(); b.FillBy("", label, value) }

// FillBy writes into the field with a label nearest to other words.
func (b *Browser) FillBy(words, label, value string) {
	b.t.Helper()
	kind := find[string](b, fmt.Sprintf("the field %q by %q", label, words), fmt.Sprintf(`
		const e = labelled(%s, %s)
		if (!e) return null
		e.scrollIntoView({block: "center", behavior: "instant"})
		e.focus()
		if (e.tagName === "SELECT") {
			const want = %s, o = want ? [...e.options].find(o => tidy(o.text) === want) || [...e.options].find(o => tidy(o.text).includes(want)) : [...e.options].find(o => o.value)
			if (!o) return null
			e.value = o.value
			e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true}))
			return "chosen"
		}
		if (["date", "month", "time"].includes(e.type)) {
			e.value = %s
			e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true}))
			return "chosen"
		}
		e.select?.()
		return "typed"`, quote(label), quote(words), quote(value), quote(value)))
	if kind == "typed" {
		if _, err := chromedp.Run(b.ctx, func(ctx context.Context, _ *chromedp.Target) (cdp.Empty, error) {
			return chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: value})
		}); err != nil {
			b.t.Fatalf("type into %q: %v", label, err)
		}
	}
	b.Settle()
}

// Upload puts a file into the file field with a label.
func (b *Browser) Upload(label, path string) {
	b.t.Helper()
	mark := find[string](b, fmt.Sprintf("the file field %q", label), fmt.Sprintf(`const e = labelled(%s, ""); if (!e || e.type !== "file") return null; e.dataset.hand = "1"; return "1"`, quote(label)))
	b.run(chromedp.QueryAfter(`[data-hand="`+mark+`"]`, func(ctx context.Context, _ *chromedp.Target, nodes []*chromedp.Node) (chromedp.Void, error) {
		_, err := chromedp.Call(ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{path}, NodeID: nodes[0].NodeID})
		return chromedp.Void{}, err
	}))
	b.Settle()
}

// Sees fails unless the page comes to show all of the texts.
func (b *Browser) Sees(texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		find[bool](b, fmt.Sprintf("the text %q", text), fmt.Sprintf(`return tidy(document.body.innerText).includes(%s) || null`, quote(strings.Join(strings.Fields(text), " "))))
	}
}

// Shows says whether the page shows a text right now.
func (b *Browser) Shows(text string) bool {
	b.t.Helper()
	return strings.Contains(strings.Join(strings.Fields(b.Text()), " "), strings.Join(strings.Fields(text), " "))
}

// Cell is what a table shows in the row and under the column with these names; in the first table that has both.
func (b *Browser) Cell(row, column string) string {
	b.t.Helper()
	return find[string](b, fmt.Sprintf("a cell %q, %q", row, column), fmt.Sprintf(`
		for (const table of [...document.querySelectorAll("table")].filter(shown)) {
			const heads = [...(table.tHead ? table.tHead.rows[table.tHead.rows.length - 1].cells : [])]
			const at = heads.findIndex(h => tidy(h.innerText) === %[2]s)
			if (at < 0) continue
			const line = [...table.tBodies, table.tFoot].filter(Boolean).flatMap(g => [...g.rows]).find(r => tidy(r.cells[0].innerText).startsWith(%[1]s))
			if (line && line.cells[at]) return tidy(line.cells[at].innerText)
		}
		return null`, quote(row), quote(column)))
}

// Title is the page's title.
func (b *Browser) Title() string {
	s, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.title`))
	if err != nil {
		return err.Error()
	}
	return s
}

func (b *Browser) run(a chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, a); err != nil {
		b.t.Fatal(err)
	}
}

func quote(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always is JSON
	}
	return string(raw)
}
