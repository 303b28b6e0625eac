package web

import (
	"net/http"
	"net/url"
	"strconv"

	"loa"
	"loa/store"
)

func (s *Server) enrolmentRoutes() []route {
	return []route{
		{"GET /enrolment", loa.ReadEnrolment, s.enrolmentList},
		{"GET /enrolment/board", loa.ReadEnrolment, s.enrolmentBoard},
		{"GET /enrolment/renewals", loa.ReadEnrolment, s.renewalList},
		{"POST /enrolment/renewals/export", loa.ExportPeople, s.renewalExport},
		{"GET /enrolment/reasons", loa.ReadEnrolment, s.reasonList},
		{"GET /enrolment/{id}", loa.ReadEnrolment, s.enrolmentShow},
		{"POST /enrolment/hand", loa.EditEnrolment, s.handMany},
		{"POST /enrolment/hand/undo", loa.EditEnrolment, s.handUndo},
		{"POST /enrolment/{id}/step", loa.EditEnrolment, s.stepCreate},
		{"POST /enrolment/{id}/pay", loa.EditEnrolment, s.leadPay},
		{"POST /enrolment/{id}/undo", loa.EditEnrolment, s.stepUndo},
	}
}

// openAfter is how long a lead may stand at a step before the page marks it: the follow-up list goes cold.
const openAfter = 14

type enrolmentPage struct {
	Funnel     []funnelBox
	Rows       []enrolmentLine
	Step       string
	Scheme     string
	Officer    string
	Collector  string
	Form       string
	Schemes    []option
	Officers   []option
	Collectors []option
	Forms      []option
	From, To   int
	Total      int
	Prev, Next string
	Tab        string
	Handed     string // the address of the list to walk, of a collector
	Printed    bool
	PrintURL   string
	MayHand    bool // several at once; an agent hands on one by one
}

type funnelBox struct {
	Step  string
	Label string
	N     int
	Old   int
	URL   string
	On    bool
}

type enrolmentLine struct {
	store.EnrolmentRow
	Village   string
	Officer   officerView
	Collector string
	Age       int
	Old       bool
	Open      bool
	URL       string
}

func (s *Server) enrolmentList(w http.ResponseWriter, r *http.Request) error {
	today := s.today()
	f := store.EnrolmentFilter{Step: loa.Step(r.FormValue("step")), Scheme: loa.Scheme(r.FormValue("scheme")), Officer: loa.OfficerID(r.FormValue("officer")),
		Collector: s.ownCollector(r, loa.CollectorID(r.FormValue("collector"))), Form: loa.Form(r.FormValue("form")), Since: today.AddMonths(-12)}
	n, take := pageNumber(r), listPage
	printed := r.FormValue("print") != ""
	if printed {
		n, take = 1, peoplePrinted
	}
	rows, total, err := s.DB.Enrolments(r.Context(), scopeOf(r), f, (n-1)*take, take)
	if err != nil {
		return err
	}
	body := enrolmentPage{Step: string(f.Step), Scheme: string(f.Scheme), Officer: string(f.Officer), Collector: string(f.Collector), Form: string(f.Form), Tab: "leads",
		Schemes: optionsOf(r, "scheme.", loa.Schemes), Forms: optionsOf(r, "form.", loa.AllForms()), Total: total, From: (n-1)*take + 1, To: (n-1)*take + len(rows), Printed: printed,
		PrintURL: samePage(r, "print", "1")}
	if printed {
		if err := s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "printed", "people", body.Scheme, "enrolment "+body.Step+" n="+strconv.Itoa(len(rows))); err != nil {
			return err
		}
	}
	body.Prev, body.Next = pageLinks(r, n, body.To < total)
	if f.Collector != "" && f.Collector != noCollector {
		body.Handed = "/collectors/" + string(f.Collector) + "/handed"
	}
	if body.Rows, err = s.enrolmentLines(r, rows, today); err != nil {
		return err
	}
	if body.Funnel, err = s.funnel(r, f, today); err != nil {
		return err
	}
	if body.Officers, body.Collectors, err = s.owners(r); err != nil {
		return err
	}
	body.MayHand = !printed && len(body.Collectors) > 0 && whoOf(r).may(loa.EditEnrolment) && s.ownCollector(r, "") == ""
	return s.render(w, r, "enrolment_list", page{Title: t(r, "enrolment.title"), Context: t(r, "enrolment.context", f.Since.Vietnamese()), Active: "enrolment", Body: body})
}

