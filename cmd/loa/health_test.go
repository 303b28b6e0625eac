package main

import (
	"context"
	"testing"
	"time"

	"loa"
	"loa/channel"
	"loa/store"
	"loa/store/storetest"
)

// asked is an adapter that answers as a test says.
type asked func() (channel.Health, error)

func (asked) Send(context.Context, channel.Message) (channel.Receipt, error) {
	return channel.Receipt{}, nil
}

func (a asked) Check(context.Context) (channel.Health, error) { return a() }

// mute is an adapter that cannot be asked.
type mute struct{}

func (mute) Send(context.Context, channel.Message) (channel.Receipt, error) {
	return channel.Receipt{}, nil
}

// TestAccountsAreAsked: each account that is on or stands still is asked, whatever becomes of the one before it.
func TestAccountsAreAsked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		money := int64(90_000)
		adapters := map[loa.ChannelID]channel.Adapter{}
		names := map[string]loa.ChannelID{}
		for name, adapter := range map[string]channel.Adapter{
			"breaks": asked(func() (channel.Health, error) { panic("boom") }),
			"fails": asked(func() (channel.Health, error) {
				return channel.Health{}, channel.Fail(channel.Misconfigured, channel.Account, "101", "no")
			}),
			"stands": asked(func() (channel.Health, error) { return channel.Health{Name: "OA", Balance: &money}, nil }),
			"off": asked(func() (channel.Health, error) {
				t.Error("an account that is off is asked")
				return channel.Health{}, nil
			}),
			"mute": mute{},
		} {
			c := loa.Channel{ID: loa.ChannelID(loa.NewID()), Area: f.Anchor, Kind: "sms_esms", Name: name, Settings: []byte("s"), State: loa.ChannelOn}
			if name == "off" {
				c.State = loa.ChannelOff
			}
			if err := db.AddChannel(ctx, f.Whole, f.By, c); err != nil {
				t.Fatal(err)
			}
			adapters[c.ID], names[name] = adapter, c.ID
		}
		if err := db.Halt(ctx, names["fails"], "101", f.By.At); err != nil {
			t.Fatal(err)
		}
		open := func(_ context.Context, id loa.ChannelID) (channel.Driver, channel.Adapter, error) {
			return channel.Driver{}, adapters[id], nil
		}
		if err := checkAccounts(ctx, db, open, func() time.Time { return f.By.At }); err != nil {
			t.Fatal(err)
		}
		list, err := db.Channels(ctx, f.Whole, storetest.Today)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]loa.ChannelHealth{}
		for _, l := range list {
			got[l.Name] = l.Health
		}
		if h := got["breaks"]; h.Failure != "unreachable" || h.At.IsZero() {
			t.Errorf("one that breaks down is kept as %+v", h)
		}
		if h := got["fails"]; h.Failure != "misconfigured" || h.Code != "101" || h.Said != "no" {
			t.Errorf("one that fails is kept as %+v", h)
		}
		if h := got["stands"]; h.Name != "OA" || h.Balance == nil || *h.Balance != money || h.Failure != "" {
			t.Errorf("one that answers is kept as %+v", h)
		}
		if !got["off"].At.IsZero() || !got["mute"].At.IsZero() {
			t.Error("what was not asked has an answer")
		}
	})
}

// TestTheKeeperOfAConnectionSaysHowItStands: of two processes the one that keeps a connection tells of it, as soon as it stands and again when
// it changes; what the other would say, that it has none, is kept by nobody.
func TestTheKeeperOfAConnectionSaysHowItStands(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSender(t, db)
		ctx := t.Context()
		id := loa.ChannelID(loa.NewID())
		c := loa.Channel{ID: id, Area: s.Anchor, Kind: "smpp", Name: "SMPP", Settings: []byte("s"), State: loa.ChannelOn}
		if err := db.AddChannel(ctx, s.Whole, s.By, c); err != nil {
			t.Fatal(err)
		}
		c, err := db.OpenChannel(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		now := s.now()
		clock := func() time.Time { return now }
		health := func() loa.ChannelHealth {
			t.Helper()
			list, err := db.Channels(ctx, s.Whole, storetest.Today)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range list {
				if l.ID == id {
					return l.Health
				}
			}
			t.Fatal("the account is gone")
			return loa.ChannelHealth{}
		}
		process := func(adapter channel.Adapter) *engine {
			a := newAccounts(db, s.accounts.sealer, clock, s.engine.log, "")
			e := newEngine(db, a, clock, s.engine.log)
			a.open[id] = opened{account: c, adapter: adapter}
			return e
		}
		unbound := channel.Fail(channel.Unreachable, channel.Account, "not_bound", "")
		var failing error = unbound
		keeper := process(kept{asked(func() (channel.Health, error) { return channel.Health{Name: "loa"}, failing })})
		other := process(kept{asked(func() (channel.Health, error) { return channel.Health{}, unbound })})
		defer func() {
			for _, r := range keeper.running {
				r.stop()
				<-r.done
			}
		}()
		keeper.connections(ctx)
		other.connections(ctx)
		if h := health(); !h.At.IsZero() {
			t.Fatalf("a connection that is only being made is told of: %+v", h)
		}
		failing = nil
		now = now.Add(time.Second)
		keeper.connections(ctx)
		if h := health(); h.Failure != "" || h.Name != "loa" {
			t.Fatalf("it stands, and is kept as %+v", h)
		}
		for _, e := range []*engine{other, keeper} {
			e.connections(ctx)
			if err := checkAccounts(ctx, db, e.accounts.OpenHeld, clock); err != nil {
				t.Fatal(err)
			}
			if h := health(); h.Failure != "" || h.Name != "loa" {
				t.Fatalf("after a process without the connection asked: %+v", h)
			}
		}
		failing = unbound
		now = now.Add(connectIn)
		keeper.connections(ctx)
		if h := health(); h.Code != "not_bound" || h.At.UnixMilli() != now.UnixMilli() {
			t.Errorf("it broke, and is kept as %+v", h)
		}
		if _, adapter, err := other.accounts.OpenHeld(ctx, id); err != nil || adapter != nil {
			t.Errorf("the other asks %v, %v", adapter, err)
		}
	})
}

// kept is an adapter with a connection that stays.
type kept struct{ asked }

func (kept) Run(ctx context.Context, _ func(context.Context, []channel.Event) error) error {
	<-ctx.Done()
	return nil
}
