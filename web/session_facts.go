package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"loa"
	"loa/store"
)

func (s *Server) newFact(on loa.Day) loa.Fact {
	return loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: min(on, s.today()), HappenedAt: s.Now()}
}

// factID keeps the ID a form brought along, so that the same form sent twice records one thing.
func (f *form) factID(fact *loa.Fact) {
	if id := f.text("fact"); loa.ValidID(id) {
		fact.ID = loa.FactID(id)
	}
}

// askedLines are what was asked at a session, in the order it was asked.
func (s *Server) askedLines(r *http.Request, id loa.SessionID, n sessionNames, names bool) ([]askedLine, error) {
	list, err := s.DB.Questions(r.Context(), scopeOf(r), store.QuestionFilter{Session: id, Limit: 200})
	if err != nil {
		return nil, err
	}
	out := make([]askedLine, len(list))
	for i, q := range list {
		row := askedLine{ID: q.ID, Text: q.Text, Promised: q.Promised && q.Answer.ToldOn == "", Answered: !q.Waits()}
		parts := []string{}
		if q.Segment != "" {
			parts = append(parts, n.segments[q.Segment])
		}
		parts = append(parts, n.area[q.Area])
		if q.N > 1 {
			parts = append(parts, t(r, "session.asked_by", q.N))
		}
		row.Sub = strings.Join(parts, " · ")
		if s.stands("/questions") {
			row.URL = "/questions/" + string(q.ID)
		}
		out[i] = row
	}
	return out, nil
}

// sessionQuestion records what was asked, with its segment and village.
func (s *Server) sessionQuestion(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	q := loa.Question{Fact: s.newFact(x.On), Session: x.ID, Text: f.text("text"), Segment: loa.SegmentID(f.text("segment")), Person: loa.PersonID(f.text("person")), N: int(f.number("times")), Promised: f.on("promised")}
	f.factID(&q.Fact)
	q.Area = loa.AreaID(f.text("village"))
	if q.Segment != "" {
		if _, err := s.DB.Segment(r.Context(), scopeOf(r), q.Segment); err != nil {
			f.bad("segment", "error.not_in_list")
		}
	}
	if f.ok() {
		err = s.DB.AddQuestion(r.Context(), scopeOf(r), s.by(r), q)
		if loa.KindOf(err) == loa.NotFound {
			err = loa.Refuse(loa.Invalid, "village", "not_in_list")
		}
		if err := f.take(err); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.sessionAgain(w, r, "hold", f)
	}
	return s.held(w, r, x.ID, "#questions")
}

// leadRows are the people interested at a session with where they stand today.
func (s *Server) leadRows(r *http.Request, id loa.SessionID) ([]leadRow, error) {
	in := scopeToo(r, loa.ReadEnrolment)
	if in.Empty() {
		return nil, nil
	}
	list, err := s.DB.SessionLeads(r.Context(), scopeOf(r), id)
	if err != nil {
		return nil, err
	}
	var ids []loa.PersonID
	for _, l := range list {
		ids = append(ids, l.Person)
	}
	names, err := s.personNames(r, ids)
	if err != nil {
		return nil, err
	}
	var out []leadRow
	for _, l := range list[:min(len(list), 200)] {
		e, err := s.DB.Enrolment(r.Context(), in, l.ID)
		if loa.KindOf(err) == loa.NotFound {
			continue // the person has moved out of the officer's communes
		}
		if err != nil {
			return nil, err
		}
		out = append(out, leadRow{ID: l.ID, Person: l.Person, Name: names[l.Person], Sub: t(r, "scheme."+string(l.Scheme)), Step: t(r, "step."+string(e.Step)), URL: "/enrolment/" + string(l.ID), Open: e.Open() && len(e.Steps) == 0,
			Kind: map[loa.Step]string{loa.Paid: "paid", loa.Refused: "lost"}[e.Step]})
	}
	return out, nil
}

