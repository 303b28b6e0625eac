package web

import (
	"net/http"
	"net/url"
	"strings"

	"loa"
	"loa/store"
)

func (s *Server) peopleRoutes() []route {
	return append(s.householdActRoutes(), []route{
		{"GET /people", loa.ReadPeople, s.personList},
		{"GET /people/new", loa.EditPeople, s.personNew},
		{"POST /people/new", loa.EditPeople, s.personCreate},
		{"GET /people/{id}", loa.ReadPeople, s.personShow},
		{"GET /people/{id}/edit", loa.EditPeople, s.personEdit},
		{"POST /people/{id}/edit", loa.EditPeople, s.personUpdate},
		{"POST /people/{id}/reveal", loa.RevealID, s.personReveal},
		{"POST /people/{id}/consent", loa.EditPeople, s.consentCreate},
		{"POST /people/{id}/visit", loa.EditOutreach, s.personVisit},
		{"POST /people/{id}/lead", loa.EditEnrolment, s.personLead},
		{"POST /people/{id}/pay", loa.EditEnrolment, s.personPay},
		{"POST /people/{id}/leave", loa.EditEnrolment, s.personLeave},
		{"GET /households/{id}", loa.ReadPeople, s.householdShow},
	}...)
}

type peoplePage struct {
	Lines                                                     []personLine
	Query                                                     string
	Area                                                      string
	AreaText                                                  string
	Filters                                                   map[string]string
	Sexes, Ethnics, Poverties, Occupations, Schemes, Statuses []option
	Filtered                                                  bool
	Total                                                     int
	Known                                                     bool // whether Total was counted
	From                                                      int
	Prev                                                      string
	Next                                                      string
	New                                                       string
}

type personLine struct {
	store.PersonLine
	Village string
	URL     string
}

// personFilters are the chips of the list; each is one condition of a rule, so that the list and the segments agree.
var personFilters = []string{"sex", "ethnic", "poverty", "occupation", "scheme", "status", "age", "phone"}

func (s *Server) personList(w http.ResponseWriter, r *http.Request) error {
	body := peoplePage{Query: strings.TrimSpace(r.FormValue("q")), Area: r.FormValue("area"), Filters: map[string]string{}}
	for _, name := range personFilters {
		if v := r.FormValue(name); v != "" {
			body.Filters[name] = v
			body.Filtered = true
		}
	}
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	body.AreaText = names[loa.AreaID(body.Area)]
	var lines []store.PersonLine
	switch {
	case body.Query != "":
		lines, err = s.findPeople(r, body.Query, 50)
		body.Total, body.Known = len(lines), true
	case body.Filtered:
		lines, err = s.filteredPeople(r, &body)
	default:
		lines, err = s.plainPeople(r, &body)
	}
	if err != nil {
		return err
	}
	for _, l := range lines {
		body.Lines = append(body.Lines, personLine{l, names[l.Area], personURL(l)})
	}
	body.Sexes, body.Ethnics, body.Poverties = options(r, "sex.", []string{"male", "female"}), options(r, "ethnic.", loa.EthnicGroups), options(r, "poverty.", loa.PovertyStates)
	body.Occupations, body.Schemes, body.Statuses = options(r, "occupation.", loa.Occupations), optionsOf(r, "scheme.", loa.Schemes), optionsOf(r, "status.", loa.Statuses)
	body.New = "/people/new?area=" + url.QueryEscape(body.Area)
	return s.render(w, r, "person_list", page{Title: t(r, "people.title"), Context: t(r, "people.context"), Active: "people", Body: body})
}

func personURL(l store.PersonLine) string {
	if l.Household != "" {
		return "/households/" + string(l.Household) + "?person=" + string(l.ID)
	}
	return "/people/" + string(l.ID)
}

