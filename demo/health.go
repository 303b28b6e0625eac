package demo

import (
	"fmt"
	"slices"

	"loa"
)

// makeHealth gives everybody a way to health insurance: most have the State's card, some buy it as a household, some have none.
// How many have none follows from the office's count.
func (m *maker) makeHealth() error {
	stateIn, stateOut := 0, 0
	for month := 1; month <= months; month++ {
		stateIn += stateJoined(month)
		stateOut += stateLeft[month]
	}
	household := householdAtStart + sum(householdJoined[:])
	state := hiAtEnd - sum(compulsoryShare) - (householdAtStart + sum(householdGrowth[:])) + stateOut
	workers := 0
	for i := range m.extra {
		if m.extra[i].track == employeeTrack {
			workers++
		}
	}
	none := len(m.b.People) - workers - household - state
	if none < 0 {
		return fmt.Errorf("%d people are too few for the count of health insurance", len(m.b.People))
	}
	buyers, err := m.chooseBuyers(household, none)
	if err != nil {
		return err
	}
	if err := m.makeStateCards(stateIn); err != nil {
		return err
	}
	return m.makeHouseholdCards(buyers)
}

// chooseBuyers finds the households that the State does not pay for: the Kinh and the traders first. So many of their members
// buy a card at some time, so many never had one.
func (m *maker) chooseBuyers(household, none int) ([]int, error) {
	type home struct{ village, home, rank int }
	var homes []home
	members := map[loa.HouseholdID][]int{}
	for i := range m.b.People {
		if x := m.extra[i]; x.track != employeeTrack && x.age >= 6 {
			id := m.b.People[i].Household
			members[id] = append(members[id], i)
		}
	}
	for v := range m.villages {
		for _, h := range m.villages[v].homes {
			list := members[m.b.Households[h].ID]
			if len(list) == 0 {
				continue
			}
			rank := 300 + m.dice.n(1000)
			switch p := m.b.People[list[0]]; {
			case p.Ethnic == "kinh":
				rank = m.dice.n(200)
			case p.Occupation == "small_trader" || p.Occupation == "business_owner":
				rank = m.dice.n(320)
			case p.Poverty == "poor" || p.Poverty == "near_poor":
				rank += 2000
			}
			homes = append(homes, home{v, h, rank})
		}
	}
	slices.SortStableFunc(homes, func(a, b home) int { return a.rank - b.rank })
	var pool []int
	for _, h := range homes {
		if len(pool) >= household+none {
			break
		}
		pool = append(pool, members[m.b.Households[h.home].ID]...)
	}
	if len(pool) < household+none {
		return nil, fmt.Errorf("only %d people could buy a card", len(pool))
	}
	pool = pool[:household+none]
	m.swapHomes(pool)
	for k, i := range pool {
		m.extra[i].track = noTrack
		if k >= none {
			m.extra[i].track = householdTrack
		}
	}
	for _, i := range pool[:none] {
		if len(m.spares) < 30 && m.extra[i].age > 20 && m.dice.percent(10) {
			m.spares = append(m.spares, i)
			m.extra[i].taken = true
		}
	}
	return pool[none:], nil
}

// swapHomes mixes a list of people but keeps the members of a household together.
func (m *maker) swapHomes(pool []int) {
	var runs [][]int
	for i := 0; i < len(pool); {
		j := i + 1
		for j < len(pool) && m.b.People[pool[j]].Household == m.b.People[pool[i]].Household {
			j++
		}
		runs = append(runs, slices.Clone(pool[i:j]))
		i = j
	}
	shuffle(m.dice, runs)
	at := 0
	for _, r := range runs {
		at += copy(pool[at:], r)
	}
}

// stateUntil is the end printed on the State's cards: longer than the demo looks ahead.
const stateUntil loa.Day = "2026-12-31"

