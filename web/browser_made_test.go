package web_test

import (
	"context"
	"net/http"
	"regexp"
	"testing"

	"loa"
	"loa/web/webtest"
)

// lookedMade makes what a bare office lacks – a second version of the matrix, a frozen list, a pair of groups that overlap –
// and names the pages that show them.
func lookedMade(t *testing.T, s *webtest.Site) []string {
	t.Helper()
	c, seg := s.As(t, "director"), string(s.Home.Segment)
	if a := c.Send("/matrix/cell", "segment", seg, "form", "market", "times", "1", "every", "1", "unit", "month"); a.Status != http.StatusOK {
		t.Fatalf("a draft of the matrix: %d", a.Status)
	}
	if a := c.Post("/segments/"+seg+"/print", "area", string(s.Home.Commune1)); a.Status != http.StatusOK {
		t.Fatalf("a frozen list: %d", a.Status)
	}
	frozen := regexp.MustCompile(`/snapshots/[0-9a-f-]{36}`).FindString(c.Get("/segments/" + seg).Body)
	other := loa.Segment{ID: loa.SegmentID(loa.NewID()), Name: "Hộ cận nghèo xã Nhất", Rule: loa.Rule{All: []loa.Rule{{Field: "poverty", Values: []string{"near_poor"}}, {Field: "area", Values: []string{string(s.Home.Commune1)}}}}}
	if err := s.DB.SaveSegment(context.Background(), scopeOfHome(s), byDirector(s), other); err != nil {
		t.Fatal(err)
	}
	overlap := "/segments/overlap?a=" + seg + "&b=" + string(other.ID)
	for _, page := range []struct{ path, shows string }{{"/matrix/compare", "<table"}, {frozen, "Sùng A Mẫu"}, {overlap, `<figure class="venn"><svg`}} {
		if a := c.Get(page.path); a.Status != http.StatusOK || !a.Has(page.shows) {
			t.Fatalf("%s: %d, shows no %s", page.path, a.Status, page.shows)
		}
	}
	return []string{"/matrix/communes", "/matrix/compare", "/matrix/cell?edit=1&form=market&segment=" + seg, frozen, overlap, "/reports/change", "/reports/change?figure=joined.voluntary_si", "/coverage/compare",
		"/coverage/close?month=2025-10", "/coverage/official", "/coverage/people?kind=in", "/targets/history", "/targets?owner=officers&measure=joined", "/targets/print", "/reports/print", "/tour"}
}
