package demo

import (
	"fmt"
	"slices"

	"loa"
)

// term is a method of payment: its period and the grace that the law gives, in months.
type term struct {
	method        loa.Method
	period, grace int
}

// keepsNew is how often, in a hundred, of two who could go the one who came first goes.
const keepsNew = 62

var terms = []term{{loa.Yearly, 12, 7}, {loa.HalfYear, 6, 4}, {loa.Quarterly, 3, 3}, {loa.Monthly, 1, 1}}

// stay is somebody's present time in voluntary SI; those who were in before the demo begins have start 0. Payments count from the
// day of the month on which the first was made.
type stay struct {
	person, start int
	opening       bool
	first         bool // the first time ever
	ended         int
	shift         int // days after the first of a month on which its covers begin
}

// makeVoluntary lets people join, come back, lapse and leave, in every line and month as often as the tables say. When somebody
// goes is decided first; the payments are then made so that the grace of the law runs out in just that month.
func (m *maker) makeVoluntary() error {
	split := func(all [months + 1]int, by25, december []int) [][]int {
		by24 := share(sum(all[:lastOf24]), voluntaryEnd24)
		early := append(spread(m.dice, all[:lastOf24], by24), december)
		return append(early, spread(m.dice, all[firstOf25:], by25)...)
	}
	none := make([]int, lines)
	joined, left := split(voluntaryJoined, voluntaryJoined25, quietDecember), split(voluntaryLeft, voluntaryLeft25, quietDecember)
	lapsed, returned := split(voluntaryLapsed, voluntaryLapsed25, none), split(voluntaryReturned, voluntaryReturned25, none)
	for tries := 0; !canReturn(returned, lapsed); tries++ {
		if tries == 200 {
			return fmt.Errorf("nobody has lapsed early enough to return in 2025")
		}
		returned = split(voluntaryReturned, voluntaryReturned25, none)
	}
	for line := range lines {
		begin, early := voluntaryEnd24[line], 6
		for month := 1; month < firstOf25; month++ {
			begin += lapsed[month][line] + left[month][line] - joined[month][line] - returned[month][line]
			early += returned[month][line]
		}
		var in, out []stay
		for range begin {
			p, err := m.newParticipant(line)
			if err != nil {
				return err
			}
			in = append(in, stay{person: p, opening: true, shift: m.shift()})
		}
		for range early {
			p, err := m.newParticipant(line)
			if err != nil {
				return err
			}
			s := stay{person: p, opening: true, ended: -m.dice.between(1, 9), shift: m.shift()}
			m.endByLapse(s, s.ended)
			out = append(out, s)
		}
		shuffle(m.dice, out)
		for month := 1; month <= months; month++ {
			var err error
			if in, out, err = m.monthOfVoluntary(line, month, in, out, [4]int{joined[month][line], returned[month][line], lapsed[month][line], left[month][line]}); err != nil {
				return err
			}
		}
		if err := m.stayOn(line, in); err != nil {
			return err
		}
	}
	return nil
}

// canReturn says whether in every line and month of 2025 enough people have lapsed in the months of 2025 before.
func canReturn(returned, lapsed [][]int) bool {
	for line := range lines {
		free := 0
		for month := firstOf25; month <= months; month++ {
			if free -= returned[month][line]; free < 0 {
				return false
			}
			free += lapsed[month][line]
		}
	}
	return true
}

// shift is the day on which somebody's covers begin: for many whole months, for others the day they happened to pay first.
func (m *maker) shift() int {
	if m.dice.percent(45) {
		return 0
	}
	return m.dice.between(2, 26)
}

