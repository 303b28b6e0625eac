package reporting

import (
	"slices"

	"loa"
)

// RetentionMonths are after how many months it is asked who is still in.
var RetentionMonths = []int{3, 6, 12, 24}

// Kept is how many of those who joined in a month were in again or still after some months.
type Kept struct {
	After int
	Rate  Rate
	Over  bool // the time is over for everybody who joined in the month
}

// CohortLine is the people who joined in one month, and who of them was still in later.
type CohortLine struct {
	Month  loa.Month
	Joined int64
	Kept   []Kept
}

// Retention follows the people who joined in each month. Who came back after a lapse counts as in.
func Retention(rows []loa.Cohort, cutOff int, asOf loa.Day) []CohortLine {
	by := map[loa.Month][]loa.Cohort{}
	for _, c := range rows {
		m := loa.MonthOf(c.Joined, cutOff)
		by[m] = append(by[m], c)
	}
	var out []CohortLine
	for m, list := range by {
		line := CohortLine{Month: m}
		for _, c := range list {
			if c.First {
				line.Joined += c.N
			}
		}
		for _, k := range RetentionMonths {
			_, last := loa.Period{From: m, To: m}.Days(cutOff)
			line.Kept = append(line.Kept, Kept{After: k, Rate: RateAfter(list, k, asOf), Over: last.AddMonths(k) <= asOf})
		}
		out = append(out, line)
	}
	slices.SortFunc(out, func(a, b CohortLine) int { return b.Month.Sub(a.Month) })
	return out
}

// RateAfter is the share still in so many months after joining, among those for whom that time is over.
func RateAfter(rows []loa.Cohort, months int, asOf loa.Day) (r Rate) {
	for _, c := range rows {
		then := c.Joined.AddMonths(months)
		if then > asOf {
			continue
		}
		if c.First {
			r.N += c.N
		}
		if c.Starts <= then && then < c.Ends {
			r.K += c.N
		}
	}
	return r
}

// KeptSince is the days of joining behind "still in after so many months" on a day: the last year for whom that time is over.
func KeptSince(asOf loa.Day, months int) (from, to loa.Day) {
	to = asOf.AddMonths(-months)
	return to.AddMonths(-12).Add(1), to
}
