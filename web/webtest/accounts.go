package webtest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"loa"
	"loa/channel"
	"loa/channel/email"
	"loa/channel/facebook"
	"loa/channel/sms"
	"loa/channel/zalo"
)

// Accounts are the accounts of a site with networks, whose providers are played by Answer. What is kept of them is not sealed: a test
// reads it.
type Accounts struct {
	site *Site

	Elsewhere bool // another process keeps the connections

	mu     sync.Mutex
	answer func(*http.Request) (status int, body string)
	calls  []string
	woken  int
	kinds  []channel.Driver
}

func newAccounts(s *Site) *Accounts {
	return &Accounts{site: s, kinds: []channel.Driver{zalo.Driver, facebook.Driver, sms.ESMS, email.Driver}}
}

// Play says how the providers answer from now on.
func (a *Accounts) Play(answer func(*http.Request) (status int, body string)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer, a.calls = answer, nil
}

// Calls are the methods and paths the providers were asked since Play.
func (a *Accounts) Calls() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.calls...)
}

// RoundTrip plays the provider; one that nobody plays says nothing wrong.
func (a *Accounts) RoundTrip(r *http.Request) (*http.Response, error) {
	a.mu.Lock()
	answer := a.answer
	a.calls = append(a.calls, r.Method+" "+r.URL.Path)
	a.mu.Unlock()
	status, body := 200, `{"error":0,"data":[]}`
	if answer != nil {
		status, body = answer(r)
	}
	if status == 0 {
		return nil, errors.New("nobody there")
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// Drivers are some of those the program ships.
func (a *Accounts) Drivers() []channel.Driver { return a.kinds }

// Settings are the answers as they are kept.
func (a *Accounts) Settings(c loa.Channel) (channel.Settings, error) {
	s := channel.Settings{}
	return s, json.Unmarshal(c.Settings, &s)
}

// Seal keeps answers in the open.
func (a *Accounts) Seal(_ loa.OfficeID, _ loa.ChannelID, s channel.Settings) ([]byte, error) {
	return json.Marshal(s)
}

// Open opens an account as it is kept.
func (a *Accounts) Open(ctx context.Context, id loa.ChannelID) (channel.Driver, channel.Adapter, error) {
	c, err := a.site.DB.OpenChannel(ctx, id)
	if err != nil {
		return channel.Driver{}, nil, err
	}
	s, err := a.Settings(c)
	if err != nil {
		return channel.Driver{}, nil, err
	}
	for _, d := range a.kinds {
		if d.Kind == c.Kind {
			adapter, err := d.Open(s, a.tools(c))
			return d, adapter, err
		}
	}
	return channel.Driver{}, nil, loa.ErrNotFound
}

// OpenHeld opens an account as it is kept, unless another process is said to keep its connection.
func (a *Accounts) OpenHeld(ctx context.Context, id loa.ChannelID) (channel.Driver, channel.Adapter, error) {
	d, adapter, err := a.Open(ctx, id)
	if a.Elsewhere {
		adapter = nil
	}
	return d, adapter, err
}

// Try opens answers that are not kept.
func (a *Accounts) Try(_ context.Context, c loa.Channel, s channel.Settings) (channel.Adapter, error) {
	for _, d := range a.kinds {
		if d.Kind == c.Kind {
			return d.Open(s, a.tools(c))
		}
	}
	return nil, loa.ErrNotFound
}

func (a *Accounts) tools(c loa.Channel) channel.Tools {
	return channel.Tools{HTTP: &http.Client{Transport: a}, Now: a.site.Now, Hook: a.Hook(c.ID), Renew: func(ctx context.Context, fn func(channel.Settings) (channel.Settings, error)) (out channel.Settings, err error) {
		err = a.site.DB.KeepSettings(ctx, c.ID, a.site.Now, func(kept []byte) ([]byte, error) {
			s := channel.Settings{}
			if err := json.Unmarshal(kept, &s); err != nil {
				return nil, err
			}
			if out, err = fn(s); err != nil {
				return nil, err
			}
			return json.Marshal(out)
		})
		return out, err
	}}
}

// Receive knows no provider.
func (a *Accounts) Receive(w http.ResponseWriter, r *http.Request, _ loa.ChannelID) {
	http.NotFound(w, r)
}

// Hook is where a provider would call back.
func (a *Accounts) Hook(id loa.ChannelID) string { return "https://loa.example/hook/" + string(id) }

// Wake counts that somebody wants something sent.
func (a *Accounts) Wake() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.woken++
}

// Woken is how often the sending loop was woken.
func (a *Accounts) Woken() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.woken
}

// addAccount gives an office an account with Zalo.
func (s *Site) addAccount(t testing.TB, o *Office) {
	t.Helper()
	areas, err := s.DB.OfficeAreas(context.Background(), o.ID, Today)
	if err != nil {
		t.Fatal(err)
	}
	in := loa.Scope{Office: o.ID}
	for _, a := range areas {
		in.Ranges = append(in.Ranges, loa.Under(a.Path))
	}
	o.Channel = loa.ChannelID(loa.NewID())
	c := loa.Channel{ID: o.Channel, Office: o.ID, Area: o.Anchor, Kind: "zalo", Name: "Zalo OA", State: loa.ChannelOn, Settings: []byte(`{"app_id":"1234567890123456789","app_secret":"app-secret","oa_secret":"hook-secret"}`)}
	if err := s.DB.AddChannel(context.Background(), in, loa.By{Officer: o.Officers["administrator"], At: s.Now()}, c); err != nil {
		t.Fatal(err)
	}
}
