package reporting

import (
	"loa"
)

// Book is everything of a report input added up once by line and month, so that any figure is a sum of a few numbers.
type Book struct {
	In       loa.ReportInput
	Units    *Units
	Whole    bool // the scope holds the whole office
	from, to loa.Month
	flow     map[flowKey]int64
	before   map[stockKey]int64 // stock before the first month
	stock    map[monthKey]int64 // register stock at a month's end
	official map[monthKey]int64
	unmapped map[schemeMonth]bool // counts for communes of another day that no line of this one can take
	held     map[heldKey]held
	asked    map[askedKey]int64
	plans    map[loa.Month]map[loa.TargetLine]loa.Target
}

type (
	flowKey struct {
		unit   loa.AreaID
		month  loa.Month
		scheme loa.Scheme
		kind   string
	}
	stockKey struct {
		unit   loa.AreaID
		scheme loa.Scheme
	}
	monthKey struct {
		unit   loa.AreaID
		scheme loa.Scheme
		month  loa.Month
	}
	schemeMonth struct {
		scheme loa.Scheme
		month  loa.Month
	}
	heldKey struct {
		unit  loa.AreaID
		month loa.Month
		form  loa.Form
	}
	askedKey struct {
		unit  loa.AreaID
		month loa.Month
	}
	held struct{ sessions, heads int64 }
)

// whole is the unit under which the sums over all lines are kept.
const whole loa.AreaID = ""

// NewBook adds the input up.
func NewBook(in loa.ReportInput) *Book {
	b := &Book{In: in, Units: NewUnits(in.Tree, in.Scope, in.Office.Anchor, in.UnitsOn, in.Today), Whole: in.Whole(),
		from: in.Period.From.Add(-12), to: in.Period.To,
		flow: map[flowKey]int64{}, before: map[stockKey]int64{}, stock: map[monthKey]int64{}, official: map[monthKey]int64{}, unmapped: map[schemeMonth]bool{},
		held: map[heldKey]held{}, asked: map[askedKey]int64{}, plans: map[loa.Month]map[loa.TargetLine]loa.Target{}}
	for m := b.from; m <= b.to; m = m.Add(1) {
		b.plans[m] = loa.TargetsOn(in.Targets, m.CutOff(in.CutOffDay))
	}
	b.addFlows()
	b.addOfficial()
	for _, t := range in.Sessions {
		for _, unit := range []loa.AreaID{b.Units.Of(t.Area), whole} {
			h := b.held[heldKey{unit, t.Month, t.Form}]
			h.sessions += t.Sessions
			h.heads += t.Heads
			b.held[heldKey{unit, t.Month, t.Form}] = h
		}
	}
	for _, q := range in.Questions {
		b.asked[askedKey{b.Units.Of(q.Area), q.Month}] += q.N
		b.asked[askedKey{whole, q.Month}] += q.N
	}
	return b
}

// addFlows adds up the flow, and from it the register's stock at the end of every month.
func (b *Book) addFlows() {
	for _, f := range b.In.Flows {
		sign := int64(1)
		if f.Kind == string(loa.Lapsed) || f.Kind == string(loa.Left) {
			sign = -1
		}
		for _, unit := range []loa.AreaID{b.Units.Of(f.Area), whole} {
			if f.Month < b.from {
				b.before[stockKey{unit, f.Scheme}] += sign * f.N
				continue
			}
			b.flow[flowKey{unit, f.Month, f.Scheme, f.Kind}] += f.N
		}
	}
	for _, unit := range b.lines() {
		for _, scheme := range loa.Schemes {
			n := b.before[stockKey{unit, scheme}]
			b.stock[monthKey{unit, scheme, b.from.Add(-1)}] = n
			for m := b.from; m <= b.to; m = m.Add(1) {
				n += b.flow[flowKey{unit, m, scheme, string(loa.Joined)}] + b.flow[flowKey{unit, m, scheme, string(loa.Returned)}] -
					b.flow[flowKey{unit, m, scheme, string(loa.Lapsed)}] - b.flow[flowKey{unit, m, scheme, string(loa.Left)}]
				b.stock[monthKey{unit, scheme, m}] = n
			}
		}
	}
}

func (b *Book) addOfficial() {
	for _, p := range b.In.Official {
		b.official[monthKey{whole, p.Scheme, p.Month}] += p.N
		if !b.Units.Maps(p.Area) {
			b.unmapped[schemeMonth{p.Scheme, p.Month}] = true
			continue
		}
		b.official[monthKey{b.Units.Of(p.Area), p.Scheme, p.Month}] += p.N
	}
}

// lines are the IDs of all lines and of the sum over them.
func (b *Book) lines() []loa.AreaID {
	out := []loa.AreaID{whole}
	for _, u := range b.Units.List {
		out = append(out, u.ID)
	}
	return out
}

// hasBegun says whether a month has begun by today.
func (b *Book) hasBegun(m loa.Month) bool {
	from, _ := loa.Period{From: m, To: m}.Days(b.In.CutOffDay)
	return from <= b.In.Today
}

// Register is the stock the facts give at the end of a month; the month running counts up to today.
func (b *Book) Register(unit loa.AreaID, scheme loa.Scheme, m loa.Month) (int64, bool) {
	if !b.hasBegun(m) {
		return 0, false
	}
	n, ok := b.stock[monthKey{unit, scheme, m}]
	return n, ok
}

// Official is the official count at the end of a month. Where it was made for communes of another day that the lines cannot
// take, the lines have none.
func (b *Book) Official(unit loa.AreaID, scheme loa.Scheme, m loa.Month) (int64, bool) {
	if unit != whole && b.unmapped[schemeMonth{scheme, m}] {
		return 0, false
	}
	n, ok := b.official[monthKey{unit, scheme, m}]
	return n, ok
}

// ByRegister says that the lines of a stock are told by the register, because the official list is by communes of another day.
func (b *Book) ByRegister(scheme loa.Scheme, m loa.Month) bool {
	return b.unmapped[schemeMonth{scheme, m}]
}

// FlowSum is how many joined, returned, lapsed or left over a period.
func (b *Book) FlowSum(unit loa.AreaID, p loa.Period, scheme loa.Scheme, kind string) (n int64) {
	for m := p.From; m <= p.To; m = m.Add(1) {
		n += b.flow[flowKey{unit, m, scheme, kind}]
	}
	return n
}

func (b *Book) heldSum(unit loa.AreaID, p loa.Period, form loa.Form) (sum held) {
	for m := p.From; m <= p.To; m = m.Add(1) {
		h := b.held[heldKey{unit, m, form}]
		sum.sessions += h.sessions
		sum.heads += h.heads
	}
	return sum
}

func (b *Book) askedSum(unit loa.AreaID, p loa.Period) (n int64) {
	for m := p.From; m <= p.To; m = m.Add(1) {
		n += b.asked[askedKey{unit, m}]
	}
	return n
}

// heldAny says whether any session was held in a period: without one there is no count to compare with.
func (b *Book) heldAny(p loa.Period) bool {
	for _, form := range loa.SessionForms {
		if b.heldSum(whole, p, form).sessions > 0 {
			return true
		}
	}
	return false
}

// flowAny says whether a scheme had anybody in it, or any movement, in a period.
func (b *Book) flowAny(p loa.Period, scheme loa.Scheme) bool {
	if b.stock[monthKey{whole, scheme, p.To}] != 0 {
		return true
	}
	for _, kind := range loa.FlowKinds {
		if b.FlowSum(whole, p, scheme, kind) > 0 {
			return true
		}
	}
	return false
}
