package demo

import "loa"

// makeCancelled makes sessions that did not take place, each with its reason.
func (m *maker) makeCancelled() {
	why := []string{"Mưa lớn, đường sạt lở không vào được thôn", "Trưởng thôn bận việc gia đình", "Bà con đi nương vụ gặt, không tập trung được", "Trùng lịch họp của xã",
		"Thôn có việc tang", "Xe hỏng giữa đường, hẹn lại tuần sau"}
	forms := []loa.Form{loa.Conference, loa.SmallGroup, loa.SmallGroup, loa.UnionMeeting, loa.JointSession}
	for month := 1; month <= months; month++ {
		for range m.dice.between(1, 3) {
			form, line := pick(m.dice, forms), m.dice.weigh(residents...)
			i := m.addSession(form, line, m.anyVillage(line), m.anyDay(month), askedFor(form, true, month))
			m.b.Sessions[i].State, m.b.Sessions[i].Why = loa.Cancelled, pick(m.dice, why)
		}
	}
}

// makePlanned makes what is on the calendar from AsOf to the end of December 2025.
func (m *maker) makePlanned() {
	for d := AsOf; d <= "2025-12-31"; d = d.Add(1) {
		for _, x := range m.markets {
			if !x.on(d) || x.line == tuaChua && d.Weekday() != 0 {
				continue
			}
			m.deskAt(m.plan(loa.MarketDesk, x.line, x.village, d, askedOf(loa.MarketDesk)), x)
		}
	}
	named := func(form loa.Form, line int, village string, d loa.Day) int {
		for v := range m.villages {
			if m.villages[v].unit == line && m.villages[v].name == village {
				return m.plan(form, line, v, d, askedOf(form))
			}
		}
		return m.plan(form, line, m.anyVillage(line), d, askedOf(form))
	}
	named(loa.SmallGroup, tuaThang, "Thôn Cộng Hòa", "2025-12-02")
	i := named(loa.Conference, sinhPhinh, "Thôn Tà Là Cáo", "2025-12-05")
	m.b.Sessions[i].Title, m.b.Sessions[i].Partners = "Hội nghị thôn Tà Là Cáo với UBND xã", m.partners["committee1"]
	i = named(loa.UnionMeeting, tuaThang, "", "2025-12-08")
	m.b.Sessions[i].Partners = m.partners["women"]
	named(loa.JointSession, tuaChua, "Thôn Thắng Lợi", "2025-12-09")
	for line := range lines {
		for _, form := range []loa.Form{loa.SmallGroup, loa.SmallGroup, loa.Conference, loa.UnionMeeting} {
			m.plan(form, line, m.anyVillage(line), day(months+1, m.dice.between(10, 28)), askedFor(form, true, 0))
		}
	}
	for line := range noCommune {
		v := m.anyVillage(line)
		i := m.plan(loa.VisitForm, line, v, day(months+1, m.dice.between(8, 24)), []string{pick(m.dice, askedOf(loa.VisitForm))})
		home := m.b.Households[pick(m.dice, m.villages[v].homes)]
		m.b.Sessions[i].Household, m.b.Sessions[i].Title = home.ID, "Thăm hộ "+home.Code
	}
}

func (m *maker) plan(form loa.Form, line, village int, on loa.Day, segments []string) int {
	i := m.addSession(form, line, village, on, segments)
	s := &m.b.Sessions[i]
	s.CreatedAt = at(AsOf.Add(-m.dice.between(3, 12)), 10*60)
	for k, text := range []string{"Gửi giấy mời", "Hẹn trưởng thôn", "In tờ gấp", "Mang loa cầm tay"} {
		s.Checklist = append(s.Checklist, loa.CheckItem{Text: text, Done: k == 0 || on < "2025-12-06" && k < 3})
	}
	return i
}

// atEmployers holds some of the conferences at a unit that pays compulsory SI, for its workers and their families: when and how many
// came stays as it was made.
func (m *maker) atEmployers() error {
	seen := 0
	for i := range m.b.Sessions {
		s := &m.b.Sessions[i]
		here := m.employers[m.talks[i].line]
		if s.Form != loa.Conference || len(s.Partners) > 0 || len(here) == 0 {
			continue
		}
		if seen++; seen%5 != 0 {
			continue
		}
		e := m.b.Employers[here[seen/5%len(here)]]
		s.Employer, s.Title, s.Place = e.ID, "Hội nghị tại "+e.Name, e.Name
	}
	return nil
}
