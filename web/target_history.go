package web

import (
	"net/http"
	"slices"
	"time"

	"loa"
)

// targetRevision is what was assigned at one time by one document, with what stood there before.
type targetRevision struct {
	InForce    loa.Day
	Document   string
	RecordedAt time.Time
	By         string
	Import     bool
	Lines      []targetChange
}

type targetChange struct {
	Place, When, Scheme, Measure string
	Before, Now                  *int64
	Revision                     int
}

type targetHistoryPage struct {
	*targetPage
	Place     string
	List      []targetRevision
	AllScheme bool
}

func (s *Server) targetHistory(w http.ResponseWriter, r *http.Request) error {
	asked, err := s.targetAsked(r)
	if err != nil {
		return err
	}
	body := targetHistoryPage{targetPage: asked}
	all, err := s.DB.Targets(r.Context(), scopeOf(r), asked.Year, asked.Year)
	if err != nil {
		return err
	}
	s.targetSwitches(r, asked, nil)
	for i := range asked.Tabs { // the tabs of this page lead to this page
		asked.Tabs[i].URL = samePage(r, "scheme", string(loa.Schemes[i]))
	}
	tree, err := s.officeTree(r)
	if err != nil {
		return err
	}
	employers, officers, err := s.DB.TargetOwners(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, e := range employers {
		names[string(e.ID)] = e.Name
	}
	for _, o := range officers {
		names[string(o.ID)] = o.Name
	}
	area := loa.AreaID(r.FormValue("area"))
	if a, ok := tree.Areas[area]; ok && area != "" {
		body.Place = a.Name
	}
	last := map[loa.TargetLine]*int64{}
	at := map[revisionKey]int{}
	for _, one := range all {
		before := last[one.Line()]
		now := &one.Value
		if one.Withdrawn {
			now = nil
		}
		last[one.Line()] = now
		if one.Scheme != asked.Scheme || area != "" && one.Area != area {
			continue
		}
		k := revisionKey{one.InForce, one.Document, one.RecordedAt.UnixMilli()}
		i, ok := at[k]
		if !ok {
			i = len(body.List)
			at[k] = i
			body.List = append(body.List, targetRevision{InForce: one.InForce, Document: one.Document, RecordedAt: one.RecordedAt, By: names[string(one.RecordedBy)], Import: one.Import != ""})
		}
		body.List[i].Lines = append(body.List[i].Lines, s.targetChange(r, one, before, now, tree, names))
	}
	slices.Reverse(body.List)
	for i := range body.List {
		slices.SortStableFunc(body.List[i].Lines, func(a, b targetChange) int { return compareText(a.Measure+a.Place, b.Measure+b.Place) })
	}
	title := t(r, "target.history.title", asked.SchemeName, asked.Year)
	return s.render(w, r, "target_history", page{Title: title, Context: t(r, "target.history.context"), Active: "targets", Body: body})
}

type revisionKey struct {
	inForce  loa.Day
	document string
	at       int64
}

func (s *Server) targetChange(r *http.Request, one loa.Target, before, now *int64, tree *loa.Tree, names map[string]string) targetChange {
	c := targetChange{Place: tree.Areas[one.Area].Name, When: t(r, "target.whole_year"), Scheme: t(r, "scheme."+string(one.Scheme)), Measure: t(r, "measure."+one.Measure), Before: before, Now: now, Revision: one.Revision}
	switch {
	case one.Employer != "":
		c.Place = names[string(one.Employer)]
	case one.Officer != "":
		c.Place = names[string(one.Officer)]
	case one.Area == whoOf(r).Office.Anchor:
		c.Place = t(r, "target.the_office")
	}
	if one.Month > 0 {
		c.When = t(r, "coverage.month", one.Month, one.Year)
	}
	return c
}

// targetPrintPage is the assigned plan of a year as it is signed: communes by schemes.
type targetPrintPage struct {
	Year    int
	On      loa.Day
	Schemes []officialScheme
	Tables  []targetTable
}

type targetTable struct {
	Measure string
	Rows    []targetPrintRow
	Sum     []*int64
	Office  []*int64
}

type targetPrintRow struct {
	Name  string
	Cells []*int64
}

func (s *Server) targetPrint(w http.ResponseWriter, r *http.Request) error {
	asked, err := s.targetAsked(r)
	if err != nil {
		return err
	}
	all, err := s.DB.Targets(r.Context(), scopeOf(r), asked.Year, asked.Year)
	if err != nil {
		return err
	}
	plan := loa.TargetsOn(all, asked.On)
	tree, err := s.officeTree(r)
	if err != nil {
		return err
	}
	body := targetPrintPage{Year: asked.Year, On: asked.On}
	for _, scheme := range loa.Schemes {
		body.Schemes = append(body.Schemes, officialScheme{scheme, t(r, "scheme."+string(scheme))})
	}
	units := reportingUnits(r, tree, "", s.today())
	for _, measure := range loa.Measures {
		table := targetTable{Measure: t(r, "measure."+measure)}
		cell := func(area loa.AreaID, scheme loa.Scheme) *int64 {
			if one, ok := plan[loa.TargetLine{Area: area, Scheme: scheme, Measure: measure, Year: asked.Year}]; ok {
				return &one.Value
			}
			return nil
		}
		any := false
		table.Sum = make([]*int64, len(loa.Schemes))
		for _, u := range units.List {
			if u.NoCommune() {
				continue
			}
			row := targetPrintRow{Name: u.Area.Label()}
			for i, scheme := range loa.Schemes {
				n := cell(u.ID, scheme)
				row.Cells = append(row.Cells, n)
				if n != nil {
					sum := value(table.Sum[i]) + *n
					table.Sum[i], any = &sum, true
				}
			}
			table.Rows = append(table.Rows, row)
		}
		for _, scheme := range loa.Schemes {
			n := cell(whoOf(r).Office.Anchor, scheme)
			table.Office = append(table.Office, n)
			any = any || n != nil
		}
		if any {
			body.Tables = append(body.Tables, table)
		}
	}
	return s.render(w, r, "target_print", page{Title: t(r, "target.print.title", asked.Year), Active: "targets", Body: body})
}
