package vn

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// alphabet maps a letter and its shape to a byte, in Vietnamese order; f, j, w
// and z stand where dictionaries put them.
var alphabet = func() (order ['z' + 1][stroke + 1]byte) {
	next := byte('A')
	for _, r := range "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz" {
		l := letterOf(r)
		order[l.base][l.shape] = next
		next++
	}
	for base := range order { // a foreign accent sorts as the plain letter
		for shape := range order[base] {
			if order[base][shape] == 0 {
				order[base][shape] = order[base][plain]
			}
		}
	}
	for c := '0'; c <= '9'; c++ {
		for shape := range order[c] {
			order[c][shape] = byte(c)
		}
	}
	return order
}()

// SortKey returns a key whose byte order is the order of Vietnamese name lists:
// by given name, which is the last word, then by the words before it.
//
// Each word compares by the letters of the Vietnamese alphabet and then by its
// tone, so all the people called Hà stand before those called Hạ. The key is
// ASCII: every database sorts it alike.
func SortKey(name string) string {
	words := nameWords(name)
	if len(words) == 0 {
		return ""
	}
	key := appendWordKey(make([]byte, 0, 2*len(name)), words[len(words)-1])
	for _, w := range words[:len(words)-1] {
		key = appendWordKey(key, w)
	}
	return string(key)
}

// Initials returns the first letters of the first and the last word of a name
// in capitals, without tones but with the letter's own shape: Đ stays Đ.
func Initials(name string) string {
	words := nameWords(name)
	switch len(words) {
	case 0:
		return ""
	case 1:
		return initial(words[0])
	}
	return initial(words[0]) + initial(words[len(words)-1])
}

// NameCase writes a name typed in small letters throughout with capitals, as a name is written; any other stays as it was typed.
func NameCase(name string) string {
	if name != strings.ToLower(name) {
		return name
	}
	begins := true
	return strings.Map(func(r rune) rune {
		was := begins
		begins = unicode.IsSpace(r) || r == '-'
		if was {
			return unicode.ToUpper(r)
		}
		return r
	}, norm.NFC.String(name))
}

// nameWords cuts a name where Fold would, but keeps its accents.
func nameWords(name string) []string {
	return strings.FieldsFunc(norm.NFC.String(name), func(r rune) bool {
		return r == utf8.RuneError ||
			!unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Cf, r)
	})
}

// appendWordKey writes the letters of one word, a low separator, its tones and
// the separator again: "An" comes before "Anh", "Hà" before "Hạ".
func appendWordKey(key []byte, word string) []byte {
	var tones [8]byte
	n := 0
	for _, r := range word {
		l := letterOf(r)
		switch {
		case l.base != 0:
			key = append(key, alphabet[l.base][l.shape])
		case isMark(r), unicode.Is(unicode.Cf, r):
			l.add(r)
		default:
			key = fmt.Appendf(key, "~%06x", unicode.ToLower(r))
		}
		if l.tone != level && n < len(tones) {
			tones[n] = '0' + l.tone
			n++
		}
	}
	if n == 0 {
		tones[0], n = '0', 1
	}
	key = append(key, ' ')
	key = append(key, tones[:n]...)
	return append(key, ' ')
}

func initial(word string) string {
	for _, r := range word {
		l := letterOf(r)
		if l.base == 0 {
			if isMark(r) || unicode.Is(unicode.Cf, r) {
				continue
			}
			return string(unicode.ToUpper(r))
		}
		switch base := unicode.ToUpper(rune(l.base)); l.shape {
		case stroke:
			return "Đ"
		case breve:
			return norm.NFC.String(string(base) + "\u0306")
		case circumflex:
			return norm.NFC.String(string(base) + "\u0302")
		case horn:
			return norm.NFC.String(string(base) + "\u031B")
		default:
			return string(base)
		}
	}
	return ""
}
