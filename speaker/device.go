package speaker

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Player makes a recording heard, at a volume of 1 to 100, until it ends or ctx does. length is how long it should be.
type Player interface {
	Play(ctx context.Context, file string, volume int, length time.Duration) error
}

// Options are what a device is made of.
type Options struct {
	Device   string // its name, which is its user with the broker as well
	Password string
	Broker   string // "mqtt://host:1883", "mqtts://host:8883"
	TLS      *tls.Config
	Group    string // the commune's, until a config says otherwise
	Dir      string // its disk
	Room     int64  // bytes of recordings it keeps; 0: 256 MiB
	Firmware string
	HTTP     *http.Client
	Player   Player
	Now      func() time.Time
	Log      *slog.Logger
	Probe    func(*State)  // adds what the hardware knows: temperature, signal
	Pause    time.Duration // before it tries again; 0: 2 s
}

// wire carries what the device tells; nil while there is no network.
type wire interface {
	publish(topic string, retained bool, payload []byte) error
	subscribe(topics []string) error
}

// Device is a loudspeaker. It keeps what it has to play on its disk and plays it at its time, with a network or without.
type Device struct {
	o     Options
	shelf *shelf

	mu      sync.Mutex
	k       kept
	wire    wire
	current *current
	beat    time.Duration
	wake    map[chan struct{}]bool // who waits for something to change
	chime   string
}

// current is the play that is heard.
type current struct {
	item   *item
	cancel context.CancelCauseFunc
}

// Why a play is cut off.
var (
	errPreempted = errors.New("something more pressing came")
	errStopped   = errors.New("stopped")
)

// New makes a device with what lies on its disk.
func New(o Options) (*Device, error) {
	if !validID(o.Device) {
		return nil, fmt.Errorf("a device named %q", o.Device)
	}
	if o.Room == 0 {
		o.Room = 256 << 20
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: 5 * time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Pause == 0 {
		o.Pause = 2 * time.Second
	}
	s, k, err := openShelf(o.Dir, o.Room, o.HTTP)
	if err != nil {
		return nil, err
	}
	if k.Group == "" {
		k.Group = o.Group
	}
	d := &Device{o: o, shelf: s, k: k, beat: time.Minute, wake: map[chan struct{}]bool{}}
	if d.chime, err = s.makeChime(); err != nil {
		return nil, err
	}
	for _, it := range k.Items { // the power went while it was heard: it begins anew
		if it.State == Playing {
			it.State = Downloaded
		}
	}
	return d, nil
}

// Run connects, fetches, plays and answers until ctx ends.
func (d *Device) Run(ctx context.Context) error {
	var all sync.WaitGroup
	for _, work := range []func(context.Context){d.connect, d.fetchAll, d.playAll, d.tellAll, d.heartbeat} {
		all.Go(func() { work(ctx) })
	}
	all.Wait()
	return nil
}

// changed tells everybody who waits that there is something new, and keeps it. Call it with the lock held.
func (d *Device) changed() {
	if err := d.shelf.save(d.k); err != nil {
		d.o.Log.Error("keep the schedule", "error", err)
	}
	d.poke()
}

func (d *Device) poke() {
	for c := range d.wake {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// waiter is a channel that hears of changes until it is let go.
func (d *Device) waiter() (c chan struct{}, letGo func()) {
	c = make(chan struct{}, 1)
	d.mu.Lock()
	d.wake[c] = true
	d.mu.Unlock()
	return c, func() {
		d.mu.Lock()
		delete(d.wake, c)
		d.mu.Unlock()
	}
}

// wait waits for a change or a time; false when ctx ended.
func wait(ctx context.Context, c chan struct{}, long time.Duration) bool {
	t := time.NewTimer(long)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-c:
	case <-t.C:
	}
	return true
}

// take does what a message says.
func (d *Device) take(topic string, payload []byte) {
	command := topic[strings.LastIndexByte(topic, '/')+1:]
	if err := d.obey(command, payload); err != nil {
		d.o.Log.Warn("a command that cannot be done", "command", command, "error", err)
		d.say(Line{At: d.o.Now(), Level: "warn", Text: command + ": " + clip(err.Error(), 200)})
	}
}

func clip(s string, most int) string {
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "")
	}
	return s
}

