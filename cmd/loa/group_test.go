package main

import (
	"slices"
	"testing"
	"time"

	"loa"
	"loa/channel"
	"loa/fake"
	"loa/store"
	"loa/store/storetest"
)

// TestGroupsAreToldOnce: two groups entered by hand, a page of people beside them: each group is written to once, through the account and over
// the wire, the one Zalo will not let it into fails with Zalo's code, and both are counted as places.
func TestGroupsAreToldOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSender(t, db)
		ctx, base := t.Context(), s.gateway
		s.world.Zalo.AddGroups(fake.Group{ID: "7012345678901234567", Name: "Thôn Háng Là"}, fake.Group{ID: "7012345678901234568", Name: "Thôn Ten", Outside: true})
		z, account := &s.world.Zalo.ZaloSettings, loa.ChannelID(loa.NewID())
		set := channel.Settings{"app_id": z.AppID, "app_secret": z.AppSecret, "oa_id": z.OAID, "oa_secret": z.OASecret, "oauth_base": base + "/zalo-oauth", "oa_base": base + "/zalo-oa", "zns_base": base + "/zalo-business", "line": "private",
			"renew_after": s.now().Add(20 * time.Hour).UTC().Format(time.RFC3339)}
		set["access_token"], set["refresh_token"] = s.world.Zalo.Grant()
		sealed, err := s.accounts.Seal(s.Office.ID, account, set)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.AddChannel(ctx, s.Whole, s.By, loa.Channel{ID: account, Area: s.Anchor, Kind: "zalo", Name: "OA", Settings: sealed, State: loa.ChannelOn, Rate: 1000, RatePer: time.Second}); err != nil {
			t.Fatal(err)
		}
		var outlets []loa.Outlet
		for i, to := range []string{"7012345678901234567", "7012345678901234568"} {
			g := loa.Group{Channel: account, To: to, Name: "Thôn", Area: s.Villages[i], Source: "trưởng bản cho mã"}
			id, err := db.AddGroup(ctx, s.Whole, s.By, g)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := db.AddGroup(ctx, s.Whole, s.By, g); err != nil || again != id {
				t.Fatalf("entered twice it is two: %s and %s, %v", id, again, err)
			}
			outlets = append(outlets, loa.Outlet{Form: loa.Zalo, Network: loa.GroupNetwork, Channel: account, Place: loa.PlaceID(id)})
		}
		const words = "Mời bà con họp bản tối thứ bảy."
		s.script = s.saying(t, "Mời họp", loa.ScriptText{Lang: "vietnamese", Kind: "zalo", Text: words}, loa.ScriptText{Lang: "vietnamese", Kind: "post", Text: words})
		id := s.broadcast(t, func(b *loa.Broadcast) { b.Ladder, b.Outlets = nil, outlets; b.Audience = loa.Audience{} })
		if _, err := db.ChangeBroadcast(ctx, s.Whole, loa.By{Officer: s.OfficerOne, At: s.now()}, id, "approved", func(x *loa.Broadcast) error {
			return x.Approve(loa.By{Officer: s.OfficerOne, At: s.now()}, 0, loa.FewMost)
		}); err != nil {
			t.Fatal(err)
		}
		s.run(t, id, loa.BroadcastDone)
		took := s.world.Ledger.Find(fake.Query{Provider: "zalo-oa", Outcome: fake.Taken})
		took = slices.DeleteFunc(took, func(e fake.Entry) bool { return e.To != "7012345678901234567" && e.To != "7012345678901234568" })
		if len(took) != 1 || took[0].To != "7012345678901234567" || took[0].Text == "" {
			t.Errorf("Zalo took %+v", took)
		}
		counts, err := db.DeliveryCounts(ctx, s.Whole, id)
		if err != nil || counts[loa.DeliverySent]+counts[loa.DeliveryDelivered] != 1 || counts[loa.DeliveryFailed] != 1 {
			t.Errorf("%v, %v", counts, err)
		}
		tally, err := db.Tally(ctx, s.Whole, id, func() time.Time { return s.now().Add(time.Hour) })
		if err != nil {
			t.Fatal(err)
		}
		places := int64(0)
		for _, l := range tally.By {
			if l.Place && l.Network == loa.GroupNetwork {
				places += l.N
			}
		}
		if places != 2 {
			t.Errorf("%d groups are counted: %+v", places, tally.By)
		}
	})
}
