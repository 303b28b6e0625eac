package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"time"

	"loa"
	"loa/channel"
	"loa/sending"
	"loa/store"
)

// How the loop goes about its work. A group is what a power cut can leave unsure.
const (
	group      = 256
	large      = 1024 // where a provider drops what it had
	width      = 32
	lease      = 3 * time.Minute
	patience   = time.Minute
	beginIn    = 5 * time.Second        // a pause holds within it
	atOnce     = 8                      // accounts that send at the same time
	inARow     = 2000                   // messages one account sends before others come in
	lookEvery  = 500 * time.Millisecond // for what is due
	careEvery  = 5 * time.Second        // for broadcasts and connections
	countEvery = time.Minute            // how far a broadcast is, for lists
	askEvery   = time.Minute            // what became of what is unsure
	learnEvery = time.Minute            // whether tables have grown
	askAfter   = 5 * time.Minute        // a network takes its time to know
	askFor     = 48 * time.Hour         // after which only a person can tell
	errorPause = 10 * time.Second
)

// engine is the sending loop of one process; any number of them share the work of one database.
type engine struct {
	db       *store.DB
	accounts *accounts
	composer *composer
	dispatch sending.Dispatcher
	now      func() time.Time
	log      *slog.Logger
	by       string
	take     func(ctx context.Context, account loa.Channel, e channel.Event) error // what becomes of people's words
	pause    time.Duration                                                         // between two rounds of care
	asks     bool                                                                  // how every account stands, as soon as it runs; the jobs ask again every hour
	repair   []func(ctx context.Context) error                                     // care that other rooms ask for, every few seconds

	mu      sync.Mutex
	busy    map[string]bool // accounts and broadcasts somebody is at work on
	after   map[loa.ChannelID]time.Time
	running map[loa.ChannelID]running
	stood   map[loa.ChannelID]stands
	counted map[loa.BroadcastID]time.Time
	slots   chan struct{}
	all     sync.WaitGroup
}

// running is a connection this process keeps.
type running struct {
	change int64
	stop   context.CancelFunc
	done   chan struct{}
}

func newEngine(db *store.DB, a *accounts, now func() time.Time, log *slog.Logger) *engine {
	id := loa.NewID()
	by := id[len(id)-12:] // its random part: it is written beside every message that is claimed
	c := newComposer(db, now, a.public)
	e := &engine{db: db, accounts: a, composer: c, now: now, log: log, by: by, pause: careEvery, busy: map[string]bool{}, after: map[loa.ChannelID]time.Time{}, running: map[loa.ChannelID]running{}, stood: map[loa.ChannelID]stands{}, counted: map[loa.BroadcastID]time.Time{}, slots: make(chan struct{}, atOnce),
		dispatch: sending.Dispatcher{Store: db, Composer: c, Now: now, By: by, Group: group, Large: large, Width: width, Lease: lease, Patience: patience, Begin: beginIn}}
	a.heldBy(e.runs)
	e.repair = append(e.repair, e.missPlays, e.autoPause)
	return e
}

func hostName() string {
	name, err := os.Hostname()
	if err != nil {
		return "loa"
	}
	return name
}

// run works until ctx ends, and ends when what is on its way is written down.
func (e *engine) run(ctx context.Context) {
	e.all.Go(func() { e.every(ctx, e.pause, e.care) })
	e.all.Go(func() { e.every(ctx, askEvery, e.inquire) })
	e.all.Go(func() { e.every(ctx, e.pause, e.askedFor) })
	e.all.Go(func() { e.every(ctx, learnEvery, e.learn) })
	if e.asks {
		e.all.Go(func() {
			e.failed(ctx, "ask the accounts how they stand", checkAccounts(ctx, e.db, e.accounts.OpenHeld, e.now))
		})
	}
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for ctx.Err() == nil {
		e.told(ctx)
		e.send(ctx)
		select {
		case <-ctx.Done():
		case <-look.C:
		case <-e.accounts.wake:
		}
	}
	e.all.Wait()
}

