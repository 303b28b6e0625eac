package fake

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	stdmail "net/mail"
	"regexp"
	"strings"
	"time"
)

// mailLetter is what of a letter is remembered for what comes back of it.
type mailLetter struct {
	queued      string // our number of it
	from, to    string // of the envelope
	sender      string // whom a reader answers
	messageID   string
	subject     string
	text        string
	head        []byte
	oneClick    string // where a refusal is posted
	unsubscribe string // and where it is written to
	at          time.Time
}

var angled = regexp.MustCompile(`<([^<>]+)>`)

// readLetter takes a letter apart as a mailbox does.
func readLetter(raw []byte) (*mailLetter, error) {
	m, err := stdmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	head, _, _ := bytes.Cut(raw, []byte("\n\n"))
	x := &mailLetter{messageID: strings.Trim(m.Header.Get("Message-Id"), "<> "), head: bytes.Clone(head)}
	x.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		x.subject = m.Header.Get("Subject")
	}
	for _, key := range []string{"Reply-To", "From"} {
		if a, err := stdmail.ParseAddress(m.Header.Get(key)); err == nil && x.sender == "" {
			x.sender = a.Address
		}
	}
	oneClick := strings.EqualFold(strings.TrimSpace(m.Header.Get("List-Unsubscribe-Post")), "List-Unsubscribe=One-Click")
	for _, found := range angled.FindAllStringSubmatch(m.Header.Get("List-Unsubscribe"), -1) {
		switch address := found[1]; {
		case strings.HasPrefix(address, "mailto:"):
			x.unsubscribe, _, _ = strings.Cut(address[len("mailto:"):], "?")
		case oneClick && strings.HasPrefix(address, "http"):
			x.oneClick = address
		}
	}
	x.text = wordsOf(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body, 3)
	return x, nil
}

// wordsOf finds the plain text of a letter, or of one of its parts.
func wordsOf(kind, coding string, body io.Reader, deep int) string {
	media, params, err := mime.ParseMediaType(kind)
	if err != nil {
		media = "text/plain"
	}
	switch {
	case strings.HasPrefix(media, "multipart/") && deep > 0:
		parts := multipart.NewReader(body, params["boundary"])
		html := ""
		for {
			p, err := parts.NextRawPart()
			if err != nil {
				return html
			}
			words := wordsOf(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p, deep-1)
			if words != "" && !strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
				return words
			}
			if html == "" {
				html = words
			}
		}
	case !strings.HasPrefix(media, "text/"):
		return ""
	}
	switch strings.ToLower(coding) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	raw, _ := io.ReadAll(io.LimitReader(body, 1<<20))
	return strings.ReplaceAll(strings.ToValidUTF8(string(raw), "?"), "\r\n", "\n")
}

// take puts a letter into its mailbox and answers, as far as the fault lets it.
func (t *mailTalk) take(ctx context.Context, from, to string, raw []byte, f Fault) {
	x, err := readLetter(raw)
	if err != nil {
		t.refuse("letter", to, 554, "5.6.0 Not a letter", f.Do)
		return
	}
	w := t.m.w
	w.mu.Lock()
	x.queued, x.from, x.to, x.at = strings.ToUpper(w.hex()), from, to, w.Clock.Now()
	t.m.keep(x)
	w.Ledger.add(Entry{Provider: mailName, Method: "SMTP", Path: "/letter", At: x.at, Kind: "letter", ID: x.queued, Ref: x.messageID, To: to, Text: x.subject + "\n\n" + x.text, Outcome: Taken, Status: 250, Fault: f.Do,
		Unanswered: f.Do == TimeoutAfter || f.Do == BrokenAnswer || f.Do == GarbledAnswer})
	t.m.arrive(x)
	w.mu.Unlock()
	switch f.Do {
	case TimeoutAfter:
		t.vanish(ctx, f)
	case BrokenAnswer:
		_, _ = t.conn.Write([]byte("25"))
		t.conn.Close()
		t.ended = true
	case GarbledAnswer:
		t.say("<html><body>502 Bad Gateway</body></html>")
		t.ended = true
	default:
		t.say("250 2.0.0 OK: queued as " + x.queued)
	}
}

// arrive plans what comes back of a letter; w.mu must be held.
func (m *Mail) arrive(x *mailLetter) {
	if r, ok := m.rule("later", x.to); ok {
		m.follow(x, r.Do, x.at.Add(time.Duration(m.Bounce)))
		return
	}
	if v := m.w.villagers[x.to]; v != nil && !v.Unread {
		m.w.heard(mailName, v, x.subject+" "+x.text, x.at.Add(30*time.Second))
	}
}

// follow sends back what a mailbox or its owner makes of a letter.
func (m *Mail) follow(x *mailLetter, do string, at time.Time) {
	switch do {
	case "bounce":
		m.back(at, "bounce", x.from, m.report(x, at, "failed", "5.1.1", "550 5.1.1 <"+x.to+">: user unknown"))
	case "delay":
		m.back(at, "delay", x.from, m.report(x, at, "delayed", "4.4.1", "connect to "+m.Name+": connection timed out"))
	case "complain":
		m.back(at, "complaint", x.from, m.complaint(x, at))
	case "absent":
		m.back(at, "absent", x.from, m.personal(x, at, x.from, "Trả lời tự động: "+x.subject, "Tôi đi vắng đến hết tuần.", "Auto-Submitted: auto-replied\r\n"))
	case "unsubscribe":
		switch {
		case x.oneClick != "":
			m.w.post(at, webhook{provider: mailName, event: "one_click", method: http.MethodPost, url: x.oneClick, body: []byte("List-Unsubscribe=One-Click"), patience: 10 * time.Second,
				header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, again: []time.Duration{time.Minute, time.Hour}})
		case x.unsubscribe != "":
			m.back(at, "unsubscribe", x.unsubscribe, m.personal(x, at, x.unsubscribe, "unsubscribe", "", ""))
		}
	}
}

// act lets somebody do something about the last letter they had, or write one of their own.
func (m *Mail) act(v *Villager, do, text string) error {
	if v.Mail == "" {
		return errNobody
	}
	at := m.w.Clock.Now()
	if do == "write" { // an address, a subject, and from the next line on the words
		to, letter, _ := strings.Cut(text, " ")
		subject, words, _ := strings.Cut(letter, "\n")
		m.back(at, "reply", to, m.personal(&mailLetter{to: strings.ToLower(v.Mail)}, at, to, subject, words, ""))
		m.w.spoke(mailName, v.Mail, "say", words, at)
		return nil
	}
	x := m.letters[strings.ToLower(v.Mail)]
	if x == nil && do == "say" && m.Office != "" { // they write first; of several lines the first is the subject
		subject, words, ok := strings.Cut(text, "\n")
		if !ok {
			subject, words = "", text
		}
		m.back(at, "reply", m.Office, m.personal(&mailLetter{to: strings.ToLower(v.Mail)}, at, m.Office, strings.TrimSpace(subject), words, ""))
		m.w.spoke(mailName, v.Mail, do, text, at)
		return nil
	}
	if x == nil {
		return fmt.Errorf("%w: %s has had no letter", errNobody, v.Mail)
	}
	switch do {
	case "say":
		m.back(at, "reply", x.sender, m.personal(x, at, x.sender, "Re: "+x.subject, text, ""))
	case "unsubscribe", "complain", "bounce", "delay", "absent":
		m.follow(x, do, at)
	default:
		return fmt.Errorf("a villager cannot %q by mail", do)
	}
	m.w.spoke(mailName, v.Mail, do, text, at)
	return nil
}
