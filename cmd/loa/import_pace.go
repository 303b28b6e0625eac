package main

import "time"

// A write transaction aims to last this long: whoever saves something meanwhile waits for no more than one.
const aimed = 50 * time.Millisecond

// pace finds how many rows the machine writes in that time.
type pace struct{ rows int }

const fewestRows, mostRows = 50, 2000

func newPace() *pace { return &pace{rows: 200} }

func (p *pace) took(d time.Duration) {
	switch {
	case d > aimed:
		p.rows = max(fewestRows, p.rows*int(aimed/time.Millisecond)/int(d/time.Millisecond+1))
	case d < aimed*3/4:
		p.rows = min(mostRows, p.rows*5/4)
	}
}
