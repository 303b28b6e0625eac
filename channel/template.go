package channel

import "context"

// The states of a registered template.
const (
	TemplateApproved = "approved" // it may be sent
	TemplateWaiting  = "waiting"  // the provider has not decided
	TemplateRejected = "rejected"
	TemplateOff      = "off" // approved once, and taken out of use
)

// Template is a text registered with a provider that lets nothing else through to people who did not write first.
type Template struct {
	ID      string
	Name    string
	State   string // one of the above; empty: the provider said something else
	Preview string // address of a picture of it
	Fee     *int64 // đồng for one message; nil: the provider does not say
	Params  []TemplateParam
}

// TemplateParam is one blank of a template.
type TemplateParam struct {
	Name     string
	Required bool
	Least    int // characters
	Most     int // 0: not said
}

// Templater is an adapter that can tell which templates its account has registered.
type Templater interface {
	// TemplateList is all of them by name and state, the newest first.
	TemplateList(ctx context.Context) ([]Template, error)
	// TemplateInfo is one with its blanks, and its fee over a network.
	TemplateInfo(ctx context.Context, network, id string) (Template, error)
}
