package reporting

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"loa"
	"loa/vn"
)

// Figure is one number of a report with what stands beside it. What does not apply, or is not known, is left out.
type Figure struct {
	Count      *int64  `json:"count,omitempty"`
	Target     *int64  `json:"target,omitempty"`
	Percent    *Tenths `json:"percent_of_target,omitempty"`
	Change     *int64  `json:"change_on_last_year,omitempty"`
	Register   *int64  `json:"register,omitempty"`   // of a stock: what Loa derives person by person
	Difference *int64  `json:"difference,omitempty"` // the official count less the register
}

// N is the figure's count, 0 where it has none.
func (f Figure) N() int64 { return value(f.Count) }

// Known says whether there is a count.
func (f Figure) Known() bool { return f.Count != nil }

// Shown is the count to show for a stock: the official one, or the register's while there is no official one.
func (f Figure) Shown() (n int64, official, known bool) {
	if f.Count != nil {
		return *f.Count, true, true
	}
	return value(f.Register), false, f.Register != nil
}

// against sets the target and what share of it the count is.
func (f *Figure) against(target *int64) {
	if target == nil {
		return
	}
	f.Target = target
	if f.Count != nil {
		f.Percent = PercentOf(*f.Count, *target)
	}
}

// Tenths is a number with one decimal, kept without fractions: 951 is 95.1.
type Tenths int64

// PercentOf is count as a percentage of a target, rounded half up to one decimal; nil when there is nothing to divide by.
func PercentOf(count, target int64) *Tenths {
	n, ok := vn.Tenths(count, target)
	if !ok {
		return nil
	}
	t := Tenths(n)
	return &t
}

// MarshalJSON writes the number with its decimal, as 95.1.
func (t Tenths) MarshalJSON() ([]byte, error) { return []byte(t.String()), nil }

// String writes the number with a point, as 95.1.
func (t Tenths) String() string {
	sign, n := "", int64(t)
	if n < 0 {
		sign, n = "-", -n
	}
	return sign + strconv.FormatInt(n/10, 10) + "." + strconv.FormatInt(n%10, 10)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Tenths) UnmarshalJSON(b []byte) error {
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return fmt.Errorf("read a percentage: %w", err)
	}
	whole, part, _ := strings.Cut(n.String(), ".")
	if len(part) > 1 {
		return fmt.Errorf("read a percentage: %s has more than one decimal", n)
	}
	if part == "" {
		part = "0"
	}
	i, err := strconv.ParseInt(whole+part, 10, 64)
	if err != nil {
		return fmt.Errorf("read a percentage: %w", err)
	}
	*t = Tenths(i)
	return nil
}

// Lines are the figures every line of a report has: the office's, a commune's or a month's.
type Lines struct {
	Sessions          map[loa.Form]Figure   `json:"sessions"`
	SessionsTotal     Figure                `json:"sessions_total"`
	Attendances       Figure                `json:"attendances"` // heads at held conferences and small groups
	AttendancesByForm map[loa.Form]Figure   `json:"attendances_by_form"`
	Joined            map[loa.Scheme]Figure `json:"joined"`
	Returned          map[loa.Scheme]Figure `json:"returned"`
	Lapsed            map[loa.Scheme]Figure `json:"lapsed"`
	Left              map[loa.Scheme]Figure `json:"left"`
	Participation     map[loa.Scheme]Figure `json:"participation"`
	Questions         Figure                `json:"questions"`
}

// Flow is the figures of one of the four ways a stock changes.
func (l Lines) Flow(kind string) map[loa.Scheme]Figure {
	switch kind {
	case string(loa.Joined):
		return l.Joined
	case string(loa.Returned):
		return l.Returned
	case string(loa.Lapsed):
		return l.Lapsed
	}
	return l.Left
}

func value(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

func ptr(n int64) *int64 { return &n }
