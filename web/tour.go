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

// tourSteps walk once round the loop of the work, under a minute each; which of them somebody sees follows from the role.
var tourSteps = []tourStep{
	{"today", "/", ".figures", loa.ReadOutreach},
	{"people", "/people", ".filters", loa.ReadPeople},
	{"household", "/households/", ".timeline", loa.ReadPeople},
	{"imports", "/imports", ".drop", loa.ImportFiles},
	{"areas", "/areas", "main table", loa.ReadFigures},
	{"segments", "/segments", "main table", loa.ReadOutreach},
	{"matrix", "/matrix", ".matrix", loa.ReadOutreach},
	{"targets", "/targets", ".sheet", loa.ReadFigures},
	{"sessions", "/sessions", ".list", loa.ReadOutreach},
	{"questions", "/questions", ".list", loa.ReadOutreach},
	{"enrolment", "/enrolment", ".list", loa.ReadEnrolment},
	{"renewals", "/enrolment/renewals", ".list", loa.ReadEnrolment},
	{"coverage", "/coverage", ".list", loa.ReadFigures},
	{"report", "/reports", ".list", loa.ReadFigures},
	{"officers", "/admin", ".list", loa.Administer},
	{"backups", "/admin/backups", ".actions", loa.Administer},
	{"audit", "/admin/audit", ".list", loa.ReadAudit},
}

// tourView is the box of one step.
type tourView struct {
	P                                      *view
	Step, Of, Done                         int // Done in percent
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

// tourCookie remembers how far this browser's officer has come, so that the tour goes on where it stopped.
const tourCookie = "loa-tour"

// tourGo sends the visitor to the page of a step: the one named, else the one where the tour stopped, else the first.
func (s *Server) tourGo(w http.ResponseWriter, r *http.Request) error {
	steps := s.tourOf(whoOf(r))
	if len(steps) == 0 {
		return loa.ErrNotFound
	}
	n, err := strconv.Atoi(r.FormValue("step"))
	if err != nil {
		n = tourStopped(r, steps)
	}
	if n < 1 || n > len(steps) {
		n = 1
	}
	http.SetCookie(w, &http.Cookie{Name: tourCookie, Value: string(whoOf(r).Officer.ID) + "." + steps[n-1].key, Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode, MaxAge: 90 * 24 * 3600})
	path := steps[n-1].path
	if steps[n-1].key == "household" {
		if path, err = s.tourHousehold(r); err != nil {
			return err
		}
	}
	http.Redirect(w, r, path+"?tour="+strconv.Itoa(n), http.StatusSeeOther)
	return nil
}

// tourStopped is the step at which this officer's tour stopped; 0 when it has not begun, or was walked to its end.
func tourStopped(r *http.Request, steps []tourStep) int {
	c, err := r.Cookie(tourCookie)
	if err != nil {
		return 0
	}
	officer, key, _ := strings.Cut(c.Value, ".")
	for i, st := range steps {
		if officer == string(whoOf(r).Officer.ID) && st.key == key && i+1 < len(steps) {
			return i + 1
		}
	}
	return 0
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
	box := &tourView{P: v, Step: n, Of: len(steps), Done: 100 * n / len(steps), Title: v.T("tour." + st.key + ".title"), Text: v.T("tour." + st.key + ".text"), Target: st.target, Close: r.URL.Path}
	if n > 1 {
		box.Prev = "/tour?step=" + strconv.Itoa(n-1)
	}
	if n < len(steps) {
		box.Next = "/tour?step=" + strconv.Itoa(n+1)
	}
	return box
}
