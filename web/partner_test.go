package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"loa"
	"loa/auth"
	"loa/store"
	"loa/web/webtest"
)

func TestPartnerIsNotedChangedRetiredAndBroughtBack(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	form := []string{"name", "Trạm Y tế xã Nhất", "kind", "health_station", "area", string(site.Home.Commune1), "phone", "01990002222", "meeting", "Ngày 5 hằng tháng"}
	a := c.Post("/partners/new", form...)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("noting a partner: %d %s", a.Status, a.Body)
	}
	at := a.Location
	if b := c.Get("/partners?q=tram+y+te"); !b.Has("Trạm Y tế xã Nhất", "Ngày 5 hằng tháng", "Xã Nhất mau") || b.Has("Hội Phụ nữ xã") {
		t.Error("not found by its name without accents")
	}
	if b := c.Get("/partners?kind=women_union"); b.Has("Trạm Y tế xã Nhất") || !b.Has("Hội Phụ nữ xã Nhất mau") {
		t.Error("the kind narrows nothing")
	}
	if b := c.Post("/partners/new", "name", "", "kind", "x", "email", "@"); b.Status != http.StatusUnprocessableEntity || !b.Has(`aria-invalid="true"`) {
		t.Errorf("a partner without name, kind and place: %d", b.Status)
	}
	if b := c.Post("/partners/new", "name", "Đoàn Thanh niên", "kind", "youth_union", "area", string(site.Home.Commune2)); b.Status != http.StatusNotFound {
		t.Errorf("a partner in the sibling's commune: %d", b.Status)
	}
	b := c.Post(at + "/retire")
	if page := c.Get(b.Location); !page.Has(at + "/restore") {
		t.Error("nothing offers to take it back")
	}
	if b.Status != http.StatusSeeOther || c.Get("/partners").Has("Trạm Y tế xã Nhất") || !c.Get("/partners?retired=1").Has("Trạm Y tế xã Nhất") {
		t.Error("taken out of use, it still stands in the list")
	}
	if b := c.Get(at); !b.Has("Không còn dùng", at+"/restore") {
		t.Error("its page offers no way back")
	}
	if b := c.Post(at + "/restore"); b.Status != http.StatusSeeOther || !c.Get("/partners").Has("Trạm Y tế xã Nhất") {
		t.Error("not brought back")
	}
}

// TestPartnerClashesFieldByField lets two officers change one partner from forms read at the same time.
func TestPartnerClashesFieldByField(t *testing.T) {
	site := webtest.New(t)
	mine, theirs := site.As(t, "officer"), site.As(t, "director")
	at := "/partners/" + string(site.Home.Partner)
	page := mine.Get(at + "/edit")
	read := between(page.Body, `name="read" value="`, `"`)
	form := func(pairs ...string) []string {
		all := []string{"name", "Hội Phụ nữ xã Nhất mau", "kind", "women_union", "area", string(site.Home.Commune1), "read", read}
		return append(all, pairs...)
	}
	if a := theirs.Post(at+"/edit", form("contact", "Chị Dua", "meeting", "Ngày 8")...); a.Status != http.StatusSeeOther {
		t.Fatalf("the first to save: %d %s", a.Status, a.Body)
	}
	if a := mine.Post(at+"/edit", form("address", "Trụ sở xã")...); a.Status != http.StatusSeeOther {
		t.Fatalf("another field meanwhile: %d", a.Status)
	}
	if a := mine.Get(at); !a.Has("Chị Dua", "Ngày 8", "Trụ sở xã") {
		t.Errorf("an untouched field of an old form overwrote what somebody else wrote: %s", a.Body)
	}
	a := mine.Post(at+"/edit", form("contact", "Chị Xua")...)
	if a.Status != http.StatusUnprocessableEntity || !a.Has("Chị Dua", "Chị Xua", `value="Ngày 8"`, `value="Trụ sở xã"`) {
		t.Fatalf("the same field: %d %s", a.Status, a.Body)
	}
	read = between(a.Body, `name="read" value="`, `"`)
	if a := mine.Post(at+"/edit", form("contact", "Chị Xua", "meeting", "Ngày 8", "address", "Trụ sở xã")...); a.Status != http.StatusSeeOther || !mine.Get(at).Has("Chị Xua", "Ngày 8") {
		t.Errorf("saving again after having seen it: %d", a.Status)
	}
	if a := mine.Get(at); !a.Has("Chị Dua → Chị Xua") {
		t.Error("the history does not tell both values")
	}
}

func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	out, _, _ := strings.Cut(rest, to)
	return out
}

