package main

import (
	"time"

	"loa/store"
)

// A write transaction of an import aims to last so long while nobody else saves, and so short while somebody does: whoever saves
// waits for no more than one, and for what it wrote to reach the disk.
const (
	aimedAlone  = 60 * time.Millisecond
	aimedBeside = 20 * time.Millisecond
	besideFor   = 2 * time.Second // how long after somebody waited
)

// pace finds how many rows the machine writes in that time.
type pace struct {
	rows   int
	waits  func() int64 // how often anybody waited for the writer so far
	seen   int64
	beside time.Time // until when somebody is taken to be saving
}

const fewestRows, mostRows = 50, 2000

func newPace(db *store.DB) *pace { return &pace{rows: 200, waits: db.Waits, seen: db.Waits()} }

func (p *pace) took(d time.Duration) {
	aimed := aimedAlone
	now, waits := time.Now(), p.waits()
	if waits > p.seen {
		p.seen, p.beside = waits, now.Add(besideFor)
	}
	if now.Before(p.beside) {
		aimed = aimedBeside
	}
	switch {
	case d > aimed:
		p.rows = max(fewestRows, p.rows*int(aimed/time.Millisecond)/int(d/time.Millisecond+1))
	case d < aimed*3/4:
		p.rows = min(mostRows, p.rows*5/4)
	}
}
