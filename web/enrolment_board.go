package web

import (
	"net/http"
	"net/url"
	"slices"

	"loa"
	"loa/store"
)

type enrolmentBoardPage struct {
	By         string // officer or collector
	Scheme     string
	Schemes    []option
	Steps      []option
	Rows       []boardRow
	Sum        boardRow
	Passes     []passLine
	Kept       store.Kept
	KeptAll    int
	Since      loa.Day
	Tab        string
	MayOfficer bool
	URLs       map[string]string
}

type boardRow struct {
	Name  string
	URL   string
	Cells []boardCell
	N     int
}

type boardCell struct {
	N, Old int
	Age    int // days the oldest has stood here
	URL    string
}

// passLine is one step of the way: how many reached it, and what became of those who went no further.
type passLine struct {
	Label                             string
	N                                 int
	Share                             int64 // tenths of a percent of all leads
	Width                             int
	Waiting, Refused, Closed, Further int
	WaitURL                           string
}

// boardSteps are the steps that somebody still has to do something at.
var boardSteps = []loa.Step{loa.Interested, loa.Handed, loa.Registered}

// enrolmentBoard says who has what to do and where the way into a scheme leaks.
func (s *Server) enrolmentBoard(w http.ResponseWriter, r *http.Request) error {
	today := s.today()
	body := enrolmentBoardPage{By: r.FormValue("by"), Scheme: r.FormValue("scheme"), Tab: "board", Since: today.AddMonths(-12), Schemes: optionsOf(r, "scheme.", loa.Schemes), Steps: optionsOf(r, "step.", boardSteps)}
	if body.By != "collector" {
		body.By = "officer"
	}
	if !loa.Scheme(body.Scheme).Valid() {
		body.Scheme = ""
	}
	f := store.EnrolmentFilter{Scheme: loa.Scheme(body.Scheme), Collector: s.ownCollector(r, ""), Since: body.Since}
	cells, err := s.DB.Board(r.Context(), scopeOf(r), f, body.By == "collector", today.Add(-openAfter))
	if err != nil {
		return err
	}
	if body.Rows, body.Sum, err = s.boardRows(r, body, cells); err != nil {
		return err
	}
	passages, err := s.DB.Passages(r.Context(), scopeOf(r), f)
	if err != nil {
		return err
	}
	body.Passes = passLines(r, passages, body.Scheme)
	settings, err := s.DB.Settings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return err
	}
	if body.Kept, err = s.DB.KeptOf(r.Context(), scopeOf(r), f, today, settings.DueDays); err != nil {
		return err
	}
	body.KeptAll = body.Kept.In + body.Kept.Due + body.Kept.Lapsed + body.Kept.Left
	body.URLs = map[string]string{"officer": samePage(r, "by", "officer"), "collector": samePage(r, "by", "collector")}
	return s.render(w, r, "enrolment_board", page{Title: t(r, "enrolment.board.title"), Context: t(r, "enrolment.context", body.Since.Vietnamese()), Active: "enrolment", Body: body})
}

// boardRows puts the counts into lines, who has most to do first.
func (s *Server) boardRows(r *http.Request, body enrolmentBoardPage, cells []store.BoardCell) (rows []boardRow, sum boardRow, err error) {
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, sum, err
	}
	collectors, err := s.collectorNames(r)
	if err != nil {
		return nil, sum, err
	}
	sum = boardRow{Cells: make([]boardCell, len(boardSteps))}
	at := map[string]int{}
	for _, c := range cells {
		k := slices.Index(boardSteps, c.Step)
		if k < 0 {
			continue
		}
		i, known := at[c.Owner]
		if !known {
			name := officers.by[loa.OfficerID(c.Owner)].Name
			if body.By == "collector" {
				name = collectors[loa.CollectorID(c.Owner)]
			}
			if name == "" {
				name = t(r, "enrolment.board.nobody_"+body.By)
			}
			i = len(rows)
			at[c.Owner] = i
			rows = append(rows, boardRow{Name: name, Cells: make([]boardCell, len(boardSteps)), URL: boardURL(body, c.Owner, "")})
		}
		rows[i].Cells[k] = boardCell{N: c.N, Old: c.Old, Age: max(s.today().Sub(c.Oldest), 0), URL: boardURL(body, c.Owner, c.Step)}
		rows[i].N += c.N
		sum.Cells[k].N += c.N
		sum.Cells[k].Old += c.Old
		sum.Cells[k].Age = max(sum.Cells[k].Age, rows[i].Cells[k].Age)
		sum.N += c.N
	}
	slices.SortStableFunc(rows, func(a, b boardRow) int { return b.N - a.N })
	return rows, sum, nil
}

// boardURL is the list behind a cell; nobody's cannot be asked for by owner.
func boardURL(body enrolmentBoardPage, owner string, step loa.Step) string {
	q := url.Values{}
	if owner != "" {
		q.Set(body.By, owner)
	}
	if body.Scheme != "" {
		q.Set("scheme", body.Scheme)
	}
	if step != "" {
		q.Set("step", string(step))
	}
	return "/enrolment?" + q.Encode()
}

// passLines are the steps of the way with what was lost at each.
func passLines(r *http.Request, passages []store.Passage, scheme string) []passLine {
	way := []loa.Step{loa.Interested, loa.Handed, loa.Registered, loa.Paid}
	lines := make([]passLine, len(way))
	for i, step := range way {
		lines[i] = passLine{Label: t(r, "step."+string(step)), WaitURL: "/enrolment?" + url.Values{"step": {string(step)}, "scheme": {scheme}}.Encode()}
	}
	all := 0
	for _, p := range passages {
		far := slices.Index(way, p.Reached)
		if far < 0 {
			continue
		}
		all += p.N
		for i := 0; i <= far; i++ {
			lines[i].N += p.N
			if i < far {
				lines[i].Further += p.N
			}
		}
		switch {
		case p.Now == loa.Refused:
			lines[far].Refused += p.N
		case p.Now == loa.Closed:
			lines[far].Closed += p.N
		case p.Now != loa.Paid:
			lines[far].Waiting += p.N
		}
	}
	for i := range lines {
		if all > 0 {
			lines[i].Share, lines[i].Width = int64(1000*lines[i].N/all), 100*lines[i].N/all
		}
	}
	return lines
}
