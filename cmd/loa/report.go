package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"loa"
	"loa/reporting"
	"loa/store"
	"loa/web"
)

type reportCmd struct {
	From    loa.Month
	To      loa.Month
	Month   loa.Month
	Quarter string
	Year    int
	Out     string `type:"path"`
}

// period is the run of months asked for, in one of the four ways.
func (rc *reportCmd) period() (p loa.Period, err error) {
	ways := 0
	for _, used := range []bool{rc.From != "" || rc.To != "", rc.Month != "", rc.Quarter != "", rc.Year != 0} {
		if used {
			ways++
		}
	}
	switch {
	case ways != 1:
		return p, loa.Refuse(loa.Invalid, "period", "report_period")
	case rc.Month != "":
		p = loa.Period{From: rc.Month, To: rc.Month}
	case rc.Quarter != "":
		year, quarter, _ := strings.Cut(strings.Replace(strings.ToLower(rc.Quarter), "q", "", 1), "-")
		y, err1 := strconv.Atoi(year)
		q, err2 := strconv.Atoi(quarter)
		if err1 != nil || err2 != nil || y < 1000 || y > 9999 || q < 1 || q > 4 {
			return p, loa.Refuse(loa.Invalid, "quarter", "bad_quarter")
		}
		p = loa.Period{From: loa.MakeMonth(y, 3*q-2), To: loa.MakeMonth(y, 3*q)}
	case rc.Year != 0:
		if rc.Year < 1000 || rc.Year > 9999 {
			return p, loa.Refuse(loa.Invalid, "year", "bad_month")
		}
		p = loa.Period{From: loa.MakeMonth(rc.Year, 1), To: loa.MakeMonth(rc.Year, 12)}
	case rc.From == "" || rc.To == "":
		return p, loa.Refuse(loa.Invalid, "period", "report_period")
	default:
		p = loa.Period{From: rc.From, To: rc.To}
	}
	for _, m := range []loa.Month{p.From, p.To} {
		if _, err := loa.ParseMonth(string(m)); err != nil {
			return p, err
		}
	}
	return p, p.Check()
}

func (rc *reportCmd) Run(c *cli, e env) error {
	p, err := rc.period()
	if err != nil {
		return err
	}
	if c.Format == "xlsx" && rc.Out == "" {
		return loa.Refuse(loa.Invalid, "out", "report_out")
	}
	r, err := rc.make(c, e, p)
	if err != nil {
		return err
	}
	if rc.Out == "" {
		return rc.write(c, e, r)
	}
	f, err := os.Create(rc.Out)
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	e.out = f
	if err := rc.write(c, e, r); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

func (rc *reportCmd) make(c *cli, e env, p loa.Period) (r reporting.Report, err error) {
	db, err := c.openExisting(e, store.Options{})
	if err != nil {
		return r, err
	}
	defer db.Close()
	office, err := c.office(e, db)
	if err != nil {
		return r, err
	}
	today := loa.DayOf(clock(c.today(office))())
	communes, err := db.OfficeAreas(e.ctx, office.ID, today)
	if err != nil {
		return r, err
	}
	scope := loa.Scope{Office: office.ID}
	for _, a := range communes {
		scope.Ranges = append(scope.Ranges, loa.Under(a.Path))
	}
	settings, err := db.Settings(e.ctx, office.ID)
	if err != nil {
		return r, err
	}
	in, err := db.ReportInput(e.ctx, scope, p, settings, today)
	if err != nil {
		return r, err
	}
	r = reporting.Make(in)
	touches, err := db.TouchTallies(e.ctx, scope, "", r.FromDay, r.AsOf)
	r.ByForm = web.FormReaches(touches)
	return r, err
}

// write prints the report as JSON, as a spreadsheet, or line by line.
func (rc *reportCmd) write(c *cli, e env, r reporting.Report) error {
	switch c.Format {
	case "json":
		raw, err := r.JSON()
		if err != nil {
			return err
		}
		_, err = e.out.Write(raw)
		return err
	case "xlsx":
		return web.ReportSheet(e.out, c.Lang, r)
	}
	fmt.Fprintf(e.out, "%s, %s – %s\n", r.Office, r.From, r.To)
	for _, row := range r.Rows() {
		fmt.Fprintf(e.out, "%-44s %10d", row.Name(), row.Figure.N())
		if row.Figure.Percent != nil {
			fmt.Fprintf(e.out, "  %s %%", row.Figure.Percent.String())
		}
		if row.Figure.Change != nil {
			fmt.Fprintf(e.out, "  %+d", *row.Figure.Change)
		}
		fmt.Fprintln(e.out)
	}
	for _, t := range r.ByForm {
		fmt.Fprintf(e.out, "%-44s %10d\n", "reach_by_form."+string(t.Form), t.People)
	}
	return nil
}
