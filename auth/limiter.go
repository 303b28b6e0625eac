package auth

import (
	"maps"
	"sync"
	"time"
)

// Limiter slows down guessing: an account waits longer after each failure beyond the fifth, an address has a bucket of tries.
// Nobody is locked out for good, since that would let anyone lock a director out.
type Limiter struct {
	mu       sync.Mutex
	accounts map[string]*failures
	places   map[string]*bucket
}

type failures struct {
	n      int
	last   time.Time
	flying int       // tries let through whose outcome is not known yet
	let    time.Time // when the last of them was let through
}

type bucket struct {
	tokens float64
	last   time.Time
}

const (
	freeTries   = 5
	longestWait = 15 * time.Minute
	bucketSize  = 30.0
	refill      = 0.5 // tries a second
	mostKept    = 20000
	flight      = 30 * time.Second // a try whose outcome never came is forgotten
)

// NewLimiter starts with nothing remembered.
func NewLimiter() *Limiter {
	return &Limiter{accounts: map[string]*failures{}, places: map[string]*bucket{}}
}

// Wait says how long this account or address has to wait before the next try; 0 lets it try now. It takes one try from
// the address, and counts against the account until Failed or Passed tells the outcome, so that a thousand tries sent at
// once are not a thousand free ones. Tries turned away never lengthen the wait.
func (l *Limiter) Wait(account, place string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget(now)
	if wait := l.take(place, now); wait > 0 {
		return wait
	}
	f := l.account(account)
	if now.Sub(f.let) > flight {
		f.flying = 0
	}
	if tries := f.n + f.flying; tries >= freeTries {
		since := f.last
		if f.flying > 0 && f.let.After(since) {
			since = f.let
		}
		if left := since.Add(min(time.Second<<min(tries-freeTries, 20), longestWait)).Sub(now); left > 0 {
			return left
		}
	}
	f.flying++
	f.let = now
	return 0
}

// take draws one try from the bucket of an address.
func (l *Limiter) take(place string, now time.Time) time.Duration {
	b := l.places[place]
	if b == nil {
		b = &bucket{tokens: bucketSize, last: now}
		l.places[place] = b
	}
	b.tokens = min(bucketSize, b.tokens+max(0, now.Sub(b.last).Seconds())*refill)
	b.last = now
	if b.tokens < 1 {
		return time.Duration((1 - b.tokens) / refill * float64(time.Second))
	}
	b.tokens--
	return 0
}

func (l *Limiter) account(name string) *failures {
	f := l.accounts[name]
	if f == nil {
		f = &failures{}
		l.accounts[name] = f
	}
	return f
}

// Failed remembers a wrong password.
func (l *Limiter) Failed(account string, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := l.account(account)
	f.flying = max(0, f.flying-1)
	f.n++
	f.last = now
}

// Passed forgets an account's failures.
func (l *Limiter) Passed(account string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.accounts, account)
}

// forget drops what is old when too much is remembered, so that guessing names cannot fill the memory. When even that is
// not enough, accounts with few failures go first: a flood of invented names must not free the one under attack.
func (l *Limiter) forget(now time.Time) {
	if len(l.accounts) >= mostKept {
		maps.DeleteFunc(l.accounts, func(_ string, f *failures) bool {
			return now.Sub(f.last) > longestWait && now.Sub(f.let) > flight
		})
		for least := 1; len(l.accounts) > mostKept*3/4; least++ {
			maps.DeleteFunc(l.accounts, func(_ string, f *failures) bool {
				return f.n+f.flying <= least && len(l.accounts) > mostKept*3/4
			})
		}
	}
	if len(l.places) >= mostKept {
		maps.DeleteFunc(l.places, func(_ string, b *bucket) bool { return now.Sub(b.last).Seconds() > bucketSize/refill })
		if len(l.places) >= mostKept {
			clear(l.places)
		}
	}
}
