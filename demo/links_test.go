package demo_test

import (
	"strings"
	"testing"

	"loa"
)

// TestLinksAndWhatCameThroughThem holds what the demo's public pages brought in to the rules that real ones follow.
func TestLinksAndWhatCameThroughThem(t *testing.T) {
	b := make1(t, 1)
	own := 0
	links, codes, spoken := map[loa.LinkID]bool{}, map[string]bool{}, map[int]bool{}
	for _, l := range b.Links {
		if err := l.Check(); err != nil || loa.ReadCode(l.Code) != l.Code || codes[l.Code] || spoken[l.Spoken] {
			t.Errorf("%+v, %v", l, err)
		}
		if l.Kind == loa.OfficerLink {
			own++
		}
		links[l.ID], codes[l.Code], spoken[l.Spoken] = true, true, true
	}
	if own < 5 || len(b.LinkVisits) < 50 {
		t.Errorf("%d officers' links; opened on %d days", own, len(b.LinkVisits))
	}
	questions := map[loa.FactID]loa.Question{}
	for _, q := range b.Questions {
		questions[q.ID] = q
	}
	calls, through := 0, 0
	for _, a := range b.Askers {
		q, ok := questions[a.Question]
		if err := a.Check(); err != nil || !ok || q.RecordedBy != "" || q.Area != a.Area || q.Owner == "" {
			t.Errorf("%+v of %+v, %v", a, q, err)
		}
		if a.Phone != "" && !strings.HasPrefix(a.Phone, "+84199") { // a range that belongs to nobody
			t.Errorf("%s may be somebody's number", a.Phone)
		}
		if a.Link != "" && !links[a.Link] || (a.Link != "") != (q.Form == loa.PersonalPage) {
			t.Errorf("%+v came through no link of the demo", a)
		}
		if a.Page == "call" {
			calls++
		}
		if a.Link != "" {
			through++
		}
	}
	if calls < 2 || through < 2 || len(b.Askers)-calls < 2 {
		t.Errorf("%d asked, %d to be called, %d through links", len(b.Askers), calls, through)
	}
}
