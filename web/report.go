package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"loa"
	"loa/reporting"
)

func (s *Server) reportRoutes() []route {
	return []route{
		{"GET /reports", loa.ReadFigures, s.reportShow},
		{"GET /reports/change", loa.ReadFigures, s.reportChange},
		{"GET /reports/print", loa.ReadFigures, s.reportPrint},
		{"GET /reports/export", loa.ReadFigures, s.reportExport},
	}
}

type reportPage struct {
	reporting.Report
	reportTables
	Close     *closePage // set on the page where a month is signed
	Schemes   []reportScheme
	Units     []reportSide
	MonthRow  []reportSide
	Total     reportSide
	Months    []option
	Bys       []option
	By        string
	Quick     []reportQuick
	Period    string
	Running   bool
	TouchesAt time.Time // when the touches were counted, if that was earlier
	Query     string
	Closed    []loa.Month
	Whole     bool
	Rest      []reportScheme
}

// reportTables are the figures of a line as they are laid out: participants, movements, outreach.
type reportTables struct {
	Stock []reportRow
	Moves []reportMove
	Reach []reportReach
	Sums  []reportRow // figures of no form or scheme
}

type reportRow struct {
	reporting.Row
	Label   string
	URL     string
	Percent int64

	PlanURL, ChangeURL, RegisterURL string // the plan, the year before, the people of the register
	Part                            bool   // household HI: a part of HI, never added to it
}

// reportMove is one scheme's comings and goings.
type reportMove struct {
	Label string
	Part  bool
	Cells []reportRow // joined returned lapsed left
}

// reportReach is one form of session, or all of them.
type reportReach struct {
	Form, Label     string
	Sessions, Heads reportRow
}

type reportScheme struct {
	Scheme loa.Scheme
	Label  string
	N      int64
}

// reportSide is one commune, one month or the whole, side by side with the others.
type reportSide struct {
	Name     string
	Area     loa.AreaID
	From, To loa.Day
	Lines    reporting.Lines

	SessionsURL, AttendancesURL string // the sessions held there and then; those whose heads are counted as attendances
}

