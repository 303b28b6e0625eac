package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"loa"
	"loa/channel"
)

// asked is an account whose provider says what became of a message.
type asked struct {
	channel.Adapter
	channel.Inquirer
}

// TestUnsureHasThreeAnswers: the list says when a message was tried and how to look it up; it arrived, it did not, or the provider is asked
// again, where it can be; anything else settles nothing.
func TestUnsureHasThreeAnswers(t *testing.T) {
	site, ids, lines := broadcastSite(t)
	ctx, in, director, officer := context.Background(), wholeOf(t, site, site.Home), site.As(t, "director"), site.As(t, "officer")
	at := beginBroadcast(t, officer)
	if a := officer.Post(at+"/submit", typed(site, ids)...); a.Status != http.StatusSeeOther {
		t.Fatal(a.Status)
	}
	if a := director.Post(at + "/approve"); a.Status != http.StatusSeeOther {
		t.Fatal(a.Status)
	}
	id := loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/"))
	if _, err := site.DB.ChangeBroadcast(ctx, in, loa.By{Officer: site.Home.Officers["director"], At: site.Now()}, id, "sent", func(b *loa.Broadcast) error { b.SentAt = site.Now(); return b.Move(loa.BroadcastSending, "") }); err != nil {
		t.Fatal(err)
	}
	d := loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Office: site.Home.ID, Area: site.Home.Village1, Person: site.Home.Person, Network: "tel", Channel: ids["sms"], To: "84912345678", State: loa.DeliveryUnsure}
	if err := site.DB.QueueDeliveries(ctx, id, []loa.Delivery{d}, "~"); err != nil {
		t.Fatal(err)
	}
	list := at + "/people?state=unsure"
	if a := director.Get(list); !a.Has("Sùng A Mẫu mau", "mã để tra: "+string(d.ID), "Đã tới", "Không tới") || a.Has("Hỏi lại nhà mạng") {
		t.Errorf("what is known is not shown, or a provider that says nothing is offered to be asked: %d", a.Status)
	}
	ask := func() string {
		t.Helper()
		if a := director.Post(at+"/settle", "delivery", string(d.ID), "arrived", "ask"); a.Location != list {
			t.Fatalf("%d %s", a.Status, a.Location)
		}
		return director.Get(list).Body
	}
	if !strings.Contains(ask(), "Không hỏi lại được") {
		t.Error("nobody says that it cannot be asked")
	}
	lines.asks = ids["sms"]
	if a := director.Get(list); !a.Has("Hỏi lại nhà mạng") {
		t.Error("the provider is not offered to be asked")
	}
	if !strings.Contains(ask(), "Đang hỏi lại nhà mạng về 1 tin") {
		t.Error("nobody says that it is asked")
	}
	if taken, err := site.DB.TakeInquiries(ctx, ids["sms"], 10); err != nil || len(taken) != 1 || taken[0].ID != d.ID {
		t.Errorf("to be asked: %+v (%v)", taken, err)
	}
	if a := site.As(t, "administrator").Get("/admin/audit"); !a.Has("hỏi lại nhà mạng") {
		t.Error("the log does not say it")
	}
	if a := director.Post(at+"/settle", "delivery", string(d.ID), "arrived", "perhaps"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("another answer: %d", a.Status)
	}
	if a := site.As(t, "viewer").Post(at+"/settle", "delivery", string(d.ID), "arrived", "yes"); a.Status != http.StatusForbidden {
		t.Errorf("who only looks settles: %d", a.Status)
	}
	if a := site.As(t, "ben.director").Post(at+"/settle", "delivery", string(d.ID), "arrived", "yes"); a.Status != http.StatusNotFound {
		t.Errorf("another office settles: %d", a.Status)
	}
	if counts, err := site.DB.DeliveryCounts(ctx, in, id); err != nil || counts[loa.DeliveryUnsure] != 1 {
		t.Errorf("it is settled without an answer: %v (%v)", counts, err)
	}
	director.Post(at+"/settle", "delivery", string(d.ID), "arrived", "yes")
	if counts, err := site.DB.DeliveryCounts(ctx, in, id); err != nil || counts[loa.DeliveryDelivered] != 1 {
		t.Errorf("that it arrived is not written: %v (%v)", counts, err)
	}
}

