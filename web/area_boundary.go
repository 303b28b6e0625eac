package web

import (
	"errors"
	"net/http"
	"strings"

	"loa"
	"loa/geo"
	"loa/store"
)

// boundaryPage is which boundaries are known, and what a file just read would add.
type boundaryPage struct {
	Known   []knownBoundary
	Missing []string
	Reading bool
	Source  string
	Matches []boundaryMatch
	Others  int // places of the file that are no unit of the office
	Old     int // of them, units of former days
	File    string
	Errors  map[string]string
	Hint    string
}

// boundaryRefusals are the sentences for what the reader of files refuses.
var boundaryRefusals = map[geo.Code]string{geo.TooBig: "error.boundary_too_big", geo.NotJSON: "error.boundary_not_json", geo.NotFeatures: "error.boundary_not_features", geo.NoPolygon: "error.boundary_no_polygon",
	geo.NoCode: "error.boundary_no_code", geo.TwiceCode: "error.boundary_twice_code", geo.BadRing: "error.boundary_bad_ring", geo.Outside: "error.boundary_outside"}

type knownBoundary struct {
	store.Boundary
	Name, Code, URL, At string
}

type boundaryMatch struct {
	Name, Code string
	Points     int
	Replaces   bool
}

func (s *Server) boundaryList(w http.ResponseWriter, r *http.Request) error {
	return s.boundaryDraw(w, r, boundaryPage{}, 0)
}

func (s *Server) boundaryDraw(w http.ResponseWriter, r *http.Request, b boundaryPage, status int) error {
	list, err := s.DB.Boundaries(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	areas, err := s.areas(r)
	if err != nil {
		return err
	}
	codes, err := s.codesOn(r, s.today())
	if err != nil {
		return err
	}
	names, have := map[loa.AreaID]string{}, map[loa.AreaID]bool{}
	for _, a := range areas {
		names[a.ID] = s.areaName(r, a)
	}
	for _, x := range list {
		have[x.Area] = true
		b.Known = append(b.Known, knownBoundary{Boundary: x, Name: names[x.Area], Code: codes[x.Area], URL: "/areas/" + string(x.Area), At: x.LoadedAt.In(loa.Zone).Format("02/01/2006")})
	}
	for _, a := range areas {
		if a.Kind == loa.Commune && !have[a.ID] {
			b.Missing = append(b.Missing, names[a.ID])
		}
	}
	return s.render(w, r, "area_boundaries", page{Title: t(r, "area.boundary_title"), Context: t(r, "area.boundary_context"), Active: "areas", Status: status, Body: b})
}

// boundaryRead reads an operator's file and shows whose boundaries it has; nothing is kept yet.
func (s *Server) boundaryRead(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	b := boundaryPage{Source: f.text("source"), Errors: f.Errors}
	if b.Source == "" {
		f.bad("source", "error.required")
	}
	file, _, err := r.FormFile("file")
	if err != nil {
		f.bad("file", "error.required")
		return s.boundaryDraw(w, r, b, http.StatusUnprocessableEntity)
	}
	defer file.Close()
	places, err := geo.Read(file)
	var refused *geo.Error
	if errors.As(err, &refused) {
		f.bad("file", boundaryRefusals[refused.Code], refused.Place)
	} else if err != nil {
		return err
	}
	if !f.ok() {
		return s.boundaryDraw(w, r, b, http.StatusUnprocessableEntity)
	}
	mine, err := s.boundariesOf(r, places, &b)
	if err != nil {
		return err
	}
	if len(mine) == 0 {
		f.bad("file", "error.boundary_nobody")
		return s.boundaryDraw(w, r, b, http.StatusUnprocessableEntity)
	}
	b.Reading, b.File = true, geo.Write(mine)
	return s.boundaryDraw(w, r, b, 0)
}

// boundariesOf are the places of a file that are units of the request's scope today.
func (s *Server) boundariesOf(r *http.Request, places []geo.Place, b *boundaryPage) ([]geo.Place, error) {
	areas, err := s.areas(r)
	if err != nil {
		return nil, err
	}
	codes, err := s.codesOn(r, s.today())
	if err != nil {
		return nil, err
	}
	known, err := s.DB.Boundaries(r.Context(), scopeOf(r))
	if err != nil {
		return nil, err
	}
	have := map[loa.AreaID]bool{}
	for _, k := range known {
		have[k.Area] = true
	}
	byCode := map[string]loa.Area{}
	for _, a := range areas {
		if code := codes[a.ID]; code != "" {
			byCode[code] = a
		}
	}
	var mine []geo.Place
	for _, p := range places {
		a, ok := byCode[p.Code]
		if !ok {
			b.Others++
			continue
		}
		mine = append(mine, p)
		b.Matches = append(b.Matches, boundaryMatch{Name: s.areaName(r, a), Code: p.Code, Points: p.Points, Replaces: have[a.ID]})
	}
	return mine, nil
}

// boundaryKeep keeps what the preview showed; it comes back from a browser, so it is read anew like any file.
func (s *Server) boundaryKeep(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	b := boundaryPage{Source: f.text("source"), Errors: f.Errors}
	places, err := geo.Read(strings.NewReader(r.FormValue("places")))
	var refused *geo.Error
	if errors.As(err, &refused) {
		f.bad("file", boundaryRefusals[refused.Code], refused.Place)
		return s.boundaryDraw(w, r, b, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	mine, err := s.boundariesOf(r, places, &b)
	if err != nil {
		return err
	}
	areas, err := s.areas(r)
	if err != nil {
		return err
	}
	codes, err := s.codesOn(r, s.today())
	if err != nil {
		return err
	}
	shapes := map[loa.AreaID]string{}
	for _, p := range mine {
		for _, a := range areas {
			if codes[a.ID] == p.Code {
				shapes[a.ID] = p.GeoJSON()
			}
		}
	}
	act, err := s.DB.SaveBoundaries(r.Context(), scopeOf(r), s.by(r), shapes, b.Source)
	if err := f.take(err); err != nil {
		return err
	}
	if !f.ok() {
		return s.boundaryDraw(w, r, b, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, "/areas/boundaries", t(r, "area.boundary_saved", len(shapes)), boundaryUndoURL(act))
}

// boundaryDrop forgets one; the map shows a circle at its middle again.
func (s *Server) boundaryDrop(w http.ResponseWriter, r *http.Request) error {
	a, err := s.DB.Area(r.Context(), scopeOf(r), loa.AreaID(r.PathValue("id")))
	if err != nil {
		return err
	}
	act, err := s.DB.DropBoundary(r.Context(), scopeOf(r), s.by(r), a.ID)
	if err != nil {
		return err
	}
	return s.done(w, r, "/areas/boundaries", t(r, "area.boundary_dropped", s.areaName(r, a)), boundaryUndoURL(act))
}

func boundaryUndoURL(act loa.ActID) string { return "/areas/boundaries/undo?act=" + string(act) }

// boundaryUndo brings back what stood before boundaries were kept or dropped.
func (s *Server) boundaryUndo(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	if err := f.take(s.DB.UndoBoundaries(r.Context(), scopeOf(r), s.by(r), loa.ActID(f.text("act")))); err != nil {
		return err
	}
	for _, sentence := range f.Errors {
		s.setFlash(w, r, flash{Kind: "error", Text: sentence})
		http.Redirect(w, r, "/areas/boundaries", http.StatusSeeOther)
		return nil
	}
	return s.done(w, r, "/areas/boundaries", t(r, "area.undone"), "")
}
