package planning

import (
	"sort"

	"loa"
)

// Cell is one segment and form in one commune.
type Cell struct {
	Segment loa.SegmentID
	Form    loa.Form
	Area    loa.AreaID
}

// Last is the newest session that reached a cell, and the nearest one planned.
type Last struct {
	On     loa.Day
	ID     loa.SessionID
	NextOn loa.Day
	NextID loa.SessionID
}

// Input is all that what-is-due depends on.
type Input struct {
	Lines     []loa.MatrixLine
	Communes  []loa.AreaID                         // with the office's own node for what has no commune
	Villages  map[loa.AreaID][]loa.AreaID          // below each commune, for lines counted per village
	People    map[loa.SegmentID]map[loa.AreaID]int // how many of a segment live in a commune, and in a village
	Held      map[Cell]Last                        // by commune, and by village
	Markets   map[loa.AreaID][]MarketRule
	Festivals map[loa.AreaID][]loa.FestivalDay // by commune, oldest first
	Today     loa.Day
}

// Due lists every cell of the matrix that a session can fill, latest first. A commune without people of the segment, a market
// cadence where there is no market and a form that is no session ask for nothing.
func Due(in Input) []loa.Due {
	var out []loa.Due
	for _, line := range in.Lines {
		if !line.Form.IsSession() {
			continue
		}
		for _, area := range in.Communes {
			if d, ok := dueIn(in, line, area); ok {
				out = append(out, d)
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].LateBy != out[j].LateBy {
			return out[i].LateBy > out[j].LateBy
		}
		return out[i].DueOn < out[j].DueOn
	})
	return out
}

// dueIn is one line in one commune. A line counted per village is due there as soon as one of its villages is, and says in how
// many of them it is late.
func dueIn(in Input, line loa.MatrixLine, commune loa.AreaID) (loa.Due, bool) {
	d := loa.Due{Line: line, Area: commune, People: in.People[line.Segment][commune]}
	if d.People == 0 {
		return d, false
	}
	whole := in.Held[Cell{line.Segment, line.Form, commune}]
	d.LastOn, d.LastID, d.NextOn, d.NextID = whole.On, whole.ID, whole.NextOn, whole.NextID
	if !line.PerVillage {
		d.DueOn = dueOn(in, line, commune, whole.On)
		d.LateBy = max(0, in.Today.Sub(d.DueOn))
		return d, d.DueOn != ""
	}
	for _, village := range in.Villages[commune] {
		if in.People[line.Segment][village] == 0 {
			continue
		}
		last := in.Held[Cell{line.Segment, line.Form, village}]
		on := dueOn(in, line, commune, last.On)
		if on == "" {
			continue
		}
		d.Villages++
		if on < in.Today {
			d.Behind++
		}
		if d.DueOn == "" || on < d.DueOn {
			d.DueOn, d.Village, d.NextOn, d.NextID = on, village, last.NextOn, last.NextID
		}
	}
	d.LateBy = max(0, in.Today.Sub(d.DueOn))
	return d, d.DueOn != ""
}

// dueOn is the day the cell asks for next, given when it was last done; empty when it asks for nothing.
func dueOn(in Input, line loa.MatrixLine, area loa.AreaID, last loa.Day) loa.Day {
	switch line.Cadence.Unit {
	case loa.EachMarket:
		from := line.From
		if last != "" {
			from = max(from, last.Add(1))
		}
		best := loa.Day("")
		for _, m := range in.Markets[area] {
			if d := m.Next(from); d != "" && (best == "" || d < best) {
				best = d
			}
		}
		return best
	case loa.EachFestival:
		return festivalDue(in.Festivals[area], line.From, last)
	}
	if last == "" {
		return line.Cadence.Next(line.From)
	}
	return line.Cadence.Next(max(last, line.From))
}

// festivalDue is the end of the first festival, of those that begin after the line came into force, at which nothing was
// held. Villages of one commune keep their festivals within one window, so windows that touch count as one.
func festivalDue(days []loa.FestivalDay, from, last loa.Day) loa.Day {
	for i := 0; i < len(days); {
		start, end := days[i].From, days[i].To
		for i++; i < len(days) && days[i].From <= end.Add(14); i++ {
			end = max(end, days[i].To)
		}
		if end < from || last >= start {
			continue
		}
		return end
	}
	return ""
}

// Late keeps the cells that are late.
func Late(all []loa.Due) []loa.Due {
	for i, d := range all {
		if d.LateBy == 0 {
			return all[:i]
		}
	}
	return all
}

// Chance is the nearest day a cell can be served: what is planned already, else the next market or festival of the commune.
func Chance(in Input, d loa.Due) (on loa.Day, kind string) {
	if d.NextOn != "" {
		return d.NextOn, "planned"
	}
	for _, m := range in.Markets[d.Area] {
		if next := m.Next(in.Today.Add(1)); next != "" && (on == "" || next < on) {
			on, kind = next, "market"
		}
	}
	for _, f := range in.Festivals[d.Area] {
		if f.From > in.Today && (on == "" || f.From < on) {
			on, kind = f.From, "festival"
		}
	}
	return on, kind
}
