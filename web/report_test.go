package web_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"loa"
	"loa/reporting"
	"loa/sheet"
)

// sheetNamed says whether a workbook has a sheet of a name.
func sheetNamed(t *testing.T, body, name string) bool {
	t.Helper()
	book, err := sheet.Open("report.xlsx", strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(book.Sheets(), func(s sheet.Sheet) bool { return s.Name == name })
}

// TestTheReportCountsReachByForm: who was reached by forms that are no session stands on the page, in the print, the JSON and the workbook,
// each once within a form.
func TestTheReportCountsReachByForm(t *testing.T) {
	site, _, _ := broadcastSite(t)
	in, by := wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}
	for range 2 {
		v := loa.Visit{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: by.Day()}, Person: site.Home.Person, Form: loa.VisitForm, Outcome: "met"}
		if err := site.DB.AddVisit(context.Background(), in, by, v); err != nil {
			t.Fatal(err)
		}
	}
	director := site.As(t, "director")
	month := string(by.Day().Month())
	period := "?from=" + month + "&to=" + month
	rep, err := reporting.Read([]byte(director.Get("/reports/export" + period + "&format=json").Body))
	if err != nil {
		t.Fatal(err)
	}
	var visits reporting.FormReach
	for _, x := range rep.ByForm {
		if x.Form == loa.VisitForm {
			visits = x
		}
	}
	if visits.People != 1 || visits.Sent < 2 || !visits.ByName {
		t.Errorf("two visits to one person are %+v", visits)
	}
	for _, path := range []string{"/reports" + period, "/reports/print" + period} {
		if a := director.Get(path); !a.Has("Truyền thông qua kênh khác", "Tin, bài, lượt phát", "Thăm hộ") {
			t.Errorf("%s does not count by form: %d", path, a.Status)
		}
	}
	if a := director.Get("/reports/export" + period + "&format=xlsx"); !sheetNamed(t, a.Body, "Kênh khác") {
		t.Error("the workbook has no sheet of forms")
	}
}
