package fake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Action is what goes wrong when a fault strikes.
type Action string

// The faults of a call.
const (
	ExpireToken   Action = "expire_token"   // the token dies just before this call
	Throttle      Action = "throttle"       // -32, code 160, HTTP 429: too many calls
	TimeoutBefore Action = "timeout_before" // no answer, and nothing was taken
	TimeoutAfter  Action = "timeout_after"  // no answer, though it was taken
	BrokenAnswer  Action = "broken_answer"  // taken, and the answer breaks off in its middle
	GarbledAnswer Action = "garbled_answer" // taken, and the answer is a page of HTML
	Slow          Action = "slow"           // answered after Wait of real time
	QuietHours    Action = "quiet_hours"    // -234, -133
	QuotaUsed     Action = "quota_used"     // -211, -223, -144
	BalanceUsed   Action = "balance_used"   // -321, -115, code 103
	UnknownCode   Action = "unknown_code"   // a code nobody has written down
	AnswerCode    Action = "answer_code"    // refused with Code and Text
	AnswerStatus  Action = "answer_status"  // refused with HTTP Status and a page of HTML
)

// The faults of a webhook.
const (
	DuplicateWebhook Action = "duplicate_webhook" // posted twice
	LateWebhook      Action = "late_webhook"      // posted Wait later, an hour when it says nothing
	DisorderWebhook  Action = "disorder_webhook"  // posted after those that came later
	LoseWebhook      Action = "lose_webhook"      // never posted
	WrongSignature   Action = "wrong_signature"   // signed by somebody else
)

func (a Action) ofWebhook() bool {
	return a == DuplicateWebhook || a == LateWebhook || a == DisorderWebhook || a == LoseWebhook || a == WrongSignature
}

func (a Action) known() bool {
	return slices.Contains(Actions(), a)
}

// Duration is a time.Duration that JSON writes as "30m".
type Duration time.Duration

// UnmarshalJSON reads "30m".
func (d *Duration) UnmarshalJSON(raw []byte) error {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	v, err := time.ParseDuration(s)
	*d = Duration(v)
	return err
}

// MarshalJSON writes "30m0s".
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(d).String()) }

// Fault is one rule of a script: which calls or webhooks it strikes, and what happens to them. A rule that says neither
// Nth nor Every nor Percent strikes every time.
type Fault struct {
	Script   string   `json:"script,omitempty"`   // the script it belongs to
	Provider string   `json:"provider,omitempty"` // empty for all
	Path     string   `json:"path,omitempty"`     // a part of the path, or of a webhook's event
	Nth      int      `json:"nth,omitempty"`      // the nth that matches, from 1
	Every    int      `json:"every,omitempty"`    // every nth that matches
	Percent  int      `json:"percent,omitempty"`  // by chance, the same for the same Seed
	Seed     uint64   `json:"seed,omitempty"`
	Times    int      `json:"times,omitempty"` // at most so often; 0 for no end
	Do       Action   `json:"do"`
	Code     string   `json:"code,omitempty"`
	Text     string   `json:"text,omitempty"`
	Status   int      `json:"status,omitempty"`
	Wait     Duration `json:"wait,omitempty"` // real time for calls, the world's for webhooks

	Matched int `json:"matched"` // how many it has looked at
	Struck  int `json:"struck"`
}

// strikes counts a match and says whether this is one to strike.
func (f *Fault) strikes() bool {
	f.Matched++
	if f.Times > 0 && f.Struck >= f.Times {
		return false
	}
	hit := true
	switch {
	case f.Nth > 0:
		hit = f.Matched == f.Nth
	case f.Every > 0:
		hit = f.Matched%f.Every == 0
	case f.Percent > 0:
		hit = int(mix(f.Seed+uint64(f.Matched))%100) < f.Percent
	}
	if hit {
		f.Struck++
	}
	return hit
}

// mix scatters a number over all 64 bits, the same way every time (splitmix64).
func mix(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// Faults is the script of a world: the rules in force, the first that strikes decides.
type Faults struct {
	mu    sync.Mutex
	rules []*Fault
}

// Add puts rules at the end of the script.
func (s *Faults) Add(rules ...Fault) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range rules {
		if !f.Do.known() {
			return fmt.Errorf("unknown fault %q", f.Do)
		}
	}
	for _, f := range rules {
		s.rules = append(s.rules, &f)
	}
	return nil
}

// Clear takes every rule away.
func (s *Faults) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = nil
}

// drop takes the rules of a script away.
func (s *Faults) drop(script string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = slices.DeleteFunc(s.rules, func(f *Fault) bool { return f.Script == script })
}

// List returns the rules with what they have counted.
func (s *Faults) List() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []Fault{}
	for _, f := range s.rules {
		list = append(list, *f)
	}
	return list
}

// of finds the rule that strikes a call or a webhook; its Do is empty where none does. Every rule that matches counts, so
// that "the third" of one rule does not hang on another.
func (s *Faults) of(provider, path string, webhook bool) Fault {
	return s.find(provider, path, webhook, true)
}

// named is of for one step of a talk of many: a rule without a path is about the step for which whole is set, and no other.
func (s *Faults) named(provider, path string, whole bool) Fault {
	return s.find(provider, path, false, whole)
}

func (s *Faults) find(provider, path string, webhook, whole bool) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	var struck Fault
	for _, f := range s.rules {
		if f.Path == "" && !whole {
			continue
		}
		if f.Do.ofWebhook() != webhook || f.Provider != "" && f.Provider != provider || !strings.Contains(path, f.Path) {
			continue
		}
		if struck.Do == "" && f.strikes() {
			struck = *f
		} else if struck.Do != "" {
			f.Matched++
		}
	}
	return struck
}

// Actions are all that can go wrong.
func Actions() []Action {
	return []Action{ExpireToken, Throttle, TimeoutBefore, TimeoutAfter, BrokenAnswer, GarbledAnswer, Slow, QuietHours, QuotaUsed, BalanceUsed, UnknownCode, AnswerCode, AnswerStatus, DuplicateWebhook, LateWebhook, DisorderWebhook, LoseWebhook, WrongSignature}
}

// Providers are the names of all providers in the ledger and in faults.
func Providers() []string {
	return []string{zaloOAuthName, zaloOAName, zaloBusinessName, facebookName, esmsName, speedSMSName, vnptName, viettelName, smppName, mailName, pushName}
}
