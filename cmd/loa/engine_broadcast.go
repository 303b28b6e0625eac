package main

import (
	"context"
	"fmt"
	"time"

	"loa"
	"loa/sending"
)

// workLease is for how long a process looks after a broadcast without saying so again.
const workLease = 2 * time.Minute

// broadcasts looks after those that go: each by one process at a time.
func (e *engine) broadcasts(ctx context.Context) {
	list, err := e.db.BroadcastsGoing(ctx, loa.DayOf(e.now()))
	if err != nil {
		e.failed(ctx, "read the broadcasts that go", err)
		return
	}
	for _, b := range list {
		if b.State == loa.BroadcastPaused && b.Fanned == loa.AllFanned || !e.begin(string(b.ID)) {
			continue
		}
		mine, err := e.db.TakeBroadcast(ctx, b.ID, e.by, e.now(), workLease)
		if err != nil || !mine {
			e.failed(ctx, "take a broadcast", err, "broadcast", b.ID)
			e.end(string(b.ID))
			continue
		}
		e.all.Go(func() {
			defer e.end(string(b.ID))
			e.failed(ctx, "look after a broadcast", e.broadcast(ctx, b), "broadcast", b.ID)
		})
	}
}

// broadcast takes one broadcast a step further.
func (e *engine) broadcast(ctx context.Context, b loa.Broadcast) error {
	by := loa.By{At: e.now()}
	if b.State == loa.BroadcastPaused && b.SentAt.IsZero() {
		return nil // it is held before anything of it left, and may still be taken back
	}
	r, err := e.composer.of(ctx, b.ID, b.Office)
	if err != nil {
		return err
	}
	if r.err != nil {
		return e.blocked(ctx, r, by)
	}
	if b.State == loa.BroadcastApproved {
		b, err = e.db.ChangeBroadcast(ctx, r.scope, by, b.ID, "begun", func(b *loa.Broadcast) error {
			b.SentAt = by.At
			return b.Move(loa.BroadcastSending, "")
		})
		if loa.KindOf(err) == loa.Conflict {
			return nil // an officer was faster
		}
		if err != nil {
			return fmt.Errorf("begin: %w", err)
		}
		e.composer.drop(b.ID)
	}
	if b.Fanned != loa.AllFanned {
		if err := e.fanOut(ctx, b, r); err != nil {
			return err
		}
	}
	if b.State != loa.BroadcastSending {
		return nil
	}
	if _, err := e.fan(b, r, nil).Fall(ctx); err != nil {
		return err
	}
	open, err := e.db.BroadcastOpen(ctx, b)
	if err != nil {
		return err
	}
	if open {
		return e.count(ctx, r.scope, b.ID)
	}
	_, err = e.db.ChangeBroadcast(ctx, r.scope, by, b.ID, "finished", func(b *loa.Broadcast) error {
		if b.State != loa.BroadcastSending || b.Fanned != loa.AllFanned {
			return loa.Refuse(loa.Conflict, "", "broadcast_state")
		}
		return b.Move(loa.BroadcastDone, "")
	})
	if loa.KindOf(err) == loa.Conflict {
		return nil
	}
	if err != nil {
		return err
	}
	e.mu.Lock()
	delete(e.counted, b.ID)
	e.mu.Unlock()
	_, err = e.db.Tally(ctx, r.scope, b.ID, e.now) // the list shows what came of it, whoever looks first
	return err
}

// count keeps how far a broadcast is for the list, once a minute: nobody need open its page.
func (e *engine) count(ctx context.Context, scope loa.Scope, id loa.BroadcastID) error {
	e.mu.Lock()
	due := e.now().Sub(e.counted[id]) >= countEvery
	if due {
		e.counted[id] = e.now()
	}
	e.mu.Unlock()
	if !due {
		return nil
	}
	_, err := e.db.Tally(ctx, scope, id, e.now)
	return err
}

// blocked pauses a broadcast whose script may not be used any more; the page says why.
func (e *engine) blocked(ctx context.Context, r *ready, by loa.By) error {
	why := "script"
	if x, ok := r.err.(*loa.Error); ok {
		why = x.Code
	}
	_, err := e.db.ChangeBroadcast(ctx, r.scope, by, r.broad.ID, "paused", func(b *loa.Broadcast) error { return b.Move(loa.BroadcastPaused, why) })
	if loa.KindOf(err) == loa.Conflict {
		return nil // it is paused already
	}
	return err
}

