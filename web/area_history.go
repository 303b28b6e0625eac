package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"loa"
	"loa/reporting"
)

// areaHistoryPage replays the territory: the units of a day, what became of them, and the same question asked by either.
type areaHistoryPage struct {
	On        loa.Day
	OnText    string
	Then, Now historyTable
	Days      []pillLink
	Bad       string
	Same      bool // the units of that day are those of today
	Agree     bool
	Month     loa.Month
	MonthText string
	Months    []option
	Links     []option
	Whole     bool
	Since     loa.Day // from which day codes are known
}

// historyTable is one way to cut the territory, with the sums that must not depend on it.
type historyTable struct {
	Rows  []historyRow
	Total historyRow
}

type historyRow struct {
	Name, Code, URL string
	None            bool
	Villages        int
	People          int64
	In              int64 // participating in voluntary SI by the register
	Joined          int64
	Sessions        int64
	Heads           int64
	Became          []historyPart // or what it was made of
	unit            loa.AreaID
}

type historyPart struct {
	Name string
	N    int
}

// figures are the numbers of a row that both ways of cutting must agree on.
func (h historyRow) figures() [6]int64 {
	return [6]int64{int64(h.Villages), h.People, h.In, h.Joined, h.Sessions, h.Heads}
}

func (s *Server) areaHistory(w http.ResponseWriter, r *http.Request) error {
	tree, err := s.officeTree(r)
	if err != nil {
		return err
	}
	cuts := tree.Recuts()
	b := areaHistoryPage{On: s.today()}
	if len(cuts) > 0 {
		b.On = cuts[0].Add(-1)
	}
	if text := r.FormValue("on"); text != "" {
		day, ok := readDay(text)
		switch {
		case !ok:
			b.Bad = t(r, "error.bad_day")
		case day > s.today():
			b.Bad = t(r, "error.future_day")
		default:
			b.On = day
		}
	}
	if b.Month, err = s.figureMonth(r, "month"); err != nil {
		return err
	}
	b.OnText, b.MonthText, b.Months = b.On.Vietnamese(), t(r, "coverage.month", b.Month.Number(), b.Month.Year()), s.monthOptions(r, b.Month)
	what := fmt.Sprintf("area history %s %s %s %s %s", b.On, b.Month, langOf(r), s.today(), rangesOf(scopeOf(r)))
	kept, err := keep(s, steady(r), what, func() (areaHistoryPage, error) {
		counted := b
		err := s.historyTables(steady(r), tree, &counted)
		return counted, err
	})
	if err != nil {
		return err
	}
	b.Then, b.Now, b.Whole, b.Agree, b.Same, b.Since = kept.Then, kept.Now, kept.Whole, kept.Agree, kept.Same, kept.Since
	at := func(on loa.Day) string {
		return "/areas/history?" + url.Values{"on": {string(on)}, "month": {string(b.Month)}}.Encode()
	}
	b.Days = append(b.Days, pillLink{Label: t(r, "area.history_today"), URL: at(s.today()), On: b.On == s.today()})
	for i, d := range cuts {
		if i == 6 {
			break
		}
		b.Days = append(b.Days, pillLink{Label: t(r, "area.history_before", d.Vietnamese()), URL: at(d.Add(-1)), On: b.On == d.Add(-1)})
	}
	by := url.Values{"by": {string(b.On)}, "month": {string(b.Month)}}.Encode()
	b.Links = []option{{"/coverage?" + by, t(r, "area.history_coverage")}, {"/reports?" + url.Values{"by": {string(b.On)}, "to": {string(b.Month)}}.Encode(), t(r, "area.history_report")}}
	status := 0
	if b.Bad != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, "area_history", page{Title: t(r, "area.history_title"), Context: t(r, "area.history_context"), Active: "areas", Status: status, Body: b})
}

