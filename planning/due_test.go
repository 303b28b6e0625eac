package planning

import (
	"testing"

	"loa"
)

func line(form loa.Form, times, every int, unit loa.Unit) loa.MatrixLine {
	return loa.MatrixLine{Segment: "s", Form: form, Cadence: loa.Cadence{Times: times, Every: every, Unit: unit}, From: "2025-01-01"}
}

func TestDue(t *testing.T) {
	xaNhe, err := ParseMarket("branch:3,9")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		line loa.MatrixLine
		last loa.Day
		want loa.Day
		late int
	}{
		{"never held: one period after the line began", line(loa.SmallGroup, 1, 1, loa.PerMonth), "", "2025-02-01", 302},
		{"once a month", line(loa.SmallGroup, 1, 1, loa.PerMonth), "2025-10-21", "2025-11-21", 9},
		{"once a quarter, in time", line(loa.Conference, 1, 1, loa.PerQuarter), "2025-10-15", "2026-01-15", 0},
		{"every second month", line(loa.VisitForm, 1, 2, loa.PerMonth), "2025-09-18", "2025-11-18", 12},
		{"twice a year", line(loa.Launch, 2, 1, loa.PerYear), "2025-05-11", "2025-11-09", 21},
		{"ten days", line(loa.VisitForm, 1, 10, loa.PerDay), "2025-11-25", "2025-12-05", 0},
		{"each market: the first after the last", line(loa.MarketDesk, 1, 1, loa.EachMarket), "2025-11-18", "2025-11-24", 6},
		{"each market: held today", line(loa.MarketDesk, 1, 1, loa.EachMarket), "2025-11-30", "2025-12-06", 0},
		{"each festival: missed", line(loa.Festival, 1, 1, loa.EachFestival), "2025-10-01", "2025-11-18", 12},
		{"each festival: held, next year's is not known", line(loa.Festival, 1, 1, loa.EachFestival), "2025-11-16", "", 0},
		{"a form that is no session", line(loa.Loudspeaker, 1, 1, loa.PerWeek), "", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := Input{Lines: []loa.MatrixLine{c.line}, Communes: []loa.AreaID{"c"}, Today: "2025-11-30",
				People:  map[loa.SegmentID]map[loa.AreaID]int{"s": {"c": 7}},
				Held:    map[Cell]Last{{"s", c.line.Form, "c"}: {On: c.last}},
				Markets: map[loa.AreaID][]MarketRule{"c": {xaNhe}}, Festivals: map[loa.AreaID][]loa.FestivalDay{"c": {{From: "2024-11-05", To: "2024-11-18"}, {From: "2025-11-05", To: "2025-11-12"}, {From: "2025-11-14", To: "2025-11-18"}}}}
			got := Due(in)
			if c.want == "" {
				if len(got) != 0 {
					t.Fatalf("nothing is asked for, got %+v", got)
				}
				return
			}
			if len(got) != 1 || got[0].DueOn != c.want || got[0].LateBy != c.late {
				t.Fatalf("got %+v, want %s late %d", got, c.want, c.late)
			}
		})
	}
}

func TestDueSkipsCommunesWithoutTheGroupAndSortsByLateness(t *testing.T) {
	in := Input{Lines: []loa.MatrixLine{line(loa.SmallGroup, 1, 1, loa.PerMonth)}, Communes: []loa.AreaID{"a", "b", "c"}, Today: "2025-11-30",
		People: map[loa.SegmentID]map[loa.AreaID]int{"s": {"a": 1, "b": 2}},
		Held:   map[Cell]Last{{"s", loa.SmallGroup, "a"}: {On: "2025-11-20"}, {"s", loa.SmallGroup, "b"}: {On: "2025-10-01", NextOn: "2025-12-02"}}}
	got := Due(in)
	if len(got) != 2 || got[0].Area != "b" || len(Late(got)) != 1 {
		t.Fatalf("%+v", got)
	}
	if on, kind := Chance(in, got[0]); on != "2025-12-02" || kind != "planned" {
		t.Errorf("chance %s %s", on, kind)
	}
}

func TestMarkets(t *testing.T) {
	for rule, want := range map[string][]loa.Day{
		"branch:3,9":         {"2025-11-18", "2025-11-24", "2025-11-30"},
		"branch:0,6":         {"2025-11-15", "2025-11-21", "2025-11-27"},
		"weekday:7":          {"2025-11-16", "2025-11-23", "2025-11-30"},
		"monthday:23":        {"2025-11-23"},
		"every:10:2025-11-1": nil,
		"every:9:2025-11-02": {"2025-11-20", "2025-11-29"},
	} {
		m, err := ParseMarket(rule)
		if want == nil {
			if err == nil {
				t.Errorf("%s was accepted", rule)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", rule, err)
			continue
		}
		got := m.Days("2025-11-15", "2025-11-30")
		if len(got) != len(want) {
			t.Errorf("%s: %v, want %v", rule, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: %v, want %v", rule, got, want)
			}
		}
	}
	for _, bad := range []string{"", "branch:0,11", "branch:12", "weekday:0", "weekday:1,1", "monthday:x", "moon:1", "every:1:2025-01-01"} {
		if _, err := ParseMarket(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
