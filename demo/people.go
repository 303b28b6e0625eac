package demo

import (
	"fmt"

	"loa"
)

const thisYear = 2025

// makePeople fills every village with households until it has as many people as it should, and says how many that are.
func (m *maker) makePeople() error {
	m.b.People = make([]loa.Person, 0, peopleInAll+64)
	m.extra = make([]extra, 0, peopleInAll+64)
	m.b.Households = make([]loa.Household, 0, peopleInAll/4)
	m.b.Contributions = make([]loa.Contribution, 0, 98000)
	m.b.Attendances = make([]loa.Attendance, 0, 12000)
	for v := range m.villages {
		for left := m.villages[v].residents; left > 0; {
			left -= m.makeHome(v, left)
		}
		m.describe(v)
	}
	return m.makeInfants()
}

// member is somebody of a household being made.
type member struct {
	relation string
	sex      loa.Sex
	age      int
	clan     string
	infant   bool
}

// makeHome makes one household of at most room people.
func (m *maker) makeHome(v, room int) int {
	vil := &m.villages[v]
	group := vil.main
	if m.dice.percent(14) {
		group = m.anyGroup(vil.unit)
	}
	list := m.family(group)
	if len(list) > room {
		list = list[:room]
	}
	home := loa.Household{ID: loa.HouseholdID(m.ids.id()), Office: m.office.ID, Area: vil.id, Code: fmt.Sprintf("%03d-%03d", v+1, len(vil.homes)+1),
		Address: vil.name, WalkOrder: len(vil.homes) + 1}
	poverty, from, to := m.poverty(group)
	for _, x := range list {
		i := len(m.b.People)
		p := loa.Person{ID: loa.PersonID(m.ids.id()), Office: m.office.ID, Area: vil.id, Household: home.ID, Name: m.name(group, x.clan, x.sex, x.age), Sex: x.sex,
			Ethnic: group, Language: tongues[group], Poverty: poverty, PovertyFrom: from, PovertyTo: to, Relation: x.relation, CreatedAt: m.office.CreatedAt, CreatedBy: m.officers.director}
		m.born(&p, x.age)
		m.occupy(&p, x.age, group)
		m.phone(&p, x.age)
		if x.relation == "head" {
			home.Head, home.Phone = p.ID, p.Phone
		}
		m.b.People = append(m.b.People, p)
		m.extra = append(m.extra, extra{unit: vil.unit, village: v, age: x.age})
		vil.people = append(vil.people, i)
		m.byUnit[vil.unit] = append(m.byUnit[vil.unit], i)
		if x.age >= 18 && x.age <= 60 {
			m.adults[vil.unit] = append(m.adults[vil.unit], i)
		}
		if x.infant {
			m.infants = append(m.infants, i)
		}
	}
	vil.homes = append(vil.homes, len(m.b.Households))
	m.b.Households = append(m.b.Households, home)
	return len(list)
}

// anyGroup is a group as the commune as a whole has it.
func (m *maker) anyGroup(line int) string {
	at := m.dice.n(1000)
	for _, g := range units[line].groups {
		if at -= g.permille; at < 0 {
			return g.group
		}
	}
	return units[line].groups[0].group
}

// family makes up who lives together: a couple, their children, often grandparents, sometimes a married son with his wife and baby.
func (m *maker) family(group string) []member {
	d := m.dice
	man := d.between(22, 58)
	if d.percent(18) {
		man = d.between(59, 78)
	}
	wife := max(18, man-d.between(-1, 5))
	clan := m.clan(group, "")
	if d.percent(4) {
		return []member{{"head", pick(d, []loa.Sex{loa.Male, loa.Female}), d.between(24, 82), clan, false}}
	}
	list := []member{{"head", loa.Male, man, clan, false}, {"spouse", loa.Female, wife, m.clan(group, clan), false}}
	if d.percent(6) { // a widow leads the household
		list = []member{{"head", loa.Female, wife, clan, false}}
	}
	list = append(list, m.children(group, clan, wife)...)
	if man < 50 && d.percent(24) {
		list = append(list, member{"parent", loa.Female, min(92, man+d.between(18, 30)), m.clan(group, clan), false})
		if d.percent(55) {
			list = append(list, member{"parent", loa.Male, min(90, man+d.between(20, 32)), clan, false})
		}
	}
	if man >= 44 && d.percent(46) {
		son := min(man-20, d.between(20, 34))
		list = append(list, member{"child", loa.Male, son, clan, false}, member{"in_law", loa.Female, max(18, son-d.between(0, 3)), m.clan(group, clan), false})
		if d.percent(80) {
			list = append(list, m.baby("grandchild", clan))
		}
		if d.percent(50) {
			list = append(list, member{"grandchild", pick(d, []loa.Sex{loa.Male, loa.Female}), d.between(2, max(3, min(12, son-19))), clan, false})
		}
	}
	if d.percent(5) {
		list = append(list, member{"sibling", pick(d, []loa.Sex{loa.Male, loa.Female}), d.between(18, 45), clan, false})
	}
	return list
}

// children are those who still live at home; Mông families have the most.
func (m *maker) children(group, clan string, mother int) []member {
	d := m.dice
	most := 3
	if group == "mong" {
		most = 5
	}
	if group == "kinh" {
		most = 2
	}
	n := min(d.between(0, most)+d.n(2), (mother-16)/2)
	var out []member
	age := d.between(2, 6)
	if mother > 40 {
		age = mother - 40 + d.between(2, 5)
	} else if n > 0 && d.percent(42) {
		out = append(out, m.baby("child", clan))
	}
	for len(out) < n && age <= min(24, mother-17) {
		out = append(out, member{"child", pick(d, []loa.Sex{loa.Male, loa.Female}), age, clan, false})
		age += d.between(2, 4)
	}
	return out
}

