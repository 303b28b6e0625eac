package vn

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// ErrNumber says that a text is not a whole number as offices write them.
var ErrNumber = errors.New("not a whole number")

// Number writes n with dots between thousands, as Vietnamese documents do.
func Number(n int64) string { return NumberIn("vi", n) }

// NumberIn writes n with the thousands separator of the language.
func NumberIn(lang string, n int64) string {
	sep := byte('.')
	if lang == "en" {
		sep = ','
	}
	digits := strconv.FormatUint(magnitude(n), 10)
	b := make([]byte, 0, len(digits)*4/3+2)
	if n < 0 {
		b = append(b, '-')
	}
	for i := 0; i < len(digits); i++ {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b = append(b, sep)
		}
		b = append(b, digits[i])
	}
	return string(b)
}

// Dong writes an amount of money in Vietnamese: 1.234.567 đ.
func Dong(n int64) string { return DongIn("vi", n) }

// DongIn writes an amount of money with the separators of the language.
func DongIn(lang string, n int64) string { return NumberIn(lang, n) + " đ" }

// Percent1 writes num as a percentage of den with one decimal: 95,1 %.
// It is a dash when den is zero, because nothing was to be reached.
func Percent1(num, den int64) string { return Percent1In("vi", num, den) }

// Percent1In writes a percentage with one decimal in the form of the language.
func Percent1In(lang string, num, den int64) string {
	tenths, ok := Tenths(num, den)
	if !ok {
		return "–"
	}
	sign := ""
	if tenths < 0 {
		sign = "-"
	}
	m := magnitude(tenths)
	whole := strings.TrimPrefix(NumberIn(lang, int64(m/10)), "-")
	if lang == "en" {
		return fmt.Sprintf("%s%s.%d%%", sign, whole, m%10)
	}
	return fmt.Sprintf("%s%s,%d %%", sign, whole, m%10)
}

// Tenths returns num as a percentage of den in tenths of a percent, halves
// rounded away from zero; it has no answer when den is zero.
func Tenths(num, den int64) (int64, bool) {
	if den == 0 {
		return 0, false
	}
	n, d := magnitude(num), magnitude(den)
	hi, lo := bits.Mul64(n, 1000)
	lo, carry := bits.Add64(lo, d/2, 0)
	hi += carry
	if hi >= d {
		return 0, false // beyond what a figure can be
	}
	q, _ := bits.Div64(hi, lo, d)
	if q > math.MaxInt64 {
		return 0, false
	}
	if (num < 0) != (den < 0) {
		return -int64(q), true
	}
	return int64(q), true
}

// ParseNumber reads a whole number with dots, commas or spaces between
// thousands, and a currency word after it. A decimal part is read only when it
// is zero, so that nothing typed is ever rounded away.
func ParseNumber(s string) (int64, error) {
	t := dropCurrency(strings.Map(func(r rune) rune {
		switch r {
		case '\t', '\u00a0', '\u2009', '\u202f':
			return ' '
		case '\u2212':
			return '-'
		}
		return r
	}, s))
	sign := ""
	if t != "" && (t[0] == '-' || t[0] == '+') {
		sign, t = t[:1], strings.TrimSpace(t[1:])
	}
	digits, ok := ungroup(t)
	if !ok {
		return 0, fmt.Errorf("%w: %q", ErrNumber, s)
	}
	n, err := strconv.ParseInt(sign+digits, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: %q", ErrNumber, s)
	}
	return n, nil
}

func dropCurrency(s string) string {
	s = strings.TrimSpace(s)
	lower := strings.ToLower(s)
	for _, unit := range []string{"đồng", "vnđ", "vnd", "đ", "₫"} {
		if strings.HasSuffix(lower, unit) && len(lower) == len(s) {
			return strings.TrimSpace(s[:len(s)-len(unit)])
		}
	}
	return s
}

// ungroup removes the thousands separators of an unsigned number. One kind of
// separator groups; another kind after it starts decimals, which must be zero.
func ungroup(s string) (string, bool) {
	var sep byte
	b := make([]byte, 0, len(s))
	start := 0 // of the group being read
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case '0' <= c && c <= '9':
			b = append(b, c)
		case c != '.' && c != ',' && c != ' ' || i == start:
			return "", false
		case sep != 0 && i-start != 3, sep == 0 && i > 3 && c == ' ':
			return "", false
		case sep != 0 && c != sep, sep == 0 && i > 3: // 1.234,00 and 12345.0
			return string(b), c != ' ' && zeros(s[i+1:])
		default:
			sep, start = c, i+1
		}
	}
	if sep == 0 {
		return string(b), len(b) > 0
	}
	if len(s)-start == 3 && (s[0] != '0' || zeros(string(b))) { // 0.500 is a half
		return string(b), true
	}
	// 12.0: one separator that is no group can only start decimals
	if sep != ' ' && strings.IndexByte(s, sep) == start-1 && zeros(s[start:]) {
		return s[:start-1], true
	}
	return "", false
}

func zeros(s string) bool { return s != "" && strings.Trim(s, "0") == "" }

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-(n + 1)) + 1
	}
	return uint64(n)
}
