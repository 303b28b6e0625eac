package speech

import (
	"strings"
	"unicode"

	"loa/vn"
)

// letterNames are the Vietnamese names of the consonants. A vowel is its own name.
var letterNames = map[byte]string{
	'b': "bê", 'c': "xê", 'd': "dê", 'f': "ép", 'g': "giê", 'h': "hát", 'j': "gi", 'k': "ca", 'l': "lờ", 'm': "mờ", 'n': "nờ", 'p': "pê", 'q': "quy", 'r': "rờ",
	's': "ét", 't': "tê", 'v': "vê", 'w': "vê kép", 'x': "ích", 'z': "dét",
}

// isLetter says whether a voice can read a rune: a Latin letter, with any accent of Vietnamese or of its neighbours.
func isLetter(r rune) bool {
	if r < 0x80 {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	return unicode.Is(unicode.Latin, r) && base(r) != 0
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// base is the plain letter below a rune, 0 when there is none.
func base(r rune) byte {
	if f := vn.Fold(string(r)); len(f) == 1 && 'a' <= f[0] && f[0] <= 'z' {
		return f[0]
	}
	return 0
}

func isVowel(r rune) bool { return strings.IndexByte("aeiouy", base(r)) >= 0 && base(r) != 0 }

func hasVowel(word string) bool { return strings.IndexFunc(word, isVowel) >= 0 }

// capitals counts the capital letters of a word.
func capitals(word string) int {
	n := 0
	for _, r := range word {
		if unicode.IsUpper(r) {
			n++
		}
	}
	return n
}

// spellOut says a word letter by letter.
func spellOut(word string) string {
	var names []string
	for _, r := range word {
		if name := letterName(r); name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

func letterName(r rune) string {
	r = unicode.ToLower(r)
	switch b := base(r); {
	case r == 'đ':
		return "đê"
	case b == 0:
		return ""
	case isVowel(r):
		return string(r)
	default:
		return letterNames[b]
	}
}

// onsets and rimes make up the syllables of Vietnamese, without tones and shapes.
const (
	onsets = " b c ch d g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x "
	rimes  = " a ac ach ai am an ang anh ao ap at au ay e ec ech em en eng enh eo ep et eu i ia ich iec iem ien ieng iep iet ieu im in inh ip it iu " +
		"o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong ooc oong op ot u ua uan uang uanh uat uay uc ue uech uenh ui um un ung " +
		"uo uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen uyet uyn uynh uyp uyt uyu y yem yen yeng yet yeu ym "
)

// isSyllable says whether a word could be one syllable of Vietnamese, so that a heading in capitals is read and not spelled.
func isSyllable(word string) bool {
	f := vn.Fold(word)
	for n := 0; n <= 3 && n < len(f); n++ {
		if (n == 0 || strings.Contains(onsets, " "+f[:n]+" ")) && strings.Contains(rimes, " "+f[n:]+" ") {
			return true
		}
	}
	return f == "gi" || f == "gin"
}

// sayWord makes a word that is no known abbreviation readable: capitals become small letters when the word can be said, and are spelled
// when it cannot.
func sayWord(word string) string {
	letters, caps := len([]rune(word)), capitals(word)
	switch {
	case letters == 1 && hasVowel(word):
		return word
	case letters == 1 || !hasVowel(word):
		return spellOut(word)
	case caps == 0:
		return word
	case caps == 1:
		if first := []rune(word)[0]; unicode.IsUpper(first) {
			return word
		}
		return lower(word)
	case isSyllable(word), letters >= 6, letters == 5 && countVowels(word) > 1, caps*2 <= letters:
		return lower(word)
	}
	return spellOut(word)
}

func countVowels(word string) int {
	n := 0
	for _, r := range word {
		if isVowel(r) {
			n++
		}
	}
	return n
}

// lower takes letters one by one, so that each stays one letter.
func lower(s string) string { return strings.Map(unicode.ToLower, s) }
