// Package answering fills the figures of ready answers from the law of a day, finds those that fit what somebody asks, and holds the
// answers every office is offered. It is pure: it must never know a database, a page or a clock.
package answering

import (
	"fmt"
	"strings"

	"loa"
	"loa/policy"
)

// Fill writes an answer's text with the figures of the law on a day. A placeholder is the name of a row of the law, or of one of the sums
// below; "/12" behind a name tells months as years. What the law of the day does not know is refused by name: an answer with a gap, or
// with yesterday's figure, is worse than none.
func Fill(text string, law policy.Parameters, on loa.Day, lang string) (string, error) {
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			b.WriteString(text)
			return b.String(), nil
		}
		end := strings.IndexByte(text[open:], '}')
		if end < 0 {
			return "", loa.Refuse(loa.Invalid, "text", "brace_open")
		}
		name := text[open+1 : open+end]
		value, err := figure(law, on, name, lang)
		if err != nil {
			return "", err
		}
		b.WriteString(text[:open])
		b.WriteString(value)
		text = text[open+end+1:]
	}
}

// Figures are the placeholders of a text, each once.
func Figures(text string) []string {
	var out []string
	seen := map[string]bool{}
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			return out
		}
		end := strings.IndexByte(text[open:], '}')
		if end < 0 {
			return out
		}
		if name := text[open+1 : open+end]; !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
		text = text[open+end+1:]
	}
}

// groups are those the State adds for, by the last part of a sum's name.
var groups = map[string]policy.Group{"poor": policy.Poor, "near_poor": policy.NearPoor, "minority": policy.EthnicMinority, "other": policy.Other}

// figure is one figure as the language writes it.
func figure(law policy.Parameters, on loa.Day, name, lang string) (string, error) {
	kind, rest, _ := strings.Cut(name, ".")
	switch kind {
	case "income": // income.floor, income.ceiling
		q, err := law.Income(on, 0)
		return told(q, err, rest, lang)
	case "pay", "state": // pay.poor: what the least contribution of a month leaves to pay
		group, known := groups[rest]
		if !known {
			return "", unknown(name)
		}
		least, err := law.Income(on, 0)
		if err != nil {
			return "", err
		}
		q, err := law.Contribution(policy.Contribution{Day: on, Income: least.Get("floor"), Groups: []policy.Group{group}, Method: loa.Monthly, Periods: 1, SupportBP: -1})
		return told(q, err, map[string]string{"pay": "pay", "state": "state_support"}[kind], lang)
	case "full": // the least contribution of a month before anything is added
		least, err := law.Income(on, 0)
		if err != nil {
			return "", err
		}
		q, err := law.Contribution(policy.Contribution{Day: on, Income: least.Get("floor"), Groups: []policy.Group{policy.Other}, Method: loa.Monthly, Periods: 1, SupportBP: 0})
		return told(q, err, "pay", lang)
	case "member": // member.2: the card of the second of a household for a year
		q, err := law.Household(on, []int64{12, 12, 12, 12, 12})
		if err != nil {
			return "", err
		}
		tiers, _ := q.Result("tiers")
		for i, amount := range tiers.List {
			if rest == fmt.Sprint(i+1) {
				return policy.Figure(amount, policy.Dong, lang), nil
			}
		}
		return "", unknown(name)
	case "fixed": // fixed.funeral, fixed.maternity, fixed.reference_level
		q, err := law.Fixed(on)
		return told(q, err, rest, lang)
	}
	name, years := strings.CutSuffix(name, "/12")
	name, months := strings.CutSuffix(name, "%12")
	row, known := law.At(name, on)
	switch {
	case !known:
		return "", unknown(name)
	case years:
		return policy.Figure(row.Value/12, policy.Count, lang), nil
	case months:
		return policy.Figure(row.Value%12, policy.Count, lang), nil
	}
	return policy.Figure(row.Value, row.Unit, lang), nil
}

func told(q policy.Quote, err error, name, lang string) (string, error) {
	if err != nil {
		return "", err
	}
	r, known := q.Result(name)
	if !known {
		return "", unknown(name)
	}
	return policy.Figure(r.N, r.Unit, lang), nil
}

func unknown(name string) error {
	return loa.Refuse(loa.Invalid, "text", "no_such_place", name)
}
