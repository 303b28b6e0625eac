package web

import (
	"net/http"

	"loa"
)

type enrolmentShowPage struct {
	Enrolment  loa.Enrolment
	Name       string
	Village    string
	Scheme     string
	Officer    officerView
	Collector  string
	Age        int
	Old        bool
	Open       bool
	Steps      []stepLine
	Touches    []touchLine
	MayEdit    bool
	MayPerson  bool
	Near       []option // the collectors whose territory holds the village on the day, first
	Collectors []option
	Reach      []string // where to find this person: house, place, telephone
	NoContact  bool     // every contact was refused
	MayHand    bool     // there is somebody else to hand it to
	On         loa.Day  // the day of the next step
	Reasons    []option
	Methods    []option
	Errors     map[string]string
	Form       map[string]string
	Cover      coverDefaults
	Icons      map[string]string
	After      *standingCell // where the enrolment stands once it was paid
	Renewed    int
}

type stepLine struct {
	On      loa.Day
	Label   string
	Detail  string
	Officer officerView
	Icon    string
	Kind    string
	Undo    string // the fact to take back; only of the last step
}

// touchLine is one contact that led here.
type touchLine struct {
	On    loa.Day
	Form  string
	Label string
	URL   string
}

type coverDefaults struct{ From, Until loa.Day }

func (s *Server) enrolmentShow(w http.ResponseWriter, r *http.Request) error {
	body, err := s.enrolmentBody(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "enrolment_show", page{Title: t(r, "enrolment.show.title", body.Name), Context: body.Scheme + " · " + body.Village, Active: "enrolment", Body: body})
}

