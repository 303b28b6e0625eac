package demo

import (
	"slices"
	"strings"

	"loa"
	"loa/segmenting"
)

// makeSnapshots freezes the segments of everything that is planned, in the villages they are invited in, on the morning of AsOf: by the
// segments' own rules over the records and standings the demo has made. The rules of the table ask for no more than those two. Each
// village is looked at by itself, for the demo has to be there in seconds.
func (m *maker) makeSnapshots() error {
	rules := map[loa.SegmentID]loa.Rule{}
	for _, s := range m.b.Segments {
		rules[s.ID] = s.Rule
	}
	var profiles []loa.Profile
	for village, planned := range m.invites {
		if len(planned) == 0 {
			continue
		}
		profiles = profiles[:0]
		for _, i := range m.villages[village].people {
			p := &m.b.People[i]
			profiles = append(profiles, loa.Profile{Person: p.ID, Area: p.Area, Household: p.Household, BornYear: p.BornYear, BornOn: p.BornOn, Sex: p.Sex, Ethnic: p.Ethnic, Language: p.Language, Literacy: p.Literacy,
				Poverty: p.Poverty, PovertyFrom: p.PovertyFrom, PovertyTo: p.PovertyTo, Occupation: p.Occupation, Relation: p.Relation, HasPhone: p.Reachable(), PhoneShared: p.PhoneShared,
				Head: p.Relation == "head", Spells: m.standing[int32(i)]})
		}
		x := segmenting.New()
		x.Update(profiles, 0)
		for _, i := range planned {
			s := &m.b.Sessions[i]
			for _, g := range s.Segments {
				members := x.All(segmenting.Query{Rule: rules[g], Today: AsOf, DueDays: loa.DefaultSettings.DueDays})
				m.b.Snapshots = append(m.b.Snapshots, loa.Snapshot{ID: loa.SnapshotID(m.ids.id()), Office: m.office.ID, Segment: g, Area: s.Area, Rule: rules[g], UsedBy: "session", UsedID: string(s.ID),
					AsOf: AsOf, TakenAt: at(AsOf, 6*60+30), TakenBy: s.Officers[0], N: len(members), Members: members})
			}
		}
	}
	return nil
}

// markInvited notes what is planned in each village: of the people of those villages the standings are kept.
func (m *maker) markInvited() {
	m.invites, m.standing = make([][]int, len(m.villages)), map[int32][]loa.Spell{}
	for i := range m.b.Sessions {
		if v := m.talks[i].village; m.b.Sessions[i].State == loa.Planned {
			m.invites[v] = append(m.invites[v], i)
		}
	}
}

// makeLetters numbers the letters to the partners of sessions: of all that were, and of those planned for the next two weeks. Most
// partners said that they come.
func (m *maker) makeLetters() error {
	d := &dice{state: uint64(m.Seed) ^ 0x1e77e5}
	for i := range m.b.Sessions {
		s := &m.b.Sessions[i]
		on := s.On.Add(-d.between(6, 9))
		if on > AsOf.Add(-2) {
			if s.On > AsOf.Add(14) {
				continue
			}
			on = AsOf.Add(-d.between(2, 4)) // planned at short notice
		}
		on = max(on, loa.DayOf(s.CreatedAt))
		for _, p := range s.Partners {
			l := loa.BulkLetter{Session: s.ID, Partner: p, On: on, Token: strings.ReplaceAll(m.ids.id(), "-", "")}
			if s.State == loa.Held && d.percent(85) || s.State == loa.Planned && d.percent(60) {
				l.SaidYes = min(on.Add(d.between(1, 4)), AsOf, s.On)
			}
			m.b.Letters = append(m.b.Letters, l)
		}
	}
	slices.SortStableFunc(m.b.Letters, func(a, b loa.BulkLetter) int { return strings.Compare(string(a.On), string(b.On)) })
	last := map[int]int64{}
	for i := range m.b.Letters {
		l := &m.b.Letters[i]
		year, _, _ := l.On.Parts()
		last[year]++
		l.No = last[year]
	}
	return nil
}
