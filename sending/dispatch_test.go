package sending_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"loa"
	"loa/channel"
	"loa/sending"
	"loa/store"
	"loa/store/storetest"
)

// provider takes messages as the networks do: it may answer, refuse, ask to wait, or take a message and never say so. It keeps its own
// ledger, which is the truth.
type provider struct {
	mu     sync.Mutex
	rand   *rand.Rand
	dedupe bool
	odds   int // of a hundred calls, so many go wrong
	took   map[string]int
	calls  int
	each   func(n int) error // instead of chance
}

func (p *provider) Send(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	if p.each != nil {
		if err := p.each(p.calls); err != nil {
			return channel.Receipt{}, err
		}
	}
	fault := ""
	known := p.dedupe && p.took[m.ID] > 0 // it says so before it looks at anything else
	if p.odds > 0 && !known && p.rand.IntN(100) < p.odds {
		fault = []string{"refused", "wait", "away", "taken and lost", "lost", "odd", "panic"}[p.rand.IntN(7)]
	}
	take := func() {
		if !p.dedupe || p.took[m.ID] == 0 {
			p.took[m.ID]++
		}
	}
	switch fault {
	case "refused":
		return channel.Receipt{}, channel.Fail(channel.Rejected, channel.Address, "99", "no such number")
	case "wait":
		return channel.Receipt{}, &channel.Error{Kind: channel.Throttled, Code: "160", After: 2 * time.Second}
	case "away":
		return channel.Receipt{}, channel.Fail(channel.Unreachable, channel.Account, "", "")
	case "taken and lost":
		take()
		return channel.Receipt{}, channel.Lost(errors.New("connection reset"))
	case "lost":
		return channel.Receipt{}, channel.Lost(errors.New("connection reset"))
	case "odd":
		return channel.Receipt{}, errors.New("nobody thought of this")
	case "panic":
		panic("a fault in the adapter")
	}
	take()
	return channel.Receipt{Ref: "r" + m.ID, Parts: 1, Cost: 700}, nil
}

// words make the plainest message there is.
type words struct{ hold map[loa.PersonID]bool }

func (w words) Compose(_ context.Context, list []loa.Delivery, now time.Time) ([]sending.Composed, error) {
	out := make([]sending.Composed, len(list))
	for i, d := range list {
		out[i] = sending.Composed{Delivery: d, Send: !w.hold[d.Person], Message: channel.Message{ID: strings.ReplaceAll(string(d.ID), "-", ""), Network: d.Network, To: d.To, Text: "Nhắc đóng"}}
		if w.hold[d.Person] {
			out[i].Delivery.State, out[i].Delivery.Code, out[i].Delivery.DoneAt = loa.DeliveryHeld, "refused", now
		}
	}
	return out, nil
}

// office is an account and a broadcast to n people in a real database.
func office(t testing.TB, db *store.DB, n int) (*storetest.Fixture, loa.ChannelID, loa.BroadcastID) {
	t.Helper()
	f := storetest.Office(t, db)
	ctx := context.Background()
	c := loa.Channel{ID: loa.ChannelID(loa.NewID()), Area: f.Anchor, Kind: "sms", Name: "Tin nhắn", Settings: []byte("sealed"), State: loa.ChannelOn}
	b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: f.Anchor, Title: "Nhắc đóng", Script: "s", Purpose: loa.Care, Priority: loa.Normal, State: loa.BroadcastDraft, Audience: loa.Audience{Areas: []loa.AreaID{f.CommuneA}},
		Ladder: []loa.Rung{{Form: loa.SMS, Network: "tel", Channel: c.ID}}, Window: loa.Window{From: storetest.Today, End: 1440}}
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	must(db.AddChannel(ctx, f.Whole, f.By, c))
	must(db.AddBroadcast(ctx, f.Whole, f.By, b))
	for _, to := range []loa.BroadcastState{loa.BroadcastApproved, loa.BroadcastSending} {
		_, err := db.ChangeBroadcast(ctx, f.Whole, f.By, b.ID, "sent", func(b *loa.Broadcast) error { return b.Move(to, "") })
		must(err)
	}
	for from := 0; from < n; from += 2000 {
		var list []loa.Delivery
		for i := from; i < min(n, from+2000); i++ {
			list = append(list, loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Office: f.Office.ID, Area: f.Villages[i%4], Person: loa.PersonID(fmt.Sprintf("p%07d", i)), Channel: c.ID, Network: "tel", To: fmt.Sprintf("849%08d", i), State: loa.DeliveryQueued})
		}
		upTo := fmt.Sprintf("p%07d", from+1999)
		if from+2000 >= n {
			upTo = "~"
		}
		must(db.QueueDeliveries(ctx, b.ID, list, upTo))
	}
	return f, c.ID, b.ID
}

