package webtest

import (
	"loa"
)

// Office is one invented office: two communes with a village each and a village without a commune, the officers of every
// role, and one record of each noun. What belongs to a place lies in the first commune.
type Office struct {
	ID                 loa.OfficeID
	Word               string // what its login names begin with
	Anchor             loa.AreaID
	Commune1, Commune2 loa.AreaID
	Village1, Village2 loa.AreaID
	Loose              loa.AreaID // a village whose commune nobody stated
	Household          loa.HouseholdID
	Household2         loa.HouseholdID // in the second commune
	Person             loa.PersonID    // in the first commune, covered by voluntary SI
	Person2            loa.PersonID    // in the second commune
	Segment            loa.SegmentID
	Matrix             loa.MatrixID
	Held, Planned      loa.SessionID
	Attendance         loa.FactID
	Question           loa.FactID
	Lead               loa.FactID
	Visit              loa.FactID
	Contribution       loa.FactID
	Partner            loa.PartnerID
	Collector          loa.CollectorID
	Employer           loa.EmployerID
	Influencer         loa.InfluencerID
	Market             loa.MarketID
	Festival           loa.FestivalID
	Story              loa.StoryID     // approved, of the person in the first commune
	Clip               loa.ClipID      // in use, a voice for the calculator
	Script             loa.ScriptID    // in use, of the first commune
	Channel            loa.ChannelID   // Zalo; the home office alone has one
	Broadcast          loa.BroadcastID // a draft, in the first commune
	Target             string
	Grant              string // the officer's role
	Officers           map[string]loa.OfficerID
}

func addProvince(b *loa.Bulk, code, name string) loa.AreaID {
	id := loa.AreaID(loa.NewID())
	b.Areas = append(b.Areas, loa.Area{ID: id, Kind: loa.Province, Name: name, Prefix: "Tỉnh", Synthetic: true})
	b.Codes = append(b.Codes, loa.AreaCode{Area: id, Code: code, From: "2025-07-01", To: loa.OpenEnd, Source: "webtest"})
	return id
}

func addArea(b *loa.Bulk, office loa.OfficeID, parent loa.AreaID, kind loa.AreaKind, prefix, name string) loa.AreaID {
	id := loa.AreaID(loa.NewID())
	b.Areas = append(b.Areas, loa.Area{ID: id, Kind: kind, Name: name, Prefix: prefix, Office: office, Synthetic: true})
	b.Parents = append(b.Parents, loa.AreaParent{Area: id, Parent: parent, From: "2023-01-01", To: loa.OpenEnd, Source: "webtest"})
	return id
}

func addOffice(b *loa.Bulk, province loa.AreaID, word, name string) Office {
	o := Office{ID: loa.OfficeID(loa.NewID()), Word: word, Officers: map[string]loa.OfficerID{}}
	o.Anchor = addArea(b, o.ID, province, loa.OfficeNode, "", name)
	o.Commune1 = addArea(b, o.ID, province, loa.Commune, "Xã", "Nhất "+word)
	o.Commune2 = addArea(b, o.ID, province, loa.Commune, "Xã", "Nhì "+word)
	o.Village1 = addArea(b, o.ID, o.Commune1, loa.Village, "Bản", "Một "+word)
	o.Village2 = addArea(b, o.ID, o.Commune2, loa.Village, "Thôn", "Hai "+word)
	o.Loose = addArea(b, o.ID, o.Anchor, loa.Village, "Thôn", "Chưa Rõ "+word)
	for _, id := range []loa.AreaID{o.Anchor, o.Commune1, o.Commune2} {
		b.OfficeAreas = append(b.OfficeAreas, loa.OfficeArea{Office: o.ID, Area: id, From: "2023-01-01", To: loa.OpenEnd})
	}
	b.Offices = append(b.Offices, loa.Office{ID: o.ID, Name: "Bảo hiểm xã hội " + name, ShortName: name, Superior: "Bảo hiểm xã hội tỉnh", Place: "Mẫu", Symbol: "BHXH-" + word,
		Province: province, Anchor: o.Anchor, Synthetic: word == "mau", AsOf: Today, CreatedAt: b.By.At})
	addOfficers(b, &o)
	addPeople(b, &o)
	addOutreach(b, &o)
	return o
}

