package lunar

import (
	"errors"
	"fmt"
	"sort"
)

// ErrRange says that a day does not exist or lies outside the years in which
// the calendar is certain.
var ErrRange = errors.New("outside the lunar calendar of 1976 to 2053")

// Date is a day of the lunar calendar; Leap marks the repeated month of a year
// of thirteen months.
type Date struct {
	Day, Month, Year int
	Leap             bool
}

// FromSolar returns the lunar date of a solar day from 1976 to 2053.
func FromSolar(y, m, d int) (Date, error) {
	if y < firstYear || y > lastYear || !exists(y, m, d) {
		return Date{}, fmt.Errorf("%w: %04d-%02d-%02d", ErrRange, y, m, d)
	}
	day, list := dayNumber(y, m, d), months()
	i := sort.Search(len(list), func(i int) bool { return list[i].first > day }) - 1
	in := list[i]
	return Date{Day: day - in.first + 1, Month: in.number, Year: in.year, Leap: in.leap}, nil
}

// ToSolar returns the solar day of a lunar date; a month or day that the lunar
// year does not have is refused, so a leap month is never guessed.
func ToSolar(date Date) (y, m, d int, err error) {
	list := months()
	i := sort.Search(len(list), func(i int) bool { return !list[i].before(date) })
	if i < len(list) && list[i].is(date) && date.Day >= 1 {
		day := list[i].first + date.Day - 1
		y, m, d = solarDay(day)
		// the month after the last one listed is beyond the range anyway
		if y >= firstYear && y <= lastYear && (i+1 == len(list) || day < list[i+1].first) {
			return y, m, d, nil
		}
	}
	return 0, 0, 0, fmt.Errorf("%w: lunar %d/%d/%d, leap %t", ErrRange, date.Day, date.Month, date.Year, date.Leap)
}

func (m month) is(d Date) bool {
	return m.year == d.Year && m.number == d.Month && m.leap == d.Leap
}

// before says whether the month comes before the month of a date.
func (m month) before(d Date) bool {
	if m.year != d.Year {
		return m.year < d.Year
	}
	if m.number != d.Month {
		return m.number < d.Month
	}
	return !m.leap && d.Leap
}
