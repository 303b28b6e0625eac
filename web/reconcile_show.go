package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"loa"
	"loa/matching"
	"loa/sheet"
)

type reconcilePage struct {
	X           loa.Reconciliation
	Place       string
	MonthText   string
	SchemeName  string
	Gap         int
	Counted     int64 // the official count brought in for the month
	HasCount    bool
	Tabs        []importTab
	Outcome     string
	Explain     string
	Lines       []reconcileLine
	Next, First string
	By, Signer  string
	MadeAt      string
	SignedAt    string
	MaySign     bool
	Busy        bool
	Percent     int
	Failure     string
}

// reconcileProgress is how far a comparison is; when it is made the page is drawn anew.
func (s *Server) reconcileProgress(w http.ResponseWriter, r *http.Request) error {
	x, err := s.DB.Reconciliation(r.Context(), whoOf(r).Whole, loa.ReconciliationID(r.PathValue("id")))
	if err != nil {
		return err
	}
	body := &reconcilePage{X: x}
	body.progress(r)
	if !body.Busy {
		w.Header().Set("HX-Refresh", "true")
	}
	return s.part(w, r, "reconcile_show", "reconcile_progress", body)
}

// progress says how far a comparison is, or what was wrong with its list.
func (body *reconcilePage) progress(r *http.Request) {
	x := body.X
	body.Busy = x.State == loa.ReconcileReading
	if body.Busy && x.Rows > 0 {
		body.Percent = min(99, 100*x.RowsDone/x.Rows)
	}
	if x.State == loa.ReconcileFailed {
		code, place, limit := loa.SplitReason(x.Error)
		body.Failure = t(r, "error."+code)
		if strings.Contains(body.Failure, "%[1]s") {
			body.Failure = t(r, "error."+code, place, limit)
		}
	}
}

type reconcileLine struct {
	loa.ReconciliationLine
	Word string
	Note string
	URL  string
}

func (s *Server) reconcileShow(w http.ResponseWriter, r *http.Request) error {
	x, err := s.DB.Reconciliation(r.Context(), whoOf(r).Whole, loa.ReconciliationID(r.PathValue("id")))
	if err != nil {
		return err
	}
	body, err := s.reconcileHead(r, x)
	if err != nil {
		return err
	}
	after, err := strconv.Atoi(r.FormValue("after"))
	if err != nil || after < 0 {
		after = 0
	}
	lines, err := s.DB.ReconciliationLines(r.Context(), whoOf(r).Whole, x.ID, body.Outcome, after, listPage+1)
	if err != nil {
		return err
	}
	base := "/reconcile/" + string(x.ID) + "?outcome=" + body.Outcome
	if after > 0 {
		body.First = base
	}
	if len(lines) > listPage {
		lines = lines[:listPage]
		body.Next = base + "&after=" + strconv.Itoa(lines[listPage-1].No)
	}
	for _, l := range lines {
		line := reconcileLine{ReconciliationLine: l, Word: t(r, "reconcile.outcome."+l.Outcome), Note: notesText(r, l.Notes)}
		if l.Person != "" {
			line.URL = "/people/" + string(l.Person) + "?from=" + url.QueryEscape(r.URL.RequestURI())
		}
		body.Lines = append(body.Lines, line)
	}
	title := t(r, "reconcile.show.title", body.SchemeName, body.MonthText)
	return s.render(w, r, "reconcile_show", page{Title: title, Context: body.Place + " · " + x.FileName, Active: "register", Body: body})
}

// notesText is what differs in words; marks of the officials' list and of ours stay beside it.
func notesText(r *http.Request, notes []string) string {
	words := make([]string, len(notes))
	for i, n := range notes {
		words[i] = t(r, "reconcile.note."+n)
	}
	return strings.Join(words, "; ")
}

