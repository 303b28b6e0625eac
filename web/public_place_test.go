package web_test

import (
	"context"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

// TestLinkOfAVillageShowsItsPlaceFirst opens the public pages by a village's leaflet: its dates come before nearer ones elsewhere, its
// commune's prices stand in the calculator, and it is chosen already where the forms ask for a village.
func TestLinkOfAVillageShowsItsPlaceFirst(t *testing.T) {
	site := webtest.New(t)
	ctx, in := context.Background(), wholeOf(t, site, site.Home)
	by := loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	o, err := site.DB.Office(ctx, site.Home.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range []struct {
		area  loa.AreaID
		place string
	}{{site.Home.Village2, "Chợ xã kia 1"}, {site.Home.Village2, "Chợ xã kia 2"}, {site.Home.Village2, "Chợ xã kia 3"}, {site.Home.Commune1, "Sân ủy ban"}, {site.Home.Village1, "Nhà văn hóa"}} {
		if _, err := site.DB.AddSession(ctx, in, by, loa.Session{ID: loa.SessionID(loa.NewID()), Area: x.area, Form: loa.Conference, Title: "x", Place: x.place, On: webtest.Today.Add(i + 1), StartMin: 540}); err != nil {
			t.Fatal(err)
		}
	}
	for area, price := range map[loa.AreaID]int64{o.Anchor: 100_000, site.Home.Commune1: 50_000} {
		if _, err := site.DB.AddPrice(ctx, in, by, loa.PriceItem{ID: loa.NewID(), Area: area, NameVI: "gà", UnitVI: "con", OneEN: "chicken", ManyEN: "chickens", Price: price, From: webtest.Today, Source: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	c, at, l := site.Anonymous(t), publicAt(t, site, ""), leafletOf(t, site, "home")
	by3 := "?from=" + l.Code
	plain, linked := c.Get(at), c.Get(at+by3)
	if !plain.Has("Chợ xã kia 1", "Chợ xã kia 3", "gà <b>hơn 2 con</b>") || plain.Has("Nhà văn hóa") {
		t.Errorf("without a link: %s", plain.Body)
	}
	if !linked.Has("gà <b>gần 5 con</b>", "Sân ủy ban", "Nhà văn hóa") || linked.Has("Chợ xã kia 2") || strings.Index(linked.Body, "Chợ xã kia 1") < strings.Index(linked.Body, "Nhà văn hóa") {
		t.Errorf("by the village's link: %s", linked.Body)
	}
	chosen := `value="` + string(site.Home.Village1) + `" selected`
	if a := c.Get(at + "/sessions" + by3); !a.Has(chosen, "Nhà văn hóa", "Sân ủy ban", "all=1") || a.Has("Chợ xã kia 1") {
		t.Error("the village's dates do not come first")
	}
	if a := c.Get(at + "/sessions" + by3 + "&all=1"); !a.Has("Chợ xã kia 1", "Nhà văn hóa") {
		t.Error("no way to all dates")
	}
	if a := c.Get(at + "/sessions" + by3 + "&commune=" + string(site.Home.Commune2)); !a.Has("Chợ xã kia 1") || a.Has("Nhà văn hóa") {
		t.Error("no way to another commune")
	}
	for _, page := range []string{"/ask", "/call"} {
		a := c.Get(at + page + by3)
		if !a.Has(chosen) {
			t.Errorf("%s does not know the village", page)
		}
		if a := c.Post(at+page, "key", formKey.FindStringSubmatch(a.Body)[1], "from", l.Code, "area", "", "lang", "vi"); a.Has(chosen) {
			t.Errorf("%s chooses the village again after it was taken away", page)
		}
	}
	if a := c.Get(at + "/sessions"); a.Has("all=1") {
		t.Error("all dates are offered where all are shown")
	}
}

// TestStoriesAreFoundFromTheFirstPage offers the page of stories while there is one to read, and no longer when it is withdrawn.
func TestStoriesAreFoundFromTheFirstPage(t *testing.T) {
	site := webtest.New(t)
	c, at, l := site.Anonymous(t), publicAt(t, site, ""), leafletOf(t, site, "home")
	if a := c.Get(at); !a.Has(`href="`+at+`/stories"`, "Nghe bà con kể") {
		t.Error("nothing leads to the stories")
	}
	if a := c.Get(at + "?tab=hi&lang=en&from=" + l.Code); !a.Has(at+`/stories?from=`, "Stories people here tell") {
		t.Error("nothing leads to the stories from the other tab")
	}
	if err := site.DB.WithdrawStory(context.Background(), wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}, site.Home.Story, "không muốn nữa"); err != nil {
		t.Fatal(err)
	}
	if a := c.Get(at); a.Has(at + `/stories"`) {
		t.Error("a page of no stories is offered")
	}
}
