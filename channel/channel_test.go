package channel_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"loa/channel"
)

func TestOutcomeOf(t *testing.T) {
	fail := func(k channel.Kind) error {
		return fmt.Errorf("send: %w", channel.Fail(k, channel.Address, "7", "words"))
	}
	for name, c := range map[string]struct {
		receipt    channel.Receipt
		err        error
		repeatable bool
		want       channel.Outcome
	}{
		"taken":                   {channel.Receipt{Ref: "1"}, nil, false, channel.Sent},
		"taken and there":         {channel.Receipt{Ref: "1", Delivered: true}, nil, false, channel.Arrived},
		"one step of many":        {channel.Receipt{Resume: "poll:1", Delivered: true}, nil, false, channel.Going},
		"the account needs help":  {err: fail(channel.Misconfigured), want: channel.Halted},
		"never left":              {err: fail(channel.Unreachable), want: channel.Retry},
		"too fast":                {err: fail(channel.Throttled), want: channel.Retry},
		"no such number":          {err: fail(channel.Rejected), want: channel.Failed},
		"wants none of it":        {err: fail(channel.OptedOut), want: channel.Refused},
		"unsure is not retry":     {err: fail(channel.Unsure), want: channel.Waiting},
		"unsure where it is safe": {err: fail(channel.Unsure), repeatable: true, want: channel.Retry},
		"anything else is unsure": {err: errors.New("what"), want: channel.Waiting},
	} {
		got, e := channel.OutcomeOf(c.receipt, c.err, c.repeatable)
		if got != c.want || (c.err == nil) != (e == nil) {
			t.Errorf("%s is %s (%v), want %s", name, got, e, c.want)
		}
	}
}

func TestPublic(t *testing.T) {
	for _, at := range []string{"127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.1.1", "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
		"::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "100::1"} {
		if channel.Public(netip.MustParseAddr(at)) {
			t.Errorf("%s is taken for a public address", at)
		}
	}
	for _, at := range []string{"1.1.1.1", "118.69.1.1", "2606:4700::1111", "::ffff:1.1.1.1"} {
		if !channel.Public(netip.MustParseAddr(at)) {
			t.Errorf("%s is taken for a private address", at)
		}
	}
}

// TestClientReachesNothingInside: not by an address, not by a name that leads there, not by a redirect.
func TestClientReachesNothingInside(t *testing.T) {
	asked := 0
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	defer inside.Close()
	port := inside.URL[len("http://127.0.0.1"):]
	for _, at := range []string{inside.URL, "http://localhost" + port, "http://[::ffff:127.0.0.1]" + port, "http://0.0.0.0" + port} {
		req, err := channel.JSON(context.Background(), "POST", at, map[string]string{"key": "secret"})
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = channel.Do(channel.Client(false), req)
		var e *channel.Error
		if !errors.As(err, &e) || e.Kind != channel.Unreachable {
			t.Errorf("%s: %v", at, err)
		}
	}
	if asked != 0 {
		t.Fatalf("%d calls came through", asked)
	}
	req, _ := channel.JSON(context.Background(), "POST", inside.URL, nil)
	res, _, err := channel.Do(channel.Client(true), req)
	if err != nil || res.StatusCode != http.StatusFound || asked != 1 {
		t.Errorf("a redirect is followed: %v, %d calls", err, asked)
	}
	var e *channel.Error
	if err := channel.StatusError(res, time.Now()); !errors.As(err, &e) || e.Kind != channel.Misconfigured {
		t.Errorf("a redirect is %v", err)
	}
}

// TestLostTellsWhatNeverLeftFromWhatMayHave by servers that are not there, hang up before answering, and break off in the middle.
func TestLostTellsWhatNeverLeftFromWhatMayHave(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	hang := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, _, _ := w.(http.Hijacker).Hijack()
		c.Close()
	}))
	defer hang.Close()
	half := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		w.Write([]byte("half"))
	}))
	defer half.Close()
	for at, want := range map[string]channel.Kind{gone.URL: channel.Unreachable, hang.URL: channel.Unsure, half.URL: channel.Unsure, "http://no.such.name.invalid/": channel.Unreachable} {
		req, _ := channel.JSON(context.Background(), "POST", at, nil)
		_, _, err := channel.Do(channel.Client(true), req)
		var e *channel.Error
		if !errors.As(err, &e) || e.Kind != want {
			t.Errorf("%s: %v, want %s", at, err, want)
		}
	}
}

func TestStatusError(t *testing.T) {
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	for status, want := range map[int]channel.Kind{200: "", 202: "", 301: channel.Misconfigured, 400: channel.Rejected, 401: channel.Misconfigured, 403: channel.Misconfigured, 404: channel.Rejected, 429: channel.Throttled, 500: channel.Unsure,
		502: channel.Unsure, 503: channel.Throttled, 504: channel.Unsure} {
		err := channel.StatusError(&http.Response{StatusCode: status, Header: http.Header{"Retry-After": {"90"}}}, now)
		var e *channel.Error
		if errors.As(err, &e); (e == nil) != (want == "") || e != nil && (e.Kind != want || want == channel.Throttled && e.After != 90*time.Second) {
			t.Errorf("%d is %v, want %s", status, err, want)
		}
	}
	for header, want := range map[string]time.Duration{"": 0, "-5": 0, "x": 0, "90": 90 * time.Second, "9999999": 24 * time.Hour, "Tue, 24 Nov 2026 08:01:00 GMT": time.Minute, "Tue, 24 Nov 2026 07:00:00 GMT": 0} {
		if got := channel.RetryAfter(&http.Response{Header: http.Header{"Retry-After": {header}}}, now); got != want {
			t.Errorf("Retry-After %q is %s, want %s", header, got, want)
		}
	}
}
