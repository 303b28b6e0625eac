package web

import (
	"context"
	"net/http"

	"loa"
	"loa/reporting"
	"loa/store"
	"loa/vn"
)

func (s *Server) employerRoutes() []route {
	return []route{
		{"GET /employers", loa.ReadOutreach, s.employerList},
		{"GET /employers/new", loa.EditPartners, s.employerNew},
		{"POST /employers/new", loa.EditPartners, s.employerCreate},
		{"GET /employers/counts", loa.EditPartners, s.employerCounts},
		{"POST /employers/counts", loa.EditPartners, s.employerCountsSave},
		{"POST /employers/counts/file", loa.EditPartners, s.employerFile},
		{"POST /employers/counts/file/save", loa.EditPartners, s.employerFileSave},
		{"GET /employers/{id}", loa.ReadOutreach, s.employerShow},
		{"GET /employers/{id}/people", loa.ReadPeople, s.employerPeople},
		{"GET /employers/{id}/edit", loa.EditPartners, s.employerEdit},
		{"POST /employers/{id}/edit", loa.EditPartners, s.employerUpdate},
		{"POST /employers/{id}/retire", loa.EditPartners, s.employerRetire},
		{"POST /employers/{id}/restore", loa.EditPartners, s.employerRestore},
	}
}

type employerListPage struct {
	Tab      string
	Year     int
	Rows     []employerRow
	Sum      store.EmployerTotals
	PlanSum  int64 // of the employers' own lines
	Plan     int64 // what is assigned to the place
	HasPlan  bool
	Percent  int64 // tenths, of the employees against what is assigned
	Gap      int64 // the employers' lines less what is assigned
	Query    string
	Retired  bool
	Filtered bool
	MayEdit  bool
	First    string
	Next     string
}

type employerRow struct {
	store.EmployerLine
	Place   string
	Phone   string
	URL     string
	Plan    int64
	HasPlan bool
	Percent int64 // tenths
	Stale   bool  // the number is older than a year
}

// compulsoryPlan is the plan of compulsory SI of a year in force today: the employers' lines, and what is assigned to the place
// the officer sees as far as it is a whole office or whole communes.
func (s *Server) compulsoryPlan(r *http.Request, year int) (lines map[loa.EmployerID]int64, assigned int64, known bool, err error) {
	all, err := s.DB.Targets(r.Context(), scopeOf(r), year, year)
	if err != nil {
		return nil, 0, false, err
	}
	lines = map[loa.EmployerID]int64{}
	anchor := whoOf(r).Office.Anchor
	var whole *int64
	for line, x := range loa.TargetsOn(all, s.today()) {
		if line.Scheme != loa.CompulsorySI || line.Measure != "participation" || line.Month != 0 || line.Officer != "" {
			continue
		}
		switch {
		case line.Employer != "":
			lines[line.Employer] = x.Value
		case line.Area == anchor:
			whole = &x.Value
		default:
			assigned, known = assigned+x.Value, true
		}
	}
	if whole != nil {
		return lines, *whole, true, nil
	}
	return lines, assigned, known, nil
}

// tenthsOf is n of a plan in tenths of a percent.
func tenthsOf(n, plan int64) (int64, bool) {
	p := reporting.PercentOf(n, plan)
	if p == nil {
		return 0, false
	}
	return int64(*p), true
}

func (s *Server) employerList(w http.ResponseWriter, r *http.Request) error {
	p, today := listAsked(r), s.today()
	list, sum, err := s.DB.Employers(r.Context(), scopeOf(r), p)
	if err != nil {
		return err
	}
	body := employerListPage{Tab: "employers", Year: today.Time().Year(), Sum: sum, Query: p.Words, Retired: p.Retired, Filtered: p.Words != "" || p.Retired, MayEdit: whoOf(r).may(loa.EditPartners)}
	lines, assigned, known, err := s.compulsoryPlan(r, body.Year)
	if err != nil {
		return err
	}
	body.Plan, body.HasPlan = assigned, known
	for _, n := range lines {
		body.PlanSum += n
	}
	body.Gap = body.PlanSum - body.Plan
	body.Percent, _ = tenthsOf(sum.Employees, assigned)
	places, err := s.placeNames(r)
	if err != nil {
		return err
	}
	for _, e := range list {
		row := employerRow{EmployerLine: e, Place: places[e.Area], Phone: displayPhone(e.Phone), URL: "/employers/" + string(e.ID), Stale: e.EmployeesOn != "" && e.EmployeesOn < today.AddMonths(-12)}
		if row.Plan, row.HasPlan = lines[e.ID]; row.HasPlan {
			row.Percent, row.HasPlan = tenthsOf(int64(e.Employees), row.Plan)
		}
		body.Rows = append(body.Rows, row)
	}
	if n := len(list); n > 0 {
		body.First, body.Next = listLinks(r, list[n-1].Name, string(list[n-1].ID), n == listPage)
	}
	return s.render(w, r, "employer_list", page{Title: t(r, "employer.title"), Context: t(r, "employer.context", vn.NumberIn(langOf(r), sum.N), vn.NumberIn(langOf(r), sum.Employees)), Active: "partners", Body: body})
}

