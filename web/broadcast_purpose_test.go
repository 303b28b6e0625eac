package web_test

import (
	"net/http"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

// approvedScript is a script of the home office that was approved.
func approvedScript(t testing.TB, site *webtest.Site, purpose string, texts ...loa.ScriptText) loa.Script {
	t.Helper()
	ctx, in, by := t.Context(), wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	x, err := site.DB.SaveScript(ctx, in, loa.By{Officer: site.Home.Officers["officer"], At: site.Now()}, loa.Script{ID: loa.ScriptID(loa.NewID()), Area: site.Home.Anchor, Name: "Bài " + purpose, Purpose: purpose, Texts: texts})
	if err != nil {
		t.Fatal(err)
	}
	if x, err = site.DB.ChangeScript(ctx, in, by, x.ID, "approved", func(s *loa.Script) error { s.State = loa.ScriptSubmitted; return s.Approve(by) }); err != nil {
		t.Fatal(err)
	}
	return x
}

// TestABroadcastTakesThePurposeOfItsScript: what was approved as advertising is composed as advertising and can be handed in as nothing
// milder; what was approved as care may be sent as advertising, if somebody says so.
func TestABroadcastTakesThePurposeOfItsScript(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	director := site.As(t, "director")
	sms := loa.ScriptText{Lang: "vietnamese", Kind: "sms", Text: "Moi ba con tham gia"}
	ad, care := approvedScript(t, site, loa.Advertising, sms), approvedScript(t, site, loa.Care, sms)
	at := beginBroadcast(t, director)
	id := loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/"))
	director.Header.Set("HX-Request", "true")
	a := director.Post(at+"/edit", typed(site, ids, "script", string(ad.ID))...)
	director.Header.Del("HX-Request")
	if b := broadcastNow(t, site, id); b.Purpose != loa.Advertising || !a.Has(`<div id="bc-purpose" hx-swap-oob="true">`) {
		t.Errorf("it is composed as %s", b.Purpose)
	}
	if a = director.Post(at+"/submit", typed(site, ids, "script", string(ad.ID))...); a.Status != http.StatusUnprocessableEntity || !a.Has("không được gửi với mục đích nhẹ hơn") {
		t.Errorf("advertising was handed in as care: %d", a.Status)
	}
	if b := broadcastNow(t, site, id); b.State != loa.BroadcastDraft {
		t.Errorf("it is %s", b.State)
	}
	if a = director.Post(at+"/edit", typed(site, ids, "script", string(care.ID))...); a.Status != http.StatusSeeOther || broadcastNow(t, site, id).Purpose != loa.Care {
		t.Errorf("with words of care it is %s", broadcastNow(t, site, id).Purpose)
	}
	strict := append([]string{"purpose", "advertising"}, typed(site, ids, "script", string(care.ID))...)
	if a = director.Post(at+"/edit", strict...); a.Status != http.StatusSeeOther || broadcastNow(t, site, id).Purpose != loa.Advertising {
		t.Errorf("care as advertising: %s", broadcastNow(t, site, id).Purpose)
	}
	a = director.Post("/broadcasts", "script", string(ad.ID))
	if b := broadcastNow(t, site, loa.BroadcastID(strings.TrimSuffix(strings.TrimPrefix(a.Location, "/broadcasts/"), "/edit"))); b.Purpose != loa.Advertising {
		t.Errorf("begun from its script it is %s", b.Purpose)
	}
}
