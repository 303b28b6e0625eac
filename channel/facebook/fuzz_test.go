package facebook

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
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

var testNow = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

func opened(tb testing.TB, client *http.Client) *Account {
	p, err := Open(channel.Settings{"page_id": "100000000000000100", "page_token": "EAABtoken", "app_secret": "fb_app_secret_demo", "verify_token": "vt", "webhook_hours": "720"},
		channel.Tools{HTTP: client, Now: func() time.Time { return testNow }})
	if err != nil {
		tb.Fatal(err)
	}
	return p
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
	if len(calls) < 30 || len(answers) < 60 {
		tb.Fatalf("only %d calls and %d answers", len(calls), len(answers))
	}
	return calls, answers
}

// FuzzReceive reads whatever comes signed: nothing crashes, every event is about somebody or something, and it is told alike twice.
func FuzzReceive(f *testing.F) {
	calls, _ := bodies(f)
	for _, c := range calls {
		f.Add(c)
	}
	p := opened(f, nil)
	receive := func(body, signature string) (channel.Answer, error) {
		r := httptest.NewRequest(http.MethodPost, "/hook/1", strings.NewReader(body))
		r.Header.Set("X-Hub-Signature-256", signature)
		return p.Receive(r)
	}
	f.Fuzz(func(t *testing.T, body string) {
		right := "sha256=" + hex.EncodeToString(Signature("fb_app_secret_demo", []byte(body)))
		if _, err := receive(body+" ", right); !errors.Is(err, channel.ErrForged) {
			t.Fatalf("one more letter is %v", err)
		}
		got, err := receive(body, right)
		again, _ := receive(body, right)
		if err != nil {
			return
		}
		for i, e := range got.Events {
			if e.Key == "" || e.Key != again.Events[i].Key || e.Network == "" || e.From == "" && e.Ref == "" || !utf8.ValidString(e.Text) {
				t.Errorf("the event is %+v", e)
			}
		}
	})
}

// answering is a provider that always says the same.
type answering struct {
	status int
	body   string
	asked  []string
}

func (a *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		raw, _ := io.ReadAll(r.Body)
		body = string(raw)
	}
	a.asked = append(a.asked, r.Method+" "+r.URL.Path+" "+body)
	return &http.Response{StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

// FuzzAnswer: whatever the Graph API answers, it is a success or one of the six, and a success only with a status of success.
func FuzzAnswer(f *testing.F) {
	_, answers := bodies(f)
	for i, a := range answers {
		f.Add([]int{200, 400, 500, 403}[i%4], a)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 {
			return
		}
		p := opened(t, &http.Client{Transport: &answering{status: status, body: body}, CheckRedirect: channel.Client(true).CheckRedirect})
		for _, m := range []channel.Message{{Network: Page, To: "100000000000000100", Text: "a"}, {Network: Comment, To: "1_2", Text: "a"}, {Network: Messenger, To: "1", ReplyTo: "m", Text: "a"}} {
			_, err := p.Send(context.Background(), m)
			if err == nil && status >= 300 {
				t.Errorf("%d %q is a success on %s", status, body, m.Network)
			}
			var e *channel.Error
			if err != nil && (!errors.As(err, &e) || e.Kind == "") {
				t.Errorf("%d %q is %v on %s", status, body, err, m.Network)
			}
			p.Inquire(context.Background(), m, "")
		}
		if _, err := p.Check(context.Background()); err != nil {
			if e := (*channel.Error)(nil); !errors.As(err, &e) || e.Kind == channel.Unsure {
				t.Errorf("a question is %v", err)
			}
		}
	})
}

// FuzzHoldsLink: a link is found where it stands alone, and a longer one is another.
func FuzzHoldsLink(f *testing.F) {
	f.Add("a", "b", "c")
	f.Fuzz(func(t *testing.T, before, after, more string) {
		const link = "https://loa.example/s/abc1234"
		if strings.Contains(before+after+more, "loa") {
			return
		}
		if !holdsLink(before+link+" "+after, link) || holdsLink(before+link+"x"+more, link) {
			t.Errorf("%q %q %q", before, after, more)
		}
	})
}

// TestModeration hides, deletes and subscribes; a lost answer to these may be asked for again.
func TestModeration(t *testing.T) {
	says := &answering{status: 200, body: `{"success":true}`}
	p := opened(t, &http.Client{Transport: says})
	ctx := context.Background()
	for _, err := range []error{p.Hide(ctx, "1_2", true), p.Hide(ctx, "1_2", false), p.Delete(ctx, "1_3"), p.Subscribe(ctx)} {
		if err != nil {
			t.Error(err)
		}
	}
	want := "POST /v25.0/1_2 is_hidden=true\nPOST /v25.0/1_2 is_hidden=false\nDELETE /v25.0/1_3 \nPOST /v25.0/100000000000000100/subscribed_apps subscribed_fields=feed%2Cmessages%2Cmessaging_postbacks"
	if got := strings.Join(says.asked, "\n"); got != want {
		t.Errorf("it asked\n%s, want\n%s", got, want)
	}
	for _, bad := range []string{"", "me", "1/2", "../1", "1_"} {
		if p.Hide(ctx, bad, true) == nil || p.Delete(ctx, bad) == nil {
			t.Errorf("%q is a comment", bad)
		}
	}
	if len(says.asked) != 4 {
		t.Errorf("%d calls were made", len(says.asked))
	}
	says.status, says.body = 502, "x"
	var e *channel.Error
	if err := p.Hide(ctx, "1_2", true); !errors.As(err, &e) || e.Kind != channel.Unreachable {
		t.Errorf("a lost hiding is %v", err)
	}
	if got := channel.Proof("fb_app_secret_demo", "EAABtoken"); got != "8c8174d91196d1b71ce0e5ee74d6c1180d3bf5eea5c3ce96da7e0bf843380e27" {
		t.Errorf("the proof is %s", got)
	}
}
