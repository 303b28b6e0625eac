package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func aRun() loa.LeafletRun {
	return loa.LeafletRun{ID: loa.LeafletRunID(loa.NewID()), Kind: loa.LeafletKinds[0], Size: "a5", Language: "vi", Income: 1500000, On: storetest.Today}
}

func codeOf(err error) string {
	var refusal *loa.Error
	if errors.As(err, &refusal) {
		return refusal.Code
	}
	return ""
}

func TestLeafletsHaveALinkForEachVillage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		run := aRun()
		shares := []store.Share{{Area: f.Villages[0], Printed: 30}, {Area: f.Villages[2], Printed: 40}}
		made, err := db.AddLeaflets(ctx, f.Whole, f.By, run, shares, "Tờ gấp BHXH tự nguyện")
		if err != nil || made.No != 1 {
			t.Fatalf("%+v, %v", made, err)
		}
		if again, err := db.AddLeaflets(ctx, f.Whole, f.By, run, shares, "x"); err != nil || again.No != 1 {
			t.Errorf("sent twice: %+v, %v", again, err)
		}
		list, err := db.Leaflets(ctx, f.Whole, store.LeafletFilter{Run: run.ID})
		if err != nil || len(list) != 2 || list[0].Printed != 30 || list[0].Spoken == list[1].Spoken || list[0].Code == "" || list[0].Run.Kind != run.Kind || list[0].Run.CreatedAt.IsZero() {
			t.Fatalf("%+v, %v", list, err)
		}
		if err := db.CountVisit(ctx, list[0].Link, storetest.Today, "a"); err != nil {
			t.Fatal(err)
		}
		if one, err := db.Leaflets(ctx, f.Commune1, store.LeafletFilter{}); err != nil || len(one) != 1 || one[0].Area != f.Villages[0] || one[0].Visits != 1 {
			t.Errorf("the first commune sees %+v, %v", one, err)
		}
		if none, err := db.Leaflets(ctx, f.OtherScope, store.LeafletFilter{}); err != nil || len(none) != 0 {
			t.Errorf("another office sees %+v, %v", none, err)
		}
		if none, err := db.Leaflets(ctx, f.Whole, store.LeafletFilter{On: storetest.Today.Add(-1)}); err != nil || len(none) != 0 {
			t.Errorf("printed the day before: %+v, %v", none, err)
		}
		for what, c := range map[string]struct {
			in     loa.Scope
			shares []store.Share
			kind   loa.Kind
		}{
			"no village":           {f.Whole, nil, loa.Invalid},
			"nothing printed":      {f.Whole, []store.Share{{f.Villages[0], 0}}, loa.Invalid},
			"another's village":    {f.Commune1, []store.Share{{f.Villages[2], 5}}, loa.NotFound},
			"without a scope":      {f.Nothing, []store.Share{{f.Villages[0], 5}}, loa.NotFound},
			"another office's":     {f.Whole, []store.Share{{f.OtherArea, 5}}, loa.NotFound},
			"too many for a sheet": {f.Whole, make([]store.Share, 501), loa.Invalid},
		} {
			if _, err := db.AddLeaflets(ctx, c.in, f.By, aRun(), c.shares, "x"); loa.KindOf(err) != c.kind {
				t.Errorf("%s: %v", what, err)
			}
		}
		if list, err = db.Leaflets(ctx, f.Whole, store.LeafletFilter{}); err != nil || len(list) != 2 {
			t.Errorf("a refused printing left %d leaflets, %v", len(list), err)
		}
	})
}

