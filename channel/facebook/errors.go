package facebook

import (
	"errors"
	"strings"
	"time"

	"loa/channel"
)

// known are the codes of channels.md section 2, with the subcode behind a stroke where it decides.
var known = channel.Codes{
	"190": channel.NeedsHelp, "102": channel.NeedsHelp, // the token
	"3": channel.NeedsHelp, "10": channel.NeedsHelp, "200": channel.NeedsHelp, // leave was not given
	"368": channel.NeedsHelp, "10/1893063": channel.NeedsHelp, // the page is blocked for a while: somebody must look before more is said
	"10/2018278": channel.BadAddress, "10/2018108": channel.BadAddress, "551": channel.BadAddress, // outside the window, or the person is not there
	"100/2018001": channel.BadAddress, "10903": channel.BadAddress, "10/10903": channel.BadAddress, "100/10903": channel.BadAddress, // nobody of that ID; a second private reply
	"4": channel.Later, "17": channel.Later, "32": channel.Later, "613": channel.Later, "80001": channel.Later,
	"1": transient, "2": transient, "1200": transient,
	"506": channel.MayBeThere, // a duplicate: it is there, or something like it
	"100": channel.BadContent,
}

// transient is a failure of Facebook's own.
var transient = channel.Verdict{Kind: channel.Unreachable, About: channel.Account}

// pace is how long to wait where Facebook does not say.
const pace = 5 * time.Minute

// failure is the error behind a code.
func (p *Account) failure(c call, status int, code, sub, text string, wait time.Duration) error {
	full := code
	if sub != "" && sub != "0" {
		full += "/" + sub
	}
	e := &channel.Error{Code: full, Text: text}
	v, ok := p.codes[full]
	if !ok {
		v, ok = p.codes[code]
	}
	if _, told := p.codes[full]; !told && code == "100" && sub == "33" && c.network == Comment {
		v = channel.BadAddress // the comment is gone
	}
	switch {
	case ok:
	case status >= 500:
		v = channel.MayBeThere
	case len(code) == 3 && code[0] == '2': // 200 to 299 are all about leave
		v = channel.NeedsHelp
	case len(code) == 5 && strings.HasPrefix(code, "800"): // limits of a business
		v = channel.Later
	default: // an unknown code is not tried again
		v = channel.BadAddress
	}
	if v == channel.BadAddress && c.network == Page { // nobody in particular is meant: it is the post that fails
		v = channel.BadContent
	}
	if v == transient && c.made { // such posts have been seen to appear: it can be looked up
		v = channel.MayBeThere
	}
	e.Kind, e.About = v.Kind, v.About
	if e.Kind == channel.Throttled {
		if e.After = wait; wait == 0 {
			e.After = pace
		}
	}
	return e
}

// harmless turns the failure of a call that shows nothing to anybody into one that may be tried again.
func harmless(err error) error {
	var e *channel.Error
	if err == nil || errors.As(err, &e) && e.Kind != channel.Unsure {
		return err
	}
	code := ""
	if e != nil {
		code = e.Code
	}
	return &channel.Error{Kind: channel.Unreachable, About: channel.Account, Code: code, Err: err}
}

// isCode says whether a failure carries a code.
func isCode(err error, code string) bool {
	var e *channel.Error
	if !errors.As(err, &e) {
		return false
	}
	first, _, _ := strings.Cut(e.Code, "/")
	return e.Code == code || first == code
}
