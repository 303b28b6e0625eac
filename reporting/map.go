package reporting

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"loa"
)

// Place is what is known of where a line lies: its boundary as GeoJSON, or only the middle.
type Place struct {
	ID      loa.AreaID
	GeoJSON string
	Lat     float64
	Lon     float64
	Size    int64 // what a circle stands for when there is no boundary
}

// Shape is a place drawn: a path, or a circle where no boundary is known.
type Shape struct {
	ID   loa.AreaID
	Path string
	X, Y float64 // of the label and the circle
	R    float64 // of the circle, 0 with a path
}

// Map is places drawn into a box.
type Map struct {
	Width, Height float64
	Shapes        []Shape
	Missing       []loa.AreaID // neither a boundary nor a middle
}

const mapWidth, mapMargin = 270.0, 6.0

// Draw projects places into a box 270 wide, north up, keeping distances.
func Draw(places []Place) (Map, error) {
	m := Map{Width: mapWidth, Height: mapWidth}
	rings := map[loa.AreaID][]ring{}
	var box bounds
	largest := int64(1)
	for _, p := range places {
		largest = max(largest, p.Size)
		if p.GeoJSON == "" {
			continue
		}
		r, err := outline(p.GeoJSON)
		if err != nil {
			return m, fmt.Errorf("draw the boundary of %s: %w", p.ID, err)
		}
		rings[p.ID] = r
		for _, ring := range r {
			for _, pt := range ring {
				box.add(pt)
			}
		}
	}
	for _, p := range places {
		switch {
		case rings[p.ID] != nil:
		case p.Lat == 0 && p.Lon == 0:
			m.Missing = append(m.Missing, p.ID)
		default:
			box.add(point{p.Lon, p.Lat})
		}
	}
	if box.n == 0 {
		return m, nil
	}
	margin := mapMargin
	if len(rings) == 0 {
		margin = 46 // room for the circles at the edge
	}
	high := 420.0
	if len(rings) == 0 {
		high = 330 // circles say little about the way from one to the other
	}
	on := box.projection(margin, high)
	m.Height = on.height
	if len(rings) < len(places)-len(m.Missing) {
		m.Height += 14 // a circle's name stands beneath it
	}
	for _, p := range places {
		if r := rings[p.ID]; r != nil {
			m.Shapes = append(m.Shapes, on.shape(p.ID, r))
		} else if p.Lat != 0 || p.Lon != 0 {
			at := on.place(point{p.Lon, p.Lat})
			m.Shapes = append(m.Shapes, Shape{ID: p.ID, X: at.x, Y: at.y, R: round1(12 + 26*math.Sqrt(float64(max(p.Size, 0))/float64(largest)))})
		}
	}
	return m, nil
}

type point struct{ x, y float64 }
type ring []point

type bounds struct {
	n                      int
	west, south, east, nor float64
}

func (b *bounds) add(p point) {
	if b.n == 0 {
		b.west, b.east, b.south, b.nor = p.x, p.x, p.y, p.y
	}
	b.west, b.east, b.south, b.nor = min(b.west, p.x), max(b.east, p.x), min(b.south, p.y), max(b.nor, p.y)
	b.n++
}

// projection is equirectangular about the middle latitude: over one district that is true to a few metres.
type projection struct {
	west, north, sx, sy, left, top, height float64
}

func (b bounds) projection(margin, high float64) projection {
	narrow := math.Cos((b.south + b.nor) / 2 * math.Pi / 180)
	w, h := (b.east-b.west)*narrow, b.nor-b.south
	scale := 1.0 // a single point has no size to fit
	if w > 0 || h > 0 {
		scale = min((mapWidth-2*margin)/max(w, 1e-9), (high-2*margin)/max(h, 1e-9))
	}
	left := (mapWidth - w*scale) / 2
	return projection{west: b.west, north: b.nor, sx: scale * narrow, sy: scale, left: left, top: margin, height: math.Round(h*scale + 2*margin)}
}

