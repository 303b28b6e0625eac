package reporting_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"loa"
	"loa/reporting"
)

var update = flag.Bool("update", false, "write the golden files anew")

// yearInput is the shape of the founding year in small numbers: 116 at the start, 74 joined, 10 returned, 60 lapsed, 14 left,
// 126 at the end.
func yearInput() reporting.Input {
	in := input("2025-01", "2025-11")
	in.Flows = []loa.MonthFlow{
		flow(v1, "", "joined", 60), flow(v3, "", "joined", 50), flow(loose, "", "joined", 6),
		flow(v1, "2024-11", "joined", 3), flow(v4, "2024-11", "lapsed", 3),
		flow(v1, "2025-02", "joined", 40), flow(v2, "2025-07", "joined", 20), flow(v3, "2025-11", "joined", 10), flow(loose, "2025-11", "joined", 4),
		flow(v1, "2025-08", "returned", 10), flow(v3, "2025-05", "lapsed", 40), flow(v1, "2025-11", "lapsed", 20), flow(v2, "2025-09", "left", 14),
	}
	in.Official = []loa.Participation{
		official(east, "2024-11", 63), official(west, "2024-11", 47), official(anchor, "2024-11", 6),
		official(east, "2025-11", 99), official(west, "2025-11", 17), official(anchor, "2025-11", 10),
	}
	in.Targets = []loa.Target{plan(anchor, 0, 132, "2025-01-01", 1), plan(east, 0, 100, "2025-01-01", 1), plan(west, 0, 40, "2025-01-01", 1), plan(west, 0, 32, "2025-06-01", 2),
		{Area: anchor, Scheme: loa.VoluntarySI, Measure: "joined", Year: 2025, Value: 100, InForce: "2025-01-01", Revision: 1}}
	in.Sessions = []loa.SessionTally{
		{Area: v1, Month: "2025-03", Form: loa.Conference, Sessions: 2, Heads: 90}, {Area: west, Month: "2025-11", Form: loa.SmallGroup, Sessions: 3, Heads: 31},
		{Area: v4, Month: "2025-11", Form: loa.MarketDesk, Sessions: 1, Heads: 55}, {Area: v1, Month: "2024-03", Form: loa.Conference, Sessions: 1, Heads: 40},
	}
	in.Questions = []loa.MonthCount{{Area: v1, Month: "2025-03", N: 7}, {Area: v4, Month: "2024-11", N: 2}}
	in.People = 88
	return in
}

func TestGolden(t *testing.T) {
	for _, c := range []struct {
		file    string
		unitsOn loa.Day
	}{{"year.json", ""}, {"year_by_former_communes.json", lastOld}} {
		in := yearInput()
		in.UnitsOn = c.unitsOn
		got, err := reporting.Make(in).JSON()
		if err != nil {
			t.Fatal(err)
		}
		path := "testdata/" + c.file
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what is written any more; look at it with -update", path)
		}
		back, err := reporting.Read(got)
		if err != nil {
			t.Fatal(err)
		}
		again, err := back.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again, got) {
			t.Errorf("%s changes when it is read back", path)
		}
		if changed := reporting.Compare(back, reporting.Make(in)); len(changed) != 0 {
			t.Errorf("%s differs from itself: %+v", path, changed)
		}
	}
}

func TestStocksAndFlows(t *testing.T) {
	r := reporting.Make(yearInput())
	f := r.Participation[loa.VoluntarySI]
	for _, c := range []struct {
		name      string
		got, want *int64
	}{
		{"count", f.Count, n(126)}, {"target", f.Target, n(132)}, {"change", f.Change, n(10)}, {"register", f.Register, n(126)}, {"difference", f.Difference, n(0)},
		{"joined", r.Joined[loa.VoluntarySI].Count, n(74)}, {"joined target", r.Joined[loa.VoluntarySI].Target, n(100)}, {"joined change", r.Joined[loa.VoluntarySI].Change, n(71)},
		{"returned", r.Returned[loa.VoluntarySI].Count, n(10)}, {"lapsed", r.Lapsed[loa.VoluntarySI].Count, n(60)}, {"left", r.Left[loa.VoluntarySI].Count, n(14)},
		{"conferences", r.Sessions[loa.Conference].Count, n(2)}, {"attendances", r.Attendances.Count, n(121)}, {"attendances change", r.Attendances.Change, n(81)},
		{"market heads", r.AttendancesByForm[loa.MarketDesk].Count, n(55)}, {"questions", r.Questions.Count, n(7)}, {"people", r.People.Count, n(88)},
		{"no official list of HI", r.Participation[loa.HI].Count, nil}, {"no HI then, so no change", r.Joined[loa.HI].Change, nil},
	} {
		if value(c.got) != value(c.want) || (c.got == nil) != (c.want == nil) {
			t.Errorf("%s is %v, want %v", c.name, show(c.got), show(c.want))
		}
	}
	if f.Percent == nil || f.Percent.String() != "95.5" {
		t.Errorf("percent of target is %v, want 95.5", f.Percent)
	}
	if west := r.Communes[1]; west.Name != "Tây" || value(west.Participation[loa.VoluntarySI].Target) != 32 {
		t.Errorf("the revision in force at the end does not hold: %+v", west.Participation[loa.VoluntarySI])
	}
}

