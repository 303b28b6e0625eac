// Package planning turns cadences into due days: what the decision table still asks for, what is late, and when a place's
// next market or festival is. It is pure: today is handed in, and it never knows a database or a page.
package planning

import (
	"slices"
	"strconv"
	"strings"

	"loa"
	"loa/lunar"
)

// MarketRule is a parsed rule of a recurring market.
type MarketRule struct {
	kind  string
	days  []int
	every int
	since loa.Day
}

// ParseMarket reads branch:3,9 (days of the twelve-day cycle, 0 is Tý), weekday:6,7 (1 is Monday), monthday:3,13,23 and
// every:6:2025-01-02. Branches of a six-day market come in pairs six apart; rules that can never fall are refused.
func ParseMarket(rule string) (MarketRule, error) {
	kind, rest, _ := strings.Cut(rule, ":")
	m := MarketRule{kind: kind}
	bad := loa.Refuse(loa.Invalid, "rule", "market_rule")
	if kind == "every" {
		n, since, ok := strings.Cut(rest, ":")
		every, err := strconv.Atoi(n)
		if !ok || err != nil || every < 2 || every > 60 || !loa.Day(since).Valid() {
			return m, bad
		}
		m.every, m.since = every, loa.Day(since)
		return m, nil
	}
	limits := map[string][2]int{"branch": {0, 11}, "weekday": {1, 7}, "monthday": {1, 31}}
	limit, ok := limits[kind]
	if !ok {
		return m, bad
	}
	for _, s := range strings.Split(rest, ",") {
		d, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil || d < limit[0] || d > limit[1] || slices.Contains(m.days, d) {
			return m, bad
		}
		m.days = append(m.days, d)
	}
	if kind == "branch" && len(m.days) > 1 && slices.ContainsFunc(m.days, func(d int) bool { return !slices.Contains(m.days, (d+6)%12) }) {
		return m, loa.Refuse(loa.Invalid, "rule", "market_six_apart")
	}
	return m, nil
}

// On says whether the market is held on a day.
func (m MarketRule) On(d loa.Day) bool {
	y, month, day := d.Parts()
	switch m.kind {
	case "branch":
		return slices.Contains(m.days, lunar.DayBranch(y, month, day))
	case "weekday":
		return slices.Contains(m.days, (int(d.Weekday())+6)%7+1)
	case "monthday":
		return slices.Contains(m.days, day)
	case "every":
		n := d.Sub(m.since)
		return n >= 0 && n%m.every == 0
	}
	return false
}

// Next is the first market day on or after a day; empty when none falls within four months.
func (m MarketRule) Next(from loa.Day) loa.Day {
	for i := range 124 {
		if d := from.Add(i); m.On(d) {
			return d
		}
	}
	return ""
}

// Days lists the market days of a stretch, both ends included.
func (m MarketRule) Days(from, to loa.Day) []loa.Day {
	var out []loa.Day
	for d := from; d <= to; d = d.Add(1) {
		if m.On(d) {
			out = append(out, d)
		}
	}
	return out
}
