package store_test

import (
	"context"
	"fmt"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func TestPartnersPageByPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		for i := range 7 {
			area := []loa.AreaID{f.CommuneA, f.CommuneB}[i%2]
			if _, err := db.AddPartner(ctx, f.Whole, f.By, loa.Partner{Area: area, Kind: "women_union", Name: fmt.Sprintf("Hội Phụ nữ Đ%d", i)}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := db.AddPartner(ctx, f.Whole, f.By, loa.Partner{Area: f.Anchor, Kind: "post_office", Name: "Bưu điện Mẫu"}); err != nil {
			t.Fatal(err)
		}
		var names []string
		page := store.ListPage{Take: 3}
		for {
			list, total, err := db.Partners(ctx, f.Whole, page, "")
			if err != nil || total != 8 {
				t.Fatalf("%d in all, %v", total, err)
			}
			if len(list) == 0 {
				break
			}
			for _, p := range list {
				names = append(names, p.Name)
			}
			last := list[len(list)-1]
			page.After = store.ListKey(last.Name, string(last.ID))
		}
		if len(names) != 8 || names[0] != "Bưu điện Mẫu" || names[7] != "Hội Phụ nữ Đ6" {
			t.Errorf("went through %v", names)
		}
		for name, c := range map[string]struct {
			in   loa.Scope
			page store.ListPage
			kind string
			want int
		}{"words": {f.Whole, store.ListPage{Words: "phu nu d3"}, "", 1}, "kind": {f.Whole, store.ListPage{}, "post_office", 1}, "commune": {f.Commune1, store.ListPage{}, "", 4},
			"nothing": {f.Nothing, store.ListPage{}, "", 0}, "other": {f.OtherScope, store.ListPage{}, "", 0}, "retired": {f.Whole, store.ListPage{Retired: true}, "", 0}} {
			c.page.Take = 10
			list, total, err := db.Partners(ctx, c.in, c.page, c.kind)
			if err != nil || total != c.want || len(list) != c.want {
				t.Errorf("%s: %d of %d, %v, want %d", name, len(list), total, err, c.want)
			}
		}
	})
}

func TestPartnerChangesAndRests(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		p, err := db.AddPartner(ctx, f.Commune1, f.By, loa.Partner{Area: f.CommuneA, Kind: "school", Name: "Trường A", Meeting: "Thứ Hai đầu tháng"})
		if err != nil {
			t.Fatal(err)
		}
		read := p.ChangeNo
		p.Phone = "+84199000001"
		if _, err := db.SavePartner(ctx, f.Commune1, f.By, p, read); err != nil {
			t.Fatal(err)
		}
		p.Phone = "+84199000002" // from a form read before that
		if clashes, err := db.SavePartner(ctx, f.Commune1, f.By, p, read); err != nil || len(clashes) != 1 || clashes[0].Field != "phone" {
			t.Errorf("overwrote what somebody else wrote: %v %v", clashes, err)
		}
		if _, err := db.SavePartner(ctx, f.Commune2, f.By, p, 0); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling wrote: %v", err)
		}
		p.Area = f.CommuneB
		if _, err := db.SavePartner(ctx, f.Commune1, f.By, p, 0); loa.KindOf(err) != loa.NotFound {
			t.Errorf("moved it out of the own commune: %v", err)
		}
		if err := db.RetirePartner(ctx, f.Commune2, f.By, p.ID, true); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling retired it: %v", err)
		}
		for _, retired := range []bool{true, false} {
			if err := db.RetirePartner(ctx, f.Commune1, f.By, p.ID, retired); err != nil {
				t.Fatal(err)
			}
			if got, err := db.Partner(ctx, f.Commune1, p.ID); err != nil || got.Retired != retired {
				t.Errorf("retired is %v, %v", got.Retired, err)
			}
		}
		for name, bad := range map[string]loa.Partner{"no name": {Kind: "school"}, "no kind": {Name: "x"}, "no area": {Name: "x", Kind: "school"}, "e-mail": {Name: "x", Kind: "school", Email: "@"}} {
			if bad.Area = f.CommuneA; name == "no area" {
				bad.Area = ""
			}
			if _, err := db.AddPartner(ctx, f.Commune1, f.By, bad); loa.KindOf(err) == "" {
				t.Errorf("%s was taken: %v", name, err)
			}
		}
	})
}

