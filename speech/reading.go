package speech

import (
	"strings"
	"unicode"
)

// Reading is a hint how hard a text is to follow.
type Reading struct {
	Grade     int // 1, everybody follows, to 10, nobody does
	Words     int
	Sentences int
	Longest   int    // words of the longest sentence
	Hard      []Hard // what makes it hard, the worst first
}

// Hard is a reason why a text is hard to follow.
type Hard string

// The reasons.
const (
	LongSentences Hard = "long_sentences" // on average
	OneSentence   Hard = "one_sentence"   // a single one is too long
	ShortForms    Hard = "short_forms"    // BHXH, UBND
	Figures       Hard = "figures"
	Documents     Hard = "documents"  // numbers of laws and decrees
	LongWords     Hard = "long_words" // syllables of six letters and more, and foreign words
)

// Level grades a text as it is written. What is said and what is read are hard for different people, so short forms count although a
// voice writes them out.
func Level(text string) Reading {
	r := Reading{Grade: 1}
	var short, figures, documents, long int
	for _, sentence := range sentences(text) {
		n := 0
		for _, w := range strings.Fields(sentence) {
			w = strings.TrimFunc(w, func(c rune) bool { return !isLetter(c) && !unicode.IsDigit(c) })
			if w == "" {
				continue
			}
			n++
			switch {
			case documentNumber.MatchString(w):
				documents++
			case strings.IndexFunc(w, unicode.IsDigit) >= 0:
				figures++
			case capitals(w) > 1 && !isSyllable(w):
				short++
			case !wellKnown(w):
				long++
			}
		}
		if n > 0 {
			r.Sentences++
			r.Words += n
			r.Longest = max(r.Longest, n)
		}
	}
	if r.Words == 0 {
		return r
	}
	share := func(n int) int { return n * 100 / r.Words } // in percent
	for _, why := range []struct {
		code  Hard
		costs int
	}{
		{LongSentences, steps(r.Words/r.Sentences, 15, 5)}, {Documents, min(documents, 2)}, {ShortForms, steps(share(short), 3, 4)}, {Figures, steps(share(figures), 10, 8)},
		{LongWords, steps(share(long), 15, 10)}, {OneSentence, min(steps(r.Longest, 30, 100), 1)},
	} {
		if why.costs > 0 {
			r.Grade += why.costs
			r.Hard = append(r.Hard, why.code)
		}
	}
	r.Grade = min(r.Grade, 10)
	return r
}

// steps is how many steps of a size n is beyond what is easy, at most 3.
func steps(n, easy, size int) int {
	if n <= easy {
		return 0
	}
	return min(1+(n-easy-1)/size, 3)
}

// wellKnown says whether a word is a short syllable; a name with hyphens is as long as its parts.
func wellKnown(w string) bool {
	for part := range strings.SplitSeq(w, "-") {
		if !isSyllable(part) || len([]rune(part)) > 6 {
			return false
		}
	}
	return true
}

// sentences cuts a text where one sentence ends: at a line's end, and at a mark before a space.
func sentences(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		line = clean(line)
		from := 0
		for i := 0; i < len(line); i++ {
			if strings.IndexByte(".?!;", line[i]) >= 0 && (i+1 == len(line) || line[i+1] == ' ') && !shortPoint(line[from:i+1]) {
				out = append(out, line[from:i+1])
				from = i + 1
			}
		}
		out = append(out, line[from:])
	}
	return out
}

// shortPoint says that the point at the end belongs to TP. or the like.
func shortPoint(s string) bool {
	s = strings.TrimSuffix(s, ".")
	_, ok := dotted[s[strings.LastIndexByte(s, ' ')+1:]]
	return ok
}
