package channel

import "time"

// EventKind says what a provider tells.
type EventKind string

// What providers tell.
const (
	EventTaken     EventKind = "taken"     // the provider has the message after all
	EventDelivered EventKind = "delivered" // it reached the device
	EventSeen      EventKind = "seen"      // it was opened
	EventPlayed    EventKind = "played"    // a loudspeaker played it to the end
	EventFailed    EventKind = "failed"    // it will not arrive
	EventReply     EventKind = "reply"     // a person wrote to us
	EventComment   EventKind = "comment"   // a person wrote under a post
	EventRemoved   EventKind = "removed"   // a comment or message was taken back by its writer
	EventFollow    EventKind = "follow"
	EventUnfollow  EventKind = "unfollow"
	EventOptOut    EventKind = "opt_out"  // a one-click refusal or a complaint
	EventErase     EventKind = "erase"    // the provider passes on a demand to delete a person's data
	EventContact   EventKind = "contact"  // a person gave their own name and number
	EventClick     EventKind = "click"    // of a button of ours
	EventRating    EventKind = "rating"   // stars of one to five in Text
	EventTemplate  EventKind = "template" // a registered template changed its state: Ref the template, Text the state
	EventQuota     EventKind = "quota"    // Amount is what the account may send a day
	EventDevice    EventKind = "device"   // a loudspeaker's own state: Text online or offline
	EventEcho      EventKind = "echo"     // our own message, told back
)

// Event is one thing a provider tells. The engine applies each once, whenever and however often it comes.
type Event struct {
	Kind    EventKind `json:"kind"`
	Key     string    `json:"key"`               // the same for every time the provider tells it
	Ref     string    `json:"ref,omitempty"`     // the provider's reference of the message it is about
	Also    []string  `json:"also,omitempty"`    // other spellings of Ref, where the provider writes one number in two ways
	Message string    `json:"message,omitempty"` // our own ID of it, when the provider gives that back
	Network string    `json:"network,omitempty"`
	From    string    `json:"from,omitempty"`   // whose address, within the network
	Thread  string    `json:"thread,omitempty"` // the post or comment it stands under
	Name    string    `json:"name,omitempty"`
	Phone   string    `json:"phone,omitempty"`
	Text    string    `json:"text,omitempty"`
	Report  string    `json:"report,omitempty"` // of a device: all it told of itself, as JSON
	Media   []Media   `json:"media,omitempty"`
	Code    string    `json:"code,omitempty"` // why it failed, in the provider's code
	Cause   Kind      `json:"cause,omitempty"`
	Cost    int64     `json:"cost,omitempty"` // đồng
	Amount  int64     `json:"amount,omitempty"`
	Millis  int64     `json:"millis,omitempty"` // played
	At      time.Time `json:"at,omitzero"`
}

// Answer is what a call of a provider brought, and what it wants to hear.
type Answer struct {
	Events []Event
	Status int    // 0: 200
	Body   string // such as the challenge of a first call
	Type   string // of the body; empty: text/plain
}