// fan is the broadcast ready to be put into the ledger.
func (e *engine) fan(b loa.Broadcast, r *ready, landing func(loa.Outlet) sending.Landing) sending.Fan {
	f := sending.Fan{Store: e.db, Scope: r.scope, Broadcast: b, Rules: r.rules, Text: r.words.Text, Now: e.now, NewID: func() loa.DeliveryID { return loa.DeliveryID(loa.NewID()) }, Landing: landing}
	if r.words.TellsReader() {
		f.Readers = func(ctx context.Context, ids []loa.PersonID) (map[loa.PersonID]loa.Reader, error) {
			return e.db.Readers(ctx, r.scope, ids, r.day, r.words.Months())
		}
	}
	return f
}

// fanOut puts everybody the broadcast is for into the ledger: who was meant when it was submitted, and nobody who came since.
func (e *engine) fanOut(ctx context.Context, b loa.Broadcast, r *ready) error {
	meant := func(context.Context, loa.PersonID, int) ([]loa.PersonID, error) { return nil, nil }
	if len(b.Ladder) > 0 {
		meant = e.db.Frozen(r.scope, b.Snapshot)
	}
	landing, stations, err := e.landings(ctx, b)
	if err != nil {
		return err
	}
	hold, done := context.WithCancel(ctx)
	defer done()
	e.all.Go(func() { // so many people take longer than the lease
		e.every(hold, workLease/4, func(ctx context.Context) {
			_, err := e.db.TakeBroadcast(ctx, b.ID, e.by, e.now(), workLease)
			e.failed(ctx, "keep a broadcast", err, "broadcast", b.ID)
		})
	})
	if _, err := e.fan(b, r, landing).Out(ctx, meant, b.Fanned); err != nil {
		return err
	}
	if len(stations) > 0 {
		if _, err := e.db.PlanPlays(ctx, b, playTimes(b, e.now(), r.rules), r.words.Seconds); err != nil {
			return err
		}
	}
	e.accounts.Wake()
	return nil
}

// playTimes says when the outlets of a broadcast play; what never may is held, and stands at its own time.
func playTimes(b loa.Broadcast, now time.Time, rules sending.Rules) func(loa.Outlet) time.Time {
	return func(o loa.Outlet) time.Time {
		switch m := sending.When(b, o, now, rules); {
		case m.Why == "":
			return m.From
		case !o.At.IsZero():
			return o.At
		}
		return now
	}
}

// landings says where the outlets of a broadcast are within their networks.
func (e *engine) landings(ctx context.Context, b loa.Broadcast) (func(loa.Outlet) sending.Landing, map[loa.PlaceID]loa.Station, error) {
	var places []loa.PlaceID
	pages, groups := map[loa.ChannelID]string{}, map[loa.PlaceID]loa.Conversation{}
	for _, o := range b.Outlets {
		switch o.Network {
		case loa.SpeakerNetwork:
			places = append(places, o.Place)
		case loa.GroupNetwork:
			scope, err := wholeOffice(ctx, e.db, b.Office, e.now())
			if err != nil {
				return nil, nil, err
			}
			list, err := e.db.Groups(ctx, scope, o.Channel)
			if err != nil {
				return nil, nil, err
			}
			for _, c := range list {
				groups[loa.PlaceID(c.ID)] = c
			}
		case "fb_page":
			c, err := e.db.OpenChannel(ctx, o.Channel)
			if loa.KindOf(err) == loa.NotFound {
				continue // it is held, and the page says why
			}
			if err != nil {
				return nil, nil, err // a post must not be given up because something could not be read just now
			}
			s, err := e.accounts.Settings(c)
			if err != nil {
				return nil, nil, err
			}
			pages[o.Channel] = s["page_id"]
		}
	}
	stations := map[loa.PlaceID]loa.Station{}
	if len(places) > 0 {
		var err error
		if stations, err = e.db.StationsAt(ctx, b.Office, places); err != nil {
			return nil, nil, err
		}
	}
	return func(o loa.Outlet) sending.Landing {
		switch o.Network {
		case loa.SpeakerNetwork:
			s, ok := stations[o.Place]
			if !ok || s.Retired {
				return sending.Landing{Why: "no_station"}
			}
			return sending.Landing{To: s.Device, Area: s.Area}
		case loa.GroupNetwork:
			c, ok := groups[o.Place]
			switch {
			case !ok:
				return sending.Landing{Why: "no_group"}
			case c.Refused:
				return sending.Landing{Why: "refused", Area: c.Area}
			}
			return sending.Landing{To: c.Address, Area: c.Area}
		case "fb_page":
			if pages[o.Channel] == "" {
				return sending.Landing{Why: "no_page"}
			}
			return sending.Landing{To: pages[o.Channel]}
		case "zalo_article":
			return sending.Landing{To: "all"}
		}
		return sending.Landing{To: string(o.Place)}
	}, stations, nil
}
