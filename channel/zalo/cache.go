package zalo

import (
	"sync"
	"time"
)

// cache keeps what Zalo said for a while. It asks once for what many want at the same time, and keeps no failure.
type cache[T any] struct {
	mu   sync.Mutex
	kept map[string]*entry[T]
}

type entry[T any] struct {
	mu    sync.Mutex
	value T
	until time.Time
}

const cacheAtMost = 500

func (c *cache[T]) get(key string, now time.Time, keep time.Duration, ask func() (T, error)) (T, error) {
	c.mu.Lock()
	if c.kept == nil || len(c.kept) >= cacheAtMost {
		c.kept = map[string]*entry[T]{}
	}
	e := c.kept[key]
	if e == nil {
		e = &entry[T]{}
		c.kept[key] = e
	}
	c.mu.Unlock()
	e.mu.Lock()
	defer e.mu.Unlock()
	if now.Before(e.until) {
		return e.value, nil
	}
	v, err := ask()
	if err == nil {
		e.value, e.until = v, now.Add(keep)
	}
	return v, err
}

// has is what is kept, without asking.
func (c *cache[T]) has(key string, now time.Time) (v T, ok bool) {
	c.mu.Lock()
	e := c.kept[key]
	c.mu.Unlock()
	if e == nil || !e.mu.TryLock() {
		return v, false
	}
	defer e.mu.Unlock()
	return e.value, now.Before(e.until)
}