func TestPartnerSessionsCountConfirmed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		p, err := db.AddPartner(ctx, f.Whole, f.By, loa.Partner{Area: f.CommuneA, Kind: "women_union", Name: "Hội Phụ nữ"})
		if err != nil {
			t.Fatal(err)
		}
		for i, area := range []loa.AreaID{f.Villages[0], f.Villages[2]} {
			if _, err := db.AddSession(ctx, f.Whole, f.By, loa.Session{ID: loa.SessionID(loa.NewID()), Area: area, Form: loa.Conference, Title: "Hội nghị", On: loa.Day(fmt.Sprintf("2025-12-1%d", i)), State: loa.Planned,
				Partners: []loa.PartnerID{p.ID}, Officers: []loa.OfficerID{f.OfficerOne}}); err != nil {
				t.Fatal(err)
			}
		}
		list, total, confirmed, err := db.PartnerSessions(ctx, f.Whole, p.ID, 0, 10)
		if err != nil || total != 2 || confirmed != 0 || list[0].On != "2025-12-11" {
			t.Errorf("%v of %d, %d confirmed, %v", list, total, confirmed, err)
		}
		if _, total, _, err := db.PartnerSessions(ctx, f.Commune1, p.ID, 0, 10); err != nil || total != 1 {
			t.Errorf("an officer of commune A sees %d sessions: %v", total, err)
		}
	})
}

func TestEmployersAndTheirPlan(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		e, err := db.AddEmployer(ctx, f.Whole, f.By, loa.Employer{Area: f.CommuneA, Code: "TA0001", Name: "Trường Mẫu", Employees: 30, EmployeesOn: "2025-10-31"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.AddEmployer(ctx, f.Whole, f.By, loa.Employer{Area: f.CommuneB, Code: "TA0001", Name: "Khác"}); loa.KindOf(err) != loa.Conflict {
			t.Errorf("one code for two: %v", err)
		}
		if _, err := db.AddEmployer(ctx, f.Whole, f.By, loa.Employer{Area: f.CommuneB, Name: "Không ngày", Employees: 4}); loa.KindOf(err) != loa.Invalid {
			t.Errorf("a number without its day: %v", err)
		}
		if _, err := db.AddEmployer(ctx, f.Whole, f.By, loa.Employer{Area: f.CommuneB, Name: "Trạm Y tế", Employees: 12, EmployeesOn: "2025-10-31"}); err != nil {
			t.Fatal(err)
		}
		e.Employees, e.EmployeesOn = 33, "2025-11-30"
		if _, err := db.SaveEmployer(ctx, f.Commune1, f.By, e, e.ChangeNo); err != nil {
			t.Fatal(err)
		}
		if v, err := db.Versions(ctx, string(e.ID)); err != nil || len(v) != 2 {
			t.Errorf("%d versions, %v", len(v), err)
		}
		list, sum, err := db.Employers(ctx, f.Whole, store.ListPage{Take: 1})
		if err != nil || sum.N != 2 || sum.Employees != 45 || len(list) != 1 || list[0].Name != "Trạm Y tế" {
			t.Errorf("%v, %+v, %v", list, sum, err)
		}
		if _, sum, err := db.Employers(ctx, f.Commune1, store.ListPage{Take: 10}); err != nil || sum.Employees != 33 {
			t.Errorf("an officer of commune A counts %+v, %v", sum, err)
		}
		if plan, err := db.EmployerPlan(ctx, f.Commune1, e.ID); err != nil || len(plan) != 0 {
			t.Errorf("a plan of %v, %v", plan, err)
		}
		if _, err := db.EmployerPlan(ctx, f.Commune2, e.ID); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling sees the plan: %v", err)
		}
		if err := db.RetireEmployer(ctx, f.Whole, f.By, e.ID, true); err != nil {
			t.Fatal(err)
		}
		if _, sum, err := db.Employers(ctx, f.Whole, store.ListPage{Take: 10}); err != nil || sum.N != 1 {
			t.Errorf("%+v after one retired, %v", sum, err)
		}
	})
}

