package web

import (
	"net/http"
	"net/url"

	"loa"
	"loa/store"
)

type collectorShowPage struct {
	Collector  loa.Collector
	Parent     loa.Collector
	Phone      string
	Officer    officerView
	Load       store.CollectorLoad
	Since      loa.Day
	Age        int
	Old        bool
	Full       bool
	Median     int // days from the hand-over to the first payment
	Paid       int // how many of those the median is over
	Agents     []collectorRow
	Territory  []territoryLine
	Logins     []collectorLogin
	Leads      []handLine
	Open       int
	History    []historyLine
	MayEdit    bool
	MayLeads   bool
	MayLogins  bool
	Errors     map[string]string
	Area, From string // what was typed into the form of the territory
	AreaText   string
	To         string
}

type territoryLine struct {
	loa.CollectorArea
	Place  string
	Now    bool
	Coming bool
}

type collectorLogin struct {
	ID, Name, LoginName string
	Disabled            bool
}

// leadsShown is how many open leads a collector's page shows before it sends to the full list.
const leadsShown = 12

func (s *Server) collectorShow(w http.ResponseWriter, r *http.Request) error {
	body, err := s.collectorBody(r)
	if err != nil {
		return err
	}
	return s.collectorRender(w, r, body, 0)
}

func (s *Server) collectorRender(w http.ResponseWriter, r *http.Request, body *collectorShowPage, status int) error {
	context := t(r, "collector.organisation")
	if body.Parent.ID != "" {
		context = t(r, "collector.agent_of", body.Parent.Name)
	}
	return s.render(w, r, "collector_show", page{Title: t(r, "collector.show.title", body.Collector.Name), Context: context, Active: "partners", Body: body, Status: status})
}

