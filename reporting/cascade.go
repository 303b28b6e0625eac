package reporting

import (
	"slices"

	"loa"
)

// Check is one sum of a plan: the parts of a line added up, beside what the line itself says.
type Check struct {
	Parts string // communes months employers officers: what was added up
	Line  loa.TargetLine
	Want  int64
	Sum   int64
}

// Gap is by how much the parts miss the line: above 0 when they are too much.
func (c Check) Gap() int64 { return c.Sum - c.Want }

// CheckTargets adds a plan in force up downwards: communes, employers and officers against the line they belong to, and for
// flows the months against the year. Only sums with both sides are checked.
func CheckTargets(plan map[loa.TargetLine]loa.Target, anchor loa.AreaID) []Check {
	sums := map[sumKey]int64{}
	add := func(parts string, line loa.TargetLine, n int64) { sums[sumKey{parts, line}] += n }
	for line, t := range plan {
		up := line
		switch {
		case line.Employer != "":
			up.Employer = ""
			add("employers", up, t.Value) // of the employer's commune
			if up.Area != anchor {
				up.Area = anchor
				add("employers", up, t.Value)
			}
		case line.Officer != "":
			up.Officer = ""
			add("officers", up, t.Value)
			if up.Area != anchor {
				up.Area = anchor
				add("officers", up, t.Value)
			}
		case line.Area != anchor:
			up.Area = anchor
			add("communes", up, t.Value)
		}
		if line.Measure == "joined" && line.Month > 0 {
			year := line
			year.Month = 0
			add("months", year, t.Value)
		}
	}
	var out []Check
	for k, sum := range sums {
		if t, ok := plan[k.line]; ok {
			out = append(out, Check{Parts: k.parts, Line: k.line, Want: t.Value, Sum: sum})
		}
	}
	slices.SortFunc(out, func(a, b Check) int { return compareChecks(a, b) })
	return out
}

type sumKey struct {
	parts string
	line  loa.TargetLine
}

func compareChecks(a, b Check) int {
	for _, d := range []int{
		slices.Index(loa.Schemes, a.Line.Scheme) - slices.Index(loa.Schemes, b.Line.Scheme),
		slices.Index(loa.Measures, a.Line.Measure) - slices.Index(loa.Measures, b.Line.Measure),
		a.Line.Year - b.Line.Year, a.Line.Month - b.Line.Month,
	} {
		if d != 0 {
			return d
		}
	}
	ka := a.Parts + string(a.Line.Area) + string(a.Line.Employer) + string(a.Line.Officer)
	kb := b.Parts + string(b.Line.Area) + string(b.Line.Employer) + string(b.Line.Officer)
	switch {
	case ka < kb:
		return -1
	case ka > kb:
		return 1
	}
	return 0
}