func TestLeafletsHandedOutAtSessions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		run := aRun()
		if _, err := db.AddLeaflets(ctx, f.Whole, f.By, run, []store.Share{{f.Villages[0], 30}, {f.Villages[2], 10}}, "Tờ gấp"); err != nil {
			t.Fatal(err)
		}
		list, err := db.Leaflets(ctx, f.Whole, store.LeafletFilter{})
		if err != nil {
			t.Fatal(err)
		}
		mine, theirs := list[0], list[1]
		held := func(area loa.AreaID) loa.SessionID {
			s, err := db.AddSession(ctx, f.Whole, f.By, loa.Session{ID: loa.SessionID(loa.NewID()), Area: area, Form: loa.SmallGroup, Title: "Buổi", On: storetest.Today})
			if err != nil {
				t.Fatal(err)
			}
			return s.ID
		}
		s, far := held(f.Villages[0]), held(f.Villages[2])
		hand := func(in loa.Scope, s loa.SessionID, l loa.LeafletID, n int) string {
			t.Helper()
			err := db.HandLeaflets(ctx, in, f.By, s, l, n)
			if err != nil && codeOf(err) == "" {
				t.Fatal(err)
			}
			return codeOf(err)
		}
		for i, c := range []struct {
			in   loa.Scope
			s    loa.SessionID
			l    loa.LeafletID
			n    int
			code string
		}{
			{f.Commune1, s, mine.ID, 12, ""}, {f.Commune1, s, mine.ID, 8, ""}, {f.Commune1, s, mine.ID, 11, "leaflet_left"}, {f.Commune1, s, mine.ID, -5, ""},
			{f.Commune1, s, mine.ID, -16, "leaflet_back"}, {f.Whole, far, mine.ID, 4, ""}, {f.Commune1, s, theirs.ID, 1, "not_found"}, {f.Commune1, far, mine.ID, 1, "not_found"},
			{f.OtherScope, s, mine.ID, 1, "not_found"},
		} {
			if got := hand(c.in, c.s, c.l, c.n); got != c.code {
				t.Errorf("%d: %q, want %q", i, got, c.code)
			}
		}
		x, err := db.Session(ctx, f.Whole, s)
		if err != nil || x.Leaflets != 15 {
			t.Errorf("the session counts %d, %v", x.Leaflets, err)
		}
		list, err = db.Leaflets(ctx, f.Whole, store.LeafletFilter{ID: mine.ID})
		if err != nil || list[0].Handed != 19 || list[0].Left() != 11 {
			t.Errorf("%+v, %v", list, err)
		}
		where, err := db.LeafletsHanded(ctx, f.Commune1, "", mine.ID)
		if err != nil || len(where) != 2 || where[0].Session != s || where[0].N != 15 || where[1].Session != "" || where[1].N != 4 {
			t.Errorf("handed %+v, %v", where, err)
		}
		if here, err := db.LeafletsHanded(ctx, f.Whole, far, ""); err != nil || len(here) != 1 || here[0].N != 4 {
			t.Errorf("at the far session %+v, %v", here, err)
		}
		if err := db.PrintLeaflets(ctx, f.Commune1, f.By, mine.ID, 18); codeOf(err) != "leaflet_printed" {
			t.Errorf("fewer printed than handed out: %v", err)
		}
		if err := db.PrintLeaflets(ctx, f.Commune1, f.By, mine.ID, 50); err != nil {
			t.Error(err)
		}
		if err := db.PrintLeaflets(ctx, f.Commune1, f.By, theirs.ID, 50); loa.KindOf(err) != loa.NotFound {
			t.Errorf("another commune's: %v", err)
		}
	})
}

