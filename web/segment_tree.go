package web

import (
	"slices"
	"strconv"
	"strings"

	"loa"
)

// ruleNode is one part of a rule as the builder's form shows it: a condition, or a group of parts. Its path ("0.2.1") names its
// fields in the form, so that groups inside groups need no script.
type ruleNode struct {
	Path  string
	Depth int
	Op    string // of a group: all, any, none or notall; empty for a condition
	Parts []*ruleNode

	Not      bool
	Field    string
	Scheme   string
	Values   []string
	Min, Max string
	// Consent is the first value of a condition on consent, taken apart.
	Consent  [3]string
	AreaText string
	Kept     []option // areas chosen already
	Choices  []option
	Kind     string
}

const (
	treeDepth = 4  // groups inside groups that the builder offers
	treeWidth = 40 // parts of one group, as loa.Rule allows
)

var groupOps = []string{"all", "any", "none", "notall"}

// readNode reads the part of the form at a path.
func readNode(f *form, path string, depth int) *ruleNode {
	n := &ruleNode{Path: path, Depth: depth}
	if op := f.text("op." + path); op != "" && slices.Contains(groupOps, op) && depth <= treeDepth {
		n.Op = op
		for i := range min(int(f.count("n."+path)), treeWidth) {
			n.Parts = append(n.Parts, readNode(f, path+"."+strconv.Itoa(i), depth+1))
		}
		return n
	}
	n.Not, n.Field, n.Scheme, n.Min, n.Max = f.on("not."+path), f.text("field."+path), f.text("scheme."+path), f.text("min."+path), f.text("max."+path)
	n.Values = slices.Clone(f.all("value." + path))
	switch n.Field {
	case "area":
		if v := f.text("area." + path); v != "" && !slices.Contains(n.Values, v) {
			n.Values = append(n.Values, v)
		}
	case "consent":
		if p := f.text("purpose." + path); p != "" {
			n.Values = []string{p + ":" + f.text("channel."+path) + ":" + f.text("state."+path)}
		}
	case "lead":
		n.Values = []string{"open"}
	}
	return n
}

// rule is the part as a rule; false when nothing in it was chosen yet.
func (n *ruleNode) rule() (loa.Rule, bool) {
	if n.Op == "" {
		if n.Field == "" {
			return loa.Rule{}, false
		}
		c := loa.Rule{Field: n.Field}
		switch loa.RuleKind(n.Field) {
		case "status":
			c.Scheme, c.Values = loa.Scheme(n.Scheme), n.Values
		case "months":
			c.Scheme, c.Min, c.Max = loa.Scheme(n.Scheme), bound(n.Min), bound(n.Max)
		case "range":
			c.Min, c.Max = bound(n.Min), bound(n.Max)
		case "flag":
		default:
			c.Values = n.Values
		}
		if n.Not {
			return loa.Rule{Not: &c}, true
		}
		return c, true
	}
	parts := []loa.Rule{}
	for _, p := range n.Parts {
		if r, ok := p.rule(); ok {
			parts = append(parts, r)
		}
	}
	switch {
	case len(parts) == 0:
		return loa.Rule{}, false
	case n.Op == "none":
		return loa.Rule{Not: &loa.Rule{Any: parts}}, true
	case n.Op == "notall":
		return loa.Rule{Not: &loa.Rule{All: parts}}, true
	case n.Op == "any":
		return loa.Rule{Any: parts}, true
	}
	return loa.Rule{All: parts}, true
}

// nodeOf lays a saved rule out in the builder; every rule has a place there.
func nodeOf(rule loa.Rule) *ruleNode {
	n := partOf(rule)
	if n.Op == "" {
		n = &ruleNode{Op: "all", Parts: []*ruleNode{n}}
	}
	n.number("0", 0)
	return n
}

func partOf(rule loa.Rule) *ruleNode {
	group := func(op string, parts []loa.Rule) *ruleNode {
		n := &ruleNode{Op: op}
		for _, p := range parts {
			n.Parts = append(n.Parts, partOf(p))
		}
		return n
	}
	switch {
	case rule.All != nil:
		return group("all", rule.All)
	case rule.Any != nil:
		return group("any", rule.Any)
	case rule.Not != nil && rule.Not.All != nil:
		return group("notall", rule.Not.All)
	case rule.Not != nil && rule.Not.Any != nil:
		return group("none", rule.Not.Any)
	case rule.Not != nil && rule.Not.Not != nil:
		return group("none", []loa.Rule{*rule.Not})
	}
	n := &ruleNode{}
	if rule.Not != nil {
		n.Not, rule = true, *rule.Not
	}
	n.Field, n.Scheme, n.Values = rule.Field, string(rule.Scheme), rule.Values
	if rule.Min != nil {
		n.Min = strconv.Itoa(*rule.Min)
	}
	if rule.Max != nil {
		n.Max = strconv.Itoa(*rule.Max)
	}
	return n
}

// number gives every part its path after parts came or went.
func (n *ruleNode) number(path string, depth int) {
	n.Path, n.Depth = path, depth
	for i, p := range n.Parts {
		p.number(path+"."+strconv.Itoa(i), depth+1)
	}
}

// turn does what a button of the builder asks for: "cond:0.1" adds a condition to a group, "group:0" a group, "drop:0.2" takes a
// part away. Anything else only draws the form again.
func (n *ruleNode) turn(act string) {
	verb, path, _ := strings.Cut(act, ":")
	switch verb {
	case "cond", "group":
		if at := n.at(path); at != nil && at.Op != "" && len(at.Parts) < treeWidth {
			part := &ruleNode{}
			if verb == "group" && at.Depth < treeDepth {
				part = &ruleNode{Op: "any", Parts: []*ruleNode{{}, {}}}
			}
			at.Parts = append(at.Parts, part)
		}
	case "drop":
		cut := strings.LastIndexByte(path, '.')
		if cut < 0 {
			break
		}
		if up := n.at(path[:cut]); up != nil {
			if i, err := strconv.Atoi(path[cut+1:]); err == nil && i >= 0 && i < len(up.Parts) {
				up.Parts = slices.Delete(up.Parts, i, i+1)
			}
		}
	}
	n.number("0", 0)
}

func (n *ruleNode) at(path string) *ruleNode {
	if n.Path == path {
		return n
	}
	for _, p := range n.Parts {
		if path == p.Path || strings.HasPrefix(path, p.Path+".") {
			return p.at(path)
		}
	}
	return nil
}

// readRule reads the builder: the tree as it was filled in, and the rule it makes.
func readRule(f *form) (loa.Rule, *ruleNode, error) {
	tree := readNode(f, "0", 0)
	if tree.Op == "" {
		tree = &ruleNode{Path: "0", Op: "all"}
	}
	rule, ok := tree.rule()
	if !ok {
		return rule, tree, loa.Refuse(loa.Invalid, "rule", "rule_empty")
	}
	return rule, tree, rule.Check()
}

func bound(s string) *int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return nil
	}
	return &n
}
