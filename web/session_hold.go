package web

import (
	"net/http"
	"strconv"
	"strings"

	"loa"
	"loa/store"
)

// holdPage is what stands on the second tab: the door counter, the names, the questions and the leads.
type holdPage struct {
	Leaflets  []option // those printed for the place, to hand out
	Handed    []string // what went out here, by code
	Rows      []tapRow
	Unsure    int // counted without saying who
	Total     int
	Named     int
	Unnamed   int
	Women     int
	Men       int
	Last      string
	Query     string
	Searched  bool
	Found     []foundLine
	People    []foundLine
	Members   []foundLine // of the household of a visit
	Questions []askedLine
	Leads     []leadRow
	Visits    []visitRow
	Villages  []option
	Segments  []option
	Schemes   []option
	Outcomes  []option
	Years     bool
	NewID     string
	Village   string
}

type tapRow struct {
	Label string
	Cells []tapCell
}

type tapCell struct {
	Sex, Band, Label string
	N                int
}

type foundLine struct {
	store.Candidate
	Village string
	Marked  []markPart
	Lead    bool
}

// markPart is a piece of a name, marked where it was typed.
type markPart struct {
	Text string
	On   bool
}

type askedLine struct {
	ID       loa.FactID
	Text     string
	Sub      string
	Promised bool
	Answered bool
	URL      string
}

type leadRow struct {
	ID         loa.FactID
	Name, Sub  string
	Step, Kind string
	URL        string
	Open       bool
	Person     loa.PersonID
}

type visitRow struct {
	ID                       loa.FactID
	Name, Outcome, Note, Sub string
	NextOn                   loa.Day
	URL                      string
	Kind                     string
	Person                   loa.PersonID
}

var doorSexes = []loa.Sex{loa.Female, loa.Male}

func (s *Server) holdTab(r *http.Request, body *sessionPage, n sessionNames, all []loa.Attendance) error {
	x, h := body.Session, &holdPage{NewID: loa.NewID(), Query: strings.TrimSpace(r.FormValue("q"))}
	body.Hold = h
	s.countTab(r, h, all)
	var err error
	if h.Villages, err = s.villagesAround(r, x.Area); err != nil {
		return err
	}
	h.Village = string(x.Area)
	if err := s.leafletsHere(r, x, h); err != nil {
		return err
	}
	for _, g := range n.list {
		h.Segments = append(h.Segments, option{string(g.ID), n.segments[g.ID]})
	}
	h.Schemes = optionsOf(r, "scheme.", []loa.Scheme{loa.VoluntarySI, loa.HouseholdHI})
	h.Outcomes = options(r, "outcome.", loa.VisitOutcomes)
	if h.Questions, err = s.askedLines(r, x.ID, n, body.MayNames); err != nil {
		return err
	}
	if !body.MayNames {
		return nil
	}
	if h.Leads, err = s.leadRows(r, x.ID); err != nil {
		return err
	}
	if h.Visits, err = s.visitRows(r, x.ID, n); err != nil {
		return err
	}
	if h.People, err = s.namedPeople(r, all, n, h.Leads); err != nil {
		return err
	}
	if x.Household != "" {
		list, err := s.DB.HouseholdCandidates(r.Context(), scopeToo(r, loa.ReadPeople), x.Household)
		if err != nil {
			return err
		}
		here := map[loa.PersonID]bool{}
		for _, p := range h.People {
			here[p.Person] = true
		}
		for _, c := range list {
			c.Present = here[c.Person]
			h.Members = append(h.Members, foundLine{Candidate: c, Village: n.area[c.Area], Marked: []markPart{{c.Name, false}}})
		}
	}
	if h.Query != "" {
		h.Searched = true
		h.Found, err = s.foundPeople(r, x, h.Query, n)
	}
	h.Last = s.lastRecorded(r, all, h.People)
	return err
}

