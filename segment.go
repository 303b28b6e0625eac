package loa

import (
	"encoding/json"
	"fmt"
	"time"

	"loa/vn"
)

// Segment is a saved rule that picks people out of the audience.
type Segment struct {
	ID        SegmentID
	Office    OfficeID
	Code      string // of a ready segment: its name lives in the catalogues under segment.<code>
	Name      string
	Rule      Rule
	Ready     bool
	Sort      int
	Retired   bool
	ChangedAt time.Time
	ChangedBy OfficerID
}

// Check refuses a segment without a name or with a rule that cannot be read.
func (s Segment) Check() error {
	if vn.Fold(s.Name) == "" && s.Code == "" {
		return Refuse(Invalid, "name", "required")
	}
	return s.Rule.Check()
}

// Rule is a tree: all, any or none of its parts, or one condition when Field is set. It is saved as JSON and read nowhere but here.
type Rule struct {
	All    []Rule   `json:"all,omitempty"`
	Any    []Rule   `json:"any,omitempty"`
	Not    *Rule    `json:"not,omitempty"`
	Field  string   `json:"field,omitempty"`
	Scheme Scheme   `json:"scheme,omitempty"`
	Values []string `json:"values,omitempty"` // one of
	Min    *int     `json:"min,omitempty"`
	Max    *int     `json:"max,omitempty"`
}

// Fields a rule may ask about, and how: "words" takes Values, "range" takes Min and Max, "flag" takes nothing,
// "status" takes Scheme and Values, "months" takes Scheme, Min and Max, "consent" takes Values of purpose:channel:state.
var RuleFields = []struct{ Field, Kind string }{
	{"area", "area"}, {"age", "range"}, {"sex", "words"}, {"ethnic", "words"}, {"language", "words"}, {"literacy", "words"},
	{"poverty", "words"}, {"occupation", "words"}, {"status", "status"}, {"payer", "status"}, {"months_since_lapse", "months"},
	{"reached_days", "range"}, {"phone", "flag"}, {"phone_shared", "flag"}, {"consent", "consent"}, {"lead", "status"}, {"household_head", "flag"},
	{"household_without_hi", "flag"}, {"parent_of_pupil", "flag"},
}

// RuleKind is the kind of a rule field, empty when there is no such field.
func RuleKind(field string) string {
	for _, f := range RuleFields {
		if f.Field == field {
			return f.Kind
		}
	}
	return ""
}

// wordsOf is the closed list behind a field of words.
func wordsOf(field string) []string {
	switch field {
	case "sex":
		return []string{string(Male), string(Female)}
	case "ethnic":
		return EthnicGroups
	case "language":
		return Languages
	case "literacy":
		return Literacies
	case "poverty":
		return PovertyStates
	case "occupation":
		return Occupations
	case "status":
		return statusWords()
	case "payer":
		return []string{string(PaysSelf), string(PaysState), string(PaysEmployer)}
	case "lead":
		return []string{"open"}
	}
	return nil
}

// RuleWords is the closed list a rule field chooses from.
func RuleWords(field string) []string { return wordsOf(field) }

func statusWords() []string {
	out := make([]string, len(Statuses))
	for i, s := range Statuses {
		out[i] = string(s)
	}
	return out
}

// Check refuses a rule that is empty, too deep or asks about something Loa does not know.
func (r Rule) Check() error { return r.check(0) }

func (r Rule) check(depth int) error {
	if depth > 8 {
		return Refuse(TooMuch, "rule", "rule_deep", 8)
	}
	parts := 0
	for _, list := range [][]Rule{r.All, r.Any} {
		if list != nil {
			parts++
		}
		if len(list) > 40 {
			return Refuse(TooMuch, "rule", "rule_wide", 40)
		}
		for _, p := range list {
			if err := p.check(depth + 1); err != nil {
				return err
			}
		}
	}
	if r.Not != nil {
		parts++
		if err := r.Not.check(depth + 1); err != nil {
			return err
		}
	}
	if r.Field != "" {
		parts++
		if err := r.checkCondition(); err != nil {
			return err
		}
	}
	if parts != 1 {
		return Refuse(Invalid, "rule", "rule_shape")
	}
	return nil
}

func (r Rule) checkCondition() error {
	kind := RuleKind(r.Field)
	switch kind {
	case "":
		return Refuse(Invalid, "rule", "rule_field", r.Field)
	case "words", "status":
		if len(r.Values) == 0 {
			return Refuse(Invalid, "rule", "rule_values", r.Field)
		}
		for _, v := range r.Values {
			if !OneOf(v, wordsOf(r.Field)) && v != "" {
				return Refuse(Invalid, "rule", "rule_values", r.Field)
			}
		}
	case "area", "consent":
		if len(r.Values) == 0 {
			return Refuse(Invalid, "rule", "rule_values", r.Field)
		}
	case "range", "months":
		if r.Min == nil && r.Max == nil || r.Min != nil && r.Max != nil && *r.Min > *r.Max {
			return Refuse(Invalid, "rule", "rule_range", r.Field)
		}
	}
	if (kind == "status" || kind == "months") && !r.Scheme.Valid() {
		return Refuse(Invalid, "rule", "rule_scheme", r.Field)
	}
	return nil
}

// JSON is the rule as it is saved.
func (r Rule) JSON() string {
	b, err := json.Marshal(r)
	if err != nil {
		panic(fmt.Sprintf("loa: a rule that cannot be written: %v", err)) // only strings and numbers inside: a fault of ours
	}
	return string(b)
}

// ReadRule reads a saved rule and checks it.
func ReadRule(s string) (Rule, error) {
	var r Rule
	if err := json.Unmarshal([]byte(s), &r); err != nil {
		return r, Refuse(Invalid, "rule", "rule_unreadable")
	}
	return r, r.Check()
}

// Snapshot is a segment frozen at the moment it was used, so that results can be measured against those who were meant.
type Snapshot struct {
	ID      SnapshotID
	Office  OfficeID
	Segment SegmentID
	Area    AreaID
	Rule    Rule
	UsedBy  string
	UsedID  string
	AsOf    Day
	TakenAt time.Time
	TakenBy OfficerID
	N       int
	Members []PersonID
}
