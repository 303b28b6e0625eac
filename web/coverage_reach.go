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
	LastYearURL                    string
	SessionsChange, Questions      reporting.Figure
}

type reachRow struct {
	Form        loa.Form
	Label       string
	Sessions    reporting.Figure
	Heads       reporting.Figure
	People      int64
	URL         string
	MetURL      string
	LastYearURL string // the sessions of the same months a year earlier, which a change is against
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
	then, thenTo := loa.Period{From: p.From.Add(-12), To: p.To.Add(-12)}.Days(b.In.CutOffDay)
	out := reach{Attendances: rep.Attendances, SessionsChange: rep.SessionsTotal, Questions: rep.Questions, Sessions: rep.SessionsTotal.N(), Asked: rep.Questions.N(), People: b.In.People,
		SessionsURL: sessionsURL(from, to, ""), AttendancesURL: sessionsURL(from, to, "", loa.AttendanceForms...), MetURL: metURL(from, to, ""), LastYearURL: sessionsURL(then, thenTo, ""), QuestionsURL: "/questions?from=" + string(from) + "&to=" + string(to)}
	for _, f := range loa.SessionForms {
		row := reachRow{Form: f, Label: t(r, "form."+string(f)), Sessions: rep.Sessions[f], Heads: rep.AttendancesByForm[f], People: people[f], URL: sessionsURL(from, to, "", f), MetURL: metURL(from, to, f), LastYearURL: sessionsURL(then, thenTo, "", f)}
		out.Heads += row.Heads.N()
		out.Forms = append(out.Forms, row)
	}
	return out, nil
}
