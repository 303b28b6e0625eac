package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"loa"
	"loa/policy"
)

// calcAsked are the answers to the calculator's three questions, and to those that unfold below.
type calcAsked struct {
	Who         policy.Group
	Put         int64 // đồng a month somebody can put aside; 0: the least
	Sex         loa.Sex
	Born        loa.Month
	Day         loa.Day
	StartAge    int64
	Pause       int64 // months
	Before      int64 // months paid already
	Average     int64 // of them
	Supported   int64 // of them, months with support
	Example     bool  // nobody has answered yet: an example is shown
	Person      loa.PersonID
	Session     loa.SessionID
	PersonName  string
	SessionName string
}

// exampleAge is how old the example is that stands there before anybody has answered.
const exampleAge = 38

// readCalc reads the questions from an address. What cannot be read is told beside its field.
func (s *Server) readCalc(r *http.Request, f *form) calcAsked {
	today := s.today()
	if f.text("to") != "" { // − and +
		r.Form.Set("put", f.text("to"))
	}
	a := calcAsked{Who: policy.Group(f.text("who")), Put: f.figure("put"), Sex: loa.Sex(f.text("sex")), Day: f.day("day"), StartAge: f.figure("start_age"), Pause: f.figure("pause"), Before: f.figure("before"),
		Average: f.figure("average"), Supported: f.figure("supported"), Person: loa.PersonID(f.text("person")), Session: loa.SessionID(f.text("session"))}
	if f.ok() && f.Errors["day"] == "" && a.Day == "" {
		a.Day = today
	}
	if a.Who == "" && a.Sex == "" && f.text("y") == "" {
		a.Example, a.Who, a.Sex, a.Born = true, policy.EthnicMinority, loa.Female, loa.MakeMonth(today.Month().Year()-exampleAge, 3)
		return a
	}
	if a.Who == "" {
		a.Who = policy.Other
	}
	if !slices.Contains(policy.SupportGroups, a.Who) {
		f.bad("who", "error.not_in_list")
	}
	if a.Sex == "" {
		a.Sex = loa.Female
	}
	if a.Sex != loa.Female && a.Sex != loa.Male {
		f.bad("sex", "error.not_in_list")
	}
	year, month := f.figure("y"), f.figure("m")
	switch {
	case year == 0:
	case year < int64(today.Month().Year())-100 || year > int64(today.Month().Year()):
		f.bad("y", "calc.bad_year", today.Month().Year()-100, today.Month().Year())
	case month < 0 || month > 12:
		f.bad("m", "error.bad_month")
	default:
		a.Born = loa.MakeMonth(int(year), max(1, int(month)))
	}
	return a
}

// values are the questions as an address asks them again.
func (a calcAsked) values() url.Values {
	v := url.Values{"who": {string(a.Who)}, "sex": {string(a.Sex)}}
	set := func(name string, n int64) {
		if n > 0 {
			v.Set(name, strconv.FormatInt(n, 10))
		}
	}
	set("put", a.Put)
	if a.Born != "" {
		set("y", int64(a.Born.Year()))
		set("m", int64(a.Born.Number()))
	}
	set("start_age", a.StartAge)
	set("pause", a.Pause)
	set("before", a.Before)
	set("average", a.Average)
	set("supported", a.Supported)
	for name, text := range map[string]string{"person": string(a.Person), "session": string(a.Session)} {
		if text != "" {
			v.Set(name, text)
		}
	}
	return v
}

// beyond is a number beyond every limit of the law.
const beyond = 1e13

// figure reads a whole number like number does. One that is too long for a number is one beyond every limit still, so that it is
// answered with the limit and not as if it were no number.
func (f *form) figure(name string) int64 {
	digits := 0
	for _, c := range f.text(name) {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case !strings.ContainsRune("-., \u00a0", c):
			return f.number(name)
		}
	}
	switch {
	case digits <= 13:
		return f.number(name)
	case strings.HasPrefix(f.text(name), "-"):
		return -beyond
	}
	return beyond
}
