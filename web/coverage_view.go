package web

import (
	"strings"
	"time"

	"loa/reporting"
)

// Maybe writes a whole number, or a dash where none is known.
func (v *view) Maybe(n *int64) string {
	if n == nil {
		return "–"
	}
	return v.N(*n)
}

// MaybeSigned writes a change with its sign, or a dash where there is nothing to compare with.
func (v *view) MaybeSigned(n *int64) string {
	if n == nil {
		return "–"
	}
	return v.Signed(*n)
}

// Bar is tenths of a percent as the length of a plan bar.
func (v *view) Bar(tenths int64) float64 { return float64(tenths) / 10 }

// Moment writes an instant as 14:05 30/11/2025.
func (v *view) Moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format("15:04 02/01/2006")
}

// Share writes a percentage of the plan, or a dash where there is no plan.
func (v *view) Share(t *reporting.Tenths) string {
	if t == nil {
		return "–"
	}
	return v.Pct(int64(*t))
}

// Two is a heading on two lines, so that a column is no wider than its numbers: the catalogue breaks it with a stroke.
func (v *view) Two(key string) []string { return strings.Split(v.T(key), "|") }
