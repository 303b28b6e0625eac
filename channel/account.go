package channel

import (
	"context"
	"net/url"
	"slices"
	"time"
)

// Consenter is an adapter whose account a person at the provider must allow the program to act for.
type Consenter interface {
	// BeginConsent is the provider's page on which the person allows it, and the secret half to keep until they come back.
	BeginConsent(redirect, state string) (link, secret string)
	// Consent takes in what came back with them.
	Consent(ctx context.Context, back url.Values, secret string) error
	// Consented is how the consent stands.
	Consented() Consent
}

// Consent is how the leave to act for an account stands.
type Consent struct {
	Given  bool      // there is one
	Lost   bool      // it works no more: a person must give it again
	Until  time.Time // what is in hand works until then
	Renews time.Time // and is renewed by itself from then on
}

// Subscriber is an adapter that must ask its provider once to call back.
type Subscriber interface {
	Subscribe(ctx context.Context) error
}

// Registrar is an adapter that can list the texts that are registered with its provider.
type Registrar interface {
	Registered(ctx context.Context, offset int) ([]Registered, error)
}

// Registered is one text registered with a provider.
type Registered struct {
	ID      string
	Name    string
	Status  string // the provider's own word
	Usable  bool
	Quality string
	Preview string // address of a picture of it
	Fee     *int64 // đồng for one, by the network that is told first
	Blanks  []string
}

// Signpost is an adapter that knows which records the office should set in its own domain, so that others believe where its messages come
// from.
type Signpost interface {
	Records() []Record
}

// Record is one line of a domain's records.
type Record struct {
	What  string // spf, dkim, dmarc: names its explanation, channel.record.<what>
	Name  string
	Type  string
	Value string
}

// Keys are the codes themselves, in order.
func (c Codes) Keys() []string {
	out := make([]string, 0, len(c))
	for k := range c {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
