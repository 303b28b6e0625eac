package web

import (
	"net/http"
	"net/url"
	"slices"

	"loa"
	"loa/reporting"
	"loa/vn"
)

// officialPage is the official counts at a month's end, typed or pasted, beside what the register says.
type officialPage struct {
	Month   loa.Month
	Months  []option
	Text    string // of the month
	Schemes []officialScheme
	Rows    []officialRow
	Totals  []officialCell
	Records []officialRecord
	Source  string
	MayEdit bool
	Errors  map[string]string
	Compare string
	Closed  bool
}

type officialScheme struct {
	Scheme loa.Scheme
	Label  string
}

type officialRow struct {
	ID    loa.AreaID
	Name  string
	Cells []officialCell
}

type officialCell struct {
	Name, Value string // of the field
	Label       string
	Official    *int64
	Register    int64
	Difference  *int64
	URL         string
	Bad         bool
}

// officialRecord is one record of the month, also those that no longer hold.
type officialRecord struct {
	loa.Participation
	Place, SchemeName, By string
	Holds                 bool
}

func (s *Server) officialShow(w http.ResponseWriter, r *http.Request) error {
	body, err := s.officialBody(r)
	if err != nil {
		return err
	}
	return s.officialRender(w, r, body, 0)
}

func (s *Server) officialRender(w http.ResponseWriter, r *http.Request, body *officialPage, status int) error {
	return s.render(w, r, "coverage_official", page{Title: t(r, "official.title", body.Month.Number(), body.Month.Year()), Context: t(r, "official.context"), Active: "coverage", Body: body, Status: status})
}

func (s *Server) officialBody(r *http.Request) (*officialPage, error) {
	month, err := s.figureMonth(r, "month")
	if err != nil {
		return nil, err
	}
	b, err := s.book(r, loa.Period{From: month, To: month}, "")
	if err != nil {
		return nil, err
	}
	body := &officialPage{Month: month, Months: s.monthOptions(r, month), Text: t(r, "coverage.month", month.Number(), month.Year()), MayEdit: whoOf(r).may(loa.EditTargets), Errors: map[string]string{},
		Compare: "/coverage/compare?month=" + string(month)}
	for _, scheme := range loa.Schemes {
		body.Schemes = append(body.Schemes, officialScheme{scheme, t(r, "scheme."+string(scheme))})
	}
	_, day := loa.Period{From: month, To: month}.Days(b.In.CutOffDay)
	day = min(day, s.today())
	for _, u := range b.Units.List {
		row := officialRow{ID: u.ID, Name: unitName(r, u)}
		for _, scheme := range body.Schemes {
			c := officialCellOf(b, u.ID, scheme.Scheme, month)
			c.Name = "n." + string(u.ID) + "." + string(scheme.Scheme)
			c.Label = row.Name + ", " + scheme.Label
			c.URL = "/coverage/people?" + url.Values{"scheme": {string(scheme.Scheme)}, "kind": {"in"}, "to": {string(day)}, "area": {string(u.ID)}}.Encode()
			row.Cells = append(row.Cells, c)
		}
		body.Rows = append(body.Rows, row)
	}
	for _, scheme := range body.Schemes {
		body.Totals = append(body.Totals, officialCellOf(b, "", scheme.Scheme, month))
	}
	if body.Records, err = s.officialRecords(r, month, b); err != nil {
		return nil, err
	}
	closes, err := s.DB.MonthCloses(r.Context(), scopeOf(r))
	body.Closed = slices.ContainsFunc(closes, func(c loa.MonthClose) bool { return c.Month == month })
	return body, err
}

func officialCellOf(b *reporting.Book, unit loa.AreaID, scheme loa.Scheme, m loa.Month) officialCell {
	var c officialCell
	c.Register, _ = b.Register(unit, scheme, m)
	if n, ok := b.Official(unit, scheme, m); ok {
		d := n - c.Register
		c.Official, c.Difference, c.Value = &n, &d, vn.Number(n)
	}
	return c
}

