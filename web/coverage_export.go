package web

import (
	"bytes"
	"fmt"
	"net/http"

	"loa/reporting"
	"loa/sheet"
)

// coverageExport hands the coverage of all schemes over as a spreadsheet: the table of the page for each, its months, and who
// was still in after some months.
func (s *Server) coverageExport(w http.ResponseWriter, r *http.Request) error {
	body, err := s.coverageBody(r)
	if err != nil {
		return err
	}
	if err := s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "exported", "coverage", string(body.Month), string(body.Scheme)); err != nil {
		return err
	}
	var buf bytes.Buffer
	x := sheet.NewXLSX(&buf)
	if err := coverageSheets(r, x, body); err != nil {
		return err
	}
	if err := x.Close(); err != nil {
		return fmt.Errorf("finish the workbook: %w", err)
	}
	download(w, "do-bao-phu-"+string(body.Scheme)+"-"+string(body.Month)+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	_, _ = buf.WriteTo(w) // the visitor may have gone
	return nil
}

func coverageSheets(r *http.Request, x *sheet.XLSX, body *coveragePage) error {
	titles := []string{whoOf(r).Office.Name, t(r, "coverage.sheet.title", body.SchemeName, body.MonthText, body.Since.Vietnamese(), body.Until.Vietnamese())}
	if whoOf(r).Office.Synthetic {
		titles = append(titles, t(r, "report.synthetic"))
	}
	head := []string{t(r, "coverage.commune"), t(r, "coverage.count"), t(r, "coverage.plan"), t(r, "coverage.percent"), t(r, "coverage.change"), t(r, "flow.joined"), t(r, "flow.returned"),
		t(r, "flow.lapsed"), t(r, "flow.left"), t(r, "coverage.eligible"), t(r, "coverage.share"), t(r, "coverage.kept_sheet"), t(r, "coverage.kept_low"), t(r, "coverage.kept_high")}
	if err := x.Sheet(sheet.Layout{Name: t(r, "coverage.sheet.communes"), Titles: append(titles, eligibleText(r, body.Eligible)), Heading: head, Widths: []float64{24}}); err != nil {
		return fmt.Errorf("begin the sheet of communes: %w", err)
	}
	for _, l := range append(body.Lines, body.Total) {
		if err := x.Row(coverageCells(l)...); err != nil {
			return fmt.Errorf("write a commune: %w", err)
		}
	}
	if err := x.Sheet(sheet.Layout{Name: t(r, "coverage.sheet.months"), Titles: titles, Heading: []string{t(r, "coverage.month_head"), fmt.Sprint(body.Year), fmt.Sprint(body.LastYear), t(r, "coverage.came"), t(r, "coverage.went")}}); err != nil {
		return fmt.Errorf("begin the sheet of months: %w", err)
	}
	for _, c := range body.ChartRows {
		if err := x.Row(sheet.Text(t(r, "coverage.month_short", c.Month.Number())), amount(pointValue(c.Now)), amount(pointValue(c.Last)), sheet.Amount(c.Joined), sheet.Amount(c.Ended)); err != nil {
			return fmt.Errorf("write a month: %w", err)
		}
	}
	return cohortSheet(r, x, titles, body)
}

func coverageCells(l coverageLine) []sheet.Value {
	cells := []sheet.Value{sheet.Text(l.Name), blankUnless(l.Known, sheet.Amount(l.N)), amount(l.Figure.Target), blankUnless(l.HasPlan, sheet.Decimal(l.Percent, 1)), amount(l.Figure.Change),
		sheet.Amount(l.Joined), sheet.Amount(l.Returned), sheet.Amount(l.Lapsed), sheet.Amount(l.Left), blankUnless(l.HasShare, sheet.Amount(l.Eligible)), blankUnless(l.HasShare, sheet.Decimal(l.Share, 1))}
	if l.Kept.Enough() {
		cells = append(cells, sheet.Int(l.Kept.Percent()), sheet.Int(l.Kept.Low()), sheet.Int(l.Kept.High()))
	}
	return cells
}

func blankUnless(ok bool, v sheet.Value) sheet.Value {
	if !ok {
		return sheet.Text("")
	}
	return v
}

func cohortSheet(r *http.Request, x *sheet.XLSX, titles []string, body *coveragePage) error {
	head := []string{t(r, "coverage.joined_in"), t(r, "flow.joined")}
	for _, k := range reporting.RetentionMonths {
		head = append(head, t(r, "coverage.after", k), t(r, "coverage.after_share", k))
	}
	if err := x.Sheet(sheet.Layout{Name: t(r, "coverage.sheet.kept"), Titles: titles, Heading: head}); err != nil {
		return fmt.Errorf("begin the sheet of cohorts: %w", err)
	}
	for _, c := range body.Cohorts {
		cells := []sheet.Value{sheet.Text(string(c.Month[5:] + "/" + c.Month[:4])), sheet.Amount(c.Joined)}
		for _, k := range c.Kept {
			if !k.Over {
				cells = append(cells, sheet.Text(""), sheet.Text(""))
				continue
			}
			share := sheet.Text(t(r, "coverage.not_enough"))
			if k.Rate.Enough() {
				share = sheet.Int(k.Rate.Percent())
			}
			cells = append(cells, sheet.Amount(k.Rate.K), share)
		}
		if err := x.Row(cells...); err != nil {
			return fmt.Errorf("write a cohort: %w", err)
		}
	}
	return nil
}

// eligibleText is one sentence on the denominator: who is meant, where the number is from, and of which day.
func eligibleText(r *http.Request, e eligibleNote) string {
	switch {
	case e.Mixed:
		return t(r, "coverage.eligible.mixed", e.Text, e.Source, e.On.Vietnamese())
	case e.Estimate:
		return t(r, "coverage.eligible.estimate", e.Text, e.On.Vietnamese())
	}
	return t(r, "coverage.eligible.figure", e.Text, e.Source, e.On.Vietnamese())
}
