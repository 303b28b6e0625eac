package speaker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// clockwork is a clock that a test sets.
type clockwork struct{ at atomic.Int64 }

func (c *clockwork) now() time.Time               { return time.UnixMilli(c.at.Load()).UTC() }
func (c *clockwork) on(d time.Duration)           { c.at.Add(d.Milliseconds()) }
func (c *clockwork) Set(t time.Time)              { c.at.Store(t.UnixMilli()) }
func (c *clockwork) in(d time.Duration) time.Time { return c.now().Add(d) }

// band plays what it is told to; a play lasts until it is let go.
type band struct {
	mu     sync.Mutex
	heard  []string
	hold   chan struct{} // nil: nothing lasts
	volume int
	broken error
}

func (b *band) Play(ctx context.Context, file string, volume int, _ time.Duration) error {
	b.mu.Lock()
	b.heard, b.volume = append(b.heard, filepath.Base(file)), volume
	hold, broken := b.hold, b.broken
	b.mu.Unlock()
	if hold == nil || strings.HasSuffix(file, "chime.wav") {
		return broken
	}
	select {
	case <-hold:
		return broken
	case <-ctx.Done():
		return ctx.Err()
	}
}

// air is a network that keeps what is told.
type air struct {
	mu   sync.Mutex
	acks []Ack
	news chan struct{}
	down bool
	all  map[string]int
}

func (a *air) subscribe([]string) error { return nil }

func (a *air) publish(topic string, _ bool, payload []byte) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.down {
		return errors.New("no network")
	}
	a.all[topic]++
	var ack Ack
	if strings.HasSuffix(topic, "/ack") && json.Unmarshal(payload, &ack) == nil {
		a.acks = append(a.acks, ack)
	}
	select {
	case a.news <- struct{}{}:
	default:
	}
	return nil
}

// told waits until a play has had so many words, and hands them over.
func (a *air) told(t *testing.T, id string, want ...string) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		var got []string
		a.mu.Lock()
		for _, ack := range a.acks {
			if ack.ID == id {
				got = append(got, strings.TrimSuffix(ack.State+":"+ack.Code(), ":"))
			}
		}
		a.mu.Unlock()
		if slices.Equal(got, want) {
			return
		}
		if len(got) > len(want) || len(got) == len(want) {
			t.Fatalf("%s: told %v, not %v", id, got, want)
		}
		select {
		case <-a.news:
		case <-deadline:
			t.Fatalf("%s: told %v so far, not %v", id, got, want)
		}
	}
}

// set is a device with all that is around it.
type set struct {
	*Device
	clock *clockwork
	band  *band
	air   *air
	files *httptest.Server
	bytes []byte
	asked atomic.Int64
	serve atomic.Pointer[http.HandlerFunc] // instead of the recording
	stop  func()
	dir   string
}

func newSet(t *testing.T) *set {
	s := &set{clock: &clockwork{}, band: &band{}, bytes: []byte(strings.Repeat("a voice ", 4000)), dir: t.TempDir()}
	s.clock.Set(time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC))
	s.files = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		if f := s.serve.Load(); f != nil {
			(*f)(w, r)
			return
		}
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(s.bytes)))
	}))
	t.Cleanup(s.files.Close)
	s.begin(t)
	return s
}

// begin switches the device on, with what lies on its disk.
func (s *set) begin(t *testing.T) {
	t.Helper()
	s.air = &air{news: make(chan struct{}, 1), all: map[string]int{}}
	d, err := New(Options{Device: "dev1", Dir: s.dir, Player: s.band, Now: s.clock.now, Pause: time.Millisecond, HTTP: s.files.Client()})
	if err != nil {
		t.Fatal(err)
	}
	s.Device = d
	d.set(s.air)
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for _, work := range []func(context.Context){d.fetchAll, d.playAll, d.tellAll} {
		all.Go(func() { work(ctx) })
	}
	var once sync.Once
	s.stop = func() { once.Do(func() { cancel(); all.Wait() }) }
	t.Cleanup(s.stop)
}

// turn moves the clock on and lets the device see it.
func (s *set) turn(d time.Duration) {
	s.clock.on(d)
	s.mu.Lock()
	s.poke()
	s.mu.Unlock()
}

func (s *set) play(id string, change func(*Play)) Play {
	sum := sha256.Sum256(s.bytes)
	p := Play{V: 1, ID: id, Prio: Normal, Repeat: 1, Volume: 60, Expires: s.clock.in(2 * time.Hour), Media: []Media{{URL: s.files.URL + "/a", SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(s.bytes)), Millis: 1000, MIME: "audio/mpeg"}}}
	if change != nil {
		change(&p)
	}
	return p
}

func (s *set) command(t *testing.T, command string, what any) {
	t.Helper()
	raw, err := json.Marshal(what)
	if err != nil {
		t.Fatal(err)
	}
	s.take(Command("dev1", command), raw)
}

func (s *set) plays(t *testing.T, p Play) { t.Helper(); s.command(t, CmdPlay, p) }

