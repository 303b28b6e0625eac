package web

import (
	"context"
	"errors"
	"sync"
	"testing"
)

func TestOnceMakesOnceAndForgetsFailures(t *testing.T) {
	m := newMemo()
	made := 0
	make1 := func() (int, error) { made++; return 7, nil }
	for range 3 {
		if v, err := once(m, memoKey{what: "a"}, make1); v != 7 || err != nil {
			t.Fatal(v, err)
		}
	}
	if made != 1 {
		t.Errorf("made %d times", made)
	}
	if _, err := once(m, memoKey{what: "b"}, func() (int, error) { return 0, errors.New("no") }); err == nil {
		t.Error("the failure was lost")
	}
	if v, err := once(m, memoKey{what: "b"}, make1); v != 7 || err != nil {
		t.Error("a failure was kept")
	}
}

func TestOnceSurvivesAPanicAndACancelledMaker(t *testing.T) {
	m := newMemo()
	started, goOn := make(chan bool), make(chan bool)
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		_, err := once(m, memoKey{what: "x"}, func() (int, error) { started <- true; <-goOn; return 0, context.Canceled })
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}()
	<-started
	go func() {
		defer wg.Done()
		if v, err := once(m, memoKey{what: "x"}, func() (int, error) { return 5, nil }); v != 5 || err != nil {
			t.Error("who waited was told of another's going", v, err)
		}
	}()
	close(goOn)
	wg.Wait()
	func() {
		defer func() { recover() }()
		once(m, memoKey{what: "p"}, func() (int, error) { panic("broken") })
	}()
	if v, err := once(m, memoKey{what: "p"}, func() (int, error) { return 3, nil }); v != 3 || err != nil {
		t.Error("after a panic", v, err)
	}
}
