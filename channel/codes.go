package channel

import (
	"fmt"
	"strings"
	"unicode"
)

// Verdict is what a provider's code means to the engine.
type Verdict struct {
	Kind  Kind
	About About
}

// The verdicts that most codes come down to.
var (
	NeedsHelp  = Verdict{Misconfigured, Account}
	Later      = Verdict{Throttled, Account}
	BadAddress = Verdict{Rejected, Address}
	BadContent = Verdict{Rejected, Content}
	Unwanted   = Verdict{OptedOut, Address}
	MayBeThere = Verdict{Unsure, ""}
)

// Codes are what the codes of a provider mean.
type Codes map[string]Verdict

// verdictWords are how an office writes a verdict into a setting.
var verdictWords = map[string]Verdict{"account": NeedsHelp, "later": Later, "address": BadAddress, "content": BadContent, "refused": Unwanted, "unsure": MayBeThere}

// ReadCodes reads what an office learned from its contract about its provider's codes, such as "31=content 0x401=later". Providers keep
// these lists to themselves, so they are a setting.
func ReadCodes(s string) (Codes, error) {
	codes := Codes{}
	for _, entry := range strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' }) {
		code, word, ok := strings.Cut(entry, "=")
		v, known := verdictWords[word]
		if !ok || code == "" || !known {
			return nil, fmt.Errorf("read the meaning of code %q", entry)
		}
		codes[code] = v
	}
	return codes, nil
}

// Fail is the failure a code stands for. A code nobody told about fails this address alone and is shown: it is not tried again.
func (c Codes) Fail(code, text string) error {
	v, ok := c[code]
	if !ok {
		v = BadAddress
	}
	return Fail(v.Kind, v.About, code, text)
}

// With is these codes and others, which count before these.
func (c Codes) With(more Codes) Codes {
	out := make(Codes, len(c)+len(more))
	for k, v := range c {
		out[k] = v
	}
	for k, v := range more {
		out[k] = v
	}
	return out
}
