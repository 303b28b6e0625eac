package demo

import (
	"fmt"

	"loa"
	"loa/lunar"
)

// talk is what the making of a session needs beside the session.
type talk struct {
	line, village int
	heads         int
	named         []int // people whose names were taken down
}

func branch(d loa.Day) int { return lunar.DayBranch(d.Parts()) }

// makeSessions makes two years of sessions, those planned for December 2025, and those that were cancelled.
func (m *maker) makeSessions() error {
	m.schedule(loa.Conference, conferences[:])
	m.schedule(loa.SmallGroup, smallGroups[:])
	m.schedule(loa.UnionMeeting, every(6, 8))
	m.schedule(loa.JointSession, every(3, 6))
	m.makeLaunches()
	m.makeFestivalTalks()
	m.makeMarketDesks()
	m.makeVisits()
	m.makeCancelled()
	m.makePlanned()
	m.giveHeads()
	return nil
}

// every is a number of sessions for each month, with more in the last three, in which no commune is left out.
func every(usual, late int) []int {
	out := make([]int, months+1)
	for i := 1; i <= months; i++ {
		out[i] = usual
		if i > months-3 {
			out[i] = late
		}
	}
	return out
}

// schedule holds so many sessions of a form in each month: first those that leave a cell late on purpose, then, in the last
// three months, one in every line, and the rest by the size of the communes.
func (m *maker) schedule(form loa.Form, counts []int) {
	for month := 1; month <= months; month++ {
		n := counts[month]
		for _, c := range lateCells {
			if c.form == form && c.last.Month() == monthOf(month) {
				m.hold(form, c.line, m.anyVillage(c.line), c.last, askedFor(form, true, month))
				n--
			}
		}
		for k := 0; n > 0; k++ {
			line := k
			if month <= months-3 || k >= lines {
				line = m.dice.weigh(residents...)
			}
			usual := month > months-3 && k < lines || form != loa.Conference || m.dice.percent(75)
			if m.hold(form, line, m.anyVillage(line), m.anyDay(month), askedFor(form, usual, month)) >= 0 || form == loa.JointSession {
				n--
			}
		}
	}
}

// askedFor are the segments a session of a form is for; a conference is either for the village or for those who work for a wage.
func askedFor(form loa.Form, usual bool, month int) []string {
	switch {
	case form == loa.Conference && usual:
		return []string{"farmers", "freelancers"}
	case form == loa.Conference:
		return []string{"employees", "business_owners"}
	case form == loa.SmallGroup && month <= months-3 && month%2 == 0:
		return []string{"farmers", "freelancers", "households_no_hi", "near_poor"}
	}
	return askedOf(form)
}

func (m *maker) anyVillage(line int) int {
	for {
		if v := m.dice.n(len(m.villages)); m.villages[v].unit == line {
			return v
		}
	}
}

// anyDay is a day of a month on which people may be bothered; the last two days are kept for what is still open.
func (m *maker) anyDay(month int) loa.Day {
	for {
		if d := day(month, m.dice.between(1, 28)); !closed(d) {
			return d
		}
	}
}

// hold makes a session that took place, for those segments whose cell is not to be late; -1 when none is left to hold it for.
func (m *maker) hold(form loa.Form, line, village int, on loa.Day, segments []string) int {
	var asked []string
	for _, s := range segments {
		late := false
		for _, c := range lateCells {
			late = late || c.segment == s && c.form == form && c.line == line && on > c.last
		}
		if !late {
			asked = append(asked, s)
		}
	}
	if len(asked) == 0 {
		return -1
	}
	i := m.addSession(form, line, village, on, asked)
	s := &m.b.Sessions[i]
	s.State, s.HeldAt = loa.Held, at(on, s.EndMin)
	if m.dice.percent(55) {
		s.Minutes = pick(m.dice, sessionMinutes)
	}
	month := on.Month().Sub(monthOf(0))
	m.held[line][month] = append(m.held[line][month], i)
	return i
}

var sessionMinutes = []string{
	"Bà con quan tâm mức đóng thấp nhất và số năm để có lương hưu. Hẹn quay lại gặp các hộ chưa quyết.",
	"Nói bằng tiếng Mông, có trưởng thôn cùng giải thích. Nhiều người hỏi về chuyện nghỉ đóng giữa chừng.",
	"Đã phát tờ gấp, ghi danh sách hộ muốn tư vấn tại nhà.",
	"Người dự chủ yếu là phụ nữ, quan tâm trợ cấp thai sản.",
	"Một số hộ xin đóng theo quý sau vụ ngô.",
}

// clock is when a form is usually held and how long, in minutes.
var clock = map[loa.Form][2]int{loa.Festival: {9 * 60, 60}, loa.Conference: {14 * 60, 120}, loa.Launch: {8 * 60, 150}, loa.SmallGroup: {19 * 60, 90},
	loa.MarketDesk: {7 * 60, 240}, loa.VisitForm: {17 * 60, 40}, loa.UnionMeeting: {8*60 + 30, 90}, loa.JointSession: {9 * 60, 120}}

