package main

import (
	"context"
	"time"

	"loa"
	"loa/channel"
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
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for id, r := range e.running {
		if !wanted[id] { // switched off, or another process has it
			r.stop()
			delete(e.running, id)
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

// runs says whether this process keeps the connection of an account, as it is set now.
func (e *engine) runs(id loa.ChannelID, change int64) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	r, ok := e.running[id]
	return ok && r.change == change
}

// How long a connection that is only being made is waited for before its account is asked how it stands.
const (
	connectTries = 40
	connectPause = 250 * time.Millisecond
)

// openConnected opens an account to be asked how it stands. One that keeps a connection is asked when the connection stands or had its time
// to; where another process keeps it, this one knows nothing of it and there is nobody to ask.
func (e *engine) openConnected(ctx context.Context, id loa.ChannelID) (channel.Driver, channel.Adapter, error) {
	o, err := e.accounts.account(ctx, id)
	_, runs := o.adapter.(channel.Runner)
	checker, can := o.adapter.(channel.Checker)
	if err != nil || !runs || !can {
		return o.driver, o.adapter, err
	}
	for range connectTries {
		if e.runs(id, o.account.ChangeNo) {
			if _, err := checker.Check(ctx); err == nil {
				break
			}
		}
		select {
		case <-ctx.Done():
			return o.driver, nil, nil
		case <-time.After(connectPause):
		}
	}
	if !e.runs(id, o.account.ChangeNo) {
		return o.driver, nil, nil
	}
	return o.driver, o.adapter, nil
}
