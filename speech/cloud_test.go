package speech

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// talk is a recorded conversation with a voice outside the house.
type talk struct {
	About    string
	Engine   string
	Most     int
	Format   string
	Profile  string
	Text     string
	Voice    string
	Rate     int
	Secret   bool // not declared public
	NoKey    bool
	Decode   bool
	Exchange []struct {
		Method, URL string
		Header      map[string]string
		Body        string
		Lost        bool
		Status      int
		Text        string // "wav:300" is a sound of so many ms; "base64wav:300" the same as JSON
	}
	Waits int
	Kind  Kind
	Code  string
	Ms    int
}

func (k *talk) RoundTrip(r *http.Request) (*http.Response, error) {
	if len(k.Exchange) == 0 {
		return nil, errors.New("a call too many: " + r.URL.String())
	}
	x := k.Exchange[0]
	k.Exchange = k.Exchange[1:]
	body := []byte{}
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	if r.Method != x.Method || r.URL.String() != x.URL || string(body) != x.Body {
		return nil, errors.New("the call is " + r.Method + " " + r.URL.String() + " " + string(body) + ", want " + x.Method + " " + x.URL + " " + x.Body)
	}
	for name, want := range x.Header {
		if got := r.Header.Get(name); got != want {
			return nil, errors.New("the header " + name + " is " + got + ", want " + want)
		}
	}
	if x.Lost {
		return nil, errors.New("connection reset")
	}
	text := []byte(x.Text)
	if ms, ok := strings.CutPrefix(x.Text, "wav:"); ok {
		text = tone(atoi(ms)).Bytes()
	}
	if ms, ok := strings.CutPrefix(x.Text, "base64wav:"); ok {
		text = []byte(`{"audioContent":"` + base64.StdEncoding.EncodeToString(tone(atoi(ms)).Bytes()) + `"}`)
	}
	return &http.Response{StatusCode: max(x.Status, 0) + map[bool]int{true: 200}[x.Status == 0], Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(text)), Request: r}, nil
}

func TestCloud(t *testing.T) {
	names, err := filepath.Glob("testdata/cloud/*.json")
	if err != nil || len(names) < 20 {
		t.Fatalf("only %d conversations: %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".json"), func(t *testing.T) {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var k talk
			in := json.NewDecoder(bytes.NewReader(raw))
			in.DisallowUnknownFields()
			if err := in.Decode(&k); err != nil || k.About == "" {
				t.Fatalf("%s: %v", name, err)
			}
			k.play(t)
		})
	}
}

func (k *talk) play(t *testing.T) {
	waits := 0
	c := Cloud{HTTP: &http.Client{Transport: k}, Key: "KEY", Most: k.Most, Wait: func(_ context.Context, d time.Duration) error {
		if waits++; d != time.Second {
			t.Errorf("it waits %s", d)
		}
		return nil
	}}
	if k.NoKey {
		c.Key = ""
	}
	if k.Decode {
		c.Decode = func(_ context.Context, sound []byte) ([]byte, error) {
			if string(sound) != "ID3 sound" {
				t.Errorf("to decode came %q", sound)
			}
			return tone(400).Bytes(), nil
		}
	}
	e := map[string]Engine{"fpt": &FPT{Cloud: c, Format: k.Format}, "zalo": &Zalo{c}, "google": &Google{c, k.Profile}}[k.Engine]
	ctx := Public(t.Context())
	if k.Secret {
		ctx = t.Context()
	}
	wav, err := e.Synthesize(ctx, k.Text, k.Voice, k.Rate)
	if e.Name() != k.Engine || e.Version(ctx) == "" {
		t.Errorf("%s calls itself %s", k.Engine, e.Name())
	}
	if len(k.Exchange) > 0 {
		t.Errorf("%d calls were not made (%v)", len(k.Exchange), err)
	}
	if waits != k.Waits {
		t.Errorf("it waited %d times, want %d", waits, k.Waits)
	}
	if k.Kind == "" {
		w, werr := ReadWAV(wav)
		if err != nil || werr != nil || int(w.Duration().Milliseconds()) != k.Ms {
			t.Errorf("it lasts %d ms, want %d: %v, %v", w.Duration().Milliseconds(), k.Ms, err, werr)
		}
		return
	}
	var f *Error
	if !errors.As(err, &f) || f.Kind != k.Kind || f.Code != k.Code {
		t.Fatalf("it fails with %v, want %s %s", err, k.Kind, k.Code)
	}
	if strings.Contains(err.Error(), "KEY") || strings.Contains(err.Error(), "https://") {
		t.Errorf("the error tells the key: %v", err)
	}
}
