package reporting_test

import (
	"testing"

	"pgregory.net/rapid"

	"loa"
	"loa/reporting"
)

func drawInput(t *rapid.T) reporting.Input {
	in := input("2025-01", "2025-11")
	in.CutOffDay = rapid.SampledFrom([]int{0, 25}).Draw(t, "cut-off")
	months := append([]loa.Month{""}, loa.Period{From: "2024-01", To: "2025-11"}.Months()...)
	areas := append([]loa.AreaID{east, anchor}, villages...)
	for range rapid.IntRange(0, 60).Draw(t, "flows") {
		in.Flows = append(in.Flows, loa.MonthFlow{Area: rapid.SampledFrom(areas).Draw(t, "area"), Scheme: rapid.SampledFrom(loa.Schemes).Draw(t, "scheme"),
			Month: rapid.SampledFrom(months).Draw(t, "month"), Kind: rapid.SampledFrom(loa.FlowKinds).Draw(t, "kind"), N: rapid.Int64Range(1, 40).Draw(t, "n")})
	}
	for range rapid.IntRange(0, 40).Draw(t, "tallies") {
		in.Sessions = append(in.Sessions, loa.SessionTally{Area: rapid.SampledFrom(areas).Draw(t, "place"), Month: rapid.SampledFrom(months[1:]).Draw(t, "held"),
			Form: rapid.SampledFrom(loa.SessionForms).Draw(t, "form"), Sessions: 1, Heads: rapid.Int64Range(0, 90).Draw(t, "heads")})
	}
	taken := map[loa.Participation]bool{}
	for range rapid.IntRange(0, 20).Draw(t, "lists") {
		p := loa.Participation{Area: rapid.SampledFrom([]loa.AreaID{east, west, anchor, oldHill, oldRiver, oldSplit}).Draw(t, "unit"), Scheme: rapid.SampledFrom(loa.Schemes).Draw(t, "of"),
			Month: rapid.SampledFrom([]loa.Month{"2024-11", "2025-10", "2025-11"}).Draw(t, "end")}
		if !taken[p] {
			taken[p] = true
			p.N = rapid.Int64Range(0, 500).Draw(t, "count")
			in.Official = append(in.Official, p)
		}
	}
	return in
}

// TestPropertyLinesAddUp: communes add up to the whole and months to the period, by the communes of today and by former ones.
func TestPropertyLinesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		in.UnitsOn = rapid.SampledFrom([]loa.Day{"", lastOld, "2024-02-10"}).Draw(t, "units on")
		r := reporting.Make(in)
		sum, months := map[string]int64{}, map[string]int64{}
		for _, c := range r.Communes {
			for _, row := range c.Rows() {
				sum[row.Name()] += row.N()
			}
		}
		for _, m := range r.Months {
			for _, row := range m.Rows() {
				months[row.Name()] += row.N()
			}
		}
		for _, row := range r.Rows() {
			if got := sum[row.Name()]; got != row.N() {
				t.Errorf("%s: the communes add up to %d, the whole is %d", row.Name(), got, row.N())
			}
			if got := months[row.Name()]; row.Group != "participation" && got != row.N() {
				t.Errorf("%s: the months add up to %d, the period is %d", row.Name(), got, row.N())
			}
		}
	})
}

// TestPropertyTotalsDoNotDependOnTheUnits: whatever the territory is told by, the whole and its register stay the same.
func TestPropertyTotalsDoNotDependOnTheUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		now := reporting.NewBook(in)
		in.UnitsOn = lastOld
		then := reporting.NewBook(in)
		for _, m := range loa.Period(in.Period).Months() {
			for _, s := range loa.Schemes {
				a, b := now.Stock("", s, m), then.Stock("", s, m)
				if value(a.Count) != value(b.Count) || value(a.Register) != value(b.Register) {
					t.Errorf("%s %s: %+v by today's communes, %+v by former ones", s, m, a, b)
				}
				for _, book := range []*reporting.Book{now, then} {
					sum := int64(0)
					for _, u := range book.Units.List {
						n, _ := book.Register(u.ID, s, m)
						sum += n
					}
					if sum != value(a.Register) {
						t.Errorf("%s %s: the lines' registers add up to %d, the whole is %d", s, m, sum, value(a.Register))
					}
				}
			}
		}
	})
}
