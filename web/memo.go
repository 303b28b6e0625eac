package web

import (
	"container/list"
	"context"
	"errors"
	"sync"

	"loa"
)

// memo keeps results of reads that cost more than a page may take, for as long as nothing in the office has changed: every
// write takes a change number, so the number in the key makes an old result unreachable at once.
type memo struct {
	mu    sync.Mutex
	items map[memoKey]*list.Element
	order *list.List
	calls map[memoKey]*memoCall
}

type memoKey struct {
	office loa.OfficeID
	change int64
	what   string // the question with all its arguments, scope and day included
}

type memoItem struct {
	key   memoKey
	value any
}

type memoCall struct {
	done  chan struct{}
	value any
	err   error
}

const memoSize = 512

func newMemo() *memo {
	return &memo{items: map[memoKey]*list.Element{}, order: list.New(), calls: map[memoKey]*memoCall{}}
}

// once returns the kept result, or makes it; callers who ask for the same at the same time wait for one making. When the one
// who was making it has gone away, each who waited makes it for itself.
func once[T any](m *memo, key memoKey, build func() (T, error)) (T, error) {
	m.mu.Lock()
	if e, ok := m.items[key]; ok {
		m.order.MoveToFront(e)
		v := e.Value.(*memoItem).value
		m.mu.Unlock() // before the assertion: two results under one key are a mistake, not a reason to stop everybody
		return v.(T), nil
	}
	if c, ok := m.calls[key]; ok {
		m.mu.Unlock()
		<-c.done
		if errors.Is(c.err, context.Canceled) {
			return build()
		}
		v, _ := c.value.(T)
		return v, c.err
	}
	c := &memoCall{done: make(chan struct{}), err: context.Canceled} // what those who wait are told if build panics
	m.calls[key] = c
	m.mu.Unlock()
	defer m.settle(key, c)

	v, err := build()
	c.value, c.err = v, err
	return v, err
}

// settle keeps a result that was made, and lets those who wait go on.
func (m *memo) settle(key memoKey, c *memoCall) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.calls, key)
	if c.err == nil {
		m.items[key] = m.order.PushFront(&memoItem{key, c.value})
		if m.order.Len() > memoSize {
			last := m.order.Back()
			delete(m.items, last.Value.(*memoItem).key)
			m.order.Remove(last)
		}
	}
	close(c.done)
}
