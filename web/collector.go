package web

import (
	"context"
	"net/http"
	"strings"

	"loa"
	"loa/store"
)

func (s *Server) collectorRoutes() []route {
	return []route{
		{"GET /collectors", loa.ReadOutreach, s.collectorList},
		{"GET /collectors/new", loa.EditPartners, s.collectorNew},
		{"POST /collectors/new", loa.EditPartners, s.collectorCreate},
		{"GET /collectors/{id}", loa.ReadOutreach, s.collectorShow},
		{"GET /collectors/{id}/edit", loa.EditPartners, s.collectorEdit},
		{"POST /collectors/{id}/edit", loa.EditPartners, s.collectorUpdate},
		{"POST /collectors/{id}/retire", loa.EditPartners, s.collectorRetire},
		{"POST /collectors/{id}/restore", loa.EditPartners, s.collectorRestore},
		{"POST /collectors/{id}/territory", loa.EditPartners, s.territorySet},
		{"POST /collectors/{id}/territory/drop", loa.EditPartners, s.territoryDrop},
		{"GET /collectors/{id}/handed", loa.ReadEnrolment, s.handedList},
		{"POST /collectors/{id}/handed", loa.EditEnrolment, s.handedBack},
	}
}

type collectorListPage struct {
	Tab      string
	Rows     []collectorRow
	Sum      store.CollectorLoad
	Query    string
	Retired  bool
	Filtered bool
	MayEdit  bool
	MayLeads bool
	Since    loa.Day
	Total    int
	First    string
	Next     string
}

type collectorRow struct {
	loa.Collector
	Load      store.CollectorLoad
	Agents    int // of an organisation
	Territory string
	Officer   officerView
	Phone     string
	URL       string
	Age       int
	Old       bool
	Full      bool // has as many as it said it can take
}

func (s *Server) collectorList(w http.ResponseWriter, r *http.Request) error {
	p := listAsked(r)
	list, total, err := s.DB.Collectors(r.Context(), scopeOf(r), p)
	if err != nil {
		return err
	}
	since := s.today().AddMonths(-12)
	loads, err := s.collectorLoads(r, since)
	if err != nil {
		return err
	}
	territories, err := s.DB.Territories(r.Context(), scopeOf(r), s.today())
	if err != nil {
		return err
	}
	places, err := s.villageNames(r)
	if err != nil {
		return err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	body := collectorListPage{Tab: "collectors", Query: p.Words, Retired: p.Retired, Filtered: p.Words != "" || p.Retired, MayEdit: whoOf(r).may(loa.EditPartners), MayLeads: whoOf(r).may(loa.ReadEnrolment), Since: since, Total: total}
	under := map[loa.CollectorID]store.CollectorLoad{}
	agents := map[loa.CollectorID]int{}
	for _, c := range list {
		if c.Parent != "" {
			under[c.Parent] = under[c.Parent].Add(loads[c.ID])
			agents[c.Parent]++
		}
	}
	var last loa.Collector
	for _, c := range list {
		row := collectorRow{Collector: c, Load: loads[c.ID], Territory: territoryShort(territories[c.ID], places), Officer: officers.by[c.Officer], Phone: displayPhone(c.Phone), URL: "/collectors/" + string(c.ID), Agents: agents[c.ID]}
		if c.Parent == "" {
			row.Load = row.Load.Add(under[c.ID]) // an organisation answers for its agents
			body.Sum = body.Sum.Add(row.Load)
			last = c
		}
		if row.Load.Oldest != "" {
			row.Age = s.today().Sub(row.Load.Oldest)
		}
		row.Old, row.Full = row.Age > openAfter, c.Capacity > 0 && row.Load.Open >= int64(c.Capacity)
		body.Rows = append(body.Rows, row)
	}
	organisations := 0
	for _, c := range list {
		if c.Parent == "" {
			organisations++
		}
	}
	if last.ID != "" {
		body.First, body.Next = listLinks(r, last.Name, string(last.ID), organisations == listPage)
	}
	return s.render(w, r, "collector_list", page{Title: t(r, "collector.title"), Context: t(r, "collector.context", total, body.Sum.Open), Active: "partners", Body: body})
}

// collectorLoads are what all collectors have and brought in since a day, kept until something changes. Nobody may write into them.
func (s *Server) collectorLoads(r *http.Request, since loa.Day) (map[loa.CollectorID]store.CollectorLoad, error) {
	r = steady(r)
	return keep(s, r, "collector loads "+string(since)+" "+rangesOf(scopeOf(r)), func() (map[loa.CollectorID]store.CollectorLoad, error) {
		return s.DB.CollectorLoads(r.Context(), scopeOf(r), since)
	})
}

// territoryShort names the parts of a territory of one day in one line.
func territoryShort(parts []loa.CollectorArea, places map[loa.AreaID]string) string {
	var names []string
	for _, p := range parts {
		if name := places[p.Area]; name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// territoryText is a line of a territory's history in words: where, from when, to when.
func territoryText(r *http.Request, value string, places map[loa.AreaID]string) string {
	parts := strings.Fields(value)
	name := places[loa.AreaID(parts[0])]
	if name == "" {
		name = t(r, "people.elsewhere")
	}
	if len(parts) < 3 {
		return name
	}
	to := loa.Day(parts[2])
	if to == loa.OpenEnd {
		return t(r, "collector.since", name, loa.Day(parts[1]).Vietnamese())
	}
	return t(r, "collector.between", name, loa.Day(parts[1]).Vietnamese(), to.Vietnamese())
}

func (s *Server) collectorRetire(w http.ResponseWriter, r *http.Request) error {
	return s.collectorSetRetired(w, r, true)
}

func (s *Server) collectorRestore(w http.ResponseWriter, r *http.Request) error {
	return s.collectorSetRetired(w, r, false)
}

func (s *Server) collectorSetRetired(w http.ResponseWriter, r *http.Request, retire bool) error {
	c, err := s.DB.Collector(r.Context(), scopeOf(r), loa.CollectorID(r.PathValue("id")))
	if err != nil {
		return err
	}
	err = s.DB.RetireCollector(context.WithoutCancel(r.Context()), scopeOf(r), s.by(r), c.ID, retire)
	if err == nil && retire {
		_, open, err := s.DB.HandOvers(r.Context(), scopeOf(r), c.ID, 0, 1)
		if err != nil {
			return err
		}
		if open > 0 { // nobody would look after these any more
			at := "/collectors/" + string(c.ID)
			return s.done(w, r, at, t(r, "collector.retired_open", c.Name, open), at+"/restore")
		}
	}
	return s.retired(w, r, "collectors", c.Name, string(c.ID), retire, err)
}
