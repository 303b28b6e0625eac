package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/auth"
	"loa/paper"
	"loa/store"
)

// preparePage is what stands on the first tab.
type preparePage struct {
	Checks   []checkLine
	Done     int
	Letters  []letterLine
	Written  int
	Segments []invitedLine
	Invited  int
	Sheets   []sheetLine
	Villages []option
	Village  string
}

type checkLine struct {
	loa.CheckItem
	N int
}

type letterLine struct {
	Partner loa.Partner
	No      int64
	On      loa.Day
	SaidYes loa.Day
	Page    string // the address the partner may open without an account
}

type invitedLine struct {
	ID     loa.SegmentID
	Name   string
	Now    int // in the session's place today
	Frozen int
	AsOf   loa.Day
}

type sheetLine struct {
	store.Sheet
	People int
	Maker  string
}

func (s *Server) prepareTab(r *http.Request, body *sessionPage, n sessionNames) error {
	x, p := body.Session, &preparePage{}
	body.Prepare = p
	for i, c := range x.Checklist {
		p.Checks = append(p.Checks, checkLine{c, i})
		if c.Done {
			p.Done++
		}
	}
	letters, err := s.DB.Letters(r.Context(), scopeOf(r), x.ID)
	if err != nil {
		return err
	}
	for _, l := range letters {
		line := letterLine{Partner: n.partners[l.Partner], No: l.No, On: l.On, SaidYes: l.SaidYes}
		if l.Token != "" && body.MayEdit {
			line.Page = "/invitations/" + l.Token
		}
		p.Letters = append(p.Letters, line)
		if l.No > 0 {
			p.Written++
		}
	}
	invited, err := s.DB.Invitations(r.Context(), scopeOf(r), x.ID)
	if err != nil {
		return err
	}
	for _, v := range invited {
		line := invitedLine{ID: v.Segment, Name: n.segments[v.Segment], Frozen: v.N, AsOf: v.AsOf}
		if line.Now, err = s.countIn(r, v.Segment, x.Area); err != nil {
			return err
		}
		p.Segments = append(p.Segments, line)
		p.Invited += v.N
	}
	sheets, err := s.DB.Sheets(r.Context(), scopeOf(r), x.ID)
	if err != nil {
		return err
	}
	for _, sh := range sheets {
		p.Sheets = append(p.Sheets, sheetLine{sh, len(sh.People), n.officers.by[sh.MadeBy].Name})
	}
	p.Village = string(x.Area)
	p.Villages, err = s.villagesAround(r, x.Area)
	return err
}

// countIn is how many of a segment live in a place today.
func (s *Server) countIn(r *http.Request, id loa.SegmentID, area loa.AreaID) (int, error) {
	seg, err := s.DB.Segment(r.Context(), scopeOf(r), id)
	if err != nil {
		return 0, err
	}
	q, x, err := s.query(r, seg.Rule)
	if err != nil {
		return 0, err
	}
	q.Within = q.Under(area)
	return x.Count(q), nil
}

// villagesAround are the villages of the commune an area lies in, or is.
func (s *Server) villagesAround(r *http.Request, area loa.AreaID) ([]option, error) {
	areas, err := s.areas(r)
	if err != nil {
		return nil, err
	}
	up := communeOf(areas)
	var out []option
	for _, a := range areas {
		if up[a.ID] == up[area] && up[a.ID] != "" || a.ID == area {
			out = append(out, option{string(a.ID), s.areaName(r, a)})
		}
	}
	return out, nil
}

