package main

import (
	"testing"

	"loa"
	"loa/channel"
	"loa/sending"
	"loa/store"
	"loa/store/storetest"
)

// TestAPostWaitsForItsPage: a page whose account is gone holds the post for good and says why; one that cannot be read just now, because its
// secrets were sealed by another key, is an error to try again after, and the post is not given up.
func TestAPostWaitsForItsPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSender(t, db)
		page := func(settings []byte) loa.ChannelID {
			t.Helper()
			id := loa.ChannelID(loa.NewID())
			if settings == nil {
				var err error
				if settings, err = s.accounts.Seal(s.Office.ID, id, channel.Settings{"page_id": "1234567890"}); err != nil {
					t.Fatal(err)
				}
			}
			if err := db.AddChannel(t.Context(), s.Whole, s.By, loa.Channel{ID: id, Area: s.Anchor, Kind: "facebook", Name: "Trang", Settings: settings, State: loa.ChannelOn}); err != nil {
				t.Fatal(err)
			}
			return id
		}
		good, sealed := page(nil), page([]byte("sealed by another key"))
		for name, c := range map[string]struct {
			channel loa.ChannelID
			want    sending.Landing
			fails   bool
		}{
			"a page":                 {good, sending.Landing{To: "1234567890"}, false},
			"a page that is gone":    {"nobody", sending.Landing{Why: "no_page"}, false},
			"a page nobody can open": {sealed, sending.Landing{}, true},
		} {
			o := loa.Outlet{Form: loa.PageForm, Network: "fb_page", Channel: c.channel}
			landing, _, err := s.engine.landings(t.Context(), loa.Broadcast{Office: s.Office.ID, Outlets: []loa.Outlet{o}})
			if (err != nil) != c.fails {
				t.Errorf("%s: %v", name, err)
			}
			if err == nil {
				if got := landing(o); got != c.want {
					t.Errorf("%s lands %+v", name, got)
				}
			}
		}
	})
}
