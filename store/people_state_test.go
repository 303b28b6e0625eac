package store_test

import (
	"context"
	"strings"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func newFact(on loa.Day) loa.Fact { return loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: on} }

// quarter is one quarter of voluntary SI that somebody paid.
func quarter(p loa.PersonID, on, from, until loa.Day) loa.Contribution {
	return loa.Contribution{Fact: newFact(on), Person: p, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Quarterly, From: from, Until: until, Months: 3, Amount: 693000}
}

func TestStandingAsOfAnyDayKnowsNothingOfLater(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx, id := context.Background(), f.People[0].ID
		for _, c := range []loa.Contribution{quarter(id, "2025-01-05", "2025-01-01", "2025-03-31"), quarter(id, "2025-05-20", "2025-04-01", "2025-06-30"), quarter(id, "2025-11-02", "2025-11-01", "2026-01-31")} {
			if err := db.AddContribution(ctx, f.Whole, f.By, c); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.AddLeaving(ctx, f.Whole, f.By, loa.Leaving{Fact: newFact("2025-11-20"), Person: id, Scheme: loa.VoluntarySI, Reason: "moved"}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			on     loa.Day
			status loa.Status
			until  loa.Day
			start  loa.StartKind
		}{
			{"2025-01-04", loa.Never, "", ""},
			{"2025-01-05", loa.Participates, "2025-03-31", loa.Joined},
			{"2025-02-15", loa.DueStatus, "2025-03-31", loa.Joined}, // 60 days before the cover ends
			{"2025-05-19", loa.DueStatus, "2025-03-31", loa.Joined}, // in the grace: the payment of the 20th is not known yet
			{"2025-05-20", loa.DueStatus, "2025-06-30", loa.Joined}, // … and now it is
			{"2025-10-15", loa.LapsedStatus, "2025-06-30", ""},      // three months of grace have passed
			{"2025-11-02", loa.Participates, "2026-01-31", loa.Returned},
			{"2025-11-25", loa.LeftStatus, "2026-01-31", ""},
		} {
			spells, err := db.SpellsAsOf(ctx, f.Commune1, id, c.on)
			if err != nil {
				t.Fatal(err)
			}
			st := loa.StandingOn(spells, loa.VoluntarySI, c.on, 60)
			if st.Status != c.status || st.CoveredUntil != c.until {
				t.Errorf("on %s: %s until %s, want %s until %s", c.on, st.Status, st.CoveredUntil, c.status, c.until)
			}
			if c.start != "" && spells[len(spells)-1].StartKind != c.start {
				t.Errorf("on %s the spell began by %s, want %s", c.on, spells[len(spells)-1].StartKind, c.start)
			}
		}
		if _, err := db.SpellsAsOf(ctx, f.Commune2, id, "2025-11-30"); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the other commune's officer reads the standing: %v", err)
		}
		today, err := db.SpellsOf(ctx, f.Whole, []loa.PersonID{id, f.People[1].ID})
		if err != nil || len(today[id]) != 2 || today[id][1].EndKind != loa.Left || len(today[f.People[1].ID]) != 0 {
			t.Errorf("the spells kept are %+v: %v", today, err)
		}
		if hidden, err := db.SpellsOf(ctx, f.Commune2, []loa.PersonID{id}); err != nil || len(hidden) != 0 {
			t.Errorf("the other commune's officer sees spells: %v %v", hidden, err)
		}
		last, err := db.LastPayments(ctx, f.Whole, loa.VoluntarySI, []loa.PersonID{id})
		if err != nil || last[id].HappenedOn != "2025-11-02" || last[id].Amount != 693000 {
			t.Errorf("the last payment is %+v: %v", last, err)
		}
	})
}

func TestRefusalsHoldAcrossAMerge(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		say := func(p loa.PersonID, on loa.Day, channel string, agreed bool) {
			t.Helper()
			c := loa.Consent{Fact: newFact(on), Person: p, Purpose: "care", Channel: channel, Agreed: agreed, How: "spoken"}
			if err := db.AddConsent(ctx, f.Whole, f.By, c); err != nil {
				t.Fatal(err)
			}
		}
		one, two := f.People[0].ID, f.People[4].ID
		say(one, "2025-10-01", "all", true)
		say(two, "2025-10-02", "call", false)
		ids := []loa.PersonID{one, two, f.People[2].ID}
		no, err := db.Refusals(ctx, f.Whole, "care", ids)
		if err != nil || len(no) != 1 || !no[two]["call"] || no[two]["visit"] || no[one] != nil {
			t.Fatalf("refused is %v: %v", no, err)
		}
		if _, err := db.MergePeople(ctx, f.Whole, f.By, one, two); err != nil {
			t.Fatal(err)
		}
		if no, err = db.Refusals(ctx, f.Whole, "care", []loa.PersonID{one}); err != nil || !no[one]["call"] || no[one]["sms"] {
			t.Errorf("after the merge refused is %v: %v", no, err)
		}
		say(one, "2025-11-01", "all", false)
		if no, err = db.Refusals(ctx, f.Whole, "care", []loa.PersonID{one}); err != nil || len(no[one]) != len(loa.Channels) {
			t.Errorf("after refusing everything refused is %v: %v", no, err)
		}
		if no, err = db.Refusals(ctx, f.Commune2, "care", []loa.PersonID{one}); err != nil || len(no) != 0 {
			t.Errorf("the other commune reads refusals: %v %v", no, err)
		}
		if err := db.AddConsent(ctx, f.Whole, f.By, loa.Consent{Fact: newFact("2025-11-01"), Person: one, Purpose: "care", Channel: "sms", How: "by_magic"}); loa.KindOf(err) != loa.Invalid {
			t.Errorf("a way that is not on the list: %v", err)
		}
	})
}

