package web_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"loa"
	"loa/web"
	"loa/web/webtest"
)

// openDevices seals nothing: a test reads what is kept.
type openDevices struct{ woken int }

func (d *openDevices) Key(context.Context, loa.OfficeID) (string, error) { return "BPublic", nil }
func (d *openDevices) Seal(_ loa.OfficeID, _ loa.DeviceID, s loa.Subscription) (string, []byte, error) {
	if !strings.HasPrefix(s.Endpoint, "https://") {
		return "", nil, loa.Refuse(loa.Invalid, "", "device_unusable")
	}
	sum := sha256.Sum256([]byte(s.Endpoint))
	return hex.EncodeToString(sum[:]), []byte(s.Endpoint + " " + s.Key + " " + s.Auth), nil
}
func (d *openDevices) Simulate(context.Context, loa.OfficeID) (loa.Subscription, bool, error) {
	return loa.Subscription{}, false, nil
}
func (d *openDevices) Wake() { d.woken++ }

func TestDevicesOfTheAccountPage(t *testing.T) {
	d := &openDevices{}
	s := webtest.New(t, func(o *web.Options) { o.Devices = d })
	c := s.As(t, "officer")
	if a := c.Get("/account"); !a.Has("Báo cho tôi trên thiết bị này", `data-key="BPublic"`, "Đợt phát tin chờ tôi duyệt") || a.Has("Một kênh dừng gửi") {
		t.Error("an officer is not offered what concerns them")
	}
	if a := s.As(t, "administrator").Get("/account"); !a.Has("Một kênh dừng gửi") || a.Has("Đợt phát tin chờ tôi duyệt") {
		t.Error("an administrator is not offered what concerns them")
	}
	agent := s.As(t, "collector")
	if a := agent.Get("/account"); a.Status != http.StatusOK || a.Has("data-devices") {
		t.Error("whom nothing concerns is offered to be told")
	}
	good := url.Values{"endpoint": {"https://push.example/a"}, "key": {"k"}, "auth": {"a"}}
	if a := agent.Do("POST", "/account/devices", good); a.Status != http.StatusNotFound {
		t.Errorf("whom nothing concerns adds a device: %d", a.Status)
	}
	if a := c.Do("POST", "/account/devices", url.Values{"endpoint": {"http://inside/"}}); a.Location != "/account#devices" || !c.Get("/account").Has("Địa chỉ báo tin mà trình duyệt đưa không dùng được") {
		t.Errorf("an address that cannot be used: %d %s", a.Status, a.Location)
	}
	if a := c.Do("POST", "/account/devices", url.Values{"simulated": {"1"}}); a.Status != http.StatusNotFound {
		t.Errorf("a telephone is simulated outside a demo: %d", a.Status)
	}
	c.Do("POST", "/account/devices", good)
	in, me := loa.Scope{Office: s.Home.ID}, s.Home.Officers["officer"]
	list, err := s.DB.Devices(t.Context(), in, me)
	if err != nil || len(list) != 1 || string(list[0].Sealed) != "https://push.example/a k a" {
		t.Fatalf("%+v %v", list, err)
	}
	if a := c.Get("/account"); !a.Has("Từ nay Loa báo trên thiết bị này", `data-mark="`+list[0].Mark+`"`, "từ ngày 30/11/2025") || a.Has("push.example") {
		t.Error("the device is not shown, or where it is reached is")
	}
	other := s.As(t, "sibling")
	for _, act := range []string{"remove", "try"} {
		if a := other.Do("POST", "/account/devices/"+act, url.Values{"device": {string(list[0].ID)}}); a.Status != http.StatusNotFound {
			t.Errorf("another's device, %s: %d", act, a.Status)
		}
	}
	if c.Do("POST", "/account/devices/try", url.Values{"device": {string(list[0].ID)}}); d.woken == 0 {
		t.Error("nobody is woken to send the trial")
	}
	if due, err := s.DB.ClaimNotices(t.Context(), "p", s.Now(), 1, 10); err != nil || len(due) != 1 || due[0].Kind != loa.NoticeTrial {
		t.Errorf("the trial is %+v (%v)", due, err)
	}
	if err := s.DB.Mute(t.Context(), in, loa.By{Officer: me, At: s.Now()}, []loa.NoticeKind{loa.NoticeHalted}); err != nil { // from when they were administrator
		t.Fatal(err)
	}
	c.Do("POST", "/account/notices", url.Values{"kind": {"given"}})
	if muted, err := s.DB.Muted(t.Context(), me); err != nil || len(muted) != 2 || muted[0] != loa.NoticeApproval || muted[1] != loa.NoticeHalted {
		t.Errorf("not wanted: %v (%v)", muted, err)
	}
	c.Do("POST", "/account/devices/remove", url.Values{"device": {string(list[0].ID)}})
	if list, _ = s.DB.Devices(t.Context(), in, me); len(list) != 0 {
		t.Errorf("still there: %+v", list)
	}
}

