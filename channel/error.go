package channel

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Kind is one of the six ways in which sending fails.
type Kind string

// The six, and what each asks for.
const (
	Misconfigured Kind = "misconfigured" // the account needs a person: nothing more goes out through it
	Unreachable   Kind = "unreachable"   // the message never left: try again later
	Unsure        Kind = "unsure"        // it may have arrived: never try again without knowing
	Throttled     Kind = "throttled"     // too fast, or not at this hour: later
	Rejected      Kind = "rejected"      // this address or this text will never be taken
	OptedOut      Kind = "opted_out"     // the person wants none of it
)

// About says what a refusal is about, so that the engine knows how far it reaches.
type About string

// What a refusal may be about.
const (
	Address About = "address" // this recipient; the next channel of the ladder may reach them
	Content About = "content" // this text or template: no other recipient will get it either
	Account About = "account" // the account: nothing of anybody goes out
)

// Error is a failure to send.
type Error struct {
	Kind  Kind
	About About
	Code  string        // the provider's own code, for the health line and for support
	Text  string        // the provider's own words
	After time.Duration // Throttled: how long to wait, when the provider said so
	At    time.Time     // Throttled: the earliest moment, when the provider has hours
	Err   error         // what lies beneath
}

func (e *Error) Error() string {
	s := string(e.Kind)
	if e.Code != "" {
		s += " " + e.Code
	}
	if e.Text != "" {
		s += ": " + e.Text
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Fail makes a failure with the provider's code and words.
func Fail(k Kind, about About, code, text string) error {
	return &Error{Kind: k, About: about, Code: code, Text: text}
}

// Lost is the failure of a call that got no answer. Unless it is certain that nothing left, it is Unsure.
func Lost(err error) error {
	if neverLeft(err) {
		return &Error{Kind: Unreachable, About: Account, Err: err}
	}
	return &Error{Kind: Unsure, Err: err}
}

// StatusError is the failure behind an HTTP status whose body says nothing of its own; nil for 2xx.
func StatusError(res *http.Response, now time.Time) error {
	switch code := res.StatusCode; {
	case code < 300:
		return nil
	case code == http.StatusUnauthorized, code == http.StatusForbidden, code == http.StatusPaymentRequired:
		return &Error{Kind: Misconfigured, About: Account, Code: strconv.Itoa(code)}
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
		return &Error{Kind: Throttled, About: Account, Code: strconv.Itoa(code), After: RetryAfter(res, now)}
	case code >= 500: // a gateway may answer so after the provider took the message
		return &Error{Kind: Unsure, Code: strconv.Itoa(code)}
	case code >= 400:
		return &Error{Kind: Rejected, About: Content, Code: strconv.Itoa(code)}
	default: // a redirect is never followed
		return &Error{Kind: Misconfigured, About: Account, Code: strconv.Itoa(code)}
	}
}

// RetryAfter reads how long a provider wants us to wait, in seconds or as a date; 0 when it does not say.
func RetryAfter(res *http.Response, now time.Time) time.Duration {
	v := res.Header.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil && n > 0 {
		return time.Duration(min(n, 24*3600)) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return min(max(0, at.Sub(now)), 24*time.Hour)
	}
	return 0
}

// Outcome is what the engine writes into the ledger after a try.
type Outcome string

// The outcomes of a try.
const (
	Sent    Outcome = "sent"    // the provider has it
	Arrived Outcome = "arrived" // and says so of the person
	Going   Outcome = "going"   // a sending of many steps goes on
	Retry   Outcome = "retry"   // once more, later
	Waiting Outcome = "unsure"  // for a receipt, an inquiry or a person
	Failed  Outcome = "failed"  // this channel will not reach this address
	Refused Outcome = "refused" // and nobody is to try again
	Halted  Outcome = "halted"  // back into the queue: the account stands still
)

// OutcomeOf decides what became of a try. It is the only place that does. Repeatable says whether the provider drops a second message
// with the same ID, counted from the first try.
func OutcomeOf(r Receipt, err error, repeatable bool) (Outcome, *Error) {
	if err == nil {
		switch {
		case r.Resume != "":
			return Going, nil
		case r.Delivered:
			return Arrived, nil
		}
		return Sent, nil
	}
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Kind: Unsure, Err: err}
	}
	switch e.Kind {
	case Misconfigured:
		return Halted, e
	case Unreachable, Throttled:
		return Retry, e
	case Rejected:
		return Failed, e
	case OptedOut:
		return Refused, e
	}
	if repeatable {
		return Retry, e
	}
	return Waiting, e
}

// Why a call of a provider is not believed.
var (
	ErrForged   = errors.New("not signed by the provider")
	ErrGarbled  = errors.New("not what the provider sends")
	ErrNotKnown = errors.New("the provider never had it")
)

// Garble says what of a call could not be read.
func Garble(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrGarbled, fmt.Sprintf(format, args...))
}
