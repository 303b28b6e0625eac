package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"loa"
)

func (s *Server) areaRoutes() []route {
	return []route{
		{"GET /areas", loa.ReadFigures, s.areaList},
		{"GET /areas/find", loa.ReadFigures, s.areaFind},
		{"GET /areas/history", loa.ReadFigures, s.areaHistory},
		{"GET /areas/gazetteer", loa.EditAreas, s.gazetteerFind},
		{"GET /areas/new", loa.EditAreas, s.villageNew},
		{"POST /areas/new", loa.EditAreas, s.villageCreate},
		{"GET /areas/communes/new", loa.EditAreas, s.communeNew},
		{"POST /areas/communes/new", loa.EditAreas, s.communeCreate},
		{"GET /areas/boundaries", loa.EditAreas, s.boundaryList},
		{"POST /areas/boundaries", loa.EditAreas, s.boundaryRead},
		{"POST /areas/boundaries/keep", loa.EditAreas, s.boundaryKeep},
		{"POST /areas/boundaries/undo", loa.EditAreas, s.boundaryUndo},
		{"GET /areas/market-days", loa.ReadFigures, s.marketDays},
		{"GET /areas/{id}", loa.ReadFigures, s.areaShow},
		{"GET /areas/{id}/villages", loa.ReadFigures, s.areaVillages},
		{"GET /areas/{id}/edit", loa.EditAreas, s.areaEdit},
		{"POST /areas/{id}/edit", loa.EditAreas, s.areaUpdate},
		{"GET /areas/{id}/move", loa.EditAreas, s.areaMoveForm},
		{"POST /areas/{id}/move", loa.EditAreas, s.areaMove},
		{"POST /areas/{id}/code", loa.EditAreas, s.areaRecode},
		{"POST /areas/{id}/end", loa.EditAreas, s.communeEnd},
		{"POST /area-acts/{id}/undo", loa.EditAreas, s.areaUndo},
		{"POST /areas/{id}/figures", loa.EditAreas, s.figureCreate},
		{"POST /areas/{id}/influencers", loa.EditAreas, s.influencerCreate},
		{"POST /areas/{id}/influencers/{who}/save", loa.EditAreas, s.influencerUpdate},
		{"POST /areas/{id}/influencers/{who}/end", loa.EditAreas, s.influencerEnd},
		{"POST /areas/{id}/markets", loa.EditAreas, s.marketSave},
		{"POST /areas/{id}/markets/{market}/drop", loa.EditAreas, s.marketDrop},
		{"POST /areas/{id}/festivals", loa.EditAreas, s.festivalSave},
		{"POST /areas/{id}/festivals/{festival}/drop", loa.EditAreas, s.festivalDrop},
		{"POST /areas/{id}/boundary/drop", loa.EditAreas, s.boundaryDrop},
	}
}

type areaListPage struct {
	Province string
	Rows     []areaRow
	Total    areaRow
	Query    string
	Hits     []areaHit
	Past     []pastArea
	MayEdit  bool
	Whole    bool
	Recut    loa.Day // the newest day the units were cut anew
	PastURL  string
	Acts     []areaActLine

	Map       travelMap
	OneSource bool // every figure is from one source and day, so that it is said once
}

// areaActLine is an act of the last days that can still be taken back.
type areaActLine struct {
	Name, URL, At, Undo string
	Officer             officerView
}

