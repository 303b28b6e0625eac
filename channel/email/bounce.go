package email

import (
	"bufio"
	"bytes"
	"mime"
	stdmail "net/mail"
	"net/textproto"
	"strconv"
	"strings"

	"loa/channel"
)

// ParseBounce reads a letter of a mail system about one of ours: a report of RFC 3464, a complaint of RFC 5965, or the free words of an old
// server. Which message it is about is told by the address it went to, where that carries the ID, or by our Message-ID inside. There are no
// events when the letter is none of these, and an empty list when it is one but nothing follows from it, such as that of a delay.
func ParseBounce(letter []byte, deliveredTo ...string) ([]channel.Event, error) {
	m, err := stdmail.ReadMessage(bytes.NewReader(letter))
	if err != nil {
		return nil, channel.Garble("no letter: %v", err)
	}
	parts, err := partsOf(m)
	if err != nil {
		return nil, err
	}
	kind, params, _ := mime.ParseMediaType(m.Header.Get("Content-Type"))
	ours := ""
	for _, to := range recipients(m.Header, deliveredTo) {
		if id, ok := taggedID(to); ok {
			ours = id
		}
	}
	switch report := strings.ToLower(params["report-type"]); {
	case kind == "multipart/report" && report == "feedback-report":
		return complaint(m.Header, parts, ours), nil
	case kind == "multipart/report" && (report == "delivery-status" || report == "" && has(parts, "message/delivery-status")):
		return statuses(m.Header, parts, ours), nil
	case kind == "multipart/report": // a notice of reading, which nobody asked for
		return []channel.Event{}, nil
	case isDaemon(m.Header):
		return plainBounce(m.Header, parts, ours), nil
	}
	return nil, nil
}

// statuses are the events of a report about delivery.
func statuses(h stdmail.Header, parts []part, ours string) []channel.Event {
	if ours == "" {
		ours = originalID(parts)
	}
	out := []channel.Event{}
	for _, p := range parts {
		if p.kind != "message/delivery-status" && p.kind != "message/global-delivery-status" {
			continue
		}
		for _, group := range groups(p.body) {
			if id := envelopeID(group); id != "" {
				ours = id
			}
			if e, ok := status(group, ours); ok {
				e.At = dateOf(h)
				out = append(out, e)
			}
		}
	}
	return out
}

// status is what a report says of one recipient.
func status(group textproto.MIMEHeader, ours string) (channel.Event, bool) {
	action := strings.ToLower(firstWord(group.Get("Action")))
	if action == "" {
		return channel.Event{}, false
	}
	to := typed(first(group.Get("Original-Recipient"), group.Get("Final-Recipient")))
	e := channel.Event{Message: ours, Network: Network, From: to}
	if ours == "" && to == "" {
		return e, false
	}
	about := first(ours, to)
	switch action {
	case "delivered":
		e.Kind, e.Key = channel.EventDelivered, "delivered:"+about
	case "relayed", "expanded":
		e.Kind, e.Key = channel.EventTaken, "taken:"+about
	case "failed":
		e.Kind, e.Key = channel.EventFailed, "failed:"+about
		e.Code, e.Text, e.Cause = reasonOf(group)
	default: // delayed: it may still come
		return e, false
	}
	return e, true
}

// reasonOf is why a letter did not arrive. The words of the server that refused it are more exact than the report's own code.
func reasonOf(group textproto.MIMEHeader) (code, text string, cause channel.Kind) {
	text = clip(typed(group.Get("Diagnostic-Code")), 300)
	code = firstWord(group.Get("Status"))
	if !isStatus(code) {
		code = ""
	}
	number := firstWord(text)
	if n, err := strconv.Atoi(number); err != nil || n < 400 || n > 599 {
		number = ""
	}
	if better := statusIn(text); better != "" && (code == "" || strings.HasSuffix(code, ".0.0")) {
		code = better
	}
	code = first(code, number, "5.0.0")
	return code, text, causeOf(code, number, text)
}

func causeOf(code, number, text string) channel.Kind {
	if code[0] == '4' { // given up after trying for days
		return channel.Unreachable
	}
	return permanent(atAddress, code, first(number, code), text).Kind
}

