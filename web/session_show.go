package web

import (
	"net/http"
	"slices"
	"strings"

	"loa"
)

type sessionPage struct {
	Session     loa.Session
	Tab         string
	Tabs        []tabLink
	Where       string
	DayText     string
	Lunar       string
	Marks       []string
	Time        string
	Officers    []officerView
	Partners    []string
	Details     []detailField
	Link        sessionLink // the household, employer, market or festival of the form
	Heads       int
	Named       int
	Next        *nextAction
	Late        bool
	MayEdit     bool
	MayNames    bool
	MayHold     bool // its day has come and it is not cancelled
	Errors      map[string]string
	Form        map[string]string
	Clashes     []clashLine
	History     []fieldLine
	Corrections []correctionLine

	Prepare *preparePage
	Hold    *holdPage
	After   *afterPage
}

// tabLink is one of several views of a page, or of a list.
type tabLink struct {
	Label, URL string
	On         bool
}

// fieldLine is one change of one field: who, when, before and after.
type fieldLine struct{ At, Field, Old, New, Officer string }

type sessionLink struct{ Label, Text, URL string }

// correctionLine is one correction of the count: what stood, what stands, why.
type correctionLine struct{ At, What, Old, New, Why, Officer string }

var sessionTabs = []string{"prepare", "hold", "after"}

func (s *Server) sessionShow(w http.ResponseWriter, r *http.Request) error {
	body, err := s.sessionBody(r, r.FormValue("tab"))
	if err != nil {
		return err
	}
	return s.sessionPage(w, r, body, 0)
}

func (s *Server) sessionPage(w http.ResponseWriter, r *http.Request, body *sessionPage, status int) error {
	x := body.Session
	context := t(r, "form."+string(x.Form)) + " · " + body.DayText
	if body.Time != "" {
		context += " · " + body.Time
	}
	context += " · " + body.Where
	return s.render(w, r, "session_show", page{Title: x.Title, Context: context, Active: "sessions", Body: body, Status: status})
}

// sessionBody is everything one tab of the page shows.
func (s *Server) sessionBody(r *http.Request, tab string) (*sessionPage, error) {
	x, err := s.sessionOf(r)
	if err != nil {
		return nil, err
	}
	n, err := s.sessionNames(r, x.Partners)
	if err != nil {
		return nil, err
	}
	today := s.today()
	body := &sessionPage{Session: x, Tab: tab, Where: n.where(x.Area), DayText: s.shortDay(r, x.On) + x.On.Vietnamese()[5:], Lunar: shortLunar(r, x.On), Errors: map[string]string{}, Form: map[string]string{},
		Late: x.State == loa.Planned && x.On < today, MayHold: x.State != loa.Cancelled && x.On <= today}
	if body.Time = clockText(x.StartMin); body.Time != "" && x.EndMin > 0 {
		body.Time += "–" + clockText(x.EndMin)
	}
	if body.MayEdit, err = s.mayHere(r, loa.EditOutreach, x.Area); err != nil {
		return nil, err
	}
	if body.MayNames, err = s.mayHere(r, loa.ReadPeople, x.Area); err != nil {
		return nil, err
	}
	if !slices.Contains(sessionTabs, tab) {
		body.Tab = usualTab(x, today)
	}
	for _, name := range sessionTabs {
		body.Tabs = append(body.Tabs, tabLink{t(r, "session.tab."+name), sessionURL(x.ID, name), name == body.Tab})
	}
	marks, err := s.dayMarks(r)
	if err != nil {
		return nil, err
	}
	body.Marks = marks(x.On, x.Area)
	for _, o := range x.Officers {
		if v := n.officers.by[o]; v.Name != "" {
			body.Officers = append(body.Officers, v)
		}
	}
	for _, p := range x.Partners {
		body.Partners = append(body.Partners, n.partners[p].Name)
	}
	for _, f := range loa.FormFields[x.Form] {
		if v := x.Details[f]; v != "" {
			body.Details = append(body.Details, detailField{f, t(r, "session.detail."+f), v})
		}
	}
	if err := s.sessionLinkOf(r, body); err != nil {
		return nil, err
	}
	all, err := s.DB.Attendances(r.Context(), scopeOf(r), x.ID)
	if err != nil {
		return nil, err
	}
	body.Heads, body.Named = loa.Heads(all)
	body.Next = s.sessionNext(r, body)
	switch body.Tab {
	case "prepare":
		err = s.prepareTab(r, body, n)
	case "hold":
		err = s.holdTab(r, body, n, all)
	default:
		err = s.afterTab(r, body, n, all)
	}
	return body, err
}

