package web_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"html"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
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

func TestAHeadIsCountedOnce(t *testing.T) {
	site := webtest.New(t)
	c, id := site.As(t, "officer"), site.Home.Held
	at := "/sessions/" + string(id)
	was, _ := headsNow(t, site, id)
	for _, tap := range [][2]string{{"female", "adult"}, {"female", "adult"}, {"male", "adult"}} {
		if a := c.Post(at+"/count", "sex", tap[0], "band", tap[1]); a.Status != http.StatusSeeOther {
			t.Fatalf("a tap answers %d", a.Status)
		}
	}
	if n, named := headsNow(t, site, id); n != was+3 || named != 1 {
		t.Fatalf("three taps make %d heads, %d named", n-was, named)
	}
	if a := c.Post(at + "/back"); a.Status != http.StatusSeeOther {
		t.Fatalf("taking back answers %d", a.Status)
	}
	if n, _ := headsNow(t, site, id); n != was+2 {
		t.Errorf("taking a tap back leaves %d", n-was)
	}
	page := c.Get(at + "?tab=hold&q=sung+a")
	if !page.Has("<mark>Sùng</mark>", "đã ghi") {
		t.Error("somebody named is not found without accents, or not marked as present")
	}
	// A new person who had been counted: the count goes down by one, the heads stay.
	fresh := loa.NewID()
	for range 2 { // the same form sent twice
		if a := c.Post(at+"/newcomer", "new_id", fresh, "name", "Thào Thị Mới", "village", string(site.Home.Village1), "sex", "female", "counted", "1"); a.Status != http.StatusSeeOther {
			t.Fatalf("a newcomer answers %d: %s", a.Status, a.Body)
		}
	}
	if n, named := headsNow(t, site, id); n != was+2 || named != 2 {
		t.Errorf("naming somebody counted makes %d heads, %d named", n-was, named)
	}
	// The other cell is empty of women now but one; one more named who was not counted adds a head.
	c.Post(at+"/newcomer", "new_id", loa.NewID(), "name", "Giàng A Khác", "village", string(site.Home.Village1))
	c.Post(at+"/name", "person", string(site.Home.Person)) // named already: nothing changes
	if n, named := headsNow(t, site, id); n != was+3 || named != 3 {
		t.Errorf("%d heads, %d named", n-was, named)
	}
	if a := c.Post(at+"/unname", "person", fresh); a.Status != http.StatusSeeOther {
		t.Errorf("taking a name off answers %d", a.Status)
	}
	if n, named := headsNow(t, site, id); n != was+2 || named != 2 {
		t.Errorf("after a name was taken off: %d heads, %d named", n-was, named)
	}
	if a := c.Post(at+"/newcomer", "name", ""); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("nobody's name answers %d", a.Status)
	}
	if a := c.Post(at+"/name", "person", string(site.Neighbour.Person)); a.Status != http.StatusNotFound {
		t.Errorf("a person of another office answers %d", a.Status)
	}
	if a := c.Post(at+"/count", "sex", "female", "band", "adult", "n", "-3"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("counting backwards answers %d", a.Status)
	}
	h := site.As(t, "officer")
	h.Header.Set("HX-Request", "true")
	if a := h.Post(at+"/count", "sex", "male", "band", "old"); a.Status != http.StatusOK || !a.Has(`id="tap-last" hx-swap-oob="true"`, "nam từ 60") || a.Has("<html") {
		t.Errorf("a tap with scripts answers %d: %s", a.Status, a.Body)
	}
}

// TestANewPersonTakesANameAndOneTap reads the form a newcomer is written down with: it stands on the page that counts heads, asks for a
// name alone, has the session's village chosen already, and saves with one button. That is what half a minute at a door allows.
func TestANewPersonTakesANameAndOneTap(t *testing.T) {
	site := webtest.New(t)
	c, id := site.As(t, "officer"), site.Home.Held
	form := regexp.MustCompile(`(?s)<form [^>]*/newcomer".*?</form>`).FindString(c.Get("/sessions/" + string(id) + "?tab=hold").Body)
	if form == "" {
		t.Fatal("the page of a session has no form for a newcomer")
	}
	if must := regexp.MustCompile(`name="(\w+)"[^>]* required`).FindAllStringSubmatch(form, -1); len(must) != 1 || must[0][1] != "name" {
		t.Errorf("a newcomer needs %v", must)
	}
	village := regexp.MustCompile(`<option value="([^"]+)" selected`).FindAllStringSubmatch(form, -1)
	if len(village) != 1 || village[0][1] != string(site.Home.Village1) {
		t.Errorf("the session's village is not chosen: %v", village)
	}
	if n := strings.Count(form, "<button"); n != 1 {
		t.Errorf("%d buttons to choose from", n)
	}
	_, before := headsNow(t, site, id)
	newID := regexp.MustCompile(`name="new_id" value="([^"]+)"`).FindStringSubmatch(form)[1]
	if a := c.Post("/sessions/"+string(id)+"/newcomer", "new_id", newID, "village", village[0][1], "name", "Lầu Thị Ba Mươi Giây"); a.Status != http.StatusSeeOther {
		t.Fatalf("a name and a tap answer %d", a.Status)
	}
	if _, named := headsNow(t, site, id); named != before+1 {
		t.Errorf("%d named, %d before", named, before)
	}
}

