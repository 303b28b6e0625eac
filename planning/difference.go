package planning

import (
	"sort"

	"loa"
)

// Difference is one cell in which two versions of the decision table are not the same; nil where a version has no such cell.
type Difference struct {
	Segment  loa.SegmentID
	Form     loa.Form
	Old, New *loa.MatrixLine
}

// Kind says what happened to the cell: added, dropped or changed.
func (d Difference) Kind() string {
	switch {
	case d.Old == nil:
		return "added"
	case d.New == nil:
		return "dropped"
	}
	return "changed"
}

// Differences lists the cells that were added, dropped or changed between two versions, by segment and form.
func Differences(old, new []loa.MatrixLine) []Difference {
	type cell struct {
		segment loa.SegmentID
		form    loa.Form
	}
	by := map[cell]*Difference{}
	at := func(l loa.MatrixLine) *Difference {
		key := cell{l.Segment, l.Form}
		if by[key] == nil {
			by[key] = &Difference{Segment: l.Segment, Form: l.Form}
		}
		return by[key]
	}
	for i := range old {
		at(old[i]).Old = &old[i]
	}
	for i := range new {
		at(new[i]).New = &new[i]
	}
	var out []Difference
	for _, d := range by {
		if d.Old == nil || d.New == nil || decides(*d.Old) != decides(*d.New) {
			out = append(out, *d)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Segment != out[j].Segment {
			return out[i].Segment < out[j].Segment
		}
		return out[i].Form < out[j].Form
	})
	return out
}

// decides is the part of a line that the office decides: its identity and the day it is counted from are not.
func decides(l loa.MatrixLine) loa.MatrixLine {
	l.ID, l.Matrix, l.From = "", "", ""
	return l
}
