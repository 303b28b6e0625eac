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

// TestTheServiceWorker lies at the root, is looked at anew each time, fetches nothing and needs nobody signed in: a browser asks for it by
// itself.
func TestTheServiceWorker(t *testing.T) {
	a := webtest.New(t).Anonymous(t).Get("/sw.js")
	if a.Status != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/javascript") || a.Header.Get("Cache-Control") != "no-cache" || a.Header.Get("Service-Worker-Allowed") != "/" || !strings.HasPrefix(a.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	if strings.Contains(a.Body, "fetch") || strings.Contains(a.Body, "caches") || !a.Has(`"push"`, `"notificationclick"`) {
		t.Error("it does more than it should")
	}
}
