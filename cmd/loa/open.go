package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"loa"
	"loa/policy"
	"loa/store"
)

// print writes data as JSON, or hands over to the text form.
func (c *cli) print(e env, data any, text func()) {
	if c.Format == "json" || text == nil {
		enc := json.NewEncoder(e.out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		if err := enc.Encode(data); err != nil {
			fmt.Fprintln(e.err, "loa:", err)
		}
		return
	}
	text()
}

// address is where the database is.
func (c *cli) address() string {
	if c.Database != "" {
		return c.Database
	}
	return filepath.Join(c.Data, "loa.db")
}

// exists says whether there is a database to open; commands that only read never make one.
func (c *cli) exists() error {
	if c.Database != "" {
		return nil
	}
	if _, err := os.Stat(c.address()); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return loa.Refuse(loa.NotFound, "data", "no_data", c.Data)
		}
		return fmt.Errorf("look at the data folder: %w", err)
	}
	return nil
}

// open opens the store with the law's payment grace.
func (c *cli) open(e env, o store.Options) (*store.DB, error) { return c.openAt(e, c.address(), o) }

// openAt opens a store that is somewhere else for now.
func (c *cli) openAt(e env, address string, o store.Options) (*store.DB, error) {
	p, err := policy.Embedded()
	if err != nil {
		return nil, err
	}
	o.Grace = policy.Grace{Parameters: p}
	return store.Open(e.ctx, address, o)
}

// openExisting opens a database that must be there, migrated to this program.
func (c *cli) openExisting(e env, o store.Options) (*store.DB, error) {
	if err := c.exists(); err != nil {
		return nil, err
	}
	return c.open(e, o)
}

// clock is the one clock: real, or the same time of day on the day the program runs as of.
func clock(today loa.Day) func() time.Time {
	if today == "" {
		return time.Now
	}
	shift := time.Duration(today.Sub(loa.DayOf(time.Now()))) * 24 * time.Hour
	return func() time.Time { return time.Now().Add(shift) }
}

// office is the one office a command works on.
func (c *cli) office(e env, db *store.DB) (loa.Office, error) {
	all, err := db.Offices(e.ctx)
	if err != nil {
		return loa.Office{}, err
	}
	if len(all) == 0 {
		return loa.Office{}, loa.Refuse(loa.NotFound, "office", "no_office")
	}
	return all[0], nil
}

// today is the day a command runs as of: the one asked for, the demo's own, or the real one.
func (c *cli) today(o loa.Office) loa.Day {
	switch {
	case c.Today != "":
		return c.Today
	case o.Synthetic && o.AsOf != "":
		return o.AsOf
	}
	return ""
}
