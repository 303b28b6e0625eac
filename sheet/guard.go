package sheet

import (
	"regexp"
	"strings"
	"unicode"
)

// runnable reports whether a spreadsheet program might take a CSV field as a formula: after blanks,
// quotes and invisible letters comes one of = + - @, also full-width, or a control character that
// some programs drop before they look.
func runnable(s string) bool {
	for _, r := range s {
		switch r {
		case '=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−', '\t', '\r', '\n', 0:
			return true
		case '\'', '"', '‘', '’', '“', '”', '`':
			continue
		}
		if !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.IsControl(r) {
			return false
		}
	}
	return false
}

// call is a sign and a function with its bracket, or a command for another program: +SUM(…, @A1(…,
// -cmd|'/c …'!A1. Telephone numbers, dashes before a note and negative numbers are none of these.
var call = regexp.MustCompile(`^[-+@](?:[A-Za-z][A-Za-z0-9.]*\(|.*\|.*!)`)

// calculates reports whether an unguarded CSV field is certainly meant to be run.
func calculates(field string) bool {
	s := strings.TrimSpace(field)
	if s == "" {
		return false
	}
	switch s[0] {
	case '=':
		return len(s) > 1
	case '+', '-', '@':
		return call.MatchString(s)
	}
	return false
}

// guarded is the field as a CSV file may hold it.
func guarded(s string) string {
	if runnable(s) {
		return "'" + s
	}
	return s
}
