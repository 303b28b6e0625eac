package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"loa"
	"loa/vn"
)

// sessionForm is the plan of a session as a form: every form of session shows the fields it needs.
type sessionForm struct {
	Action, Cancel          string
	Session                 loa.Session
	Seen                    int64
	AreaText, Start, End    string
	HouseholdText           string
	EmployerText            string
	Checklist               string
	Forms                   []option
	Announce                []option
	Details                 []detailGroup
	Officers                []choiceLine
	Partners                []choiceLine
	Segments                []choiceLine
	Markets, Festivals      []option
	Errors                  map[string]string
	Clashes                 []clashLine
	New                     bool
	Employs, Trades, Knocks string // the forms that ask for an employer, a market, a household, as classes
}

type detailGroup struct {
	Form   string
	Fields []detailField
}

type detailField struct{ Name, Label, Value string }

type choiceLine struct {
	ID, Label, Sub string
	On             bool
}

// employerForms are the forms that may be held at an employer's.
var employerForms = []loa.Form{loa.Conference, loa.SmallGroup, loa.UnionMeeting, loa.JointSession}

func (s *Server) sessionNew(w http.ResponseWriter, r *http.Request) error {
	x := loa.Session{ID: loa.SessionID(loa.NewID()), Form: loa.Form(r.FormValue("form")), Area: loa.AreaID(r.FormValue("area")), Theme: r.FormValue("theme"), Title: vn.Tidy(r.FormValue("title")),
		Household: loa.HouseholdID(r.FormValue("household")), Employer: loa.EmployerID(r.FormValue("employer")), Market: loa.MarketID(r.FormValue("market")), Festival: loa.FestivalID(r.FormValue("festival"))}
	if !x.Form.IsSession() {
		x.Form = loa.SmallGroup
	}
	if d, ok := readDay(r.FormValue("on")); ok {
		x.On = d
	}
	for _, id := range r.Form["segment"] {
		x.Segments = append(x.Segments, loa.SegmentID(id))
	}
	for _, id := range r.Form["partner"] {
		x.Partners = append(x.Partners, loa.PartnerID(id))
	}
	x.Officers = []loa.OfficerID{whoOf(r).Officer.ID}
	if o := loa.OfficerID(r.FormValue("officer")); o != "" {
		x.Officers = []loa.OfficerID{o}
	}
	if x.Area == "" {
		x.Area = whoOf(r).Place
	}
	f := sessionForm{Session: x, Checklist: t(r, "session.checklist.default"), New: true}
	return s.sessionFormPage(w, r, f, 0)
}

func (s *Server) sessionEdit(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	return s.sessionFormPage(w, r, sessionForm{Session: x, Seen: x.ChangeNo, Checklist: checkText(x.Checklist)}, 0)
}

func checkText(items []loa.CheckItem) string {
	lines := make([]string, len(items))
	for i, it := range items {
		lines[i] = it.Text
	}
	return strings.Join(lines, "\n")
}

