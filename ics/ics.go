// Package ics writes calendars as telephones subscribe to them (RFC 5545). It must never know what the events are about.
package ics

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Event is one entry of a calendar. Its UID stays for as long as it exists, so that a change moves the entry instead of adding one.
type Event struct {
	UID                            string
	Sequence                       int64 // grows with every change
	Stamp                          time.Time
	Start, End                     time.Time // End is zero when it is not known
	AllDay                         bool      // of Start only the day is meant
	Summary, Location, Description string
	URL                            string
	Cancelled                      bool
}

// longest is how many bytes a line may have before it is folded, the line's end left out.
const longest = 75

// Write is a calendar under a name with its events, in the order given.
func Write(name string, events []Event) []byte {
	w := &writer{}
	w.line("BEGIN:VCALENDAR")
	w.line("VERSION:2.0")
	w.line("PRODID:-//Loa//Loa//VI")
	w.line("CALSCALE:GREGORIAN")
	w.line("METHOD:PUBLISH")
	w.text("X-WR-CALNAME", name)
	w.line("REFRESH-INTERVAL;VALUE=DURATION:PT6H")
	w.line("X-PUBLISHED-TTL:PT6H")
	for _, e := range events {
		w.event(e)
	}
	w.line("END:VCALENDAR")
	return w.out
}

type writer struct{ out []byte }

func (w *writer) event(e Event) {
	w.line("BEGIN:VEVENT")
	w.text("UID", e.UID)
	w.line("DTSTAMP:" + instant(e.Stamp))
	w.line("SEQUENCE:" + strconv.FormatInt(min(max(e.Sequence, 0), 1<<31-1), 10))
	if e.AllDay {
		w.line("DTSTART;VALUE=DATE:" + e.Start.Format("20060102"))
	} else {
		w.line("DTSTART:" + instant(e.Start))
		if e.End.After(e.Start) {
			w.line("DTEND:" + instant(e.End))
		}
	}
	w.text("SUMMARY", e.Summary)
	if e.Location != "" {
		w.text("LOCATION", e.Location)
	}
	if e.Description != "" {
		w.text("DESCRIPTION", e.Description)
	}
	if e.URL != "" {
		w.line("URL:" + oneLine(e.URL))
	}
	if e.Cancelled {
		w.line("STATUS:CANCELLED")
	} else {
		w.line("STATUS:CONFIRMED")
	}
	w.line("END:VEVENT")
}

func instant(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// text writes a property whose value is words: what would end it or divide it is escaped.
func (w *writer) text(name, value string) { w.line(name + ":" + Escape(value)) }

// Escape is a value as it stands in a property of words. Control characters, which no calendar may hold, are left out.
func Escape(s string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(s, "\r\n", "\n") {
		switch {
		case r == '\\' || r == ';' || r == ',':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029':
			b.WriteString(`\n`)
		case r == utf8.RuneError || r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
}

// line writes a line, folded so that none is longer than 75 bytes and no letter is cut in two.
func (w *writer) line(s string) {
	room := longest
	for len(s) > room {
		cut := room
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		w.out = append(append(w.out, s[:cut]...), "\r\n "...)
		s, room = s[cut:], longest-1 // the blank that marks the fold counts
	}
	w.out = append(append(w.out, s...), "\r\n"...)
}
