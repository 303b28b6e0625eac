package zalo

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// word is a value that Zalo writes as a text in one place and as a number in another. Numbers keep their digits: IDs are longer than a
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

// whole is the value as a whole number; figures after a point are dropped.
func (w word) whole() (int64, bool) {
	s, _, _ := strings.Cut(strings.TrimSpace(string(w)), ".")
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

func (w word) amount() *int64 {
	n, ok := w.whole()
	if !ok || n < 0 {
		return nil
	}
	return &n
}

// moment is the value as a time in milliseconds, or in seconds when it is too small for that.
func (w word) moment() time.Time {
	n, ok := w.whole()
	switch {
	case !ok || n <= 0 || n > 1<<45:
		return time.Time{}
	case n < 1e10:
		return time.Unix(n, 0).UTC()
	}
	return time.UnixMilli(n).UTC()
}

// day is the value as a day, in the ways Zalo writes one.
func (w word) day() time.Time {
	for _, layout := range []string{"02/01/2006", time.DateOnly, "02-01-2006", "15:04 02/01/2006", "02/01/2006 15:04:05", time.DateTime} {
		if t, err := time.ParseInLocation(layout, strings.TrimSpace(string(w)), zone); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// zone is the time of Vietnam, which knows no summer time.
var zone = time.FixedZone("+07", 7*3600)