func TestCollectorsAgentsTerritoryLoad(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		list, total, err := db.Collectors(ctx, f.Whole, store.ListPage{Take: 10})
		if err != nil || total != 1 || len(list) != 2 || list[0].ID != f.Collector || list[1].ID != f.Agent {
			t.Fatalf("%v, %d in all, %v", list, total, err)
		}
		if list, _, err := db.Collectors(ctx, f.Whole, store.ListPage{Take: 10, Words: "nhan vien"}); err != nil || len(list) != 2 {
			t.Errorf("an agent's name does not find the organisation: %v %v", list, err)
		}
		third := loa.Collector{Name: "Đại lý mới", Parent: f.Agent}
		if _, err := db.AddCollector(ctx, f.Whole, f.By, third); loa.KindOf(err) != loa.Invalid {
			t.Errorf("an agent of an agent: %v", err)
		}
		third.Parent, third.Officer = "", f.OtherBy.Officer
		if _, err := db.AddCollector(ctx, f.Whole, f.By, third); loa.KindOf(err) != loa.NotFound {
			t.Errorf("an officer from elsewhere: %v", err)
		}
		agent, err := db.Collector(ctx, f.Whole, f.Agent)
		if err != nil {
			t.Fatal(err)
		}
		agent.Capacity = 40
		if _, err := db.SaveCollector(ctx, f.Whole, f.By, agent, agent.ChangeNo); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Collector(ctx, f.OtherScope, f.Agent); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the other office sees it: %v", err)
		}
		line := loa.CollectorArea{Collector: f.Agent, Area: f.CommuneB, From: "2025-09-01", To: "2025-10-31"}
		if err := db.SetTerritory(ctx, f.Commune1, f.By, line); loa.KindOf(err) != loa.NotFound {
			t.Errorf("gave away the sibling's commune: %v", err)
		}
		if err := db.SetTerritory(ctx, f.Whole, f.By, line); err != nil {
			t.Fatal(err)
		}
		over := line
		over.From = "2025-10-01"
		if err := db.SetTerritory(ctx, f.Whole, f.By, over); loa.KindOf(err) != loa.Conflict {
			t.Errorf("overlapping days: %v", err)
		}
		for on, want := range map[loa.Day]int{"2025-09-15": 2, "2025-11-30": 1, "": 2} {
			if all, err := db.Territories(ctx, f.Whole, on); err != nil || len(all[f.Agent]) != want {
				t.Errorf("on %q: %v %v, want %d", on, all[f.Agent], err, want)
			}
		}
		if err := db.DropTerritory(ctx, f.Whole, f.By, line); err != nil {
			t.Fatal(err)
		}
		lead := loa.Lead{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-11-01", HappenedAt: f.By.At}, Person: f.People[0].ID, Scheme: loa.VoluntarySI}
		if err := db.AddLead(ctx, f.Whole, f.By, lead); err != nil {
			t.Fatal(err)
		}
		step := loa.EnrolmentStep{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-11-03", HappenedAt: f.By.At}, Lead: loa.LeadID(lead.ID), Step: loa.Handed, Collector: f.Agent}
		if err := db.AddStep(ctx, f.Whole, f.By, step); err != nil {
			t.Fatal(err)
		}
		loads, err := db.CollectorLoads(ctx, f.Whole, "2025-01-01")
		if want := (store.CollectorLoad{Handed: 1, Waiting: 1, Open: 1, Oldest: "2025-11-03"}); err != nil || loads[f.Agent] != want {
			t.Errorf("the agent has %+v, %v", loads[f.Agent], err)
		}
		if loads, err := db.CollectorLoads(ctx, f.Commune2, "2025-01-01"); err != nil || len(loads) != 0 {
			t.Errorf("the sibling counts %v, %v", loads, err)
		}
	})
}

func TestWhoAVillageListensTo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		v := f.Villages[0]
		elder, err := db.AddInfluencer(ctx, f.Commune1, f.By, loa.Influencer{Area: v, Role: "elder", Name: "Già làng Mẫu", From: "2024-01-01", Person: f.People[0].ID})
		if err != nil {
			t.Fatal(err)
		}
		head, err := db.AddInfluencer(ctx, f.Commune1, f.By, loa.Influencer{Area: v, Role: "village_head", Name: "Trưởng thôn Mẫu", From: "2025-01-01", IntroducedBy: string(elder.ID)})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.EndInfluencer(ctx, f.Commune2, f.By, v, head.ID, "2025-10-31"); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling ended it: %v", err)
		}
		if err := db.EndInfluencer(ctx, f.Commune1, f.By, v, head.ID, "2024-10-31"); loa.KindOf(err) != loa.Invalid {
			t.Errorf("ended before it began: %v", err)
		}
		if err := db.EndInfluencer(ctx, f.Commune1, f.By, v, head.ID, "2025-10-31"); err != nil {
			t.Fatal(err)
		}
		for on, want := range map[loa.Day]int{"2024-06-01": 1, "2025-06-01": 2, "2025-11-30": 1, "": 2} {
			if list, err := db.Influencers(ctx, f.Whole, on); err != nil || len(list) != want {
				t.Errorf("on %q: %v %v, want %d", on, list, err, want)
			}
		}
		if err := db.EndInfluencer(ctx, f.Commune1, f.By, v, head.ID, loa.OpenEnd); err != nil {
			t.Fatal(err)
		}
		list, err := db.InfluencersOf(ctx, f.Commune1, v)
		if err != nil || len(list) != 2 || list[0].ID != head.ID || list[0].IntroducedBy != string(elder.ID) {
			t.Errorf("%v, %v", list, err)
		}
		if _, err := db.AddInfluencer(ctx, f.Commune1, f.By, loa.Influencer{Area: v, Role: "elder", Name: "x", Person: f.OtherPerson.ID}); loa.KindOf(err) != loa.NotFound {
			t.Errorf("linked a person of another office: %v", err)
		}
	})
}

