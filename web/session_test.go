package web_test

import (
	"context"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"loa"
	"loa/store"
	"loa/web/webtest"
)

// homeScope is all that the home office's director may see.
func homeScope(t *testing.T, site *webtest.Site) loa.Scope {
	t.Helper()
	in := loa.Scope{Office: site.Home.ID}
	for _, id := range []loa.AreaID{site.Home.Anchor, site.Home.Commune1, site.Home.Commune2} {
		in.Ranges = append(in.Ranges, loa.Under(pathOf(t, site, id)))
	}
	return in
}

func pathOf(t *testing.T, site *webtest.Site, id loa.AreaID) string {
	t.Helper()
	a, err := site.DB.Area(context.Background(), loa.Scope{Office: site.Home.ID, Ranges: []loa.Range{{From: "", To: "~"}}}, id)
	if err != nil {
		t.Fatal(err)
	}
	return a.Path
}

func headsNow(t *testing.T, site *webtest.Site, id loa.SessionID) (total, named int) {
	t.Helper()
	all, err := site.DB.Attendances(context.Background(), homeScope(t, site), id)
	if err != nil {
		t.Fatal(err)
	}
	return loa.Heads(all)
}

func sessionNow(t *testing.T, site *webtest.Site, id loa.SessionID) loa.Session {
	t.Helper()
	x, err := site.DB.Session(context.Background(), homeScope(t, site), id)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// hiddenValue is the value of a hidden field of a page.
func hiddenValue(t *testing.T, body, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + regexp.QuoteMeta(name) + `" value="([^"]*)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("the page has no field %s", name)
	}
	return m[1]
}

func TestSessionIsPlannedWithoutScripts(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	form := []string{"form", "conference", "title", "", "area_text", "ban mot mau", "on", "2025-12-09", "start", "19h30", "end", "21:00", "place", "Nhà văn hóa", "theme", "Lương hưu", "expected", "25",
		"officer", string(site.Home.Officers["officer"]), "partner", string(site.Home.Partner), "segment", string(site.Home.Segment), "checklist", "Gửi giấy mời\n\nMang loa", "d_chair", "Chủ tịch xã", "d_stall", "không phải của hội nghị"}
	a := c.Post("/sessions/new", form...)
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/sessions/") {
		t.Fatalf("planning answers %d %s: %q", a.Status, a.Location, regexp.MustCompile(`class="err".*?</p>`).FindAllString(a.Body, -1))
	}
	id := loa.SessionID(strings.TrimPrefix(a.Location, "/sessions/"))
	x := sessionNow(t, site, id)
	if x.Area != site.Home.Village1 || x.StartMin != 19*60+30 || x.EndMin != 21*60 || x.Details["chair"] != "Chủ tịch xã" || x.Details["stall"] != "" || len(x.Partners) != 1 || len(x.Checklist) != 2 || x.Title == "" {
		t.Errorf("kept %+v", x)
	}
	invited, err := site.DB.Invitations(context.Background(), homeScope(t, site), id)
	if err != nil || len(invited) != 1 || invited[0].N != 1 || invited[0].AsOf != webtest.Today {
		t.Errorf("the segment was not frozen when it was invited: %+v, %v", invited, err)
	}
	page := c.Get("/sessions/" + string(id))
	if !page.Has("Mang loa", "Hội Phụ nữ xã Nhất mau", "Nông dân mau", "Chủ tịch xã", "19:30–21:00") {
		t.Error("the page does not show what was planned")
	}
	if !c.Get("/sessions").Has(x.Title, "Nhóm nhỏ tháng 12 mau") || c.Get("/sessions?when=past").Has(x.Title) || !c.Get("/sessions?form=conference").Has(x.Title) || c.Get("/sessions?form=market").Has(x.Title) {
		t.Error("the list does not follow its filters")
	}
	if !c.Get("/sessions?month=2025-12&commune="+string(site.Home.Commune1)+"&officer="+string(site.Home.Officers["officer"])+"&state=planned&q=hoi+nghi").Has(x.Title) || c.Get("/sessions?month=2026-01").Has(x.Title) {
		t.Error("month, commune, officer, state and words do not narrow together")
	}
	if !c.Get("/search?q=hoi+nghi").Has("/sessions/" + string(id)) {
		t.Error("the search does not lead to the session")
	}
	form[5] = "nowhere at all"
	if a = c.Post("/sessions/new", form...); a.Status != http.StatusUnprocessableEntity || !a.Has("nowhere at all", "Nhà văn hóa", "Chủ tịch xã", "Mang loa") {
		t.Errorf("a refused form answers %d and loses what was typed", a.Status)
	}
	form[5], form[9] = "ban mot mau", "25h"
	if a = c.Post("/sessions/new", form...); a.Status != http.StatusUnprocessableEntity || !a.Has("Giờ chưa đúng") {
		t.Errorf("an impossible time answers %d", a.Status)
	}
}

func TestPlanFromALateCell(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	m := regexp.MustCompile(`href="(/sessions/new\?[^"]*segment=[^"]+)"`).FindStringSubmatch(c.Get("/").Body)
	if m == nil {
		t.Fatal("no late cell on Today can be planned")
	}
	page := c.Get(html.UnescapeString(m[1]))
	ticked := func(name, value string) bool {
		return regexp.MustCompile(`name="` + name + `" value="` + value + `"[^>]*checked`).MatchString(page.Body)
	}
	if page.Status != http.StatusOK || !ticked("segment", string(site.Home.Segment)) || !ticked("officer", string(site.Home.Officers["officer"])) || !ticked("form", "small_group") || !page.Has(`value="BHXH tự nguyện"`) ||
		!regexp.MustCompile(`name="area" value="[0-9a-f-]{36}"`).MatchString(page.Body) {
		t.Errorf("the form is not filled in from the matrix: %s", m[1])
	}
}

// TestLateCellLeadsToWhatIsPlanned keeps the one link of a late cell from planning a second session beside the first.
func TestLateCellLeadsToWhatIsPlanned(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	if !c.Get("/").Has(`href="/sessions/new?on=2025-11-30"`) {
		t.Error("Today has no button to record a session")
	}
	site.Advance(40 * 24 * 3600e9)
	c = site.As(t, "director")
	late := regexp.MustCompile(`<td class="act"><a href="([^"]+)">([^<]+)</a>`)
	before := late.FindStringSubmatch(c.Get("/").Body)
	if before == nil || !strings.HasPrefix(before[1], "/sessions/new?") || before[2] != "Đặt buổi" {
		t.Fatalf("a late cell leads to %v", before)
	}
	a := c.Post("/sessions/new", "form", "small_group", "area", string(site.Home.Village1), "on", "2026-01-15", "officer", string(site.Home.Officers["officer"]), "segment", string(site.Home.Segment))
	if a.Status != http.StatusSeeOther {
		t.Fatalf("planning answers %d", a.Status)
	}
	leads := false
	for _, m := range late.FindAllStringSubmatch(c.Get("/").Body, -1) {
		leads = leads || m[1] == a.Location && m[2] == "Mở buổi"
	}
	if !leads {
		t.Error("no late cell leads to the session planned for it")
	}
}

