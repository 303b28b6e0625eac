package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"loa"
)

// TestPagesAreLookedAtBeforeSending: what is posted on a page is checked like what is sent to people: that there are words for it, that they
// can be filled for readers nobody knows, that the account is there and works.
func TestPagesAreLookedAtBeforeSending(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	director := site.As(t, "director")
	posts := func(more ...string) []string {
		return append([]string{"form", "1", "title", "Tin trên trang", "purpose", "care", "priority", "normal", "from", "2025-12-01", "start", "08:00", "end", "20:00", "outlet", "fb_page." + string(ids["facebook"])}, more...)
	}
	at := beginBroadcast(t, director)
	if a := director.Post(at+"/submit", posts("w_sms", "Ba con nho dong.")...); a.Status != http.StatusUnprocessableEntity || !a.Has("Bài chưa có phần cho Trang Facebook") {
		t.Errorf("a post without words: %d", a.Status)
	}
	if a := director.Post(at+"/submit", posts("w_post", "Chào {thon}, gọi {dien_thoai}.")...); a.Status != http.StatusUnprocessableEntity || !a.Has("Trang Facebook: ") {
		t.Errorf("a post that speaks to one village: %d", a.Status)
	}
	ctx := context.Background()
	director.Post(at+"/edit", posts("w_post", "Bà con nhớ đóng.")...)
	if a := director.Get(at + "/edit"); !a.Has("Tài khoản gửi hoạt động") || a.Has("Bài chưa có phần cho") {
		t.Errorf("a post that is well: %d", a.Status)
	}
	state := func(to loa.ChannelState) {
		t.Helper()
		if _, err := site.DB.Writer().ExecContext(ctx, `UPDATE channel SET state = $1 WHERE id = $2`, to, ids["facebook"]); err != nil {
			t.Fatal(err)
		}
	}
	if state(loa.ChannelHalted); !director.Get(at+"/edit").Has("Tài khoản Tài khoản facebook đang dừng") || director.Get(at+"/edit").Has("Tài khoản gửi hoạt động") {
		t.Error("an account that is halted is not told of")
	}
	if state(loa.ChannelOff); !director.Get(at + "/edit").Has("Tài khoản của Trang Facebook không còn") {
		t.Error("an account that is gone is not told of")
	}
}

// TestAccountsThatMayNotAdvertise: advertising over an account whose contract is not for it is stopped before anybody is tried.
func TestAccountsThatMayNotAdvertise(t *testing.T) {
	site, ids, lines := broadcastSite(t)
	director := site.As(t, "director")
	at := beginBroadcast(t, director)
	form := func(purpose string) []string {
		return []string{"form", "1", "title", "Mời tham gia", "segment", string(site.Home.Segment), "w_long", "Mời bà con tham gia.", "rung", "tel." + string(ids["sms"]), "rung", "visit", "outlet", "fb_page." + string(ids["facebook"]),
			"purpose", purpose, "priority", "normal", "from", "2025-12-01", "start", "08:00", "end", "20:00"}
	}
	const sms, page = "Tài khoản Tài khoản sms không được gửi quảng cáo", "Tài khoản Tài khoản facebook không được gửi quảng cáo"
	lines.noAds = true
	if a := director.Post(at+"/submit", form("advertising")...); a.Status != http.StatusUnprocessableEntity || !a.Has(sms, page) || a.Has("Tài khoản gửi hoạt động") {
		t.Errorf("advertising by accounts that may not: %d", a.Status)
	}
	director.Post(at+"/edit", form("care")...)
	if a := director.Get(at + "/edit"); a.Has(sms) || a.Has(page) {
		t.Error("care needs no such contract")
	}
	lines.noAds = false
	director.Post(at+"/edit", form("advertising")...)
	if a := director.Get(at + "/edit"); a.Has(sms) || a.Has(page) {
		t.Error("an account that may is stopped")
	}
}

