package loudspeaker

import (
	"context"
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"loa/channel"
	"loa/speaker"
)

func TestPlayFromEndToEnd(t *testing.T) {
	s := begin(t, nil)
	band := &player{}
	d, err := speaker.New(speaker.Options{Device: "dev1", Password: "password of dev1", Broker: "tcp://" + s.at(), Group: "xa-1", Dir: t.TempDir(), Player: band, Now: time.Now, Pause: 20 * time.Millisecond, Firmware: "1.0"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = d.Run(ctx) }()
	s.ears.until(t, "the device that came", func(e channel.Event) bool {
		return e.Kind == channel.EventDevice && e.From == "dev1" && e.Text == "online" && strings.Contains(e.Report, `"fw":"1.0"`)
	})
	r, err := s.Send(ctx, s.message("0123456789abcdef0123456789abcdef", "dev1"))
	if err != nil || r.Ref == "" || r.Delivered {
		t.Fatalf("%+v, %v", r, err)
	}
	var keys []string
	for _, state := range []string{"accepted", "downloaded", "playing", "played"} {
		e := s.ears.until(t, state, func(e channel.Event) bool { return e.Ref == r.Ref && e.Text == state })
		keys = append(keys, e.Key)
		if want := map[string]channel.EventKind{"accepted": channel.EventTaken, "downloaded": channel.EventTaken, "playing": channel.EventTaken, "played": channel.EventPlayed}[state]; e.Kind != want || e.Message != r.Ref || e.From != "dev1" || e.At.IsZero() {
			t.Errorf("%s: %+v", state, e)
		}
	}
	if slices.Sort(keys); len(slices.Compact(keys)) != 4 {
		t.Errorf("keys %v", keys)
	}
	if band.count() != 1 {
		t.Errorf("heard %d times", band.count())
	}
	if _, err := s.Send(ctx, s.message("0123456789abcdef0123456789abcdef", "dev1")); err != nil { // the dispatcher tries again
		t.Fatal(err)
	}
	cancel()
	<-done
	s.ears.until(t, "the device that went", func(e channel.Event) bool {
		return e.Kind == channel.EventDevice && e.From == "dev1" && e.Text == "offline"
	})
	if band.count() != 1 {
		t.Errorf("heard %d times", band.count())
	}
}

// player hears in no time.
type player struct {
	mu sync.Mutex
	n  int
}

func (p *player) Play(context.Context, string, int, time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
	return nil
}

func (p *player) count() int { p.mu.Lock(); defer p.mu.Unlock(); return p.n }

// TestLastWill: a device that is cut off is told of by the broker; one that came back on another line is not taken for gone.
func TestLastWill(t *testing.T) {
	s := begin(t, nil)
	will := func(o *paho.ClientOptions) { o.SetBinaryWill("loa/v1/dev1/evt/state", speaker.LastWill, 1, true) }
	conns := make(chan net.Conn, 2)
	dial := func(o *paho.ClientOptions) {
		will(o)
		o.SetCustomOpenConnectionFn(func(*url.URL, paho.ClientOptions) (net.Conn, error) {
			c, err := net.Dial("tcp", s.at())
			conns <- c
			return c, err
		})
	}
	c, _, err := s.client(t, "dev1", "dev1", "password of dev1", dial)
	if err != nil {
		t.Fatal(err)
	}
	c.Publish("loa/v1/dev1/evt/state", 1, true, `{"online":true,"vol":70}`).Wait()
	s.ears.until(t, "its coming", func(e channel.Event) bool { return e.From == "dev1" && e.Text == "online" })
	c2, _, err := s.client(t, "dev1", "dev1", "password of dev1", will) // it came back before anybody missed it
	if err != nil {
		t.Fatal(err)
	}
	for range 5000 {
		if !c.IsConnectionOpen() {
			break
		}
		time.Sleep(time.Millisecond)
	}
	c2.Publish("loa/v1/dev1/evt/state", 1, true, `{"online":true,"vol":71}`).Wait()
	s.ears.until(t, "its coming back", func(e channel.Event) bool { return e.From == "dev1" && strings.Contains(e.Report, `"vol":71`) })
	s.ears.mu.Lock()
	if last := s.ears.events[len(s.ears.events)-1]; last.Text != "online" {
		t.Errorf("it is taken for gone: %+v", last)
	}
	s.ears.mu.Unlock()
	c3, _, err := s.client(t, "dev2", "dev2", "password of dev2", func(o *paho.ClientOptions) {
		dial(o)
		o.SetBinaryWill("loa/v1/dev2/evt/state", speaker.LastWill, 1, true)
	})
	if err != nil {
		t.Fatal(err)
	}
	c3.Publish("loa/v1/dev2/evt/state", 1, true, `{"online":true,"vol":70}`).Wait()
	<-conns
	(<-conns).Close()
	s.ears.until(t, "its will", func(e channel.Event) bool { return e.From == "dev2" && e.Text == "offline" })
}

// TestAwayAndBack: what was sent to a device that is away is there when it comes, and a schedule with fresh addresses.
func TestAwayAndBack(t *testing.T) {
	s := begin(t, nil)
	keep := func(o *paho.ClientOptions) { o.SetCleanSession(false) }
	c, _, err := s.client(t, "dev1", "dev1", "password of dev1", keep)
	if err != nil {
		t.Fatal(err)
	}
	c.Subscribe("loa/v1/dev1/cmd/#", 1, nil).Wait()
	c.Disconnect(100)
	m := s.message("0123456789abcdef0123456789abcdef", "dev1")
	s.fleet.mu.Lock()
	s.fleet.schedule["dev1"] = []channel.Message{m}
	s.fleet.mu.Unlock()
	if r, err := s.Send(context.Background(), m); err != nil || r.Ref != m.ID {
		t.Fatalf("%+v, %v", r, err)
	}
	_, got, err := s.client(t, "dev1", "dev1", "password of dev1", keep)
	if err != nil {
		t.Fatal(err)
	}
	var play, sync, volume bool
	for !play || !sync || !volume {
		select {
		case msg := <-got:
			switch {
			case strings.HasSuffix(msg.Topic(), "/play"):
				p, err := speaker.ReadPlay(msg.Payload())
				play = err == nil && p.ID == m.ID
			case strings.HasSuffix(msg.Topic(), "/sync"):
				y, err := speaker.ReadSync(msg.Payload())
				sync = err == nil && len(y.Plays) == 1 && y.Plays[0].ID == m.ID && y.Until.Sub(y.At) == speaker.Ahead
			case strings.HasSuffix(msg.Topic(), "/volume"):
				volume = string(msg.Payload()) == `{"v":1,"volume":70}`
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("play %v, schedule %v, volume %v", play, sync, volume)
		}
	}
}

// TestChangedDevicesAreTold: a stopped broadcast leaves a device's schedule within seconds, and a retired one is put out.
func TestChangedDevicesAreTold(t *testing.T) {
	s := begin(t, nil)
	c, got := s.signedIn(t, "dev1")
	c.Subscribe("loa/v1/dev1/cmd/sync", 1, nil).Wait()
	next := func() speaker.Sync {
		select {
		case m := <-got:
			y, err := speaker.ReadSync(m.Payload())
			if err != nil {
				t.Fatal(err)
			}
			return y
		case <-time.After(15 * time.Second):
			t.Fatal("no schedule comes")
		}
		return speaker.Sync{}
	}
	if y := next(); len(y.Plays) != 0 {
		t.Errorf("%+v", y)
	}
	s.fleet.mu.Lock()
	s.fleet.schedule["dev1"], s.fleet.changed = []channel.Message{s.message("0123456789abcdef0123456789abcdef", "dev1")}, []string{"dev1"}
	s.fleet.mu.Unlock()
	for y := next(); len(y.Plays) != 1; y = next() {
	}
	s.fleet.mu.Lock()
	delete(s.fleet.devices, "dev1")
	s.fleet.changed = []string{"dev1"}
	s.fleet.mu.Unlock()
	for range 10000 {
		if !c.IsConnectionOpen() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Error("a retired device stays connected")
}

// TestUnkeptIsUnanswered: while the database is away a device is not told that its word was taken, and says it again.
func TestUnkeptIsUnanswered(t *testing.T) {
	s := begin(t, nil)
	s.ears.broken = errors.New("no database")
	c, _ := s.signedIn(t, "dev1")
	ack := `{"id":"p1","state":"played","at":"2026-11-24T05:30:22+07:00","err":null,"played_ms":1}`
	if c.Publish("loa/v1/dev1/evt/ack", 1, false, ack).WaitTimeout(500 * time.Millisecond) {
		t.Fatal("it is told that its word was taken")
	}
	s.ears.mu.Lock()
	s.ears.broken = nil
	s.ears.mu.Unlock()
	if token := c.Publish("loa/v1/dev1/evt/ack", 1, false, ack); !token.WaitTimeout(5*time.Second) || token.Error() != nil {
		t.Error("it is not answered when it says it again")
	}
	s.ears.until(t, "the word", func(e channel.Event) bool { return e.Ref == "p1" && e.Kind == channel.EventPlayed })
}

// TestHostileDevices: garbled and endless words change nothing and cost nobody else the broker.
func TestHostileDevices(t *testing.T) {
	s := begin(t, nil)
	c, _ := s.signedIn(t, "dev1")
	for _, body := range []string{"", "null", "{", "\xff\xfe", `{"id":"../x","state":"played"}`, `{"id":"a","state":"danced"}`, strings.Repeat("[", 5000), `{"id":"a","state":"played","played_ms":-5}`} {
		if token := c.Publish("loa/v1/dev1/evt/ack", 1, false, body); !token.WaitTimeout(5*time.Second) || token.Error() != nil {
			t.Errorf("%.20q: %v", body, token.Error())
		}
	}
	c.Publish("loa/v1/dev1/evt/ack", 0, false, strings.Repeat("x", 100_000))
	for range 2 * sayMost {
		c.Publish("loa/v1/dev1/evt/ack", 0, false, `{"id":"flood","state":"played","at":"2026-11-24T05:30:22+07:00","err":null,"played_ms":1}`)
	}
	raw, err := net.Dial("tcp", s.at())
	if err != nil {
		t.Fatal(err)
	}
	raw.Write([]byte("GET / HTTP/1.1\r\n\r\n"))
	raw.Close()
	other, _ := s.signedIn(t, "dev2")
	if token := other.Publish("loa/v1/dev2/evt/ack", 1, false, `{"id":"fine","state":"played","at":"2026-11-24T05:30:22+07:00","err":null,"played_ms":1}`); !token.WaitTimeout(10*time.Second) || token.Error() != nil {
		t.Errorf("another device: %v", token.Error())
	}
	s.ears.until(t, "another device", func(e channel.Event) bool { return e.Ref == "fine" })
	n := 0
	s.ears.mu.Lock()
	defer s.ears.mu.Unlock()
	for _, e := range s.ears.events {
		if e.From == "dev1" && e.Ref != "flood" {
			t.Errorf("%+v", e)
		}
		if e.Ref == "flood" {
			n++
		}
	}
	if n > sayMost {
		t.Errorf("%d words of a device that runs wild", n)
	}
}

func TestSendFailures(t *testing.T) {
	s := begin(t, nil)
	past := s.message("0123456789abcdef0123456789abcdef", "dev1")
	past.Expires = time.Now().Add(-time.Minute)
	silent := s.message("0123456789abcdef0123456789abcdef", "dev1")
	silent.Media = nil
	unsummed := s.message("0123456789abcdef0123456789abcdef", "dev1")
	unsummed.Media[0].SHA256 = ""
	for name, c := range map[string]struct {
		m     channel.Message
		kind  channel.Kind
		about channel.About
		code  string
	}{
		"a device nobody knows":            {s.message("0123456789abcdef0123456789abcdef", "dev9"), channel.Rejected, channel.Address, "no_device"},
		"too late":                         {past, channel.Rejected, channel.Address, "expired"},
		"nothing to hear":                  {silent, channel.Rejected, channel.Content, "no_recording"},
		"a recording without its checksum": {unsummed, channel.Rejected, channel.Content, "garbled"},
	} {
		var e *channel.Error
		if _, err := s.Send(context.Background(), c.m); !errors.As(err, &e) || e.Kind != c.kind || e.About != c.about || e.Code != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.end()
	var e *channel.Error
	if _, err := s.Send(context.Background(), s.message("0123456789abcdef0123456789abcdef", "dev1")); !errors.As(err, &e) || e.Kind != channel.Unreachable {
		t.Errorf("without a broker: %v", err)
	}
	if h, err := s.Check(context.Background()); err != nil || h.Warning != "no_broker" {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestSettings(t *testing.T) {
	for name, c := range map[string]struct {
		s    channel.Settings
		code string
	}{
		"as it comes":                {nil, ""},
		"open to the network":        {channel.Settings{"listen": "0.0.0.0:1883"}, "plain"},
		"recordings to the network":  {channel.Settings{"media_listen": ":8884"}, "plain"},
		"open, and knowing it":       {channel.Settings{"listen": "0.0.0.0:1883", "media_listen": ":8884", "plain": "yes"}, ""},
		"no address":                 {channel.Settings{"listen": "1883"}, "bad_setting"},
		"half a certificate":         {channel.Settings{"tls_cert": "x"}, "bad_setting"},
		"devices' names without TLS": {channel.Settings{"client_ca": "x"}, "bad_setting"},
		"an address of nothing":      {channel.Settings{"media_url": "ftp://x"}, "bad_setting"},
		"forever":                    {channel.Settings{"media_minutes": "100000"}, "bad_setting"},
		"a gap of words":             {channel.Settings{"gap_seconds": "some"}, "bad_setting"},
	} {
		_, err := Driver(nil).Open(c.s, channel.Tools{Now: time.Now})
		var e *channel.Error
		if got := errors.As(err, &e); got != (c.code != "") || got && (e.Code != c.code || e.Kind != channel.Misconfigured) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