// sessionLead records that somebody at the session is interested; who is interested was there, so the name is taken down as well.
func (s *Server) sessionLead(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	l := loa.Lead{Fact: s.newFact(x.On), Person: loa.PersonID(f.text("person")), Scheme: loa.Scheme(f.text("scheme")), Session: x.ID, Form: x.Form, Note: limited(f.text("note"), 500)}
	f.factID(&l.Fact)
	if x.State == loa.Cancelled {
		return loa.Refuse(loa.Conflict, "", "session_cancelled")
	}
	if l.Scheme == "" {
		l.Scheme = loa.VoluntarySI
	}
	if l.Person == "" {
		f.bad("lead", "error.required")
	}
	if f.ok() {
		if err := f.take(s.DB.AddLead(r.Context(), scopeOf(r), s.by(r), l)); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.sessionAgain(w, r, "hold", f)
	}
	return s.held(w, r, x.ID, "#leads")
}

func (s *Server) visitRows(r *http.Request, id loa.SessionID, n sessionNames) ([]visitRow, error) {
	list, err := s.DB.SessionVisits(r.Context(), scopeOf(r), id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var ids []loa.PersonID
	for _, v := range list {
		ids = append(ids, v.Person)
	}
	names, err := s.personNames(r, ids)
	if err != nil {
		return nil, err
	}
	out := make([]visitRow, len(list))
	for i, v := range list {
		out[i] = visitRow{ID: v.ID, Person: v.Person, Name: cmpOr(names[v.Person], t(r, "session.a_household")), Outcome: t(r, "outcome."+v.Outcome), Note: v.Note, Sub: n.area[v.Area], NextOn: v.NextOn, URL: "/households/" + string(v.Household),
			Kind: map[string]string{"refused": "lost", "not_home": "grey", "call_back": "grey"}[v.Outcome]}
		if v.Household == "" {
			out[i].URL = "/people/" + string(v.Person)
		}
	}
	return out, nil
}

// sessionVisit records what came of a knock. Whoever was met is a head of the session as well.
func (s *Server) sessionVisit(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	v := loa.Visit{Fact: s.newFact(x.On), Session: x.ID, Person: loa.PersonID(f.text("person")), Form: x.Form, Outcome: f.text("outcome"), Note: limited(f.text("note"), 500), NextOn: f.day("next_on")}
	f.factID(&v.Fact)
	if v.Person == "" {
		v.Household = x.Household
	}
	if v.Person == "" && v.Household == "" {
		f.bad("visit", "error.required")
	}
	if f.ok() {
		k := store.Keyed{Visits: []loa.Visit{v}}
		if v.Person != "" && metAt(v.Outcome) {
			k.Present = []loa.PersonID{v.Person}
		}
		_, err := s.DB.KeySheet(r.Context(), scopeOf(r), s.by(r), x.ID, k)
		if err := f.take(err); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.sessionAgain(w, r, "hold", f)
	}
	return s.held(w, r, x.ID, "#visits")
}

// metAt says whether an outcome means that somebody was talked to.
func metAt(outcome string) bool {
	return loa.OneOf(outcome, []string{"met", "interested", "promised", "refused"})
}

// sessionVoid takes a question, a lead or a visit of the session back by a fact of its own; what was first written stays readable.
func (s *Server) sessionVoid(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	id := loa.FactID(r.FormValue("fact"))
	void := func(f loa.Fact) loa.Fact {
		out := s.newFact(f.HappenedOn)
		out.HappenedOn, out.Area, out.Corrects, out.Void, out.Why = f.HappenedOn, f.Area, f.ID, true, "undo"
		return out
	}
	anchor, err := "", error(loa.ErrNotFound)
	switch r.FormValue("noun") {
	case "question":
		anchor, err = "#questions", s.voidQuestion(r, x, id, void)
	case "lead":
		anchor, err = "#leads", s.voidLead(r, x, id, void)
	case "visit":
		anchor, err = "#visits", s.voidVisit(r, x, id, void)
	}
	if err != nil {
		return err
	}
	return s.held(w, r, x.ID, anchor)
}

func (s *Server) voidQuestion(r *http.Request, x loa.Session, id loa.FactID, void func(loa.Fact) loa.Fact) error {
	list, err := s.DB.Questions(r.Context(), scopeOf(r), store.QuestionFilter{Session: x.ID, Limit: 200})
	if err != nil {
		return err
	}
	for _, q := range list {
		if q.ID != id {
			continue
		}
		if !q.Waits() {
			return loa.Refuse(loa.Conflict, "", "question_answered")
		}
		back := q.Question
		back.Fact = void(q.Fact)
		return s.DB.AddQuestion(r.Context(), scopeOf(r), s.by(r), back)
	}
	return loa.ErrNotFound
}

func (s *Server) voidLead(r *http.Request, x loa.Session, id loa.FactID, void func(loa.Fact) loa.Fact) error {
	list, err := s.DB.SessionLeads(r.Context(), scopeOf(r), x.ID)
	if err != nil {
		return err
	}
	for _, l := range list {
		if l.ID != id {
			continue
		}
		e, err := s.DB.Enrolment(r.Context(), scopeToo(r, loa.EditEnrolment), id)
		if err != nil {
			return err
		}
		if len(e.Steps) > 0 {
			return loa.Refuse(loa.Conflict, "", "lead_moved_on")
		}
		l.Fact = void(l.Fact)
		return s.DB.AddLead(r.Context(), scopeOf(r), s.by(r), l)
	}
	return loa.ErrNotFound
}

func (s *Server) voidVisit(r *http.Request, x loa.Session, id loa.FactID, void func(loa.Fact) loa.Fact) error {
	list, err := s.DB.SessionVisits(r.Context(), scopeOf(r), x.ID)
	if err != nil {
		return err
	}
	for _, v := range list {
		if v.ID == id {
			v.Fact = void(v.Fact)
			return s.DB.AddVisit(r.Context(), scopeOf(r), s.by(r), v)
		}
	}
	return loa.ErrNotFound
}

// sessionLeaflets adds leaflets handed out to those already noted, so that two officers' bundles add up.
func (s *Server) sessionLeaflets(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	more := int(f.number("more"))
	if more < -100000 || more > 100000 {
		f.bad("more", "error.out_of_range")
	}
	if id := loa.LeafletID(f.text("leaflet")); f.ok() && more != 0 && id != "" {
		if err := f.take(s.DB.HandLeaflets(r.Context(), scopeOf(r), s.by(r), x.ID, id, more)); err != nil {
			return err
		}
	} else if f.ok() && more != 0 {
		_, err := s.DB.EditSession(r.Context(), scopeOf(r), s.by(r), x.ID, 0, func(x *loa.Session) error {
			x.Leaflets += more
			return x.Check()
		})
		if err := f.take(err); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.sessionAgain(w, r, "hold", f)
	}
	return s.held(w, r, x.ID, "#leaflets")
}

// leafletsHere are the leaflets printed for the commune of a session, its own village's first, and what was handed out of them here.
func (s *Server) leafletsHere(r *http.Request, x loa.Session, h *holdPage) error {
	areas, err := s.areas(r)
	if err != nil {
		return err
	}
	up, path := communeOf(areas), ""
	for _, a := range areas {
		if a.ID == up[x.Area] || path == "" && a.ID == x.Area {
			path = a.Path
		}
	}
	if path == "" {
		return nil
	}
	list, err := s.DB.Leaflets(r.Context(), scopeOf(r), store.LeafletFilter{Path: path, Limit: 200})
	if err != nil {
		return err
	}
	slices.SortStableFunc(list, func(a, b store.LeafletLine) int { return cmp.Compare(notHere(a, x), notHere(b, x)) })
	code := map[loa.LeafletID]int{}
	for _, l := range list {
		code[l.ID] = l.Spoken
		if l.Left() > 0 || l.Area == x.Area {
			h.Leaflets = append(h.Leaflets, option{string(l.ID), t(r, "leaflet.session_option", l.Spoken, l.Place, kindName(r, l.Run.Kind), l.Left())})
		}
	}
	handed, err := s.DB.LeafletsHanded(r.Context(), scopeOf(r), x.ID, "")
	if err != nil {
		return err
	}
	for _, x := range handed {
		if n, ok := code[x.Leaflet]; ok && x.N != 0 {
			h.Handed = append(h.Handed, t(r, "leaflet.session_here", n, x.N))
		}
	}
	return nil
}

func notHere(l store.LeafletLine, x loa.Session) int {
	if l.Area == x.Area {
		return 0
	}
	return 1
}

// personNames names people the officer may read.
func (s *Server) personNames(r *http.Request, ids []loa.PersonID) (map[loa.PersonID]string, error) {
	people, err := s.DB.PeopleByID(r.Context(), scopeToo(r, loa.ReadPeople), ids)
	if err != nil {
		return nil, err
	}
	names := map[loa.PersonID]string{}
	for _, p := range people {
		names[p.ID] = p.Name
	}
	return names, nil
}
