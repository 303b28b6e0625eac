package fake

import (
	"encoding/json"
	"io"
	"slices"
	"sync"
	"time"
)

// Outcome is what became of a call as the provider knows it, whatever its caller was told.
type Outcome string

// The outcomes of a call.
const (
	Taken   Outcome = "taken"   // a message the provider will deliver, or a thing it has made
	Refused Outcome = "refused" // answered with an error
	Read    Outcome = "read"    // a question, which changes nothing
	Lost    Outcome = "lost"    // never reached the provider
	Posted  Outcome = "posted"  // a webhook of ours
	Said    Outcome = "said"    // what somebody on the other side did; To is who
)

// Entry is one call that came, or one webhook that went out.
type Entry struct {
	Seq        int64     `json:"seq"`
	Provider   string    `json:"provider"`
	At         time.Time `json:"at"`
	Method     string    `json:"method"`
	Path       string    `json:"path"`
	Kind       string    `json:"kind,omitempty"`
	ID         string    `json:"id,omitempty"`  // the provider's own
	Ref        string    `json:"ref,omitempty"` // the caller's: tracking_id, RequestId, REQID, RequestID
	To         string    `json:"to,omitempty"`
	Text       string    `json:"text,omitempty"`
	Parts      int       `json:"parts,omitempty"`
	Cost       int64     `json:"cost,omitempty"` // in dong
	Outcome    Outcome   `json:"outcome"`
	Code       string    `json:"code,omitempty"`
	Status     int       `json:"status,omitempty"`
	Fault      Action    `json:"fault,omitempty"`
	Unanswered bool      `json:"unanswered,omitempty"` // the caller never learnt the outcome
}

// Ledger is everything that came, in the order it came: what a test believes instead of a driver.
type Ledger struct {
	mu      sync.Mutex
	entries []Entry
}

func (l *Ledger) add(e Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.Seq = int64(len(l.entries)) + 1
	l.entries = append(l.entries, e)
}

// Query chooses entries; what is empty chooses all.
type Query struct {
	Provider, Kind, To, Ref, ID string
	Outcome                     Outcome
	After                       int64 // entries with a greater Seq alone
}

func (q Query) chooses(e *Entry) bool {
	same := func(want, is string) bool { return want == "" || want == is }
	return same(q.Provider, e.Provider) && same(q.Kind, e.Kind) && same(q.To, e.To) && same(q.Ref, e.Ref) && same(q.ID, e.ID) &&
		same(string(q.Outcome), string(e.Outcome)) && e.Seq > q.After
}

// Find returns the entries a query chooses, in the order they came.
func (l *Ledger) Find(q Query) []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	found := []Entry{}
	for i := range l.entries {
		if q.chooses(&l.entries[i]) {
			found = append(found, l.entries[i])
		}
	}
	return found
}

// Repeats lists the messages of a kind that were taken more than once for the same caller's reference and address, which a
// sender must never let happen where the provider can tell.
func (l *Ledger) Repeats(q Query) []Entry {
	q.Outcome = Taken
	type key struct{ provider, ref, to string }
	seen, repeats := map[key]bool{}, []Entry{}
	for _, e := range l.Find(q) {
		k := key{e.Provider, e.Ref, e.To}
		if e.Ref != "" && seen[k] {
			repeats = append(repeats, e)
		}
		seen[k] = true
	}
	return repeats
}

// Twice lists the messages that were taken more than once with the same words for the same address, whatever reference they bore: what
// somebody notices who gets them.
func (l *Ledger) Twice(q Query) []Entry {
	q.Outcome = Taken
	type key struct{ provider, to, text string }
	seen, twice := map[key]bool{}, []Entry{}
	for _, e := range l.Find(q) {
		k := key{e.Provider, e.To, e.Text}
		if seen[k] {
			twice = append(twice, e)
		}
		seen[k] = true
	}
	return twice
}

// Quiet lists the messages taken outside the hours from open until closed, in the providers' own zone.
func (l *Ledger) Quiet(q Query, open, closed int) []Entry {
	q.Outcome = Taken
	return slices.DeleteFunc(l.Find(q), func(e Entry) bool { return openAt(e.At, open, closed) })
}

// WriteJSON writes the entries a query chooses as one JSON array.
func (l *Ledger) WriteJSON(w io.Writer, q Query) error {
	return json.NewEncoder(w).Encode(l.Find(q))
}
