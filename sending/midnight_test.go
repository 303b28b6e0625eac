package sending

import (
	"context"
	"testing"
	"time"

	"loa"
	"loa/channel"
)

// forgetful is a provider that drops repeats of one day only, and may be asked what it had.
type forgetful struct {
	sent   int
	fails  error
	events []channel.Event
	says   error
}

func (f *forgetful) Send(context.Context, channel.Message) (channel.Receipt, error) {
	f.sent++
	return channel.Receipt{Ref: "r", Parts: 2}, f.fails
}

func (f *forgetful) Inquire(context.Context, channel.Message, string) ([]channel.Event, error) {
	return f.events, f.says
}

// TestNothingIsRepeatedAcrossMidnight: what may have arrived yesterday is not sent again today before the provider says that it never
// came; where it cannot say it stays unsure. What never left yesterday goes out.
func TestNothingIsRepeatedAcrossMidnight(t *testing.T) {
	const lease = time.Minute
	yesterday, today := at("2026-11-23 23:58"), at("2026-11-24 00:03")
	for name, c := range map[string]struct {
		first time.Time
		same  bool
		fake  forgetful
		sent  int
		state loa.DeliveryState
	}{
		"the first try":                          {time.Time{}, true, forgetful{}, 1, loa.DeliverySent},
		"again, nobody can say":                  {yesterday, true, forgetful{}, 0, loa.DeliveryUnsure},
		"again, it cannot be asked":              {yesterday, true, forgetful{says: channel.Fail(channel.Unreachable, channel.Account, "", "")}, 0, loa.DeliveryUnsure},
		"again, it never came":                   {yesterday, true, forgetful{says: channel.ErrNotKnown}, 1, loa.DeliverySent},
		"again, it arrived":                      {yesterday, true, forgetful{events: []channel.Event{{Kind: channel.EventDelivered}}}, 0, loa.DeliveryDelivered},
		"again the same day":                     {at("2026-11-24 00:01"), true, forgetful{}, 1, loa.DeliverySent},
		"of a provider that remembers for a day": {yesterday, false, forgetful{}, 1, loa.DeliverySent},
		"of one that forgot":                     {at("2026-11-22 12:00"), false, forgetful{}, 0, loa.DeliveryUnsure},
	} {
		f := c.fake
		d := Dispatcher{Now: func() time.Time { return today }, Patience: time.Minute, Lease: lease}
		got, _ := d.one(t.Context(), Account{ID: "c", Adapter: &f, Repeatable: 24 * time.Hour, SameDay: c.same}, Composed{Delivery: loa.Delivery{ID: "d", State: loa.DeliveryQueued, Tries: 2, FirstAt: c.first}, Send: true, Part: 350})
		if f.sent != c.sent || got.State != c.state {
			t.Errorf("%s: sent %d times, %s", name, f.sent, got.State)
		}
		if c.sent == 1 && got.Cost != 700 {
			t.Errorf("%s: two parts at 350 cost %d", name, got.Cost)
		}
	}
	for name, c := range map[string]struct {
		fails error
		keeps bool
		state loa.DeliveryState
	}{
		"too fast: it never left":        {channel.Fail(channel.Throttled, channel.Account, "160", ""), false, loa.DeliveryQueued},
		"unsure, and still the same day": {channel.Fail(channel.Unsure, channel.Account, "", ""), true, loa.DeliveryQueued},
	} {
		f := forgetful{fails: c.fails}
		d := Dispatcher{Now: func() time.Time { return today }, Patience: time.Minute, Lease: lease}
		got, _ := d.one(t.Context(), Account{ID: "c", Adapter: &f, Repeatable: 24 * time.Hour, SameDay: true}, Composed{Delivery: loa.Delivery{ID: "d", State: loa.DeliveryQueued, Tries: 1}, Send: true})
		if got.State != c.state || got.FirstAt.IsZero() == c.keeps {
			t.Errorf("%s: %s, first tried %v", name, got.State, got.FirstAt)
		}
	}
}
