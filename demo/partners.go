package demo

import (
	"fmt"

	"loa"
)

// makePartners makes the bodies that help, the collectors with their agents, the markets, the festivals and the village heads.
func (m *maker) makePartners() error {
	add := func(key, kind, name string, line int, meeting string) {
		area := m.unitArea[noCommune]
		if line >= 0 {
			area = m.unitArea[line]
		}
		id := loa.PartnerID(m.ids.id())
		m.b.Partners = append(m.b.Partners, loa.Partner{ID: id, Office: m.office.ID, Area: area, Kind: kind, Name: name, Meeting: meeting, Phone: m.number()})
		m.partners[key] = append(m.partners[key], id)
	}
	add("employment", "employment_centre", "Trung tâm Dịch vụ việc làm tỉnh", -1, "Thứ ba tuần thứ hai hằng tháng")
	add("women", "women_union", "Hội Liên hiệp Phụ nữ", -1, "Ngày 8 hằng tháng")
	add("farmers", "farmers_union", "Hội Nông dân", -1, "Ngày 14 hằng tháng")
	add("front", "front", "Uỷ ban Mặt trận Tổ quốc", -1, "")
	add("youth", "youth_union", "Đoàn Thanh niên", -1, "Ngày 26 hằng tháng")
	for i, u := range units[:noCommune] {
		add(fmt.Sprint("committee", i), "commune_committee", "UBND xã "+u.name, i, "Thứ hai đầu tháng")
		add(fmt.Sprint("committee", i), "party_committee", "Đảng uỷ xã "+u.name, i, "Ngày 3 hằng tháng")
		add(fmt.Sprint("health", i), "health_station", "Trạm y tế xã "+u.name, i, "")
		add(fmt.Sprint("school", i), "school", "Trường học mẫu xã "+u.name, i, "Họp cha mẹ học sinh đầu kỳ")
	}
	m.makeCollectors()
	m.makeMarkets()
	m.makeHeads()
	return nil
}

// number is a telephone number nobody has.
func (m *maker) number() string {
	m.phones++
	return fmt.Sprintf("+84199%07d", (m.phones*7919)%10000000)
}

func (m *maker) makeCollectors() {
	for k, org := range []struct {
		name, code string
		lines      []int
	}{
		{"Bưu điện khu vực Tủa Chùa (mẫu)", "MAU01", []int{tuaChua, sinhPhinh, sangNhe, tuaThang, sinChai, noCommune}},
		{"Công ty dịch vụ thu Cao nguyên đá (mẫu)", "MAU02", []int{tuaChua, sangNhe, tuaThang}},
		{"Hội Phụ nữ – tổ dịch vụ thu (mẫu)", "MAU03", []int{sinhPhinh, sinChai}},
	} {
		parent := loa.Collector{ID: loa.CollectorID(m.ids.id()), Office: m.office.ID, Name: org.name, Code: org.code, Phone: m.number(), Officer: m.officers.of[org.lines[0]]}
		at := len(m.b.Collectors)
		m.b.Collectors = append(m.b.Collectors, parent)
		for n, line := range org.lines {
			group := pick(m.dice, []string{"thai", "mong", "thai"})
			name := m.name(group, m.clan(group, ""), loa.Female, 35)
			if k == 0 && n == 0 {
				name = "Cà Thị Thoa"
			}
			agent := loa.Collector{ID: loa.CollectorID(m.ids.id()), Office: m.office.ID, Parent: parent.ID, Name: name, Code: fmt.Sprintf("%s-%02d", org.code, n+1), Phone: m.number(),
				Officer: m.officers.of[line], Areas: []loa.AreaID{m.unitArea[line]}}
			m.b.Collectors = append(m.b.Collectors, agent)
			m.b.Collectors[at].Areas = append(m.b.Collectors[at].Areas, m.unitArea[line])
			m.agents[line] = append(m.agents[line], agent.ID)
		}
	}
	for i := range m.b.Officers {
		if m.b.Officers[i].ID == m.officers.agent {
			m.b.Officers[i].Collector = m.agents[tuaChua][0]
		}
	}
}