func TestDevicePlaysOnceHoweverOftenItIsTold(t *testing.T) {
	s := newSet(t)
	p := s.play("p1", func(p *Play) { p.Chime, p.Repeat = true, 2 })
	s.plays(t, p)
	s.air.told(t, "p1", Accepted, Downloaded, Playing, Played)
	s.plays(t, p) // QoS 1: it came twice
	s.air.told(t, "p1", Accepted, Downloaded, Playing, Played, Played)
	name := p.Media[0].SHA256 + ".mp3"
	if !slices.Equal(s.band.heard, []string{"chime.wav", name, name}) || s.band.volume != 60 {
		t.Errorf("heard %v at %d", s.band.heard, s.band.volume)
	}
	if s.asked.Load() != 1 {
		t.Errorf("the recording was fetched %d times", s.asked.Load())
	}
}

func TestDeviceRefuses(t *testing.T) {
	s := newSet(t)
	s.plays(t, s.play("old", func(p *Play) { p.NotBefore, p.Expires = s.clock.in(-2*time.Hour), s.clock.in(-time.Hour) }))
	s.air.told(t, "old", Rejected+":"+ErrExpired)
	stream := "https://stream.example/live"
	s.plays(t, s.play("live", func(p *Play) { p.Stream, p.Media = &stream, nil }))
	s.air.told(t, "live", Rejected+":"+ErrStream)
	s.command(t, CmdPlay, map[string]any{"v": 1, "id": "bad", "prio": "urgent"})
	s.air.told(t, "bad", Rejected+":"+ErrGarbled)
	s.take(Command("dev1", "dance"), []byte("{}"))
	s.take(Command("dev1", CmdPlay), []byte("\x00\xff"))
	if s.asked.Load() != 0 || len(s.band.heard) != 0 {
		t.Error("something was fetched or heard")
	}
}

// TestDeviceChecksWhatItFetched: what is not what was approved is never heard.
func TestDeviceChecksWhatItFetched(t *testing.T) {
	for name, c := range map[string]struct{ body, code string }{"another recording": {strings.Repeat("A VOICE ", 4000), ErrChecksum}, "a longer one": {strings.Repeat("a voice ", 5000), ErrSize}} {
		s := newSet(t)
		serve := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, c.body) })
		s.serve.Store(&serve)
		s.plays(t, s.play("p", nil))
		for range 50 { // the second try follows after a pause
			time.Sleep(2 * time.Millisecond)
			s.turn(time.Second)
			if s.asked.Load() > 1 {
				break
			}
		}
		s.air.told(t, "p", Accepted, Failed+":"+c.code)
		if len(s.band.heard) != 0 || s.asked.Load() != 2 {
			t.Errorf("%s: heard %v after %d tries", name, s.band.heard, s.asked.Load())
		}
		if left, _ := os.ReadDir(filepath.Join(s.dir, "media")); len(left) != 0 {
			t.Errorf("%s is kept: %v", name, left)
		}
	}
}

// TestDeviceGoesOnWhereItBrokeOff: a weak network brings a recording in pieces.
func TestDeviceGoesOnWhereItBrokeOff(t *testing.T) {
	s := newSet(t)
	var ranges []string
	var mu sync.Mutex
	serve := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		ranges = append(ranges, r.Header.Get("Range"))
		n := len(ranges)
		mu.Unlock()
		if n == 1 {
			w.Header().Set("Content-Length", strconv.Itoa(len(s.bytes)))
			w.Write(s.bytes[:10000])
			panic(http.ErrAbortHandler)
		}
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(s.bytes)))
	})
	s.serve.Store(&serve)
	s.plays(t, s.play("p", nil))
	for range 500 {
		time.Sleep(2 * time.Millisecond)
		s.turn(time.Second)
		if s.asked.Load() > 1 {
			break
		}
	}
	s.air.told(t, "p", Accepted, Downloaded, Playing, Played)
	mu.Lock()
	defer mu.Unlock()
	if len(ranges) != 2 || !strings.HasPrefix(ranges[1], "bytes=") || ranges[1] == "bytes=0-" {
		t.Errorf("asked for %q", ranges)
	}
}

