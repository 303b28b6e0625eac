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
}

const envelope = 1

// LoadKey reads a key file: 64 hexadecimal digits.
func LoadKey(path string) (*Sealer, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNoKey, path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the sealing key: %w", err)
	}
	root, err := hex.DecodeString(strings.TrimSpace(string(raw)))
	if err != nil || len(root) != 32 {
		return nil, fmt.Errorf("%w: %s does not hold a key", ErrNoKey, path)
	}
	return NewSealer(root), nil
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

// NewSealer works with a 32-byte root key.
func NewSealer(root []byte) *Sealer {
	sum := sha256.Sum256(append([]byte("loa key id\n"), root...))
	return &Sealer{root: root, id: hex.EncodeToString(sum[:4]), aeads: map[string]cipher.AEAD{}, index: map[string][]byte{}}
}

// KeyID is a short name of the key; it opens nothing.
func (s *Sealer) KeyID() string { return s.id }

// String keeps the key itself out of logs.
func (s *Sealer) String() string { return "sealing key " + s.id }

// GoString keeps the key itself out of logs.
func (s *Sealer) GoString() string { return s.String() }

// Seal seals a value for one column of one record; moved elsewhere it does not open.
func (s *Sealer) Seal(column, recordID, plain string) ([]byte, error) {
	aead, err := s.aead(column)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	head := append([]byte{envelope}, s.keyBytes()...)
	return aead.Seal(append(head, nonce...), nonce, []byte(plain), []byte(column+"|"+recordID)), nil
}

// Open opens a sealed value.
func (s *Sealer) Open(column, recordID string, sealed []byte) (string, error) {
	aead, err := s.aead(column)
	if err != nil {
		return "", err
	}
	n := 5 + aead.NonceSize()
	if len(sealed) < n || sealed[0] != envelope || string(sealed[1:5]) != string(s.keyBytes()) {
		return "", ErrSeal
	}
	plain, err := aead.Open(nil, sealed[5:n], sealed[n:], []byte(column+"|"+recordID))
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
