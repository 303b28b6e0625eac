package planning

import (
	"testing"

	"loa"
)

func TestDifferencesBetweenVersions(t *testing.T) {
	same := line(loa.VisitForm, 1, 1, loa.PerMonth)
	moved := same
	moved.ID, moved.Matrix, moved.From = "other", "next", "2025-07-01"
	slower := line(loa.SmallGroup, 1, 2, loa.PerMonth)
	perVillage := line(loa.Conference, 1, 1, loa.PerQuarter)
	perVillage.PerVillage = true
	old := []loa.MatrixLine{same, line(loa.SmallGroup, 1, 1, loa.PerMonth), line(loa.Launch, 2, 1, loa.PerYear), line(loa.Conference, 1, 1, loa.PerQuarter)}
	new := []loa.MatrixLine{moved, slower, perVillage, line(loa.MarketDesk, 1, 1, loa.EachMarket)}
	got := map[loa.Form]string{}
	for _, d := range Differences(old, new) {
		got[d.Form] = d.Kind()
	}
	want := map[loa.Form]string{loa.SmallGroup: "changed", loa.Launch: "dropped", loa.MarketDesk: "added", loa.Conference: "changed"}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for form, kind := range want {
		if got[form] != kind {
			t.Errorf("%s: %q, want %q", form, got[form], kind)
		}
	}
	if d := Differences(old, old); len(d) != 0 {
		t.Errorf("a version differs from itself: %+v", d)
	}
}

func TestDuePerVillage(t *testing.T) {
	l := line(loa.SmallGroup, 1, 1, loa.PerMonth)
	in := Input{Communes: []loa.AreaID{"c"}, Villages: map[loa.AreaID][]loa.AreaID{"c": {"v1", "v2", "v3", "empty"}}, Today: "2025-11-30",
		People: map[loa.SegmentID]map[loa.AreaID]int{"s": {"c": 30, "v1": 10, "v2": 10, "v3": 10}},
		Held: map[Cell]Last{{"s", l.Form, "c"}: {On: "2025-11-20", ID: "x1"}, {"s", l.Form, "v1"}: {On: "2025-11-20", ID: "x1"}, {"s", l.Form, "v2"}: {On: "2025-10-10", ID: "x2"},
			{"s", l.Form, "v3"}: {On: "2025-09-15", ID: "x3", NextOn: "2025-12-04", NextID: "x4"}}}
	in.Lines = []loa.MatrixLine{l}
	if got := Due(in); len(got) != 1 || got[0].LateBy != 0 || got[0].DueOn != "2025-12-20" || got[0].Villages != 0 {
		t.Fatalf("the commune as a whole was served ten days ago: %+v", got)
	}
	in.Lines[0].PerVillage = true
	got := Due(in)
	if len(got) != 1 || got[0].Villages != 3 || got[0].Behind != 2 || got[0].Village != "v3" || got[0].DueOn != "2025-10-15" || got[0].LateBy != 46 {
		t.Fatalf("two of three villages wait, one for longest: %+v", got)
	}
	if got[0].LastOn != "2025-11-20" || got[0].NextID != "x4" {
		t.Errorf("the commune's last session and the village's next one: %+v", got[0])
	}
}

func TestDueAsOfAnotherDay(t *testing.T) {
	in := Input{Lines: []loa.MatrixLine{line(loa.SmallGroup, 1, 1, loa.PerMonth)}, Communes: []loa.AreaID{"c"},
		People: map[loa.SegmentID]map[loa.AreaID]int{"s": {"c": 5}}, Held: map[Cell]Last{{"s", loa.SmallGroup, "c"}: {On: "2025-10-20"}}}
	for day, late := range map[loa.Day]int{"2025-11-01": 0, "2025-11-20": 0, "2025-11-21": 1, "2025-12-31": 41} {
		in.Today = day
		if got := Due(in); len(got) != 1 || got[0].LateBy != late {
			t.Errorf("as of %s: %+v, want %d days late", day, got, late)
		}
	}
}