type employerShowPage struct {
	Employer  loa.Employer
	Place     string
	Phone     string
	Plan      []employerPlanLine
	Now       employerRow
	Year      int
	Work      store.Workforce
	Since     loa.Day
	Sessions  []employerSession
	History   []historyLine
	MayEdit   bool
	MayPlan   bool
	MayPeople bool
}

type employerPlanLine struct {
	loa.Target
	Old bool // a later revision holds
}

type employerSession struct {
	store.EmployerSession
	URL string
}

func (s *Server) employerShow(w http.ResponseWriter, r *http.Request) error {
	ctx, in, today := r.Context(), scopeOf(r), s.today()
	e, err := s.DB.Employer(ctx, in, loa.EmployerID(r.PathValue("id")))
	if err != nil {
		return err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return err
	}
	body := employerShowPage{Employer: e, Place: places[e.Area], Phone: displayPhone(e.Phone), Year: today.Time().Year(), Since: today.AddMonths(-12), MayEdit: whoOf(r).may(loa.EditPartners),
		MayPlan: whoOf(r).may(loa.EditOutreach), MayPeople: whoOf(r).may(loa.ReadPeople)}
	lines, _, _, err := s.compulsoryPlan(r, body.Year)
	if err != nil {
		return err
	}
	if body.Now.Plan, body.Now.HasPlan = lines[e.ID]; body.Now.HasPlan {
		body.Now.Percent, body.Now.HasPlan = tenthsOf(int64(e.Employees), body.Now.Plan)
	}
	plan, err := s.DB.EmployerPlan(ctx, in, e.ID)
	if err != nil {
		return err
	}
	type key struct {
		year, month int
		measure     string
	}
	seen := map[key]bool{}
	for _, x := range plan { // the newest revision comes first
		k := key{x.Year, x.Month, x.Measure}
		body.Plan = append(body.Plan, employerPlanLine{x, seen[k]})
		seen[k] = seen[k] || x.InForce <= today
	}
	if body.Work, err = s.DB.Workforce(ctx, in, e.ID, today, body.Since); err != nil {
		return err
	}
	sessions, err := s.DB.EmployerSessions(ctx, in, e.ID, 30)
	if err != nil {
		return err
	}
	for _, x := range sessions {
		body.Sessions = append(body.Sessions, employerSession{x, "/sessions/" + string(x.Session)})
	}
	if body.History, err = s.recordHistory(r, string(e.ID), "employer"); err != nil {
		return err
	}
	return s.render(w, r, "employer_show", page{Title: t(r, "employer.show.title", e.Name), Context: body.Place, Active: "partners", Body: body})
}

type employerPeoplePage struct {
	Employer   loa.Employer
	Rows       []employerPersonRow
	Total      int64
	From, To   int
	Prev, Next string
	Printed    bool
	PrintURL   string
}

type employerPersonRow struct {
	store.EmployerPerson
	Place string
}

// employerPeople are the people of the register whom an employer pays for: an audience of its own.
func (s *Server) employerPeople(w http.ResponseWriter, r *http.Request) error {
	ctx, in, today, n := r.Context(), scopeOf(r), s.today(), pageNumber(r)
	e, err := s.DB.Employer(ctx, in, loa.EmployerID(r.PathValue("id")))
	if err != nil {
		return err
	}
	work, err := s.DB.Workforce(ctx, in, e.ID, today, today)
	if err != nil {
		return err
	}
	body := employerPeoplePage{Employer: e, Total: work.Known, Printed: r.FormValue("print") != "", PrintURL: "/employers/" + string(e.ID) + "/people?print=1"}
	take := listPage
	if body.Printed {
		n, take = 1, 1000
	}
	list, err := s.DB.EmployerPeople(ctx, in, e.ID, today, (n-1)*take, take)
	if err != nil {
		return err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return err
	}
	for _, p := range list {
		body.Rows = append(body.Rows, employerPersonRow{p, places[p.Area]})
	}
	body.From, body.To = (n-1)*take+1, (n-1)*take+len(list)
	if body.Printed {
		if err := s.DB.Audit(ctx, whoOf(r).Office.ID, s.by(r), "printed", "people", string(e.ID), "employer"); err != nil {
			return err
		}
	} else {
		body.Prev, body.Next = pageLinks(r, n, int64(body.To) < body.Total)
	}
	return s.render(w, r, "employer_people", page{Title: t(r, "employer.people.title", e.Name), Context: t(r, "employer.people.context", body.Total, today.Vietnamese()), Active: "partners", Body: body})
}

func (s *Server) employerRetire(w http.ResponseWriter, r *http.Request) error {
	return s.employerSetRetired(w, r, true)
}

func (s *Server) employerRestore(w http.ResponseWriter, r *http.Request) error {
	return s.employerSetRetired(w, r, false)
}

func (s *Server) employerSetRetired(w http.ResponseWriter, r *http.Request, retire bool) error {
	e, err := s.DB.Employer(r.Context(), scopeOf(r), loa.EmployerID(r.PathValue("id")))
	if err != nil {
		return err
	}
	err = s.DB.RetireEmployer(context.WithoutCancel(r.Context()), scopeOf(r), s.by(r), e.ID, retire)
	return s.retired(w, r, "employers", e.Name, string(e.ID), retire, err)
}
