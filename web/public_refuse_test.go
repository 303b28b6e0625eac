package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"loa"
	"loa/sending"
	"loa/web/webtest"
)

// TestOneClickRefusal: reading the page refuses nothing, one press refuses at once and twice is once; a message that never left has no page.
func TestOneClickRefusal(t *testing.T) {
	site := webtest.New(t)
	ctx := context.Background()
	areas, err := site.DB.OfficeAreas(ctx, site.Home.ID, webtest.Today)
	if err != nil {
		t.Fatal(err)
	}
	scope := loa.Scope{Office: site.Home.ID}
	for _, a := range areas {
		scope.Ranges = append(scope.Ranges, loa.Under(a.Path))
	}
	by := loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	account := loa.ChannelID(loa.NewID())
	if err := site.DB.AddChannel(ctx, scope, by, loa.Channel{ID: account, Area: site.Home.Village1, Kind: "email", Name: "Thư", Settings: []byte{1}, State: loa.ChannelOn}); err != nil {
		t.Fatal(err)
	}
	r := loa.Reply{Delivery: loa.DeliveryID(loa.NewID()), Area: site.Home.Village1, Channel: account, Network: "mail", To: "bac.chu@thu.example", Purpose: loa.Care, Text: "Thẻ của bác sắp hết hạn."}
	if err := site.DB.QueueReply(ctx, scope, by, r); err != nil {
		t.Fatal(err)
	}
	c := site.Anonymous(t)
	at := "/refuse/" + sending.MessageID(r.Delivery)
	if a := c.Get(at); a.Status != http.StatusNotFound {
		t.Errorf("a message that never left: %d", a.Status)
	}
	if _, err := site.DB.ClaimDeliveries(ctx, loa.Claim{Channel: account, By: "x", Now: site.Now(), Lease: time.Minute, Most: 10}); err != nil {
		t.Fatal(err)
	}
	out := func() bool {
		refused, err := site.DB.OptedOut(ctx, site.Home.ID, "mail", "bac.chu@thu.example")
		if err != nil {
			t.Fatal(err)
		}
		return refused
	}
	if a := c.Get(at); a.Status != http.StatusOK || out() || !a.Has("ba•••@thu.example", "Thôi nhận tin") {
		t.Errorf("reading the page: %d, refused %v: %s", a.Status, out(), a.Body)
	}
	for range 2 {
		if a := c.Post(at, "List-Unsubscribe", "One-Click"); a.Status != http.StatusOK || !out() || !a.Has("Đã ghi nhận") {
			t.Errorf("one press: %d, refused %v: %s", a.Status, out(), a.Body)
		}
	}
	if a := c.Get("/refuse/" + sending.MessageID(loa.DeliveryID(loa.NewID())) + "?lang=en"); a.Status != http.StatusNotFound {
		t.Errorf("nobody's message: %d", a.Status)
	}
}
