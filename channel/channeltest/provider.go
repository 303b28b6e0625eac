package channeltest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"

	"loa/channel"
)

// settings stand for the store: one caller at a time renews them.
type settings struct {
	mu  sync.Mutex
	now channel.Settings
}

func (s *settings) copy() channel.Settings {
	out := channel.Settings{}
	for k, v := range s.now {
		out[k] = v
	}
	return out
}

func (s *settings) renew(_ context.Context, fn func(channel.Settings) (channel.Settings, error)) (channel.Settings, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next, err := fn(s.copy())
	if err != nil {
		return nil, err
	}
	s.now = next
	return s.copy(), nil
}

// provider answers as recorded, in the order recorded.
type provider struct {
	t    *testing.T
	mu   sync.Mutex
	left []Exchange
}

// RoundTrip answers the next request.
func (p *provider) RoundTrip(r *http.Request) (*http.Response, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	if len(p.left) == 0 {
		p.t.Errorf("a call too many: %s %s %s", r.Method, r.URL, body)
		return nil, errors.New("not recorded")
	}
	x := p.left[0]
	p.left = p.left[1:]
	x.Want.check(p.t, r, body)
	switch x.Lost {
	case "before":
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	case "after":
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.ErrDeadlineExceeded}
	}
	res := &http.Response{StatusCode: max(x.Gets.Status, 0), Header: http.Header{}, Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	if res.StatusCode == 0 {
		res.StatusCode = http.StatusOK
	}
	answer := []byte(x.Gets.Text)
	if x.Gets.JSON != nil {
		answer = x.Gets.JSON
		res.Header.Set("Content-Type", "application/json")
	}
	for k, v := range x.Gets.Header {
		res.Header.Set(k, v)
	}
	res.Body = io.NopCloser(bytes.NewReader(answer))
	if x.Lost == "broken" {
		res.Body = io.NopCloser(io.MultiReader(bytes.NewReader(answer[:len(answer)/2]), broken{}))
	}
	return res, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func (w Want) check(t *testing.T, r *http.Request, body []byte) {
	at := *r.URL
	at.RawQuery = ""
	want, query, _ := strings.Cut(w.URL, "?")
	if r.Method != w.Method || at.String() != want {
		t.Errorf("the call is %s %s, want %s %s", r.Method, at.String(), w.Method, want)
	}
	if query != "" && r.URL.RawQuery != query {
		t.Errorf("the query is %s, want %s", r.URL.RawQuery, query)
	}
	same(t, "query", w.Query, r.URL.Query())
	for k, v := range w.Header {
		if got := r.Header.Get(k); got != v && !(v == "*" && got != "") {
			t.Errorf("the header %s is %q, want %q", k, got, v)
		}
	}
	if w.JSON != nil {
		var got any
		if err := json.Unmarshal(body, &got); err != nil {
			t.Errorf("the body is no JSON: %s", body)
		} else if !alike(w.JSON, got) {
			t.Errorf("the body is\n%s, want\n%s", text(got), text(w.JSON))
		}
	}
	if w.Form != nil {
		same(t, "form", w.Form, formOf(t, r, body))
	}
	if w.Text != "" && string(body) != w.Text {
		t.Errorf("the body is %q, want %q", body, w.Text)
	}
	for _, part := range w.Holds {
		if !bytes.Contains(body, []byte(part)) {
			t.Errorf("the body %q does not hold %q", body, part)
		}
	}
}

func formOf(t *testing.T, r *http.Request, body []byte) url.Values {
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		v, err := url.ParseQuery(string(body))
		if err != nil {
			t.Errorf("the body is no form: %s", body)
		}
		return v
	}
	out := url.Values{}
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil {
			return out
		}
		raw, _ := io.ReadAll(part)
		out.Add(part.FormName(), string(raw))
	}
}

func same(t *testing.T, what string, want map[string]string, got url.Values) {
	if want == nil {
		return
	}
	for k, v := range want {
		if len(got[k]) == 0 || v != "*" && got.Get(k) != v {
			t.Errorf("%s %s is %q, want %q", what, k, got[k], v)
		}
	}
	for k := range got {
		if _, ok := want[k]; !ok {
			t.Errorf("%s %s=%q is too much", what, k, got[k])
		}
	}
}

// alike says whether two bodies mean the same; "*" stands for anything that is there.
func alike(want, got any) bool {
	switch w := want.(type) {
	case string:
		if w == "*" {
			return got != nil
		}
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok || len(g) != len(w) {
			return false
		}
		for k, v := range w {
			if x, there := g[k]; !there || !alike(v, x) {
				return false
			}
		}
		return true
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return false
		}
		for i := range w {
			if !alike(w[i], g[i]) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(want, got)
}
