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

var (
	figureLink  = regexp.MustCompile(`<a [^>]*href="((?:/coverage/people|/sessions)\?[^"]*)"[^>]*>([0-9.]+)</a>`)
	peopleCount = regexp.MustCompile(`class="live-count">([0-9.]+)`)
	heldCount   = regexp.MustCompile(`([0-9.]+) buổi, ([0-9.]+) lượt người`)
)

// TestEveryFigureOpensItsRows follows every count of Coverage and of the report to the list it opens: the list holds as many
// people, or as many sessions or heads, as the figure says; also where an office's months close before their last day.
func TestEveryFigureOpensItsRows(t *testing.T) {
	s := webtest.New(t)
	figuresOpenTheirRows(t, s)
	settings, err := s.DB.Settings(context.Background(), s.Home.ID)
	if err != nil {
		t.Fatal(err)
	}
	settings.CutOffDay = 20
	if err := s.DB.SaveSettings(context.Background(), s.Home.ID, byDirector(s), settings); err != nil {
		t.Fatal(err)
	}
	late := addPerson(t, s, loa.Person{Name: "Đóng Sau Ngày Chốt"}).ID // after the cut-off of November
	c := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-11-25"}, Person: late, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Quarterly, From: "2025-11-01", Until: "2026-01-31"}
	if err := s.DB.AddContribution(context.Background(), scopeOfHome(s), byDirector(s), c); err != nil {
		t.Fatal(err)
	}
	director := s.As(t, "director")
	if page := director.Get("/coverage/people?kind=joined&from=2025-01-01&to=2025-11-20"); page.Has("Đóng Sau Ngày Chốt") {
		t.Error("who joined after the cut-off is listed before it")
	}
	if page := director.Get("/reports?from=2025-11&to=2025-11"); !page.Has("to=2025-11-20") || page.Has("to=2025-11-30") {
		t.Error("the month that closed on the 20th opens rows to its last day")
	}
	figuresOpenTheirRows(t, s)
}

func figuresOpenTheirRows(t *testing.T, s *webtest.Site) {
	t.Helper()
	for _, who := range []string{"director", "officer", "viewer"} {
		c := s.As(t, who)
		for _, page := range []string{"/coverage", "/coverage?by=2025-06-30", "/reports", "/reports?by=2025-06-30", "/reports?from=2025-11&to=2025-11",
			"/reports/change?figure=sessions_total", "/reports/change?figure=attendances&by=2025-06-30", "/reports/change?figure=joined.voluntary_si", "/reports/change?figure=left.hi&from=2025-11&to=2025-11"} {
			kinds := map[string]int{}
			for _, link := range figureLink.FindAllStringSubmatch(c.Get(page).Body, -1) {
				to, n := html.UnescapeString(link[1]), link[2]
				a := c.Get(to)
				if a.Status == http.StatusForbidden {
					t.Errorf("%s on %s: %s opens %s, which refuses", who, page, n, to)
					continue
				}
				kinds[to[:strings.Index(to, "?")]]++
				if strings.Contains(to, "kind=met") {
					kinds["met"]++
				}
				if m := peopleCount.FindStringSubmatch(a.Body); m != nil && m[1] == n {
					continue
				}
				if m := heldCount.FindStringSubmatch(a.Body); m != nil && (m[1] == n || m[2] == n) {
					continue
				}
				t.Errorf("%s on %s: %s opens %s (%d), which does not hold as many", who, page, n, to, a.Status)
			}
			if strings.HasPrefix(page, "/reports/change") {
				if len(kinds) == 0 && who != "viewer" {
					t.Errorf("%s on %s: no count opens anything", who, page)
				}
				continue
			}
			if kinds["/coverage/people"] == 0 || kinds["/sessions"] == 0 && who != "viewer" || strings.HasPrefix(page, "/coverage") && kinds["met"] == 0 {
				t.Errorf("%s on %s: the counts open too little: %v", who, page, kinds)
			}
		}
	}
}

// TestChangesAndPlansOpenTheirRows asks every change, target and share on the report and on Coverage for a page behind it.
func TestChangesAndPlansOpenTheirRows(t *testing.T) {
	s := webtest.New(t)
	ctx, in, by := context.Background(), scopeOfHome(s), byDirector(s)
	x := loa.Session{ID: loa.SessionID(loa.NewID()), Area: s.Home.Village1, Form: loa.Conference, On: "2024-11-10", StartMin: 480, State: loa.Held, HeldAt: by.At, Title: "Hội nghị năm trước"}
	if _, err := s.DB.AddSession(ctx, in, by, x); err != nil {
		t.Fatal(err)
	}
	old := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2024-05-02"}, Person: addPerson(t, s, loa.Person{Name: "Đóng Năm Trước"}).ID, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Quarterly, From: "2024-05-01", Until: "2024-07-31"}
	if err := s.DB.AddContribution(ctx, in, by, old); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"director", "viewer"} {
		c := s.As(t, who)
		a := c.Get("/reports")
		for _, want := range []string{"/reports/change?figure=sessions.conference", "/reports/change?figure=attendances_by_form.market", "/reports/change?figure=questions", "/reports/change?figure=joined.voluntary_si"} {
			if !strings.Contains(html.UnescapeString(a.Body), want) {
				t.Errorf("%s: no change opens %s", who, want)
			}
		}
		for _, page := range []string{"/reports", "/coverage", "/reports/change?figure=joined.voluntary_si"} {
			for _, link := range anyLink.FindAllStringSubmatch(c.Get(page).Body, -1) {
				to := html.UnescapeString(link[1])
				if b := c.Follow(to); b.Status != http.StatusOK {
					t.Errorf("%s on %s: %s answers %d", who, page, to, b.Status)
				}
			}
		}
	}
}

var anyLink = regexp.MustCompile(`<td[^>]*><a [^>]*href="(/[^"]*)"`)