func TestFactsAreTakenBackOnlyByTheirOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx, id := context.Background(), f.People[0].ID
		v := loa.Visit{Fact: newFact("2025-11-01"), Person: id, Form: loa.VisitForm, Outcome: "met", NextOn: "2025-12-06"}
		l := loa.Lead{Fact: newFact("2025-11-02"), Person: id, Scheme: loa.VoluntarySI}
		c := quarter(id, "2025-11-03", "2025-11-01", "2026-01-31")
		gone := loa.Leaving{Fact: newFact("2025-11-04"), Person: id, Scheme: loa.VoluntarySI, Reason: "moved"}
		say := loa.Consent{Fact: newFact("2025-11-05"), Person: id, Purpose: "care", Channel: "all", Agreed: true}
		for _, err := range []error{db.AddVisit(ctx, f.Whole, f.By, v), db.AddLead(ctx, f.Whole, f.By, l), db.AddContribution(ctx, f.Whole, f.By, c), db.AddLeaving(ctx, f.Whole, f.By, gone), db.AddConsent(ctx, f.Whole, f.By, say)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		q := store.TimelineQuery{Home: f.Households[0], People: []loa.PersonID{id, f.People[1].ID}, Until: loa.OpenEnd, Take: 50}
		if n, err := db.TimelineCounts(ctx, f.Whole, q); err != nil || n["attendance"] != 1 || n["lead"] != 3 || n["consent"] != 1 {
			t.Fatalf("the timeline holds %v: %v", n, err)
		}
		for noun, fact := range map[string]loa.FactID{"visit": v.ID, "lead": l.ID, "contribution": c.ID, "leaving": gone.ID, "consent": say.ID} {
			if err := db.TakeBack(ctx, f.Commune2, f.By, noun, id, fact); loa.KindOf(err) != loa.NotFound {
				t.Errorf("the other commune takes a %s back: %v", noun, err)
			}
			if err := db.TakeBack(ctx, f.Whole, f.By, noun, f.People[1].ID, fact); loa.KindOf(err) != loa.NotFound {
				t.Errorf("a %s is taken back as somebody else's: %v", noun, err)
			}
			if err := db.TakeBack(ctx, f.Whole, f.By, noun, id, fact); err != nil {
				t.Errorf("taking a %s back: %v", noun, err)
			}
			if err := db.TakeBack(ctx, f.Whole, f.By, noun, id, fact); loa.KindOf(err) != loa.NotFound {
				t.Errorf("taking a %s back twice: %v", noun, err)
			}
		}
		if err := db.TakeBack(ctx, f.Whole, f.By, "session", id, v.ID); loa.KindOf(err) != loa.Invalid {
			t.Errorf("a noun that is not on the list: %v", err)
		}
		if rows, err := db.Timeline(ctx, f.Whole, q); err != nil || len(rows) != 0 {
			t.Errorf("the timeline still holds %v: %v", rows, err)
		}
		if wrong, err := db.CheckStanding(ctx, f.Office.ID); err != nil || wrong != 0 {
			t.Errorf("%d lines of standing are wrong: %v", wrong, err)
		}
	})
}