func addOfficers(b *loa.Bulk, o *Office) {
	o.Collector = loa.CollectorID(loa.NewID())
	b.Collectors = append(b.Collectors, loa.Collector{ID: o.Collector, Office: o.ID, Name: "Điểm thu " + o.Word, Areas: []loa.AreaID{o.Commune1}})
	for _, p := range []struct {
		word, name string
		role       loa.Role
		area       loa.AreaID
		to         loa.Day
	}{
		{"director", "Lò Thị Mẫu", loa.Director, "", "2026-12-31"},
		{"administrator", "Vàng A Quản", loa.Administrator, "", "2026-12-31"},
		{"officer", "Giàng A Nhất", loa.OfficerRole, o.Commune1, "2026-12-31"},
		{"sibling", "Quàng Văn Nhì", loa.OfficerRole, o.Commune2, "2026-12-31"},
		{"collector", "Mùa Thị Thu", loa.CollectorRole, o.Commune1, "2026-12-31"},
		{"viewer", "Tòng Văn Xem", loa.ProvinceViewer, "", "2026-12-31"},
		{"expired", "Cà Thị Cũ", loa.OfficerRole, o.Commune1, "2025-11-29"},
	} {
		id := loa.OfficerID(loa.NewID())
		o.Officers[p.word] = id
		officer := loa.Officer{ID: id, Office: o.ID, LoginName: o.Word + "." + p.word, Name: p.name, Language: "vi", CreatedAt: b.By.At}
		if p.role == loa.CollectorRole {
			officer.Collector = o.Collector
		}
		b.Officers = append(b.Officers, loa.BulkOfficer{Officer: officer, DemoToken: "demo-" + o.Word + "-" + p.word})
		grant := loa.Grant{ID: loa.NewID(), Officer: id, Role: p.role, Office: o.ID, Area: p.area, From: "2023-01-01", To: p.to, GivenBy: id, GivenAt: b.By.At}
		if p.word == "officer" {
			o.Grant = grant.ID
		}
		b.Grants = append(b.Grants, grant)
	}
}

func (o *Office) fact(b *loa.Bulk, on loa.Day) loa.Fact {
	return loa.Fact{ID: loa.FactID(loa.NewID()), Office: o.ID, Area: o.Village1, HappenedOn: on, HappenedAt: on.Time(), RecordedAt: b.By.At, RecordedBy: o.Officers["officer"]}
}

func addPeople(b *loa.Bulk, o *Office) {
	for i, village := range []loa.AreaID{o.Village1, o.Village2} {
		h, p := loa.HouseholdID(loa.NewID()), loa.PersonID(loa.NewID())
		name := []string{"Sùng A Mẫu ", "Thào Thị Nhì "}[i] + o.Word
		b.Households = append(b.Households, loa.Household{ID: h, Office: o.ID, Area: village, Code: "H" + o.Word, Head: p, WalkOrder: 1})
		b.People = append(b.People, loa.Person{ID: p, Office: o.ID, Area: village, Household: h, Name: name, BornYear: 1987, Sex: loa.Male, Ethnic: "mong", Language: "mong",
			Poverty: "near_poor", Occupation: "farmer", Relation: "head", Phone: "+84199000000", PhoneOwner: "self", CreatedAt: b.By.At, CreatedBy: o.Officers["officer"]})
		if i == 0 {
			o.Household, o.Person = h, p
		} else {
			o.Household2, o.Person2 = h, p
		}
	}
	c := loa.Contribution{Fact: o.fact(b, "2025-10-02"), Person: o.Person, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Quarterly,
		From: "2025-10-01", Until: "2025-12-31", Months: 3, Income: 1500000, Amount: 693000, StateAmount: 297000}
	o.Contribution = c.ID
	b.Contributions = append(b.Contributions, c)
}