// usualTab is the one an officer most likely came for.
func usualTab(x loa.Session, today loa.Day) string {
	switch {
	case x.State == loa.Cancelled || x.On > today:
		return "prepare"
	case x.State == loa.Planned || x.On == today:
		return "hold"
	}
	return "after"
}

// sessionNext is the one thing to do next.
func (s *Server) sessionNext(r *http.Request, body *sessionPage) *nextAction {
	x, today := body.Session, s.today()
	switch {
	case x.State == loa.Cancelled:
		return &nextAction{When: t(r, "session_state.cancelled"), What: t(r, "session.next.cancelled"), Text: x.Why, Late: false}
	case x.State == loa.Planned && x.On < today:
		return &nextAction{When: t(r, "session.next.days_ago", today.Sub(x.On)), What: t(r, "session.next.unrecorded"), Text: t(r, "session.next.unrecorded_text"), Late: true}
	case x.State == loa.Planned && x.On == today:
		return &nextAction{When: t(r, "session.next.today"), What: t(r, "session.next.begin"), Text: t(r, "session.next.begin_text"), URL: sessionURL(x.ID, "hold"), Button: t(r, "session.next.open")}
	case x.State == loa.Planned:
		done := 0
		for _, c := range x.Checklist {
			if c.Done {
				done++
			}
		}
		return &nextAction{When: t(r, "session.next.days", x.On.Sub(today)), What: t(r, "session.next.prepare", done, len(x.Checklist)), Text: t(r, "session.next.prepare_text")}
	case x.Minutes == "" && x.On < today:
		return &nextAction{When: t(r, "session_state.held"), What: t(r, "session.next.minutes"), Text: t(r, "session.next.minutes_text"), URL: sessionURL(x.ID, "after") + "#minutes", Button: t(r, "session.next.write")}
	}
	return nil
}

// sessionLinkOf names the household, employer, market or festival the form asks for.
func (s *Server) sessionLinkOf(r *http.Request, body *sessionPage) error {
	x := body.Session
	switch {
	case x.Household != "" && body.MayNames:
		list, err := s.DB.HouseholdCandidates(r.Context(), scopeToo(r, loa.ReadPeople), x.Household)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			body.Link = sessionLink{t(r, "session.household"), list[0].Name, "/households/" + string(x.Household)}
		}
	case x.Employer != "":
		all, err := s.DB.SessionEmployers(r.Context(), scopeOf(r))
		if err != nil {
			return err
		}
		for _, e := range all {
			if e.ID == x.Employer {
				body.Link = sessionLink{t(r, "session.employer"), e.Name, ""}
				if s.stands("/employers") {
					body.Link.URL = "/employers/" + string(e.ID)
				}
			}
		}
	case x.Market != "":
		all, err := s.DB.Markets(r.Context(), scopeOf(r))
		if err != nil {
			return err
		}
		for _, m := range all {
			if m.ID == x.Market {
				body.Link = sessionLink{Label: t(r, "session.market"), Text: m.Name}
			}
		}
	case x.Festival != "":
		days, err := s.DB.FestivalDays(r.Context(), scopeOf(r), x.On.AddMonths(-12), x.On.AddMonths(12))
		if err != nil {
			return err
		}
		for _, d := range days {
			if d.ID == x.Festival {
				body.Link = sessionLink{Label: t(r, "session.festival"), Text: d.Name}
			}
		}
	}
	return nil
}

