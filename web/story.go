package web

import (
	"context"
	"net/http"
	"slices"

	"loa"
	"loa/i18n"
	"loa/store"
)

func (s *Server) storyRoutes() []route {
	return []route{
		{"GET /stories", loa.ReadOutreach, s.storyList},
		{"GET /stories/new", loa.EditOutreach, s.storyNew},
		{"POST /stories/new", loa.EditOutreach, s.storyCreate},
		{"GET /stories/{id}", loa.ReadOutreach, s.storyShow},
		{"GET /stories/{id}/edit", loa.EditOutreach, s.storyEdit},
		{"POST /stories/{id}/edit", loa.EditOutreach, s.storyUpdate},
		{"POST /stories/{id}/approve", loa.EditOutreach, s.storyApprove},
		{"POST /stories/{id}/withdraw", loa.EditOutreach, s.storyWithdraw},
		{"POST /stories/{id}/restore", loa.EditOutreach, s.storyRestore},
		{"GET /stories/{id}/proof", loa.ReadPeople, s.storyProof},
		{"POST /stories/{id}/clips", loa.EditOutreach, s.storyClip},
		{"GET /public/{office}/stories", "", s.public(s.publicStories)},
	}
}

type storyListPage struct {
	Tab       string
	Rows      []storyRow
	State     string
	States    []option
	Scheme    string
	Schemes   []option
	Audience  string
	Audiences []option
	Area      string
	AreaText  string
	Query     string
	Filtered  bool
	MayEdit   bool
	Waiting   int
}

type storyRow struct {
	store.StoryLine
	URL       string
	Place     string
	Change    string
	State     string // draft approved expired withdrawn silenced
	Schemes   string
	Audiences string
	Langs     string
	Author    officerView
	DaysLeft  int
}

// storyStates are the states of the list, in the order of the work; silenced is one that is approved and may not be told.
var storyStates = []string{"draft", "approved", "expired", "withdrawn"}

func storyState(l store.StoryLine, on loa.Day) string {
	switch {
	case l.State == loa.StoryWithdrawn:
		return "withdrawn"
	case l.Silenced != "":
		return "silenced"
	case l.Expired(on):
		return "expired"
	}
	return string(l.State)
}

func (s *Server) storyList(w http.ResponseWriter, r *http.Request) error {
	f := store.StorySearch{State: r.FormValue("state"), Scheme: loa.Scheme(r.FormValue("scheme")), Audience: r.FormValue("audience"), Area: loa.AreaID(r.FormValue("area")), Words: r.FormValue("q"), On: s.today()}
	if !loa.OneOf(f.State, storyStates) {
		f.State = ""
	}
	if !f.Scheme.Valid() {
		f.Scheme = ""
	}
	body := storyListPage{Tab: "stories", State: f.State, Scheme: string(f.Scheme), Audience: f.Audience, Area: string(f.Area), Query: f.Words, MayEdit: whoOf(r).may(loa.EditOutreach),
		States: options(r, "story.state.", storyStates), Schemes: optionsOf(r, "scheme.", loa.Schemes), Audiences: options(r, "segment.", loa.StoryAudiences)}
	body.Filtered = f.State != "" || f.Scheme != "" || f.Audience != "" || f.Area != "" || f.Words != ""
	list, err := s.DB.Stories(r.Context(), scopeOf(r), f)
	if err != nil {
		return err
	}
	if body.Rows, err = s.storyRows(r, list); err != nil {
		return err
	}
	told := 0
	for _, row := range body.Rows {
		switch row.State {
		case "draft":
			body.Waiting++
		case "approved":
			told++
		}
	}
	if f.Area != "" {
		places, err := s.placeNames(r)
		if err != nil {
			return err
		}
		body.AreaText = places[f.Area]
	}
	return s.render(w, r, "story_list", page{Title: t(r, "story.title"), Context: t(r, "story.context", told, body.Waiting), Active: "stories", Body: body})
}

