package main

import (
	"testing"

	"loa"
	"loa/sending"
	"loa/store"
	"loa/store/storetest"
)

// TestAGroupIsOnePlace: a group somebody wrote in is an outlet of its account; one that nobody knows, or that wants nothing more, is held
// with the reason.
func TestAGroupIsOnePlace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSender(t, db)
		heard := func(to, key string, kind loa.TurnKind, refuses string) loa.PlaceID {
			t.Helper()
			got, err := db.Receive(t.Context(), s.now(), loa.Incoming{Office: s.Office.ID, Area: s.Villages[0], Channel: s.channel, Key: key, Kind: kind, Network: loa.GroupNetwork, Address: to, Ref: key, Name: "Nhóm " + to, Text: "Chào cán bộ", At: s.now(), Refuses: refuses})
			if err != nil {
				t.Fatal(err)
			}
			return loa.PlaceID(got.Conversation)
		}
		good, gone := heard("g1", "1", loa.TurnIn, ""), heard("g2", "2", loa.TurnIn, "")
		heard("g2", "3", loa.TurnRefusal, "words")
		if list, err := db.Groups(t.Context(), s.OtherScope, s.channel); err != nil || len(list) != 0 {
			t.Errorf("another office sees %+v, %v", list, err)
		}
		for name, c := range map[string]struct {
			place loa.PlaceID
			want  sending.Landing
		}{
			"a group":                         {good, sending.Landing{To: "g1", Area: s.Villages[0]}},
			"a group that wants nothing more": {gone, sending.Landing{Why: "refused", Area: s.Villages[0]}},
			"a group nobody knows":            {"nobody", sending.Landing{Why: "no_group"}},
		} {
			o := loa.Outlet{Form: loa.Zalo, Network: loa.GroupNetwork, Channel: s.channel, Place: c.place}
			landing, _, err := s.engine.landings(t.Context(), loa.Broadcast{Office: s.Office.ID, Outlets: []loa.Outlet{o}})
			if err != nil {
				t.Fatal(err)
			}
			if got := landing(o); got != c.want {
				t.Errorf("%s lands %+v", name, got)
			}
		}
	})
}
