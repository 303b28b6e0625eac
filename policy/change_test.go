package policy

import (
	"slices"
	"testing"
	"time"

	"loa"
)

// TestEveryParameterHasASubject keeps the list of parameters whole.
func TestEveryParameterHasASubject(t *testing.T) {
	p := law(t)
	if len(Names()) != len(p) {
		t.Errorf("%d names, %d parameters", len(Names()), len(p))
	}
	for _, name := range Names() {
		if !slices.Contains(Subjects, Subject(name)) {
			t.Errorf("%s has no subject", name)
		}
		for _, r := range p[name] {
			if r.Unit != p.UnitOf(name) {
				t.Errorf("%s has rows of two units", name)
			}
		}
	}
}

// TestWhatTheBaseSalaryChanges looks at 01/07/2026 as it was seen the day before: household tiers by policy.md 3.1, thresholds by 3.3,
// funeral by 2.8.
func TestWhatTheBaseSalaryChanges(t *testing.T) {
	p := law(t)
	var found *Change
	for _, c := range p.Changes("2026-06-30") {
		if c.Name() == "base_salary" {
			found = &c
		}
	}
	if found == nil || found.On != "2026-07-01" || found.Old.Value != 2340000 || found.New.Value != 2530000 {
		t.Fatalf("%+v", found)
	}
	want := map[string][2]int64{"hi_member_1": {1263600, 1366200}, "hi_member_2": {884520, 956340}, "hi_member_3": {758160, 819720}, "hi_member_4": {631800, 683100}, "hi_member_5": {505440, 546480},
		"low_cost_visit": {351000, 379500}, "annual_copay": {14040000, 15180000}, "funeral": {23400000, 25300000}, "income_ceiling": {46800000, 50600000}}
	got := map[string][2]int64{}
	for _, e := range found.Effects {
		got[e.Code] = [2]int64{e.Old, e.New}
		if e.Same() || !e.OldKnown || !e.NewKnown {
			t.Errorf("%+v", e)
		}
	}
	for code, w := range want {
		if got[code] != w {
			t.Errorf("%s: %v, want %v", code, got[code], w)
		}
	}
	if _, moved := got["social_pension"]; moved {
		t.Error("another figure of the same day is counted in")
	}
}

// TestWhatThePovertyLineOf2027Changes supposes the row nobody has approved: 22 % of 2.200.000 less the State's part for each group.
func TestWhatThePovertyLineOf2027Changes(t *testing.T) {
	p := law(t)
	want := map[Group][2]int64{Poor: {165000, 242000}, NearPoor: {198000, 290400}, EthnicMinority: {231000, 338800}, IslandCommune: {165000, 242000}, Other: {264000, 387200}}
	seen := 0
	for _, c := range p.Changes("2026-11-23") {
		if c.Name() != "poverty_line.rural" || c.New.Name == "" {
			continue
		}
		for _, e := range c.Effects {
			if e.Code == "least_pay" {
				seen++
				if [2]int64{e.Old, e.New} != want[e.Group] {
					t.Errorf("%s: %d → %d, want %v", e.Group, e.Old, e.New, want[e.Group])
				}
			}
		}
	}
	if seen != len(want) {
		t.Errorf("%d groups", seen)
	}
}

// TestWhatRunsOut tells of a figure that nobody knows from a day on.
func TestWhatRunsOut(t *testing.T) {
	p := law(t)
	for _, c := range p.Changes("2026-11-23") {
		if c.Name() == "voluntary_si.interest" {
			if c.On != "2027-01-01" || c.New.Name != "" || c.Old.Value != 31 {
				t.Errorf("%+v", c)
			}
			return
		}
	}
	t.Error("the interest of 2026 ends unnoticed")
}

// TestAnApprovedRowOvertakesTheOneItTakesOver shows a change once.
func TestAnApprovedRowOvertakesTheOneItTakesOver(t *testing.T) {
	p := law(t)
	at := time.Date(2026, 12, 1, 9, 0, 0, 0, loa.Zone)
	mine := Row{ID: "x", Name: "poverty_line.rural", From: "2027-01-01", Value: 2200000, Unit: Dong, Cites: "Nghị định 351/2025/NĐ-CP", Source: "Công văn", Confirmed: true, Approved: true, Since: at}
	n := 0
	for _, r := range p.With([]Row{mine}, time.Time{}).Next("2026-11-23", "poverty_line.rural") {
		n++
		if r.ID != "x" {
			t.Errorf("%+v", r)
		}
	}
	if n != 1 {
		t.Errorf("told %d times", n)
	}
}

// TestOldQuotesComeOutTheSame asks a quote again after a row that changes it was approved, as it was known at the first asking.
func TestOldQuotesComeOutTheSame(t *testing.T) {
	p := law(t)
	asked := time.Date(2026, 11, 27, 9, 0, 0, 0, loa.Zone)
	later := Row{ID: "y", Name: "base_salary", From: "2026-07-01", Value: 2600000, Unit: Dong, Cites: "Nghị định mẫu", Source: "mẫu", Confirmed: true, Approved: true, Since: asked.Add(time.Hour)}
	earlier := Row{ID: "z", Name: "hi.rate", From: "2026-10-01", Value: 460, Unit: BasisPoint, Cites: "Nghị định mẫu", Source: "mẫu", Confirmed: true, Approved: true, Since: asked}
	total := func(p Parameters) int64 {
		q, err := p.Household("2026-11-01", []int64{12, 12})
		if err != nil {
			t.Fatal(err)
		}
		return q.Get("total")
	}
	first := total(p.With([]Row{earlier}, asked))
	all := []Row{earlier, later}
	if again := total(p.With(all, asked)); again != first {
		t.Errorf("asked again: %d, first %d", again, first)
	}
	if now := total(p.With(all, time.Time{})); now == first {
		t.Error("the new row changes nothing")
	}
	if total(p) != 2322540 {
		t.Error("the embedded rows were changed")
	}
}