// findPeople understands names, telephone numbers and whole ID numbers.
func (s *Server) findPeople(r *http.Request, q string, take int) ([]store.PersonLine, error) {
	digits := strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, q)
	if len(digits) >= 9 {
		phone, _ := phoneOf(q)
		national, si := "", ""
		if s.Sealer != nil && len(digits) == 12 {
			national = s.Sealer.Index("person.national_id", digits)
		}
		if s.Sealer != nil && len(digits) == 10 {
			si = s.Sealer.Index("person.si_number", digits)
		}
		return s.DB.PeopleByNumber(r.Context(), scopeOf(r), phone, national, si)
	}
	return s.DB.SearchPeople(r.Context(), scopeOf(r), q, take)
}

// filteredPeople asks the segment index, which knows every attribute, and reads only the page's rows.
func (s *Server) filteredPeople(r *http.Request, body *peoplePage) ([]store.PersonLine, error) {
	rule, err := filterRule(body)
	if err != nil {
		return nil, err
	}
	q, x, err := s.query(r, rule)
	if err != nil {
		return nil, err
	}
	n := pageNumber(r)
	ids, total := x.Members(q, (n-1)*listPage, listPage)
	body.Total, body.Known, body.From = total, true, (n-1)*listPage+1
	body.Prev, body.Next = pageLinks(r, n, n*listPage < total)
	return s.DB.PeopleLines(r.Context(), scopeOf(r), ids)
}

func filterRule(body *peoplePage) (loa.Rule, error) {
	rule := loa.Rule{All: []loa.Rule{}}
	add := func(c loa.Rule) { rule.All = append(rule.All, c) }
	if body.Area != "" {
		add(loa.Rule{Field: "area", Values: []string{body.Area}})
	}
	for _, f := range []string{"sex", "ethnic", "poverty", "occupation"} {
		if v := body.Filters[f]; v != "" {
			add(loa.Rule{Field: f, Values: []string{v}})
		}
	}
	if v := body.Filters["status"]; v != "" {
		scheme := loa.Scheme(body.Filters["scheme"])
		if !scheme.Valid() {
			scheme = loa.VoluntarySI
			body.Filters["scheme"] = string(scheme)
		}
		add(loa.Rule{Field: "status", Scheme: scheme, Values: []string{v}})
	} else if v := loa.Scheme(body.Filters["scheme"]); v.Valid() {
		add(loa.Rule{Field: "status", Scheme: v, Values: []string{string(loa.Participates), string(loa.DueStatus)}})
	}
	if lo, hi, ok := strings.Cut(body.Filters["age"], "-"); ok {
		add(loa.Rule{Field: "age", Min: bound(lo), Max: bound(hi)})
	}
	if body.Filters["phone"] != "" {
		add(loa.Rule{Field: "phone"})
	}
	return rule, rule.Check()
}

// plainPeople walks the office's or a place's people by given name, one page behind the other.
func (s *Server) plainPeople(r *http.Request, body *peoplePage) ([]store.PersonLine, error) {
	var villages []loa.AreaID
	if body.Area != "" || whoOf(r).Place != "" || len(whoOf(r).Areas) == 1 {
		areas, err := s.areas(r)
		if err != nil {
			return nil, err
		}
		path := ""
		for _, a := range areas {
			if string(a.ID) == body.Area {
				path = a.Path
			}
		}
		villages = []loa.AreaID{}
		for _, a := range areas {
			if strings.HasPrefix(a.Path, path) && (body.Area == "" || path != "") {
				villages = append(villages, a.ID)
			}
		}
	}
	key := store.PersonKey{SortKey: r.FormValue("after"), ID: loa.PersonID(r.FormValue("after_id"))}
	lines, err := s.DB.People(r.Context(), scopeOf(r), villages, key, listPage+1)
	if err != nil {
		return nil, err
	}
	if len(lines) > listPage {
		lines = lines[:listPage]
		last := lines[listPage-1]
		body.Next = "/people?area=" + url.QueryEscape(body.Area) + "&after=" + url.QueryEscape(last.SortKey) + "&after_id=" + url.QueryEscape(string(last.ID))
	}
	if key.ID != "" {
		body.Prev = "/people?area=" + url.QueryEscape(body.Area)
	}
	return lines, nil
}