func TestSessionStatesKeepWhatWasFirstWritten(t *testing.T) {
	site := webtest.New(t)
	c, id := site.As(t, "officer"), site.Home.Planned
	at := "/sessions/" + string(id)
	if a := c.Post(at+"/state", "to", "held"); a.Status != http.StatusUnprocessableEntity || !a.Has("chưa đến") {
		t.Errorf("a session of next week is held today: %d", a.Status)
	}
	if a := c.Post(at+"/count", "sex", "female", "band", "adult"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("heads of next week are counted today: %d", a.Status)
	}
	if a := c.Post(at+"/state", "to", "cancelled", "why", " "); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("cancelled without a reason: %d", a.Status)
	}
	c.Post(at+"/state", "to", "cancelled", "why", "Mưa lũ, đường sạt")
	if x := sessionNow(t, site, id); x.State != loa.Cancelled || x.Why != "Mưa lũ, đường sạt" {
		t.Errorf("%s because %q", x.State, x.Why)
	}
	if a := c.Post(at+"/question", "text", "Có còn họp không?", "village", string(site.Home.Village1)); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a question at a cancelled session answers %d", a.Status)
	}
	c.Post(at+"/state", "to", "planned")
	site.Advance(6 * 24 * 3600e9)
	c = site.As(t, "officer")
	if !c.Get("/sessions?when=late").Has("Nhóm nhỏ tháng 12 mau") || !c.Get(at).Has("chưa ghi kết quả") {
		t.Error("a session whose day has passed is not marked")
	}
	if a := c.Post(at+"/count", "sex", "female", "band", "adult", "n", "12"); a.Status != http.StatusSeeOther {
		t.Fatalf("counting answers %d", a.Status)
	}
	if x := sessionNow(t, site, id); x.State != loa.Held {
		t.Errorf("somebody is counted at a session that is %s", x.State)
	}
	if a := c.Post(at+"/heads", "was_female-adult", "12", "now_female-adult", "15"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a correction without a reason answers %d", a.Status)
	}
	if a := c.Post(at+"/heads", "was_female-adult", "12", "now_female-adult", "15", "head_why", "Đếm sót bếp"); a.Status != http.StatusSeeOther {
		t.Fatalf("a correction answers %d", a.Status)
	}
	if n, _ := headsNow(t, site, id); n != 15 {
		t.Errorf("corrected to %d", n)
	}
	page := c.Get(at + "?tab=after")
	if !page.Has("Đếm sót bếp", "<del>12</del> → 15", "Mưa lũ, đường sạt", "đã hủy", "Giàng A Nhất") {
		t.Error("the history does not show who changed what from what")
	}
}

