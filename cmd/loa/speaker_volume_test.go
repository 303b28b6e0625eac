package main

import (
	"testing"

	"loa"
	"loa/store/storetest"
)

// TestSpeakersPlayAtTheirVolume: an Axis speaker is told with every play how loud its station is to be; a device of ours keeps what it was
// told when it connected.
func TestSpeakersPlayAtTheirVolume(t *testing.T) {
	db := storetest.SQLite(t)
	s := newSender(t, db)
	ctx, other := t.Context(), loa.By{Officer: s.OfficerOne, At: s.now()}
	script := s.spoken(t, "mong")
	for kind, want := range map[string]int{"loudspeaker": 0, "loudspeaker_axis": 45} {
		c := loa.Channel{ID: loa.ChannelID(loa.NewID()), Area: s.Anchor, Kind: kind, Name: kind, Settings: []byte("sealed"), State: loa.ChannelOn}
		if err := db.AddChannel(ctx, s.Whole, s.By, c); err != nil {
			t.Fatal(err)
		}
		x, err := db.AddStation(ctx, s.Whole, s.By, loa.Station{Area: s.Villages[0], Kind: loa.DeviceStation, Name: "Loa " + kind, Channel: c.ID, Volume: 45, Languages: []string{"mong"}, Earshot: []loa.AreaID{s.Villages[0]}})
		if err != nil {
			t.Fatal(err)
		}
		b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: s.Anchor, Title: "Mời họp", Script: script.ID, ScriptVersion: script.Version, Purpose: loa.Administrative, Priority: loa.Normal, State: loa.BroadcastDraft, Window: loa.Window{From: storetest.Today, End: 1440},
			Outlets: []loa.Outlet{{Form: loa.Loudspeaker, Network: loa.SpeakerNetwork, Channel: c.ID, Place: x.ID}}}
		if err := db.AddBroadcast(ctx, s.Whole, s.By, b); err != nil {
			t.Fatal(err)
		}
		for _, to := range []loa.BroadcastState{loa.BroadcastApproved, loa.BroadcastSending} {
			if _, err := db.ChangeBroadcast(ctx, s.Whole, other, b.ID, "sent", func(b *loa.Broadcast) error { return b.Move(to, "") }); err != nil {
				t.Fatal(err)
			}
		}
		d := loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Office: s.Office.ID, Area: x.Area, Broadcast: b.ID, Place: x.ID, Rung: loa.OutletRung, Channel: c.ID, Network: loa.SpeakerNetwork, To: x.Device, State: loa.DeliveryQueued}
		out, err := newComposer(db, s.now, "").Compose(ctx, []loa.Delivery{d}, s.now())
		if err != nil || len(out) != 1 || !out[0].Send || len(out[0].Message.Media) != 1 || out[0].Message.Volume != want {
			t.Errorf("%s: %+v, %v, want volume %d", kind, out, err, want)
		}
	}
}