// monthOfVoluntary carries one line through one month: first those who go, then those who come.
func (m *maker) monthOfVoluntary(line, month int, in, out []stay, n [4]int) ([]stay, []stay, error) {
	take := func(least int) (stay, error) {
		for range 400 {
			k := m.dice.n(len(in))
			if m.dice.percent(keepsNew) {
				k = min(k, m.dice.n(len(in))) // who has been in for long goes a little sooner
			}
			if s := in[k]; s.opening || month-s.start >= least {
				in = slices.Delete(in, k, k+1)
				return s, nil
			}
		}
		return stay{}, fmt.Errorf("line %d, month %d: nobody can leave voluntary insurance", line, month)
	}
	for range n[2] {
		s, err := take(2)
		if err != nil {
			return nil, nil, err
		}
		m.endByLapse(s, month)
		s.ended = month
		out = append(out, s)
	}
	for range n[3] {
		s, err := take(1)
		if err != nil {
			return nil, nil, err
		}
		m.endByLeaving(s, month)
	}
	for range n[1] {
		k := slices.IndexFunc(out, func(s stay) bool { return s.ended < month && (month < firstOf25 || s.ended >= firstOf25) })
		if k < 0 {
			return nil, nil, fmt.Errorf("line %d, month %d: nobody can come back to voluntary insurance", line, month)
		}
		in = append(in, stay{person: out[k].person, start: month, shift: m.shift()})
		out = slices.Delete(out, k, k+1)
	}
	for range n[0] {
		p, err := m.newParticipant(line)
		if err != nil {
			return nil, nil, err
		}
		in = append(in, stay{person: p, start: month, first: true, shift: m.shift()})
	}
	return in, out, nil
}

// newParticipant picks an adult of a line who works on their own account and plays no other part.
func (m *maker) newParticipant(line int) (int, error) {
	for range 2000 {
		i := pick(m.dice, m.adults[line])
		if x := &m.extra[i]; !x.taken && x.age >= 19 && x.age <= 58 && m.b.People[i].Occupation != "pupil" {
			x.taken = true
			return i, nil
		}
	}
	return 0, fmt.Errorf("line %d has too few adults for voluntary insurance", line)
}

// endByLapse pays so that the grace runs out in a month.
func (m *maker) endByLapse(s stay, month int) {
	if s.opening {
		t := terms[m.dice.weigh(45, 25, 20, 10)]
		last := month - 1 - t.grace // the last month covered
		n := max(0, (last+t.period-1)/t.period)
		m.paySpell(s, t, last-n*t.period, n)
		return
	}
	gap := month - s.start
	var can []term
	for _, t := range terms {
		if n := gap - t.grace; n >= t.period && n%t.period == 0 {
			can = append(can, t)
		}
	}
	t := can[0]
	if len(can) > 1 && m.dice.percent(35) {
		t = pick(m.dice, can)
	}
	m.paySpell(s, t, 0, (gap-t.grace)/t.period)
}

// endByLeaving pays up to the month in which somebody leaves for a reason.
func (m *maker) endByLeaving(s stay, month int) {
	t := terms[m.dice.weigh(45, 25, 20, 10)]
	if s.opening {
		covered := -m.dice.n(t.period)
		m.paySpell(s, t, covered, (month-covered+t.period-1)/t.period)
	} else {
		m.paySpell(s, t, 0, (month-s.start+t.period)/t.period)
	}
	p, x := &m.b.People[s.person], &m.extra[s.person]
	reason := []string{"moved", "compulsory", "refused", "death"}[m.dice.weigh(46, 36, 14, 4)]
	if x.age >= 56 {
		reason = "pension"
	}
	m.b.Leavings = append(m.b.Leavings, loa.Leaving{Fact: m.fact(p.Area, day(month, m.dice.between(2, 28)), m.officers.of[x.unit]), Person: p.ID, Scheme: loa.VoluntarySI, Reason: reason})
}

// ending is where the last cover of somebody who stays ends: the last month it covers whole, and how far it may reach into the
// next one.
type ending struct{ last, low, high int }