// baby is a child young enough to have been born in the months of the demo.
func (m *maker) baby(relation, clan string) member {
	return member{relation, pick(m.dice, []loa.Sex{loa.Male, loa.Female}), m.dice.n(2), clan, true}
}

// poverty is the household's status with the dates of its certificate; some ran out and were not renewed.
func (m *maker) poverty(group string) (state string, from, to loa.Day) {
	poor, near := 31, 9
	if group == "kinh" {
		poor, near = 2, 3
	} else if group == "thai" {
		poor, near = 20, 8
	}
	switch at := m.dice.n(100); {
	case at < poor:
		state = "poor"
	case at < poor+near:
		state = "near_poor"
	default:
		return "other", "", ""
	}
	if m.dice.percent(3) {
		return state, "2024-01-01", "2024-12-31"
	}
	return state, "2025-01-01", "2025-12-31"
}

// born gives a birth date, or for many older people the year alone.
func (m *maker) born(p *loa.Person, age int) {
	p.BornYear = thisYear - age
	if age > 30 && m.dice.percent(45) || age > 1 && m.dice.percent(12) {
		return
	}
	p.BornOn = loa.Day(fmt.Sprintf("%d-%s-%s", p.BornYear, text100[m.dice.between(1, 11)], text100[m.dice.between(1, 28)]))
}

func (m *maker) occupy(p *loa.Person, age int, group string) {
	d := m.dice
	switch {
	case age < 6:
	case age < 15, age < 18 && d.percent(65):
		p.Occupation = "pupil"
	case age > 68:
		p.Occupation = "other"
	case group == "kinh":
		p.Occupation = []string{"small_trader", "freelancer", "farmer", "business_owner", "other"}[d.weigh(34, 36, 14, 4, 12)]
	default:
		p.Occupation = []string{"small_trader", "freelancer", "farmer", "business_owner", "other"}[d.weigh(28, 100, 830, 2, 40)]
	}
	switch {
	case age < 8:
	case group == "kinh" || age < 25:
		p.Literacy = "reads"
	case group == "mong":
		p.Literacy = []string{"reads", "little", "none"}[d.weigh(54, 22, 24)]
	default:
		p.Literacy = []string{"reads", "little", "none"}[d.weigh(80, 12, 8)]
	}
}

// phone gives a number of the retired prefix 0199, which rings at nobody's.
func (m *maker) phone(p *loa.Person, age int) {
	if age < 16 || age > 75 || !m.dice.percent(52) {
		return
	}
	m.phones++
	p.Phone = fmt.Sprintf("+84199%07d", (m.phones*7919)%10000000)
	p.PhoneOwner = "self"
	if age > 55 || m.dice.percent(12) {
		p.PhoneOwner = pick(m.dice, []string{"child", "spouse", "child", "relative", "village_head"})
		p.PhoneShared = true
	}
	p.PhoneBad = m.dice.percent(3)
}

// makeInfants gives as many children a birth in each month as the State's new cards need; the rest are a little older.
func (m *maker) makeInfants() error {
	shuffle(m.dice, m.infants)
	var born []int
	for month := months; month >= 1; month-- {
		for range stateJoined(month) {
			born = append(born, month)
		}
	}
	if len(m.infants) < len(born) {
		return fmt.Errorf("the demo needs %d newborn children and has %d", len(born), len(m.infants))
	}
	for k, i := range m.infants {
		p, x := &m.b.People[i], &m.extra[i]
		month := -m.dice.n(10) // January to November 2023
		if k < len(born) {
			month = born[k]
		}
		p.BornOn = day(month, m.dice.between(1, 28))
		p.BornYear = p.BornOn.Time().Year()
		x.age = thisYear - p.BornYear
	}
	m.infants = m.infants[:len(born)]
	return nil
}

// stateJoined is how many new cards the State pays for in a month: what HI grew by, less what the other groups grew by, plus
// those who left.
func stateJoined(month int) int {
	return hiGrowth(month) - compulsoryGrowth[month] - householdGrowth[month] + stateLeft[month]
}

func hiGrowth(month int) int {
	if month <= len(hiGrowth24) {
		return hiGrowth24[month-1]
	}
	return hiGrowth25[month-1-len(hiGrowth24)]
}

// describe writes down what is now known of a village.
func (m *maker) describe(v int) {
	vil := &m.villages[v]
	var area *loa.Area
	for i := range m.b.Areas {
		if m.b.Areas[i].ID == vil.id {
			area = &m.b.Areas[i]
		}
	}
	seen := map[string]int{}
	for _, i := range vil.people {
		seen[m.b.People[i].Ethnic]++
	}
	for _, g := range loa.EthnicGroups {
		if seen[g]*20 >= len(vil.people) {
			area.EthnicGroups = append(area.EthnicGroups, g)
			if l := tongues[g]; !loa.OneOf(l, area.Languages) {
				area.Languages = append(area.Languages, l)
			}
		}
	}
	area.FocalOfficer = m.officers.of[vil.unit]
	for _, f := range []struct {
		kind  string
		value int
	}{{"population", len(vil.people)}, {"households", len(vil.homes)}} {
		m.b.Figures = append(m.b.Figures, loa.AreaFigure{Area: vil.id, Kind: f.kind, Value: int64(f.value), AsOf: "2025-01-01", Source: invented})
	}
}
