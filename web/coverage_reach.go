package web

import (
	"net/http"
	"net/url"
	"strings"

	"loa"
	"loa/reporting"
)

// reach is what the office did to reach people over a period.
type reach struct {
	Forms                          []reachRow
	Sessions, Heads, People, Asked int64
	Attendances                    reporting.Figure // heads at conferences and small groups, as reports count them
	SessionsURL, QuestionsURL      string
	AttendancesURL, MetURL         string
	ChangeURL                      string
	SessionsChange, Questions      reporting.Figure
}

type reachRow struct {
	Form      loa.Form
	Label     string
	Sessions  reporting.Figure
	Heads     reporting.Figure
	People    int64
	URL       string
	HeadsURL  string
	MetURL    string
	ChangeURL string // beside the same months a year earlier
}

// sessionsURL is the list of the sessions behind a count, of any form when none is named.
func sessionsURL(from, to loa.Day, area loa.AreaID, forms ...loa.Form) string {
	q := url.Values{"when": {"days"}, "state": {string(loa.Held)}, "from": {string(from)}, "to": {string(to)}}
	for _, form := range forms {
		q.Add("form", string(form))
	}
	if area != "" {
		q.Set("commune", string(area))
	}
	return "/sessions?" + q.Encode()
}

// metURL is the list of the people behind a count of people met by name.
func metURL(from, to loa.Day, form loa.Form) string {
	return "/coverage/people?" + url.Values{"kind": {"met"}, "form": {string(form)}, "from": {string(from)}, "to": {string(to)}}.Encode()
}

// reach counts sessions by form, heads and distinct people, and questions.
func (s *Server) reach(r *http.Request, b *reporting.Book, p loa.Period) (reach, error) {
	from, to := p.Days(b.In.CutOffDay)
	to = min(to, s.today())
	people, err := keep(s, r, strings.Join([]string{"people met", string(from), string(to), rangesOf(scopeOf(r))}, " "), func() (map[loa.Form]int64, error) {
		rows, err := s.DB.HeadsByForm(r.Context(), scopeOf(r), from, to)
		out := map[loa.Form]int64{}
		for _, t := range rows {
			out[t.Form] = t.People
		}
		return out, err
	})
	if err != nil {
		return reach{}, err
	}
	rep := b.Lines(p)
	change := func(group, key string) string {
		return changeURL(reporting.Row{Group: group, Key: key}, p, b.In.UnitsOn)
	}
	out := reach{Attendances: rep.Attendances, SessionsChange: rep.SessionsTotal, Questions: rep.Questions, Sessions: rep.SessionsTotal.N(), Asked: rep.Questions.N(), People: b.In.People,
		SessionsURL: sessionsURL(from, to, ""), AttendancesURL: sessionsURL(from, to, "", loa.AttendanceForms...), MetURL: metURL(from, to, ""), ChangeURL: change("sessions_total", ""), QuestionsURL: "/questions?from=" + string(from) + "&to=" + string(to)}
	opens := whoOf(r).may(loa.ReadOutreach)
	if !opens { // who only reads figures finds them counted by commune and month
		out.SessionsURL, out.AttendancesURL, out.QuestionsURL = out.ChangeURL, change("attendances", ""), change("questions", "")
	}
	for _, f := range loa.SessionForms {
		row := reachRow{Form: f, Label: t(r, "form."+string(f)), Sessions: rep.Sessions[f], Heads: rep.AttendancesByForm[f], People: people[f], URL: sessionsURL(from, to, "", f), MetURL: metURL(from, to, f), ChangeURL: change("sessions", string(f))}
		row.HeadsURL = row.URL
		if !opens {
			row.URL, row.HeadsURL = row.ChangeURL, change("attendances_by_form", string(f))
		}
		out.Heads += row.Heads.N()
		out.Forms = append(out.Forms, row)
	}
	return out, nil
}
