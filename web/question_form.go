package web

import (
	"net/http"

	"loa"
	"loa/store"
	"loa/vn"
)

type questionFormPage struct {
	Action, Cancel string
	Question       loa.Question
	AreaText       string
	AskerText      string
	Why            string
	New            bool
	Length         int
	Segments       []option
	Forms          []option
	Officers       []option
	Errors         map[string]string
	Earlier        []store.UsedAnswer
	SessionTitle   string
}

// questionNew is a question noted by hand: from a visit, a hotline call, a letter.
func (s *Server) questionNew(w http.ResponseWriter, r *http.Request) error {
	q := loa.Question{Fact: loa.Fact{HappenedOn: s.today(), Area: loa.AreaID(r.FormValue("area"))}, N: 1, Owner: whoOf(r).Officer.ID, Form: loa.Form(r.FormValue("form")),
		Session: loa.SessionID(r.FormValue("session")), Segment: loa.SegmentID(r.FormValue("segment")), Person: loa.PersonID(r.FormValue("person"))}
	if q.Person != "" && whoOf(r).may(loa.ReadPeople) {
		p, err := s.DB.Person(r.Context(), scopeOf(r), q.Person)
		if err != nil {
			return err
		}
		q.Area = p.Area
	}
	if q.Session != "" {
		x, err := s.DB.Session(r.Context(), scopeOf(r), q.Session)
		if err != nil {
			return err
		}
		q.Area, q.Form, q.HappenedOn = x.Area, x.Form, min(x.On, s.today())
	}
	return s.questionForm(w, r, questionFormPage{Action: "/questions/new", Cancel: "/questions", Question: q, New: true}, t(r, "question.new.title"), 0)
}

func (s *Server) questionForm(w http.ResponseWriter, r *http.Request, body questionFormPage, title string, status int) error {
	var choices questionListPage
	if err := s.questionChoices(r, &choices); err != nil {
		return err
	}
	body.Segments, body.Forms, body.Officers = choices.Segments, choices.Forms, choices.Officers
	body.Length = len([]rune(body.Question.Text))
	if body.AreaText == "" {
		names, err := s.placeNames(r)
		if err != nil {
			return err
		}
		body.AreaText = names[body.Question.Area]
	}
	if a, err := s.asker(r, body.Question.Person); err != nil {
		return err
	} else if a != nil && body.AskerText == "" {
		body.AskerText = a.Name
	}
	if id := body.Question.Session; id != "" {
		x, err := s.DB.Session(r.Context(), scopeOf(r), id)
		if err != nil && loa.KindOf(err) != loa.NotFound {
			return err
		}
		body.SessionTitle = x.Title
	}
	return s.render(w, r, "question_form", page{Title: title, Active: "questions", Body: body, Status: status})
}

// readQuestion fills a question from the form; what is wrong is said beside its field.
func (s *Server) readQuestion(r *http.Request, f *form, q *loa.Question) error {
	q.Text, q.Form, q.Segment, q.Owner, q.Promised = vn.Tidy(f.text("text")), loa.Form(f.text("form")), loa.SegmentID(f.text("segment")), loa.OfficerID(f.text("owner")), f.on("promised")
	q.N = int(f.number("n"))
	if on := f.day("on"); on != "" {
		q.HappenedOn = on
	}
	if q.N < 1 || q.N > 10000 {
		f.bad("n", "error.out_of_range")
	}
	if q.HappenedOn > s.today() {
		f.bad("on", "error.future_day")
	}
	if n := vn.Characters(q.Text); n < 5 || n > 500 {
		f.bad("text", "error.length", 5, 500)
	}
	if err := s.placeMeant(r, f, &q.Area); err != nil {
		return err
	}
	return s.askerMeant(r, f, q)
}

// askerMeant is the person chosen from the type-ahead, or the only one of the name typed.
func (s *Server) askerMeant(r *http.Request, f *form, q *loa.Question) error {
	q.Person = loa.PersonID(f.text("person"))
	text := f.text("person_text")
	if q.Person != "" || text == "" || !whoOf(r).may(loa.ReadPeople) {
		return nil
	}
	lines, err := s.findPeople(r, text, 2)
	if err != nil {
		return err
	}
	if len(lines) != 1 {
		f.bad("person", "question.which_asker", len(lines))
		return nil
	}
	q.Person = lines[0].ID
	return nil
}