// TestUnsurePlacesAreInTheList: a group, a page and a loudspeaker nobody is sure of stand in the list to settle, with the same answers.
func TestUnsurePlacesAreInTheList(t *testing.T) {
	site, ids, lines := broadcastSite(t)
	ctx, in, director, officer := context.Background(), wholeOf(t, site, site.Home), site.As(t, "director"), site.As(t, "officer")
	got, err := site.DB.Receive(ctx, site.Now(), loa.Incoming{Office: site.Home.ID, Area: site.Home.Village1, Channel: ids["zalo"], Key: "1", Kind: loa.TurnIn, Network: loa.GroupNetwork, Address: "g1", Ref: "1", Name: "Nhóm thôn mau", Text: "Chào cán bộ", At: site.Now()})
	if err != nil {
		t.Fatal(err)
	}
	group := loa.PlaceID(got.Conversation)
	at := beginBroadcast(t, officer)
	if a := officer.Post(at+"/submit", typed(site, ids, "outlet", loa.GroupNetwork+"."+string(group))...); a.Status != http.StatusSeeOther {
		t.Fatal(a.Status)
	}
	director.Post(at + "/approve")
	id := loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/"))
	if _, err := site.DB.ChangeBroadcast(ctx, in, loa.By{Officer: site.Home.Officers["director"], At: site.Now()}, id, "sent", func(b *loa.Broadcast) error { b.SentAt = site.Now(); return b.Move(loa.BroadcastSending, "") }); err != nil {
		t.Fatal(err)
	}
	d := loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Office: site.Home.ID, Area: site.Home.Village1, Place: group, Rung: loa.OutletRung, Network: loa.GroupNetwork, Channel: ids["zalo"], To: "g1", State: loa.DeliveryUnsure}
	if err := site.DB.QueueDeliveries(ctx, id, []loa.Delivery{d}, "~~"); err != nil {
		t.Fatal(err)
	}
	if a := director.Get(at); !a.Has("Chưa rõ đã tới chưa: 1") {
		t.Error("the broadcast does not say that somebody has to find out")
	}
	list := at + "/people?state=unsure"
	if a := director.Get(list); !a.Has("Loa, nhóm và trang chưa rõ", "Nhóm thôn mau", "mã để tra: "+string(d.ID), "Đã tới", "Không tới") || a.Has("Hỏi lại nhà mạng") {
		t.Errorf("the group is not in the list: %d", a.Status)
	}
	lines.asks = ids["zalo"]
	if a := director.Get(list); !a.Has("Hỏi lại nhà mạng") {
		t.Error("its provider is not offered to be asked")
	}
	if a := director.Post(at+"/settle", "delivery", string(d.ID), "arrived", "ask", "places", "1"); a.Location != list {
		t.Errorf("asking again: %d", a.Status)
	}
	if taken, err := site.DB.TakeInquiries(ctx, ids["zalo"], 10); err != nil || len(taken) != 1 {
		t.Errorf("to be asked: %+v (%v)", taken, err)
	}
	director.Post(at+"/settle", "delivery", string(d.ID), "arrived", "no", "places", "1")
	if a := director.Get(list); !a.Has("Đã ghi 1 nơi là không phát, không đăng") || a.Has("Nhóm thôn mau") {
		t.Error("what was settled is still in the list, or nothing is said of it")
	}
	if counts, err := site.DB.DeliveryCounts(ctx, in, id); err != nil || counts[loa.DeliveryFailed] != 1 {
		t.Errorf("%v (%v)", counts, err)
	}
}
