package store_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func account(t testing.TB, f *storetest.Fixture, name string) loa.Channel {
	t.Helper()
	c := loa.Channel{ID: loa.ChannelID(loa.NewID()), Office: f.Office.ID, Area: f.Anchor, Kind: "sms_esms", Name: name, Settings: []byte("sealed"), State: loa.ChannelOn, Rate: 10, RatePer: time.Second, DayQuota: 500}
	if err := f.DB.AddChannel(context.Background(), f.Whole, f.By, c); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestAccountIsChanged: what an office changes of an account stays, is written down, and belongs to it alone.
func TestAccountIsChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		c := account(t, f, "Tin nhắn")
		if err := db.Halt(ctx, c.ID, "103", f.By.At); err != nil {
			t.Fatal(err)
		}
		if got, err := db.Channel(ctx, f.Whole, c.ID); err != nil || got.State != loa.ChannelHalted || got.Why != "103" || got.HaltedAt.IsZero() {
			t.Fatalf("halted it is %+v (%v)", got, err)
		}
		got, err := db.ChangeChannel(ctx, f.Whole, f.By, c.ID, "continued", func(c *loa.Channel) error {
			c.Name, c.Rate, c.RatePer, c.DayQuota, c.Settings = "SMS", 5, time.Minute, 0, []byte("anew")
			return c.Turn(loa.ChannelOn)
		})
		if err != nil {
			t.Fatal(err)
		}
		again, err := db.Channel(ctx, f.Whole, c.ID)
		if err != nil || again.Name != "SMS" || again.Rate != 5 || again.RatePer != time.Minute || again.DayQuota != 0 || string(again.Settings) != "anew" || again.State != loa.ChannelOn || again.Why != "" || !again.HaltedAt.IsZero() || again.ChangeNo != got.ChangeNo || got.ChangeNo <= c.ChangeNo {
			t.Fatalf("changed it is %+v (%v)", again, err)
		}
		if _, err := db.ChangeChannel(ctx, f.Whole, f.By, c.ID, "continued", func(c *loa.Channel) error { return c.Turn(loa.ChannelOn) }); loa.KindOf(err) != loa.Conflict {
			t.Fatalf("what is on is switched on: %v", err)
		}
		if _, err := db.ChangeChannel(ctx, f.Whole, f.By, c.ID, "changed", func(c *loa.Channel) error { c.Name = " "; return nil }); loa.KindOf(err) != loa.Invalid {
			t.Fatalf("an account without a name is kept: %v", err)
		}
		var n int
		if err := db.Writer().QueryRowContext(ctx, `SELECT count(*) FROM audit WHERE office_id = $1 AND noun = 'channel' AND noun_id = $2 AND act = 'continued'`, f.Office.ID, c.ID).Scan(&n); err != nil || n != 1 {
			t.Fatalf("%d entries say that it was continued (%v)", n, err)
		}
		out := loa.Scope{Office: "another", Ranges: f.Whole.Ranges}
		if _, err := db.Channel(ctx, out, c.ID); loa.KindOf(err) != loa.NotFound {
			t.Fatalf("another office reads it: %v", err)
		}
		village := loa.Scope{Office: f.Office.ID, Ranges: []loa.Range{{From: "\x01", To: "\x01"}}}
		if _, err := db.ChangeChannel(ctx, village, f.By, c.ID, "changed", func(*loa.Channel) error { return nil }); loa.KindOf(err) != loa.NotFound {
			t.Fatalf("it is changed from outside of its area: %v", err)
		}
	})
}

