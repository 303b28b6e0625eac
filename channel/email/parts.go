package email

import (
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	stdmail "net/mail"
	"net/textproto"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/unicode/norm"

	"loa/channel"
)

// Limits of what is looked at in a letter that comes in; a letter may be made to be endless.
const (
	partsAtMost = 50
	depthAtMost = 4
	partAtMost  = 1 << 20
	replyAtMost = 20_000
)

// part is one piece of a letter, decoded.
type part struct {
	kind string
	file bool
	body []byte
}

// partsOf are the pieces of a letter that are no containers, in their order.
func partsOf(m *stdmail.Message) ([]part, error) {
	var out []part
	if err := collect(textproto.MIMEHeader(m.Header), m.Body, 0, &out); err != nil {
		return nil, err
	}
	return out, nil
}

func collect(h textproto.MIMEHeader, body io.Reader, depth int, out *[]part) error {
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") && params["boundary"] != "" && depth < depthAtMost {
		pieces := multipart.NewReader(body, params["boundary"])
		for len(*out) < partsAtMost {
			p, err := pieces.NextRawPart()
			if err != nil { // the end, or a letter cut off: what came so far counts
				return nil
			}
			if err := collect(p.Header, p, depth+1, out); err != nil {
				return err
			}
		}
		return nil
	}
	raw, err := io.ReadAll(io.LimitReader(decoded(h, body), partAtMost))
	if err != nil && len(raw) == 0 {
		return nil
	}
	how, _, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
	if strings.HasPrefix(kind, "text/") {
		raw = unicodeOf(raw, params["charset"])
	}
	*out = append(*out, part{kind: kind, file: how == "attachment", body: raw})
	return nil
}

func decoded(h textproto.MIMEHeader, body io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(h.Get("Content-Transfer-Encoding"))) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

// unicodeOf reads a text in whatever alphabet its writer's program has.
func unicodeOf(raw []byte, charset string) []byte {
	if charset != "" && !strings.EqualFold(charset, "utf-8") && !strings.EqualFold(charset, "us-ascii") {
		if enc, err := htmlindex.Get(charset); err == nil {
			if out, err := enc.NewDecoder().Bytes(raw); err == nil {
				raw = out
			}
		}
	}
	return []byte(strings.ToValidUTF8(string(raw), "\uFFFD"))
}

// words reads the encoded words of a header.
func words(s string) string {
	d := mime.WordDecoder{CharsetReader: func(charset string, in io.Reader) (io.Reader, error) {
		enc, err := htmlindex.Get(charset)
		if err != nil {
			return nil, err
		}
		return enc.NewDecoder().Reader(in), nil
	}}
	out, err := d.DecodeHeader(s)
	if err != nil {
		out = s
	}
	return clean(out)
}

// personal is a letter a person wrote, without what it quotes.
func personal(m *stdmail.Message) (channel.Event, bool) {
	from, err := stdmail.ParseAddress(m.Header.Get("From"))
	if err != nil || !isAddress(from.Address) {
		return channel.Event{}, false
	}
	local, domain, _ := strings.Cut(from.Address, "@")
	e := channel.Event{Kind: channel.EventReply, Network: Network, From: local + "@" + strings.ToLower(domain), Name: clip(clean(from.Name), 200)}
	if own := strings.Trim(strings.TrimSpace(m.Header.Get("Message-Id")), "<>"); isMessageID(own) {
		e.Ref = own
	}
	for _, id := range strings.Fields(m.Header.Get("In-Reply-To") + " " + m.Header.Get("References")) {
		if own, ok := ownID(id); ok && e.Message == "" {
			e.Message, e.Thread = own, strings.Trim(id, "<>")
		}
	}
	parts, err := partsOf(m)
	if err != nil {
		return e, false
	}
	e.Text = unquoted(written(parts))
	if subject := words(m.Header.Get("Subject")); e.Text == "" || e.Message == "" {
		e.Text = strings.TrimSpace(subject + "\n" + e.Text)
	}
	e.Text = clip(e.Text, replyAtMost)
	return e, true
}

// written is the text of a letter: the plain one, or the words of the HTML.
func written(parts []part) string {
	html := ""
	for _, p := range parts {
		switch {
		case p.file:
		case p.kind == "text/plain":
			return clean(string(p.body))
		case p.kind == "text/html" && html == "":
			html = clean(bare(string(p.body)))
		}
	}
	return html
}

// unquoted is a reply without the letter it answers, which stands below in lines of their own.
func unquoted(s string) string {
	list := strings.Split(s, "\n")
	for i, line := range list {
		if strings.HasPrefix(line, ">") {
			list = list[:i]
			for len(list) > 0 && strings.TrimSpace(list[len(list)-1]) == "" {
				list = list[:len(list)-1]
			}
			if n := len(list); n > 0 && strings.HasSuffix(strings.TrimSpace(list[n-1]), ":") { // "On Monday somebody wrote:"
				list = list[:n-1]
			}
			break
		}
	}
	return strings.TrimSpace(strings.Join(list, "\n"))
}

// bare is the text of an HTML page, roughly: it is read by an officer, never shown as HTML.
func bare(s string) string {
	var out strings.Builder
	hidden := ""
	for {
		text, rest, ok := strings.Cut(s, "<")
		if hidden == "" {
			out.WriteString(text)
		}
		if !ok {
			break
		}
		tag, after, ok := strings.Cut(rest, ">")
		if !ok {
			break
		}
		name := strings.ToLower(strings.Trim(firstWord(tag), "/"))
		switch {
		case hidden != "":
			if strings.HasPrefix(strings.ToLower(tag), "/"+hidden) {
				hidden = ""
			}
		case (name == "script" || name == "style" || name == "head") && !strings.HasSuffix(tag, "/") && !strings.HasPrefix(tag, "/"):
			hidden = name
		case name == "br" || name == "p" || name == "div" || name == "tr" || name == "li":
			out.WriteByte('\n')
		}
		s = after
	}
	return strings.NewReplacer("&nbsp;", " ", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'", "&amp;", "&").Replace(out.String())
}

// clean is a text without the characters nobody sees, its accents in one form.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r == '\uFEFF', r == '\u202E', r == '\u200B':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return norm.NFC.String(s)
}