// slow is a provider at which time passes, and something happens, with each message.
type slow struct {
	n     int
	after func(n int) error
}

func (s *slow) Send(context.Context, channel.Message) (channel.Receipt, error) {
	s.n++
	return channel.Receipt{Ref: fmt.Sprint("r", s.n)}, s.after(s.n)
}

// TestAPauseHoldsWithinSeconds: at a slow provider what was claimed and not begun goes back, untried and not counted, so that a broadcast
// that is paused stops leaving within the time a group may take to begin, a program that stops leaves nothing claimed, and an account that
// does not work is found out once.
func TestAPauseHoldsWithinSeconds(t *testing.T) {
	for name, sent := range map[string]int64{"paused": 3, "the program stops": 3, "the account does not work": 2, "the account is too fast": 2} {
		storetest.Each(t, func(t *testing.T, db *store.DB) {
			f, id, b := office(t, db, 20)
			now := f.By.At
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			p := &slow{after: func(n int) error {
				switch {
				case n != 3:
				case name == "the program stops":
					stop()
				case name == "the account does not work":
					return &channel.Error{Kind: channel.Misconfigured, Code: "101"}
				case name == "the account is too fast":
					return &channel.Error{Kind: channel.Throttled, About: channel.Account, Code: "429", After: 40 * time.Second}
				default:
					if _, err := db.ChangeBroadcast(t.Context(), f.Whole, f.By, b, "paused", func(b *loa.Broadcast) error { return b.Move(loa.BroadcastPaused, "") }); err != nil {
						t.Fatal(err)
					}
					now = now.Add(6 * time.Second)
				}
				return nil
			}}
			d := sending.Dispatcher{Store: db, Composer: words{}, Now: func() time.Time { return now }, By: "one", Group: 16, Width: 1, Lease: time.Minute, Patience: time.Second, Begin: 5 * time.Second}
			_, again, err := d.Turn(ctx, sending.Account{ID: id, Adapter: p}, 100)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if wait := again.Sub(now); name == "the account is too fast" && wait != 40*time.Second {
				t.Errorf("%s: it rests for %s", name, wait)
			}
			counts, err := db.DeliveryCounts(t.Context(), f.Whole, b)
			if err != nil || p.n != 3 || counts[loa.DeliverySent] != sent || counts[loa.DeliveryQueued] != 20-sent {
				t.Errorf("%s: %d left, %v, %v", name, p.n, counts, err)
			}
			mayHaveCome := 3
			if name == "the account does not work" || name == "the account is too fast" { // what the provider turned away never came
				mayHaveCome = 2
			}
			var tried, begun int
			if err := db.Writer().QueryRowContext(t.Context(), `SELECT sum(tries), sum(CASE WHEN first_at > 0 THEN 1 ELSE 0 END) FROM delivery WHERE broadcast_id = $1`, b).Scan(&tried, &begun); err != nil || tried != 3 || begun != mayHaveCome {
				t.Errorf("%s: %d tries, %d begun, want %d, %v", name, tried, begun, mayHaveCome, err)
			}
			var counted int
			if err := db.Writer().QueryRowContext(t.Context(), `SELECT day_n FROM channel WHERE id = $1`, id).Scan(&counted); err != nil || counted != 3 {
				t.Errorf("%s: the quota counts %d, %v", name, counted, err)
			}
		})
	}
}

