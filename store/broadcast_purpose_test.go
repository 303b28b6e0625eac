package store_test

import (
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestNoDoorForAMilderPurpose: whatever page or process takes a broadcast on, the store lets none out whose script was written for a
// stricter purpose; holding and ending it stays open.
func TestNoDoorForAMilderPurpose(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), t.Context()
		s, err := db.SaveScript(ctx, f.Whole, f.By, loa.Script{ID: loa.ScriptID(loa.NewID()), Area: f.Anchor, Name: "Mời mua", Purpose: loa.Advertising, Texts: []loa.ScriptText{{Lang: "vietnamese", Kind: "sms", Text: "Moi mua"}}})
		if err != nil {
			t.Fatal(err)
		}
		begin := func(purpose string) loa.BroadcastID {
			b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: f.Anchor, Title: "Mời mua", Script: s.ID, ScriptVersion: s.Version, Purpose: purpose, Priority: loa.Normal, State: loa.BroadcastDraft, Audience: loa.Audience{Areas: []loa.AreaID{f.CommuneA}},
				Ladder: []loa.Rung{{Network: loa.VisitList}}, Window: loa.Window{From: storetest.Today, End: 1440}}
			if err := db.AddBroadcast(ctx, f.Whole, f.By, b); err != nil {
				t.Fatal(err)
			}
			return b.ID
		}
		to := func(id loa.BroadcastID, state loa.BroadcastState) error {
			_, err := db.ChangeBroadcast(ctx, f.Whole, f.By, id, "sent", func(b *loa.Broadcast) error { return b.Move(state, "") })
			return err
		}
		mild, right := begin(loa.Care), begin(loa.Advertising)
		for _, state := range []loa.BroadcastState{loa.BroadcastSubmitted, loa.BroadcastApproved} {
			if err := to(mild, state); loa.KindOf(err) != loa.Conflict {
				t.Errorf("advertising as care became %s: %v", state, err)
			}
		}
		if err := to(mild, loa.BroadcastStopped); err != nil {
			t.Error(err)
		}
		for _, state := range []loa.BroadcastState{loa.BroadcastSubmitted, loa.BroadcastApproved, loa.BroadcastSending} {
			if err := to(right, state); err != nil {
				t.Errorf("advertising as itself: %s: %v", state, err)
			}
		}
	})
}
