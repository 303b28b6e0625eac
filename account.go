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
