package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"loa"
	"loa/reporting"
)

// changePage sets one figure of a report beside the same months a year earlier, commune by commune and month by month, so that
// a change, a target and its share open the rows they were made from.
type changePage struct {
	Figure   string // as JSON nests it: sessions.conference
	Figures  []option
	From, To loa.Month
	By       string
	Communes []yearLine
	Months   []yearLine
	Total    yearLine
	Planned  bool // new participants are held against a target
	PlanURL  string
	Reports  string
	Former   string // when the change is against a year that nobody wrote down
}

type yearLine struct {
	Name                     string
	Figure                   reporting.Figure
	Earlier                  *int64
	URL, EarlierURL, PlanURL string
	Percent                  int64
}

// changeURL is the page that tells a figure's change on the year before.
func changeURL(row reporting.Row, p loa.Period, by loa.Day) string {
	q := url.Values{"figure": {row.Name()}, "from": {string(p.From)}, "to": {string(p.To)}}
	if by != "" {
		q.Set("by", string(by))
	}
	return "/reports/change?" + q.Encode()
}

// reportChange answers what a figure of the report was made of, this year and the year before.
func (s *Server) reportChange(w http.ResponseWriter, r *http.Request) error {
	p, err := s.periodAsked(r)
	if err != nil {
		return err
	}
	by, err := s.unitsAsked(r)
	if err != nil {
		return err
	}
	b, err := s.book(r, p, by)
	if err != nil {
		return err
	}
	rep := b.Report(p)
	asked := r.FormValue("figure")
	if asked == "" {
		asked = "sessions_total"
	}
	row, ok := rowNamed(rep.Lines, asked)
	if !ok {
		return loa.ErrNotFound
	}
	q := url.Values{"from": {string(p.From)}, "to": {string(p.To)}, "by": {string(by)}}.Encode()
	body := changePage{Figure: row.Name(), From: p.From, To: p.To, By: string(by), Planned: row.Group == "joined", Reports: "/reports?" + q}
	for _, one := range rep.Lines.Rows() {
		if one.Group != "participation" {
			body.Figures = append(body.Figures, option{one.Name(), rowLabel(r, one.Name())})
		}
	}
	if row.Change == nil {
		body.Former = periodText(r, p.YearEarlier())
	}
	old := rep
	old.FromDay, old.AsOf = p.YearEarlier().Days(b.In.CutOffDay)
	body.Total = lineOfYear(r, row, rep, old, "")
	body.Total.Name, body.PlanURL = totalName(r, b.Whole), body.Total.PlanURL
	for _, c := range rep.Communes {
		one, _ := rowNamed(c.Lines, row.Name())
		if c.NotInTheRegister {
			continue
		}
		line := lineOfYear(r, one, rep, old, c.Area)
		if line.Name = c.Name; c.NotStated {
			line.Name = t(r, "area.no_commune")
		}
		body.Communes = append(body.Communes, line)
	}
	for _, m := range rep.Months {
		one, _ := rowNamed(m.Lines, row.Name())
		now, then := rep, rep
		now.FromDay, now.AsOf = m.Days(rep)
		then.FromDay, then.AsOf = loa.Period{From: m.Month, To: m.Month}.YearEarlier().Days(b.In.CutOffDay)
		line := lineOfYear(r, one, now, then, "")
		line.Name = (&view{}).Month(m.Month)
		body.Months = append(body.Months, line)
	}
	earlier := old.FromDay.Vietnamese() + "–" + old.AsOf.Vietnamese()
	return s.render(w, r, "report_change", page{Title: t(r, "change.title", rowLabel(r, row.Name())), Active: "reports", Body: body,
		Context: t(r, "change.context", rep.FromDay.Vietnamese(), rep.AsOf.Vietnamese(), earlier)})
}

// rowNamed finds a figure that is counted over a period by its name.
func rowNamed(l reporting.Lines, name string) (reporting.Row, bool) {
	for _, row := range l.Rows() {
		if row.Name() == name && row.Group != "participation" {
			return row, true
		}
	}
	return reporting.Row{}, false
}

func lineOfYear(r *http.Request, row reporting.Row, now, then reporting.Report, area loa.AreaID) yearLine {
	line := yearLine{Figure: row.Figure}
	if row.Change != nil {
		n := row.N() - *row.Change
		line.Earlier = &n
	}
	if row.Percent != nil {
		line.Percent = int64(*row.Percent)
	}
	if row.Target != nil {
		line.PlanURL = planURL(row, now)
	}
	if opens(r, row) {
		line.URL, line.EarlierURL = narrowed(row, now, area), narrowed(row, then, area)
	}
	return line
}

// opens says whether the officer may see the rows behind a figure: sessions and questions are not for who only reads figures.
func opens(r *http.Request, row reporting.Row) bool {
	switch row.Group {
	case "sessions", "sessions_total", "attendances", "attendances_by_form", "questions":
		return whoOf(r).may(loa.ReadOutreach)
	}
	return true
}

// narrowed is the list behind a figure in one commune, or everywhere.
func narrowed(row reporting.Row, rep reporting.Report, area loa.AreaID) string {
	link := rowURL(row, rep)
	if area == "" {
		return link
	}
	name := "area"
	if strings.HasPrefix(link, "/sessions") {
		name = "commune"
	}
	q := url.Values{name: {string(area)}}
	if rep.UnitsOn != "" && strings.HasPrefix(link, "/coverage") {
		q.Set("by", string(rep.UnitsOn))
	}
	return link + "&" + q.Encode()
}

// planURL is where the target of a figure of the report was assigned.
func planURL(row reporting.Row, rep reporting.Report) string {
	measure := "participation"
	if row.Group == "joined" {
		measure = "joined"
	}
	return "/targets?" + url.Values{"year": {strconv.Itoa(rep.To.Year())}, "scheme": {row.Key}, "measure": {measure}}.Encode()
}
