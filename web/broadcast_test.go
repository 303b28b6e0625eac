package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"loa"
	"loa/channel"
	"loa/web"
	"loa/web/webtest"
)

// testLines are accounts that send nothing: pages need only know which networks there are.
type testLines struct {
	web.Channels
	woken int
	asks  loa.ChannelID // whose provider says what became of a message
	noAds bool          // no account's contract is for advertising
}

func (l *testLines) Drivers() []channel.Driver {
	return []channel.Driver{{Kind: "zalo", Networks: []string{"zalo", "zns", loa.GroupNetwork}}, {Kind: "sms", Networks: []string{"tel"}, Fields: []channel.Field{{Key: "advertising", Default: "no"}}}, {Kind: "email", Networks: []string{"mail"}}, {Kind: "facebook", Networks: []string{"fb_page"}, Fields: []channel.Field{{Key: "advertising", Default: "no"}}}}
}

// Open answers as a provider does that cannot be reached, but for the one that may be asked.
func (l *testLines) Open(_ context.Context, id loa.ChannelID) (channel.Driver, channel.Adapter, error) {
	if l.asks != "" && id == l.asks {
		return channel.Driver{}, asked{}, nil
	}
	return channel.Driver{}, nil, channel.Fail(channel.Unreachable, channel.Account, "", "")
}

func (l *testLines) Settings(loa.Channel) (channel.Settings, error) {
	if l.noAds {
		return nil, nil
	}
	return channel.Settings{"advertising": "yes"}, nil
}

func (l *testLines) Wake() { l.woken++ }

// broadcastSite is a site whose home office has an account of every kind, by kind.
func broadcastSite(t testing.TB) (*webtest.Site, map[string]loa.ChannelID, *testLines) {
	t.Helper()
	lines := &testLines{}
	site := webtest.New(t, func(o *web.Options) { o.Channels = lines })
	in, by := wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	ids := map[string]loa.ChannelID{}
	for _, kind := range []string{"zalo", "sms", "email", "facebook"} {
		ids[kind] = loa.ChannelID(loa.NewID())
		if err := site.DB.AddChannel(context.Background(), in, by, loa.Channel{ID: ids[kind], Area: site.Home.Anchor, Kind: kind, Name: "Tài khoản " + kind, Settings: []byte("x"), State: loa.ChannelOn}); err != nil {
			t.Fatal(err)
		}
	}
	return site, ids, lines
}

// beginBroadcast begins a draft and answers with its address.
func beginBroadcast(t testing.TB, c *webtest.Client) string {
	t.Helper()
	a := c.Post("/broadcasts")
	if a.Status != http.StatusSeeOther || !strings.HasSuffix(a.Location, "/edit") {
		t.Fatalf("a draft was not begun: %d %s", a.Status, a.Location)
	}
	return strings.TrimSuffix(a.Location, "/edit")
}

// typed is a whole form, with the fields of more over the usual ones.
func typed(site *webtest.Site, ids map[string]loa.ChannelID, more ...string) []string {
	fields := []string{"form", "1", "title", "Nhắc đóng quý IV", "segment", string(site.Home.Segment), "w_long", "Bà con nhớ đóng bảo hiểm xã hội trước ngày 05/12.", "rung", "tel." + string(ids["sms"]), "rung", "call", "rung", "visit",
		"purpose", "care", "priority", "normal", "from", "2025-12-01", "start", "08:00", "end", "20:00", "fail_limit", "20", "refuse_limit", "3"}
	return append(fields, more...)
}