func addOutreach(b *loa.Bulk, o *Office) {
	o.Segment, o.Matrix = loa.SegmentID(loa.NewID()), loa.MatrixID(loa.NewID())
	b.Segments = append(b.Segments, loa.Segment{ID: o.Segment, Office: o.ID, Name: "Nông dân " + o.Word, ChangedAt: b.By.At, ChangedBy: o.Officers["director"],
		Rule: loa.Rule{All: []loa.Rule{{Field: "occupation", Values: []string{"farmer"}}}}})
	b.Matrices = append(b.Matrices, loa.Matrix{ID: o.Matrix, Office: o.ID, Version: 1, State: "signed", From: "2025-01-01", SignedBy: o.Officers["director"], SignedAt: b.By.At,
		CreatedAt: b.By.At, CreatedBy: o.Officers["officer"], Lines: []loa.MatrixLine{{ID: loa.LineID(loa.NewID()), Matrix: o.Matrix, Segment: o.Segment, Form: loa.SmallGroup,
			Cadence: loa.Cadence{Times: 1, Every: 1, Unit: loa.PerMonth}, Officer: o.Officers["officer"], Theme: "BHXH tự nguyện", From: "2025-01-01"}}})
	o.Held, o.Planned = loa.SessionID(loa.NewID()), loa.SessionID(loa.NewID())
	for _, s := range []loa.Session{
		{ID: o.Held, On: "2025-11-10", State: loa.Held, Title: "Nhóm nhỏ bản Một " + o.Word, HeldAt: b.By.At},
		{ID: o.Planned, On: "2025-12-05", State: loa.Planned, Title: "Nhóm nhỏ tháng 12 " + o.Word},
	} {
		s.Office, s.Area, s.Form, s.StartMin, s.Expected = o.ID, o.Village1, loa.SmallGroup, 19*60, 20
		s.CreatedAt, s.CreatedBy = b.By.At, o.Officers["officer"]
		s.Officers, s.Segments = []loa.OfficerID{o.Officers["officer"]}, []loa.SegmentID{o.Segment}
		b.Sessions = append(b.Sessions, s)
	}
	at := loa.Attendance{Fact: o.fact(b, "2025-11-10"), Session: o.Held, Person: o.Person, N: 1, Sex: loa.Male, AgeBand: "adult"}
	q := loa.Question{Fact: o.fact(b, "2025-11-10"), Session: o.Held, Person: o.Person, Segment: o.Segment, Form: loa.SmallGroup, Text: "Đóng đủ 15 năm thì lương hưu bao nhiêu?", N: 1}
	v := loa.Visit{Fact: o.fact(b, "2025-11-12"), Household: o.Household, Person: o.Person, Form: loa.VisitForm, Outcome: "met"}
	l := loa.Lead{Fact: o.fact(b, "2025-11-12"), Household: o.Household, Person: o.Person, Scheme: loa.HouseholdHI, Session: o.Held, Form: loa.SmallGroup, Officer: o.Officers["officer"]}
	step := loa.EnrolmentStep{Fact: o.fact(b, "2025-11-13"), Lead: loa.LeadID(l.ID), Step: loa.Handed, Collector: o.Collector, Officer: o.Officers["officer"]}
	o.Attendance, o.Question, o.Visit, o.Lead = at.ID, q.ID, v.ID, l.ID
	b.Attendances, b.Questions = append(b.Attendances, at), append(b.Questions, q)
	b.Visits, b.Leads, b.Steps = append(b.Visits, v), append(b.Leads, l), append(b.Steps, step)
	addPlaces(b, o)
}

