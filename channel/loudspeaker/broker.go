package loudspeaker

import (
	"bytes"
	"context"
	"crypto/subtle"
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

// guard lets devices in and keeps each to its own topics. What is not allowed by name is denied.
type guard struct {
	mqtt.HookBase
	b *broker
}

// ID names the hook.
func (g *guard) ID() string { return "guard" }

// Provides says what the hook wants to know of.
func (g *guard) Provides(what byte) bool {
	return bytes.Contains([]byte{mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnPublish, mqtt.OnSessionEstablished, mqtt.OnSubscribed, mqtt.OnWill, mqtt.OnWillSent}, []byte{what})
}

// OnConnectAuthenticate lets a device in by its own name and password; its last will may be its own state and nothing else.
func (g *guard) OnConnectAuthenticate(cl *mqtt.Client, pk packets.Packet) bool {
	name := string(pk.Connect.Username)
	if name == "" || name != cl.ID || !pk.Connect.PasswordFlag || strings.ContainsAny(name, "/+#$") {
		return false
	}
	if pk.Connect.WillFlag && (pk.Connect.WillTopic != speaker.Event(name, speaker.EvtState) || len(pk.Connect.WillPayload) > 1024) {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	d, ok, err := g.b.a.devices.Device(ctx, g.b.a.tools.Account, name)
	if err != nil || !ok || d.Secret == "" {
		return false
	}
	if subtle.ConstantTimeCompare([]byte(d.Secret), []byte(speaker.Secret(name, string(pk.Connect.Password)))) != 1 {
		return false
	}
	if g.b.a.certNames && certName(cl.Net.Conn) != name {
		return false
	}
	g.b.mu.Lock()
	g.b.calls[name] = allowance{group: d.Group}
	g.b.mu.Unlock()
	return true
}

// certName is the name in the certificate a device showed.
func certName(c net.Conn) string {
	t, ok := c.(*tls.Conn)
	if !ok {
		return ""
	}
	if chain := t.ConnectionState().PeerCertificates; len(chain) > 0 {
		return chain[0].Subject.CommonName
	}
	return ""
}

// OnACLCheck allows a device to hear its own commands and its commune's, and to tell its own events.
func (g *guard) OnACLCheck(cl *mqtt.Client, topic string, write bool) bool {
	if cl.Net.Inline {
		return true
	}
	name := string(cl.Properties.Username)
	if write {
		device, event, ok := speaker.EventOf(topic)
		return ok && device == name && (event == speaker.EvtState || event == speaker.EvtAck || event == speaker.EvtHeartbeat || event == speaker.EvtLog)
	}
	if rest, ok := strings.CutPrefix(topic, speaker.Command(name, "")); ok {
		return rest != ""
	}
	g.b.mu.Lock()
	group := g.b.calls[name].group
	g.b.mu.Unlock()
	rest, ok := strings.CutPrefix(topic, speaker.GroupCommand(group, ""))
	return ok && group != "" && rest != ""
}

// allowance is what a device may still say: one that runs wild must not keep the others from speaking.
type allowance struct {
	group string
	since time.Time
	n     int
}

// sayMost is how many messages a device may send in a minute.
const sayMost = 600

func (b *broker) may(name string) bool {
	now := b.a.tools.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.calls[name]
	if now.Sub(a.since) >= time.Minute {
		a.since, a.n = now, 0
	}
	a.n++
	b.calls[name] = a
	return a.n <= sayMost
}

// OnPublish takes in what a device tells before the broker answers it: an answer means that it was kept.
func (g *guard) OnPublish(cl *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	if cl.Net.Inline {
		return pk, nil
	}
	name := string(cl.Properties.Username)
	device, event, ok := speaker.EventOf(pk.TopicName)
	if !ok || device != name || len(pk.Payload) > 16<<10 || !g.b.may(name) {
		return pk, packets.ErrRejectPacket
	}
	pk.FixedHeader.Retain = pk.FixedHeader.Retain && event == speaker.EvtState
	if err := g.b.hear(device, event, pk.Payload); err != nil {
		return pk, packets.ErrRejectPacket // unanswered, it comes again
	}
	return pk, nil
}

// OnSubscribed brings a device up to date that begins to listen. The schedule is told anew instead of being kept
// as a retained message: what the store says now is newer, and the broker's library reads and writes its retained
// messages without one lock over both.
func (g *guard) OnSubscribed(cl *mqtt.Client, _ packets.Packet, _ []byte) {
	if !cl.Net.Inline {
		g.b.refresh(string(cl.Properties.Username))
	}
}

// OnSessionEstablished brings a device up to date that comes back to what it had subscribed to.
func (g *guard) OnSessionEstablished(cl *mqtt.Client, _ packets.Packet) {
	if !cl.Net.Inline && cl.State.Subscriptions.Len() > 0 {
		g.b.refresh(string(cl.Properties.Username))
	}
}

// OnWill keeps back the will of a connection that another of the same device has taken over.
func (g *guard) OnWill(cl *mqtt.Client, will mqtt.Will) (mqtt.Will, error) {
	if now, ok := g.b.server.Clients.Get(cl.ID); ok && now != cl && !now.Closed() {
		will.TopicName, will.Retain = "", false
	}
	return will, nil
}

// OnWillSent hears that a device is gone.
func (g *guard) OnWillSent(cl *mqtt.Client, pk packets.Packet) {
	if pk.TopicName == "" {
		return
	}
	_ = g.b.hear(string(cl.Properties.Username), speaker.EvtState, speaker.LastWill) // whoever is not seen for minutes counts as gone anyway
}
