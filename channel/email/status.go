package email

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"loa/channel"
)

// stage is how far a conversation with the server had come when it was refused: the same number means other things at other stages.
type stage string

// The stages, as an office names them in the setting "codes": rcpt:5.7.1=account.
const (
	atGreeting stage = "greeting"
	atSignIn   stage = "auth"
	atMail     stage = "mail"
	atAddress  stage = "rcpt"
	atData     stage = "data"
	atLetter   stage = "letter"
)

// greylist is how long a server that knows nobody yet makes a stranger wait.
const greylist = 5 * time.Minute

// verdicts are what the enhanced codes of RFC 3463 and its registry mean at any stage.
var verdicts = channel.Codes{
	"5.1.7": channel.NeedsHelp, "5.1.8": channel.NeedsHelp, // the sender's own address
	"5.2.3": channel.BadContent, "5.3.4": channel.BadContent, // too long
	"5.3.2": channel.NeedsHelp, "5.3.3": channel.NeedsHelp, "5.3.5": channel.NeedsHelp,
	"5.4.6": channel.BadAddress, "5.5.3": channel.Later,
	"5.7.0": channel.NeedsHelp, "5.7.3": channel.NeedsHelp, "5.7.4": channel.NeedsHelp, "5.7.5": channel.NeedsHelp, "5.7.8": channel.NeedsHelp, "5.7.9": channel.NeedsHelp, "5.7.10": channel.NeedsHelp,
	"5.7.11": channel.NeedsHelp, "5.7.12": channel.NeedsHelp, "5.7.14": channel.NeedsHelp,
	"5.7.13": channel.NeedsHelp, "5.7.17": channel.BadAddress, "5.7.18": channel.BadAddress, "5.7.19": channel.BadAddress,
	"5.7.20": channel.NeedsHelp, "5.7.21": channel.NeedsHelp, "5.7.22": channel.NeedsHelp, "5.7.23": channel.NeedsHelp, "5.7.24": channel.NeedsHelp, "5.7.25": channel.NeedsHelp, "5.7.26": channel.NeedsHelp,
	"5.7.27": channel.NeedsHelp,
	"530":    channel.NeedsHelp, "534": channel.NeedsHelp, "535": channel.NeedsHelp, "538": channel.NeedsHelp, "555": channel.NeedsHelp, "521": channel.NeedsHelp, "556": channel.BadAddress,
}

// subjects are what the middle of an enhanced code is about: 1 the address, 2 the mailbox, 4 the way there, 6 the content.
var subjects = map[string]channel.Verdict{"1": channel.BadAddress, "2": channel.BadAddress, "4": channel.BadAddress, "6": channel.BadContent}

// stages are what a refusal without more is about.
var stages = map[stage]channel.Verdict{
	atGreeting: channel.NeedsHelp, atSignIn: channel.NeedsHelp, atMail: channel.NeedsHelp, atAddress: channel.BadAddress, atData: channel.BadContent, atLetter: channel.BadContent,
}

// refusal is the failure of a connection that did not come about.
func (a *account) refusal(at stage, err error) error {
	var said *textproto.Error
	var cert *tls.CertificateVerificationError
	var name x509.HostnameError
	switch {
	case errors.As(err, &said):
		return a.failure(at, reply{said.Code, said.Msg})
	case errors.As(err, &cert), errors.As(err, &name):
		return &channel.Error{Kind: channel.Misconfigured, About: channel.Account, Code: "tls", Err: err}
	}
	return &channel.Error{Kind: channel.Unreachable, About: channel.Account, Code: "connect", Err: err}
}

// failure is the error behind a refusal. What the office was told by its provider counts before what the standard says.
func (a *account) failure(at stage, r reply) error {
	e := &channel.Error{Code: codeOf(r), Text: clip(strings.ReplaceAll(r.text, "\n", " "), 300)}
	number := strconv.Itoa(r.code)
	for _, key := range []string{string(at) + ":" + e.Code, string(at) + ":" + number, e.Code, number} {
		if v, ok := a.codes[key]; ok {
			e.Kind, e.About = v.Kind, v.About
			return e
		}
	}
	switch {
	case r.code >= 500 && r.code < 600:
		v := permanent(at, e.Code, number, e.Text)
		e.Kind, e.About = v.Kind, v.About
	case r.code >= 400 && r.code < 500:
		temporary(e, at, r.code)
	default: // not what the command may be answered with: whoever talks there is no mail server
		e.Kind, e.About = channel.Unreachable, channel.Account
	}
	return e
}

// permanent is the verdict on a refusal for good.
func permanent(at stage, code, number, text string) channel.Verdict {
	if at == atGreeting || at == atSignIn {
		return channel.NeedsHelp
	}
	if v, ok := verdicts[code]; ok {
		return v
	}
	_, rest, _ := strings.Cut(code, ".")
	subject, detail, enhanced := strings.Cut(rest, ".")
	if enhanced {
		switch {
		case subject == "7" && at == atAddress && strings.Contains(strings.ToLower(text), "relay"): // it carries nothing for us
			return channel.NeedsHelp
		case subject == "1" && at == atMail: // whatever it says of an address, no other one has been told yet
			return channel.NeedsHelp
		case subject == "2" && at == atMail, subject == "4" && at == atMail:
			return channel.NeedsHelp
		}
		if v, ok := subjects[subject]; ok && detail != "" {
			return v
		}
		return stages[at]
	}
	if v, ok := verdicts[number]; ok {
		return v
	}
	if at == atAddress && strings.Contains(strings.ToLower(text), "relay") {
		return channel.NeedsHelp
	}
	return stages[at]
}

// temporary is a refusal for now: of the account where the server or the sender is at its limit, of the address where a mailbox is full or
// its server wants to see whether we come back.
func temporary(e *channel.Error, at stage, number int) {
	e.Kind, e.About, e.After = channel.Throttled, channel.Account, greylist
	switch {
	case number == 421 || at == atGreeting:
		e.After = time.Minute
	case at == atSignIn || number == 454: // it cannot look up passwords or encrypt just now
		e.Kind, e.After = channel.Unreachable, 0
	case at == atMail, strings.HasPrefix(e.Code, "4.3."), strings.HasPrefix(e.Code, "4.5."):
	default:
		e.About = channel.Address
	}
}

// codeOf is the enhanced code in front of what was said, or the number where there is none.
func codeOf(r reply) string {
	first, _, _ := strings.Cut(strings.TrimLeft(r.text, " "), " ")
	first, _, _ = strings.Cut(first, "\n")
	if isStatus(first) && int(first[0]-'0') == r.code/100 {
		return first
	}
	return strconv.Itoa(r.code)
}

// isStatus says whether a word is a code of RFC 3463, such as 5.1.1.
func isStatus(s string) bool {
	parts := strings.Split(s, ".")
	if len(parts) != 3 || parts[0] != "2" && parts[0] != "4" && parts[0] != "5" {
		return false
	}
	for _, p := range parts[1:] {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n > 999 || strconv.FormatUint(n, 10) != p {
			return false
		}
	}
	return true
}
