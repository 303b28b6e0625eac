package loa

import (
	_ "embed" // the words people use for one thing
	"strings"
	"sync"

	"loa/vn"
)

//go:embed terms.txt
var termList string

// saidFor are the phrases by which people mean one thing, by their first word, the longest first: "sổ hưu" and "lương hưu" are one.
var saidFor = sync.OnceValue(func() map[string][]saying {
	out := map[string][]saying{}
	for line := range strings.Lines(termList) {
		means, all, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for phrase := range strings.SplitSeq(all, ",") {
			words := vn.Words(vn.Fold(phrase))
			if len(words) == 0 {
				continue
			}
			list := append(out[words[0]], saying{words, "=" + means})
			for i := len(list) - 1; i > 0 && len(list[i-1].words) < len(list[i].words); i-- {
				list[i-1], list[i] = list[i], list[i-1]
			}
			out[words[0]] = list
		}
	}
	return out
})

type saying struct {
	words []string
	means string
}

// common are the words that stand in every sentence and narrow nothing.
var common = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields("co khong thi la va cua duoc nao gi sao cho the nhu bao nhieu toi minh o a di ve den moi bac anh chi em oi u nhe voi khi nay do ra vao lam con " +
		"the thi nhung cac mot hay hoac da se dang roi chua bi tu trong tren thoi dau ai may how what is the of to a in i do my can for it and or") {
		out[w] = true
	}
	return out
}()

// termsAtMost is how many terms of one text are kept.
const termsAtMost = 60

// Terms are the words by which a text is found, without accents and without those that stand in every sentence, and for every phrase
// people say for one thing that thing, marked by "=".
func Terms(text string) []string { return terms(text, true) }

// AskedTerms are what somebody looks for: where a phrase stands for one thing, that thing instead of its words, so that whoever writes
// "sổ hưu" finds what was written of "lương hưu". When nothing but common words was written, those are looked for.
func AskedTerms(text string) []string { return terms(text, false) }

func terms(text string, whole bool) []string {
	words := vn.Words(vn.Fold(text))
	seen := map[string]bool{}
	var out, left []string
	put := func(t string) {
		if !seen[t] && len(out) < termsAtMost {
			seen[t] = true
			out = append(out, t)
		}
	}
	for i := 0; i < len(words); {
		s, found := sayingAt(words[i:])
		if found {
			put(s.means)
		}
		step := 1
		if found && !whole {
			step = len(s.words)
		} else if w := words[i]; common[w] {
			left = append(left, w)
		} else {
			put(w)
		}
		i += step
	}
	if len(out) == 0 && !whole {
		return left[:min(2, len(left))]
	}
	return out
}

// sayingAt is the longest phrase a text begins with that stands for something.
func sayingAt(words []string) (saying, bool) {
	for _, s := range saidFor()[words[0]] {
		if len(s.words) > len(words) {
			continue
		}
		same := true
		for i, w := range s.words {
			same = same && words[i] == w
		}
		if same {
			return s, true
		}
	}
	return saying{}, false
}
