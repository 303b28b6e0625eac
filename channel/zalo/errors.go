package zalo

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"loa/channel"
)

// host is one of Zalo's addresses: the same code means different things on two of them.
type host int

const (
	onOA host = iota
	onZNS
)

// class is what a code asks for.
type class int

const (
	unknown  class = iota
	renew          // the access token is refused
	human          // the account needs a person
	later          // by and by
	slower         // within a minute
	soon           // a picture or an article is still being worked on
	morning        // not at night
	tomorrow       // the day's or the month's number is used up
	address        // this recipient will not get it
	refused        // this recipient wants none of it
	content        // nobody will get it
)

// codes are the classes of channels.md 1.7, which quotes Zalo's own lists.
var codes = [...]map[class][]int{
	onOA: {
		renew:    {-216, -220},
		human:    {-204, -205, -209, -212, -219, -221, -223, -224, -235, -240, -242, -320, -321},
		slower:   {-32},
		later:    {-200},
		soon:     {-214},
		tomorrow: {-211},
		morning:  {-234},
		address:  {-201, -213, -217, -218, -227, -230, -231, -232, -237, -244, -403},
		content:  {-100, -210, -233, -238, -248, -249},
	},
	onZNS: {
		renew:    {-124},
		human:    {-101, -102, -103, -104, -105, -106, -115, -117, -120, -1241, -125, -126, -135, -1351, -136, -137, -138},
		slower:   {-32},
		later:    {-100},
		tomorrow: {-144, -1441, -147, -1471, -1472},
		morning:  {-133},
		address:  {-108, -110, -114, -118, -119, -140},
		refused:  {-139, -141},
		content:  {-109, -111, -112, -1121, -1122, -1124, -113, -1131, -116, -121, -122, -127, -130, -131, -132, -145, -146, -161, -162},
	},
}

func classOf(h host, code int) class {
	for _, at := range []host{h, onOA, onZNS} { // either host may speak of the token as the other does
		for c, list := range codes[at] {
			if (at == h || c == renew) && slices.Contains(list, code) {
				return c
			}
		}
	}
	if code <= -14000 && code > -15000 {
		return human
	}
	return unknown
}

// names are how an office tells in the setting "codes" which host it means: zns:-100=later.
var names = [...]string{onOA: "oa:", onZNS: "zns:"}

// failure is the error behind a code. Where nobody in particular is addressed, a refusal of the address is one of the content. What the
// office was told by Zalo counts before what we know.
func (o *OA) failure(c call, code int, text string) error {
	e := &channel.Error{Code: strconv.Itoa(code), Text: text}
	now := o.tools.Now()
	for _, key := range []string{names[c.host] + e.Code, e.Code} {
		if _, ok := o.told[key]; ok {
			errors.As(o.told.Fail(key, text), &e)
			e.Code = strconv.Itoa(code)
			return e
		}
	}
	switch classOf(c.host, code) {
	case renew, human:
		e.Kind, e.About = channel.Misconfigured, channel.Account
	case slower:
		e.Kind, e.About, e.After = channel.Throttled, channel.Account, time.Minute
	case later:
		e.Kind, e.About = channel.Throttled, channel.Account
	case soon:
		e.Kind, e.About, e.After = channel.Throttled, channel.Content, 10*time.Second
	case morning:
		e.Kind, e.About, e.At = channel.Throttled, channel.Content, opening(now)
	case tomorrow:
		e.Kind, e.About, e.At = channel.Throttled, channel.Account, nextDay(now)
	case refused:
		e.Kind, e.About = channel.OptedOut, channel.Address
	case content:
		e.Kind, e.About = channel.Rejected, channel.Content
	default: // an unknown code is not tried again, and the next channel may reach the person
		e.Kind, e.About = channel.Rejected, channel.Address
		if c.toNobody {
			e.About = channel.Content
		}
	}
	return e
}

// opening is the next 06:00 in Vietnam, when the night of templates and broadcasts ends.
func opening(now time.Time) time.Time {
	t := now.In(zone)
	at := time.Date(t.Year(), t.Month(), t.Day(), 6, 0, 0, 0, zone)
	if !at.After(t) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}

// nextDay is 06:00 of tomorrow in Vietnam: quotas are counted by day.
func nextDay(now time.Time) time.Time {
	t := now.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day()+1, 6, 0, 0, 0, zone)
}

// errUnread says that an answer of success could not be read.
var errUnread = errors.New("the answer cannot be read")

// harmless turns the failure of a call that delivers nothing to anybody, such as a question or an upload, into one that may be tried again.
func harmless(err error) error {
	if err == nil {
		return nil
	}
	var e *channel.Error
	if errors.As(err, &e) && e.Kind != channel.Unsure {
		return err
	}
	code := ""
	if e != nil {
		code = e.Code
	}
	return &channel.Error{Kind: channel.Unreachable, About: channel.Account, Code: code, Err: err}
}

// isCode says whether a failure carries one of some codes.
func isCode(err error, list ...string) bool {
	var e *channel.Error
	return errors.As(err, &e) && slices.Contains(list, e.Code)
}
