package web

import (
	"net/http"
	"net/url"
	"strconv"

	"loa"
	"loa/store"
)

func (s *Server) registerRoutes() []route {
	return []route{
		{"GET /register", loa.ReadPeople, s.registerShow},
		{"GET /register/{kind}", loa.ReadPeople, s.registerList},
		{"POST /register/{kind}/export", loa.ExportPeople, s.registerExport},
		{"GET /register/duplicates", loa.ReadPeople, s.duplicateList},
		{"POST /register/duplicates/merge", loa.EditPeople, s.duplicateMerge},
		{"POST /register/duplicates/apart", loa.EditPeople, s.duplicateApart},
		{"POST /register/duplicates/again", loa.EditPeople, s.duplicateAgain},
	}
}

type registerPage struct {
	Lines      []registerLine
	Duplicates int
	More       bool // at least so many
	MayImport  bool
}

type registerLine struct {
	Kind, Label, Why, URL string
	N                     int
}

// registerShow is the quality of the register: what is missing or doubtful, each a list to work off.
func (s *Server) registerShow(w http.ResponseWriter, r *http.Request) error {
	counts, err := s.qualityCounts(r)
	if err != nil {
		return err
	}
	pairs, err := s.duplicates(r)
	if err != nil {
		return err
	}
	body := registerPage{MayImport: whoOf(r).may(loa.ImportFiles)}
	for _, p := range pairs {
		if p.Likely {
			body.Duplicates++
		}
	}
	body.More = len(pairs) >= store.DuplicateBound
	for _, kind := range store.QualityKinds {
		body.Lines = append(body.Lines, registerLine{Kind: kind, Label: t(r, "register.kind."+kind), Why: t(r, "register.why."+kind), URL: "/register/" + kind, N: counts[kind]})
	}
	return s.render(w, r, "register_show", page{Title: t(r, "register.title"), Context: t(r, "register.context"), Active: "register", Body: body})
}

func (s *Server) qualityCounts(r *http.Request) (map[string]int, error) {
	change, err := s.changeNo(r)
	if err != nil {
		return nil, err
	}
	key := memoKey{whoOf(r).Office.ID, change, "register quality " + string(s.today()) + " " + rangesOf(scopeOf(r))}
	return once(s.memo, key, func() (map[string]int, error) { return s.DB.QualityCounts(r.Context(), scopeOf(r), s.today()) })
}

type registerListPage struct {
	Kind, Why  string
	Lines      []registerPerson
	From, N    int
	Prev, Next string
	Printed    bool
	PrintURL   string
	MayExport  bool
}

type registerPerson struct {
	personLine
	NewVillage bool // the first of its village on the page
}

// registerList is the people of one list in walking order.
func (s *Server) registerList(w http.ResponseWriter, r *http.Request) error {
	kind := r.PathValue("kind")
	if !loa.OneOf(kind, store.QualityKinds) {
		http.Redirect(w, r, "/register", http.StatusSeeOther)
		return nil
	}
	counts, err := s.qualityCounts(r)
	if err != nil {
		return err
	}
	n, take := pageNumber(r), listPage
	printed := r.FormValue("print") != ""
	if printed {
		n, take = 1, peoplePrinted
	}
	list, err := s.DB.QualityList(r.Context(), scopeOf(r), kind, s.today(), (n-1)*take, take)
	if err != nil {
		return err
	}
	names, err := s.placeNames(r)
	if err != nil {
		return err
	}
	body := registerListPage{Kind: kind, Why: t(r, "register.why."+kind), From: (n-1)*take + 1, N: counts[kind], Printed: printed, PrintURL: samePage(r, "print", "1"), MayExport: whoOf(r).may(loa.ExportPeople)}
	body.Prev, body.Next = pageLinks(r, n, n*take < counts[kind])
	if printed {
		if err := s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "printed", "people", kind, "n="+strconv.Itoa(len(list))); err != nil {
			return err
		}
	}
	ids := make([]loa.PersonID, len(list))
	for i, l := range list {
		ids[i] = l.ID
	}
	refused, err := s.DB.Refusals(r.Context(), scopeOf(r), "care", ids)
	if err != nil {
		return err
	}
	last := loa.AreaID("")
	for _, l := range list {
		l.Phone = displayPhone(l.Phone)
		line := personLine{PersonLine: l, Village: names[l.Area], NoCall: refused[l.ID]["call"], Refused: refused[l.ID]["all"], URL: personURL(l) + "?from=" + url.QueryEscape(r.URL.RequestURI())}
		body.Lines = append(body.Lines, registerPerson{line, l.Area != last})
		last = l.Area
	}
	return s.render(w, r, "register_list", page{Title: t(r, "register.kind."+kind), Context: body.Why, Active: "register", Body: body})
}
