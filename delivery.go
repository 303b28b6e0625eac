package loa

import "time"

// DeliveryState is what is known of one message to one person or place.
type DeliveryState string

// The states of a delivery. Those above Sent have nothing with a provider; unsure ones may have.
const (
	DeliveryQueued    DeliveryState = "queued"
	DeliveryClaimed   DeliveryState = "claimed"   // a process has it, until its lease ends
	DeliverySending   DeliveryState = "sending"   // written before the call of a driver that drops repeats: safe to try again
	DeliveryUnsure    DeliveryState = "unsure"    // written before the call of any other: only a receipt, an inquiry or a person settles it
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
	Place     AreaID   // of a loudspeaker or a page
	Rung      int
	Channel   ChannelID
	Network   string
	To        string // the address, as it stood when it was queued
	Lang      string
	State     DeliveryState
	Tries     int
	Ref       string // the provider's
	Resume    string
	Cost      int64  // đồng
	Parts     int
	Consent   FactID // what allowed it, where something was needed
	Code      string // of the last failure, or why the gate held it
	NotBefore time.Time
	Lease     time.Time
	FirstAt   time.Time // of the first try: from then on a provider's memory of our ID runs
	SentAt    time.Time
	DoneAt    time.Time
}

// Open says that more may come of a delivery by itself.
func (d Delivery) Open() bool {
	switch d.State {
	case DeliveryQueued, DeliveryClaimed, DeliverySending:
		return true
	}
	return false
}

// rank orders what receipts tell, which come in any order: a later word never undoes a stronger one.
var rank = map[DeliveryState]int{DeliveryQueued: 0, DeliveryClaimed: 0, DeliverySending: 1, DeliveryUnsure: 1, DeliveryHeld: 1, DeliveryByHand: 1, DeliveryStopped: 1, DeliverySent: 2, DeliveryFailed: 3, DeliveryDelivered: 4, DeliverySeen: 5, DeliveryRefused: 6}

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
