package segmenting

import (
	"slices"
	"strings"
)

// Sort makes the order by name before somebody waits for it.
func (x *Index) Sort() { x.sorted() }

// sorted gives the order by name. The first time everybody is sorted; afterwards those who came or were renamed are merged
// into the order there is, since sorting a million names takes seconds.
func (x *Index) sorted() []int32 {
	x.mu.RLock()
	order, moved := x.order, len(x.moved)
	x.mu.RUnlock()
	if order != nil && moved == 0 {
		return order
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.order == nil {
		x.order = make([]int32, 0, len(x.at))
		for _, i := range x.at {
			x.order = append(x.order, i)
		}
		slices.SortFunc(x.order, x.byName)
		return x.order
	}
	if len(x.moved) == 0 {
		return x.order
	}
	slices.SortFunc(x.moved, x.byName)
	merged := make([]int32, 0, len(x.order)+len(x.moved))
	next := 0
	for _, i := range x.order {
		if x.isMoved.has(int(i)) || x.gone.has(int(i)) {
			continue
		}
		for next < len(x.moved) && x.byName(x.moved[next], i) < 0 {
			merged = append(merged, x.moved[next])
			next++
		}
		merged = append(merged, i)
	}
	merged = append(merged, x.moved[next:]...)
	x.order, x.moved, x.isMoved = merged, nil, newBits(len(x.ids)) // a new slice: whoever reads the old one goes on
	return x.order
}

func (x *Index) byName(a, b int32) int {
	if c := strings.Compare(x.sortKeys[a], x.sortKeys[b]); c != 0 {
		return c
	}
	return strings.Compare(string(x.ids[a]), string(x.ids[b]))
}
