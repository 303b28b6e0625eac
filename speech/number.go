package speech

import (
	"strconv"
	"strings"
)

// Style is how a part of the country says its numbers; the zero Style is the northern one.
type Style struct {
	Thousand string // nghìn, or ngàn
	Odd      string // linh, or lẻ: what stands for a missing ten
}

func (s Style) filled() Style {
	if s.Thousand == "" {
		s.Thousand = "nghìn"
	}
	if s.Odd == "" {
		s.Odd = "linh"
	}
	return s
}

var ones = [10]string{"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"}

// Number says a whole number as people do: 2.026 is "hai nghìn không trăm hai mươi sáu".
func (s Style) Number(n int64) string {
	s = s.filled()
	if n == 0 {
		return ones[0]
	}
	var words []string
	u := uint64(n)
	if n < 0 {
		words, u = append(words, "âm"), -u
	}
	return strings.Join(s.whole(words, u, false), " ")
}

// whole says u; after is set when something was said before it, so that missing hundreds must be heard.
func (s Style) whole(words []string, u uint64, after bool) []string {
	const billion = 1_000_000_000
	if u >= billion {
		words = append(s.whole(words, u/billion, after), "tỷ")
		after, u = true, u%billion
	}
	for _, step := range []struct {
		size uint64
		name string
	}{{1_000_000, "triệu"}, {1_000, s.Thousand}, {1, ""}} {
		if group := int(u / step.size % 1000); group > 0 {
			words = s.group(words, group, after)
			if step.name != "" {
				words = append(words, step.name)
			}
			after = true
		}
	}
	return words
}

// group says 1 to 999.
func (s Style) group(words []string, n int, after bool) []string {
	hundred, ten, one := n/100, n/10%10, n%10
	if hundred > 0 || after {
		words = append(words, ones[hundred], "trăm")
		after = true
	}
	switch {
	case ten == 0 && one == 0:
		return words
	case ten == 0 && after:
		words = append(words, s.Odd)
	case ten == 1:
		words = append(words, "mười")
	case ten > 1:
		words = append(words, ones[ten], "mươi")
	}
	switch {
	case one == 0:
		return words
	case one == 1 && ten > 1:
		return append(words, "mốt")
	case one == 4 && ten > 1:
		return append(words, "tư")
	case one == 5 && ten > 0:
		return append(words, "lăm")
	}
	return append(words, ones[one])
}

// figures says a run of digits as a number, and digit by digit when it is too long to be one.
func (s Style) figures(digits string) string {
	if trimmed := strings.TrimLeft(digits, "0"); len(trimmed) <= 15 {
		n, _ := strconv.ParseInt("0"+trimmed, 10, 64)
		return s.Number(n)
	}
	return oneByOne(digits)
}

// decimals says what stands behind the comma: up to two digits as a number, more of them one by one.
func (s Style) decimals(digits string) string {
	if len(digits) <= 2 && digits[0] != '0' {
		return s.figures(digits)
	}
	return oneByOne(digits)
}

// oneByOne says the digits of a text and leaves out everything else.
func oneByOne(text string) string {
	var words []string
	for _, r := range text {
		if '0' <= r && r <= '9' {
			words = append(words, ones[r-'0'])
		}
	}
	return strings.Join(words, " ")
}

// inGroups says digits one by one with a pause between groups of so many, the last of which takes what is left over.
func inGroups(digits string, first, each int) string {
	var parts []string
	for take := first; len(digits) > 0; take = each {
		if len(digits)-take < 2 {
			take = len(digits)
		}
		parts = append(parts, oneByOne(digits[:take]))
		digits = digits[take:]
	}
	return strings.Join(parts, ", ")
}

// roman reads a Roman number up to 399; what is written any other way than the usual one is none.
func roman(s string) (int, bool) {
	n, rest := 0, s
	for _, step := range []struct {
		sign string
		is   int
	}{{"C", 100}, {"XC", 90}, {"L", 50}, {"XL", 40}, {"X", 10}, {"IX", 9}, {"V", 5}, {"IV", 4}, {"I", 1}} {
		for times := 0; times < 3 && strings.HasPrefix(rest, step.sign); times++ {
			n, rest = n+step.is, rest[len(step.sign):]
			if len(step.sign) == 2 || step.sign == "L" || step.sign == "V" {
				break
			}
		}
	}
	return n, s != "" && rest == "" && inRoman(n) == s
}

// inRoman writes a number up to 399 in Roman signs.
func inRoman(n int) string {
	var b strings.Builder
	b.WriteString(strings.Repeat("C", n/100))
	b.WriteString([]string{"", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"}[n/10%10])
	b.WriteString([]string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"}[n%10])
	return b.String()
}
