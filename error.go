package loa

import "errors"

// Kind sorts refusals by what a person can do about them.
type Kind string

// The kinds of refusal.
const (
	Invalid  Kind = "invalid"   // what was entered cannot be right
	Denied   Kind = "denied"    // this officer may not
	NotFound Kind = "not_found" // not there, or outside the officer's scope: the same answer on purpose
	Conflict Kind = "conflict"  // somebody else changed it meanwhile, or its state forbids it
	TooMuch  Kind = "too_much"  // a limit was reached
)

// Error is a refusal for people: a code that web translates, never prose.
type Error struct {
	Kind  Kind
	Field string // the field it is about, empty for the whole form
	Code  string // a key under error. in the catalogues
	Args  []any  // numbers and names for the sentence
}

func (e *Error) Error() string {
	if e.Field != "" {
		return string(e.Kind) + " " + e.Field + ": " + e.Code
	}
	return string(e.Kind) + ": " + e.Code
}

// Refuse makes a refusal.
func Refuse(k Kind, field, code string, args ...any) error {
	return &Error{Kind: k, Field: field, Code: code, Args: args}
}

// KindOf is the kind of a refusal anywhere in err's chain, or empty.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// ErrNotFound is the plain "not there" of a store read.
var ErrNotFound = Refuse(NotFound, "", "not_found")
