package vn

import (
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Characters counts what a reader would call the letters of a text: an accented letter is one however it is written, so are a flag
// and a picture with its colour of skin. public.js counts the same way.
func Characters(s string) int {
	n, flag := 0, false
	for _, r := range norm.NFC.String(s) {
		switch {
		case unicode.Is(unicode.M, r), unicode.Is(unicode.Cf, r), r >= 0x1F3FB && r <= 0x1F3FF:
		case r >= 0x1F1E6 && r <= 0x1F1FF: // two halves make one flag
			if flag = !flag; flag {
				n++
			}
			continue
		default:
			n++
		}
		flag = false
	}
	return n
}
