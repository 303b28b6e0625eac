package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"loa"
	"loa/answering"
	"loa/i18n"
	"loa/policy"
	"loa/store"
)

func (s *Server) answerRoutes() []route {
	return []route{
		{"GET /answers", loa.ReadOutreach, s.answerList},
		{"POST /answers/offer", loa.EditOutreach, s.answerOffer},
		{"POST /answers/approve", loa.EditOutreach, s.answerApprove},
		{"GET /answers/new", loa.EditOutreach, s.answerNew},
		{"POST /answers/new", loa.EditOutreach, s.answerSave},
		{"GET /answers/{id}", loa.ReadOutreach, s.answerShow},
		{"GET /answers/{id}/edit", loa.EditOutreach, s.answerEdit},
		{"POST /answers/{id}/edit", loa.EditOutreach, s.answerSave},
		{"POST /answers/{id}/state", loa.EditOutreach, s.answerState},
	}
}

// answerTabs are the parts of the page, in the order of the work.
var answerTabs = []string{"usable", "submitted", "draft", "outdated", "withdrawn", "all"}

type answerListPage struct {
	Tabs     []questionTab
	Tab      string
	Query    string
	Topic    string
	Topics   []option
	Rows     []answerRow
	Filtered bool
	MayEdit  bool
	ToOffer  int
	Offered  int
	Approve  []loa.ReadyAnswerID // shown ones that this officer may approve
}

type answerRow struct {
	loa.ReadyAnswer
	tab                                                  string
	URL, Question, Text, TopicText, StateText, StateKind string
	Next                                                 store.AnswerNext
}

// stateOfAnswer is how an answer stands on a day: a word of answer.state.
func stateOfAnswer(a loa.ReadyAnswer, on loa.Day, blocked bool) (word, kind string) {
	switch {
	case a.Outdated(on):
		return "outdated", "late"
	case a.State == loa.ScriptApproved && a.From > on:
		return "later", "grey"
	case a.State == loa.ScriptApproved && blocked:
		return "blocked", "late"
	case a.State == loa.ScriptApproved:
		return "usable", "paid"
	case a.State == loa.ScriptWithdrawn:
		return "withdrawn", "lost"
	}
	return string(a.State), "grey"
}

// tabOf is the part of the page an answer stands in.
func tabOf(word string) string {
	switch word {
	case "blocked", "later":
		return "outdated"
	}
	return word
}

// told is an answer in the page's language first, filled with the figures of a day; why it cannot be is said instead.
func (s *Server) told(r *http.Request, law policy.Parameters, a loa.ReadyAnswer, lang string) (loa.AnswerText, string) {
	order, as := []string{"vietnamese", "english"}, "vi"
	if lang == "english" {
		order, as = []string{"english", "vietnamese"}, "en"
	}
	text, ok := a.In(order...)
	if !ok {
		return text, ""
	}
	filled, err := answering.Fill(text.Text, law, s.today(), as)
	if err == nil {
		text.Text = filled
		return text, ""
	}
	var e *loa.Error
	if errors.As(err, &e) {
		return text, i18n.Text(langOf(r), "error."+e.Code, e.Args...)
	}
	return text, err.Error()
}

func pageTongue(r *http.Request) string {
	if langOf(r) == "en" {
		return "english"
	}
	return "vietnamese"
}

