package email

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"io"
	"net/http"
	stdmail "net/mail"
	"strings"
	"time"

	"loa/channel"
)

// letterAtMost bounds what is read of a letter that comes back; bounces like to bring the whole of ours with them.
const letterAtMost = 16 << 20

// Receive reads one letter that the office's mail system hands over as it is, as the body of a POST. The call carries the key that was
// agreed on; without one nothing is believed. The address in the query, to=, is where the letter was delivered, for systems that do not
// write it into the letter.
func (a *account) Receive(r *http.Request) (channel.Answer, error) {
	if !a.keyed(r) {
		return channel.Answer{}, channel.ErrForged
	}
	if r.Method != http.MethodPost {
		return channel.Answer{}, channel.Garble("a letter comes by POST")
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, letterAtMost+1))
	if err != nil {
		return channel.Answer{}, channel.Garble("the letter broke off")
	}
	if len(raw) > letterAtMost {
		return channel.Answer{}, channel.Garble("the letter is too long")
	}
	events, err := a.ReadLetter(raw, r.URL.Query()["to"]...)
	if err != nil {
		return channel.Answer{}, err
	}
	return channel.Answer{Events: events, Status: http.StatusOK}, nil
}

// keyed says whether a call carries our key, as a bearer's or as the password of a user.
func (a *account) keyed(r *http.Request) bool {
	want := a.s["hook_key"]
	if want == "" {
		return false
	}
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		_, given, _ = r.BasicAuth()
	}
	return subtle.ConstantTimeCompare([]byte(given), []byte(want)) == 1
}

// ReadLetter tells what a letter that came back means: a bounce, a complaint, a refusal written to the address for it, or a person's reply.
// What machines answer by themselves means nothing.
func (a *account) ReadLetter(raw []byte, deliveredTo ...string) ([]channel.Event, error) {
	events, err := ParseBounce(raw, deliveredTo...)
	if err != nil || events != nil {
		return a.dated(events), err
	}
	m, err := stdmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return nil, channel.Garble("no letter: %v", err)
	}
	if isMachine(m.Header) {
		return nil, nil
	}
	e, ok := personal(m)
	if !ok {
		return nil, nil
	}
	e.At = a.moment(m.Header)
	sum := sha256.Sum256(raw)
	if e.Key = "mail:" + e.Ref; e.Ref == "" {
		e.Key = "mail:" + hex.EncodeToString(sum[:16])
	}
	if id, ok := a.unsubscribes(m.Header, deliveredTo); ok {
		e.Kind, e.Message, e.Key, e.Text = channel.EventOptOut, id, "unsubscribe:"+first(id, e.From), ""
	}
	return []channel.Event{e}, nil
}

// dated gives the events of a bounce the day on which it came in, where the letter's own is not to be believed.
func (a *account) dated(events []channel.Event) []channel.Event {
	now := a.tools.Now()
	for i := range events {
		if events[i].At.IsZero() || events[i].At.After(now) {
			events[i].At = now
		}
	}
	return events
}

// moment is when a letter was written, as far as that can be believed.
func (a *account) moment(h stdmail.Header) time.Time {
	at, now := dateOf(h), a.tools.Now()
	if at.IsZero() || at.After(now) || at.Before(now.AddDate(0, 0, -30)) {
		return now
	}
	return at
}

// unsubscribes says whether a letter went to the address for refusals, and of which message it speaks.
func (a *account) unsubscribes(h stdmail.Header, deliveredTo []string) (id string, ok bool) {
	own := strings.ToLower(a.s["unsubscribe_address"])
	if own == "" {
		return "", false
	}
	local, domain, _ := strings.Cut(own, "@")
	for _, to := range recipients(h, deliveredTo) {
		toLocal, toDomain, _ := strings.Cut(strings.ToLower(to), "@")
		if toDomain != domain {
			continue
		}
		if toLocal == local {
			ok = true
		}
		if tag, tagged := strings.CutPrefix(toLocal, local+a.s["tag_separator"]); tagged && isID(tag) {
			return tag, true
		}
	}
	return "", ok
}

// isMachine says whether a letter was written by a machine on its own account, such as a notice of absence.
func isMachine(h stdmail.Header) bool {
	if v := strings.ToLower(strings.TrimSpace(h.Get("Auto-Submitted"))); v != "" && v != "no" {
		return true
	}
	switch strings.ToLower(strings.TrimSpace(h.Get("Precedence"))) {
	case "bulk", "junk", "list", "auto_reply":
		return true
	}
	return h.Get("X-Autoreply") != "" || h.Get("X-Autorespond") != "" || isDaemon(h)
}

// isDaemon says whether a letter comes from a mail system itself.
func isDaemon(h stdmail.Header) bool {
	if strings.TrimSpace(h.Get("Return-Path")) == "<>" {
		return true
	}
	from, err := stdmail.ParseAddress(h.Get("From"))
	if err != nil {
		return false
	}
	local, _, _ := strings.Cut(strings.ToLower(from.Address), "@")
	return local == "mailer-daemon" || local == "postmaster"
}

// recipients are the addresses a letter went to, by its own account and by that of whoever delivered it.
func recipients(h stdmail.Header, deliveredTo []string) []string {
	list := append([]string(nil), deliveredTo...)
	for _, key := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc"} {
		for _, v := range h[key] {
			found, err := stdmail.ParseAddressList(v)
			if err != nil {
				list = append(list, strings.Trim(strings.TrimSpace(v), "<>"))
				continue
			}
			for _, f := range found {
				list = append(list, f.Address)
			}
		}
	}
	return list
}

func dateOf(h stdmail.Header) time.Time {
	at, err := stdmail.ParseDate(h.Get("Date"))
	if err != nil || at.Year() < 2000 || at.Year() > 9000 {
		return time.Time{}
	}
	return at.UTC()
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
