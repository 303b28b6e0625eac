package web

import (
	"net/http"
	"net/url"

	"loa"
	"loa/reporting"
)

// comparePage sets the official list beside the register, commune by commune and month by month.
type comparePage struct {
	Scheme     loa.Scheme
	SchemeName string
	Tabs       []coverageTab
	Month      loa.Month
	Months     []option
	Place      string
	By         string
	Rows       []compareRow
	Total      compareRow
	Across     []compareRow // the months of the line asked for
	Official   string
	Back       string
}

type compareRow struct {
	ID      loa.AreaID
	Name    string
	Month   loa.Month
	Figure  reporting.Figure
	Flow    reporting.Statement
	Before  *int64 // twelve months before
	On      bool
	PickURL string

	InURL, JoinedURL, ReturnedURL, LapsedURL, LeftURL string
}

func (s *Server) coverageCompare(w http.ResponseWriter, r *http.Request) error {
	scheme, err := schemeAsked(r)
	if err != nil {
		return err
	}
	month, err := s.figureMonth(r, "month")
	if err != nil {
		return err
	}
	by, err := s.unitsAsked(r)
	if err != nil {
		return err
	}
	b, err := s.book(r, yearTo(month), by)
	if err != nil {
		return err
	}
	body := comparePage{Scheme: scheme, SchemeName: t(r, "scheme."+string(scheme)), Month: month, Months: s.monthOptions(r, month), By: string(by), Place: totalName(r, b.Whole),
		Official: "/coverage/official?month=" + string(month), Back: "/coverage?" + url.Values{"scheme": {string(scheme)}, "month": {string(month)}, "by": {string(by)}}.Encode()}
	asked := loa.AreaID(r.FormValue("area"))
	found := asked == ""
	for _, tab := range loa.Schemes {
		body.Tabs = append(body.Tabs, coverageTab{Label: t(r, "scheme."+string(tab)), N: value(b.Stock("", tab, month).Difference), On: tab == scheme, URL: samePage(r, "scheme", string(tab))})
	}
	for _, u := range b.Units.List {
		row := s.compareRow(r, b, u.ID, scheme, month)
		row.Name, row.On, row.PickURL = unitName(r, u), u.ID == asked, samePage(r, "area", string(u.ID))
		if row.On {
			body.Place, found = row.Name, true
		}
		body.Rows = append(body.Rows, row)
	}
	if !found {
		return loa.ErrNotFound
	}
	body.Total = s.compareRow(r, b, "", scheme, month)
	body.Total.Name, body.Total.PickURL = totalName(r, b.Whole), samePage(r, "area", "")
	for m := month; m >= yearTo(month).From; m = m.Add(-1) {
		row := s.compareRow(r, b, asked, scheme, m)
		row.Month = m
		body.Across = append(body.Across, row)
	}
	return s.render(w, r, "coverage_compare", page{Title: t(r, "compare.title"), Context: t(r, "compare.context", body.SchemeName, month.Number(), month.Year()), Active: "coverage", Body: body})
}

func (s *Server) compareRow(r *http.Request, b *reporting.Book, unit loa.AreaID, scheme loa.Scheme, m loa.Month) compareRow {
	one := loa.Period{From: m, To: m}
	from, to := one.Days(b.In.CutOffDay)
	to = min(to, s.today())
	at := func(kind string) string {
		return "/coverage/people?" + url.Values{"scheme": {string(scheme)}, "kind": {kind}, "from": {string(from)}, "to": {string(to)}, "area": {string(unit)}, "by": {r.FormValue("by")}}.Encode()
	}
	row := compareRow{ID: unit, Figure: b.Stock(unit, scheme, m), InURL: at("in"), JoinedURL: at("joined"), ReturnedURL: at("returned"), LapsedURL: at("lapsed"), LeftURL: at("left"), Flow: b.Flow(unit, scheme, one)}
	if n, ok := b.Official(unit, scheme, m.Add(-12)); ok {
		row.Before = &n
	}
	return row
}

func value(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}
