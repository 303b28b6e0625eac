package store_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// told is how many of the fixture's people each unit of a day holds.
func told(t *testing.T, f *storetest.Fixture, on loa.Day) map[loa.AreaID]int {
	t.Helper()
	tree, err := f.DB.Tree(context.Background(), f.Office.ID)
	if err != nil {
		t.Fatal(err)
	}
	out := map[loa.AreaID]int{}
	for _, p := range f.People {
		out[tree.Up(p.Area, loa.Commune, on)]++
	}
	return out
}

func TestTotalsByOldAndNewUnits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		before, after := told(t, f, "2025-06-30"), told(t, f, storetest.Today)
		if want := (map[loa.AreaID]int{f.OldA1: 3, f.OldA2: 3, f.OldB: 3, f.Anchor: 3}); !maps.Equal(before, want) {
			t.Errorf("by the units of June: %v", before)
		}
		if want := (map[loa.AreaID]int{f.CommuneA: 6, f.CommuneB: 3, f.Anchor: 3}); !maps.Equal(after, want) {
			t.Errorf("by the units of today: %v", after)
		}
		if before[f.OldA1]+before[f.OldA2] != after[f.CommuneA] {
			t.Error("the old units do not add up to the new one")
		}
	})
}

func TestReusedCodeMeansWhatItMeantOnTheDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		for _, c := range []struct {
			code string
			on   loa.Day
			want loa.AreaID
		}{{"90002", "2025-06-30", f.OldA2}, {"90002", "2025-07-01", f.CommuneA}, {"90001", "2010-01-01", f.OldA1}, {"90001", "2025-07-01", ""}, {"90002", "1999-01-01", ""},
			{"99001", storetest.Today, ""}} { // the last is the other office's
			a, err := db.AreaByCode(ctx, f.Whole, c.code, c.on)
			if a.ID != c.want || (err != nil) != (c.want == "") || err != nil && loa.KindOf(err) != loa.NotFound {
				t.Errorf("%s on %s is %s %v, want %s", c.code, c.on, a.Name, err, c.want)
			}
		}
		if _, err := db.AreaByCode(ctx, f.Nothing, "90002", storetest.Today); loa.KindOf(err) != loa.NotFound {
			t.Errorf("found without a scope: %v", err)
		}
	})
}

// keptOf is every row that says where areas lie, for comparing before and after.
func keptOf(t *testing.T, f *storetest.Fixture) map[string][]string {
	t.Helper()
	ctx, out := context.Background(), map[string][]string{}
	areas, err := f.DB.Areas(ctx, f.Whole)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := f.DB.Tree(ctx, f.Office.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range areas {
		line := []string{string(a.Kind), a.Path}
		for _, p := range tree.Parents(a.ID) {
			line = append(line, string(p.Parent)+" "+string(p.From)+" "+string(p.To)+" "+p.Source)
		}
		out[string(a.ID)] = line
	}
	codes, err := f.DB.AreaCodes(ctx, f.Whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range codes {
		out["codes"] = append(out["codes"], string(c.Area)+c.Code+string(c.From)+string(c.To))
	}
	owned, err := f.DB.Owned(ctx, f.Whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range owned {
		out["owned"] = append(out["owned"], string(o.Area)+string(o.From)+string(o.To))
	}
	names, err := f.DB.Aliases(ctx, f.Whole)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		out["names"] = append(out["names"], string(n.Area)+n.Name)
	}
	return out
}

func sameKept(a, b map[string][]string) bool { return maps.EqualFunc(a, b, slices.Equal) }

func TestMoveAVillageWithoutCommuneAndBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		before := keptOf(t, f)
		act, err := db.MoveArea(ctx, f.Whole, f.By, f.Unstated, f.CommuneB, "2025-10-01", "Biên bản rà soát")
		if err != nil {
			t.Fatal(err)
		}
		if got := told(t, f, "2025-09-30"); got[f.Anchor] != 3 || got[f.CommuneB] != 3 {
			t.Errorf("the day before: %v", got)
		}
		if got := told(t, f, "2025-10-01"); got[f.Anchor] != 0 || got[f.CommuneB] != 6 {
			t.Errorf("from the day on: %v", got)
		}
		moved, err := db.Area(ctx, f.Commune2, f.Unstated)
		if err != nil || moved.Kind != loa.Village {
			t.Errorf("the officer of the commune does not see it: %v", err)
		}
		if err := db.UndoAct(ctx, f.Commune1, f.By, act); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling took it back: %v", err)
		}
		if err := db.UndoAct(ctx, f.Whole, f.By, act); err != nil {
			t.Fatal(err)
		}
		if after := keptOf(t, f); !sameKept(before, after) {
			t.Errorf("undone it is not as before:\n%v\n%v", before, after)
		}
		if err := db.UndoAct(ctx, f.Whole, f.By, act); loa.KindOf(err) != loa.Conflict {
			t.Errorf("undone twice: %v", err)
		}
	})
}

func TestMergeCommunesAndBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		before := keptOf(t, f)
		partner, err := db.AddPartner(ctx, f.Whole, f.By, loa.Partner{Area: f.CommuneB, Kind: "school", Name: "Trường mẫu"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.MoveArea(ctx, f.Commune2, f.By, f.CommuneB, f.CommuneA, "2025-11-01", ""); loa.KindOf(err) != loa.NotFound {
			t.Errorf("an officer of one commune merged it: %v", err)
		}
		act, err := db.MoveArea(ctx, f.Whole, f.By, f.CommuneB, f.CommuneA, "2025-11-01", "Nghị quyết mẫu")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := told(t, f, storetest.Today), (map[loa.AreaID]int{f.CommuneA: 9, f.Anchor: 3}); !maps.Equal(got, want) {
			t.Errorf("after the merger: %v", got)
		}
		if got := told(t, f, "2025-10-31"); got[f.CommuneB] != 3 {
			t.Errorf("the day before: %v", got)
		}
		if _, err := db.AreaByCode(ctx, f.Whole, "90003", "2025-11-01"); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the code of the merged commune still holds: %v", err)
		}
		if _, err := db.Partner(ctx, f.Commune1, partner.ID); err != nil {
			t.Errorf("what was noted in the merged commune is lost to the other: %v", err)
		}
		tree, err := db.Tree(ctx, f.Office.ID)
		if err != nil {
			t.Fatal(err)
		}
		if now, then := tree.Up(f.CommuneB, loa.Commune, storetest.Today), tree.Up(f.CommuneB, loa.Commune, "2025-10-31"); now != f.CommuneA || then != f.CommuneB {
			t.Errorf("the merged commune counts in %s now and in %s before", now, then)
		}
		owned, err := db.OfficeAreas(ctx, f.Office.ID, storetest.Today)
		if err != nil || len(owned) != 2 { // commune A and the office's own node
			t.Errorf("the office has %d areas: %v", len(owned), err)
		}
		if err := db.UndoAct(ctx, f.Whole, f.By, act); err != nil {
			t.Fatal(err)
		}
		if after := keptOf(t, f); !sameKept(before, after) {
			t.Errorf("undone it is not as before:\n%v\n%v", before, after)
		}
	})
}

func TestMergeVillagesKeepsTheName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		before := keptOf(t, f)
		act, err := db.MoveArea(ctx, f.Commune1, f.By, f.Villages[1], f.Villages[0], "2025-11-01", "")
		if err != nil {
			t.Fatal(err)
		}
		found, err := db.SearchAreas(ctx, f.Whole, "cang ty", 10)
		if err != nil || !slices.ContainsFunc(found, func(a loa.Area) bool { return a.ID == f.Villages[0] }) {
			t.Errorf("the old name does not lead to the village: %v %v", found, err)
		}
		if got := told(t, f, storetest.Today); got[f.CommuneA] != 6 {
			t.Errorf("people are lost: %v", got)
		}
		if err := db.UndoAct(ctx, f.Whole, f.By, act); err != nil {
			t.Fatal(err)
		}
		if after := keptOf(t, f); !sameKept(before, after) {
			t.Errorf("undone it is not as before:\n%v\n%v", before, after)
		}
	})
}

func TestMoveRefuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		for name, c := range map[string]struct {
			in     loa.Scope
			id, to loa.AreaID
			from   loa.Day
			want   loa.Kind
		}{
			"tomorrow":          {f.Whole, f.Unstated, f.CommuneA, "2025-12-01", loa.Invalid},
			"before it was":     {f.Whole, f.Villages[0], f.CommuneB, "2025-06-01", loa.Invalid},
			"where it is":       {f.Whole, f.Villages[0], f.CommuneA, "2025-10-01", loa.Conflict},
			"under itself":      {f.Whole, f.Villages[0], f.Villages[0], "2025-10-01", loa.Invalid},
			"the office":        {f.Whole, f.Anchor, f.CommuneA, "2025-10-01", loa.Invalid},
			"commune in anchor": {f.Whole, f.CommuneA, f.Anchor, "2025-10-01", loa.Invalid},
			"a gone commune":    {f.Whole, f.Villages[0], f.OldA1, "2025-10-01", loa.NotFound},
			"sibling's":         {f.Commune1, f.Villages[2], f.CommuneA, "2025-10-01", loa.NotFound},
			"to the sibling":    {f.Commune1, f.Villages[0], f.CommuneB, "2025-10-01", loa.NotFound},
			"other office":      {f.Whole, f.OtherArea, f.CommuneA, "2025-10-01", loa.NotFound},
			"nothing":           {f.Nothing, f.Villages[0], f.CommuneB, "2025-10-01", loa.NotFound},
		} {
			before := keptOf(t, f)
			if _, err := db.MoveArea(ctx, c.in, f.By, c.id, c.to, c.from, ""); loa.KindOf(err) != c.want {
				t.Errorf("%s: %v", name, err)
			}
			if !sameKept(before, keptOf(t, f)) {
				t.Errorf("%s: refused, but something changed", name)
			}
		}
	})
}

func TestAreaIsEditedWithVersions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		a, err := db.Area(ctx, f.Commune1, f.Villages[0])
		if err != nil {
			t.Fatal(err)
		}
		read := a.ChangeNo
		a.Name, a.Signal, a.Languages, a.TravelWetMin, a.FocalOfficer = "  Háng  Là A ", "weak", []string{"mong", "thai"}, 95, f.OfficerOne
		if _, _, _, err := db.SaveArea(ctx, f.Commune1, f.By, a, []string{"Hang La", "Háng Lìa", "háng lìa"}, read); err != nil {
			t.Fatal(err)
		}
		got, err := db.Area(ctx, f.Commune1, a.ID)
		if err != nil || got.Name != "Háng Là A" || got.Signal != "weak" || got.TravelWetMin != 95 || !slices.Equal(got.Languages, a.Languages) {
			t.Errorf("kept %+v, %v", got, err)
		}
		if found, err := db.SearchAreas(ctx, f.Commune1, "hang lia", 5); err != nil || len(found) != 1 {
			t.Errorf("not found by its other name: %v %v", found, err)
		}
		versions, err := db.Versions(ctx, string(a.ID))
		if err != nil || len(versions) != 6 {
			t.Errorf("%d versions, want name, travel, signal, languages, officer and aliases: %v", len(versions), err)
		}
		b := got
		b.Name, b.Signal = "Tên khác", "good" // by somebody who read the form before
		b.Languages = nil                     // as the form had read them: left alone
		merged, names, clashes, err := db.SaveArea(ctx, f.Commune1, f.By, b, nil, read)
		if err != nil || len(clashes) != 2 || !slices.Equal(merged.Languages, a.Languages) || len(names) != 2 {
			t.Errorf("%d clashes, %v", len(clashes), err)
		}
		for name, c := range map[string]struct {
			in   loa.Scope
			id   loa.AreaID
			want loa.Kind
		}{"sibling": {f.Commune2, a.ID, loa.NotFound}, "other office": {f.OtherScope, a.ID, loa.NotFound}, "the office's node": {f.Whole, f.Anchor, loa.Conflict}} {
			b := got
			b.ID = c.id
			if _, _, _, err := db.SaveArea(ctx, c.in, f.By, b, nil, 0); loa.KindOf(err) != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		b = got
		b.FocalOfficer = f.OtherBy.Officer
		if _, _, _, err := db.SaveArea(ctx, f.Commune1, f.By, b, nil, 0); loa.KindOf(err) != loa.NotFound {
			t.Errorf("an officer of another office was taken: %v", err)
		}
	})
}

