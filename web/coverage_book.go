package web

import (
	"context"
	"fmt"
	"net/http"

	"loa"
	"loa/reporting"
)

// book adds a period of the office up within the request's scope; the answer is kept until something changes.
func (s *Server) book(r *http.Request, p loa.Period, unitsOn loa.Day) (*reporting.Book, error) {
	return s.bookIn(r, scopeOf(r), p, unitsOn)
}

func (s *Server) bookIn(r *http.Request, in loa.Scope, p loa.Period, unitsOn loa.Day) (*reporting.Book, error) {
	r = steady(r)
	what := fmt.Sprintf("book %s %s %s %s", p, unitsOn, s.today(), rangesOf(in))
	return keep(s, r, what, func() (*reporting.Book, error) {
		settings, err := s.DB.Settings(r.Context(), in.Office)
		if err != nil {
			return nil, err
		}
		input, err := s.DB.ReportInput(r.Context(), in, p, settings, s.today())
		if err != nil {
			return nil, err
		}
		input.UnitsOn = unitsOn
		return reporting.NewBook(input), nil
	})
}

// keep makes something once for as long as nothing in the office changes.
func keep[T any](s *Server, r *http.Request, what string, build func() (T, error)) (T, error) {
	change, err := s.changeNo(r)
	if err != nil {
		var none T
		return none, err
	}
	return once(s.memo, memoKey{whoOf(r).Office.ID, change, what}, build)
}

// changeNo is the office's change number. A page that only shows takes the one read when its officer was recognised; whoever
// changes something may ask in between, so an act reads it anew.
func (s *Server) changeNo(r *http.Request) (int64, error) {
	if r.Method == http.MethodGet {
		return whoOf(r).Office.ChangeNo, nil
	}
	return s.DB.ChangeNo(r.Context(), whoOf(r).Office.ID)
}

// steady is the request without its end: what is kept for others must not stop because the first who asked has gone.
func steady(r *http.Request) *http.Request {
	return r.WithContext(context.WithoutCancel(r.Context()))
}

// figureMonth is the month a page of figures is about: the one asked for, else the last month that is over by today.
func (s *Server) figureMonth(r *http.Request, name string) (loa.Month, error) {
	if text := r.FormValue(name); text != "" {
		m, err := loa.ParseMonth(text)
		if err != nil || m > s.today().Month().Add(12) || m < "2000-01" {
			return "", loa.Refuse(loa.Invalid, name, "bad_month")
		}
		return m, nil
	}
	settings, err := s.DB.Settings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return "", err
	}
	m := s.today().Month()
	if m.CutOff(settings.CutOffDay) > s.today() {
		m = m.Add(-1)
	}
	return m, nil
}

// yearTo is the year up to a month: what a page of figures shows as "since the beginning of the year".
func yearTo(m loa.Month) loa.Period { return loa.Period{From: loa.MakeMonth(m.Year(), 1), To: m} }

// unitsAsked is the day whose communes a page is told by: empty for the present ones.
func (s *Server) unitsAsked(r *http.Request) (loa.Day, error) {
	text := r.FormValue("by")
	if text == "" || text == "new" {
		return "", nil
	}
	return loa.ParseDay(text)
}

// unitOptions are the choices "by the communes of today" and "as before each re-cut".
func unitOptions(r *http.Request, tree *loa.Tree) []option {
	out := []option{{"", t(r, "coverage.by.new")}}
	for i, d := range tree.Recuts() {
		if i == 5 {
			break
		}
		out = append(out, option{string(d.Add(-1)), t(r, "coverage.by.old", d.Vietnamese())})
	}
	return out
}

// monthOptions are the months a page may be about, newest first: two years back from the newest.
func (s *Server) monthOptions(r *http.Request, chosen loa.Month) []option {
	newest := max(s.today().Month(), chosen)
	var out []option
	for i := range 36 {
		m := newest.Add(-i)
		out = append(out, option{string(m), t(r, "coverage.month", m.Number(), m.Year())})
	}
	return out
}

// unitName is how a line is called.
func unitName(r *http.Request, u reporting.Unit) string {
	if u.NoCommune() {
		return t(r, "area.no_commune")
	}
	return u.Name
}

// totalName is how the sum over the lines is called: the office, or the part of it that is seen.
func totalName(r *http.Request, whole bool) string {
	if whole {
		return t(r, "coverage.total")
	}
	return t(r, "coverage.total_part")
}

// schemeAsked is the scheme a page is about, voluntary SI when none is named.
func schemeAsked(r *http.Request) (loa.Scheme, error) {
	text := loa.Scheme(r.FormValue("scheme"))
	if text == "" {
		return loa.VoluntarySI, nil
	}
	if !text.Valid() {
		return "", loa.ErrNotFound
	}
	return text, nil
}

// officeTree is the office's territory with its past.
func (s *Server) officeTree(r *http.Request) (*loa.Tree, error) {
	r = steady(r)
	return keep(s, r, "tree", func() (*loa.Tree, error) { return s.DB.Tree(r.Context(), whoOf(r).Office.ID) })
}

// reportingUnits are the lines of a breakdown within the request's scope.
func reportingUnits(r *http.Request, tree *loa.Tree, by, today loa.Day) *reporting.Units {
	return reporting.NewUnits(tree, scopeOf(r), whoOf(r).Office.Anchor, by, today)
}
