package auth

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed common.txt
var commonList string

var common = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, line := range strings.Fields(commonList) {
		out[line] = true
	}
	return out
})

// leastOfOneself is how many letters and digits a password needs beside the officer's own words.
const leastOfOneself = 6

// Rule refuses passwords that are guessed first: too short, common, a run or a repetition, or made of the officer's own
// words. It returns the code of what is wrong, or empty. There are no rules about which letters to use.
func Rule(password string, own ...string) string {
	n := utf8.RuneCountInString(norm.NFC.String(password))
	switch {
	case n < 10:
		return "password_short"
	case n > 128:
		return "password_long"
	}
	plain := bare(password)
	switch {
	case isCommon(plain), repeats(plain), runs(plain):
		return "password_common"
	case ownWords(plain, own):
		return "password_own_words"
	}
	return ""
}

// bare takes accents and capitals off: whoever guesses tries those first.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ':
			return 'd'
		}
		return r
	}, norm.NFD.String(strings.ToLower(s)))
}

// signsForLetters are the signs that people write for letters they resemble.
var signsForLetters = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s")

// isCommon knows the listed passwords, also with digits and signs around them or in place of letters.
func isCommon(plain string) bool {
	list := common()
	whole := strings.ReplaceAll(plain, " ", "")
	core := strings.TrimFunc(whole, notLetter)
	return list[whole] || list[core] || list[signsForLetters.Replace(core)] ||
		list[strings.TrimFunc(signsForLetters.Replace(whole), notLetter)]
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// repeats sees one to four characters said over and over.
func repeats(plain string) bool {
	letters := []rune(plain)
	for unit := 1; unit <= 4; unit++ {
		if slices.Equal(letters[unit:], letters[:len(letters)-unit]) {
			return true
		}
	}
	return false
}

// runs sees letters or digits counted up or down, 9 and 0 being neighbours.
func runs(plain string) bool {
	up, down := true, true
	for i := 1; i < len(plain); i++ {
		a, b := plain[i-1], plain[i]
		up = up && (b == a+1 || a == '9' && b == '0')
		down = down && (b == a-1 || a == '0' && b == '9')
	}
	return up || down
}

// ownWords takes the officer's words out and looks whether a password is left.
func ownWords(plain string, own []string) bool {
	words := make([]string, 0, len(own))
	for _, w := range own {
		if w = bare(w); utf8.RuneCountInString(w) > 1 {
			words = append(words, w)
		}
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	found := false
	for _, w := range words {
		if rest := strings.ReplaceAll(plain, w, "\x00"); rest != plain {
			plain, found = rest, true
		}
	}
	left := 0
	for _, r := range plain {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			left++
		}
	}
	return found && left < leastOfOneself
}