// TestBroadcastFromDraftToApproval: a draft keeps what is typed, is checked when it is submitted, freezes who is meant, and is approved by
// somebody else than whoever wrote it.
func TestBroadcastFromDraftToApproval(t *testing.T) {
	site, ids, lines := broadcastSite(t)
	officer, director := site.As(t, "officer"), site.As(t, "director")
	at := beginBroadcast(t, officer)
	a := officer.Post(at+"/submit", "form", "1", "title", "", "purpose", "care", "priority", "normal", "start", "08:00", "end", "20:00")
	if a.Status != http.StatusUnprocessableEntity || !a.Has("Chưa đặt tên đợt", "Chưa chọn người nhận", "Chưa có nội dung", "Chưa chọn kênh") {
		t.Fatalf("an empty one: %d", a.Status)
	}
	a = officer.Post(at+"/edit", typed(site, ids)...)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("not saved: %d", a.Status)
	}
	if a = officer.Get(at + "/edit"); !a.Has(`value="Nhắc đóng quý IV"`, "Bà con nhớ đóng bảo hiểm xã hội", `value="tel.`+string(ids["sms"])+`" checked`) {
		t.Fatalf("the draft forgot something: %d", a.Status)
	}
	if a.Has(string(site.Home.Officers["sibling"])) || site.As(t, "sibling").Get(at+"/edit").Status != http.StatusNotFound {
		t.Error("the officer of the other commune sees it")
	}
	if a = officer.Post(at+"/submit", typed(site, ids)...); a.Status != http.StatusSeeOther {
		t.Fatalf("not submitted: %d %.300s", a.Status, a.Body)
	}
	id := loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/"))
	b := broadcastNow(t, site, id)
	if b.State != loa.BroadcastSubmitted || b.Snapshot == "" || b.Reckoned.People != 1 || b.Reckoned.Messages() != 1 || b.Script == "" || b.ScriptVersion != 1 {
		t.Fatalf("%+v", b)
	}
	snap, err := site.DB.Snapshot(context.Background(), wholeOf(t, site, site.Home), b.Snapshot)
	if err != nil || len(snap.Members) != 1 || snap.Members[0] != site.Home.Person || snap.UsedBy != "broadcast" {
		t.Errorf("frozen: %+v, %v", snap, err)
	}
	if a = officer.Post(at + "/approve"); a.Status != http.StatusForbidden {
		t.Errorf("its author approved it: %d", a.Status)
	}
	if a = director.Post(at+"/back", "why", ""); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("sent back without a reason: %d", a.Status)
	}
	if a = director.Post(at+"/back", "why", "Thiếu số điện thoại liên hệ"); a.Status != http.StatusSeeOther {
		t.Fatalf("not sent back: %d", a.Status)
	}
	if a = officer.Get(at + "/edit"); !a.Has("Thiếu số điện thoại liên hệ") {
		t.Error("its author does not see why")
	}
	if a = officer.Post(at+"/submit", typed(site, ids, "w_sms", "BHXH: nho dong truoc 05/12. LH 0900000100")...); a.Status != http.StatusSeeOther {
		t.Fatalf("not submitted again: %d", a.Status)
	}
	if a = director.Get(at); !a.Has("BHXH: nho dong truoc 05/12", "Duyệt") {
		t.Errorf("the director does not see what to approve: %d", a.Status)
	}
	woken := lines.woken
	if a = director.Post(at + "/approve"); a.Status != http.StatusSeeOther {
		t.Fatalf("not approved: %d %.200s", a.Status, a.Body)
	}
	b = broadcastNow(t, site, id)
	script, err := site.DB.Script(context.Background(), wholeOf(t, site, site.Home), b.Script, b.ScriptVersion)
	if err != nil || b.State != loa.BroadcastApproved || script.State != loa.ScriptApproved || script.ApprovedBy != site.Home.Officers["director"] || lines.woken == woken {
		t.Errorf("%s, script %s by %s, %v", b.State, script.State, script.ApprovedBy, err)
	}
	if a = officer.Post(at+"/edit", typed(site, ids, "title", "Khác")...); a.Status != http.StatusConflict && a.Status != http.StatusUnprocessableEntity {
		t.Errorf("what was approved was changed: %d", a.Status)
	}
}