// areaActs are the acts on the territory that an officer can still take back.
func (s *Server) areaActs(r *http.Request) ([]areaActLine, error) {
	acts, err := s.DB.AreaActs(r.Context(), scopeOf(r), s.Now().AddDate(0, 0, -loa.UndoDays), 10)
	if err != nil || len(acts) == 0 {
		return nil, err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	out := make([]areaActLine, len(acts))
	for i, a := range acts {
		out[i] = areaActLine{s.areaName(r, a.Area), "/areas/" + string(a.Area.ID), moment(a.DoneAt), areaUndoURL(a.ID), officers.by[a.DoneBy]}
	}
	return out, nil
}

// areaRow is a commune, or the village at the end of the tree, with what the office knows of it.
type areaRow struct {
	ID         loa.AreaID
	Name, Code string
	URL        string
	None       bool // commune not stated
	Villages   int
	Population figureSum
	Households figureSum
	People     int    // in the register
	Signal     [3]int // good, weak, none
	Loud       int
	Markets    []string
	Officer    officerView
	Area       loa.Area
	Heads      []string
	PeopleURL  string
	MoreURL    string
}

// pastArea is a commune the office had once.
type pastArea struct {
	ID         loa.AreaID
	Name, Code string
	From, To   loa.Day
	Into       string
	MayReturn  bool
}

// areaList is the territory: the communes with what they add up to; villages open under each, a page at a time.
func (s *Server) areaList(w http.ResponseWriter, r *http.Request) error {
	me := whoOf(r)
	notes, err := s.areaNotes(r)
	if err != nil {
		return err
	}
	body := areaListPage{Rows: notes.communeRows(s, r), Query: strings.TrimSpace(r.FormValue("q")), MayEdit: me.may(loa.EditAreas), Total: areaRow{Name: t(r, "area.total")}}
	if body.MayEdit {
		if body.Acts, err = s.areaActs(r); err != nil {
			return err
		}
	}
	for _, row := range body.Rows {
		body.Whole = body.Whole || row.None
		body.Total.Villages += row.Villages
		body.Total.People += row.People
		body.Total.Loud += row.Loud
		body.Total.Markets = append(body.Total.Markets, row.Markets...)
		for i := range row.Signal {
			body.Total.Signal[i] += row.Signal[i]
		}
		body.Total.Population.join(row.Population)
		body.Total.Households.join(row.Households)
	}
	p, h := body.Total.Population, body.Total.Households
	body.OneSource = p.Source != "" && p.Source == h.Source && p.From == p.To && h.From == h.To
	if body.Query != "" {
		if body.Hits, err = s.areaHits(r, body.Query); err != nil {
			return err
		}
	}
	tree, err := s.officeTree(r)
	if err != nil {
		return err
	}
	body.Province = tree.Areas[me.Office.Province].Label()
	if cuts := tree.Recuts(); len(cuts) > 0 {
		body.Recut, body.PastURL = cuts[0], "/areas/history?on="+string(cuts[0].Add(-1))
	}
	if body.Past, err = s.pastAreas(r, tree); err != nil {
		return err
	}
	if body.Map, err = s.travelMap(r, notes); err != nil {
		return err
	}
	context := t(r, "area.context", body.Province, me.Office.ShortName)
	return s.render(w, r, "area_list", page{Title: t(r, "area.title"), Context: context, Active: "areas", Body: body})
}

// pastAreas are the communes the office no longer has.
func (s *Server) pastAreas(r *http.Request, tree *loa.Tree) ([]pastArea, error) {
	owned, err := s.DB.Owned(r.Context(), scopeOf(r))
	if err != nil {
		return nil, err
	}
	var out []pastArea
	for _, o := range owned {
		if o.To >= s.today() || slices.ContainsFunc(owned, func(x loa.OfficeArea) bool { return x.Area == o.Area && x.To >= s.today() }) {
			continue
		}
		codes, err := s.codesOn(r, o.To)
		if err != nil {
			return nil, err
		}
		p := pastArea{ID: o.Area, Name: tree.Areas[o.Area].Label(), Code: codes[o.Area], From: o.From, To: o.To, MayReturn: tree.Areas[o.Area].Kind == loa.Commune && tree.Areas[o.Area].Path != ""}
		var into []string
		for _, id := range s.becameOf(r, tree, o.Area) {
			into = append(into, s.areaName(r, tree.Areas[id]))
		}
		p.Into = strings.Join(into, ", ")
		out = append(out, p)
	}
	return out, nil
}

const villagePage = 25

type villagesPart struct {
	Rows        []areaRow
	From, To    int
	Total       int
	Prev, Next  string
	Part, Loose bool // drawn into the list; without a commune
	MayEdit     bool
	Commune     loa.AreaID
}

// areaVillages are the villages of one commune, a page at a time: the rows alone for the list, a page of its own otherwise.
func (s *Server) areaVillages(w http.ResponseWriter, r *http.Request) error {
	a, err := s.DB.Area(r.Context(), scopeOf(r), loa.AreaID(r.PathValue("id")))
	if err != nil {
		return err
	}
	part, err := s.villagesOf(r, a)
	if err != nil {
		return err
	}
	if part.Part = r.Header.Get("HX-Request") != ""; part.Part {
		return s.part(w, r, "area_list", "village_rows", part)
	}
	return s.render(w, r, "area_villages", page{Title: t(r, "area.villages_title", s.areaName(r, a)), Active: "areas", Body: part})
}

func (s *Server) villagesOf(r *http.Request, a loa.Area) (villagesPart, error) {
	notes, err := s.areaNotes(r)
	if err != nil {
		return villagesPart{}, err
	}
	var under []loa.Area
	for _, v := range notes.areas {
		if v.Kind == loa.Village && strings.HasPrefix(v.Path, a.Path) && v.ID != a.ID {
			under = append(under, v)
		}
	}
	slices.SortStableFunc(under, func(x, y loa.Area) int {
		if x.WalkOrder != y.WalkOrder {
			return x.WalkOrder - y.WalkOrder
		}
		return strings.Compare(x.Folded(), y.Folded())
	})
	n := pageNumber(r)
	from := min((n-1)*villagePage, len(under))
	to := min(from+villagePage, len(under))
	part := villagesPart{From: from + 1, To: to, Total: len(under), Loose: a.Kind == loa.OfficeNode, MayEdit: whoOf(r).may(loa.EditAreas), Commune: a.ID}
	heads, err := s.headNames(r)
	if err != nil {
		return part, err
	}
	for _, v := range under[from:to] {
		row := notes.row(s, r, v)
		row.Heads = heads[v.ID]
		part.Rows = append(part.Rows, row)
	}
	at := func(p int) string {
		return "/areas/" + string(a.ID) + "/villages?" + url.Values{"page": {strconv.Itoa(p)}}.Encode()
	}
	if n > 1 && from > 0 {
		part.Prev = at(n - 1)
	}
	if to < len(under) {
		part.Next = at(n + 1)
	}
	return part, nil
}

// headNames are the village heads of today.
func (s *Server) headNames(r *http.Request) (map[loa.AreaID][]string, error) {
	list, err := s.DB.Influencers(r.Context(), scopeOf(r), s.today())
	out := map[loa.AreaID][]string{}
	for _, i := range list {
		if i.Role == "village_head" {
			out[i.Area] = append(out[i.Area], i.Name)
		}
	}
	return out, err
}
