package store_test

import (
	"context"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestWhoHoldsATime: stations that share a village are known for each other within the office alone, and what is approved to be played but has not
// begun is known until it begins.
func TestWhoHoldsATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		_, device, announcer := speaker(t, f)
		near, err := db.Overheard(ctx, f.Whole, []loa.PlaceID{device.ID, announcer.ID, "none"})
		if err != nil || len(near) != 2 || len(near[device.ID]) != 1 || near[device.ID][0].Name != "Trưởng bản Ten" || near[announcer.ID][0].ID != device.ID {
			t.Errorf("%+v, %v", near, err)
		}
		if near, err = db.Overheard(ctx, loa.Scope{Office: "other"}, []loa.PlaceID{device.ID}); err != nil || len(near) != 0 {
			t.Errorf("another office hears %+v, %v", near, err)
		}
		b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: f.Anchor, Title: "Mời họp bản", Script: "s", Purpose: loa.Care, Priority: loa.Normal, State: loa.BroadcastDraft, Window: loa.Window{From: storetest.Today, End: 1440}, Outlets: []loa.Outlet{{Form: loa.Loudspeaker, Network: loa.SpeakerNetwork, Place: device.ID}}}
		if err := db.AddBroadcast(ctx, f.Whole, f.By, b); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			to   loa.BroadcastState
			want int
		}{{"", 0}, {loa.BroadcastApproved, 1}, {loa.BroadcastPaused, 1}, {loa.BroadcastSending, 0}} {
			if c.to != "" {
				if _, err := db.ChangeBroadcast(ctx, f.Whole, f.By, b.ID, "moved", func(b *loa.Broadcast) error {
					if c.to == loa.BroadcastSending {
						b.SentAt = f.By.At
					}
					return b.Move(c.to, "")
				}); err != nil {
					t.Fatal(err)
				}
			}
			if list, err := db.BroadcastsToAir(ctx, f.Office.ID); err != nil || len(list) != c.want {
				t.Errorf("%q: %d, %v", c.to, len(list), err)
			}
		}
	})
}