func TestTwoOfficersRecordOneSession(t *testing.T) {
	site := webtest.New(t)
	id := site.Home.Held
	at := "/sessions/" + string(id)
	one, two := site.As(t, "officer"), site.As(t, "director")
	was, _ := headsNow(t, site, id)
	for range 3 { // two people at two doors
		one.Post(at+"/count", "sex", "female", "band", "adult")
		two.Post(at+"/count", "sex", "female", "band", "adult")
	}
	one.Post(at + "/back") // takes back what officer one tapped, never what the director did
	if n, _ := headsNow(t, site, id); n != was+5 {
		t.Errorf("two officers counted 6 and took back 1: %d", n-was)
	}
	for i := range 6 { // two taps are left, and the name this officer took down on the day
		if a := one.Post(at + "/back"); i > 2 && a.Status != http.StatusUnprocessableEntity {
			t.Errorf("an officer takes back more than was tapped: %d", a.Status)
		}
	}
	if n, _ := headsNow(t, site, id); n != was+2 {
		t.Errorf("the director's three heads became %d", n-was+1)
	}
	var both sync.WaitGroup // at the very same time
	for _, c := range []*webtest.Client{site.As(t, "officer"), site.As(t, "director")} {
		both.Go(func() {
			for range 15 {
				if a := c.Post(at+"/count", "sex", "male", "band", "young"); a.Status != http.StatusSeeOther {
					t.Errorf("a tap beside another's answers %d", a.Status)
				}
			}
		})
	}
	both.Wait()
	if n, _ := headsNow(t, site, id); n != was+2+30 {
		t.Errorf("thirty taps at once became %d", n-was-2)
	}
	one.Post(at+"/leaflets", "more", "30")
	two.Post(at+"/leaflets", "more", "12")
	if x := sessionNow(t, site, id); x.Leaflets != 42 {
		t.Errorf("two bundles of leaflets make %d", x.Leaflets)
	}
	// Both open the plan; each changes another field, then both the same one.
	plan := func(c *webtest.Client) (edit string, fields []string) {
		x := sessionNow(t, site, id)
		seen := hiddenValue(t, c.Get(at+"/edit").Body, "seen")
		return at + "/edit", []string{"seen", seen, "form", string(x.Form), "title", x.Title, "theme", x.Theme, "place", x.Place, "area", string(x.Area), "on", string(x.On), "start", "19:00", "expected", strconv.Itoa(x.Expected),
			"officer", string(x.Officers[0]), "segment", string(x.Segments[0])}
	}
	set := func(fields []string, name, value string) []string {
		out := append([]string{}, fields...)
		for i := 0; i < len(out); i += 2 {
			if out[i] == name {
				out[i+1] = value
			}
		}
		return out
	}
	url, fields := plan(one)
	if a := one.Post(url, set(fields, "place", "Nhà trưởng bản")...); a.Status != http.StatusSeeOther {
		t.Fatalf("the first edit answers %d: %s", a.Status, a.Body)
	}
	if a := two.Post(url, set(fields, "theme", "Hộ gia đình")...); a.Status != http.StatusSeeOther {
		t.Fatalf("an edit of another field answers %d: %s", a.Status, a.Body)
	}
	if x := sessionNow(t, site, id); x.Place != "Nhà trưởng bản" || x.Theme != "Hộ gia đình" {
		t.Errorf("one edit overwrote the other: %q %q", x.Place, x.Theme)
	}
	a := two.Post(url, set(fields, "place", "Sân trường")...)
	if a.Status != http.StatusConflict || !a.Has("Nhà trưởng bản", "Sân trường") {
		t.Fatalf("a clash answers %d and must show both values", a.Status)
	}
	if x := sessionNow(t, site, id); x.Place != "Nhà trưởng bản" || x.Theme != "Hộ gia đình" {
		t.Error("a clash wrote something")
	}
	again := set(set(set(fields, "place", "Sân trường"), "theme", "Hộ gia đình"), "seen", hiddenValue(t, a.Body, "seen"))
	if a := two.Post(url, again...); a.Status != http.StatusSeeOther {
		t.Errorf("saving after seeing both answers %d", a.Status)
	}
	// Minutes that both wrote.
	seen := hiddenValue(t, one.Get(at+"?tab=after").Body, "seen")
	one.Post(at+"/after", "seen", seen, "minutes", "Bà con hỏi về lương hưu.")
	if a := two.Post(at+"/after", "seen", seen, "minutes", "Đông người, thiếu ghế."); a.Status != http.StatusConflict || !a.Has("Bà con hỏi về lương hưu.", "Đông người, thiếu ghế.") {
		t.Errorf("minutes written twice answer %d", a.Status)
	}
	if a := two.Post(at+"/after", "seen", seen, "minutes", "", "travel_cost", "50.000"); a.Status != http.StatusSeeOther {
		t.Errorf("a cost beside another's minutes answers %d", a.Status)
	}
	if x := sessionNow(t, site, id); x.Minutes != "Bà con hỏi về lương hưu." || x.TravelCost != 50000 {
		t.Errorf("minutes %q, cost %d", x.Minutes, x.TravelCost)
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

func TestSheetIsKeyedBackRowByRow(t *testing.T) {
	site := webtest.New(t)
	c, id := site.As(t, "officer"), site.Home.Held
	at := "/sessions/" + string(id)
	was, _ := headsNow(t, site, id)
	a := c.Post(at+"/sheets", "kind", "attendance", "blank", "2", "village", string(site.Home.Village1))
	if a.Status != http.StatusSeeOther {
		t.Fatalf("making a sheet answers %d: %s", a.Status, a.Body)
	}
	code := a.Location[strings.LastIndex(a.Location, "=")+1:]
	if paper := c.Get(a.Location); !paper.Has(code, "Sùng A Mẫu mau", "Ký tên") || paper.Has("Thào Thị Nhì mau") {
		t.Error("the sheet must name the segment's people in the village and nobody else")
	}
	form := c.Get(at + "/key?code=" + code)
	fields := []string{"code", code, "here_1", "1", "id_2", hiddenValue(t, form.Body, "id_2"), "name_2", "Vừ A Viết Thêm", "village_2", string(site.Home.Village1), "sex_2", "male",
		"count_female-old", "3", "count_id_female-old", hiddenValue(t, form.Body, "count_id_female-old")}
	for range 2 {
		if a := c.Post(at+"/key", fields...); a.Status != http.StatusSeeOther {
			t.Fatalf("keying answers %d: %s", a.Status, a.Body)
		}
	}
	if n, named := headsNow(t, site, id); n != was+4 || named != 2 { // the person of row 1 stood there already
		t.Errorf("keyed twice: %d heads more, %d named", n-was, named)
	}
	if a := c.Post(at+"/key", "code", code, "id_3", loa.NewID(), "name_3", "Ai Đó", "village_3", string(site.Home.Village2), "count_female-old", "9"); a.Status != http.StatusNotFound && a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a row of a village elsewhere answers %d", a.Status)
	}
	if n, _ := headsNow(t, site, id); n != was+4 {
		t.Error("a refused sheet left half of itself")
	}
	a = c.Post(at+"/sheets", "kind", "walk", "blank", "0")
	walk := a.Location[strings.LastIndex(a.Location, "=")+1:]
	if !c.Get(a.Location).Has("☐ đã gặp", "Sùng A Mẫu mau") {
		t.Error("the walk list has no boxes")
	}
	if a := c.Post(at+"/key", "code", walk, "outcome_1", "not_home", "note_1", "đi nương"); a.Status != http.StatusSeeOther {
		t.Fatalf("keying a walk list answers %d", a.Status)
	}
	visits, err := site.DB.SessionVisits(context.Background(), homeScope(t, site), id)
	if err != nil || len(visits) != 1 || visits[0].Outcome != "not_home" || visits[0].Note != "đi nương" {
		t.Errorf("keyed %+v, %v", visits, err)
	}
	if a := c.Post(at+"/key", "code", "ZZZZ"); a.Status != http.StatusNotFound {
		t.Errorf("an unknown code answers %d", a.Status)
	}
}

var letterHead = regexp.MustCompile(`<b class="upper rule-third">[^<]*</b>`)

func TestLettersTakeTheirNumberOnce(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	x := sessionNow(t, site, site.Home.Planned)
	x.Partners, x.ID = []loa.PartnerID{site.Home.Partner}, loa.SessionID(loa.NewID())
	if _, err := site.DB.AddSession(context.Background(), homeScope(t, site), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}, x); err != nil {
		t.Fatal(err)
	}
	at := "/sessions/" + string(x.ID)
	if c.Get(at + "/letters").Has("01/GM-BHXH") {
		t.Error("looking takes a number")
	}
	for range 2 {
		if a := c.Post(at + "/letters"); a.Status != http.StatusSeeOther {
			t.Fatalf("writing answers %d", a.Status)
		}
	}
	letter := c.Get(at + "/letters")
	if head := letterHead.FindString(letter.Body); strings.Contains(head, "BHXH") {
		t.Errorf("the office's name is not written out at the head: %s", head)
	}
	if signed := site.As(t, "director").Get(at + "/letters"); !signed.Has(`<b class="doc-name">Lò Thị Mẫu</b>`) {
		t.Error("the director's own copy has no room for her name")
	}
	if !letter.Has("Số: 01/GM-BHXH", "ngày 30 tháng 11 năm 2025", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "GIẤY MỜI", "Kính gửi: Hội Phụ nữ xã Nhất mau", "19 giờ 00 phút, Thứ Sáu, ngày 05/12/2025") || letter.Has("02/GM-BHXH") {
		t.Errorf("the letter is not what it should be: %s", letter.Body)
	}
	c.Post(at+"/confirm", "partner", string(site.Home.Partner), "comes", "1")
	if !c.Get(at).Has("nhận lời 30/11") {
		t.Error("the partner's yes is not shown")
	}
	c.Post(at+"/check", "text", "Không có dòng này", "done", "1")
	if a := c.Post(at+"/confirm", "partner", string(site.Neighbour.Partner), "comes", "1"); a.Status != http.StatusNotFound {
		t.Errorf("another office's partner answers %d", a.Status)
	}
}

