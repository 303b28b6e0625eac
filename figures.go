package loa

// ReportInput is everything a report is counted from: rows as the store keeps them, by village and month, not yet added up.
type ReportInput struct {
	Office    Office
	Scope     Scope
	Period    Period
	CutOffDay int
	Today     Day // nothing after it counts
	UnitsOn   Day // tell it by the communes of this day; empty: the present ones
	Tree      *Tree
	Flows     []MonthFlow
	Official  []Participation // the newest record of each scheme, area and month
	Targets   []Target        // every revision of the office's and the communes' lines
	Sessions  []SessionTally
	Questions []MonthCount
	People    int64 // distinct people met by name over the whole period
}

// MonthFlow is how many started or ended in a scheme in a village in one month; an empty month stands for all earlier ones.
type MonthFlow struct {
	Area   AreaID
	Scheme Scheme
	Month  Month
	Kind   string // joined returned lapsed left
	N      int64
}

// MonthCount is how many of something an area had in a month.
type MonthCount struct {
	Area  AreaID
	Month Month
	N     int64
}

// FlowKinds are the four ways a stock changes, in the order they are told.
var FlowKinds = []string{string(Joined), string(Returned), string(Lapsed), string(Left)}

// MonthOf is the month a day counts in when months close on a cut-off day.
func MonthOf(d Day, cutOff int) Month {
	m := d.Month()
	if d > m.CutOff(cutOff) {
		return m.Add(1)
	}
	return m
}

// Cohort is people of one village who joined a scheme on a day, with one of their spells: the first, or a later one after they
// came back. The first says how many joined; any of them may hold months later.
type Cohort struct {
	Area         AreaID
	Joined       Day
	Starts, Ends Day
	First        bool
	N            int64
}

// Whole says whether the scope holds every commune of the office and the node of what has no commune: only then do the
// office's own lines of the plan belong to it.
func (in ReportInput) Whole() bool { return WholeOffice(in.Scope, in.Tree) }

// WholeOffice says whether a scope leaves out no part of an office's present tree.
func WholeOffice(s Scope, t *Tree) bool {
	seen := false
	for _, a := range t.Areas {
		if a.Path == "" || a.Kind != Commune && a.Kind != OfficeNode {
			continue
		}
		if !s.Holds(a.Path) {
			return false
		}
		seen = true
	}
	return seen
}
