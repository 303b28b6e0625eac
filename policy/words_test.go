package policy

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"loa"
	"loa/i18n"
)

// wanted gathers the keys a quote or a refusal is said with.
type wanted map[string]string // key → who needs it

func (w wanted) quote(what string, q Quote) {
	w["policy.kind."+q.Kind] = what
	for _, r := range q.Results {
		w["policy.term."+r.Name] = what
		if r.Word != "" {
			w["policy.group."+r.Word] = what
		}
	}
	term := func(t Term) {
		if t.From == OfLaw {
			w["policy.param."+t.Name] = what
		} else if t.Name != "" {
			w["policy.term."+t.Name] = what
		}
	}
	for _, s := range q.Steps {
		w["policy.term."+s.Name] = what
		for _, t := range s.Terms {
			term(t)
		}
	}
	for _, c := range q.Conditions {
		w["policy.need."+c.Name] = what
		term(c.Need)
		term(c.Have)
	}
	for _, n := range q.Notes {
		w["policy.note."+n.Code] = what
	}
}

func (w wanted) refusal(what string, err error) {
	e, ok := err.(*loa.Error)
	if !ok {
		return
	}
	w["error."+e.Code] = what
	for _, a := range e.Args {
		if p, ok := a.(loa.Phrase); ok {
			w[string(p)] = what
		}
	}
}

// TestEverythingSaidHasWords collects what quotes of every kind, their refusals and the code itself can say, and looks for it in both
// languages; sentences are filled in, so that one that takes other arguments than it is given fails too.
func TestEverythingSaidHasWords(t *testing.T) {
	p, w := law(t), wanted{}
	say := func(what string, q Quote, err error) {
		if err != nil {
			w.refusal(what, err)
			if e, ok := err.(*loa.Error); ok {
				filledIn(t, what, "error."+e.Code, e.Args)
			}
			return
		}
		w.quote(what, q)
		for _, n := range q.Notes {
			filledIn(t, what, "policy.note."+n.Code, n.Args)
		}
	}
	for _, a := range everyQuote() {
		q, err := a.of(p)
		say(a.kind+" "+a.fields, q, err)
		for _, r := range q.Used { // what it says when the law is not known
			q, err := a.of(p.Without(r))
			say(a.kind+" without "+r.Name, q, err)
		}
		k, _ := KindNamed(a.kind)
		for _, f := range k.Fields {
			w["policy.term."+f.Name] = "the form of " + k.Name
			for _, bad := range []string{"", "-1", "0", "x", "99", "1300", "9999999999999", "1900-01-01", "2150-01", "2026-01,2025-01,5", "2026-01,2026-01,5|2026-01,2026-01,5", "1,0"} {
				given := a.given()
				given[f.Name] = strings.ReplaceAll(bad, "|", "\n")
				q, err := p.Ask(a.kind, given, "2026-11-23")
				say(a.kind+" "+f.Name+"="+bad, q, err)
			}
			if f.Shape == Several {
				for _, g := range f.Options {
					w["policy.group."+g] = "the form of " + k.Name
				}
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(Kinds()).Draw(t, "kind")
		given := map[string]string{}
		for _, f := range k.Fields {
			if f.Needed || rapid.Bool().Draw(t, f.Name) {
				given[f.Name] = drawField(t, f)
			}
		}
		q, err := p.Ask(k.Name, given, "2026-11-23")
		if err == nil {
			w.quote(k.Name, q)
		} else {
			w.refusal(k.Name, err)
		}
	})
	for _, name := range Names() {
		w["policy.param."+name] = "the list of parameters"
		w["law.subject."+Subject(name)] = "the list of parameters"
		for _, r := range p[name] {
			if r.Unit == Choice {
				w["policy.choice."+name+".0"], w["policy.choice."+name+".1"] = "both readings", "both readings"
			}
			w["law.value_hint."+string(r.Unit)], w["law.value_bad."+string(r.Unit)] = "the form of rows", "the form of rows"
			if r.Source == "none" || r.Source == "community" {
				w["policy.source."+r.Source] = "the list of parameters"
			}
		}
	}
	for _, x := range append(append([]probe{}, probes...), typical...) {
		w["law.effect."+x.code] = "what a row changes"
	}
	fromSource(t, w)
	if len(w) < 500 {
		t.Errorf("only %d words were looked at", len(w))
	}
	for key, what := range w {
		for _, lang := range i18n.Languages {
			if !i18n.Has(lang, key) {
				t.Errorf("%s has no words in %s (%s)", key, lang, what)
			}
		}
	}
}

// filledIn fails on a sentence that was given other arguments than it takes.
func filledIn(t *testing.T, what, key string, args []any) {
	t.Helper()
	for _, lang := range i18n.Languages {
		if s := i18n.Text(lang, key, args...); strings.Contains(s, "%!") || strings.Contains(s, "%%") {
			t.Errorf("%s: %s in %s says %q", what, key, lang, s)
		}
	}
}

var inSource = map[*regexp.Regexp]string{
	regexp.MustCompile(`(?:refuse|bad)\("[a-z_0-9]*", "([a-z_0-9]+)"`):     "error.",
	regexp.MustCompile(`loa\.Refuse\(loa\.\w+, "[a-z_]*", "([a-z_0-9]+)"`): "error.",
	regexp.MustCompile(`\.note\("([a-z_0-9]+)"`):                           "policy.note.",
	regexp.MustCompile(`\.need\("([a-z_0-9]+)"`):                           "policy.need.",
	regexp.MustCompile(`\.step\("([a-z_0-9]+)"`):                           "policy.term.",
	regexp.MustCompile(`wholeOf\(w\.step\("([a-z_0-9]+)"`):                 "policy.term.",
	regexp.MustCompile(`given\("([a-z_0-9]+)"`):                            "policy.term.",
	regexp.MustCompile(`\.give(?:Day|Yes|Word)?\("([a-z_0-9]+)"`):          "policy.term.",
}

// fromSource adds what stands in the code, for what no quote above has reached.
func fromSource(t *testing.T, w wanted) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for pattern, prefix := range inSource {
			for _, m := range pattern.FindAllStringSubmatch(string(raw), -1) {
				key := prefix + m[1]
				if strings.HasPrefix(pattern.String(), "wholeOf") {
					key += "_whole"
				}
				if w[key] == "" {
					w[key] = file
				}
			}
		}
	}
}

// TestLawsAreCitedInEnglish: no Vietnamese letter is left in an English citation.
func TestLawsAreCitedInEnglish(t *testing.T) {
	for name, rows := range law(t) {
		for _, r := range rows {
			for _, c := range Law(r.Cites).In("en") {
				if c > 0x7f {
					t.Errorf("%s is cited in English as %q", name, Law(r.Cites).In("en"))
					break
				}
			}
		}
	}
}