// sessionCheck ticks or unticks one line of the checklist; a line is named by its words, so that two officers never undo each other.
func (s *Server) sessionCheck(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	text, done := f.text("text"), f.text("done") == "1"
	_, err = s.DB.EditSession(r.Context(), scopeOf(r), s.by(r), x.ID, 0, func(x *loa.Session) error {
		for i := range x.Checklist {
			if x.Checklist[i].Text == text {
				x.Checklist[i].Done = done
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if r.Header.Get("HX-Request") != "" {
		body, err := s.sessionBody(r, "prepare")
		if err != nil {
			return err
		}
		return s.part(w, r, "session_show", "checks", body)
	}
	http.Redirect(w, r, sessionURL(x.ID, "prepare")+"#checks", http.StatusSeeOther)
	return nil
}

// sessionFreeze keeps the segments anew, as they are today.
func (s *Server) sessionFreeze(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	if err := s.freezeSegments(r, x, x.Segments); err != nil {
		return err
	}
	return s.done(w, r, sessionURL(x.ID, "prepare")+"#segments", t(r, "session.frozen"), "")
}

// letterWrite takes a number for every invitation that has none, then shows them to print.
func (s *Server) letterWrite(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	if len(x.Partners) == 0 {
		return loa.Refuse(loa.Conflict, "", "no_partners")
	}
	if err := s.DB.WriteLetters(r.Context(), scopeOf(r), s.by(r), x.ID, auth.Token); err != nil {
		return err
	}
	http.Redirect(w, r, "/sessions/"+string(x.ID)+"/letters", http.StatusSeeOther)
	return nil
}

// letterShow is the invitations of a session, one sheet of paper for each partner. They are written in Vietnamese whatever the
// officer's pages speak.
func (s *Server) letterShow(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	n, err := s.sessionNames(r, x.Partners)
	if err != nil {
		return err
	}
	letters, err := s.DB.Letters(r.Context(), scopeOf(r), x.ID)
	if err != nil {
		return err
	}
	back := sessionURL(x.ID, "prepare")
	body := &documentPage{File: "giay-moi-" + string(x.On), Crumbs: []crumbLink{{"/sessions", t(r, "rail.sessions")}, {back, x.Title}},
		Empty: &emptyPage{"mail", t(r, "session.no_letters"), t(r, "session.no_partners"), back, t(r, "do.back")}}
	for _, l := range letters {
		if only := r.FormValue("partner"); only != "" && only != string(l.Partner) {
			continue
		}
		link := ""
		if l.Token != "" && s.Secure { // elsewhere the page answers on this machine alone
			link = "https://" + r.Host + "/invitations/" + l.Token
		}
		body.Docs = append(body.Docs, s.maker(r, "vi").letter(x, n, l, link))
	}
	return s.documentOut(w, r, page{Title: t(r, "session.letters.title"), Context: x.Title, Active: "sessions"}, body)
}

// letter is the invitation of one partner to a session.
func (m documentMaker) letter(x loa.Session, n sessionNames, l store.Letter, link string) paper.Document {
	d, p := m.doc("GM", l.No, l.On), n.partners[l.Partner]
	d.Notices = nil // a letter is about a session, and says nothing of people
	d.Kind, d.Subject, d.To = m.say("letter.kind"), m.say("letter.about", x.Title), m.say("report.doc.dear", p.Name)
	d.Text(m.say("letter.opening", fullOffice(m.office.Name), p.Name))
	d.Text(m.say("letter.time", m.when(x)))
	d.Text(m.say("letter.place", placeOf(x, n)))
	if x.Theme != "" {
		d.Text(m.say("letter.content", x.Theme))
	}
	if x.Expected > 0 {
		d.Text(m.say("letter.people", x.Expected))
	}
	if leads := n.leads(x); leads != "" {
		d.Text(m.say("letter.leads", leads))
	}
	if link != "" {
		d.Text(m.say("letter.link", link))
	}
	d.Text(m.say("letter.closing"))
	d.Signs, d.Receivers = []paper.Sign{m.director()}, m.receivers(m.say("report.doc.copy_above"))
	return d
}

// when is the day and hour of a session as a letter says it.
func (m documentMaker) when(x loa.Session) string {
	time := m.say("letter.day", m.say("weekday."+string('0'+rune(x.On.Weekday()))), x.On.Vietnamese())
	if x.StartMin > 0 {
		time = m.say("letter.clock", x.StartMin/60, x.StartMin%60, time)
	}
	return time
}

// placeOf is where a session is: the house, then the village and commune.
func placeOf(x loa.Session, n sessionNames) string {
	place := n.where(x.Area)
	if x.Place != "" && !strings.Contains(place, x.Place) {
		place = x.Place + ", " + place
	}
	return place
}

// leads are the names of the officers of a session.
func (n sessionNames) leads(x loa.Session) string {
	var names []string
	for _, o := range x.Officers {
		if name := n.officers.by[o].Name; name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// partnerConfirm notes that a partner said it comes, or takes that back.
func (s *Server) partnerConfirm(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	on := loa.Day("")
	if r.FormValue("comes") == "1" {
		on = s.today()
	}
	if err := s.DB.ConfirmPartner(r.Context(), scopeOf(r), s.by(r), x.ID, loa.PartnerID(r.FormValue("partner")), on); err != nil {
		return err
	}
	http.Redirect(w, r, sessionURL(x.ID, "prepare")+"#letters", http.StatusSeeOther)
	return nil
}