func (s *Server) answerList(w http.ResponseWriter, r *http.Request) error {
	ctx, me := r.Context(), whoOf(r)
	body := answerListPage{Tab: r.FormValue("state"), Query: r.FormValue("q"), Topic: r.FormValue("topic"), Topics: options(r, "answer.topic.", loa.AnswerTopics), MayEdit: me.may(loa.EditOutreach)}
	list, err := s.DB.ReadyAnswers(ctx, me.Whole)
	if err != nil {
		return err
	}
	law, err := s.law(r)
	if err != nil {
		return err
	}
	next, err := s.DB.AnswerNexts(ctx, scopeOf(r))
	if err != nil {
		return err
	}
	if body.ToOffer, err = s.toOffer(list); err != nil {
		return err
	}
	if body.Query != "" {
		list = answering.NewIndex(list).Find(body.Query, true, 500)
	}
	counts, rows := map[string]int64{}, []answerRow{}
	for _, a := range list {
		if body.Topic != "" && a.Topic != body.Topic {
			continue
		}
		text, blocked := s.told(r, law, a, pageTongue(r))
		word, kind := stateOfAnswer(a, s.today(), blocked != "")
		counts[tabOf(word)]++
		counts["all"]++
		rows = append(rows, answerRow{ReadyAnswer: a, tab: tabOf(word), URL: "/answers/" + string(a.ID), Question: text.Question, Text: shortened(text.Text, 220), TopicText: t(r, "answer.topic."+a.Topic), StateText: t(r, "answer.state."+word), StateKind: kind, Next: next[a.ID]})
	}
	if !loa.OneOf(body.Tab, answerTabs) {
		body.Tab = "usable"
		if counts["usable"] == 0 && counts["submitted"] > 0 {
			body.Tab = "submitted"
		}
		if body.Query != "" {
			body.Tab = "all"
		}
	}
	for _, row := range rows {
		if body.Tab == "all" || row.tab == body.Tab {
			body.Rows = append(body.Rows, row)
			if row.State == loa.ScriptSubmitted && row.Author != me.Officer.ID && row.ChangedBy != me.Officer.ID {
				body.Approve = append(body.Approve, row.ID)
			}
		}
	}
	for _, tab := range answerTabs {
		q := r.URL.Query()
		q.Set("state", tab)
		body.Tabs = append(body.Tabs, questionTab{tab, t(r, "answer.tab."+tab), "/answers?" + q.Encode(), counts[tab], tab == body.Tab})
	}
	body.Filtered = body.Query != "" || body.Topic != ""
	offered, err := answering.All()
	body.Offered = len(offered)
	if err != nil {
		return err
	}
	return s.render(w, r, "answer_list", page{Title: t(r, "answer.title"), Context: t(r, "answer.context", counts["usable"], counts["submitted"], counts["outdated"]), Active: "answers", Body: body})
}

// toOffer is how many of the answers that come with the program the office has not taken over.
func (s *Server) toOffer(have []loa.ReadyAnswer) (int, error) {
	offered, err := answering.All()
	n := 0
	for _, o := range offered {
		if !slices.ContainsFunc(have, func(a loa.ReadyAnswer) bool { return a.Key == o.Key }) {
			n++
		}
	}
	return n, err
}

// answerOffer takes the answers over that come with the program; they wait for somebody else's approval.
func (s *Server) answerOffer(w http.ResponseWriter, r *http.Request) error {
	offered, err := answering.All()
	if err != nil {
		return err
	}
	var list []loa.ReadyAnswer
	for _, o := range offered {
		list = append(list, o.Draft(loa.ReadyAnswerID(loa.NewID()), whoOf(r).Office.ID, whoOf(r).Office.Anchor))
	}
	n, err := s.DB.OfferReadyAnswers(r.Context(), whoOf(r).Whole, s.by(r), list, true)
	if err != nil {
		return err
	}
	return s.done(w, r, "/answers?state=submitted", t(r, "answer.offered", n), "")
}

// answerApprove approves those of a page that somebody else wrote.
func (s *Server) answerApprove(w http.ResponseWriter, r *http.Request) error {
	var ids []loa.ReadyAnswerID
	for _, id := range readForm(r).all("id") {
		ids = append(ids, loa.ReadyAnswerID(id))
	}
	f := readForm(r)
	n, err := s.DB.ApproveReadyAnswers(r.Context(), whoOf(r).Whole, s.by(r), ids)
	if err := f.take(err); err != nil {
		return err
	}
	for _, sentence := range f.Errors {
		s.setFlash(w, r, flash{Kind: "error", Text: sentence})
		http.Redirect(w, r, "/answers?state=submitted", http.StatusSeeOther)
		return nil
	}
	return s.done(w, r, "/answers", t(r, "answer.approved_n", n), "")
}

type answerShowPage struct {
	A          loa.ReadyAnswer
	At         string
	Versions   []answerVersion
	Told       []answerTold
	StateText  string
	StateKind  string
	TopicText  string
	Author, By officerView
	Next       store.AnswerNext
	Confirm    bool
	MayEdit    bool
	MayApprove bool
	Waits      bool // for somebody else
	Errors     map[string]string
}

