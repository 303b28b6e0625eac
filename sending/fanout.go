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

// Readers reads what is known of people that words may tell.
type Readers func(ctx context.Context, ids []loa.PersonID) (map[loa.PersonID]loa.Reader, error)

// Join puts what is known of people beside them.
func (read Readers) Join(ctx context.Context, people []loa.Recipient) error {
	if read == nil || len(people) == 0 {
		return nil
	}
	ids := make([]loa.PersonID, len(people))
	for i, p := range people {
		ids[i] = p.Person
	}
	known, err := read(ctx, ids)
	if err != nil {
		return err
	}
	for i := range people {
		r := known[people[i].Person]
		people[i].Reader = &r
	}
	return nil
}

// Fan is one broadcast that is fanned out.
type Fan struct {
	Store     FanStore
	Scope     loa.Scope
	Broadcast loa.Broadcast
	Rules     Rules
	Text      func(rung int, langs []string) (Text, string) // what the gate must know of the words, and their language
	Readers   Readers                                       // what is known of people, where the words tell of it; nil: they tell nothing of anybody
	Now       func() time.Time
	NewID     func() loa.DeliveryID
	Landing   func(o loa.Outlet) Landing // where an outlet is; needed when there are any
	Page      int                        // how many people one transaction puts into the ledger; 0: 2,000, which takes less than 200 ms
}

func (f Fan) page() int {
	if f.Page > 0 {
		return f.Page
	}
	return 2000
}

// Pages hands out who is meant, in order and a page at a time: those behind a person, no more than so many.
type Pages func(ctx context.Context, after loa.PersonID, take int) ([]loa.PersonID, error)

// judged is a page of people on its way into the ledger.
type judged struct {
	list []loa.Delivery
	upTo loa.PersonID
	err  error
}

// Out puts everybody the broadcast is for into the ledger: queued on the first rung that reaches them, on a list for people, or held with
// the reason. after is where an earlier run was killed. Nobody is put in twice, however often it runs. Three pages of people are held at
// a time, however many are meant: one is written, one waits, one is judged.
func (f Fan) Out(ctx context.Context, meant Pages, after string) (queued int, err error) {
	if after < loa.AllFanned {
		queued, err = f.people(ctx, meant, loa.PersonID(after))
		if loa.KindOf(err) == loa.Conflict {
			return queued, nil // it was stopped meanwhile: nobody comes in any more
		}
		if err != nil {
			return queued, fmt.Errorf("fan out: %w", err)
		}
	}
	public := f.outlets(f.Now())
	if err := f.Store.QueueDeliveries(ctx, f.Broadcast.ID, public, loa.AllFanned); loa.KindOf(err) == loa.Conflict {
		return queued, nil
	} else if err != nil {
		return queued, fmt.Errorf("fan out: %w", err)
	}
	return queued + len(public), nil
}

// people writes page by page while the next one is judged.
func (f Fan) people(ctx context.Context, meant Pages, after loa.PersonID) (queued int, err error) {
	ctx, stop := context.WithCancel(ctx)
	ready, done := make(chan judged, 1), make(chan struct{})
	defer func() { stop(); <-done }()
	go func() {
		defer close(done)
		defer close(ready)
		for at := after; ; {
			page := f.judge(ctx, meant, at)
			if page.upTo == "" && page.err == nil {
				return
			}
			select {
			case ready <- page:
			case <-ctx.Done():
				return
			}
			if at = page.upTo; page.err != nil {
				return
			}
		}
	}()
	for page := range ready {
		if page.err != nil {
			return queued, page.err
		}
		if err := f.Store.QueueDeliveries(ctx, f.Broadcast.ID, page.list, string(page.upTo)); err != nil {
			return queued, err
		}
		queued += len(page.list)
	}
	return queued, ctx.Err()
}

// judge says of the next page of people where each begins.
func (f Fan) judge(ctx context.Context, meant Pages, after loa.PersonID) (out judged) {
	page, err := meant(ctx, after, f.page())
	if err != nil || len(page) == 0 {
		return judged{err: err}
	}
	out.upTo = page[len(page)-1]
	people, err := f.Store.Recipients(ctx, f.Scope, page, f.Now().Add(-f.Rules.Remembers()))
	if err != nil {
		return judged{err: err}
	}
	if err := f.Readers.Join(ctx, people); err != nil {
		return judged{err: err}
	}
	now := f.Now()
	out.list = make([]loa.Delivery, 0, len(people))
	for _, p := range people {
		out.list = append(out.list, f.first(p, now))
	}
	return out
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
	if s.State == loa.DeliveryByHand {
		if d.Code = s.Waiting; d.Code == "" && Telling(s) == Gap { // the list says why it is not for now, the results what is missing in the register
			d.Code = Gap
		}
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
	since := f.Now().Add(-f.Rules.Remembers())
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
		if err := f.Readers.Join(ctx, people); err != nil {
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
