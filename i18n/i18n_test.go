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

func TestEnglishAgreesWithASingleOne(t *testing.T) {
	for _, c := range [][2]string{{"1 sessions", "1 session"}, {"11 sessions", "11 sessions"}, {"2,001 people", "2,001 people"}, {"1 people have this name. Choose", "1 person has this name. Choose"}, {"used 1 times", "used once"},
		{"Whole office · 1 communes", "Whole office · 1 commune"}, {"1 messages", "1 message"}, {"1 stations, 1 plays", "1 station, 1 play"}, {"1 figures by the law", "1 figure by the law"}, {"1 announcements are past", "1 announcement is past"}, {"1 people, 1 billed messages", "1 person, 1 billed message"}, {"1 messages wait for this account.", "1 message waits for this account."}, {"1 more late places", "1 more late place"}, {"Handed 1 people to Post.", "Handed 1 person to Post."}, {"Results of 1 people are saved", "Results of 1 person are saved"},
		{"1 new and 2 changed targets saved.", "1 new and 2 changed targets saved."}, {"0.1 days", "0.1 days"}, {"30/11 people", "30/11 people"}, {"1 people are still in hand", "1 person is still in hand"}} {
		if got := oneOf(c[0]); got != c[1] {
			t.Errorf("%q is said as %q, want %q", c[0], got, c[1])
		}
	}
	if got := Text("en", "days.n", 1); got != "1 day" {
		t.Errorf("got %q", got)
	}
	if got := Text("en", "days.n", 21); got != "21 days" {
		t.Errorf("got %q", got)
	}
}