func (s *Server) reconcileHead(r *http.Request, x loa.Reconciliation) (*reconcilePage, error) {
	me := whoOf(r)
	body := &reconcilePage{X: x, MonthText: monthText(r, x.Month), SchemeName: t(r, "scheme."+string(x.Scheme)), Gap: x.Official() - x.Ours(), MadeAt: moment(x.MadeAt),
		MaySign: me.may(loa.CloseMonth) && x.SignedAt.IsZero() && x.State == loa.ReconcileDone}
	body.progress(r)
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	body.By = officers.by[x.MadeBy].Name
	if !x.SignedAt.IsZero() {
		body.Signer, body.SignedAt = officers.by[x.SignedBy].Name, moment(x.SignedAt)
	}
	for _, a := range me.Areas {
		if a.ID == x.Area {
			body.Place = a.Label()
			if a.Kind == loa.OfficeNode {
				body.Place = t(r, "import.whole")
			}
		}
	}
	in, ok := s.placeScope(r, x.Area)
	if ok {
		counts, err := s.DB.Participations(r.Context(), in, x.Month, x.Month)
		if err != nil {
			return nil, err
		}
		for _, p := range counts {
			if p.Scheme == x.Scheme {
				body.Counted, body.HasCount = body.Counted+p.N, true
			}
		}
	}
	numbers := map[matching.Outcome]int{matching.Matched: x.Matched, matching.Differ: x.Differ, matching.OnlyList: x.OnlyList, matching.OnlyLoa: x.OnlyLoa}
	body.Outcome = r.FormValue("outcome")
	if _, ok := numbers[matching.Outcome(body.Outcome)]; !ok {
		body.Outcome = string(matching.Matched)
		for _, o := range matching.Outcomes { // the first that asks for work
			if numbers[o] > 0 {
				body.Outcome = string(o)
				break
			}
		}
	}
	for _, o := range matching.Outcomes {
		body.Tabs = append(body.Tabs, importTab{Outcome: string(o), Label: t(r, "reconcile.outcome."+string(o)), URL: "/reconcile/" + string(x.ID) + "?outcome=" + string(o), N: numbers[o], On: string(o) == body.Outcome})
	}
	body.Explain = t(r, "reconcile.explain."+body.Outcome)
	return body, nil
}

// reconcileExport hands every line over as a spreadsheet, one sheet per outcome.
func (s *Server) reconcileExport(w http.ResponseWriter, r *http.Request) error {
	x, err := s.DB.Reconciliation(r.Context(), whoOf(r).Whole, loa.ReconciliationID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if err := s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "exported", "reconciliation", string(x.ID), ""); err != nil {
		return err
	}
	var buf bytes.Buffer
	book := sheet.NewXLSX(&buf)
	for _, o := range matching.Outcomes {
		if err := s.reconcileSheet(r, book, x, string(o)); err != nil {
			return err
		}
	}
	if err := book.Close(); err != nil {
		return fmt.Errorf("finish the workbook: %w", err)
	}
	download(w, "doi-chieu-"+string(x.Scheme)+"-"+string(x.Month)+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	_, _ = buf.WriteTo(w) // the visitor may have gone
	return nil
}

func (s *Server) reconcileSheet(r *http.Request, book *sheet.XLSX, x loa.Reconciliation, outcome string) error {
	titles := []string{whoOf(r).Office.Name, t(r, "reconcile.show.title", t(r, "scheme."+string(x.Scheme)), monthText(r, x.Month)),
		t(r, "reconcile.sheet_counts", x.Official(), x.Ours(), x.Matched, x.Differ, x.OnlyList, x.OnlyLoa)}
	if whoOf(r).Office.Synthetic {
		titles = append(titles, t(r, "report.synthetic"))
	}
	head := []string{t(r, "reconcile.row"), t(r, "reconcile.list_name"), t(r, "reconcile.list_place"), t(r, "reconcile.list_number"), t(r, "reconcile.our_name"), t(r, "reconcile.our_place"), t(r, "reconcile.our_number"), t(r, "reconcile.note")}
	if err := book.Sheet(sheet.Layout{Name: t(r, "reconcile.outcome."+outcome), Titles: titles, Heading: head, Widths: []float64{8, 26, 26, 12, 26, 26, 12, 34}}); err != nil {
		return fmt.Errorf("begin a sheet: %w", err)
	}
	for after := 0; ; {
		lines, err := s.DB.ReconciliationLines(r.Context(), whoOf(r).Whole, x.ID, outcome, after, 2000)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			return nil
		}
		for _, l := range lines {
			no := sheet.Value{}
			if l.Official.Row > 0 {
				no = sheet.Int(int64(l.Official.Row))
			}
			err := book.Row(no, sheet.Text(l.Official.Name), sheet.Text(l.Official.Place), sheet.Text(tailText(l.Official.Tail)), sheet.Text(l.Ours.Name), sheet.Text(l.Ours.Place),
				sheet.Text(tailText(l.Ours.Tail)), sheet.Text(notesText(r, l.Notes)))
			if err != nil {
				return fmt.Errorf("write a line: %w", err)
			}
			after = l.No
		}
	}
}

func tailText(tail string) string {
	if tail == "" {
		return ""
	}
	return "•••••••" + tail
}
