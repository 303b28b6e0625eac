package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"loa"
	"loa/reporting"
	"loa/vn"
)

func (s *Server) targetRoutes() []route {
	return []route{
		{"GET /targets", loa.ReadFigures, s.targetShow},
		{"POST /targets", loa.EditTargets, s.targetSave},
		{"GET /targets/history", loa.ReadFigures, s.targetHistory},
		{"GET /targets/print", loa.ReadFigures, s.targetPrint},
	}
}

// targetOwners are whom a line of the plan may be assigned to.
var targetOwners = []string{"areas", "employers", "officers"}

type targetPage struct {
	Year       int
	Years      []option
	Scheme     loa.Scheme
	SchemeName string
	Tabs       []coverageTab
	Measure    string
	Measures   []targetSwitch
	Owner      string
	Owners     []targetSwitch
	On         loa.Day // the day whose plan is shown
	Revisions  []option
	Rows       []targetRow
	Office     *targetRow // the office's own line, for those who see the whole office
	Months     []int      // 0 is the year
	Sums       []string   // of the columns; empty where nothing is assigned
	Checks     []targetCheck
	MayEdit    bool
	InForce    string
	Document   string
	Errors     map[string]string
	Query      string
	Lang       string
	Flow       bool // a plan of joining: months add up to the year
	Reached    loa.Day
	Empty      bool // nothing is assigned for the year yet
	Part       bool
}

type targetSwitch struct {
	Label, URL string
	On         bool
}

type targetRow struct {
	ID, Name, Sub string
	Line          loa.TargetLine
	Cells         []targetCell
	N             int64 // reached so far
	Known         bool
	Percent       int64
	HasPercent    bool
	Gaps          []int64 // of the office's line: what the parts have beyond it, by column
}

type targetCell struct {
	Name, Label, Value string
	Plan               *int64
	Bad, Off           bool
}

// targetCheck is one sum of the plan told in words.
type targetCheck struct {
	reporting.Check
	Text string
	OK   bool
}

func (s *Server) targetShow(w http.ResponseWriter, r *http.Request) error {
	body, err := s.targetBody(r)
	if err != nil {
		return err
	}
	return s.targetRender(w, r, body, 0)
}

func (s *Server) targetRender(w http.ResponseWriter, r *http.Request, body *targetPage, status int) error {
	return s.render(w, r, "target_show", page{Title: t(r, "target.title", body.Year), Context: t(r, "target.context", body.On.Vietnamese()), Active: "targets", Body: body, Status: status})
}

// targetAsked reads which plan a page is about.
func (s *Server) targetAsked(r *http.Request) (*targetPage, error) {
	scheme, err := schemeAsked(r)
	if err != nil {
		return nil, err
	}
	body := &targetPage{Scheme: scheme, SchemeName: t(r, "scheme."+string(scheme)), Measure: "participation", Owner: "areas", Lang: langOf(r), Year: s.today().Time().Year(), MayEdit: whoOf(r).may(loa.EditTargets),
		Errors: map[string]string{}, Part: scheme == loa.HouseholdHI}
	if text := r.FormValue("year"); text != "" {
		y, err := strconv.Atoi(text)
		if err != nil || y < 2000 || y > 2100 {
			return nil, loa.Refuse(loa.Invalid, "year", "out_of_range")
		}
		body.Year = y
	}
	if m := r.FormValue("measure"); loa.OneOf(m, loa.Measures) {
		body.Measure = m
	}
	if o := r.FormValue("owner"); loa.OneOf(o, targetOwners) {
		body.Owner = o
	}
	if body.Owner == "employers" && body.Scheme != loa.CompulsorySI {
		body.Owner = "areas" // employers are the lines of the compulsory plan alone
	}
	body.Flow = body.Measure == "joined"
	first, last := loa.MakeDay(body.Year, 1, 1), loa.MakeDay(body.Year, 12, 31)
	body.On = max(first, min(s.today(), last))
	if text := r.FormValue("on"); text != "" {
		if body.On, err = loa.ParseDay(text); err != nil {
			return nil, err
		}
	}
	body.Query = url.Values{"year": {strconv.Itoa(body.Year)}, "scheme": {string(body.Scheme)}, "measure": {body.Measure}, "owner": {body.Owner}}.Encode()
	return body, nil
}

