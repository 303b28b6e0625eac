package demo

import "loa"

// printings are the leaflets the demo's office has printed: who wants to try them finds some that were handed out and opened already.
var printings = []struct {
	line  int
	kind  loa.LeafletKind
	size  string
	label string
	on    loa.Day
	most  int // villages
	each  int // sheets
	story int // of lives; -1 for none
}{
	{sinhPhinh, loa.LeafletKind{Scheme: loa.VoluntarySI, Audience: "minority"}, "a5", "Tờ gấp: BHXH tự nguyện · người dân tộc thiểu số", "2025-10-06", 4, 120, -1},
	{tuaChua, loa.LeafletKind{Scheme: loa.HouseholdHI, Audience: "others"}, "fold", "Tờ gấp: BHYT hộ gia đình · mọi gia đình", "2025-11-10", 3, 80, 1},
}

// makeLeaflets prints leaflets for villages where sessions were held afterwards. What they count as handed out is part of what those
// sessions say went out, so that no sheet is counted twice.
func (m *maker) makeLeaflets() error {
	spoken, codes := 0, letters{&dice{state: uint64(m.Seed) ^ 0xc0de}}
	for i, p := range printings {
		author := m.officers.of[p.line]
		run := loa.LeafletRun{ID: loa.LeafletRunID(m.ids.id()), Office: m.office.ID, No: i + 1, Kind: p.kind, Size: p.size, Language: "vi", On: p.on, CreatedAt: at(p.on, 8*60), CreatedBy: author}
		if p.kind.Scheme == loa.VoluntarySI {
			run.Second = "en" // so that a visitor sees two languages; nobody made up words in Mông or Thái
		}
		sheets := 0
		place := map[loa.AreaID]int{} // in m.b.Leaflets, plus one
		for k, s := range m.b.Sessions {
			if m.talks[k].line != p.line || s.State != loa.Held || s.On <= p.on || s.On > AsOf || s.Leaflets == 0 || s.Form == loa.VisitForm {
				continue
			}
			n := place[s.Area]
			if n == 0 {
				if len(place) == p.most {
					continue
				}
				spoken++
				l := loa.Leaflet{ID: loa.LeafletID(m.ids.id()), Run: run.ID, Office: m.office.ID, Area: s.Area, Link: loa.LinkID(m.ids.id()), Printed: p.each}
				m.b.Links = append(m.b.Links, loa.Link{ID: l.Link, Office: m.office.ID, Area: s.Area, Code: loa.MintCode(codes), Spoken: spoken, Kind: loa.LeafletLink, Page: "home", Noun: "leaflet", NounID: string(l.ID),
					Label: p.label, CreatedAt: run.CreatedAt, CreatedBy: author})
				m.b.Leaflets = append(m.b.Leaflets, l)
				sheets += l.Printed
				n = len(m.b.Leaflets)
				place[s.Area] = n
			}
			l := m.b.Leaflets[n-1]
			left := l.Printed
			for _, h := range m.b.LeafletsHanded {
				if h.Leaflet == l.ID {
					left -= h.N
				}
			}
			if left == 0 {
				continue
			}
			m.b.LeafletsHanded = append(m.b.LeafletsHanded, loa.BulkHanded{ID: m.ids.id(), Leaflet: l.ID, Session: s.ID, N: min(left, s.Leaflets), At: s.HeldAt, By: s.Officers[0]})
			m.opened(l.Link, min(s.On.Add(1), AsOf), 1+s.Leaflets/12)
		}
		if len(place) == 0 {
			continue
		}
		if p.story >= 0 {
			run.Story = m.b.Stories[p.story].ID
			m.b.StoryUses = append(m.b.StoryUses, loa.StoryUse{ID: string(run.ID), Story: run.Story, Kind: "leaflet", Ref: string(run.ID), Batch: text100[run.No][1:], Copies: sheets, At: run.CreatedAt, By: author})
		}
		m.b.LeafletRuns = append(m.b.LeafletRuns, run)
	}
	return nil
}

// opened adds openings of a link on a day.
func (m *maker) opened(link loa.LinkID, on loa.Day, n int) {
	for i := range m.b.LinkVisits {
		if v := &m.b.LinkVisits[i]; v.Link == link && v.On == on {
			v.N, v.People = v.N+n, v.People+browsers(n)
			return
		}
	}
	m.b.LinkVisits = append(m.b.LinkVisits, loa.BulkVisits{Link: link, On: on, N: n, People: browsers(n)})
}

// browsers are how many opened a link n times on one day: some come back.
func browsers(n int) int { return n - n/5 }

// letters gives the codes of links their random letters.
type letters struct{ dice *dice }

// Read gives as many bytes as are asked for.
func (l letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(l.dice.n(256))
	}
	return len(p), nil
}