// sessionFormPage fills in the choices around what was typed.
func (s *Server) sessionFormPage(w http.ResponseWriter, r *http.Request, f sessionForm, status int) error {
	x := f.Session
	n, err := s.sessionNames(r, x.Partners)
	if err != nil {
		return err
	}
	if f.AreaText == "" {
		f.AreaText = n.area[x.Area]
	}
	if f.Start == "" {
		f.Start = clockText(x.StartMin)
	}
	if f.End == "" {
		f.End = clockText(x.EndMin)
	}
	if f.Errors == nil {
		f.Errors = map[string]string{}
	}
	f.Action, f.Cancel = "/sessions/new", "/sessions"
	title := t(r, "session.new.title")
	if !f.New {
		f.Action, f.Cancel, title = "/sessions/"+string(x.ID)+"/edit", sessionURL(x.ID, ""), t(r, "session.edit.title", x.Title)
	}
	if err := s.sessionFormTexts(r, &f); err != nil {
		return err
	}
	f.Forms = optionsOf(r, "form.", loa.SessionForms)
	f.Announce = options(r, "session.public.", []string{"yes", "no"})
	for _, form := range loa.SessionForms {
		g := detailGroup{Form: string(form)}
		for _, name := range loa.FormFields[form] {
			g.Fields = append(g.Fields, detailField{name, t(r, "session.detail."+name), x.Details[name]})
		}
		f.Details = append(f.Details, g)
	}
	doers, err := s.doers(r, x.Officers...)
	if err != nil {
		return err
	}
	for _, o := range doers {
		f.Officers = append(f.Officers, choiceLine{string(o.ID), o.Name, o.Position, slices.Contains(x.Officers, o.ID)})
	}
	for _, p := range n.bodies {
		f.Partners = append(f.Partners, choiceLine{string(p.ID), p.Name, n.area[p.Area], slices.Contains(x.Partners, p.ID)})
	}
	for _, g := range n.list {
		f.Segments = append(f.Segments, choiceLine{string(g.ID), segmentName(r, g), "", slices.Contains(x.Segments, g.ID)})
	}
	if err := s.sessionOccasions(r, &f, n); err != nil {
		return err
	}
	var employs []string
	for _, form := range employerForms {
		employs = append(employs, "for-"+string(form))
	}
	f.Employs, f.Trades, f.Knocks = strings.Join(employs, " "), "for-market", "for-visit"
	return s.render(w, r, "session_form", page{Title: title, Context: t(r, "session.form.context"), Active: "sessions", Body: f, Status: status})
}

// sessionFormTexts are the names of what was chosen by type-ahead.
func (s *Server) sessionFormTexts(r *http.Request, f *sessionForm) error {
	if id := f.Session.Household; id != "" && f.HouseholdText == "" {
		list, err := s.DB.HouseholdCandidates(r.Context(), scopeOf(r), id)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			f.HouseholdText = list[0].Name
		}
	}
	if id := f.Session.Employer; id != "" && f.EmployerText == "" {
		list, err := s.DB.SessionEmployers(r.Context(), scopeOf(r))
		if err != nil {
			return err
		}
		for _, e := range list {
			if e.ID == id {
				f.EmployerText = e.Name
			}
		}
	}
	return nil
}

// sessionOccasions are the markets and the festivals of the coming year, and the one already chosen.
func (s *Server) sessionOccasions(r *http.Request, f *sessionForm, n sessionNames) error {
	markets, err := s.DB.Markets(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	for _, m := range markets {
		f.Markets = append(f.Markets, option{string(m.ID), m.Name + " · " + n.area[m.Area]})
	}
	days, err := s.DB.FestivalDays(r.Context(), scopeOf(r), s.today().AddMonths(-1), s.today().AddMonths(12))
	if err != nil {
		return err
	}
	found := f.Session.Festival == ""
	for _, d := range days[:min(len(days), 200)] {
		if d.Kind == "closed" {
			continue
		}
		found = found || d.ID == f.Session.Festival
		f.Festivals = append(f.Festivals, option{string(d.ID), d.From.Vietnamese() + " · " + d.Name + " · " + n.area[d.Area]})
	}
	if !found {
		f.Festivals = append(f.Festivals, option{string(f.Session.Festival), t(r, "session.chosen")})
	}
	return nil
}

func (s *Server) sessionCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	edit, err := s.readSession(r, f)
	if err != nil {
		return err
	}
	x := loa.Session{ID: loa.SessionID(f.text("id")), State: loa.Planned}
	if !loa.ValidID(string(x.ID)) {
		x.ID = loa.SessionID(loa.NewID())
	}
	if err := f.take(edit(&x)); err != nil {
		return err
	}
	if f.ok() {
		saved, err := s.DB.AddSession(r.Context(), scopeOf(r), s.by(r), x)
		if err := f.take(err); err != nil {
			return err
		}
		if f.ok() {
			if err := s.freezeSegments(r, saved, saved.Segments); err != nil {
				return err
			}
			return s.done(w, r, sessionURL(x.ID, ""), t(r, "session.planned", x.Title), "")
		}
	}
	return s.sessionFormPage(w, r, typedForm(f, x, true), http.StatusUnprocessableEntity)
}

