package loudspeaker

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"

	"loa/channel"
	"loa/speaker"
)

// broker is the broker while it runs, with the door for recordings beside it.
type broker struct {
	a      *account
	server *mqtt.Server
	self   *mqtt.Client // ourselves, as a publisher
	web    *http.Server
	inbox  chan told
	stale  chan string // devices to bring up to date
	events func(context.Context, []channel.Event) error
	failed chan error
	ended  chan struct{}
	mqttAt net.Addr
	webAt  net.Addr

	mu     sync.Mutex
	online map[string]string // what each device told last, without its clock: told again only when it changed
	calls  map[string]allowance
	synced map[string][]byte    // schedules of devices that ask over HTTP
	asked  map[string]time.Time // and when they last did
	news   chan struct{}        // closed when a schedule changes
}

// told is what a device told, and who waits until it is kept.
type told struct {
	event channel.Event
	kept  chan error
}

// start opens both doors.
func (a *account) start(events func(context.Context, []channel.Event) error) (*broker, error) {
	b := &broker{a: a, inbox: make(chan told, 1024), stale: make(chan string, 16384), events: events, failed: make(chan error, 1), ended: make(chan struct{}),
		online: map[string]string{}, calls: map[string]allowance{}, synced: map[string][]byte{}, asked: map[string]time.Time{}, news: make(chan struct{})}
	caps := mqtt.NewDefaultServerCapabilities()
	caps.MaximumClients, caps.MaximumPacketSize, caps.MaximumInflight, caps.TopicAliasMaximum, caps.SharedSubAvailable = 20_000, 2*speaker.MessageMost, 1024, 0, 0
	caps.MaximumSessionExpiryInterval, caps.MaximumMessageExpiryInterval = 7*24*3600, int64(speaker.Ahead/time.Second)
	b.server = mqtt.New(&mqtt.Options{InlineClient: true, Capabilities: caps, Logger: a.log, SysTopicResendInterval: 3600})
	if err := b.server.AddHook(&guard{b: b}, nil); err != nil {
		return nil, fmt.Errorf("guard the broker: %w", err)
	}
	door, err := net.Listen("tcp", a.listen)
	if err != nil {
		return nil, fmt.Errorf("listen for devices: %w", err)
	}
	b.mqttAt = door.Addr()
	media, err := net.Listen("tcp", a.media)
	if err != nil {
		door.Close()
		return nil, fmt.Errorf("listen for recordings: %w", err)
	}
	b.webAt = media.Addr()
	if a.tls != nil {
		door, media = tls.NewListener(door, a.tls), tls.NewListener(media, mediaTLS(a.tls))
	}
	if err := b.server.AddListener(listeners.NewNet("devices", door)); err != nil {
		door.Close()
		media.Close()
		return nil, fmt.Errorf("listen for devices: %w", err)
	}
	b.self = b.server.NewClient(nil, "loa", "loa", true)
	b.web = &http.Server{Handler: b.handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 10 * time.Minute, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	go func() { b.fail(b.web.Serve(media)) }()
	if err := b.server.Serve(); err != nil {
		b.stop()
		return nil, fmt.Errorf("serve devices: %w", err)
	}
	return b, nil
}

// mediaTLS asks no certificate of whoever fetches a recording: the address is the permission.
func mediaTLS(c *tls.Config) *tls.Config {
	c = c.Clone()
	c.ClientAuth, c.ClientCAs, c.NextProtos = tls.NoClientCert, nil, []string{"http/1.1"}
	return c
}

func (b *broker) fail(err error) {
	select {
	case b.failed <- err:
	default:
	}
}

func (b *broker) stop() {
	close(b.ended)
	_ = b.web.Close()
	_ = b.server.Close()
}

// look is how often the broker asks what changed; seenEvery how often it says who is connected.
const (
	look      = 3 * time.Second
	seenEvery = time.Minute
	syncEvery = time.Hour
)

// work keeps what devices tell and brings them up to date, until ctx ends or a door closes.
func (b *broker) work(ctx context.Context) error {
	var all sync.WaitGroup
	defer all.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	all.Go(func() { b.keep(ctx) })
	all.Go(func() { b.update(ctx) })
	every := time.NewTicker(look)
	defer every.Stop()
	since := b.a.tools.Now()
	var seen, synced time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-b.failed:
			return fmt.Errorf("%w: %w", errEnded, err)
		case <-every.C:
		}
		now := b.a.tools.Now()
		if changed, err := b.a.devices.Changed(ctx, b.a.tools.Account, since.Add(-time.Second)); err == nil {
			since = now
			for _, name := range changed {
				b.refresh(name)
			}
		}
		if now.Sub(seen) >= seenEvery {
			seen = now
			_ = b.a.devices.Seen(ctx, b.a.tools.Account, b.connected(), now) // told again in a minute
		}
		if now.Sub(synced) >= syncEvery {
			synced = now
			for _, name := range b.connected() {
				b.refresh(name)
			}
		}
	}
}

