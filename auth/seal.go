package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// ErrNoKey says that the sealing key is not where it should be. Everything but ID numbers works without it.
var ErrNoKey = errors.New("the sealing key is absent")

// ErrSeal says that a sealed value cannot be opened: another key, or it was moved or changed.
var ErrSeal = errors.New("this sealed value does not open with this key in this place")

// Sealer seals ID numbers with AES-256-GCM and finds them by a keyed index. Keys are derived per column, so that no key
// sees more than a bounded number of values; the index keys are apart from the sealing keys.
type Sealer struct {
	root  []byte
	id    string
	mu    sync.Mutex
	aeads map[string]cipher.AEAD
	index map[string][]byte
	older []*Sealer // keys from before a rotation: they open, and seal nothing new
}

// Place is where a sealed value belongs; carried to another office, column or record it does not open.
type Place struct{ Office, Column, Record string }

// Envelopes of a sealed value. The first bound a value to its column and record alone: it is still opened, never made.
const (
	envelopeOld = 1
	envelope    = 2
)

// LoadKey reads a key file: 64 hexadecimal digits on the first line, and below it the keys from before a rotation.
func LoadKey(path string) (*Sealer, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNoKey, path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the sealing key: %w", err)
	}
	lines := strings.Fields(string(raw))
	if len(lines) == 0 {
		return nil, fmt.Errorf("%w: %s is empty", ErrNoKey, path)
	}
	var roots [][]byte
	for _, line := range lines {
		root, err := hex.DecodeString(line)
		if err != nil || len(root) != 32 {
			return nil, fmt.Errorf("%w: %s does not hold a key", ErrNoKey, path)
		}
		roots = append(roots, root)
	}
	return NewSealer(roots[0], roots[1:]...), nil
}

// RotateKey puts a new key in front of those of a key file. What the older ones sealed still opens; new values, and whatever is
// sealed anew, use the new one. The file is replaced in one step, so that it is never half written.
func RotateKey(path string) (*Sealer, error) {
	if _, err := LoadKey(path); err != nil {
		return nil, err
	}
	old, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the sealing key: %w", err)
	}
	next := path + ".next"
	if err := os.Remove(next); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("make room for a new key: %w", err)
	}
	if _, err := NewKey(next); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(next, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write the new key: %w", err)
	}
	_, err = f.Write(old)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("write the new key: %w", err)
	}
	if err := os.Rename(next, path); err != nil {
		return nil, fmt.Errorf("put the new key in place: %w", err)
	}
	return LoadKey(path)
}

// NewKey makes a key file only its owner can read; it never overwrites one.
func NewKey(path string) (*Sealer, error) {
	root := make([]byte, 32)
	if _, err := rand.Read(root); err != nil {
		return nil, fmt.Errorf("make a sealing key: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the key's folder: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write the sealing key: %w", err)
	}
	_, err = f.WriteString(hex.EncodeToString(root) + "\n")
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		// Nothing is sealed with it yet, and half a key in its place would keep a whole one from being made.
		return nil, errors.Join(fmt.Errorf("write the sealing key: %w", err), os.Remove(path))
	}
	return NewSealer(root), nil
}

// NewSealer works with a 32-byte root key; older ones only open.
func NewSealer(root []byte, older ...[]byte) *Sealer {
	sum := sha256.Sum256(append([]byte("loa key id\n"), root...))
	s := &Sealer{root: root, id: hex.EncodeToString(sum[:4]), aeads: map[string]cipher.AEAD{}, index: map[string][]byte{}}
	for _, r := range older {
		s.older = append(s.older, NewSealer(r))
	}
	return s
}

// KeyOf is the short name of the key a value was sealed with; empty when it is no sealed value.
func KeyOf(sealed []byte) string {
	if len(sealed) < 5 || sealed[0] != envelope && sealed[0] != envelopeOld {
		return ""
	}
	return hex.EncodeToString(sealed[1:5])
}

// Opens says whether this sealer has the key of that short name.
func (s *Sealer) Opens(keyID string) bool {
	if s.id == keyID {
		return true
	}
	for _, o := range s.older {
		if o.id == keyID {
			return true
		}
	}
	return false
}

// Fresh says whether a value is sealed with the first key and bound to its office; others should be sealed anew.
func (s *Sealer) Fresh(sealed []byte) bool {
	return len(sealed) > 5 && sealed[0] == envelope && KeyOf(sealed) == s.id
}

// Older is how many keys from before a rotation the file still holds.
func (s *Sealer) Older() int { return len(s.older) }

// KeyID is a short name of the key; it opens nothing.
func (s *Sealer) KeyID() string { return s.id }

// String keeps the key itself out of logs.
func (s *Sealer) String() string { return "sealing key " + s.id }

// GoString keeps the key itself out of logs.
func (s *Sealer) GoString() string { return s.String() }

// Seal seals a value for its place.
func (s *Sealer) Seal(at Place, plain string) ([]byte, error) {
	aead, err := s.aead(at.Column)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	head := append([]byte{envelope}, s.keyBytes()...)
	return aead.Seal(append(head, nonce...), nonce, []byte(plain), at.bound(envelope)), nil
}

// bound is what a value is bound to, as authenticated data beside it. No part can run into the next: IDs and columns have no "|".
func (p Place) bound(kind byte) []byte {
	if kind == envelopeOld {
		return []byte(p.Column + "|" + p.Record)
	}
	return []byte(p.Column + "|" + p.Record + "|" + p.Office)
}

// Open opens a sealed value of a place, whichever of the keys sealed it.
func (s *Sealer) Open(at Place, sealed []byte) (string, error) {
	id := KeyOf(sealed)
	for _, o := range s.older {
		if id == o.id {
			return o.Open(at, sealed)
		}
	}
	aead, err := s.aead(at.Column)
	if err != nil {
		return "", err
	}
	n := 5 + aead.NonceSize()
	if len(sealed) < n || id != s.id {
		return "", ErrSeal
	}
	plain, err := aead.Open(nil, sealed[5:n], sealed[n:], at.bound(sealed[0]))
	if err != nil {
		return "", ErrSeal
	}
	return string(plain), nil
}

// Index is a keyed fingerprint to find a value by; equal values of one column have equal fingerprints.
func (s *Sealer) Index(column, plain string) string {
	s.mu.Lock()
	key, ok := s.index[column]
	if !ok {
		key = s.derive("index|" + column)
		s.index[column] = key
	}
	s.mu.Unlock()
	m := hmac.New(sha256.New, key)
	m.Write([]byte(plain))
	return hex.EncodeToString(m.Sum(nil)[:16])
}

func (s *Sealer) keyBytes() []byte {
	b, err := hex.DecodeString(s.id)
	if err != nil {
		panic("auth: key id is not hexadecimal: " + err.Error()) // made by NewSealer alone
	}
	return b
}

func (s *Sealer) aead(column string) (cipher.AEAD, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.aeads[column]; ok {
		return a, nil
	}
	block, err := aes.NewCipher(s.derive("seal|" + column))
	if err != nil {
		return nil, fmt.Errorf("make a cipher: %w", err)
	}
	a, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("make a cipher: %w", err)
	}
	s.aeads[column] = a
	return a, nil
}

func (s *Sealer) derive(what string) []byte {
	key, err := hkdf.Key(sha256.New, s.root, nil, "loa v1 "+what, 32)
	if err != nil {
		panic("auth: derive a key: " + err.Error()) // only a wrong length can fail
	}
	return key
}