func TestMarketsAndFestivals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		m, err := db.SaveMarket(ctx, f.Commune1, f.By, loa.Market{Area: f.CommuneA, Name: "Chợ Mẫu", Rule: "branch:3,9"})
		if err != nil {
			t.Fatal(err)
		}
		m.Rule = "weekday:7"
		if _, err := db.SaveMarket(ctx, f.Commune1, f.By, m); err != nil {
			t.Fatal(err)
		}
		if list, err := db.Markets(ctx, f.Whole); err != nil || len(list) != 1 || list[0].Rule != "weekday:7" {
			t.Errorf("%v, %v", list, err)
		}
		if v, err := db.Versions(ctx, string(m.ID)); err != nil || len(v) != 1 || v[0].Old != "branch:3,9" {
			t.Errorf("%v, %v", v, err)
		}
		if _, err := db.SaveMarket(ctx, f.Commune2, f.By, m); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling wrote: %v", err)
		}
		stolen := m
		stolen.Area = f.CommuneB
		if _, err := db.SaveMarket(ctx, f.Whole, f.By, stolen); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a market moved to another commune: %v", err)
		}
		gone, err := db.DropMarket(ctx, f.Commune1, f.By, f.CommuneA, m.ID)
		if err != nil || gone.Name != m.Name {
			t.Errorf("dropped %v, %v", gone, err)
		}
		if _, err := db.SaveMarket(ctx, f.Commune1, f.By, gone); err != nil {
			t.Errorf("could not be taken back: %v", err)
		}
		d, err := db.SaveFestival(ctx, f.Commune1, f.By, loa.FestivalDay{Area: f.Villages[0], Name: "Cúng bản", From: "2025-12-20", To: "2025-12-22", Kind: "closed"})
		if err != nil {
			t.Fatal(err)
		}
		d2 := d
		d2.ID, d2.To = "", "2025-12-19"
		if _, err := db.SaveFestival(ctx, f.Commune1, f.By, d2); loa.KindOf(err) != loa.Invalid {
			t.Errorf("a festival running backwards: %v", err)
		}
		if list, err := db.FestivalsOf(ctx, f.Commune1, f.Villages[0]); err != nil || len(list) != 1 {
			t.Errorf("%v, %v", list, err)
		}
		if _, err := db.DropFestival(ctx, f.Commune2, f.By, f.Villages[0], d.ID); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling dropped it: %v", err)
		}
		if _, err := db.DropFestival(ctx, f.Commune1, f.By, f.Villages[0], d.ID); err != nil {
			t.Error(err)
		}
	})
}

func TestBoundariesStayInTheirScope(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		shape := map[loa.AreaID]string{f.CommuneA: `{"type":"MultiPolygon","coordinates":[]}`}
		if _, err := db.SaveBoundaries(ctx, f.Commune2, f.By, shape, "x"); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the sibling drew it: %v", err)
		}
		if _, err := db.SaveBoundaries(ctx, f.Whole, f.By, map[loa.AreaID]string{f.CommuneA: "a", f.OtherArea: "b"}, "x"); loa.KindOf(err) != loa.NotFound {
			t.Errorf("drew another office's area: %v", err)
		}
		if list, err := db.Boundaries(ctx, f.Whole); err != nil || len(list) != 0 {
			t.Errorf("half of a refused file was kept: %v %v", list, err)
		}
		for range 2 { // again replaces
			if _, err := db.SaveBoundaries(ctx, f.Whole, f.By, shape, "Bản đồ mẫu"); err != nil {
				t.Fatal(err)
			}
		}
		list, err := db.Boundaries(ctx, f.Commune1)
		if err != nil || len(list) != 1 || list[0].Source != "Bản đồ mẫu" || list[0].Size != len(shape[f.CommuneA]) {
			t.Errorf("%v, %v", list, err)
		}
		if list, err := db.Boundaries(ctx, f.Commune2); err != nil || len(list) != 0 {
			t.Errorf("the sibling sees %v, %v", list, err)
		}
		if _, err := db.DropBoundary(ctx, f.Commune1, f.By, f.CommuneA); err != nil {
			t.Fatal(err)
		}
		if _, err := db.DropBoundary(ctx, f.Commune1, f.By, f.CommuneA); loa.KindOf(err) != loa.NotFound {
			t.Errorf("dropped twice: %v", err)
		}
	})
}
