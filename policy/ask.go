package policy

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"loa"
)

// Kind is one question the calculator answers, by name, with the fields it takes; commands and forms are made from it.
type Kind struct {
	Name   string
	Fields []Field
	answer func(p Parameters, a *answers) (Quote, error)
}

// Field is one thing a kind is asked with. Names are written with underscores; a command spells them with hyphens.
type Field struct {
	Name    string
	Shape   Shape
	Options []string // of a choice or of groups
	Needed  bool
	Label   string // what it is called under policy.term. when its name is used for something else there; empty: its name
}

// Term is what the field is called, under policy.term. in the catalogues.
func (f Field) Term() string { return cmp.Or(f.Label, f.Name) }

// Counts is what a number counts, under policy.counts. in the catalogues; empty for other shapes.
func (f Field) Counts() string {
	switch {
	case f.Shape != ANumber:
		return ""
	case slices.Contains([]string{"periods", "settled", "children", "members", "start_age"}, f.Name):
		return f.Name
	}
	return "months"
}

// Shape is how a field is written.
type Shape string

// The shapes.
const (
	ADay        Shape = "day"
	AMonth      Shape = "month" // YYYY-MM, a day behind it is left out
	AMoney      Shape = "money"
	ANumber     Shape = "number"
	AShare      Shape = "share" // basis points
	AChoice     Shape = "choice"
	Several     Shape = "several" // groups, separated by commas
	SomeNumbers Shape = "numbers" // separated by commas
	AHistory    Shape = "history" // a list of from,to,income
)

// answers reads what was asked; the first thing that is not right stays.
type answers struct {
	kind  Kind
	given map[string]string
	today loa.Day
	err   error
}

func (a *answers) bad(field, code string, args ...any) {
	if a.err == nil {
		a.err = loa.Refuse(loa.Invalid, field, code, args...)
	}
}

func (a *answers) text(name string) string {
	v := strings.TrimSpace(a.given[name])
	if v == "" {
		for _, f := range a.kind.Fields {
			if f.Name == name && f.Needed {
				a.bad(name, "required")
			}
		}
	}
	return v
}

func (a *answers) day(name string) loa.Day {
	v := a.text(name)
	if v == "" {
		if name == "day" {
			return a.today
		}
		return ""
	}
	d, ok := ReadDay(v)
	if !ok {
		a.bad(name, "bad_day")
	}
	return d
}

func (a *answers) month(name string) loa.Month {
	v := a.text(name)
	switch {
	case v == "":
		return ""
	case len(v) == 4 && name == "born": // only the year is known: 1 January (Decree 135/2020, Article 3)
		v += "-01"
	}
	m, ok := ReadMonth(v)
	switch {
	case ok:
	case len(v) == 10:
		a.bad(name, "bad_day")
	default:
		a.bad(name, "bad_month")
	}
	return m
}

func (a *answers) number(name string, without int64) int64 {
	v := a.text(name)
	if v == "" {
		return without
	}
	n, ok := readNumber(v)
	if a.shape(name) == AShare { // 1.200 of a share may be a per cent or a thousand
		var err error
		if n, err = strconv.ParseInt(v, 10, 64); err != nil && !errors.Is(err, strconv.ErrRange) {
			a.bad(name, "policy_share")
			return without
		}
	} else if !ok {
		a.bad(name, "not_a_number")
		return without
	}
	switch share := a.shape(name) == AShare; {
	case share && (n < 0 || n > 10000):
		a.bad(name, "policy_share")
	case n < 0 && name == "income": // the formulas name the lowest income and its law
	case n < 0:
		a.bad(name, "policy_below_nothing")
	}
	return min(n, 1e13) // beyond every limit of the formulas, which name theirs
}

func (a *answers) shape(name string) Shape {
	for _, f := range a.kind.Fields {
		if f.Name == name {
			return f.Shape
		}
	}
	return ""
}

