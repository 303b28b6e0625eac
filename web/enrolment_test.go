package web_test

import (
	"context"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

// addLead records that somebody is interested.
func addLead(t *testing.T, site *webtest.Site, person loa.PersonID, on loa.Day) loa.Lead {
	t.Helper()
	l := loa.Lead{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: on}, Person: person, Scheme: loa.VoluntarySI, Form: loa.SmallGroup, Officer: site.Home.Officers["officer"]}
	if err := site.DB.AddLead(context.Background(), scopeOfHome(site), byDirector(site), l); err != nil {
		t.Fatal(err)
	}
	return l
}

// TestAnEnrolmentIsFollowedToItsRenewal walks one lead through every step on its page: handed, registered, paid, renewed, left, with
// the day and the owner of each, and takes steps back.
func TestAnEnrolmentIsFollowedToItsRenewal(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	person := addPerson(t, site, loa.Person{Name: "Vàng A Bước"}).ID
	c.Post("/people/"+string(person)+"/visit", "outcome", "met", "on", "2025-07-01")
	l := addLead(t, site, person, "2025-07-02")
	at := "/enrolment/" + string(l.ID)
	if page := c.Get(at); !page.Has("Quan tâm", "02/07/2025", "Đã chờ 151 ngày", "Thăm hộ", "01/07/2025") {
		t.Error("the page does not say since when it waits, or which touches led here")
	}
	page := c.Get(at)
	for _, reason := range loa.RefusalReasons {
		if !regexp.MustCompile(`name="reason" value="` + reason + `"><svg`).MatchString(page.Body) {
			t.Errorf("the reason %s has no picture to tap", reason)
		}
	}
	c.Post(at+"/step", "step", "refused", "reason", "no_money", "on", "2025-07-03")
	page = c.Get(at)
	if !page.Has("không có tiền", "Lấy lại") || page.Has("/step\"") {
		t.Error("a refusal is not shown with its reason, or the lead goes on")
	}
	fact := regexp.MustCompile(`name="fact" value="([^"]+)">Lấy lại`).FindStringSubmatch(page.Body)
	c.Post(at+"/undo", "fact", fact[1])
	if !c.Get(at).Has("/step\"") {
		t.Fatal("the refusal was not taken back")
	}
	c.Post(at+"/step", "step", "handed", "collector", string(site.Home.Collector), "on", "2025-07-05")
	if page = c.Get(at); !page.Has("Điểm thu mau", "Đã chờ 148 ngày") {
		t.Error("the hand-over has no owner or age")
	}
	if a := c.Post(at+"/step", "step", "handed", "on", "2025-07-06"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a hand-over to nobody answers %d", a.Status)
	}
	c.Post(at+"/step", "step", "registered", "on", "2025-07-08")
	pay := []string{"paid_on", "2025-07-10", "method", "quarterly", "from", "2025-07-01", "until", "2025-09-30", "amount", "693000"}
	c.Post(at+"/pay", pay...)
	page = c.Get(at)
	if !page.Has("Đã đóng", "Lấy lại") {
		t.Fatal("the payment is not shown")
	}
	fact = regexp.MustCompile(`name="fact" value="([^"]+)">Lấy lại`).FindStringSubmatch(page.Body)
	c.Post(at+"/undo", "fact", fact[1])
	if page = c.Get(at); !page.Has("Ghi đã đóng") || c.Get("/people?q=vang+a+buoc").Has("đến 30/09/2025") {
		t.Fatal("the payment was not taken back with its step")
	}
	c.Post(at+"/pay", pay...)
	c.Post("/people/"+string(person)+"/pay", "scheme", "voluntary_si", "payer", "self", "method", "quarterly", "on", "2025-10-01", "from_on", "2025-10-01", "until", "2025-12-31", "amount", "700000")
	if page = c.Get(at); !page.Has("Tái tục", "700.000 đ", "đã tái tục 1 lần", "sắp hết hạn") {
		t.Error("the renewal and what is due next are not on the page")
	}
	c.Post("/people/"+string(person)+"/leave", "scheme", "voluntary_si", "reason", "compulsory", "on", "2025-11-20")
	if page = c.Get(at); !page.Has("đã dừng", "chuyển sang bắt buộc", "20/11/2025") {
		t.Error("the leaving is not on the page")
	}
	board := c.Get("/enrolment/board?scheme=voluntary_si")
	if !board.Has("đã dừng <b>1</b>", "Đã tái tục ít nhất một lần: 1 trong 1 người") {
		t.Error("the board does not say what became of it")
	}
}