func addPlaces(b *loa.Bulk, o *Office) {
	o.Partner, o.Employer, o.Influencer = loa.PartnerID(loa.NewID()), loa.EmployerID(loa.NewID()), loa.InfluencerID(loa.NewID())
	o.Story, o.Clip = loa.StoryID(loa.NewID()), loa.ClipID(loa.NewID())
	b.Stories = append(b.Stories, loa.Story{ID: o.Story, Office: o.ID, Area: o.Village1, Name: "Chị Mẫu " + o.Word, Person: o.Person, Schemes: []loa.Scheme{loa.VoluntarySI}, State: loa.StoryApproved,
		Tellings:  []loa.Telling{{Lang: "vietnamese", Change: "Có lương hưu mẫu " + o.Word, Text: "Lời kể mẫu " + o.Word}},
		Consent:   loa.StoryConsent{How: "paper", Proof: "Phiếu mẫu", Officer: o.Officers["officer"], On: "2025-06-01", Until: "2026-05-31"},
		CreatedAt: b.By.At, CreatedBy: o.Officers["officer"], ChangedBy: o.Officers["officer"], ApprovedAt: b.By.At, ApprovedBy: o.Officers["director"]})
	b.Clips = append(b.Clips, loa.Clip{ID: o.Clip, Office: o.ID, Area: o.Anchor, Key: "calculator.voluntary_si", Lang: "mong", Attachment: loa.AttachmentID(loa.NewID()), MIME: "audio/wav", SHA256: "mau", Size: 4, Seconds: 12,
		State: loa.ClipApproved, CreatedAt: b.By.At, CreatedBy: o.Officers["officer"], ApprovedAt: b.By.At, ApprovedBy: o.Officers["director"], Bytes: []byte("RIFF")})
	o.Script = loa.ScriptID(loa.NewID())
	b.Scripts = append(b.Scripts, loa.Script{ID: o.Script, Office: o.ID, Area: o.Commune1, Version: 1, Name: "Bài mẫu " + o.Word, Scheme: loa.VoluntarySI, Purpose: loa.Care, From: "2025-01-01", State: loa.ScriptApproved, ApprovedBy: o.Officers["director"], ApprovedAt: b.By.At,
		Author: o.Officers["officer"], ChangedBy: o.Officers["officer"], CreatedAt: b.By.At, Texts: []loa.ScriptText{
			{Lang: "vietnamese", Kind: "zalo", Text: "Chào {xung_ho} {ten}, mỗi tháng đóng {muc_dong}."}, {Lang: "vietnamese", Kind: "sms", Text: "Hạn đóng {han}, mỗi tháng {muc_dong}. LH {dien_thoai}"},
			{Lang: "vietnamese", Kind: "loudspeaker", Text: "Bà con đóng {muc_dong} một tháng."}, {Lang: "mong", Kind: "loudspeaker", Text: "Ib hlis {muc_dong}."}}})
	b.Prices = append(b.Prices, loa.PriceItem{ID: loa.NewID(), Office: o.ID, Area: o.Anchor, Key: loa.PriceKey("gà"), NameVI: "gà", UnitVI: "con", OneEN: "chicken", ManyEN: "chickens", Price: 200000, Picture: "chicken",
		From: "2025-01-01", Source: "Chợ mẫu", RecordedAt: b.By.At, RecordedBy: o.Officers["officer"]})
	o.Market, o.Festival, o.Target = loa.MarketID(loa.NewID()), loa.FestivalID(loa.NewID()), loa.NewID()
	b.Partners = append(b.Partners, loa.Partner{ID: o.Partner, Office: o.ID, Area: o.Commune1, Kind: "women_union", Name: "Hội Phụ nữ xã Nhất " + o.Word})
	b.Employers = append(b.Employers, loa.Employer{ID: o.Employer, Office: o.ID, Area: o.Commune1, Code: "00000" + o.Word, Name: "Trường mẫu " + o.Word, Employees: 12, EmployeesOn: "2025-10-31"})
	b.Influencers = append(b.Influencers, loa.Influencer{ID: o.Influencer, Office: o.ID, Area: o.Village1, Role: "village_head", Name: "Hạng A Trưởng " + o.Word, From: "2024-01-01", To: loa.OpenEnd})
	b.Markets = append(b.Markets, loa.Market{ID: o.Market, Office: o.ID, Area: o.Commune1, Name: "Chợ " + o.Word, Rule: "weekday:7"})
	b.Festivals = append(b.Festivals, loa.FestivalDay{ID: o.Festival, Office: o.ID, Area: o.Village1, Name: "Tết bản " + o.Word, From: "2025-12-20", To: "2025-12-22", Kind: "festival"})
	b.Targets = append(b.Targets, loa.Target{ID: o.Target, Office: o.ID, Area: o.Commune1, Scheme: loa.VoluntarySI, Measure: "participation", Year: 2025, Value: 100, Revision: 1,
		InForce: "2025-01-01", RecordedAt: b.By.At, RecordedBy: o.Officers["director"]})
}
