package web

import (
	"net/http"
	"strconv"

	"loa"
	"loa/store"
)

type handedPage struct {
	Collector  loa.Collector
	Groups     []handGroup
	Total      int
	From, To   int
	Prev, Next string
	Printed    bool
	PrintURL   string
	Cut        bool
	Refused    int // of the page, who refused to be visited
	MayEdit    bool
	MayPeople  bool
	MayShow    bool
	Results    []option
	Reasons    []option
	Officer    officerView
	Today      loa.Day
	Errors     map[string]string
}

// handGroup is what an agent has in one village, house by house.
type handGroup struct {
	Place string
	Rows  []handLine
}

type handLine struct {
	store.HandOver
	No     int
	Place  string
	Phone  string
	Age    int
	Old    bool
	Agent  string
	URL    string
	Result string
	Reason string
	Error  string
	Away   bool // refused to be visited: not on paper
	NoCall bool
}

// handedShown is one page on screen, handedPrinted all an agent can carry.
const (
	handedShown   = 100
	handedPrinted = 1000
)

func (s *Server) handLines(r *http.Request, list []store.HandOver) ([]handLine, error) {
	places, err := s.placeNames(r)
	if err != nil {
		return nil, err
	}
	agents, err := s.collectorNames(r)
	if err != nil {
		return nil, err
	}
	ids := make([]loa.PersonID, len(list))
	for i, h := range list {
		ids[i] = h.Person
	}
	away, err := s.notWelcome(r, ids, "visit")
	if err != nil {
		return nil, err
	}
	noCall, err := s.notWelcome(r, ids, "call")
	if err != nil {
		return nil, err
	}
	out := make([]handLine, len(list))
	for i, h := range list {
		age := max(s.today().Sub(h.Since), 0)
		out[i] = handLine{HandOver: h, No: i + 1, Place: places[h.Area], Phone: displayPhone(h.Phone), Age: age, Old: age > openAfter, Agent: agents[h.Collector], URL: "/enrolment/" + string(h.Lead), Away: away[h.Person], NoCall: noCall[h.Person]}
		if out[i].NoCall {
			out[i].Phone = ""
		}
	}
	return out, nil
}

// handedCollector is the collector of the page; an agent finds only the own organisation and what stands under it.
func (s *Server) handedCollector(r *http.Request) (loa.Collector, error) {
	id := loa.CollectorID(r.PathValue("id"))
	own, err := s.ownCollectors(r)
	if err != nil {
		return loa.Collector{}, err
	}
	if own != nil && !own[id] {
		return loa.Collector{}, loa.ErrNotFound
	}
	return s.DB.Collector(r.Context(), scopeOf(r), id)
}

// handedList is what was handed to a collector in walking order, to be printed, walked and keyed back.
func (s *Server) handedList(w http.ResponseWriter, r *http.Request) error {
	body, err := s.handedBody(r)
	if err != nil {
		return err
	}
	if body.Printed && body.Total > 0 {
		if err := s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "printed", "people", string(body.Collector.ID), "handed n="+strconv.Itoa(body.To)); err != nil {
			return err
		}
	}
	return s.handedRender(w, r, body, 0)
}

func (s *Server) handedRender(w http.ResponseWriter, r *http.Request, body *handedPage, status int) error {
	return s.render(w, r, "collector_handed", page{Title: t(r, "collector.handed.title", body.Collector.Name), Context: t(r, "collector.handed.context", body.Total, s.today().Vietnamese()), Active: s.handedActive(r), Body: body, Status: status})
}

// handedActive is the place in the rail: an agent has no room of partners.
func (s *Server) handedActive(r *http.Request) string {
	if whoOf(r).may(loa.ReadOutreach) {
		return "partners"
	}
	return "enrolment"
}