func TestTheBoardSaysWhoHoldsWhatAndWhereItLeaks(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	for i, on := range []loa.Day{"2025-11-25", "2025-10-01", "2025-10-02"} {
		l := addLead(t, site, addPerson(t, site, loa.Person{Name: "Người Quan Tâm " + string(rune('A'+i))}).ID, on)
		if i == 2 {
			c.Post("/enrolment/"+string(l.ID)+"/step", "step", "refused", "reason", "no_trust", "on", "2025-10-05")
		}
	}
	page := c.Get("/enrolment/board")
	if !page.Has("Giàng A Nhất", "1 quá 14 ngày", "lâu nhất 60 ngày", "/enrolment?officer="+string(site.Home.Officers["officer"])+"&amp;step=interested") {
		t.Error("the officer's line lacks its count, its age or its way to the list")
	}
	row := regexp.MustCompile(`(?s)<th scope="row">Quan tâm</th>.*?</tr>`).FindString(page.Body)
	if plain := strings.Join(regexp.MustCompile(`>([^<>\s][^<>]*)<`).FindAllString(row, -1), " "); !strings.Contains(plain, ">4<") || !strings.Contains(plain, ">2<") || !strings.Contains(plain, ">1<") {
		t.Errorf("of four leads two wait and one refused, the page says %s", plain)
	}
	if by := c.Get("/enrolment/board?by=collector"); !by.Has("Điểm thu mau", "Chưa bàn giao") {
		t.Error("the board by collector does not name it")
	}
	if agent := site.As(t, "collector").Get("/enrolment/board"); agent.Status != http.StatusOK || agent.Has("lâu nhất 60 ngày") {
		t.Error("an agent sees what was not handed to its organisation")
	}
	if sibling := site.As(t, "sibling").Get("/enrolment/board"); sibling.Has("Giàng A Nhất") {
		t.Error("the other commune's officer sees the board of this one")
	}
}

func TestRenewalsStandInWalkingOrderByVillage(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	for _, p := range []struct {
		name  string
		until loa.Day
	}{{"Hạn Bảy Ngày", "2025-12-05"}, {"Hạn Ba Mươi", "2025-12-25"}, {"Đã Gián Đoạn", "2025-03-31"}} {
		who := addPerson(t, site, loa.Person{Name: p.name, Phone: "+841990000321"})
		c := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-01-05"}, Person: who.ID, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Quarterly, From: "2025-01-01", Until: p.until}
		if err := site.DB.AddContribution(context.Background(), scopeOfHome(site), byDirector(site), c); err != nil {
			t.Fatal(err)
		}
	}
	for query, want := range map[string][4]bool{"within=7": {true, false, false, false}, "within=30": {true, true, false, false}, "within=60": {true, true, true, false}, "kind=lapsed&within=12": {false, false, false, true}} {
		page := c.Get("/enrolment/renewals?" + query)
		for i, name := range []string{"Hạn Bảy Ngày", "Hạn Ba Mươi", "Sùng A Mẫu mau", "Đã Gián Đoạn"} {
			if page.Has(name+"</a>") != want[i] {
				t.Errorf("%s shows %s: %v", query, name, !want[i])
			}
		}
	}
	page := c.Get("/enrolment/renewals?print=1")
	if !page.Has(`<tr class="group">`, "Bản Một mau, Xã Nhất mau", "0199 000 0321", "Kết quả gặp") || page.Has("+84199") {
		t.Error("the list to walk by has no villages, no telephones, or no room for results")
	}
	if !c.Get("/enrolment/renewals").Has("Theo cán bộ và tổ chức thu", "Chưa có tổ chức thu", "Giàng A Nhất") {
		t.Error("the counts by officer and collector are missing")
	}
	if other := site.As(t, "sibling").Get("/enrolment/renewals"); other.Has("Hạn Bảy Ngày") {
		t.Error("the other commune's officer sees who is due here")
	}
	loose := addPerson(t, site, loa.Person{Name: "Chưa Rõ Xã Nào", Area: site.Home.Loose})
	if err := site.DB.AddContribution(context.Background(), scopeOfHome(site), byDirector(site), loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-01-05"}, Person: loose.ID,
		Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Quarterly, From: "2025-01-01", Until: "2025-12-20"}); err != nil {
		t.Fatal(err)
	}
	director := site.As(t, "director")
	own := "/enrolment/renewals?officer=no-commune"
	for _, at := range []string{"/", "/enrolment/renewals"} {
		if !director.Get(at).Has("Chưa rõ xã", own) {
			t.Errorf("%s has no line of its own for villages without a commune", at)
		}
	}
	if page := director.Get(own); !page.Has("Chưa Rõ Xã Nào") || page.Has("Hạn Bảy Ngày") {
		t.Error("the line of villages without a commune opens other people")
	}
	if theirs := c.Get("/enrolment/renewals?officer=" + string(site.Home.Officers["sibling"])); theirs.Has("Hạn Bảy Ngày") {
		t.Error("the list of one officer holds another's people")
	}
}

