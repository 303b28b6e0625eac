// Package geo reads boundaries that somebody outside made: it believes nothing in a GeoJSON file before it was checked, and
// hands back plain polygons, made as light as a map of communes needs. It knows neither areas nor offices.
package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// Limits of what a file may hold.
const (
	MaxBytes    = 20 << 20 // of the file
	MaxFeatures = 5000
	MaxPoints   = 1500000 // in all
	MaxKept     = 2000    // points of one place after it was made lighter
	maxDepth    = 32
)

// The box no boundary of Việt Nam with its islands leaves.
const (
	west, east   = 102.0, 118.0
	south, north = 6.0, 24.0
)

// Code says why a file was refused; the sentence is the caller's.
type Code string

// The reasons.
const (
	TooBig      Code = "too_big"      // more bytes, places or points than anybody needs
	NotJSON     Code = "not_json"     // not JSON, or nested too deep
	NotFeatures Code = "not_features" // JSON, but not a FeatureCollection
	NoPolygon   Code = "no_polygon"   // a place is not a polygon
	NoCode      Code = "no_code"      // a place does not say which unit it is
	TwiceCode   Code = "twice_code"   // two places say the same
	BadRing     Code = "bad_ring"     // a line that encloses nothing, is not closed or crosses the whole world
	Outside     Code = "outside"      // a point that is not in Việt Nam: longitude and latitude may be swapped or in metres
)

// Error is a refusal with the place it is about.
type Error struct {
	Code  Code
	Place string // the place's code, or its number in the file
}

func (e *Error) Error() string { return "geojson: " + string(e.Code) + " " + e.Place }

// Place is one feature that was believed.
type Place struct {
	Code     string
	Polygons []Polygon
	Points   int // before it was made lighter
}

// Polygon is an outer line and the holes in it, each closed: the last point is the first.
type Polygon [][]Point

// Point is a longitude and a latitude in degrees.
type Point struct{ Lon, Lat float64 }

type feature struct {
	Type       string                     `json:"type"`
	Properties map[string]json.RawMessage `json:"properties"`
	Geometry   *struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

// Read reads a FeatureCollection whose features name their unit in the property "code". Every refusal is an *Error.
func Read(r io.Reader) ([]Place, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the boundaries: %w", err)
	}
	if len(raw) > MaxBytes {
		return nil, &Error{Code: TooBig}
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if depth(raw) > maxDepth || !json.Valid(raw) {
		return nil, &Error{Code: NotJSON}
	}
	var file struct {
		Type     string            `json:"type"`
		Features []json.RawMessage `json:"features"`
	}
	if err := json.Unmarshal(raw, &file); err != nil || file.Type != "FeatureCollection" || len(file.Features) == 0 {
		return nil, &Error{Code: NotFeatures}
	}
	if len(file.Features) > MaxFeatures {
		return nil, &Error{Code: TooBig}
	}
	var out []Place
	seen := map[string]bool{}
	points := 0
	for i, one := range file.Features {
		p, err := readPlace(one, i+1)
		if err != nil {
			return nil, err
		}
		if seen[p.Code] {
			return nil, &Error{TwiceCode, p.Code}
		}
		seen[p.Code] = true
		if points += p.Points; points > MaxPoints {
			return nil, &Error{TooBig, p.Code}
		}
		p.lighten()
		out = append(out, p)
	}
	return out, nil
}

// depth is how deep brackets nest, so that a file of brackets alone never reaches the parser.
func depth(raw []byte) int {
	now, most, text, skip := 0, 0, false, false
	for _, c := range raw {
		switch {
		case skip:
			skip = false
		case text && c == '\\':
			skip = true
		case c == '"':
			text = !text
		case text:
		case c == '[' || c == '{':
			now++
			most = max(most, now)
		case c == ']' || c == '}':
			now--
		}
	}
	return most
}

func readPlace(raw json.RawMessage, no int) (Place, error) {
	var f feature
	name := fmt.Sprint(no)
	if err := json.Unmarshal(raw, &f); err != nil || f.Type != "Feature" {
		return Place{}, &Error{NotFeatures, name}
	}
	p := Place{Code: codeOf(f.Properties)}
	if p.Code == "" {
		return p, &Error{NoCode, name}
	}
	if f.Geometry == nil {
		return p, &Error{NoPolygon, p.Code}
	}
	var many [][][][]float64
	var err error
	switch f.Geometry.Type {
	case "Polygon":
		many = make([][][][]float64, 1)
		err = json.Unmarshal(f.Geometry.Coordinates, &many[0])
	case "MultiPolygon":
		err = json.Unmarshal(f.Geometry.Coordinates, &many)
	default:
		err = errors.New("another geometry")
	}
	if err != nil || len(many) == 0 {
		return p, &Error{NoPolygon, p.Code}
	}
	for _, rings := range many {
		if len(rings) == 0 {
			return p, &Error{NoPolygon, p.Code}
		}
		var poly Polygon
		for _, line := range rings {
			ring, code := readRing(line)
			if code != "" {
				return p, &Error{code, p.Code}
			}
			p.Points += len(ring)
			poly = append(poly, ring)
		}
		p.Polygons = append(p.Polygons, poly)
	}
	return p, nil
}

// codeOf is the unit's code as text or number; official codes have leading zeros that a number has lost.
func codeOf(properties map[string]json.RawMessage) string {
	raw := properties["code"]
	var s string
	if json.Unmarshal(raw, &s) == nil {
		s = strings.TrimSpace(s)
	} else if n := json.Number(""); json.Unmarshal(raw, &n) == nil {
		s = n.String()
		for len(s) < 5 {
			s = "0" + s
		}
	}
	if len(s) > 20 {
		return ""
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return ""
		}
	}
	return s
}

