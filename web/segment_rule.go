package web

import (
	"net/http"
	"strconv"
	"strings"

	"loa"
)

// ruleLine is one line of a rule in words, indented by its depth.
type ruleLine struct {
	Text  string
	Depth int
}

// ruleText is a rule as one sentence.
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
	return strings.Join(out, " "+with+" ")
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

// conditionText is one condition in words.
func (s *Server) conditionText(r *http.Request, c loa.Rule, not bool) string {
	field := t(r, "rule.field."+c.Field)
	if c.Scheme != "" {
		field += " " + t(r, "scheme."+string(c.Scheme))
	}
	text := field
	switch loa.RuleKind(c.Field) {
	case "flag":
		text = field
	case "range", "months":
		unit := t(r, "rule.unit."+c.Field)
		switch {
		case c.Min != nil && c.Max != nil:
			text = t(r, "rule.between", field, *c.Min, *c.Max, unit)
		case c.Min != nil:
			text = t(r, "rule.at_least", field, *c.Min, unit)
		default:
			text = t(r, "rule.at_most", field, *c.Max, unit)
		}
		if c.Field == "reached_days" && c.Max != nil && c.Min == nil {
			text = t(r, "rule.reached_within", *c.Max)
		}
		if c.Field == "reached_days" && c.Min != nil && c.Max == nil {
			text = t(r, "rule.not_reached_for", *c.Min)
		}
	default:
		text = field + ": " + s.valueWords(r, c)
	}
	if not {
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
	return strings.Join(words, ", ")
}

// ruleRow is one condition as the builder's form shows it. The builder makes groups of alternatives, all of which must hold:
// (a or b) and (c) and not (d); deeper rules made elsewhere are kept as they are.
type ruleRow struct {
	Group        int
	Not          bool
	Field        string
	Scheme       string
	Values       []string
	Min, Max     string
	AreaText     string
	Choices      []option
	Kind         string
	FieldOptions []option
}

const builderRows = 12

// readRule reads the builder's rows: a row joined by "or" is an alternative to the one above it.
func readRule(f *form) (loa.Rule, []ruleRow, error) {
	groups := map[int][]loa.Rule{}
	var order []int
	var rows []ruleRow
	group := 0
	for i := range builderRows {
		n := strconv.Itoa(i)
		row := ruleRow{Field: f.text("field." + n), Not: f.on("not." + n), Scheme: f.text("scheme." + n), Values: f.all("value." + n), Min: f.text("min." + n), Max: f.text("max." + n),
			AreaText: f.text("area." + n + "_text")}
		if row.Field == "" {
			continue
		}
		if f.text("join."+n) != "or" {
			group++
		}
		row.Group = group
		if row.Field == "area" {
			row.Values = nil
			if v := f.text("area." + n); v != "" {
				row.Values = []string{v}
			}
		}
		if row.Field == "consent" {
			row.Values = []string{f.text("purpose."+n) + ":" + f.text("channel."+n) + ":" + f.text("state."+n)}
		}
		if row.Field == "lead" {
			row.Values = []string{"open"}
		}
		rows = append(rows, row)
		c := loa.Rule{Field: row.Field, Values: row.Values}
		switch loa.RuleKind(row.Field) {
		case "status", "months":
			c.Scheme = loa.Scheme(row.Scheme)
		case "flag":
			c.Values = nil
		}
		if k := loa.RuleKind(row.Field); k == "range" || k == "months" {
			c.Values = nil
			c.Min, c.Max = bound(row.Min), bound(row.Max)
		}
		if row.Not {
			inner := c
			c = loa.Rule{Not: &inner}
		}
		if _, seen := groups[row.Group]; !seen {
			order = append(order, row.Group)
		}
		groups[row.Group] = append(groups[row.Group], c)
	}
	rule := loa.Rule{All: []loa.Rule{}}
	for _, g := range order {
		if len(groups[g]) == 1 {
			rule.All = append(rule.All, groups[g][0])
		} else {
			rule.All = append(rule.All, loa.Rule{Any: groups[g]})
		}
	}
	if len(rule.All) == 0 {
		return rule, rows, loa.Refuse(loa.Invalid, "rule", "rule_empty")
	}
	return rule, rows, rule.Check()
}

func bound(s string) *int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return nil
	}
	return &n
}

// rowsOf lays a saved rule out in the builder; ok is false for a rule deeper than the builder makes.
func rowsOf(rule loa.Rule) (rows []ruleRow, ok bool) {
	parts := rule.All
	if rule.All == nil {
		parts = []loa.Rule{rule}
	}
	add := func(c loa.Rule, group int) bool {
		row := ruleRow{Group: group}
		if c.Not != nil {
			row.Not, c = true, *c.Not
		}
		if c.Field == "" {
			return false
		}
		row.Field, row.Scheme, row.Values = c.Field, string(c.Scheme), c.Values
		if c.Min != nil {
			row.Min = strconv.Itoa(*c.Min)
		}
		if c.Max != nil {
			row.Max = strconv.Itoa(*c.Max)
		}
		rows = append(rows, row)
		return true
	}
	for g, p := range parts {
		list := p.Any
		if list == nil {
			list = []loa.Rule{p}
		}
		for _, c := range list {
			if !add(c, g) {
				return nil, false
			}
		}
	}
	return rows, len(rows) <= builderRows
}
