package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"loa"
	"loa/reporting"
)

func (s *Server) coverageRoutes() []route {
	return []route{
		{"GET /coverage", loa.ReadFigures, s.coverageShow},
		{"GET /coverage/export", loa.ReadFigures, s.coverageExport},
		{"GET /coverage/people", loa.ReadFigures, s.coveragePeople},
		{"GET /coverage/compare", loa.ReadFigures, s.coverageCompare},
		{"GET /coverage/official", loa.ReadFigures, s.officialShow},
		{"POST /coverage/official", loa.EditTargets, s.officialSave},
		{"GET /coverage/close", loa.ReadFigures, s.closeShow},
		{"POST /coverage/close", loa.CloseMonth, s.closeSign},
	}
}

type coveragePage struct {
	Scheme                   loa.Scheme
	SchemeName               string
	Tabs                     []coverageTab
	Month                    loa.Month
	MonthText, MonthIn       string // the month, and as it stands inside a sentence
	Months                   []option
	By                       string
	Bys                      []option
	Since                    loa.Day
	Until                    loa.Day
	Lines                    []coverageLine
	Total                    coverageLine
	Rest                     int64 // official count beyond the register, where lines are told by the register
	ByRegister               bool
	Eligible                 eligibleNote
	Map                      coverageMap
	Chart                    chart
	ChartRows                []chartRow
	Year, LastYear           int
	Flow                     coverageFlow
	Cohorts                  []cohortRow
	After                    []int
	Reach                    reach
	Closed                   bool
	Whole                    bool
	Over                     bool // the month has come to its cut-off day
	MayClose                 bool
	PartOf                   bool // household HI
	Query                    string
	ExportURL, CloseURL      string
	OfficialURL, CompareURL  string
	HistoryURL               string
	OfficialMissing, Running bool
}

type coverageTab struct {
	Label string
	N     int64
	URL   string
	On    bool
}

// coverageLine is one commune, or the sum; each number carries the address of the rows behind it.
type coverageLine struct {
	ID       loa.AreaID
	Name     string
	None     bool // commune not stated
	Class    string
	N        int64
	Known    bool
	Official bool
	Figure   reporting.Figure
	Percent  int64
	HasPlan  bool
	Joined   int64
	Returned int64
	Lapsed   int64
	Left     int64
	Share    int64 // tenths of a percent of those eligible
	Eligible int64
	HasShare bool
	Kept     reporting.Rate

	InURL, PlanURL, ChangeURL, JoinedURL, ReturnedURL, LapsedURL, LeftURL, KeptURL string
}

func (s *Server) coverageShow(w http.ResponseWriter, r *http.Request) error {
	body, err := s.coverageBody(r)
	if err != nil {
		return err
	}
	context := t(r, "coverage.context", body.Month.Number(), body.Month.Year(), body.Year)
	return s.render(w, r, "coverage", page{Title: t(r, "coverage.title"), Context: context, Active: "coverage", Body: body, Look: body.Query})
}

// coverageBody is the page of a scheme, month and set of communes; it is kept until something changes, because a director's
// whole office looks at the same one.
func (s *Server) coverageBody(r *http.Request) (*coveragePage, error) {
	scheme, err := schemeAsked(r)
	if err != nil {
		return nil, err
	}
	month, err := s.figureMonth(r, "month")
	if err != nil {
		return nil, err
	}
	by, err := s.unitsAsked(r)
	if err != nil {
		return nil, err
	}
	r = steady(r)
	what := fmt.Sprintf("coverage %s %s %s %s %s %s", scheme, month, by, langOf(r), s.today(), rangesOf(scopeOf(r)))
	kept, err := keep(s, r, what, func() (*coveragePage, error) { return s.coverageMake(r, scheme, month, by) })
	if err != nil {
		return nil, err
	}
	body := *kept
	body.MayClose = whoOf(r).may(loa.CloseMonth)
	return &body, nil
}

func (s *Server) coverageMake(r *http.Request, scheme loa.Scheme, month loa.Month, by loa.Day) (*coveragePage, error) {
	b, err := s.book(r, yearTo(month), by)
	if err != nil {
		return nil, err
	}
	from, to := yearTo(month).Days(b.In.CutOffDay)
	body := &coveragePage{Scheme: scheme, SchemeName: t(r, "scheme."+string(scheme)), Month: month, MonthText: t(r, "coverage.month", month.Number(), month.Year()), MonthIn: lowerFirst(t(r, "coverage.month", month.Number(), month.Year())), Months: s.monthOptions(r, month),
		By: string(by), Bys: unitOptions(r, b.In.Tree), Since: from, Until: min(to, s.today()), Year: month.Year(), LastYear: month.Year() - 1, After: reporting.RetentionMonths,
		ByRegister: b.ByRegister(scheme, month), Whole: b.Whole, Over: month.CutOff(b.In.CutOffDay) <= s.today(), PartOf: scheme == loa.HouseholdHI}
	body.Running = !body.Over
	body.Query = url.Values{"scheme": {string(scheme)}, "month": {string(month)}, "by": {string(by)}}.Encode()
	body.ExportURL, body.CompareURL = "/coverage/export?"+body.Query, "/coverage/compare?"+body.Query
	body.CloseURL, body.OfficialURL = "/coverage/close?month="+string(month), "/coverage/official?month="+string(month)
	body.HistoryURL = fmt.Sprintf("/targets/history?year=%d&scheme=%s", month.Year(), scheme)
	for _, tab := range loa.Schemes {
		n, _, _ := b.Stock("", tab, month).Shown()
		body.Tabs = append(body.Tabs, coverageTab{Label: t(r, "scheme."+string(tab)), N: n, On: tab == scheme,
			URL: "/coverage?" + url.Values{"scheme": {string(tab)}, "month": {string(month)}, "by": {string(by)}}.Encode()})
	}
	if err := s.coverageLines(r, b, body); err != nil {
		return nil, err
	}
	if body.Map, err = s.coverageMap(r, b, body); err != nil {
		return nil, err
	}
	coverageChart(r, b, body)
	body.Flow = flowPicture(r, b, body)
	if body.Reach, err = s.reach(r, b, yearTo(month)); err != nil {
		return nil, err
	}
	return body, s.coverageClosed(r, body)
}