func readRing(line [][]float64) ([]Point, Code) {
	if len(line) < 4 {
		return nil, BadRing
	}
	ring := make([]Point, 0, len(line))
	for _, c := range line {
		if len(c) < 2 || len(c) > 4 {
			return nil, BadRing
		}
		p := Point{c[0], c[1]}
		if !(p.Lon >= west && p.Lon <= east && p.Lat >= south && p.Lat <= north) {
			return nil, Outside
		}
		if n := len(ring); n == 0 || ring[n-1] != p {
			ring = append(ring, p)
		}
	}
	if len(ring) < 4 || ring[0] != ring[len(ring)-1] || math.Abs(doubleArea(ring)) < 1e-10 {
		return nil, BadRing
	}
	return ring, ""
}

// doubleArea is twice the area a ring encloses, in square degrees.
func doubleArea(ring []Point) (sum float64) {
	for i := 1; i < len(ring); i++ {
		sum += (ring[i-1].Lon - ring[0].Lon) * (ring[i].Lat - ring[0].Lat)
		sum -= (ring[i].Lon - ring[0].Lon) * (ring[i-1].Lat - ring[0].Lat)
	}
	return sum
}

// GeoJSON writes the place's geometry as Loa keeps it, to five decimals: about a metre.
func (p Place) GeoJSON() string {
	var b strings.Builder
	b.WriteString(`{"type":"MultiPolygon","coordinates":[`)
	for i, poly := range p.Polygons {
		b.WriteString(comma(i) + "[")
		for j, ring := range poly {
			b.WriteString(comma(j) + "[")
			for k, at := range ring {
				fmt.Fprintf(&b, "%s[%s,%s]", comma(k), short(at.Lon), short(at.Lat))
			}
			b.WriteString("]")
		}
		b.WriteString("]")
	}
	b.WriteString("]}")
	return b.String()
}

func comma(i int) string {
	if i > 0 {
		return ","
	}
	return ""
}

func short(v float64) string {
	s := fmt.Sprintf("%.5f", v)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// Write puts places together again as a file that Read takes.
func Write(places []Place) string {
	var b strings.Builder
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i, p := range places {
		fmt.Fprintf(&b, `%s{"type":"Feature","properties":{"code":%q},"geometry":%s}`, comma(i), p.Code, p.GeoJSON())
	}
	b.WriteString("]}")
	return b.String()
}
