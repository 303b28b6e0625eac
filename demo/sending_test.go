package demo_test

import (
	"slices"
	"strings"
	"testing"

	"loa"
	"loa/demo"
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
		if at := slices.IndexFunc(b.Snapshots, func(s loa.Snapshot) bool { return s.ID == x.Snapshot }); (x.State != loa.BroadcastDraft && len(x.Ladder) > 0) != (at >= 0) || at >= 0 && (b.Snapshots[at].N == 0 || b.Snapshots[at].N != len(b.Snapshots[at].Members)) {
			t.Errorf("%s: who it is for is not frozen", x.Title)
		}
	}
	if states[loa.BroadcastDone] != 2 || states[loa.BroadcastSubmitted] != 1 || states[loa.BroadcastDraft] != 1 || states[loa.BroadcastApproved] != 1 {
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
		if d.Broadcast != done.ID {
			continue
		}
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

// TestStations looks at the demo's loudspeakers: one of each kind stands in a village, says that it is made up, and what was announced ended
// as such things end: proved by a device, told by a person, missed, and not yet told.
func TestStations(t *testing.T) {
	b := make1(t, 1)
	villages := map[loa.AreaID]bool{}
	for _, a := range b.Areas {
		villages[a.ID] = a.Kind == loa.Village
	}
	kinds, live := map[loa.StationKind]int{}, 0
	for _, s := range b.Stations {
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
		kinds[s.Kind]++
		if s.Device == demo.LiveSpeaker {
			live++
		}
		if !s.Synthetic || !strings.Contains(s.Name+s.Keeper, "mô phỏng") || !strings.HasPrefix(s.Phone, "+84199") {
			t.Errorf("%s could be taken for a real one", s.Name)
		}
		for _, v := range append(s.Earshot, s.Area) {
			if !villages[v] {
				t.Errorf("%s is heard in %s, which is no village", s.Name, v)
			}
		}
	}
	if kinds[loa.DeviceStation] != 2 || kinds[loa.CommuneStation] != 1 || kinds[loa.AnnouncerStation] != 1 || live != 1 {
		t.Errorf("%v, %d live", kinds, live)
	}
	proofs := map[string]int{}
	for _, p := range b.Plays {
		proofs[string(p.State)+" "+p.Proof]++
		if at := slices.IndexFunc(b.Deliveries, func(d loa.Delivery) bool { return d.ID == p.Delivery && d.Place == p.Station && d.Area == p.Area }); at < 0 {
			t.Errorf("no delivery behind the play at %s", p.Station)
		}
	}
	if len(proofs) != 4 || proofs["played device"] != 1 || proofs["played person"] != 1 || proofs["missed "] != 1 || proofs["planned "] != 1 {
		t.Errorf("%v", proofs)
	}
}
