package web

import (
	"net/http"
	"net/url"
	"strings"

	"loa"
	"loa/reporting"
)

func (s *Server) reportRoutes() []route {
	return []route{
		{"GET /reports", loa.ReadFigures, s.reportShow},
		{"GET /reports/print", loa.ReadFigures, s.reportPrint},
		{"GET /reports/export", loa.ReadFigures, s.reportExport},
	}
}

type reportPage struct {
	reporting.Report
	Groups   []reportGroup
	Schemes  []reportScheme
	Units    []reportUnit
	MonthRow []reportMonth
	Months   []option
	Bys      []option
	By       string
	Quick    []reportQuick
	Period   string
	Running  bool
	Query    string
	Closed   []loa.Month
	Whole    bool
	Rest     []reportScheme
}

// reportGroup is one table of the report: the figures of one kind, each with the rows behind it.
type reportGroup struct {
	Key, Label string
	Rows       []reportRow
	HasTarget  bool
	HasStock   bool
}

type reportRow struct {
	reporting.Row
	Label   string
	URL     string
	Percent int64
	Part    bool // household HI: a part of HI, never added to it
}

type reportScheme struct {
	Scheme loa.Scheme
	Label  string
	N      int64
}

// reportUnit is one commune across the report.
type reportUnit struct {
	Name  string
	Lines reporting.Lines
	Rest  bool
}

type reportMonth struct {
	Month loa.Month
	Lines reporting.Lines
}

type reportQuick struct {
	Label, URL string
	On         bool
}

// periodAsked is the period of a report: from and to, or the year up to the last month that is over.
func (s *Server) periodAsked(r *http.Request) (loa.Period, error) {
	to, err := s.figureMonth(r, "to")
	if err != nil {
		return loa.Period{}, err
	}
	p := yearTo(to)
	if r.FormValue("from") != "" {
		if p.From, err = s.figureMonth(r, "from"); err != nil {
			return p, err
		}
	}
	return p, p.Check()
}

func (s *Server) reportBody(r *http.Request) (*reportPage, *reporting.Book, error) {
	p, err := s.periodAsked(r)
	if err != nil {
		return nil, nil, err
	}
	by, err := s.unitsAsked(r)
	if err != nil {
		return nil, nil, err
	}
	b, err := s.book(r, p, by)
	if err != nil {
		return nil, nil, err
	}
	rep := b.Report(p)
	body := &reportPage{Report: rep, Months: s.monthOptions(r, p.To), Bys: unitOptions(r, b.In.Tree), By: string(by), Period: periodText(r, p), Running: rep.ToDay > s.today(), Whole: b.Whole,
		Query: url.Values{"from": {string(p.From)}, "to": {string(p.To)}, "by": {string(by)}}.Encode()}
	for i := len(body.Months); i < p.To.Sub(p.From)+1; i++ { // a long period's beginning can be chosen again
		m := p.To.Add(-i)
		body.Months = append(body.Months, option{string(m), t(r, "coverage.month", m.Number(), m.Year())})
	}
	body.Groups = reportGroups(r, rep.Lines, &rep)
	for _, scheme := range loa.Schemes {
		body.Schemes = append(body.Schemes, reportScheme{Scheme: scheme, Label: t(r, "scheme."+string(scheme))})
	}
	for _, c := range rep.Communes {
		name := c.Name
		if c.NotStated {
			name = t(r, "area.no_commune")
		}
		if c.NotInTheRegister {
			for _, scheme := range loa.Schemes {
				if f, ok := c.Participation[scheme]; ok {
					body.Rest = append(body.Rest, reportScheme{scheme, t(r, "scheme."+string(scheme)), f.N()})
				}
			}
			continue
		}
		body.Units = append(body.Units, reportUnit{Name: name, Lines: c.Lines})
	}
	for _, m := range rep.Months {
		body.MonthRow = append(body.MonthRow, reportMonth{m.Month, m.Lines})
	}
	body.Quick = s.quickPeriods(r, p, by)
	closes, err := s.DB.MonthCloses(r.Context(), scopeOf(r))
	if err != nil {
		return nil, nil, err
	}
	for _, c := range closes {
		if c.Month >= p.From && c.Month <= p.To {
			body.Closed = append(body.Closed, c.Month)
		}
	}
	return body, b, nil
}

