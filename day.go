package loa

import (
	"fmt"
	"time"
)

// Day is a calendar day in Việt Nam as text, yyyy-mm-dd, so that days compare as strings everywhere.
type Day string

// OpenEnd is the day that stands for "until further notice".
const OpenEnd Day = "9999-12-31"

// Zone is Việt Nam's time, the only one Loa counts days in.
var Zone = time.FixedZone("+07", 7*3600)

// DayOf is the day an instant falls on in Việt Nam.
func DayOf(t time.Time) Day { return Day(t.In(Zone).Format(time.DateOnly)) }

// MakeDay builds a day from its parts; parts out of range roll over as in time.Date.
func MakeDay(y, m, d int) Day {
	return Day(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
}

// ParseDay accepts yyyy-mm-dd and refuses days that do not exist.
func ParseDay(s string) (Day, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", Refuse(Invalid, "day", "bad_day")
	}
	return Day(s), nil
}

// Time is the day's midnight in UTC, for arithmetic only.
func (d Day) Time() time.Time {
	y, m, day := d.Parts()
	return time.Date(y, time.Month(m), day, 0, 0, 0, 0, time.UTC)
}

// Valid says whether the text is a real day.
func (d Day) Valid() bool { _, _, _, ok := d.parse(); return ok }

// Add is the day n days later; an open end stays open.
func (d Day) Add(n int) Day {
	if d == OpenEnd {
		return d
	}
	return Day(d.Time().AddDate(0, 0, n).Format(time.DateOnly))
}

// AddMonths is the same day n months later, or the month's last day where that day does not exist.
func (d Day) AddMonths(n int) Day {
	if d == OpenEnd {
		return d
	}
	t := d.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Day(first.AddDate(0, 0, min(t.Day(), last)-1).Format(time.DateOnly))
}

// Sub is the number of days from e to d.
func (d Day) Sub(e Day) int { return d.Number() - e.Number() }

// Number counts days since 1970-01-01; it is how days are kept in memory indexes.
func (d Day) Number() int {
	y, m, day := d.Parts()
	if m <= 2 { // years begin in March here, so that the day that comes and goes is the last
		y, m = y-1, m+12
	}
	return 365*y + y/4 - y/100 + y/400 + (153*m-457)/5 + day - 719469
}

// DayNumber is the day with that number.
func DayNumber(n int) Day { return Day(time.Unix(int64(n)*86400, 0).UTC().Format(time.DateOnly)) }

// Month is the month the day lies in.
func (d Day) Month() Month {
	if len(d) < 7 {
		return ""
	}
	return Month(d[:7])
}

// Year, month and day of the month as numbers.
func (d Day) Parts() (y, m, day int) {
	y, m, day, ok := d.parse()
	if !ok {
		return 1, 1, 1
	}
	return y, m, day
}

// parse reads the ten characters of a real day. Indexes and reports ask for millions of days, so it does without the layouts of time.
func (d Day) parse() (y, m, day int, ok bool) {
	if len(d) != 10 || d[4] != '-' || d[7] != '-' {
		return 0, 0, 0, false
	}
	for i := range 10 {
		c := int(d[i] - '0')
		switch {
		case i == 4 || i == 7:
		case d[i] < '0' || d[i] > '9':
			return 0, 0, 0, false
		case i < 4:
			y = 10*y + c
		case i < 7:
			m = 10*m + c
		default:
			day = 10*day + c
		}
	}
	if m < 1 || m > 12 || day < 1 {
		return 0, 0, 0, false
	}
	last := 31
	switch m {
	case 4, 6, 9, 11:
		last = 30
	case 2:
		if last = 28; y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			last = 29
		}
	}
	return y, m, day, day <= last
}

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return d.Time().Weekday() }

// Month is a calendar month as text, yyyy-mm.
type Month string

// MakeMonth builds a month from year and month number.
func MakeMonth(y, m int) Month { return MakeDay(y, m, 1).Month() }

// ParseMonth accepts yyyy-mm.
func ParseMonth(s string) (Month, error) {
	if _, err := time.Parse("2006-01", s); err != nil {
		return "", Refuse(Invalid, "month", "bad_month")
	}
	return Month(s), nil
}

// First is the month's first day.
func (m Month) First() Day { return Day(m + "-01") }

// Last is the month's last day.
func (m Month) Last() Day { return m.Add(1).First().Add(-1) }

// Add is the month n months later.
func (m Month) Add(n int) Month { return m.First().AddMonths(n).Month() }

// Sub is the number of months from n to m.
func (m Month) Sub(n Month) int {
	y1, m1, _ := m.First().Parts()
	y2, m2, _ := n.First().Parts()
	return (y1-y2)*12 + m1 - m2
}

// Year and Number are the month's parts.
func (m Month) Year() int { y, _, _ := m.First().Parts(); return y }

// Number is 1 for January.
func (m Month) Number() int { _, n, _ := m.First().Parts(); return n }

// Period is a run of whole months, both inclusive.
type Period struct{ From, To Month }

// Months lists the period's months in order.
func (p Period) Months() []Month {
	var out []Month
	for m := p.From; m <= p.To; m = m.Add(1) {
		out = append(out, m)
	}
	return out
}

// YearEarlier is the same months a year before.
func (p Period) YearEarlier() Period { return Period{p.From.Add(-12), p.To.Add(-12)} }

// Check refuses a period that runs backwards or is longer than ten years.
func (p Period) Check() error {
	if p.From == "" || p.To == "" || p.From > p.To || p.To.Sub(p.From) > 120 {
		return Refuse(Invalid, "period", "bad_period")
	}
	return nil
}

// CutOff is the last day that counts for a month: the month's end when day is 0, else that day of the month.
func (m Month) CutOff(day int) Day {
	if day <= 0 || day >= 31 {
		return m.Last()
	}
	y, n, _ := m.First().Parts()
	return min(MakeDay(y, n, day), m.Last())
}

// Days of the period when months close on a cut-off day: the day after the cut-off before, to the cut-off of the last month.
func (p Period) Days(cutOff int) (from, to Day) {
	return p.From.Add(-1).CutOff(cutOff).Add(1), p.To.CutOff(cutOff)
}

// String shows a period for logs.
func (p Period) String() string { return fmt.Sprintf("%s..%s", p.From, p.To) }

// Vietnamese writes the day as dd/mm/yyyy.
func (d Day) Vietnamese() string {
	if len(d) != 10 {
		return string(d)
	}
	return string(d[8:10] + "/" + d[5:7] + "/" + d[:4])
}

// English writes 2 December 2026: figures alone would be read as another day by some.
func (d Day) English() string {
	if !d.Valid() {
		return string(d)
	}
	y, m, day := d.Parts()
	return fmt.Sprint(day, " ", time.Month(m), " ", y)
}
