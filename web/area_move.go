package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"loa"
	"loa/gazetteer"
	"loa/store"
)

// areaMovePage asks where an area goes, from which day and by which document.
type areaMovePage struct {
	Area    loa.Area
	Label   string
	Commune bool // it is merged into another; a village is placed or merged
	Targets []option
	Merge   bool
	Parent  string
	From    string
	Source  string
	Now     string
	Since   loa.Day
	Errors  map[string]string
	People  int
	Code    string
	NewCode string
	Owned   loa.Day // from which day it is the office's
	Today   loa.Day
	Open    string
	End     string
	CodeDay string
	CodeSrc string
}

func (s *Server) areaMoveForm(w http.ResponseWriter, r *http.Request) error {
	a, err := s.DB.Area(r.Context(), scopeOf(r), loa.AreaID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.areaMoveDraw(w, r, a, areaMovePage{Parent: r.FormValue("parent"), From: string(s.today()), Merge: r.FormValue("merge") != ""}, 0)
}

func (s *Server) areaMoveDraw(w http.ResponseWriter, r *http.Request, a loa.Area, b areaMovePage, status int) error {
	if a.Kind != loa.Village && a.Kind != loa.Commune || a.Office != whoOf(r).Office.ID || a.Kind == loa.Commune && !s.seesAnchor(r) {
		return loa.ErrNotFound
	}
	areas, err := s.areas(r)
	if err != nil {
		return err
	}
	b.Area, b.Label, b.Commune, b.Today = a, s.areaName(r, a), a.Kind == loa.Commune, s.today()
	tree, err := s.officeTree(r)
	if err != nil {
		return err
	}
	up := tree.Parent(a.ID, b.Today)
	b.Now = s.areaName(r, tree.Areas[up])
	for _, p := range tree.Parents(a.ID) {
		if p.To == loa.OpenEnd {
			b.Since = p.From
		}
	}
	notes, err := s.areaNotes(r)
	if err != nil {
		return err
	}
	for _, x := range areas {
		if strings.HasPrefix(x.Path, a.Path) {
			b.People += notes.people[x.ID]
		}
		target := x.Kind == loa.Commune || x.Kind == loa.OfficeNode
		if b.Commune {
			target = x.Kind == loa.Commune
		} else if b.Merge {
			target = x.Kind == loa.Village && tree.Parent(x.ID, b.Today) == up
		}
		if target && x.ID != a.ID && x.ID != up {
			b.Targets = append(b.Targets, option{string(x.ID), s.areaName(r, x)})
		}
	}
	b.Code = notes.codes[a.ID]
	if b.CodeDay == "" {
		b.CodeDay = string(b.Today)
	}
	title := "area.move_title"
	if b.Commune {
		title = "area.reform_title"
	}
	return s.render(w, r, "area_move", page{Title: t(r, title, b.Label), Active: "areas", Body: b, Status: status})
}

// areaMove places a village under a commune, merges a village into its neighbour, or a commune into another, from a day on.
func (s *Server) areaMove(w http.ResponseWriter, r *http.Request) error {
	a, err := s.DB.Area(r.Context(), scopeOf(r), loa.AreaID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := readForm(r)
	from, to := f.day("from"), loa.AreaID(f.text("parent"))
	if from == "" && f.ok() {
		f.bad("from", "error.required")
	}
	var act loa.ActID
	if f.ok() {
		act, err = s.DB.MoveArea(r.Context(), scopeOf(r), s.by(r), a.ID, to, from, f.text("source"))
		if err := f.take(err); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.areaMoveDraw(w, r, a, areaMovePage{Parent: string(to), From: f.text("from"), Source: f.text("source"), Merge: f.on("merge"), Errors: f.Errors, Open: "move"}, http.StatusUnprocessableEntity)
	}
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	text, at := t(r, "area.moved", s.areaName(r, a), names[to], from.Vietnamese()), "/areas/"+string(a.ID)
	if a.Kind == loa.Commune || f.on("merge") {
		text, at = t(r, "area.merged", s.areaName(r, a), names[to], from.Vietnamese()), "/areas/"+string(to)
	}
	return s.done(w, r, at, text, areaUndoURL(act))
}

// areaRecode gives a commune another official code from a day on.
func (s *Server) areaRecode(w http.ResponseWriter, r *http.Request) error {
	a, err := s.DB.Area(r.Context(), scopeOf(r), loa.AreaID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := readForm(r)
	code, from := f.text("code"), f.day("code_from")
	var act loa.ActID
	if f.ok() {
		act, err = s.DB.RecodeArea(r.Context(), scopeOf(r), s.by(r), a.ID, code, from, f.text("code_source"))
		if err := f.take(err); err != nil {
			return err
		}
		if e := f.Errors["from"]; e != "" {
			f.Errors["code_from"] = e
			delete(f.Errors, "from")
		}
	}
	if !f.ok() {
		b := areaMovePage{From: string(s.today()), NewCode: code, CodeDay: f.text("code_from"), CodeSrc: f.text("code_source"), Errors: f.Errors, Open: "code"}
		return s.areaMoveDraw(w, r, a, b, http.StatusUnprocessableEntity)
	}
	text := t(r, "area.recoded", s.areaName(r, a), code, from.Vietnamese())
	if code == "" {
		text = t(r, "area.code_ended", s.areaName(r, a), from.Vietnamese())
	}
	return s.done(w, r, "/areas/"+string(a.ID), text, areaUndoURL(act))
}

// communeEnd says which day was the last on which a commune was the office's; undo says that it still is.
func (s *Server) communeEnd(w http.ResponseWriter, r *http.Request) error {
	id := loa.AreaID(r.PathValue("id"))
	f := readForm(r)
	last := loa.Day(f.text("to"))
	if last != loa.OpenEnd {
		last = f.day("to")
	}
	a, err := s.DB.Area(r.Context(), scopeOf(r), id)
	if err != nil && last != loa.OpenEnd {
		return err
	}
	if f.ok() {
		if err := f.take(s.DB.EndCommune(r.Context(), scopeOf(r), s.by(r), id, last)); err != nil {
			return err
		}
	}
	if !f.ok() {
		if a.ID == "" {
			return loa.ErrNotFound
		}
		f.Errors["end"] = f.Errors["to"]
		return s.areaMoveDraw(w, r, a, areaMovePage{From: string(s.today()), End: f.text("to"), Errors: f.Errors, Open: "end"}, http.StatusUnprocessableEntity)
	}
	if last == loa.OpenEnd {
		return s.done(w, r, "/areas", t(r, "area.back"), "")
	}
	return s.done(w, r, "/areas", t(r, "area.ended", a.Label(), last.Vietnamese()), "/areas/"+string(id)+"/end?"+url.Values{"to": {string(loa.OpenEnd)}}.Encode())
}

// communePage adds a commune of the nation's table, or one that the table does not know yet.
type communePage struct {
	Code, CodeText string
	Name, Prefix   string
	NewCode        string
	From, Source   string
	Province       string
	Of             []areaTick // communes of the office that it is formed of
	chosen         []string
	Errors         map[string]string
}

// gazetteerFind answers the type-ahead with communes of the nation, by today's names, former ones and codes.
func (s *Server) gazetteerFind(w http.ResponseWriter, r *http.Request) error {
	home, err := s.provinceCode(r)
	if err != nil {
		return err
	}
	var list []pickOption
	for _, mine := range []bool{true, false} { // the own province first
		for _, p := range gazetteer.Search(r.FormValue("q"), 60) {
			if !p.IsProvince() && (p.ProvinceCode == home) == mine && len(list) < 12 {
				list = append(list, pickOption{ID: p.Code, Label: p.FullName(), Sub: p.ProvinceName, End: p.Code})
			}
		}
	}
	return s.part(w, r, "search", "picks", list)
}

// provinceCode is the official code of the office's province.
func (s *Server) provinceCode(r *http.Request) (string, error) {
	tree, err := s.officeTree(r)
	if err != nil {
		return "", err
	}
	name := tree.Areas[whoOf(r).Office.Province].Name
	for _, p := range gazetteer.Provinces() {
		if p.Name == name {
			return p.Code, nil
		}
	}
	return "", nil
}

func (s *Server) communeNew(w http.ResponseWriter, r *http.Request) error {
	return s.communeDraw(w, r, communePage{From: string(s.today()), Prefix: "Xã"}, 0)
}

func (s *Server) communeDraw(w http.ResponseWriter, r *http.Request, b communePage, status int) error {
	if !s.seesAnchor(r) {
		return loa.ErrNotFound
	}
	tree, err := s.officeTree(r)
	if err != nil {
		return err
	}
	b.Province = tree.Areas[whoOf(r).Office.Province].Label()
	for _, a := range whoOf(r).whole {
		if a.Kind == loa.Commune {
			b.Of = append(b.Of, areaTick{string(a.ID), a.Label(), slices.Contains(b.chosen, string(a.ID))})
		}
	}
	return s.render(w, r, "area_commune", page{Title: t(r, "area.commune_title"), Context: t(r, "area.commune_context", b.Province), Active: "areas", Body: b, Status: status})
}

func (s *Server) communeCreate(w http.ResponseWriter, r *http.Request) error {
	if !s.seesAnchor(r) {
		return loa.ErrNotFound
	}
	f := readForm(r)
	b := communePage{Code: f.text("commune"), CodeText: f.text("commune_text"), Name: f.text("name"), Prefix: f.text("prefix"), NewCode: f.text("code"), From: f.text("from"), Source: f.text("source"), chosen: f.all("of"), Errors: f.Errors}
	c := store.CodedArea{Code: b.NewCode, Area: loa.Area{ID: loa.AreaID(loa.NewID()), Kind: loa.Commune, Name: b.Name, Prefix: b.Prefix}}
	if b.Name == "" {
		home, err := s.provinceCode(r)
		if err != nil {
			return err
		}
		p, ok := pickedPlace(f, "commune", false, home)
		switch {
		case !ok:
			f.bad("commune", "error.required")
		case home != "" && p.ProvinceCode != home:
			f.bad("commune", "error.commune_other_province")
		default:
			c = codedArea(p, loa.Commune)
			b.Code, b.CodeText = p.Code, p.FullName()
		}
	}
	from := f.day("from")
	var act loa.ActID
	if f.ok() {
		var err error
		if len(b.chosen) == 0 {
			_, act, err = s.DB.AddCommune(r.Context(), scopeOf(r), s.by(r), c, from, f.text("source"))
		} else {
			of := make([]loa.AreaID, len(b.chosen))
			for i, id := range b.chosen {
				of[i] = loa.AreaID(id)
			}
			_, act, err = s.DB.FormCommune(r.Context(), scopeOf(r), s.by(r), c, of, from, f.text("source"))
		}
		if err := f.take(err); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.communeDraw(w, r, b, http.StatusUnprocessableEntity)
	}
	text := t(r, "area.commune_added", c.Label(), from.Vietnamese())
	if len(b.chosen) > 0 {
		text = t(r, "area.commune_formed", c.Label(), len(b.chosen), from.Vietnamese())
	}
	return s.done(w, r, "/areas", text, areaUndoURL(act))
}
