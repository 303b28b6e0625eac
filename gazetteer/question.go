package gazetteer

import (
	"strings"

	"loa/vn"
)

// How well the words typed meet a name, best first. Where words are left over,
// they speak of the province.
const (
	exact       = iota // all of the name
	beginning          // its first words, none left over
	inOrder            // words of it one after the other, none left over
	beginningOf        // its first words, some left over
	inOrderOf          // words of it one after the other, some left over
	anyOrder           // words of it and of the province, anyhow
	misses
)

// order ranks what was found; a former unit comes behind places met as well,
// and ahead of those met by accident.
var order = [misses][2]int{ // place, former unit
	exact:       {0, 2},
	beginning:   {1, 5},
	inOrder:     {3, 7},
	beginningOf: {4, 8},
	inOrderOf:   {6, 9},
	anyOrder:    {10, 11},
}

// question is a query taken apart once for all entries.
type question struct {
	words    []string // folded
	heads    []string // heads[k] is a space and the first k words
	accented []string // the words typed with accents, lower case
	title    int      // how many words in front say a kind: xã, thị trấn
	code     bool     // a single number
}

// titleWords are the folded words that may stand in front of a name.
var titleWords = [][]string{{"xa"}, {"phuong"}, {"dac", "khu"}, {"thi", "tran"}, {"tinh"}, {"thanh", "pho"}, {"tp"}, {"p"}, {"tt"}}

func newQuestion(query string) question {
	q := question{words: vn.Words(vn.Fold(query))}
	q.heads = make([]string, len(q.words)+1)
	for k, w := range q.words {
		q.heads[k+1] = q.heads[k] + " " + w
	}
	for _, w := range strings.Fields(strings.ToLower(vn.Tidy(query))) {
		if w != vn.Fold(w) {
			q.accented = append(q.accented, strings.Trim(w, ".,;:()-"))
		}
	}
	for _, t := range titleWords {
		if len(q.words) > len(t) && q.heads[len(t)] == " "+strings.Join(t, " ") {
			q.title = len(t)
		}
	}
	q.code = len(q.words) == 1 && strings.Trim(q.words[0], "0123456789") == ""
	return q
}

// rank says how near an entry is to what was typed: how well the name is met,
// then provinces first, then accents and kinds as typed.
func (q question) rank(e *entry) (int, bool) {
	grade := misses
	titled := false
	if q.code && !e.former && strings.HasPrefix(e.place.Code, q.words[0]) {
		grade = beginning
		if e.place.Code == q.words[0] {
			grade = exact
		}
	}
	if g := q.grade(e, 0); g < grade {
		grade = g
	}
	if q.title > 0 {
		if g := q.grade(e, q.title); g < grade {
			grade, titled = g, true
		}
	}
	if grade == misses {
		return 0, false
	}
	former := 0
	if e.former {
		former = 1
	}
	rank := order[grade][former] * 2
	if !e.place.IsProvince() {
		rank++
	}
	rank = rank*16 + min(q.accentsMissed(e), 15)
	rank *= 2
	if titled && !q.titleFits(e) {
		rank++
	}
	return rank, true
}

// grade compares the words from one on with the name, letting those at the end
// speak of the province instead.
func (q question) grade(e *entry, from int) int {
	for _, w := range q.words[from:] {
		if !hasWord(e.name, w) && !hasWord(e.province, w) && !hasWord(e.kind, w) {
			return misses
		}
	}
	best := misses
	for k := len(q.words); k > from; k-- {
		head := q.heads[k][len(q.heads[from]):]
		g := misses
		switch {
		case e.name == head:
			g = exact
		case strings.HasPrefix(e.name, head) && k == len(q.words):
			g = beginning
		case strings.Contains(e.name, head) && k == len(q.words):
			g = inOrder
		case strings.HasPrefix(e.name, head):
			g = beginningOf
		case strings.Contains(e.name, head):
			g = inOrderOf
		}
		if g < best {
			best = g
		}
		if best == exact || !hasWord(e.province, q.words[k-1]) {
			break // this word is part of the name, so no shorter head will do
		}
	}
	if best < misses {
		return best
	}
	for _, w := range q.words[from:] {
		if hasWord(e.name, w) {
			return anyOrder
		}
	}
	return misses
}

// hasWord says whether a word of the text begins so.
func hasWord(text, begin string) bool {
	for i := strings.Index(text, begin); i >= 0; {
		if i > 0 && text[i-1] == ' ' {
			return true
		}
		next := strings.Index(text[i+1:], begin)
		if next < 0 {
			return false
		}
		i += 1 + next
	}
	return false
}

func (q question) titleFits(e *entry) bool {
	title := q.heads[q.title]
	switch title {
	case " tp":
		title = " thanh pho"
	case " p":
		title = " phuong"
	case " tt":
		title = " thi tran"
	}
	return e.kind == title
}

// accentsMissed counts the words typed with accents that the place has
// otherwise: Sơn Hạ and Sơn Hà are two communes of one province.
func (q question) accentsMissed(e *entry) int {
	if len(q.accented) == 0 || e.former {
		return len(q.accented)
	}
	text := " " + strings.ToLower(e.place.FullName()+" "+e.place.ProvinceName)
	n := 0
	for _, w := range q.accented {
		if !hasWord(text, w) {
			n++
		}
	}
	return n
}
