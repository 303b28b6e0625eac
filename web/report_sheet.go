package web

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"loa"
	"loa/i18n"
	"loa/reporting"
	"loa/sheet"
)

// ReportSheet writes a report as a workbook: the figures, the communes side by side, the months side by side.
func ReportSheet(w io.Writer, lang string, rep reporting.Report) error {
	x := sheet.NewXLSX(w)
	say := func(key string, args ...any) string { return i18n.Text(lang, key, args...) }
	titles := []string{rep.Office, say("report.sheet.title", rep.FromDay.Vietnamese(), rep.AsOf.Vietnamese())}
	if rep.Synthetic {
		titles = append(titles, say("report.synthetic"))
	}
	if rep.UnitsOn != "" {
		titles = append(titles, say("report.units_on", rep.UnitsOn.Vietnamese()))
	}
	if err := figureSheet(x, say, titles, rep); err != nil {
		return err
	}
	if err := reachSheet(x, say, titles, rep.ByForm); err != nil {
		return err
	}
	var names []string
	var lines []reporting.Lines
	for _, c := range rep.Communes {
		name := c.Name
		switch {
		case c.NotStated:
			name = say("area.no_commune")
		case c.NotInTheRegister:
			name = say("report.rest")
		}
		names, lines = append(names, name), append(lines, c.Lines)
	}
	if err := sideBySide(x, say, say("report.sheet.communes"), titles, append(names, say("report.sheet.sum")), append(lines, rep.Lines)); err != nil {
		return err
	}
	names, lines = nil, nil
	for _, m := range rep.Months {
		names, lines = append(names, string(m.Month[5:])+"/"+string(m.Month[:4])), append(lines, m.Lines)
	}
	if err := sideBySide(x, say, say("report.sheet.months"), titles, append(names, say("report.sheet.period")), append(lines, rep.Lines)); err != nil {
		return err
	}
	return x.Close()
}

type sayer func(key string, args ...any) string

func figureSheet(x *sheet.XLSX, say sayer, titles []string, rep reporting.Report) error {
	err := x.Sheet(sheet.Layout{Name: say("report.sheet.figures"), Titles: titles, Widths: []float64{34, 24, 12, 12, 10, 14, 12, 10}, Foot: rep.Office,
		Heading: []string{say("report.col.group"), say("report.col.line"), say("report.col.count"), say("report.col.target"), say("report.col.percent"), say("report.col.change"), say("report.register"), say("report.col.difference")}})
	if err != nil {
		return fmt.Errorf("begin the sheet of figures: %w", err)
	}
	for _, row := range append(rep.Rows(), reporting.Row{Group: "people_met", Figure: rep.People}) {
		percent := sheet.Text("")
		if row.Percent != nil {
			percent = sheet.Decimal(int64(*row.Percent), 1)
		}
		err := x.Row(sheet.Text(say("report.group."+row.Group)), sheet.Text(sheetWord(say, row)), amount(row.Count), amount(row.Target), percent, amount(row.Change), amount(row.Register), amount(row.Difference))
		if err != nil {
			return fmt.Errorf("write a figure: %w", err)
		}
	}
	return nil
}

// reachSheet writes whom each form beside sessions reached.
func reachSheet(x *sheet.XLSX, say sayer, titles []string, list []reporting.FormReach) error {
	if len(list) == 0 {
		return nil
	}
	err := x.Sheet(sheet.Layout{Name: say("report.sheet.media"), Titles: append(titles[:len(titles):len(titles)], say("document.report.media_note")), Widths: []float64{26, 20, 16, 12, 12, 18, 12},
		Heading: []string{say("coverage.reach.form"), say("document.report.media_sent"), say("coverage.reach.people"), say("document.report.media_arrived"), say("document.report.media_refused"), say("document.report.media_clicks"), say("document.report.media_replies")}})
	if err != nil {
		return fmt.Errorf("begin the sheet of forms: %w", err)
	}
	for _, t := range list {
		people := sheet.Text("")
		if t.ByName {
			people = sheet.Amount(t.People)
		}
		if err := x.Row(sheet.Text(say("form."+string(t.Form))), sheet.Amount(t.Sent), people, sheet.Amount(t.Arrived), sheet.Amount(t.Refused), sheet.Amount(t.Clicks), sheet.Amount(t.Replies)); err != nil {
			return fmt.Errorf("write a form: %w", err)
		}
	}
	return nil
}

func sheetWord(say sayer, row reporting.Row) string {
	switch {
	case row.Key == "":
		return ""
	case strings.HasPrefix(row.Group, "sessions") || row.Group == "attendances_by_form":
		return say("form." + row.Key)
	}
	return say("scheme." + row.Key)
}

// sideBySide writes the counts of several lines as columns.
func sideBySide(x *sheet.XLSX, say sayer, name string, titles, heads []string, lines []reporting.Lines) error {
	widths := []float64{34, 24}
	for range heads {
		widths = append(widths, 13)
	}
	if err := x.Sheet(sheet.Layout{Name: name, Titles: titles, Heading: append([]string{say("report.col.group"), say("report.col.line")}, heads...), Widths: widths}); err != nil {
		return fmt.Errorf("begin the sheet %s: %w", name, err)
	}
	all := make([][]reporting.Row, len(lines))
	for i, l := range lines {
		all[i] = l.Rows()
	}
	for i, row := range all[len(all)-1] {
		cells := []sheet.Value{sheet.Text(say("report.group." + row.Group)), sheet.Text(sheetWord(say, row))}
		for _, rows := range all {
			cells = append(cells, amount(rows[i].Count))
		}
		if err := x.Row(cells...); err != nil {
			return fmt.Errorf("write a line of %s: %w", name, err)
		}
	}
	return nil
}

func amount(n *int64) sheet.Value {
	if n == nil {
		return sheet.Text("")
	}
	return sheet.Amount(*n)
}

// reportExport hands the report over as a spreadsheet or as JSON; the taking out is recorded.
func (s *Server) reportExport(w http.ResponseWriter, r *http.Request) error {
	body, _, err := s.reportBody(r)
	if err != nil {
		return err
	}
	name := "bao-cao-" + string(body.From) + "-" + string(body.To)
	format := r.FormValue("format")
	if format != "json" && format != "xlsx" {
		return loa.Refuse(loa.Invalid, "format", "not_in_list")
	}
	if err := s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "exported", "report", string(body.From)+".."+string(body.To), format); err != nil {
		return err
	}
	if format == "json" {
		raw, err := body.Report.JSON()
		if err != nil {
			return err
		}
		download(w, name+".json", "application/json; charset=utf-8")
		_, _ = w.Write(raw) // the visitor may have gone
		return nil
	}
	download(w, name+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	return ReportSheet(w, langOf(r), body.Report)
}

// download names the file a browser shall save.
func download(w http.ResponseWriter, name, kind string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Cache-Control", "no-store")
}
