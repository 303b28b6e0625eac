package web_test

import (
	"context"
	"net/http"
	"testing"

	"loa"
	"loa/web/webtest"
)

func TestEmployersAgainstTheirPlan(t *testing.T) {
	site := webtest.New(t)
	ctx, o := context.Background(), site.Home
	in := loa.Scope{Office: o.ID, Ranges: []loa.Range{{From: "", To: "~~~"}}}
	by := loa.By{Officer: o.Officers["director"], At: site.Now()}
	line := func(area loa.AreaID, e loa.EmployerID, n int64) loa.Target {
		return loa.Target{ID: loa.NewID(), Area: area, Employer: e, Scheme: loa.CompulsorySI, Measure: "participation", Year: 2025, Value: n, InForce: "2025-01-01", Document: "QĐ mẫu"}
	}
	if _, _, _, err := site.DB.SaveTargets(ctx, in, by, []loa.Target{line(o.Anchor, "", 30), line(o.Commune1, "", 25), line(o.Commune1, o.Employer, 16)}); err != nil {
		t.Fatal(err)
	}
	c := site.As(t, "director")
	if a := c.Get("/employers?q=truong+mau"); !a.Has("Trường mẫu mau", "75,0 %", "31/10/2025", "40,0 %", "−14") {
		t.Errorf("employees 12 of a line of 16, of 30 assigned, lines 14 short: %s", a.Body)
	}
	if a := site.As(t, "officer").Get("/employers"); !a.Has("48,0 %", "−9") {
		t.Error("an officer of one commune is measured against the commune's own plan")
	}
	at := "/employers/" + string(o.Employer)
	if a := c.Get(at); !a.Has("QĐ mẫu", "75,0 %", "Trường mẫu mau") {
		t.Errorf("the employer's page: %s", a.Body)
	}
	if a := c.Post("/employers/new", "name", "Trạm mẫu", "area", string(o.Commune1), "code", "00000mau"); a.Status != http.StatusUnprocessableEntity || !a.Has("Mã đơn vị này đã có.") {
		t.Errorf("a code that is taken: %d", a.Status)
	}
	if a := c.Post("/employers/new", "name", "Trạm mẫu", "area", string(o.Commune1), "employees", "7"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a number without the day of its list: %d", a.Status)
	}
	if a := c.Post("/employers/new", "name", "Trạm mẫu", "area", string(o.Commune2), "code", "TRAM1", "employees", "7", "employees_on", "2025-10-31"); a.Status != http.StatusSeeOther {
		t.Fatalf("noting an employer: %d %s", a.Status, a.Body)
	}
	if a := c.Get("/employers"); !a.Has("Cộng 2 đơn vị", ">19<") {
		t.Errorf("the sum: %s", a.Body)
	}
	if a := site.As(t, "officer").Get("/employers"); a.Has("Trạm mẫu") {
		t.Error("an officer reads an employer of the other commune")
	}
}

func TestOfficialListOfEmployeesIsTypedOrPasted(t *testing.T) {
	site := webtest.New(t)
	c, o := site.As(t, "director"), site.Home
	if a := c.Get("/employers/counts"); !a.Has("Trường mẫu mau", `name="n.`+string(o.Employer)+`"`, `value="2025-11-30"`) {
		t.Errorf("the grid: %s", a.Body)
	}
	for what, pairs := range map[string][]string{"nothing": {"on", "2025-11-30"}, "no number": {"on", "2025-11-30", "n." + string(o.Employer), "mười"}, "tomorrow": {"on", "2025-12-01", "n." + string(o.Employer), "14"},
		"unknown code": {"on", "2025-11-30", "list", "00000mau\t15\nKHONGCO\t3"}} {
		if a := c.Post("/employers/counts", pairs...); a.Status != http.StatusUnprocessableEntity || !a.Has(`role="alert"`) {
			t.Errorf("%s: %d", what, a.Status)
		}
	}
	if a := c.Get("/employers/" + string(o.Employer)); !a.Has(">12<") {
		t.Error("a list with an unknown line changed something")
	}
	if a := c.Post("/employers/counts", "on", "2025-11-30", "n."+string(o.Employer), "14"); a.Status != http.StatusSeeOther {
		t.Fatalf("typing: %d %s", a.Status, a.Body)
	}
	if a := c.Get("/employers"); !a.Has(">14<", "30/11/2025") {
		t.Error("the typed number is not there")
	}
	if a := c.Post("/employers/counts", "on", "2025-10-31", "list", "00000mau\tTrường mẫu\t99"); a.Status != http.StatusSeeOther || c.Get("/employers").Has(">99<") {
		t.Errorf("an older list overwrote a newer one: %d", a.Status)
	}
	if a := c.Post("/employers/counts", "on", "2025-11-30", "list", "00000MAU;Trường mẫu;1.015"); a.Status != http.StatusSeeOther || !c.Get("/employers").Has("1.015") {
		t.Errorf("pasting: %d %s", a.Status, a.Body)
	}
	if a := c.Get("/employers/" + string(o.Employer)); !a.Has("12 → 14", "14 → 1015") {
		t.Error("the history of the number is lost")
	}
	if a := site.As(t, "viewer").Get("/employers/counts"); a.Status != http.StatusForbidden {
		t.Errorf("a province viewer opens the grid: %d", a.Status)
	}
}
