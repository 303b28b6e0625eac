package email

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	stdmail "net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"loa/channel"
)

// letter grows as it is written. Letters are written by hand since a hundred thousand of them differ in little more than an address.
type letter []byte

// write makes of a message the letter that goes over the line.
func (a *account) write(ctx context.Context, m channel.Message) ([]byte, error) {
	l := make(letter, 0, 1536+3*(len(m.Text)+len(m.HTML))/2)
	a.writeHead(&l, m)
	if len(m.Media) == 0 {
		l.body(m, "loa-"+m.ID)
	} else if err := a.writeMixed(ctx, &l, m); err != nil {
		return nil, err
	}
	if a.sign == nil {
		return l, nil
	}
	signed, err := a.sign(l)
	if err != nil {
		return nil, &channel.Error{Kind: channel.Misconfigured, About: channel.Account, Code: "dkim", Err: err}
	}
	return signed, nil
}

func (a *account) writeHead(l *letter, m channel.Message) {
	l.header("From", a.fromLine)
	l.header("To", "<"+m.To+">")
	if v := a.s["reply_to"]; v != "" {
		l.header("Reply-To", "<"+v+">")
	}
	l.header("Subject", encoded(m.Title))
	l.header("Date", a.tools.Now().Format(time.RFC1123Z))
	l.header("Message-ID", "<"+a.messageID(m.ID)+">")
	l.header("MIME-Version", "1.0")
	if m.Lang != "" && isDotAtom(m.Lang) {
		l.header("Content-Language", m.Lang)
	}
	if v := a.s["feedback_id"]; v != "" {
		l.header("Feedback-ID", kindOf(m.Purpose)+":"+v)
	}
	if m.ReplyTo != "" { // an officer's own answer is neither a mailing nor made by a machine
		answered := "<" + strings.Trim(m.ReplyTo, "<>") + ">"
		l.header("In-Reply-To", answered)
		l.header("References", answered)
		return
	}
	l.header("Auto-Submitted", "auto-generated")
	written := a.s["unsubscribe_address"]
	if written != "" {
		written = "<mailto:" + a.tagged(written, m.ID) + "?subject=unsubscribe>"
	}
	switch {
	case m.Unsubscribe != "" && written != "":
		l.header("List-Unsubscribe", "<"+m.Unsubscribe+">,\r\n "+written)
	case m.Unsubscribe != "":
		l.header("List-Unsubscribe", "<"+m.Unsubscribe+">")
	case written != "":
		l.header("List-Unsubscribe", written)
	}
	if m.Unsubscribe != "" {
		l.header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
}

// header adds a line; its value is known to hold no line break of a stranger's.
func (l *letter) header(name, value string) {
	*l = append(*l, name...)
	*l = append(*l, ": "...)
	*l = append(*l, value...)
	*l = append(*l, "\r\n"...)
}

func (l *letter) add(s ...string) {
	for _, x := range s {
		*l = append(*l, x...)
	}
}

// body writes the text and what it looks like in HTML, the plainer one first, as readers show the last one they know.
func (l *letter) body(m channel.Message, mark string) {
	text, html := strings.TrimSpace(m.Text) != "", strings.TrimSpace(m.HTML) != ""
	switch {
	case text && html:
		l.header("Content-Type", "multipart/alternative;\r\n boundary=\""+mark+"\"")
		l.add("\r\n--", mark, "\r\n")
		l.text("text/plain", m.Text)
		l.add("--", mark, "\r\n")
		l.text("text/html", m.HTML)
		l.add("--", mark, "--\r\n")
	case text:
		l.text("text/plain", m.Text)
	default:
		l.text("text/html", m.HTML)
	}
}

// text writes a text as it is when every server can carry it so, and in base 64 when not: of Vietnamese that is the shortest way.
func (l *letter) text(kind, s string) {
	l.header("Content-Type", kind+"; charset=utf-8")
	s = lines(s)
	if isPlain(s) {
		l.header("Content-Transfer-Encoding", "7bit")
		l.add("\r\n", s)
		if !strings.HasSuffix(s, "\r\n") {
			l.add("\r\n")
		}
		return
	}
	l.header("Content-Transfer-Encoding", "base64")
	l.add("\r\n")
	base64Lines(l, []byte(s))
}

// base64Lines writes bytes in lines of 76 letters.
func base64Lines(l *letter, raw []byte) {
	for len(raw) > 0 {
		n := min(57, len(raw))
		*l = base64.StdEncoding.AppendEncode(*l, raw[:n])
		*l = append(*l, "\r\n"...)
		raw = raw[n:]
	}
}

// writeMixed writes the body and what is attached to it.
func (a *account) writeMixed(ctx context.Context, l *letter, m channel.Message) error {
	mark := "loa-mixed-" + m.ID
	l.header("Content-Type", "multipart/mixed;\r\n boundary=\""+mark+"\"")
	l.add("\r\n--", mark, "\r\n")
	l.body(m, "loa-"+m.ID)
	left := int64(sizeAtMost)
	for i, pic := range m.Media {
		raw, err := a.attachment(ctx, pic, left)
		if err != nil {
			return err
		}
		left -= int64(len(raw))
		name := pic.Name
		if name == "" {
			name = fmt.Sprintf("loa-%d", i+1)
		}
		l.add("--", mark, "\r\n")
		l.header("Content-Type", pic.MIME)
		l.header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
		l.header("Content-Transfer-Encoding", "base64")
		l.add("\r\n")
		base64Lines(l, raw)
	}
	l.add("--", mark, "--\r\n")
	return nil
}

func (a *account) attachment(ctx context.Context, pic channel.Media, left int64) ([]byte, error) {
	in, err := a.tools.Media(ctx, pic.ID)
	if err != nil {
		return nil, &channel.Error{Kind: channel.Unreachable, About: channel.Content, Code: "media", Err: fmt.Errorf("open an attachment: %w", err)}
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, left+1))
	if err != nil {
		return nil, &channel.Error{Kind: channel.Unreachable, About: channel.Content, Code: "media", Err: fmt.Errorf("read an attachment: %w", err)}
	}
	if int64(len(raw)) > left {
		return nil, wrong(channel.Content, "size")
	}
	return raw, nil
}

