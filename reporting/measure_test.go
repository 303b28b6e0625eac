package reporting_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"loa"
	"loa/reporting"
)

func TestPercentIsRoundedHalfUp(t *testing.T) {
	for _, c := range []struct {
		count, target int64
		want          string
	}{{3022, 2925, "103.3"}, {73700, 73553, "100.2"}, {1255, 1320, "95.1"}, {1, 2000, "0.1"}, {0, 5, "0.0"}, {2000, 2000, "100.0"}} {
		p := reporting.PercentOf(c.count, c.target)
		if p == nil || p.String() != c.want {
			t.Errorf("%d of %d is %v, want %s", c.count, c.target, p, c.want)
			continue
		}
		raw, err := json.Marshal(p)
		if err != nil || string(raw) != c.want {
			t.Errorf("%s is written %s, %v", c.want, raw, err)
		}
		var back reporting.Tenths
		if err := json.Unmarshal(raw, &back); err != nil || back != *p {
			t.Errorf("%s is read back as %v, %v", raw, back, err)
		}
	}
	if reporting.PercentOf(3, 0) != nil {
		t.Error("a share of nothing has a number")
	}
}

// TestInterval compares with the closed formula's known values.
func TestInterval(t *testing.T) {
	for _, c := range []struct {
		k, n              int64
		percent, low, top int64
	}{{62, 100, 62, 52, 71}, {0, 20, 0, 0, 16}, {20, 20, 100, 84, 100}, {10, 40, 25, 14, 40}} {
		r := reporting.Rate{K: c.k, N: c.n}
		low, high := r.Interval()
		if r.Percent() != c.percent || low != c.low || high != c.top {
			t.Errorf("%d of %d: %d (%d–%d), want %d (%d–%d)", c.k, c.n, r.Percent(), low, high, c.percent, c.low, c.top)
		}
	}
	if (reporting.Rate{K: 19, N: 19}).Enough() || !(reporting.Rate{K: 1, N: 20}).Enough() {
		t.Error("twenty is where a rate begins to say something")
	}
}

func TestRetention(t *testing.T) {
	rows := []loa.Cohort{
		{Area: v1, Joined: "2024-11-05", Starts: "2024-11-05", Ends: "2025-03-01", First: true, N: 10}, // gone after four months
		{Area: v1, Joined: "2024-11-05", Starts: "2025-10-01", Ends: "2026-05-01", N: 4},               // four of them came back
		{Area: v1, Joined: "2024-11-20", Starts: "2024-11-20", Ends: loa.OpenEnd, First: true, N: 30},
		{Area: v1, Joined: "2025-10-10", Starts: "2025-10-10", Ends: loa.OpenEnd, First: true, N: 5},
	}
	lines := reporting.Retention(rows, 0, "2025-11-30")
	if len(lines) != 2 || lines[0].Month != "2025-10" || lines[1].Joined != 40 {
		t.Fatalf("lines: %+v", lines)
	}
	for i, want := range []struct {
		after int
		k, n  int64
		over  bool
	}{{3, 40, 40, true}, {6, 30, 40, true}, {12, 34, 40, true}, {24, 0, 0, false}} {
		got := lines[1].Kept[i]
		if got.After != want.after || got.Rate.K != want.k || got.Rate.N != want.n || got.Over != want.over {
			t.Errorf("after %d months: %+v, want %+v", want.after, got, want)
		}
	}
	if lines[0].Kept[0].Over {
		t.Error("the time of those who joined last month is not over")
	}
}