func broadcastNow(t testing.TB, site *webtest.Site, id loa.BroadcastID) loa.Broadcast {
	t.Helper()
	b, err := site.DB.Broadcast(context.Background(), wholeOf(t, site, site.Home), id)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestBroadcastApprovalsByPurpose: an emergency needs two others, a care message in approved words to a few needs nobody.
func TestBroadcastApprovalsByPurpose(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	ctx, in, director := context.Background(), wholeOf(t, site, site.Home), site.As(t, "director")
	script := loa.Script{ID: loa.ScriptID(loa.NewID()), Area: site.Home.Anchor, Name: "Nhắc đóng", Purpose: loa.Care, Texts: []loa.ScriptText{{Lang: "vietnamese", Kind: "sms", Text: "Nho dong BHXH"}}}
	if _, err := site.DB.SaveScript(ctx, in, loa.By{Officer: site.Home.Officers["officer"], At: site.Now()}, script); err != nil {
		t.Fatal(err)
	}
	by := loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	if _, err := site.DB.ChangeScript(ctx, in, by, script.ID, "approved", func(s *loa.Script) error { s.State = loa.ScriptSubmitted; return s.Approve(by) }); err != nil {
		t.Fatal(err)
	}
	submit := func(more ...string) loa.Broadcast {
		t.Helper()
		at := beginBroadcast(t, director)
		if a := director.Post(at+"/submit", typed(site, ids, more...)...); a.Status != http.StatusSeeOther {
			t.Fatalf("not submitted: %d %.200s", a.Status, a.Body[strings.Index(a.Body, "bc-checks"):])
		}
		return broadcastNow(t, site, loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/")))
	}
	if b := submit("script", string(script.ID)); b.State != loa.BroadcastApproved || len(b.Words) != 0 || b.ScriptVersion != 1 {
		t.Errorf("care in approved words waits for somebody: %s", b.State)
	}
	officer := site.As(t, "officer")
	own := beginBroadcast(t, officer)
	if a := officer.Post(own+"/submit", typed(site, ids)...); a.Status != http.StatusSeeOther {
		t.Fatalf("not submitted: %d", a.Status)
	}
	if b := broadcastNow(t, site, loa.BroadcastID(strings.TrimPrefix(own, "/broadcasts/"))); b.State != loa.BroadcastSubmitted {
		t.Errorf("words nobody has seen went out: %s", b.State)
	}
	at := beginBroadcast(t, director)
	a := director.Post(at+"/submit", append([]string{"purpose", "administrative", "priority", "emergency"}, typed(site, ids)...)...)
	if a.Status != http.StatusUnprocessableEntity || !a.Has("Cần 2 người khác duyệt nhưng chỉ có 0") {
		t.Errorf("an emergency nobody can approve was submitted: %d", a.Status)
	}
}

// TestBroadcastReckoning: what a page says of an audience is what the gate says, is done anew when something changes, and each number leads
// to its people.
func TestBroadcastReckoning(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	director := site.As(t, "director")
	at := beginBroadcast(t, director)
	director.Header.Set("HX-Request", "true")
	a := director.Post(at+"/edit", typed(site, ids)...)
	director.Header.Del("HX-Request")
	if a.Status != http.StatusOK || !a.Has(`id="bc-preview"`, `hx-swap-oob="true"`, "trên 2 người", "Ba con nho dong bao hiem xa hoi") {
		t.Fatalf("%d %.600s", a.Status, a.Body)
	}
	in, by := wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	if err := site.DB.AddConsent(context.Background(), in, by, loa.Consent{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: webtest.Today}, Person: site.Home.Person2, Purpose: loa.Care, Channel: "all", How: "spoken"}); err != nil {
		t.Fatal(err)
	}
	if a = director.Get(at + "/edit"); !a.Has("1 người không gửi tin, vì sao", "Từ chối nhận tin") {
		t.Errorf("a refusal changed nothing: %d", a.Status)
	}
	if a = director.Get(at + "/audience?why=no.refused"); !a.Has("Thào Thị Nhì mau") || a.Has("Sùng A Mẫu mau") {
		t.Errorf("the number does not lead to the one who refused: %d", a.Status)
	}
	if a = director.Get(at + "/audience"); !a.Has("Sùng A Mẫu mau", "Thào Thị Nhì mau", "nông dân") && !a.Has("Sùng A Mẫu mau", "Nghề") {
		t.Errorf("the sample does not say why: %d", a.Status)
	}
}

// TestBroadcastWorkedOff: progress, people, lists, what is unsure and the controls, for a broadcast that is going out.
func TestBroadcastWorkedOff(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	ctx, in, director := context.Background(), wholeOf(t, site, site.Home), site.As(t, "director")
	officer := site.As(t, "officer")
	at := beginBroadcast(t, officer)
	if a := officer.Post(at+"/submit", typed(site, ids)...); a.Status != http.StatusSeeOther {
		t.Fatal(a.Status)
	}
	if a := director.Post(at + "/approve"); a.Status != http.StatusSeeOther {
		t.Fatal(a.Status)
	}
	id := loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/"))
	by := loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	if _, err := site.DB.ChangeBroadcast(ctx, in, by, id, "sent", func(b *loa.Broadcast) error { b.SentAt = site.Now(); return b.Move(loa.BroadcastSending, "") }); err != nil {
		t.Fatal(err)
	}
	call := loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Office: site.Home.ID, Area: site.Home.Village1, Person: site.Home.Person, Rung: 1, Network: loa.CallList, State: loa.DeliveryByHand}
	if err := site.DB.QueueDeliveries(ctx, id, []loa.Delivery{call}, "~"); err != nil {
		t.Fatal(err)
	}
	if a := director.Get(at); !a.Has("Gọi điện: còn 1", `hx-trigger="every 3s"`, "Tạm dừng") {
		t.Fatalf("the page does not say how far it is: %d", a.Status)
	}
	if a := officer.Get(at + "/progress?state=approved"); a.Header.Get("HX-Refresh") != "true" {
		t.Error("a page that shows old buttons is not drawn anew")
	}
	a := officer.Get(at + "/hand?network=call")
	if !a.Has("Sùng A Mẫu mau", "Bà con nhớ đóng bảo hiểm") {
		t.Fatalf("the list is empty: %d", a.Status)
	}
	if s := officer.Get(at + "/sheet?network=call"); !s.Has("Sùng A Mẫu mau", "Nói gì với bà con") {
		t.Errorf("nothing to print: %d", s.Status)
	}
	dial := `href="tel:`
	if !a.Has(dial) || a.Has("Không gọi trước") {
		t.Error("who may be called is not to be dialled")
	}
	settings, err := site.DB.SendingSettings(ctx, site.Home.ID)
	if err != nil {
		t.Fatal(err)
	}
	shut := settings
	shut.Hours = map[string]loa.Hours{loa.CallList: {Start: 3 * 60, End: 3*60 + 1}}
	if err := site.DB.SaveSendingSettings(ctx, site.Home.ID, by, shut); err != nil {
		t.Fatal(err)
	}
	if a := officer.Get(at + "/hand?network=call"); a.Has(dial) || !a.Has("Sùng A Mẫu mau", "Không gọi trước", "Chờ tới giờ được phép") {
		t.Error("outside the hours of calls the list lets anybody be dialled")
	}
	if s := officer.Get(at + "/sheet?network=call"); !s.Has("Không gọi trước") {
		t.Error("the printed list does not say when")
	}
	if err := site.DB.SaveSendingSettings(ctx, site.Home.ID, by, settings); err != nil {
		t.Fatal(err)
	}
	if a = officer.Post(at+"/hand", "network", "call", "delivery", string(call.ID), "outcome", "met", "fact", loa.NewID(), "refusal", loa.NewID()); a.Status != http.StatusSeeOther {
		t.Fatalf("not written: %d", a.Status)
	}
	if a = officer.Get(at + "/people?state=delivered"); !a.Has("Sùng A Mẫu mau", "Đã tới") {
		t.Errorf("who was called is not told: %d", a.Status)
	}
	if a = officer.Post(at+"/hand/reopen", "network", "call", "delivery", string(call.ID)); a.Status != http.StatusSeeOther {
		t.Errorf("not taken back: %d", a.Status)
	}
	if a = officer.Post(at+"/export", "state", "all"); a.Status != http.StatusOK || !strings.HasPrefix(a.Body, "PK") {
		t.Errorf("no workbook: %d", a.Status)
	}
	for _, act := range []struct {
		path string
		want loa.BroadcastState
	}{{"/pause", loa.BroadcastPaused}, {"/pause", loa.BroadcastPaused}, {"/resume", loa.BroadcastSending}, {"/stop", loa.BroadcastStopped}, {"/stop", loa.BroadcastStopped}} {
		if a := director.Post(at + act.path); a.Status != http.StatusSeeOther || broadcastNow(t, site, id).State != act.want {
			t.Errorf("%s: %d, now %s", act.path, a.Status, broadcastNow(t, site, id).State)
		}
	}
	if a = director.Post(at + "/copy"); a.Status != http.StatusSeeOther || !director.Get(a.Location).Has("Nhắc đóng quý IV (bản chép)", "Bà con nhớ đóng") {
		t.Errorf("not copied: %d", a.Status)
	}
	if a = director.Get("/broadcasts?state=over"); !a.Has("Nhắc đóng quý IV", "đã dừng") {
		t.Errorf("not in its tab: %d", a.Status)
	}
}

