package pdf

import (
	"context"
	"fmt"
	"io/fs"
	"mime"
	"net/url"
	"os"
	"path"
	"strings"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// origin is where a page believes it is. No such name exists anywhere (RFC 6761): every request is answered here or not at all.
const origin = "http://print.invalid"

// policy is what a page may do: nothing of its own but styles, and pictures and fonts of its site or written into it.
const policy = "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; form-action 'none'; base-uri 'none'"

// taggedUpTo is the size of a page whose PDF carries its structure for screen readers. Beyond it are stacks of sheets that go to paper
// alone, and the structure would be most of the work.
const taggedUpTo = 512 << 10

// chrome is one running Chromium.
type chrome struct {
	ctx   context.Context
	end   []context.CancelFunc
	files fs.FS
}

// start runs Chromium shut off from the network: every name is unknown, every address goes to a proxy that does not exist.
func start(ctx context.Context, at string, files fs.FS) (*chrome, error) {
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(at), chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("no-pings", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"), chromedp.ProxyServer("http://127.0.0.1:9"), chromedp.Flag("proxy-bypass-list", "<-loopback>"))
	if os.Geteuid() == 0 { // Chromium refuses its sandbox to root; the page has no script that could leave one
		opts = append(opts, chromedp.NoSandbox)
	}
	c := &chrome{files: files}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...) // it outlives the request that first needs it
	c.end = append(c.end, stop)
	var cancel context.CancelFunc
	c.ctx, cancel = chromedp.NewContext(alloc)
	c.end = append(c.end, cancel)
	hurry := context.AfterFunc(ctx, func() { go c.stop() })
	err := chromedp.Do(c.ctx)
	if !hurry() || err != nil {
		c.stop()
		return nil, fmt.Errorf("start Chromium: %w", err)
	}
	return c, nil
}

// stop ends Chromium and waits for it; more than once does no harm.
func (c *chrome) stop() {
	for i := len(c.end) - 1; i >= 0; i-- {
		c.end[i]()
	}
}

// print draws one page in a tab that shares nothing with any other and takes it as PDF.
func (c *chrome) print(ctx context.Context, html []byte, paper Paper) ([]byte, error) {
	tab, shut := chromedp.NewContext(c.ctx, chromedp.WithNewBrowserContext())
	defer shut()
	defer context.AfterFunc(ctx, func() { go shut() })()
	requests := make(chan *fetch.EventRequestPaused, 256)
	if err := chromedp.Listen(tab, func(ev any) {
		if e, ok := ev.(*fetch.EventRequestPaused); ok {
			select {
			case requests <- e:
			default: // a page that asks for so much at once waits for ever, until the limit
			}
		}
	}); err != nil {
		return nil, fmt.Errorf("open a tab: %w", err)
	}
	go c.answer(tab, requests, html)
	out, err := chromedp.Run(tab, func(ctx context.Context, t *chromedp.Target) ([]byte, error) {
		if _, err := chromedp.Call(ctx, fetch.Enable, fetch.EnableParams{}); err != nil {
			return nil, err
		}
		if _, err := chromedp.Navigate(origin+"/")(ctx, t); err != nil {
			return nil, err
		}
		if _, err := chromedp.Evaluate[int](`document.fonts.ready.then(() => 1)`, chromedp.EvalAwaitPromise)(ctx, t); err != nil {
			return nil, err
		}
		return chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperSize{Width: inches(paper.Width), Height: inches(paper.Height)}), chromedp.PDFMargin(0),
			chromedp.PDFPrintBackground(), chromedp.PDFPreferCSSPageSize(), func(p *page.PrintToPDFParams) {
				p.TransferMode = page.PrintToPDFTransferModeReturnAsStream // a thousand pages are too much for one message
				tagged := len(html) <= taggedUpTo
				p.GenerateTaggedPDF = &tagged
			})(ctx, t)
	})
	if err != nil {
		return nil, fmt.Errorf("draw the page: %w", err)
	}
	return out, nil
}

func inches(mm int) float64 { return float64(mm) / 25.4 }

// answer serves what a page asks for until its tab is shut: the page itself, once, and files of its site. All else is turned down.
func (c *chrome) answer(tab context.Context, requests <-chan *fetch.EventRequestPaused, html []byte) {
	given := false
	for {
		select {
		case <-tab.Done():
			return
		case e := <-requests:
			body, kind := []byte(nil), ""
			switch {
			case e.Request.URL == origin+"/" && !given:
				body, kind, given = html, "text/html; charset=utf-8", true
			default:
				body, kind = c.file(e.Request.URL)
			}
			if kind == "" {
				_, _ = chromedp.Call(tab, fetch.FailRequest, fetch.FailRequestParams{RequestID: e.RequestID, ErrorReason: network.ErrorReasonAborted})
				continue
			}
			_, _ = chromedp.Call(tab, fetch.FulfillRequest, fetch.FulfillRequestParams{RequestID: e.RequestID, ResponseCode: 200, Body: body, ResponseHeaders: []*fetch.HeaderEntry{
				{Name: "Content-Type", Value: kind}, {Name: "Content-Security-Policy", Value: policy}, {Name: "X-DNS-Prefetch-Control", Value: "off"}}})
		}
	}
}

// file is a file of the page's site and its kind; an empty kind is none.
func (c *chrome) file(address string) ([]byte, string) {
	u, err := url.Parse(address)
	name := ""
	if err == nil {
		name = strings.TrimPrefix(u.Path, "/")
	}
	if err != nil || c.files == nil || u.Scheme+"://"+u.Host != origin || !fs.ValidPath(name) {
		return nil, ""
	}
	raw, err := fs.ReadFile(c.files, name)
	if err != nil {
		return nil, ""
	}
	switch ext := path.Ext(name); ext {
	case ".woff2":
		return raw, "font/woff2"
	case ".css", ".svg", ".png", ".jpg", ".webp":
		return raw, mime.TypeByExtension(ext)
	}
	return nil, ""
}
