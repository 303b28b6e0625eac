package main

import (
	"context"
	"time"

	"loa"
	"loa/channel"
	"loa/sending"
)

// runLease is for how long a process keeps the connection of an account without saying so again.
const runLease = 30 * time.Second

// connections keeps up the connections of accounts that have one: in one process at a time, since a message centre lets nobody in twice.
func (e *engine) connections(ctx context.Context) {
	list, err := e.db.ChannelsOn(ctx)
	if err != nil {
		e.failed(ctx, "read the accounts", err)
		return
	}
	wanted := map[loa.ChannelID]bool{}
	for _, c := range list {
		o, err := e.accounts.account(ctx, c.ID)
		if err != nil {
			continue // its turn tells of it
		}
		runner, runs := o.adapter.(channel.Runner)
		if !runs {
			continue
		}
		mine, err := e.db.TakeRun(ctx, c.ID, e.by, e.now(), runLease)
		if err != nil {
			e.failed(ctx, "keep a connection", err, "account", c.ID)
			continue
		}
		if mine {
			wanted[c.ID] = true
			e.keep(ctx, o, runner)
			e.stand(ctx, o)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for id, r := range e.running {
		if !wanted[id] { // switched off, or another process has it
			r.stop()
			delete(e.running, id)
			delete(e.stood, id)
		}
	}
}

// keep starts a connection, or starts it anew with settings that changed.
func (e *engine) keep(ctx context.Context, o opened, runner channel.Runner) {
	id := o.account.ID
	e.mu.Lock()
	defer e.mu.Unlock()
	if r, ok := e.running[id]; ok {
		select {
		case <-r.done: // it broke down: anew
		default:
			if r.change == o.account.ChangeNo {
				return
			}
			r.stop()
			e.mu.Unlock()
			<-r.done
			e.mu.Lock()
		}
	}
	own, stop := context.WithCancel(ctx)
	r := running{change: o.account.ChangeNo, stop: stop, done: make(chan struct{})}
	e.running[id] = r
	e.all.Go(func() {
		defer close(r.done)
		err := runner.Run(own, func(ctx context.Context, list []channel.Event) error { return e.accounts.hear(ctx, o.account, list) })
		e.failed(own, "the connection of an account ended", err, "account", id)
		if ctx.Err() != nil {
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			_ = e.db.LeaveRun(end, id, e.by) // its time runs out anyway
		}
	})
}

// How an account with a connection stands is for the process that keeps it to say: a connection that is only being made has its time first,
// and one that stands is told of anew as often as others are asked.
const (
	connectIn  = 10 * time.Second
	standEvery = 15 * time.Minute
)

// stands is what was last told of an account that this process keeps the connection of.
type stands struct {
	at     time.Time
	what   string // failure, code and warning: told at once when they change
	since  time.Time
	change int64 // of its settings
}

// stand tells how an account stands whose connection this process keeps.
func (e *engine) stand(ctx context.Context, o opened) {
	id, now := o.account.ID, e.now()
	h, told, err := askAccount(ctx, id, func(context.Context, loa.ChannelID) (channel.Driver, channel.Adapter, error) {
		return o.driver, o.adapter, nil
	})
	if !told || ctx.Err() != nil {
		return
	}
	health := sending.HealthOf(id, h, err, now)
	what := health.Failure + "\n" + health.Code + "\n" + health.Warning
	e.mu.Lock()
	last, known := e.stood[id]
	if !known || last.change != o.account.ChangeNo {
		last = stands{since: now, change: o.account.ChangeNo}
	}
	good := health.Failure == "" && health.Warning == ""
	due := (last.what != what || last.at.IsZero() || now.Sub(last.at) >= standEvery) && (good || now.Sub(last.since) >= connectIn)
	if due {
		last.at, last.what = now, what
	}
	e.stood[id] = last
	e.mu.Unlock()
	if due {
		e.failed(ctx, "keep how an account stands", e.db.SaveHealth(ctx, o.account.Office, health), "account", id)
	}
}

// runs says whether this process keeps the connection of an account, as it is set now.
func (e *engine) runs(id loa.ChannelID, change int64) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	r, ok := e.running[id]
	return ok && r.change == change
}