// TestAccountsAreListed with what went out today, when they were last heard of, and how they stood.
func TestAccountsAreListed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		c, _ := outbox(t, f, 5, nil)
		if _, err := db.ClaimDeliveries(ctx, claimOf(c, f.By.At, 3)); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Hear(ctx, f.Office.ID, f.By.At, []loa.Heard{{Channel: c.ID, Key: "1", Kind: "reply", At: f.By.At}}); err != nil {
			t.Fatal(err)
		}
		money, at := int64(40_000), f.By.At.Add(time.Hour).Truncate(time.Millisecond)
		for _, h := range []loa.ChannelHealth{{Channel: c.ID, At: f.By.At, Failure: "unreachable", Code: "connect"}, {Channel: c.ID, At: at, Failure: "misconfigured", Code: "101", Said: "Authorize Failed", Balance: &money}} {
			if err := db.SaveHealth(ctx, f.Office.ID, h); err != nil {
				t.Fatal(err)
			}
		}
		list, err := db.Channels(ctx, f.Whole, loa.DayOf(f.By.At))
		if err != nil || len(list) != 1 {
			t.Fatalf("%d accounts (%v)", len(list), err)
		}
		l := list[0]
		if l.Used != 3 || l.Heard.UnixMilli() != f.By.At.UnixMilli() || !l.Health.At.Equal(at) || l.Health.Since.UnixMilli() != f.By.At.UnixMilli() || l.Health.Code != "101" || l.Health.Balance == nil || *l.Health.Balance != money || l.Health.Remain != nil {
			t.Errorf("the account is listed as %+v", l)
		}
		if !l.Health.Asks(0) || !l.Health.Poor(50_000) || l.Health.Poor(40_000) {
			t.Error("it does not ask for a person")
		}
		if err := db.SaveHealth(ctx, f.Office.ID, loa.ChannelHealth{Channel: c.ID, At: at}); err != nil {
			t.Fatal(err)
		}
		if list, err = db.Channels(ctx, f.Whole, loa.DayOf(f.By.At).Add(1)); err != nil || list[0].Used != 0 || list[0].Health.Asks(1) || !list[0].Health.Since.IsZero() {
			t.Errorf("the next day it is %+v (%v)", list[0], err)
		}
		if n, err := db.ChannelWaiting(ctx, f.Whole, c.ID, 100); err != nil || n != 2 {
			t.Errorf("%d wait (%v)", n, err)
		}
	})
}

// TestAskingWakesNobody: the same answer every hour is no change of the office.
func TestAskingWakesNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		c := account(t, f, "Tin nhắn")
		number := func() (n int64) {
			if err := db.Writer().QueryRowContext(ctx, `SELECT change_no FROM office WHERE id = $1`, f.Office.ID).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		for i, step := range []struct {
			h     loa.ChannelHealth
			wakes bool
		}{{loa.ChannelHealth{}, false}, {loa.ChannelHealth{Warning: "quota_used"}, true}, {loa.ChannelHealth{Warning: "quota_used"}, false}, {loa.ChannelHealth{}, true}} {
			before := number()
			step.h.Channel, step.h.At = c.ID, f.By.At.Add(time.Duration(i)*time.Hour)
			if err := db.SaveHealth(ctx, f.Office.ID, step.h); err != nil {
				t.Fatal(err)
			}
			if woke := number() != before; woke != step.wakes {
				t.Errorf("answer %d wakes: %v", i, woke)
			}
		}
	})
}

// TestUsedAccountStays: an account that sent something, stands on a ladder or was heard of is not removed.
func TestUsedAccountStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		used, _ := outbox(t, f, 1, nil)
		heard, fresh := account(t, f, "Nghe"), account(t, f, "Mới")
		if _, err := db.Hear(ctx, f.Office.ID, f.By.At, []loa.Heard{{Channel: heard.ID, Key: "1", Kind: "reply", At: f.By.At}}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []loa.Channel{used, heard} {
			if err := db.RemoveChannel(ctx, f.Whole, f.By, c.ID); loa.KindOf(err) != loa.Conflict {
				t.Errorf("%s is removed: %v", c.Name, err)
			}
		}
		if err := db.RemoveChannel(ctx, f.Whole, f.By, fresh.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Channel(ctx, f.Whole, fresh.ID); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the removed account is there: %v", err)
		}
	})
}