// stayOn pays for those who are still in at the end: as many of a line as the table says are due in the next weeks, the others have
// paid ahead.
func (m *maker) stayOn(line int, in []stay) error {
	shuffle(m.dice, in)
	want := voluntaryDue[line]
	for _, w := range []struct {
		n  int
		at func(t term) ending
	}{
		{want.passed, func(t term) ending { return ending{months - m.dice.between(1, t.grace), 0, 26} }},
		{want.week, func(term) ending { return ending{months, 0, 7} }},
		{want.month, func(term) ending { return ending{months, 8, 26} }},
		{want.later, func(term) ending { return ending{months + 1, 0, 26} }},
	} {
		for range w.n {
			t := terms[m.dice.weigh(30, 30, 30, 10)]
			end := w.at(t)
			k := slices.IndexFunc(in, func(s stay) bool {
				return s.opening && end.last >= t.period || !s.opening && end.last >= s.start && (end.last-s.start+1)%t.period == 0
			})
			if k < 0 {
				return fmt.Errorf("line %d: nobody can be due with a cover of %d months", line, t.period)
			}
			s := in[k]
			in = slices.Delete(in, k, k+1)
			s.shift = m.dice.between(end.low, end.high)
			covered, n := 0, (end.last-s.start+1)/t.period
			if s.opening {
				n = (end.last + t.period - 1) / t.period
				covered = end.last - n*t.period
			}
			m.paySpell(s, t, covered, n)
		}
	}
	for _, s := range in {
		t := terms[m.dice.weigh(60, 25, 15)]
		covered := -m.dice.n(t.period)
		last := s.start - 1
		if s.opening {
			last = covered
		}
		m.paySpell(s, t, covered, (months+1-last)/t.period+1)
	}
	return nil
}

// paySpell records n payments of a method. An opening stay begins with one record that stands for all before, up to the end of
// the month covered; otherwise the first payment is the registration.
func (m *maker) paySpell(s stay, t term, covered, n int) {
	from := s.start
	if s.opening {
		from = covered + 1 - t.period*m.dice.between(1, 4)
		m.payVoluntary(s, t, from, covered, day(from, m.dice.between(1+s.shift, 27)), "opening")
		from = covered + 1
	}
	paid := loa.Day("")
	for k := range n {
		first := from + k*t.period
		on := day(min(first-1, months), m.dice.between(4, 27)) // in the month before the cover begins, or paid ahead by the end
		if k == 0 && !s.opening {
			if on = day(first, 1+s.shift); s.shift == 0 {
				on = day(first, m.dice.between(3, 27))
			}
		}
		paid = max(on, paid)
		m.payVoluntary(s, t, first, first+t.period-1, paid, "collector")
		if k == 0 && !s.opening && (s.start >= firstOf25 || m.dice.percent(60)) {
			m.enrol(s.person, loa.VoluntarySI, s.start, len(m.b.Contributions)-1)
		}
	}
}

// payVoluntary records one payment for the months from first to last, counted from the day the stay's covers begin on.
func (m *maker) payVoluntary(s stay, t term, first, last int, on loa.Day, source string) {
	p, x := &m.b.People[s.person], &m.extra[s.person]
	income := []int64{1_500_000, 2_000_000, 3_000_000, 5_000_000}[m.dice.weigh(72, 16, 9, 3)]
	n := last - first + 1
	help := int64(330_000) * supportPercent(p, on) / 100 * int64(n)
	m.b.Contributions = append(m.b.Contributions, loa.Contribution{Fact: m.fact(p.Area, on, m.officers.of[x.unit]), Person: p.ID, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: t.method,
		From: day(first, 1+s.shift), Until: day(last+1, 1+s.shift).Add(-1), Months: n, Income: income, Amount: income*22/100*int64(n) - help, StateAmount: help, Collector: pick(m.dice, m.agents[x.unit]),
		Receipt: m.receipt(), Source: source})
}

// supportPercent is the State's part of the lowest contribution: 30, 25 and 10 % until June 2025, then 50, 40, 30 and 20 %.
func supportPercent(p *loa.Person, on loa.Day) int64 {
	rates := [4]int64{30, 25, 10, 10}
	if on >= reformed {
		rates = [4]int64{50, 40, 30, 20}
	}
	switch {
	case p.Poverty == "poor":
		return rates[0]
	case p.Poverty == "near_poor":
		return rates[1]
	case p.Ethnic != "kinh":
		return rates[2]
	}
	return rates[3]
}
