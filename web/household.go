package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"loa"
)

type householdPage struct {
	Household  loa.Household
	HasHome    bool
	Members    []memberLine
	Person     *loa.Person // the one chosen
	Born       string
	Phone      string
	HomePhone  string
	NationalID string
	SINumber   string
	Standings  []standingRow
	Consents   []consentLine
	AdsLaw     string // what the law holds advertising to, unless agreed otherwise
	AdsMost    int
	NoContact  string // what the chosen person refused, in one sentence
	NoCall     bool
	Next       *nextAction
	Months     []timelineMonth
	Pills      []pillLink
	Touches    int
	Older      string
	OlderN     int
	Key        bool
	Today      loa.Day
	AsOf       loa.Day // the day the page tells the standing of
	Past       bool    // … which is not today
	Base       string  // the page's own address
	Opt        map[string][]option
	Outcomes   []outcomeButton
	Errors     map[string]string
	MayEdit    bool
	MayEnrol   bool
	MayReveal  bool
	MayVisit   bool
	Village    string
	Commune    string
	CommuneID  loa.AreaID
	Back       string // the list the officer came from
}

// outcomeButton is a result of a visit that one tap records.
type outcomeButton struct{ Value, Label, Icon string }

type memberLine struct {
	ID       loa.PersonID
	Name     string
	Initials string
	Sub      string
	URL      string
	On       bool
}

type pillLink struct {
	Label, URL string
	N          int
	On         bool
}

func (s *Server) householdShow(w http.ResponseWriter, r *http.Request) error {
	h, err := s.DB.Household(r.Context(), scopeOf(r), loa.HouseholdID(r.PathValue("id")))
	if err != nil {
		return err
	}
	members, err := s.DB.Members(r.Context(), scopeOf(r), h.ID)
	if err != nil {
		return err
	}
	chosen := loa.PersonID(r.FormValue("person"))
	if chosen == "" && len(members) > 0 {
		chosen = members[0].ID
	}
	return s.household(w, r, h, members, chosen)
}

// personShow is the same page with a person chosen; somebody without a household stands alone on it.
func (s *Server) personShow(w http.ResponseWriter, r *http.Request) error {
	p, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if p.Household == "" {
		return s.household(w, r, loa.Household{Area: p.Area}, []loa.Person{p}, p.ID)
	}
	h, err := s.DB.Household(r.Context(), scopeOf(r), p.Household)
	if loa.KindOf(err) == loa.NotFound {
		return s.household(w, r, loa.Household{Area: p.Area}, []loa.Person{p}, p.ID)
	}
	if err != nil {
		return err
	}
	members, err := s.DB.Members(r.Context(), scopeOf(r), h.ID)
	if err != nil {
		return err
	}
	return s.household(w, r, h, members, p.ID)
}

func (s *Server) household(w http.ResponseWriter, r *http.Request, h loa.Household, members []loa.Person, chosen loa.PersonID) error {
	me, today := whoOf(r), s.today()
	body := &householdPage{Household: h, HasHome: h.ID != "", HomePhone: displayPhone(h.Phone), Key: s.Sealer != nil, Today: today, AsOf: today, Errors: map[string]string{}, MayEdit: me.may(loa.EditPeople),
		MayEnrol: me.may(loa.EditEnrolment), MayReveal: me.may(loa.RevealID), MayVisit: me.may(loa.EditOutreach)}
	if back := localPath(r.FormValue("from")); back != "/" {
		body.Back = back
	}
	if on, ok := readDay(r.FormValue("as_of")); ok && on <= today {
		body.AsOf, body.Past = on, on < today
	}
	if err := s.householdPlace(r, body); err != nil {
		return err
	}
	title := s.householdMembers(r, body, members, chosen)
	context := joinDots(body.Village, body.Commune, t(r, "household.people", len(members)))
	if body.Person != nil {
		if err := s.DB.Opened(r.Context(), me.Office.ID, s.by(r), "person", string(body.Person.ID)); err != nil {
			return err
		}
		if err := s.householdPerson(r, body, members); err != nil {
			return err
		}
		if body.Person.Ethnic != "" {
			context = joinDots(context, t(r, "household.ethnic", t(r, "ethnic."+body.Person.Ethnic)))
		}
	}
	body.Opt = map[string][]option{"scheme": optionsOf(r, "scheme.", loa.Schemes), "method": optionsOf(r, "method.", loa.Methods),
		"payer": optionsOf(r, "payer.", []loa.Payer{loa.PaysSelf, loa.PaysState, loa.PaysEmployer}), "leaving": options(r, "leaving.", loa.LeavingReasons), "purpose": options(r, "purpose.", loa.Purposes),
		"channel": options(r, "channel.", loa.Channels), "how": options(r, "consent.how.", loa.ConsentHows)}
	for _, o := range loa.VisitOutcomes {
		body.Outcomes = append(body.Outcomes, outcomeButton{o, t(r, "outcome."+o), outcomeIcons[o]})
	}
	return s.render(w, r, "household_show", page{Title: title, Context: context, Active: "people", Body: body})
}