func TestFiguresAreAppended(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		v := f.Villages[0]
		for _, x := range []loa.AreaFigure{{Value: 500, AsOf: "2024-12-31", Source: "Niên giám"}, {Value: 520, AsOf: "2025-06-30", Source: "Xã"}, {Value: 518, AsOf: "2025-06-30", Source: "Xã, sửa"},
			{Value: 490, AsOf: "2023-12-31", Source: "Cũ"}} {
			x.Area, x.Kind = v, "population"
			f.By.At = f.By.At.Add(time.Second)
			if err := db.AddFigure(ctx, f.Commune1, f.By, x); err != nil {
				t.Fatal(err)
			}
		}
		list, err := db.Figures(ctx, f.Commune1, v)
		if err != nil || len(list) != 4 || list[0].Value != 518 || list[3].Value != 490 {
			t.Errorf("kept %v, %v", list, err)
		}
		for on, want := range map[loa.Day]int64{"2025-11-30": 518, "2025-01-01": 500, "2023-01-01": 0} {
			now, err := db.FiguresNow(ctx, f.Whole, on)
			if err != nil || now[v]["population"].Value != want {
				t.Errorf("on %s: %v %v, want %d", on, now[v], err, want)
			}
		}
		for name, x := range map[string]loa.AreaFigure{"tomorrow": {Kind: "population", AsOf: "2025-12-01", Source: "x"}, "no source": {Kind: "population", AsOf: "2025-01-01"},
			"another kind": {Kind: "cows", AsOf: "2025-01-01", Source: "x"}, "negative": {Kind: "households", Value: -1, AsOf: "2025-01-01", Source: "x"}} {
			x.Area = v
			if err := db.AddFigure(ctx, f.Commune1, f.By, x); loa.KindOf(err) != loa.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := db.AddFigure(ctx, f.Commune2, f.By, loa.AreaFigure{Area: v, Kind: "population", Value: 1, AsOf: "2025-01-01", Source: "x"}); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling wrote: %v", err)
		}
		if _, err := db.Figures(ctx, f.Commune2, v); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling read: %v", err)
		}
	})
}

func TestCommunesComeAndGo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		made := store.CodedArea{Area: loa.Area{ID: loa.AreaID(loa.NewID()), Name: "Mới", Prefix: "Xã"}, Code: "90009"}
		if _, _, err := db.AddCommune(ctx, f.Commune1, f.By, made, "2025-10-01", "x"); loa.KindOf(err) != loa.NotFound {
			t.Errorf("an officer of one commune added another: %v", err)
		}
		id, _, err := db.AddCommune(ctx, f.Whole, f.By, made, "2025-10-01", "x")
		if err != nil {
			t.Fatal(err)
		}
		has := func(on loa.Day) bool {
			list, err := db.OfficeAreas(ctx, f.Office.ID, on)
			if err != nil {
				t.Fatal(err)
			}
			return slices.ContainsFunc(list, func(a loa.Area) bool { return a.ID == id })
		}
		if has("2025-09-30") || !has("2025-10-01") {
			t.Error("the commune is not the office's from its day on")
		}
		whole, err := scopeOver(ctx, db, f, storetest.Today)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := db.AddVillage(ctx, whole, f.By, loa.Area{Name: "Bản Mới", Prefix: "Bản"}, id, "2025-10-01", ""); err != nil {
			t.Error(err)
		}
		if _, _, err := db.AddVillage(ctx, whole, f.By, loa.Area{Name: "bản mới", Prefix: "Bản"}, id, "2025-10-01", ""); loa.KindOf(err) != loa.Conflict {
			t.Errorf("the same village twice: %v", err)
		}
		if _, _, err := db.AddCommune(ctx, f.Whole, f.By, made, "2025-11-01", "x"); loa.KindOf(err) != loa.Conflict {
			t.Errorf("the same commune twice: %v", err)
		}
		if err := db.EndCommune(ctx, f.Whole, f.By, id, "2025-11-15"); err != nil {
			t.Fatal(err)
		}
		if !has("2025-11-15") || has("2025-11-16") {
			t.Error("the commune did not go on its day")
		}
		again, _, err := db.AddCommune(ctx, f.Whole, f.By, made, "2025-11-20", "x")
		if err != nil || again != id || !has("2025-11-20") {
			t.Errorf("it did not come back as itself: %s %v", again, err)
		}
		other := made
		other.Code = "99001"
		if _, _, err := db.AddCommune(ctx, f.Whole, f.By, other, "2025-11-20", "x"); loa.KindOf(err) != loa.Conflict {
			t.Errorf("took the other office's commune: %v", err)
		}
	})
}

func scopeOver(ctx context.Context, db *store.DB, f *storetest.Fixture, on loa.Day) (loa.Scope, error) {
	list, err := db.OfficeAreas(ctx, f.Office.ID, on)
	s := loa.Scope{Office: f.Office.ID}
	for _, a := range list {
		s.Ranges = append(s.Ranges, loa.Under(a.Path))
	}
	return s, err
}
