package loa

import (
	"time"

	"loa/vn"
)

// ChannelState says whether anything goes out through an account.
type ChannelState string

// The states of an account.
const (
	ChannelOn     ChannelState = "on"
	ChannelHalted ChannelState = "halted" // by itself: the provider wants a person
	ChannelOff    ChannelState = "off"
)

// Channel is one configured account with a network; its kind is the driver.
type Channel struct {
	ID        ChannelID
	Office    OfficeID
	Area      AreaID // the node it serves
	Kind      string
	Name      string
	Settings  []byte // sealed
	State     ChannelState
	Why       string // it was halted: the provider's code
	HaltedAt  time.Time
	Rate      int // so many messages
	RatePer   time.Duration
	DayQuota  int
	Term      time.Duration // how long it answers after somebody's newest words; 0: while the network lets it go free
	CreatedAt time.Time
	ChangeNo  int64
}

// Check refuses an account without a name or kind, or with a pace that makes no sense.
func (c Channel) Check() error {
	switch {
	case vn.Fold(c.Name) == "":
		return Refuse(Invalid, "name", "required")
	case c.Kind == "":
		return Refuse(Invalid, "kind", "required")
	case c.Rate < 0 || c.RatePer < 0 || c.Rate > 0 && c.RatePer < time.Millisecond:
		return Refuse(Invalid, "rate", "out_of_range")
	case c.DayQuota < 0:
		return Refuse(Invalid, "day_quota", "out_of_range")
	}
	return nil
}

// Turn switches an account on or off. Whoever switches a halted one on says that what was wrong with it is mended.
func (c *Channel) Turn(to ChannelState) error {
	switch {
	case to != ChannelOn && to != ChannelOff:
		return Refuse(Invalid, "state", "not_in_list")
	case c.State == to:
		return Refuse(Conflict, "", "channel_state")
	}
	c.State, c.Why, c.HaltedAt = to, "", time.Time{}
	return nil
}

// ChannelHealth is how an account stood when it was last asked, in figures and codes; the sentences are made elsewhere.
type ChannelHealth struct {
	Channel ChannelID
	At      time.Time // never asked: zero
	Name    string    // what the provider calls the account
	Balance *int64    // đồng
	Remain  *int64    // messages left today
	Quota   *int64    // messages a day
	Quality string    // the provider's own word
	Until   time.Time // when the account or its package runs out
	Warning string
	Failure string    // why it could not be asked: one of the six failures of sending
	Code    string    // the provider's own
	Said    string    // and its words
	Since   time.Time // failing since
}

// Asks says whether an account asks for a person: it cannot be reached, warns of something, or has less money than the office wants on it.
func (h ChannelHealth) Asks(low int64) bool {
	return h.Failure != "" || h.Warning != "" || h.Poor(low)
}

// Poor says whether less money is left than the office wants on an account.
func (h ChannelHealth) Poor(low int64) bool { return h.Balance != nil && *h.Balance < low }

// ChannelConsent is a consent that was begun on a provider's page and has not come back yet.
type ChannelConsent struct {
	State    string // hashed: the word that must come back with it
	Channel  ChannelID
	Office   OfficeID
	Officer  OfficerID
	Verifier []byte // sealed
	Expires  time.Time
}