// TestSeveralLeadsAreHandedOverAtOnce hands two of three leads over in one act, refuses what is incomplete or foreign, and takes the
// hand-over back except for the one that has moved on.
func TestSeveralLeadsAreHandedOverAtOnce(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	var leads []string
	for i := range 3 {
		leads = append(leads, string(addLead(t, site, addPerson(t, site, loa.Person{Name: "Người Chờ " + string(rune('A'+i))}).ID, "2025-11-20").ID))
	}
	if page := c.Get("/enrolment"); !page.Has(`name="lead" value="`+leads[0]+`"`, "Bàn giao những người đã chọn") {
		t.Fatal("the list offers no hand-over of several")
	}
	collector := string(site.Home.Collector)
	for what, fields := range map[string][]string{
		"nobody":                   {"collector", collector},
		"no collector":             {"lead", leads[0]},
		"a foreign one among them": {"collector", collector, "lead", leads[0], "lead", string(site.Far.Lead)},
	} {
		if a := c.Post("/enrolment/hand", fields...); a.Status == http.StatusSeeOther {
			t.Errorf("handing over %s answers %d", what, a.Status)
		}
	}
	if c.Get("/enrolment/" + leads[0]).Has("Điểm thu mau</a>") {
		t.Fatal("a refused hand-over handed somebody over")
	}
	if a := site.As(t, "sibling").Post("/enrolment/hand", "collector", collector, "lead", leads[0]); a.Status != http.StatusNotFound {
		t.Errorf("the other commune's officer hands over this one's: %d", a.Status)
	}
	if a := site.As(t, "collector").Post("/enrolment/hand", "collector", collector, "lead", leads[0]); a.Status != http.StatusNotFound {
		t.Errorf("an agent hands over what nobody handed to it: %d", a.Status)
	}
	if a := c.Post("/enrolment/hand", "collector", collector, "lead", leads[0], "lead", leads[1], "next", "/enrolment?step=handed"); a.Status != http.StatusSeeOther {
		t.Fatalf("handing two over: %d", a.Status)
	}
	list := c.Get("/enrolment?step=handed&collector=" + collector)
	if !list.Has("Đã bàn giao 2 người cho Điểm thu mau", "Người Chờ A", "Người Chờ B") || list.Has("Người Chờ C") {
		t.Error("the two are not in the collector's hands, or the third is")
	}
	undo := regexp.MustCompile(`/enrolment/hand/undo\?[^"\\]+`).FindString(list.Body)
	if undo == "" {
		t.Fatal("the hand-over cannot be taken back")
	}
	c.Post("/enrolment/"+leads[1]+"/step", "step", "registered", "on", "2025-11-30")
	if a := c.Post(html.UnescapeString(strings.ReplaceAll(undo, `\u0026`, "&"))); a.Status != http.StatusSeeOther {
		t.Fatalf("taking it back: %d", a.Status)
	}
	if page := c.Get("/enrolment?step=interested"); !page.Has("Người Chờ A") || page.Has("Người Chờ B") {
		t.Error("taking it back did not reach the one, or undid the other's registration")
	}
}