// besideOf lays a line out beside others. Who may not see sessions finds them counted by commune and month instead.
func besideOf(r *http.Request, name string, area loa.AreaID, from, to loa.Day, lines reporting.Lines, in loa.Period, by loa.Day) reportSide {
	side := reportSide{Name: name, Area: area, From: from, To: to, Lines: lines, SessionsURL: sessionsURL(from, to, area), AttendancesURL: sessionsURL(from, to, area, loa.AttendanceForms...)}
	all, heads := reporting.Row{Group: "sessions_total"}, reporting.Row{Group: "attendances"}
	if !opens(r, all) {
		side.SessionsURL, side.AttendancesURL = changeURL(all, in, by), changeURL(heads, in, by)
	}
	return side
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
	touches, err := s.DB.Touches(r.Context(), scopeOf(r), "", rep.FromDay, rep.AsOf, s.Now)
	if err != nil {
		return nil, nil, err
	}
	rep.ByForm = FormReaches(touches.List)
	body := reportLayout(r, rep, b.Whole)
	if touches.Kept {
		body.TouchesAt = touches.At
	}
	body.Months, body.Bys, body.By = s.monthOptions(r, p.To), unitOptions(r, b.In.Tree), string(by)
	body.Running = body.ToDay > s.today()
	body.Query = url.Values{"from": {string(p.From)}, "to": {string(p.To)}, "by": {string(by)}}.Encode()
	for i := len(body.Months); i < p.To.Sub(p.From)+1; i++ { // a long period's beginning can be chosen again
		m := p.To.Add(-i)
		body.Months = append(body.Months, option{string(m), t(r, "coverage.month", m.Number(), m.Year())})
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

// reportLayout lays a report out for a page: its figures, and its communes and months side by side.
func reportLayout(r *http.Request, rep reporting.Report, whole bool) *reportPage {
	p := loa.Period{From: rep.From, To: rep.To}
	body := &reportPage{Report: rep, reportTables: reportFigures(r, rep), Whole: whole, Period: periodText(r, p)}
	for _, scheme := range loa.Schemes {
		body.Schemes = append(body.Schemes, reportScheme{Scheme: scheme, Label: t(r, "scheme."+string(scheme))})
	}
	for _, c := range rep.Communes {
		if c.NotInTheRegister {
			for _, scheme := range loa.Schemes {
				if f, ok := c.Participation[scheme]; ok {
					body.Rest = append(body.Rest, reportScheme{scheme, t(r, "scheme."+string(scheme)), f.N()})
				}
			}
			continue
		}
		name := c.Name
		if c.NotStated {
			name = t(r, "area.no_commune")
		}
		body.Units = append(body.Units, besideOf(r, name, c.Area, rep.FromDay, rep.AsOf, c.Lines, p, rep.UnitsOn))
	}
	for _, m := range rep.Months {
		from, to := m.Days(rep)
		body.MonthRow = append(body.MonthRow, besideOf(r, (&view{}).Month(m.Month), "", from, to, m.Lines, loa.Period{From: m.Month, To: m.Month}, rep.UnitsOn))
	}
	body.Total = besideOf(r, totalName(r, whole), "", rep.FromDay, rep.AsOf, rep.Lines, p, rep.UnitsOn)
	return body
}

// quickPeriods are the periods most asked for: the month, the last whole quarter, the year so far, the year before.
func (s *Server) quickPeriods(r *http.Request, chosen loa.Period, by loa.Day) []reportQuick {
	m, err := s.figureMonth(r, "")
	if err != nil {
		return nil // only settings that cannot be read, which the page has read already
	}
	quarter := loa.MakeMonth(m.Year(), (m.Number()-1)/3*3+1)
	if quarter.Add(2) > m {
		quarter = quarter.Add(-3)
	}
	var out []reportQuick
	for _, p := range []loa.Period{{From: m, To: m}, {From: quarter, To: quarter.Add(2)}, yearTo(m),
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
	body, b, err := s.reportBody(r)
	if err != nil {
		return err
	}
	if len(body.Closed) == 1 && body.From == body.To && body.By == "" && b.Whole { // a signed month prints as it was signed, corrections after it
		officers, err := s.officerNames(r)
		if err != nil {
			return err
		}
		signed := closePage{Month: body.From}
		if err := s.closeSigned(r, &signed, b.Report(b.In.Period), officers); err != nil {
			return err
		}
		query, reach := body.Query, body.ByForm
		body = reportLayout(r, signed.Report, true)
		body.Query, body.Close = query, &signed
		body.ByForm = reach // no part of what is signed: receipts and replies come in later, and the print says when it was counted
	}
	return s.figuresOut(w, r, body)
}

// fullOffice is an office's name as it stands at the head of a document: written out.
func fullOffice(name string) string {
	return strings.Replace(name, "BHXH ", "Bảo hiểm xã hội ", 1)
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

// reportFigures arranges a report's figures into the tables of the page; each opens the rows behind it.
func reportFigures(r *http.Request, rep reporting.Report) (out reportTables) {
	p := loa.Period{From: rep.From, To: rep.To}
	line := func(row reporting.Row) reportRow {
		l := reportRow{Row: row, URL: rowURL(row, rep), PlanURL: planURL(row, rep), ChangeURL: changeURL(row, p, rep.UnitsOn), Part: row.Key == string(loa.HouseholdHI)}
		if !opens(r, row) {
			l.URL = l.ChangeURL
		}
		if row.Percent != nil {
			l.Percent = int64(*row.Percent)
		}
		return l
	}
	for _, form := range loa.SessionForms {
		out.Reach = append(out.Reach, reportReach{Form: string(form), Label: t(r, "form."+string(form)),
			Sessions: line(reporting.Row{Group: "sessions", Key: string(form), Figure: rep.Sessions[form]}),
			Heads:    line(reporting.Row{Group: "attendances_by_form", Key: string(form), Figure: rep.AttendancesByForm[form]})})
	}
	for _, row := range []reporting.Row{{Group: "sessions_total", Figure: rep.SessionsTotal}, {Group: "attendances", Figure: rep.Attendances}, {Group: "questions", Figure: rep.Questions},
		{Group: "people_met", Figure: rep.People}} {
		l := line(row)
		l.Label = t(r, "report.group."+row.Group)
		out.Sums = append(out.Sums, l)
	}
	for _, scheme := range loa.Schemes {
		stock := line(reporting.Row{Group: "participation", Key: string(scheme), Figure: rep.Participation[scheme]})
		stock.Label = t(r, "scheme."+string(scheme))
		stock.PlanURL = fmt.Sprintf("/targets/history?year=%d&scheme=%s", rep.To.Year(), scheme)
		stock.ChangeURL = "/coverage/compare?" + url.Values{"scheme": {string(scheme)}, "month": {string(rep.To)}}.Encode()
		stock.RegisterURL = "/coverage/people?" + url.Values{"scheme": {string(scheme)}, "kind": {"in"}, "to": {string(rep.AsOf)}}.Encode()
		out.Stock = append(out.Stock, stock)
		move := reportMove{Label: stock.Label, Part: stock.Part}
		for _, kind := range loa.FlowKinds {
			move.Cells = append(move.Cells, line(reporting.Row{Group: kind, Key: string(scheme), Figure: rep.Flow(kind)[scheme]}))
		}
		out.Moves = append(out.Moves, move)
	}
	return out
}

// rowURL is the list of what a figure counts.
func rowURL(row reporting.Row, rep reporting.Report) string {
	switch row.Group {
	case "sessions_total":
		return sessionsURL(rep.FromDay, rep.AsOf, "")
	case "sessions", "attendances_by_form":
		return sessionsURL(rep.FromDay, rep.AsOf, "", loa.Form(row.Key))
	case "attendances":
		return sessionsURL(rep.FromDay, rep.AsOf, "", loa.AttendanceForms...)
	case "questions":
		return "/questions?from=" + string(rep.FromDay) + "&to=" + string(rep.AsOf)
	case "people_met":
		return metURL(rep.FromDay, rep.AsOf, "")
	case "participation":
		return "/coverage?scheme=" + row.Key + "&month=" + string(rep.To)
	}
	return "/coverage/people?" + url.Values{"scheme": {row.Key}, "kind": {row.Group}, "from": {string(rep.FromDay)}, "to": {string(rep.AsOf)}}.Encode()
}
