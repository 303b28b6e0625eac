package auth

import (
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
	n    int
	last time.Time
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
)

// NewLimiter starts with nothing remembered.
func NewLimiter() *Limiter {
	return &Limiter{accounts: map[string]*failures{}, places: map[string]*bucket{}}
}

// Wait says how long this account or address has to wait before the next try; 0 lets it try now, and takes one try from
// the address.
func (l *Limiter) Wait(account, place string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget(now)
	if f := l.accounts[account]; f != nil && f.n >= freeTries {
		wait := min(time.Second<<min(f.n-freeTries, 20), longestWait)
		if left := f.last.Add(wait).Sub(now); left > 0 {
			return left
		}
	}
	b := l.places[place]
	if b == nil {
		b = &bucket{tokens: bucketSize, last: now}
		l.places[place] = b
	}
	b.tokens = min(bucketSize, b.tokens+now.Sub(b.last).Seconds()*refill)
	b.last = now
	if b.tokens < 1 {
		return time.Duration((1 - b.tokens) / refill * float64(time.Second))
	}
	b.tokens--
	return 0
}

// Failed remembers a wrong password.
func (l *Limiter) Failed(account string, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := l.accounts[account]
	if f == nil {
		f = &failures{}
		l.accounts[account] = f
	}
	f.n++
	f.last = now
}

// Passed forgets an account's failures.
func (l *Limiter) Passed(account string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.accounts, account)
}

// forget drops what is old when too much is remembered, so that guessing names cannot fill the memory.
func (l *Limiter) forget(now time.Time) {
	if len(l.accounts) > mostKept {
		for k, f := range l.accounts {
			if now.Sub(f.last) > longestWait {
				delete(l.accounts, k)
			}
		}
		if len(l.accounts) > mostKept {
			clear(l.accounts)
		}
	}
	if len(l.places) > mostKept {
		for k, b := range l.places {
			if now.Sub(b.last) > 2*time.Minute {
				delete(l.places, k)
			}
		}
		if len(l.places) > mostKept {
			clear(l.places)
		}
	}
}
