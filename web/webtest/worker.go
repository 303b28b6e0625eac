package webtest

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/chromedp"
)

// Permit answers for the visitor what a site would ask them for, such as "notifications": "granted", "denied" or "prompt".
func (b *Browser) Permit(what, answer string) {
	b.t.Helper()
	_, err := chromedp.Run(b.ctx, func(ctx context.Context, _ *chromedp.Target) (cdp.Empty, error) {
		return chromedp.CallBrowser(ctx, browser.SetPermission, browser.SetPermissionParams{Permission: &browser.PermissionDescriptor{Name: what}, Setting: browser.PermissionSetting(answer)})
	})
	if err != nil {
		b.t.Fatalf("%s %s: %v", answer, what, err)
	}
}

// OnOpen runs a script in every page that is opened from now on, before the page's own.
func (b *Browser) OnOpen(script string) {
	b.t.Helper()
	_, err := chromedp.Run(b.ctx, func(ctx context.Context, _ *chromedp.Target) (page.AddScriptToEvaluateOnNewDocumentResult, error) {
		return chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
	})
	if err != nil {
		b.t.Fatalf("prepare pages: %v", err)
	}
}

// Push hands the site's service worker what the browser's maker would bring it.
func (b *Browser) Push(data string) {
	b.t.Helper()
	known := make(chan serviceworker.RegistrationID, 16)
	if err := chromedp.Listen(b.ctx, func(ev any) {
		if e, ok := ev.(*serviceworker.EventWorkerRegistrationUpdated); ok {
			for _, r := range e.Registrations {
				if r.ScopeURL == b.url+"/" && !r.IsDeleted {
					select {
					case known <- r.RegistrationID:
					default:
					}
				}
			}
		}
	}); err != nil {
		b.t.Fatal(err)
	}
	_, err := chromedp.Run(b.ctx, func(ctx context.Context, _ *chromedp.Target) (cdp.Empty, error) {
		if _, err := chromedp.Call(ctx, serviceworker.Enable, cdp.Empty{}); err != nil {
			return cdp.Empty{}, err
		}
		defer chromedp.Call(ctx, serviceworker.Disable, cdp.Empty{}) // so that the next one hears of it again
		select {
		case id := <-known:
			return chromedp.Call(ctx, serviceworker.DeliverPushMessage, serviceworker.DeliverPushMessageParams{Origin: b.url, RegistrationID: id, Data: data})
		case <-time.After(5 * time.Second):
			b.t.Error("the site has no service worker")
		}
		return cdp.Empty{}, nil
	})
	if err != nil {
		b.t.Fatalf("bring a message: %v", err)
	}
}
