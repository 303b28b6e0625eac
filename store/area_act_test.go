package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestAnyActsOnTheTerritoryUndo does random acts one after the other and takes them back from the last to the first: at every
// step the territory must be exactly as it was.
func TestAnyActsOnTheTerritoryUndo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		dice := rand.New(rand.NewPCG(7, 11))
		type step struct {
			what   string
			act    loa.ActID
			before map[string][]string
		}
		var steps []step
		villages := append(slices.Clone(f.Villages[:]), f.Unstated)
		places := []loa.AreaID{f.CommuneA, f.CommuneB, f.Anchor}
		day := func() loa.Day { return loa.Day("2025-08-01").Add(dice.IntN(120)) }
		kinds := map[string]int{}
		for i := range 60 {
			before := keptOf(t, f)
			var what string
			var act loa.ActID
			var err error
			switch dice.IntN(6) {
			case 0, 1:
				what = "move"
				act, err = db.MoveArea(ctx, f.Whole, f.By, villages[dice.IntN(len(villages))], places[dice.IntN(len(places))], day(), "x")
			case 2:
				what = "merge villages"
				act, err = db.MoveArea(ctx, f.Whole, f.By, villages[dice.IntN(len(villages))], villages[dice.IntN(len(villages))], day(), "x")
			case 3:
				what = "merge communes"
				act, err = db.MoveArea(ctx, f.Whole, f.By, places[dice.IntN(len(places))], places[dice.IntN(len(places))], day(), "x")
			case 4:
				what = "recode"
				act, err = db.RecodeArea(ctx, f.Whole, f.By, places[dice.IntN(2)], []string{"", fmt.Sprintf("%05d", 80000+i), "90002"}[dice.IntN(3)], day(), "x")
			default:
				what = "add"
				var made loa.Area
				made, act, err = db.AddVillage(ctx, f.Whole, f.By, loa.Area{Name: fmt.Sprintf("Mới %d", i), Prefix: "Bản"}, places[dice.IntN(len(places))], day(), "x")
				if err == nil {
					villages = append(villages, made.ID)
				}
			}
			if err != nil {
				if k := loa.KindOf(err); k != loa.Invalid && k != loa.Conflict && k != loa.NotFound {
					t.Fatalf("%s: %v", what, err)
				}
				if !sameKept(before, keptOf(t, f)) {
					t.Fatalf("%s was refused (%v), but something changed", what, err)
				}
				continue
			}
			kinds[what]++
			steps = append(steps, step{what, act, before})
		}
		if len(kinds) < 4 || len(steps) < 15 {
			t.Fatalf("only %v were done", kinds)
		}
		for i := len(steps) - 1; i >= 0; i-- {
			s := steps[i]
			if err := db.UndoMoveArea(ctx, f.Whole, f.By, s.act); err != nil {
				t.Fatalf("%s, act %d, is not taken back: %v", s.what, i, err)
			}
			if after := keptOf(t, f); !sameKept(s.before, after) {
				t.Fatalf("%s, act %d, taken back is not as before:\n%v\n%v", s.what, i, s.before, after)
			}
		}
		if got := told(t, f, storetest.Today); got[f.CommuneA] != 6 || got[f.CommuneB] != 3 || got[f.Anchor] != 3 {
			t.Errorf("at last: %v", got)
		}
	})
}

func TestANewCodeHoldsFromItsDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		who := func(code string, on loa.Day) loa.AreaID {
			a, err := db.AreaByCode(ctx, f.Whole, code, on)
			if err != nil && loa.KindOf(err) != loa.NotFound {
				t.Fatal(err)
			}
			return a.ID
		}
		before := keptOf(t, f)
		for name, c := range map[string]struct {
			in   loa.Scope
			id   loa.AreaID
			code string
			from loa.Day
			want loa.Kind
		}{
			"one commune's officer": {f.Commune1, f.CommuneA, "90010", "2025-10-01", loa.NotFound},
			"other office":          {f.OtherScope, f.CommuneA, "90010", "2025-10-01", loa.NotFound},
			"a village":             {f.Whole, f.Villages[0], "90010", "2025-10-01", loa.Invalid},
			"letters":               {f.Whole, f.CommuneA, "9001a", "2025-10-01", loa.Invalid},
			"too short":             {f.Whole, f.CommuneA, "9001", "2025-10-01", loa.Invalid},
			"the same":              {f.Whole, f.CommuneA, "90002", "2025-10-01", loa.Conflict},
			"the neighbour's":       {f.Whole, f.CommuneA, "90003", "2025-10-01", loa.Conflict},
			"tomorrow":              {f.Whole, f.CommuneA, "90010", "2025-12-01", loa.Invalid},
			"before the one it has": {f.Whole, f.CommuneA, "90010", "2025-06-01", loa.Invalid},
		} {
			if _, err := db.RecodeArea(ctx, c.in, f.By, c.id, c.code, c.from, ""); loa.KindOf(err) != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		if !sameKept(before, keptOf(t, f)) {
			t.Error("refused, but something changed")
		}
		act, err := db.RecodeArea(ctx, f.Whole, f.By, f.CommuneA, "90010", "2025-10-01", "QĐ mẫu")
		if err != nil {
			t.Fatal(err)
		}
		if who("90002", "2025-09-30") != f.CommuneA || who("90002", "2025-10-01") != "" || who("90010", "2025-10-01") != f.CommuneA || who("90010", "2025-09-30") != "" {
			t.Error("the codes do not change on their day")
		}
		// the digits go to another unit: then the first change can no longer be taken back
		second, err := db.RecodeArea(ctx, f.Whole, f.By, f.CommuneB, "90002", "2025-11-01", "QĐ mẫu")
		if err != nil {
			t.Fatal(err)
		}
		if err := db.UndoMoveArea(ctx, f.Whole, f.By, act); loa.KindOf(err) != loa.Conflict {
			t.Errorf("two units have one code: %v", err)
		}
		if err := db.UndoMoveArea(ctx, f.Whole, f.By, second); err != nil {
			t.Fatal(err)
		}
		if err := db.UndoMoveArea(ctx, f.Whole, f.By, act); err != nil {
			t.Fatal(err)
		}
		if !sameKept(before, keptOf(t, f)) {
			t.Error("taken back it is not as before")
		}
	})
}

// TestAMergerIntoANewUnit records a merger as an office would: the old codes end, the new unit takes one of them over, and
// every question gives the same sum by the units of either day.
func TestAMergerIntoANewUnit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		before := keptOf(t, f)
		var acts []loa.ActID
		do := func(act loa.ActID, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			acts = append(acts, act)
		}
		do(db.RecodeArea(ctx, f.Whole, f.By, f.CommuneA, "", "2025-11-01", "NQ mẫu"))
		id, act, err := db.AddCommune(ctx, f.Whole, f.By, store.CodedArea{Code: "90002", Area: loa.Area{ID: loa.AreaID(loa.NewID()), Name: "Tân Mẫu", Prefix: "Xã"}}, "2025-11-01", "NQ mẫu")
		do(act, err)
		whole, err := scopeOver(ctx, db, f, storetest.Today)
		if err != nil {
			t.Fatal(err)
		}
		do(db.MoveArea(ctx, whole, f.By, f.CommuneA, id, "2025-11-01", "NQ mẫu"))
		do(db.MoveArea(ctx, whole, f.By, f.CommuneB, id, "2025-11-01", "NQ mẫu"))
		if got := told(t, f, storetest.Today); got[id] != 9 || got[f.Anchor] != 3 {
			t.Errorf("by the new unit: %v", got)
		}
		if got := told(t, f, "2025-10-31"); got[f.CommuneA] != 6 || got[f.CommuneB] != 3 || got[f.Anchor] != 3 {
			t.Errorf("by the units before: %v", got)
		}
		if got := told(t, f, "2025-06-30"); got[f.OldA1] != 3 || got[f.OldA2] != 3 || got[f.OldB] != 3 {
			t.Errorf("by the units of June: %v", got)
		}
		for on, want := range map[loa.Day]loa.AreaID{"2025-06-30": f.OldA2, "2025-10-31": f.CommuneA, "2025-11-01": id} {
			if a, err := db.AreaByCode(ctx, whole, "90002", on); err != nil || a.ID != want {
				t.Errorf("90002 on %s is %s %v", on, a.Name, err)
			}
		}
		if err := db.UndoMoveArea(ctx, whole, f.By, acts[1]); loa.KindOf(err) != loa.Conflict {
			t.Errorf("a commune that has villages was taken back: %v", err)
		}
		for i := len(acts) - 1; i >= 0; i-- {
			if err := db.UndoMoveArea(ctx, whole, f.By, acts[i]); err != nil {
				t.Fatalf("step %d: %v", i, err)
			}
		}
		if !sameKept(before, keptOf(t, f)) {
			t.Error("taken back it is not as before")
		}
	})
}

