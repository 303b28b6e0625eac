package demo

import "loa"

// makeAttendances writes down who came: some by name, the others counted by sex and age band.
func (m *maker) makeAttendances() error {
	duplicates, corrections := 3, 4
	for i := range m.b.Sessions {
		s, t := &m.b.Sessions[i], &m.talks[i]
		if s.State != loa.Held {
			continue
		}
		m.fillNames(t)
		officer := s.Officers[0]
		for _, p := range t.named {
			m.b.Attendances = append(m.b.Attendances, loa.Attendance{Fact: m.fact(s.Area, s.On, officer), Session: s.ID, Person: m.b.People[p].ID, N: 1})
		}
		if duplicates > 0 && s.Form == loa.Conference && len(t.named) > 3 { // two officers wrote the same name: still one head
			duplicates--
			m.b.Attendances = append(m.b.Attendances, loa.Attendance{Fact: m.fact(s.Area, s.On, m.officers.unions), Session: s.ID, Person: m.b.People[t.named[0]].ID, N: 1})
		}
		for rest := t.heads - len(t.named); rest > 0; {
			n := rest
			if rest > 3 {
				n = m.dice.between(1, max(1, rest*2/3))
			}
			rest -= n
			a := loa.Attendance{Fact: m.fact(s.Area, s.On, officer), Session: s.ID, N: n, Sex: []loa.Sex{loa.Male, loa.Female}[m.dice.n(2)], AgeBand: []string{"young", "adult", "old", "child"}[m.dice.weigh(34, 46, 16, 4)]}
			if corrections > 0 && s.Form == loa.SmallGroup && n > 2 {
				corrections--
				wrong := a
				wrong.N = n + 2
				a.Fact = m.fact(s.Area, s.On, officer)
				a.RecordedAt, a.Corrects, a.Why = at(s.On.Add(1), 9*60), wrong.ID, "Đếm lại theo phiếu giấy"
				m.b.Attendances = append(m.b.Attendances, wrong)
			}
			m.b.Attendances = append(m.b.Attendances, a)
		}
	}
	return nil
}

// fillNames adds villagers to the list of names until about a quarter of the heads have one.
func (m *maker) fillNames(t *talk) {
	if t.heads < len(t.named) {
		t.named = t.named[:t.heads]
	}
	want := t.heads * m.dice.between(12, 30) / 100
	for tries := 0; len(t.named) < min(want, 12) && tries < 40; tries++ {
		p := pick(m.dice, m.villages[t.village].people)
		if x := m.extra[p]; x.age < 16 || x.age > 75 || x.gone {
			continue
		}
		t.put(p)
	}
}
