package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"loa"
	"loa/auth"
	"loa/fake"
	"loa/web"
	"loa/web/webtest"
)

// pushStub answers as the browser's own service would, which a test does not reach: the subscription is one of the fake's.
const pushStub = `window.stubbed = %s;
	const sub = () => { try { return JSON.parse(sessionStorage.sub || "null"); } catch { return null; } };
	const alive = x => x && { endpoint: x.endpoint, options: {}, toJSON: () => ({ endpoint: x.endpoint, keys: { p256dh: x.p256dh, auth: x.auth } }), unsubscribe: async () => { delete sessionStorage.sub; return true; } };
	PushManager.prototype.getSubscription = async () => alive(sub());
	PushManager.prototype.subscribe = async options => { if (!options.userVisibleOnly || options.applicationServerKey.length !== 65) throw new Error("not as browsers want it"); sessionStorage.sub = JSON.stringify(window.stubbed); return alive(sub()); };`

// TestADeviceIsToldInChromium: an officer lets a browser be told, sees it in the list, tries it, gets a notice that opens its page, and takes
// it away again; in both languages, with the keyboard, on a telephone; and is told in plain words when the browser does not want to.
func TestADeviceIsToldInChromium(t *testing.T) {
	var p *pusher
	world := fake.NewWorld(webtest.Today.Time(), nil)
	service := httptest.NewServer(world.Handler())
	t.Cleanup(service.Close)
	site := webtest.New(t, func(o *web.Options) {
		p = newPusher(o.DB, o.Sealer, o.Now, slog.New(slog.NewTextHandler(t.Output(), nil)), service.URL)
		o.Devices = p
	})
	b, ok := site.Chromium(t, "director")
	if !ok {
		return // said on standard error
	}
	world.Clock.Set(site.Now())
	key, err := p.Key(t.Context(), site.Home.ID)
	if err != nil {
		t.Fatal(err)
	}
	sub, err := json.Marshal(world.Push.Subscribe(service.URL, key))
	if err != nil {
		t.Fatal(err)
	}
	b.OnOpen(strings.Replace(pushStub, "%s", string(sub), 1))

	b.Permit("notifications", "denied")
	b.Open("/account")
	b.Wait(`document.querySelector("[data-device-say]").textContent.includes("đang chặn tin báo")`)
	b.Permit("notifications", "granted")
	b.Open("/account")
	b.Wait(`document.querySelector("[data-device-form]").hidden === false`)
	clean := func() {
		t.Helper()
		for _, line := range b.Axe() {
			t.Errorf("%s: %s", b.Value("document.documentElement.lang"), line)
		}
	}
	clean()
	b.JS(`document.querySelector("[data-device-ask]").focus()`)
	b.Key("Enter")
	b.Wait(`document.querySelector("[data-device-this]")?.hidden === false`)
	b.Sees("Từ nay Loa báo trên thiết bị này", "Chrome, Linux", "chưa báo lần nào", "thiết bị này")
	if b.Value(`document.querySelector("[data-device-form]").hidden`) != "true" {
		t.Error("it is asked again although it is connected")
	}
	clean()
	b.Click("Gửi thử đến Chrome, Linux")
	b.Sees("Đã gửi tin thử")
	p.send(context.Background())
	got := world.Ledger.Find(fake.Query{Provider: "push", Outcome: fake.Taken, Kind: "notice"})
	if len(got) != 1 {
		t.Fatalf("the service has %+v", got)
	}
	shows := `(async () => (await (await navigator.serviceWorker.getRegistration("/")).getNotifications()).map(n => [n.title, n.body, n.lang, n.data.url, n.tag].join("|")).join("\n"))()`
	b.Push(got[0].Text)
	b.JS(`window.shown = ""; setInterval(() => ` + shows + `.then(s => window.shown = s), 50)`)
	b.Wait(`window.shown.includes("Loa báo được trên thiết bị này|Đây là tin thử bạn vừa bấm gửi.|vi|/account|trial-")`)
	b.Push("not what Loa sends")
	b.Wait(`window.shown.includes("Loa|||/|loa")`)
	b.JS(`caches.keys().then(kept => window.kept = kept.length)`)
	b.Wait(`window.kept === 0`)

	b.JS(`document.querySelector('button[name=lang][value=en]').click()`)
	b.Settle()
	b.Wait(`document.querySelector("[data-device-this]")?.hidden === false`)
	b.Sees("Tell me on this device", "last told", "this device")
	clean()
	b.Click("A broadcast waits for my approval")
	b.Click("Save my choice")
	b.Sees("What you want to be told is saved")
	muted, err := site.DB.Muted(t.Context(), site.Home.Officers["director"])
	if err != nil || len(muted) != 1 || muted[0] != loa.NoticeApproval {
		t.Errorf("not wanted: %v (%v)", muted, err)
	}
	b.Size(390, 844)
	b.Open("/account")
	b.Wait(`document.querySelector("[data-device-this]")?.hidden === false`)
	if over := b.Value(`document.documentElement.scrollWidth - innerWidth`); over != "0" {
		t.Errorf("the page sticks out %s px sideways on a telephone", over)
	}
	clean()
	if worker, err := os.ReadFile("../../web/static/sw.js"); err != nil { // no browser lets a test change a subscription: its worker runs on the page
		t.Fatal(err)
	} else {
		fresh := world.Push.Subscribe(service.URL, key)
		says, err := json.Marshal(map[string]any{"endpoint": fresh.Endpoint, "keys": map[string]string{"p256dh": fresh.Key, "auth": fresh.Auth}})
		if err != nil {
			t.Fatal(err)
		}
		b.JS(`window.heard = {}; (self => {` + string(worker) + `})({ addEventListener: (kind, fn) => { window.heard[kind] = fn; }, location });
			window.renewed = ""; window.heard.pushsubscriptionchange({ oldSubscription: { endpoint: window.stubbed.endpoint, options: {} }, newSubscription: { toJSON: () => (` + string(says) + `) }, waitUntil: done => done.then(() => { window.renewed = "yes"; }, e => { window.renewed = String(e); }) });`)
		b.Wait(`window.renewed === "yes"`)
		if list, err := site.DB.Devices(t.Context(), loa.Scope{Office: site.Home.ID}, site.Home.Officers["director"]); err != nil || len(list) != 1 || list[0].Mark != auth.TokenHash(fresh.Endpoint) {
			t.Errorf("the device is reached at %+v (%v)", list, err)
		}
		b.JS(`window.stubbed = { ...window.stubbed, endpoint: ` + strconv.Quote(fresh.Endpoint) + ` }; sessionStorage.sub = JSON.stringify(window.stubbed)`)
		b.Open("/account")
		b.Wait(`document.querySelector("[data-device-this]")?.hidden === false`)
	}
	b.Click("Remove Chrome, Linux: stop telling me there")
	b.Sees("no longer tells you on that device")
	b.Wait(`document.querySelector("[data-device-form]").hidden === false`)
	if b.Value(`String(sessionStorage.sub)`) != "undefined" {
		t.Error("the browser still holds its subscription")
	}
	if list, err := site.DB.Devices(t.Context(), loa.Scope{Office: site.Home.ID}, site.Home.Officers["director"]); err != nil || len(list) != 0 {
		t.Errorf("still told: %+v (%v)", list, err)
	}
}
