package main

import (
	"fmt"

	"loa"
	"loa/reporting"
)

type reportCmd struct {
	From loa.Month `help:"First month (yyyy-mm)." required:""`
	To   loa.Month `help:"Last month, included." required:""`
}

func (rc *reportCmd) Run(c *cli, e env) error {
	for _, m := range []loa.Month{rc.From, rc.To} {
		if _, err := loa.ParseMonth(string(m)); err != nil {
			return err
		}
	}
	p := loa.Period{From: rc.From, To: rc.To}
	if err := p.Check(); err != nil {
		return err
	}
	db, err := c.openExisting(e)
	if err != nil {
		return err
	}
	defer db.Close()
	office, err := c.office(e, db)
	if err != nil {
		return err
	}
	today := loa.DayOf(clock(c.today(office))())
	communes, err := db.OfficeAreas(e.ctx, office.ID, today)
	if err != nil {
		return err
	}
	scope := loa.Scope{Office: office.ID}
	for _, a := range communes {
		scope.Ranges = append(scope.Ranges, loa.Under(a.Path))
	}
	settings, err := db.Settings(e.ctx, office.ID)
	if err != nil {
		return err
	}
	in, err := db.ReportInput(e.ctx, scope, p, settings, today)
	if err != nil {
		return err
	}
	r := reporting.Make(in)
	if c.Format == "json" {
		raw, err := r.JSON()
		if err != nil {
			return err
		}
		_, err = e.out.Write(raw)
		return err
	}
	fmt.Fprintf(e.out, "%s, %s – %s\n", r.Office, r.From, r.To)
	for _, row := range r.Rows() {
		name := row.Name()
		fmt.Fprintf(e.out, "%-44s %10d", name, row.Figure.N())
		if row.Figure.Percent != nil {
			fmt.Fprintf(e.out, "  %s %%", row.Figure.Percent.String())
		}
		if row.Figure.Change != nil {
			fmt.Fprintf(e.out, "  %+d", *row.Figure.Change)
		}
		fmt.Fprintln(e.out)
	}
	return nil
}
