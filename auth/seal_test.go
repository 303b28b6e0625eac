package auth

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestKeyStaysSecret prints a sealer in every way a log might.
func TestKeyStaysSecret(t *testing.T) {
	root := bytes.Repeat([]byte{0xAB}, 32)
	s := NewSealer(root)
	for _, form := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if out := fmt.Sprintf(form, s); strings.Contains(strings.ToLower(out), hex.EncodeToString(root)) || strings.Contains(out, "171 171") {
			t.Errorf("%s prints the key", form)
		}
	}
	if len(s.KeyID()) != 8 || s.KeyID() == NewSealer(bytes.Repeat([]byte{1}, 32)).KeyID() {
		t.Errorf("key id %q", s.KeyID())
	}
}

// TestSameValueTwice expects two envelopes of one value to have nothing in common but their head.
func TestSameValueTwice(t *testing.T) {
	s := NewSealer(bytes.Repeat([]byte{7}, 32))
	seen := map[string]bool{}
	for range 1000 {
		sealed, err := s.Seal("person.si_number", "p1", "0000012345")
		if err != nil {
			t.Fatal(err)
		}
		if seen[string(sealed[5:17])] || bytes.Contains(sealed, []byte("12345")) {
			t.Fatal("a nonce came twice, or the value shows")
		}
		seen[string(sealed[5:17])] = true
	}
	if n := len(s.Index("person.si_number", "0000012345")); n != 32 {
		t.Errorf("an index of %d digits", n)
	}
}

// TestKeyIsKept makes a key where something is already, and where nothing can be.
func TestKeyIsKept(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "deep", "loa.key")
	if _, err := NewKey(path); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewKey(path); err == nil {
		t.Error("a second key in one place")
	}
	if _, err := NewKey(filepath.Join(path, "loa.key")); err == nil {
		t.Error("a key inside a file")
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) || len(after) != 65 {
		t.Errorf("the key changed: %v", err)
	}
}
