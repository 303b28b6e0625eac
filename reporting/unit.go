package reporting

import (
	"slices"
	"strings"

	"loa"
)

// Unit is one line of a breakdown: a commune, or the office's own node for what has no commune.
type Unit struct {
	ID   loa.AreaID
	Name string
	Area loa.Area
}

// NoCommune says that the line is "commune not stated".
func (u Unit) NoCommune() bool { return u.Area.Kind == loa.OfficeNode }

// Units are the communes of a day, and where each village lay then.
type Units struct {
	tree   *loa.Tree
	scope  loa.Scope
	anchor loa.AreaID
	on     loa.Day
	past   bool // another day than the present: communes exist as their dated parents say
	of     map[loa.AreaID]loa.AreaID
	List   []Unit // by name; "commune not stated" last
}

// NewUnits tells a territory by the communes of a day; an empty day means the present ones.
func NewUnits(tree *loa.Tree, scope loa.Scope, anchor loa.AreaID, on, today loa.Day) *Units {
	u := &Units{tree: tree, scope: scope, anchor: anchor, on: on, past: on != "", of: map[loa.AreaID]loa.AreaID{}}
	if on == "" {
		u.on = today
	}
	for id := range tree.Areas { // now, because the units are read by many at once later
		u.of[id] = u.find(id)
	}
	lines := map[loa.AreaID]bool{}
	for id, a := range tree.Areas {
		if a.Kind == loa.Province || a.Path == "" || !scope.Holds(a.Path) {
			continue // a former commune shows as the line of the villages it had
		}
		lines[u.Of(id)] = true
	}
	if a, ok := tree.Areas[anchor]; ok && scope.Holds(a.Path) {
		lines[anchor] = true
	}
	for id := range lines {
		if a, ok := tree.Areas[id]; ok {
			u.List = append(u.List, Unit{ID: id, Name: a.Name, Area: a})
		}
	}
	slices.SortFunc(u.List, func(a, b Unit) int {
		if a.NoCommune() != b.NoCommune() {
			if a.NoCommune() {
				return 1
			}
			return -1
		}
		return strings.Compare(a.Area.Folded()+string(a.ID), b.Area.Folded()+string(b.ID))
	})
	return u
}

// exists says whether a commune was one on the day.
func (u *Units) exists(a loa.Area) bool {
	if !u.past {
		return a.Path != ""
	}
	return a.Kind == loa.OfficeNode || u.tree.Parent(a.ID, u.on) != ""
}

// Of is the line an area's rows count in. What no commune of the day can be named for counts as "commune not stated", so that
// totals never depend on the units they are told by.
func (u *Units) Of(id loa.AreaID) loa.AreaID {
	if unit, ok := u.of[id]; ok {
		return unit
	}
	return u.anchor
}

func (u *Units) find(id loa.AreaID) loa.AreaID {
	unit := u.tree.Up(id, loa.Commune, u.on)
	if a, ok := u.tree.Areas[unit]; !ok || !u.exists(a) {
		return u.heir(id)
	}
	return unit
}

// heir is the commune of the day that holds all villages a former commune had; a commune that was split has none.
func (u *Units) heir(id loa.AreaID) loa.AreaID {
	a, ok := u.tree.Areas[id]
	if !ok || a.Kind != loa.Commune {
		return u.anchor
	}
	heir := loa.AreaID("")
	for _, village := range u.tree.EverUnder(id) {
		now := u.tree.Up(village, loa.Commune, u.on)
		if heir != "" && now != heir {
			return u.anchor
		}
		heir = now
	}
	if b, ok := u.tree.Areas[heir]; !ok || !u.exists(b) {
		return u.anchor
	}
	return heir
}

// Maps says whether a count made for a commune of another day can be told by the units of this one.
func (u *Units) Maps(id loa.AreaID) bool { return id == u.anchor || u.Of(id) != u.anchor }

// Villages are the areas whose rows count in a line: what a list of the people behind a figure asks for.
func (u *Units) Villages(line loa.AreaID) []loa.AreaID {
	var out []loa.AreaID
	for id, a := range u.tree.Areas {
		if a.Kind != loa.Province && a.Path != "" && u.Of(id) == line {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}