func (s *Server) handedBody(r *http.Request) (*handedPage, error) {
	c, err := s.handedCollector(r)
	if err != nil {
		return nil, err
	}
	me, n, take := whoOf(r), pageNumber(r), handedShown
	body := &handedPage{Collector: c, Printed: r.FormValue("print") != "", MayEdit: me.may(loa.EditEnrolment), MayPeople: me.may(loa.ReadPeople), MayShow: me.may(loa.ReadOutreach), Today: s.today(),
		Results: options(r, "collector.result.", []string{"registered", "refused", "closed"}), Reasons: options(r, "refusal.", loa.RefusalReasons), Errors: map[string]string{}}
	if body.Printed {
		n, take = 1, handedPrinted
	}
	list, total, err := s.DB.HandOvers(r.Context(), scopeOf(r), c.ID, (n-1)*take, take)
	if err != nil {
		return nil, err
	}
	lines, err := s.handLines(r, list)
	if err != nil {
		return nil, err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	body.Officer, body.Total, body.From, body.To, body.Cut = officers.by[c.Officer], total, (n-1)*take+1, (n-1)*take+len(list), body.Printed && total > len(list)
	for _, l := range lines {
		l.No += (n - 1) * take
		if l.Away {
			body.Refused++
			if body.Printed {
				continue
			}
		}
		if k := len(body.Groups); k == 0 || body.Groups[k-1].Place != l.Place {
			body.Groups = append(body.Groups, handGroup{Place: l.Place})
		}
		g := &body.Groups[len(body.Groups)-1]
		g.Rows = append(g.Rows, l)
	}
	if !body.Printed {
		body.Prev, body.Next = pageLinks(r, n, body.To < total)
	}
	q := without(r.URL.Query(), "page")
	q.Set("print", "1")
	body.PrintURL = r.URL.Path + "?" + q.Encode()
	return body, nil
}

// handedBack keys the walked list back row by row: each result becomes a step of its lead. Rows that cannot be taken stay on
// the page with the reason; the others are saved.
func (s *Server) handedBack(w http.ResponseWriter, r *http.Request) error {
	body, err := s.handedBody(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	on := f.day("on")
	if on == "" {
		on = s.today()
	}
	if on > s.today() {
		f.bad("on", "error.future_day")
	}
	saved, wrong, undo := 0, map[loa.FactID]handLine{}, ""
	for g := range body.Groups {
		for i := range body.Groups[g].Rows {
			row := &body.Groups[g].Rows[i]
			row.Result, row.Reason = f.text("result."+string(row.Lead)), f.text("reason."+string(row.Lead))
			if row.Result == "" || !f.ok() {
				continue
			}
			step := loa.EnrolmentStep{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: on, HappenedAt: s.Now()}, Lead: loa.LeadID(row.Lead), Step: loa.Step(row.Result), Officer: whoOf(r).Officer.ID,
				Note: f.text("note." + string(row.Lead))}
			if step.Step == loa.Refused {
				step.Reason = row.Reason
			}
			if !loa.OneOf(row.Result, []string{"registered", "refused", "closed"}) {
				return loa.Refuse(loa.Invalid, "step", "not_in_list")
			}
			one := readForm(r)
			if err := one.take(s.DB.AddStep(r.Context(), scopeOf(r), s.by(r), step)); err != nil {
				return err
			}
			for _, sentence := range one.Errors {
				row.Error = sentence
				wrong[row.Lead] = *row
			}
			if one.ok() {
				saved++
				undo = row.URL + "/undo?fact=" + string(step.ID) + "&noun=step"
			}
		}
	}
	if saved == 0 && len(wrong) == 0 && f.ok() {
		f.bad("", "collector.handed.nothing")
	}
	if f.ok() && len(wrong) == 0 {
		if saved > 1 {
			undo = "" // each lead has its own on its page
		}
		return s.done(w, r, "/collectors/"+string(body.Collector.ID)+"/handed", t(r, "collector.handed.saved", saved), undo)
	}
	if saved > 0 { // what was saved has moved on: only what could not be taken is asked again
		f.bad("", "collector.handed.some", saved, len(wrong))
		if body, err = s.handedBody(r); err != nil {
			return err
		}
		for g := range body.Groups {
			for i := range body.Groups[g].Rows {
				row := &body.Groups[g].Rows[i]
				bad := wrong[row.Lead]
				row.Result, row.Reason, row.Error = bad.Result, bad.Reason, bad.Error
			}
		}
	}
	body.Errors = f.Errors
	return s.handedRender(w, r, body, http.StatusUnprocessableEntity)
}