func TestLeafletLinesKeepVersionsAndSignatures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		l := loa.LeafletLines{Kind: loa.LeafletKinds[0], Language: "hmn", Lines: map[string]string{"headline": "Mẫu a"}}
		first, err := db.SaveLeafletLines(ctx, f.Whole, f.By, l, 0)
		if err != nil || first.Version != 1 || first.Signed() {
			t.Fatalf("%+v, %v", first, err)
		}
		if _, err := db.SaveLeafletLines(ctx, f.Whole, f.By, l, 0); loa.KindOf(err) != loa.Conflict {
			t.Errorf("two first versions: %v", err)
		}
		if err := db.SignLeafletLines(ctx, f.OtherScope, f.OtherBy, l.Kind, "hmn", "Ai đó", 1); loa.KindOf(err) != loa.NotFound {
			t.Errorf("another office signs: %v", err)
		}
		if err := db.SignLeafletLines(ctx, f.Whole, f.By, l.Kind, "hmn", "Giàng A Mẫu", 1); err != nil {
			t.Fatal(err)
		}
		now, err := db.LeafletLines(ctx, f.Whole)
		if err != nil || len(now) != 1 || !now[0].Signed() || now[0].CheckedBy != "Giàng A Mẫu" || now[0].SignedAt != f.By.At.In(loa.Zone).Truncate(time.Millisecond) {
			t.Fatalf("%+v, %v", now, err)
		}
		l.Lines["headline"] = "Mẫu b"
		if _, err := db.SaveLeafletLines(ctx, f.Whole, f.By, l, 1); err != nil {
			t.Fatal(err)
		}
		if now, err = db.LeafletLines(ctx, f.Whole); err != nil || len(now) != 1 || now[0].Signed() || now[0].Lines["headline"] != "Mẫu b" {
			t.Errorf("an edit keeps the signature: %+v, %v", now, err)
		}
		if err := db.SignLeafletLines(ctx, f.Whole, f.By, l.Kind, "hmn", "Giàng A Mẫu", 1); loa.KindOf(err) != loa.Conflict {
			t.Errorf("signed what was not seen: %v", err)
		}
		if other, err := db.LeafletLines(ctx, f.OtherScope); err != nil || len(other) != 0 {
			t.Errorf("another office reads %+v, %v", other, err)
		}
	})
}

// TestAPrintingTellsAStory notes on how many sheets a story stands, and refuses one that may not be told or is not written in the
// leaflet's language.
func TestAPrintingTellsAStory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		draft := aStory(f)
		draft.Tellings = draft.Tellings[:1] // in Vietnamese alone
		s := approved(t, f, draft)
		run := aRun()
		run.Story = s.ID
		shares := []store.Share{{Area: f.Villages[0], Printed: 30}, {Area: f.Villages[2], Printed: 40}}
		for range 2 { // the same sent twice is one use
			if _, err := db.AddLeaflets(ctx, f.Whole, f.By, run, shares, "Tờ gấp"); err != nil {
				t.Fatal(err)
			}
		}
		list, err := db.Leaflets(ctx, f.Whole, store.LeafletFilter{Run: run.ID})
		if err != nil || len(list) != 2 || list[0].Run.Story != s.ID {
			t.Fatalf("%+v, %v", list, err)
		}
		copies := func() int {
			t.Helper()
			uses, err := db.StoryUses(ctx, f.Whole, s.ID)
			if err != nil || len(uses) != 1 || uses[0].Kind != "leaflet" || uses[0].Batch != "1" || uses[0].Ref != string(run.ID) {
				t.Fatalf("%+v, %v", uses, err)
			}
			return uses[0].Copies
		}
		if n := copies(); n != 70 {
			t.Errorf("the story stands on %d sheets", n)
		}
		if err := db.PrintLeaflets(ctx, f.Whole, f.By, list[0].ID, 50); err != nil {
			t.Fatal(err)
		}
		if n := copies(); n != 90 {
			t.Errorf("after twenty more it stands on %d sheets", n)
		}
		english := aRun()
		english.Story, english.Language = s.ID, "en"
		if _, err := db.AddLeaflets(ctx, f.Whole, f.By, english, shares, "x"); codeOf(err) != "leaflet_story" {
			t.Errorf("not written in English: %v", err)
		}
		if err := db.WithdrawStory(ctx, f.Whole, f.By, s.ID, ""); err != nil {
			t.Fatal(err)
		}
		late := aRun()
		late.Story = s.ID
		if _, err := db.AddLeaflets(ctx, f.Whole, f.By, late, shares, "x"); codeOf(err) != "leaflet_story" {
			t.Errorf("withdrawn: %v", err)
		}
		if after, err := db.Leaflets(ctx, f.Whole, store.LeafletFilter{}); err != nil || len(after) != 2 {
			t.Errorf("a refused printing left %d, %v", len(after), err)
		}
	})
}
