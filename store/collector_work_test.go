package store_test

import (
	"context"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func TestCollectorsAreOfferedByTerritory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		free, err := db.AddCollector(ctx, f.Whole, f.By, loa.Collector{Name: "A không địa bàn"})
		if err != nil {
			t.Fatal(err)
		}
		under, err := db.AddCollector(ctx, f.Whole, f.By, loa.Collector{Name: "B nhân viên", Parent: free.ID})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.SetTerritory(ctx, f.Whole, f.By, loa.CollectorArea{Collector: free.ID, Area: f.Villages[0], From: "2025-09-01", To: "2025-09-30"}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			area  loa.AreaID
			on    loa.Day
			first loa.CollectorID
			near  int
		}{
			{f.Villages[0], "2025-09-15", under.ID, 3}, // through its organisation's village, before the agent that has the commune
			{f.Villages[1], "2025-09-15", f.Agent, 1},
			{f.Villages[0], "2025-10-01", f.Agent, 1},
			{f.Villages[2], "2025-09-15", "", 0},
			{f.Villages[0], "2025-06-30", "", 0}, // before anybody had it
		} {
			list, err := db.CollectorOffers(ctx, f.Whole, c.area, c.on)
			near := 0
			for _, o := range list {
				if o.Covers {
					near++
				}
			}
			if err != nil || len(list) != 4 || near != c.near || c.first != "" && list[0].ID != c.first {
				t.Errorf("%s on %s: %d near, first %s, %v; want %d and %s", c.area, c.on, near, list[0].Name, err, c.near, c.first)
			}
		}
		if _, err := db.CollectorOffers(ctx, f.Commune2, f.Villages[0], "2025-09-15"); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling asks for a village that is not theirs: %v", err)
		}
		if err := db.RetireCollector(ctx, f.Whole, f.By, free.ID, true); err != nil {
			t.Fatal(err)
		}
		if list, err := db.CollectorOffers(ctx, f.Whole, f.Villages[0], "2025-09-15"); err != nil || len(list) != 2 {
			t.Errorf("%d are offered after one with its agent went, %v", len(list), err)
		}
	})
}

func TestHandOversInWalkingOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		fact := func(on loa.Day) loa.Fact {
			return loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: on, HappenedAt: f.By.At}
		}
		step := func(lead loa.Lead, on loa.Day, s loa.Step, to loa.CollectorID) {
			t.Helper()
			if err := db.AddStep(ctx, f.Whole, f.By, loa.EnrolmentStep{Fact: fact(on), Lead: loa.LeadID(lead.ID), Step: s, Collector: to}); err != nil {
				t.Fatal(err)
			}
		}
		var leads []loa.Lead
		for _, i := range []int{3, 0, 6, 4} { // people of two villages of commune A and one of commune B
			l := loa.Lead{Fact: fact("2025-11-01"), Person: f.People[i].ID, Scheme: loa.VoluntarySI}
			if err := db.AddLead(ctx, f.Whole, f.By, l); err != nil {
				t.Fatal(err)
			}
			leads = append(leads, l)
		}
		step(leads[0], "2025-11-03", loa.Handed, f.Agent)
		step(leads[1], "2025-11-04", loa.Handed, f.Collector)
		step(leads[1], "2025-11-10", loa.Registered, "")
		step(leads[2], "2025-11-05", loa.Handed, f.Agent)
		list, total, err := db.HandOvers(ctx, f.Whole, f.Collector, 0, 10)
		if err != nil || total != 3 || len(list) != 3 || list[0].Name != "Giàng A Chứ" || list[0].House != "M01" || list[0].Handed != "2025-11-04" || list[0].Step != loa.Registered || list[1].Name != "Thào A Chù" {
			t.Errorf("the organisation walks %+v of %d, %v", list, total, err)
		}
		if list, total, err := db.HandOvers(ctx, f.Whole, f.Agent, 0, 1); err != nil || total != 2 || len(list) != 1 {
			t.Errorf("the agent walks %d of %d, %v", len(list), total, err)
		}
		if _, total, err := db.HandOvers(ctx, f.Commune2, f.Collector, 0, 10); err != nil || total != 1 {
			t.Errorf("an officer of commune B sees %d, %v", total, err)
		}
		if rows, total, err := db.Enrolments(ctx, f.Whole, store.EnrolmentFilter{Collector: f.Collector, Since: "2025-01-01"}, 0, 10); err != nil || total != 3 || len(rows) != 3 {
			t.Errorf("an organisation's pipeline holds its agents': %d, %v", total, err)
		}
		if err := db.AddStep(ctx, f.Whole, f.By, loa.EnrolmentStep{Fact: fact("2025-11-06"), Lead: loa.LeadID(leads[3].ID), Step: loa.Handed, Collector: loa.CollectorID(loa.NewID())}); loa.KindOf(err) != loa.NotFound {
			t.Errorf("handed to nobody the office knows: %v", err)
		}
		step(leads[0], "2025-11-20", loa.Registered, "")
		pay := loa.Contribution{Fact: fact("2025-11-25"), Person: f.People[3].ID, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Monthly, From: "2025-11-01", Until: "2025-11-30", Months: 1, Amount: 100,
			Collector: f.Agent, Lead: loa.LeadID(leads[0].ID)}
		if err := db.PayLead(ctx, f.Whole, f.By, pay); err != nil {
			t.Fatal(err)
		}
		if days, err := db.PaidAfter(ctx, f.Whole, f.Collector, "2025-01-01"); err != nil || len(days) != 1 || days[0] != 22 {
			t.Errorf("from the hand-over to the payment: %v, %v", days, err)
		}
		loads, err := db.CollectorLoads(ctx, f.Whole, "2025-01-01")
		if want := (store.CollectorLoad{Handed: 2, Waiting: 1, Open: 1, Oldest: "2025-11-05", Paid: 1}); err != nil || loads[f.Agent] != want {
			t.Errorf("the agent has %+v, %v", loads[f.Agent], err)
		}
		logins, err := db.LoginsOf(ctx, f.Whole, f.Agent)
		if err != nil || len(logins) != 1 || logins[0].ID != f.AgentOfficer {
			t.Errorf("who signs in for the agent: %v, %v", logins, err)
		}
	})
}

func TestEmployersOfficialListAndPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		e, err := db.AddEmployer(ctx, f.Whole, f.By, loa.Employer{Area: f.CommuneA, Code: "TA0001", Name: "Trường Mẫu", Employees: 30, EmployeesOn: "2025-10-31"})
		if err != nil {
			t.Fatal(err)
		}
		pay := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-01-05", HappenedAt: f.By.At}, Person: f.People[0].ID, Scheme: loa.CompulsorySI, Payer: loa.PaysEmployer, Method: loa.Ongoing,
			From: "2025-01-01", Until: loa.OpenEnd, Employer: e.ID, Source: "employer_list"}
		if err := db.AddContribution(ctx, f.Whole, f.By, pay); err != nil {
			t.Fatal(err)
		}
		if w, err := db.Workforce(ctx, f.Whole, e.ID, storetest.Today, "2024-11-30"); err != nil || w != (store.Workforce{Known: 1, Phone: 1}) {
			t.Errorf("the register knows %+v, %v", w, err)
		}
		if w, err := db.Workforce(ctx, f.Whole, e.ID, "2024-12-31", "2024-11-30"); err != nil || w.Known != 0 {
			t.Errorf("before anybody was paid for: %+v, %v", w, err)
		}
		if list, err := db.EmployerPeople(ctx, f.Commune1, e.ID, storetest.Today, 0, 10); err != nil || len(list) != 1 || list[0].ID != f.People[0].ID {
			t.Errorf("who works there: %v, %v", list, err)
		}
		if _, err := db.EmployerPeople(ctx, f.Commune2, e.ID, storetest.Today, 0, 10); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling reads who works there: %v", err)
		}
		s, err := db.AddSession(ctx, f.Whole, f.By, loa.Session{ID: loa.SessionID(loa.NewID()), Area: f.Villages[0], Form: loa.Conference, Title: "Tại trường", On: "2025-12-10", Employer: e.ID, Officers: []loa.OfficerID{f.OfficerOne}})
		if err != nil {
			t.Fatal(err)
		}
		if list, err := db.EmployerSessions(ctx, f.Whole, e.ID, 10); err != nil || len(list) != 1 || list[0].Session != s.ID {
			t.Errorf("sessions there: %v, %v", list, err)
		}
		if list, err := db.EmployerSessions(ctx, f.Commune2, e.ID, 10); err != nil || len(list) != 0 {
			t.Errorf("the sibling sees sessions there: %v, %v", list, err)
		}
		count := []store.EmployerCount{{Employer: e.ID, Employees: 33}}
		if _, _, err := db.SaveEmployerCounts(ctx, f.Commune2, f.By, "2025-11-30", count); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling wrote: %v", err)
		}
		for i, c := range []struct {
			on             loa.Day
			changed, later int
		}{{"2025-11-30", 1, 0}, {"2025-11-30", 0, 0}, {"2025-10-31", 0, 1}} {
			if changed, later, err := db.SaveEmployerCounts(ctx, f.Commune1, f.By, c.on, count); err != nil || changed != c.changed || later != c.later {
				t.Errorf("list %d: %d changed, %d later, %v", i, changed, later, err)
			}
		}
		if _, _, err := db.SaveEmployerCounts(ctx, f.Commune1, f.By, "2025-12-01", count); loa.KindOf(err) != loa.Invalid {
			t.Errorf("a list of tomorrow: %v", err)
		}
		if v, err := db.Versions(ctx, string(e.ID)); err != nil || len(v) != 2 {
			t.Errorf("%d versions, %v", len(v), err)
		}
	})
}

func TestAnOldFormOverwritesNothingItLeftAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		p, err := db.AddPartner(ctx, f.Whole, f.By, loa.Partner{Area: f.CommuneA, Kind: "school", Name: "Trường A", Contact: "cũ", Meeting: "thứ Hai"})
		if err != nil {
			t.Fatal(err)
		}
		mine, theirs, read := p, p, p.ChangeNo
		theirs.Contact, theirs.Meeting = "mới", "thứ Ba"
		if _, err := db.SavePartner(ctx, f.Whole, f.By, theirs, read); err != nil {
			t.Fatal(err)
		}
		mine.Address = "Trung tâm xã"
		if clashes, err := db.SavePartner(ctx, f.Whole, f.By, mine, read); err != nil || len(clashes) != 0 {
			t.Fatalf("another field: %v %v", clashes, err)
		}
		if got, err := db.Partner(ctx, f.Whole, p.ID); err != nil || got.Contact != "mới" || got.Meeting != "thứ Ba" || got.Address != "Trung tâm xã" {
			t.Errorf("kept %+v, %v", got, err)
		}
		mine.Contact = "của tôi"
		if clashes, err := db.SavePartner(ctx, f.Whole, f.By, mine, read); err != nil || len(clashes) != 1 || clashes[0].Field != "contact" || clashes[0].Old != "mới" {
			t.Errorf("the same field: %v %v", clashes, err)
		}
		if then, err := db.ValuesAt(ctx, string(p.ID), read); err != nil || then["contact"] != "cũ" || then["meeting"] != "thứ Hai" {
			t.Errorf("as the form was read: %v %v", then, err)
		}
	})
}