func (s *Server) enrolmentBody(r *http.Request) (*enrolmentShowPage, error) {
	today := s.today()
	e, err := s.DB.Enrolment(r.Context(), scopeOf(r), loa.FactID(r.PathValue("id")))
	if err != nil {
		return nil, err
	}
	own, err := s.ownCollectors(r)
	if err != nil {
		return nil, err
	}
	if own != nil && !own[e.Collector] {
		return nil, loa.ErrNotFound // an agent sees what was handed to its organisation and nothing else
	}
	people, err := s.DB.PeopleByID(r.Context(), scopeOf(r), []loa.PersonID{e.Lead.Person})
	if err != nil {
		return nil, err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return nil, err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	collectors, err := s.collectorNames(r)
	if err != nil {
		return nil, err
	}
	body := &enrolmentShowPage{Enrolment: e, Village: names[e.Lead.Area], Scheme: t(r, "scheme."+string(e.Lead.Scheme)), Officer: officers.by[e.Officer], Collector: collectors[e.Collector],
		Age: e.Age(today), Open: e.Open(), MayEdit: whoOf(r).may(loa.EditEnrolment), MayPerson: whoOf(r).may(loa.ReadPeople), Errors: map[string]string{}, Form: map[string]string{},
		Icons: reasonIcons, Reasons: options(r, "refusal.", loa.RefusalReasons), Methods: optionsOf(r, "method.", loa.Methods), Cover: coverDefaults{From: today.Month().First()}}
	body.Old = body.Open && body.Age > openAfter
	if len(people) > 0 {
		body.Name = people[0].Name
		if err := s.reachOf(r, body, people[0]); err != nil {
			return nil, err
		}
	}
	if body.On = today; r.FormValue("on") != "" {
		if d, ok := readDay(r.FormValue("on")); ok {
			body.On = d
		}
	}
	if body.Near, body.Collectors, err = s.offers(r, e.Lead.Area, body.On, own); err != nil {
		return nil, err
	}
	for _, o := range append(body.Near, body.Collectors...) {
		body.MayHand = body.MayHand || o.Value != string(e.Collector)
	}
	if n := e.Lead.Method.Months(); n > 0 {
		body.Cover.Until = body.Cover.From.AddMonths(n).Add(-1)
	}
	body.Steps = s.stepLines(r, e, officers, collectors)
	if err := s.afterPaid(r, body, officers, collectors); err != nil {
		return nil, err
	}
	if !whoOf(r).may(loa.ReadOutreach) {
		return body, nil // what an officer did before is not the agent's to know
	}
	if body.Touches, err = s.touchLines(r, e.Lead); err != nil {
		return nil, err
	}
	return body, nil
}

// reachOf says where somebody is found; who goes there with a telephone in hand needs no other list. A refusal wins here as on paper.
func (s *Server) reachOf(r *http.Request, body *enrolmentShowPage, p loa.Person) error {
	refused, err := s.DB.Refusals(r.Context(), scopeOf(r), "care", []loa.PersonID{p.ID})
	if err != nil {
		return err
	}
	if body.NoContact = refused[p.ID]["all"]; body.NoContact {
		return nil
	}
	if p.Household != "" {
		home, err := s.DB.Household(r.Context(), scopeOf(r), p.Household)
		if err != nil && loa.KindOf(err) != loa.NotFound {
			return err
		}
		if home.Code != "" {
			body.Reach = append(body.Reach, t(r, "collector.house")+" "+home.Code)
		}
	}
	places, err := s.placeNames(r)
	if err != nil {
		return err
	}
	body.Reach = append(body.Reach, places[p.Area])
	switch phone, _ := phoneAllowed(r, p, refused[p.ID]); {
	case refused[p.ID]["call"]:
		body.Reach = append(body.Reach, t(r, "people.no_call"))
	case phone != "":
		body.Reach = append(body.Reach, phone)
	}
	return nil
}

// offers are the collectors a lead can be handed to: those whose territory holds the village on the day, and the others. Each
// says how much it has in hand.
func (s *Server) offers(r *http.Request, village loa.AreaID, on loa.Day, own map[loa.CollectorID]bool) (near, other []option, err error) {
	list, err := s.DB.CollectorOffers(r.Context(), scopeOf(r), village, on)
	if err != nil {
		return nil, nil, err
	}
	names := map[loa.CollectorID]string{}
	for _, c := range list {
		names[c.ID] = c.Name
	}
	for _, c := range list {
		if own != nil && !own[c.ID] {
			continue
		}
		label := c.Name
		if up := names[c.Parent]; up != "" {
			label += " – " + up
		}
		if c.Capacity > 0 {
			label = t(r, "collector.offer_of", label, c.Open, c.Capacity)
		} else {
			label = t(r, "collector.offer", label, c.Open)
		}
		if c.Covers {
			near = append(near, option{string(c.ID), label})
		} else {
			other = append(other, option{string(c.ID), label})
		}
	}
	return near, other, nil
}

// ownOnly refuses a collector an agent may not name.
func (s *Server) ownOnly(r *http.Request, id loa.CollectorID) error {
	own, err := s.ownCollectors(r)
	if err != nil {
		return err
	}
	if own != nil && id != "" && !own[id] {
		return loa.ErrNotFound
	}
	return nil
}

func (s *Server) stepLines(r *http.Request, e loa.Enrolment, officers officerNames, collectors map[loa.CollectorID]string) []stepLine {
	detail := t(r, "form."+string(e.Lead.Form))
	if e.Lead.Form == "" {
		detail = ""
	}
	out := []stepLine{{On: e.Lead.HappenedOn, Label: t(r, "step.interested"), Detail: detail, Officer: officers.by[e.Lead.Officer], Icon: "hand-coins", Kind: "face"}}
	icons := map[loa.Step][2]string{loa.Handed: {"handshake", "face"}, loa.Registered: {"file-text", "face"}, loa.Paid: {"circle-check", "paid"}, loa.Refused: {"x", "lost"}, loa.Closed: {"archive", ""}}
	for _, st := range e.Steps {
		line := stepLine{On: st.HappenedOn, Label: t(r, "step."+string(st.Step)), Officer: officers.by[st.Officer], Icon: icons[st.Step][0], Kind: icons[st.Step][1], Detail: st.Note}
		if st.Collector != "" {
			line.Detail = collectors[st.Collector]
		}
		if st.Reason != "" {
			line.Detail = t(r, "refusal."+st.Reason)
		}
		out = append(out, line)
	}
	if n := len(e.Steps); n > 0 && whoOf(r).may(loa.EditEnrolment) && s.mayTakeBack(r, e.Steps[n-1]) {
		out[len(out)-1].Undo = string(e.Steps[n-1].ID)
	}
	return out
}

// mayTakeBack keeps an agent to the steps it recorded itself: what an officer handed over only the office takes back.
func (s *Server) mayTakeBack(r *http.Request, st loa.EnrolmentStep) bool {
	return s.ownCollector(r, "") == "" || st.RecordedBy == whoOf(r).Officer.ID
}

// afterPaid goes on behind the first contribution: every renewal, the lapse or the leaving, and where it stands today.
func (s *Server) afterPaid(r *http.Request, body *enrolmentShowPage, officers officerNames, collectors map[loa.CollectorID]string) error {
	e := body.Enrolment
	if e.Step != loa.Paid {
		return nil
	}
	paid, _, spells, err := s.DB.Facts(r.Context(), scopeOf(r), e.Lead.Person)
	if err != nil {
		return err
	}
	for _, sp := range spells {
		if sp.Scheme != e.Lead.Scheme || sp.Lead != loa.LeadID(e.Lead.ID) {
			continue
		}
		for _, c := range paid {
			if c.Scheme != sp.Scheme || c.HappenedOn <= sp.Starts || c.HappenedOn >= sp.Ends {
				continue
			}
			detail := joinDots(t(r, "standing.until", c.Until.Vietnamese()), collectors[c.Collector])
			if c.Amount > 0 {
				detail = joinDots(moneyIn(langOf(r), c.Amount), detail)
			}
			body.Renewed++
			body.Steps = append(body.Steps, stepLine{On: c.HappenedOn, Label: t(r, "enrolment.renewed"), Detail: detail, Officer: officers.by[c.RecordedBy], Icon: "rotate-ccw", Kind: "paid"})
		}
		if sp.Ends <= s.today() {
			line := stepLine{On: sp.Ends, Label: t(r, "status."+string(sp.EndKind)), Icon: "circle-x", Kind: "lost", Detail: t(r, "standing.was_until", sp.CoveredUntil.Vietnamese())}
			if sp.EndKind == loa.Left {
				line.Icon, line.Detail = "log-out", t(r, "leaving."+sp.Reason)
			}
			body.Steps = append(body.Steps, line)
		}
	}
	settings, err := s.DB.Settings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return err
	}
	cell := standingText(r, loa.StandingOn(spells, e.Lead.Scheme, s.today(), settings.DueDays))
	body.After = &cell
	return nil
}

// touchLines are the contacts with this person up to the lead: what led there.
func (s *Server) touchLines(r *http.Request, l loa.Lead) ([]touchLine, error) {
	touches, err := s.DB.TouchesBefore(r.Context(), scopeOf(r), l.Person, l.HappenedOn)
	if err != nil {
		return nil, err
	}
	out := make([]touchLine, len(touches))
	for i, x := range touches {
		out[i] = touchLine{On: x.On, Form: string(x.Form), Label: t(r, "form."+string(x.Form))}
		if x.Session != "" {
			out[i].Label = x.Title
			out[i].URL = "/sessions/" + string(x.Session)
		}
	}
	return out, nil
}
