package main

import (
	"io"
	"os"
	"slices"
	"strings"

	"loa"
	"loa/policy"
)

// asked takes the arguments apart: the kind, its fields, and the flags of the whole program, which may stand behind it too.
func (c *cli) asked(args []string) (kind string, given map[string]string, help bool, err error) {
	given = map[string]string{}
	bad := func(field, code string, args ...any) { // the first counts; flags behind it still say how to answer
		if err == nil {
			err = loa.Refuse(loa.Invalid, field, code, args...)
		}
	}
	var empty []string // flags without a value: whether there is such a field is known once the kind is
	for i := 0; i < len(args); i++ {
		a := args[i]
		if !strings.HasPrefix(a, "-") {
			if kind != "" {
				bad(a, "policy_field", a)
				continue
			}
			kind = a
			continue
		}
		name, value, inline := strings.Cut(strings.TrimLeft(a, "-"), "=")
		if name == "help" || name == "h" {
			help = true
			continue
		}
		if !inline {
			if i+1 >= len(args) || strings.HasPrefix(args[i+1], "--") {
				empty = append(empty, field(name))
				continue
			}
			i++
			value = args[i]
		}
		if c.flag(name, value, bad) {
			continue
		}
		if _, twice := given[field(name)]; twice {
			bad(field(name), "policy_twice")
		}
		given[field(name)] = value
	}
	c.labels = labels(kind)
	for _, name := range empty {
		if !slices.Contains(flags, name) && !takes(kind, name) {
			bad(name, "policy_field", name)
		}
		bad(name, "required")
	}
	if kind == "" {
		for name := range given {
			if !takes("", name) {
				bad(name, "policy_field", name)
			}
		}
	}
	return kind, given, help, err
}

// flags are those of the whole program that a quote understands.
var flags = []string{"data", "database", "key", "today", "lang", "format"}

// flag takes a flag of the whole program, and tells whether it was one.
func (c *cli) flag(name, value string, bad func(field, code string, args ...any)) bool {
	switch name {
	case "data":
		c.Data = value
	case "database":
		c.Database = value
	case "key":
		c.Key = value
	case "today":
		day, ok := policy.ReadDay(value)
		if c.Today = day; !ok {
			bad("today", "bad_day")
		}
	case "lang":
		if value != "vi" && value != "en" {
			bad("lang", "policy_choice", "vi, en")
			break
		}
		c.Lang = value
	case "format":
		switch value {
		case "text", "json":
			c.Format = value
		case "xlsx":
			bad("format", "format_xlsx")
		default: // whoever asks for a form of its own reads the answer by a program
			c.Format = "json"
			bad("format", "policy_choice", "text, json")
		}
	default:
		return false
	}
	return true
}

// takes says whether a kind has the field; without a kind, whether any has it.
func takes(kind, name string) bool {
	return slices.ContainsFunc(policy.Kinds(), func(k policy.Kind) bool {
		return (kind == "" || k.Name == kind) && slices.ContainsFunc(k.Fields, func(f policy.Field) bool { return f.Name == name })
	})
}

// labels are the keys a kind's fields are called by, for refusals that say which one is meant.
func labels(kind string) map[string]string {
	out := map[string]string{"kind": "policy.term.kind"}
	for _, k := range policy.Kinds() {
		for _, f := range k.Fields {
			if _, there := out[f.Name]; k.Name == kind || !there {
				out[f.Name] = "policy.term." + f.Term()
			}
		}
	}
	return out
}

// misasked refuses what cannot even be read as arguments of a quote, by its field as every other refusal; false: it is no quote, or
// a quote finds nothing wrong with it.
func (c *cli) misasked(e env, args []string, lang string) (int, bool) {
	i := slices.Index(args, "quote")
	if i < 0 {
		return 0, false
	}
	c.Lang, c.Format = lang, "text"
	_, _, _, err := c.asked(slices.Delete(slices.Clone(args), i, i+1))
	if err == nil {
		return 0, false
	}
	return c.fail(e, err), true
}

// field is a flag as the calculator names it.
func field(flag string) string { return strings.ReplaceAll(flag, "-", "_") }

func readHistory(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", loa.Refuse(loa.Invalid, "history", "policy_history_file", path)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, historyMost+1))
	if err != nil || len(raw) > historyMost {
		return "", loa.Refuse(loa.Invalid, "history", "policy_history_file", path)
	}
	if len(strings.TrimSpace(string(raw))) == 0 {
		return "", loa.Refuse(loa.Invalid, "history", "policy_history_empty")
	}
	return string(raw), nil
}
