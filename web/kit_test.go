package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

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