func TestCheckTargets(t *testing.T) {
	join := func(area loa.AreaID, month int, n int64) loa.Target {
		return loa.Target{Area: area, Scheme: loa.VoluntarySI, Measure: "joined", Year: 2025, Month: month, Value: n, InForce: "2025-01-01", Revision: 1}
	}
	list := []loa.Target{plan(anchor, 0, 132, "2025-01-01", 1), plan(east, 0, 100, "2025-01-01", 1), plan(west, 0, 30, "2025-01-01", 1),
		join(anchor, 0, 20), join(anchor, 1, 12), join(anchor, 2, 9),
		{Area: east, Employer: "school", Scheme: loa.CompulsorySI, Measure: "participation", Year: 2025, Value: 40, InForce: "2025-01-01", Revision: 1},
		{Area: anchor, Scheme: loa.CompulsorySI, Measure: "participation", Year: 2025, Value: 40, InForce: "2025-01-01", Revision: 1},
		{Area: anchor, Officer: "a", Scheme: loa.VoluntarySI, Measure: "participation", Year: 2025, Value: 70, InForce: "2025-01-01", Revision: 1}}
	got := map[string]int64{}
	for _, c := range reporting.CheckTargets(loa.TargetsOn(list, "2025-12-31"), anchor) {
		got[c.Parts+" "+string(c.Line.Scheme)+" "+c.Line.Measure] = c.Gap()
	}
	want := map[string]int64{"communes voluntary_si participation": -2, "officers voluntary_si participation": -62, "months voluntary_si joined": 1, "employers compulsory_si participation": 0}
	for k, v := range want {
		if g, ok := got[k]; !ok || g != v {
			t.Errorf("%s: %d (%v), want %d", k, g, ok, v)
		}
	}
	if len(got) != len(want) {
		t.Errorf("checks: %v", got)
	}
}

func TestFormerCommunes(t *testing.T) {
	units := reporting.NewUnits(tree(), whole(), anchor, lastOld, "2025-11-30")
	var names []string
	for _, u := range units.List {
		names = append(names, u.Name)
	}
	if got := strings.Join(names, " "); got != "Chia Đồi Sông Mẫu" {
		t.Errorf("lines before the re-cut: %s", got)
	}
	now := reporting.NewUnits(tree(), whole(), anchor, "", "2025-11-30")
	for _, c := range []struct {
		units *reporting.Units
		area  loa.AreaID
		want  loa.AreaID
	}{{units, v2, oldSplit}, {units, loose, anchor}, {units, east, anchor}, {now, oldHill, east}, {now, oldRiver, west}, {now, oldSplit, anchor}, {now, v2, east}} {
		if got := c.units.Of(c.area); got != c.want {
			t.Errorf("%s counts in %s, want %s", c.area, got, c.want)
		}
	}
	if now.Maps(oldSplit) || !now.Maps(oldHill) || !now.Maps(anchor) {
		t.Error("a count of a commune that was split cannot be told by today's communes; one that went over whole can")
	}
}

func TestDraw(t *testing.T) {
	square := `{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[103.2,22.0],[103.4,22.0],[103.4,22.2],[103.2,22.2],[103.2,22.0]]]}}`
	m, err := reporting.Draw([]reporting.Place{{ID: east, GeoJSON: square}, {ID: west, Lat: 21.9, Lon: 103.3, Size: 10}, {ID: loose}})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Shapes) != 2 || m.Shapes[0].Path == "" || m.Shapes[1].R == 0 || len(m.Missing) != 1 {
		t.Fatalf("map: %+v", m)
	}
	if m.Shapes[1].Y <= m.Shapes[0].Y {
		t.Error("what lies further south is not drawn lower")
	}
	for _, s := range m.Shapes {
		if s.X < 0 || s.X > m.Width || s.Y < 0 || s.Y > m.Height || math.IsNaN(s.X) {
			t.Errorf("%s lies outside the map: %v, %v", s.ID, s.X, s.Y)
		}
	}
	if _, err := reporting.Draw([]reporting.Place{{ID: east, GeoJSON: `{"type":"Polygon","coordinates":"no"}`}}); err == nil {
		t.Error("a broken boundary is drawn")
	}
	one, err := reporting.Draw([]reporting.Place{{ID: west, Lat: 21.9, Lon: 103.3, Size: 10}})
	if err != nil || len(one.Shapes) != 1 || one.Shapes[0].X != one.Width/2 || one.Height > 150 {
		t.Errorf("one commune is not drawn in the middle of a small map: %+v, %v", one, err)
	}
	if m, err := reporting.Draw(nil); err != nil || len(m.Shapes) != 0 {
		t.Errorf("an empty map: %+v, %v", m, err)
	}
}
