package store_test

import (
	"context"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func TestOnlyAnnouncedSessions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		plan := func(x loa.Session) loa.SessionID {
			t.Helper()
			x.ID, x.Area, x.On, x.StartMin, x.Officers = loa.SessionID(loa.NewID()), f.Villages[0], "2025-12-05", 19*60, []loa.OfficerID{f.OfficerOne}
			if x.Title == "" {
				x.Title = "Buổi của ông Sùng A Mật"
			}
			if _, err := db.AddSession(ctx, f.Whole, f.By, x); err != nil {
				t.Fatal(err)
			}
			return x.ID
		}
		partner, err := db.AddPartner(ctx, f.Whole, f.By, loa.Partner{Area: f.CommuneA, Kind: "women_union", Name: "Hội Phụ nữ"})
		if err != nil {
			t.Fatal(err)
		}
		shown := map[loa.SessionID]bool{
			plan(loa.Session{Form: loa.MarketDesk}):                                            true,
			plan(loa.Session{Form: loa.Conference}):                                            true,
			plan(loa.Session{Form: loa.Conference, Partners: []loa.PartnerID{partner.ID}}):     false,
			plan(loa.Session{Form: loa.Festival, Public: "no"}):                                false,
			plan(loa.Session{Form: loa.SmallGroup}):                                            false,
			plan(loa.Session{Form: loa.SmallGroup, Public: "yes"}):                             true,
			plan(loa.Session{Form: loa.UnionMeeting}):                                          false,
			plan(loa.Session{Form: loa.VisitForm, Household: f.Households[0]}):                 false,
			plan(loa.Session{Form: loa.VisitForm, Public: "yes"}):                              false,
			plan(loa.Session{Form: loa.SmallGroup, Household: f.Households[0], Public: "yes"}): false,
		}
		list, err := db.AnnouncedSessions(ctx, f.Office.ID, "2025-12-01", "2025-12-31")
		if err != nil {
			t.Fatal(err)
		}
		got := map[loa.SessionID]bool{}
		for _, x := range list {
			got[x.ID] = true
			if x.Contact != "Giàng A Mẫu" || x.On != "2025-12-05" {
				t.Errorf("%+v", x)
			}
		}
		for id, want := range shown {
			if got[id] != want {
				t.Errorf("%s is shown: %v", id, got[id])
			}
		}
		if other, err := db.AnnouncedSessions(ctx, f.Other.ID, "2025-12-01", "2025-12-31"); err != nil || len(other) != 0 {
			t.Errorf("another office announces %d, %v", len(other), err)
		}
		places, err := db.PublicPlaces(ctx, f.Office.ID, "2025-12-01")
		if err != nil || len(places) != 2 || len(places[0].Villages) != 2 || places[0].Note != "" {
			t.Errorf("%+v, %v", places, err)
		}
	})
}