// market is a market being made: where it is held and which days.
type market struct {
	id            loa.MarketID
	line, village int
	name          string
	on            func(loa.Day) bool
}

func (m *maker) makeMarkets() {
	for _, x := range []struct {
		line                        int
		village, name, rule, source string
		on                          func(loa.Day) bool
	}{
		{sangNhe, "Thôn Sáng Nhè", "Chợ Xá Nhè", "branch:3,9", "Cổng thông tin Sở VHTTDL Điện Biên 2012; TTXVN 2017, 2022", func(d loa.Day) bool { return branch(d) == 3 || branch(d) == 9 }},
		{sinChai, "Thôn Tả Sìn Thàng", "Chợ Tả Sìn Thàng", "branch:0,6", "Báo Điện Biên Phủ 03/02/2022", func(d loa.Day) bool { return branch(d) == 0 || branch(d) == 6 }},
		{tuaChua, "Thôn Thắng Lợi", "Chợ Tủa Chùa", "weekday:6,7", "VOV; trang du lịch Điện Biên", func(d loa.Day) bool { return d.Weekday()%6 == 0 }},
	} {
		for v := range m.villages {
			if m.villages[v].unit != x.line || m.villages[v].name != x.village {
				continue
			}
			id := loa.MarketID(m.ids.id())
			m.b.Markets = append(m.b.Markets, loa.Market{ID: id, Office: m.office.ID, Area: m.villages[v].id, Name: x.name, Rule: x.rule, Source: x.source})
			m.markets = append(m.markets, market{id, x.line, v, x.name, x.on})
		}
	}
	const unity = "Ngày hội Đại đoàn kết toàn dân tộc"
	for v := range m.villages {
		for _, month := range []int{yearBefore, months} {
			on := day(month, m.dice.between(1, 18))
			m.b.Festivals = append(m.b.Festivals, loa.FestivalDay{ID: loa.FestivalID(m.ids.id()), Office: m.office.ID, Area: m.villages[v].id, Name: unity, From: on, To: on, Kind: "festival", Source: invented})
		}
	}
	for _, area := range m.unitArea {
		for _, tet := range [][2]loa.Day{{"2024-02-04", "2024-02-19"}, {"2025-01-24", "2025-02-07"}, {"2026-02-12", "2026-02-26"}} {
			m.b.Festivals = append(m.b.Festivals, loa.FestivalDay{ID: loa.FestivalID(m.ids.id()), Office: m.office.ID, Area: area, Name: "Tết Nguyên đán", From: tet[0], To: tet[1], Kind: "closed",
				Source: "Âm lịch: 25 tháng Chạp đến mùng 10 tháng Giêng"})
		}
	}
}

// closed says that nobody is to be bothered on a day.
func closed(d loa.Day) bool {
	return d >= "2024-02-04" && d <= "2024-02-19" || d >= "2025-01-24" && d <= "2025-02-07"
}

// makeHeads gives every village its head and some others people listen to.
func (m *maker) makeHeads() {
	for v := range m.villages {
		vil := &m.villages[v]
		roles := []string{"village_head"}
		if m.dice.percent(45) {
			roles = append(roles, pick(m.dice, []string{"elder", "respected", "party_cell"}))
		}
		if m.dice.percent(30) {
			roles = append(roles, pick(m.dice, []string{"women_union", "health_worker", "farmers_union"}))
		}
		for _, role := range roles {
			sex := loa.Male
			if role == "women_union" || role == "health_worker" {
				sex = loa.Female
			}
			m.b.Influencers = append(m.b.Influencers, loa.Influencer{ID: loa.InfluencerID(m.ids.id()), Office: m.office.ID, Area: vil.id, Role: role,
				Name: m.name(vil.main, m.clan(vil.main, ""), sex, 50), Phone: m.number(), From: "2023-01-01", To: loa.OpenEnd})
		}
	}
}
