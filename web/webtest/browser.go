package webtest

import (
	"context"
	_ "embed" // axe
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed vendor/axe.min.js
var axe string

// Browser is a headless Chromium with one tab, signed in as an officer.
type Browser struct {
	t   testing.TB
	url string
	ctx context.Context
}

var leftOut sync.Once

// chromium is the browser's path; empty when there is none.
func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	return ""
}

// Chromium opens a browser as an officer of the site. Without LOA_TEST_ALL (make test sets it) it says once that the browser
// tests were left out and answers false; with it, a missing browser is a failure.
func (s *Site) Chromium(t testing.TB, name string) (*Browser, bool) {
	t.Helper()
	b, ok := Browse(t, s.URL)
	if !ok {
		return nil, false
	}
	for _, c := range s.As(t, name).cookies() {
		_, err := chromedp.Run(b.ctx, func(ctx context.Context, tab *chromedp.Target) (cdp.Empty, error) {
			return chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: s.URL})
		})
		if err != nil {
			t.Fatalf("sign in: %v", err)
		}
	}
	return b, true
}

// Browse opens a browser at a running Loa that nobody has signed in to; false when the browser tests are left out.
func Browse(t testing.TB, url string) (*Browser, bool) {
	t.Helper()
	path := chromium()
	if os.Getenv("LOA_TEST_ALL") == "" || path == "" {
		if os.Getenv("LOA_TEST_ALL") != "" {
			t.Fatal("no Chromium is installed")
		}
		leftOut.Do(func() { fmt.Fprintln(os.Stderr, "webtest: Chromium left out; make test brings it") })
		return nil, false
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("use-fake-ui-for-media-stream", true), chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.WindowSize(1440, 960))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	ctx, done := context.WithTimeout(ctx, 8*time.Minute)
	t.Cleanup(done)
	return &Browser{t: t, url: url, ctx: ctx}, true
}

func (c *Client) cookies() []*http.Cookie {
	u, err := url.Parse(c.site.URL)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.http.Jar.Cookies(u)
}

// Open goes to a page of the site and waits until it is there.
func (b *Browser) Open(path string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.Navigate(b.url+path)); err != nil {
		b.t.Fatalf("open %s: %v", path, err)
	}
}

// JS runs a script in the page; the page's own policy does not bind it.
func (b *Browser) JS(script string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Evaluate[any](`(() => { `+script+`; return 1 })()`)(ctx, t)
		return chromedp.Void{}, err
	}); err != nil {
		b.t.Fatalf("run %.80s: %v", script, err)
	}
}

// Text is what the page shows.
func (b *Browser) Text() string {
	b.t.Helper()
	s, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.body.innerText`))
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

// Axe is what the accessibility checker finds on the page, a line each.
func (b *Browser) Axe() []string {
	b.t.Helper()
	b.JS(strings.ReplaceAll(axe, "\u2028", ""))
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`axe.run(document, {resultTypes: ["violations"], runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa"]})
		.then(r => r.violations.map(v => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map(n => n.target.join(" ")).join(" | ")).join("\n"))`, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	if out == "" {
		return nil
	}
	return strings.Split(out, "\n")
}

// Settle waits until the page that a click led to has loaded.
func (b *Browser) Settle() {
	b.t.Helper()
	time.Sleep(200 * time.Millisecond) // for the click to be on its way
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[int](`new Promise(done => { const look = () => document.readyState === "complete" && !document.querySelector(".htmx-request,.htmx-swapping,.htmx-settling") ? done(1) : setTimeout(look, 20); look() })`, chromedp.EvalAwaitPromise)); err != nil {
		b.t.Fatal(err)
	}
}

// Press types text where the focus is, a key at a time. Each key is one event with its letter, as a keyboard sends it, so that a
// page that handles the key keeps the letter out of the field.
func (b *Browser) Press(text string) {
	b.t.Helper()
	_, err := chromedp.Run(b.ctx, func(ctx context.Context, tab *chromedp.Target) (cdp.Empty, error) {
		for _, r := range text {
			events := kb.Encode(r)
			down, up := *events[0], *events[len(events)-1]
			if len(events) == 3 {
				down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
			}
			for _, e := range []input.DispatchKeyEventParams{down, up} {
				if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, e); err != nil {
					return cdp.Empty{}, err
				}
			}
		}
		return cdp.Empty{}, nil
	})
	if err != nil {
		b.t.Fatalf("press %q: %v", text, err)
	}
}

// Key presses one key by its name: Escape, Enter, ArrowDown, Tab.
func (b *Browser) Key(name string) {
	b.t.Helper()
	key, ok := map[string]string{"Escape": kb.Escape, "Enter": kb.Enter, "ArrowDown": kb.ArrowDown, "Tab": kb.Tab}[name]
	if !ok {
		b.t.Fatalf("no key %s", name)
	}
	b.Press(key)
}

// Value is what an expression gives, as text.
func (b *Browser) Value(expression string) string {
	b.t.Helper()
	s, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`String(`+expression+`)`))
	if err != nil {
		b.t.Fatalf("look at %.80s: %v", expression, err)
	}
	return s
}

// Wait waits up to five seconds until an expression holds in a page whose scripts have begun: what is there before them hears no key.
func (b *Browser) Wait(expression string) {
	b.t.Helper()
	for range 100 {
		s, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`String(document.readyState === "complete" && !!(`+expression+`))`))
		if err == nil && s == "true" { // between two pages there is nothing to ask
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatalf("never came true at %s: %s", b.Value("location.href"), expression)
}

// Media makes the page look as it does on paper ("print"), or on the screen again ("").
func (b *Browser) Media(kind string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, func(ctx context.Context, tab *chromedp.Target) (cdp.Empty, error) {
		return chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind})
	}); err != nil {
		b.t.Fatalf("look at it as %s: %v", kind, err)
	}
}

// Size makes the window as wide and high as another screen.
func (b *Browser) Size(width, height int64) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, func(ctx context.Context, tab *chromedp.Target) (cdp.Empty, error) {
		return chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
	}); err != nil {
		b.t.Fatalf("make the window %d wide: %v", width, err)
	}
}