// countTab fills the door counter.
func (s *Server) countTab(r *http.Request, h *holdPage, all []loa.Attendance) {
	var cells map[loa.HeadCell]int
	h.Total, h.Named = loa.Heads(all)
	h.Unnamed, cells = h.Total-h.Named, loa.HeadCells(all)
	sure := 0
	for _, band := range loa.AgeBands {
		row := tapRow{Label: t(r, "age_band."+band)}
		for _, sex := range doorSexes {
			c := tapCell{Sex: string(sex), Band: band, N: cells[loa.HeadCell{Sex: sex, AgeBand: band}], Label: cellText(r, loa.HeadCell{Sex: sex, AgeBand: band})}
			row.Cells, sure = append(row.Cells, c), sure+c.N
			if sex == loa.Female {
				h.Women += c.N
			} else {
				h.Men += c.N
			}
		}
		h.Rows = append(h.Rows, row)
	}
	sum := 0
	for _, n := range cells {
		sum += n
	}
	h.Unsure = sum - sure
}

// cellText names a cell of the door counter.
func cellText(r *http.Request, c loa.HeadCell) string {
	switch {
	case c.Sex == "" && c.AgeBand == "":
		return t(r, "session.unsure")
	case c.AgeBand == "":
		return t(r, "sex."+string(c.Sex))
	case c.Sex == "":
		return t(r, "age_band."+c.AgeBand)
	}
	return t(r, "sex."+string(c.Sex)) + " " + t(r, "age_band."+c.AgeBand)
}

func whole(n int) string { return strconv.Itoa(n) }

// lastRecorded is what this officer did last and may take back; empty when there is nothing.
func (s *Server) lastRecorded(r *http.Request, all []loa.Attendance, people []foundLine) string {
	me := whoOf(r).Officer.ID
	for i := len(all) - 1; i >= 0; i-- {
		a := all[i]
		if a.RecordedBy != me || a.Corrects != "" {
			continue
		}
		if a.N < 0 && i > 0 { // a head that was counted and then named: the name stands beside it
			for _, b := range all {
				if b.Person != "" && b.RecordedBy == me && b.RecordedAt.Equal(a.RecordedAt) {
					a = b
				}
			}
		}
		if a.Person == "" {
			return cellText(r, loa.HeadCell{Sex: a.Sex, AgeBand: a.AgeBand}) + " " + signed(a.N)
		}
		for _, p := range people {
			if p.Person == a.Person {
				return p.Name
			}
		}
		return t(r, "session.a_name")
	}
	return ""
}

func signed(n int) string {
	if n > 0 {
		return "+" + whole(n)
	}
	return "−" + whole(-n)
}

// held answers a form of the second tab: the tab anew for htmx, else back to the page.
func (s *Server) held(w http.ResponseWriter, r *http.Request, id loa.SessionID, anchor string) error {
	if r.Header.Get("HX-Request") == "" {
		http.Redirect(w, r, sessionURL(id, "hold")+anchor, http.StatusSeeOther)
		return nil
	}
	body, err := s.sessionBody(r, "hold")
	if err != nil {
		return err
	}
	return s.part(w, r, "session_show", "hold", body)
}

// headCount is one tap of the door counter, or several heads at once.
func (s *Server) headCount(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	n := int(f.number("n"))
	if f.text("n") == "" {
		n = 1
	}
	if n < 1 || n > 1000 {
		f.bad("n", "error.out_of_range")
	}
	a := loa.Attendance{N: n, Sex: loa.Sex(f.text("sex")), AgeBand: f.text("band")}
	if cell := f.text("cell"); cell != "" {
		sex, band, _ := strings.Cut(cell, "-")
		a.Sex, a.AgeBand = loa.Sex(sex), band
	}
	if a.Sex != "" && a.Sex != loa.Female && a.Sex != loa.Male {
		f.bad("cell", "error.not_in_list")
	}
	if f.ok() {
		if err := f.take(s.DB.CountHead(r.Context(), scopeOf(r), s.by(r), x.ID, a)); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.sessionAgain(w, r, "hold", f)
	}
	if r.Header.Get("HX-Request") == "" || f.text("whole") != "" {
		return s.held(w, r, x.ID, "#counter")
	}
	body, err := s.sessionBody(r, "hold")
	if err != nil {
		return err
	}
	return s.part(w, r, "session_show", "tapped", body)
}

// headBack takes back what this officer recorded last.
func (s *Server) headBack(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	if err := f.take(s.DB.TakeBackLast(r.Context(), scopeOf(r), s.by(r), x.ID)); err != nil {
		return err
	}
	if !f.ok() {
		return s.sessionAgain(w, r, "hold", f)
	}
	return s.held(w, r, x.ID, "#counter")
}
