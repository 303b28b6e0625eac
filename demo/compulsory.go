package demo

import (
	"fmt"
	"math"
	"slices"

	"loa"
)

// makeCompulsory makes the workers of the employers: as many in each month as the office's count says, with HI and mostly
// unemployment insurance paid by the employer.
func (m *maker) makeCompulsory() error {
	left := share(sum(compulsoryLeft[:]), compulsoryShare)
	joinedBy := make([]int, months+1)
	for i := 1; i <= months; i++ {
		joinedBy[i] = compulsoryGrowth[i] + compulsoryLeft[i]
	}
	joined := share(sum(joinedBy), compulsoryShare)
	comes, goes := spread(m.dice, joinedBy, joined), spread(m.dice, compulsoryLeft[:], left)
	uninsured := share(notInUnemployment, compulsoryShare)
	for line := range lines {
		start := compulsoryShare[line] - joined[line] + left[line] // what must have been there to end where the count ends
		workers, err := m.chooseWorkers(line, start+joined[line])
		if err != nil {
			return err
		}
		var at []worker // those working, oldest first
		for k, p := range workers {
			w := worker{person: p, employer: pick(m.dice, m.employers[line]), unemployment: k >= uninsured[line] || k >= start}
			if k < len(m.employers[line]) {
				w.employer = m.employers[line][k] // nobody employs nobody
				w.stays = true
			}
			w.stays = w.stays || !w.unemployment
			if k < start {
				m.employ(w, day(-m.dice.between(1, 150), 1))
				at = append(at, w)
				continue
			}
			workers = workers[k:]
			break
		}
		for month := 1; month <= months; month++ {
			for range goes[month][line] {
				k := m.dice.n(len(at))
				for at[k].stays {
					k = m.dice.n(len(at))
				}
				m.dismiss(at[k], day(month, m.dice.between(2, 28)))
				at = slices.Delete(at, k, k+1)
			}
			for range comes[month][line] {
				w := worker{person: workers[0], employer: pick(m.dice, m.employers[line]), unemployment: true, stays: month == months}
				workers = workers[1:]
				m.employ(w, day(month, m.dice.between(1, 27)))
				at = append(at, w)
			}
		}
		for _, w := range at {
			m.b.Employers[w.employer].Employees++
		}
	}
	return nil
}

type worker struct {
	person, employer int
	unemployment     bool
	stays            bool
}

// chooseWorkers picks who works for a wage: Kinh people far more often than others.
func (m *maker) chooseWorkers(line, n int) ([]int, error) {
	type candidate struct {
		person int
		key    float64
	}
	var list []candidate
	for _, i := range m.adults[line] {
		if x := m.extra[i]; x.age < 21 || x.age > 59 {
			continue
		}
		weight := map[string]float64{"kinh": 40, "thai": 4, "hoa": 3}[m.b.People[i].Ethnic]
		if weight == 0 {
			weight = 1
		}
		u := (float64(m.dice.next()>>11) + 1) / (1 << 53)
		list = append(list, candidate{i, -math.Log(u) / weight})
	}
	if len(list) < n {
		return nil, fmt.Errorf("line %d has %d people to employ, wants %d", line, len(list), n)
	}
	slices.SortFunc(list, func(a, b candidate) int {
		if a.key < b.key {
			return -1
		}
		return 1
	})
	out := make([]int, n)
	for k := range out {
		out[k] = list[k].person
	}
	shuffle(m.dice, out)
	return out, nil
}

// employ starts all that an employer pays for.
func (m *maker) employ(w worker, on loa.Day) {
	p := &m.b.People[w.person]
	p.Occupation, p.Literacy = "employee", "reads"
	m.extra[w.person].track, m.extra[w.person].taken = employeeTrack, true
	if p.Poverty != "other" && m.dice.percent(80) {
		p.Poverty, p.PovertyFrom, p.PovertyTo = "other", "", ""
	}
	schemes := []loa.Scheme{loa.CompulsorySI, loa.HI}
	if w.unemployment {
		schemes = append(schemes, loa.Unemployment)
	}
	for _, s := range schemes {
		m.b.Contributions = append(m.b.Contributions, loa.Contribution{Fact: m.fact(p.Area, on, m.officers.of[m.extra[w.person].unit]), Person: p.ID, Scheme: s, Payer: loa.PaysEmployer,
			Method: loa.Ongoing, From: on, Until: loa.OpenEnd, Employer: m.b.Employers[w.employer].ID, Source: "employer_list"})
	}
}

// dismiss ends it all on one day.
func (m *maker) dismiss(w worker, on loa.Day) {
	p, x := &m.b.People[w.person], &m.extra[w.person]
	reason := "moved"
	if x.age >= 55 {
		reason = "pension"
	}
	schemes := []loa.Scheme{loa.CompulsorySI, loa.HI}
	if w.unemployment {
		schemes = append(schemes, loa.Unemployment)
	}
	for _, s := range schemes {
		m.b.Leavings = append(m.b.Leavings, loa.Leaving{Fact: m.fact(p.Area, on, m.officers.of[x.unit]), Person: p.ID, Scheme: s, Reason: reason})
	}
	p.Occupation = "freelancer"
	if reason == "pension" {
		p.Occupation = "other"
	}
}
