package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"loa"
	"loa/store"
)

// Today is the day the fixture's office lives in.
const Today loa.Day = "2025-11-30"

// Fixture is a small office in a database, and another one in another province that must never be seen from it.
type Fixture struct {
	DB     *store.DB
	Office loa.Office
	By     loa.By // the director, at eight in the morning of Today

	Province, Anchor     loa.AreaID
	CommuneA, CommuneB   loa.AreaID    // the communes of today
	OldA1, OldA2, OldB   loa.AreaID    // the units before 2025-07-01; OldA2 had the code that is CommuneA's now
	Villages             [4]loa.AreaID // 0 and 1 in commune A, 2 and 3 in commune B
	Unstated             loa.AreaID    // the village without a commune, under the office's own node
	Households           [4]loa.HouseholdID
	People               [12]loa.Person // three in each household: head, spouse, child
	Collector, Agent     loa.CollectorID
	Director, OfficerOne loa.OfficerID
	OfficerTwo, Expired  loa.OfficerID
	Administrator        loa.OfficerID
	AgentOfficer, Viewer loa.OfficerID

	Whole, Commune1, Commune2 loa.Scope // the director's, and those of the officers of commune A and B
	Village1                  loa.Scope // one village of commune A
	Nothing                   loa.Scope

	Other       loa.Office
	OtherScope  loa.Scope
	OtherBy     loa.By
	OtherArea   loa.AreaID // a village of the other office
	OtherPerson loa.Person
}

