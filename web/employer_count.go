package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/store"
	"loa/vn"
)

type employerCountsPage struct {
	On         loa.Day
	Rows       []employerCountRow
	Total      int64
	First      string
	Next       string
	Query      string
	Errors     map[string]string
	List       string // the official list as it was pasted: one employer a line
	Unknown    []string
	Employees  int64
	Plan       int64
	HasPlan    bool
	Difference int64
}

type employerCountRow struct {
	loa.Employer
	Place string
	Value string
	Bad   bool
}

// countsShown is how many employers one grid holds.
const countsShown = 100

// employerCounts is the grid the numbers of an official list are typed or pasted into.
func (s *Server) employerCounts(w http.ResponseWriter, r *http.Request) error {
	body, err := s.employerCountsBody(r)
	if err != nil {
		return err
	}
	return s.employerCountsRender(w, r, body, 0)
}

func (s *Server) employerCountsRender(w http.ResponseWriter, r *http.Request, body *employerCountsPage, status int) error {
	return s.render(w, r, "employer_counts", page{Title: t(r, "employer.counts.title"), Context: t(r, "employer.counts.context"), Active: "partners", Body: body, Status: status})
}

func (s *Server) employerCountsBody(r *http.Request) (*employerCountsPage, error) {
	p := listAsked(r)
	p.Take, p.Retired = countsShown, false
	list, sum, err := s.DB.Employers(r.Context(), scopeOf(r), p)
	if err != nil {
		return nil, err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return nil, err
	}
	body := &employerCountsPage{On: s.today().Month().Add(-1).Last(), Total: sum.N, Employees: sum.Employees, Query: r.URL.RawQuery, Errors: map[string]string{}}
	if last := s.today().Month().Last(); last == s.today() {
		body.On = last
	}
	if _, body.Plan, body.HasPlan, err = s.compulsoryPlan(r, s.today().Time().Year()); err != nil {
		return nil, err
	}
	body.Difference = body.Employees - body.Plan
	for _, e := range list {
		body.Rows = append(body.Rows, employerCountRow{Employer: e.Employer, Place: places[e.Area]})
	}
	if n := len(list); n > 0 {
		body.First, body.Next = listLinks(r, list[n-1].Name, string(list[n-1].ID), n == countsShown)
	}
	return body, nil
}

// employerCountsSave keeps what was typed into the grid, and the lines of a pasted list that name an employer by its code.
func (s *Server) employerCountsSave(w http.ResponseWriter, r *http.Request) error {
	body, err := s.employerCountsBody(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	if on := f.day("on"); on != "" {
		body.On = on
	}
	if body.On > s.today() {
		f.bad("on", "error.future_day")
	}
	var counts []store.EmployerCount
	for i := range body.Rows {
		row := &body.Rows[i]
		row.Value = f.text("n." + string(row.ID))
		if row.Value == "" {
			continue
		}
		n, err := vn.ParseNumber(row.Value)
		if err != nil || n < 0 || n > 10000000 {
			row.Bad = true
			f.bad("grid", "employer.counts.bad", row.Name)
			continue
		}
		counts = append(counts, store.EmployerCount{Employer: row.ID, Employees: int(n)})
	}
	pasted, err := s.employersPasted(r, f, body)
	if err != nil {
		return err
	}
	counts = append(counts, pasted...)
	if len(counts) == 0 && f.ok() {
		f.bad("grid", "employer.counts.nothing")
	}
	changed, later := 0, 0
	if f.ok() {
		changed, later, err = s.DB.SaveEmployerCounts(r.Context(), scopeOf(r), s.by(r), body.On, counts)
		if err := f.take(err); err != nil {
			return err
		}
	}
	if !f.ok() {
		body.Errors = f.Errors
		return s.employerCountsRender(w, r, body, http.StatusUnprocessableEntity)
	}
	say := t(r, "employer.counts.saved", changed, len(counts)-changed-later)
	if later > 0 {
		say += " " + t(r, "employer.counts.later", later)
	}
	return s.done(w, r, "/employers", say, "")
}

// pastedLines is how many lines one paste may hold.
const pastedLines = 2000

// employersPasted reads lines of code and number as they come out of a spreadsheet, apart by tabs, semicolons or blanks.
func (s *Server) employersPasted(r *http.Request, f *form, body *employerCountsPage) ([]store.EmployerCount, error) {
	body.List = r.FormValue("list")
	lines := strings.Split(strings.ReplaceAll(body.List, "\r", ""), "\n")
	if strings.TrimSpace(body.List) == "" {
		return nil, nil
	}
	if len(lines) > pastedLines {
		f.bad("list", "employer.counts.too_many", pastedLines)
		return nil, nil
	}
	owners, _, err := s.DB.TargetOwners(r.Context(), scopeOf(r))
	if err != nil {
		return nil, err
	}
	byCode := map[string]loa.EmployerID{}
	for _, e := range owners {
		if e.Code != "" {
			byCode[strings.ToUpper(e.Code)] = e.ID
		}
	}
	var out []store.EmployerCount
	for _, line := range lines {
		parts := strings.FieldsFunc(line, func(c rune) bool { return c == '\t' || c == ';' })
		if len(parts) < 2 {
			parts = strings.Fields(line)
		}
		if len(parts) == 0 {
			continue
		}
		id, known := byCode[strings.ToUpper(strings.TrimSpace(parts[0]))]
		n, err := vn.ParseNumber(strings.TrimSpace(parts[len(parts)-1]))
		if !known || err != nil || len(parts) < 2 || n < 0 || n > 10000000 {
			body.Unknown = append(body.Unknown, strings.TrimSpace(line))
			continue
		}
		out = append(out, store.EmployerCount{Employer: id, Employees: int(n)})
	}
	if len(body.Unknown) > 0 {
		f.bad("list", "employer.counts.unknown", len(body.Unknown))
	}
	return out, nil
}
