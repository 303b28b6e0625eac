package main

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"loa"
	"loa/channel"
	"loa/fake"
)

// TestTheFakesLetEveryDriverIn opens the account of every driver that has a fake with just what the page of accounts shows, and asks how it
// stands: what a newcomer types in works.
func TestTheFakesLetEveryDriverIn(t *testing.T) {
	p := &providers{world: fake.NewWorld(time.Now(), time.Now), now: time.Now, lang: "vi"}
	p.world.Clock.Run(1)
	if err := p.start(t.Context(), "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0", slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	checked := 0
	for _, a := range p.accounts() {
		d, ok := driverOf(a.kind)
		if !ok {
			t.Fatalf("no driver %s", a.kind)
		}
		if a.kind == "zalo" { // as after the consent
			a.settings["access_token"], a.settings["refresh_token"] = p.world.Zalo.Grant()
		}
		kept := a.settings
		x, err := d.Open(kept, channel.Tools{HTTP: channel.Client(true), Now: time.Now, Renew: func(_ context.Context, fn func(channel.Settings) (channel.Settings, error)) (channel.Settings, error) {
			next, err := fn(kept)
			if err == nil {
				kept = next
			}
			return next, err
		}})
		if err != nil {
			t.Errorf("%s: %v", a.kind, err)
			continue
		}
		if r, runs := x.(channel.Runner); runs {
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				_ = r.Run(ctx, func(context.Context, []channel.Event) error { return nil })
			}()
			defer func() { stop(); <-ended }()
			for until := time.Now().Add(10 * time.Second); p.world.SMPP.Bound() == 0 && time.Now().Before(until); time.Sleep(time.Millisecond) {
			}
		}
		if c, can := x.(channel.Checker); can {
			checked++
			if _, err := c.Check(t.Context()); err != nil {
				t.Errorf("%s: %v", a.kind, err)
			}
		}
	}
	if checked < 5 {
		t.Errorf("%d accounts could be asked how they stand", checked)
	}
	for _, address := range []string{"0.0.0.0:8090", "192.0.2.1:8090", ":8090"} {
		if err := loopbackOnly("listen", address); loa.KindOf(err) != loa.Invalid {
			t.Errorf("the fakes would be shown at %s: %v", address, err)
		}
	}
}