func (s *Server) collectorBody(r *http.Request) (*collectorShowPage, error) {
	ctx, in, today := r.Context(), scopeOf(r), s.today()
	c, err := s.DB.Collector(ctx, in, loa.CollectorID(r.PathValue("id")))
	if err != nil {
		return nil, err
	}
	me := whoOf(r)
	body := &collectorShowPage{Collector: c, Phone: displayPhone(c.Phone), Since: today.AddMonths(-12), MayEdit: me.may(loa.EditPartners), MayLeads: me.may(loa.ReadEnrolment), MayLogins: me.may(loa.Administer), From: string(today)}
	if c.Parent != "" {
		if body.Parent, err = s.DB.Collector(ctx, in, c.Parent); err != nil {
			return nil, err
		}
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	body.Officer = officers.by[c.Officer]
	if err := s.collectorLoad(r, body); err != nil {
		return nil, err
	}
	if err := s.collectorTerritory(r, body); err != nil {
		return nil, err
	}
	logins, err := s.DB.LoginsOf(ctx, in, c.ID)
	if err != nil {
		return nil, err
	}
	for _, o := range logins {
		body.Logins = append(body.Logins, collectorLogin{string(o.ID), o.Name, o.LoginName, !o.DisabledAt.IsZero()})
	}
	if body.MayLeads {
		list, total, err := s.DB.HandOvers(ctx, in, c.ID, 0, leadsShown)
		if err != nil {
			return nil, err
		}
		if body.Leads, err = s.handLines(r, list); err != nil {
			return nil, err
		}
		body.Open = total
	}
	body.History, err = s.recordHistory(r, string(c.ID), "collector")
	return body, err
}

// collectorLoad counts what a collector has and brought in, an organisation together with its agents.
func (s *Server) collectorLoad(r *http.Request, body *collectorShowPage) error {
	ctx, in, c, today := r.Context(), scopeOf(r), body.Collector, s.today()
	loads, err := s.collectorLoads(r, body.Since)
	if err != nil {
		return err
	}
	body.Load = loads[c.ID]
	agents, err := s.DB.Agents(ctx, in, c.ID)
	if err != nil {
		return err
	}
	for _, a := range agents {
		row := collectorRow{Collector: a, Load: loads[a.ID], Phone: displayPhone(a.Phone), URL: "/collectors/" + string(a.ID)}
		if row.Load.Oldest != "" {
			row.Age = today.Sub(row.Load.Oldest)
		}
		row.Old, row.Full = row.Age > openAfter, a.Capacity > 0 && row.Load.Open >= int64(a.Capacity)
		body.Load = body.Load.Add(row.Load)
		body.Agents = append(body.Agents, row)
	}
	if body.Load.Oldest != "" {
		body.Age = today.Sub(body.Load.Oldest)
	}
	body.Old, body.Full = body.Age > openAfter, c.Capacity > 0 && body.Load.Open >= int64(c.Capacity)
	days, err := s.DB.PaidAfter(ctx, in, c.ID, body.Since)
	if err != nil {
		return err
	}
	if body.Paid = len(days); body.Paid > 0 {
		body.Median = days[(body.Paid-1)/2]
	}
	return nil
}

func (s *Server) collectorTerritory(r *http.Request, body *collectorShowPage) error {
	all, err := s.DB.Territories(r.Context(), scopeOf(r), "")
	if err != nil {
		return err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return err
	}
	today := s.today()
	for _, part := range all[body.Collector.ID] {
		body.Territory = append(body.Territory, territoryLine{CollectorArea: part, Place: places[part.Area], Now: part.From <= today && today <= part.To, Coming: part.From > today})
	}
	return nil
}

// territorySet gives a collector a place from a day on, or says which day was the last.
func (s *Server) territorySet(w http.ResponseWriter, r *http.Request) error {
	c, err := s.DB.Collector(r.Context(), scopeOf(r), loa.CollectorID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f, at := readForm(r), "/collectors/"+string(c.ID)
	part := loa.CollectorArea{Collector: c.ID, From: f.day("from"), To: f.day("to")}
	if err := s.placeMeant(r, f, &part.Area); err != nil {
		return err
	}
	if part.From == "" {
		f.bad("from", "error.required")
	}
	if f.ok() {
		if err := f.take(s.DB.SetTerritory(r.Context(), scopeOf(r), s.by(r), part)); err != nil {
			return err
		}
	}
	if !f.ok() {
		body, err := s.collectorBody(r)
		if err != nil {
			return err
		}
		body.Errors, body.Area, body.AreaText, body.From, body.To = f.Errors, f.text("area"), f.text("area_text"), f.text("from"), f.text("to")
		return s.collectorRender(w, r, body, http.StatusUnprocessableEntity)
	}
	undo := at + "/territory/drop?" + url.Values{"area": {string(part.Area)}, "from": {string(part.From)}}.Encode()
	if f.on("was") { // an end that is set is undone by the end there was
		undo = at + "/territory?" + url.Values{"area": {string(part.Area)}, "from": {string(part.From)}, "to": {endTyped(f.text("was"))}, "was": {string(part.To)}}.Encode()
	}
	return s.done(w, r, at+"#territory", t(r, "collector.territory_saved"), undo)
}

// endTyped is a last day as a form types it: an open end is left empty.
func endTyped(day string) string {
	if loa.Day(day) == loa.OpenEnd {
		return ""
	}
	return day
}

// territoryDrop forgets a line that was noted by mistake.
func (s *Server) territoryDrop(w http.ResponseWriter, r *http.Request) error {
	f, at := readForm(r), "/collectors/"+r.PathValue("id")
	part := loa.CollectorArea{Collector: loa.CollectorID(r.PathValue("id")), Area: loa.AreaID(f.text("area")), From: f.day("from")}
	all, err := s.DB.Territories(r.Context(), scopeOf(r), "")
	if err != nil {
		return err
	}
	for _, p := range all[part.Collector] {
		if p.Area == part.Area && p.From == part.From {
			part.To = p.To
		}
	}
	if err := s.DB.DropTerritory(r.Context(), scopeOf(r), s.by(r), part); err != nil {
		return err
	}
	undo := at + "/territory?" + url.Values{"area": {string(part.Area)}, "from": {string(part.From)}, "to": {endTyped(string(part.To))}}.Encode()
	return s.done(w, r, at+"#territory", t(r, "collector.territory_dropped"), undo)
}
