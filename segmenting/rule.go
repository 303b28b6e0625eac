package segmenting

import (
	"math/bits"
	"slices"
	"strings"

	"loa"
)

// Query is a rule asked as of a day, within the villages somebody may see.
type Query struct {
	Rule    loa.Rule
	Today   loa.Day
	DueDays int
	// Under lists the villages at or below an area; it answers the area condition and the scope.
	Under func(loa.AreaID) []loa.AreaID
	// Within are the villages of the scope; nil means all.
	Within []loa.AreaID
}

// run marks everybody the rule picks within the scope.
func (x *Index) run(q Query) bitset {
	n := len(x.ids)
	hits := x.eval(q, q.Rule)
	hits.without(x.gone)
	if q.Within != nil {
		in := x.areaSet(q.Within)
		scope := newBits(n)
		fill(scope, n, func(i int) bool { return in[x.area[i]] })
		hits.and(scope)
	}
	return hits
}

func (x *Index) areaSet(list []loa.AreaID) []bool {
	in := make([]bool, len(x.areas))
	for _, a := range list {
		if n, ok := x.areaNo[a]; ok {
			in[n] = true
		}
	}
	return in
}

func (x *Index) eval(q Query, r loa.Rule) bitset {
	n := len(x.ids)
	switch {
	case r.All != nil:
		out := newBits(n)
		out.flip(n)
		for _, part := range r.All {
			if part.Field != "" {
				keep(out, n, x.condition(q, part)) // asks only about those who are still in
			} else {
				out.and(x.eval(q, part))
			}
		}
		return out
	case r.Any != nil:
		out := newBits(n)
		for _, part := range r.Any {
			out.or(x.eval(q, part))
		}
		return out
	case r.Not != nil:
		out := x.eval(q, *r.Not)
		out.flip(n)
		return out
	}
	out := newBits(n)
	fill(out, n, x.condition(q, r))
	return out
}

// fill sets the bits a test holds for, a word at a time.
func fill(out bitset, n int, test func(i int) bool) {
	for k := range out {
		var w uint64
		top := min(64, n-k<<6)
		for b := 0; b < top; b++ {
			if test(k<<6 + b) {
				w |= 1 << b
			}
		}
		out[k] = w
	}
}

// keep clears the bits a test does not hold for.
func keep(out bitset, n int, test func(i int) bool) {
	for k, w := range out {
		for rest := w; rest != 0; rest &= rest - 1 {
			b := bits.TrailingZeros64(rest)
			if k<<6+b < n && !test(k<<6+b) {
				w &^= 1 << b
			}
		}
		out[k] = w
	}
}

// condition is the test of one condition. Every column test is a lookup in a small table or a comparison of two numbers.
func (x *Index) condition(q Query, r loa.Rule) func(i int) bool {
	today := int32(q.Today.Number())
	switch r.Field {
	case "area":
		var villages []loa.AreaID
		for _, a := range r.Values {
			villages = append(villages, q.Under(loa.AreaID(a))...)
		}
		in := x.areaSet(villages)
		return func(i int) bool { return in[x.area[i]] }
	case "age":
		return x.age(q.Today, r)
	case "sex":
		return words(x.sex, []string{"male", "female"}, r.Values)
	case "ethnic":
		return words(x.ethnic, loa.EthnicGroups, r.Values)
	case "language":
		return words(x.language, loa.Languages, r.Values)
	case "literacy":
		return words(x.literacy, loa.Literacies, r.Values)
	case "occupation":
		return words(x.work, loa.Occupations, r.Values)
	case "poverty":
		in := table(loa.PovertyStates, r.Values)
		return func(i int) bool {
			w := x.poverty[i]
			if today < x.povFrom[i] || today > x.povTo[i] {
				w = 0
			}
			return in[w]
		}
	case "status":
		return x.status(q, r, today)
	case "payer":
		in, scheme := table(payers, r.Values), schemeNumber(r.Scheme)
		return func(i int) bool {
			s := x.current(i, scheme, today)
			return s != nil && today < s.ends && in[s.payer]
		}
	case "months_since_lapse":
		return x.sinceLapse(q, r, today)
	case "reached_days":
		return func(i int) bool {
			d := x.reached[i]
			if r.Max != nil && (d == noDay || int(today-d) > *r.Max || d > today) {
				return false
			}
			return r.Min == nil || d == noDay || int(today-d) >= *r.Min
		}
	case "phone":
		return x.flag(hasPhone)
	case "phone_shared":
		return x.flag(sharedPhone)
	case "household_head":
		return x.flag(isHead)
	case "consent":
		return x.consented(r.Values)
	case "lead":
		bit := uint8(1) << schemeNumber(r.Scheme)
		return func(i int) bool { return x.leads[i]&bit != 0 }
	case "household_without_hi":
		return x.withoutHI(today)
	case "parent_of_pupil":
		return x.parentOfPupil()
	}
	return func(int) bool { return false } // Rule.Check lets no other field through
}

func (x *Index) flag(f uint8) func(int) bool { return func(i int) bool { return x.flags[i]&f != 0 } }

func table(list, values []string) (in [256]bool) {
	for _, v := range values {
		in[wordNumber(list, v)] = true
	}
	return in
}

func words(column []uint8, list, values []string) func(int) bool {
	in := table(list, values)
	return func(i int) bool { return in[column[i]] }
}