// connected are the devices there are.
func (b *broker) connected() (names []string) {
	for _, cl := range b.server.Clients.GetAll() {
		if !cl.Net.Inline && !cl.Closed() {
			names = append(names, string(cl.Properties.Username))
		}
	}
	now := b.a.tools.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, at := range b.asked {
		if now.Sub(at) < 2*pollFor {
			names = append(names, name)
		}
	}
	return names
}

// keep hands on what devices tell, many at a time. Only what was kept is answered.
func (b *broker) keep(ctx context.Context) {
	for {
		var batch []told
		select {
		case <-ctx.Done():
			return
		case t := <-b.inbox:
			batch = append(batch, t)
		}
	more:
		for len(batch) < 512 {
			select {
			case t := <-b.inbox:
				batch = append(batch, t)
			default:
				break more
			}
		}
		list := make([]channel.Event, len(batch))
		for i, t := range batch {
			list[i] = t.event
		}
		patient, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		err := b.events(patient, list)
		cancel()
		for _, t := range batch {
			t.kept <- err
		}
	}
}

// tell waits until an event is kept.
func (b *broker) tell(e channel.Event) error {
	t := told{e, make(chan error, 1)}
	select {
	case b.inbox <- t:
	case <-b.ended:
		return errEnded
	}
	select {
	case err := <-t.kept:
		return err
	case <-b.ended:
		return errEnded
	}
}

// refresh asks for a device to be brought up to date.
func (b *broker) refresh(device string) {
	select {
	case b.stale <- device:
	default: // it is told with the next look at everything
	}
}

// update brings devices up to date: the schedule of the next days, with fresh addresses, and the volume.
func (b *broker) update(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case device := <-b.stale:
			if err := b.sync(ctx, device); err != nil {
				b.a.log.Warn("a device is not brought up to date", "device", device, "error", err)
			}
		}
	}
}

func (b *broker) sync(ctx context.Context, device string) error {
	d, ok, err := b.a.devices.Device(ctx, b.a.tools.Account, device)
	if err != nil {
		return err
	}
	if !ok {
		if cl, there := b.server.Clients.Get(device); there {
			return b.server.DisconnectClient(cl, packets.ErrNotAuthorized)
		}
		return nil
	}
	s, err := b.schedule(ctx, device)
	if err != nil {
		return err
	}
	if err := b.publish(speaker.Command(device, speaker.CmdSync), s, 0, ""); err != nil {
		return err
	}
	if raw, err := json.Marshal(s.Plays); err == nil {
		b.mu.Lock()
		if old, asks := b.synced[device]; asks && !bytes.Equal(old, raw) {
			close(b.news)
			b.news = make(chan struct{})
		}
		b.mu.Unlock()
	}
	if d.Volume > 0 {
		return b.publish(speaker.Command(device, speaker.CmdVolume), speaker.Order{V: speaker.Version, Volume: &d.Volume}, 0, "")
	}
	return nil
}

// schedule is what a device has to play in the next days.
func (b *broker) schedule(ctx context.Context, device string) (speaker.Sync, error) {
	now := b.a.tools.Now()
	s := speaker.Sync{V: speaker.Version, At: now, Until: now.Add(speaker.Ahead), Plays: []speaker.Play{}}
	list, err := b.a.devices.Schedule(ctx, b.a.tools.Account, device, now, s.Until)
	if err != nil {
		return s, err
	}
	for _, m := range list {
		if p, err := b.a.play(m); err == nil && len(s.Plays) < speaker.PlaysMost {
			s.Plays = append(s.Plays, p)
		}
	}
	return s, nil
}

// play tells one device to play.
func (b *broker) play(device string, p speaker.Play) error {
	b.mu.Lock()
	if _, asks := b.synced[device]; asks {
		close(b.news)
		b.news = make(chan struct{})
	}
	b.mu.Unlock()
	return b.publish(speaker.Command(device, speaker.CmdPlay), p, p.Expires.Sub(b.a.tools.Now()), p.ID)
}

// publish says something to a device: it expires with what it says, and names where the answer goes.
func (b *broker) publish(topic string, what any, life time.Duration, answers string) error {
	raw, err := json.Marshal(what)
	if err != nil {
		return fmt.Errorf("write a command: %w", err)
	}
	pk := packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: 1}, TopicName: topic, Payload: raw, PacketID: 1}
	if life > 0 {
		pk.Properties.MessageExpiryInterval = uint32(min(life, speaker.Ahead) / time.Second)
	}
	if answers != "" {
		device := strings.Split(topic, "/")[2]
		pk.Properties.ResponseTopic, pk.Properties.CorrelationData = speaker.Event(device, speaker.EvtAck), []byte(answers)
	}
	if err := b.server.InjectPacket(b.self, pk); err != nil {
		return fmt.Errorf("tell a device: %w", err)
	}
	return nil
}
