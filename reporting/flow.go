package reporting

import "loa"

// Statement is the flow of one line over a period: what it began with, what came and went, and whether the books close.
type Statement struct {
	Start, End                     int64
	StartOfficial, EndOfficial     bool
	Joined, Returned, Lapsed, Left int64
	StartDay, EndDay               loa.Day
	Known                          bool
}

// Gap is by how much the books do not close: what the end has beyond the beginning, what came and what went.
func (s Statement) Gap() int64 { return s.End - s.Sum() }

// Sum is the beginning with what came and went.
func (s Statement) Sum() int64 { return s.Start + s.Joined + s.Returned - s.Lapsed - s.Left }

// Growth is by how much the stock rose over the period.
func (s Statement) Growth() int64 { return s.End - s.Start }

// Flow is the flow statement of a line over a period: the official counts at both ends where there are any, else the register's.
func (b *Book) Flow(unit loa.AreaID, scheme loa.Scheme, p loa.Period) Statement {
	from, to := p.Days(b.In.CutOffDay)
	s := Statement{StartDay: from.Add(-1), EndDay: min(to, b.In.Today),
		Joined: b.FlowSum(unit, p, scheme, string(loa.Joined)), Returned: b.FlowSum(unit, p, scheme, string(loa.Returned)),
		Lapsed: b.FlowSum(unit, p, scheme, string(loa.Lapsed)), Left: b.FlowSum(unit, p, scheme, string(loa.Left))}
	var known bool
	s.Start, s.StartOfficial, known = b.Stock(unit, scheme, p.From.Add(-1)).Shown()
	s.End, s.EndOfficial, s.Known = b.Stock(unit, scheme, p.To).Shown()
	s.Known = s.Known && known
	return s
}

// Point is one month of a line chart: the count, and whether it is the official one.
type Point struct {
	Month    loa.Month
	N        int64
	Official bool
	Known    bool
}

// Series is a line's stock at the end of every month of a period.
func (b *Book) Series(unit loa.AreaID, scheme loa.Scheme, p loa.Period) []Point {
	var out []Point
	for _, m := range p.Months() {
		n, official, known := b.Stock(unit, scheme, m).Shown()
		out = append(out, Point{m, n, official, known})
	}
	return out
}