func (p projection) place(at point) point {
	return point{round1(p.left + (at.x-p.west)*p.sx), round1(p.top + (p.north-at.y)*p.sy)}
}

// shape draws rings as a path with points nearer than half a pixel left out, and finds where the label stands.
func (p projection) shape(id loa.AreaID, rings []ring) Shape {
	var b strings.Builder
	s := Shape{ID: id}
	largest := 0.0
	for _, r := range rings {
		var last point
		var drawn ring
		for i, pt := range r {
			at := p.place(pt)
			if i > 0 && math.Hypot(at.x-last.x, at.y-last.y) < 0.5 {
				continue
			}
			drawn, last = append(drawn, at), at
		}
		if len(drawn) < 3 {
			continue
		}
		for i, at := range drawn {
			b.WriteString(map[bool]string{true: "M", false: "L"}[i == 0] + number(at.x) + " " + number(at.y))
		}
		b.WriteString("Z")
		if area, middle := centroid(drawn); area > largest {
			largest, s.X, s.Y = area, round1(drawn.widest(middle)), round1(middle.y)
		}
	}
	s.Path = b.String()
	return s
}

func centroid(r ring) (area float64, at point) {
	for i := range r {
		a, b := r[i], r[(i+1)%len(r)]
		cross := a.x*b.y - b.x*a.y
		area += cross / 2
		at.x += (a.x + b.x) * cross
		at.y += (a.y + b.y) * cross
	}
	if area == 0 {
		return 0, r[0]
	}
	return math.Abs(area), point{at.x / (6 * area), at.y / (6 * area)}
}

// widest is where a label as high as the middle has the most room: halfway along the longest stretch inside at that height.
func (r ring) widest(middle point) float64 {
	var cuts []float64
	for i := range r {
		a, b := r[i], r[(i+1)%len(r)]
		if (a.y > middle.y) != (b.y > middle.y) {
			cuts = append(cuts, a.x+(middle.y-a.y)/(b.y-a.y)*(b.x-a.x))
		}
	}
	slices.Sort(cuts)
	best, at := 0.0, middle.x
	for i := 0; i+1 < len(cuts); i += 2 {
		if w := cuts[i+1] - cuts[i]; w > best {
			best, at = w, (cuts[i]+cuts[i+1])/2
		}
	}
	return at
}

// outline reads the outer and inner rings of a GeoJSON geometry, feature or collection.
func outline(text string) ([]ring, error) {
	var g geo
	if err := json.Unmarshal([]byte(text), &g); err != nil {
		return nil, fmt.Errorf("read GeoJSON: %w", err)
	}
	return g.rings(0)
}

type geo struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
	Geometry    *geo            `json:"geometry"`
	Geometries  []geo           `json:"geometries"`
	Features    []geo           `json:"features"`
}

func (g geo) rings(depth int) (out []ring, err error) {
	if depth > 4 {
		return nil, fmt.Errorf("GeoJSON nested too deep")
	}
	parts := append(append([]geo{}, g.Features...), g.Geometries...)
	if g.Geometry != nil {
		parts = append(parts, *g.Geometry)
	}
	for _, p := range parts {
		r, err := p.rings(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, r...)
	}
	switch g.Type {
	case "Polygon":
		var poly [][][]float64
		err = json.Unmarshal(g.Coordinates, &poly)
		out = append(out, ringsOf(poly)...)
	case "MultiPolygon":
		var many [][][][]float64
		err = json.Unmarshal(g.Coordinates, &many)
		for _, poly := range many {
			out = append(out, ringsOf(poly)...)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read a polygon: %w", err)
	}
	return out, nil
}

func ringsOf(poly [][][]float64) (out []ring) {
	for _, line := range poly {
		var r ring
		for _, c := range line {
			if len(c) >= 2 {
				r = append(r, point{c[0], c[1]})
			}
		}
		out = append(out, r)
	}
	return out
}

func round1(v float64) float64 { return math.Round(v*10) / 10 }

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
