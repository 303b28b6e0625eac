package store

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"loa"
)

// An import's rows are kept as JSON. There are a hundred thousand of them with some twenty texts each, so the plain ones, which are
// nearly all, are written and read here without the detour over reflection.

// appendTexts appends a list of texts.
func appendTexts(b []byte, list []string) []byte {
	b = append(b, '[')
	for k, s := range list {
		if k > 0 {
			b = append(b, ',')
		}
		b = appendText(b, s)
	}
	return append(b, ']')
}

// appendChanges appends the changes of a row.
func appendChanges(b []byte, list []loa.FieldChange) []byte {
	b = append(b, '[')
	for k, c := range list {
		if k > 0 {
			b = append(b, ',')
		}
		b = appendText(append(b, `{"f":`...), c.Field)
		b = appendText(append(b, `,"o":`...), c.Old)
		b = append(appendText(append(b, `,"n":`...), c.New), '}')
	}
	return append(b, ']')
}

func appendText(b []byte, s string) []byte {
	if !asItStands(s) {
		quoted, err := json.Marshal(s)
		if err != nil {
			panic("store: a text does not become JSON: " + err.Error()) // there is no such text
		}
		return append(b, quoted...)
	}
	return append(append(append(b, '"'), s...), '"')
}

// asItStands says whether a text stands in JSON as it is.
func asItStands(s string) bool {
	for k := range len(s) {
		if c := s[k]; c < ' ' || c == '"' || c == '\\' {
			return false
		}
	}
	return utf8.ValidString(s)
}

// readChanges reads what appendChanges wrote; anything else it leaves to the general reader.
func readChanges(s string) ([]loa.FieldChange, error) {
	out := make([]loa.FieldChange, 0, strings.Count(s, `"f":`))
	rest, ok := strings.CutPrefix(s, "[")
	for ok && rest != "]" {
		var c loa.FieldChange
		if len(out) > 0 {
			rest, ok = strings.CutPrefix(rest, ",")
		}
		for _, part := range []struct {
			name string
			to   *string
		}{{`{"f":"`, &c.Field}, {`,"o":"`, &c.Old}, {`,"n":"`, &c.New}} {
			if ok {
				if rest, ok = strings.CutPrefix(rest, part.name); ok {
					*part.to, rest, ok = strings.Cut(rest, `"`)
					ok = ok && !strings.Contains(*part.to, `\`)
				}
			}
		}
		if ok {
			rest, ok = strings.CutPrefix(rest, "}")
			out = append(out, c)
		}
	}
	if ok {
		return out, nil
	}
	out = nil
	return out, json.Unmarshal([]byte(s), &out)
}
