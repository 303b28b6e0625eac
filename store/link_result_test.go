package store_test

import (
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestWhatCameThroughALink: a broadcast has one link a channel, kept when it is submitted again; openings, questions, who asked and leads
// are counted for the link they came through, and openings in the report by the form that told it, in the scope they lie in.
func TestWhatCameThroughALink(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), t.Context()
		make := func(network, account, page string) loa.Link {
			t.Helper()
			l, err := db.SaveLink(ctx, f.Whole, f.By, loa.Link{ID: loa.LinkID(loa.NewID()), Area: f.CommuneA, Kind: loa.BroadcastLink, Page: page, Noun: "broadcast", NounID: "b1", Network: network, Channel: loa.ChannelID(account), Label: "Nhắc đóng"})
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		zalo, sms, other := make("zalo", "c1", "home"), make("tel", "c2", "ask"), make("tel", "c3", "")
		if zalo.Code == sms.Code || sms.Code == other.Code {
			t.Errorf("two channels share a link: %s %s %s", zalo.Code, sms.Code, other.Code)
		}
		if again := make("tel", "c2", "sessions"); again.ID != sms.ID || again.Code != sms.Code || again.Page != "sessions" {
			t.Errorf("submitted again it is %+v", again)
		}
		if got, err := db.LinkByCode(ctx, sms.Code); err != nil || got.Page != "sessions" || got.Network != "tel" || got.Channel != "c2" || got.Form() != loa.SMS {
			t.Errorf("%+v, %v", got, err)
		}
		for _, who := range []string{"a", "b", "a"} {
			if err := db.CountVisit(ctx, sms.ID, storetest.Today, who); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.CountVisit(ctx, zalo.ID, storetest.Today.Add(-1), "a"); err != nil {
			t.Fatal(err)
		}
		p := f.People[0]
		for i, person := range []loa.PersonID{p.ID, ""} {
			q := loa.Question{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), Area: p.Area}, Person: person, Form: sms.Form(), Text: []string{"Đóng ở đâu vậy?", "Bao giờ hết hạn?"}[i]}
			if err := db.AskPublicly(ctx, f.Office.ID, f.By.At, q, loa.Asker{Page: "ask", Lang: "vi", Link: sms.ID}, ""); err != nil {
				t.Fatal(err)
			}
		}
		for i, on := range []loa.Day{storetest.Today.Add(-3), storetest.Today} { // the first began before anybody asked
			l := loa.Lead{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: on}, Person: p.ID, Scheme: loa.Schemes[i]}
			if err := db.AddLead(ctx, f.Whole, f.By, l); err != nil {
				t.Fatal(err)
			}
		}
		list, err := db.LinkResults(ctx, f.Whole, "b1")
		if err != nil || len(list) != 3 {
			t.Fatalf("%+v, %v", list, err)
		}
		for i, want := range [][5]int64{{1, 1, 0, 0, 0}, {3, 2, 2, 1, 1}, {0, 0, 0, 0, 0}} {
			if x := list[i]; [5]int64{x.Visits, x.Visitors, x.Asked, x.People, x.Leads} != want {
				t.Errorf("%s/%s: %d times opened by %d, %d asked, %d known, %d leads, not %v", x.Network, x.Channel, x.Visits, x.Visitors, x.Asked, x.People, x.Leads, want)
			}
		}
		for name, in := range map[string]loa.Scope{"another commune": f.Commune2, "another office": f.OtherScope, "nobody": f.Nothing} {
			if list, err := db.LinkResults(ctx, in, "b1"); err != nil || len(list) != 0 {
				t.Errorf("%s sees %+v, %v", name, list, err)
			}
		}
		for _, c := range []struct {
			in       loa.Scope
			from, to loa.Day
			sms      int64
			zalo     int64
		}{{f.Whole, storetest.Today.Add(-1), storetest.Today, 2, 1}, {f.Whole, storetest.Today, storetest.Today, 2, 0}, {f.Commune2, storetest.Today.Add(-1), storetest.Today, 0, 0}} {
			got := map[loa.Form]int64{}
			tallies, err := db.TouchTallies(ctx, c.in, "", c.from, c.to)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range tallies {
				got[x.Form] = x.Clicks
			}
			if got[loa.SMS] != c.sms || got[loa.Zalo] != c.zalo {
				t.Errorf("from %s to %s: %v", c.from, c.to, got)
			}
		}
	})
}
