package loudspeaker

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"loa/channel"
	"loa/speaker"
)

// TestRecordings: an address opens one recording for a while, and nothing else.
func TestRecordings(t *testing.T) {
	s := begin(t, nil)
	now := time.Now()
	m := s.message("x", "dev1").Media[0]
	get := func(at string, header ...string) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequest(http.MethodGet, at, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(header) == 2 {
			req.Header.Set(header[0], header[1])
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		raw, _ := io.ReadAll(res.Body)
		return res, string(raw)
	}
	good := s.address(m, "dev1", now)
	if res, body := get(good); res.StatusCode != 200 || body != string(s.voice) || res.Header.Get("Content-Type") != "audio/mpeg" {
		t.Errorf("%s, %d bytes", res.Status, len(body))
	}
	if res, body := get(good, "Range", "bytes=20000-"); res.StatusCode != 206 || body != string(s.voice[20000:]) {
		t.Errorf("the rest: %s, %d bytes", res.Status, len(body))
	}
	other := m
	other.ID = "secret file"
	other.SHA256 = strings.Repeat("0", 64)
	swapped := m
	swapped.SHA256 = strings.Repeat("1", 64)
	base, token, _ := strings.Cut(good, "/media/")
	text, sign, _ := strings.Cut(token, ".")
	for name, c := range map[string]struct {
		at   string
		code int
	}{
		"too old": {s.address(m, "dev1", now.Add(-2*time.Hour)), 403}, "forged": {base + "/media/" + text + "x." + sign, 403}, "unsigned": {base + "/media/" + text, 403}, "signed with nothing": {base + "/media/" + text + ".", 403},
		"no recording": {s.address(other, "dev1", now), 404}, "not what was approved": {s.address(swapped, "dev1", now), 404}, "the list": {base + "/media/", 404}, "the root": {base + "/", 404},
	} {
		if res, _ := get(c.at); res.StatusCode != c.code {
			t.Errorf("%s: %s", name, res.Status)
		}
	}
}

// TestOverHTTP: a device that speaks no MQTT asks for its schedule and tells what became of it, signed with its own secret.
func TestOverHTTP(t *testing.T) {
	s := begin(t, nil)
	s.fleet.mu.Lock()
	s.fleet.schedule["dev1"] = []channel.Message{s.message("0123456789abcdef0123456789abcdef", "dev1")}
	s.fleet.mu.Unlock()
	base, _, _ := strings.Cut(s.address(channel.Media{}, "x", time.Now()), "/media/")
	call := func(method, path, secret, body string, at time.Time, tag string) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequest(method, base+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		sec := strconv.FormatInt(at.Unix(), 10)
		req.Header.Set("X-Loa-Time", sec)
		req.Header.Set("X-Loa-Sign", speaker.Sign(secret, method, path, sec, []byte(body)))
		req.Header.Set("If-None-Match", tag)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		raw, _ := io.ReadAll(res.Body)
		return res, string(raw)
	}
	secret, now := speaker.Secret("dev1", "password of dev1"), time.Now()
	res, body := call("GET", "/speaker/v1/next?device=dev1", secret, "", now, "")
	var got struct {
		Cmd     string
		Payload json.RawMessage
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil || res.StatusCode != 200 || got.Cmd != "sync" {
		t.Fatalf("%s %s %v", res.Status, body, err)
	}
	y, err := speaker.ReadSync(got.Payload)
	if err != nil || len(y.Plays) != 1 {
		t.Fatalf("%+v, %v", y, err)
	}
	done := make(chan string, 1)
	go func() {
		_, body := call("GET", "/speaker/v1/next?device=dev1", secret, "", now, res.Header.Get("ETag"))
		done <- body
	}()
	time.Sleep(50 * time.Millisecond)
	s.fleet.mu.Lock()
	s.fleet.schedule["dev1"] = nil
	s.fleet.mu.Unlock()
	s.broker.refresh("dev1")
	select {
	case body := <-done:
		if !strings.Contains(body, `"plays":[]`) {
			t.Errorf("the change is %s", body)
		}
	case <-time.After(10 * time.Second):
		t.Error("a change is not told")
	}
	events := `[{"event":"ack","payload":{"id":"0123456789abcdef0123456789abcdef","state":"played","at":"2026-11-24T05:30:22+07:00","err":null,"played_ms":1}},{"event":"ack","payload":{"id":"?"}}]`
	if res, body := call("POST", "/speaker/v1/events?device=dev1", secret, events, now, ""); res.StatusCode != 204 {
		t.Errorf("%s %s", res.Status, body)
	}
	s.ears.until(t, "the word over HTTP", func(e channel.Event) bool { return e.Kind == channel.EventPlayed && e.From == "dev1" })
	for name, c := range map[string]struct {
		path, secret, body string
		at                 time.Time
		code               int
	}{
		"another's secret": {"/speaker/v1/events?device=dev1", speaker.Secret("dev2", "password of dev2"), events, now, 403}, "the password itself": {"/speaker/v1/events?device=dev1", "password of dev1", events, now, 403},
		"nobody": {"/speaker/v1/events", secret, events, now, 403}, "an old call": {"/speaker/v1/events?device=dev1", secret, events, now.Add(-6 * time.Minute), 403}, "a call of tomorrow": {"/speaker/v1/events?device=dev1", secret, events, now.Add(time.Hour), 403},
		"garbled": {"/speaker/v1/events?device=dev1", secret, "{", now, 400}, "one without a secret": {"/speaker/v1/events?device=new", "", events, now, 403},
	} {
		if res, _ := call("POST", c.path, c.secret, c.body, c.at, ""); res.StatusCode != c.code {
			t.Errorf("%s: %s", name, res.Status)
		}
	}
}
