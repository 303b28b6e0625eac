package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"time"

	"loa"
	"loa/auth"
	"loa/demo"
	"loa/policy"
	"loa/store"
	"loa/web"
)

type demoCmd struct {
	Listen    string `default:"127.0.0.1:8080" env:"LOA_LISTEN"`
	Seed      int64  `default:"1"`
	Fake      string `default:"127.0.0.1:0" env:"LOA_FAKE_LISTEN"`
	BuildOnly bool
}

func (d *demoCmd) Run(c *cli, e env) error {
	listen := &serveCmd{Listen: d.Listen}
	if err := listen.check(); err != nil {
		return err
	}
	kept := c.Data != ""
	if !kept {
		dir, err := os.MkdirTemp("", "loa-demo-")
		if err != nil {
			return fmt.Errorf("make a temporary folder: %w", err)
		}
		defer os.RemoveAll(dir)
		c.Data, c.Key = dir, dir+"/demo.key"
	}
	sealer, err := c.demoKey()
	if err != nil {
		return err
	}
	fresh := c.Database == "" && c.exists() != nil
	var making <-chan made
	if fresh {
		making = d.make(sealer) // while the database is made
		go web.Prepare()
	}
	db, err := c.open(e, store.Options{Fast: fresh, Long: true})
	if err != nil {
		return err
	}
	defer db.Close()
	offices, err := db.Offices(e.ctx)
	if err != nil {
		return err
	}
	switch {
	case len(offices) == 0:
		if making == nil { // an empty database, or one whose filling was stopped
			making = d.make(sealer)
		}
		if err := fill(e, db, <-making); err != nil {
			return err
		}
	case !offices[0].Synthetic:
		return loa.Refuse(loa.Conflict, "data", "not_a_demo")
	}
	office, err := c.office(e, db)
	if err != nil {
		return err
	}
	if d.BuildOnly {
		if err := db.Harden(e.ctx); err != nil {
			return err
		}
		fmt.Fprintln(e.out, c.say("demo.kept", c.Data))
		return nil
	}
	today := c.today(office)
	s := &site{cli: c, env: e, db: db, sealer: sealer, now: clock(today), listen: listen}
	p, err := s.simulate(office, d.Fake)
	if err != nil {
		return err
	}
	defer p.stop()
	return s.run(func(address string) {
		p.listen(s)
		go p.connect(s) // the providers try the addresses of the callbacks, which must answer by then
		go func() {     // nobody waits for the disk
			if err := db.Harden(e.ctx); err != nil && e.ctx.Err() == nil {
				fmt.Fprintln(e.err, "loa:", err)
			}
		}()
		fmt.Fprintln(e.out, c.say("demo.ready", address, time.Since(e.start).Round(10*time.Millisecond)))
		until := office.AsOf
		if until == "" {
			until = today
		}
		fmt.Fprintln(e.out, c.say("demo.as_of", until.Vietnamese()))
		if until != today {
			fmt.Fprintln(e.out, c.say("demo.as_if", today.Vietnamese()))
		}
		fmt.Fprintln(e.out, c.say("demo.fake", s.simulated))
		fmt.Fprintln(e.out, c.say("demo.people"))
		people, err := db.DemoOfficers(e.ctx)
		if err != nil {
			fmt.Fprintln(e.err, "loa:", err)
		}
		for _, p := range people {
			fmt.Fprintf(e.out, "  %s – %s\n", p.Name, c.say("role."+string(p.Role)))
		}
		if kept {
			fmt.Fprintln(e.out, c.say("demo.kept", c.Data))
		}
	})
}

// buildMemory is how much the making of the demo may use before the collector works harder: what it makes is mostly short-lived.
const buildMemory = 250 << 20

// made is the demo before it is in a database.
type made struct {
	bulk loa.Bulk
	err  error
}

// make makes the demo's people and what became of them.
func (d *demoCmd) make(sealer *auth.Sealer) <-chan made {
	debug.SetMemoryLimit(buildMemory)
	out := make(chan made, 1)
	go func() {
		p, err := policy.Embedded()
		if err != nil {
			out <- made{err: err}
			return
		}
		bulk, err := demo.Make(demo.Options{Seed: d.Seed, Grace: policy.Grace{Parameters: p}, Seal: sealIn(sealer), Index: sealer.Index})
		if err != nil {
			err = fmt.Errorf("make the demo: %w", err)
		}
		out <- made{bulk, err}
	}()
	return out
}

// fill puts the demo into an empty database.
func fill(e env, db *store.DB, m made) error {
	defer func() {
		debug.SetMemoryLimit(math.MaxInt64)
		debug.FreeOSMemory() // the people are in the database now; what is read in for the first page comes on top of the rest
	}()
	if m.err != nil {
		return m.err
	}
	if err := db.Fill(e.ctx, m.bulk); err != nil {
		return fmt.Errorf("fill the demo: %w", err)
	}
	if err := approveReady(e.ctx, db, m.bulk, m.bulk.By.At); err != nil {
		return fmt.Errorf("take the ready answers over: %w", err)
	}
	if err := furnish(e.ctx, db, m.bulk); err != nil {
		return err
	}
	return db.Learn(e.ctx)
}

// sealIn is how the demo seals: it knows of offices, columns and records, not of keys.
func sealIn(sealer *auth.Sealer) demo.Seal {
	return func(office, column, record, plain string) ([]byte, error) {
		return sealer.Seal(auth.Place{Office: office, Column: column, Record: record}, plain)
	}
}

// demoKey is the demo's own key, made when it is not there: nobody's number is at stake.
func (c *cli) demoKey() (*auth.Sealer, error) {
	s, err := auth.LoadKey(c.Key)
	if errors.Is(err, auth.ErrNoKey) {
		return auth.NewKey(c.Key)
	}
	return s, err
}
