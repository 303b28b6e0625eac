package web_test

import (
	"net/http"
	"strings"
	"testing"

	"loa"
	"loa/web"
	"loa/web/webtest"
)

// linkSite is a site the world reaches under an address, with an SMS account and a page.
func linkSite(t *testing.T, public string) (*webtest.Site, map[string]loa.ChannelID) {
	t.Helper()
	site, ids, lines := broadcastSite(t)
	again := webtest.Over(t, site.DB, func(o *web.Options) { o.Channels, o.Public = lines, public })
	again.Home = site.Home
	return again, ids
}

// says is a whole form with other words.
func says(site *webtest.Site, ids map[string]loa.ChannelID, words string, more ...string) []string {
	fields := typed(site, ids, more...)
	for i := 0; i < len(fields); i += 2 {
		if fields[i] == "w_long" {
			fields[i+1] = words
		}
	}
	return fields
}

// TestEachChannelOfABroadcastGetsALink: submitting makes a link for each channel whose words tell one and for no other; the preview shows
// an example as long; what comes through it stands in the results; taken back and submitted again, the links stay and lead where the
// author says now.
func TestEachChannelOfABroadcastGetsALink(t *testing.T) {
	site, ids := linkSite(t, "https://loa.example")
	officer := site.As(t, "officer")
	at := beginBroadcast(t, officer)
	words := []string{"w_post", "Mời bà con xem lịch.", "rung", "mail." + string(ids["email"]), "outlet", "fb_page." + string(ids["facebook"]), "link_page", "ask"}
	a := officer.Post(at+"/edit", says(site, ids, "Bà con xem {lien_ket}", words...)...)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("not saved: %d", a.Status)
	}
	if a = officer.Get(at + "/edit"); !a.Has("https://loa.example/s/abc234", `<option value="ask" selected>`, "Mỗi kênh có đường dẫn riêng") {
		t.Error("the preview shows no link")
	}
	if a = officer.Post(at+"/submit", says(site, ids, "Bà con xem {lien_ket}", words...)...); a.Status != http.StatusSeeOther {
		t.Fatalf("not submitted: %d %.300s", a.Status, a.Body)
	}
	id := loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/"))
	b := broadcastNow(t, site, id)
	made := map[string]string{}
	for _, x := range b.Ladder {
		made[x.Network] = x.Link
	}
	if made["tel"] == "" || made["mail"] == "" || made["tel"] == made["mail"] || made["call"] != "" || made["visit"] != "" || len(b.Outlets) != 1 || b.Outlets[0].Link != "" {
		t.Fatalf("links %v, outlets %+v", made, b.Outlets)
	}
	guest := site.Anonymous(t)
	guest.Header.Set("User-Agent", phone)
	if a = guest.Get("/s/" + made["tel"]); a.Status != http.StatusFound || !strings.Contains(a.Location, "/ask?from="+made["tel"]) {
		t.Errorf("the link leads to %d %s", a.Status, a.Location)
	}
	if a = officer.Get(at); !a.Has("https://loa.example/s/" + made["tel"]) {
		t.Error("whoever approves does not see the link that will be told")
	}
	if a = officer.Post(at + "/withdraw"); a.Status != http.StatusSeeOther {
		t.Fatalf("not taken back: %d", a.Status)
	}
	words[len(words)-1] = "sessions"
	if a = officer.Post(at+"/submit", says(site, ids, "Bà con xem {lien_ket}", words...)...); a.Status != http.StatusSeeOther {
		t.Fatalf("not submitted again: %d %.300s", a.Status, a.Body)
	}
	for _, x := range broadcastNow(t, site, id).Ladder {
		if x.Link != made[x.Network] {
			t.Errorf("over %s the link is %q now, it was %q", x.Network, x.Link, made[x.Network])
		}
	}
	if a = guest.Get("/s/" + made["tel"]); !strings.Contains(a.Location, "/sessions?from=") {
		t.Errorf("now the link leads to %s", a.Location)
	}
	by := loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	for _, to := range []loa.BroadcastState{loa.BroadcastApproved, loa.BroadcastSending} {
		if _, err := site.DB.ChangeBroadcast(t.Context(), wholeOf(t, site, site.Home), by, id, "changed", func(b *loa.Broadcast) error { b.SentAt = site.Now(); return b.Move(to, "") }); err != nil {
			t.Fatal(err)
		}
	}
	if a = officer.Get(at); !a.Has("Bấm vào đường dẫn", "/s/"+made["tel"], "/s/"+made["mail"], `data-label="Lượt mở">2<`) {
		t.Errorf("the results: %.200s", a.Body)
	}
	if a = site.As(t, "director").Get("/links"); !a.Has("Nhắc đóng quý IV · Tin nhắn SMS") {
		t.Error("the list of links does not say what it is of")
	}
	if a = officer.Post(at + "/copy"); a.Status != http.StatusSeeOther {
		t.Fatal(a.Status)
	}
	for _, x := range broadcastNow(t, site, loa.BroadcastID(strings.TrimSuffix(strings.TrimPrefix(a.Location, "/broadcasts/"), "/edit"))).Ladder {
		if x.Link != "" {
			t.Errorf("a copy tells the link of the first: %s", x.Link)
		}
	}
}

// TestNoLinkWithoutAnAddress: while the world cannot reach Loa, the page says so and words with a link are not submitted; others are.
func TestNoLinkWithoutAnAddress(t *testing.T) {
	site, ids := linkSite(t, "")
	officer := site.As(t, "officer")
	at := beginBroadcast(t, officer)
	if a := officer.Get(at + "/edit"); !a.Has("Chưa tạo được đường dẫn") {
		t.Error("the page does not say that no link can be made")
	}
	if a := officer.Post(at+"/submit", says(site, ids, "Xem {lien_ket}")...); a.Status != http.StatusUnprocessableEntity || !a.Has("Bài có đường dẫn nhưng Loa chưa có địa chỉ") {
		t.Errorf("submitted: %d", a.Status)
	}
	if a := officer.Post(at+"/submit", typed(site, ids)...); a.Status != http.StatusSeeOther {
		t.Errorf("words without a link: %d %.300s", a.Status, a.Body)
	}
}
