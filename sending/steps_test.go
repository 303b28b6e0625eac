package sending

import (
	"testing"
	"time"

	"loa"
	"loa/channel"
)

// TestAFailedStepKeepsTheStepsBeforeIt: the part a provider has is not sent again because the next one did not get through.
func TestAFailedStepKeepsTheStepsBeforeIt(t *testing.T) {
	now := at("2026-11-24 12:00")
	d := loa.Delivery{ID: "d", State: loa.DeliveryQueued, Tries: 2, Resume: "2", Ref: "part one", FirstAt: now.Add(-time.Minute)}
	for _, kind := range []channel.Kind{channel.Throttled, channel.Unreachable, channel.Misconfigured} {
		got, fault := settled(d, channel.Receipt{}, channel.Fail(kind, channel.Account, "", ""), false, now)
		if fault == nil || got.State != loa.DeliveryQueued || got.Resume != "2" || got.Ref != "part one" {
			t.Errorf("%s: %+v, %v", kind, got, fault)
		}
	}
	if got, _ := settled(d, channel.Receipt{Ref: "all", Parts: 2}, nil, false, now); got.State != loa.DeliverySent || got.Resume != "" || got.Ref != "all" {
		t.Errorf("sent whole: %+v", got)
	}
}
