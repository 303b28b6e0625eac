package auth

import (
	"fmt"
	"testing"
	"time"
)

func TestBrake(t *testing.T) {
	b := NewBrake(3, time.Minute)
	for i := range 3 {
		if w := b.Take("a", noon); w != 0 {
			t.Fatalf("try %d waits %s", i, w)
		}
	}
	if w := b.Take("a", noon); w != time.Minute {
		t.Errorf("the fourth waits %s", w)
	}
	if w := b.Take("b", noon); w != 0 {
		t.Errorf("another waits %s", w)
	}
	if w := b.Take("a", noon.Add(61*time.Second)); w != 0 {
		t.Errorf("after a minute it waits %s", w)
	}
	if w := b.Take("a", noon.Add(61*time.Second)); w <= 0 {
		t.Error("one minute brought two tries")
	}
	if w := b.Take("a", noon.Add(-time.Hour)); w <= 0 {
		t.Error("a clock that goes back lets through")
	}
	for i := range 2 * mostKept {
		b.Take(fmt.Sprint(i), noon)
	}
	if len(b.kept) > mostKept {
		t.Errorf("%d keys are kept", len(b.kept))
	}
}
