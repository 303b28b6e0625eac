package loudspeaker

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"loa/channel"
	"loa/channel/channeltest"
)

func TestAxis(t *testing.T) { channeltest.RunFiles(t, AxisDriver, "testdata/axis_*.json") }

// TestDigest holds the proof of a password to the vectors: that of a speaker, and those of RFC 7616, 3.9.1.
func TestDigest(t *testing.T) {
	if got := (challenge{}).hash("root:AXIS_ACCC8E000001:pass"); got != "3d3035528e93e494e74e5c6e4e013056" {
		t.Errorf("HA1 is %s", got)
	}
	own, err := hex.DecodeString("00000000000000000000000000000000")
	if err != nil {
		t.Fatal(err)
	}
	for algorithm, want := range map[string]string{"MD5": "Digest", "SHA-256": "Digest"} {
		c, ok := readChallenge(`Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=` + algorithm + `, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`)
		if !ok || c.realm != "http-auth@example.org" || !c.qop || c.opaque == "" {
			t.Fatalf("%+v", c)
		}
		// The RFC's own nonce is text, ours is hexadecimal: the response is worked out from its parts.
		got, err := c.authorization("Mufasa", "Circle of Life", "GET", "/dir/index.html", bytes.NewReader(own))
		if err != nil || !strings.HasPrefix(got, want) || !strings.Contains(got, "nc=00000001") {
			t.Errorf("%s, %v", got, err)
		}
		ha1, ha2 := c.hash("Mufasa:http-auth@example.org:Circle of Life"), c.hash("GET:/dir/index.html")
		if algorithm == "MD5" && (ha1 != "3d78807defe7de2157e2b0b6573a855f" || ha2 != "39aff3a2bab6126f332b942af96d3366") {
			t.Errorf("%s %s", ha1, ha2)
		}
		rfc := map[string]string{"MD5": "8ca523f5e9506fed4657c9700eebdbec", "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"}[algorithm]
		if c.hash(ha1+":"+c.nonce+":00000001:f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ:auth:"+ha2) != rfc {
			t.Errorf("%s: not the RFC's response", algorithm)
		}
		if again, err := c.authorization("Mufasa", "Circle of Life", "GET", "/dir/index.html", bytes.NewReader(own)); err != nil || !strings.Contains(again, "nc=00000002") {
			t.Errorf("%s, %v", again, err)
		}
	}
	for _, bad := range []string{"", "Basic realm=x", `Digest realm="x"`, `Digest realm="x", nonce="y", algorithm=MD5-sess`} {
		if _, ok := readChallenge(bad); ok {
			t.Errorf("%s is answered", bad)
		}
	}
	if got := splitQuoted(`a="x,y", b=c`); len(got) != 2 {
		t.Errorf("%q", got)
	}
}

// speakerBox is a speaker with two recordings that says what a test lets it.
type speakerBox struct{ played []string }

func (b *speakerBox) RoundTrip(r *http.Request) (*http.Response, error) {
	q, body := r.URL.Query(), "OK\n"
	switch q.Get("action") {
	case "list":
		body = "root.MediaClip.M0.Name=loa-one-0\nroot.MediaClip.M1.Name=loa-two-0\n"
	case "play":
		b.played, body = append(b.played, q.Get("clip")), "OK\nplaying="+q.Get("clip")
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// TestWhatAnEmergencyCutsOffWasNotPlayed: the message in the middle of being played is no proof of itself any more; one that was over is.
func TestWhatAnEmergencyCutsOffWasNotPlayed(t *testing.T) {
	for name, x := range map[string]struct {
		after time.Duration
		want  string
	}{"in the middle": {10 * time.Second, "preempted"}, "after its end": {25 * time.Second, ""}} {
		now, box := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC), &speakerBox{}
		a, err := AxisDriver.Open(channel.Settings{"address": "http://192.0.2.10", "user": "root", "password": "pass", "line": "internet"}, channel.Tools{Now: func() time.Time { return now }, HTTP: &http.Client{Transport: box}})
		if err != nil {
			t.Fatal(err)
		}
		send := func(id, priority, resume string) (channel.Receipt, error) {
			return a.Send(t.Context(), channel.Message{ID: id, Network: "speaker", Priority: priority, Media: []channel.Media{{ID: id, MIME: "audio/mpeg", Millis: 21000}}, Resume: resume})
		}
		first, err := send("one", "normal", "play 0 0")
		if err != nil || first.Resume != "remove 0 0" {
			t.Fatalf("%+v, %v", first, err)
		}
		now = now.Add(x.after)
		second, err := send("two", "emergency", "play 0 1")
		if err != nil || second.Resume != "remove 0 1" || strings.Join(box.played, " ") != "0 1" {
			t.Fatalf("%+v, %v, played %v", second, err, box.played)
		}
		now = now.Add(30 * time.Second)
		got, err := send("one", "normal", first.Resume)
		var e *channel.Error
		if code := ""; errors.As(err, &e) {
			if code = e.Code; code != x.want || e.Kind != channel.Rejected {
				t.Errorf("%s: %v", name, err)
			}
		} else if x.want != "" || !got.Delivered {
			t.Errorf("%s: it counts as %+v, %v", name, got, err)
		}
		if got, err := send("two", "emergency", second.Resume); err != nil || !got.Delivered {
			t.Errorf("%s: the emergency counts as %+v, %v", name, got, err)
		}
	}
}

func TestAxisSettings(t *testing.T) {
	for name, s := range map[string]channel.Settings{"no address": {"user": "x"}, "a file": {"address": "file:///x", "user": "x"}, "a password in the address": {"address": "http://a:b@x", "user": "x"}, "a user that breaks out": {"address": "http://x", "user": "a\"b"}, "no room": {"address": "http://x", "user": "x", "max_clips": "0"}} {
		if _, err := AxisDriver.Open(s, channel.Tools{Now: time.Now}); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func FuzzAxisAnswers(f *testing.F) {
	f.Add("root.MediaClip.M0.Name=loa-x-0\nroot.MediaClip.MaxGroups=10", `Digest realm="x", nonce="y", qop="auth"`, "play 0 3")
	f.Fuzz(func(t *testing.T, list, header, resume string) {
		clips, most := readClips(list)
		for _, n := range clips {
			if n < 0 || most < 1 {
				t.Fatal("a number below zero")
			}
		}
		if c, ok := readChallenge(header); ok && c.nonce == "" {
			t.Fatal("a challenge without a nonce")
		}
		if s, err := readStep(resume); err == nil && s.i < 0 {
			t.Fatal("a step before the first")
		}
	})
}
