package store_test

import (
	"context"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func TestDraftIsDroppedRestoredAndSigned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		seg := loa.Segment{ID: loa.SegmentID(loa.NewID()), Name: "Nông dân", Rule: loa.Rule{Field: "occupation", Values: []string{"farmer"}}}
		if err := db.SaveSegment(ctx, f.Whole, f.By, seg); err != nil {
			t.Fatal(err)
		}
		line := loa.MatrixLine{Segment: seg.ID, Form: loa.SmallGroup, Cadence: loa.Cadence{Times: 1, Every: 2, Unit: loa.PerMonth}, Theme: "Lương hưu", PerVillage: true, From: "2025-03-01"}
		if err := db.SaveMatrixLine(ctx, f.Whole, f.By, line); err != nil {
			t.Fatal(err)
		}
		draft, err := db.MatrixDraft(ctx, f.Whole)
		if err != nil || len(draft.Lines) != 1 || draft.Lines[0].From != "2025-03-01" || !draft.Lines[0].PerVillage {
			t.Fatalf("a cell put back keeps its day: %+v, %v", draft, err)
		}
		if err := db.DropDraft(ctx, f.Whole, f.By, draft.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := db.MatrixDraft(ctx, f.Whole); loa.KindOf(err) != loa.NotFound {
			t.Fatalf("dropped, still a draft: %v", err)
		}
		if all, err := db.Matrices(ctx, f.Whole); err != nil || len(all) != 0 {
			t.Fatalf("a dropped draft is listed: %v, %v", all, err)
		}
		if err := db.RestoreDraft(ctx, f.Whole, f.By, draft.ID); err != nil {
			t.Fatal(err)
		}
		back, err := db.MatrixDraft(ctx, f.Whole)
		if err != nil || len(back.Lines) != 1 || back.Lines[0] != draft.Lines[0] {
			t.Fatalf("restored as it was: %+v, %v", back, err)
		}
		if err := db.SignMatrix(ctx, f.Whole, f.By, draft.ID, "2025-04-01"); err != nil {
			t.Fatal(err)
		}
		if _, err := db.MatrixInForce(ctx, f.Whole, "2025-03-31"); loa.KindOf(err) != loa.NotFound {
			t.Errorf("in force a day early: %v", err)
		}
		if m, err := db.MatrixInForce(ctx, f.Whole, "2025-04-01"); err != nil || m.ID != draft.ID {
			t.Errorf("in force from its day: %v, %v", m.ID, err)
		}
		// A new draft begins as a copy of the table in force, and a second one is refused while it is open.
		line.Theme = "Mức đóng"
		if err := db.SaveMatrixLine(ctx, f.Whole, f.By, line); err != nil {
			t.Fatal(err)
		}
		second, err := db.MatrixDraft(ctx, f.Whole)
		if err != nil || second.Version != 2 || second.Lines[0].Theme != "Mức đóng" {
			t.Fatalf("%+v, %v", second, err)
		}
		if err := db.RestoreDraft(ctx, f.Whole, f.By, draft.ID); loa.KindOf(err) != loa.Conflict {
			t.Errorf("two drafts at once: %v", err)
		}
		if err := db.DropDraft(ctx, f.OtherScope, f.By, second.ID); loa.KindOf(err) != loa.NotFound {
			t.Errorf("another office drops it: %v", err)
		}
	})
}
