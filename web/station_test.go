package web_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/web/webtest"
)

// announced puts a broadcast with an approved script into the ledger of a station, some minutes ago.
func announced(t *testing.T, site *webtest.Site, text string, station loa.PlaceID) (loa.BroadcastID, loa.DeliveryID) {
	t.Helper()
	ctx, o := context.Background(), site.Home
	one, two := loa.By{Officer: o.Officers["officer"], At: site.Now()}, loa.By{Officer: o.Officers["director"], At: site.Now()}
	in := wholeOf(t, site, site.Home)
	s := loa.Script{ID: loa.ScriptID(loa.NewID()), Area: o.Anchor, Name: "Mời họp bản", Purpose: loa.Administrative, Texts: []loa.ScriptText{{Lang: "vietnamese", Kind: "loudspeaker", Text: text}}}
	s, err := site.DB.SaveScript(ctx, in, one, s)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []func(*loa.Script) error{func(s *loa.Script) error { s.State = loa.ScriptSubmitted; return nil }, func(s *loa.Script) error { return s.Approve(two) }} {
		if s, err = site.DB.ChangeScript(ctx, in, two, s.ID, "approved", step); err != nil {
			t.Fatal(err)
		}
	}
	at := site.Now().Add(-30 * time.Minute)
	b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: o.Anchor, Title: "=Mời họp bản tối nay", Script: s.ID, ScriptVersion: s.Version, Purpose: loa.Administrative, Priority: loa.Normal, State: loa.BroadcastDraft, Window: loa.Window{From: loa.DayOf(at), End: 1440},
		Outlets: []loa.Outlet{{Form: loa.Loudspeaker, Network: loa.SpeakerNetwork, Place: station, At: at, Repeat: 2}}}
	if err := site.DB.AddBroadcast(ctx, in, one, b); err != nil {
		t.Fatal(err)
	}
	for _, to := range []loa.BroadcastState{loa.BroadcastApproved, loa.BroadcastSending} {
		if b, err = site.DB.ChangeBroadcast(ctx, in, two, b.ID, "sent", func(b *loa.Broadcast) error { return b.Move(to, "") }); err != nil {
			t.Fatal(err)
		}
	}
	d := loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Office: o.ID, Area: o.Village1, Place: station, Rung: loa.OutletRung, Network: loa.SpeakerNetwork, State: loa.DeliveryByHand}
	if err := site.DB.QueueDeliveries(ctx, b.ID, []loa.Delivery{d}, "~"); err != nil {
		t.Fatal(err)
	}
	if _, err := site.DB.PlanPlays(ctx, b, func(o loa.Outlet) time.Time {
		if o.At.IsZero() {
			return at
		}
		return o.At
	}, func(loa.Station) int { return 38 }); err != nil {
		t.Fatal(err)
	}
	return b.ID, d.ID
}

// newStation makes a station through the form and answers with its address.
func newStation(t *testing.T, c *webtest.Client, site *webtest.Site, kind string, more ...string) string {
	t.Helper()
	a := c.Post("/stations/new", append([]string{"name", "Loa bản Séo Phình", "kind", kind, "area", string(site.Home.Village1), "volume", "70", "languages", "mong", "languages", "vietnamese", "earshot", string(site.Home.Village1), "keeper", "Giàng A Mẫu", "phone", "01990000001"}, more...)...)
	if a.Status != 303 || !strings.HasPrefix(a.Location, "/stations/") {
		t.Fatalf("%d %s\n%s", a.Status, a.Location, a.Body)
	}
	return a.Location
}