// outcomeIcons are the pictures of what a visit can end with.
var outcomeIcons = map[string]string{"met": "user-check", "interested": "thumbs-up", "promised": "calendar-clock", "call_back": "phone", "not_home": "door-open", "refused": "user-x"}

// householdPlace names the village and its commune.
func (s *Server) householdPlace(r *http.Request, body *householdPage) error {
	areas, err := s.areas(r)
	if err != nil {
		return err
	}
	up := communeOf(areas)
	for _, a := range areas {
		if a.ID == body.Household.Area {
			body.Village = s.areaName(r, a)
		}
		if a.ID == up[body.Household.Area] && a.ID != body.Household.Area {
			body.Commune, body.CommuneID = s.areaName(r, a), a.ID
		}
	}
	return nil
}

// householdMembers fills the members' list and gives the page's title: the household of its head.
func (s *Server) householdMembers(r *http.Request, body *householdPage, members []loa.Person, chosen loa.PersonID) string {
	title := t(r, "household.empty")
	query := ""
	if body.Back != "" {
		query = "?from=" + url.QueryEscape(body.Back)
	}
	for i := range members {
		m := &members[i]
		if i == 0 {
			title = householdTitle(r, *m, body.HasHome)
		}
		if m.ID == chosen {
			body.Person = m
			body.Base = "/people/" + string(m.ID)
		}
		body.Members = append(body.Members, memberLine{ID: m.ID, Name: m.Name, Initials: loa.Officer{Name: m.Name}.Initials(), Sub: memberSub(r, *m), URL: "/people/" + string(m.ID) + query, On: m.ID == chosen})
	}
	return title
}

// householdTitle names a household after its head, as people speak of it.
func householdTitle(r *http.Request, head loa.Person, home bool) string {
	switch {
	case !home:
		return head.Name
	case head.Sex == loa.Male:
		return t(r, "household.title_male", head.Name)
	case head.Sex == loa.Female:
		return t(r, "household.title_female", head.Name)
	}
	return t(r, "household.title", head.Name)
}

func joinDots(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " · ")
}

func memberSub(r *http.Request, p loa.Person) string {
	var parts []string
	for _, w := range []struct{ prefix, word string }{{"relation.", p.Relation}, {"sex.", string(p.Sex)}} {
		if w.word != "" {
			parts = append(parts, t(r, w.prefix+w.word))
		}
	}
	if p.BornYear != 0 {
		parts = append(parts, strconv.Itoa(p.BornYear))
	}
	if p.Occupation != "" {
		parts = append(parts, t(r, "occupation."+p.Occupation))
	}
	return strings.Join(parts, " · ")
}

// householdPerson fills what the page says about the chosen person, the standing of everybody, and what is to be done.
func (s *Server) householdPerson(r *http.Request, body *householdPage, members []loa.Person) error {
	p := body.Person
	body.Born, body.Phone = bornText(*p), displayPhone(p.Phone)
	body.NationalID, body.SINumber = p.NationalID.Masked(12), p.SINumber.Masked(10)
	if err := s.standings(r, body, members); err != nil {
		return err
	}
	consents, err := s.DB.Consents(r.Context(), scopeOf(r), p.ID)
	if err != nil {
		return err
	}
	body.Consents = consentLines(r, p.ID, consents)
	body.AdsMost = loa.AdsMost
	if body.AdsLaw, err = s.adsLaw(r); err != nil {
		return err
	}
	body.NoContact, body.NoCall = noContact(r, consents)
	return s.timeline(r, body, members)
}
