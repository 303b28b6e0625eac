package sending

import (
	"context"
	"fmt"
	"slices"
	"time"

	"loa"
)

// FanStore is the part of the database that fanning out needs.
type FanStore interface {
	Recipients(ctx context.Context, in loa.Scope, ids []loa.PersonID, since time.Time) ([]loa.Recipient, error)
	QueueDeliveries(ctx context.Context, id loa.BroadcastID, list []loa.Delivery, upTo string) error
	FailedDeliveries(ctx context.Context, id loa.BroadcastID, take int) ([]loa.Delivery, error)
	SilentDeliveries(ctx context.Context, id loa.BroadcastID, now time.Time, take int) ([]loa.Delivery, error)
	FallDeliveries(ctx context.Context, id loa.BroadcastID, failed []loa.DeliveryID, next []loa.Delivery) error
}

// Fan is one broadcast that is fanned out.
type Fan struct {
	Store     FanStore
	Scope     loa.Scope
	Broadcast loa.Broadcast
	Rules     Rules
	Text      func(rung int, langs []string) (Text, string) // what the gate must know of the words, and their language
	Now       func() time.Time
	NewID     func() loa.DeliveryID
	Landing   func(o loa.Outlet) Landing // where an outlet is; needed when there are any
	Page      int                        // how many people one transaction puts into the ledger; 0: 1,000, which takes less than 200 ms
}

func (f Fan) page() int {
	if f.Page > 0 {
		return f.Page
	}
	return 1000
}

// Out puts everybody the broadcast is for into the ledger: queued on the first rung that reaches them, on a list for people, or held with
// the reason. ids are in order; after is where an earlier run was killed. Nobody is put in twice, however often it runs.
func (f Fan) Out(ctx context.Context, ids []loa.PersonID, after string) (queued int, err error) {
	for len(ids) > 0 && string(ids[0]) <= after {
		ids = ids[1:]
	}
	since := f.Now().Add(-max(f.Rules.Cap.Per, 24*time.Hour))
	for start := 0; start < len(ids); start += f.page() {
		if err := ctx.Err(); err != nil {
			return queued, err
		}
		page := ids[start:min(start+f.page(), len(ids))]
		people, err := f.Store.Recipients(ctx, f.Scope, page, since)
		if err != nil {
			return queued, fmt.Errorf("fan out: %w", err)
		}
		now := f.Now()
		list := make([]loa.Delivery, 0, len(people))
		for _, p := range people {
			list = append(list, f.first(p, now))
		}
		if err := f.Store.QueueDeliveries(ctx, f.Broadcast.ID, list, string(page[len(page)-1])); err != nil {
			return queued, fmt.Errorf("fan out: %w", err)
		}
		queued += len(list)
	}
	public := f.outlets(f.Now())
	if err := f.Store.QueueDeliveries(ctx, f.Broadcast.ID, public, loa.AllFanned); err != nil {
		return queued, fmt.Errorf("fan out: %w", err)
	}
	return queued + len(public), nil
}

// first is where a person begins on the ladder.
func (f Fan) first(p loa.Recipient, now time.Time) loa.Delivery { return f.from(p, 0, now) }

func (f Fan) from(p loa.Recipient, rung int, now time.Time) loa.Delivery {
	lang := ""
	s := Climb(f.Broadcast, rung, p, now, f.Rules, func(i int) Text {
		words, in := f.Text(i, p.Langs)
		lang = in
		return words
	})
	d := loa.Delivery{ID: f.NewID(), Office: f.Broadcast.Office, Area: p.Area, Broadcast: f.Broadcast.ID, Person: p.Person, Rung: s.Rung, Network: s.Network, To: s.To, Lang: lang, State: s.State, Consent: s.Consent, Code: s.Reason, NotBefore: s.NotBefore}
	if s.State == loa.DeliveryQueued {
		d.Channel, d.Wait = f.Broadcast.Ladder[s.Rung].Channel, f.Broadcast.Ladder[s.Rung].Wait
	} else {
		d.Lang, d.DoneAt = "", now
	}
	return d
}

// Fall takes everybody a rung did not reach to the next that may, until none is left: those it failed for, and those whose network told
// nothing for as long as the rung is waited for. Nobody falls out. Whoever is no longer in the register, or is outside the scope, stays
// where they are; so does what failed at a loudspeaker or a page, which has no next rung.
func (f Fan) Fall(ctx context.Context) (fell int, err error) {
	for _, read := range []func() ([]loa.Delivery, error){
		func() ([]loa.Delivery, error) { return f.Store.FailedDeliveries(ctx, f.Broadcast.ID, f.page()) },
		func() ([]loa.Delivery, error) {
			return f.Store.SilentDeliveries(ctx, f.Broadcast.ID, f.Now(), f.page())
		},
	} {
		n, err := f.fall(ctx, read)
		if fell += n; err != nil {
			return fell, err
		}
	}
	return fell, ctx.Err()
}

func (f Fan) fall(ctx context.Context, read func() ([]loa.Delivery, error)) (fell int, err error) {
	since := f.Now().Add(-max(f.Rules.Cap.Per, 24*time.Hour))
	for ctx.Err() == nil {
		failed, err := read()
		if err != nil || len(failed) == 0 {
			return fell, err
		}
		var ids []loa.PersonID
		from := make(map[loa.PersonID]int, len(failed))
		done := make([]loa.DeliveryID, len(failed))
		for i, d := range failed {
			done[i] = d.ID
			if d.Person != "" {
				ids = append(ids, d.Person)
				from[d.Person] = max(from[d.Person], d.Rung+1)
			}
		}
		people, err := f.Store.Recipients(ctx, f.Scope, ids, since)
		if err != nil {
			return fell, fmt.Errorf("take to the next rung: %w", err)
		}
		now := f.Now()
		var next []loa.Delivery
		for _, p := range people {
			p.Touches = Others(p.Touches, f.Broadcast.ID)
			next = append(next, f.from(p, from[p.Person], now))
		}
		if err := f.Store.FallDeliveries(ctx, f.Broadcast.ID, done, next); loa.KindOf(err) == loa.Conflict {
			return fell, nil // it was stopped meanwhile: nobody falls any more
		} else if err != nil {
			return fell, fmt.Errorf("take to the next rung: %w", err)
		}
		fell += len(next)
	}
	return fell, ctx.Err()
}

// Others are the touches that are not of a broadcast itself: its own earlier rungs are no second contact.
func Others(list []loa.Touch, own loa.BroadcastID) []loa.Touch {
	return slices.DeleteFunc(list, func(t loa.Touch) bool { return t.Of != "" && t.Of == own })
}
