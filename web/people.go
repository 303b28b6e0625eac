package web

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"loa"
	"loa/store"
)

func (s *Server) peopleRoutes() []route {
	return append(append(s.householdActRoutes(), s.householdRoutes()...), []route{
		{"GET /people", loa.ReadPeople, s.personList},
		{"POST /people/export", loa.ExportPeople, s.peopleExport},
		{"POST /people/views", loa.ReadPeople, s.viewCreate},
		{"POST /people/views/drop", loa.ReadPeople, s.viewDrop},
		{"POST /people/views/restore", loa.ReadPeople, s.viewRestore},
		{"GET /people/new", loa.EditPeople, s.personNew},
		{"POST /people/new", loa.EditPeople, s.personCreate},
		{"GET /people/{id}", loa.ReadPeople, s.personShow},
		{"GET /people/{id}/edit", loa.EditPeople, s.personEdit},
		{"POST /people/{id}/edit", loa.EditPeople, s.personUpdate},
		{"POST /people/{id}/reveal", loa.RevealID, s.personReveal},
		{"POST /people/{id}/consent", loa.EditPeople, s.consentCreate},
		{"GET /people/{id}/proof", loa.ReadPeople, s.consentProof},
		{"POST /people/{id}/visit", loa.EditOutreach, s.personVisit},
		{"POST /people/{id}/unsay", loa.EditPeople, s.factUndo},
		{"POST /people/{id}/lead", loa.EditEnrolment, s.personLead},
		{"POST /people/{id}/pay", loa.EditEnrolment, s.personPay},
		{"POST /people/{id}/leave", loa.EditEnrolment, s.personLeave},
	}...)
}

type peoplePage struct {
	Lines       []personLine
	Query       string
	Area        string
	AreaText    string
	AreaClear   string
	Chips       template.HTML
	Views       []viewChip
	Hidden      []option // the filters, for the forms of the page
	Filtered    bool
	Total       int
	Known       bool // whether Total was counted
	More        bool // a search found more than is shown, nobody counted how many
	From        int
	Prev        string
	Next        string
	New         string
	Save        bool // whether these filters can be kept
	SaveName    string
	MayExport   bool
	MayReveal   bool
	Key         bool
	PrintURL    string
	Printed     bool
	Cut         bool // more than a printed list holds
	ExportError string
}

type personLine struct {
	store.PersonLine
	Village string
	URL     string
	Tel     string
	NoCall  bool // refused to be called
	Refused bool // refused every channel
	SI, HI  statusCell
}

// statusCell is a standing as a list shows it, in a word and a day.
type statusCell struct{ Kind, Tag, Text string }

// peoplePrinted is how many people one printed list holds.
const peoplePrinted = 1000

func (s *Server) personList(w http.ResponseWriter, r *http.Request) error {
	return s.personListWith(w, r, readPeopleFilter(r.URL.Query()), "", 0)
}

func (s *Server) personListWith(w http.ResponseWriter, r *http.Request, f peopleFilter, wrong string, status int) error {
	me := whoOf(r)
	body := &peoplePage{Query: f.Query, Area: f.Area, Filtered: f.narrowed(), MayExport: me.may(loa.ExportPeople), MayReveal: me.may(loa.RevealID), Key: s.Sealer != nil,
		Printed: r.FormValue("print") != "", ExportError: wrong}
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	body.AreaText = names[loa.AreaID(body.Area)]
	fill := func() error { return s.fillPeople(steady(r), f, body, names) }
	if body.Printed {
		if err := fill(); err != nil {
			return err
		}
		if err := s.DB.Audit(r.Context(), me.Office.ID, s.by(r), "printed", "people", "", f.summary("vi", body.AreaText)+" n="+strconv.Itoa(len(body.Lines))); err != nil {
			return err
		}
	}
	values := f.values()
	for _, key := range sortedKeys(values) {
		for _, v := range values[key] {
			body.Hidden = append(body.Hidden, option{Value: key, Label: v})
		}
	}
	key := memoKey{what: "chips " + langOf(r) + " " + f.values().Encode()}
	list, err := s.template(r, "person_list")
	if err != nil {
		return err
	}
	if body.Chips, err = s.drawn(list, key, "filter_chips", func() (any, error) { return f.chips(r), nil }); err != nil {
		return err
	}
	if body.Views, body.Save, err = s.viewChips(r, f); err != nil {
		return err
	}
	body.SaveName = f.summary(langOf(r), body.AreaText)
	if runes := []rune(body.SaveName); len(runes) > 40 {
		body.SaveName = string(runes[:40])
	}
	noPlace := f.values()
	noPlace.Del("area")
	body.AreaClear = "/people?" + noPlace.Encode()
	values.Set("print", "1")
	body.PrintURL = "/people?" + values.Encode()
	body.New = "/people/new?area=" + url.QueryEscape(body.Area)
	p := page{Title: t(r, "people.title"), Context: t(r, "people.context"), Active: "people", Body: body, Status: status}
	if f.Query == "" && !body.Printed && wrong == "" { // what everybody opens; a search is seldom asked twice
		p.Look, p.Fill = fmt.Sprintln(r.URL.RawQuery, body.Views, body.SaveName), fill
	} else if !body.Printed {
		if err := fill(); err != nil {
			return err
		}
	}
	return s.render(w, r, "person_list", p)
}