// TestEverythingThatGoesWrong sends to five hundred over a provider that fails in every way there is, and compares Loa's ledger with the
// provider's own: nothing twice, nothing forgotten, and whatever is not known is listed.
func TestEverythingThatGoesWrong(t *testing.T) {
	for name, repeatable := range map[string]time.Duration{"drops repeats": 24 * time.Hour, "drops nothing": 0} {
		t.Run(name, func(t *testing.T) {
			db := storetest.SQLite(t)
			f, id, b := office(t, db, 500)
			p := &provider{rand: rand.New(rand.NewPCG(1, 2)), dedupe: repeatable > 0, odds: 30, took: map[string]int{}}
			now := f.By.At
			d := sending.Dispatcher{Store: db, Composer: words{}, Now: func() time.Time { return now }, By: "one", Group: 16, Width: 16, Lease: time.Minute, Patience: time.Second}
			account := sending.Account{ID: id, Adapter: p, Repeatable: repeatable}
			for range 200 {
				tried, _, err := d.Turn(context.Background(), account, 500)
				if err != nil {
					t.Fatal(err)
				}
				if tried == 0 {
					now = now.Add(20 * time.Minute)
					if _, err := db.ReleaseLost(context.Background(), now); err != nil {
						t.Fatal(err)
					}
				}
			}
			counts, err := db.DeliveryCounts(context.Background(), f.Whole, b)
			if err != nil {
				t.Fatal(err)
			}
			if counts[loa.DeliveryQueued] > 0 || counts[loa.DeliverySent] == 0 || counts[loa.DeliveryFailed] == 0 {
				t.Errorf("left over: %v", counts)
			}
			if repeatable > 0 && counts[loa.DeliveryUnsure] > 0 || repeatable == 0 && counts[loa.DeliveryUnsure] == 0 {
				t.Errorf("unsure: %v", counts)
			}
			list, err := db.UnsureDeliveries(context.Background(), f.Whole, "", 2000)
			if err != nil || int64(len(list)) != counts[loa.DeliveryUnsure] {
				t.Errorf("%d are listed of %d that are unsure, %v", len(list), counts[loa.DeliveryUnsure], err)
			}
			twice := 0
			for _, n := range p.took {
				twice += n - 1
			}
			if twice != 0 {
				t.Errorf("%d messages arrived twice", twice)
			}
			if took, sure := int64(len(p.took)), counts[loa.DeliverySent]; took < sure || took > sure+counts[loa.DeliveryUnsure] {
				t.Errorf("the provider took %d, the ledger knows of %d and %d unsure", took, sure, counts[loa.DeliveryUnsure])
			}
		})
	}
}

// TestAHaltedAccountStandsStill: the first answer that asks for a person stops the account; nothing is lost, nothing is counted as failed.
func TestAHaltedAccountStandsStill(t *testing.T) {
	db := storetest.SQLite(t)
	f, id, b := office(t, db, 200)
	p := &provider{took: map[string]int{}, each: func(n int) error {
		if n > 40 {
			return channel.Fail(channel.Misconfigured, channel.Account, "103", "no money left")
		}
		return nil
	}}
	d := sending.Dispatcher{Store: db, Composer: words{}, Now: func() time.Time { return f.By.At }, By: "one", Group: 16, Width: 16, Lease: time.Minute, Patience: time.Second}
	for range 5 {
		if _, _, err := d.Turn(context.Background(), sending.Account{ID: id, Adapter: p}, 500); err != nil {
			t.Fatal(err)
		}
	}
	counts, err := db.DeliveryCounts(context.Background(), f.Whole, b)
	if err != nil || counts[loa.DeliverySent] != 40 || counts[loa.DeliveryQueued] != 160 || p.calls > 48 {
		t.Errorf("%v after %d calls, %v", counts, p.calls, err)
	}
}

// TestWhoRefusedMeanwhileIsNotTold: between the queue and the sending somebody refuses.
func TestWhoRefusedMeanwhileIsNotTold(t *testing.T) {
	db := storetest.SQLite(t)
	f, id, b := office(t, db, 50)
	p := &provider{took: map[string]int{}}
	d := sending.Dispatcher{Store: db, Composer: words{map[loa.PersonID]bool{"p0000007": true, "p0000031": true}}, Now: func() time.Time { return f.By.At }, By: "one", Group: 16, Width: 16, Lease: time.Minute, Patience: time.Second}
	if _, _, err := d.Turn(context.Background(), sending.Account{ID: id, Adapter: p}, 500); err != nil {
		t.Fatal(err)
	}
	counts, err := db.DeliveryCounts(context.Background(), f.Whole, b)
	if err != nil || counts[loa.DeliveryHeld] != 2 || counts[loa.DeliverySent] != 48 || p.calls != 48 {
		t.Errorf("%v after %d calls, %v", counts, p.calls, err)
	}
}
