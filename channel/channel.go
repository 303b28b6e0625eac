// Package channel is the contract between Loa's one sending engine and the networks it speaks to. An adapter knows a provider's
// protocol and nothing else: no store, no people, no consent, no quiet hours, no pace and no second try.
package channel

import (
	"context"
	"io"
	"net/http"
	"time"
)

// Driver is one kind of network account. It is a plain value: cmd/loa lists those it ships, the settings page draws its form from
// Fields, and Open turns the saved answers into an adapter.
type Driver struct {
	Kind       string                                     // names the settings, the glossary word and the address of its callbacks: "zalo"
	Networks   []string                                   // the networks whose addresses it can carry: "tel"
	Limit      int                                        // longest text in characters; 0: none
	Fields     []Field                                    // what an office fills in, in the order of the form
	Repeatable time.Duration                              // for how long the provider drops a second message with the same ID; 0: it drops none
	SameDay    bool                                       // it drops them within one calendar day only, so that none is dropped after midnight
	Rate       Rate                                       // how fast it takes messages when the account's settings say nothing
	Codes      []string                                   // what its failures may say; the sentences are channel.error.<kind>.<code> in the catalogues, or channel.error.<code> where several networks say the same
	Warnings   []string                                   // what its health may warn of: channel.warning.<code>
	Term       func(s Settings) time.Duration             // how long an account answers after somebody's newest words; nil: its networks set no term
	Open       func(s Settings, t Tools) (Adapter, error) // makes an adapter; asks nothing of the network
}

// Rate is how many messages an account takes in a time.
type Rate struct {
	Messages int
	Per      time.Duration
}

// Field is one setting of an account.
type Field struct {
	Key      string // names it in the settings and in the catalogues: channel.field.<key>
	Required bool
	Secret   bool     // sealed in the store and never shown again
	Kept     bool     // written by the program, such as a token that rotates: no form asks for it
	Default  string   // a safe one, where the provider's own is not confirmed
	Options  []string // the words it may be; none: any text
	Long     bool     // several lines
	Rare     bool     // seldom needed: a form keeps it folded
	Made     bool     // the office makes it up and tells it the provider: the program offers one
	Unsure   bool     // the provider has not confirmed what it wants here: the default is the one that does the least harm
}

// Settings are the answers of one account, by the keys of its driver's fields.
type Settings map[string]string

// Or is a setting, or what stands in for one that is empty.
func (s Settings) Or(key, otherwise string) string {
	if v := s[key]; v != "" {
		return v
	}
	return otherwise
}

// Adapter carries messages for one account. It is used by many at once.
type Adapter interface {
	// Send hands one message to the provider. Its error is, or wraps, an *Error; any other is taken as Unsure.
	Send(ctx context.Context, m Message) (Receipt, error)
}

// Receiver is an adapter whose provider calls back.
type Receiver interface {
	// Receive reads one call of the provider. Its error, wrapping ErrForged or ErrGarbled, says why the call is not believed.
	Receive(r *http.Request) (Answer, error)
}

// Runner is an adapter that holds a connection or a broker open; it returns when ctx ends.
type Runner interface {
	Run(ctx context.Context, events func(context.Context, []Event) error) error
}

// Checker is an adapter that can tell how its account stands.
type Checker interface {
	Check(ctx context.Context) (Health, error)
}

// Inquirer is an adapter that can ask what became of a message: that is how what is unsure is settled.
type Inquirer interface {
	// Inquire answers with the events of the message; none when the provider does not know it yet. ErrNotKnown says that it never came.
	Inquire(ctx context.Context, m Message, ref string) ([]Event, error)
}

// Verifier is an adapter that can tell before sending whether a message fits what is registered with the provider, such as a template.
type Verifier interface {
	Verify(ctx context.Context, m Message) error
}

