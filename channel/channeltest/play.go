// Package channeltest plays recorded conversations with providers against a driver: what Loa must ask, what the provider answered, and
// what is to come of it. A conversation is one JSON file under testdata, so a provider's oddity is kept as it was seen.
package channeltest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"loa/channel"
)

// Talk is one recorded conversation.
type Talk struct {
	About    string            `json:"about"` // what it shows, and where the wire format is from
	Settings map[string]string `json:"settings"`
	Now      time.Time         `json:"now"`
	Hook     string            `json:"hook,omitempty"`
	Media    map[string]string `json:"media,omitempty"` // contents by ID; "base64:…" for bytes
	Do       string            `json:"do,omitempty"`    // send (when there is a message), check, inquire, verify, receive (when there is a call)
	Message  *channel.Message  `json:"message,omitempty"`
	Ref      string            `json:"ref,omitempty"`  // of an inquiry
	Call     *Call             `json:"call,omitempty"` // of the provider to us
	Exchange []Exchange        `json:"exchange,omitempty"`

	Receipt *channel.Receipt  `json:"receipt,omitempty"`
	Health  *channel.Health   `json:"health,omitempty"`
	Events  []channel.Event   `json:"events,omitempty"`
	Answer  *Answer           `json:"answer,omitempty"`
	Error   *Failure          `json:"error,omitempty"`
	Outcome channel.Outcome   `json:"outcome,omitempty"`
	Renewed map[string]string `json:"renewed,omitempty"` // what of the settings must have been saved
}

// Exchange is one request of ours and what came back.
type Exchange struct {
	Want Want   `json:"want"`
	Gets Reply  `json:"gets"`
	Lost string `json:"lost,omitempty"` // instead of a reply: "before" nothing left, "after" no answer came, "broken" it broke off
}

// Want is what a request must be. What is left out may be anything.
type Want struct {
	Method string            `json:"method"`
	URL    string            `json:"url"`
	Header map[string]string `json:"header,omitempty"`
	Query  map[string]string `json:"query,omitempty"` // by name; "*" is anything
	JSON   any               `json:"json,omitempty"`  // the body must mean the same; the text "*" stands for anything
	Form   map[string]string `json:"form,omitempty"`  // form or multipart fields; files by their contents
	Text   string            `json:"text,omitempty"`  // the body as it is
	Holds  []string          `json:"holds,omitempty"` // texts the body holds
}

// Reply is what a provider answered.
type Reply struct {
	Status int               `json:"status,omitempty"` // 0: 200
	Header map[string]string `json:"header,omitempty"`
	JSON   json.RawMessage   `json:"json,omitempty"` // as it stands: a long number keeps its digits
	Text   string            `json:"text,omitempty"`
}

// Call is a provider's call to us; Body is taken to the byte, since signatures are.
type Call struct {
	Method string            `json:"method"`
	URL    string            `json:"url"`
	Header map[string]string `json:"header,omitempty"`
	Body   string            `json:"body,omitempty"`
}

// Answer is what a provider must hear.
type Answer struct {
	Status int    `json:"status,omitempty"`
	Body   string `json:"body,omitempty"`
}

// Failure is the error that must come of it; Is is "forged", "garbled" or "not known" where it is none of the six.
type Failure struct {
	Kind  channel.Kind  `json:"kind,omitempty"`
	About channel.About `json:"about,omitempty"`
	Code  string        `json:"code,omitempty"`
	After string        `json:"after,omitempty"` // at least so long
	At    time.Time     `json:"at,omitzero"`
	Is    string        `json:"is,omitempty"`
}

// Run plays every conversation under testdata against a driver. It fails when there are none.
func Run(t *testing.T, d channel.Driver) { RunFiles(t, d, "testdata/*.json") }

// RunFiles plays those that a pattern names, for a folder with several drivers.
func RunFiles(t *testing.T, d channel.Driver, pattern string) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Fatalf("no conversations at %s", pattern)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".json"), func(t *testing.T) {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var talk Talk
			in := json.NewDecoder(bytes.NewReader(raw))
			in.DisallowUnknownFields()
			if err := in.Decode(&talk); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			Play(t, d, talk)
		})
	}
}

