package zalo

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"loa/channel"
)

var fuzzNow = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

func fuzzed(tb testing.TB) *OA {
	o, err := Open(channel.Settings{"app_id": "1234567890123456789", "app_secret": "s", "oa_secret": "oa_secret_key_demo"}, channel.Tools{Now: func() time.Time { return fuzzNow }})
	if err != nil {
		tb.Fatal(err)
	}
	return o
}

// bodies are the calls and answers of the recorded conversations.
func bodies(tb testing.TB) (calls, answers []string) {
	names, _ := filepath.Glob("testdata/*.json")
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		var talk struct {
			Call     struct{ Body string }
			Exchange []struct {
				Gets struct {
					JSON json.RawMessage
					Text string
				}
			}
		}
		if err := json.Unmarshal(raw, &talk); err != nil {
			tb.Fatal(err)
		}
		if talk.Call.Body != "" {
			calls = append(calls, talk.Call.Body)
		}
		for _, x := range talk.Exchange {
			answers = append(answers, string(x.Gets.JSON)+x.Gets.Text)
		}
	}
	if len(calls) < 30 || len(answers) < 30 {
		tb.Fatalf("only %d calls and %d answers", len(calls), len(answers))
	}
	return calls, answers
}

// FuzzReceive reads whatever body, rightly signed: each event has a kind and a key, says the same when told again, and without the
// signature nothing is believed.
func FuzzReceive(f *testing.F) {
	calls, _ := bodies(f)
	for _, body := range calls {
		f.Add(body)
	}
	o := fuzzed(f)
	f.Fuzz(func(t *testing.T, body string) {
		const stamp = "1795489200000"
		call := func(signed bool) (channel.Answer, error) {
			r := httptest.NewRequest(http.MethodPost, "/hook/1", strings.NewReader(body))
			if signed {
				r.Header.Set("X-ZEvent-Timestamp", stamp)
				r.Header.Set("X-ZEvent-Signature", "mac="+hex.EncodeToString(Signature("1234567890123456789", []byte(body), stamp, "oa_secret_key_demo")))
			}
			return o.Receive(r)
		}
		a, err := call(true)
		if err != nil && !errors.Is(err, channel.ErrForged) && !errors.Is(err, channel.ErrGarbled) {
			t.Fatalf("it failed with %v", err)
		}
		b, _ := call(true)
		keys := map[string]bool{}
		for i, e := range a.Events {
			if e.Kind == "" || e.Key == "" || keys[e.Key] || e.Key != b.Events[i].Key || e.At.IsZero() {
				t.Errorf("an event is %+v", e)
			}
			if e.Message != "" && len(e.Message) != 32 {
				t.Errorf("our ID is %q", e.Message)
			}
			keys[e.Key] = true
		}
		if a, err := call(false); len(a.Events) > 0 || err == nil && strings.TrimSpace(body) != "{}" {
			t.Errorf("an unsigned call is believed: %+v", a)
		}
	})
}

// FuzzAnswer reads whatever answer with whatever status as each thing that is asked for. A failure is one of the six or cannot be read.
func FuzzAnswer(f *testing.F) {
	_, answers := bodies(f)
	for _, a := range answers {
		f.Add(a, 200)
	}
	f.Add(`{"error":-216}`, 401)
	f.Add(``, 502)
	o := fuzzed(f)
	f.Fuzz(func(t *testing.T, body string, status int) {
		if status < 200 || status > 599 {
			status = 200
		}
		for _, h := range []host{onOA, onZNS} {
			var list []wireTemplate
			for _, out := range []any{new(sent), new(wireTemplate), &list, new(picture), nil} {
				refused, err := o.read(call{host: h}, &http.Response{StatusCode: status, Header: http.Header{}}, []byte(body), out)
				var e *channel.Error
				switch {
				case err == nil && (status >= 300 || refused):
					t.Errorf("status %d is a success", status)
				case err == nil, errors.Is(err, errUnread) && status < 300:
				case !errors.As(err, &e) || e.Kind == "":
					t.Errorf("it failed with %v", err)
				case !utf8.ValidString(e.Text) || utf8.RuneCountInString(e.Text) > 300:
					t.Errorf("the words are %q", e.Text)
				}
				if tpl, ok := out.(*wireTemplate); ok && err == nil {
					for _, p := range tpl.template().Params {
						if p.Least < 0 || p.Most < 0 {
							t.Errorf("a blank is %+v", p)
						}
					}
				}
			}
		}
	})
}

// FuzzGrant reads whatever answer to a refresh. Whatever is not a pair says what became of the token that was handed in.
func FuzzGrant(f *testing.F) {
	for _, a := range []string{`{"access_token":"a","refresh_token":"r","expires_in":"90000"}`, `{"access_token":"a","refresh_token":"r","expires_in":99999999999999}`, `{"error":-14020,"error_name":"Invalid refresh token"}`, `{"error":-32}`, `{"error":0}`, `<html>`, ``} {
		f.Add(a, 200)
		f.Add(a, 500)
	}
	f.Fuzz(func(t *testing.T, body string, status int) {
		if status < 200 || status > 599 {
			status = 200
		}
		g, what, err := grantedBy(&http.Response{StatusCode: status, Header: http.Header{}}, []byte(body), fuzzNow)
		if err == nil {
			if g.access == "" || g.life <= 0 || g.life > 30*24*time.Hour || what != used {
				t.Errorf("granted is %+v", g)
			}
			return
		}
		var e *channel.Error
		if !errors.As(err, &e) || e.Kind == channel.Unsure || e.Kind == "" {
			t.Errorf("it failed with %v", err)
		}
		if what == lost && (e.Kind != channel.Misconfigured || e.Code != "token_lost") {
			t.Errorf("lost is %v", err)
		}
	})
}

// FuzzResume takes whatever was written down between two steps, and whatever mark or audience.
func FuzzResume(f *testing.F) {
	for _, s := range []string{"", "create 0 1795489200 https://x", "verify 3 fvXiHx==", "send 1", "all", "cities=20&gender=0", "handed ab 1 ff -1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m := markOf(s)
		if m.state != "" && markOf(m.String()) != m {
			t.Errorf("%q is read as %+v and again as %+v", s, m, markOf(m.String()))
		}
		if to, err := targetOf(s); err == nil {
			for key, list := range to {
				for _, v := range list {
					if !digits(v) {
						t.Errorf("%s is %q", key, v)
					}
				}
			}
		}
		madeAt(channel.Message{ID: s})
		if at := (word(s)).moment(); !at.IsZero() && at.Year() > 3100 {
			t.Errorf("%q is %s", s, at)
		}
		(word(s)).day()
		if ours(word(s)) != "" && len(s) != 32 {
			t.Errorf("%q is ours", s)
		}
	})
}
