package vn

import "strings"

// onsets lists spellings of a first consonant that are heard or written for
// one another in the uplands, the longest first; the second is the one kept.
var onsets = [][2]string{
	{"ngh", "ng"}, {"ng", "ng"}, {"nh", "nh"},
	{"gh", "g"}, {"tr", "ch"}, {"ch", "ch"}, {"ph", "ph"},
	{"qu", "cu"}, {"kh", "kh"}, {"th", "th"},
	{"k", "c"}, {"q", "c"}, {"x", "s"}, {"n", "l"},
	{"r", "d"}, {"z", "d"}, {"j", "d"}, {"f", "ph"}, {"w", "v"},
}

// codas does the same for what a syllable ends with.
var codas = [][2]string{
	{"ng", "n"}, {"nh", "n"}, {"ch", "t"}, {"c", "t"}, {"k", "t"},
}

// SoundKey returns a key that is the same for spellings of one name that are
// often taken for each other, such as Giàng A Chứ and Dàng A Trứ.
//
// It is made for finding people entered twice, so it is generous: an equal key
// is a question to ask, never a reason to merge.
func SoundKey(name string) string {
	words := Words(Fold(name))
	for i, w := range words {
		words[i] = sound(w)
	}
	return strings.Join(words, " ")
}

func sound(w string) string {
	head, rest := splitOnset(w)
	rest = strings.ReplaceAll(rest, "y", "i")
	for _, c := range codas {
		if body, ok := strings.CutSuffix(rest, c[0]); ok && body != "" {
			rest = body + c[1]
			break
		}
	}
	return head + rest
}

func splitOnset(w string) (head, rest string) {
	if after, ok := strings.CutPrefix(w, "gi"); ok {
		if after == "" || !strings.ContainsRune("aeiouy", rune(after[0])) {
			return "d", "i" + after // gì, gìn: the i is the vowel
		}
		return "d", after
	}
	for _, o := range onsets {
		if after, ok := strings.CutPrefix(w, o[0]); ok {
			return o[1], after
		}
	}
	i := strings.IndexAny(w, "aeiouy")
	if i < 0 {
		i = len(w)
	}
	return w[:i], w[i:]
}
