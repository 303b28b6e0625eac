package demo_test

import (
	"slices"
	"testing"

	"loa"
)

// TestSending looks at what the demo's broadcasts say: every one can stand as it is, the one that is over kept every rule it could break,
// and everybody of it ends somewhere.
func TestSending(t *testing.T) {
	b := make1(t, 1)
	states := map[loa.BroadcastState]int{}
	for _, x := range b.Broadcasts {
		states[x.State]++
		if err := x.Check(); err != nil {
			t.Errorf("%s: %v", x.Title, err)
		}
		if at := slices.IndexFunc(b.Scripts, func(s loa.Script) bool { return s.ID == x.Script }); at < 0 || b.Scripts[at].State != loa.ScriptApproved {
			t.Errorf("%s: its script is not approved", x.Title)
		}
		if at := slices.IndexFunc(b.Snapshots, func(s loa.Snapshot) bool { return s.ID == x.Snapshot }); (x.State != loa.BroadcastDraft) != (at >= 0) || at >= 0 && (b.Snapshots[at].N == 0 || b.Snapshots[at].N != len(b.Snapshots[at].Members)) {
			t.Errorf("%s: who it is for is not frozen", x.Title)
		}
	}
	if states[loa.BroadcastDone] != 1 || states[loa.BroadcastSubmitted] != 1 || states[loa.BroadcastDraft] != 1 {
		t.Errorf("%v", states)
	}
	for _, s := range b.Scripts {
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
	done := b.Broadcasts[0]
	agreed := map[loa.PersonID]bool{}
	for _, c := range b.Consents {
		agreed[c.Person] = agreed[c.Person] || c.Agreed && c.Purpose == loa.Care && c.Channel == "all"
	}
	last := map[loa.PersonID]loa.Delivery{}
	counts := map[loa.DeliveryState]int{}
	for _, d := range b.Deliveries {
		before, told := last[d.Person]
		switch {
		case told && (before.State != loa.DeliveryFailed || d.Rung != before.Rung+1):
			t.Errorf("rung %d after %s on rung %d", d.Rung, before.State, before.Rung)
		case !agreed[d.Person]:
			t.Errorf("%s never agreed", d.Person)
		case d.Channel != done.Ladder[d.Rung].Channel || d.Network != done.Ladder[d.Rung].Network:
			t.Errorf("rung %d over %s", d.Rung, d.Network)
		case !d.FirstAt.IsZero() && (d.FirstAt.In(loa.Zone).Hour() < 7 || d.FirstAt.In(loa.Zone).Hour() > 19):
			t.Errorf("sent at %v", d.FirstAt)
		}
		last[d.Person] = d
		counts[d.State]++
	}
	snapshot := b.Snapshots[slices.IndexFunc(b.Snapshots, func(s loa.Snapshot) bool { return s.ID == done.Snapshot })]
	if len(last) != snapshot.N {
		t.Errorf("%d people of %d", len(last), snapshot.N)
	}
	for who, d := range last {
		if d.State == loa.DeliveryFailed {
			t.Errorf("%s fell out", who)
		}
	}
	for _, s := range []loa.DeliveryState{loa.DeliverySeen, loa.DeliveryDelivered, loa.DeliverySent, loa.DeliveryUnsure, loa.DeliveryFailed, loa.DeliveryRefused, loa.DeliveryByHand} {
		if counts[s] == 0 {
			t.Errorf("nothing is %s: %v", s, counts)
		}
	}
	followers := 0
	seen := map[string]bool{}
	for _, a := range b.Addresses {
		if seen[a.Network+a.To] || a.Person == "" || a.Consent == "" || a.LinkedAt.IsZero() {
			t.Errorf("%+v", a)
		}
		seen[a.Network+a.To] = true
		followers++
	}
	t.Logf("%d people: %v; %d followers, %d accounts", len(last), counts, followers, len(b.Channels))
}
