package ics

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// read takes a calendar apart as a telephone does: unfolds its lines, refuses any that breaks the rules, and gives name and value.
func read(t interface{ Fatalf(string, ...any) }, raw []byte) (names, values []string) {
	s := string(raw)
	if !strings.HasSuffix(s, "\r\n") {
		t.Fatalf("the last line does not end")
	}
	for _, line := range strings.Split(strings.TrimSuffix(s, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n\x00") || !utf8.ValidString(line) {
			t.Fatalf("line of %d bytes: %q", len(line), line)
		}
	}
	for _, line := range strings.Split(strings.TrimSuffix(strings.ReplaceAll(s, "\r\n ", ""), "\r\n"), "\r\n") {
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" {
			t.Fatalf("line %q has no name", line)
		}
		names, values = append(names, name), append(values, value)
	}
	return names, values
}

func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\;`, `;`, `\,`, `,`, `\n`, "\n").Replace(s)
}

// kept is what a calendar can hold of a text.
func kept(s string) string { return unescape(Escape(s)) }

func checkCalendar(t interface{ Fatalf(string, ...any) }, summary, location, description, uid string) {
	e := Event{UID: uid, Sequence: 7, Stamp: time.Unix(0, 0), Start: time.Unix(1e9, 0), Summary: summary, Location: location, Description: description, URL: "https://x/\r\nSTATUS:CANCELLED"}
	names, values := read(t, Write(summary, []Event{e, e}))
	begun, ended := 0, 0
	for i, name := range names {
		switch name {
		case "BEGIN":
			begun++
		case "END":
			ended++
		case "SUMMARY", "X-WR-CALNAME":
			if unescape(values[i]) != kept(summary) {
				t.Fatalf("%q came back as %q", summary, values[i])
			}
		case "LOCATION":
			if unescape(values[i]) != kept(location) {
				t.Fatalf("%q came back as %q", location, values[i])
			}
		case "STATUS":
			if values[i] != "CONFIRMED" {
				t.Fatalf("a text made the event %s", values[i])
			}
		}
	}
	if begun != 3 || ended != 3 {
		t.Fatalf("%d begun and %d ended", begun, ended)
	}
}

func TestPropertyCalendarsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("\r\n\\;,:\" ềượ\t\u2028x"))))
		checkCalendar(t, word.Draw(t, "summary"), word.Draw(t, "location"), word.Draw(t, "description"), "a@loa")
	})
}

func FuzzCalendar(f *testing.F) {
	f.Add("Cán bộ về bản Háng Là; 19:00, nhà văn hóa", "a\r\nEND:VEVENT", "\\n", "id@loa")
	f.Add(strings.Repeat("ề", 200), "", "\xff\xfe", "")
	f.Fuzz(func(t *testing.T, summary, location, description, uid string) {
		checkCalendar(t, summary, location, description, uid)
	})
}

func TestEscapeKeepsWords(t *testing.T) {
	if got := Escape("Bản A, nhà B; \\ \r\ndòng 2\x07"); got != `Bản A\, nhà B\; \\ \ndòng 2` {
		t.Errorf("got %q", got)
	}
}

func TestEventInUTC(t *testing.T) {
	zone := time.FixedZone("", 7*3600)
	out := string(Write("Lịch", []Event{
		{UID: "a", Stamp: time.Unix(0, 0), Start: time.Date(2025, 12, 1, 6, 30, 0, 0, zone), End: time.Date(2025, 12, 1, 8, 0, 0, 0, zone), Summary: "x", Cancelled: true},
		{UID: "b", Stamp: time.Unix(0, 0), Start: time.Date(2025, 12, 1, 0, 0, 0, 0, zone), AllDay: true, Summary: "y", Sequence: 1 << 40},
	}))
	for _, want := range []string{"DTSTART:20251130T233000Z\r\nDTEND:20251201T010000Z\r\n", "STATUS:CANCELLED", "DTSTART;VALUE=DATE:20251201\r\nSUMMARY:y", "SEQUENCE:2147483647", "X-WR-CALNAME:Lịch"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
}
