package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

// TestAKitIsShared: an officer takes the words and the picture, makes a link of their own once, ticks that it is posted and takes the tick
// back; nobody takes another's tick back, and what may not be used is not shared.
func TestAKitIsShared(t *testing.T) {
	site := webtest.New(t)
	officer, director := site.As(t, "officer"), site.As(t, "director")
	at := writeScript(t, officer, "group", "poor", "vietnamese_post", "Còn đóng {muc_dong}.", "vietnamese_zalo", "Chào {ten}", "vietnamese_leaflet", "Mỗi tháng {muc_dong}", "until", "2025-12-15")
	kit := strings.Replace(at, "/scripts/", "/kits/", 1)
	if a := officer.Get(kit); !a.Has("chưa được duyệt") || a.Has("165.000") {
		t.Error("a draft is shared")
	}
	if a := officer.Get(kit + "/picture"); a.Status != http.StatusConflict {
		t.Errorf("a draft has a picture: %d", a.Status)
	}
	officer.Post(at + "/submit")
	director.Post(at + "/approve")
	if a := officer.Get(kit); !a.Has("Còn đóng 165.000 đồng.", "/public/") || a.Has("Chào") {
		t.Errorf("the kit shows %s", wordsOf(a))
	}
	if a := officer.Get("/kits"); !a.Has(kit) {
		t.Error("it is not in the list")
	}
	plain := officer.Get(kit + "/picture")
	if plain.Status != http.StatusOK || !strings.HasPrefix(plain.Body, "\x89PNG") || plain.Header.Get("Content-Type") != "image/png" {
		t.Errorf("the picture: %d, %s", plain.Status, plain.Header.Get("Content-Type"))
	}
	officer.Post(kit + "/link")
	officer.Post(kit + "/link")
	id := kit[len("/kits/"):]
	l, err := site.DB.KitLink(context.Background(), wholeOffice(site), site.Home.Officers["officer"], id)
	if err != nil {
		t.Fatal(err)
	}
	if a := officer.Get(kit); !a.Has("/s/"+l.Code, `class="qr"`) {
		t.Error("the link is not in the words")
	}
	if officer.Get(kit+"/picture").Body == plain.Body {
		t.Error("the picture has no code of the link")
	}
	if _, err := site.DB.KitLink(context.Background(), wholeOffice(site), site.Home.Officers["director"], id); err == nil {
		t.Error("another officer has the same link")
	}
	if a := officer.Post(kit+"/posts", "network", "facebook", "url", "javascript:alert(1)"); a.Status != http.StatusUnprocessableEntity || !a.Has("https://") {
		t.Errorf("an address that is none: %d", a.Status)
	}
	officer.Post(kit+"/posts", "network", "facebook", "url", "https://www.facebook.com/x/posts/1")
	director.Post(kit+"/posts", "network", "zalo")
	list, err := site.DB.KitPosts(context.Background(), wholeOffice(site), id)
	if err != nil || len(list) != 2 {
		t.Fatalf("%d posts, %v", len(list), err)
	}
	for _, p := range list {
		a := officer.Post(kit+"/remove", "post", p.ID)
		if own := p.Officer == site.Home.Officers["officer"]; (a.Status == http.StatusSeeOther) != own {
			t.Errorf("the tick of %s: %d", p.Network, a.Status)
		}
	}
	if list, err = site.DB.KitPosts(context.Background(), wholeOffice(site), id); err != nil || len(list) != 1 || list[0].Network != "zalo" {
		t.Errorf("%+v, %v", list, err)
	}
	director.Post(at + "/withdraw")
	if a := officer.Get(kit); !a.Has("đã rút") || a.Has("165.000") {
		t.Error("what was withdrawn is shared")
	}
}

// TestOnlyWhatCanBePostedIsOffered: words that are only read aloud are in no list of kits, and whoever opens them reads why and ticks nothing; so
// it is with words written for a broadcast that was stopped.
func TestOnlyWhatCanBePostedIsOffered(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	officer, director := site.As(t, "officer"), site.As(t, "director")
	aloud := writeScript(t, officer, "vietnamese_loudspeaker", "Bà con nhớ đóng.")
	officer.Post(aloud + "/submit")
	director.Post(aloud + "/approve")
	kit := strings.Replace(aloud, "/scripts/", "/kits/", 1)
	if officer.Get("/kits").Has(kit) {
		t.Error("what is only read aloud is offered")
	}
	if a := officer.Get(kit); !a.Has("Bài này chỉ có lời để đọc hoặc in") || a.Has("Tôi đã đăng") || a.Has("Tạo đường dẫn") {
		t.Errorf("its page: %s", wordsOf(a))
	}
	if a := officer.Post(kit+"/posts", "network", "facebook"); a.Status != http.StatusConflict {
		t.Errorf("it is ticked: %d", a.Status)
	}
	at := beginBroadcast(t, officer)
	officer.Post(at+"/submit", typed(site, ids, "w_post", "Bà con nhớ đóng trước ngày 05/12.")...)
	if a := director.Post(at + "/approve"); a.Status != http.StatusSeeOther {
		t.Fatalf("%d", a.Status)
	}
	own := "/kits/" + string(broadcastNow(t, site, loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/"))).Script)
	if !officer.Get("/kits").Has(own) {
		t.Error("the words of a broadcast that goes are not offered")
	}
	director.Post(at + "/stop")
	if officer.Get("/kits").Has(own) {
		t.Error("the words of a broadcast that was stopped are offered")
	}
	if a := officer.Get(own); !a.Has("Đợt phát tin có lời này đã dừng hẳn") || a.Has("Tôi đã đăng") {
		t.Errorf("their page: %s", wordsOf(a))
	}
}
