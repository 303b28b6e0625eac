package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/vn"
)

type areaHit struct{ Name, Sub, End, URL string }

// areaHits are communes and villages by a name, an alias or a code, and units of former days by the name they had.
func (s *Server) areaHits(r *http.Request, q string) ([]areaHit, error) {
	list, err := s.DB.SearchAreas(r.Context(), scopeOf(r), q, 20)
	if err != nil {
		return nil, err
	}
	above, err := s.communeNames(r)
	if err != nil {
		return nil, err
	}
	codes, err := s.codesOn(r, s.today())
	if err != nil {
		return nil, err
	}
	var out []areaHit
	for _, a := range list {
		out = append(out, areaHit{Name: s.areaName(r, a), Sub: above[a.ID], End: codes[a.ID], URL: "/areas/" + string(a.ID)})
	}
	past, err := s.formerHits(r, q)
	if err != nil {
		return nil, err
	}
	return append(out, past...), nil
}

// formerHits are units that no longer exist, with what they became.
func (s *Server) formerHits(r *http.Request, q string) ([]areaHit, error) {
	tree, err := s.officeTree(r)
	if err != nil {
		return nil, err
	}
	codes, err := s.DB.AreaCodes(r.Context(), scopeOf(r))
	if err != nil {
		return nil, err
	}
	f := vn.Fold(q)
	var out []areaHit
	for _, c := range codes {
		a := tree.Areas[c.Area]
		gone := a.Path == "" || a.Kind == loa.Former
		if c.Code != f && !(gone && strings.HasPrefix(a.Folded(), f)) {
			continue
		}
		hit := areaHit{Name: a.Label(), End: t(r, "area.code_until", c.Code, c.To.Vietnamese())}
		if c.To >= s.today() {
			hit.End = c.Code
		}
		for _, id := range s.becameOf(r, tree, a.ID) {
			if scopeOf(r).Holds(tree.Areas[id].Path) {
				hit.Sub, hit.URL = t(r, "area.now", s.areaName(r, tree.Areas[id])), "/areas/"+string(id)
			}
		}
		if !gone && scopeOf(r).Holds(a.Path) {
			hit.URL = "/areas/" + string(a.ID)
		}
		if hit.URL != "" && len(out) < 20 {
			out = append(out, hit)
		}
	}
	return out, nil
}

// areaFind answers the type-ahead of the list; choosing a line opens its page.
func (s *Server) areaFind(w http.ResponseWriter, r *http.Request) error {
	hits, err := s.areaHits(r, r.FormValue("q"))
	if err != nil {
		return err
	}
	return s.part(w, r, "area_list", "area_options", hits)
}

// becameOf are the communes of today in which a former commune's villages lie.
func (s *Server) becameOf(r *http.Request, tree *loa.Tree, id loa.AreaID) []loa.AreaID {
	seen := map[loa.AreaID]bool{}
	var out []loa.AreaID
	for _, child := range append(tree.EverUnder(id), id) {
		if now := tree.Up(child, loa.Commune, s.today()); now != "" && now != id && !seen[now] {
			seen[now] = true
			out = append(out, now)
		}
	}
	return out
}