// TestStationFromFormToProof walks a village announcer: made, agreed on times, given a sheet, confirmed, counted.
func TestStationFromFormToProof(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	at := newStation(t, c, site, "announcer")
	id := loa.PlaceID(strings.TrimPrefix(at, "/stations/"))
	if a := c.Post(at+"/slots", "day", "0", "day", "6", "start", "17h30", "minutes", "10"); a.Status != 303 {
		t.Fatalf("a slot: %d %s", a.Status, site.Log)
	}
	for name, form := range map[string][]string{"no day": {"start", "5:00", "minutes", "5"}, "no time": {"day", "0", "start", "dawn", "minutes", "5"}, "no length": {"day", "0", "start", "5:00", "minutes", "0"}, "taken": {"day", "6", "start", "17:35", "minutes", "5"}} {
		if a := c.Post(at+"/slots", form...); a.Status != 422 || !strings.Contains(a.Body, `class="err"`) {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	show := c.Get(at).Body
	for _, want := range []string{"17:30–17:40", "thứ Hai, Chủ nhật", "Giàng A Mẫu", "Tiếng Mông, Tiếng Việt", "Người đọc ở bản"} {
		if !strings.Contains(show, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	b, play := announced(t, site, "A lô, a lô! Mời bà con nghe tin.\nBảy giờ tối nay, cán bộ bảo hiểm xã hội về nhà văn hóa bản.\nMỗi tháng đóng {muc_dong}. Mời bà con đến nghe, đến hỏi. Xin cảm ơn bà con.", id)
	if list := c.Get("/stations").Body; !strings.Contains(list, "1 bài chưa báo đã phát") || !strings.Contains(list, "Loa bản Séo Phình") {
		t.Errorf("the list does not say that a word is missing: %s", list[strings.Index(list, "<tbody>"):strings.Index(list, "</tbody>")])
	}
	sheet := c.Get(at + "/sheet?broadcast=" + string(b)).Body
	for _, want := range []string{"A lô, a lô!", "nhà văn hóa bản.", "Loa bản Séo Phình", "read-boxes", "Người đọc", "mã ", "Mỗi tháng đóng <b>hai trăm"} {
		if !strings.Contains(sheet, want) {
			t.Errorf("the sheet does not say %q", want)
		}
	}
	plays := c.Get("/stations/plays").Body
	if !strings.Contains(plays, "/plays/"+string(play)) {
		t.Fatal("it is not waited for", site.Log)
	}
	if a := c.Post("/plays/"+string(play), "played", "no"); a.Status != 422 {
		t.Errorf("no reason: %d", a.Status)
	}
	if a := c.Post("/plays/"+string(play), "played", "yes", "heads", "31"); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, site.Log)
	}
	plays = c.Get("/stations/plays").Body
	if !strings.Contains(plays, "31 người đến họp") || !strings.Contains(plays, "đã phát") {
		t.Error("the list does not tell of the proof")
	}
	if ear := c.Get("/stations/earshot").Body; !strings.Contains(ear, "Loa bản Séo Phình") || !strings.Contains(ear, "chưa có loa") {
		t.Error("earshot does not tell who hears and who does not")
	}
	if a := c.Get("/stations/earshot?lang=en"); a.Status != 200 {
		t.Error(a.Status)
	}
	for _, other := range []string{"sibling"} {
		if a := site.As(t, other).Get(at); a.Status != 404 {
			t.Errorf("%s reads it: %d", other, a.Status)
		}
		if a := site.As(t, other).Post("/plays/"+string(play), "played", "no", "why", "rain"); a.Status != 404 {
			t.Errorf("%s confirms: %d", other, a.Status)
		}
	}
}

// TestPackageForACommuneStation opens the package as the station would.
func TestPackageForACommuneStation(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	at := newStation(t, c, site, "commune")
	b, _ := announced(t, site, "Mời bà con nghe tin.", loa.PlaceID(strings.TrimPrefix(at, "/stations/")))
	a := c.Get(at + "/package?broadcast=" + string(b))
	if a.Status != 200 || a.Header.Get("Content-Type") != "application/zip" {
		t.Fatalf("%d %s", a.Status, site.Log)
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(a.Body)), int64(len(a.Body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := io.ReadAll(r)
		files[f.Name] = string(raw)
	}
	for name, want := range map[string]string{"bai-doc.txt": "Mời bà con nghe tin.", "lich-phat.csv": "'=Mời họp bản tối nay", "metadata.json": `"repeat": 2`, "doc-truoc.txt": "xã duyệt"} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s is %q", name, files[name])
		}
	}
	for _, bad := range []string{"", "?broadcast=x", "?broadcast=" + loa.NewID()} {
		if a := c.Get(at + "/package" + bad); a.Status != 404 {
			t.Errorf("%s: %d", bad, a.Status)
		}
	}
}

// TestDevicePasswordIsShownOnce: the page shows it, Loa keeps only what it is known by.
func TestDevicePasswordIsShownOnce(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	account := loa.Channel{ID: loa.ChannelID(loa.NewID()), Area: site.Home.Anchor, Kind: "loudspeaker", Name: "Loa của cơ quan", Settings: []byte("sealed"), State: loa.ChannelOn}
	by := loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	if err := site.DB.AddChannel(context.Background(), wholeOf(t, site, site.Home), by, account); err != nil {
		t.Fatal(err)
	}
	if a := c.Post("/stations/new", "name", "Loa", "kind", "device", "area", string(site.Home.Village1), "volume", "70", "languages", "vietnamese"); a.Status != 422 {
		t.Errorf("a device without an account: %d", a.Status)
	}
	at := newStation(t, c, site, "device", "channel", string(account.ID))
	if show := c.Get(at).Body; !strings.Contains(show, "Máy chưa có mật khẩu") {
		t.Error("the page does not say that a password is missing")
	}
	key := c.Post(at+"/key", "x", "y")
	x, err := site.DB.Station(context.Background(), wholeOf(t, site, site.Home), loa.PlaceID(strings.TrimPrefix(at, "/stations/")))
	if err != nil || key.Status != 200 || !strings.Contains(key.Body, x.Device) || key.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v", key.Status, err)
	}
	if x.Secret == "" || strings.Contains(key.Body, x.Secret) {
		t.Error("what is kept is what is shown")
	}
	if show := c.Get(at).Body; strings.Contains(show, x.Secret) || !strings.Contains(show, "Máy chưa nối vào lần nào") {
		t.Error("the page after")
	}
}

