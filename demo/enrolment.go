package demo

import (
	"slices"

	"loa"
)

// enrol tells the way of somebody who paid: the session they heard of it at, the lead, the hand-over, the registration and the
// first payment.
func (m *maker) enrol(person int, scheme loa.Scheme, month, contribution int) {
	c := &m.b.Contributions[contribution]
	p, x := &m.b.People[person], &m.extra[person]
	lead := m.lead(person, scheme, month, c.HappenedOn.Add(-1))
	lead.Income, lead.Method = c.Income, c.Method
	c.Lead = loa.LeadID(lead.ID)
	m.b.Leads = append(m.b.Leads, lead)
	officer := m.officers.of[x.unit]
	on := lead.HappenedOn
	for _, step := range []loa.Step{loa.Handed, loa.Registered, loa.Paid} {
		switch {
		case step == loa.Paid:
			on = c.HappenedOn
		default:
			on = min(on.Add(m.dice.n(4)), c.HappenedOn)
		}
		s := loa.EnrolmentStep{Fact: m.fact(p.Area, on, officer), Lead: loa.LeadID(lead.ID), Step: step, Collector: c.Collector, Officer: officer}
		if step == loa.Paid {
			s.Contribution = c.ID
		}
		m.b.Steps = append(m.b.Steps, s)
	}
}

// lead finds the session before a day at which somebody became interested, and names them there; without one they wrote or called.
func (m *maker) lead(person int, scheme loa.Scheme, month int, latest loa.Day) loa.Lead {
	p, x := &m.b.People[person], &m.extra[person]
	var before []int
	for back := month; back >= max(1, month-1); back-- {
		for _, i := range m.held[x.unit][back] {
			if s := &m.b.Sessions[i]; s.On <= latest && s.Form != loa.VisitForm {
				before = append(before, i)
			}
		}
	}
	l := loa.Lead{Household: p.Household, Person: p.ID, Scheme: scheme, Officer: m.officers.of[x.unit]}
	on := latest.Add(-m.dice.between(2, 18))
	for range 3 {
		if len(before) == 0 {
			break
		}
		i := pick(m.dice, before)
		if !m.talks[i].put(person) {
			continue
		}
		s := &m.b.Sessions[i]
		l.Session, l.Form, on = s.ID, s.Form, s.On
		break
	}
	if l.Form == "" {
		l.Form = pick(m.dice, []loa.Form{loa.Zalo, loa.PageForm, loa.VisitForm, loa.Loudspeaker, loa.PersonalPage})
	}
	l.Fact = m.fact(p.Area, on, l.Officer)
	return l
}

// put puts somebody on the list of names of a session, as long as it is not full of names already.
func (t *talk) put(person int) bool {
	if slices.Contains(t.named, person) {
		return true
	}
	if len(t.named) >= (t.heads+1)*2/3 {
		return false
	}
	t.named = append(t.named, person)
	return true
}

// makeOpenLeads makes the leads that did not come to a payment: some on their way, some refused with a reason, some closed.
func (m *maker) makeOpenLeads() error {
	open := func(n, from, to int, end loa.Step) error {
		for range n {
			line := m.dice.weigh(residents...)
			person, err := m.newParticipant(line)
			if err != nil {
				return err
			}
			scheme := loa.VoluntarySI
			if m.extra[person].track == noTrack {
				scheme = loa.HouseholdHI
			}
			month := m.dice.between(from, to)
			l := m.lead(person, scheme, month, day(month, m.dice.between(20, 28)))
			m.b.Leads = append(m.b.Leads, l)
			m.follow(l, line, end)
		}
		return nil
	}
	for _, x := range []struct {
		n, from int
		end     loa.Step
	}{{62, 23, loa.Interested}, {44, 23, loa.Handed}, {23, 23, loa.Registered}, {236, 1, loa.Refused}, {31, 1, loa.Closed}} {
		if err := open(x.n, x.from, months, x.end); err != nil {
			return err
		}
	}
	return nil
}

func (m *maker) follow(l loa.Lead, line int, end loa.Step) {
	on := l.HappenedOn
	add := func(step loa.Step) *loa.EnrolmentStep {
		on = min(on.Add(m.dice.between(1, 9)), AsOf.Add(-1))
		m.b.Steps = append(m.b.Steps, loa.EnrolmentStep{Fact: m.fact(l.Area, on, l.Officer), Lead: loa.LeadID(l.ID), Step: step, Officer: l.Officer, Collector: pick(m.dice, m.agents[line])})
		return &m.b.Steps[len(m.b.Steps)-1]
	}
	switch end {
	case loa.Handed:
		add(loa.Handed)
	case loa.Registered:
		add(loa.Handed)
		add(loa.Registered)
	case loa.Refused:
		s := add(loa.Refused)
		s.Collector = ""
		s.Reason = loa.RefusalReasons[m.dice.weigh(30, 22, 12, 9, 8, 5, 3, 4, 7, 2)]
	case loa.Closed:
		add(loa.Closed).Collector = ""
	}
}
