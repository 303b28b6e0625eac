package vn

import "strings"

// Telex reads a folded text as it comes from a keyboard whose Vietnamese was off: "phieengr" is "phieng", "hoaf" is "hoa". Only a
// search that found nothing tries it, since a few plain words look the same.
func Telex(folded string) string {
	words := strings.Fields(folded)
	for i, w := range words {
		words[i] = telexWord(w)
	}
	return strings.Join(words, " ")
}

func telexWord(w string) string {
	if !strings.ContainsAny(w, "aeiouy") {
		return w
	}
	first := strings.IndexAny(w, "aeiouy")
	var b strings.Builder
	for i := 0; i < len(w); i++ {
		switch {
		case i > first && strings.IndexByte("fsrxj", w[i]) >= 0: // no syllable has one behind its vowel: it is a tone
		case i > 0 && w[i] == w[i-1] && strings.IndexByte("aeod", w[i]) >= 0: // aa ee oo dd
		case i > 0 && w[i] == 'w' && strings.IndexByte("aou", w[i-1]) >= 0: // aw ow uw
		default:
			b.WriteByte(w[i])
		}
	}
	return b.String()
}