// TestPartnerAnswersWithoutAnAccount opens the page behind the letter's address as somebody who has no account at all.
func TestPartnerAnswersWithoutAnAccount(t *testing.T) {
	site := webtest.New(t)
	c, id := site.As(t, "officer"), site.Home.Held
	x := sessionNow(t, site, site.Home.Planned)
	x.Partners, x.ID, x.Place = []loa.PartnerID{site.Home.Partner}, loa.SessionID(loa.NewID()), "Nhà văn hóa"
	if _, err := site.DB.AddSession(context.Background(), homeScope(t, site), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}, x); err != nil {
		t.Fatal(err)
	}
	at := "/sessions/" + string(x.ID)
	c.Post(at + "/letters")
	m := regexp.MustCompile(`href="(/invitations/[^"]+)"`).FindStringSubmatch(c.Get(at).Body)
	if m == nil {
		t.Fatal("the letter has no page")
	}
	p := site.Anonymous(t)
	page := p.Get(m[1])
	if page.Status != http.StatusOK || !page.Has(x.Title, "Nhà văn hóa", "Bản Một mau, Xã Nhất mau", "05/12/2025", "19:00", "Giàng A Nhất", "Hội Phụ nữ xã Nhất mau") || page.Has("Sùng A Mẫu") || page.Has("Nông dân") {
		t.Errorf("the partner's page answers %d: %s", page.Status, page.Body)
	}
	if a := p.Post(m[1], "comes", "1"); a.Status != http.StatusSeeOther || !p.Get(m[1]).Has("nhận lời 30/11/2025") || !c.Get(at).Has("nhận lời 30/11") {
		t.Errorf("saying yes answers %d", a.Status)
	}
	if a := p.Post(m[1], "comes", "0"); a.Status != http.StatusSeeOther || c.Get(at).Has("nhận lời 30/11") {
		t.Errorf("saying no answers %d", a.Status)
	}
	if page = site.As(t, "viewer").Get(at); page.Has("/invitations/") {
		t.Error("whoever may only look finds the partner's secret")
	}
	for _, wrong := range []string{"/invitations/x", "/invitations/" + strings.Repeat("A", 43), "/invitations/" + string(id), m[1] + "x"} {
		if a := p.Get(wrong); a.Status != http.StatusNotFound {
			t.Errorf("%s answers %d", wrong, a.Status)
		}
		if a := p.Post(wrong, "comes", "1"); a.Status != http.StatusNotFound {
			t.Errorf("answering %s answers %d", wrong, a.Status)
		}
	}
	c.Post(at+"/state", "to", "cancelled", "why", "Mưa lũ")
	if a := p.Get(m[1]); !a.Has("Mưa lũ") || a.Has(`name="comes"`) {
		t.Error("a cancelled session still asks for an answer")
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

func sendPhotos(t *testing.T, c *webtest.Client, path string, files ...[]byte) webtest.Answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	if err := w.WriteField("kind", "photo"); err != nil {
		t.Fatal(err)
	}
	for i, raw := range files {
		part, err := w.CreateFormFile("file", "anh"+strconv.Itoa(i)+".jpg")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(raw); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return c.SendBody(http.MethodPost, path, w.FormDataContentType(), &body)
}

// photo is a JPEG with a place of exposure written beside its pixels.
func photo(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for i := range img.Pix {
		img.Pix[i] = byte(i * 7)
	}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, nil); err != nil {
		t.Fatal(err)
	}
	secret := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00"), []byte("GPS 21.96 N 103.36 E")...)
	head := []byte{0xff, 0xd8, 0xff, 0xe1, 0, 0}
	binary.BigEndian.PutUint16(head[4:], uint16(len(secret)+2))
	return append(append(head, secret...), buf.Bytes()[2:]...)
}

