package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"loa"
	"loa/channel"
	"loa/sending"
	"loa/store"
)

// askPatience is how long one account may take to tell how it stands.
const askPatience = 30 * time.Second

// checkAccounts asks every account how it stands, one after another, and keeps the answers. Those switched off are left alone; one that
// does not answer keeps nobody from being asked.
func checkAccounts(ctx context.Context, db *store.DB, open func(context.Context, loa.ChannelID) (channel.Driver, channel.Adapter, error), now func() time.Time) error {
	list, err := db.ChannelsKept(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, c := range list {
		if c.State == loa.ChannelOff {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		health, told, err := askAccount(ctx, c.ID, open)
		if !told {
			continue
		}
		if loa.KindOf(err) != "" { // such as an absent sealing key: nothing is known of the account itself
			errs = append(errs, fmt.Errorf("ask account %s: %w", c.ID, err))
			continue
		}
		errs = append(errs, db.SaveHealth(ctx, c.Office, sending.HealthOf(c.ID, health, err, now())))
	}
	return errors.Join(errs...)
}

// askAccount asks one account; told is false where its network tells nothing. An adapter that breaks down has failed.
func askAccount(ctx context.Context, id loa.ChannelID, open func(context.Context, loa.ChannelID) (channel.Driver, channel.Adapter, error)) (h channel.Health, told bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	defer func() {
		if broken := recover(); broken != nil {
			told, err = true, fmt.Errorf("the adapter broke down: %v", broken)
		}
	}()
	_, adapter, err := open(ctx, id)
	if err != nil {
		return h, true, err
	}
	checker, can := adapter.(channel.Checker)
	if !can {
		return h, false, nil
	}
	h, err = checker.Check(ctx)
	return h, true, err
}
