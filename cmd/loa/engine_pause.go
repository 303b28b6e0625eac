package main

import (
	"context"
	"fmt"

	"loa/sending"
)

// autoPause pauses every broadcast whose failures or refusals pass its limit, so that nobody need watch.
func (e *engine) autoPause(ctx context.Context) error {
	list, err := e.db.SendingRates(ctx)
	if err != nil {
		return err
	}
	for _, r := range list {
		why := sending.PauseFor(r.Broadcast, sending.Rates{Settled: r.Settled, Failed: r.Failed, Refused: r.Refused})
		if why == "" {
			continue
		}
		paused, err := e.db.AutoPause(ctx, r.Broadcast.ID, why, e.now())
		if err != nil {
			return fmt.Errorf("pause broadcast %s: %w", r.Broadcast.ID, err)
		}
		if paused {
			e.log.Warn("a broadcast paused by itself", "broadcast", r.Broadcast.ID, "why", why)
		}
	}
	return nil
}
