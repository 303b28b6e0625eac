package sending

import (
	"time"

	"loa"
)

// Landing is where an outlet is within its network, and in which area; Why is a code when it cannot be reached.
type Landing struct {
	To   string
	Area loa.AreaID
	Why  string
}

// speakerAhead is how long before its time a play is handed to a loudspeaker, which keeps its own schedule when the network is gone: a
// little less than the 72 hours a device must keep.
const speakerAhead = 71 * time.Hour

// Moment is when an outlet is played or posted, and until when it still may be, should it be late: the hours close. No Until: whenever.
// Why is a code when it never may.
type Moment struct {
	From, Until time.Time
	Why         string
}

// When is the first moment at which an outlet may be played or posted: its own time, or now, if the broadcast's window and the hours of its
// form are open then, else when they next are. An emergency waits for no hours.
func When(b loa.Broadcast, o loa.Outlet, now time.Time, r Rules) Moment {
	at := now
	if o.At.After(now) {
		at = o.At
	}
	if b.Priority == loa.Emergency {
		return Moment{From: at}
	}
	a := Ask{Purpose: b.Purpose, Network: o.Network, At: at, Window: b.Window}
	switch d := hours(a, r); d.Verdict {
	case Fall:
		return Moment{Why: d.Reason}
	case Wait:
		at = d.Until
	}
	m := Moment{From: at}
	if open, _ := openHours(a, r); open.End < loa.Always.End {
		y, month, day := at.In(loa.Zone).Date()
		m.Until = time.Date(y, month, day, 0, open.End, 0, 0, loa.Zone)
	}
	return m
}

// postAhead is how long before its time a post is handed to a network that holds it: long enough for Facebook, which takes none that is less
// than ten minutes ahead, and short, for a post that is handed over can be stopped there alone.
const postAhead = time.Hour

// Ahead is from when on an outlet of a moment may be handed over: a loudspeaker is told early of what has its time, and so is a network that
// holds a post, if it is open at that time.
func Ahead(o loa.Outlet, from time.Time) time.Time {
	if o.Network == loa.SpeakerNetwork && !o.At.IsZero() {
		return from.Add(-speakerAhead)
	}
	if o.Held && from.Equal(o.At) {
		return from.Add(-postAhead)
	}
	return from
}

// outlets are the deliveries of a broadcast to loudspeakers and pages: queued, on a list for those who carry it, or held with the reason.
func (f Fan) outlets(now time.Time) (list []loa.Delivery) {
	for i, o := range f.Broadcast.Outlets {
		at := f.Landing(o)
		d := loa.Delivery{ID: f.NewID(), Office: f.Broadcast.Office, Area: at.Area, Broadcast: f.Broadcast.ID, Place: o.Place, Rung: loa.OutletRung + i, Channel: o.Channel, Network: o.Network, To: at.To, State: loa.DeliveryQueued}
		if d.Area == "" {
			d.Area = f.Broadcast.Area
		}
		when := When(f.Broadcast, o, now, f.Rules)
		if d.NotBefore = Ahead(o, when.From); !d.NotBefore.After(now) {
			d.NotBefore = time.Time{}
		}
		switch {
		case f.Broadcast.Purpose == loa.Advertising && !f.Rules.AdsKnown:
			d.State, d.Code, d.DoneAt = loa.DeliveryHeld, "ad_law_unknown", now
		case at.Why != "":
			d.State, d.Code, d.DoneAt = loa.DeliveryHeld, at.Why, now
		case when.Why != "":
			d.State, d.Code, d.DoneAt = loa.DeliveryHeld, when.Why, now
		case o.Channel == "":
			d.State, d.DoneAt = loa.DeliveryByHand, now
		}
		list = append(list, d)
	}
	return list
}