// sessionAgain answers a form of the page that was refused: nothing typed is lost, and each mistake stands by its field.
func (s *Server) sessionAgain(w http.ResponseWriter, r *http.Request, tab string, f *form) error {
	body, err := s.sessionBody(r, tab)
	if err != nil {
		return err
	}
	body.Errors = f.Errors
	for k := range r.Form {
		body.Form[k] = f.text(k)
	}
	if r.Header.Get("HX-Request") != "" && tab == "hold" {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusUnprocessableEntity)
		return s.part(w, r, "session_show", "hold", body)
	}
	return s.sessionPage(w, r, body, http.StatusUnprocessableEntity)
}

// sessionState moves a session between planned, held and cancelled. Every move keeps a version, and each can be taken back.
func (s *Server) sessionState(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	to, why := loa.SessionState(f.text("to")), limited(strings.TrimSpace(f.text("why")), 500)
	edit := map[loa.SessionState]func(*loa.Session) error{
		loa.Planned:   func(x *loa.Session) error { x.Reopen(); return nil },
		loa.Held:      func(x *loa.Session) error { x.State = loa.Planned; return x.Hold(s.Now()) },
		loa.Cancelled: func(x *loa.Session) error { return x.Cancel(why) },
	}[to]
	if edit == nil {
		return loa.Refuse(loa.Invalid, "to", "not_in_list")
	}
	if _, err := s.DB.EditSession(r.Context(), scopeOf(r), s.by(r), x.ID, 0, edit); f.take(err) != nil {
		return err
	}
	if !f.ok() {
		return s.sessionAgain(w, r, r.FormValue("tab"), f)
	}
	undo := ""
	if x.State != to && x.State != loa.Cancelled { // a cancelling is taken back by hand, with its reason in the history
		undo = "/sessions/" + string(x.ID) + "/state?to=" + string(x.State)
	}
	return s.done(w, r, sessionURL(x.ID, ""), t(r, "session.state."+string(to)), undo)
}

// sessionHistory is what was changed on the plan and in the count: who, when, from what to what.
func (s *Server) sessionHistory(r *http.Request, body *sessionPage, n sessionNames) error {
	versions, err := s.DB.Versions(r.Context(), string(body.Session.ID))
	if err != nil {
		return err
	}
	for _, v := range versions {
		body.History = append(body.History, fieldLine{At: v.RecordedAt.In(loa.Zone).Format("02/01/2006 15:04"), Field: t(r, "session.field."+v.Field), Old: sessionText(r, n, v.Field, v.Old),
			New: sessionText(r, n, v.Field, v.New), Officer: n.officers.by[v.RecordedBy].Name})
	}
	changes, err := s.DB.HeadCorrections(r.Context(), scopeOf(r), body.Session.ID)
	if err != nil {
		return err
	}
	for _, c := range changes[:min(len(changes), 100)] {
		line := correctionLine{At: c.New.RecordedAt.In(loa.Zone).Format("02/01/2006 15:04"), What: cellText(r, loa.HeadCell{Sex: c.Old.Sex, AgeBand: c.Old.AgeBand}), Old: whole(c.Before), New: whole(c.After), Why: c.New.Why,
			Officer: n.officers.by[c.New.RecordedBy].Name}
		if c.Old.Person != "" {
			line.What, line.Old, line.New = t(r, "session.a_name"), whole(c.Old.N), whole(c.New.N)
			if c.New.Void {
				line.New = "–"
			}
		}
		switch c.New.Why {
		case "undo", "unnamed", "named":
			line.Why = t(r, "session.why."+c.New.Why)
		}
		body.Corrections = append(body.Corrections, line)
	}
	return nil
}