// Office fills a fresh database with the fixture.
func Office(t testing.TB, db *store.DB) *Fixture {
	t.Helper()
	f := &Fixture{DB: db}
	b := f.build()
	if err := db.Fill(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	paths := map[loa.AreaID]string{}
	b.Paths(nil)
	for _, a := range b.Areas {
		paths[a.ID] = a.Path
	}
	in := func(o loa.OfficeID, areas ...loa.AreaID) loa.Scope {
		s := loa.Scope{Office: o}
		for _, a := range areas {
			s.Ranges = append(s.Ranges, loa.Under(paths[a]))
		}
		return s
	}
	f.Whole = in(f.Office.ID, f.CommuneA, f.CommuneB, f.Anchor)
	f.Commune1, f.Commune2 = in(f.Office.ID, f.CommuneA), in(f.Office.ID, f.CommuneB)
	f.Village1 = in(f.Office.ID, f.Villages[0])
	f.Nothing = in(f.Office.ID)
	f.OtherScope = in(f.Other.ID, b.OfficeAreas[len(b.OfficeAreas)-1].Area, f.Other.Anchor)
	return f
}

// ids mints IDs that read as numbers, so that a failing test tells which row it was.
type ids int

func (n *ids) next() string {
	*n++
	return fmt.Sprintf("00000000-0000-7000-8000-%012x", int(*n))
}

func (f *Fixture) build() loa.Bulk {
	n := new(ids)
	made := time.Date(2023, 12, 1, 8, 0, 0, 0, loa.Zone)
	area := func() loa.AreaID { return loa.AreaID(n.next()) }
	f.Office = loa.Office{ID: loa.OfficeID(n.next()), Name: "BHXH cơ sở Mẫu", ShortName: "Mẫu", Superior: "BHXH tỉnh Mẫu", Place: "Mẫu", Symbol: "BHXH-M", CreatedAt: made}
	f.Province, f.Anchor = area(), area()
	f.Office.Province, f.Office.Anchor = f.Province, f.Anchor
	f.CommuneA, f.CommuneB, f.OldA1, f.OldA2, f.OldB = area(), area(), area(), area(), area()
	for i := range f.Villages {
		f.Villages[i] = area()
	}
	f.Unstated = area()
	f.Director, f.OfficerOne, f.OfficerTwo = loa.OfficerID(n.next()), loa.OfficerID(n.next()), loa.OfficerID(n.next())
	f.Administrator, f.AgentOfficer, f.Viewer, f.Expired = loa.OfficerID(n.next()), loa.OfficerID(n.next()), loa.OfficerID(n.next()), loa.OfficerID(n.next())
	f.By = loa.By{Officer: f.Director, At: time.Date(2025, 11, 30, 8, 0, 0, 0, loa.Zone)}

	b := loa.Bulk{By: f.By, Offices: []loa.Office{f.Office}, TerritoryFrom: "2025-07-01"}
	f.territory(&b)
	f.officers(&b, n)
	f.people(&b, n, made)
	f.other(&b, n, made)
	return b
}

func (f *Fixture) territory(b *loa.Bulk) {
	const last, first = loa.Day("2025-06-30"), loa.Day("2025-07-01")
	add := func(id loa.AreaID, kind loa.AreaKind, prefix, name string, office loa.OfficeID) {
		b.Areas = append(b.Areas, loa.Area{ID: id, Kind: kind, Name: name, Prefix: prefix, Office: office})
	}
	code := func(id loa.AreaID, c string, from, to loa.Day) {
		b.Codes = append(b.Codes, loa.AreaCode{Area: id, Code: c, From: from, To: to})
	}
	under := func(id, parent loa.AreaID, from, to loa.Day) {
		b.Parents = append(b.Parents, loa.AreaParent{Area: id, Parent: parent, From: from, To: to})
	}
	o := f.Office.ID
	add(f.Province, loa.Province, "Tỉnh", "Mẫu", "")
	add(f.Anchor, loa.OfficeNode, "", "Chưa rõ xã", o)
	add(f.CommuneA, loa.Commune, "Xã", "Tả Sìn", o)
	add(f.CommuneB, loa.Commune, "Xã", "Đông Phi", o)
	add(f.OldA1, loa.Commune, "Xã", "Tả Sìn cũ", o)
	add(f.OldA2, loa.Commune, "Xã", "Lao Xả", o)
	add(f.OldB, loa.Commune, "Xã", "Đông Phi cũ", o)
	for i, name := range []string{"Háng Là", "Cáng Tý", "Bản Ten", "Huổi Lực"} {
		add(f.Villages[i], loa.Village, "Thôn", name, o)
	}
	add(f.Unstated, loa.Village, "Bản", "Phô Mẫu", o)

	code(f.OldA1, "90001", "2004-01-01", last)
	code(f.OldA2, "90002", "2004-01-01", last)
	code(f.CommuneA, "90002", first, loa.OpenEnd) // the digits of OldA2, with another meaning
	code(f.OldB, "90003", "2004-01-01", last)
	code(f.CommuneB, "90003", first, loa.OpenEnd)

	for _, id := range []loa.AreaID{f.OldA1, f.OldA2, f.OldB} {
		under(id, f.Province, "2004-01-01", last)
	}
	under(f.CommuneA, f.Province, first, loa.OpenEnd)
	under(f.CommuneB, f.Province, first, loa.OpenEnd)
	under(f.Anchor, f.Province, "2004-01-01", loa.OpenEnd)
	under(f.Unstated, f.Anchor, "2004-01-01", loa.OpenEnd)
	for i, id := range f.Villages {
		under(id, []loa.AreaID{f.OldA1, f.OldA2, f.OldB, f.OldB}[i], "2004-01-01", last)
		under(id, []loa.AreaID{f.CommuneA, f.CommuneA, f.CommuneB, f.CommuneB}[i], first, loa.OpenEnd)
	}
	b.Aliases = []loa.AreaAlias{{Area: f.CommuneA, Name: "Tả Xìn"}}
	for _, id := range []loa.AreaID{f.CommuneA, f.CommuneB, f.Anchor} {
		b.OfficeAreas = append(b.OfficeAreas, loa.OfficeArea{Office: o, Area: id, From: "2004-01-01", To: loa.OpenEnd})
	}
}

func (f *Fixture) officers(b *loa.Bulk, n *ids) {
	f.Collector, f.Agent = loa.CollectorID(n.next()), loa.CollectorID(n.next())
	b.Collectors = []loa.Collector{
		{ID: f.Collector, Office: f.Office.ID, Name: "Bưu điện Mẫu", Officer: f.OfficerOne},
		{ID: f.Agent, Office: f.Office.ID, Parent: f.Collector, Name: "Nhân viên thu Mẫu", Officer: f.OfficerOne, Areas: []loa.AreaID{f.CommuneA}},
	}
	add := func(id loa.OfficerID, login, name string, role loa.Role, area loa.AreaID, to loa.Day, agent loa.CollectorID) {
		b.Officers = append(b.Officers, loa.BulkOfficer{Officer: loa.Officer{ID: id, Office: f.Office.ID, LoginName: login, Name: name, Language: "vi",
			Collector: agent, CreatedAt: f.Office.CreatedAt}})
		b.Grants = append(b.Grants, loa.Grant{ID: n.next(), Officer: id, Role: role, Office: f.Office.ID, Area: area, From: "2023-12-01", To: to,
			GivenBy: f.Director, GivenAt: f.Office.CreatedAt})
	}
	add(f.Director, "director", "Lò Thị Mẫu", loa.Director, "", loa.OpenEnd, "")
	add(f.OfficerOne, "officer.one", "Giàng A Mẫu", loa.OfficerRole, f.CommuneA, loa.OpenEnd, "")
	add(f.OfficerTwo, "officer.two", "Quàng Văn Mẫu", loa.OfficerRole, f.CommuneB, loa.OpenEnd, "")
	add(f.Administrator, "administrator", "Nguyễn Văn Mẫu", loa.Administrator, "", loa.OpenEnd, "")
	add(f.AgentOfficer, "agent", "Mùa Thị Mẫu", loa.CollectorRole, "", loa.OpenEnd, f.Agent)
	add(f.Viewer, "viewer", "Trần Văn Mẫu", loa.ProvinceViewer, "", loa.OpenEnd, "")
	add(f.Expired, "expired", "Vàng A Mẫu", loa.Director, "", "2025-06-30", "")
}

func (f *Fixture) people(b *loa.Bulk, n *ids, made time.Time) {
	homes := [4]loa.AreaID{f.Villages[0], f.Villages[1], f.Villages[2], f.Unstated}
	names := [12]string{"Giàng A Chứ", "Sùng Thị Dua", "Giàng Thị Mỷ", "Thào A Chù", "Mùa Thị Xua", "Thào A Páo",
		"Lò Văn Hải", "Quàng Thị Ánh", "Lò Thị Mai", "Dàng A Trứ", "Vàng Thị Súa", "Dàng A Sình"}
	for h, area := range homes {
		home := loa.Household{ID: loa.HouseholdID(n.next()), Office: f.Office.ID, Area: area, Code: fmt.Sprintf("M%02d", h+1), WalkOrder: h + 1}
		f.Households[h] = home.ID
		for m := range 3 {
			i := 3*h + m
			p := loa.Person{ID: loa.PersonID(n.next()), Office: f.Office.ID, Area: area, Household: home.ID, Name: names[i], CreatedAt: made, CreatedBy: f.Director,
				Ethnic: "mong", Language: "mong", Relation: []string{"head", "spouse", "child"}[m], Sex: loa.Male}
			if m == 1 || i == 2 || i == 8 {
				p.Sex = loa.Female
			}
			if h == 2 {
				p.Ethnic, p.Language = "thai", "thai"
			}
			p.BornYear = []int{1980, 1983, 2012}[m] + h
			p.Occupation = []string{"farmer", "small_trader", "pupil"}[m]
			if m == 0 {
				home.Head = p.ID
				p.BornOn = loa.MakeDay(p.BornYear, 3, 5+h)
				p.Phone, p.PhoneOwner = fmt.Sprintf("+84199000%04d", i+1), "self"
			}
			f.People[i] = p
			b.People = append(b.People, p)
		}
		b.Households = append(b.Households, home)
	}
}

// other is the office of another province.
func (f *Fixture) other(b *loa.Bulk, n *ids, made time.Time) {
	province, anchor, commune := loa.AreaID(n.next()), loa.AreaID(n.next()), loa.AreaID(n.next())
	f.OtherArea = loa.AreaID(n.next())
	f.Other = loa.Office{ID: loa.OfficeID(n.next()), Name: "BHXH cơ sở Khác", ShortName: "Khác", Superior: "BHXH tỉnh Khác", Province: province, Anchor: anchor, CreatedAt: made}
	f.OtherBy = loa.By{Officer: loa.OfficerID(n.next()), At: f.By.At}
	f.OtherPerson = loa.Person{ID: loa.PersonID(n.next()), Office: f.Other.ID, Area: f.OtherArea, Name: "Giàng A Chứ", BornYear: 1980, CreatedAt: made, CreatedBy: f.OtherBy.Officer}
	b.Offices = append(b.Offices, f.Other)
	b.People = append(b.People, f.OtherPerson)
	b.Areas = append(b.Areas, loa.Area{ID: province, Kind: loa.Province, Name: "Khác", Prefix: "Tỉnh"},
		loa.Area{ID: anchor, Kind: loa.OfficeNode, Name: "Chưa rõ xã", Office: f.Other.ID},
		loa.Area{ID: commune, Kind: loa.Commune, Name: "Xã khác", Prefix: "Xã", Office: f.Other.ID},
		loa.Area{ID: f.OtherArea, Kind: loa.Village, Name: "Thôn khác", Prefix: "Thôn", Office: f.Other.ID})
	b.Parents = append(b.Parents, loa.AreaParent{Area: anchor, Parent: province, From: "2004-01-01", To: loa.OpenEnd},
		loa.AreaParent{Area: commune, Parent: province, From: "2004-01-01", To: loa.OpenEnd},
		loa.AreaParent{Area: f.OtherArea, Parent: commune, From: "2004-01-01", To: loa.OpenEnd})
	b.OfficeAreas = append(b.OfficeAreas, loa.OfficeArea{Office: f.Other.ID, Area: commune, From: "2004-01-01", To: loa.OpenEnd})
	b.Codes = append(b.Codes, loa.AreaCode{Area: commune, Code: "99001", From: "2004-01-01", To: loa.OpenEnd})
	b.Officers = append(b.Officers, loa.BulkOfficer{Officer: loa.Officer{ID: f.OtherBy.Officer, Office: f.Other.ID, LoginName: "other.director", Name: "Hồ Văn Khác", Language: "vi", CreatedAt: made}})
	b.Grants = append(b.Grants, loa.Grant{ID: n.next(), Officer: f.OtherBy.Officer, Role: loa.Director, Office: f.Other.ID, From: "2023-12-01", To: loa.OpenEnd,
		GivenBy: f.OtherBy.Officer, GivenAt: made})
}
