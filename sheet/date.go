package sheet

import (
	"math"
	"strings"
	"time"
)

// Date is a day as a list states it; Month and Day are 0 when only the year is known, and Day
// alone is 0 when only month and year are.
type Date struct{ Year, Month, Day int }

// Day reads a cell as a date: dates of a spreadsheet, day serials left without a format, dd/mm/yyyy
// (also with - or . and with a time behind), yyyy-mm-dd, ddmmyyyy or yyyymmdd without separators,
// mm/yyyy, and a year alone. Years run from 1800 to 2199. It never guesses between two readings:
// what is not certain gives false.
func (c Cell) Day() (Date, bool) {
	switch c.Kind {
	case KindDate:
		return serialDate(c.Serial, c.Mac)
	case KindNumber:
		return numberDate(c.Serial, c.Mac)
	case KindText:
		return textDate(strings.TrimSpace(c.Text), c.Mac)
	}
	return Date{}, false
}

const (
	firstYear = 1800
	lastYear  = 2199
)

// numberDate reads a plain number: a year, eight digits of a day, or the serial of a day whose
// format was lost. Serials below 2200 would be days before 1906 and are taken as years.
func numberDate(n float64, mac bool) (Date, bool) {
	switch {
	case n != math.Trunc(n) && n < 10_000, n < firstYear:
		return Date{}, false
	case n <= lastYear:
		return Date{Year: int(n)}, true
	case n < 10_000:
		return Date{}, false
	case n < 200_000:
		return serialDate(n, mac)
	case n >= 1_000_000 && n < 100_000_000 && n == math.Trunc(n):
		return eightDigits(int(n))
	}
	return Date{}, false
}

// serialDate turns a day count into a date. In the 1900 system day 60 is 29/02/1900, a day that
// never was; days before it count from 31/12/1899 and days after it from 30/12/1899.
func serialDate(serial float64, mac bool) (Date, bool) {
	if math.IsNaN(serial) || serial < 0 || serial > maxSerial {
		return Date{}, false
	}
	// A time of day just before midnight is kept as a fraction that falls short of the whole.
	days := int(math.Floor(serial + 0.5/86_400))
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case mac:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days == 60 || days == 0:
		return Date{}, false
	case days < 60:
		start = start.AddDate(0, 0, 1)
	}
	t := start.AddDate(0, 0, days)
	return realDate(t.Year(), int(t.Month()), t.Day())
}

// textDate reads what people type.
func textDate(s string, mac bool) (Date, bool) {
	s = withoutTime(s)
	parts, sep, ok := numbers(s)
	if !ok {
		return Date{}, false
	}
	switch len(parts) {
	case 1:
		switch p := parts[0]; p.digits {
		case 4, 5:
			return numberDate(float64(p.value), mac)
		case 8:
			return eightDigits(p.value)
		}
	case 2:
		if m, y := parts[0], parts[1]; m.digits <= 2 && y.digits == 4 {
			return monthDate(y.value, m.value)
		}
		if y, m := parts[0], parts[1]; sep == '-' && y.digits == 4 && m.digits <= 2 {
			return monthDate(y.value, m.value)
		}
	case 3:
		d, m, y := parts[0], parts[1], parts[2]
		if d.digits == 4 {
			d, y = y, d
		}
		if d.digits > 2 || m.digits > 2 || y.digits != 4 {
			return Date{}, false
		}
		return statedDate(y.value, m.value, d.value)
	}
	return Date{}, false
}

// withoutTime cuts a time of day: "30/11/2025 00:00:00" and "2025-11-30T00:00:00Z".
func withoutTime(s string) string {
	i := strings.IndexAny(s, " T")
	if i < 8 || !strings.Contains(s[i:], ":") || strings.Trim(s[i+1:], "0123456789:.Z+- APMapmSCHsch") != "" {
		return s
	}
	return s[:i]
}

type digits struct{ value, digits int }

// numbers splits "30/11/2025" at one kind of separator, blanks around it allowed.
func numbers(s string) (parts []digits, sep byte, ok bool) {
	cur := digits{}
	ended := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if ended || cur.digits == 8 {
				return nil, 0, false
			}
			cur.value = cur.value*10 + int(c-'0')
			cur.digits++
		case c == ' ':
			ended = cur.digits > 0
		case c == '/' || c == '-' || c == '.':
			if cur.digits == 0 || sep != 0 && sep != c || len(parts) == 2 {
				return nil, 0, false
			}
			sep, ended = c, false
			parts = append(parts, cur)
			cur = digits{}
		default:
			return nil, 0, false
		}
	}
	if cur.digits == 0 {
		return nil, 0, false
	}
	return append(parts, cur), sep, true
}

// eightDigits reads yyyymmdd and ddmmyyyy; no number is a day in both, because the 19, 20 or 21 of
// a year cannot be a month.
func eightDigits(n int) (Date, bool) {
	if d, ok := statedDate(n/10_000, n/100%100, n%100); ok {
		return d, true
	}
	return statedDate(n%10_000, n/10_000%100, n/1_000_000)
}

// statedDate allows the 00/00/1950 and 00/05/1950 by which lists say that a day is not known.
func statedDate(y, m, d int) (Date, bool) {
	switch {
	case d == 0 && m == 0:
		return Date{Year: y}, y >= firstYear && y <= lastYear
	case d == 0:
		return monthDate(y, m)
	}
	return realDate(y, m, d)
}

func monthDate(y, m int) (Date, bool) {
	if y < firstYear || y > lastYear || m < 1 || m > 12 {
		return Date{}, false
	}
	return Date{Year: y, Month: m}, true
}

// time is the first moment of a whole date.
func (d Date) time() time.Time {
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)
}

func realDate(y, m, d int) (Date, bool) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < firstYear || y > lastYear || int(t.Month()) != m || t.Day() != d {
		return Date{}, false
	}
	return Date{Year: y, Month: m, Day: d}, true
}