func (s *Server) storyRows(r *http.Request, list []store.StoryLine) ([]storyRow, error) {
	places, err := s.placeNames(r)
	if err != nil {
		return nil, err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	out := make([]storyRow, len(list))
	for i, l := range list {
		row := storyRow{StoryLine: l, URL: "/stories/" + string(l.ID), Place: places[l.Area], State: storyState(l, s.today()), Author: officers.by[l.CreatedBy], DaysLeft: l.Consent.Until.Sub(s.today())}
		if told, ok := l.In(langOf(r)); ok {
			row.Change = told.Change
		} else if len(l.Tellings) > 0 {
			row.Change = l.Tellings[0].Change
		}
		for _, x := range l.Schemes {
			row.Schemes = joinWords(row.Schemes, t(r, "scheme."+string(x)))
		}
		for _, x := range l.Audiences {
			row.Audiences = joinWords(row.Audiences, t(r, "segment."+x))
		}
		for _, x := range l.Tellings {
			row.Langs = joinWords(row.Langs, t(r, "tongue."+x.Lang))
		}
		out[i] = row
	}
	return out, nil
}

// toldView is a story as a page tells it: an office page, a leaflet, or a page for everybody.
type toldView struct {
	loa.Told
	Sound    string // address of its recording; empty without one
	HTMLLang string // of the words
	Tongue   string // the language in words
	Who      string // name and place as agreed
}

// toldStories asks the one door and makes what comes out ready for a page. at is where recordings are heard: clipsHere for officers,
// publicClips for everybody. Nothing of it may be kept.
func (s *Server) toldStories(ctx context.Context, lang string, office loa.OfficeID, f loa.StoryFilter, at string) ([]toldView, error) {
	f.Words = lang
	list, err := s.DB.StoriesFor(ctx, office, f)
	if err != nil {
		return nil, err
	}
	out := make([]toldView, len(list))
	for i, x := range list {
		out[i] = toldView{Told: x, HTMLLang: htmlLang(x.WordsLang), Tongue: i18n.Text(lang, "tongue."+x.Lang), Who: x.Name}
		if x.Place != "" {
			out[i].Who += ", " + x.Place
		}
		if x.Clip != "" {
			out[i].Sound = soundURL(at, x.Clip)
		}
	}
	return out, nil
}

// htmlLang is the language tag of a tongue, as screen readers know it.
func htmlLang(tongue string) string {
	tags := map[string]string{"vietnamese": "vi", "english": "en", "mong": "hmn", "thai": "blt", "dao": "ium", "kho_mu": "kjg", "hoa": "zh"}
	return tags[tongue]
}

type storyShowPage struct {
	Row        storyRow
	Why        string // it cannot be told: the sentence
	MayEdit    bool
	MayApprove bool
	Own        bool
	Tellings   []tellingView
	Clips      []clipRow
	Person     *askerView
	Hidden     bool // there is a person the officer may not see
	How        string
	Heard      officerView
	Approver   officerView
	Ender      officerView
	Uses       []useView
	Printed    []useView
	History    []historyLine
	Shown      []toldView // as it is told now
	Recorder   recorderView
	Errors     map[string]string
}

type tellingView struct {
	loa.Telling
	Tongue, HTMLLang string
}

type useView struct {
	loa.StoryUse
	What string
	When string
	Who  officerView
}

func (s *Server) storyShow(w http.ResponseWriter, r *http.Request) error {
	return s.storyPage(w, r, nil)
}

// storyPage is the page of one story, again with what was wrong in a form on it.
func (s *Server) storyPage(w http.ResponseWriter, r *http.Request, f *form) error {
	l, err := s.DB.Story(r.Context(), scopeOf(r), loa.StoryID(r.PathValue("id")))
	if err != nil {
		return err
	}
	rows, err := s.storyRows(r, []store.StoryLine{l})
	if err != nil {
		return err
	}
	me := whoOf(r)
	b := storyShowPage{Row: rows[0], MayEdit: me.may(loa.EditOutreach), How: t(r, "consent.how."+l.Consent.How), Errors: map[string]string{}}
	status := 0
	if f != nil {
		b.Errors, status = f.Errors, http.StatusUnprocessableEntity
	}
	b.Own = me.Officer.ID == l.CreatedBy || me.Officer.ID == l.ChangedBy
	b.MayApprove = b.MayEdit && l.Silenced == "" && l.MayApprove(me.Officer.ID, s.today()) == nil
	if l.Silenced != "" {
		why := "story_" + l.Silenced // story_refused, story_died
		b.Why = t(r, "error."+why)
	}
	for _, x := range l.Tellings {
		b.Tellings = append(b.Tellings, tellingView{x, t(r, "tongue."+x.Lang), htmlLang(x.Lang)})
	}
	if err := s.storyFolk(r, &b); err != nil {
		return err
	}
	clips, err := s.DB.Clips(r.Context(), scopeOf(r), loa.StoryKey(l.ID))
	if err != nil {
		return err
	}
	if b.Clips, err = s.clipRows(r, clips); err != nil {
		return err
	}
	if b.History, err = s.recordHistory(r, string(l.ID), "story"); err != nil {
		return err
	}
	if b.Row.State == "approved" {
		for _, lang := range loa.Tongues {
			shown, err := s.toldStories(r.Context(), langOf(r), me.Office.ID, loa.StoryFilter{On: s.today(), Lang: lang}, clipsHere)
			if err != nil {
				return err
			}
			b.Shown = append(b.Shown, slices.DeleteFunc(shown, func(x toldView) bool { return x.Story != l.ID })...)
		}
	}
	b.Recorder = recorderView{Action: "/stories/" + string(l.ID) + "/clips", Langs: options(r, "tongue.", loa.Tongues), Errors: b.Errors}
	microphone(w)
	context := b.Row.Place
	if b.Row.Change != "" {
		context = b.Row.Change + " · " + context
	}
	return s.render(w, r, "story_show", page{Title: b.Row.Name, Context: context, Active: "stories", Body: b, Status: status})
}

// storyFolk fills who is behind a story: the person, for those who may see people, the officers, and where it was used.
func (s *Server) storyFolk(r *http.Request, b *storyShowPage) error {
	l := b.Row
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	b.Heard, b.Approver, b.Ender = officers.by[l.Consent.Officer], officers.by[l.ApprovedBy], officers.by[l.EndedBy]
	if b.Person, err = s.asker(r, l.Person); err != nil {
		return err
	}
	b.Hidden = l.Person != "" && b.Person == nil
	uses, err := s.DB.StoryUses(r.Context(), scopeOf(r), l.ID)
	if err != nil {
		return err
	}
	for _, u := range uses {
		v := useView{StoryUse: u, What: t(r, "story.use."+u.Kind), When: moment(u.At), Who: officers.by[u.By]}
		b.Uses = append(b.Uses, v)
		if u.Printed() {
			b.Printed = append(b.Printed, v)
		}
	}
	return nil
}
