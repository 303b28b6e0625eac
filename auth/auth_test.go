package auth

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestPasswords(t *testing.T) {
	h, err := Hash("chè shan tuyết cổ thụ")
	if err != nil {
		t.Fatal(err)
	}
	if !Check("chè shan tuyết cổ thụ", h) || Check("chè shan tuyết", h) || Check("x", "not a hash") {
		t.Error("a password is told wrongly")
	}
	for password, want := range map[string]string{
		"short": "password_short", "1234567890": "password_common", "tuachua2025": "password_common", "aaaaaaaaaaaa": "password_common",
		"minh.vu.123": "password_own_words", "mưa nguồn suối lũ": "", "correct horse battery": "",
	} {
		if got := Rule(password, "minh.vu"); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

func TestLimiter(t *testing.T) {
	l := NewLimiter()
	now := time.Unix(1_700_000_000, 0)
	for i := range freeTries {
		if w := l.Wait("a", "here", now); w != 0 {
			t.Fatalf("try %d waits %s", i, w)
		}
		l.Failed("a", now)
	}
	if w := l.Wait("a", "here", now); w != time.Second {
		t.Errorf("after five failures the wait is %s", w)
	}
	if w := l.Wait("b", "here", now); w != 0 {
		t.Errorf("another account waits %s", w)
	}
	now = now.Add(time.Second)
	l.Failed("a", now)
	l.Failed("a", now)
	if w := l.Wait("a", "here", now); w != 4*time.Second {
		t.Errorf("after seven failures the wait is %s", w)
	}
	for range 40 {
		l.Failed("a", now)
	}
	if w := l.Wait("a", "here", now); w > longestWait {
		t.Errorf("the wait is %s", w)
	}
	l.Passed("a")
	if w := l.Wait("a", "here", now); w != 0 {
		t.Errorf("after signing in the wait is %s", w)
	}
	for range 100 {
		l.Wait("c", "there", now)
	}
	if l.Wait("d", "there", now) == 0 {
		t.Error("an address may try without end")
	}
	if l.Wait("d", "there", now.Add(10*time.Second)) != 0 {
		t.Error("an address is never let in again")
	}
}

func TestSeal(t *testing.T) {
	s := NewSealer(bytes.Repeat([]byte{7}, 32))
	sealed, err := s.Seal(Place{"o1", "person.national_id", "p1"}, "000199000001")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Open(Place{"o1", "person.national_id", "p1"}, sealed); err != nil || got != "000199000001" {
		t.Errorf("%q, %v", got, err)
	}
	wrong := map[string]func() (string, error){
		"another record": func() (string, error) { return s.Open(Place{"o1", "person.national_id", "p2"}, sealed) },
		"another office": func() (string, error) { return s.Open(Place{"o2", "person.national_id", "p1"}, sealed) },
		"another column": func() (string, error) { return s.Open(Place{"o1", "person.si_number", "p1"}, sealed) },
		"another key": func() (string, error) {
			return NewSealer(bytes.Repeat([]byte{8}, 32)).Open(Place{"o1", "person.national_id", "p1"}, sealed)
		},
		"cut short": func() (string, error) { return s.Open(Place{"o1", "person.national_id", "p1"}, sealed[:9]) },
		"nothing":   func() (string, error) { return s.Open(Place{"o1", "person.national_id", "p1"}, nil) },
	}
	for i := range sealed {
		flipped := bytes.Clone(sealed)
		flipped[i] ^= 1
		if _, err := s.Open(Place{"o1", "person.national_id", "p1"}, flipped); !errors.Is(err, ErrSeal) {
			t.Errorf("byte %d flipped: %v", i, err)
		}
	}
	for name, open := range wrong {
		if _, err := open(); !errors.Is(err, ErrSeal) {
			t.Errorf("%s opened: %v", name, err)
		}
	}
	again := NewSealer(bytes.Repeat([]byte{7}, 32))
	if s.Index("a", "1") != again.Index("a", "1") || s.Index("a", "1") == s.Index("b", "1") || s.Index("a", "1") == s.Index("a", "2") {
		t.Error("the index does not tell values and columns apart")
	}
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "loa.key")
	if _, err := LoadKey(path); !errors.Is(err, ErrNoKey) {
		t.Errorf("absent key: %v", err)
	}
	made, err := NewKey(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewKey(path); err == nil {
		t.Error("a key was overwritten")
	}
	read, err := LoadKey(path)
	if err != nil || read.KeyID() != made.KeyID() {
		t.Errorf("%v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("zz"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKey(path); !errors.Is(err, ErrNoKey) {
		t.Errorf("broken key: %v", err)
	}
}
