package web

import (
	"net/http"
	"slices"

	"loa"
	"loa/reporting"
)

// travelMap is the territory as somebody sees it who has to go there: villages at their places, marked by their phone signal.
type travelMap struct {
	Left, Top     float64
	Width, Height float64
	Outlines      []string // boundaries the operator supplied
	Names         []travelName
	Dots          []travelDot
	Missing       int // villages whose place is not known
	Far           []areaRow
}

type travelName struct {
	X, Y float64
	Name string
}

type travelDot struct {
	X, Y, R     float64
	Class, Text string
	URL         string
}

const farVillages = 8

// travelMap draws the villages of the scope and lists those that take longest to reach when it rains.
func (s *Server) travelMap(r *http.Request, notes areaNotes) (travelMap, error) {
	outlines, err := keep(s, r, "outlines "+rangesOf(scopeOf(r)), func() (map[loa.AreaID]string, error) { return s.DB.MapOutlines(r.Context(), scopeOf(r)) })
	if err != nil {
		return travelMap{}, err
	}
	rows := map[loa.AreaID]areaRow{}
	var places []reporting.Place
	var out travelMap
	var far []areaRow
	for _, a := range notes.areas {
		if a.Kind != loa.Village && a.Kind != loa.Commune {
			continue
		}
		row := notes.row(s, r, a)
		p := reporting.Place{ID: a.ID, Lat: float64(a.LatE5) / 1e5, Lon: float64(a.LonE5) / 1e5, Size: 1}
		if a.Kind == loa.Commune {
			p.GeoJSON = outlines[a.ID]
		} else {
			if a.LatE5 == 0 && a.LonE5 == 0 {
				out.Missing++
			}
			if a.TravelWetMin > 0 {
				far = append(far, row)
			}
		}
		rows[a.ID] = row
		places = append(places, p)
	}
	slices.SortStableFunc(far, func(x, y areaRow) int { return y.Area.TravelWetMin - x.Area.TravelWetMin })
	out.Far = far[:min(len(far), farVillages)]
	drawn, err := reporting.Draw(places)
	if err != nil {
		return out, err
	}
	out.Width, out.Height = drawn.Width, drawn.Height
	for _, shape := range drawn.Shapes {
		row := rows[shape.ID]
		if row.Area.Kind == loa.Commune {
			if shape.Path != "" {
				out.Outlines = append(out.Outlines, shape.Path)
			}
			out.Names = append(out.Names, travelName{shape.X, shape.Y, row.Area.Name})
			continue
		}
		dot := travelDot{X: shape.X, Y: shape.Y, R: 3, Class: row.Area.Signal, URL: row.URL, Text: row.Name}
		if row.Area.Signal != "" {
			dot.Text += ", " + t(r, "signal."+row.Area.Signal)
		}
		if row.Area.TravelDryMin > 0 {
			dot.Text += ", " + t(r, "area.travel_both", row.Area.TravelDryMin, row.Area.TravelWetMin)
		}
		out.Dots = append(out.Dots, dot)
	}
	if len(out.Outlines) == 0 && len(out.Dots) > 0 {
		out.fit()
	}
	return out, nil
}

// fit cuts the picture to its dots, where no boundary says how far the territory reaches.
func (m *travelMap) fit() {
	const edge = 16
	left, right, top, bottom := m.Dots[0].X, m.Dots[0].X, m.Dots[0].Y, m.Dots[0].Y
	for _, d := range m.Dots {
		left, right, top, bottom = min(left, d.X), max(right, d.X), min(top, d.Y), max(bottom, d.Y)
	}
	m.Left, m.Top, m.Width, m.Height = left-edge, top-edge, max(right-left, 60)+2*edge, max(bottom-top, 60)+2*edge
}
