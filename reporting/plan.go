package reporting

import (
	"loa"
)

// StockTarget is what a stock is to reach at the end of a month: the plan for that month if there is one, else the year's, in
// the revision in force then. The sum over the lines has the office's own line; seen without the whole office, it is the
// communes' lines added up, if every one of them has a plan.
func (b *Book) StockTarget(unit loa.AreaID, scheme loa.Scheme, m loa.Month) *int64 {
	return b.target(unit, func(area loa.AreaID) *int64 { return b.stockLine(area, scheme, m) })
}

func (b *Book) stockLine(area loa.AreaID, scheme loa.Scheme, m loa.Month) *int64 {
	plan := b.plans[m]
	line := loa.TargetLine{Area: area, Scheme: scheme, Measure: "participation", Year: m.Year(), Month: m.Number()}
	if t, ok := plan[line]; ok {
		return ptr(t.Value)
	}
	line.Month = 0
	if t, ok := plan[line]; ok {
		return ptr(t.Value)
	}
	return nil
}

// FlowTarget is how many are to join over a period, in the revisions in force at its end: the months' plans added up where
// every month has one, else the year's plan, as long as the period begins with the year.
func (b *Book) FlowTarget(unit loa.AreaID, scheme loa.Scheme, p loa.Period) *int64 {
	return b.target(unit, func(area loa.AreaID) *int64 {
		sum := int64(0)
		for y := p.From.Year(); y <= p.To.Year(); y++ {
			part := loa.Period{From: max(p.From, loa.MakeMonth(y, 1)), To: min(p.To, loa.MakeMonth(y, 12))}
			n := b.flowLine(area, scheme, part)
			if n == nil {
				return nil
			}
			sum += *n
		}
		return &sum
	})
}

func (b *Book) flowLine(area loa.AreaID, scheme loa.Scheme, part loa.Period) *int64 {
	plan := b.plans[part.To]
	line := loa.TargetLine{Area: area, Scheme: scheme, Measure: "joined", Year: part.To.Year()}
	sum, all := int64(0), true
	for m := part.From; m <= part.To; m = m.Add(1) {
		line.Month = m.Number()
		t, ok := plan[line]
		sum += t.Value
		all = all && ok
	}
	if all {
		return &sum
	}
	line.Month = 0
	if t, ok := plan[line]; ok && part.From.Number() == 1 {
		return ptr(t.Value)
	}
	return nil
}

// target answers for a line or, for the sum over them, with the office's own line or the communes' lines added up. Plans are
// assigned to the communes of today, so a table by former communes has one for the sum alone.
func (b *Book) target(unit loa.AreaID, of func(loa.AreaID) *int64) *int64 {
	if unit == b.In.Office.Anchor {
		return nil // the node's own line is the plan of the whole office
	}
	if unit != whole {
		return of(unit)
	}
	if b.Whole {
		if n := of(b.In.Office.Anchor); n != nil {
			return n
		}
	}
	sum, any := int64(0), false
	for _, a := range b.In.Tree.Areas {
		if a.Kind != loa.Commune || a.Path == "" || !b.In.Scope.Holds(a.Path) {
			continue
		}
		n := of(a.ID)
		if n == nil {
			return nil
		}
		sum, any = sum+*n, true
	}
	if !any {
		return nil
	}
	return &sum
}