// typedForm shows again what was typed.
func typedForm(f *form, x loa.Session, fresh bool) sessionForm {
	return sessionForm{Session: x, AreaText: f.text("area_text"), Start: f.text("start"), End: f.text("end"), HouseholdText: f.text("household_text"), EmployerText: f.text("employer_text"),
		Checklist: f.text("checklist"), Errors: f.Errors, New: fresh}
}

// sessionUpdate saves a changed plan field by field. What somebody else changed meanwhile stays; a field both changed is shown
// with both values, and nothing is saved until the officer has seen it.
func (s *Server) sessionUpdate(w http.ResponseWriter, r *http.Request) error {
	before, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	edit, err := s.readSession(r, f)
	if err != nil {
		return err
	}
	seen := f.number("seen")
	x := before
	if f.ok() {
		if err := f.take(edit(&x)); err != nil {
			return err
		}
	} else if err := edit(&x); err != nil && loa.KindOf(err) == "" {
		return err
	}
	if f.ok() {
		after, err := s.DB.EditSession(r.Context(), scopeOf(r), s.by(r), before.ID, seen, edit)
		if loa.KindOf(err) == loa.Conflict {
			return s.sessionClash(w, r, f, before.ID, seen, edit)
		}
		if err := f.take(err); err != nil {
			return err
		}
		if f.ok() {
			var fresh []loa.SegmentID
			for _, g := range after.Segments {
				if !slices.Contains(before.Segments, g) || after.Area != before.Area {
					fresh = append(fresh, g)
				}
			}
			if err := s.freezeSegments(r, after, fresh); err != nil {
				return err
			}
			return s.done(w, r, sessionURL(after.ID, ""), t(r, "session.saved"), "")
		}
	}
	again := typedForm(f, x, false)
	again.Seen = seen
	return s.sessionFormPage(w, r, again, http.StatusUnprocessableEntity)
}

func (s *Server) sessionClash(w http.ResponseWriter, r *http.Request, f *form, id loa.SessionID, seen int64, edit func(*loa.Session) error) error {
	merged, now, clashes, err := s.DB.MergedSession(r.Context(), scopeOf(r), id, seen, edit)
	if err != nil {
		return err
	}
	n, err := s.sessionNames(r, merged.Partners)
	if err != nil {
		return err
	}
	again := sessionForm{Session: merged, Seen: now, Checklist: checkText(merged.Checklist), Clashes: sessionClashLines(r, n, clashes)}
	return s.sessionFormPage(w, r, again, http.StatusConflict)
}

// sessionClashLines are clashes in words.
func sessionClashLines(r *http.Request, n sessionNames, clashes []loa.FieldChange) []clashLine {
	out := make([]clashLine, len(clashes))
	for i, c := range clashes {
		out[i] = clashLine{t(r, "session.field."+c.Field), sessionText(r, n, c.Field, c.Old), sessionText(r, n, c.Field, c.New)}
	}
	return out
}

// freezeSegments keeps who of each invited segment was meant, in the session's place and at this moment.
func (s *Server) freezeSegments(r *http.Request, x loa.Session, segments []loa.SegmentID) error {
	for _, g := range segments {
		id, err := s.takeSnapshot(r, g, x.Area, "session", string(x.ID))
		if err != nil {
			return fmt.Errorf("freeze a segment of session %s: %w", x.ID, err)
		}
		if err := s.DB.KeepSnapshot(r.Context(), scopeOf(r), x.ID, g, id); err != nil {
			return err
		}
	}
	return nil
}

// freezeMissing freezes the segments of a session that never were: those invited before anybody printed a list or held it.
func (s *Server) freezeMissing(r *http.Request, x loa.Session) error {
	invited, err := s.DB.Invitations(r.Context(), scopeOf(r), x.ID)
	if err != nil {
		return err
	}
	var missing []loa.SegmentID
	for _, v := range invited {
		if v.Snapshot == "" {
			missing = append(missing, v.Segment)
		}
	}
	return s.freezeSegments(r, x, missing)
}
