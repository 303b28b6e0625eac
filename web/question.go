package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"loa"
	"loa/store"
)

// questionRoutes are the ledger of questions, with the queue they come in by and the answers that are approved.
func (s *Server) questionRoutes() []route {
	return slices.Concat(s.inboxRoutes(), s.answerRoutes(), []route{
		{"GET /questions", loa.ReadOutreach, s.questionList},
		{"GET /questions/new", loa.EditOutreach, s.questionNew},
		{"POST /questions/new", loa.EditOutreach, s.questionCreate},
		{"GET /questions/similar", loa.ReadOutreach, s.questionSimilar},
		{"GET /questions/promises", loa.ReadOutreach, s.promiseList},
		{"POST /questions/promises", loa.EditOutreach, s.promisesKept},
		{"GET /questions/{id}", loa.ReadOutreach, s.questionShow},
		{"GET /questions/{id}/edit", loa.EditOutreach, s.questionEdit},
		{"POST /questions/{id}/edit", loa.EditOutreach, s.questionUpdate},
		{"POST /questions/{id}/answer", loa.EditOutreach, s.questionAnswer},
		{"POST /questions/{id}/told", loa.EditOutreach, s.questionTold},
		{"POST /questions/{id}/owner", loa.EditOutreach, s.questionOwner},
		{"POST /questions/{id}/asker", loa.EditOutreach, s.questionAsker},
		{"POST /questions/{id}/void", loa.EditOutreach, s.questionVoid},
		{"POST /questions/{id}/restore", loa.EditOutreach, s.questionRestore},
	})
}

// answerLate is how many days a question may wait before the page marks it.
const answerLate = 3

type questionListPage struct {
	Tabs       []questionTab
	State      string
	Age        string
	Ages       []questionAge
	Rows       []questionRow
	Query      string
	Area       string
	AreaText   string
	Segment    string
	Form       string
	Owner      string
	Source     string
	Sources    []option
	Segments   []option
	Forms      []option
	Officers   []option
	Since      loa.Day // of a period: asked from this day on
	Until      loa.Day
	Filtered   bool
	MayEdit    bool
	From, To   int
	Total      int64
	Asked      int64 // how many people asked them
	Newest     int   // a search goes through so many of the newest and found as many; 0: it found all
	Prev, Next string
}

type questionTab struct {
	Key, Label, URL string
	N               int64
	On              bool
}

type questionAge struct {
	Key, Label, URL string
	N               int
	On              bool
}

type questionRow struct {
	store.QuestionLine
	URL      string
	Place    string
	Segment  string
	Owner    officerView
	Days     int
	Late     bool
	Outdated bool
	Via      string // the public page and the link it came through
}

// questionStates are the tabs of the ledger, in the order of the work.
var questionStates = []string{"waiting", "tell", "answered", "outdated", "all"}

// questionAges are the ages of a waiting question: asked today, within the last three days, before that.
func (s *Server) questionAges(f *store.QuestionFilter, age string) {
	today := s.today()
	switch age {
	case "fresh":
		f.From = today
	case "days":
		f.From, f.To = today.Add(-answerLate), today.Add(-1)
	case "late":
		f.To = today.Add(-answerLate - 1)
	}
}

func (s *Server) questionList(w http.ResponseWriter, r *http.Request) error {
	state := r.FormValue("state")
	since, until := readForm(r).day("from"), readForm(r).day("to")
	if !loa.OneOf(state, questionStates) {
		if state = "waiting"; since != "" || until != "" {
			state = "all" // what stands behind a figure of a report
		}
	}
	n := pageNumber(r)
	f := store.QuestionFilter{On: s.today(), Area: loa.AreaID(r.FormValue("area")), Segment: loa.SegmentID(r.FormValue("segment")), Form: loa.Form(r.FormValue("form")),
		Owner: loa.OfficerID(r.FormValue("owner")), Words: r.FormValue("q"), From: since, To: until, Offset: (n - 1) * listPage, Limit: listPage}
	body := questionListPage{Since: since, Until: until, State: state, Age: r.FormValue("age"), Query: f.Words, Area: string(f.Area), Segment: string(f.Segment), Form: string(f.Form), Owner: string(f.Owner), MayEdit: whoOf(r).may(loa.EditOutreach)}
	body.Sources = options(r, "question.source.", []string{"public", "call"})
	if body.Source = r.FormValue("source"); body.Source == "public" {
		f.Page = "public"
	} else if body.Source == "call" {
		f.ToCall = true
	}
	f.Link = loa.LinkID(r.FormValue("link"))
	body.Filtered = f.Page != "" || f.ToCall || f.Link != "" || f.Area != "" || f.Segment != "" || f.Form != "" || f.Owner != "" || f.Words != "" || body.Age != "" || since != "" || until != ""
	var err error
	if body.Tabs, err = s.questionTabs(r, f, state); err != nil {
		return err
	}
	if f.State = state; state == "all" {
		f.State = ""
	}
	f.Newest = state == "answered" || state == "all"
	if state == "waiting" && since == "" && until == "" {
		if body.Ages, err = s.questionAgeLinks(r, body.Age); err != nil {
			return err
		}
	}
	s.questionAges(&f, body.Age)
	if body.Total, err = s.questionCount(r, f); err != nil {
		return err
	}
	if body.Asked, err = s.DB.CountAsked(r.Context(), scopeOf(r), f); err != nil {
		return err
	}
	list, err := s.DB.Questions(r.Context(), scopeOf(r), f)
	if err != nil {
		return err
	}
	for _, tab := range body.Tabs {
		if tab.Key == "all" && f.Words != "" && tab.N >= store.QuestionsFound {
			body.Newest = store.QuestionsFound
		}
	}
	if body.Rows, err = s.questionRows(r, list); err != nil {
		return err
	}
	body.From, body.To = f.Offset+1, f.Offset+len(list)
	body.Prev, body.Next = pageLinks(r, n, int64(body.To) < body.Total)
	if err := s.questionChoices(r, &body); err != nil {
		return err
	}
	var waiting, tell int64
	for _, tab := range body.Tabs {
		switch tab.Key {
		case "waiting":
			waiting = tab.N
		case "tell":
			tell = tab.N
		}
	}
	return s.render(w, r, "question_list", page{Title: t(r, "question.title."+state), Context: t(r, "question.context", waiting, tell), Active: "questions", Query: "", Body: body})
}

