package web_test

import (
	"context"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

// shownBroadcast is a broadcast that has gone out and holds some deliveries.
func shownBroadcast(t *testing.T, site *webtest.Site, b loa.Broadcast, to loa.BroadcastState, list ...loa.Delivery) string {
	t.Helper()
	ctx, in, by := context.Background(), wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	b.ID, b.Area, b.Title, b.Script, b.Purpose, b.Priority, b.State, b.Window = loa.BroadcastID(loa.NewID()), site.Home.Anchor, "Nhắc đóng", "s", loa.Care, loa.Normal, loa.BroadcastDraft, loa.Window{From: by.Day(), End: 1440}
	if err := site.DB.AddBroadcast(ctx, in, by, b); err != nil {
		t.Fatal(err)
	}
	for _, state := range []loa.BroadcastState{loa.BroadcastApproved, loa.BroadcastSending} {
		if _, err := site.DB.ChangeBroadcast(ctx, in, by, b.ID, "sent", func(b *loa.Broadcast) error { b.SentAt = by.At; return b.Move(state, "") }); err != nil {
			t.Fatal(err)
		}
	}
	for i := range list {
		list[i].ID, list[i].Office, list[i].Area = loa.DeliveryID(loa.NewID()), site.Home.ID, site.Home.Village1
	}
	if err := site.DB.QueueDeliveries(ctx, b.ID, list, loa.AllFanned); err != nil {
		t.Fatal(err)
	}
	if to == loa.BroadcastDone {
		if _, err := site.DB.ChangeBroadcast(ctx, in, by, b.ID, "finished", func(b *loa.Broadcast) error { return b.Move(to, "") }); err != nil {
			t.Fatal(err)
		}
	}
	return "/broadcasts/" + string(b.ID)
}

// TestResultsCountPeopleAndSayEachReasonOnce: whoever fell stands once in their language, two codes of one sentence are one line whose link
// opens both, and a page of what is over asks for nothing.
func TestResultsCountPeopleAndSayEachReasonOnce(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	person := site.Home.Person
	list := []loa.Delivery{{Person: person, Channel: ids["zalo"], Network: "zalo", Lang: "vietnamese", State: loa.DeliveryFailed, Code: "-108"}}
	at := shownBroadcast(t, site, loa.Broadcast{Ladder: []loa.Rung{{Form: loa.Zalo, Network: "zalo", Channel: ids["zalo"]}, {Form: loa.Zalo, Network: "zns", Channel: ids["zalo"]}}, Audience: loa.Audience{Areas: []loa.AreaID{"gone", "gone too"}}}, loa.BroadcastDone, list...)
	id := loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/"))
	next := list[0]
	next.ID, next.Rung, next.Network, next.Code = loa.DeliveryID(loa.NewID()), 1, "zns", "-110"
	if err := site.DB.FallDeliveries(context.Background(), id, []loa.DeliveryID{list[0].ID}, []loa.Delivery{next}); err != nil {
		t.Fatal(err)
	}
	director := site.As(t, "director")
	a := director.Get(at)
	if why := "Zalo không giao được cho người này. Kênh kế tiếp của đợt phát tin sẽ được dùng."; strings.Count(a.Body, "<span>"+why) != 1 || !a.Has("code=-108&amp;code=-110") {
		t.Errorf("one sentence of two codes stands %d times", strings.Count(a.Body, "<span>"+why))
	}
	if a.Has("0/2 người") || !a.Has("0/1 người", "địa bàn khác") {
		t.Error("tries are counted for people")
	}
	for _, word := range []string{"Chọn nhóm hoặc địa bàn", "dừng được đến phút cuối", "Danh sách chốt", "· , ·", "Ai sẽ nhận"} {
		if a.Has(word) {
			t.Errorf("a page of what is over says %q", word)
		}
	}
	if a := director.Get(at + "/people?all=1&state=failed&code=-108&code=-110"); !a.Has(`value="-108"`, `value="-110"`) || strings.Count(a.Body, "Sùng A Mẫu mau") < 2 {
		t.Errorf("the link does not open both: %d", a.Status)
	}
}

// TestAPlayIsOfPlaces: a broadcast of loudspeakers speaks of places, in words where the code has some.
func TestAPlayIsOfPlaces(t *testing.T) {
	site, _, _ := broadcastSite(t)
	outlet := loa.Outlet{Form: loa.Loudspeaker, Network: loa.SpeakerNetwork, Place: "loa1"}
	at := shownBroadcast(t, site, loa.Broadcast{Outlets: []loa.Outlet{outlet}}, loa.BroadcastSending,
		loa.Delivery{Place: "loa1", Rung: loa.OutletRung, Network: loa.SpeakerNetwork, State: loa.DeliveryFailed, Code: "missed"})
	a := site.As(t, "director").Get(at)
	if !a.Has("trên 1 nơi đã phát", "Máy tắt lúc đến giờ.") || a.Has("trên 0 người đã được báo") || a.Has("Xem từng người") {
		t.Errorf("it speaks of people: %d", a.Status)
	}
}

// TestWhoIsHeldBackHasAChannel: the ledger knows no network of whoever was held back; the results name the step all the same, with its
// account, in both languages. What was posted has no next step to fall to.
func TestWhoIsHeldBackHasAChannel(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	b := loa.Broadcast{Ladder: []loa.Rung{{Form: loa.SMS, Network: "tel", Channel: ids["sms"]}}, Audience: loa.Audience{Areas: []loa.AreaID{"x"}}, Outlets: []loa.Outlet{{Form: loa.PageForm, Network: "fb_page", Channel: ids["facebook"], Place: "p"}}}
	at := shownBroadcast(t, site, b, loa.BroadcastDone,
		loa.Delivery{Person: site.Home.Person, State: loa.DeliveryHeld, Code: "refused"},
		loa.Delivery{Person: site.Home.Person2, Channel: ids["sms"], Network: "tel", State: loa.DeliverySent},
		loa.Delivery{Place: "p", Rung: loa.OutletRung, Channel: ids["facebook"], Network: "fb_page", State: loa.DeliveryFailed, Code: "no_text"})
	if _, err := site.DB.Writer().ExecContext(context.Background(), `UPDATE delivery SET fallen = TRUE WHERE place_id = 'p'`); err != nil {
		t.Fatal(err)
	}
	director := site.As(t, "director")
	if a := director.Get(at); a.Has("broadcast.form.") || !a.Has("Tài khoản sms", "Tài khoản facebook") || strings.Contains(a.Body, `data-label="Chuyển kênh sau">1<`) {
		t.Errorf("the results: %d", a.Status)
	}
	if a := director.Get(at + "?lang=en"); a.Has("broadcast.form.") {
		t.Error("a raw key in English")
	}
}
