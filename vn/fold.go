package vn

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s as it is searched for: lower case, without accents, đ as d,
// and every run of spaces and punctuation as one space.
//
// Folding a folded text changes nothing, and composed and decomposed spellings
// fold alike.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	return string(appendFold(make([]byte, 0, len(s)), s, true))
}

// Key returns s as spreadsheet headings are compared: folded, without spaces.
func Key(s string) string {
	return string(appendFold(make([]byte, 0, len(s)), s, false))
}

// Words splits a folded text into its words.
func Words(folded string) []string { return strings.Fields(folded) }

// Tidy returns a name as it is stored: composed accents, single spaces, no
// space at the ends, no invisible characters.
func Tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, unicode.Is(unicode.Cf, r):
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

func isFolded(s string) bool {
	space := true // a leading space is not folded
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			space = false
		case c == ' ' && !space:
			space = true
		default:
			return false
		}
	}
	return s == "" || !space
}

func appendFold(b []byte, s string, spaces bool) []byte {
	gap := false // a run of spaces waits for the next word
	put := func(c byte) {
		if gap {
			if spaces && len(b) > 0 {
				b = append(b, ' ')
			}
			gap = false
		}
		b = append(b, c)
	}
	for i, r := range s {
		if l := letterOf(r); l.base != 0 {
			put(l.base)
			continue
		}
		switch {
		case isMark(r), unicode.Is(unicode.Cf, r): // accents apart, invisible
		case r < utf8.RuneSelf, r == utf8.RuneError:
			gap = true
		default:
			for _, d := range rare(s[i : i+utf8.RuneLen(r)]) {
				if isMark(d) {
					continue
				}
				if !unicode.IsLetter(d) && !unicode.IsMark(d) && !unicode.IsNumber(d) {
					gap = true
					continue
				}
				for _, c := range []byte(string(d)) {
					put(c)
				}
			}
		}
	}
	return b
}

// rare folds one rune from outside the Latin blocks: full-width letters become
// ordinary ones, other scripts only lose their case.
func rare(s string) string {
	for range 3 { // a lower-case letter may come apart once more
		t := strings.Map(func(r rune) rune {
			if l := letterOf(r); l.base != 0 {
				return rune(l.base)
			}
			return unicode.ToLower(r)
		}, norm.NFKD.String(s))
		if t == s {
			break
		}
		s = t
	}
	return s
}