// complaint is a person's click on "this is spam", told by their provider: they want no more.
func complaint(h stdmail.Header, parts []part, ours string) []channel.Event {
	if ours == "" {
		ours = originalID(parts)
	}
	for _, p := range parts {
		if p.kind != "message/feedback-report" {
			continue
		}
		for _, group := range groups(p.body) {
			kind := strings.ToLower(firstWord(group.Get("Feedback-Type")))
			to := typed(group.Get("Original-Rcpt-To"))
			if kind == "" || kind == "not-spam" || kind == "dmarc" || kind == "auth-failure" || ours == "" && to == "" {
				continue
			}
			return []channel.Event{{Kind: channel.EventOptOut, Key: "complaint:" + first(ours, to), Message: ours, Network: Network, From: strings.Trim(to, "<>"), Code: kind, At: dateOf(h)}}
		}
	}
	return []channel.Event{}
}

// plainBounce reads the words of a server that knows no reports. Only a code of the standard for good, about a letter that is certainly ours,
// is believed.
func plainBounce(h stdmail.Header, parts []part, ours string) []channel.Event {
	if ours == "" {
		ours = originalID(parts)
	}
	var text strings.Builder
	for _, p := range parts {
		if strings.HasPrefix(p.kind, "text/") {
			text.Write(p.body)
			text.WriteByte('\n')
		}
	}
	code := statusIn(text.String())
	if ours == "" || code == "" || code[0] != '5' {
		return []channel.Event{}
	}
	return []channel.Event{{Kind: channel.EventFailed, Key: "failed:" + ours, Message: ours, Network: Network, Code: code, Cause: causeOf(code, "", text.String()), At: dateOf(h)}}
}

// groups are the blocks of fields of a report: first that of the whole, then one for each recipient.
func groups(body []byte) []textproto.MIMEHeader {
	r := textproto.NewReader(bufio.NewReader(bytes.NewReader(body)))
	var out []textproto.MIMEHeader
	for len(out) < 100 {
		h, err := r.ReadMIMEHeader()
		if len(h) > 0 {
			out = append(out, h)
		}
		if err != nil {
			break
		}
	}
	return out
}

// originalID is our ID in the letter that a report brings back, whole or by its headers.
func originalID(parts []part) string {
	for _, p := range parts {
		if p.kind != "message/rfc822" && p.kind != "text/rfc822-headers" && p.kind != "message/rfc822-headers" && p.kind != "message/global" && p.kind != "message/global-headers" && !strings.HasPrefix(p.kind, "text/plain") {
			continue
		}
		if id := idIn(p.body); id != "" {
			return id
		}
	}
	return ""
}

// idIn finds the line of our Message-ID in a text.
func idIn(body []byte) string {
	for len(body) > 0 {
		line, rest, _ := bytes.Cut(body, []byte("\n"))
		body = rest
		if len(line) < 12 || len(line) > 400 || !strings.EqualFold(string(line[:11]), "message-id:") {
			continue
		}
		if id, ok := ownID(string(line[11:])); ok {
			return id
		}
	}
	return ""
}

// ownID is our ID in a Message-ID.
func ownID(s string) (string, bool) {
	id, domain, ok := strings.Cut(strings.Trim(strings.TrimSpace(s), "<>"), "@")
	return id, ok && domain != "" && isID(id)
}

func envelopeID(group textproto.MIMEHeader) string {
	if v := strings.TrimSpace(group.Get("Original-Envelope-Id")); isID(v) {
		return v
	}
	return ""
}

// taggedID is the ID in an address such as bounce+<id>@ward.example.
func taggedID(address string) (string, bool) {
	local, _, ok := strings.Cut(address, "@")
	if !ok || len(local) < 33 || !strings.ContainsRune("+-=", rune(local[len(local)-33])) {
		return "", false
	}
	id := strings.ToLower(local[len(local)-32:])
	return id, isID(id)
}

// typed is the value of a field that names its kind first, as in "rfc822; somebody@example.org".
func typed(v string) string {
	if _, rest, ok := strings.Cut(v, ";"); ok {
		v = rest
	}
	return strings.TrimSpace(v)
}

func firstWord(s string) string {
	if f := strings.Fields(s); len(f) > 0 {
		return f[0]
	}
	return ""
}

// statusIn is the first code of the standard for a refusal in a text.
func statusIn(s string) string {
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || strings.ContainsRune("()[]<>#,;:\"'-", r) }) {
		if w = strings.TrimRight(w, "."); isStatus(w) && w[0] != '2' {
			return w
		}
	}
	return ""
}

func has(parts []part, kind string) bool {
	for _, p := range parts {
		if p.kind == kind {
			return true
		}
	}
	return false
}
