package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"loa"
	"loa/reporting"
	"loa/sheet"
	"loa/store"
	"loa/web/webtest"
)

// measurePages are the pages of targets, coverage and reports, as they are opened from one another.
var measurePages = []string{"/coverage", "/coverage?scheme=household_hi&month=2025-10", "/coverage?by=2025-06-30", "/coverage/people?kind=in", "/coverage/people?kind=joined&scheme=hi",
	"/coverage/people?kind=kept&after=3&from=2025-01-01&to=2025-03-31", "/coverage/compare", "/coverage/official", "/targets", "/targets?owner=officers&measure=joined",
	"/targets?scheme=compulsory_si&owner=employers", "/targets?year=2026", "/targets/history", "/targets/print", "/reports", "/reports?from=2024-12&to=2025-02&by=2025-06-30", "/reports/print"}

func TestMeasurePagesDraw(t *testing.T) {
	s := webtest.New(t)
	for _, who := range []string{"director", "officer", "administrator", "viewer"} {
		c := s.As(t, who)
		for _, page := range measurePages {
			if a := c.Get(page); a.Status != http.StatusOK {
				t.Errorf("%s opens %s: %d", who, page, a.Status)
			}
		}
	}
	director := s.As(t, "director")
	if a := director.Get("/coverage/close"); a.Status != http.StatusOK {
		t.Errorf("the director opens the signing page: %d", a.Status)
	}
	if a := s.As(t, "officer").Get("/coverage/close"); a.Status != http.StatusNotFound {
		t.Errorf("the officer of one commune opens the office's signing page: %d", a.Status)
	}
	for _, bad := range []string{"/coverage?month=2025-13", "/coverage?scheme=gold", "/coverage/people?kind=all", "/coverage/people?area=" + string(s.Far.Commune1), "/reports?from=2025-06&to=2025-01", "/targets?year=99"} {
		if a := director.Get(bad); a.Status != http.StatusNotFound && a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", bad, a.Status)
		}
	}
	if log := s.Logged(); strings.Contains(log, "level=ERROR") {
		t.Errorf("something failed: %s", log)
	}
}

func TestWhoMayNotSeePeopleSeesCounts(t *testing.T) {
	s := webtest.New(t)
	name := "Sùng A Mẫu mau"
	if a := s.As(t, "director").Get("/coverage/people?kind=in"); !a.Has(name) {
		t.Error("the director does not see who takes part")
	}
	for _, who := range []string{"viewer", "sibling"} {
		if a := s.As(t, who).Get("/coverage/people?kind=in"); a.Status != http.StatusOK || a.Has(name) {
			t.Errorf("%s: %d, sees the name: %v", who, a.Status, a.Has(name))
		}
	}
	if a := s.As(t, "director").Get("/coverage/people?kind=in&print=1"); !a.Has(name) {
		t.Error("the list to print is empty")
	}
	log, err := s.DB.AuditLog(context.Background(), loa.Scope{Office: s.Home.ID, Ranges: []loa.Range{{From: "", To: "~~~"}}}, store.AuditFilter{}, 0, 20)
	if err != nil {
		t.Fatal(err)
	}
	if !printed(log) {
		t.Error("printing a list of people is not recorded")
	}
}

func printed(log []loa.Audit) bool {
	for _, a := range log {
		if a.Act == "printed" && a.Noun == "people" {
			return true
		}
	}
	return false
}

// TestAPlanIsTypedAndKept types a plan, changes it, and finds both revisions.
func TestAPlanIsTypedAndKept(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "director")
	cell := func(area loa.AreaID, month int) string { return fmt.Sprintf("t.%s.%02d", area, month) }
	if a := c.Post("/targets?year=2025", cell("office", 0), "200", cell(s.Home.Commune2, 0), "90", "document", "", "in_force", "01/01/2025"); a.Status != http.StatusUnprocessableEntity || !a.Has(`value="90"`) {
		t.Errorf("without a decision: %d; what was typed must stay", a.Status)
	}
	if a := c.Post("/targets?year=2025", cell(s.Home.Commune2, 0), "ninety", "document", "5/QĐ", "in_force", "01/01/2025"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a word for a number: %d", a.Status)
	}
	if a := c.Post("/targets?year=2025", cell("office", 0), "200", cell(s.Home.Commune1, 0), "100", cell(s.Home.Commune2, 0), "1.090", "document", "5/QĐ-MAU", "in_force", "01/01/2025"); a.Status != http.StatusSeeOther {
		t.Fatalf("saving a plan: %d", a.Status)
	}
	if a := c.Get("/targets?year=2025"); !a.Has("thừa 990") {
		t.Error("the page does not say that the communes are 990 too many")
	}
	if a := c.Post("/targets?year=2025", cell(s.Home.Commune2, 0), "100", "document", "9/QĐ-MAU", "in_force", "01/06/2025"); a.Status != http.StatusSeeOther {
		t.Fatalf("saving a revision: %d", a.Status)
	}
	if a := c.Get("/targets?year=2025"); !a.Has("khớp") || a.Has("thừa") {
		t.Error("the revised plan does not add up on the page")
	}
	if a := c.Get("/targets/history?year=2025"); !a.Has("5/QĐ-MAU", "9/QĐ-MAU", "1.090") {
		t.Error("the history does not keep both revisions")
	}
	if a := s.As(t, "officer").Post("/targets?year=2025", cell(s.Home.Commune1, 0), "1", "document", "x", "in_force", "01/01/2025"); a.Status != http.StatusForbidden {
		t.Errorf("an officer assigns a plan: %d", a.Status)
	}
}

