package web

import (
	"net/http"
	"net/url"
	"strconv"

	"loa"
	"loa/reporting"
)

type cohortRow struct {
	Month  loa.Month
	Joined int64
	URL    string
	Kept   []cohortKept
}

type cohortKept struct {
	reporting.Kept
	URL string
}

// cohorts are those who joined in the last thirty months, with what became of them.
func (s *Server) cohorts(r *http.Request, scheme loa.Scheme, asOf loa.Day) ([]loa.Cohort, error) {
	from := asOf.AddMonths(-30).Month().First()
	return keep(s, r, "cohorts "+string(scheme)+" "+string(asOf)+" "+rangesOf(scopeOf(r)), func() ([]loa.Cohort, error) {
		return s.DB.Cohorts(r.Context(), scopeOf(r), scheme, from, asOf)
	})
}

// keptByLine is the share still in a year after joining, by line; the empty line is the sum.
func keptByLine(rows []loa.Cohort, units *reporting.Units, asOf loa.Day) map[loa.AreaID]reporting.Rate {
	from, to := reporting.KeptSince(asOf, 12)
	by := map[loa.AreaID][]loa.Cohort{}
	for _, c := range rows {
		if c.Joined >= from && c.Joined <= to {
			by[units.Of(c.Area)] = append(by[units.Of(c.Area)], c)
			by[""] = append(by[""], c)
		}
	}
	out := map[loa.AreaID]reporting.Rate{}
	for id, list := range by {
		out[id] = reporting.RateAfter(list, 12, asOf)
	}
	return out
}

// cohortRows is the table of retention by joining month, newest first.
func cohortRows(r *http.Request, rows []loa.Cohort, cutOff int, body *coveragePage) []cohortRow {
	var out []cohortRow
	for i, c := range reporting.Retention(rows, cutOff, body.Until) {
		if i == 24+3 {
			break // the last one with something to say after two years
		}
		from, to := loa.Period{From: c.Month, To: c.Month}.Days(cutOff)
		q := url.Values{"scheme": {string(body.Scheme)}, "from": {string(from)}, "to": {string(min(to, body.Until))}, "by": {body.By}}
		at := func(kind string, after int) string {
			q.Set("kind", kind)
			q.Del("after")
			if after > 0 {
				q.Set("after", strconv.Itoa(after))
			}
			return "/coverage/people?" + q.Encode()
		}
		row := cohortRow{Month: c.Month, Joined: c.Joined, URL: at("joined", 0)}
		for _, k := range c.Kept {
			row.Kept = append(row.Kept, cohortKept{k, at("kept", k.After)})
		}
		out = append(out, row)
	}
	return out
}