// officialRecords are what was recorded for the month, newest first; what was replaced stays readable.
func (s *Server) officialRecords(r *http.Request, m loa.Month, b *reporting.Book) ([]officialRecord, error) {
	list, err := s.DB.ParticipationRecords(r.Context(), scopeOf(r), m)
	if err != nil {
		return nil, err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	out := make([]officialRecord, len(list))
	for i, p := range list {
		name := b.In.Tree.Areas[p.Area].Name
		if p.Area == b.In.Office.Anchor {
			name = t(r, "area.no_commune")
		}
		last := i+1 == len(list) || list[i+1].Area != p.Area || list[i+1].Scheme != p.Scheme
		out[i] = officialRecord{Participation: p, Place: name, SchemeName: t(r, "scheme."+string(p.Scheme)), By: officers.by[p.RecordedBy].Name, Holds: last}
	}
	slices.SortStableFunc(out, func(a, b officialRecord) int { return b.RecordedAt.Compare(a.RecordedAt) })
	return out, nil
}

func (s *Server) officialSave(w http.ResponseWriter, r *http.Request) error {
	body, err := s.officialBody(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	body.Source = f.text("source")
	var list []loa.Participation
	for i := range body.Rows {
		for j := range body.Rows[i].Cells {
			c := &body.Rows[i].Cells[j]
			if _, sent := r.Form[c.Name]; !sent {
				continue
			}
			c.Value = f.text(c.Name)
			if c.Value == "" || c.Value == "–" {
				continue // an empty cell says nothing, it takes nothing back
			}
			n := f.number(c.Name)
			if _, bad := f.Errors[c.Name]; bad {
				c.Bad = true
				continue
			}
			list = append(list, loa.Participation{Area: body.Rows[i].ID, Scheme: body.Schemes[j].Scheme, Month: body.Month, N: n, Source: body.Source})
		}
	}
	if body.Month > s.today().Month() {
		f.bad("month", "error.month_not_over")
	}
	if body.Source == "" {
		f.bad("source", "error.required")
	}
	var added, changed int
	if f.ok() {
		added, changed, _, err = s.DB.SaveParticipation(r.Context(), scopeOf(r), s.by(r), list)
		if err := f.take(err); err != nil {
			return err
		}
	}
	if !f.ok() {
		body.Errors = f.Errors
		return s.officialRender(w, r, body, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, "/coverage/official?month="+string(body.Month), t(r, "official.saved", added, changed), "")
}

// comparePage sets the official list beside the register, commune by commune and month by month.
type comparePage struct {
	Scheme     loa.Scheme
	SchemeName string
	Tabs       []coverageTab
	Month      loa.Month
	Months     []option
	Place      string
	By         string
	Rows       []compareRow
	Total      compareRow
	Across     []compareRow // the months of the line asked for
	Official   string
	Back       string
}

type compareRow struct {
	ID        loa.AreaID
	Name      string
	Month     loa.Month
	Figure    reporting.Figure
	Before    *int64 // twelve months before
	InURL     string
	PickURL   string
	On        bool
	JoinedURL string
	EndedURL  string
	Flow      reporting.Statement
}

func (s *Server) coverageCompare(w http.ResponseWriter, r *http.Request) error {
	scheme, err := schemeAsked(r)
	if err != nil {
		return err
	}
	month, err := s.figureMonth(r, "month")
	if err != nil {
		return err
	}
	by, err := s.unitsAsked(r)
	if err != nil {
		return err
	}
	b, err := s.book(r, yearTo(month), by)
	if err != nil {
		return err
	}
	body := comparePage{Scheme: scheme, SchemeName: t(r, "scheme."+string(scheme)), Month: month, Months: s.monthOptions(r, month), By: string(by), Place: t(r, "coverage.total"),
		Official: "/coverage/official?month=" + string(month), Back: "/coverage?" + url.Values{"scheme": {string(scheme)}, "month": {string(month)}, "by": {string(by)}}.Encode()}
	asked := loa.AreaID(r.FormValue("area"))
	found := asked == ""
	for _, tab := range loa.Schemes {
		body.Tabs = append(body.Tabs, coverageTab{Label: t(r, "scheme."+string(tab)), N: value(b.Stock("", tab, month).Difference), On: tab == scheme, URL: samePage(r, "scheme", string(tab))})
	}
	for _, u := range b.Units.List {
		row := s.compareRow(r, b, u.ID, scheme, month)
		row.Name, row.On, row.PickURL = unitName(r, u), u.ID == asked, samePage(r, "area", string(u.ID))
		if row.On {
			body.Place, found = row.Name, true
		}
		body.Rows = append(body.Rows, row)
	}
	if !found {
		return loa.ErrNotFound
	}
	body.Total = s.compareRow(r, b, "", scheme, month)
	body.Total.Name, body.Total.PickURL = t(r, "coverage.total"), samePage(r, "area", "")
	for m := month; m >= yearTo(month).From; m = m.Add(-1) {
		row := s.compareRow(r, b, asked, scheme, m)
		row.Month = m
		body.Across = append(body.Across, row)
	}
	return s.render(w, r, "coverage_compare", page{Title: t(r, "compare.title"), Context: t(r, "compare.context", body.SchemeName, month.Number(), month.Year()), Active: "coverage", Body: body})
}

func (s *Server) compareRow(r *http.Request, b *reporting.Book, unit loa.AreaID, scheme loa.Scheme, m loa.Month) compareRow {
	one := loa.Period{From: m, To: m}
	from, to := one.Days(b.In.CutOffDay)
	to = min(to, s.today())
	at := func(kind string) string {
		return "/coverage/people?" + url.Values{"scheme": {string(scheme)}, "kind": {kind}, "from": {string(from)}, "to": {string(to)}, "area": {string(unit)}, "by": {r.FormValue("by")}}.Encode()
	}
	row := compareRow{ID: unit, Figure: b.Stock(unit, scheme, m), InURL: at("in"), JoinedURL: at("joined"), EndedURL: at("lapsed"), Flow: b.Flow(unit, scheme, one)}
	if n, ok := b.Official(unit, scheme, m.Add(-12)); ok {
		row.Before = &n
	}
	return row
}

func value(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}