// fromOf is the line of the sender, with the office's name in it.
func fromOf(name, address string) string {
	return folded((&stdmail.Address{Name: name, Address: address}).String())
}

// encoded is a text as a header carries it.
func encoded(s string) string {
	if isASCII(s) { // a title is too short to need folding
		return strings.ReplaceAll(s, "=?", "= ?")
	}
	return folded(mime.QEncoding.Encode("utf-8", s))
}

// folded puts every encoded word on a line of its own.
func folded(s string) string { return strings.ReplaceAll(s, "?= =?", "?=\r\n =?") }

// isPlain says whether a text needs no coding: plain letters in lines that no server breaks.
func isPlain(s string) bool {
	width := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf || s[i] == 0 {
			return false
		}
		if width++; s[i] == '\n' {
			width = 0
		}
		if width > 900 {
			return false
		}
	}
	return true
}

// lines ends every line as mail does.
func lines(s string) string {
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.ReplaceAll(s, "\n", "\r\n")
}

// messageID is ours of a message: the same at every try, so that a reader who gets two shows one.
func (a *account) messageID(id string) string { return id + "@" + a.domain }

// returnPath is where a bounce goes, with the message's ID in it: not every bounce says which letter it is about.
func (a *account) returnPath(id string) string {
	if v := a.s["bounce_address"]; v != "" {
		return a.tagged(v, id)
	}
	return a.s["from"]
}

func (a *account) tagged(address, id string) string {
	local, domain, _ := strings.Cut(address, "@")
	return local + a.s["tag_separator"] + id + "@" + domain
}

// kindOf is a purpose as large receivers count complaints by it.
func kindOf(purpose string) string {
	if purpose == "" || !isDotAtom(purpose) {
		return "other"
	}
	return purpose
}

func isType(s string) bool {
	kind, sub, ok := strings.Cut(s, "/")
	return ok && isDotAtom(kind) && isDotAtom(sub) && len(s) <= 127
}