// TestTheCardCountsFilledWords: what an SMS would take with its accents is counted with its placeholders filled, as the script's page does.
func TestTheCardCountsFilledWords(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	director := site.As(t, "director")
	at := beginBroadcast(t, director)
	words := "{ten} {han} {ten} {han} {ten} {han} nhớ đóng" // one part as it stands
	director.Post(at+"/edit", typed(site, ids, "w_sms", words)...)
	if a := director.Get(at + "/edit"); !a.Has(`Nếu để nguyên dấu</dt><dd>2 tin`) {
		t.Errorf("the card: %d", a.Status)
	}
}

// TestAnApprovedScriptStaysInUse: while a new version is written the approved one is still offered and goes out; once the new one is approved, that
// does. One that was withdrawn is offered no more.
func TestAnApprovedScriptStaysInUse(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	officer, director := site.As(t, "officer"), site.As(t, "director")
	script := writeScript(t, officer, "vietnamese_sms", "Ban thu nhat")
	id := strings.TrimPrefix(script, "/scripts/")
	officer.Post(script + "/submit")
	director.Post(script + "/approve")
	at := beginBroadcast(t, officer)
	form := []string{"form", "1", "title", "Nhắc đóng", "segment", string(site.Home.Segment), "script", id, "rung", "tel." + string(ids["sms"]), "rung", "visit", "purpose", "care", "priority", "normal", "from", "2025-12-01", "start", "08:00", "end", "20:00"}
	officer.Post(at+"/edit", form...)
	const offered, notApproved = `<option value="`, "chưa được duyệt"
	looks := func(words string) {
		t.Helper()
		if a := officer.Get(at + "/edit"); !a.Has(offered+id, words) || a.Has(notApproved) {
			t.Errorf("not offered with %q: %d", words, a.Status)
		}
	}
	looks("Ban thu nhat")
	if a := officer.Post(script+"/edit", "name", "Nhắc đóng", "purpose", "care", "from", "2025-01-01", "vietnamese_sms", "Ban thu hai"); a.Status != http.StatusSeeOther {
		t.Fatalf("a new version: %d", a.Status)
	}
	looks("Ban thu nhat")
	officer.Post(script + "/submit")
	looks("Ban thu nhat")
	director.Post(script + "/approve")
	looks("Ban thu hai")
	if a := officer.Post(at+"/submit", form...); a.Status != http.StatusSeeOther {
		t.Fatalf("not submitted: %d", a.Status)
	}
	if b := broadcastNow(t, site, loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/"))); b.ScriptVersion != 2 {
		t.Errorf("it goes out in version %d", b.ScriptVersion)
	}
	director.Post(script+"/withdraw", "why", "sai số")
	if a := officer.Get(beginBroadcast(t, officer) + "/edit"); a.Has(offered + id) {
		t.Error("one that was withdrawn is offered")
	}
}

// TestAPostHasATime: when a page is posted to is chosen in the form, kept with the draft, shown on its card, and left to Facebook where its account
// says so. Every place that can be filled is offered, and an empty draft claims nothing about approval.
func TestAPostHasATime(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	director := site.As(t, "director")
	at := beginBroadcast(t, director)
	if a := director.Get(at + "/edit"); a.Has("Không cần duyệt") || !a.Has("Chưa có lời. Chọn bài") || !a.Has("{han_the}", "{so_thang}", "{can_bo}", "{co_quan}", "{dien_thoai}") {
		t.Errorf("an empty draft: %d", a.Status)
	}
	director.Post(at+"/edit", typed(site, ids, "outlet", "fb_page."+string(ids["facebook"]), "post_at", "2025-12-01T18:30")...)
	if a := director.Get(at + "/edit"); !a.Has(`name="post_at" value="2025-12-01T18:30"`) {
		t.Errorf("the time is forgotten: %d", a.Status)
	}
	b := broadcastNow(t, site, loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/")))
	if len(b.Outlets) != 1 || b.Outlets[0].At.In(loa.Zone).Format("02/01 15:04") != "01/12 18:30" || b.Outlets[0].Held {
		t.Errorf("%+v", b.Outlets)
	}
}
