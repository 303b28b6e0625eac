package sending

import (
	"encoding/json"
	"fmt"
	"strings"

	"loa"
	"loa/channel"
)

// states say what an event makes of the delivery it is about.
var states = map[channel.EventKind]loa.DeliveryState{
	channel.EventTaken: loa.DeliverySent, channel.EventDelivered: loa.DeliveryDelivered, channel.EventPlayed: loa.DeliveryDelivered, channel.EventSeen: loa.DeliverySeen, channel.EventFailed: loa.DeliveryFailed,
}

// Heard is an event as the ledger takes it in. The whole of it goes along, for whoever works off a reply or a refusal.
func Heard(id loa.ChannelID, e channel.Event) (loa.Heard, error) {
	raw, err := json.Marshal(e)
	if err != nil {
		return loa.Heard{}, fmt.Errorf("keep an event: %w", err)
	}
	h := loa.Heard{Channel: id, Key: e.Key, Kind: string(e.Kind), Ref: e.Ref, Also: e.Also, Delivery: DeliveryOf(e.Message), State: states[e.Kind], Code: e.Code, Cost: e.Cost, Body: string(raw), At: e.At}
	if e.Kind == channel.EventFailed && e.Cause == channel.OptedOut {
		h.State = loa.DeliveryRefused
	}
	return h, nil
}

// Event is what was heard as the provider told it.
func Event(h loa.Heard) (e channel.Event, err error) {
	if err := json.Unmarshal([]byte(h.Body), &e); err != nil {
		return e, fmt.Errorf("read an event: %w", err)
	}
	return e, nil
}

// MessageID is a delivery's ID as providers take it: 32 hexadecimal digits.
func MessageID(id loa.DeliveryID) string { return strings.ReplaceAll(string(id), "-", "") }

// DeliveryOf is the delivery behind a message's ID; empty when it is none of ours.
func DeliveryOf(message string) loa.DeliveryID {
	if len(message) != 32 || strings.Trim(strings.ToLower(message), "0123456789abcdef") != "" {
		return ""
	}
	m := strings.ToLower(message)
	return loa.DeliveryID(m[:8] + "-" + m[8:12] + "-" + m[12:16] + "-" + m[16:20] + "-" + m[20:])
}