// TestBroadcastPagesInEveryState draws each page in both languages without a key or a gap.
func TestBroadcastPagesInEveryState(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	director := site.As(t, "director")
	at := beginBroadcast(t, director)
	more := []string{"rung", "zalo." + string(ids["zalo"]), "rung", "zns." + string(ids["zalo"]), "template_zns." + string(ids["zalo"]), "123456", "params_zns." + string(ids["zalo"]), "ten = {ten}\nma = 7", "rung", "mail." + string(ids["email"]), "outlet", "fb_page." + string(ids["facebook"]), "outlet", "kit.officers",
		"w_sms", "Nho dong {muc_dong}", "pace", "500", "until", "2025-12-03", "without", string(site.Home.Segment)}
	if a := director.Post(at+"/edit", typed(site, ids, more...)...); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %.300s", a.Status, a.Body)
	}
	for _, lang := range []string{"vi", "en"} {
		if a := director.Post("/language", "lang", lang, "next", "/"); a.Status != http.StatusSeeOther {
			t.Fatal(a.Status)
		}
		for _, path := range []string{"/broadcasts", at, at + "/edit", at + "/audience", at + "/people", at + "/hand?network=visit", at + "/sheet?network=visit", at + "/progress"} {
			a := director.Get(path)
			if a.Status != http.StatusOK {
				t.Errorf("%s answers %d", path, a.Status)
			}
			for _, mark := range []string{"broadcast.", "gate.", "%!", "&lt;no value", "script.place."} {
				if i := strings.Index(strings.ReplaceAll(a.Body, "broadcast.css", ""), mark); i >= 0 {
					t.Errorf("%s in %s shows %q: …%s", path, lang, mark, fmt.Sprint(a.Body[max(0, i-60):min(len(a.Body), i+60)]))
				}
			}
		}
	}
	if log := site.Logged(); strings.Contains(log, "ERROR") {
		t.Error(log)
	}
}