// Play plays one conversation.
func Play(t *testing.T, d channel.Driver, talk Talk) {
	t.Helper()
	if talk.About == "" {
		t.Error("the conversation does not say what it shows")
	}
	p := &provider{t: t, left: talk.Exchange}
	held := &settings{now: channel.Settings{}}
	for k, v := range talk.Settings {
		held.now[k] = v
	}
	a, err := d.Open(held.copy(), channel.Tools{HTTP: &http.Client{Transport: p, CheckRedirect: channel.Client(true).CheckRedirect}, Now: func() time.Time { return talk.Now }, Renew: held.renew, Hook: talk.Hook,
		Media: func(_ context.Context, id string) (io.ReadCloser, error) {
			raw, ok := talk.Media[id]
			if !ok {
				return nil, fmt.Errorf("no media %s", id)
			}
			if coded, ok := strings.CutPrefix(raw, "base64:"); ok {
				b, err := base64.StdEncoding.DecodeString(coded)
				return io.NopCloser(bytes.NewReader(b)), err
			}
			return io.NopCloser(strings.NewReader(raw)), nil
		}})
	if err == nil {
		err = talk.play(t, d, a)
	} else if talk.Outcome != "" {
		_, e := channel.OutcomeOf(channel.Receipt{}, err, false)
		t.Logf("opening: %v", e)
	}
	talk.Error.check(t, err, talk.Now)
	if len(p.left) > 0 && !t.Failed() {
		t.Errorf("%d calls were not made, the next to %s", len(p.left), p.left[0].Want.URL)
	}
	for k, v := range talk.Renewed {
		if held.now[k] != v {
			t.Errorf("the setting %s is saved as %q, want %q", k, held.now[k], v)
		}
	}
}

func (talk Talk) play(t *testing.T, d channel.Driver, a channel.Adapter) error {
	ctx := context.Background()
	do := talk.Do
	switch {
	case do != "":
	case talk.Call != nil:
		do = "receive"
	default:
		do = "send"
	}
	switch do {
	case "send":
		r, err := a.Send(ctx, *talk.Message)
		if talk.Outcome != "" {
			if got, _ := channel.OutcomeOf(r, err, d.Repeatable > 0); got != talk.Outcome {
				t.Errorf("the outcome is %s, want %s (%v)", got, talk.Outcome, err)
			}
		}
		if talk.Receipt != nil && err == nil && !reflect.DeepEqual(r, *talk.Receipt) {
			t.Errorf("the receipt is\n%s, want\n%s", text(r), text(talk.Receipt))
		}
		return err
	case "check":
		h, err := a.(channel.Checker).Check(ctx)
		if talk.Health != nil && err == nil && !reflect.DeepEqual(h, *talk.Health) {
			t.Errorf("the health is\n%s, want\n%s", text(h), text(talk.Health))
		}
		return err
	case "inquire":
		events, err := a.(channel.Inquirer).Inquire(ctx, *talk.Message, talk.Ref)
		talk.sameEvents(t, events, err)
		return err
	case "verify":
		return a.(channel.Verifier).Verify(ctx, *talk.Message)
	case "receive":
		r := httptest.NewRequest(talk.Call.Method, talk.Call.URL, strings.NewReader(talk.Call.Body))
		for k, v := range talk.Call.Header {
			r.Header.Set(k, v)
		}
		answer, err := a.(channel.Receiver).Receive(r)
		talk.sameEvents(t, answer.Events, err)
		if talk.Answer != nil && err == nil && (*talk.Answer != Answer{answer.Status, answer.Body}) {
			t.Errorf("the answer is %d %q, want %d %q", answer.Status, answer.Body, talk.Answer.Status, talk.Answer.Body)
		}
		return err
	}
	t.Fatalf("nobody knows how to %s", do)
	return nil
}

func (talk Talk) sameEvents(t *testing.T, got []channel.Event, err error) {
	t.Helper()
	if err != nil {
		return
	}
	for i := range got {
		got[i].At = got[i].At.UTC()
	}
	for i := range talk.Events {
		talk.Events[i].At = talk.Events[i].At.UTC()
	}
	if len(got)+len(talk.Events) > 0 && !reflect.DeepEqual(got, talk.Events) {
		t.Errorf("the events are\n%s, want\n%s", text(got), text(talk.Events))
	}
}

func (f *Failure) check(t *testing.T, err error, now time.Time) {
	t.Helper()
	if f == nil {
		if err != nil {
			t.Errorf("it failed: %v", err)
		}
		return
	}
	if err == nil {
		t.Error("it did not fail")
		return
	}
	if is := map[string]error{"forged": channel.ErrForged, "garbled": channel.ErrGarbled, "not known": channel.ErrNotKnown}[f.Is]; is != nil {
		if !errors.Is(err, is) {
			t.Errorf("it failed with %v, want %v", err, is)
		}
		return
	}
	var e *channel.Error
	if !errors.As(err, &e) {
		t.Errorf("the failure is none of the six: %v", err)
		return
	}
	if e.Kind != f.Kind || f.Code != "" && e.Code != f.Code || f.About != "" && e.About != f.About {
		t.Errorf("it failed as %s about %q with code %q (%v), want %s about %q with %q", e.Kind, e.About, e.Code, err, f.Kind, f.About, f.Code)
	}
	if f.After != "" {
		if least, perr := time.ParseDuration(f.After); perr != nil || e.After < least {
			t.Errorf("it wants to wait %s, want at least %s", e.After, f.After)
		}
	}
	if !f.At.IsZero() && !e.At.Equal(f.At) {
		t.Errorf("it wants to wait until %s, want %s", e.At, f.At)
	}
}

func text(v any) string {
	out, _ := json.MarshalIndent(v, "", "\t")
	return string(out)
}
