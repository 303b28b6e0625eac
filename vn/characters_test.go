package vn

import (
	"strings"
	"testing"
)

func TestCharacters(t *testing.T) {
	for s, want := range map[string]int{
		"": 0, "a": 1, "ề": 1, "e\u0302\u0300": 1, "Điện Biên": 9, "👍🏽": 1, "🇻🇳": 1, "🇻🇳🇱🇦": 2, "❤️": 1, strings.Repeat("ế", 500): 500, strings.Repeat("e\u0302\u0301", 500): 500, "a\u200bb": 2,
	} {
		if got := Characters(s); got != want {
			t.Errorf("%q has %d characters, want %d", s, got, want)
		}
	}
}

func FuzzCharacters(f *testing.F) {
	f.Add("Tôi hỏi", "ề")
	f.Fuzz(func(t *testing.T, a, b string) {
		if n := Characters(a); n > len([]rune(a)) || n < 0 {
			t.Errorf("%q has %d characters", a, n)
		}
		if Characters(a+" "+b) > Characters(a)+Characters(b)+1 {
			t.Errorf("%q and %q have more characters together", a, b)
		}
	})
}