// noCollector is the ID of nobody: what a sign-in of the collector's role sees that belongs to no organisation.
const noCollector loa.CollectorID = "-"

// ownCollector keeps an agent of a collection organisation to what was handed to that organisation.
func (s *Server) ownCollector(r *http.Request, asked loa.CollectorID) loa.CollectorID {
	me := whoOf(r)
	if me.Officer.Collector != "" {
		return me.Officer.Collector
	}
	if me.Role == loa.CollectorRole {
		return noCollector
	}
	return asked
}

// ownCollectors are the organisation and agents somebody who collects is kept to; nil for everybody else.
func (s *Server) ownCollectors(r *http.Request) (map[loa.CollectorID]bool, error) {
	own := s.ownCollector(r, "")
	if own == "" {
		return nil, nil
	}
	list, err := s.DB.CollectorNames(r.Context(), whoOf(r).Whole)
	if err != nil {
		return nil, err
	}
	out := map[loa.CollectorID]bool{}
	for _, c := range list {
		out[c.ID] = c.ID == own || c.Parent == own
	}
	return out, nil
}

func (s *Server) enrolmentLines(r *http.Request, rows []store.EnrolmentRow, today loa.Day) ([]enrolmentLine, error) {
	names, err := s.villageNames(r)
	if err != nil {
		return nil, err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	collectors, err := s.collectorNames(r)
	if err != nil {
		return nil, err
	}
	out := make([]enrolmentLine, len(rows))
	for i, e := range rows {
		open := e.Step == loa.Interested || e.Step == loa.Handed || e.Step == loa.Registered
		age := max(today.Sub(e.Since), 0)
		out[i] = enrolmentLine{EnrolmentRow: e, Village: names[e.Area], Officer: officers.by[e.Officer], Collector: collectors[e.Collector], Age: age, Old: open && age > openAfter, Open: open,
			URL: "/enrolment/" + string(e.Lead)}
	}
	return out, nil
}

// funnel is the boxes over the list: how many stand at each step and how many of them too long.
func (s *Server) funnel(r *http.Request, f store.EnrolmentFilter, today loa.Day) ([]funnelBox, error) {
	counts, err := s.DB.Funnel(r.Context(), scopeOf(r), f, today.Add(-openAfter))
	if err != nil {
		return nil, err
	}
	by := map[loa.Step]store.FunnelStep{}
	for _, c := range counts {
		by[c.Step] = c
	}
	var out []funnelBox
	for _, step := range loa.Steps {
		q := r.URL.Query()
		q.Set("step", string(step))
		q.Del("page")
		old := by[step].Old
		if step == loa.Paid || step == loa.Refused || step == loa.Closed {
			old = 0
		}
		out = append(out, funnelBox{Step: string(step), Label: t(r, "step."+string(step)), N: by[step].N, Old: old, URL: "/enrolment?" + q.Encode(), On: f.Step == step})
	}
	return out, nil
}

// owners are the officers and collectors a list can be narrowed to.
func (s *Server) owners(r *http.Request) (officers, collectors []option, err error) {
	doers, err := s.doers(r)
	if err != nil {
		return nil, nil, err
	}
	officers = officerOptionsOf(doers)
	list, err := s.DB.CollectorNames(r.Context(), whoOf(r).Whole)
	if err != nil {
		return nil, nil, err
	}
	own := s.ownCollector(r, "")
	for _, c := range list {
		if own == "" || own == c.ID || own == c.Parent {
			collectors = append(collectors, option{string(c.ID), c.Name})
		}
	}
	if own != "" {
		officers = nil // an agent has one list: what was handed over
	}
	return officers, collectors, nil
}

func (s *Server) collectorNames(r *http.Request) (map[loa.CollectorID]string, error) {
	return s.DB.CollectorLabels(r.Context(), whoOf(r).Whole)
}

const listPage = 50

// pageNumber is the page asked for, from 1.
func pageNumber(r *http.Request) int {
	n, err := strconv.Atoi(r.FormValue("page"))
	if err != nil || n < 1 || n > 100000 {
		return 1
	}
	return n
}

// pageLinks are the addresses before and after a page, with every filter kept.
func pageLinks(r *http.Request, n int, more bool) (prev, next string) {
	link := func(n int) string {
		q := url.Values{}
		for k, v := range r.URL.Query() {
			q[k] = v
		}
		q.Set("page", strconv.Itoa(n))
		return r.URL.Path + "?" + q.Encode()
	}
	if n > 1 {
		prev = link(n - 1)
	}
	if more {
		next = link(n + 1)
	}
	return prev, next
}
