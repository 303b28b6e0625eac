package geo

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// maxRings is how many lines a place that is too heavy keeps: the largest islands and holes.
const maxRings = 300

// lighten leaves out the points a map misses least, those whose triangle with their neighbours is smallest, until no more than
// MaxKept are left. It takes time in proportion to the points, whatever their shape.
func (p *Place) lighten() {
	if p.kept() <= MaxKept {
		return
	}
	p.dropSpecks()
	var l lighter
	for i := range p.Polygons {
		for j, ring := range p.Polygons[i] {
			l.add(ring)
			p.Polygons[i][j] = nil
		}
	}
	l.thin(MaxKept - l.rings) // each ring is closed by one more point
	k := 0
	for i := range p.Polygons {
		for j := range p.Polygons[i] {
			p.Polygons[i][j] = l.ring(k)
			k++
		}
	}
}

func (p *Place) kept() (n int) {
	for _, poly := range p.Polygons {
		for _, ring := range poly {
			n += len(ring)
		}
	}
	return n
}

// dropSpecks keeps the largest polygons and holes when there are more lines than a place may keep.
func (p *Place) dropSpecks() {
	rings := 0
	for _, poly := range p.Polygons {
		rings += len(poly)
	}
	if rings <= maxRings {
		return
	}
	bySize := func(a, b []Point) int { return cmp.Compare(math.Abs(doubleArea(b)), math.Abs(doubleArea(a))) }
	slices.SortStableFunc(p.Polygons, func(a, b Polygon) int { return bySize(a[0], b[0]) })
	p.Polygons = p.Polygons[:min(len(p.Polygons), maxRings/2)]
	holes := maxRings / 2
	for i, poly := range p.Polygons {
		slices.SortStableFunc(poly[1:], bySize)
		n := min(len(poly)-1, holes)
		p.Polygons[i] = poly[:1+n]
		holes -= n
	}
}

// corner is a point of a ring while it is thinned: its neighbours that are left, and the triangle with them.
type corner struct {
	Point
	ring, prev, next int
	size             float64
	gone             bool
}

type lighter struct {
	corners []corner
	left    []int // points left of each ring
	first   []int
	rings   int
	queue   []due
	total   int
}

// due is a corner in the queue; it counts only while its size is still the corner's.
type due struct {
	at   int
	size float64
}

func (l *lighter) Len() int           { return len(l.queue) }
func (l *lighter) Less(i, j int) bool { return l.queue[i].size < l.queue[j].size }
func (l *lighter) Swap(i, j int)      { l.queue[i], l.queue[j] = l.queue[j], l.queue[i] }
func (l *lighter) Push(x any)         { l.queue = append(l.queue, x.(due)) }
func (l *lighter) Pop() any {
	last := l.queue[len(l.queue)-1]
	l.queue = l.queue[:len(l.queue)-1]
	return last
}

// add takes a closed ring in, without the point that closes it.
func (l *lighter) add(ring []Point) {
	start, n := len(l.corners), len(ring)-1
	for i, p := range ring[:n] {
		l.corners = append(l.corners, corner{Point: p, ring: l.rings, prev: start + (i+n-1)%n, next: start + (i+1)%n})
	}
	l.left, l.first = append(l.left, n), append(l.first, start)
	l.rings++
	l.total += n
}

func (l *lighter) sizeOf(i int) float64 {
	c := l.corners[i]
	return math.Abs(doubleArea([]Point{l.corners[c.prev].Point, c.Point, l.corners[c.next].Point, l.corners[c.prev].Point}))
}

func (l *lighter) thin(keep int) {
	for i := range l.corners {
		l.corners[i].size = l.sizeOf(i)
		l.queue = append(l.queue, due{i, l.corners[i].size})
	}
	heap.Init(l)
	for l.total > keep && len(l.queue) > 0 {
		d := heap.Pop(l).(due)
		c := &l.corners[d.at]
		if c.gone || d.size != c.size || l.left[c.ring] <= 3 {
			continue
		}
		c.gone = true
		l.left[c.ring]--
		l.total--
		l.corners[c.prev].next, l.corners[c.next].prev = c.next, c.prev
		for _, i := range []int{c.prev, c.next} {
			l.corners[i].size = max(l.sizeOf(i), d.size) // what stands now mattered at least as much as what went
			heap.Push(l, due{i, l.corners[i].size})
		}
	}
}

// ring is what is left of the ring with that number, closed again.
func (l *lighter) ring(k int) []Point {
	end := len(l.corners)
	if k+1 < len(l.first) {
		end = l.first[k+1]
	}
	var out []Point
	for _, c := range l.corners[l.first[k]:end] {
		if !c.gone {
			out = append(out, c.Point)
		}
	}
	return append(out, out[0])
}
