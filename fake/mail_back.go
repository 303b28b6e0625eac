package fake

import (
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"net/mail"
	"net/url"
	"strings"
	"time"
)

// back hands a letter over to the office, as its mail system does with all that comes to its mailboxes; w.mu must be held.
func (m *Mail) back(at time.Time, event, to string, letter []byte) {
	if m.Hook == "" {
		return
	}
	u, err := url.Parse(m.Hook)
	if err != nil {
		return
	}
	q := u.Query()
	q.Set("to", to)
	u.RawQuery = q.Encode()
	key := m.HookKey
	minute := time.Minute
	m.w.post(at, webhook{
		provider: mailName, event: event, method: http.MethodPost, url: u.String(), body: letter, patience: 10 * time.Second, again: []time.Duration{minute, 5 * minute, 15 * minute, time.Hour, 6 * time.Hour, 24 * time.Hour},
		header: http.Header{"Content-Type": {"message/rfc822"}, "Authorization": {"Bearer " + key}},
		forge:  func(h *webhook) { h.header.Set("Authorization", "Bearer "+key+"_of_somebody_else") },
	})
}

// letterLines joins lines as mail does.
func letterLines(lines ...string) string { return strings.Join(lines, "\r\n") }

// headOf is the head of a letter of our own.
func (m *Mail) headOf(from, to, subject, kind string, at time.Time, more string) string {
	return letterLines("From: "+from, "To: <"+to+">", "Subject: "+mime.QEncoding.Encode("utf-8", subject), "Date: "+at.In(zone).Format(time.RFC1123Z), "Message-ID: <"+m.w.hex()+"@"+m.Name+">", more+"MIME-Version: 1.0", "Content-Type: "+kind, "")
}

// report is a letter of RFC 3464 about one of the office's.
func (m *Mail) report(x *mailLetter, at time.Time, action, status, said string) []byte {
	mark := "report-" + x.queued
	head := m.headOf("Mail Delivery System <MAILER-DAEMON@"+m.Name+">", x.from, "Undelivered Mail Returned to Sender", `multipart/report; report-type=delivery-status; boundary="`+mark+`"`, at,
		"Return-Path: <>\r\nAuto-Submitted: auto-replied\r\n")
	return []byte(letterLines(head, "--"+mark, "Content-Type: text/plain; charset=us-ascii", "",
		"This is the mail system at host "+m.Name+".", "", "<"+x.to+">: "+said, "",
		"--"+mark, "Content-Type: message/delivery-status", "",
		"Reporting-MTA: dns; "+m.Name, "Arrival-Date: "+x.at.In(zone).Format(time.RFC1123Z), "",
		"Final-Recipient: rfc822; "+x.to, "Original-Recipient: rfc822;"+x.to, "Action: "+action, "Status: "+status, "Remote-MTA: dns; "+m.Name, "Diagnostic-Code: smtp; "+said, "",
		"--"+mark, "Content-Type: text/rfc822-headers", "", string(crlf(x.head)), "", "--"+mark+"--", ""))
}

// complaint is a letter of RFC 5965: somebody clicked "this is spam".
func (m *Mail) complaint(x *mailLetter, at time.Time) []byte {
	mark := "complaint-" + x.queued
	head := m.headOf("<fbl@"+m.Name+">", x.from, "complaint about message from the office", `multipart/report; report-type=feedback-report; boundary="`+mark+`"`, at, "")
	return []byte(letterLines(head, "--"+mark, "Content-Type: text/plain; charset=us-ascii", "", "This is an email abuse report for a message received at "+m.Name+".", "",
		"--"+mark, "Content-Type: message/feedback-report", "",
		"Feedback-Type: abuse", "User-Agent: "+m.Name+"/1.0", "Version: 1", "Original-Mail-From: <"+x.from+">", "Original-Rcpt-To: <"+x.to+">", "Arrival-Date: "+x.at.In(zone).Format(time.RFC1123Z), "",
		"--"+mark, "Content-Type: message/rfc822", "", string(crlf(x.head)), "", "--"+mark+"--", ""))
}

// personal is a letter that somebody wrote, or their mailbox for them.
func (m *Mail) personal(x *mailLetter, at time.Time, to, subject, text, more string) []byte {
	from := "<" + x.to + ">"
	if v := m.w.villagers[x.to]; v != nil && v.Name != "" {
		from = (&mail.Address{Name: v.Name, Address: x.to}).String()
	}
	if x.messageID != "" && subject != "unsubscribe" {
		more += "In-Reply-To: <" + x.messageID + ">\r\nReferences: <" + x.messageID + ">\r\n"
	}
	head := m.headOf(from, to, subject, "text/plain; charset=utf-8", at, more+"Content-Transfer-Encoding: base64\r\n")
	var b strings.Builder
	for coded := base64.StdEncoding.EncodeToString([]byte(text)); coded != ""; {
		n := min(76, len(coded))
		fmt.Fprintf(&b, "%s\r\n", coded[:n])
		coded = coded[n:]
	}
	return []byte(head + "\r\n" + b.String())
}

// crlf ends every line as mail does.
func crlf(b []byte) []byte {
	return []byte(strings.ReplaceAll(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n", "\r\n"))
}
