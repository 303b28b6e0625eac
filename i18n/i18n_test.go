package i18n

import (
	"regexp"
	"slices"
	"testing"
)

var verbs = regexp.MustCompile(`%(\[\d+\])?[a-z]|\{[a-z]+\}`)

func TestBothLanguagesSayTheSame(t *testing.T) {
	vi, en := Keys("vi"), Keys("en")
	for k, v := range vi {
		w, ok := en[k]
		if !ok {
			t.Errorf("%s has no English", k)
			continue
		}
		a, b := verbs.FindAllString(v, -1), verbs.FindAllString(w, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s takes %v in Vietnamese and %v in English", k, a, b)
		}
	}
	for k := range en {
		if _, ok := vi[k]; !ok {
			t.Errorf("%s has no Vietnamese", k)
		}
	}
}

func TestTextFillsAndFallsBack(t *testing.T) {
	if got := Text("vi", "tour.where", 2, 9); got != "Bước 2 trên 9" {
		t.Errorf("got %q", got)
	}
	if got := Text("en", "no.such.key"); got != "no.such.key" {
		t.Errorf("got %q", got)
	}
}
