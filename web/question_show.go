package web

import (
	"net/http"

	"loa"
	"loa/store"
)

type questionShowPage struct {
	Line      store.QuestionLine
	Place     string
	Segment   string
	Owner     officerView
	By        officerView
	Asker     *askerView
	Days      int
	Late      bool
	Outdated  bool
	Void      bool
	Why       string
	Answers   []answerView
	Earlier   []store.UsedAnswer
	Fits      []readyView // approved answers close to the question
	History   []questionVersion
	Officers  []option
	MayEdit   bool
	MayPeople bool
	Form      answerForm
	Errors    map[string]string
	Public    *publicAsker // who asked through a public page
}

// askerView is who asked, for those who may see people.
type askerView struct{ ID, Name, Phone string }

type answerView struct {
	loa.Answer
	By       officerView
	At       string
	Newest   bool
	Outdated bool
}

// questionVersion is how a question was written at one time.
type questionVersion struct {
	Text, At, Why, What string
	By                  officerView
}

type answerForm struct {
	Text, Cites        string
	ValidFrom, ValidTo loa.Day
	ToldOn             loa.Day
	Ready              string // the approved answer it is made of
	Version            int
	Told               bool
}

func (s *Server) questionShow(w http.ResponseWriter, r *http.Request) error {
	body, err := s.questionBody(r)
	if err != nil {
		return err
	}
	if id := r.FormValue("use"); id != "" { // an earlier answer is taken over into the form
		for _, u := range body.Earlier {
			if u.ID == id {
				body.Form.Text, body.Form.Cites, body.Form.ValidFrom, body.Form.ValidTo = u.Text, u.Cites, u.ValidFrom, u.ValidTo
			}
		}
	}
	if id := r.FormValue("ready"); id != "" { // or an approved one
		for _, a := range body.Fits {
			if string(a.ID) == id {
				body.Form.Text, body.Form.Cites, body.Form.ValidFrom, body.Form.ValidTo, body.Form.Ready, body.Form.Version = a.Text, a.Cites, a.From, a.Until, id, a.Version
			}
		}
	}
	return s.questionRender(w, r, body, 0)
}

func (s *Server) questionRender(w http.ResponseWriter, r *http.Request, body *questionShowPage, status int) error {
	context := body.Place
	if body.Line.Form != "" {
		context = t(r, "form."+string(body.Line.Form)) + " · " + context
	}
	return s.render(w, r, "question_show", page{Title: body.Line.Text, Context: context, Active: "questions", Body: body, Status: status})
}

// questionBody is the page of one question; one that was taken back shows only what it was and how to bring it back.
func (s *Server) questionBody(r *http.Request) (*questionShowPage, error) {
	ctx, in, id, today := r.Context(), scopeOf(r), loa.FactID(r.PathValue("id")), s.today()
	history, err := s.DB.QuestionHistory(ctx, in, id)
	if err != nil {
		return nil, err
	}
	body := &questionShowPage{MayEdit: whoOf(r).may(loa.EditOutreach), MayPeople: whoOf(r).may(loa.ReadPeople), Errors: map[string]string{}}
	last := history[len(history)-1]
	if last.Void {
		body.Void, body.Why, body.Line = true, last.Why, store.QuestionLine{Question: last}
	} else if body.Line, err = s.DB.Question(ctx, in, last.ID); err != nil {
		return nil, err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return nil, err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	segments, err := s.segmentNames(r)
	if err != nil {
		return nil, err
	}
	q := body.Line.Question
	body.Place, body.Owner, body.By, body.Segment = places[q.Area], officers.by[q.Owner], officers.by[history[0].RecordedBy], segments[q.Segment]
	body.Days = max(today.Sub(q.HappenedOn), 0)
	body.Late = body.Line.Waits() && body.Days > answerLate
	body.Outdated = !body.Line.Waits() && !body.Line.Answer.Holds(today)
	for i, h := range history {
		v := questionVersion{Text: h.Text, At: moment(h.RecordedAt), Why: h.Why, By: officers.by[h.RecordedBy]}
		switch {
		case i == 0:
			v.What = t(r, "question.version.first")
		case h.Void:
			v.What = t(r, "question.version.void")
		case history[i-1].Void:
			v.What = t(r, "question.version.restored")
		default:
			v.What = t(r, "question.version.corrected")
		}
		body.History = append(body.History, v)
	}
	if body.Void {
		return body, nil
	}
	answers, err := s.DB.Answers(ctx, in, q.ID)
	if err != nil {
		return nil, err
	}
	for i, a := range answers {
		body.Answers = append(body.Answers, answerView{Answer: a, By: officers.by[a.RecordedBy], At: moment(a.RecordedAt), Newest: i == 0, Outdated: !a.Holds(today)})
	}
	if body.Asker, err = s.asker(r, q.Person); err != nil {
		return nil, err
	}
	if body.Public, err = s.publicAsker(r, body.Line, officers.by); err != nil {
		return nil, err
	}
	if !body.MayEdit {
		return body, nil
	}
	if body.Officers, err = s.officerOptions(r); err != nil {
		return nil, err
	}
	if body.Fits, err = s.fitting(r, q.Text, 4); err != nil {
		return nil, err
	}
	body.Earlier, err = s.DB.EarlierAnswers(ctx, whoOf(r).Whole, q.Text, today, 5)
	return body, err
}

// asker is the person who asked, when the officer may see people and the person lives inside the scope.
func (s *Server) asker(r *http.Request, id loa.PersonID) (*askerView, error) {
	if id == "" || !whoOf(r).may(loa.ReadPeople) {
		return nil, nil
	}
	people, err := s.DB.PeopleByID(r.Context(), scopeOf(r), []loa.PersonID{id})
	if err != nil || len(people) == 0 {
		return nil, err
	}
	p := people[0]
	return &askerView{string(p.ID), p.Name, displayPhone(p.Phone)}, nil
}