func (d *Device) obey(command string, payload []byte) error {
	switch command {
	case CmdPlay:
		p, err := ReadPlay(payload)
		if err != nil {
			if p.ID != "" {
				d.mu.Lock()
				defer d.mu.Unlock()
				if _, over := d.k.Done[p.ID]; !over && d.find(p.ID) == nil {
					d.end(p.ID, Rejected, ErrGarbled, 0)
				}
			}
			return err
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		d.accept(p)
		d.changed()
		return nil
	case CmdSync:
		s, err := ReadSync(payload)
		if err != nil {
			return err
		}
		d.sync(s)
		return nil
	case CmdStop, CmdVolume, CmdConfig, CmdPing:
		o, err := ReadOrder(payload)
		if err != nil {
			return err
		}
		return d.order(command, o)
	}
	return fmt.Errorf("the command %q", clip(command, 20))
}

// find is a play in the schedule.
func (d *Device) find(id string) *item {
	for _, it := range d.k.Items {
		if it.Play.ID == id {
			return it
		}
	}
	return nil
}

// accept puts a play into the schedule, once however often it comes. Call it with the lock held.
func (d *Device) accept(p Play) {
	now := d.o.Now()
	if done, over := d.k.Done[p.ID]; over {
		d.tell(done.Ack) // the answer may have been lost: it is told again
		return
	}
	if it := d.find(p.ID); it != nil {
		for i, m := range p.Media { // the same recording at a fresh address
			if i < len(it.Play.Media) && it.Play.Media[i].SHA256 == m.SHA256 {
				it.Play.Media[i].URL = m.URL
			}
		}
		it.Next = time.Time{}
		return
	}
	switch {
	case !p.Expires.IsZero() && now.After(p.Expires):
		d.end(p.ID, Rejected, ErrExpired, 0)
		return
	case p.Stream != nil && len(p.Media) == 0:
		d.end(p.ID, Rejected, ErrStream, 0)
		return
	case len(d.k.Items) >= PlaysMost:
		d.end(p.ID, Rejected, ErrFull, 0)
		return
	}
	if p.Expires.IsZero() {
		p.Expires = later(now, p.NotBefore).Add(24 * time.Hour)
	}
	d.k.Items = append(d.k.Items, &item{Play: p, State: Accepted, Since: now})
	d.tell(Ack{ID: p.ID, State: Accepted, At: now})
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// sync makes the schedule that of the office: what is not in it any more is not played.
func (d *Device) sync(s Sync) {
	d.mu.Lock()
	defer d.mu.Unlock()
	wanted := map[string]bool{}
	for _, p := range s.Plays {
		wanted[p.ID] = true
		d.accept(p)
	}
	for _, it := range slices.Clone(d.k.Items) {
		if !wanted[it.Play.ID] && it.Since.Before(s.At) && it.Play.NotBefore.Before(s.Until) {
			d.stop(it)
		}
	}
	d.changed()
}

// stop takes a play out of the schedule, or cuts it off. Call it with the lock held.
func (d *Device) stop(it *item) {
	if d.current != nil && d.current.item == it {
		d.current.cancel(errStopped)
		return
	}
	d.end(it.Play.ID, Failed, ErrStopped, 0)
}

// order does one of the small commands.
func (d *Device) order(command string, o Order) error {
	d.mu.Lock()
	switch command {
	case CmdStop:
		for _, it := range slices.Clone(d.k.Items) {
			if o.ID == it.Play.ID || o.ID == "" && d.current != nil && d.current.item == it {
				d.stop(it)
			}
		}
	case CmdVolume:
		if o.Volume == nil {
			d.mu.Unlock()
			return errors.New("no volume is named")
		}
		d.k.Volume = *o.Volume
	case CmdConfig:
		if o.Heartbeat > 0 {
			d.beat = time.Duration(o.Heartbeat) * time.Second
		}
		if o.Group != "" && o.Group != d.k.Group {
			d.k.Group = o.Group
			if w := d.wire; w != nil {
				go func() { _ = w.subscribe([]string{GroupCommand(o.Group, "#")}) }() // this very message must be answered first
			}
		}
	}
	d.changed()
	d.mu.Unlock()
	if command == CmdPing {
		d.send(EvtHeartbeat, false, d.state())
		return nil
	}
	d.send(EvtState, true, d.state())
	return nil
}

// end is the last word about a play. Call it with the lock held.
func (d *Device) end(id, state, code string, played time.Duration) {
	now := d.o.Now()
	a := Ack{ID: id, State: state, At: now, PlayedMS: played.Milliseconds()}
	if code != "" {
		a.Err = &code
	}
	d.k.Items = slices.DeleteFunc(d.k.Items, func(it *item) bool { return it.Play.ID == id })
	d.k.Done[id] = doneAck{a, now.Add(Ahead + 24*time.Hour)}
	for old, done := range d.k.Done {
		if now.After(done.Till) {
			delete(d.k.Done, old)
		}
	}
	d.tell(a)
	d.changed()
}

// tell puts an answer into the outbox; it leaves when there is a network. Call it with the lock held.
func (d *Device) tell(a Ack) {
	a.At = a.At.Round(0)
	d.k.Outbox = append(d.k.Outbox, a)
	if len(d.k.Outbox) > 4*PlaysMost {
		d.k.Outbox = slices.Delete(d.k.Outbox, 0, len(d.k.Outbox)-4*PlaysMost)
	}
	d.poke()
}

// tellAll sends the answers in their order, each until the broker has it.
func (d *Device) tellAll(ctx context.Context) {
	c, letGo := d.waiter()
	defer letGo()
	for ctx.Err() == nil {
		d.mu.Lock()
		w := d.wire
		var a Ack
		some := len(d.k.Outbox) > 0 && w != nil
		if some {
			a = d.k.Outbox[0]
		}
		d.mu.Unlock()
		if !some {
			if !wait(ctx, c, time.Minute) {
				return
			}
			continue
		}
		raw, err := json.Marshal(a)
		if err == nil {
			err = w.publish(Event(d.o.Device, EvtAck), false, raw)
		}
		if err != nil {
			wait(ctx, c, d.o.Pause)
			continue
		}
		d.mu.Lock()
		d.k.Outbox = d.k.Outbox[1:]
		if len(d.k.Outbox) == 0 {
			if err := d.shelf.save(d.k); err != nil {
				d.o.Log.Error("keep the schedule", "error", err)
			}
		}
		d.mu.Unlock()
	}
}

// state is what the device tells of itself now.
func (d *Device) state() State {
	d.mu.Lock()
	s := State{Online: true, Firmware: d.o.Firmware, Volume: d.k.Volume, Waiting: len(d.k.Items)}
	d.mu.Unlock()
	clock := d.o.Now().Format(time.RFC3339)
	s.Clock = &clock
	if d.o.Probe != nil {
		d.o.Probe(&s)
	}
	return s
}

// send tells something that need not arrive.
func (d *Device) send(event string, retained bool, what any) {
	d.mu.Lock()
	w := d.wire
	d.mu.Unlock()
	raw, err := json.Marshal(what)
	if w == nil || err != nil {
		return
	}
	go func() { // whoever calls may be the one that reads answers
		if err := w.publish(Event(d.o.Device, event), retained, raw); err != nil {
			d.o.Log.Debug("not told", "event", event, "error", err)
		}
	}()
}

func (d *Device) say(l Line) { d.send(EvtLog, false, l) }

// heartbeat tells from time to time that the device is there.
func (d *Device) heartbeat(ctx context.Context) {
	for {
		d.mu.Lock()
		every := d.beat
		d.mu.Unlock()
		if !wait(ctx, nil, every) {
			return
		}
		d.send(EvtHeartbeat, false, d.state())
	}
}
