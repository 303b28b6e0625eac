package facebook

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"loa/channel"
)

// word is a value that Facebook writes as a text in one place and as a number in another. Numbers keep their digits: IDs are longer than a
// float holds.
type word string

// UnmarshalJSON takes texts, numbers and truth values. Anything else is empty: one odd value must not cost the rest of an answer.
func (w *word) UnmarshalJSON(raw []byte) error {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || string(raw) == "null":
		*w = ""
	case raw[0] == '"':
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return err
		}
		*w = word(s)
	default:
		*w = word(raw)
	}
	return nil
}

// whole is the value as a whole number of 0 or more; figures after a point are dropped.
func (w word) whole() int64 {
	s, _, _ := strings.Cut(string(w), ".")
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return max(n, 0)
}

// moment is the value as a time: milliseconds, seconds when it is too small for that, or as the Graph API writes one.
func (w word) moment() time.Time {
	if t, err := time.Parse("2006-01-02T15:04:05-0700", string(w)); err == nil {
		return t.UTC()
	}
	switch n := w.whole(); {
	case n == 0 || n > 1<<45:
		return time.Time{}
	case n < 1e10:
		return time.Unix(n, 0).UTC()
	default:
		return time.UnixMilli(n).UTC()
	}
}

// loose reads what can be read.
func loose[T any](raw json.RawMessage) (v T) {
	json.Unmarshal(raw, &v)
	return v
}

// madeAt is when a message was made, by its ID; zero when the ID does not say.
func madeAt(m channel.Message) time.Time {
	if len(m.ID) != 32 || m.ID[12] != '7' {
		return m.NotBefore
	}
	ms, err := strconv.ParseInt(m.ID[:12], 16, 64)
	if err != nil {
		return m.NotBefore
	}
	return time.UnixMilli(ms).UTC()
}

// isID says whether a text is a number of Facebook's.
func isID(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != "" && len(s) <= 40
}

// isNode says whether a text may be the ID of a post or a comment: numbers joined by an underscore.
func isNode(s string) bool {
	for _, part := range strings.Split(s, "_") {
		if !isID(part) {
			return false
		}
	}
	return len(s) <= 100
}

func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return s != ""
}

// clip cuts a text to so many characters.
func clip(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i]
		}
		n++
	}
	return s
}
