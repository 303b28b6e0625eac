package fake

import (
	"sync"
	"time"
)

// zone is where all the providers live; their quiet hours and dates are its own.
var zone = time.FixedZone("+07", 7*60*60)

// Clock is the time of a world, which stands still until somebody sets it, moves it or lets it run.
type Clock struct {
	mu    sync.Mutex
	base  time.Time
	real  func() time.Time // nil where there is nothing to run by
	since time.Time
	rate  int // seconds of the world in a second; 0 stands still
}

// Now tells the time in the world.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if c.rate == 0 {
		return c.base
	}
	return c.base.Add(c.real().Sub(c.since) * time.Duration(c.rate))
}

// Set puts the clock to a time, earlier ones too; nothing that was due is done by that.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base = t.In(zone)
	if c.rate != 0 {
		c.since = c.real()
	}
}

// reach moves the clock forward to t, never back.
func (c *Clock) reach(t time.Time) {
	if c.Now().Before(t) {
		c.Set(t)
	}
}

// Run lets the clock run rate times as fast as the real one, and says whether it has one to run by; 0 makes it stand still.
func (c *Clock) Run(rate int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base = c.now()
	if c.real == nil {
		return rate == 0
	}
	c.rate, c.since = max(rate, 0), c.real()
	return true
}

// Rate tells how fast the clock runs; 0 when it stands still.
func (c *Clock) Rate() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rate
}

// openAt says whether the hour of t lies from the hour open until the hour closed.
func openAt(t time.Time, open, closed int) bool {
	h := t.In(zone).Hour()
	return h >= open && h < closed
}
