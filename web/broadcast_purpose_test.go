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

// TestWhatEverybodyHearsIsApproved: a care message that goes to a few and onto a page besides waits for somebody else, and its page says so
// beforehand.
func TestWhatEverybodyHearsIsApproved(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	officer := site.As(t, "officer")
	script := approvedScript(t, site, loa.Care, loa.ScriptText{Lang: "vietnamese", Kind: "sms", Text: "Nho dong"}, loa.ScriptText{Lang: "vietnamese", Kind: "post", Text: "Bà con nhớ đóng."})
	for name, c := range map[string]struct {
		more  []string
		state loa.BroadcastState
		says  string
	}{
		"to people":         {nil, loa.BroadcastApproved, "Không cần duyệt"},
		"and onto the page": {[]string{"outlet", "fb_page." + string(ids["facebook"])}, loa.BroadcastSubmitted, "Một cán bộ khác duyệt"},
	} {
		at := beginBroadcast(t, officer)
		form := typed(site, ids, append([]string{"script", string(script.ID)}, c.more...)...)
		if a := officer.Post(at+"/edit", form...); a.Status != http.StatusSeeOther {
			t.Fatal(a.Status)
		}
		if a := officer.Get(at + "/edit"); !a.Has(c.says) {
			t.Errorf("%s: the page does not say %q", name, c.says)
		}
		if a := officer.Post(at+"/submit", form...); a.Status != http.StatusSeeOther {
			t.Fatalf("%s: not handed in: %d", name, a.Status)
		}
		if b := broadcastNow(t, site, loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/"))); b.State != c.state {
			t.Errorf("%s: it is %s", name, b.State)
		}
	}
}

// TestNoPlayOfTheNightIsComposed: a play at a time of the night, or outside the broadcast's own days and hours, is not handed in; an
// emergency may break into the night.
func TestNoPlayOfTheNightIsComposed(t *testing.T) {
	site, _, _ := broadcastSite(t)
	director := site.As(t, "director")
	in, by := wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	st, err := site.DB.AddStation(t.Context(), in, by, loa.Station{Area: site.Home.Village1, Kind: loa.AnnouncerStation, Name: "Loa tay", Volume: 50, Languages: []string{"vietnamese"}, Earshot: []loa.AreaID{site.Home.Village1}})
	if err != nil {
		t.Fatal(err)
	}
	script := approvedScript(t, site, loa.Administrative, loa.ScriptText{Lang: "vietnamese", Kind: "loudspeaker", Text: "Mời bà con"})
	for name, c := range map[string]struct {
		play, priority, start, end string
		says                       bool
	}{
		"by day":              {"2025-12-01T17:30", "normal", "05:00", "21:00", false},
		"at night":            {"2025-12-01T22:30", "normal", "00:00", "24:00", true},
		"outside its hours":   {"2025-12-01T16:39", "normal", "19:00", "20:00", true},
		"the day before":      {"2025-11-30T17:30", "normal", "05:00", "21:00", true},
		"night, an emergency": {"2025-12-01T22:30", "emergency", "00:00", "24:00", false},
	} {
		at := beginBroadcast(t, director)
		form := []string{"form", "1", "title", "Mời họp", "script", string(script.ID), "purpose", "administrative", "priority", c.priority, "from", "2025-12-01", "start", c.start, "end", c.end, "outlet", "speaker." + string(st.ID), "play_1", c.play}
		if a := director.Post(at+"/edit", form...); a.Status != http.StatusSeeOther {
			t.Fatalf("%s: %d", name, a.Status)
		}
		a := director.Get(at + "/edit")
		if a.Has("ngoài ngày hoặc giờ được phép của đợt") != c.says {
			t.Errorf("%s: the page says %v", name, !c.says)
		}
		if a = director.Post(at+"/submit", form...); c.says && a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: it was handed in: %d", name, a.Status)
		}
	}
}

// TestAnOldVoiceIsNotHandedIn: a recording nobody can compare is good for the versions somebody said it is right for. With words that
// changed since, a play is stopped before it is handed in, the script's page offers one act to whoever did not record it, and then it passes.
func TestAnOldVoiceIsNotHandedIn(t *testing.T) {
	site, _, _ := broadcastSite(t)
	ctx, director, officer := t.Context(), site.As(t, "director"), site.As(t, "officer")
	in, by := wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	speaks := loa.By{Officer: site.Home.Officers["officer"], At: site.Now()}
	st, err := site.DB.AddStation(ctx, in, by, loa.Station{Area: site.Home.Village1, Kind: loa.CommuneStation, Name: "Đài xã", Volume: 50, Languages: []string{"mong"}, Earshot: []loa.AreaID{site.Home.Village1}})
	if err != nil {
		t.Fatal(err)
	}
	script := approvedScript(t, site, loa.Administrative, loa.ScriptText{Lang: "vietnamese", Kind: "loudspeaker", Text: "Mời bà con họp thứ Bảy"})
	clip, err := site.DB.AddClip(ctx, in, speaks, loa.Clip{Key: loa.ScriptKey(script.ID), Lang: "mong", MIME: "audio/mpeg", SHA256: "x", Seconds: 1, Bytes: []byte("ID3")})
	if err != nil {
		t.Fatal(err)
	}
	if err := site.DB.ApproveClip(ctx, in, by, clip.ID); err != nil {
		t.Fatal(err)
	}
	at := beginBroadcast(t, director)
	form := []string{"form", "1", "title", "Mời họp", "script", string(script.ID), "purpose", "administrative", "priority", "normal", "from", "2025-12-01", "start", "05:00", "end", "21:00", "outlet", "speaker." + string(st.ID)}
	const old = "Bản ghi âm không đúng lời của bài lúc phát: Tiếng Mông"
	looks := func() webtest.Answer {
		t.Helper()
		if a := director.Post(at+"/edit", form...); a.Status != http.StatusSeeOther {
			t.Fatal(a.Status)
		}
		return director.Get(at + "/edit")
	}
	if a := looks(); a.Has(old) || !a.Has("Có bản ghi âm 1 thứ tiếng") {
		t.Error("the recording of this very version is old")
	}
	script.Texts[0].Text = "Mời bà con họp Chủ nhật"
	if _, err := site.DB.SaveScript(ctx, in, speaks, script); err != nil {
		t.Fatal(err)
	}
	if _, err := site.DB.ChangeScript(ctx, in, by, script.ID, "approved", func(s *loa.Script) error { s.State = loa.ScriptSubmitted; return s.Approve(by) }); err != nil {
		t.Fatal(err)
	}
	if a := looks(); !a.Has(old) {
		t.Error("nothing is said of the old recording")
	}
	if a := director.Post(at+"/submit", form...); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("it was handed in: %d", a.Status)
	}
	page, fit := "/scripts/"+string(script.ID)+"?lang=mong", "/clips/"+string(clip.ID)+"/fit"
	if a := officer.Get(page); a.Has(fit) || !a.Has("không đúng lời hôm nay") {
		t.Error("its speaker may say that it is right, or nobody says that it is not")
	}
	if a := director.Get(page); !a.Has(fit, "Vẫn đúng với bản 2") {
		t.Fatal("nobody is offered to say that it is right")
	}
	if a := director.Post(fit); a.Status != http.StatusSeeOther {
		t.Fatalf("not said: %d", a.Status)
	}
	if a := looks(); a.Has(old) {
		t.Error("it is still old")
	}
	if a := director.Get(page); a.Has(fit) {
		t.Error("what was said is asked again")
	}
}
