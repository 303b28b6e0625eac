package policy

import (
	"slices"
	"strings"

	"loa"
)

// Quote is one answer with everything an officer needs to explain it aloud.
type Quote struct {
	Kind       string
	Day        loa.Day
	Results    []Result
	Steps      []Step
	Conditions []Condition
	Notes      []Note
	Used       []Row    // the rows of the law it leans on, in the order they were asked for
	Next       []Row    // rows that will change one of them
	Ends       loa.Day  // the last day it is about, when that is not for the rows to say
	Unknown    []string // results the law of the day does not give; nil where all or nothing is answered
}

// Result is one figure of the answer: a number in its unit, a list of numbers, a day, yes or no, or a word of a list.
type Result struct {
	Name string
	Unit Unit
	N    int64
	List []int64
	Day  loa.Day
	Word string
	Yes  *bool
}

// Term is one number in a step: given by whoever asks, read from the law, or the outcome of an earlier step.
type Term struct {
	Name  string // under policy.term. in the catalogues; for a row of the law its name
	From  Origin
	Value Number
	Unit  Unit
}

// Origin is where a term comes from.
type Origin string

// The origins.
const (
	Given  Origin = "given"
	OfLaw  Origin = "law"
	Worked Origin = "worked"
)

// Op is what a step does with its terms.
type Op string

// The operations. Compounded and Discounted take an amount a month, a rate a month and a number of months.
const (
	Product    Op = "product"    // of all terms
	Sum        Op = "sum"        // of all terms
	Difference Op = "difference" // the first less all others
	Ratio      Op = "ratio"      // the first divided by the second
	Lesser     Op = "lesser"     // the smallest of all terms
	Greater    Op = "greater"    // the greatest of all terms
	Rounded    Op = "rounded"    // to a whole number, half up
	RoundedUp  Op = "rounded_up" // to the next whole number
	Whole      Op = "whole"      // what is left of the decimal mark
	HalfYears  Op = "half_years" // months as years: of what exceeds whole years, up to the second term is half a year, more is one
	Compounded Op = "compounded" // amount × Σ (1+r)^i, i = 1..months
	Discounted Op = "discounted" // amount × Σ 1/(1+r)^(i-1), i = 1..months
	TailOf     Op = "tail"       // amount × Σ 1/(1+r)^(i-1), i = months-left+1..months (fourth term: left)
)

// Step is one line of the working.
type Step struct {
	Name  string
	Op    Op
	Terms []Term
	Value Number
	Unit  Unit
}

// Condition is something the law asks for, and whether it is met.
type Condition struct {
	Name       string
	Need, Have Term
	Met        bool
}

// Note is a remark a reader must not miss; a sentence under policy.note. in the catalogues.
type Note struct {
	Code string
	Args []any
}

// Get is a result's number by name; 0 when there is none.
func (q Quote) Get(name string) int64 {
	for _, r := range q.Results {
		if r.Name == name {
			return r.N
		}
	}
	return 0
}

// Result finds a result by name.
func (q Quote) Result(name string) (Result, bool) {
	for _, r := range q.Results {
		if r.Name == name {
			return r, true
		}
	}
	return Result{}, false
}

// Unconfirmed are the rows the quote leans on that nobody has confirmed.
func (q Quote) Unconfirmed() []Row {
	var out []Row
	for _, r := range q.Used {
		if !r.Confirmed {
			out = append(out, r)
		}
	}
	return out
}

// Cites are the laws behind the quote, each once, in the order they were needed; a law of which an article is named is not named bare
// beside it.
func (q Quote) Cites() []string {
	var out []string
	seen := map[string]bool{}
	for _, r := range q.Used {
		for _, cite := range strings.Split(r.Cites, "; ") {
			if !seen[cite] {
				seen[cite] = true
				out = append(out, cite)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(out), func(bare string) bool {
		return slices.ContainsFunc(out, func(other string) bool { return strings.HasPrefix(other, bare+" Điều ") })
	})
}

// Since is the day from which all figures of the quote hold together.
func (q Quote) Since() loa.Day {
	var since loa.Day
	for _, r := range q.Used {
		since = max(since, r.From)
	}
	return since
}

// Until is the last day on which all figures of the quote hold; empty: no end is known.
func (q Quote) Until() loa.Day {
	var until loa.Day
	cut := func(d loa.Day) {
		if d != "" && (until == "" || d < until) {
			until = d
		}
	}
	cut(q.Ends)
	for _, r := range q.Used {
		if r.Holds(q.Day) && !strings.HasPrefix(r.Name, scheduledAges) { // what was in force before, or for a year to come, does not end
			cut(r.To)
		}
	}
	for _, r := range q.Next {
		if r.Approved {
			cut(r.From.Add(-1))
		}
	}
	return until
}

// Says tells whether the quote carries a note.
func (q Quote) Says(code string) bool {
	for _, n := range q.Notes {
		if n.Code == code {
			return true
		}
	}
	return false
}