func (m *maker) addSession(form loa.Form, line, village int, on loa.Day, segments []string) int {
	v := &m.villages[village]
	start := clock[form]
	km := v.dry * 2 / 3
	s := loa.Session{ID: loa.SessionID(m.ids.id()), Office: m.office.ID, Area: v.id, Form: form, State: loa.Planned, On: on, StartMin: start[0], EndMin: start[0] + start[1],
		Place: "Nhà văn hoá " + v.name, Theme: themeOf(segments[0]), Officers: []loa.OfficerID{m.officers.of[line]}, CreatedAt: at(on.Add(-m.dice.between(5, 20)), 10*60),
		OfficerMin: start[1] + 2*v.dry, TravelKM: km, TravelCost: int64(km) * 3000, Leaflets: m.dice.between(5, 60)}
	s.CreatedBy, s.MaterialCost = s.Officers[0], int64(s.Leaflets)*1500
	for _, code := range segments {
		s.Segments = append(s.Segments, m.segments[code])
	}
	m.dress(&s, line, v)
	m.b.Sessions = append(m.b.Sessions, s)
	m.talks = append(m.talks, talk{line: line, village: village})
	return len(m.b.Sessions) - 1
}

// dress gives a session the title, partners and fields of its form.
func (m *maker) dress(s *loa.Session, line int, v *village) {
	committee := m.partners[fmt.Sprint("committee", line)]
	switch s.Form {
	case loa.Conference:
		s.Title = "Hội nghị " + v.name
		s.Details = map[string]string{"chair": "UBND xã", "documents": "Tờ gấp BHXH tự nguyện"}
		if len(committee) > 0 && m.dice.percent(60) {
			s.Title, s.Partners = "Hội nghị "+v.name+" với UBND xã", committee[:1+m.dice.n(2)]
		}
	case loa.Launch:
		s.Title, s.Partners = "Lễ ra quân "+units[line].name, committee
		if line == noCommune {
			s.Title = "Lễ ra quân " + v.name
		}
		s.Officers = append(s.Officers, m.officers.director)
		s.Details = map[string]string{"route": "Trung tâm xã – các thôn gần đường", "banners": "4", "vehicles": "6"}
	case loa.SmallGroup:
		s.Title, s.Place = "Nhóm hộ cùng trưởng thôn "+v.name, "Nhà trưởng thôn "+v.name
		s.Details = map[string]string{"village_head": "Trưởng thôn cùng dự", "households_invited": fmt.Sprint(m.dice.between(6, 15))}
	case loa.UnionMeeting:
		s.Title, s.Partners = "Sinh hoạt đoàn thể "+v.name, m.partners[pick(m.dice, []string{"women", "women", "farmers"})]
		s.Officers = append(s.Officers, m.officers.unions)
	case loa.JointSession:
		s.Title, s.Partners = "Tư vấn việc làm và BHXH "+v.name, m.partners["employment"]
		s.Details = map[string]string{"partner_topic": "Việc làm trong tỉnh", "job_seekers": fmt.Sprint(m.dice.between(5, 30))}
	case loa.Festival:
		s.Title, s.Partners = "Ngày hội Đại đoàn kết "+v.name, m.partners["front"]
		s.Details = map[string]string{"ceremony_time": "08:00", "slot_after": "Sau phần lễ", "stage": "Sân nhà văn hoá"}
	case loa.VisitForm:
		s.Place, s.Leaflets, s.MaterialCost = v.name, 1, 1500
	}
}

func (m *maker) makeLaunches() {
	for _, month := range []int{6, yearBefore, 18, months} {
		for line := range lines {
			m.hold(loa.Launch, line, m.anyVillage(line), day(month, 6+line), askedOf(loa.Launch))
		}
	}
}

// makeFestivalTalks speaks at the Great National Unity days of many villages, in every commune and in all villages without one.
func (m *maker) makeFestivalTalks() {
	for _, f := range m.b.Festivals {
		if f.Kind == "closed" {
			continue
		}
		for v := range m.villages {
			if m.villages[v].id != f.Area {
				continue
			}
			line, now := m.villages[v].unit, f.From > "2025-01-01"
			first := v == 0 || m.villages[v-1].unit != line
			if !(first || line == noCommune || m.villages[v].name == "Bản Séo Phình" || m.dice.percent(18) || now && m.dice.percent(6)) {
				continue
			}
			if i := m.hold(loa.Festival, line, v, f.From, askedOf(loa.Festival)); i >= 0 {
				m.b.Sessions[i].Festival = f.ID
			}
		}
	}
}

