package policy

import (
	"fmt"
	"strconv"
	"strings"

	"loa"
)

// Figure writes a whole number of a unit as the language does: basis points as per cent, hundredths with their decimals.
func Figure(n int64, u Unit, lang string) string { return Amount(Exact(n, u), u, lang) }

// Amount writes an exact number of a unit as people read it; what does not end is cut at two decimals.
func Amount(v Number, u Unit, lang string) string {
	switch u {
	case Dong:
		return decimals(v, 2, lang) + " đ"
	case BasisPoint:
		return decimals(v.Mul(Int(100)), 2, lang) + " %"
	case Date:
		return dateOf(v.Whole()).Vietnamese()
	case Minutes:
		return fmt.Sprintf("%02d:%02d", v.Whole()/60, v.Whole()%60)
	}
	return decimals(v, 2, lang)
}

// decimals writes a number with at most so many places, rounded, without zeros at the end.
func decimals(v Number, places int, lang string) string {
	s := v.Rat().FloatString(places)
	whole, rest, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "−", whole[1:]
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err == nil {
		whole = loa.Plain(n).In(lang)
	}
	if rest = strings.TrimRight(rest, "0"); rest == "" {
		return sign + whole
	}
	mark := ","
	if lang == "en" {
		mark = "."
	}
	return sign + whole + mark + rest
}

// signs stand between the terms of a step.
var signs = map[Op]string{Product: " × ", Sum: " + ", Difference: " − ", Ratio: " ÷ "}

// Write writes a step as a formula with its outcome: "22 % × 1.500.000 đ = 330.000 đ". say puts a number into words; Amount does
// when there is none. Months in a formula are counted and never told as years, and what a sum runs up to is a bare number: whoever
// works it out again has to find the same.
func Write(s Step, lang string, say func(v Number, u Unit) string) string {
	if say == nil {
		say = func(v Number, u Unit) string { return Amount(v, u, lang) }
	}
	counted := func(v Number, u Unit) string {
		if u == Months {
			u = CountedMonths
		}
		return say(v, u)
	}
	terms := make([]string, len(s.Terms))
	for i, t := range s.Terms {
		terms[i] = counted(t.Value, t.Unit)
	}
	outcome := counted(s.Value, s.Unit)
	upTo := func(i int) string { return decimals(s.Terms[i].Value, 0, lang) }
	if sign, ok := signs[s.Op]; ok {
		if len(terms) == 1 && terms[0] == outcome {
			return outcome // a sum of one part
		}
		return strings.Join(terms, sign) + " = " + outcome
	}
	switch s.Op {
	case Lesser:
		return "min(" + strings.Join(terms, "; ") + ") = " + outcome
	case Greater:
		return "max(" + strings.Join(terms, "; ") + ") = " + outcome
	case Compounded:
		return terms[0] + " × Σ (1 + " + terms[1] + ")^i, i = 1…" + upTo(2) + " = " + outcome
	case Discounted:
		return terms[0] + " × Σ 1 ÷ (1 + " + terms[1] + ")^(i−1), i = 1…" + upTo(2) + " = " + outcome
	case TailOf:
		first := s.Terms[2].Value.Sub(s.Terms[3].Value)
		return terms[0] + " × Σ 1 ÷ (1 + " + terms[1] + ")^(i−1), i = " + decimals(first.Add(Int(1)), 0, lang) + "…" + upTo(2) + " = " + outcome
	}
	return terms[0] + " → " + outcome
}