func (a *answers) choice(name string) string {
	v := a.text(name)
	for _, f := range a.kind.Fields {
		if f.Name == name && v != "" && !slices.Contains(f.Options, v) {
			a.bad(name, "policy_choice", strings.Join(f.Options, ", "))
		}
	}
	return v
}

func (a *answers) groups() []Group {
	var out []Group
	for _, part := range strings.Split(a.text("groups"), ",") {
		if part = strings.TrimSpace(part); part == "" || part == "none" {
			continue
		}
		for _, f := range a.kind.Fields {
			if f.Name == "groups" && !slices.Contains(f.Options, part) {
				a.bad("groups", "policy_group", part)
			}
		}
		if !slices.Contains(out, Group(part)) {
			out = append(out, Group(part))
		}
	}
	return out
}

// numbers are as many as there are commas and one; a place left empty is not dropped, since each stands for somebody.
func (a *answers) numbers(name string) []int64 {
	text := a.text(name)
	if text == "" {
		return nil
	}
	var out []int64
	for _, part := range strings.Split(text, ",") {
		n, err := strconv.ParseInt(strings.TrimSpace(part), 10, 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			a.bad(name, "policy_numbers")
			return nil
		}
		out = append(out, n)
	}
	return out
}

func (a *answers) sex() loa.Sex { return loa.Sex(a.choice("sex")) }

// Ask answers a kind of question as it comes from a command or a form. Fields that the kind does not take are refused by name.
func (p Parameters) Ask(kind string, given map[string]string, today loa.Day) (Quote, error) {
	k, ok := KindNamed(kind)
	if !ok {
		return Quote{}, loa.Refuse(loa.Invalid, "kind", "policy_kind", kind)
	}
	for name := range given {
		if !slices.ContainsFunc(k.Fields, func(f Field) bool { return f.Name == name }) {
			return Quote{}, loa.Refuse(loa.Invalid, name, "policy_field", name)
		}
	}
	a := &answers{kind: k, given: given, today: today}
	for _, f := range k.Fields { // what is missing is told in the order of the form
		if f.Needed {
			a.text(f.Name)
		}
	}
	if a.err != nil {
		return Quote{}, a.err
	}
	q, err := k.answer(p, a)
	if a.err != nil {
		return Quote{}, a.err
	}
	return q, err
}

// KindNamed finds a kind.
func KindNamed(name string) (Kind, bool) {
	for _, k := range Kinds() {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}

// ReadHistory reads lines of from,to,income with a heading; a fourth column "missing" marks months paid later in one go.
func ReadHistory(text string) ([]Paid, error) {
	var out []Paid
	bad := func(line int, code string) error { return loa.Refuse(loa.Invalid, "history", code, line) }
	text = strings.TrimPrefix(text, "\ufeff")
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r", "\n"), "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		cells := strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ';' || r == '\t' })
		if len(out) == 0 && len(cells) > 0 && strings.EqualFold(strings.Trim(cells[0], `" `), "from") {
			continue
		}
		if len(cells) < 3 || len(cells) > 4 {
			return nil, bad(i+1, "policy_history_columns")
		}
		var months [2]loa.Month
		for j := range months {
			m, ok := ReadMonth(strings.Trim(cells[j], `" `))
			if !ok {
				return nil, bad(i+1, "policy_history_month")
			}
			months[j] = m
		}
		income, ok := readNumber(strings.Trim(cells[2], `" `))
		if !ok {
			return nil, bad(i+1, "policy_history_number")
		}
		missing := false
		if len(cells) == 4 {
			switch v := strings.Trim(cells[3], `" `); v {
			case "missing":
				missing = true
			case "", "0":
			default:
				return nil, bad(i+1, "policy_history_columns")
			}
		}
		out = append(out, Paid{months[0], months[1], income, missing})
		if len(out) > 1000 {
			return nil, bad(i+1, "policy_history_long")
		}
	}
	return out, nil
}
