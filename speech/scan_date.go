package speech

import (
	"regexp"
	"strings"
)

var (
	dayMonthYear = regexp.MustCompile(`^(\d{1,2})([/.-])(\d{1,2})([/.-])((?:1[6-9]|2[01])\d{2})`)
	yearFirst    = regexp.MustCompile(`^((?:19|20)\d{2})-(\d{2})-(\d{2})`)
	monthYear    = regexp.MustCompile(`^(\d{1,2})([/-])((?:19|20)\d{2})`)
	dayMonth     = regexp.MustCompile(`^(\d{1,2})([/-])(\d{1,2})`)
	daysOfMonth  = regexp.MustCompile(`^(\d{1,2}) ?- ?(\d{1,2}[/.-]\d{1,2})`)
	monthsOfYear = regexp.MustCompile(`^(\d{1,2}) ?- ?(\d{1,2})/(?:19|20)\d{2}`)
	clock        = regexp.MustCompile(`^(\d{1,2}) ?[hH](?: ?(\d{2}))?(?: ?(?:phút|ph|p|'))?`)
	clockG       = regexp.MustCompile(`^(\d{1,2})g(\d{2})`)
	clockColon   = regexp.MustCompile(`^(\d{1,2}):(\d{2})(?::(\d{2}))?`)
)

// day is a date as written; a part that is 0 was left out.
type day struct{ day, month, year int }

func (d day) ok() bool {
	return d.month >= 1 && d.month <= 12 && d.day <= [...]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[d.month-1]
}

// date says days and months in figures, and ranges of them.
func (sc *scan) date() bool {
	rest := sc.rest()
	if m := daysOfMonth.FindStringSubmatch(rest); m != nil && atoi(m[1]) >= 1 && atoi(m[1]) <= 31 {
		if d, n := dayAt(m[2], true); n == len(m[2]) && d.day > atoi(m[1]) && !goesOn(rest[len(m[0]):]) { // 15–20/11
			sc.theDay(day{day: atoi(m[1]), month: d.month})
			sc.i += len(m[0]) - len(m[2])
			sc.say("đến")
			return true
		}
	}
	if m := monthsOfYear.FindStringSubmatch(rest); whole(first(m), rest) && atoi(m[1]) >= 1 && atoi(m[1]) < atoi(m[2]) && atoi(m[2]) <= 12 { // 7–9/2026
		sc.month(atoi(m[1]))
		sc.i += strings.LastIndex(m[0], m[2]+"/")
		sc.say("đến")
		return true
	}
	d, n := dayAt(rest, sc.after(dayWords) || sc.after(streets) || sc.after(" và hoặc ") && sc.said(3) == "tháng")
	if n == 0 {
		return false
	}
	if d.day == 0 && sc.after(" quý kỳ kì lần số đợt khóa ") { // quý 4/2026
		return false
	}
	sc.i += n
	sc.theDate(d)
	if m := onward.FindStringSubmatch(sc.rest()); m != nil {
		sc.to(m)
	}
	return true
}

func first(m []string) string {
	if m == nil {
		return ""
	}
	return m[0]
}

// dayAt is the date at the start of s and its length. Without a word before it that calls for a day, 1/3 is a part.
func dayAt(s string, called bool) (day, int) {
	if m := dayMonthYear.FindStringSubmatch(s); m != nil && whole(m[0], s) && m[2] == m[4] {
		if d := (day{atoi(m[1]), atoi(m[3]), atoi(m[5])}); d.ok() && d.day > 0 {
			return d, len(m[0])
		}
	}
	if m := yearFirst.FindStringSubmatch(s); m != nil && whole(m[0], s) {
		if d := (day{atoi(m[3]), atoi(m[2]), atoi(m[1])}); d.ok() && d.day > 0 {
			return d, len(m[0])
		}
	}
	if m := monthYear.FindStringSubmatch(s); m != nil && whole(m[0], s) && (m[2] == "/" || called) {
		if d := (day{0, atoi(m[1]), atoi(m[3])}); d.ok() {
			return d, len(m[0])
		}
	}
	m := dayMonth.FindStringSubmatch(s)
	if m == nil || !whole(m[0], s) || goesOn(s[len(m[0]):]) || strings.HasPrefix(s[len(m[0]):], "/") || strings.HasPrefix(s[len(m[0]):], "%") {
		return day{}, 0
	}
	d := day{atoi(m[1]), atoi(m[3]), 0}
	switch {
	case !d.ok() || d.day == 0:
	case m[2] == "-" && (!called || d.day <= d.month): // 5-11 is a range
	case m[2] == "/" && !called && d.day < d.month && d.month <= 10 && m[1][0] != '0' && m[3][0] != '0':
	case m[2] == "/" && !called && d.day == d.month && m[1][0] != '0':
	default:
		return d, len(m[0])
	}
	return day{}, 0
}

// theDate says a date with the words it lacks.
func (sc *scan) theDate(d day) {
	if d.day > 0 {
		sc.theDay(d)
	}
	sc.month(d.month)
	if d.year > 0 {
		sc.say("năm " + sc.r.style.Number(int64(d.year)))
	}
}

func (sc *scan) theDay(d day) {
	if sc.after(streets) { // đường 3/2
		sc.say(sc.r.style.Number(int64(d.day)))
		return
	}
	if !sc.after(" ngày mùng mồng rằm ") {
		sc.say("ngày")
	}
	if d.day <= 10 && !sc.after(" mùng mồng ") {
		sc.say("mùng")
	}
	sc.say(sc.r.style.Number(int64(d.day)))
}

func (sc *scan) month(n int) {
	if !sc.after(" tháng ") {
		sc.say("tháng")
	}
	sc.ordinal(n)
}

// clock says an hour of the day with its minutes.
func (sc *scan) clock() bool {
	rest := sc.rest()
	m := clockColon.FindStringSubmatch(rest)
	if m == nil || !whole(m[0], rest) {
		if m = clockG.FindStringSubmatch(rest); m == nil || !whole(m[0], rest) {
			if m = clock.FindStringSubmatch(rest); m == nil || !whole(m[0], rest) {
				return false
			}
		}
	}
	hour, minute, second := atoi(m[1]), atoi(m[2]), 0
	if len(m) > 3 {
		second = atoi(m[3])
	}
	if hour > 24 || minute > 59 || second > 59 || goesOn(rest[len(m[0]):]) {
		return false
	}
	sc.i += len(m[0])
	said := sc.r.style.Number(int64(hour)) + " giờ"
	if minute > 0 || second > 0 {
		said += " " + sc.r.style.Number(int64(minute)) + " phút"
	}
	if second > 0 {
		said += " " + sc.r.style.Number(int64(second)) + " giây"
	}
	sc.say(said)
	if m := onward.FindStringSubmatch(sc.rest()); m != nil {
		sc.to(m)
	}
	return true
}
