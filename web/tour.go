package web

import (
	"net/http"
	"strconv"
	"strings"

	"loa"
)

func (s *Server) tourRoutes() []route {
	return []route{{"GET /tour", loa.SignedIn, s.tourGo}}
}

// tourStep is one page of the guided tour: where it is, who may see it, and what the box points at.
type tourStep struct {
	key, path, target string
	may               loa.Act
}

// tourSteps walk once round the loop of the work, about a minute each.
var tourSteps = []tourStep{
	{"today", "/", ".figures", loa.ReadOutreach},
	{"people", "/people", ".filters", loa.ReadPeople},
	{"household", "/households/", ".timeline", loa.ReadPeople},
	{"segments", "/segments", ".list", loa.ReadOutreach},
	{"matrix", "/matrix", ".matrix", loa.ReadOutreach},
	{"sessions", "/sessions", ".list", loa.ReadOutreach},
	{"renewals", "/enrolment/renewals", ".list", loa.ReadEnrolment},
	{"targets", "/targets", ".sheet", loa.ReadFigures},
	{"coverage", "/coverage", ".list", loa.ReadFigures},
	{"report", "/reports", ".list", loa.ReadFigures},
}

// tourView is the box of one step.
type tourView struct {
	P                                      *view
	Step, Of                               int
	Title, Text, Target, Prev, Next, Close string
}

// tourOf are the steps an officer may see.
func (s *Server) tourOf(me *who) []tourStep {
	var out []tourStep
	for _, st := range tourSteps {
		if me.may(st.may) && (st.key == "household" || s.stands(st.path)) {
			out = append(out, st)
		}
	}
	return out
}

// tourGo sends the visitor to the page of a step, the first when none is named.
func (s *Server) tourGo(w http.ResponseWriter, r *http.Request) error {
	steps := s.tourOf(whoOf(r))
	n, err := strconv.Atoi(r.FormValue("step"))
	if len(steps) == 0 {
		return loa.ErrNotFound
	}
	if err != nil || n < 1 || n > len(steps) {
		n = 1
	}
	path := steps[n-1].path
	if steps[n-1].key == "household" {
		if path, err = s.tourHousehold(r); err != nil {
			return err
		}
	}
	http.Redirect(w, r, path+"?tour="+strconv.Itoa(n), http.StatusSeeOther)
	return nil
}

// tourHousehold is the page of the first household in the officer's scope; without one, the list of people again.
func (s *Server) tourHousehold(r *http.Request) (string, error) {
	body := peoplePage{}
	lines, err := s.plainPeople(asFor(r, loa.ReadPeople), &body)
	if err != nil {
		return "", err
	}
	for _, l := range lines {
		if l.Household != "" {
			return "/households/" + string(l.Household), nil
		}
	}
	return "/people", nil
}

// tourBox is the box on a page that was opened as a step of the tour; nil everywhere else.
func (s *Server) tourBox(r *http.Request, v *view) *tourView {
	me := whoOf(r)
	n, err := strconv.Atoi(r.URL.Query().Get("tour"))
	if me == nil || err != nil || r.Method != http.MethodGet || r.Header.Get("HX-Request") != "" {
		return nil
	}
	steps := s.tourOf(me)
	if n < 1 || n > len(steps) {
		return nil
	}
	st := steps[n-1]
	fits := r.URL.Path == st.path || st.key == "household" && (strings.HasPrefix(r.URL.Path, st.path) || r.URL.Path == "/people")
	if !fits {
		return nil
	}
	box := &tourView{P: v, Step: n, Of: len(steps), Title: v.T("tour." + st.key + ".title"), Text: v.T("tour." + st.key + ".text"), Target: st.target, Close: r.URL.Path}
	if n > 1 {
		box.Prev = "/tour?step=" + strconv.Itoa(n-1)
	}
	if n < len(steps) {
		box.Next = "/tour?step=" + strconv.Itoa(n+1)
	}
	return box
}