func TestQuestionsLeadsAndVisitsOfASession(t *testing.T) {
	site := webtest.New(t)
	c, id, ctx := site.As(t, "officer"), site.Home.Held, context.Background()
	at := "/sessions/" + string(id)
	fact := loa.NewID()
	for range 2 {
		if a := c.Post(at+"/question", "fact", fact, "text", "Nộp ba tháng một lần được không?", "segment", string(site.Home.Segment), "village", string(site.Home.Village1), "times", "4", "promised", "1"); a.Status != http.StatusSeeOther {
			t.Fatalf("a question answers %d: %s", a.Status, a.Body)
		}
	}
	list, err := site.DB.Questions(ctx, homeScope(t, site), store.QuestionFilter{Session: id})
	if err != nil || len(list) != 2 || list[1].N != 4 || list[1].Segment != site.Home.Segment || list[1].Area != site.Home.Village1 || !list[1].Promised {
		t.Errorf("kept %+v, %v", list, err)
	}
	if a := c.Post(at+"/question", "text", "Gì?", "village", string(site.Home.Village1)); a.Status != http.StatusUnprocessableEntity || !a.Has("Gì?") {
		t.Errorf("three letters answer %d", a.Status)
	}
	if a := c.Post(at+"/question", "text", "Của làng bên kia?", "village", string(site.Home.Village2)); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a village outside the scope answers %d", a.Status)
	}
	if !c.Get(at + "?tab=after").Has("Nộp ba tháng một lần được không?") {
		t.Error("the promise is not on the last tab")
	}
	c.Post(at+"/void", "noun", "question", "fact", fact)
	if list, err = site.DB.Questions(ctx, homeScope(t, site), store.QuestionFilter{Session: id}); err != nil || len(list) != 1 {
		t.Errorf("%d questions after one was taken back, %v", len(list), err)
	}
	lead := loa.NewID()
	if a := c.Post(at+"/lead", "fact", lead, "person", string(site.Home.Person), "scheme", "voluntary_si"); a.Status != http.StatusSeeOther {
		t.Fatalf("a lead answers %d", a.Status)
	}
	if !c.Get(at+"?tab=after").Has("/enrolment/"+lead) || !c.Get("/enrolment/"+lead).Has("Quan tâm") {
		t.Error("the lead does not reach enrolment")
	}
	if a := c.Post(at+"/void", "noun", "lead", "fact", string(site.Home.Lead)); a.Status != http.StatusConflict {
		t.Errorf("a lead handed over is taken back: %d", a.Status)
	}
	c.Post(at+"/void", "noun", "lead", "fact", lead)
	if a := c.Get("/enrolment/" + lead); a.Status != http.StatusNotFound {
		t.Errorf("a lead taken back answers %d", a.Status)
	}
	if a := c.Post(at+"/visit", "person", string(site.Home.Person), "outcome", "promised", "next_on", "2025-12-06", "note", "Sau khi bán ngô"); a.Status != http.StatusSeeOther {
		t.Fatalf("a visit answers %d: %s", a.Status, a.Body)
	}
	if !c.Get(at+"?tab=after").Has("06/12", "Sau khi bán ngô") {
		t.Error("who was promised a day is not to be gone back to")
	}
	if a := c.Post(at+"/visit", "person", string(site.Home.Person), "outcome", "shouted"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("an unknown outcome answers %d", a.Status)
	}
}