func TestTheTimelineIsOneListOfEverything(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx, one, two := context.Background(), f.People[0].ID, f.People[4].ID
		for _, v := range []loa.Visit{{Fact: newFact("2025-11-10"), Person: two, Form: loa.VisitForm, Outcome: "met"}, {Fact: newFact("2025-11-12"), Household: f.Households[0], Form: loa.VisitForm, Outcome: "promised", NextOn: "2025-12-06"}} {
			if err := db.AddVisit(ctx, f.Whole, f.By, v); err != nil {
				t.Fatal(err)
			}
		}
		p := f.People[0]
		p.Note = "nhà có hai con trâu"
		if _, _, err := db.SavePerson(ctx, f.Whole, f.By, p, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := db.MergePeople(ctx, f.Whole, f.By, one, two); err != nil {
			t.Fatal(err)
		}
		q := store.TimelineQuery{Home: f.Households[0], People: []loa.PersonID{one}, Until: loa.OpenEnd, Take: 50}
		rows, err := db.Timeline(ctx, f.Whole, q)
		if err != nil {
			t.Fatal(err)
		}
		var kinds []string
		for i, r := range rows {
			kinds = append(kinds, r.Kind+" "+string(r.On))
			if i > 0 && r.On > rows[i-1].On {
				t.Errorf("row %d is newer than the one before it", i)
			}
			if r.Kind == "visit" && r.On == "2025-11-10" && r.Person != one {
				t.Error("what stood with the merged record is not the survivor's")
			}
		}
		all := strings.Join(kinds, "; ")
		if !strings.Contains(all, "change 2025-11-30") || !strings.Contains(all, "visit 2025-11-12; visit 2025-11-10") {
			t.Errorf("the timeline is %s", all)
		}
		q.Kind = "change"
		only, err := db.Timeline(ctx, f.Whole, q)
		if err != nil || len(only) == 0 || only[0].Kind != "change" {
			t.Errorf("the changes alone are %v: %v", only, err)
		}
		q.Kind = ""
		if hidden, err := db.Timeline(ctx, f.Commune2, q); err != nil || len(hidden) != 0 {
			t.Errorf("the other commune's officer reads %v: %v", hidden, err)
		}
		touches, err := db.TouchesBefore(ctx, f.Whole, one, "2025-11-30")
		if err != nil || len(touches) != 2 {
			t.Errorf("what led to a lead forgets the merged record: %+v %v", touches, err)
		}
		visits, err := db.VisitsOf(ctx, f.Commune1, f.Households[0], []loa.PersonID{one}, 5)
		if err != nil || len(visits) != 2 || visits[0].NextOn != "2025-12-06" {
			t.Errorf("the visits are %+v: %v", visits, err)
		}
	})
}

func TestAHomeIsAddedWholeOrNotAtAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		before := register(t, db)
		good := []loa.Person{{Name: " Vàng  A Tủa ", BornYear: 1990}, {Name: "Sùng Thị Sua", Relation: "spouse"}}
		for what, try := range map[string]struct {
			in     loa.Scope
			area   loa.AreaID
			people []loa.Person
		}{
			"nobody":                 {f.Whole, f.Villages[0], nil},
			"two heads":              {f.Whole, f.Villages[0], []loa.Person{{Name: "A"}, {Name: "B", Relation: "head"}}},
			"a member without name":  {f.Whole, f.Villages[0], []loa.Person{{Name: "A"}, {Name: " "}}},
			"another commune":        {f.Commune2, f.Villages[0], good},
			"another office's place": {f.Whole, f.OtherArea, good},
		} {
			if _, err := db.AddHome(ctx, try.in, f.By, loa.Household{Area: try.area}, append([]loa.Person(nil), try.people...)); loa.KindOf(err) == "" {
				t.Errorf("%s: %v", what, err)
			}
			if register(t, db) != before {
				t.Fatalf("%s leaves something behind", what)
			}
		}
		h, err := db.AddHome(ctx, f.Commune1, f.By, loa.Household{Area: f.Villages[0], Code: "M99"}, good)
		if err != nil {
			t.Fatal(err)
		}
		members, err := db.Members(ctx, f.Whole, h.ID)
		if err != nil || len(members) != 2 || members[0].Name != "Vàng A Tủa" || members[0].Relation != "head" || members[1].Area != f.Villages[0] {
			t.Errorf("the members are %+v: %v", members, err)
		}
		if found, err := db.SearchPeople(ctx, f.Whole, "sung thi sua", 5); err != nil || len(found) != 1 {
			t.Errorf("the new people are not found: %v %v", found, err)
		}
		sound(t, db, f)
	})
}

func TestPeopleViewsBelongToOneOfficer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		other := loa.By{Officer: f.OfficerOne, At: f.By.At}
		v := store.PeopleView{ID: loa.NewID(), Name: "  Nông dân   nam ", Query: "occupation=farmer&sex=male"}
		if err := db.SavePeopleView(ctx, f.Whole, f.By, v); err != nil {
			t.Fatal(err)
		}
		mine, err := db.PeopleViews(ctx, f.Whole, f.By.Officer)
		if err != nil || len(mine) != 1 || mine[0].Name != "Nông dân nam" {
			t.Errorf("kept is %v: %v", mine, err)
		}
		if theirs, err := db.PeopleViews(ctx, f.Whole, f.OfficerOne); err != nil || len(theirs) != 0 {
			t.Errorf("somebody else has %v: %v", theirs, err)
		}
		if err := db.DropPeopleView(ctx, f.Whole, other, v.ID, true); loa.KindOf(err) != loa.NotFound {
			t.Errorf("somebody else forgets it: %v", err)
		}
		for _, drop := range []bool{true, false} {
			if err := db.DropPeopleView(ctx, f.Whole, f.By, v.ID, drop); err != nil {
				t.Fatal(err)
			}
			if mine, err = db.PeopleViews(ctx, f.Whole, f.By.Officer); err != nil || (len(mine) == 0) != drop {
				t.Errorf("after dropping %v: %v %v", drop, mine, err)
			}
		}
		for i := range 12 {
			err = db.SavePeopleView(ctx, f.Whole, f.By, store.PeopleView{ID: loa.NewID(), Name: "x", Query: "sex=male"})
			if i < 11 && err != nil {
				t.Fatal(err)
			}
		}
		if loa.KindOf(err) != loa.Conflict {
			t.Errorf("a thirteenth view: %v", err)
		}
	})
}