// TestADeviceIsRenewed: a browser that is reached elsewhere says so by itself; only the sign-in of its own officer moves the device, to an
// address nobody else has.
func TestADeviceIsRenewed(t *testing.T) {
	d := &openDevices{}
	s := webtest.New(t, func(o *web.Options) { o.Devices = d })
	c, other := s.As(t, "officer"), s.As(t, "director")
	c.Do("POST", "/account/devices", url.Values{"endpoint": {"https://push.example/a"}, "key": {"k"}, "auth": {"a"}})
	other.Do("POST", "/account/devices", url.Values{"endpoint": {"https://push.example/theirs"}, "key": {"k"}, "auth": {"a"}})
	in, me := loa.Scope{Office: s.Home.ID}, s.Home.Officers["officer"]
	held := func() loa.Device {
		t.Helper()
		list, err := s.DB.Devices(t.Context(), in, me)
		if err != nil || len(list) != 1 {
			t.Fatalf("%+v %v", list, err)
		}
		return list[0]
	}
	first := held()
	if err := s.DB.TryDevice(t.Context(), in, loa.By{Officer: me, At: s.Now()}, first.ID); err != nil { // to be told wherever it is reached
		t.Fatal(err)
	}
	renew := func(c *webtest.Client, old, fresh string) int {
		return c.Do("POST", "/account/devices/renew", url.Values{"old": {old}, "endpoint": {fresh}, "key": {"k2"}, "auth": {"a2"}}).Status
	}
	for name, x := range map[string]struct {
		by         *webtest.Client
		old, fresh string
		want       int
	}{
		"another officer's sign-in":           {other, "https://push.example/a", "https://push.example/b", http.StatusNotFound},
		"another office's":                    {s.As(t, "ben.director"), "https://push.example/a", "https://push.example/b", http.StatusNotFound},
		"an address that was never connected": {c, "https://push.example/x", "https://push.example/b", http.StatusNotFound},
		"nothing said of the old one":         {c, "", "https://push.example/b", http.StatusNotFound},
		"the address of another's device":     {c, "https://push.example/a", "https://push.example/theirs", http.StatusNotFound},
		"an address that cannot be used":      {c, "https://push.example/a", "http://inside/", http.StatusUnprocessableEntity},
		"nobody signed in":                    {s.Anonymous(t), "https://push.example/a", "https://push.example/b", http.StatusUnauthorized},
	} {
		if got := renew(x.by, x.old, x.fresh); got != x.want {
			t.Errorf("%s: %d, want %d", name, got, x.want)
		}
		if held().Mark != first.Mark {
			t.Fatalf("%s: the device is reached elsewhere", name)
		}
	}
	if got := renew(c, "https://push.example/a", "https://push.example/b"); got != http.StatusNoContent {
		t.Fatalf("its own officer's: %d", got)
	}
	if now := held(); now.ID != first.ID || now.Mark == first.Mark || string(now.Sealed) != "https://push.example/b k2 a2" {
		t.Errorf("renewed is %+v", now)
	}
	if due, err := s.DB.ClaimNotices(t.Context(), "p", s.Now(), 1, 10); err != nil || len(due) != 1 || due[0].Device != first.ID {
		t.Errorf("what it was to be told is %+v (%v)", due, err)
	}
	if got := renew(c, "https://push.example/a", "https://push.example/c"); got != http.StatusNotFound {
		t.Errorf("the old address once more: %d", got)
	}
	c.Do("POST", "/account/devices", url.Values{"endpoint": {"https://push.example/c"}, "key": {"k"}, "auth": {"a"}})
	if got := renew(c, "https://push.example/b", "https://push.example/c"); got != http.StatusNoContent || held().ID != first.ID {
		t.Errorf("connected anew meanwhile: %d", got)
	}
}

// TestTheServiceWorker lies at the root, is looked at anew each time, speaks of a new address and of nothing else, and needs nobody signed in: a browser asks for it by
// itself.
func TestTheServiceWorker(t *testing.T) {
	a := webtest.New(t).Anonymous(t).Get("/sw.js")
	if a.Status != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/javascript") || a.Header.Get("Cache-Control") != "no-cache" || a.Header.Get("Service-Worker-Allowed") != "/" || !strings.HasPrefix(a.Header.Get("Content-Security-Policy"), "default-src 'none'; connect-src 'self';") {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	if strings.Count(a.Body, "fetch(") != 1 || strings.Contains(a.Body, "caches") || !a.Has(`"push"`, `"notificationclick"`, `fetch("/account/devices/renew"`) {
		t.Error("it does more than it should")
	}
}
