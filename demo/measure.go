package demo

import (
	"fmt"

	"loa"
)

// makeTargets makes the plans: one for 2024, one for 2025, and its revision in July when the communes became new ones. The
// communes' plans add up to the office's, and the employers' to their commune's.
func (m *maker) makeTargets() error {
	put := func(area loa.AreaID, employer loa.EmployerID, scheme loa.Scheme, measure string, year, value, revision int, from loa.Day, document string) {
		m.b.Targets = append(m.b.Targets, loa.Target{ID: m.ids.id(), Office: m.office.ID, Area: area, Employer: employer, Scheme: scheme, Measure: measure, Year: year, Value: int64(value),
			Revision: revision, InForce: from, Document: document, RecordedAt: at(from, 9*60), RecordedBy: m.officers.director})
	}
	whole := m.unitArea[noCommune]
	const first, second = "QĐ giao kế hoạch đầu năm (mẫu)", "QĐ điều chỉnh giao theo 5 xã mới (mẫu)"
	for _, x := range []struct {
		scheme           loa.Scheme
		last, begin, end int
		by               []int
	}{
		{loa.CompulsorySI, 2870, 2900, compulsoryPlan, compulsoryShare[:noCommune]},
		{loa.VoluntarySI, 1230, 1300, voluntaryPlan, []int{400, 275, 250, 195, 200}},
		{loa.HI, 72500, 73100, hiPlan, residents[:noCommune]},
		{loa.HouseholdHI, 2450, 2550, householdPlan, []int{1420, 380, 420, 220, 160}},
		{loa.Unemployment, 2700, 2740, 2780, compulsoryShare[:noCommune]},
	} {
		put(whole, "", x.scheme, "participation", 2024, x.last, 1, "2024-01-10", first)
		put(whole, "", x.scheme, "participation", 2025, x.begin, 1, "2025-01-10", first)
		put(whole, "", x.scheme, "participation", 2025, x.end, 2, "2025-07-15", second)
		parts := share(x.end, x.by)
		for line, n := range parts {
			put(m.unitArea[line], "", x.scheme, "participation", 2025, n, 2, "2025-07-15", second)
		}
		if x.scheme != loa.CompulsorySI {
			continue
		}
		for line, n := range parts {
			var weights []int
			for _, e := range m.employers[line] {
				weights = append(weights, m.b.Employers[e].Employees)
			}
			for k, value := range share(n, weights) {
				put(m.unitArea[line], m.b.Employers[m.employers[line][k]].ID, x.scheme, "participation", 2025, value, 2, "2025-07-15", second)
			}
		}
	}
	put(whole, "", loa.VoluntarySI, "joined", 2025, 760, 1, "2025-01-10", first)
	put(whole, "", loa.VoluntarySI, "joined", 2025, 780, 2, "2025-07-15", second)
	for line, n := range share(780, voluntaryJoined25[:noCommune]) {
		put(m.unitArea[line], "", loa.VoluntarySI, "joined", 2025, n, 2, "2025-07-15", second)
	}
	return nil
}

// makeParticipation writes the official counts. They are counted person by person from the facts, by the very rules the
// register goes by: that is why the two never differ here, and why a table that does not come out is noticed at once.
func (m *maker) makeParticipation() error {
	counts := m.count()
	for month := 0; month <= months; month++ {
		recorded := at(monthOf(month).Last().Add(3), 9*60)
		if month == months {
			recorded = at(AsOf, 6*60)
		}
		for s, scheme := range loa.Schemes {
			for line, area := range m.unitArea {
				m.b.Participations = append(m.b.Participations, loa.Participation{ID: m.ids.id(), Office: m.office.ID, Area: area, Scheme: scheme, Month: monthOf(month),
					N: int64(counts[month][s][line]), Source: "Danh sách của BHXH tỉnh (mô phỏng)", RecordedAt: recorded, RecordedBy: m.officers.director})
			}
		}
	}
	return m.check(counts)
}

type tally [months + 1][5][lines]int

// count holds everybody's spells against the end of every month.
func (m *maker) count() *tally {
	var ends [months + 1]loa.Day
	for i := range ends {
		ends[i] = monthOf(i).Last()
	}
	number := map[loa.Scheme]int{}
	for i, s := range loa.Schemes {
		number[s] = i
	}
	place := make(map[loa.PersonID]int32, len(m.b.People))
	for i := range m.b.People {
		place[m.b.People[i].ID] = int32(i)
	}
	firstPaid, nextPaid := chain(len(m.b.People), len(m.b.Contributions), func(i int) int32 { return place[m.b.Contributions[i].Person] })
	firstLeft, nextLeft := chain(len(m.b.People), len(m.b.Leavings), func(i int) int32 { return place[m.b.Leavings[i].Person] })
	counts := new(tally)
	m.markInvited()
	var paid []loa.Contribution
	var left []loa.Leaving
	for i := range m.b.People {
		paid, left = paid[:0], left[:0]
		for k := firstPaid[i]; k > 0; k = nextPaid[k-1] {
			paid = append(paid, m.b.Contributions[k-1])
		}
		for k := firstLeft[i]; k > 0; k = nextLeft[k-1] {
			left = append(left, m.b.Leavings[k-1])
		}
		spells := loa.Spells(m.b.People[i].ID, "", paid, left, m.Grace)
		if m.invites[m.extra[i].village] != nil {
			m.standing[int32(i)] = spells
		}
		for _, s := range spells {
			for month := months; month >= 0 && ends[month] >= s.Starts; month-- {
				if ends[month] < s.Ends {
					counts[month][number[s.Scheme]][m.extra[i].unit]++
				}
			}
		}
	}
	return counts
}

// chain threads rows by their owner: first is the last row of an owner plus one, next the one before it plus one.
func chain(owners, rows int, owner func(int) int32) (first, next []int32) {
	first, next = make([]int32, owners), make([]int32, rows)
	for i := range rows {
		o := owner(i)
		next[i], first[o] = first[o], int32(i+1)
	}
	return first, next
}

// check refuses a demo that does not come to its figures.
func (m *maker) check(counts *tally) error {
	voluntary, household, compulsory, hi := sum(voluntaryEnd24), householdAtStart, compulsoryAtStart, hiYearBefore-sum(hiGrowth24)
	for month := 1; month < firstOf25; month++ {
		voluntary += voluntaryLapsed[month] + voluntaryLeft[month] - voluntaryJoined[month] - voluntaryReturned[month]
	}
	for month := 0; month <= months; month++ {
		if month > 0 {
			voluntary += voluntaryJoined[month] + voluntaryReturned[month] - voluntaryLapsed[month] - voluntaryLeft[month]
			household += householdGrowth[month]
			compulsory += compulsoryGrowth[month]
			hi += hiGrowth(month)
		}
		for s, want := range []int{voluntary, household, compulsory, hi, compulsory - notInUnemployment} {
			if got := sum(counts[month][s][:]); got != want {
				return fmt.Errorf("the demo comes to %d in %s at the end of %s, wants %d", got, loa.Schemes[s], monthOf(month), want)
			}
		}
	}
	return nil
}
