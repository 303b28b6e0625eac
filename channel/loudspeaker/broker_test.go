package loudspeaker

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
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

func TestWhoGetsIn(t *testing.T) {
	s := begin(t, nil)
	will := func(topic string) func(*paho.ClientOptions) {
		return func(o *paho.ClientOptions) { o.SetBinaryWill(topic, speaker.LastWill, 1, true) }
	}
	for name, c := range map[string]struct {
		user, id, password string
		change             func(*paho.ClientOptions)
		in                 bool
	}{
		"a device":                         {"dev1", "dev1", "password of dev1", nil, true},
		"with its own will":                {"dev1", "dev1", "password of dev1", will("loa/v1/dev1/evt/state"), true},
		"with another's will":              {"dev1", "dev1", "password of dev1", will("loa/v1/dev2/evt/state"), false},
		"with a will that commands":        {"dev1", "dev1", "password of dev1", will("loa/v1/dev2/cmd/play"), false},
		"a wrong password":                 {"dev1", "dev1", "password of dev2", nil, false},
		"no password":                      {"dev1", "dev1", "", nil, false},
		"nobody":                           {"", "x", "", nil, false},
		"one nobody knows":                 {"dev3", "dev3", "password of dev3", nil, false},
		"one without a password yet":       {"new", "new", "", nil, false},
		"one in the place of another":      {"dev1", "dev2", "password of dev1", nil, false},
		"the broker's own name":            {"loa", "loa", "loa", nil, false},
		"the broker's inline client":       {"inline", "inline", "", nil, false},
		"a name that is a filter":          {"+", "+", "x", nil, false},
		"what the store knows the word by": {"dev1", "dev1", s.fleet.devices["dev1"].Secret, nil, false},
	} {
		cl, _, err := s.client(t, c.user, c.id, c.password, c.change)
		if (err == nil) != c.in {
			t.Errorf("%s: %v", name, err)
		}
		cl.Disconnect(10)
	}
	s.fleet.mu.Lock()
	s.fleet.broken = errors.New("no database")
	s.fleet.mu.Unlock()
	if _, _, err := s.client(t, "dev1", "dev1", "password of dev1", nil); err == nil {
		t.Error("somebody gets in while nobody can be asked")
	}
}

// TestDefaultDeny: a device hears its own commands and its commune's, and speaks for itself alone.
func TestDefaultDeny(t *testing.T) {
	s := begin(t, nil)
	for filter, may := range map[string]bool{
		"loa/v1/dev1/cmd/#": true, "loa/v1/dev1/cmd/play": true, "loa/v1/dev1/cmd/+": true, "loa/v1/group/xa-1/cmd/#": true,
		"#": false, "+/#": false, "loa/#": false, "loa/v1/+/cmd/#": false, "loa/v1/dev2/cmd/#": false, "loa/v1/dev2/evt/ack": false, "loa/v1/dev1/evt/#": false, "loa/v1/+/evt/ack": false,
		"loa/v1/dev1/cmd/": false, "loa/v1/dev1/#": false, "loa/v1/group/xa-2/cmd/#": false, "loa/v1/group/+/cmd/#": false, "loa/v1/group/#": false, "$SYS/#": false, "$share/x/loa/v1/dev1/cmd/#": false, "$share/x/#": false,
	} {
		c, _ := s.signedIn(t, "dev1")
		token := c.Subscribe(filter, 1, nil)
		token.Wait()
		if errors.Is(token.Error(), paho.ErrNotConnected) || token.Error() != nil && !c.IsConnected() { // the broker was still taking leave of the last one
			c, _ = s.signedIn(t, "dev1")
			token = c.Subscribe(filter, 1, nil)
			token.Wait()
		}
		granted := token.Error() == nil
		for _, code := range token.(*paho.SubscribeToken).Result() { // paho forgets the group of a shared one
			granted = granted && code < 0x80
		}
		if granted != may {
			t.Errorf("listening to %s: granted %v, %v", filter, granted, token.Error())
		}
		c.Disconnect(10)
	}
	// What dev1 says in another's name reaches neither the other nor the engine.
	_, got := s.signedIn(t, "dev2")
	c2, _ := s.signedIn(t, "dev2")
	c2.Subscribe("loa/v1/dev2/cmd/#", 1, func(_ paho.Client, m paho.Message) { got <- m }).Wait()
	for _, topic := range []string{"loa/v1/dev2/evt/ack", "loa/v1/dev2/evt/state", "loa/v1/dev2/cmd/play", "loa/v1/dev2/cmd/stop", "loa/v1/dev1/cmd/play", "loa/v1/group/xa-1/cmd/stop", "loa/v1/dev1/evt/other", "$SYS/x"} {
		c, _ := s.signedIn(t, "dev1")
		c.Publish(topic, 1, true, `{"id":"forged","state":"played","at":"2026-11-24T05:30:22+07:00","err":null,"played_ms":1}`).WaitTimeout(200 * time.Millisecond)
		c.Disconnect(10)
	}
	c, _ := s.signedIn(t, "dev1")
	if token := c.Publish("loa/v1/dev1/evt/ack", 1, false, `{"id":"mine","state":"played","at":"2026-11-24T05:30:22+07:00","err":null,"played_ms":1}`); !token.WaitTimeout(5*time.Second) || token.Error() != nil {
		t.Errorf("its own word is not taken: %v", token.Error())
	}
	s.ears.until(t, "the device's own word", func(e channel.Event) bool { return e.Ref == "mine" })
	s.ears.mu.Lock()
	for _, e := range s.ears.events {
		if e.Ref == "forged" || e.Kind == channel.EventDevice && e.From == "dev2" {
			t.Errorf("forged: %+v", e)
		}
	}
	s.ears.mu.Unlock()
	for len(got) > 0 {
		if m := <-got; !strings.HasSuffix(m.Topic(), "/sync") && !strings.HasSuffix(m.Topic(), "/volume") {
			t.Errorf("dev2 heard %s: %s", m.Topic(), m.Payload())
		}
	}
}

// TestWithoutTheGuard shows what the guard is for: mochi's own ledger lets everything through that it does not forbid by name.
func TestWithoutTheGuard(t *testing.T) {
	s := begin(t, nil)
	g := &guard{b: s.broker}
	if g.OnACLCheck(s.broker.server.NewClient(nil, "x", "dev1", false), "loa/v1/dev1/cmd/play", false) {
		t.Error("a client without a name hears something")
	}
}

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
