package policy

import (
	"errors"
	"strconv"
	"strings"

	"loa"
)

// ReadDay reads a day as people and scripts write it: 30/11/2025, 30-11-2025, 30.11.2025 or 2025-11-30.
func ReadDay(s string) (loa.Day, bool) {
	if d, err := loa.ParseDay(s); err == nil {
		return d, true
	}
	parts := dated(s)
	if len(parts) != 3 || len(parts[2]) != 4 || len(parts[0]) > 2 || len(parts[1]) > 2 {
		return "", false
	}
	d, err := loa.ParseDay(parts[2] + "-" + twoDigits(parts[1]) + "-" + twoDigits(parts[0]))
	return d, err == nil
}

// ReadMonth reads a month as people and scripts write it: 3/1988, 03-1988, 1988-03; of a whole day its month is taken.
func ReadMonth(s string) (loa.Month, bool) {
	if d, ok := ReadDay(s); ok {
		return d.Month(), true
	}
	if m, err := loa.ParseMonth(s); err == nil {
		return m, true
	}
	parts := dated(s)
	if len(parts) != 2 || len(parts[1]) != 4 || len(parts[0]) > 2 {
		return "", false
	}
	m, err := loa.ParseMonth(parts[1] + "-" + twoDigits(parts[0]))
	return m, err == nil
}

// dated takes a date apart at its one kind of mark.
func dated(s string) []string {
	for _, mark := range []string{"/", "-", "."} {
		if strings.Contains(s, mark) {
			return strings.Split(s, mark)
		}
	}
	return nil
}

func twoDigits(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// readNumber reads a whole number, its thousands parted by dots or commas or not at all: 1500000, 1.500.000, 1,500,000. One that is
// beyond what a machine counts is the greatest there is: the formulas name their limits.
func readNumber(s string) (int64, bool) {
	sign, digits := "", s
	if strings.HasPrefix(s, "-") {
		sign, digits = "-", s[1:]
	}
	for _, mark := range []string{".", ","} {
		groups := strings.Split(digits, mark)
		if len(groups) < 2 || groups[0] == "" || len(groups[0]) > 3 || strings.HasPrefix(groups[0], "0") {
			continue
		}
		for _, g := range groups[1:] {
			if len(g) != 3 {
				return 0, false
			}
		}
		digits = strings.Join(groups, "")
		break
	}
	n, err := strconv.ParseInt(sign+digits, 10, 64)
	return n, err == nil || errors.Is(err, strconv.ErrRange)
}
