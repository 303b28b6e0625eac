package web

import (
	"net/http"
	"strconv"

	"loa"
	"loa/store"
)

// questionAnswer records an answer with the law it rests on; the newest answer holds, the earlier ones stay readable.
func (s *Server) questionAnswer(w http.ResponseWriter, r *http.Request) error {
	body, err := s.questionBody(r)
	if err != nil {
		return err
	}
	if body.Void {
		return loa.ErrNotFound
	}
	f := readForm(r)
	body.Form = answerForm{Text: f.text("answer"), Cites: f.text("cites"), ValidFrom: f.day("valid_from"), ValidTo: f.day("valid_to"), Told: f.on("told"), ToldOn: f.day("told_on"), Ready: f.text("ready"), Version: int(f.count("ready_version"))}
	a := loa.Answer{ID: loa.NewID(), Question: body.Line.ID, Text: body.Form.Text, Cites: body.Form.Cites, ValidFrom: body.Form.ValidFrom, ValidTo: body.Form.ValidTo, Ready: loa.ReadyAnswerID(body.Form.Ready), Version: body.Form.Version}
	if body.Form.Told {
		if a.ToldOn = body.Form.ToldOn; a.ToldOn == "" {
			a.ToldOn = s.today()
		}
	}
	if a.Cites == "" {
		f.bad("cites", "question.cites_needed")
	}
	if f.ok() {
		if err := f.take(s.DB.AnswerQuestion(r.Context(), scopeOf(r), s.by(r), a)); err != nil {
			return err
		}
	}
	if !f.ok() {
		body.Errors = f.Errors
		return s.questionRender(w, r, body, http.StatusUnprocessableEntity)
	}
	say := "question.answered"
	if body.Line.Promised && a.ToldOn == "" {
		say = "question.answered_tell"
	}
	return s.done(w, r, "/questions/"+string(body.Line.ID), t(r, say), "")
}

// questionTold keeps the promise: the asker knows the answer; an empty day takes that back.
func (s *Server) questionTold(w http.ResponseWriter, r *http.Request) error {
	f, at := readForm(r), "/questions/"+r.PathValue("id")
	on := f.day("on")
	if on == "" && !f.on("undo") {
		on = s.today()
	}
	if f.ok() {
		if err := f.take(s.DB.TellAsker(r.Context(), scopeOf(r), s.by(r), loa.FactID(r.PathValue("id")), on)); err != nil {
			return err
		}
	}
	for _, sentence := range f.Errors {
		s.setFlash(w, r, flash{Kind: "error", Text: sentence})
		http.Redirect(w, r, at, http.StatusSeeOther)
		return nil
	}
	if on == "" {
		return s.done(w, r, at, t(r, "question.told_back"), "")
	}
	return s.done(w, r, at, t(r, "question.told"), at+"/told?undo=1")
}

// questionSimilar answers while somebody writes: what was answered before to words like these.
func (s *Server) questionSimilar(w http.ResponseWriter, r *http.Request) error {
	list, err := s.DB.EarlierAnswers(r.Context(), whoOf(r).Whole, r.FormValue("text"), s.today(), 4)
	if err != nil {
		return err
	}
	return s.part(w, r, "question_form", "similar", list)
}

type promisePage struct {
	Groups   []promiseGroup
	Beyond   []unreachedGroup // those who wrote and cannot be answered there any more
	BeyondN  int
	Total    int
	Ready    int // answered, so that they can be told
	Area     string
	AreaText string
	MayEdit  bool
	Today    loa.Day
	Cut      bool
	Printed  bool // the sheet to take along
	PrintURL string
}

// promiseGroup is what a village still has to be told.
type promiseGroup struct {
	Place string
	Rows  []promiseRow
}

type promiseRow struct {
	store.QuestionLine
	Asker    *askerView
	Owner    officerView
	Days     int
	Outdated bool
}