func (s *Server) targetBody(r *http.Request) (*targetPage, error) {
	body, err := s.targetAsked(r)
	if err != nil {
		return nil, err
	}
	all, err := s.DB.Targets(r.Context(), scopeOf(r), body.Year, body.Year)
	if err != nil {
		return nil, err
	}
	plan := loa.TargetsOn(all, body.On)
	body.Empty = len(all) == 0
	s.targetSwitches(r, body, all)
	for m := range 13 {
		body.Months = append(body.Months, m)
	}
	b, err := s.targetBook(r, body)
	if err != nil {
		return nil, err
	}
	if err := s.targetRows(r, body, b, plan); err != nil {
		return nil, err
	}
	body.sumColumns()
	body.Checks = targetChecks(r, body, b, plan)
	for _, c := range body.Checks {
		if c.OK || body.Office == nil || c.Line != body.Office.lineOf(c.Line.Month) || c.Parts != map[string]string{"areas": "communes", "employers": "employers", "officers": "officers"}[body.Owner] {
			continue
		}
		body.Office.Cells[c.Line.Month].Off = true
		body.Office.Gaps[c.Line.Month] = c.Gap()
	}
	body.InForce = max(loa.MakeDay(body.Year, 1, 1), s.today()).Vietnamese()
	if body.Empty {
		body.InForce = loa.MakeDay(body.Year, 1, 1).Vietnamese()
	}
	return body, nil
}

// targetBook counts what is reached so far in the plan's year.
func (s *Server) targetBook(r *http.Request, body *targetPage) (*reporting.Book, error) {
	m, err := s.figureMonth(r, "")
	if err != nil {
		return nil, err
	}
	m = max(loa.MakeMonth(body.Year, 1), min(m, loa.MakeMonth(body.Year, 12)))
	b, err := s.book(r, yearTo(m), "")
	if err != nil {
		return nil, err
	}
	body.Reached = min(m.CutOff(b.In.CutOffDay), s.today())
	return b, nil
}

func (row targetRow) lineOf(month int) loa.TargetLine {
	line := row.Line
	line.Month = month
	return line
}

// targetRows lays the grid out: communes, employers or officers, and the office's own line beneath.
func (s *Server) targetRows(r *http.Request, body *targetPage, b *reporting.Book, plan map[loa.TargetLine]loa.Target) error {
	line := loa.TargetLine{Scheme: body.Scheme, Measure: body.Measure, Year: body.Year}
	anchor := whoOf(r).Office.Anchor
	switch body.Owner {
	case "areas":
		for _, u := range b.Units.List {
			if u.NoCommune() {
				continue
			}
			line.Area = u.ID
			row := targetRowOf(body, string(u.ID), u.Name, line, plan)
			row.reach(b, u.ID, body)
			body.Rows = append(body.Rows, row)
		}
	default:
		employers, officers, err := s.DB.TargetOwners(r.Context(), scopeOf(r))
		if err != nil {
			return err
		}
		for _, e := range employers {
			if body.Owner == "employers" {
				line.Area, line.Employer = b.Units.Of(e.Area), e.ID
				row := targetRowOf(body, string(e.ID), e.Name, line, plan)
				row.Sub, row.N, row.Known = b.In.Tree.Areas[line.Area].Name, int64(e.Employees), e.Employees > 0
				row.percent()
				body.Rows = append(body.Rows, row)
			}
		}
		for _, o := range officers {
			if body.Owner == "officers" && b.Whole {
				line.Area, line.Officer = anchor, o.ID
				body.Rows = append(body.Rows, targetRowOf(body, string(o.ID), o.Name, line, plan))
			}
		}
		line.Employer, line.Officer = "", ""
	}
	if b.Whole {
		line.Area = anchor
		row := targetRowOf(body, "office", t(r, "target.office_line"), line, plan)
		row.reach(b, "", body)
		row.Gaps = make([]int64, 13)
		body.Office = &row
	}
	return nil
}

// sumColumns adds each column up. A column in which nothing is assigned has no sum: it is not a plan of 0.
func (body *targetPage) sumColumns() {
	body.Sums = make([]string, 13)
	for m := range body.Sums {
		sum, any := int64(0), false
		for _, row := range body.Rows {
			if n := row.Cells[m].Plan; n != nil {
				sum, any = sum+*n, true
			}
		}
		if any {
			body.Sums[m] = vn.NumberIn(body.Lang, sum)
		}
	}
}

