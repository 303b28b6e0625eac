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

// outlets are the deliveries of a broadcast to loudspeakers and pages: queued, on a list for those who carry it, or held with the reason.
func (f Fan) outlets(now time.Time) (list []loa.Delivery) {
	for i, o := range f.Broadcast.Outlets {
		at := f.Landing(o)
		d := loa.Delivery{ID: f.NewID(), Office: f.Broadcast.Office, Area: at.Area, Broadcast: f.Broadcast.ID, Place: o.Place, Rung: loa.OutletRung + i, Channel: o.Channel, Network: o.Network, To: at.To, State: loa.DeliveryQueued, NotBefore: o.At}
		if d.Area == "" {
			d.Area = f.Broadcast.Area
		}
		if o.Network == loa.SpeakerNetwork && !o.At.IsZero() {
			d.NotBefore = o.At.Add(-speakerAhead)
		}
		var open Decision
		if o.Network == loa.GroupNetwork { // it rings in people's pockets
			open = hours(Ask{Purpose: f.Broadcast.Purpose, Network: o.Network, At: now, Window: f.Broadcast.Window}, f.Rules)
			if f.Broadcast.Priority != loa.Emergency && open.Until.After(d.NotBefore) {
				d.NotBefore = open.Until
			}
		}
		switch {
		case f.Broadcast.Purpose == loa.Advertising && !f.Rules.AdsKnown:
			d.State, d.Code, d.DoneAt = loa.DeliveryHeld, "ad_law_unknown", now
		case at.Why != "":
			d.State, d.Code, d.DoneAt = loa.DeliveryHeld, at.Why, now
		case open.Verdict == Fall && f.Broadcast.Priority != loa.Emergency:
			d.State, d.Code, d.DoneAt = loa.DeliveryHeld, open.Reason, now
		case o.Channel == "":
			d.State, d.DoneAt = loa.DeliveryByHand, now
		}
		list = append(list, d)
	}
	return list
}