func TestAVillageGoesWithItsOtherNames(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		v, act, err := db.AddVillage(ctx, f.Whole, f.By, loa.Area{Name: "Nhầm", Prefix: "Thôn"}, f.CommuneA, "2025-10-01", "", "Nhầm Cũ", "nhầm", "Nhầm Cũ")
		if err != nil {
			t.Fatal(err)
		}
		list, err := db.SearchAreas(ctx, f.Whole, "nham cu", 5)
		if err != nil || len(list) != 1 || list[0].ID != v.ID {
			t.Fatalf("the other name finds %v, %v", list, err)
		}
		if err := db.UndoMoveArea(ctx, f.Whole, f.By, act); err != nil {
			t.Fatalf("a village with another name is not taken back: %v", err)
		}
		aliases, err := db.Aliases(ctx, f.Whole)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range aliases {
			if a.Area == v.ID {
				t.Errorf("the name %s stays behind", a.Name)
			}
		}
	})
}

func TestAnAreaInUseIsNotTakenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		v, act, err := db.AddVillage(ctx, f.Whole, f.By, loa.Area{Name: "Nhầm", Prefix: "Thôn"}, f.CommuneA, "2025-10-01", "")
		if err != nil {
			t.Fatal(err)
		}
		p, err := db.AddPerson(ctx, f.Whole, f.By, loa.Person{Name: "Sùng A Mới", Area: v.ID})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.UndoMoveArea(ctx, f.Whole, f.By, act); loa.KindOf(err) != loa.Conflict {
			t.Errorf("a village with somebody in it was taken back: %v", err)
		}
		if _, err := db.Person(ctx, f.Whole, p.ID); err != nil {
			t.Errorf("its person is gone: %v", err)
		}
		if err := db.UndoMoveArea(ctx, f.Commune2, f.By, act); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling: %v", err)
		}
	})
}

// TestSessionsOfAFormerUnit opens the rows behind a count that was told by the units of another day.
func TestSessionsOfAFormerUnit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		for i, v := range []loa.AreaID{f.Villages[0], f.Villages[1], f.Villages[2], f.Villages[3], f.Unstated} {
			s := loa.Session{ID: loa.SessionID(loa.NewID()), Area: v, Form: loa.SmallGroup, On: "2025-12-05", StartMin: 600 + i, Title: "Nhóm nhỏ mẫu", Officers: []loa.OfficerID{f.OfficerOne}}
			if _, err := db.AddSession(ctx, f.Whole, f.By, s); err != nil {
				t.Fatal(err)
			}
		}
		sum := int64(0)
		for unit, want := range map[loa.AreaID]int64{f.OldA1: 1, f.OldA2: 1, f.OldB: 2, f.Anchor: 1} {
			n, err := db.CountSessions(ctx, f.Whole, store.SessionFilter{Area: unit})
			list, err2 := db.Sessions(ctx, f.Whole, store.SessionFilter{Area: unit})
			if err != nil || err2 != nil || n[loa.SmallGroup] != want || int64(len(list)) != want {
				t.Errorf("%s: %v, %d in the list, want %d: %v %v", unit, n, len(list), want, err, err2)
			}
			sum += n[loa.SmallGroup]
		}
		all, err := db.CountSessions(ctx, f.Whole, store.SessionFilter{})
		if err != nil || all[loa.SmallGroup] != sum {
			t.Errorf("the former units have %d, all %v: %v", sum, all, err)
		}
		for name, in := range map[string]loa.Scope{"the sibling": f.Commune2, "the other office": f.OtherScope, "nobody": f.Nothing} {
			if n, err := db.CountSessions(ctx, in, store.SessionFilter{Area: f.OldA1}); err != nil || len(n) != 0 {
				t.Errorf("%s sees %v of a former unit: %v", name, n, err)
			}
		}
	})
}
