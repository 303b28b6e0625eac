package email

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"loa/channel"
)

// seeds are the letters of the recorded calls.
func seeds(tb testing.TB) []string {
	names, _ := filepath.Glob("testdata/receive_*.json")
	var out []string
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		var t struct{ Call struct{ Body string } }
		if err := json.Unmarshal(raw, &t); err != nil {
			tb.Fatal(err)
		}
		out = append(out, t.Call.Body)
	}
	if len(out) < 25 {
		tb.Fatalf("only %d letters", len(out))
	}
	return out
}

// FuzzReadLetter reads whatever comes: nothing crashes, every event names somebody or one of our messages, and it is told alike twice.
func FuzzReadLetter(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s, "bounce+"+testID+"@ward.example")
	}
	a := opened(f, settings(25))
	f.Fuzz(func(t *testing.T, letter, to string) {
		events, err := a.ReadLetter([]byte(letter), to)
		if err != nil {
			return
		}
		again, _ := a.ReadLetter([]byte(letter), to)
		if len(again) != len(events) {
			t.Fatalf("%d events, then %d", len(events), len(again))
		}
		for i, e := range events {
			switch {
			case e.Key == "" || e.Key != again[i].Key, e.Message == "" && e.From == "", e.Message != "" && !isID(e.Message), e.Network != Network, e.At.IsZero() || e.At.After(testNow):
				t.Errorf("the event is %+v", e)
			case !utf8.ValidString(e.Text) || len([]rune(e.Text)) > replyAtMost, !utf8.ValidString(e.Name), !utf8.ValidString(e.From):
				t.Errorf("the words are %q of %q", e.Text, e.Name)
			case e.Kind == channel.EventFailed && (e.Code == "" || e.Cause == ""):
				t.Errorf("it does not say why: %+v", e)
			}
		}
	})
}

// FuzzAddress: whatever is taken for an address stays one word of one command.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"lan@example.org", "a+b@x.vn", "a@b", "a@b.c\r\nDATA", `"a b"@c.d`, "a@[1.2.3.4]", "é@x.vn", "a@x.vn>", "a..b@x.vn"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if isAddress(s) && (strings.ContainsAny(s, "\r\n\t <>\"\\,;:()[]\x00") || strings.Count(s, "@") != 1 || !isASCII(s)) {
			t.Errorf("%q is an address", s)
		}
	})
}

// FuzzStatus: the verdict on any answer is one of the six, and never that all is well.
func FuzzStatus(f *testing.F) {
	f.Add(550, "5.1.1 no", "rcpt")
	f.Add(421, "4.7.0", "mail")
	f.Add(354, "", "letter")
	a := opened(f, settings(25))
	f.Fuzz(func(t *testing.T, code int, text, at string) {
		e := failure(t, a.failure(stage(at), reply{code, text}))
		if e.Code == "" || code >= 500 && code < 600 && e.Kind != channel.Rejected && e.Kind != channel.Misconfigured && e.Kind != channel.Throttled && stages[stage(at)].Kind != "" {
			t.Errorf("%d %q at %s is %v", code, text, at, e)
		}
	})
}
