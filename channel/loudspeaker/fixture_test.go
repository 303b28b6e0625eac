package loudspeaker

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"loa/channel"
	"loa/speaker"
)

// fleet are the devices of a test: their passwords, what they have to play, and whether anybody asks.
type fleet struct {
	mu       sync.Mutex
	devices  map[string]Device
	schedule map[string][]channel.Message
	changed  []string
	seen     []string
	broken   error
}

func (f *fleet) Device(_ context.Context, account, name string) (Device, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, ok := f.devices[name]
	return d, ok && account == "acc", f.broken
}

func (f *fleet) Schedule(_ context.Context, _, name string, from, until time.Time) ([]channel.Message, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.schedule[name]), nil
}

func (f *fleet) Changed(context.Context, string, time.Time) ([]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := f.changed
	f.changed = nil
	return out, nil
}

func (f *fleet) Seen(_ context.Context, _ string, names []string, _ time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = names
	return nil
}

// ears keep what the broker tells the engine.
type ears struct {
	mu     sync.Mutex
	events []channel.Event
	news   chan struct{}
	broken error
}

func (e *ears) hear(_ context.Context, list []channel.Event) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.broken != nil {
		return e.broken
	}
	e.events = append(e.events, list...)
	select {
	case e.news <- struct{}{}:
	default:
	}
	return nil
}

// until waits for an event that is wanted.
func (e *ears) until(t testing.TB, what string, wanted func(channel.Event) bool) channel.Event {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		e.mu.Lock()
		i := slices.IndexFunc(e.events, wanted)
		var found channel.Event
		if i >= 0 {
			found = e.events[i]
		}
		all := len(e.events)
		e.mu.Unlock()
		if i >= 0 {
			return found
		}
		select {
		case <-e.news:
		case <-deadline:
			t.Fatalf("nobody tells of %s; %d events", what, all)
		}
	}
}

// station is a running broker with what is around it.
type station struct {
	*account
	fleet *fleet
	ears  *ears
	voice []byte
	end   func()
}

func begin(t testing.TB, settings channel.Settings) *station {
	t.Helper()
	s := &station{fleet: &fleet{devices: map[string]Device{}, schedule: map[string][]channel.Message{}}, ears: &ears{news: make(chan struct{}, 1)}, voice: []byte(strings.Repeat("a voice ", 3000))}
	for _, name := range []string{"dev1", "dev2"} {
		s.fleet.devices[name] = Device{Secret: speaker.Secret(name, "password of "+name), Group: "xa-1", Volume: 70}
	}
	s.fleet.devices["far"] = Device{Secret: speaker.Secret("far", "password of far"), Group: "xa-2"}
	s.fleet.devices["new"] = Device{}
	all := channel.Settings{"listen": "127.0.0.1:0", "media_listen": "127.0.0.1:0", "gap_seconds": "0", "chime": "no"}
	for k, v := range settings {
		all[k] = v
	}
	tools := channel.Tools{Account: "acc", Now: time.Now, Media: func(_ context.Context, id string) (io.ReadCloser, error) {
		if id != "clip" {
			return nil, errors.New("no such recording")
		}
		return io.NopCloser(bytes.NewReader(s.voice)), nil
	}}
	adapter, err := Driver(s.fleet).Open(all, tools)
	if err != nil {
		t.Fatal(err)
	}
	s.account = adapter.(*account)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Run(ctx, s.ears.hear) }()
	s.end = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(s.end)
	for range 5000 {
		s.mu.Lock()
		running := s.broker != nil
		s.mu.Unlock()
		if running {
			return s
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("the broker does not begin")
	return nil
}

func (s *station) at() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.broker.mqttAt.String()
}

func (s *station) message(id, to string) channel.Message {
	sum := sha256.Sum256(s.voice)
	return channel.Message{ID: id, Network: "speaker", To: to, Title: "Mời họp bản", Priority: "normal", Media: []channel.Media{{ID: "clip", MIME: "audio/mpeg", SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(s.voice)), Millis: 20}}}
}

// client is a plain MQTT client, as a stranger would have one.
func (s *station) client(t testing.TB, user, id, password string, change func(*paho.ClientOptions)) (paho.Client, chan paho.Message, error) {
	t.Helper()
	got := make(chan paho.Message, 100)
	o := paho.NewClientOptions().AddBroker("tcp://" + s.at()).SetClientID(id).SetUsername(user).SetPassword(password).SetAutoReconnect(false).SetConnectTimeout(5 * time.Second).
		SetDefaultPublishHandler(func(_ paho.Client, m paho.Message) { got <- m })
	if change != nil {
		change(o)
	}
	c := paho.NewClient(o)
	token := c.Connect()
	token.Wait()
	t.Cleanup(func() { c.Disconnect(0) })
	return c, got, token.Error()
}

func (s *station) signedIn(t testing.TB, name string) (paho.Client, chan paho.Message) {
	t.Helper()
	c, got, err := s.client(t, name, name, "password of "+name, nil)
	if err != nil {
		t.Fatalf("%s signs in: %v", name, err)
	}
	return c, got
}