func TestTheTargetOfAStock(t *testing.T) {
	for _, c := range []struct {
		name    string
		targets []loa.Target
		month   loa.Month
		want    *int64
	}{
		{"the year's plan", []loa.Target{plan(anchor, 0, 100, "2025-01-01", 1)}, "2025-11", n(100)},
		{"a month's own plan before the year's", []loa.Target{plan(anchor, 0, 100, "2025-01-01", 1), plan(anchor, 11, 96, "2025-01-01", 1)}, "2025-11", n(96)},
		{"another month's plan is not this one's", []loa.Target{plan(anchor, 0, 100, "2025-01-01", 1), plan(anchor, 10, 96, "2025-01-01", 1)}, "2025-11", n(100)},
		{"a revision not yet in force", []loa.Target{plan(anchor, 0, 100, "2025-01-01", 1), plan(anchor, 0, 90, "2025-12-01", 2)}, "2025-11", n(100)},
		{"a revision from the last day", []loa.Target{plan(anchor, 0, 100, "2025-01-01", 1), plan(anchor, 0, 90, "2025-11-30", 2)}, "2025-11", n(90)},
		{"the later day beats the higher revision", []loa.Target{plan(anchor, 0, 90, "2025-06-01", 2), plan(anchor, 0, 80, "2025-03-01", 3)}, "2025-11", n(90)},
		{"of one day the higher revision", []loa.Target{plan(anchor, 0, 90, "2025-06-01", 2), plan(anchor, 0, 80, "2025-06-01", 3)}, "2025-11", n(80)},
		{"withdrawn", []loa.Target{plan(anchor, 0, 90, "2025-01-01", 1), {Area: anchor, Scheme: loa.VoluntarySI, Measure: "participation", Year: 2025, InForce: "2025-02-01", Revision: 2, Withdrawn: true}}, "2025-11", nil},
		{"the communes added up without a line of the office", []loa.Target{plan(east, 0, 60, "2025-01-01", 1), plan(west, 0, 30, "2025-01-01", 1)}, "2025-11", n(90)},
		{"not every commune has one", []loa.Target{plan(east, 0, 60, "2025-01-01", 1)}, "2025-11", nil},
	} {
		in := input("2025-01", c.month)
		in.Targets = c.targets
		got := reporting.Make(in).Participation[loa.VoluntarySI].Target
		if value(got) != value(c.want) || (got == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", c.name, show(got), show(c.want))
		}
	}
}

func TestTheTargetOfJoining(t *testing.T) {
	join := func(month int, n int64) loa.Target {
		return loa.Target{Area: anchor, Scheme: loa.VoluntarySI, Measure: "joined", Year: 2025, Month: month, Value: n, InForce: "2025-01-01", Revision: 1}
	}
	for _, c := range []struct {
		name     string
		targets  []loa.Target
		from, to loa.Month
		want     *int64
	}{
		{"the months added up", []loa.Target{join(1, 5), join(2, 7), join(0, 99)}, "2025-01", "2025-02", n(12)},
		{"a month is missing: the year", []loa.Target{join(1, 5), join(0, 99)}, "2025-01", "2025-02", n(99)},
		{"one month of a year's plan has none", []loa.Target{join(0, 99)}, "2025-02", "2025-02", nil},
	} {
		in := input(c.from, c.to)
		in.Targets = c.targets
		got := reporting.Make(in).Joined[loa.VoluntarySI].Target
		if value(got) != value(c.want) || (got == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", c.name, show(got), show(c.want))
		}
	}
}

func TestOnlyWhoSeesTheWholeOfficeSeesItsPlan(t *testing.T) {
	in := yearInput()
	in.Scope = scope("p/w/")
	r := reporting.Make(in)
	if got := value(r.Participation[loa.VoluntarySI].Target); got != 32 {
		t.Errorf("the target seen from one commune is %d, want that commune's 32", got)
	}
	if len(r.Communes) != 1 || r.Communes[0].Name != "Tây" {
		t.Errorf("lines seen from one commune: %+v", r.Communes)
	}
}

func TestWhatChangedSinceSigning(t *testing.T) {
	in := yearInput()
	then := reporting.Make(in)
	in.Flows = append(in.Flows, flow(v1, "2025-11", "joined", 1))
	got := map[string]int64{}
	for _, c := range reporting.Compare(then, reporting.Make(in)) {
		key := string(c.Area) + " " + c.Row
		if c.Register {
			key += " register"
		}
		got[key] = c.By()
	}
	for _, want := range []string{" joined.voluntary_si", " participation.voluntary_si register", "east joined.voluntary_si", "east participation.voluntary_si register"} {
		if got[want] != 1 {
			t.Errorf("%q changed by %d, want 1", want, got[want])
		}
	}
	if len(got) != 4 {
		t.Errorf("changed: %v", got)
	}
}

func TestTheFlowSaysByHowMuchItDoesNotClose(t *testing.T) {
	in := yearInput()
	in.Official[3].N += 4 // the list has four people the register does not know
	b := reporting.NewBook(in)
	st := b.Flow("", loa.VoluntarySI, in.Period)
	if st.Start != 116 || st.Sum() != 126 || st.End != 130 || st.Gap() != 4 || st.Growth() != 14 {
		t.Errorf("statement: %+v, sum %d, gap %d", st, st.Sum(), st.Gap())
	}
}

func TestTodayEndsWhatCounts(t *testing.T) {
	in := yearInput()
	in.Period.To = "2025-12"
	r := reporting.Make(in)
	f := r.Participation[loa.VoluntarySI]
	if f.Count != nil || f.Register != nil {
		t.Errorf("a month that has not begun has a count: %v, %v", show(f.Count), show(f.Register))
	}
	if r.AsOf != "2025-11-30" || r.ToDay != "2025-12-31" {
		t.Errorf("as of %s in a period to %s", r.AsOf, r.ToDay)
	}
}

func n(v int64) *int64 { return &v }

func value(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}

func show(p *int64) any {
	if p == nil {
		return "none"
	}
	return *p
}
