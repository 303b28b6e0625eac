package auth

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

var noon = time.Unix(1_700_000_000, 0)

// TestTriesAtOnce sends many tries before the first outcome is known, from many addresses.
func TestTriesAtOnce(t *testing.T) {
	l := NewLimiter()
	var let, mu = 0, sync.Mutex{}
	var all sync.WaitGroup
	for i := range 500 {
		all.Go(func() {
			if l.Wait("a", fmt.Sprintf("place %d", i), noon) == 0 {
				mu.Lock()
				let++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if let != freeTries {
		t.Errorf("%d tries at once", let)
	}
	if w := l.Wait("a", "later", noon.Add(flight+time.Second)); w != 0 {
		t.Errorf("tries without an outcome hold the account for %s", w)
	}
}

// TestNoLockForGood lets somebody knock without pause: the wait still ends when it said it would.
func TestNoLockForGood(t *testing.T) {
	l := NewLimiter()
	for range 50 {
		l.Failed("a", noon)
	}
	first := l.Wait("a", "here", noon)
	if first != longestWait {
		t.Fatalf("the wait is %s", first)
	}
	for i := range 800 {
		l.Wait("a", fmt.Sprintf("place %d", i), noon.Add(time.Duration(i)*time.Second))
	}
	if w := l.Wait("a", "here", noon.Add(first)); w != 0 {
		t.Errorf("knocking lengthened the wait by %s", w)
	}
	l.Passed("a")
	for i := range freeTries {
		if w := l.Wait("a", "there", noon.Add(first)); w != 0 {
			t.Errorf("try %d after signing in waits %s", i, w)
		}
		l.Failed("a", noon.Add(first))
	}
}

// TestFloodOfNames fills the memory with invented names and addresses; the account under attack stays slow.
func TestFloodOfNames(t *testing.T) {
	l := NewLimiter()
	for range 10 {
		l.Failed("director", noon)
	}
	for i := range 3 * mostKept {
		name := fmt.Sprintf("nobody %d", i)
		if l.Wait(name, name, noon) == 0 {
			l.Failed(name, noon)
		}
	}
	if len(l.accounts) > mostKept || len(l.places) > mostKept {
		t.Errorf("%d accounts and %d places are kept", len(l.accounts), len(l.places))
	}
	if l.Wait("director", "here", noon) == 0 {
		t.Error("the flood freed the account under attack")
	}
	l.Wait("x", "x", noon.Add(2*longestWait))
	l.Wait("y", "y", noon.Add(2*longestWait))
	if len(l.accounts) > mostKept {
		t.Errorf("%d accounts are kept", len(l.accounts))
	}
}
