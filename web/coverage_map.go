package web

import (
	"net/http"

	"loa"
	"loa/reporting"
)

// coverageMap is the territory drawn: boundaries where the operator supplied them, circles at the middles until then.
type coverageMap struct {
	Width, Height float64
	Shapes        []mapShape
	Missing       []string // communes without a boundary or a middle
	Circles       bool
}

type mapShape struct {
	reporting.Shape
	Class, Name string
	Percent     int64
	HasPlan     bool
	N           int64
	Dark        bool
	URL         string
	NameY, TxtY float64
	Outside     bool // a circle: the name stands beneath
}

func (s *Server) coverageMap(r *http.Request, b *reporting.Book, body *coveragePage) (coverageMap, error) {
	outlines, err := keep(s, r, "outlines "+rangesOf(scopeOf(r)), func() (map[loa.AreaID]string, error) { return s.DB.MapOutlines(r.Context(), scopeOf(r)) })
	if err != nil {
		return coverageMap{}, err
	}
	lines := map[loa.AreaID]coverageLine{}
	var places []reporting.Place
	for _, l := range body.Lines {
		if l.None {
			continue
		}
		lines[l.ID] = l
		a := b.In.Tree.Areas[l.ID]
		places = append(places, reporting.Place{ID: l.ID, GeoJSON: outlines[l.ID], Lat: float64(a.LatE5) / 1e5, Lon: float64(a.LonE5) / 1e5, Size: l.N})
	}
	drawn, err := reporting.Draw(places)
	if err != nil {
		return coverageMap{}, err
	}
	out := coverageMap{Width: drawn.Width, Height: drawn.Height}
	for _, id := range drawn.Missing {
		out.Missing = append(out.Missing, lines[id].Name)
	}
	for _, shape := range drawn.Shapes {
		l := lines[shape.ID]
		m := mapShape{Shape: shape, Class: l.Class, Name: l.Name, Percent: l.Percent, HasPlan: l.HasPlan, N: l.N, URL: l.InURL, Dark: l.Class == "m4" || l.Class == "m5"}
		m.NameY, m.TxtY = shape.Y-2, shape.Y+14
		if shape.Path == "" {
			out.Circles, m.Outside = true, true
			m.NameY, m.TxtY = shape.Y+shape.R+14, shape.Y+4
		}
		out.Shapes = append(out.Shapes, m)
	}
	return out, nil
}