func targetRowOf(body *targetPage, id, name string, line loa.TargetLine, plan map[loa.TargetLine]loa.Target) targetRow {
	row := targetRow{ID: id, Name: name, Line: line}
	for m := range 13 {
		line.Month = m
		c := targetCell{Name: fmt.Sprintf("t.%s.%02d", id, m), Label: fmt.Sprintf("%s, %d/%d", name, m, body.Year)}
		if t, ok := plan[line]; ok {
			c.Plan, c.Value = &t.Value, vn.NumberIn(body.Lang, t.Value)
		}
		row.Cells = append(row.Cells, c)
	}
	return row
}

func (row *targetRow) reach(b *reporting.Book, unit loa.AreaID, body *targetPage) {
	if body.Flow {
		row.N, row.Known = b.FlowSum(unit, b.In.Period, body.Scheme, "joined"), true
	} else {
		row.N, _, row.Known = b.Stock(unit, body.Scheme, b.In.Period.To).Shown()
	}
	row.percent()
}

func (row *targetRow) percent() {
	if row.Cells[0].Plan == nil || !row.Known {
		return
	}
	if p := reporting.PercentOf(row.N, *row.Cells[0].Plan); p != nil {
		row.Percent, row.HasPercent = int64(*p), true
	}
}

// targetSwitches fills the choices of year, scheme, measure, owner and revision.
func (s *Server) targetSwitches(r *http.Request, body *targetPage, all []loa.Target) {
	at := func(name, value string) string {
		q, err := url.ParseQuery(body.Query)
		if err != nil {
			q = url.Values{} // written by url.Values itself
		}
		q.Set(name, value)
		return "/targets?" + q.Encode()
	}
	this := s.today().Time().Year()
	for y := max(this, body.Year) + 1; y >= min(this-4, body.Year); y-- {
		body.Years = append(body.Years, option{strconv.Itoa(y), t(r, "target.year", y)})
	}
	for _, tab := range loa.Schemes {
		body.Tabs = append(body.Tabs, coverageTab{Label: t(r, "scheme."+string(tab)), URL: at("scheme", string(tab)), On: tab == body.Scheme})
	}
	for _, m := range loa.Measures {
		body.Measures = append(body.Measures, targetSwitch{t(r, "measure."+m), at("measure", m), m == body.Measure})
	}
	for _, o := range targetOwners {
		if o != "employers" || body.Scheme == loa.CompulsorySI {
			body.Owners = append(body.Owners, targetSwitch{t(r, "target.owner."+o), at("owner", o), o == body.Owner})
		}
	}
	seen := map[loa.Day]string{}
	for _, one := range all {
		if one.Scheme == body.Scheme && one.Measure == body.Measure {
			seen[one.InForce] = one.Document
		}
	}
	for day, document := range seen {
		body.Revisions = append(body.Revisions, option{string(day), t(r, "target.revision", day.Vietnamese(), document)})
	}
	slices.SortFunc(body.Revisions, func(a, b option) int { return -compareText(a.Value, b.Value) })
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// targetChecks tells the sums of the plan in words.
func targetChecks(r *http.Request, body *targetPage, b *reporting.Book, plan map[loa.TargetLine]loa.Target) []targetCheck {
	v := &view{Lang: langOf(r)}
	var out []targetCheck
	for _, c := range reporting.CheckTargets(plan, whoOf(r).Office.Anchor) {
		if c.Line.Scheme != body.Scheme || c.Line.Measure != body.Measure {
			continue
		}
		place := t(r, "target.the_office")
		if c.Line.Area != whoOf(r).Office.Anchor {
			place = b.In.Tree.Areas[c.Line.Area].Name
		}
		when := t(r, "target.year", c.Line.Year)
		if c.Line.Month > 0 {
			when = t(r, "coverage.month", c.Line.Month, c.Line.Year)
		}
		check := targetCheck{Check: c, OK: c.Gap() == 0}
		key := "target.check." + c.Parts + "."
		switch {
		case check.OK:
			check.Text = t(r, key+"ok", when, place, v.N(c.Want))
		case c.Gap() > 0:
			check.Text = t(r, key+"over", when, place, v.N(c.Sum), v.N(c.Want), v.N(c.Gap()))
		default:
			check.Text = t(r, key+"under", when, place, v.N(c.Sum), v.N(c.Want), v.N(-c.Gap()))
		}
		out = append(out, check)
	}
	return out
}
