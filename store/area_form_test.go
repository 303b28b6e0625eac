package store_test

import (
	"context"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestACommuneIsFormedByOneAct: two communes become a new one that bears the code of one of them; the same question by either cut has
// the same sum, and one undo brings back exactly what was.
func TestACommuneIsFormedByOneAct(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		before := keptOf(t, f)
		made := func(code string) store.CodedArea {
			return store.CodedArea{Code: code, Area: loa.Area{ID: loa.AreaID(loa.NewID()), Name: "Tân Mẫu", Prefix: "Xã"}}
		}
		both := []loa.AreaID{f.CommuneA, f.CommuneB}
		for what, c := range map[string]struct {
			in   loa.Scope
			of   []loa.AreaID
			code string
			kind loa.Kind
		}{
			"by who has one commune": {f.Commune1, both, "90002", loa.NotFound},
			"of a village":           {f.Whole, []loa.AreaID{f.CommuneA, f.Villages[0]}, "90002", loa.NotFound},
			"of one commune twice":   {f.Whole, []loa.AreaID{f.CommuneA, f.CommuneA}, "90002", loa.NotFound},
			"with a code of letters": {f.Whole, both, "9000x", loa.Invalid},
		} {
			if _, _, err := db.FormCommune(ctx, c.in, f.By, made(c.code), c.of, "2025-11-01", ""); loa.KindOf(err) != c.kind {
				t.Errorf("%s: %v", what, err)
			}
			if !sameKept(before, keptOf(t, f)) {
				t.Fatalf("%s left something behind", what)
			}
		}
		id, act, err := db.FormCommune(ctx, f.Whole, f.By, made("90002"), both, "2025-11-01", "NQ mẫu")
		if err != nil {
			t.Fatal(err)
		}
		whole, err := scopeOver(ctx, db, f, storetest.Today)
		if err != nil {
			t.Fatal(err)
		}
		if got := told(t, f, storetest.Today); got[id] != 9 || got[f.Anchor] != 3 {
			t.Errorf("by the new unit: %v", got)
		}
		if got := told(t, f, "2025-10-31"); got[f.CommuneA] != 6 || got[f.CommuneB] != 3 || got[f.Anchor] != 3 {
			t.Errorf("by the units before: %v", got)
		}
		for on, want := range map[loa.Day]loa.AreaID{"2025-10-31": f.CommuneA, "2025-11-01": id} {
			if a, err := db.AreaByCode(ctx, whole, "90002", on); err != nil || a.ID != want {
				t.Errorf("90002 on %s is %s %v", on, a.Name, err)
			}
		}
		if err := db.UndoMoveArea(ctx, whole, f.By, act); err != nil {
			t.Fatal(err)
		}
		if !sameKept(before, keptOf(t, f)) {
			t.Error("taken back it is not as before")
		}
	})
}

// TestManyVillagesAreOneAct: they come and go together, and a name the commune has already is left as it is.
func TestManyVillagesAreOneAct(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		village := func(name string) loa.Area { return loa.Area{Name: name, Prefix: "Bản"} }
		if _, _, err := db.AddVillage(ctx, f.Whole, f.By, village("Pá Hai"), f.CommuneA, "2025-10-01", ""); err != nil {
			t.Fatal(err)
		}
		before := keptOf(t, f)
		if _, _, err := db.AddVillages(ctx, f.Whole, f.By, []loa.Area{village("Pá Một"), village("")}, f.CommuneA, "2025-10-01", ""); loa.KindOf(err) != loa.Invalid {
			t.Errorf("one without a name: %v", err)
		}
		if !sameKept(before, keptOf(t, f)) {
			t.Fatal("a refused list left its first village behind")
		}
		added, act, err := db.AddVillages(ctx, f.Whole, f.By, []loa.Area{village("Pá Một"), village("Pá Hai"), village("Pá Ba")}, f.CommuneA, "2025-10-01", "", "Phá Một")
		if err != nil || len(added) != 2 {
			t.Fatalf("%d added, %v", len(added), err)
		}
		if err := db.UndoMoveArea(ctx, f.Whole, f.By, act); err != nil {
			t.Fatal(err)
		}
		if !sameKept(before, keptOf(t, f)) {
			t.Error("taken back it is not as before")
		}
	})
}
