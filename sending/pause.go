package sending

import "loa"

// Rates are how the messages of a broadcast ended that were settled since it last began or went on.
type Rates struct {
	Settled int64 // sent, delivered, seen, failed or refused
	Failed  int64
	Refused int64 // by the network's word, or by whoever got it
}

// pauseFrom is how many must be settled before a rate says anything: three of five wrong numbers stop nothing.
const pauseFrom = 50

// PauseFor says why a broadcast must pause by itself: "too_many_failed" or "too_many_refused", empty when it need not. Refusals come
// first: a failure costs money, a refusal costs a villager.
func PauseFor(b loa.Broadcast, r Rates) string {
	if b.State != loa.BroadcastSending || r.Settled < pauseFrom {
		return ""
	}
	switch over := func(n int64, limit int) bool { return limit > 0 && n*10_000 > int64(limit)*r.Settled }; {
	case over(r.Refused, b.RefuseLimit):
		return "too_many_refused"
	case over(r.Failed, b.FailLimit):
		return "too_many_failed"
	}
	return ""
}