// quickPeriods are the periods most asked for: the month, the quarter, the year so far, the year before.
func (s *Server) quickPeriods(r *http.Request, chosen loa.Period, by loa.Day) []reportQuick {
	m, err := s.figureMonth(r, "")
	if err != nil {
		return nil // only settings that cannot be read, which the page has read already
	}
	quarter := loa.MakeMonth(m.Year(), (m.Number()-1)/3*3+1)
	var out []reportQuick
	for _, p := range []loa.Period{{From: m, To: m}, {From: quarter, To: min(quarter.Add(2), m)}, {From: quarter.Add(-3), To: quarter.Add(-1)}, yearTo(m),
		{From: loa.MakeMonth(m.Year()-1, 1), To: loa.MakeMonth(m.Year()-1, 12)}} {
		out = append(out, reportQuick{Label: periodText(r, p), On: p == chosen, URL: "/reports?" + url.Values{"from": {string(p.From)}, "to": {string(p.To)}, "by": {string(by)}}.Encode()})
	}
	return out
}

// periodText names a period as people do: a month, a quarter, a year, or from month to month.
func periodText(r *http.Request, p loa.Period) string {
	from, to, year := p.From.Number(), p.To.Number(), p.To.Year()
	switch {
	case p.From == p.To:
		return t(r, "report.period.month", to, year)
	case p.From.Year() == year && from%3 == 1 && to == from+2:
		return t(r, "report.period.quarter", (from+2)/3, year)
	case p.From.Year() == year && from == 1 && to == 12:
		return t(r, "report.period.year", year)
	case p.From.Year() == year && from == 1:
		return t(r, "report.period.months", to, year)
	}
	return t(r, "report.period.between", from, p.From.Year(), to, year)
}

func (s *Server) reportShow(w http.ResponseWriter, r *http.Request) error {
	body, _, err := s.reportBody(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "report_show", page{Title: t(r, "report.title", lowerFirst(body.Period)), Active: "reports", Body: body,
		Context: t(r, "report.context", body.FromDay.Vietnamese(), body.AsOf.Vietnamese())})
}

func (s *Server) reportPrint(w http.ResponseWriter, r *http.Request) error {
	body, _, err := s.reportBody(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "report_print", page{Title: t(r, "report.print.title", lowerFirst(body.Period)), Active: "reports", Body: body})
}

func lowerFirst(s string) string {
	for i, c := range s {
		return strings.ToLower(string(c)) + s[i+len(string(c)):]
	}
	return s
}

// rowLabel names a figure by its key: "sessions.conference" is "Buổi: Hội nghị".
func rowLabel(r *http.Request, key string) string {
	group, word, ok := strings.Cut(key, ".")
	if !ok {
		return t(r, "report.group."+group)
	}
	prefix := "scheme."
	if group == "sessions" || group == "attendances_by_form" {
		prefix = "form."
	}
	return t(r, "report.group."+group) + ": " + t(r, prefix+word)
}

// reportGroups arranges a line's figures into the tables of the page. With the report itself, figures open the rows behind them.
func reportGroups(r *http.Request, l reporting.Lines, rep *reporting.Report) []reportGroup {
	var out []reportGroup
	for _, row := range l.Rows() {
		group := row.Group
		if group == "sessions_total" {
			group = "sessions"
		}
		if group == "attendances" {
			group = "attendances_by_form"
		}
		if n := len(out); n == 0 || out[n-1].Key != group {
			out = append(out, reportGroup{Key: group, Label: t(r, "report.group."+group)})
		}
		g := &out[len(out)-1]
		line := reportRow{Row: row, Label: rowWord(r, row), Part: row.Key == string(loa.HouseholdHI)}
		if row.Percent != nil {
			line.Percent = int64(*row.Percent)
		}
		g.HasTarget = g.HasTarget || row.Target != nil
		g.HasStock = g.HasStock || row.Group == "participation"
		if rep != nil {
			line.URL = rowURL(row, *rep)
		}
		g.Rows = append(g.Rows, line)
	}
	return out
}

func rowWord(r *http.Request, row reporting.Row) string {
	switch {
	case row.Key == "":
		return t(r, "report.group."+row.Group)
	case row.Group == "sessions" || row.Group == "attendances_by_form":
		return t(r, "form."+row.Key)
	}
	return t(r, "scheme."+row.Key)
}

// rowURL is the list of what a figure counts.
func rowURL(row reporting.Row, rep reporting.Report) string {
	switch row.Group {
	case "sessions_total":
		return sessionsURL("", rep.FromDay, rep.AsOf, "")
	case "sessions", "attendances_by_form":
		return sessionsURL(loa.Form(row.Key), rep.FromDay, rep.AsOf, "")
	case "attendances":
		return sessionsURL(loa.Conference, rep.FromDay, rep.AsOf, "")
	case "questions":
		return "/questions?from=" + string(rep.FromDay) + "&to=" + string(rep.AsOf)
	case "participation":
		return "/coverage?scheme=" + row.Key + "&month=" + string(rep.To)
	}
	return "/coverage/people?" + url.Values{"scheme": {row.Key}, "kind": {row.Group}, "from": {string(rep.FromDay)}, "to": {string(rep.AsOf)}}.Encode()
}
