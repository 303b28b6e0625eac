package store_test

import (
	"context"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func TestReadySegmentsReachEveryOffice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		count := func(in loa.Scope) map[string]int {
			t.Helper()
			list, err := db.Segments(ctx, in)
			if err != nil {
				t.Fatal(err)
			}
			out := map[string]int{}
			for _, s := range list {
				if s.Ready {
					out[s.Code]++
				}
			}
			return out
		}
		if err := db.AddReadySegments(ctx, loa.By{At: f.By.At}); err != nil {
			t.Fatal(err)
		}
		for _, in := range []loa.Scope{f.Whole, f.OtherScope} {
			got := count(in)
			for _, s := range loa.ReadySegments() {
				if got[s.Code] != 1 {
					t.Errorf("%s stands %d times in the office", s.Code, got[s.Code])
				}
			}
		}
		list, err := db.Segments(ctx, f.Whole)
		if err != nil {
			t.Fatal(err)
		}
		gone, kept := list[0], list[1]
		if err := db.RetireSegment(ctx, f.Whole, f.By, gone.ID, true); err != nil {
			t.Fatal(err)
		}
		kept.Rule = loa.Rule{Field: "phone"}
		if err := db.SaveSegment(ctx, f.Whole, f.By, kept); err != nil {
			t.Fatal(err)
		}
		if err := db.AddReadySegments(ctx, loa.By{At: f.By.At}); err != nil {
			t.Fatal(err)
		}
		if got := count(f.Whole); got[gone.Code] != 0 || len(got) != len(loa.ReadySegments())-1 {
			t.Errorf("a second start brought back what the office took out of use: %v", got)
		}
		if now, err := db.Segment(ctx, f.Whole, kept.ID); err != nil || now.Rule.Field != "phone" {
			t.Errorf("a second start changed the office's own rule: %+v %v", now.Rule, err)
		}
	})
}
