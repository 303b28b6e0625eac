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
	Total   string // how the sum is called
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
			c := officialCellOf(langOf(r), b, u.ID, scheme.Scheme, month)
			c.Name = "n." + string(u.ID) + "." + string(scheme.Scheme)
			c.Label = row.Name + ", " + scheme.Label
			c.URL = "/coverage/people?" + url.Values{"scheme": {string(scheme.Scheme)}, "kind": {"in"}, "to": {string(day)}, "area": {string(u.ID)}}.Encode()
			row.Cells = append(row.Cells, c)
		}
		body.Rows = append(body.Rows, row)
	}
	body.Total = totalName(r, b.Whole)
	for _, scheme := range body.Schemes {
		body.Totals = append(body.Totals, officialCellOf(langOf(r), b, "", scheme.Scheme, month))
	}
	if body.Records, err = s.officialRecords(r, month, b); err != nil {
		return nil, err
	}
	closes, err := s.DB.MonthCloses(r.Context(), scopeOf(r))
	body.Closed = slices.ContainsFunc(closes, func(c loa.MonthClose) bool { return c.Month == month })
	return body, err
}

func officialCellOf(lang string, b *reporting.Book, unit loa.AreaID, scheme loa.Scheme, m loa.Month) officialCell {
	var c officialCell
	c.Register, _ = b.Register(unit, scheme, m)
	if n, ok := b.Official(unit, scheme, m); ok {
		d := n - c.Register
		c.Official, c.Difference, c.Value = &n, &d, vn.NumberIn(lang, n)
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