// bomb is a PNG of a few bytes that says it is a hundred thousand pixels wide and high.
func bomb() []byte {
	var buf bytes.Buffer
	buf.WriteString("\x89PNG\r\n\x1a\n")
	head := []byte("IHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x02\x00\x00\x00")
	binary.Write(&buf, binary.BigEndian, uint32(13))
	buf.Write(head)
	binary.Write(&buf, binary.BigEndian, crc32.ChecksumIEEE(head))
	return buf.Bytes()
}

func TestPhotosAreMadeAnewAndHostileOnesRefused(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	at := "/sessions/" + string(site.Home.Held)
	if a := sendPhotos(t, c, at+"/photos", photo(t)); a.Status != http.StatusSeeOther {
		t.Fatalf("a photo answers %d: %s", a.Status, a.Body)
	}
	m := regexp.MustCompile(`<img src="(/photos/[^"]+)"`).FindStringSubmatch(c.Get(at + "?tab=after").Body)
	if m == nil {
		t.Fatal("the photo is not on the page")
	}
	got := c.Get(m[1])
	if got.Status != http.StatusOK || got.Header.Get("Content-Type") != "image/jpeg" || strings.Contains(got.Body, "GPS") || strings.Contains(got.Body, "Exif") {
		t.Errorf("the photo answers %d with what the camera wrote", got.Status)
	}
	for name, want := range map[string]int{"director": 200, "sibling": 404, "viewer": 403, "administrator": 403, "collector": 403, "ben.director": 404, "ben.officer": 404, "xa.director": 404} {
		if a := site.As(t, name).Get(m[1]); a.Status != want {
			t.Errorf("the photo as %s answers %d, want %d", name, a.Status, want)
		}
	}
	for name, raw := range map[string][]byte{"text": []byte("#!/bin/sh\necho hello\n"), "empty": {}, "svg": []byte("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "bomb": bomb(), "cut": photo(t)[:80], "big": make([]byte, 16<<20)} {
		if a := sendPhotos(t, c, at+"/photos", raw); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s answers %d", name, a.Status)
		}
	}
	if n := strings.Count(c.Get(at+"?tab=after").Body, "<img "); n != 1 {
		t.Errorf("%d photos after hostile ones", n)
	}
	if a := site.As(t, "sibling").Post(m[1] + "/remove"); a.Status != http.StatusNotFound {
		t.Errorf("somebody else removes it: %d", a.Status)
	}
	if a := c.Post(m[1] + "/remove"); a.Status != http.StatusSeeOther || c.Get(m[1]).Status != http.StatusNotFound {
		t.Errorf("removing answers %d", a.Status)
	}
	if a := c.Post(m[1] + "/restore"); a.Status != http.StatusSeeOther || c.Get(m[1]).Status != http.StatusOK {
		t.Errorf("taking that back answers %d", a.Status)
	}
	if a := sendPhotos(t, c, at+"/photos"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("no file answers %d", a.Status)
	}
}