func (s *Server) questionCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	q := loa.Question{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: s.today(), HappenedAt: s.Now()}, Session: loa.SessionID(f.text("session"))}
	if err := s.readQuestion(r, f, &q); err != nil {
		return err
	}
	if f.ok() {
		if err := f.take(s.DB.AddQuestion(r.Context(), scopeOf(r), s.by(r), q)); err != nil {
			return err
		}
	}
	if !f.ok() {
		body := questionFormPage{Action: "/questions/new", Cancel: "/questions", Question: q, AreaText: f.text("area_text"), AskerText: f.text("person_text"), New: true, Errors: f.Errors}
		return s.questionForm(w, r, body, t(r, "question.new.title"), http.StatusUnprocessableEntity)
	}
	return s.done(w, r, "/questions/"+string(q.ID), t(r, "question.saved"), "/questions/"+string(q.ID)+"/void?undo=1")
}

func (s *Server) questionEdit(w http.ResponseWriter, r *http.Request) error {
	line, err := s.DB.Question(r.Context(), scopeOf(r), loa.FactID(r.PathValue("id")))
	if err != nil {
		return err
	}
	at := "/questions/" + string(line.ID)
	return s.questionForm(w, r, questionFormPage{Action: at + "/edit", Cancel: at, Question: line.Question}, t(r, "question.edit.title"), 0)
}

// questionUpdate corrects a question by a new fact; what was first written stays readable.
func (s *Server) questionUpdate(w http.ResponseWriter, r *http.Request) error {
	line, err := s.DB.Question(r.Context(), scopeOf(r), loa.FactID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f, q, at := readForm(r), line.Question, "/questions/"+string(line.ID)
	if err := s.readQuestion(r, f, &q); err != nil {
		return err
	}
	if seen := loa.FactID(f.text("seen")); seen != "" && seen != line.ID {
		f.bad("", "question.corrected_meanwhile")
	}
	if f.ok() {
		id, err := s.DB.CorrectQuestion(r.Context(), scopeOf(r), s.by(r), line.ID, func(now *loa.Question) {
			now.Text, now.Form, now.Segment, now.Owner, now.Promised, now.N, now.HappenedOn, now.Area, now.Person = q.Text, q.Form, q.Segment, q.Owner, q.Promised, q.N, q.HappenedOn, q.Area, q.Person
			now.Why = f.text("why")
		})
		if err := f.take(err); err != nil {
			return err
		}
		if f.ok() {
			return s.done(w, r, "/questions/"+string(id), t(r, "question.corrected"), "")
		}
	}
	body := questionFormPage{Action: at + "/edit", Cancel: at, Question: q, AreaText: f.text("area_text"), AskerText: f.text("person_text"), Why: f.text("why"), Errors: f.Errors}
	return s.questionForm(w, r, body, t(r, "question.edit.title"), http.StatusUnprocessableEntity)
}

// questionOwner gives a question to the officer who shall answer it.
func (s *Server) questionOwner(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	owner := loa.OfficerID(f.text("owner"))
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	line, err := s.DB.Question(r.Context(), scopeOf(r), loa.FactID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if _, known := officers.by[owner]; !known {
		return loa.ErrNotFound
	}
	id, err := s.DB.CorrectQuestion(r.Context(), scopeOf(r), s.by(r), line.ID, func(q *loa.Question) { q.Owner = owner })
	if err != nil {
		return err
	}
	return s.done(w, r, "/questions/"+string(id), t(r, "question.owner_set", officers.by[owner].Name), "/questions/"+string(id)+"/owner?owner="+string(line.Owner))
}

// questionVoid takes a question back that was noted by mistake.
func (s *Server) questionVoid(w http.ResponseWriter, r *http.Request) error {
	at := "/questions/" + r.PathValue("id")
	f := readForm(r)
	why := f.text("why")
	if f.on("undo") {
		why = t(r, "question.undone")
	}
	if err := f.take(s.DB.VoidQuestion(r.Context(), scopeOf(r), s.by(r), loa.FactID(r.PathValue("id")), why)); err != nil {
		return err
	}
	for _, sentence := range f.Errors {
		s.setFlash(w, r, flash{Kind: "error", Text: sentence})
		http.Redirect(w, r, at, http.StatusSeeOther)
		return nil
	}
	return s.done(w, r, at, t(r, "question.voided"), at+"/restore")
}

func (s *Server) questionRestore(w http.ResponseWriter, r *http.Request) error {
	at := "/questions/" + r.PathValue("id")
	if err := s.DB.RestoreQuestion(r.Context(), scopeOf(r), s.by(r), loa.FactID(r.PathValue("id"))); err != nil {
		return err
	}
	return s.done(w, r, at, t(r, "question.restored"), "")
}
