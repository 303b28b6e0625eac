package web

import (
	"net/http"
	"slices"
	"strings"

	"loa"
)

// figureSum is a figure with where it is from, or the sum over villages with how many of them have one.
type figureSum struct {
	N        int64
	Known    bool
	Source   string // empty when there are several
	From, To loa.Day
	Have, Of int // villages with a figure, and all; 0 and 0 for a figure of its own
	Own      bool
}

func (f *figureSum) add(x loa.AreaFigure, ok bool) {
	f.Of++
	if !ok {
		return
	}
	f.Have++
	f.N += x.Value
	if !f.Known {
		f.Source, f.From, f.To, f.Known = x.Source, x.AsOf, x.AsOf, true
		return
	}
	if f.Source != x.Source {
		f.Source = ""
	}
	f.From, f.To = min(f.From, x.AsOf), max(f.To, x.AsOf)
}

// join adds the sum of another line; a line without a figure leaves the total incomplete.
func (f *figureSum) join(x figureSum) {
	f.N += x.N
	f.Have, f.Of = f.Have+x.Have, f.Of+x.Of
	if x.Own {
		f.Have, f.Of = f.Have+1, f.Of+1
	}
	if !x.Known {
		return
	}
	if !f.Known {
		f.Source, f.From, f.To, f.Known = x.Source, x.From, x.To, true
		return
	}
	if f.Source != x.Source {
		f.Source = ""
	}
	f.From, f.To = min(f.From, x.From), max(f.To, x.To)
}

// areaNotes is everything the list and the pages say of areas, read once for the request.
type areaNotes struct {
	areas    []loa.Area
	figures  map[loa.AreaID]map[string]loa.AreaFigure
	people   map[loa.AreaID]int
	markets  map[loa.AreaID][]string
	codes    map[loa.AreaID]string
	officers officerNames
}

func (s *Server) areaNotes(r *http.Request) (n areaNotes, err error) {
	if n.areas, err = s.areas(r); err != nil {
		return n, err
	}
	today := s.today()
	steadied := steady(r)
	n.figures, err = keep(s, r, "area figures "+string(today)+" "+rangesOf(scopeOf(r)), func() (map[loa.AreaID]map[string]loa.AreaFigure, error) {
		return s.DB.FiguresNow(steadied.Context(), scopeOf(r), today)
	})
	if err != nil {
		return n, err
	}
	q, x, err := s.query(r, loa.Rule{All: []loa.Rule{}}) // everybody
	if err != nil {
		return n, err
	}
	n.people = x.CountByArea(q)
	list, err := s.DB.Markets(r.Context(), scopeOf(r))
	if err != nil {
		return n, err
	}
	n.markets = map[loa.AreaID][]string{}
	for _, m := range list {
		n.markets[m.Area] = append(n.markets[m.Area], m.Name)
	}
	if n.codes, err = s.codesOn(r, today); err != nil {
		return n, err
	}
	n.officers, err = s.officerNames(r)
	return n, err
}

// codesOn are the official codes of a day.
func (s *Server) codesOn(r *http.Request, on loa.Day) (map[loa.AreaID]string, error) {
	codes, err := s.DB.AreaCodes(r.Context(), scopeOf(r))
	out := map[loa.AreaID]string{}
	for _, c := range codes {
		if c.From <= on && on <= c.To {
			out[c.Area] = c.Code
		}
	}
	return out, err
}

// row is what is known of one area alone.
func (n areaNotes) row(s *Server, r *http.Request, a loa.Area) areaRow {
	row := areaRow{ID: a.ID, Area: a, Name: s.areaName(r, a), Code: n.codes[a.ID], URL: "/areas/" + string(a.ID), None: a.Kind == loa.OfficeNode, People: n.people[a.ID], Markets: n.markets[a.ID],
		Officer: n.officers.by[a.FocalOfficer], PeopleURL: "/people?area=" + string(a.ID), MoreURL: "/areas/" + string(a.ID) + "/villages"}
	for kind, into := range map[string]*figureSum{"population": &row.Population, "households": &row.Households} {
		if f, ok := n.figures[a.ID][kind]; ok {
			*into = figureSum{N: f.Value, Known: true, Own: true, Source: f.Source, From: f.AsOf, To: f.AsOf}
		}
	}
	return row
}

// communeRows are the communes with their villages added up, "commune not stated" last.
func (n areaNotes) communeRows(s *Server, r *http.Request) []areaRow {
	up := communeOf(n.areas)
	var rows []areaRow
	at := map[loa.AreaID]int{}
	for _, a := range n.areas {
		if a.Kind == loa.Commune || a.Kind == loa.OfficeNode {
			at[a.ID] = len(rows)
			rows = append(rows, n.row(s, r, a))
		}
	}
	for _, a := range n.areas {
		i, ok := at[up[a.ID]]
		if !ok || a.ID == rows[i].ID {
			continue
		}
		row := &rows[i]
		row.People += n.people[a.ID]
		row.Markets = append(row.Markets, n.markets[a.ID]...)
		if a.Kind != loa.Village {
			continue
		}
		row.Villages++
		for kind, into := range map[string]*figureSum{"population": &row.Population, "households": &row.Households} {
			if f, ok := n.figures[a.ID][kind]; !into.Own {
				into.add(f, ok)
			}
		}
		if i := slices.Index([]string{"good", "weak", "none"}, a.Signal); i >= 0 {
			row.Signal[i]++
		}
		if a.Loudspeaker != "" && a.Loudspeaker != "none" {
			row.Loud++
		}
	}
	slices.SortStableFunc(rows, func(x, y areaRow) int {
		if x.None != y.None {
			return map[bool]int{true: 1, false: -1}[x.None]
		}
		return strings.Compare(x.Area.Folded(), y.Area.Folded())
	})
	return rows
}
