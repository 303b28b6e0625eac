package planning

import (
	"strconv"
	"time"

	"loa"
)

// Clash is why an announcement should not be made at a station at its time.
type Clash struct {
	Kind   string    // "quiet", "taken", "no_slot", "overlap" or "earshot"
	Slot   loa.Slot  // the programme that has the time
	With   loa.Play  // the other announcement
	Yields bool      // the other is as pressing or more, and came first: this one should move
	Free   time.Time // the station's next time of its own; zero: it has none
}

// ToCome are the plays of a broadcast that has not begun, as they will be planned: an outlet without a time is played when the broadcast
// begins. seconds says how long the recording for a station is. Their IDs sort behind those of plays in the ledger, which came first.
func ToCome(b loa.Broadcast, begins time.Time, seconds func(loa.PlaceID) int) (out []loa.Play) {
	for i, o := range b.Outlets {
		if o.Network != loa.SpeakerNetwork {
			continue
		}
		p := loa.Play{Delivery: loa.DeliveryID("~" + string(b.ID) + "." + strconv.Itoa(i)), Office: b.Office, Area: b.Area, Station: o.Place, Broadcast: b.ID, Title: b.Title, Priority: b.Priority, At: o.At, Seconds: seconds(o.Place), Repeat: max(1, o.Repeat), State: loa.PlayPlanned}
		if p.At.IsZero() {
			p.At = begins
		}
		out = append(out, p)
	}
	return out
}

// Clashes are what stands against a play at a station: the night, another programme, another play there, and another play at a station
// that the same villages hear. An emergency minds only another emergency. others may hold the play itself.
func Clashes(s loa.Station, p loa.Play, others []loa.Play, hours loa.Hours) (out []Clash) {
	add := func(c Clash) {
		if next := s.Next(p.At, 1); len(next) > 0 && !next[0].Equal(p.At) {
			c.Free = next[0]
		} else if next := s.Next(p.At.Add(time.Minute), 1); len(next) > 0 {
			c.Free = next[0]
		}
		out = append(out, c)
	}
	urgent := p.Priority == loa.Emergency
	at, end := minuteOf(p.At), minuteOf(p.Until().Add(-time.Second))
	if !urgent && (at < hours.Start || end >= hours.End || end < at) {
		add(Clash{Kind: "quiet", Yields: true})
	}
	if !urgent {
		own, ours := false, false
		for _, slot := range s.Slots {
			inside := slot.On(p.At.In(loa.Zone).Weekday()) && at < slot.Start+slot.Minutes && end >= slot.Start
			switch {
			case slot.Taken && inside:
				add(Clash{Kind: "taken", Slot: slot, Yields: p.Priority != loa.Pressing})
			case !slot.Taken:
				own = true
				ours = ours || inside
			}
		}
		if own && !ours {
			add(Clash{Kind: "no_slot"})
		}
	}
	for _, o := range others {
		if o.Delivery == p.Delivery || o.State.Over() || !o.Meets(p) || urgent && o.Priority != loa.Emergency {
			continue
		}
		kind := "earshot"
		if o.Station == s.ID {
			kind = "overlap"
		}
		add(Clash{Kind: kind, With: o, Yields: pressing[o.Priority] > pressing[p.Priority] || pressing[o.Priority] == pressing[p.Priority] && o.Delivery < p.Delivery})
	}
	return out
}

var pressing = map[loa.Priority]int{loa.Normal: 0, loa.Pressing: 1, loa.Emergency: 2}

func minuteOf(t time.Time) int {
	t = t.In(loa.Zone)
	return t.Hour()*60 + t.Minute()
}