// age compares dates of birth: at least Min years old means born on or before the same day Min years ago.
func (x *Index) age(today loa.Day, r loa.Rule) func(int) bool {
	key := dayKey(today)
	latest, earliest := int32(1<<30), int32(1)
	if r.Min != nil {
		latest = key - int32(*r.Min)*10000
	}
	if r.Max != nil {
		earliest = key - int32(*r.Max+1)*10000 + 1
	}
	return func(i int) bool { b := x.born[i]; return b != 0 && b <= latest && b >= earliest }
}

// current is a person's last spell of a scheme that had begun by a day.
func (x *Index) current(i int, scheme uint8, on int32) *spell {
	run := x.spells[x.spellFrom[i]:][:x.spellN[i]]
	var found *spell
	for k := range run {
		if s := &run[k]; s.scheme == scheme && s.starts <= on && (found == nil || s.starts >= found.starts) {
			found = s
		}
	}
	return found
}

var statusList = []string{string(loa.Never), string(loa.Participates), string(loa.DueStatus), string(loa.LapsedStatus), string(loa.LeftStatus)}

const (
	isNever uint8 = iota + 1
	isIn
	isDue
	isLapsed
	isLeft
)

func (x *Index) standing(i int, scheme uint8, today int32, dueDays int) uint8 {
	s := x.current(i, scheme, today)
	switch {
	case s == nil:
		return isNever
	case today < s.ends:
		if s.payer == 1 && s.covered < 1<<29 && today >= s.covered-int32(dueDays) {
			return isDue
		}
		return isIn
	case s.end == 2:
		return isLeft
	}
	return isLapsed
}

func (x *Index) status(q Query, r loa.Rule, today int32) func(int) bool {
	in, scheme := table(statusList, r.Values), schemeNumber(r.Scheme)
	return func(i int) bool { return in[x.standing(i, scheme, today, q.DueDays)] }
}

func (x *Index) sinceLapse(q Query, r loa.Rule, today int32) func(int) bool {
	scheme := schemeNumber(r.Scheme)
	latest, earliest := int32(1<<30), noDay
	if r.Min != nil {
		latest = int32(q.Today.AddMonths(-*r.Min).Number())
	}
	if r.Max != nil {
		earliest = int32(q.Today.AddMonths(-*r.Max).Number())
	}
	return func(i int) bool {
		if x.standing(i, scheme, today, q.DueDays) != isLapsed {
			return false
		}
		day := x.current(i, scheme, today).ends
		return day <= latest && day >= earliest
	}
}

// consented reads purpose:channel:state words; state is agreed, refused or unknown.
func (x *Index) consented(values []string) func(int) bool {
	type want struct {
		at    uint
		state string
	}
	var wants []want
	for _, v := range values {
		parts := strings.Split(v, ":")
		if len(parts) != 3 {
			continue
		}
		p, c := slices.Index(loa.Purposes, parts[0]), slices.Index(loa.Channels, parts[1])
		if p >= 0 && c >= 0 {
			wants = append(wants, want{uint(2 * (p*len(loa.Channels) + c)), parts[2]})
		}
	}
	return func(i int) bool {
		for _, w := range wants {
			bits := x.consent[i] >> w.at & 3
			if bits == 1 && w.state == "agreed" || bits == 2 && w.state == "refused" || bits == 0 && w.state == "unknown" {
				return true
			}
		}
		return false
	}
}

// withoutHI holds for members of households in which nobody has HI today.
func (x *Index) withoutHI(today int32) func(int) bool {
	scheme := schemeNumber(loa.HI)
	covered := make([]bool, len(x.homes))
	for i := range x.ids {
		if s := x.current(i, scheme, today); s != nil && today < s.ends && !x.gone.has(i) {
			covered[x.home[i]] = true
		}
	}
	return func(i int) bool { return x.home[i] != 0 && !covered[x.home[i]] }
}

func (x *Index) parentOfPupil() func(int) bool {
	pupils := make([]bool, len(x.homes))
	for i := range x.ids {
		if x.flags[i]&isPupil != 0 && !x.gone.has(i) {
			pupils[x.home[i]] = true
		}
	}
	return func(i int) bool { return x.home[i] != 0 && x.flags[i]&isParent != 0 && pupils[x.home[i]] }
}

// Reason is one condition of a rule and whether it holds for a person.
type Reason struct {
	Rule  loa.Rule
	Holds bool
	Not   bool // the condition stands under a "not"
	Depth int
}

// Why says, condition by condition, why a person is in a segment or not.
func (x *Index) Why(q Query, id loa.PersonID) (reasons []Reason, in bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	i, ok := x.at[id]
	if !ok {
		return nil, false
	}
	in = x.why(q, q.Rule, int(i), false, 0, &reasons)
	return reasons, in
}

func (x *Index) why(q Query, r loa.Rule, i int, not bool, depth int, out *[]Reason) bool {
	switch {
	case r.All != nil:
		holds := true
		for _, part := range r.All {
			holds = x.why(q, part, i, not, depth+1, out) && holds
		}
		return holds
	case r.Any != nil:
		holds := false
		for _, part := range r.Any {
			holds = x.why(q, part, i, not, depth+1, out) || holds
		}
		return holds
	case r.Not != nil:
		return !x.why(q, *r.Not, i, !not, depth+1, out)
	}
	holds := x.condition(q, r)(i)
	*out = append(*out, Reason{Rule: r, Holds: holds, Not: not, Depth: depth})
	return holds
}
