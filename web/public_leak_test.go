package web_test

import (
	"context"
	"html"
	"net/http"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

// TestPublicPagesTellNothingOfTheRegister opens every public page in every way and looks for whatever the office knows of people,
// officers and partners, of its own and of the others.
func TestPublicPagesTellNothingOfTheRegister(t *testing.T) {
	site := webtest.New(t)
	secrets := []string{"Sùng A Mẫu", "Thào Thị Nhì", "199000000", "0199", "Nông dân", "near_poor"}
	for _, o := range []webtest.Office{site.Home, site.Neighbour, site.Far} {
		in := wholeOf(t, site, o)
		officers, err := site.DB.Officers(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range officers {
			secrets = append(secrets, x.Name, x.LoginName, string(x.ID))
		}
		secrets = append(secrets, string(o.Person), string(o.Household), string(o.Segment), string(o.Partner), string(o.Employer), string(o.Collector), string(o.Question), string(o.Lead), string(o.ID))
		if o.ID != site.Home.ID {
			secrets = append(secrets, string(o.Village1), string(o.Commune1), "Một "+o.Word)
		}
	}
	at := publicAt(t, site, "")
	c := site.Anonymous(t)
	ways := []string{"", "/sessions", "/sessions?commune=" + string(site.Home.Commune1), "/sessions?village=" + string(site.Home.Village1), "/sessions.ics", "/sessions.ics?commune=" + string(site.Home.Commune1),
		"/ask", "/call", "/thanks", "/thanks?for=call&call=1", "/sessions/" + string(site.Home.Planned) + ".ics", "/sessions/" + string(site.Home.Held) + ".ics", "/changes"}
	for _, o := range []webtest.Office{site.Home, site.Neighbour} { // and with whatever an address can be made of
		for _, id := range []string{string(o.Person), string(o.Household), string(o.Commune2), string(o.Anchor), string(o.Officers["officer"]), "0199000000", "%27"} {
			ways = append(ways, "?person="+id, "?tab=hi&person="+id, "?session="+id, "/sessions?commune="+id, "/sessions?village="+id, "/sessions/"+id+".ics", "/ask?area="+id, "/ask?from="+id, "/"+id)
		}
	}
	for _, way := range ways {
		for _, lang := range []string{"vi", "en"} {
			c.Header.Set("Accept-Language", lang)
			a := c.Get(at + way)
			if a.Status != http.StatusOK && a.Status != http.StatusNotFound {
				t.Errorf("%s answers %d", way, a.Status)
			}
			body := html.UnescapeString(strings.ReplaceAll(a.Body, "\r\n ", ""))
			body = strings.ReplaceAll(body, `value="near_poor`, "") // the calculator asks everybody
			for _, secret := range secrets {
				if strings.Contains(body, secret) && !strings.Contains(way, secret) {
					t.Errorf("%s tells %q", way, secret)
				}
			}
		}
	}
	if a := c.Get(at + "/sessions?commune=" + string(site.Neighbour.Commune1)); a.Status != http.StatusNotFound {
		t.Errorf("a commune of another office answers %d", a.Status)
	}
}

// TestSessionsNearMe plans sessions of several kinds and reads them as somebody without a sign-in.
func TestSessionsNearMe(t *testing.T) {
	site := webtest.New(t)
	ctx, in := context.Background(), wholeOf(t, site, site.Home)
	by := loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	plan := func(area loa.AreaID, form loa.Form, place string) loa.SessionID {
		id := loa.SessionID(loa.NewID())
		if _, err := site.DB.AddSession(ctx, in, by, loa.Session{ID: id, Area: area, Form: form, Title: "Buổi kín tên", Place: place, On: webtest.Today.Add(1), StartMin: 19 * 60, EndMin: 20 * 60,
			Officers: []loa.OfficerID{site.Home.Officers["officer"]}}); err != nil {
			t.Fatal(err)
		}
		return id
	}
	one := plan(site.Home.Village1, loa.Conference, "Nhà văn hóa, tầng 1")
	plan(site.Home.Village2, loa.MarketDesk, "Chợ Nhì")
	plan(site.Home.Village1, loa.UnionMeeting, "Phòng họp kín")
	c, at := site.Anonymous(t), publicAt(t, site, "/sessions")
	if a := c.Get(at); !a.Has("Nhà văn hóa, tầng 1", "Chợ Nhì", "ngày mai", "19:00–20:00", " âm · ") || a.Has("Phòng họp kín") || a.Has("Buổi kín tên") || a.Has("Giàng A Nhất") {
		t.Errorf("the office's dates: %s", a.Body)
	}
	if a := c.Get(at + "?village=" + string(site.Home.Village1)); !a.Has("Nhà văn hóa, tầng 1", "selected") || a.Has("Chợ Nhì") {
		t.Error("the village's dates")
	}
	if a := c.Get(at + "?commune=" + string(site.Home.Commune2)); a.Has("Nhà văn hóa, tầng 1") || !a.Has("Chợ Nhì") {
		t.Error("the commune's dates")
	}
	feed := c.Get(at + ".ics?commune=" + string(site.Home.Commune1))
	if feed.Header.Get("Content-Type") != "text/calendar; charset=utf-8" || !strings.Contains(feed.Body, "UID:"+string(one)+"@loa\r\n") || !strings.Contains(feed.Body, "STATUS:CONFIRMED") ||
		!strings.Contains(feed.Body, "DTSTART:20251201T120000Z\r\nDTEND:20251201T130000Z") || !strings.Contains(feed.Body, `LOCATION:Nhà văn hóa\, tầng 1\, `) || strings.Contains(feed.Body, "Chợ Nhì") {
		t.Errorf("the commune's calendar: %s", feed.Body)
	}
	if _, err := site.DB.EditSession(ctx, in, by, one, 0, func(x *loa.Session) error { return x.Cancel("mưa lũ của ông Sùng") }); err != nil {
		t.Fatal(err)
	}
	if a := c.Get(at); !a.Has("đã hoãn") || a.Has("mưa lũ") {
		t.Error("a session called off")
	}
	if a := c.Get(at + "/" + string(one) + ".ics"); !strings.Contains(a.Body, "UID:"+string(one)+"@loa\r\n") || !strings.Contains(a.Body, "STATUS:CANCELLED") || strings.Contains(a.Body, "mưa lũ") {
		t.Errorf("the calendar of one called off: %s", a.Body)
	}
	site.As(t, "administrator").Send("/admin/settings", "part", "public", "public", "1", "contacts", "1")
	if a := c.Get(at); !a.Has("Giàng A Nhất") {
		t.Error("the officer is not named although the office allows it")
	}
}
