package sending

import (
	"context"
	"testing"
	"time"

	"loa"
	"loa/channel"
)

// strict is an adapter whose provider lets only registered templates through.
type strict struct {
	says error
	sent int
}

func (s *strict) Send(context.Context, channel.Message) (channel.Receipt, error) {
	s.sent++
	return channel.Receipt{Ref: "r"}, nil
}

func (s *strict) Verify(context.Context, channel.Message) error { return s.says }

// TestATemplateIsLookedAtBeforeSending: what the provider would refuse does not leave and says why; what cannot be found out is for the
// provider to decide; a message without a template is not asked about.
func TestATemplateIsLookedAtBeforeSending(t *testing.T) {
	for name, c := range map[string]struct {
		template string
		says     error
		sent     int
		state    loa.DeliveryState
		code     string
	}{
		"it fits":                {"7", nil, 1, loa.DeliverySent, ""},
		"it was rejected since":  {"7", channel.Fail(channel.Rejected, channel.Content, "template_status", "REJECT"), 0, loa.DeliveryFailed, "template_status"},
		"too long for somebody":  {"7", channel.Fail(channel.Rejected, channel.Address, "param_long", "ten"), 0, loa.DeliveryFailed, "param_long"},
		"nobody can say":         {"7", channel.Fail(channel.Unreachable, channel.Account, "", ""), 1, loa.DeliverySent, ""},
		"the account is refused": {"7", channel.Fail(channel.Misconfigured, channel.Account, "-216", ""), 1, loa.DeliverySent, ""},
		"no template":            {"", channel.Fail(channel.Rejected, channel.Content, "template_status", ""), 1, loa.DeliverySent, ""},
	} {
		a := &strict{says: c.says}
		d := Dispatcher{Now: func() time.Time { return at("2026-11-24 12:00") }, Patience: time.Minute}
		got, _ := d.one(t.Context(), Account{ID: "c", Adapter: a}, Composed{Delivery: loa.Delivery{ID: "d", State: loa.DeliveryUnsure, Tries: 1}, Message: channel.Message{Template: c.template}, Send: true})
		if a.sent != c.sent || got.State != c.state || got.Code != c.code {
			t.Errorf("%s: sent %d times, %s %q", name, a.sent, got.State, got.Code)
		}
	}
}