func TestSearchFindsPartnersCollectorsAndEmployers(t *testing.T) {
	site := webtest.New(t)
	for q, want := range map[string]string{"hoi phu nu": "/partners/" + string(site.Home.Partner), "diem thu": "/collectors/" + string(site.Home.Collector), "truong mau": "/employers/" + string(site.Home.Employer)} {
		q = strings.ReplaceAll(q, " ", "+")
		if a := site.As(t, "officer").Get("/search?q=" + q); !a.Has(want) {
			t.Errorf("%s does not find %s", q, want)
		}
		if a := site.As(t, "sibling").Get("/search?q=" + q); q != "diem+thu" && a.Has(want) {
			t.Errorf("the sibling finds %s", q)
		}
		if a := site.As(t, "collector").Get("/search?q=" + q); a.Has(want) {
			t.Errorf("an agent finds %s", q)
		}
	}
}

func TestPartnerShowsSessionsLettersAndItsPeople(t *testing.T) {
	site := webtest.New(t)
	ctx, o := context.Background(), site.Home
	in := loa.Scope{Office: o.ID, Ranges: []loa.Range{{From: "", To: "~~~"}}}
	by := loa.By{Officer: o.Officers["director"], At: site.Now()}
	if _, err := site.DB.EditSession(ctx, in, by, o.Planned, 0, func(s *loa.Session) error { s.Partners = []loa.PartnerID{o.Partner}; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := site.DB.WriteLetters(ctx, in, by, o.Planned, auth.Token); err != nil {
		t.Fatal(err)
	}
	if _, err := site.DB.AddInfluencer(ctx, in, by, loa.Influencer{Area: o.Village1, Role: "women_union", Name: "Chi hội trưởng Mẫu", From: "2024-01-01"}); err != nil {
		t.Fatal(err)
	}
	c := site.As(t, "officer")
	if a := c.Get("/partners"); !a.Has("05/12/2025") {
		t.Error("the list does not say when the next session is")
	}
	if a := c.Get("/partners/" + string(o.Partner)); !a.Has("Nhóm nhỏ tháng 12 mau", "số 1", "30/11/2025", "chưa trả lời", "Chi hội trưởng Mẫu", "Bản Một mau") || a.Has("Hạng A Trưởng") {
		t.Errorf("the partner's page: %s", a.Body)
	}
}

func TestCollectorsTerritoryDecidesWhoIsOffered(t *testing.T) {
	site := webtest.New(t)
	c, o := site.As(t, "director"), site.Home
	for _, name := range []string{"An Phúc", "Zenit"} {
		if a := c.Post("/collectors/new", "name", name, "capacity", "30"); a.Status != http.StatusSeeOther {
			t.Fatalf("noting a collector: %d", a.Status)
		}
	}
	lead := "/enrolment/" + string(o.Lead)
	near, far := offered(c.Get(lead).Body)
	if len(near) != 1 || near[0] != "Điểm thu mau" || len(far) != 2 || far[0] != "An Phúc" {
		t.Fatalf("offered near %v, far %v", near, far)
	}
	list, _, err := site.DB.Collectors(context.Background(), loa.Scope{Office: o.ID, Ranges: []loa.Range{{From: "", To: "~~~"}}}, store.ListPage{Take: 10})
	if err != nil {
		t.Fatal(err)
	}
	zenit := ""
	for _, k := range list {
		if k.Name == "Zenit" {
			zenit = string(k.ID)
		}
	}
	at := "/collectors/" + zenit
	if a := c.Post(at+"/territory", "area", string(o.Village1), "from", "2025-11-01", "to", "2025-11-20"); a.Status != http.StatusSeeOther {
		t.Fatalf("giving a village: %d %s", a.Status, a.Body)
	}
	if near, _ = offered(c.Get(lead + "?on=2025-11-15").Body); len(near) != 1 || near[0] != "Zenit" {
		t.Errorf("on a day of its territory: %v", near) // the other one has its own from the day of the fixture
	}
	if near, far = offered(c.Get(lead + "?on=2025-11-25").Body); len(near) != 0 || len(far) != 3 {
		t.Errorf("after its last day: near %v, far %v", near, far)
	}
	if a := c.Post(at+"/territory", "area", string(o.Village1), "from", "2025-11-10"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("overlapping days: %d", a.Status)
	}
	if a := c.Post(at+"/territory", "area", string(o.Village1), "from", "2025-11-01", "to", "", "was", "2025-11-20"); a.Status != http.StatusSeeOther {
		t.Errorf("taking the end away: %d", a.Status)
	}
	if near, _ = offered(c.Get(lead).Body); len(near) != 2 || near[0] != "Zenit" {
		t.Errorf("without an end the narrower one stands first: %v", near)
	}
	if a := c.Post(at+"/territory/drop", "area", string(o.Village1), "from", "2025-11-01"); a.Status != http.StatusSeeOther || c.Get(at).Has("Bản Một mau</th>") {
		t.Errorf("dropping a line: %d", a.Status)
	}
	if a := site.As(t, "sibling").Post(at+"/territory", "area", string(o.Village1), "from", "2025-11-01"); a.Status != http.StatusNotFound {
		t.Errorf("the sibling gave away a village that is not theirs: %d", a.Status)
	}
}

// offered are the names of the two groups a lead can be handed to.
func offered(body string) (near, far []string) {
	box := between(body, `id="f-collector"`, `</select>`)
	for label, into := range map[string]*[]string{"Phụ trách thôn bản này": &near, "Địa bàn khác": &far} {
		group := between(box, `label="`+label+`"`, `</optgroup>`)
		for _, part := range strings.Split(group, "<option")[1:] {
			name := between(part, ">", " (")
			*into = append(*into, name)
		}
	}
	return near, far
}

func TestCollectorPageAndWalkedList(t *testing.T) {
	site := webtest.New(t)
	c, o := site.As(t, "officer"), site.Home
	at := "/collectors/" + string(o.Collector)
	if a := c.Get("/collectors"); !a.Has("Điểm thu mau", "Xã Nhất mau", "17 ngày") {
		t.Errorf("the list of collectors: %s", a.Body)
	}
	if a := c.Get(at); !a.Has("Sùng A Mẫu mau", "/enrolment/"+string(o.Lead), "Mùa Thị Thu", "Xã Nhất mau", "/enrolment?collector="+string(o.Collector)) {
		t.Errorf("the collector's page: %s", a.Body)
	}
	if a := site.As(t, "viewer").Get(at); a.Status != 200 || a.Has("Sùng A Mẫu") {
		t.Errorf("a province viewer reads whom a collector has: %d", a.Status)
	}
	if a := site.As(t, "sibling").Get(at); a.Has("Sùng A Mẫu") {
		t.Error("the sibling reads whom a collector has in another commune")
	}
	if a := c.Get(at + "/handed?print=1"); !a.Has("Sùng A Mẫu mau", "0199 000 000", "Hmau", "☐ đăng ký") {
		t.Errorf("the sheet to walk with: %s", a.Body)
	}
	log, err := site.DB.AuditLog(context.Background(), loa.Scope{Office: o.ID, Ranges: []loa.Range{{From: "", To: "~~~"}}}, store.AuditFilter{}, 0, 20)
	if err != nil || !printed(log) {
		t.Errorf("printing the list is not recorded: %v", err)
	}
	if a := c.Post(at+"/handed", "on", "2025-11-30"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("nothing keyed: %d", a.Status)
	}
	if a := c.Post(at + "/retire"); !c.Get(a.Location).Has("Còn 1 người trong tay họ") {
		t.Error("a collector with people in hand went without a word about them")
	}
	if a := c.Post("/enrolment/"+string(o.Lead)+"/step", "step", "handed", "collector", string(o.Collector)); a.Status != http.StatusUnprocessableEntity || !a.Has("Tổ chức thu này không còn dùng", "Điểm thu mau") {
		t.Errorf("handed to one no longer in use: %d", a.Status)
	}
	c.Post(at + "/restore")
	lead := string(o.Lead)
	if a := c.Post(at+"/handed", "on", "2025-11-30", "result."+lead, "refused"); a.Status != http.StatusUnprocessableEntity || !a.Has(`value="refused" selected`) {
		t.Errorf("refused without a reason: %d", a.Status)
	}
	if a := c.Post(at+"/handed", "on", "2025-12-01", "result."+lead, "registered"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a walk of tomorrow: %d", a.Status)
	}
	if a := c.Post(at+"/handed", "on", "2025-11-29", "result."+lead, "registered"); a.Status != http.StatusSeeOther || !c.Get("/enrolment/"+lead).Has("Đã đăng ký") {
		t.Errorf("keying a row back: %d", a.Status)
	}
	if a := c.Post(at+"/handed", "on", "2025-11-30", "result."+lead, "refused", "reason."+lead, "no_money"); a.Status != http.StatusSeeOther {
		t.Errorf("refused: %d", a.Status)
	}
	if a := c.Get(at + "/handed"); a.Has("Sùng A Mẫu") {
		t.Error("who refused still stands on the list")
	}
}

// TestAnAgentSeesOnlyWhatWasHanded opens everything as somebody who collects: nobody but those handed over is named anywhere.
func TestAnAgentSeesOnlyWhatWasHanded(t *testing.T) {
	site := webtest.New(t)
	ctx, o := context.Background(), site.Home
	in := loa.Scope{Office: o.ID, Ranges: []loa.Range{{From: "", To: "~~~"}}}
	by := loa.By{Officer: o.Officers["director"], At: site.Now()}
	other, err := site.DB.AddCollector(ctx, in, by, loa.Collector{Name: "Tổ chức kia"})
	if err != nil {
		t.Fatal(err)
	}
	agent, err := site.DB.AddCollector(ctx, in, by, loa.Collector{Name: "Nhân viên của Điểm thu", Parent: o.Collector})
	if err != nil {
		t.Fatal(err)
	}
	people := map[string]loa.CollectorID{"Người Của Kia": other.ID, "Người Chưa Giao": "", "Người Của Nhân Viên": agent.ID}
	leads := map[string]string{}
	for name, to := range people {
		p, err := site.DB.AddPerson(ctx, in, by, loa.Person{Area: o.Village1, Name: name, BornYear: 1980})
		if err != nil {
			t.Fatal(err)
		}
		l := loa.Lead{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-11-20", HappenedAt: by.At}, Person: p.ID, Scheme: loa.VoluntarySI}
		if err := site.DB.AddLead(ctx, in, by, l); err != nil {
			t.Fatal(err)
		}
		leads[name] = string(l.ID)
		if to == "" {
			continue
		}
		if err := site.DB.AddStep(ctx, in, by, loa.EnrolmentStep{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-11-21", HappenedAt: by.At}, Lead: loa.LeadID(l.ID), Step: loa.Handed, Collector: to}); err != nil {
			t.Fatal(err)
		}
	}
	c := site.As(t, "collector")
	for _, path := range []string{"/enrolment", "/enrolment?collector=" + string(other.ID), "/collectors/" + string(o.Collector) + "/handed", "/collectors/" + string(o.Collector) + "/handed?print=1"} {
		if a := c.Get(path); a.Status != 200 || !a.Has("Sùng A Mẫu mau", "Người Của Nhân Viên") {
			t.Errorf("%s does not show what was handed to the organisation and its agents: %d", path, a.Status)
		}
	}
	seen := 0
	for _, line := range site.Server.Table() {
		method, path, _ := strings.Cut(line.Pattern, " ")
		if method != "GET" {
			continue
		}
		g := routeTable[line.Pattern]
		at := strings.TrimSuffix(path, "{$}")
		if g.noun != "" {
			at = fill(path, ids[g.noun].of(o))
		}
		for _, more := range []string{"", "?q=nguoi", "?area=" + string(o.Village1), "?collector=" + string(other.ID), "?step=interested", "?print=1&text=nguoi"} {
			a := c.Get(at + more)
			if a.Has("Người Của Kia") || a.Has("Người Chưa Giao") || a.Has("Thào Thị Nhì") {
				t.Errorf("%s names somebody who was not handed over", at+more)
			}
			seen++
		}
	}
	if seen < 200 {
		t.Errorf("only %d pages were opened", seen)
	}
	for _, name := range []string{"Người Của Kia", "Người Chưa Giao"} {
		for _, a := range []webtest.Answer{c.Get("/enrolment/" + leads[name]), c.Post("/enrolment/"+leads[name]+"/step", "step", "registered"), c.Post("/enrolment/"+leads[name]+"/pay", "from", "2025-11-01", "until", "2025-11-30"),
			c.Post("/enrolment/" + leads[name] + "/undo")} {
			if a.Status != http.StatusNotFound {
				t.Errorf("the lead of %s answers %d", name, a.Status)
			}
		}
	}
	for _, path := range []string{"/people", "/people/" + string(o.Person), "/households/" + string(o.Household), "/pick/person?q=sung", "/coverage", "/coverage/export", "/reports/export", "/partners", "/collectors", "/questions", "/segments", "/imports"} {
		if a := c.Get(path); a.Status != http.StatusForbidden {
			t.Errorf("%s answers an agent %d", path, a.Status)
		}
	}
	if a := c.Get("/collectors/" + string(other.ID) + "/handed"); a.Status != http.StatusNotFound {
		t.Errorf("another organisation's list answers %d", a.Status)
	}
	if a := c.Post("/enrolment/"+string(o.Lead)+"/step", "step", "handed", "collector", string(other.ID)); a.Status != http.StatusNotFound {
		t.Errorf("an agent handed a lead to another organisation: %d", a.Status)
	}
	if a := c.Post("/enrolment/"+leads["Người Của Nhân Viên"]+"/step", "step", "registered", "on", "2025-11-25"); a.Status != http.StatusSeeOther {
		t.Errorf("an organisation cannot go on with its agent's lead: %d %s", a.Status, a.Body)
	}
	if a := c.Get("/enrolment/" + string(o.Lead)); a.Has("Nhóm nhỏ bản Một") {
		t.Error("an agent reads which sessions somebody came to")
	}
	if a := c.Get("/enrolment/renewals"); a.Has("Giàng A Nhất") {
		t.Error("an agent reads how the officers stand")
	}
}
