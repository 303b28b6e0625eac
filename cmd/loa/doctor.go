package main

import (
	"fmt"
	"os"
	"runtime/debug"

	"loa/i18n"
	"loa/store"
)

// say is a sentence of the catalogues in the language of the command line.
func (c *cli) say(key string, args ...any) string { return i18n.Text(c.Lang, key, args...) }

type doctorCmd struct {
	Backup string `type:"existingfile"`
}

// finding is one thing the doctor looked at, in plain words.
type finding struct {
	What string `json:"what"`
	OK   bool   `json:"ok"`
	Text string `json:"text"`
}

func (d *doctorCmd) Run(c *cli, e env) error {
	var all []finding
	add := func(what string, err error, text string) {
		f := finding{What: what, OK: err == nil, Text: text}
		if err != nil {
			f.Text = err.Error()
		}
		all = append(all, f)
	}
	if err := c.exists(); err != nil {
		return err
	}
	db, err := c.open(e, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer db.Close()
	have, want, err := db.SchemaVersion(e.ctx)
	if err == nil && have != want {
		err = fmt.Errorf("%s", c.say("doctor.schema_old", have, want))
	}
	add("schema", err, c.say("doctor.schema", have))
	add("database", db.Check(e.ctx), c.say("doctor.database"))
	offices, err := db.Offices(e.ctx)
	if err != nil {
		return err
	}
	for _, o := range offices {
		n, _, err := db.VerifyAudit(e.ctx, o.ID)
		add("audit", err, c.say("doctor.audit", o.ShortName, n))
		wrong, err := db.CheckStanding(e.ctx, o.ID)
		if err == nil && wrong > 0 {
			err = fmt.Errorf("%s", c.say("doctor.standing_wrong", wrong))
		}
		add("standing", err, c.say("doctor.standing", o.ShortName))
	}
	key := c.keyOf(e.ctx, db)
	all = append(all, finding{What: "key", OK: key.State == keyFits, Text: key.Text})
	if d.Backup != "" {
		all = append(all, c.checkBackup(d.Backup))
	}
	c.print(e, map[string]any{"findings": all}, func() {
		for _, f := range all {
			mark := "✓"
			if !f.OK {
				mark = "✗"
			}
			fmt.Fprintln(e.out, mark, f.Text)
		}
	})
	for _, f := range all {
		if !f.OK && f.What != "key" {
			return fmt.Errorf("%s", c.say("doctor.found", f.What))
		}
	}
	return nil
}

func (c *cli) checkBackup(file string) finding {
	f, err := os.Open(file)
	if err != nil {
		return finding{What: "backup", Text: err.Error()}
	}
	defer f.Close()
	m, proofs, err := store.ReadBackup(f)
	if err != nil {
		return finding{What: "backup", Text: err.Error()}
	}
	var rows int64
	for _, p := range proofs {
		rows += p.Rows
	}
	return finding{What: "backup", OK: true, Text: c.say("doctor.backup", rows, len(proofs), m.MadeAt.Format("02/01/2006 15:04"))}
}

type migrateCmd struct{}

func (m *migrateCmd) Run(c *cli, e env) error {
	db, err := c.open(e, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	if err := migrateJobs(e.ctx, db); err != nil {
		return err
	}
	have, _, err := db.SchemaVersion(e.ctx)
	if err != nil {
		return err
	}
	c.print(e, map[string]any{"schema": have}, func() { fmt.Fprintln(e.out, c.say("doctor.schema", have)) })
	return nil
}

type versionCmd struct{}

func (v *versionCmd) Run(c *cli, e env) error {
	c.print(e, map[string]any{"version": version()}, func() { fmt.Fprintln(e.out, "loa", version()) })
	return nil
}

// version is the commit the program was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	if info.Main.Version != "" {
		return info.Main.Version
	}
	return "devel"
}