type answerVersion struct {
	N                   int
	State, When, Text   string
	From, Until         loa.Day
	Author, By          officerView
	Why, Question, Kind string
}

type answerTold struct{ Lang, Question, Text, Raw, Blocked string }

func (s *Server) answerShow(w http.ResponseWriter, r *http.Request) error {
	versions, err := s.DB.ReadyAnswer(r.Context(), whoOf(r).Whole, loa.ReadyAnswerID(r.PathValue("id")))
	if err != nil {
		return err
	}
	law, err := s.law(r)
	if err != nil {
		return err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	next, err := s.DB.AnswerNexts(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	a, me := versions[0], whoOf(r)
	body := &answerShowPage{A: a, At: "/answers/" + string(a.ID), TopicText: t(r, "answer.topic."+a.Topic), Author: officers.by[a.Author], By: officers.by[a.ApprovedBy], Next: next[a.ID], MayEdit: me.may(loa.EditOutreach)}
	own := a.Author == me.Officer.ID || a.ChangedBy == me.Officer.ID
	body.MayApprove, body.Waits = body.MayEdit && a.State == loa.ScriptSubmitted && !own, a.State == loa.ScriptSubmitted && own
	blockedAny := false
	for _, text := range a.Texts {
		told, blocked := s.told(r, law, loa.ReadyAnswer{Texts: []loa.AnswerText{text}}, text.Lang)
		blockedAny = blockedAny || blocked != ""
		body.Told = append(body.Told, answerTold{t(r, "tongue."+text.Lang), text.Question, told.Text, text.Text, blocked})
	}
	word, kind := stateOfAnswer(a, s.today(), blockedAny)
	body.StateText, body.StateKind = t(r, "answer.state."+word), kind
	for _, v := range versions {
		text, _ := v.In(pageTongue(r), "vietnamese")
		word, kind := stateOfAnswer(v, s.today(), false)
		body.Versions = append(body.Versions, answerVersion{N: v.Version, State: t(r, "answer.state."+word), Kind: kind, When: moment(v.CreatedAt), Text: text.Text, Question: text.Question, From: v.From, Until: v.Until, Author: officers.by[v.Author], By: officers.by[v.ApprovedBy], Why: v.Why})
	}
	offered, err := answering.All()
	if err != nil {
		return err
	}
	for _, o := range offered {
		body.Confirm = body.Confirm || a.Key != "" && o.Key == a.Key && o.Confirm
	}
	title, _ := a.In(pageTongue(r), "vietnamese")
	return s.render(w, r, "answer_show", page{Title: title.Question, Context: body.TopicText, Active: "answers", Body: body})
}

type answerFormPage struct {
	A              loa.ReadyAnswer
	Action, Cancel string
	Langs          []answerLang
	Topics         []option
	New            bool
	Approved       bool
	Errors         map[string]string
}

type answerLang struct{ Key, Label, Question, Text, QuestionError, TextError string }

// answerLangs are the languages the form offers: those every office needs, and those of its people.
var answerLangs = []string{"vietnamese", "english", "mong", "thai"}

func (s *Server) answerNew(w http.ResponseWriter, r *http.Request) error {
	a := loa.ReadyAnswer{Topic: loa.AnswerTopics[0], From: s.today()}
	if q := r.FormValue("question"); q != "" {
		a.Texts = []loa.AnswerText{{Lang: "vietnamese", Question: shortened(q, 490)}}
	}
	return s.answerForm(w, r, a, nil, 0)
}

func (s *Server) answerEdit(w http.ResponseWriter, r *http.Request) error {
	versions, err := s.DB.ReadyAnswer(r.Context(), whoOf(r).Whole, loa.ReadyAnswerID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.answerForm(w, r, versions[0], nil, 0)
}

func (s *Server) answerForm(w http.ResponseWriter, r *http.Request, a loa.ReadyAnswer, wrong map[string]string, status int) error {
	body := answerFormPage{A: a, Action: "/answers/new", Cancel: "/answers", Topics: options(r, "answer.topic.", loa.AnswerTopics), New: a.ID == "", Approved: a.State == loa.ScriptApproved, Errors: wrong}
	title := t(r, "answer.new_title")
	if a.ID != "" {
		body.Cancel = "/answers/" + string(a.ID)
		body.Action, title = body.Cancel+"/edit", t(r, "answer.edit_title")
	}
	for _, lang := range answerLangs {
		text, _ := a.In(lang)
		body.Langs = append(body.Langs, answerLang{lang, t(r, "tongue."+lang), text.Question, text.Text, wrong[lang+"_question"], wrong[lang+"_text"]})
	}
	return s.render(w, r, "answer_form", page{Title: title, Active: "answers", Body: body, Status: status})
}

func (s *Server) answerSave(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	a := loa.ReadyAnswer{ID: loa.ReadyAnswerID(r.PathValue("id")), Area: whoOf(r).Office.Anchor}
	if a.ID != "" {
		versions, err := s.DB.ReadyAnswer(r.Context(), whoOf(r).Whole, a.ID)
		if err != nil {
			return err
		}
		a = versions[0]
	}
	isNew := a.ID == ""
	a.Topic, a.Cites, a.From, a.Until, a.Texts = f.text("topic"), f.text("cites"), f.day("from"), f.day("until"), nil
	for _, lang := range answerLangs {
		if q, text := f.text(lang+"_question"), f.text(lang+"_text"); q != "" || text != "" {
			a.Texts = append(a.Texts, loa.AnswerText{Lang: lang, Question: q, Text: text})
		}
	}
	law, err := s.law(r)
	if err != nil {
		return err
	}
	for _, text := range a.Texts {
		if _, err := answering.Fill(text.Text, law, s.today(), "vi"); err != nil {
			var e *loa.Error
			if errors.As(err, &e) && (e.Code == "no_such_place" || e.Code == "brace_open") { // a figure that today's law only lacks blocks its use, not its writing
				f.bad(text.Lang+"_text", "error."+e.Code, e.Args...)
			}
		}
	}
	if f.ok() {
		if isNew {
			a.ID = loa.ReadyAnswerID(loa.NewID())
		}
		saved, err := s.DB.SaveReadyAnswer(r.Context(), whoOf(r).Whole, s.by(r), a)
		if err := f.take(err); err != nil {
			return err
		}
		a.State = saved.State
	}
	if !f.ok() {
		if isNew {
			a.ID = ""
		}
		return s.answerForm(w, r, a, f.Errors, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, "/answers/"+url.PathEscape(string(a.ID)), t(r, "answer.saved"), "")
}

// answerState moves an answer on: submitted, approved by somebody else, sent back, withdrawn.
func (s *Server) answerState(w http.ResponseWriter, r *http.Request) error {
	f, id := readForm(r), loa.ReadyAnswerID(r.PathValue("id"))
	acts := map[string]struct {
		act, say string
		do       func(a *loa.ReadyAnswer) error
	}{
		"submit":    {"submitted", "answer.submitted", func(a *loa.ReadyAnswer) error { return a.Submit() }},
		"approve":   {"approved", "answer.approved", func(a *loa.ReadyAnswer) error { return a.Approve(s.by(r)) }},
		"send_back": {"sent_back", "answer.sent_back", func(a *loa.ReadyAnswer) error { return a.SendBack(f.text("why")) }},
		"withdraw":  {"withdrawn", "answer.withdrawn", func(a *loa.ReadyAnswer) error { return a.Withdraw(f.text("why")) }},
	}
	act, known := acts[f.text("do")]
	if !known {
		return loa.ErrNotFound
	}
	_, err := s.DB.ChangeReadyAnswer(r.Context(), whoOf(r).Whole, s.by(r), id, act.act, act.do)
	if err := f.take(err); err != nil {
		return err
	}
	at := "/answers/" + string(id)
	for _, sentence := range f.Errors {
		s.setFlash(w, r, flash{Kind: "error", Text: sentence})
		http.Redirect(w, r, at, http.StatusSeeOther)
		return nil
	}
	return s.done(w, r, at, t(r, act.say), "")
}