// historyTables count the same months by the units of a day and by those of today.
func (s *Server) historyTables(r *http.Request, tree *loa.Tree, b *areaHistoryPage) error {
	codes, err := s.DB.AreaCodes(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	notes, err := s.areaNotes(r)
	if err != nil {
		return err
	}
	var units [2]*reporting.Units
	for i, on := range []loa.Day{b.On, ""} {
		book, err := s.book(r, yearTo(b.Month), on)
		if err != nil {
			return err
		}
		units[i], b.Whole = book.Units, book.Whole
		day := on
		if on == "" {
			day = s.today()
		}
		table := s.historyTable(r, book, tree, notes.people, codesHeld(codes, day))
		if i == 0 {
			b.Then = table
		} else {
			b.Now = table
		}
	}
	became(r, s, tree, scopeOf(r), units[0], units[1], b.Then.Rows)
	became(r, s, tree, scopeOf(r), units[1], units[0], b.Now.Rows)
	b.Agree = b.Then.Total.figures() == b.Now.Total.figures()
	b.Same = slices.EqualFunc(b.Then.Rows, b.Now.Rows, func(x, y historyRow) bool { return x.unit == y.unit })
	for _, c := range codes {
		if b.Since == "" || c.From < b.Since {
			b.Since = c.From
		}
	}
	return nil
}

func codesHeld(codes []loa.AreaCode, on loa.Day) map[loa.AreaID]string {
	out := map[loa.AreaID]string{}
	for _, c := range codes {
		if c.From <= on && on <= c.To {
			out[c.Area] = c.Code
		}
	}
	return out
}

func (s *Server) historyTable(r *http.Request, book *reporting.Book, tree *loa.Tree, people map[loa.AreaID]int, codes map[loa.AreaID]string) historyTable {
	at := map[loa.AreaID]int{}
	var table historyTable
	for _, c := range book.Report(book.In.Period).Communes {
		if c.NotInTheRegister {
			continue
		}
		a := tree.Areas[c.Area]
		row := historyRow{Name: s.areaName(r, a), Code: codes[c.Area], None: a.Kind == loa.OfficeNode, unit: c.Area}
		if a.Path != "" && scopeOf(r).Holds(a.Path) {
			row.URL = "/areas/" + string(c.Area)
		}
		row.Joined, row.Sessions = c.Joined[loa.VoluntarySI].N(), c.SessionsTotal.N()
		if n := c.Participation[loa.VoluntarySI].Register; n != nil {
			row.In = *n
		}
		for _, f := range c.AttendancesByForm {
			row.Heads += f.N()
		}
		at[c.Area] = len(table.Rows)
		table.Rows = append(table.Rows, row)
	}
	for id, a := range tree.Areas {
		if a.Path == "" || !scopeOf(r).Holds(a.Path) || a.Kind == loa.Province {
			continue
		}
		i, ok := at[book.Units.Of(id)]
		if !ok {
			continue
		}
		table.Rows[i].People += int64(people[id])
		if a.Kind == loa.Village {
			table.Rows[i].Villages++
		}
	}
	table.Total.Name = totalName(r, book.Whole)
	for _, row := range table.Rows {
		sum := &table.Total
		sum.Villages, sum.People, sum.In, sum.Joined = sum.Villages+row.Villages, sum.People+row.People, sum.In+row.In, sum.Joined+row.Joined
		sum.Sessions, sum.Heads = sum.Sessions+row.Sessions, sum.Heads+row.Heads
	}
	return table
}

// became says of every unit of one cut into which units of the other its villages went.
func became(r *http.Request, s *Server, tree *loa.Tree, in loa.Scope, from, to *reporting.Units, rows []historyRow) {
	parts := map[loa.AreaID]map[loa.AreaID]int{}
	for id, a := range tree.Areas {
		if a.Kind != loa.Village || a.Path == "" || !in.Holds(a.Path) {
			continue
		}
		x, y := from.Of(id), to.Of(id)
		if parts[x] == nil {
			parts[x] = map[loa.AreaID]int{}
		}
		parts[x][y]++
	}
	for i := range rows {
		for id, n := range parts[rows[i].unit] {
			if id != rows[i].unit || len(parts[rows[i].unit]) > 1 {
				rows[i].Became = append(rows[i].Became, historyPart{s.areaName(r, tree.Areas[id]), n})
			}
		}
		slices.SortFunc(rows[i].Became, func(a, b historyPart) int { return strings.Compare(a.Name, b.Name) })
	}
}

// BecameText names them with how many villages each has.
func (h historyRow) BecameText() string {
	out := make([]string, len(h.Became))
	for i, p := range h.Became {
		out[i] = fmt.Sprintf("%s (%d)", p.Name, p.N)
	}
	return strings.Join(out, ", ")
}
