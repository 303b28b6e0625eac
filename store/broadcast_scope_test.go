package store_test

import (
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestNobodyActsBeyondTheirAreas: to approve, pause, resume or stop a broadcast an officer must see all it reaches. Seeing the office's own
// node, under which those of the whole office lie, is not enough; its author may take back what nobody approved.
func TestNobodyActsBeyondTheirAreas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), t.Context()
		areas, err := db.Areas(ctx, f.Whole)
		if err != nil {
			t.Fatal(err)
		}
		node := loa.Scope{Office: f.Office.ID, Ranges: f.Commune1.Ranges}
		for _, a := range areas {
			if a.ID == f.Anchor {
				node.Ranges = append([]loa.Range{loa.Under(a.Path)}, node.Ranges...)
			}
		}
		scopes := map[string]loa.Scope{"the office": f.Whole, "one commune": f.Commune1, "one commune and the office's node": node}
		ladder := []loa.Rung{{Network: loa.VisitList}}
		for name, c := range map[string]struct {
			area     loa.AreaID
			audience loa.Audience
			may      map[string]bool
		}{
			"everybody":                  {f.Anchor, loa.Audience{Segments: []loa.SegmentID{"s"}}, map[string]bool{"the office": true}},
			"two communes":               {f.Anchor, loa.Audience{Areas: []loa.AreaID{f.CommuneA, f.CommuneB}}, map[string]bool{"the office": true}},
			"the other commune":          {f.Anchor, loa.Audience{Areas: []loa.AreaID{f.CommuneB}}, map[string]bool{"the office": true}},
			"the commune, by the office": {f.Anchor, loa.Audience{Areas: []loa.AreaID{f.CommuneA}}, map[string]bool{"the office": true, "one commune and the office's node": true}},
			"the commune's own":          {f.CommuneA, loa.Audience{Segments: []loa.SegmentID{"s"}}, map[string]bool{"the office": true, "one commune": true, "one commune and the office's node": true}},
		} {
			for who, in := range scopes {
				b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: c.area, Title: "Nhắc", Script: "s", ScriptVersion: 1, Purpose: loa.Administrative, Priority: loa.Normal, State: loa.BroadcastDraft, Audience: c.audience, Ladder: ladder, Window: loa.Window{From: storetest.Today, End: 1440}}
				if err := db.AddBroadcast(ctx, f.Whole, f.By, b); err != nil {
					t.Fatal(err)
				}
				other := loa.By{Officer: f.OfficerOne, At: f.By.At}
				if _, err := db.ChangeBroadcast(ctx, f.Whole, f.By, b.ID, "submitted", func(x *loa.Broadcast) error { return x.Submit(10, 200) }); err != nil {
					t.Fatal(err)
				}
				for _, step := range []struct {
					act string
					fn  func(*loa.Broadcast) error
				}{{"approved", func(x *loa.Broadcast) error { return x.Approve(other, 10, 200) }}, {"begun", func(x *loa.Broadcast) error { x.SentAt = other.At; return x.Move(loa.BroadcastSending, "") }},
					{"paused", func(x *loa.Broadcast) error { return x.Move(loa.BroadcastPaused, "") }}, {"resumed", func(x *loa.Broadcast) error { return x.Resume(other.At) }}, {"stopped", func(x *loa.Broadcast) error { return x.Move(loa.BroadcastStopped, "") }}} {
					if _, err := db.ChangeBroadcast(ctx, in, other, b.ID, step.act, step.fn); (err == nil) != c.may[who] {
						t.Errorf("for %s, %s by whoever sees %s: %v", name, step.act, who, err)
					} else if err != nil {
						if _, err := db.ChangeBroadcast(ctx, f.Whole, other, b.ID, step.act, step.fn); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
		}
	})
}
