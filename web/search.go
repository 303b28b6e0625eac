package web

import (
	"net/http"
	"strconv"
	"strings"

	"loa"
	"loa/store"
	"loa/vn"
)

func (s *Server) searchRoutes() []route {
	return []route{
		{"GET /search", loa.SignedIn, s.searchShow},
		{"GET /pick/area", loa.SignedIn, s.pickArea},
		{"GET /pick/person", loa.ReadPeople, s.pickPerson},
	}
}

type searchPage struct {
	Query    string
	Sections []searchSection
}

type searchSection struct {
	Title, Icon, Room string
	Hits              []searchHit
}

type searchHit struct{ Text, Sub, End, URL string }

// searchShow finds people, places, sessions, questions and answers, each only for those who may see it. The box at the top of
// every page asks for the first of each while one types (?pick=1).
func (s *Server) searchShow(w http.ResponseWriter, r *http.Request) error {
	q, take := strings.TrimSpace(r.FormValue("q")), 20
	pick := r.FormValue("pick") != ""
	if pick {
		take = 5
	}
	body := searchPage{Query: q}
	if vn.Fold(q) != "" { // signs alone are no words: they would find everything
		for _, find := range []func(*http.Request, string, int) (searchSection, error){s.searchPeople, s.searchAreas, s.searchSessions, s.searchQuestions, s.searchPartners} {
			section, err := find(r, q, take)
			if err != nil {
				return err
			}
			if len(section.Hits) > 0 && s.stands(section.Room) {
				body.Sections = append(body.Sections, section)
			}
		}
	}
	if pick {
		return s.part(w, r, "search", "hits", body)
	}
	return s.render(w, r, "search", page{Title: t(r, "search.title", q), Query: q, Body: body})
}

func (s *Server) searchPeople(r *http.Request, q string, take int) (searchSection, error) {
	out := searchSection{Title: t(r, "search.people"), Room: "/people", Icon: "user"}
	if !whoOf(r).may(loa.ReadPeople) {
		return out, nil
	}
	lines, err := s.findPeople(r, q, take)
	if err != nil {
		return out, err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return out, err
	}
	for _, l := range lines {
		out.Hits = append(out.Hits, searchHit{Text: l.Name, Sub: names[l.Area], End: bornYear(l), URL: personURL(l)})
	}
	return out, nil
}

func bornYear(l store.PersonLine) string {
	if l.BornYear == 0 {
		return ""
	}
	return strconv.Itoa(l.BornYear)
}

func (s *Server) searchAreas(r *http.Request, q string, take int) (searchSection, error) {
	out := searchSection{Title: t(r, "search.areas"), Room: "/areas", Icon: "map-pin"}
	if !whoOf(r).may(loa.ReadFigures) {
		return out, nil
	}
	list, err := s.DB.SearchAreas(r.Context(), scopeOf(r), q, take)
	if err != nil {
		return out, err
	}
	above, err := s.communeNames(r)
	if err != nil {
		return out, err
	}
	for _, a := range list {
		out.Hits = append(out.Hits, searchHit{Text: s.areaName(r, a), Sub: above[a.ID], URL: "/areas/" + string(a.ID)})
	}
	return out, nil
}

func (s *Server) searchSessions(r *http.Request, q string, take int) (searchSection, error) {
	out := searchSection{Title: t(r, "search.sessions"), Room: "/sessions", Icon: "presentation"}
	if !whoOf(r).may(loa.ReadOutreach) {
		return out, nil
	}
	list, err := s.DB.SearchSessions(r.Context(), scopeOf(r), q, take)
	for _, h := range list {
		out.Hits = append(out.Hits, searchHit{Text: h.Text, Sub: t(r, "form."+h.Sub), End: h.On.Vietnamese(), URL: "/sessions/" + h.ID})
	}
	return out, err
}

func (s *Server) searchQuestions(r *http.Request, q string, take int) (searchSection, error) {
	out := searchSection{Title: t(r, "search.questions"), Room: "/questions", Icon: "message-circle-question-mark"}
	if !whoOf(r).may(loa.ReadOutreach) {
		return out, nil
	}
	list, err := s.DB.SearchQuestions(r.Context(), scopeOf(r), q, take)
	for _, h := range list {
		out.Hits = append(out.Hits, searchHit{Text: h.Text, Sub: shortened(h.Sub, 140), End: h.On.Vietnamese(), URL: "/questions/" + h.ID})
	}
	return out, err
}

// searchPartners finds who helps, who collects and who employs by words of their names.
func (s *Server) searchPartners(r *http.Request, q string, take int) (searchSection, error) {
	out := searchSection{Title: t(r, "search.partners"), Room: "/partners", Icon: "handshake"}
	if !whoOf(r).may(loa.ReadOutreach) {
		return out, nil
	}
	p := store.ListPage{Words: q, Take: min(take, 5)}
	partners, _, err := s.DB.Partners(r.Context(), scopeOf(r), p, "")
	if err != nil {
		return out, err
	}
	for _, x := range partners {
		out.Hits = append(out.Hits, searchHit{Text: x.Name, Sub: t(r, "partner_kind."+x.Kind), End: displayPhone(x.Phone), URL: "/partners/" + string(x.ID)})
	}
	collectors, _, err := s.DB.Collectors(r.Context(), scopeOf(r), p)
	if err != nil {
		return out, err
	}
	for _, x := range collectors {
		if x.Parent == "" || strings.Contains(" "+vn.Fold(x.Name), " "+vn.Fold(q)) {
			out.Hits = append(out.Hits, searchHit{Text: x.Name, Sub: t(r, "partner.tab.collectors"), End: displayPhone(x.Phone), URL: "/collectors/" + string(x.ID)})
		}
	}
	employers, _, err := s.DB.Employers(r.Context(), scopeOf(r), p)
	for _, x := range employers {
		out.Hits = append(out.Hits, searchHit{Text: x.Name, Sub: t(r, "partner.tab.employers"), End: x.Code, URL: "/employers/" + string(x.ID)})
	}
	return out, err
}

// communeNames is the name of the commune above each village.
func (s *Server) communeNames(r *http.Request) (map[loa.AreaID]string, error) {
	areas, err := s.areas(r)
	if err != nil {
		return nil, err
	}
	names := map[loa.AreaID]string{}
	for _, a := range areas {
		names[a.ID] = s.areaName(r, a)
	}
	out := make(map[loa.AreaID]string, len(areas))
	for id, commune := range communeOf(areas) {
		if id != commune {
			out[id] = names[commune]
		}
	}
	return out, nil
}

// pickOption is one line of a type-ahead list.
type pickOption struct{ ID, Label, Sub, End string }

func (s *Server) pickArea(w http.ResponseWriter, r *http.Request) error {
	list, err := s.DB.SearchAreas(r.Context(), scopeOf(r), r.FormValue("q"), 20)
	if err != nil {
		return err
	}
	above, err := s.communeNames(r)
	if err != nil {
		return err
	}
	var out []pickOption
	for _, a := range list {
		out = append(out, pickOption{ID: string(a.ID), Label: s.areaName(r, a), Sub: above[a.ID]})
	}
	return s.part(w, r, "search", "picks", out)
}

func (s *Server) pickPerson(w http.ResponseWriter, r *http.Request) error {
	lines, err := s.findPeople(r, r.FormValue("q"), 20)
	if err != nil {
		return err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	var out []pickOption
	for _, l := range lines {
		out = append(out, pickOption{ID: string(l.ID), Label: l.Name, Sub: names[l.Area], End: bornYear(l)})
	}
	return s.part(w, r, "search", "picks", out)
}