// makeMarketDesks keeps a desk on every market day since the table in force, and on some before.
func (m *maker) makeMarketDesks() {
	for d := day(1, 2); d < AsOf; d = d.Add(1) {
		for _, x := range m.markets {
			if !x.on(d) || closed(d) || d < newTable && !m.dice.percent(28) {
				continue
			}
			if i := m.hold(loa.MarketDesk, x.line, x.village, d, askedOf(loa.MarketDesk)); i >= 0 {
				m.deskAt(i, x)
			}
		}
	}
}

func (m *maker) deskAt(i int, x market) {
	s := &m.b.Sessions[i]
	s.Title, s.Place, s.Market = "Quầy tư vấn "+lower(x.name), x.name, x.id
	s.Details = map[string]string{"stall": "Cổng chợ", "short_talks": fmt.Sprint(m.dice.between(8, 40))}
	if x.line == sangNhe {
		s.StartMin, s.EndMin = 6*60+30, 10*60+30
	}
}

func lower(name string) string { return "c" + name[1:] } // Chợ … in the middle of a sentence

// makeVisits knocks on doors: in the last three months for every segment in every line, before that here and there.
func (m *maker) makeVisits() {
	asked := askedOf(loa.VisitForm)
	for month := 1; month <= months; month++ {
		for _, c := range lateCells {
			if c.form == loa.VisitForm && c.last.Month() == monthOf(month) {
				m.visit(c.line, c.last, c.segment)
			}
		}
		if month > months-3 {
			for line := range lines {
				for _, s := range asked {
					m.visit(line, m.anyDay(month), s)
				}
			}
			continue
		}
		n := 10
		if month >= firstOf25 {
			n = 18
		}
		for range n {
			m.visit(m.dice.weigh(residents...), m.anyDay(month), pick(m.dice, asked))
		}
	}
}

// visit calls at one household and records what came of it.
func (m *maker) visit(line int, on loa.Day, segment string) {
	v := m.anyVillage(line)
	i := m.hold(loa.VisitForm, line, v, on, []string{segment})
	if i < 0 {
		return
	}
	home := &m.b.Households[pick(m.dice, m.villages[v].homes)]
	s := &m.b.Sessions[i]
	s.Household = home.ID
	for k, p := range m.villages[v].people {
		if x := &m.b.People[p]; x.ID == home.Head {
			s.Title = "Thăm hộ " + x.Name
			m.talks[i].named = append(m.talks[i].named, m.villages[v].people[k])
		}
	}
	outcome := loa.VisitOutcomes[m.dice.weigh(34, 20, 16, 14, 0, 16)]
	visit := loa.Visit{Fact: m.fact(s.Area, on, s.CreatedBy), Session: s.ID, Household: home.ID, Person: home.Head, Form: loa.VisitForm, Outcome: outcome}
	if outcome == "call_back" || outcome == "promised" {
		visit.NextOn = on.Add(m.dice.between(7, 30))
	}
	m.b.Visits = append(m.b.Visits, visit)
	if m.dice.percent(12) { // nobody was at home the day before
		again := visit
		again.Fact, again.Outcome, again.Session, again.NextOn = m.fact(s.Area, on.Add(-1), s.CreatedBy), "not_home", "", on
		m.b.Visits = append(m.b.Visits, again)
	}
}

// giveHeads says how many came. Conferences and small groups of 2025 share the article's number between them.
func (m *maker) giveHeads() {
	var counted, weights []int
	for i := range m.b.Sessions {
		s, x := &m.b.Sessions[i], &m.talks[i]
		if s.State != loa.Held {
			continue
		}
		d := m.dice
		switch s.Form {
		case loa.Conference:
			x.heads = d.between(20, 48)
		case loa.SmallGroup:
			x.heads = d.between(9, 24)
		case loa.Festival:
			x.heads = d.between(60, 170)
		case loa.Launch:
			x.heads = d.between(70, 260)
		case loa.MarketDesk:
			x.heads = d.between(12, 64)
		case loa.UnionMeeting:
			x.heads = d.between(14, 46)
		case loa.JointSession:
			x.heads = d.between(8, 42)
		case loa.VisitForm:
			x.heads = d.between(1, 3)
		}
		if (s.Form == loa.Conference || s.Form == loa.SmallGroup) && s.On >= day(firstOf25, 1) {
			counted, weights = append(counted, i), append(weights, x.heads)
		}
	}
	for k, n := range share(heads25, weights) {
		m.talks[counted[k]].heads = n
	}
	for i := range m.b.Sessions {
		heads := m.talks[i].heads
		if heads == 0 { // not held: as many as such a session usually brings together
			heads = usual[m.b.Sessions[i].Form]
		}
		m.b.Sessions[i].Expected = max(4, heads+m.dice.between(-5, 8))
	}
}

// usual is about how many people a session of a form brings together.
var usual = map[loa.Form]int{loa.Festival: 120, loa.Conference: 32, loa.Launch: 150, loa.SmallGroup: 16, loa.MarketDesk: 38, loa.UnionMeeting: 30, loa.JointSession: 24}