func TestNamesAreForThoseWhoMayReadThem(t *testing.T) {
	site := webtest.New(t)
	at := "/sessions/" + string(site.Home.Held)
	for _, name := range []string{"viewer", "administrator"} {
		c := site.As(t, name)
		for _, tab := range []string{"prepare", "hold", "after"} {
			page := c.Get(at + "?tab=" + tab + "&q=sung")
			if page.Status != http.StatusOK || page.Has("Sùng A Mẫu") || page.Has("/people/") || page.Has("/count\"") || page.Has("/photos/") {
				t.Errorf("%s on %s (%d) sees names or forms", name, tab, page.Status)
			}
		}
	}
	if c := site.As(t, "sibling"); c.Get("/sessions?when=all").Has("mau") && c.Get("/sessions?when=all").Has("Nhóm nhỏ bản Một mau") {
		t.Error("the officer of the other commune sees this one's sessions")
	}
}

// TestANarrowRoleOpensNoNamesElsewhere gives one officer two roles: reading sessions everywhere does not open the names of
// people outside the commune where people may be read.
func TestANarrowRoleOpensNoNamesElsewhere(t *testing.T) {
	site := webtest.New(t)
	admin, sibling := site.As(t, "administrator"), site.Home.Officers["sibling"]
	if a := admin.Post("/admin/officers/"+string(sibling)+"/roles", "role", "administrator", "area", "", "from", "2025-11-01", "to", "2025-12-31"); a.Status != http.StatusSeeOther {
		t.Fatalf("giving a role answers %d: %s", a.Status, a.Body)
	}
	c, at := site.As(t, "sibling"), "/sessions/"+string(site.Home.Held)
	for _, tab := range []string{"prepare", "hold", "after"} {
		if page := c.Get(at + "?tab=" + tab + "&q=sung"); page.Status != http.StatusOK || page.Has("Sùng A Mẫu") || page.Has("action=\""+at+"/") {
			t.Errorf("%s (%d) shows names or forms of a commune where the officer may only look at sessions", tab, page.Status)
		}
	}
	for _, act := range []string{"/count", "/name", "/photos", "/state", "/key"} {
		if a := c.Post(at + act); a.Status != http.StatusNotFound {
			t.Errorf("%s answers %d", act, a.Status)
		}
	}
	if a := c.Get(at + "/find?q=sung"); a.Status != http.StatusNotFound {
		t.Errorf("finding names answers %d", a.Status)
	}
}