// questionTabs count every state under the same filters.
func (s *Server) questionTabs(r *http.Request, f store.QuestionFilter, state string) ([]questionTab, error) {
	var out []questionTab
	for _, key := range questionStates {
		f.State = key
		if key == "all" {
			f.State = ""
		}
		n, err := s.questionCount(r, f)
		if err != nil {
			return nil, err
		}
		q := without(r.URL.Query(), "page", "age")
		q.Set("state", key)
		out = append(out, questionTab{key, t(r, "question.tab."+key), "/questions?" + q.Encode(), n, key == state})
	}
	return out, nil
}

// questionCount counts what a filter asks for, kept until something changes.
func (s *Server) questionCount(r *http.Request, f store.QuestionFilter) (int64, error) {
	f.Offset, f.Limit, f.Newest = 0, 0, false
	r = steady(r)
	return keep(s, r, fmt.Sprintf("questions %+v %s", f, rangesOf(scopeOf(r))), func() (int64, error) { return s.DB.CountQuestions(r.Context(), scopeOf(r), f) })
}

func without(q url.Values, keys ...string) url.Values {
	for _, k := range keys {
		q.Del(k)
	}
	return q
}

func (s *Server) questionAgeLinks(r *http.Request, age string) ([]questionAge, error) {
	young, middle, late, err := s.DB.QuestionAges(r.Context(), scopeOf(r), s.today(), s.today().Add(-answerLate))
	if err != nil {
		return nil, err
	}
	var out []questionAge
	for _, x := range []struct {
		key, label string
		n          int
	}{{"fresh", "today.age0", young}, {"days", "today.age1", middle}, {"late", "today.age2", late}} {
		q := without(r.URL.Query(), "page", "age")
		if age != x.key {
			q.Set("age", x.key) // the one that is on takes itself off
		}
		out = append(out, questionAge{x.key, t(r, x.label, x.n), "/questions?" + q.Encode(), x.n, age == x.key})
	}
	return out, nil
}

func (s *Server) questionRows(r *http.Request, list []store.QuestionLine) ([]questionRow, error) {
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
	today := s.today()
	out := make([]questionRow, len(list))
	for i, l := range list {
		days := max(today.Sub(l.HappenedOn), 0)
		out[i] = questionRow{QuestionLine: l, URL: "/questions/" + string(l.ID), Place: places[l.Area], Segment: segments[l.Segment], Owner: officers.by[l.Owner], Days: days,
			Via: s.questionVia(r, l), Late: l.Waits() && days > answerLate, Outdated: !l.Waits() && !l.Answer.Holds(today)}
	}
	return out, nil
}

// questionVia says through which public page and link a question came; empty when it came another way.
func (s *Server) questionVia(r *http.Request, l store.QuestionLine) string {
	if l.Page == "" {
		return ""
	}
	via := t(r, "question.via."+l.Page)
	if l.Spoken > 0 {
		via += " · " + t(r, "question.via.code", l.Spoken)
	}
	if l.LinkLabel != "" {
		via += " · " + l.LinkLabel
	}
	return via
}

func (s *Server) segmentNames(r *http.Request) (map[loa.SegmentID]string, error) {
	list, err := s.DB.Segments(r.Context(), whoOf(r).Whole)
	if err != nil {
		return nil, err
	}
	out := make(map[loa.SegmentID]string, len(list))
	for _, seg := range list {
		out[seg.ID] = segmentName(r, seg)
	}
	return out, nil
}

// questionChoices fills what a list can be narrowed to.
func (s *Server) questionChoices(r *http.Request, body *questionListPage) error {
	segments, err := s.DB.Segments(r.Context(), whoOf(r).Whole)
	if err != nil {
		return err
	}
	for _, seg := range segments {
		body.Segments = append(body.Segments, option{string(seg.ID), segmentName(r, seg)})
	}
	body.Forms = optionsOf(r, "form.", loa.AllForms())
	if body.Officers, err = s.officerOptions(r); err != nil {
		return err
	}
	if body.Area != "" {
		names, err := s.placeNames(r)
		if err != nil {
			return err
		}
		body.AreaText = names[loa.AreaID(body.Area)]
	}
	return nil
}

// officerOptions are the officers something can be given to: nobody who only collects or looks on.
func (s *Server) officerOptions(r *http.Request) ([]option, error) {
	list, err := s.doers(r)
	return officerOptionsOf(list), err
}

// shortened cuts a text to about n characters at a word.
func shortened(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	cut := string(runes[:n])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return cut + "…"
}
