package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/i18n"
)

// ruleLine is one line of a rule in words, indented by its depth.
type ruleLine struct {
	Text  string
	Depth int
}

// ruleSentence is a rule as a whole sentence about the people it picks.
func (s *Server) ruleSentence(r *http.Request, rule loa.Rule) string {
	return t(r, "rule.sentence", s.ruleText(r, rule))
}

// ruleText is a rule in words, to stand inside a sentence.
func (s *Server) ruleText(r *http.Request, rule loa.Rule) string {
	switch {
	case rule.All != nil:
		return s.joinRules(r, rule.All, t(r, "rule.and"))
	case rule.Any != nil:
		return s.joinRules(r, rule.Any, t(r, "rule.or"))
	case rule.Not != nil:
		if rule.Not.Field != "" {
			return s.conditionText(r, *rule.Not, true)
		}
		return t(r, "rule.not", "("+s.ruleText(r, *rule.Not)+")")
	}
	return s.conditionText(r, rule, false)
}

func (s *Server) joinRules(r *http.Request, parts []loa.Rule, with string) string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = s.ruleText(r, p)
		if len(parts) > 1 && (len(p.All) > 1 || len(p.Any) > 1) {
			out[i] = "(" + out[i] + ")"
		}
	}
	last := len(out) - 1
	if last < 1 {
		return strings.Join(out, "")
	}
	return strings.Join(out[:last], ", ") + " " + with + " " + out[last]
}

// ruleLines is a rule as a list of conditions.
func (s *Server) ruleLines(r *http.Request, rule loa.Rule) []ruleLine {
	var out []ruleLine
	var walk func(rule loa.Rule, depth int)
	walk = func(rule loa.Rule, depth int) {
		switch {
		case rule.All != nil || rule.Any != nil:
			key, parts := "rule.all_of", rule.All
			if rule.Any != nil {
				key, parts = "rule.any_of", rule.Any
			}
			out = append(out, ruleLine{t(r, key), depth})
			for _, p := range parts {
				walk(p, depth+1)
			}
		case rule.Not != nil && rule.Not.Field == "":
			out = append(out, ruleLine{t(r, "rule.none_of"), depth})
			walk(*rule.Not, depth+1)
		default:
			out = append(out, ruleLine{s.ruleText(r, rule), depth})
		}
	}
	walk(rule, 0)
	return out
}

// conditionText is one condition in words, as it stands in a sentence about people.
func (s *Server) conditionText(r *http.Request, c loa.Rule, not bool) string {
	key, scheme, words := "rule.say."+c.Field, "", ""
	if c.Scheme != "" {
		scheme = t(r, "scheme."+string(c.Scheme))
	}
	var text string
	switch loa.RuleKind(c.Field) {
	case "flag":
		text = t(r, key)
	case "range", "months":
		var args []any
		if scheme != "" {
			args = append(args, scheme)
		}
		switch {
		case c.Min != nil && c.Max != nil:
			text = t(r, key+".between", append(args, *c.Min, *c.Max)...)
		case c.Min != nil:
			text = t(r, key+".min", append(args, *c.Min)...)
		default:
			text = t(r, key+".max", append(args, *c.Max)...)
		}
	case "status":
		text = t(r, key, scheme, s.valueWords(r, c))
	default:
		words = s.valueWords(r, c)
		text = t(r, key, words)
	}
	if not {
		if whole := "rule.say_not." + c.Field; i18n.Has(langOf(r), whole) {
			return t(r, whole) // where "not" before the words would be no sentence
		}
		return t(r, "rule.not", text)
	}
	return text
}

// valueWords are the values of a condition in words.
func (s *Server) valueWords(r *http.Request, c loa.Rule) string {
	var names map[loa.AreaID]string
	if c.Field == "area" {
		var err error
		if names, err = s.villageNames(r); err != nil {
			s.Log.Error("name the areas of a rule", "error", err)
		}
	}
	words := make([]string, len(c.Values))
	for i, v := range c.Values {
		switch {
		case c.Field == "area":
			if words[i] = names[loa.AreaID(v)]; words[i] == "" {
				words[i] = t(r, "rule.other_area")
			}
		case v == "":
			words[i] = t(r, "rule.unknown")
		case c.Field == "consent":
			p := strings.Split(v, ":")
			for len(p) < 3 {
				p = append(p, "")
			}
			words[i] = t(r, "purpose."+p[0]) + ", " + t(r, "channel."+p[1]) + ": " + t(r, "consent."+p[2])
		case c.Field == "lead":
			words[i] = t(r, "rule.lead_open")
		default:
			words[i] = t(r, c.Field+"."+v)
		}
	}
	return strings.Join(words, " "+t(r, "rule.or")+" ")
}
