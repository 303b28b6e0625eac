package loa

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Audit is one entry of an office's log: who did what to which record. Each entry carries the hash of the one before.
type Audit struct {
	Office  OfficeID
	No      int64
	At      time.Time
	Officer OfficerID
	Act     string // changed created revealed exported printed opened signed_in …
	Noun    string
	NounID  string
	Detail  string // codes and field names, never the personal data itself
	Prev    string
	Hash    string
}

// Seal fills the entry's hash from its content and the hash before it.
func (a *Audit) Seal(prev string) {
	a.Prev = prev
	a.Hash = a.hash()
}

func (a Audit) hash() string {
	line, err := json.Marshal([]any{a.Office, a.No, a.At.UnixMilli(), a.Officer, a.Act, a.Noun, a.NounID, a.Detail})
	if err != nil {
		panic("loa: an audit entry that cannot be written: " + err.Error()) // strings and numbers only: a fault of ours
	}
	sum := sha256.Sum256(append([]byte(a.Prev+"\n"), line...))
	return hex.EncodeToString(sum[:])
}

// Broken says whether the entry does not follow from the one before.
func (a Audit) Broken(prev string, no int64) bool {
	return a.Prev != prev || a.No != no || a.Hash != a.hash()
}