func (e *engine) every(ctx context.Context, pause time.Duration, fn func(context.Context)) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		fn(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// failed tells of an error once, unless everything is ending anyway.
func (e *engine) failed(ctx context.Context, what string, err error, more ...any) {
	if err != nil && ctx.Err() == nil && !errors.Is(err, context.Canceled) {
		e.log.Error(what, append(more, "error", err)...)
	}
}

// begin says whether nobody in this process is at work on something yet.
func (e *engine) begin(what string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.busy[what] {
		return false
	}
	e.busy[what] = true
	return true
}

func (e *engine) end(what string) {
	e.mu.Lock()
	delete(e.busy, what)
	e.mu.Unlock()
}

// send lets every account that has something due send, some at the same time, each for a while: no office waits for another's hundred thousand.
func (e *engine) send(ctx context.Context) {
	due, err := e.db.DueChannels(ctx, e.now())
	if err != nil {
		e.failed(ctx, "look for what is due", err)
		return
	}
	for _, id := range due {
		e.mu.Lock()
		wait := e.after[id].After(e.now())
		e.mu.Unlock()
		if wait || !e.begin(string(id)) {
			continue
		}
		e.all.Go(func() {
			defer e.end(string(id))
			select {
			case e.slots <- struct{}{}:
				defer func() { <-e.slots }()
			case <-ctx.Done():
				return
			}
			e.turn(ctx, id)
		})
	}
}

func (e *engine) turn(ctx context.Context, id loa.ChannelID) {
	o, err := e.accounts.account(ctx, id)
	if err != nil {
		e.unopened(ctx, id, err)
		return
	}
	if _, runs := o.adapter.(channel.Runner); runs && !e.runs(id, o.account.ChangeNo) {
		e.wait(id, time.Second) // another process keeps the connection, or it is not up yet
		return
	}
	tried, again, err := e.dispatch.Turn(ctx, sending.Account{ID: id, Adapter: o.adapter, Repeatable: o.driver.Repeatable, SameDay: o.driver.SameDay}, inARow)
	switch {
	case err != nil:
		e.failed(ctx, "send", err, "account", id)
		e.wait(id, errorPause)
	case again.After(e.now()):
		e.until(id, again)
	case tried == 0:
		e.wait(id, 2*time.Second) // due, but paused
	default:
		e.accounts.Wake()
	}
}

// unopened halts an account whose settings make no adapter: a person must mend them.
func (e *engine) unopened(ctx context.Context, id loa.ChannelID, err error) {
	e.failed(ctx, "open an account", err, "account", id)
	var wrong *channel.Error
	if errors.As(err, &wrong) && wrong.Kind == channel.Misconfigured {
		e.failed(ctx, "halt an account", e.db.Halt(ctx, id, wrong.Code, e.now()), "account", id)
	}
	e.wait(id, errorPause)
}

func (e *engine) wait(id loa.ChannelID, d time.Duration) { e.until(id, e.now().Add(d)) }

func (e *engine) until(id loa.ChannelID, at time.Time) {
	e.mu.Lock()
	e.after[id] = at
	e.mu.Unlock()
}

// told takes in what providers told of people, the oldest first. What fails is kept, and tried again with the next.
func (e *engine) told(ctx context.Context) {
	if e.take == nil {
		return
	}
	for ctx.Err() == nil {
		list, err := e.db.WaitingEvents(ctx, 100)
		if err != nil || len(list) == 0 {
			e.failed(ctx, "read what was told", err)
			return
		}
		for _, h := range list {
			account, err := e.db.OpenChannel(ctx, h.Channel)
			if err == nil {
				var x channel.Event
				if x, err = sending.Event(h); err == nil {
					err = e.take(ctx, account, x)
				}
			}
			if err != nil {
				e.failed(ctx, "take in what was told", err, "account", h.Channel, "kind", h.Kind)
				return
			}
			if err := e.db.EventTaken(ctx, h, e.now()); err != nil {
				e.failed(ctx, "note what was taken in", err)
				return
			}
		}
	}
}

// care looks after what no message asks for: what lost processes had claimed, broadcasts that begin, fall and end, and connections.
func (e *engine) care(ctx context.Context) {
	_, err := e.db.ReleaseLost(ctx, e.now())
	e.failed(ctx, "take back what a lost process had", err)
	e.broadcasts(ctx)
	e.connections(ctx)
	for _, fn := range e.repair {
		e.failed(ctx, "look after what is sent", fn(ctx))
	}
}

// learn lets the database look again at tables that have grown: a plan made for a thousand rows is slow over a million.
func (e *engine) learn(ctx context.Context) {
	grown, err := e.db.LearnGrown(ctx)
	e.failed(ctx, "learn how the rows are spread", err)
	if len(grown) > 0 {
		e.log.Info("learned how the rows are spread", "tables", grown)
	}
}

// inquire asks providers what became of what nobody knows, as long as they may still know.
func (e *engine) inquire(ctx context.Context) {
	accounts, err := e.db.ChannelsOn(ctx)
	if err != nil {
		e.failed(ctx, "read the accounts", err)
		return
	}
	for _, a := range accounts {
		o, err := e.accounts.account(ctx, a.ID)
		if err != nil {
			continue // its turn tells of it
		}
		if asker, can := o.adapter.(channel.Inquirer); can {
			e.failed(ctx, "ask what became of messages", e.ask(ctx, o.account, asker), "account", a.ID)
		}
	}
}

func (e *engine) ask(ctx context.Context, a loa.Channel, asker channel.Inquirer) error {
	now := e.now()
	list, err := e.db.UnsureOf(ctx, a.ID, now.Add(-askFor), now.Add(-askAfter), 200)
	if err != nil {
		return err
	}
	return e.askOf(ctx, a, asker, list)
}

// askedFor asks what officers want asked again, however old it is.
func (e *engine) askedFor(ctx context.Context) {
	accounts, err := e.db.ChannelsOn(ctx)
	if err != nil {
		e.failed(ctx, "read the accounts", err)
		return
	}
	for _, a := range accounts {
		list, err := e.db.TakeInquiries(ctx, a.ID, 200)
		if err != nil || len(list) == 0 {
			e.failed(ctx, "take what officers ask", err, "account", a.ID)
			continue
		}
		o, err := e.accounts.account(ctx, a.ID)
		if err != nil {
			continue // its turn tells of it
		}
		if asker, can := o.adapter.(channel.Inquirer); can {
			e.failed(ctx, "ask what became of messages", e.askOf(ctx, o.account, asker, list), "account", a.ID)
		}
	}
}

func (e *engine) askOf(ctx context.Context, a loa.Channel, asker channel.Inquirer, list []loa.Delivery) error {
	now := e.now()
	ready, err := e.composer.Recall(ctx, list)
	if err != nil {
		return err
	}
	for i, d := range list {
		events, err := asker.Inquire(ctx, ready[i], d.Ref)
		switch {
		case errors.Is(err, channel.ErrNotKnown):
			err = e.db.NeverCame(ctx, d.ID, now)
		case err == nil && len(events) > 0:
			err = e.accounts.hear(ctx, a, events)
		case err != nil:
			return err // it answers no better for the next one
		}
		if err != nil {
			return err
		}
	}
	return nil
}