// Tools are what an adapter may borrow.
type Tools struct {
	Account string       // names the account, for what belongs to it alone
	HTTP    *http.Client // reaches providers only; see Client
	Now     func() time.Time
	Renew   func(ctx context.Context, fn func(latest Settings) (Settings, error)) (Settings, error) // one caller at a time over all processes: hands over the latest settings and saves what comes back before anyone uses it
	Media   func(ctx context.Context, id string) (io.ReadCloser, error)                             // the bytes behind Media.ID
	Hook    string                                                                                  // the public address of the account's callbacks; empty where there is none
}

// Message is one message to one address. Its ID never changes between tries.
type Message struct {
	ID          string            `json:"id"`             // 32 hexadecimal digits
	Network     string            `json:"network"`        // "tel", "zalo", "mail", …
	To          string            `json:"to"`             // the path within the network: "84912345678", a follower's ID, "ward-12/gate"
	Lang        string            `json:"lang,omitempty"` // of the text
	Purpose     string            `json:"purpose,omitempty"`
	Title       string            `json:"title,omitempty"` // subject of an e-mail, title of an article or announcement
	Text        string            `json:"text,omitempty"`
	HTML        string            `json:"html,omitempty"`
	Author      string            `json:"author,omitempty"`
	Template    string            `json:"template,omitempty"` // the provider's number of a registered template
	Params      map[string]string `json:"params,omitempty"`
	Link        string            `json:"link,omitempty"` // the tracked short link: also how an unsure post is found again
	Media       []Media           `json:"media,omitempty"`
	ReplyTo     string            `json:"reply_to,omitempty"`    // the provider's reference of what this answers
	Unsubscribe string            `json:"unsubscribe,omitempty"` // address of the one-click refusal
	Priority    string            `json:"priority,omitempty"`    // of an announcement: normal, priority, emergency
	NotBefore   time.Time         `json:"not_before,omitzero"`
	Expires     time.Time         `json:"expires,omitzero"`
	Repeat      int               `json:"repeat,omitempty"`
	Volume      int               `json:"volume,omitempty"` // 0 to 100; 0: as the device is set
	Resume      string            `json:"resume,omitempty"` // where the last try left off, in the adapter's own words
}

// Media is a picture, a recording or a file that goes with a message.
type Media struct {
	ID      string `json:"id"`
	Name    string `json:"name,omitempty"`
	MIME    string `json:"mime"`
	URL     string `json:"url,omitempty"` // where the provider may fetch it; empty when it must be uploaded
	SHA256  string `json:"sha256,omitempty"`
	Bytes   int64  `json:"bytes,omitempty"`
	Millis  int64  `json:"millis,omitempty"` // how long a recording is
	Caption string `json:"caption,omitempty"`
}

// Receipt is what a provider said when it took a message.
type Receipt struct {
	Ref       string        `json:"ref,omitempty"`       // the provider's own reference
	Resume    string        `json:"resume,omitempty"`    // set when the sending goes on later: nothing has been delivered yet
	After     time.Duration `json:"after,omitempty"`     // how long to wait before going on
	Cost      int64         `json:"cost,omitempty"`      // đồng, when the provider said so
	Parts     int           `json:"parts,omitempty"`     // of an SMS
	Delivered bool          `json:"delivered,omitempty"` // nobody will tell later: taking it is delivering it
	Remain    *int64        `json:"remain,omitempty"`    // what the account may still send today, when the provider said so
}

// Health is how an account stands, in figures; the sentences are made elsewhere.
type Health struct {
	Name    string    `json:"name,omitempty"`    // what the provider calls the account
	Balance *int64    `json:"balance,omitempty"` // đồng
	Remain  *int64    `json:"remain,omitempty"`  // messages left today
	Quota   *int64    `json:"quota,omitempty"`   // messages a day
	Quality string    `json:"quality,omitempty"` // the provider's own word
	Until   time.Time `json:"until,omitzero"`    // when the account or its package runs out
	Warning string    `json:"warning,omitempty"` // a code under channel.warning.
}