// makeStateCards gives the State's card to everybody whom nobody else insures: to the newborn on the day they are born.
func (m *maker) makeStateCards(newborn int) error {
	if newborn != len(m.infants) {
		return fmt.Errorf("%d newborn cards for %d newborn children", newborn, len(m.infants))
	}
	var old []int
	for i := range m.b.People {
		if m.extra[i].track != stateTrack {
			continue
		}
		p := &m.b.People[i]
		from := loa.Day("2021-01-01")
		switch {
		case p.BornOn > from:
			from = p.BornOn
		case p.BornYear > 2020:
			from = loa.MakeDay(p.BornYear, 12, 1)
			if from > "2023-11-01" {
				from = "2023-11-01"
			}
		}
		if m.extra[i].age >= 16 {
			old = append(old, i)
		}
		m.b.Contributions = append(m.b.Contributions, loa.Contribution{Fact: m.fact(p.Area, from, m.officers.of[m.extra[i].unit]), Person: p.ID, Scheme: loa.HI, Payer: loa.PaysState,
			Method: loa.Card, From: from, Until: stateUntil, Source: "state_list"})
	}
	shuffle(m.dice, old)
	for month := 1; month <= months; month++ {
		for range stateLeft[month] {
			i := old[0]
			for m.extra[i].taken {
				old = old[1:]
				i = old[0]
			}
			old = old[1:]
			m.extra[i].taken, m.extra[i].gone = true, true // whoever moved away or died plays no other part
			reason := "moved"
			if m.dice.percent(10) || m.extra[i].age > 60 {
				reason = "death"
			}
			p := &m.b.People[i]
			m.b.Leavings = append(m.b.Leavings, loa.Leaving{Fact: m.fact(p.Area, day(month, m.dice.between(1, 28)), m.officers.of[m.extra[i].unit]), Person: p.ID, Scheme: loa.HI, Reason: reason})
		}
	}
	return nil
}

// holder is somebody with a household card.
type holder struct {
	person, start, dayOf, nth int
	paid                      int // month in which the last card begins
}

// makeHouseholdCards lets household HI come and go as the tables say. A card runs twelve months from the day it was bought.
func (m *maker) makeHouseholdCards(buyers []int) error {
	nth := map[loa.HouseholdID]int{}
	buy := func(i, month, first int) holder {
		id := m.b.People[i].Household
		nth[id]++
		h := holder{person: i, start: month, dayOf: m.dice.between(2, 27), nth: nth[id], paid: month}
		m.card(h, first, month, first < month)
		return h
	}
	var at, gone []holder
	for range householdAtStart {
		current := -m.dice.n(12) // the card that ran in November 2023
		at = append(at, buy(buyers[0], current, current-12*m.dice.n(6)))
		buyers = buyers[1:]
	}
	for month := 1; month <= months; month++ {
		lapsed := householdJoined[month] + householdReturned[month] - householdGrowth[month]
		shuffle(m.dice, at)
		kept := at[:0]
		for _, h := range at {
			switch {
			case month-h.paid < 12:
				kept = append(kept, h)
			case lapsed > 0:
				lapsed--
				h.start = month
				gone = append(gone, h)
			default:
				h.paid = month
				m.card(h, month, month, false)
				kept = append(kept, h)
			}
		}
		if lapsed > 0 {
			return fmt.Errorf("month %d: %d household cards too few end", month, lapsed)
		}
		at = kept
		for range householdReturned[month] {
			if len(gone) == 0 || gone[0].start > month-2 {
				return fmt.Errorf("month %d: nobody can come back to household insurance", month)
			}
			h := gone[0]
			gone = gone[1:]
			h.paid = month
			m.card(h, month, month, true)
			at = append(at, h)
		}
		for range householdJoined[month] {
			h := buy(buyers[0], month, month)
			buyers = buyers[1:]
			at = append(at, h)
			m.enrol(h.person, loa.HouseholdHI, month, len(m.b.Contributions)-1)
		}
	}
	return nil
}

// card records one card; an opening record stands for all cards since the first.
func (m *maker) card(h holder, first, month int, fresh bool) {
	p, x := &m.b.People[h.person], &m.extra[h.person]
	from := day(first, h.dayOf)
	on := from
	if first == month && !fresh && month > h.start {
		on = from.Add(-m.dice.between(1, 12)) // renewed before the old card ended
	}
	until := day(month+12, h.dayOf).Add(-1)
	c := loa.Contribution{Fact: m.fact(p.Area, on, m.officers.of[x.unit]), Person: p.ID, Scheme: loa.HouseholdHI, Payer: loa.PaysSelf, Method: loa.Card, From: from, Until: until,
		Months: 12 * ((month-first)/12 + 1), Collector: pick(m.dice, m.agents[x.unit]), Source: "collector", Receipt: m.receipt()}
	c.Amount = householdAmount(from, h.nth) * int64(c.Months/12)
	if first < month {
		c.Source = "opening"
	}
	m.b.Contributions = append(m.b.Contributions, c)
}

// householdAmount is a year's card: 4.5 % of the base salary for the first member, less for each further one.
func householdAmount(from loa.Day, nth int) int64 {
	base := int64(1_490_000)
	switch {
	case from >= "2024-07-01":
		base = 2_340_000
	case from >= "2023-07-01":
		base = 1_800_000
	}
	percent := []int64{100, 70, 60, 50, 40}[min(nth, 5)-1]
	return base * 45 * 12 / 1000 * percent / 100
}

func (m *maker) receipt() string {
	return fmt.Sprintf("BL%07d", len(m.b.Contributions)+1)
}
