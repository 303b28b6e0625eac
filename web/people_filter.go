package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"loa"
	"loa/i18n"
)

// filterChip is one condition of the list of people: what can be chosen and what is. Choosing again takes the choice back, so a
// chip needs no script.
type filterChip struct {
	Key, Label string
	Chosen     string // the words chosen, joined
	On         bool
	Options    []chipOption
	Clear      string
}

type chipOption struct {
	Label, URL string
	On         bool
}

// dimension is a filter with its words. Each becomes one condition of a rule, so that the list and the segments agree.
type dimension struct {
	key, prefix string
	words       []string
	one         bool // only one word at a time
}

func peopleDimensions() []dimension {
	text := func(list []loa.Scheme) []string {
		out := make([]string, len(list))
		for i, s := range list {
			out[i] = string(s)
		}
		return out
	}
	statuses := make([]string, len(loa.Statuses))
	for i, s := range loa.Statuses {
		statuses[i] = string(s)
	}
	return []dimension{
		{"scheme", "scheme.", text(loa.Schemes), true}, {"status", "status.", statuses, false}, {"poverty", "poverty.", loa.PovertyStates, false},
		{"occupation", "occupation.", loa.Occupations, false}, {"ethnic", "ethnic.", loa.EthnicGroups, false}, {"age", "people.age.", []string{"0-15", "16-29", "30-44", "45-59", "60-"}, true},
		{"sex", "sex.", []string{"male", "female"}, true}, {"phone", "people.phone.", []string{"yes", "no"}, true}, {"home", "people.home.", []string{"without_hi", "head"}, true},
		{"contact", "people.contact.", []string{"refused"}, true},
	}
}

// peopleFilter is what the list is narrowed by, as its address says it.
type peopleFilter struct {
	Query, Area string
	Words       map[string][]string
}

func readPeopleFilter(get url.Values) peopleFilter {
	f := peopleFilter{Query: strings.TrimSpace(get.Get("q")), Area: get.Get("area"), Words: map[string][]string{}}
	for _, d := range peopleDimensions() {
		for _, v := range get[d.key] {
			if v != "" && !slices.Contains(f.Words[d.key], v) && !(d.one && len(f.Words[d.key]) > 0) {
				f.Words[d.key] = append(f.Words[d.key], v)
			}
		}
	}
	return f
}

func (f peopleFilter) one(key string) string {
	if len(f.Words[key]) == 0 {
		return ""
	}
	return f.Words[key][0]
}

// narrowed says whether anything but the place and the words searched for is asked.
func (f peopleFilter) narrowed() bool {
	for _, words := range f.Words {
		if len(words) > 0 {
			return true
		}
	}
	return false
}

// values is the filter as an address says it, in one order whatever order it was typed in.
func (f peopleFilter) values() url.Values {
	out := url.Values{}
	if f.Query != "" {
		out.Set("q", f.Query)
	}
	if f.Area != "" {
		out.Set("area", f.Area)
	}
	for key, words := range f.Words {
		if len(words) > 0 {
			out[key] = append([]string(nil), words...)
		}
	}
	return out
}

// toggled is the filter with one word more, or less when it was chosen.
func (f peopleFilter) toggled(d dimension, word string) url.Values {
	out := f.values()
	switch {
	case slices.Contains(out[d.key], word):
		out[d.key] = slices.DeleteFunc(out[d.key], func(w string) bool { return w == word })
	case d.one:
		out[d.key] = []string{word}
	default:
		out[d.key] = append(out[d.key], word)
	}
	if len(out[d.key]) == 0 {
		delete(out, d.key)
	}
	return out
}

// chips are the filters as the page shows them.
func (f peopleFilter) chips(r *http.Request) []filterChip {
	link := func(v url.Values) string { return "/people?" + v.Encode() }
	var out []filterChip
	for _, d := range peopleDimensions() {
		c := filterChip{Key: d.key, Label: t(r, "people.by."+d.key), On: len(f.Words[d.key]) > 0}
		var chosen []string
		for _, w := range d.words {
			on := slices.Contains(f.Words[d.key], w)
			c.Options = append(c.Options, chipOption{Label: t(r, d.prefix+w), URL: link(f.toggled(d, w)), On: on})
			if on {
				chosen = append(chosen, t(r, d.prefix+w))
			}
		}
		c.Chosen = strings.Join(chosen, ", ")
		if c.On {
			v := f.values()
			delete(v, d.key)
			c.Clear = link(v)
		}
		out = append(out, c)
	}
	return out
}

// rule is the filter as a rule of segments. A status is asked of voluntary SI when no scheme is named; a scheme alone means those in it.
func (f peopleFilter) rule() (loa.Rule, error) {
	rule := loa.Rule{All: []loa.Rule{}}
	add := func(c loa.Rule) { rule.All = append(rule.All, c) }
	if f.Area != "" {
		add(loa.Rule{Field: "area", Values: []string{f.Area}})
	}
	for _, key := range []string{"sex", "ethnic", "poverty", "occupation"} {
		if words := f.Words[key]; len(words) > 0 {
			add(loa.Rule{Field: key, Values: words})
		}
	}
	scheme := loa.Scheme(f.one("scheme"))
	switch words := f.Words["status"]; {
	case len(words) > 0:
		if scheme == "" {
			scheme = loa.VoluntarySI
		}
		add(loa.Rule{Field: "status", Scheme: scheme, Values: words})
	case scheme != "":
		add(loa.Rule{Field: "status", Scheme: scheme, Values: []string{string(loa.Participates), string(loa.DueStatus)}})
	}
	if lo, hi, ok := strings.Cut(f.one("age"), "-"); ok {
		add(loa.Rule{Field: "age", Min: bound(lo), Max: bound(hi)})
	}
	switch f.one("phone") {
	case "yes":
		add(loa.Rule{Field: "phone"})
	case "no":
		add(loa.Rule{Not: &loa.Rule{Field: "phone"}})
	}
	switch f.one("home") {
	case "without_hi":
		add(loa.Rule{Field: "household_without_hi"})
	case "head":
		add(loa.Rule{Field: "household_head"})
	}
	if f.one("contact") == "refused" {
		refused := loa.Rule{Field: "consent"}
		for _, channel := range loa.Channels {
			refused.Values = append(refused.Values, "care:"+channel+":refused")
		}
		add(refused)
	}
	return rule, rule.Check()
}

// summary says in words what the filter asks, for the log and for the head of a file.
func (f peopleFilter) summary(lang string, place string) string {
	var parts []string
	if place != "" {
		parts = append(parts, place)
	}
	if f.Query != "" {
		parts = append(parts, "“"+f.Query+"”")
	}
	for _, d := range peopleDimensions() {
		for _, w := range f.Words[d.key] {
			parts = append(parts, i18n.Text(lang, d.prefix+w))
		}
	}
	return strings.Join(parts, " · ")
}