// coverageLines fills the table: the communes furthest ahead of their plan first, "commune not stated" last, then the sum.
func (s *Server) coverageLines(r *http.Request, b *reporting.Book, body *coveragePage) error {
	eligible, err := s.eligible(r, b, body.Scheme)
	if err != nil {
		return err
	}
	body.Eligible = eligible.note
	cohorts, err := s.cohorts(r, body.Scheme, body.Until)
	if err != nil {
		return err
	}
	kept := keptByLine(cohorts, b.Units, body.Until)
	for _, u := range b.Units.List {
		line := coverageLineOf(b, u.ID, body)
		line.Name, line.None = unitName(r, u), u.NoCommune()
		line.fillShare(eligible.by[u.ID])
		line.Kept = kept[u.ID]
		body.Lines = append(body.Lines, line)
	}
	slices.SortStableFunc(body.Lines, func(x, y coverageLine) int {
		if x.None != y.None {
			return map[bool]int{true: 1, false: -1}[x.None]
		}
		if x.HasPlan != y.HasPlan {
			return map[bool]int{true: -1, false: 1}[x.HasPlan]
		}
		return cmp.Compare(y.Percent, x.Percent)
	})
	body.Total = coverageLineOf(b, "", body)
	body.Total.Name = totalName(r, b.Whole)
	body.Total.fillShare(eligible.total())
	body.Total.Kept = kept[""]
	body.OfficialMissing = body.Total.Known && !body.Total.Official
	if f := body.Total.Figure; body.ByRegister && f.Difference != nil {
		body.Rest = *f.Difference
	}
	body.Cohorts = cohortRows(r, cohorts, b.In.CutOffDay, body)
	return nil
}

func coverageLineOf(b *reporting.Book, unit loa.AreaID, body *coveragePage) coverageLine {
	period := yearTo(body.Month)
	l := coverageLine{ID: unit, Figure: b.Stock(unit, body.Scheme, body.Month),
		Joined: b.FlowSum(unit, period, body.Scheme, "joined"), Returned: b.FlowSum(unit, period, body.Scheme, "returned"),
		Lapsed: b.FlowSum(unit, period, body.Scheme, "lapsed"), Left: b.FlowSum(unit, period, body.Scheme, "left")}
	l.N, l.Official, l.Known = l.Figure.Shown()
	l.Class = "none"
	if l.Figure.Target != nil {
		if p := reporting.PercentOf(l.N, *l.Figure.Target); p != nil && l.Known {
			l.Percent, l.HasPlan = int64(*p), true
			l.Class = mapClass(l.Percent)
		}
	}
	at := func(kind string, extra ...string) string {
		q := url.Values{"scheme": {string(body.Scheme)}, "kind": {kind}, "from": {string(body.Since)}, "to": {string(body.Until)}, "area": {string(unit)}, "by": {body.By}}
		for i := 0; i+1 < len(extra); i += 2 {
			q.Set(extra[i], extra[i+1])
		}
		return "/coverage/people?" + q.Encode()
	}
	l.InURL, l.JoinedURL, l.ReturnedURL, l.LapsedURL, l.LeftURL = at("in"), at("joined"), at("returned"), at("lapsed"), at("left")
	from, to := reporting.KeptSince(body.Until, 12)
	l.KeptURL = at("kept", "from", string(from), "to", string(to), "after", "12")
	l.PlanURL = fmt.Sprintf("/targets/history?year=%d&scheme=%s&area=%s", body.Month.Year(), body.Scheme, unit)
	l.ChangeURL = "/coverage/compare?" + url.Values{"scheme": {string(body.Scheme)}, "month": {string(body.Month)}, "by": {body.By}, "area": {string(unit)}}.Encode()
	return l
}

// mapClass is the shade of a share of the plan, in tenths of a percent.
func mapClass(tenths int64) string {
	for i, below := range []int64{800, 900, 950, 1000} {
		if tenths < below {
			return fmt.Sprintf("m%d", i+1)
		}
	}
	return "m5"
}

func (l *coverageLine) fillShare(eligible int64) {
	if eligible <= 0 || !l.Known || l.None && l.N > eligible {
		return
	}
	if p := reporting.PercentOf(l.N, eligible); p != nil {
		l.Share, l.Eligible, l.HasShare = int64(*p), eligible, true
	}
}

// coverageClosed says whether the month is signed.
func (s *Server) coverageClosed(r *http.Request, body *coveragePage) error {
	closes, err := s.DB.MonthCloses(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	body.Closed = slices.ContainsFunc(closes, func(c loa.MonthClose) bool { return c.Month == body.Month })
	return nil
}