// fillPeople reads the people the filter asks for into the page.
func (s *Server) fillPeople(r *http.Request, f peopleFilter, body *peoplePage, names map[loa.AreaID]string) error {
	lines, err := s.peopleLines(r, f, body)
	if err != nil {
		return err
	}
	body.Lines, err = s.personLines(r, lines, names)
	return err
}

// peopleLines are the people the filter asks for: one page of them, or as many as one printed list holds.
func (s *Server) peopleLines(r *http.Request, f peopleFilter, body *peoplePage) ([]store.PersonLine, error) {
	switch {
	case f.Query != "":
		return s.searchPage(r, f, body)
	case f.narrowed() || body.Printed:
		return s.filteredPeople(r, f, body)
	}
	return s.plainPeople(r, body)
}

// personLines adds to lines what a list says beside the record: where each stands, and who refused to be called.
func (s *Server) personLines(r *http.Request, lines []store.PersonLine, names map[loa.AreaID]string) ([]personLine, error) {
	ids := make([]loa.PersonID, len(lines))
	for i, l := range lines {
		ids[i] = l.ID
	}
	spells, err := s.DB.SpellsOf(r.Context(), scopeOf(r), ids)
	if err != nil {
		return nil, err
	}
	refused, err := s.DB.Refusals(r.Context(), scopeOf(r), "care", ids)
	if err != nil {
		return nil, err
	}
	settings, err := s.DB.Settings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return nil, err
	}
	out := make([]personLine, len(lines))
	for i, l := range lines {
		no := refused[l.ID]
		out[i] = personLine{PersonLine: l, Village: names[l.Area], URL: personURL(l), Tel: displayPhone(l.Phone), NoCall: no["call"], Refused: no["all"],
			SI: s.siCell(r, spells[l.ID], settings.DueDays), HI: shortStanding(r, loa.StandingOn(spells[l.ID], loa.HI, s.today(), settings.DueDays))}
	}
	return out, nil
}

// siCell is where somebody stands in social insurance: a worker's compulsory one, otherwise the voluntary one.
func (s *Server) siCell(r *http.Request, spells []loa.Spell, dueDays int) statusCell {
	if st := loa.StandingOn(spells, loa.CompulsorySI, s.today(), dueDays); st.Status == loa.Participates || st.Status == loa.DueStatus {
		return statusCell{Kind: "in", Tag: t(r, "people.compulsory")}
	}
	return shortStanding(r, loa.StandingOn(spells, loa.VoluntarySI, s.today(), dueDays))
}

func shortStanding(r *http.Request, st loa.Standing) statusCell {
	c := statusCell{Tag: t(r, "status."+string(st.Status))}
	switch st.Status {
	case loa.Never:
		c.Kind = "none"
	case loa.Participates:
		c.Kind = "in"
	case loa.DueStatus:
		c.Kind = "late"
	default:
		c.Kind, c.Text = "lost", st.Since.Vietnamese()
	}
	if (st.Status == loa.Participates || st.Status == loa.DueStatus) && st.CoveredUntil != loa.OpenEnd {
		c.Text = t(r, "standing.until", st.CoveredUntil.Vietnamese())
	}
	return c
}

func personURL(l store.PersonLine) string { return "/people/" + string(l.ID) }

// filteredPeople asks the segment index, which knows every attribute, and reads only the page's rows.
func (s *Server) filteredPeople(r *http.Request, f peopleFilter, body *peoplePage) ([]store.PersonLine, error) {
	rule, err := f.rule()
	if err != nil {
		return nil, err
	}
	q, x, err := s.query(r, rule)
	if err != nil {
		return nil, err
	}
	n, take := pageNumber(r), listPage
	if body.Printed {
		n, take = 1, peoplePrinted
	}
	ids, total := x.Members(q, (n-1)*take, take)
	body.Total, body.Known, body.From, body.Cut = total, true, (n-1)*take+1, body.Printed && total > take
	if !body.Printed {
		body.Prev, body.Next = pageLinks(r, n, n*take < total)
	}
	return s.DB.PeopleLines(r.Context(), scopeOf(r), ids)
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