// TestDevicePlaysWithoutANetwork: what it has on its disk is played at its time though the network and the power went; the answers wait.
func TestDevicePlaysWithoutANetwork(t *testing.T) {
	s := newSet(t)
	s.command(t, CmdSync, Sync{V: 1, At: s.clock.now(), Until: s.clock.in(Ahead), Plays: []Play{s.play("tonight", func(p *Play) { p.NotBefore, p.Expires = s.clock.in(13*time.Hour), s.clock.in(14*time.Hour) })}})
	s.air.told(t, "tonight", Accepted, Downloaded)
	s.stop()
	s.files.Close()
	s.clock.on(12 * time.Hour)
	s.begin(t)
	s.set(nil)
	s.turn(30 * time.Minute)
	time.Sleep(20 * time.Millisecond)
	if len(s.band.heard) != 0 {
		t.Fatal("heard too early")
	}
	s.turn(31 * time.Minute)
	waitFor(t, func() bool { s.mu.Lock(); defer s.mu.Unlock(); return len(s.k.Outbox) == 2 })
	s.stop()
	s.clock.on(time.Hour)
	s.begin(t) // once more without power: the answers are on the disk
	s.air.told(t, "tonight", Playing, Played)
	if len(s.band.heard) != 1 {
		t.Errorf("heard %v", s.band.heard)
	}
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for range 10000 {
		if done() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("it never comes to that")
}

// TestEmergencyCutsOff: it is heard at once, whatever is played; something merely pressing waits its turn, before what is not.
func TestEmergencyCutsOff(t *testing.T) {
	s := newSet(t)
	s.band.hold = make(chan struct{})
	s.plays(t, s.play("long", nil))
	s.air.told(t, "long", Accepted, Downloaded, Playing)
	s.plays(t, s.play("normal", nil))
	s.plays(t, s.play("pressing", func(p *Play) { p.Prio = Priority }))
	s.air.told(t, "pressing", Accepted, Downloaded)
	s.plays(t, s.play("flood", func(p *Play) { p.Prio = Emergency }))
	s.air.told(t, "flood", Accepted, Downloaded, Playing)
	s.air.told(t, "long", Accepted, Downloaded, Playing, Preempted)
	close(s.band.hold)
	s.air.told(t, "normal", Accepted, Downloaded, Playing, Played)
	var order []string
	for _, a := range s.air.acks {
		if a.State == Playing {
			order = append(order, a.ID)
		}
	}
	if !slices.Equal(order, []string{"long", "flood", "pressing", "normal"}) {
		t.Errorf("played in the order %v", order)
	}
}

func TestSyncTakesOutWhatWasStopped(t *testing.T) {
	s := newSet(t)
	late := func(p *Play) { p.NotBefore, p.Expires = s.clock.in(time.Hour), s.clock.in(2*time.Hour) }
	s.plays(t, s.play("gone", late))
	s.plays(t, s.play("stays", late))
	s.band.hold = make(chan struct{})
	s.plays(t, s.play("heard", nil))
	s.air.told(t, "heard", Accepted, Downloaded, Playing)
	s.air.told(t, "stays", Accepted, Downloaded)
	s.clock.on(time.Second)
	s.command(t, CmdSync, Sync{V: 1, At: s.clock.now(), Until: s.clock.in(Ahead), Plays: []Play{s.play("stays", late)}})
	s.air.told(t, "gone", Accepted, Downloaded, Failed+":"+ErrStopped)
	s.air.told(t, "heard", Accepted, Downloaded, Playing, Failed+":"+ErrStopped)
	s.plays(t, s.play("after", nil)) // newer than the schedule: an old one says nothing of it
	s.command(t, CmdSync, Sync{V: 1, At: s.clock.in(-time.Minute), Until: s.clock.in(Ahead), Plays: []Play{s.play("stays", late)}})
	s.air.told(t, "after", Accepted, Downloaded, Playing)
	s.command(t, CmdStop, Order{V: 1, ID: "after"})
	s.air.told(t, "after", Accepted, Downloaded, Playing, Failed+":"+ErrStopped)
	if it := s.find("stays"); it == nil {
		t.Error("what stays is gone")
	}
}

func TestDeviceOrders(t *testing.T) {
	s := newSet(t)
	s.command(t, CmdVolume, map[string]any{"v": 1, "volume": 33})
	s.plays(t, s.play("p", func(p *Play) { p.Volume = 0 }))
	s.air.told(t, "p", Accepted, Downloaded, Playing, Played)
	if s.band.volume != 33 {
		t.Errorf("heard at %d", s.band.volume)
	}
	s.command(t, CmdPing, Order{V: 1})
	waitFor(t, func() bool {
		s.air.mu.Lock()
		defer s.air.mu.Unlock()
		return s.air.all["loa/v1/dev1/evt/hb"] == 1 && s.air.all["loa/v1/dev1/evt/state"] == 1
	})
	s.band.broken = errors.New("no sound card")
	s.plays(t, s.play("mute", nil))
	s.air.told(t, "mute", Accepted, Downloaded, Playing, Failed+":"+ErrPlayer)
	s.stop()
	s.begin(t)
	if s.k.Volume != 33 {
		t.Error("the volume is forgotten")
	}
}

// TestDeviceDisk: a broken file costs the schedule, not the device; old recordings make room, needed ones stay.
func TestDeviceDisk(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "schedule.json"), []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, k, err := openShelf(dir, 100, nil)
	if err != nil || k.Volume != 70 || k.Done == nil {
		t.Fatalf("%+v, %v", k, err)
	}
	for i, name := range []string{"a.mp3", "b.mp3", "c.mp3"} {
		path := filepath.Join(dir, "media", name)
		if err := os.WriteFile(path, make([]byte, 60), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Unix(int64(1000+i), 0)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	s.clear(map[string]bool{"a": true})
	left, _ := os.ReadDir(filepath.Join(dir, "media"))
	var names []string
	for _, e := range left {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, []string{"a.mp3"}) {
		t.Errorf("left are %v", names)
	}
}
