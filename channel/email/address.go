package email

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"loa/channel"
)

// sizeAtMost bounds a letter with all that is attached to it; most servers take 10 MB and some little more.
const sizeAtMost = 10 << 20

// titleAtMost bounds a subject in bytes; a line of a header may hold 998.
const titleAtMost = 900

// textAtMost bounds what is written in a letter.
const textAtMost = 1 << 20

// fits says what of a message can be known to be wrong without asking. Whatever would end in a header line is refused when it holds a line
// break: that is how strangers' headers get into a letter.
func (a *account) fits(m channel.Message) error {
	if m.Network != "" && m.Network != Network {
		return wrong(channel.Address, "network")
	}
	if !isAddress(m.To) {
		return wrong(channel.Address, "to")
	}
	code := ""
	switch {
	case !isID(m.ID):
		code = "id"
	case m.Title == "":
		code = "title"
	case !oneLine(m.Title), !oneLine(m.ReplyTo), !oneLine(m.Purpose):
		code = "header"
	case strings.TrimSpace(m.Text) == "" && strings.TrimSpace(m.HTML) == "":
		code = "text_empty"
	case len(m.Title) > titleAtMost:
		code = "title_long"
	case len(m.Text) > textAtMost || len(m.HTML) > textAtMost:
		code = "text_long"
	case !utf8.ValidString(m.Title + m.Text + m.HTML):
		code = "text_garbled"
	case m.Unsubscribe != "" && !isLink(m.Unsubscribe):
		code = "unsubscribe"
	case m.ReplyTo != "" && !isMessageID(m.ReplyTo):
		code = "reply_to"
	case slices.ContainsFunc(m.Media, func(x channel.Media) bool { return !isType(x.MIME) || !oneLine(x.Name) || !utf8.ValidString(x.Name) }):
		code = "media"
	case m.Purpose == advertising:
		code = a.fitsAdvertising(m)
	}
	if code != "" {
		return wrong(channel.Content, code)
	}
	return nil
}

// fitsAdvertising is what Decree 91 asks of the form of an advertisement: the label in front, and a way to refuse.
func (a *account) fitsAdvertising(m channel.Message) string {
	switch {
	case a.s["advertising"] != "yes":
		return "advertising"
	case !strings.HasPrefix(m.Title, "[QC]") && !strings.HasPrefix(m.Title, "[AD]"):
		return "label"
	case m.Unsubscribe == "":
		return "unsubscribe"
	}
	return ""
}

func wrong(about channel.About, code string) error {
	return channel.Fail(channel.Rejected, about, code, "")
}

// isAddress says whether an address is a plain one, as people have them: no quotes, no comments, no accents, a domain with a dot.
func isAddress(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || len(s) > 254 || len(local) > 64 || !strings.Contains(domain, ".") || !isDomain(domain) {
		return false
	}
	return isDotAtom(local)
}

func isDotAtom(s string) bool {
	for _, atom := range strings.Split(s, ".") {
		if atom == "" {
			return false
		}
		for i := 0; i < len(atom); i++ {
			if c := atom[i]; !isAlnum(c) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", rune(c)) || c >= 0x80 {
				return false
			}
		}
	}
	return true
}

func isDomain(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for _, label := range strings.Split(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := 0; i < len(label); i++ {
			if !isAlnum(label[i]) && label[i] != '-' {
				return false
			}
		}
	}
	return true
}

// isMessageID says whether a reference may stand in In-Reply-To.
func isMessageID(s string) bool {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "<"), ">")
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || domain == "" || len(s) > 250 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("<>(),;\"\\", c) >= 0 {
			return false
		}
	}
	return true
}

// isLink says whether an address may stand between angle brackets in List-Unsubscribe. One click is defined for https alone.
func isLink(s string) bool {
	if !strings.HasPrefix(s, "https://") || len(s) > 900 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("<>,\"", c) >= 0 {
			return false
		}
	}
	return true
}

func isID(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(s) == 32
}

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func oneLine(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) < 0
}

// clip cuts a text to so many characters.
func clip(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i]
		}
		n++
	}
	return s
}
