package auth

import (
	"maps"
	"sync"
	"time"
)

// Brake slows down whoever does the same thing too often: every key has a bucket of tries that fills again with time. It lives in
// memory, so nothing of anybody's address is written down.
type Brake struct {
	size   float64
	refill float64 // tries a second
	mu     sync.Mutex
	kept   map[string]*bucket
}

// NewBrake lets a key do so much at once, and one more every so often.
func NewBrake(atOnce int, every time.Duration) *Brake {
	return &Brake{size: float64(atOnce), refill: 1 / every.Seconds(), kept: map[string]*bucket{}}
}

// Take draws one try of a key; the answer says how long to wait before the next, 0 when it is let through.
func (b *Brake) Take(key string, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.kept) >= mostKept {
		maps.DeleteFunc(b.kept, func(_ string, k *bucket) bool { return now.Sub(k.last).Seconds()*b.refill >= b.size })
		if len(b.kept) >= mostKept {
			clear(b.kept)
		}
	}
	k := b.kept[key]
	if k == nil {
		k = &bucket{tokens: b.size, last: now}
		b.kept[key] = k
	}
	k.tokens = min(b.size, k.tokens+max(0, now.Sub(k.last).Seconds())*b.refill)
	k.last = now
	if k.tokens < 1 {
		return time.Duration((1 - k.tokens) / b.refill * float64(time.Second))
	}
	k.tokens--
	return 0
}