// TestStepsGoForward refuses what would change nothing or hide how long somebody waits, and leaves the office's steps to the office.
func TestStepsGoForward(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	ctx, in := context.Background(), scopeOfHome(site)
	l := addLead(t, site, addPerson(t, site, loa.Person{Name: "Vàng A Bước"}).ID, "2025-07-02")
	at := "/enrolment/" + string(l.ID)
	c.Post(at+"/step", "step", "handed", "collector", string(site.Home.Collector), "on", "2025-07-05")
	if a := c.Post(at+"/step", "step", "handed", "collector", string(site.Home.Collector), "on", "2025-11-30"); a.Status != http.StatusUnprocessableEntity || !a.Has("đang ở chính tổ chức thu đó", "Đã chờ 148 ngày") {
		t.Errorf("handing over to who has it already answers %d", a.Status)
	}
	if a := c.Post(at+"/step", "step", "registered", "on", "2025-07-03"); a.Status != http.StatusUnprocessableEntity || !a.Has("trước bước gần nhất (05/07/2025)") {
		t.Errorf("a step before the latest one answers %d", a.Status)
	}
	for what, fields := range map[string][]string{"phải đến khoảng 30/06/2026": {"from", "2025-07-01", "until", "2025-07-31"}, "trước bước gần nhất": {"paid_on", "2025-07-04", "from", "2025-07-01"}, "Ngày này chưa tới": {"paid_on", "2025-12-04", "from", "2025-07-01"}} {
		if a := c.Post(at+"/pay", append(fields, "method", "yearly", "amount", "3.564.000")...); a.Status != http.StatusUnprocessableEntity || !a.Has(what, `value="3.564.000"`) {
			t.Errorf("%s: %d", what, a.Status)
		}
	}
	a := site.As(t, "collector")
	if page := a.Get(at); page.Status != http.StatusOK || page.Has("Lấy lại") {
		t.Errorf("an agent may take back what the office handed over (%d)", page.Status)
	}
	e, err := site.DB.Enrolment(ctx, in, l.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Post(at+"/undo", "fact", string(e.Steps[0].ID)); got.Status != http.StatusForbidden {
		t.Errorf("an agent takes back what the office handed over: %d", got.Status)
	}
	if got := a.Post(at+"/pay", "method", "yearly", "from", "2025-11-01", "amount", "3.564.000"); got.Status != http.StatusSeeOther {
		t.Fatalf("paying without a last day answers %d: %s", got.Status, got.Body)
	}
	if page := a.Get(at); !page.Has("đến 31/10/2026", "Lấy lại") {
		t.Error("the cover does not follow from the method, or the agent cannot take back its own step")
	}
}

func TestALeadSaysWhereToFindThePerson(t *testing.T) {
	site := webtest.New(t)
	c, a := site.As(t, "officer"), site.As(t, "collector")
	person := addPerson(t, site, loa.Person{Name: "Vàng A Nhà", Phone: "+841990000456"}).ID
	at := "/enrolment/" + string(addLead(t, site, person, "2025-11-02").ID)
	c.Post(at+"/step", "step", "handed", "collector", string(site.Home.Collector), "on", "2025-11-05")
	if page := a.Get(at); !page.Has("Bản Một mau, Xã Nhất mau", "0199 000 0456") {
		t.Error("the agent is not told where to go")
	}
	c.Post("/people/"+string(person)+"/consent", "purpose", "care", "channel", "call", "agreed", "0")
	if page := a.Get(at); page.Has("0199 000 0456") || !page.Has("không gọi") {
		t.Error("a refused call is not heeded")
	}
	c.Post("/people/"+string(person)+"/consent", "purpose", "care", "channel", "all", "agreed", "0")
	if page := a.Get(at); page.Has("Bản Một mau, Xã Nhất mau") || !page.Has("từ chối liên lạc") {
		t.Error("somebody who refused every contact is to be gone to")
	}
}
