package loa

import (
	"slices"
	"time"
)

// DeliveryState is what is known of one message to one person or place.
type DeliveryState string

// The states of a delivery. Those above Sent have nothing with a provider; unsure ones may have.
const (
	DeliveryQueued    DeliveryState = "queued"    // waits, or is on its way under a claim
	DeliveryUnsure    DeliveryState = "unsure"    // it may have arrived: only a receipt, an inquiry or a person settles it
	DeliverySent      DeliveryState = "sent"      // the provider has it
	DeliveryDelivered DeliveryState = "delivered" // it reached the person's device, or was played
	DeliverySeen      DeliveryState = "seen"
	DeliveryFailed    DeliveryState = "failed"  // this address will not be reached by this channel
	DeliveryRefused   DeliveryState = "refused" // the person wants none of it
	DeliveryHeld      DeliveryState = "held"    // the gate let it not through, and will not later
	DeliveryStopped   DeliveryState = "stopped" // the broadcast ended first
	DeliveryByHand    DeliveryState = "by_hand" // on a list for people to work off
)

// Delivery is one message to one person or place over one rung of a broadcast's ladder.
type Delivery struct {
	ID        DeliveryID
	Office    OfficeID
	Area      AreaID
	Broadcast BroadcastID
	Person    PersonID // empty for a place
	Place     PlaceID  // a loudspeaker's station or a page
	Rung      int
	Channel   ChannelID
	Network   string
	To        string // the address, as it stood when it was queued
	Lang      string
	State     DeliveryState
	Tries     int
	Ref       string // the provider's
	Resume    string
	Cost      int64 // đồng
	Parts     int
	Consent   FactID // what allowed it, where something was needed
	Code      string // of the last failure, or why the gate held it
	NotBefore time.Time
	Wait      int       // hours without a receipt after which the next rung is tried; 0: only after a failure
	FirstAt   time.Time // of the first try: from then on a provider's memory of our ID runs
	SentAt    time.Time
	DoneAt    time.Time
	Untried   bool // claimed and given back unsent: it takes nothing of the account's quota
	BadNumber bool // the network says so of the address itself; kept with the address, not here
}

// Open says that more may come of a delivery by itself.
func (d Delivery) Open() bool {
	switch d.State {
	case DeliveryQueued:
		return true
	}
	return false
}

// Claim asks for messages of one account to send now.
type Claim struct {
	Channel ChannelID
	By      string // the process
	Now     time.Time
	Lease   time.Duration
	Most    int
	// Repeatable says that the provider drops what it had: what a lost process had claimed is sent again. Of the rest nobody knows.
	Repeatable bool
}

// ClaimID names a group of messages a process has taken to send.
type ClaimID string

// Claimed are messages to send, all to be settled together, and when to come back for more. Tries counts the try that follows, and FirstAt
// is zero where nothing can have arrived yet.
type Claimed struct {
	ID         ClaimID
	Deliveries []Delivery
	Again      time.Time // the pace or the day's quota lets nothing through before; zero: as soon as there is something
}

// rank orders what receipts tell, which come in any order: a later word never undoes a stronger one.
var rank = map[DeliveryState]int{DeliveryQueued: 0, DeliveryUnsure: 1, DeliveryHeld: 1, DeliveryByHand: 1, DeliveryStopped: 1, DeliverySent: 2, DeliveryFailed: 3, DeliveryDelivered: 4, DeliverySeen: 5, DeliveryRefused: 6}

// Weaker are the states that a word of a receipt overrides.
func Weaker(to DeliveryState) (out []DeliveryState) {
	for state, r := range rank {
		if r < rank[to] {
			out = append(out, state)
		}
	}
	slices.Sort(out)
	return out
}

// Heard is what a provider told of a delivery, or from somebody: once, whenever it comes.
type Heard struct {
	Channel  ChannelID
	Key      string   // the same for every time it is told
	Kind     string   // in the words of package channel
	Ref      string   // the provider's reference of the message
	Also     []string // other spellings of it
	Delivery DeliveryID
	State    DeliveryState // what it makes of the delivery; empty when it is about something else
	Code     string
	Cost     int64
	Body     string // the whole of it, for whoever works it off
	At       time.Time
}

// Hears takes in what a receipt says and tells whether anything changed. The same word twice, and a weaker word after a stronger one,
// change nothing, so that receipts may come in any order, twice or never.
func (d *Delivery) Hears(to DeliveryState, at time.Time) bool {
	if rank[to] <= rank[d.State] {
		return false
	}
	d.State = to
	switch to {
	case DeliverySent:
		d.SentAt = at
	case DeliveryDelivered, DeliverySeen, DeliveryFailed, DeliveryRefused:
		d.DoneAt = at
	}
	return true
}