// promisesShown is how many open promises one list shows; an office with more narrows it to a commune.
const promisesShown = 500

// promiseList is what was promised and not yet told, village by village, for the next visit there.
func (s *Server) promiseList(w http.ResponseWriter, r *http.Request) error {
	f := store.QuestionFilter{State: "promised", Area: loa.AreaID(r.FormValue("area")), Villages: true, Limit: promisesShown}
	list, err := s.DB.Questions(r.Context(), scopeOf(r), f)
	if err != nil {
		return err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	askers, err := s.askers(r, list)
	if err != nil {
		return err
	}
	today := s.today()
	body := promisePage{Total: len(list), Area: string(f.Area), AreaText: places[f.Area], MayEdit: whoOf(r).may(loa.EditOutreach), Today: today, Cut: len(list) == promisesShown}
	for _, l := range list {
		row := promiseRow{QuestionLine: l, Asker: askers[l.Person], Owner: officers.by[l.Owner], Days: max(today.Sub(l.HappenedOn), 0), Outdated: !l.Waits() && !l.Answer.Holds(today)}
		if !l.Waits() && !row.Outdated {
			body.Ready++
		}
		if n := len(body.Groups); n == 0 || body.Groups[n-1].Place != places[l.Area] {
			body.Groups = append(body.Groups, promiseGroup{Place: places[l.Area]})
		}
		g := &body.Groups[len(body.Groups)-1]
		g.Rows = append(g.Rows, row)
	}
	if body.Beyond, body.BeyondN, err = s.unreached(r, f.Area, list); err != nil {
		return err
	}
	body.Printed = r.FormValue("print") != ""
	q := r.URL.Query()
	q.Set("print", "1")
	body.PrintURL = "/questions/promises?" + q.Encode()
	if body.Printed && len(askers)+body.BeyondN > 0 { // names and telephones leave the office
		if err := s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "printed", "people", "promises", "n="+strconv.Itoa(len(askers)+body.BeyondN)); err != nil {
			return err
		}
	}
	return s.render(w, r, "question_promises", page{Title: t(r, "question.promises.title"), Context: t(r, "question.promises.context", body.Total, body.Ready, body.BeyondN), Active: "questions", Body: body})
}

// askers are those who asked, as far as the officer may see them.
func (s *Server) askers(r *http.Request, list []store.QuestionLine) (map[loa.PersonID]*askerView, error) {
	if !whoOf(r).may(loa.ReadPeople) {
		return nil, nil
	}
	var ids []loa.PersonID
	for _, l := range list {
		if l.Person != "" {
			ids = append(ids, l.Person)
		}
	}
	return s.askersByID(r, ids)
}

// promisesKept keys the walked list back: everybody ticked was told on a day.
func (s *Server) promisesKept(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	on := f.day("on")
	if on == "" {
		on = s.today()
	}
	ids, wrote := f.all("told"), f.all("wrote")
	if len(ids)+len(wrote) == 0 {
		f.bad("told", "question.promises.nobody")
	}
	kept := 0
	for _, id := range ids {
		if !f.ok() || len(ids) > promisesShown {
			break
		}
		if err := f.take(s.DB.TellAsker(r.Context(), scopeOf(r), s.by(r), loa.FactID(id), on)); err != nil {
			return err
		}
		if f.ok() {
			kept++
		}
	}
	more, err := s.toldUnreached(r, f, wrote)
	if err != nil {
		return err
	}
	kept += more
	back := "/questions/promises"
	if area := f.text("area"); area != "" {
		back += "?area=" + area
	}
	for _, sentence := range f.Errors {
		s.setFlash(w, r, flash{Kind: "error", Text: sentence})
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil
	}
	undo := ""
	if len(ids) == 1 && len(wrote) == 0 {
		undo = "/questions/" + ids[0] + "/told?undo=1"
	}
	return s.done(w, r, back, t(r, "question.promises.kept", kept), undo)
}
