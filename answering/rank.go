package answering

import (
	"math"
	"slices"
	"strings"

	"loa"
)

// Index finds ready answers by whatever people call the thing. An office has some hundreds of them at most: they are held in memory, made
// anew when one changes.
type Index struct {
	answers []loa.ReadyAnswer
	terms   []map[string]int // of each answer: how much a term of it counts
	weight  map[string]float64
}

// How much a term counts by where it stands.
const (
	inText     = 1
	inQuestion = 3
	leastFit   = 0.3 // of what a perfect answer would have
)

// NewIndex makes an index of answers.
func NewIndex(answers []loa.ReadyAnswer) *Index {
	x := &Index{answers: answers, weight: map[string]float64{}}
	for _, a := range answers {
		terms := map[string]int{}
		for _, t := range a.Texts {
			for _, term := range loa.Terms(t.Text) {
				terms[term] = max(terms[term], inText)
			}
			for _, term := range loa.Terms(t.Question) {
				terms[term] = inQuestion
			}
		}
		for _, term := range loa.Terms(a.Cites + " " + strings.ReplaceAll(a.Topic, "_", " ")) {
			terms[term] = max(terms[term], inText)
		}
		x.terms = append(x.terms, terms)
		for term := range terms {
			x.weight[term]++
		}
	}
	for term, n := range x.weight {
		x.weight[term] = math.Log(1 + float64(len(answers))/n)
	}
	return x
}

// Answers are all answers of the index.
func (x *Index) Answers() []loa.ReadyAnswer { return x.answers }

// Find are the answers that fit a text, the best first. With all every word must be there, as in a search; without it the more the better,
// as beside a question, and what shares only a passing word is left out.
func (x *Index) Find(text string, all bool, most int) []loa.ReadyAnswer {
	asked := loa.AskedTerms(text)
	if len(asked) == 0 {
		return nil
	}
	full := 0.0
	for _, t := range asked {
		full += inQuestion * x.heavy(t)
	}
	type fit struct {
		i     int
		score float64
	}
	var fits []fit
	for i, terms := range x.terms {
		score, hit := 0.0, 0
		for _, t := range asked {
			if n := terms[t]; n > 0 {
				score += float64(n) * x.heavy(t)
				hit++
			}
		}
		if hit == 0 || all && hit < len(asked) || !all && score < full*leastFit {
			continue
		}
		fits = append(fits, fit{i, score})
	}
	slices.SortStableFunc(fits, func(a, b fit) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return x.answers[b.i].Uses - x.answers[a.i].Uses
	})
	var out []loa.ReadyAnswer
	for _, f := range fits[:min(len(fits), most)] {
		out = append(out, x.answers[f.i])
	}
	return out
}

// heavy is how much a term tells: a rare one more, a thing people have many words for more than one of its words.
func (x *Index) heavy(term string) float64 {
	w := x.weight[term]
	if w == 0 {
		w = math.Log(1 + float64(len(x.answers)))
	}
	if strings.HasPrefix(term, "=") {
		w *= 1.5
	}
	return w
}
