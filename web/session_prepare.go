package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/auth"
	"loa/i18n"
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

type letterPage struct {
	Signer  string
	Session loa.Session
	Office  loa.Office
	Letters []letterText
	Back    string
}

// letterText is one letter in the layout of Decree 30; it is written in Vietnamese whatever the officer's pages speak.
type letterText struct {
	Number, Date, About, To       string
	Opening, Time, Place, Content string
	Leads, People, Closing, Link  string
}

// letterShow is the invitations of a session, one sheet of paper for each partner.
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
	body := letterPage{Session: x, Office: whoOf(r).Office, Back: sessionURL(x.ID, "prepare")}
	body.Office.Name = fullOffice(body.Office.Name)
	if whoOf(r).may(loa.CloseMonth) { // the director prints it for her own signature
		body.Signer = whoOf(r).Officer.Name
	}
	say := func(key string, args ...any) string { return i18n.Text("vi", key, args...) }
	time := say("letter.day", say("weekday."+string('0'+rune(x.On.Weekday()))), x.On.Vietnamese())
	if x.StartMin > 0 {
		time = say("letter.clock", x.StartMin/60, x.StartMin%60, time)
	}
	place := n.where(x.Area)
	if x.Place != "" && !strings.Contains(place, x.Place) {
		place = x.Place + ", " + place
	}
	var leads []string
	for _, o := range x.Officers {
		leads = append(leads, n.officers.by[o].Name)
	}
	for _, l := range letters {
		p := n.partners[l.Partner]
		if only := r.FormValue("partner"); only != "" && only != string(l.Partner) {
			continue
		}
		text := letterText{Number: say("letter.number", "    "), Date: say("letter.date_blank", body.Office.Place), About: say("letter.about", x.Title), To: p.Name, Opening: say("letter.opening", body.Office.Name, p.Name),
			Time: time, Place: place, Content: x.Theme, Leads: strings.Join(leads, ", "), Closing: say("letter.closing")}
		if x.Expected > 0 {
			text.People = say("letter.people", x.Expected)
		}
		if l.No > 0 {
			text.Number, text.Date = say("letter.number", documentNumber(l.No)), say("letter.date", body.Office.Place, documentDay(l.On))
		}
		if l.Token != "" && s.Secure { // elsewhere the page answers on this machine alone
			text.Link = say("letter.link", "https://"+r.Host+"/invitations/"+l.Token)
		}
		body.Letters = append(body.Letters, text)
	}
	return s.render(w, r, "session_letters", page{Title: t(r, "session.letters.title"), Context: x.Title, Active: "sessions", Body: body})
}

// documentNumber writes a document's number with a nought before a single figure.
func documentNumber(n int64) string {
	if n < 10 {
		return "0" + whole(int(n))
	}
	return whole(int(n))
}

// documentDay writes a day as official documents do: a nought before days under ten, and before January and February alone.
func documentDay(d loa.Day) string {
	y, m, day := d.Parts()
	month := whole(m)
	if m <= 2 {
		month = "0" + month
	}
	return i18n.Text("vi", "letter.full_day", documentNumber(int64(day)), month, y)
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
