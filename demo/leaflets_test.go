package demo_test

import (
	"testing"

	"loa"
	"loa/demo"
)

// TestTheDemoPrintedLeaflets holds that no more sheets went out than were printed, nor more at a session than it says.
func TestTheDemoPrintedLeaflets(t *testing.T) {
	b := make1(t, 1)
	if len(b.LeafletRuns) != 2 || b.LeafletRuns[0].Story != "" || b.LeafletRuns[1].Story == "" {
		t.Fatalf("%+v", b.LeafletRuns)
	}
	printed, handed, at := map[loa.LeafletID]int{}, map[loa.LeafletID]int{}, map[loa.SessionID]int{}
	links := map[loa.LinkID]bool{}
	for _, l := range b.Links {
		links[l.ID] = true
		if err := l.Check(); err != nil {
			t.Error(err)
		}
	}
	sheets := map[loa.LeafletRunID]int{}
	for _, l := range b.Leaflets {
		printed[l.ID] = l.Printed
		sheets[l.Run] += l.Printed
		if !links[l.Link] {
			t.Error("leaflets without a link")
		}
	}
	for _, r := range b.LeafletRuns {
		if err := r.Check(); err != nil {
			t.Error(err)
		}
		if r.On > demo.AsOf {
			t.Errorf("printed on %s", r.On)
		}
	}
	total := 0
	for _, h := range b.LeafletsHanded {
		handed[h.Leaflet] += h.N
		at[h.Session] += h.N
		total += h.N
	}
	left := 0
	for id, n := range handed {
		if n > printed[id] {
			t.Errorf("%d of %d sheets went out", n, printed[id])
		}
		left += printed[id] - n
	}
	for _, s := range b.Sessions {
		if at[s.ID] > s.Leaflets {
			t.Errorf("%d of %d sheets at a session", at[s.ID], s.Leaflets)
		}
	}
	if total == 0 || left == 0 || len(b.LinkVisits) == 0 {
		t.Errorf("%d handed out, %d left, %d days of openings: nothing to look at", total, left, len(b.LinkVisits))
	}
	for _, u := range b.StoryUses {
		if u.Ref == string(b.LeafletRuns[1].ID) && u.Copies == sheets[b.LeafletRuns[1].ID] {
			return
		}
	}
	t.Error("the story does not know on how many sheets it stands")
}