// TestTimesAreHeldBeforeABroadcastBegins: a broadcast that is approved for another day holds its time at the station: the station's page
// shows it, and whoever composes another for the same time is told, with the one that came first.
func TestTimesAreHeldBeforeABroadcastBegins(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	page := newStation(t, c, site, "announcer")
	id := loa.PlaceID(strings.TrimPrefix(page, "/stations/"))
	ctx, in, by := context.Background(), wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["officer"], At: site.Now()}
	at := time.Date(2025, 12, 1, 18, 0, 0, 0, loa.Zone)
	add := func(title string, state loa.BroadcastState, at time.Time) loa.BroadcastID {
		t.Helper()
		b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: site.Home.Anchor, Title: title, Script: "s", Purpose: loa.Care, Priority: loa.Normal, State: loa.BroadcastDraft, Window: loa.Window{From: "2025-12-01", Start: 18 * 60, End: 20 * 60},
			Outlets: []loa.Outlet{{Form: loa.Loudspeaker, Network: loa.SpeakerNetwork, Place: id, At: at}}}
		if err := site.DB.AddBroadcast(ctx, in, by, b); err != nil {
			t.Fatal(err)
		}
		if state != loa.BroadcastDraft {
			if _, err := site.DB.ChangeBroadcast(ctx, in, by, b.ID, "sent", func(b *loa.Broadcast) error { return b.Move(state, "") }); err != nil {
				t.Fatal(err)
			}
		}
		return b.ID
	}
	draft := add("Đang soạn", loa.BroadcastDraft, at)
	if a := c.Get("/broadcasts/" + string(draft) + "/edit"); !a.Has("Giờ phát loa không trùng bài nào") {
		t.Errorf("alone it clashes: %d", a.Status)
	}
	add("Nhắc họp bản", loa.BroadcastApproved, time.Time{}) // when it begins: 18:00
	if a := c.Get("/broadcasts/" + string(draft) + "/edit"); !a.Has("Nhắc họp bản", "Xem lịch của loa, đổi giờ") || a.Has("Giờ phát loa không trùng bài nào") {
		t.Errorf("whoever composes is not told of the clash: %d", a.Status)
	}
	add("Ngày khác", loa.BroadcastApproved, at.Add(24*time.Hour))
	add("Cùng giờ", loa.BroadcastApproved, at)
	a := c.Get(page)
	if !a.Has("Nhắc họp bản", "Ngày khác", "Cùng giờ", "đã duyệt, chờ đến ngày") || a.Has("Chưa có bài nào hẹn phát") || a.Has("Đang soạn") {
		t.Errorf("the station's page does not show what is approved: %d", a.Status)
	}
	if n := strings.Count(a.Body, `class="sub late"`); n != 2 {
		t.Errorf("%d of the two at one time are marked", n)
	}
}
