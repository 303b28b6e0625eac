package facebook

import (
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"loa/channel"
)

// Facebook's limits, in units of UTF-16 as Facebook counts, and bytes.
const (
	postAtMost    = 63206
	commentAtMost = 8000
	messageAtMost = 2000
	photosAtMost  = 10
	photoAtMost   = 10 << 20
)

// Facebook holds a post for no shorter and no longer than this.
const (
	holdLeast = 10 * time.Minute
	holdMost  = 30 * 24 * time.Hour
)

// fits says what of a message can be known to be wrong without asking.
func (p *Account) fits(m channel.Message) error {
	if !utf8.ValidString(m.Text) {
		return wrong(channel.Content, "text_garbled")
	}
	switch m.Network {
	case Page:
		return p.fitsPost(m)
	case Comment:
		switch {
		case !isNode(target(m)):
			return wrong(channel.Address, "to")
		case m.Template != "" && m.Template != PrivateReply:
			return wrong(channel.Content, "template")
		}
		if m.Template == PrivateReply {
			return fitsAnswer(m, messageAtMost)
		}
		return fitsAnswer(m, commentAtMost)
	case Messenger:
		switch {
		case !isID(m.To):
			return wrong(channel.Address, "to")
		case m.ReplyTo == "": // Facebook ends its leave for anything else
			return wrong(channel.Content, "reply_only")
		}
		return fitsAnswer(m, messageAtMost)
	}
	return wrong(channel.Address, "network")
}

func fitsAnswer(m channel.Message, most int) error {
	switch {
	case strings.TrimSpace(m.Text) == "":
		return wrong(channel.Content, "text_empty")
	case units(m.Text) > most:
		return wrong(channel.Content, "text_long")
	case len(m.Media) > 0:
		return wrong(channel.Content, "media")
	case m.Purpose == advertising:
		return wrong(channel.Content, "advertising")
	}
	return nil
}

func (p *Account) fitsPost(m channel.Message) error {
	if m.To != p.s["page_id"] {
		return wrong(channel.Address, "to")
	}
	code := ""
	switch {
	case strings.TrimSpace(m.Text) == "" && len(m.Media) == 0 && m.Link == "":
		code = "text_empty"
	case units(postText(m)) > postAtMost:
		code = "text_long"
	case m.Link != "" && !isLink(m.Link):
		code = "link"
	case len(m.Media) > photosAtMost:
		code = "media_many"
	case m.Purpose == advertising && p.s["advertising"] != "yes":
		code = "advertising"
	case p.s["schedule"] == "yes" && m.NotBefore.Sub(p.tools.Now()) > holdMost:
		code = "schedule"
	}
	for _, pic := range m.Media {
		switch {
		case pic.MIME != "image/jpeg" && pic.MIME != "image/png" && pic.MIME != "image/gif", pic.URL != "" && !isLink(pic.URL):
			code = "media"
		case pic.Bytes > photoAtMost:
			code = "media_size"
		}
	}
	if code != "" {
		return wrong(channel.Content, code)
	}
	return nil
}

// target is the comment a message answers.
func target(m channel.Message) string {
	if m.ReplyTo != "" {
		return m.ReplyTo
	}
	return m.To
}

// postText is what a post says. Its tracked link is always in it: by that a post is found again when nobody knows whether it was made.
func postText(m channel.Message) string {
	if m.Link == "" || holdsLink(m.Text, m.Link) {
		return m.Text
	}
	return strings.TrimSpace(m.Text + "\n\n" + m.Link)
}

// holdsLink says whether a text holds a link as it is, and not only one that begins alike.
func holdsLink(text, link string) bool {
	for link != "" {
		at := strings.Index(text, link)
		if at < 0 {
			return false
		}
		text = text[at+len(link):]
		if text == "" || !isLinkLetter(text[0]) {
			return true
		}
	}
	return false
}

func isLinkLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_/?=&%#~", c) >= 0
}

func isLink(s string) bool {
	if !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") || len(s) > 2000 {
		return false
	}
	return isToken(s)
}

func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}
