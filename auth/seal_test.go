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
		sealed, err := s.Seal(Place{"o1", "person.si_number", "p1"}, "0000012345")
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

// TestOlderEnvelopesOpen reads what was sealed before values were bound to their office, and with the keys before a rotation.
func TestOlderEnvelopesOpen(t *testing.T) {
	first := bytes.Repeat([]byte{7}, 32)
	s := NewSealer(first)
	at := Place{"o1", "person.si_number", "p1"}
	aead, err := s.aead(at.Column)
	if err != nil {
		t.Fatal(err)
	}
	nonce := bytes.Repeat([]byte{9}, aead.NonceSize())
	old := append(append([]byte{envelopeOld}, s.keyBytes()...), nonce...)
	old = aead.Seal(old, nonce, []byte("0000012345"), []byte("person.si_number|p1"))
	if got, err := s.Open(at, old); err != nil || got != "0000012345" || s.Fresh(old) {
		t.Errorf("an old envelope opens to %q (%v), and is said to be fresh: %v", got, err, s.Fresh(old))
	}
	if _, err := s.Open(Place{"o1", "person.si_number", "p2"}, old); err == nil {
		t.Error("an old envelope opens for another record")
	}
	old[0] = envelope
	if _, err := s.Open(at, old); err == nil {
		t.Error("an old envelope passes for a new one")
	}

	path := filepath.Join(t.TempDir(), "loa.key")
	before, err := NewKey(path)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := before.Seal(at, "0000012345")
	if err != nil {
		t.Fatal(err)
	}
	after, err := RotateKey(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := after.Open(at, sealed); err != nil || got != "0000012345" || after.KeyID() == before.KeyID() || !after.Opens(before.KeyID()) || after.Older() != 1 || after.Fresh(sealed) {
		t.Errorf("after a rotation: %q, %v, keys %s and %s", got, err, after.KeyID(), before.KeyID())
	}
	fresh, err := after.Seal(at, "0000012345")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := before.Open(at, fresh); err == nil || !after.Fresh(fresh) {
		t.Error("the old key opens what the new one sealed")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file is %v %v", info.Mode(), err)
	}
	if _, err := RotateKey(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a key that is not there is rotated")
	}
}
