package web_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"loa"
	"loa/web/webtest"
)

// dueSoon puts somebody into the first village whose voluntary SI ends in December.
func dueSoon(t *testing.T, site *webtest.Site, name string, collector loa.CollectorID) loa.PersonID {
	t.Helper()
	who := addPerson(t, site, loa.Person{Name: name, Phone: "+841990000321"})
	c := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-01-05"}, Person: who.ID, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Quarterly, From: "2025-01-01", Until: "2025-12-05",
		Collector: collector}
	if err := site.DB.AddContribution(context.Background(), scopeOfHome(site), byDirector(site), c); err != nil {
		t.Fatal(err)
	}
	return who.ID
}

func TestRenewalsLeaveAsAWorkbook(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	dueSoon(t, site, "=1+1 Công Thức", "")
	calls, visits := dueSoon(t, site, "Không Gọi", ""), dueSoon(t, site, "Không Thăm", "")
	for id, channel := range map[loa.PersonID]string{calls: "call", visits: "visit"} {
		c.Post("/people/"+string(id)+"/consent", "purpose", "care", "channel", channel, "agreed", "0")
	}
	a := c.Post("/enrolment/renewals/export?within=7")
	if a.Status != http.StatusOK || !strings.Contains(a.Header.Get("Content-Disposition"), "dong-tiep-2025-11-30.xlsx") {
		t.Fatalf("the export answers %d: %s", a.Status, a.Body)
	}
	cells := cellsOf(t, a.Body)
	if !strings.Contains(cells, "|=1+1 Công Thức|") || !strings.Contains(cells, "Không Gọi") || !strings.Contains(cells, "gọi điện") || !strings.Contains(cells, "2025-12-05") {
		t.Errorf("the workbook holds\n%s", cells)
	}
	if strings.Contains(cells, "Không Thăm") || !strings.Contains(cells, "1 người đã từ chối") || strings.Count(cells, "0199 000 0321") != 1 {
		t.Errorf("refusals are not heeded:\n%s", cells)
	}
	if log := logged(t, site, "exported"); len(log) != 1 || log[0].Officer != site.Home.Officers["officer"] || !strings.Contains(log[0].Detail, "renewals due within=7 n=2") {
		t.Errorf("the log says %+v", log)
	}
	if cells := cellsOf(t, site.As(t, "sibling").Post("/enrolment/renewals/export?within=7").Body); strings.Contains(cells, "Công Thức") {
		t.Error("the other commune's officer takes out who is due here")
	}
	for _, who := range []string{"viewer", "collector", "administrator"} {
		if a := site.As(t, who).Post("/enrolment/renewals/export"); a.Status != http.StatusForbidden {
			t.Errorf("%s takes the renewals out: %d", who, a.Status)
		}
	}
	if !c.Get("/enrolment/renewals?within=7").Has(`action="/enrolment/renewals/export?within=7"`) || site.As(t, "collector").Get("/enrolment/renewals").Has("/renewals/export") {
		t.Error("the button is missing, or stands before who may not use it")
	}
}

func TestRenewalsNobodyCollectsAreAList(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "director")
	dueSoon(t, site, "Có Người Thu", site.Home.Collector)
	dueSoon(t, site, "Chưa Ai Thu", "")
	if page := c.Get("/enrolment/renewals"); !page.Has(`collector=nobody&amp;kind=due`, `<option value="nobody">Chưa có tổ chức thu`) {
		t.Error("the line of those nobody collects leads nowhere")
	}
	if page := c.Get("/enrolment/renewals?collector=nobody&within=7"); !page.Has("Chưa Ai Thu", `<option value="nobody" selected>`) || page.Has("Có Người Thu</a>") {
		t.Error("the list of those nobody collects holds others")
	}
	for _, query := range []string{"", "?collector=nobody&within=7", "?collector=-"} {
		if page := site.As(t, "collector").Get("/enrolment/renewals" + query); page.Status != http.StatusOK || page.Has("Chưa Ai Thu") {
			t.Errorf("an agent reads whom nobody collects at %q", query)
		}
	}
}

func TestQualityListsLeaveAsAWorkbook(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	p := addPerson(t, site, loa.Person{Name: "@Chưa Ngày Sinh", Phone: "+841990000321"})
	cells := cellsOf(t, c.Post("/register/no_born/export").Body)
	if !strings.Contains(cells, "|@Chưa Ngày Sinh|") || !strings.Contains(cells, "0199 000 0321") || !strings.Contains(cells, "Bản Một mau") {
		t.Errorf("the workbook holds\n%s", cells)
	}
	c.Post("/people/"+string(p.ID)+"/consent", "purpose", "care", "channel", "all", "agreed", "0")
	if cells := cellsOf(t, c.Post("/register/no_born/export").Body); strings.Contains(cells, "0199 000 0321") {
		t.Error("a refusal is not heeded by the next export")
	}
	if log := logged(t, site, "exported"); len(log) != 2 || !strings.HasPrefix(log[0].Detail, "register n=") {
		t.Errorf("the log says %+v", log)
	}
	if a := c.Post("/register/nothing/export"); a.Status != http.StatusNotFound {
		t.Errorf("a list there is not: %d", a.Status)
	}
	if cells := cellsOf(t, site.As(t, "sibling").Post("/register/no_born/export").Body); strings.Contains(cells, "Chưa Ngày Sinh") {
		t.Error("the other commune's officer takes the list out")
	}
	if a := site.As(t, "viewer").Post("/register/no_born/export"); a.Status != http.StatusForbidden {
		t.Errorf("the province takes people out: %d", a.Status)
	}
}

func TestAListCutForPrintingSaysSo(t *testing.T) {
	site := webtest.New(t)
	b := loa.Bulk{By: byDirector(site)}
	for i := range 1003 {
		p := loa.Person{ID: loa.PersonID(loa.NewID()), Office: site.Home.ID, Area: site.Home.Village1, Name: "Người Thứ " + strconv.Itoa(i), CreatedAt: site.Now()}
		b.People = append(b.People, p)
		b.Contributions = append(b.Contributions, loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), Office: site.Home.ID, Area: p.Area, HappenedOn: "2025-01-05", RecordedAt: site.Now()}, Person: p.ID,
			Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Yearly, From: "2025-01-01", Until: "2025-12-31"})
		b.Leads = append(b.Leads, loa.Lead{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), Office: site.Home.ID, Area: p.Area, HappenedOn: "2025-11-05", RecordedAt: site.Now()}, Person: p.ID, Scheme: loa.HI})
	}
	if err := site.DB.Fill(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	c := site.As(t, "officer")
	for _, path := range []string{"/enrolment?print=1", "/enrolment/renewals?print=1", "/register/no_born?print=1"} {
		if page := c.Get(path); !page.Has("Bản in chỉ chứa 1000 người đầu trong 1.00") {
			t.Errorf("%s does not say that it is cut", path)
		}
	}
	if c.Get("/enrolment/renewals?print=1&within=7").Has("Bản in chỉ chứa") {
		t.Error("a list that is whole says that it is cut")
	}
}
