package paper

import "strconv"

// Number writes a document's number: a nought stands before a single figure.
func Number(n int64) string {
	if n >= 0 && n < 10 {
		return "0" + strconv.FormatInt(n, 10)
	}
	return strconv.FormatInt(n, 10)
}

// Day writes the day of a month: a nought stands before a single figure.
func Day(day int) string { return Number(int64(day)) }

// Month writes a month: a nought stands before January and February alone, so that nobody writes a 1 in front of them.
func Month(month int) string {
	if month <= 2 {
		return "0" + strconv.Itoa(month)
	}
	return strconv.Itoa(month)
}
