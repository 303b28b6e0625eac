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
	SessionsChange, Questions      reporting.Figure
}

type reachRow struct {
	Form     loa.Form
	Label    string
	Sessions reporting.Figure
	Heads    reporting.Figure
	People   int64
	URL      string
}

// sessionsURL is the list of the sessions behind a count.
func sessionsURL(form loa.Form, from, to loa.Day, area loa.AreaID) string {
	q := url.Values{"when": {"days"}, "state": {string(loa.Held)}, "from": {string(from)}, "to": {string(to)}}
	if form != "" {
		q.Set("form", string(form))
	}
	if area != "" {
		q.Set("commune", string(area))
	}
	return "/sessions?" + q.Encode()
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
	out := reach{Attendances: rep.Attendances, SessionsChange: rep.SessionsTotal, Questions: rep.Questions, Sessions: rep.SessionsTotal.N(), Asked: rep.Questions.N(), People: b.In.People,
		SessionsURL: sessionsURL("", from, to, ""), QuestionsURL: "/questions?from=" + string(from) + "&to=" + string(to)}
	for _, f := range loa.SessionForms {
		row := reachRow{Form: f, Label: t(r, "form."+string(f)), Sessions: rep.Sessions[f], Heads: rep.AttendancesByForm[f], People: people[f], URL: sessionsURL(f, from, to, "")}
		out.Heads += row.Heads.N()
		out.Forms = append(out.Forms, row)
	}
	return out, nil
}