// TestOfficialCountsSigningAndCorrections walks from the typed list to the signed month and a correction after it, on page, JSON and XLSX alike.
func TestOfficialCountsSigningAndCorrections(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "director")
	field := func(area loa.AreaID) string { return "n." + string(area) + ".voluntary_si" }
	if a := c.Post("/coverage/official?month=2025-11", field(s.Home.Commune1), "1.250", field(s.Home.Commune2), "3", field(s.Home.Anchor), "2", "source", "DS 11/2025"); a.Status != http.StatusSeeOther {
		t.Fatalf("typing the official list: %d", a.Status)
	}
	if a := c.Get("/coverage"); !a.Has("1.255") {
		t.Error("the coverage page does not show the official count")
	}
	page := c.Get("/coverage/close?month=2025-11")
	hash := regexp.MustCompile(`name="sha256" value="([0-9a-f]{64})"`).FindStringSubmatch(page.Body)
	if hash == nil {
		t.Fatalf("the signing page offers nothing to sign: %d", page.Status)
	}
	if a := c.Post("/coverage/close", "month", "2025-11", "sha256", strings.Repeat("0", 64)); a.Status != http.StatusConflict {
		t.Errorf("signing figures that were not shown: %d", a.Status)
	}
	if a := c.Post("/coverage/close", "month", "2025-11", "sha256", hash[1]); a.Status != http.StatusSeeOther {
		t.Fatalf("signing: %d", a.Status)
	}
	if a := c.Post("/coverage/official?month=2025-11", field(s.Home.Commune1), "1.251", "source", "DS sửa"); a.Status != http.StatusSeeOther {
		t.Fatalf("correcting after signing: %d", a.Status)
	}
	if a := c.Get("/coverage/close?month=2025-11"); !a.Has("1.255", "1.256", "1.250", "1.251", hash[1]) {
		t.Error("the correction does not stand beside what was signed")
	}
	if a := c.Get("/reports/print?from=2025-11&to=2025-11"); !a.Has("1.255", "1.256", "Sửa sau khi chốt và ký", "Số liệu như khi chốt và ký") {
		t.Error("the signed month does not print as it was signed, with the corrections after it")
	}
	if a := c.Get("/reports/print?from=2025-10&to=2025-11"); a.Has("Sửa sau khi chốt và ký") {
		t.Error("a month that was not signed prints as signed")
	}
	raw := c.Get("/reports/export?from=2025-01&to=2025-11&format=json")
	rep, err := reporting.Read([]byte(raw.Body))
	if err != nil {
		t.Fatal(err)
	}
	f := rep.Participation[loa.VoluntarySI]
	if f.N() != 1256 || *f.Register != 1 || *f.Difference != 1255 {
		t.Errorf("JSON: %+v", f)
	}
	if got := sheetFigure(t, c.Get("/reports/export?from=2025-01&to=2025-11&format=xlsx").Body); got != "1256" {
		t.Errorf("XLSX: %s", got)
	}
	if a := c.Get("/reports?from=2025-01&to=2025-11"); !a.Has("1.256") {
		t.Error("the report on screen shows another number")
	}
	var nested struct {
		Sessions map[string]struct{ Count int }
		Months   []struct {
			Participation map[string]map[string]int64
		}
	}
	if err := json.Unmarshal([]byte(raw.Body), &nested); err != nil || nested.Sessions["small_group"].Count != 1 || len(nested.Months) != 11 || nested.Months[10].Participation["voluntary_si"]["count"] != 1256 {
		t.Errorf("the keys of the JSON: %+v, %v", nested, err)
	}
}

// sheetFigure is the count of voluntary SI on the first sheet of a report.
func sheetFigure(t *testing.T, body string) string {
	t.Helper()
	book, err := sheet.Open("report.xlsx", strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	for row, err := range book.Rows(0) {
		if err != nil {
			t.Fatal(err)
		}
		if len(row.Cells) > 2 && row.Cells[0].Text == "Số người tham gia cuối kỳ" && row.Cells[1].Text == "BHXH tự nguyện" {
			return row.Cells[2].Text
		}
	}
	return "not found"
}

func TestTheReportOfACommuneIsItsOwn(t *testing.T) {
	s := webtest.New(t)
	for who, want := range map[string]int64{"officer": 1, "sibling": 0} {
		raw := s.As(t, who).Get("/reports/export?from=2025-01&to=2025-11&format=json")
		rep, err := reporting.Read([]byte(raw.Body))
		if err != nil {
			t.Fatal(err)
		}
		if got := rep.Joined[loa.VoluntarySI].N(); got != want {
			t.Errorf("%s: %d joined, want %d", who, got, want)
		}
		if len(rep.Communes) != 1 {
			t.Errorf("%s sees %d lines", who, len(rep.Communes))
		}
	}
}