// TestRenewedByOneAtATime: of many callers one at a time renews, whoever is gone loses its turn, and nobody else changes the settings
// meanwhile.
func TestRenewedByOneAtATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		c := account(t, f, "Zalo")
		now := f.By.At
		var mine atomic.Int64
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				_, ok, err := db.LeaseChannel(ctx, c.ID, string(rune('a'+i)), now, now.Add(time.Minute))
				if err != nil {
					t.Error(err)
				}
				if ok {
					mine.Add(1)
				}
			})
		}
		all.Wait()
		if mine.Load() != 1 {
			t.Fatalf("%d callers renew at once", mine.Load())
		}
		_, err := db.ChangeChannel(ctx, f.Whole, f.By, c.ID, "changed", func(c *loa.Channel) error { c.Settings = []byte("by hand"); return nil })
		if loa.KindOf(err) != loa.Conflict {
			t.Fatalf("settings are changed while they are renewed: %v", err)
		}
		if _, err := db.ChangeChannel(ctx, f.Whole, f.By, c.ID, "changed", func(c *loa.Channel) error { c.Name = "OA"; return nil }); err != nil {
			t.Fatalf("the name cannot be changed: %v", err)
		}
		late := now.Add(2 * time.Minute)
		if _, ok, err := db.LeaseChannel(ctx, c.ID, "late", late, late.Add(time.Minute)); err != nil || !ok {
			t.Fatalf("whoever is gone keeps the turn (%v)", err)
		}
		if err := db.EndLease(ctx, c.ID, "gone", []byte("old pair")); loa.KindOf(err) != loa.Conflict {
			t.Fatalf("whoever lost the turn writes: %v", err)
		}
		if err := db.EndLease(ctx, c.ID, "late", []byte("new pair")); err != nil {
			t.Fatal(err)
		}
		if got, err := db.OpenChannel(ctx, c.ID); err != nil || string(got.Settings) != "new pair" {
			t.Fatalf("kept is %q (%v)", got.Settings, err)
		}
		if err := db.ResealChannel(ctx, c.ID, []byte("old"), []byte("anew")); err != nil {
			t.Fatal(err)
		}
		if got, _ := db.OpenChannel(ctx, c.ID); string(got.Settings) != "new pair" {
			t.Fatal("sealing anew undoes a change")
		}
		if err := db.ResealChannel(ctx, c.ID, []byte("new pair"), []byte("anew")); err != nil {
			t.Fatal(err)
		}
		if list, err := db.ChannelsOn(ctx); err != nil || len(list) != 1 || string(list[0].Settings) != "anew" {
			t.Fatalf("the accounts are %+v (%v)", list, err)
		}
	})
}

// TestSettingsAreKeptOneAfterAnother: many processes at once each see what the one before them kept.
func TestSettingsAreKeptOneAfterAnother(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		c := account(t, f, "Zalo")
		now := func() time.Time { return f.By.At }
		var inside, most atomic.Int64
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				err := db.KeepSettings(ctx, c.ID, now, func(sealed []byte) ([]byte, error) {
					most.Store(max(most.Load(), inside.Add(1)))
					defer inside.Add(-1)
					if err := db.SaveHealth(ctx, f.Office.ID, loa.ChannelHealth{Channel: c.ID, At: f.By.At}); err != nil { // others write meanwhile
						return nil, err
					}
					return append(sealed, '+'), nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got, err := db.OpenChannel(ctx, c.ID); err != nil || string(got.Settings) != "sealed+++++" || most.Load() != 1 {
			t.Fatalf("kept %q, %d at once (%v)", got.Settings, most.Load(), err)
		}
		refused := errors.New("the provider refuses")
		if err := db.KeepSettings(ctx, c.ID, now, func([]byte) ([]byte, error) { return nil, refused }); !errors.Is(err, refused) {
			t.Fatalf("a refusal is %v", err)
		}
		if err := db.KeepSettings(ctx, c.ID, now, func(s []byte) ([]byte, error) { return s[:6], nil }); err != nil {
			t.Fatalf("a refusal keeps the turn: %v", err)
		}
	})
}

// TestConsentComesBackOnce: the word of a consent is good for one time, for a while, for its office.
func TestConsentComesBackOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		c, now := account(t, f, "Zalo"), f.By.At
		for _, state := range []string{"first", "second"} {
			if err := db.BeginConsent(ctx, f.Whole, now, loa.ChannelConsent{State: state, Channel: c.ID, Officer: f.By.Officer, Verifier: []byte("sealed"), Expires: now.Add(10 * time.Minute)}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := db.TakeConsent(ctx, loa.Scope{Office: "another"}, "first", now); loa.KindOf(err) != loa.NotFound {
			t.Fatalf("another office takes it: %v", err)
		}
		if got, err := db.TakeConsent(ctx, f.Whole, "first", now); err != nil || got.Channel != c.ID || string(got.Verifier) != "sealed" || got.Officer != f.By.Officer {
			t.Fatalf("it comes back as %+v (%v)", got, err)
		}
		if _, err := db.TakeConsent(ctx, f.Whole, "first", now); loa.KindOf(err) != loa.NotFound {
			t.Fatalf("it comes back twice: %v", err)
		}
		if _, err := db.TakeConsent(ctx, f.Whole, "second", now.Add(time.Hour)); loa.KindOf(err) != loa.Conflict {
			t.Fatalf("an old one is taken: %v", err)
		}
	})
}
