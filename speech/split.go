package speech

import (
	"strings"
	"unicode/utf8"
)

// Split cuts a text into pieces that measure at most so much: after a sentence where it can, else after a comma, else between words,
// and within a word only when the word alone is too long.
func Split(text string, most int, measure func(string) int) []string {
	var out []string
	rest := strings.TrimSpace(text)
	for rest != "" {
		end := fits(rest, most, measure)
		if end < len(rest) {
			end = cutBefore(rest, end)
		}
		if piece := strings.TrimSpace(rest[:end]); piece != "" {
			out = append(out, piece)
		}
		rest = strings.TrimSpace(rest[end:])
	}
	return out
}

// fits is how far the text goes before it measures too much; one character always fits.
func fits(s string, most int, measure func(string) int) int {
	if measure(s) <= most {
		return len(s)
	}
	size, end := 0, 0
	for i, r := range s {
		n := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, n = utf8.DecodeRuneInString(s[i:])
		}
		size += measure(s[i : i+n])
		if size > most && end > 0 {
			break
		}
		end = i + n
	}
	return end
}

// cutBefore is the best place to cut at or before end: far enough on, so that no scrap is left.
func cutBefore(s string, end int) int {
	for _, signs := range []string{".!?", ";:,", ""} {
		for i := end - 1; i > end/3; i-- {
			if s[i] == ' ' && (signs == "" || strings.IndexByte(signs, s[i-1]) >= 0) {
				return i
			}
		}
		if signs != "" && strings.IndexByte(signs, s[end-1]) >= 0 && s[end] == ' ' {
			return end
		}
	}
	if s[end] == ' ' {
		return end
	}
	if i := strings.LastIndexByte(s[:end], ' '); i > 0 {
		return i
	}
	return end
}
