package policy

import (
	"slices"
	"strings"

	"loa"
)

// working collects a quote line by line. The first thing that cannot be ends it: every later call does nothing, and done
// returns the refusal, so that formulas read like the law.
type working struct {
	law   Parameters
	on    loa.Day
	quote Quote
	err   error
}

func (p Parameters) work(kind string, on loa.Day) *working {
	w := &working{law: p, on: on, quote: Quote{Kind: kind, Day: on, Steps: make([]Step, 0, 24), Used: make([]Row, 0, 24)}}
	if !on.Valid() {
		w.refuse("day", "bad_day")
	}
	return w
}

// refuse ends the working; the first refusal stays.
func (w *working) refuse(field, code string, args ...any) {
	if w.err == nil {
		w.err = loa.Refuse(loa.Invalid, field, code, args...)
	}
}

// scheduledAges are steps of a road: those of other years do not change an age that is reached.
const scheduledAges = "retirement.age."

// done is the finished quote. A refusal keeps what it leans on, so that a doubt in the law behind it can be told.
func (w *working) done() (Quote, error) {
	if w.err != nil {
		return Quote{Kind: w.quote.Kind, Day: w.quote.Day, Notes: w.quote.Notes, Used: w.quote.Used}, w.err
	}
	names := make([]string, 0, len(w.quote.Used))
	for _, r := range w.quote.Used {
		if !slices.Contains(names, r.Name) && !strings.HasPrefix(r.Name, scheduledAges) {
			names = append(names, r.Name)
		}
	}
	if len(names) > 0 {
		w.quote.Next = w.law.Next(w.on, names...)
	}
	return w.quote, nil
}

// row reads the law on the day of the quote; a day on which nothing is known ends the working with the stretch that is.
func (w *working) row(name string) Row { return w.rowOn(name, w.on) }

func (w *working) rowOn(name string, on loa.Day) Row {
	if w.err != nil {
		return Row{}
	}
	r, ok := w.law.At(name, on)
	if !ok {
		from, to := w.law.Known(name)
		switch {
		case from == "":
			w.refuse("day", "policy_unknown", loa.Phrase("policy.param."+name))
		case to == "":
			w.refuse("day", "policy_unknown_before", loa.Phrase("policy.param."+name), on, from)
		default:
			w.refuse("day", "policy_unknown_day", loa.Phrase("policy.param."+name), on, from, to)
		}
		return Row{}
	}
	for i := range w.quote.Used {
		if u := &w.quote.Used[i]; u.From == r.From && u.ID == r.ID && u.Name == r.Name {
			return r
		}
	}
	w.quote.Used = append(w.quote.Used, r)
	return r
}

// of is a figure of the law as a term.
func (w *working) of(name string) Term { return w.ofOn(name, w.on) }

func (w *working) ofOn(name string, on loa.Day) Term {
	r := w.rowOn(name, on)
	if w.err != nil {
		return Term{}
	}
	return Term{name, OfLaw, r.amount(), r.Unit}
}

// n is a figure of the law as the whole number it is kept as; 0 once the working has ended.
func (w *working) n(name string) int64 { return w.row(name).Value }

// date is a day of the law.
func (w *working) date(name string) loa.Day {
	r := w.row(name)
	if w.err != nil {
		return ""
	}
	return dateOf(r.Value)
}

// given is what whoever asks has said.
func given(name string, n int64, u Unit) Term { return Term{name, Given, Exact(n, u), u} }

// step adds a line to the working and returns its outcome as a term.
func (w *working) step(name string, u Unit, op Op, terms ...Term) Term {
	if w.err != nil {
		return Term{}
	}
	v := Evaluate(op, terms)
	w.quote.Steps = append(w.quote.Steps, Step{name, op, terms, v, u})
	return Term{name, Worked, v, u}
}

// rounded makes an amount whole. That half a đồng goes up is nowhere written: where there is something to round, the reading in
// use is leaned on.
func (w *working) rounded(name string, u Unit, t Term) Term {
	if w.err == nil && !t.Value.IsInt() && w.n("rounding.half_up") != 1 {
		return w.step(name, u, Whole, t)
	}
	return w.step(name, u, Rounded, t)
}

// need notes something the law asks for and tells whether it is met: have must be at least need.
func (w *working) need(name string, have, least Term) bool {
	if w.err != nil {
		return false
	}
	met := have.Value.Cmp(least.Value) >= 0
	for i, c := range w.quote.Conditions {
		if c.Name == name {
			w.quote.Conditions[i] = Condition{name, least, have, met}
			return met
		}
	}
	w.quote.Conditions = append(w.quote.Conditions, Condition{name, least, have, met})
	return met
}

func (w *working) note(code string, args ...any) {
	if w.err == nil {
		w.quote.Notes = append(w.quote.Notes, Note{code, args})
	}
}

// give adds a term that is whole to the answer.
func (w *working) give(name string, t Term) {
	if w.err != nil {
		return
	}
	w.quote.Results = append(w.quote.Results, Result{Name: name, Unit: t.Unit, N: whole(t)})
}

// giveDay adds a day to the answer.
func (w *working) giveDay(name string, d loa.Day) {
	w.quote.Results = append(w.quote.Results, Result{Name: name, Unit: Date, Day: d})
}

// giveYes adds a yes or no to the answer.
func (w *working) giveYes(name string, yes bool) {
	w.quote.Results = append(w.quote.Results, Result{Name: name, Yes: &yes})
}

// giveWord adds a word of a list to the answer.
func (w *working) giveWord(name, word string) {
	w.quote.Results = append(w.quote.Results, Result{Name: name, Word: word})
}

// whole is a term as the whole number of its unit.
func whole(t Term) int64 {
	switch t.Unit {
	case BasisPoint:
		return t.Value.Mul(Int(10000)).Round()
	case Hundredths:
		return t.Value.Mul(Int(100)).Round()
	}
	return t.Value.Round()
}

// Evaluate works one step out.
func Evaluate(op Op, terms []Term) Number {
	v := terms[0].Value
	switch op {
	case Product:
		for _, t := range terms[1:] {
			v = v.Mul(t.Value)
		}
	case Sum:
		for _, t := range terms[1:] {
			v = v.Add(t.Value)
		}
	case Difference:
		for _, t := range terms[1:] {
			v = v.Sub(t.Value)
		}
	case Ratio:
		v = v.Quo(terms[1].Value)
	case Lesser:
		for _, t := range terms[1:] {
			if t.Value.Cmp(v) < 0 {
				v = t.Value
			}
		}
	case Greater:
		for _, t := range terms[1:] {
			if t.Value.Cmp(v) > 0 {
				v = t.Value
			}
		}
	case Rounded:
		v = Int(v.Round())
	case RoundedUp:
		v = Int(v.Ceil())
	case Whole:
		v = Int(v.Whole())
	case HalfYears:
		v = Fraction(halfYears(v.Whole(), terms[1].Value.Whole()), 2)
	case Compounded:
		v = v.Mul(compounded(terms[1].Value, terms[2].Value.Whole()))
	case Discounted:
		v = v.Mul(discounted(terms[1].Value, 0, terms[2].Value.Whole()))
	case TailOf:
		n, left := terms[2].Value.Whole(), terms[3].Value.Whole()
		v = v.Mul(discounted(terms[1].Value, n-left, n))
	}
	return v
}

// halfYears counts months in half years: of the months beyond whole years, 1 to half make one half, more make two.
func halfYears(months, half int64) int64 {
	n := months / 12 * 2
	switch odd := months % 12; {
	case odd == 0:
	case odd <= half:
		n++
	default:
		n += 2
	}
	return n
}
