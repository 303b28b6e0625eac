package speech

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Engine makes a voice of a text that is written out as it is said. What comes of it is a draft until somebody listened to it.
type Engine interface {
	// Name is the engine's name in settings.
	Name() string
	// Version tells one state of the engine from another, because the same text sounds different afterwards.
	Version(ctx context.Context) string
	// Synthesize says a text with one of the engine's voices ("" its first) at a rate (0 the outdoor one) and gives a WAV file.
	Synthesize(ctx context.Context, text, voice string, rate int) (wav []byte, err error)
}

// Kind is why no voice came of a text.
type Kind string

// The kinds, and what each asks for.
const (
	Missing       Kind = "missing"       // the program is not on this machine: a person's recording, or another engine
	Misconfigured Kind = "misconfigured" // key, model or voice: an operator
	Private       Kind = "private"       // the text was not declared to be public and may not leave the house
	Unfit         Kind = "unfit"         // this text or sound will never do: empty, too long, refused
	Later         Kind = "later"         // nothing is wrong with it: try again
	Broken        Kind = "broken"        // the program failed or gave nonsense
)

// Error is a failure to make or handle sound.
type Error struct {
	Kind Kind
	By   string // the program or provider
	Code string // its own code
	Text string // its own words
	Err  error
}

func (e *Error) Error() string {
	s := e.By + ": " + string(e.Kind)
	for _, part := range []string{e.Code, e.Text} {
		if part != "" {
			s += ": " + part
		}
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf is why something failed; Broken when it does not say.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Broken
}

// Longest is the longest text, in characters, that is said at once: about ten minutes outdoors.
const Longest = 8_000

// checkText refuses what no engine says.
func checkText(by, text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return &Error{Kind: Unfit, By: by, Code: "empty"}
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return &Error{Kind: Unfit, By: by, Code: "not_text"}
	case utf8.RuneCountInString(text) > Longest:
		return &Error{Kind: Unfit, By: by, Code: "too_long"}
	}
	return nil
}

// checkVoice refuses what is no name of a voice, so that it is never taken for an option of a program.
func checkVoice(by, voice string) error {
	for i, r := range voice {
		if r > 0x7f || !isDigit(byte(r)) && !isLetter(r) && (i == 0 || !strings.ContainsRune("-_.", r)) {
			return &Error{Kind: Misconfigured, By: by, Code: "voice"}
		}
	}
	if len(voice) > 64 {
		return &Error{Kind: Misconfigured, By: by, Code: "voice"}
	}
	return nil
}

// CacheKey is the same for what sounds the same, so that it is made once.
func CacheKey(engine, version, text, voice string, rate int) string {
	h := sha256.New()
	for _, part := range []string{engine, version, voice, strconv.Itoa(Rate(rate)), text} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

type publicKey struct{}

// Public declares that what is said under this context is a public announcement with nobody's personal data in it. Without it no text
// goes to a voice outside the house.
func Public(ctx context.Context) context.Context {
	return context.WithValue(ctx, publicKey{}, true)
}

func mayLeave(ctx context.Context) bool {
	ok, _ := ctx.Value(publicKey{}).(bool)
	return ok
}
